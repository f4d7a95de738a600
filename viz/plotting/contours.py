"""Pictures of descents: their paths on the contour lines of the function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_core import modes
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..digits import RESULT_DIGITS, rounded
from ..inputs import Numbers, extent, labels_for, numbers, pairs, printable
from ..letters import pretty_name
from ..notation import Text
from .plot_style import (
    COLOURS,
    GREY,
    INK,
    PAGE,
    TYPE,
    curve_style,
    dress,
    legend_below,
    new_picture,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_descent", "plot_descents"]

CONTOURS = 12
GRID = 51  # points on a side
MOST_DOTS = 60  # on a path; more of them run together


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
        start = [f.nodes[key] for key in keys] if start is None else start
        function, of = _over(f, keys), str(f.output.name)
    else:
        function, of = f, _function_of(keys)
    if start is not None:
        steps = np.concatenate([pairs("start", [start]), steps])
    x, y = _window(steps)
    heights = _heights(function, x, y)

    picture = new_picture(0.8 * PAGE, 4.0)
    axes = picture.subplots()
    contours = _draw_contours(axes, x, y, heights)
    handles = [*axes.plot(
        steps[:, 0], steps[:, 1], color=COLOURS[1], linewidth=1.4, markersize=3.0,
        marker="o" if len(steps) <= MOST_DOTS else "",
    )]  # fmt: skip
    words = [f"{len(steps) - 1} step{'s' if len(steps) != 2 else ''}"]
    for i, marker, label in ((0, "s", "start"), (-1, "*", "end")):
        handles += axes.plot(
            *steps[i], linestyle="", marker=marker, markersize=7.0 if i == 0 else 12.0,
            color=COLOURS[0] if i == 0 else COLOURS[4], markeredgecolor=INK, zorder=4,
        )  # fmt: skip
        words.append(f"{label} ({', '.join(_written(c) for c in steps[i])})")
    _finish(picture, axes, keys, of, handles, words, contours)
    return picture


def plot_descents(
    f: Callable[[float, float], Any],
    paths: Mapping[str, Any],
    *,
    names: Sequence[str] = ("x", "y"),
) -> Figure:
    """Draw several descents of one function on its contour lines, each to its star.

    f : a function f(x, y) of two numbers. paths : for each label a descent (n, 2), its start
    first. names : the names of the two axes.

    Raises ValueError for no path, for more than 16, for other shapes, for numbers that are not
    finite, and where f is finite nowhere around the paths; TypeError for paths without labels.

    >>> picture = plot_descents(lambda x, y: x * x + 4.0 * y * y, {
    ...     "rate 0.1": [(2, 1), (1.6, 0.2), (1.28, 0.04)], "rate 0.3": [(2, 1), (0.8, -1.4)]})
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['rate 0.1', 'rate 0.3', 'contour lines of f(x, y)']
    """
    if not isinstance(paths, Mapping):
        raise TypeError('the paths have no labels: give a mapping, as in {"momentum": points}')
    if not paths:
        raise ValueError('there is nothing to draw: give paths, as in {"momentum": points}')
    keys = _two_names(names)
    labels = labels_for("path", list(paths), len(paths), [])
    steps = [pairs(f"paths[{label!r}]", path) for label, path in paths.items()]
    x, y = _window(np.concatenate(steps))
    heights = _heights(f, x, y)

    picture = new_picture(0.8 * PAGE, 4.0)
    axes = picture.subplots()
    contours = _draw_contours(axes, x, y, heights)
    handles = []
    for i, path in enumerate(steps):
        style = curve_style(i, len(path))
        handles += axes.plot(path[:, 0], path[:, 1], **style)
        axes.plot(
            *path[-1], linestyle="", marker="*", markersize=12.0, color=style["color"],
            markeredgecolor=INK, zorder=4,
        )  # fmt: skip
    _finish(picture, axes, keys, _function_of(keys), handles, labels, contours)
    return picture


def _steps(path: Any, names: Sequence[str] | None) -> tuple[list[str], Numbers]:
    """The names of the two quantities and the points of the path."""
    chosen = None if names is None else _two_names(names)
    if not isinstance(path, Mapping):
        return chosen or ["x", "y"], pairs("path", path)
    keys = chosen or [str(name) for name in path]
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


def _two_names(names: Sequence[str]) -> list[str]:
    if isinstance(names, str) or len(names) != 2:
        raise ValueError(f"names is {names!r}: give two names, as in names=['w', 'b']")
    return [str(name) for name in names]


def _function_of(keys: Sequence[str]) -> str:
    return f"f({', '.join(pretty_name(key) for key in keys)})"


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
    x, y = (extent(steps[:, i], 0.25, GRID, least) for i in (0, 1))
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
        x, y, np.ma.masked_invalid(heights), levels=levels, colors=[GREY], linewidths=[0.9],
        linestyles="solid",
    )
    axes.clabel(
        lines, levels[1::2], fontsize=TYPE - 1.0, colors=[INK],
        fmt=lambda level: _written(level, 3),
    )  # fmt: skip
    return True


def _finish(
    picture: Figure,
    axes: Axes,
    keys: Sequence[str],
    of: str,
    handles: list[Any],
    words: list[str],
    contours: bool,
) -> None:
    """The axes' names and the legend; `of` is what the contour lines belong to."""
    if contours:
        handles = [*handles, *axes.plot([], [], color=GREY, linewidth=0.9)]
        words = [*words, f"contour lines of {printable(pretty_name(of))}"]
    dress(axes, *(printable(pretty_name(key)) for key in keys))
    axes.grid(False)
    legend_below(picture, handles, words)


def _written(coordinate: float, digits: int = RESULT_DIGITS) -> str:
    return Text().number(rounded(coordinate, digits))
