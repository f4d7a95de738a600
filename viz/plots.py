"""Pictures of numbers, with matplotlib (the extra `plot`).

    plot_activation      functions and their derivatives, jumps marked
    plot_loss            losses over the steps of trainings
    plot_gradient_sizes  gradients over time: vanishing, exploding
    plot_decision        the regions into which a model divides the plane
    plot_descent         a descent on the contour lines of its function
    plot_descents        several descents of one function
    plot_filters, plot_feature_maps
                         arrays as images, numbers written in

Each returns a matplotlib figure. Nothing global is touched: no pyplot, no settings.
"""

from .plotting.contours import plot_descent, plot_descents
from .plotting.curves import plot_activation, plot_gradient_sizes, plot_loss
from .plotting.panels import plot_feature_maps, plot_filters
from .plotting.regions import plot_decision

__all__ = [
    "plot_activation", "plot_decision", "plot_descent", "plot_descents", "plot_feature_maps",
    "plot_filters", "plot_gradient_sizes", "plot_loss",
]  # fmt: skip
