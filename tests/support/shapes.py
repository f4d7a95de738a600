"""A reader of drawn networks: the SVG's shapes with their words, and the lines between them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

__all__ = ["Drawn", "Line", "Shape", "read_shapes"]

SVG = "{http://www.w3.org/2000/svg}"
TIP = "{http://www.w3.org/1999/xlink}title"
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Shape:
    """A circle, box or words: its key, its classes, its lines of text, its outline and place."""

    key: str
    kinds: frozenset[str]
    texts: tuple[str, ...]
    sizes: tuple[float, ...]
    tip: str
    outline: str
    box: Box
    fill: str
    text_boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Line:
    """An arrow: where it begins and ends, its classes, its look."""

    tail: str
    head: str
    kinds: frozenset[str]
    tip: str
    width: float
    dashes: str
    colour: str


@dataclass(frozen=True)
class Drawn:
    """A picture, read back."""

    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    caption: str

    def of(self, kind: str) -> list[Shape]:
        """The shapes of a class, in the order in which they were drawn."""
        return [shape for shape in self.shapes if kind in shape.kinds]

    def lines_of(self, *kinds: str) -> list[Line]:
        """The lines that have all these classes."""
        return [line for line in self.lines if line.kinds.issuperset(kinds)]


def read_shapes(svg: str) -> Drawn:
    """The shapes and lines of a picture; one that is not well-formed XML fails here."""
    root = ET.fromstring(svg)
    top = root.find(f"{SVG}g")
    assert top is not None
    shapes, lines = [], []
    for group in top.findall(f"{SVG}g"):
        kinds = frozenset(group.get("class", "").split())
        if "node" in kinds:
            shapes.append(_shape(group, kinds))
        elif "edge" in kinds:
            lines.append(_line(group, kinds))
    caption = " ".join("".join(t.itertext()).strip() for t in top.findall(f"{SVG}text"))
    anchored = top.findall(f"{SVG}g/{SVG}a/{SVG}text")  # where the whole picture has a tip
    caption = caption or " ".join("".join(t.itertext()).strip() for t in anchored)
    return Drawn(tuple(shapes), tuple(lines), caption)


def _shape(group: ET.Element, kinds: frozenset[str]) -> Shape:
    texts = list(group.iter(f"{SVG}text"))
    ellipse, polygon = (
        next(group.iter(f"{SVG}ellipse"), None),
        next(group.iter(f"{SVG}polygon"), None),
    )
    path = next(group.iter(f"{SVG}path"), None)
    outline, box, fill = "none", (0.0, 0.0, 0.0, 0.0), "none"
    if ellipse is not None:
        x, y, rx, ry = (float(ellipse.get(name, "nan")) for name in ("cx", "cy", "rx", "ry"))
        outline, box, fill = "circle", (x - rx, y - ry, x + rx, y + ry), ellipse.get("fill", "")
    elif polygon is not None:
        box, fill = _bounds(polygon.get("points", "")), polygon.get("fill", "")
        outline = "box"
    elif path is not None:
        box = _bounds(path.get("d", "").replace("M", " ").replace("C", " "))
        outline, fill = "box", path.get("fill", "")
    link = next(group.iter(f"{SVG}a"), None)
    return Shape(
        _key(group), kinds - {"node"}, tuple("".join(t.itertext()).strip() for t in texts),
        tuple(float(t.get("font-size", "nan")) for t in texts),
        link.get(TIP, "") if link is not None else "", outline, box, fill,
        tuple(_text_box(t) for t in texts),
    )  # fmt: skip


def _line(group: ET.Element, kinds: frozenset[str]) -> Line:
    tail, _, head = _key(group).partition("->")
    path = next(group.iter(f"{SVG}path"))
    link = next(group.iter(f"{SVG}a"), None)
    return Line(
        tail, head, kinds - {"edge"}, link.get(TIP, "") if link is not None else "",
        float(path.get("stroke-width", "1")), path.get("stroke-dasharray", ""),
        path.get("stroke", ""),
    )  # fmt: skip


def _key(group: ET.Element) -> str:
    title = group.find(f"{SVG}title")
    assert title is not None
    return "".join(title.itertext())


def _bounds(points: str) -> Box:
    pairs = [tuple(map(float, p.split(","))) for p in points.split()]
    xs, ys = [p[0] for p in pairs], [p[1] for p in pairs]
    return min(xs), min(ys), max(xs), max(ys)


def _text_box(text: ET.Element) -> Box:
    """Where a line of text stands, a letter taken as half as wide as its size."""
    x, y, size = (float(text.get(name, "nan")) for name in ("x", "y", "font-size"))
    width = 0.5 * size * len("".join(text.itertext()).strip())
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")] * width
    return left, y - 0.7 * size, left + width, y
