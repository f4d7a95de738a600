"""Numbers as squares of grey: images, filters, feature maps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from ..drawing.direction import LETTER
from ..inputs import Numbers
from .canvas import Canvas, Line, Point
from .weights import number_text

__all__ = ["draw_grid", "fitting", "grey", "require_room", "shades"]

SMALLEST_NUMBER, LARGEST_NUMBER = 8, 11  # points
FEWEST_SHOWN = 2  # digits of a number in its square
MOST_SQUARES = 6000  # of a picture, that people can still open
DARKEST = 7  # of sixteen levels: from there on the words are black


def shades(values: Numbers) -> Numbers:
    """Sixteen levels from 0, black and the smallest number, to 15, white and the largest.

    Where all numbers are equal they are in the middle.

    >>> shades(np.array([[0.0, 1.0], [2.0, 3.0]])).tolist()
    [[0.0, 5.0], [10.0, 15.0]]
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.full(values.shape, 10.0)
    return np.rint(15.0 * (values / (high - low) - low / (high - low)))


def grey(level: float) -> str:
    """The colour of a level; none of the sixteen plays a part in a theme, so none is exchanged.

    >>> grey(0.0), grey(10.0)
    ('#000000', '#aaaaaa')
    """
    return "#" + 6 * f"{int(level):x}"


def fitting(values: Numbers, side: float, digits: int) -> tuple[int, int]:
    """The digits, and the size of type in points, with which every number fits into its square.

    Digits are given up, down to two, before type becomes too small; (digits, 0) where nothing fits.

    >>> fitting(np.array([0.123, -1.0]), 34.0, 3), fitting(np.array([0.123, -1.0]), 9.0, 3)
    ((3, 11), (3, 0))
    """
    for fewer in range(digits, min(digits, FEWEST_SHOWN) - 1, -1):
        longest = max(len(number_text(float(v), fewer)) for v in values.flat)
        room = int(LARGEST_NUMBER * (side - 3.0) / (LETTER * longest))
        size = min(room, LARGEST_NUMBER, int(0.6 * side))
        if size >= SMALLEST_NUMBER:
            return fewer, size
    return digits, 0


def require_room(maps: Iterable[Numbers]) -> None:
    """Raise ValueError where grids would have more squares than a picture shows."""
    squares = sum(grid.size for grid in maps)
    if squares > MOST_SQUARES:
        raise ValueError(
            f"the picture would have {squares:,} squares, more than {MOST_SQUARES:,}: take a part "
            "of the image, or draw feature maps with plot_feature_maps"
        )


def draw_grid(
    canvas: Canvas, name: str, values: Numbers, middle: Point, side: float, digits: int,
    padding: Collection[tuple[int, int]] = (), marked: Sequence[tuple[int, int]] = (),
    kind: str = "pixel", blank: bool = False,
) -> None:  # fmt: skip
    """Draw an array (rows, columns) around a point, each number a square of the given side.

    padding : the places of what was put around an image, drawn paler; blank : without a number.
    marked : the places in a window, which gets a thick frame.
    """
    rows, columns = values.shape
    shown, size = fitting(values, side, digits)
    left, top = middle[0] - 0.5 * side * (columns - 1), middle[1] + 0.5 * side * (rows - 1)
    for (i, j), level in np.ndenumerate(shades(values)):
        number = float(values[i, j])
        around = (i, j) in padding
        ink = canvas.colours.aside if around else "#000000" if level >= DARKEST else "#ffffff"
        silent = not size or (around and blank)
        lines = [] if silent else [Line(number_text(number, shown), ink, size)]
        canvas.cell(
            (left + side * j, top - side * i), side, lines,
            canvas.colours.paper if around else grey(level),
            "padding" if around else kind, f"{name}[{i}, {j}] = {number_text(number, digits)}",
        )  # fmt: skip
    if marked:
        first, last = min(marked), max(marked)
        height, width = (last[axis] - first[axis] + 1 for axis in (0, 1))
        at = (
            left + side * (first[1] + 0.5 * (width - 1)),
            top - side * (first[0] + 0.5 * (height - 1)),
        )
        canvas.frame(at, (side * width, side * height), "window", thick=True)
