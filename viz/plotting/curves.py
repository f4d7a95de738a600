"""Pictures of curves: activation functions, losses, sizes of gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_core.op import Op

from ..inputs import Numbers, labels_for, number, numbers
from .kinks import Jump, sample
from .plot_style import INK, PAGE, curve_style, dress, legend_below, new_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_activation", "plot_gradient_sizes", "plot_loss"]


def plot_activation(
    *rows: Callable[..., Any],
    low: float = -5.0,
    high: float = 5.0,
    labels: Sequence[str] | None = None,
) -> Figure:
    """Draw functions of one variable, and beside them their derivatives as the engine has them.

    rows : operations of the table, or any functions made of them. low, high : where x begins and
    ends. labels : their names in the legend.

    Where a curve jumps, a full circle is the value that the engine takes there, an open circle a
    limit that it does not take: relu′(0) = 0, although relu′ is 1 to the right of 0.

    Raises ValueError for no row, for more than 16, for an operation of several operands, and where
    a function is finite nowhere between the bounds; TypeError where it does not return one number.

    >>> from autograd_core import elu, relu, tanh
    >>> picture = plot_activation(relu, tanh, elu, lambda x: tanh(2.0 * x), labels=[
    ...     "relu", "tanh", "elu", "tanh(2x)"])
    >>> [axes.get_ylabel() for axes in picture.axes]
    ['f(x)', 'f′(x)']
    """
    if not rows:
        raise ValueError("there is nothing to draw: name a function, plot_activation(relu)")
    low, high = number("low", low), number("high", high)
    if not low < high:
        raise ValueError(f"low = {low:g} is not below high = {high:g}: exchange them")
    names = labels_for("function", labels, len(rows), [_name(f, i) for i, f in enumerate(rows)])
    curves = []
    for f, name in zip(rows, names, strict=True):
        _require_one_operand(f)
        curve = sample(f, low, high)
        if np.isnan(curve.values).all():
            raise ValueError(
                f"{name} is finite nowhere from {low:g} to {high:g}: choose low and high elsewhere"
            )
        curves.append(curve)
    picture = new_picture(PAGE, 2.6)
    left, right = picture.subplots(1, 2)
    handles = []
    for i, curve in enumerate(curves):
        style = curve_style(i, len(curve.x))
        handles += left.plot(curve.x, curve.values, **style)
        right.plot(curve.x, curve.slopes, **style)
        _mark_jumps(left, curve.value_jumps, style["color"])
        _mark_jumps(right, curve.slope_jumps, style["color"])
    for axes, y in ((left, "f(x)"), (right, "f′(x)")):
        dress(axes, "x", y)
    legend_below(picture, handles, names)
    return picture


def _name(f: Callable[..., Any], i: int) -> str:
    name = f.name if isinstance(f, Op) else getattr(f, "__name__", "<")
    return f"function {i + 1}" if name.startswith("<") else name


def _require_one_operand(f: Callable[..., Any]) -> None:
    if not callable(f):
        raise TypeError(f"{type(f).__name__} is no function: give operations, as in relu, tanh")
    if isinstance(f, Op) and (needed := len(f.operand_names) - len(f.defaults)) > 1:
        raise ValueError(
            f"{f.name} takes {needed} operands: fix all but one, as in lambda x: {f.name}(x, 2.0)"
        )


def _mark_jumps(axes: Axes, jumps: list[Jump], colour: str) -> None:
    circles: dict[str, Any] = {
        "linestyle": "", "marker": "o", "markersize": 4.5, "color": colour, "zorder": 3,
    }  # fmt: skip
    for jump in jumps:
        limits = [y for y in (jump.left, jump.right) if abs(y - jump.value) > 1e-6]
        axes.plot([jump.x] * len(limits), limits, markerfacecolor="white", **circles)
        axes.plot([jump.x], [jump.value], **circles)


def plot_loss(
    *histories: Sequence[Any], labels: Sequence[str] | None = None, log: bool = False
) -> Figure:
    """Draw the loss of one or several trainings, step by step.

    histories : for each training the losses of its steps, numbers or Values. labels : their names
    in the legend. log : a logarithmic axis, for losses above 0.

    Raises ValueError for no history, for more than 16, for numbers that are not finite, and with
    `log` for losses that are not above 0.

    >>> picture = plot_loss([16.0, 9.6, 5.8, 3.5], [16.0, 4.1, 1.0, 0.3], labels=["sgd", "adam"])
    >>> picture.axes[0].get_xlabel(), picture.axes[0].get_ylabel()
    ('step', 'loss L')
    """
    if not histories:
        raise ValueError("there is nothing to draw: give the losses, plot_loss([16.0, 9.6, 5.8])")
    default = [f"training {i}" for i in range(1, len(histories) + 1)]
    names = labels_for("history", labels, len(histories), default)
    losses = [numbers(f"history {i}", h, "a list of losses", 1) for i, h in enumerate(histories)]
    for i, loss in enumerate(losses):
        if log and loss.min() <= 0.0:
            step = int(loss.argmin())
            raise ValueError(
                f"history {i}[{step}] is {loss[step]:g}; a logarithmic axis shows what is above 0: "
                "leave log=True away"
            )
    picture = new_picture(PAGE, 3.0)
    axes = picture.subplots()
    handles = _draw_series(axes, losses, 1)
    if log:
        axes.set_yscale("log")
    dress(axes, "step", "loss L")
    if len(losses) > 1 or labels is not None:
        legend_below(picture, handles, names)
    return picture


def plot_gradient_sizes(sizes: Mapping[str, Sequence[Any]]) -> Figure:
    """Draw how large gradients are at each time step: do they vanish, do they explode?

    sizes : for each label the derivatives dL/dhₜ in the order of time, t = 0, 1, …: numbers or
    Values, or one vector per step (its Euclidean norm is drawn). Signs are left away.

    The axis is logarithmic, so steady shrinking is a straight line. A gradient of exactly 0 has no
    place on it and is a triangle at the bottom.

    Raises ValueError for no label, for more than 16, and for numbers that are not finite.

    >>> picture = plot_gradient_sizes({
    ...     "w = 0.5": [0.5 ** (9 - t) for t in range(10)],
    ...     "w = 1.5": [1.5 ** (9 - t) for t in range(10)]})
    >>> picture.axes[0].get_yscale()
    'log'
    """
    if not isinstance(sizes, Mapping):
        raise TypeError('the gradients have no labels: give a mapping, as in {"tanh": [0.1, 0.5]}')
    if not sizes:
        raise ValueError('there is nothing to draw: give gradients, as in {"tanh": [0.1, 0.5]}')
    names = labels_for("series", list(sizes), len(sizes), [])
    series = [_size(f"sizes[{name!r}]", g) for name, g in zip(names, sizes.values(), strict=True)]
    picture = new_picture(PAGE, 3.0)
    axes = picture.subplots()
    handles = _draw_series(axes, [np.where(s > 0.0, s, np.nan) for s in series], 0)
    axes.set_yscale("log")
    if not any(s.any() for s in series):
        axes.set_ylim(0.1, 10.0)
    zeros = [(t, line.get_color()) for s, line in zip(series, handles, strict=True)
             for t in np.flatnonzero(s == 0.0).tolist()]  # fmt: skip
    for t, colour in zeros:
        marks = axes.plot(
            [t], [0.03], transform=axes.get_xaxis_transform(), linestyle="",
            marker="v", color=colour, markeredgecolor=INK, markersize=6.0,
        )  # fmt: skip
    if zeros:
        handles += marks
        names.append("exactly 0")
    dress(axes, "time step t", "size of the gradient, |dL/dhₜ|")
    legend_below(picture, handles, names)
    return picture


def _size(what: str, gradients: Any) -> Numbers:
    """The absolute value of each step's gradient; of a vector its Euclidean norm."""
    found = numbers(what, gradients, "a list of numbers, or of vectors", 1, 2)
    norms: Numbers = np.hypot.reduce(found.reshape(len(found), -1), axis=1)
    return np.abs(norms)


def _draw_series(axes: Axes, series: Sequence[Numbers], first: int) -> list[Any]:
    """A line for each series over whole numbers from `first` on."""
    handles = []
    for i, values in enumerate(series):
        steps = np.arange(first, first + len(values))
        handles += axes.plot(steps, values, **curve_style(i, len(values)))
    if max(map(len, series)) == 1:  # room for whole numbers beside it
        axes.set_xlim(first - 1, first + 1)
    axes.locator_params(axis="x", integer=True)
    return handles
