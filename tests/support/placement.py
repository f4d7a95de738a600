"""What is wrong with a layout: boxes that overlap, words outside their box, type too small.

faults(layout, frames)    what a reader would stumble over; frames: the keys in each cluster
type_size(layout, pad)    the smallest type, in points, once the picture is on a page
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import pairwise

from tests.support.fonts import BREADTH
from viz.drawing.layout import Box, Layout, Words

__all__ = ["SMALLEST_TYPE", "faults", "type_size"]

PAGE_WIDTH, PAGE_HEIGHT = 595.0, 842.0  # A4 in points; a wide picture stands sideways
SMALLEST_TYPE = 8.0 / max(1.0, BREADTH)  # points, on such a page; wider letters ask for more of it
ASCENT, DESCENT = 0.75, 0.22  # of the type's size: how far letters reach from their baseline
ROUNDING = 0.2  # points; Graphviz prints a node's sides in hundredths of an inch

Rectangle = tuple[float, float, float, float]  # left, bottom, right, top


def faults(layout: Layout, frames: Mapping[str, Set[str]]) -> list[str]:
    """Each fault in words; none in a picture as it should be."""
    return [
        *_overlapping(layout),
        *_outside_their_box(layout),
        *_over_other_boxes(layout),
        *_out_of_their_frame(layout, frames),
        *_cut(layout),
    ]


def type_size(layout: Layout, pad: float) -> float:
    """The smallest type, after the picture was made as narrow as the page."""
    width = layout.width + 2.0 * pad
    page = PAGE_HEIGHT if layout.width > layout.height else PAGE_WIDTH
    smallest = min(words.size for box in layout.boxes for words in box.words)
    return smallest * min(1.0, page / width)


def _overlapping(layout: Layout) -> Iterator[str]:
    nodes = sorted(_of(layout, "node"), key=lambda item: item[1][0])
    for i, (first, a) in enumerate(nodes):
        for second, b in nodes[i + 1 :]:
            if b[0] >= a[2]:
                break
            if _meet(a, b):
                yield f"{first.name} and {second.name} overlap"


def _outside_their_box(layout: Layout) -> Iterator[str]:
    for box in layout.boxes:
        if box.bounds is None:
            continue
        for words in box.words:
            if not _holds(box.bounds, _extent(words)):
                yield f"{words.text!r} is not inside {box.kind} {box.name}"
        lines = sorted((_extent(w) for w in box.words), key=lambda extent: -extent[1])
        for upper, lower in pairwise(lines):
            if _meet(upper, lower) and upper[1] - lower[1] < 0.8 * (lower[3] - lower[1]):
                yield f"lines in {box.kind} {box.name} run into each other"


def _over_other_boxes(layout: Layout) -> Iterator[str]:
    nodes = _of(layout, "node")
    for box in layout.boxes:
        if box.kind != "node":
            for words in box.words:
                extent = _extent(words)
                for node, bounds in nodes:
                    if _meet(extent, bounds):
                        yield f"{words.text!r} of {box.kind} {box.name} is over {node.name}"


def _out_of_their_frame(layout: Layout, frames: Mapping[str, Set[str]]) -> Iterator[str]:
    for frame, room in _of(layout, "cluster"):
        for node, bounds in _of(layout, "node"):
            if node.name in frames[frame.name]:
                if not _holds(room, bounds):
                    yield f"{node.name} sticks out of {frame.name}"
            elif _meet(room, bounds):
                yield f"{node.name} stands in {frame.name}, to which it does not belong"


def _cut(layout: Layout) -> Iterator[str]:
    paper = (0.0, 0.0, layout.width, layout.height)
    for box in layout.boxes:
        extents = [_extent(words) for words in box.words]
        for extent in [*extents, *([box.bounds] if box.bounds else [])]:
            if not _holds(paper, extent):
                yield f"{box.kind} {box.name} is cut off at the picture's edge"


def _of(layout: Layout, kind: str) -> list[tuple[Box, Rectangle]]:
    return [(b, b.bounds) for b in layout.boxes if b.kind == kind and b.bounds is not None]


def _extent(words: Words) -> Rectangle:
    base = words.at[1]
    bottom, top = base - DESCENT * words.size, base + ASCENT * words.size
    return words.left, bottom, words.left + words.width, top


def _meet(a: Rectangle, b: Rectangle) -> bool:
    across = min(a[2], b[2]) - max(a[0], b[0])
    along = min(a[3], b[3]) - max(a[1], b[1])
    return across > ROUNDING and along > ROUNDING


def _holds(room: Rectangle, inside: Rectangle) -> bool:
    return (
        room[0] <= inside[0] + ROUNDING
        and room[1] <= inside[1] + ROUNDING
        and inside[2] <= room[2] + ROUNDING
        and inside[3] <= room[3] + ROUNDING
    )
