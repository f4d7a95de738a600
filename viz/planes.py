"""Pictures of the plane: the regions of a classifier, the descent on a function of two numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_core import modes
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .letters import pretty_name
from .plot_input import Numbers, labels_for, number, numbers, printable, whole_number
from .plot_style import (
    COLOURS,
    GREY,
    INK,
    MARKERS,
    PAGE,
    TINTS,
    TYPE,
    dress,
    legend_below,
    new_picture,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_decision", "plot_descent"]

MARGIN = 0.12  # of the data's extent, on every side of it
CONTOURS = 12
CONTOUR_GRID = 61  # points on a side


def plot_decision(
    model: Callable[[list[float]], Any],
    points: Any,
    labels: Sequence[Any],
    *,
    threshold: float = 0.0,
    names: Sequence[str] | None = None,
    resolution: int = 101,
) -> Figure:
    """Draw the regions into which a model of two inputs divides the plane, and the data.

    model : takes [x₁, x₂] and returns one number, above `threshold` for the second class (0.5
    suits a sigmoid), or one score per class, of which the largest decides. points : (n, 2).
    labels : the class of each point: 0 or 1 (or −1 or 1) for one output, 0, 1, 2, … for scores.
    names : the classes' names in the legend. resolution : the model is asked at so many points
    along each side.

    Points on the wrong side are ringed and counted; with none the model separates the classes.

    Raises ValueError for other shapes and labels, for more than seven classes, and for outputs
    that are not finite.

    >>> picture = plot_decision(lambda x: x[0] + x[1] - 1.5,
    ...     [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1], resolution=21)
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['class 0', 'class 1', 'boundary']
    """
    data = _pairs("points", points)
    given = numbers("labels", labels, "one label for each point", 1)
    if len(given) != len(data):
        raise ValueError(f"{len(data)} points have {len(given)} labels: give one for each")
    resolution = whole_number("resolution", resolution, 2, 1000)
    x1, x2 = (_extent(data[:, i], MARGIN, resolution) for i in (0, 1))
    grid = np.stack(np.meshgrid(x1, x2), axis=-1)
    with modes.no_grad():
        at_data = _scores(model, data, number("threshold", threshold))
        on_grid = _scores(model, grid.reshape(-1, 2), threshold)
    classes = _classes(given, *at_data.shape[1:])
    default = [f"class {k}".replace("-", "−") for k in classes]
    words = labels_for("class", names, len(classes), default)

    picture = new_picture(0.8 * PAGE, 4.0)
    axes = picture.subplots()
    boundary = _draw_regions(axes, x1, x2, on_grid.reshape(*grid.shape[:2], -1))
    handles = []
    for k, label in enumerate(classes):
        own = data[given == label]
        handles += axes.plot(
            own[:, 0], own[:, 1], linestyle="", marker=MARKERS[k], markersize=6.5,
            color=COLOURS[k], markeredgecolor="white", markeredgewidth=0.8,
        )  # fmt: skip
    wrong = data[np.array(classes)[at_data.argmax(axis=1)] != given]
    if boundary:
        handles += axes.plot([], [], color=INK, linewidth=1.2)
        words.append("boundary")
    if len(wrong):
        handles += axes.plot(
            wrong[:, 0], wrong[:, 1], linestyle="", marker="o", markersize=11.0,
            markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.2,
        )  # fmt: skip
        words.append(f"on the wrong side: {len(wrong)} of {len(data)}")
    dress(axes, "x₁", "x₂")
    axes.grid(False)
    legend_below(picture, handles, words)
    return picture


def _pairs(what: str, given: Any) -> Numbers:
    """An array of shape (n, 2)."""
    pairs = numbers(what, given, "(n, 2), two coordinates for each point", 2)
    if pairs.shape[1] != 2:
        raise ValueError(
            f"{what} has the shape {pairs.shape}: give (n, 2), two coordinates for each point"
        )
    return pairs


def _extent(coordinates: Numbers, margin: float, count: int, least: float = 0.0) -> Numbers:
    """Places along an axis, from before the smallest coordinate to behind the largest."""
    low, high = coordinates.min(), coordinates.max()
    span = max(high - low, least) or 1.0
    middle = 0.5 * low + 0.5 * high
    return np.linspace(middle - (0.5 + margin) * span, middle + (0.5 + margin) * span, count)


def _scores(model: Callable[[list[float]], Any], places: Numbers, threshold: float) -> Numbers:
    """One row per place, one column per class: the largest score decides."""
    outputs = [model(place) for place in places.tolist()]
    found = numbers("the model's outputs", outputs, "one number or one score per class", 1, 2)
    found = found.reshape(len(places), -1)
    if found.shape[1] == 1:
        return np.concatenate([np.zeros_like(found), found - threshold], axis=1)
    return found


def _classes(labels: Numbers, count: int) -> list[int]:
    """The label of each column of scores."""
    if count > len(MARKERS):
        raise ValueError(f"{count} classes cannot be told apart: draw at most {len(MARKERS)}")
    classes = [-1, 1] if count == 2 and -1.0 in labels else list(range(count))
    for i, label in enumerate(labels.tolist()):
        if label not in classes:
            allowed = ", ".join(map(str, classes))
            raise ValueError(f"labels[{i}] is {label:g}: the model's classes are {allowed}")
    return classes


def _draw_regions(axes: Axes, x1: Numbers, x2: Numbers, scores: Numbers) -> bool:
    """Shade where each class wins; says whether there is a boundary.

    A region is where the class's lead over the best of the others is above 0. Leads are continuous
    where the scores are, so the line is smooth between the places that were asked.
    """
    winners = scores.argmax(axis=-1)
    boundary = False
    for k in range(scores.shape[-1]):
        lead = scores[..., k] - np.delete(scores, k, axis=-1).max(axis=-1)
        scale = float(np.abs(lead).max()) or 1.0
        beside = 1e-9 * scale  # ties belong to one class, so that plateaus have an edge
        lead = np.where(winners == k, np.maximum(lead, beside), np.minimum(lead, -beside))
        if (winners == k).any():
            axes.contourf(x1, x2, lead, levels=[0.0, 2.0 * scale], colors=[TINTS[k]])
            if (winners != k).any():
                boundary = True
                axes.contour(x1, x2, lead, levels=[0.0], colors=[INK], linewidths=[1.2])
    return boundary


def plot_descent(
    f: Callable[[float, float], Any] | Worksheet,
    path: Any,
    *,
    start: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
) -> Figure:
    """Draw a descent on the contour lines of the function that it descends.

    f : a function f(x, y) of two numbers; or a worksheet, whose output is drawn over two of its
    quantities while the others stay as they are. path : (n, 2), a point for each step; or two
    names, each with its number after every step, as the updates of a worked solution are kept
    (`explain(sheet).document.updates`). start : a point before the path; a worksheet knows its
    own. names : the names of the two axes.

    Raises ValueError for other shapes, for numbers that are not finite, and where f is finite
    nowhere around the path.

    >>> from viz import explain
    >>> sheet = Worksheet.parse('''
    ... w = 4
    ... b = -3
    ... L = w**2 + 2*b**2 + w*b
    ... update(L, w, b, lr=0.1, steps=20)''')
    >>> picture = plot_descent(sheet, explain(sheet).document.updates)
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['20 steps', 'start (4, −3)', 'end (0.1416, −0.05866)', 'contour lines of L']
    """
    keys, steps = _steps(path, names)
    if isinstance(f, Worksheet):
        for key in keys:
            if key not in f.nodes:
                raise ValueError(f"the worksheet has no number {key}: name two of its own in names")
        start = start or [f.nodes[key] for key in keys]
        function, of = _over(f, keys), str(f.output.name)
    else:
        function, of = f, f"f({keys[0]}, {keys[1]})"
    if start is not None:
        steps = np.concatenate([_pairs("start", [start]), steps])
    x, y = _window(steps)
    heights = _heights(function, x, y)

    picture = new_picture(0.8 * PAGE, 4.0)
    axes = picture.subplots()
    contours = _draw_contours(axes, x, y, heights)
    handles = [*axes.plot(
        steps[:, 0], steps[:, 1], color=COLOURS[1], linewidth=1.4, marker="o", markersize=3.0,
    )]  # fmt: skip
    words = [f"{len(steps) - 1} step{'s' if len(steps) != 2 else ''}"]
    for i, marker, label in ((0, "s", "start"), (-1, "*", "end")):
        handles += axes.plot(
            *steps[i], linestyle="", marker=marker, markersize=7.0 if i == 0 else 12.0,
            color=COLOURS[0] if i == 0 else COLOURS[4], markeredgecolor=INK, zorder=4,
        )  # fmt: skip
        words.append(f"{label} ({', '.join(_written(c) for c in steps[i])})")
    if contours:
        handles += axes.plot([], [], color=GREY, linewidth=0.9)
        words.append(f"contour lines of {printable(pretty_name(of))}")
    dress(axes, *(printable(pretty_name(key)) for key in keys))
    axes.grid(False)
    legend_below(picture, handles, words)
    return picture


def _steps(path: Any, names: Sequence[str] | None) -> tuple[list[str], Numbers]:
    """The names of the two quantities and the points of the path."""
    if names is not None and (isinstance(names, str) or len(names) != 2):
        raise ValueError(f"names is {names!r}: give two names, as in names=['w', 'b']")
    if not isinstance(path, Mapping):
        return [str(name) for name in names or ("x", "y")], _pairs("path", path)
    keys = [str(name) for name in names or path]
    missing = [key for key in keys if key not in path]
    if len(keys) != 2 or missing:
        raise ValueError(
            f"the path has the quantities {', '.join(map(str, path))}: "
            "name two of them, as in names=['w', 'b']"
        )
    first, second = (
        numbers(f"path[{key!r}]", path[key], "the numbers after each step", 1) for key in keys
    )
    if len(first) != len(second):
        raise ValueError(
            f"the path has {len(first)} numbers for {keys[0]} and {len(second)} for {keys[1]}: "
            "give as many for both"
        )
    return keys, np.stack([first, second], axis=1)


def _over(sheet: Worksheet, keys: Sequence[str]) -> Callable[[float, float], float]:
    """The worksheet's output as a function of two of its numbers."""

    @modes.recording()  # a worksheet looks at its graph
    def output(x: float, y: float) -> float:
        return sheet.replay(dict(zip(keys, (x, y), strict=True))).output.data

    return output


def _window(steps: Numbers) -> tuple[Numbers, Numbers]:
    """The plane around the path; a path along one axis gets some room beside it too."""
    spans = np.ptp(steps, axis=0)
    least = 0.3 * float(spans.max())
    x, y = (_extent(steps[:, i], 0.25, CONTOUR_GRID, least) for i in (0, 1))
    return x, y


def _heights(f: Callable[[float, float], Any], x: Numbers, y: Numbers) -> Numbers:
    """f on the grid, NaN where it is not defined."""
    problem: Exception | None = None
    heights = np.full((len(y), len(x)), np.nan)
    with modes.no_grad():
        for row, b in enumerate(y.tolist()):
            for column, a in enumerate(x.tolist()):
                try:
                    height = f(a, b)
                    heights[row, column] = height.data if isinstance(height, Value) else height
                except (ArithmeticError, ValueError) as error:
                    problem = error
    heights[~np.isfinite(heights)] = np.nan
    if np.isnan(heights).all():
        raise ValueError(
            "f is finite nowhere around the path: draw a part of the path where it is"
        ) from problem
    return heights


def _draw_contours(axes: Axes, x: Numbers, y: Numbers, heights: Numbers) -> bool:
    """Labelled contour lines, evenly spaced for a parabola; says whether there are any."""
    low, high = np.nanmin(heights), np.nanmax(heights)
    levels = np.unique(low + (high - low) * (np.arange(1, CONTOURS) / CONTOURS) ** 2)
    if not (low < levels[0] and len(levels) == CONTOURS - 1 and np.isfinite(levels).all()):
        return False
    lines = axes.contour(
        x, y, np.ma.masked_invalid(heights), levels=levels, colors=[GREY], linewidths=[0.9]
    )
    axes.clabel(lines, levels[1::2], fontsize=TYPE - 1.0, colors=[INK], fmt=_written)
    return True


def _written(height: float) -> str:
    return f"{height:.4g}".replace("-", "−")
