"""How a weight looks: the line's width is its size, solid or dashed its sign, its number on it.

Colour says the sign too, but never alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..digits import rounded
from ..drawing.direction import LETTER
from ..drawing.style import NUMBER
from ..drawing.themes import Colours
from ..notation import Text
from .canvas import SMALL, Canvas, Line, Point

__all__ = ["Connection", "connect", "legend", "number_text", "value_line", "zeros_left_out"]

Sign = Literal["positive", "negative", "zero"]

THINNEST, THICKEST = 0.7, 4.0  # points
HEIGHT = 13.0  # of a number on a line
PLACES = (0.3, 0.5, 0.7, 0.4, 0.6, 0.22, 0.78)  # along a line, where its number may stand
MOST_NUMBERS = 40  # of one bundle of lines
MOST_PASSES = 1  # of other lines behind a number
DASHES: dict[Sign, str] = {"positive": "solid", "negative": "dashed", "zero": "dotted"}
LONGEST_AT_FULL_SIZE = 6  # letters, in a circle
SMALLEST = 8  # points
CROWD = 60  # lines; where there are more, all are thinner


@dataclass(frozen=True, slots=True)
class Connection:
    """A weight between two shapes: their keys and middles, the number, and what it is called."""

    tail: str
    head: str
    start: Point
    end: Point
    weight: float
    name: str


def number_text(value: float, digits: int) -> str:
    """A number with so many significant digits, its minus a real one.

    >>> number_text(-0.33333, 3)
    '−0.333'
    """
    return Text().number(rounded(value, digits))


def value_line(text: str, colours: Colours) -> Line:
    """The value in a circle, in type so small that it fits."""
    size = NUMBER if len(text) <= LONGEST_AT_FULL_SIZE else SMALLEST
    return Line(text, colours.value, size, bold=True)


def connect(
    canvas: Canvas, bundle: Sequence[Connection], largest: float, digits: int,
    radius: float = 0.0, numbers: bool = True, kind: str = "weight", zeros: bool = False,
) -> bool:  # fmt: skip
    """Draw weights as lines, with their numbers if there is room for all; says if there was.

    largest : the size of the widest line. radius : of the shapes at the ends. numbers : False
    leaves them out in any case. zeros : weights of 0 are drawn too, dotted.
    """
    shown = [c for c in bundle if zeros or c.weight != 0.0]
    thickest = THICKEST if len(shown) <= CROWD else 0.5 * THICKEST
    for c in shown:
        canvas.edge(
            c.tail, c.head, f"{kind} {_sign(c.weight)}",
            f"{c.name} = {number_text(c.weight, digits)}",
            **_look(c.weight, thickest / largest, canvas.colours),
        )  # fmt: skip
    texts = [number_text(c.weight, digits) for c in shown]
    places = None
    if numbers and len(shown) <= MOST_NUMBERS:
        tries = (_places(shown, texts, radius, start) for start in PLACES)
        places = next(filter(None, tries), None)
    for c, text, place in zip(shown, texts, places or (), strict=bool(places)):
        colour = _colour(c.weight, canvas.colours)
        canvas.words(place, [Line(text, colour, SMALL)], "number", f"{c.name} = {text}")
    return places is not None


def legend(largest: float, digits: int) -> str:
    """What the lines mean, for the caption."""
    return (
        "a line is a weight, solid where it is positive, dashed where it is negative, the wider "
        f"the larger (the widest is {number_text(largest, digits)} in size)"
    )


def zeros_left_out(zeros: int) -> str:
    """What the caption says of weights that are 0 and have no line; empty where there are none."""
    noun = "weight is" if zeros == 1 else "weights are"
    return f"{zeros:,} {noun} 0 and without a line" if zeros else ""


def _sign(weight: float) -> Sign:
    return "positive" if weight > 0.0 else "negative" if weight < 0.0 else "zero"


def _colour(weight: float, colours: Colours) -> str:
    return {"positive": colours.value, "negative": colours.gradient, "zero": colours.aside}[
        _sign(weight)
    ]


def _look(weight: float, scale: float, colours: Colours) -> dict[str, str]:
    width = max(THINNEST, scale * abs(weight))
    return {
        "color": _colour(weight, colours),
        "style": DASHES[_sign(weight)],
        "penwidth": f"{width:.2f}",
        "arrowsize": f"{0.6 / max(1.0, width / 2.0):.2f}",
    }


def _places(
    bundle: Sequence[Connection], texts: Sequence[str], radius: float, start: float
) -> list[Point] | None:
    """Where each number stands on its line, clear of the others; None where that does not come out.

    Of the places that are free, one that the fewest other lines pass; of these the one next to
    `start`, a part of the line.
    """
    parts = sorted(PLACES, key=lambda t: abs(t - start))
    taken: list[tuple[Point, float]] = []
    for c, text in zip(bundle, texts, strict=True):
        half = 0.5 * LETTER * len(text) + 2.0
        free = [
            place
            for t in parts
            if _clear(place := _along(c, t), half, taken) and _off(place, half, c, radius)
        ]
        if not free:
            return None
        others = [o for o in bundle if o is not c]
        passes = {place: sum(_passes(o, place, half) for o in others) for place in free}
        best = min(free, key=passes.__getitem__)
        if passes[best] > MOST_PASSES:
            return None
        taken.append((best, half))
    return [place for place, _ in taken]


def _along(c: Connection, t: float) -> Point:
    return c.start[0] + t * (c.end[0] - c.start[0]), c.start[1] + t * (c.end[1] - c.start[1])


def _clear(place: Point, half: float, taken: Sequence[tuple[Point, float]]) -> bool:
    return all(
        abs(place[0] - x) >= half + other or abs(place[1] - y) >= HEIGHT for (x, y), other in taken
    )


def _off(place: Point, half: float, c: Connection, radius: float) -> bool:
    """True where the number stays off the shapes at both ends."""
    return all(
        abs(place[0] - x) >= half + radius or abs(place[1] - y) >= 0.5 * HEIGHT + radius
        for x, y in (c.start, c.end)
    )


def _passes(c: Connection, place: Point, half: float) -> bool:
    """True where a line goes through the room of a number."""
    (x0, y0), (x1, y1) = c.start, c.end
    for x in (place[0] - half, place[0], place[0] + half):
        if x0 != x1 and min(x0, x1) <= x <= max(x0, x1):
            y = y0 + (x - x0) / (x1 - x0) * (y1 - y0)
            if abs(y - place[1]) < 0.5 * HEIGHT:
                return True
    return False
