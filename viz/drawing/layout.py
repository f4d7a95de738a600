"""The layout of a picture as numbers: where Graphviz puts each box, line and word.

Graphviz's JSON lists the strokes of its pens. They are read here once, for whoever draws the same
picture elsewhere and for checks on it. Lengths are points; y grows upwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Box", "Layout", "Shape", "Words", "read_layout"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed or open curve: `kind` says how `points` are meant.

    A polygon's corners, a polyline's, the end and control points of Bézier curves, or an
    ellipse's centre and radii.
    """

    kind: Literal["polygon", "polyline", "bezier", "ellipse"]
    points: tuple[Point, ...]
    colour: str
    fill: str | None
    width: float
    dashed: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text on its baseline: `at` is its left end, middle or right end by `align`."""

    text: str
    at: Point
    align: Literal["l", "c", "r"]
    width: float
    size: float
    colour: str
    bold: bool

    @property
    def left(self) -> float:
        """Where the text begins."""
        return self.at[0] - {"l": 0.0, "c": 0.5, "r": 1.0}[self.align] * self.width


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture: a node, an edge, a cluster's frame, or the whole with its caption.

    `bounds`: left, bottom, right, top; None for an edge.
    """

    kind: Literal["graph", "cluster", "node", "edge"]
    name: str
    bounds: tuple[float, float, float, float] | None
    shapes: tuple[Shape, ...]
    words: tuple[Words, ...]
    classes: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's parts, back to front, and its size."""

    width: float
    height: float
    boxes: tuple[Box, ...]


def read_layout(text: bytes | str) -> Layout:
    """The layout in Graphviz's JSON output."""
    picture = json.loads(text)
    left, bottom, right, top = _bounds(picture)
    objects = picture.get("objects", [])
    boxes = [_box("graph", picture)]
    boxes += [_box("cluster", o) for o in objects if "nodes" in o or "subgraphs" in o]
    boxes += [_box("edge", e) for e in picture.get("edges", [])]
    boxes += [_box("node", o) for o in objects if "pos" in o]
    return Layout(right - left, top - bottom, tuple(boxes))


def _box(kind: Literal["graph", "cluster", "node", "edge"], item: dict[str, Any]) -> Box:
    shapes: list[Shape] = []
    words: list[Words] = []
    for part in ("_draw_", "_hdraw_", "_tdraw_", "_ldraw_"):
        for stroke in _strokes(item.get(part, [])):
            if isinstance(stroke, Shape):
                shapes.append(stroke)
            else:
                words.append(stroke)
    bounds = None if kind == "edge" else _bounds(item)
    name = str(item.get("name", ""))
    return Box(kind, name, bounds, tuple(shapes), tuple(words), str(item.get("class", "")))


def _bounds(item: dict[str, Any]) -> tuple[float, float, float, float]:
    if "bb" in item:
        left, bottom, right, top = map(float, item["bb"].split(","))
        return left, bottom, right, top
    x, y = map(float, item["pos"].split(","))
    width, height = (72.0 * float(item[side]) for side in ("width", "height"))
    return x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0


def _strokes(operations: list[dict[str, Any]]) -> Iterator[Shape | Words]:
    """The shapes and words that a list of pen operations draws."""
    colour, fill, size, bold, width, dashed = "#000000", "#000000", 10.0, False, 1.0, False
    for o in operations:
        match o["op"]:
            case "c":
                colour = o["color"]
            case "C":
                fill = o["color"]
            case "F":
                size = float(o["size"])
            case "t":
                bold = bool(int(o["fontchar"]) & 1)
            case "S":
                if o["style"].startswith("setlinewidth("):
                    width = float(o["style"][len("setlinewidth(") : -1])
                else:  # the width that was set stays
                    dashed = o["style"] == "dashed"
            case "T":
                x, y = o["pt"]
                yield Words(o["text"], (x, y), o["align"], o["width"], size, colour, bold)
            case "E" | "e":
                x, y, w, h = o["rect"]
                inside = fill if o["op"] == "E" else None
                yield Shape("ellipse", ((x, y), (w, h)), colour, inside, width, dashed)
            case "P" | "p" | "L" | "B" | "b" as op:
                kind = _KINDS[op]
                points = tuple((x, y) for x, y in o["points"])
                yield Shape(kind, points, colour, fill if op in "PB" else None, width, dashed)


_KINDS: dict[str, Literal["polygon", "polyline", "bezier"]] = {
    "P": "polygon", "p": "polygon", "L": "polyline", "B": "bezier", "b": "bezier",
}  # fmt: skip
