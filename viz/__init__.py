"""Seeing a computation graph: worked solutions and drawings.

    explain(root_or_worksheet)   the arithmetic, step by step
    draw(root_or_worksheet)      the graph as a picture
    check_answers(root_or_worksheet, ["dL/dw = 4", …])
                                 somebody's answers marked, the slip behind a wrong one named
"""

from .diagram import Diagram, draw
from .explanation import Explanation, explain
from .marking import Mark, Marking, check_answers

__all__ = ["Diagram", "Explanation", "Mark", "Marking", "check_answers", "draw", "explain"]
