"""Seeing a computation graph: worked solutions and drawings.

    explain(root_or_worksheet)   the arithmetic, step by step
    draw(root_or_worksheet)      the graph as a picture
    draw_network(module)         neurons, layers, time steps or feature maps of a network
    draw_convolution(image, kernel)
                                 one output pixel, its window and its products
    check_answers(root_or_worksheet, ["dL/dw = 4", …])
                                 somebody's answers marked, the slip behind a wrong one named
    exercise(root_or_worksheet)  the solution with blanks, and their key
    plot_loss(losses), …         pictures of numbers: see `plots`
"""

from .diagram import Diagram, draw
from .explanation import Explanation, explain
from .network.drawing import draw_convolution, draw_network
from .picture import Picture
from .plots import (
    plot_activation,
    plot_decision,
    plot_descent,
    plot_descents,
    plot_feature_maps,
    plot_filters,
    plot_gradient_sizes,
    plot_loss,
)
from .teaching.exercise_sheet import Exercise, exercise
from .teaching.marking import Mark, Marking, check_answers

__all__ = [
    "Diagram", "Exercise", "Explanation", "Mark", "Marking", "Picture", "check_answers", "draw",
    "draw_convolution", "draw_network", "exercise", "explain", "plot_activation", "plot_decision",
    "plot_descent", "plot_descents", "plot_feature_maps", "plot_filters", "plot_gradient_sizes",
    "plot_loss",
]  # fmt: skip
