"""How a picture is laid out so that it fits a page's width: its direction, and what is written.

Left to right is how formulas are read; a picture that would be too wide for it, its type too
small once printed, runs downwards. Where neither fits, the local derivatives leave the arrows:
they take half of the width. Widths are estimated, so that the DOT text needs no layout engine.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from autograd_core.value import Value

from .labels import Labels
from .scene import Item, Scene

__all__ = ["LETTER", "PAGE", "STEP", "Direction", "ranks", "width"]

Direction = Literal["LR", "TB"]

PAGE = 595.0 * 11.0 / 8.0  # points: on a page of A4 type of 11 points is 8 points then
LETTER = 6.0  # points of a letter at 11 points, on average
STEP = 2  # half ranks: a label on an arrow stands between its ends
RANK_GAP, NODE_GAP = 14.4, 10.0
MARGINS = 22.0  # of the paper around
SIGN, SIGN_PADDING, CARD_PADDING = 22.0, 12.0, 12.0


def width(scene: Scene, labels: Labels, style: str, direction: Direction) -> float:
    """The estimated width of the picture in points."""
    place_of = ranks(scene, labels, style)
    thick: dict[int, float] = {}  # each rank's extent along the picture
    across: Counter[int] = Counter()  # and from side to side
    for item, rank in place_of.items():
        for place, size in _sizes(item, rank, labels, style):
            thick[place] = max(thick.get(place, 0.0), size)
            across[place] += round(size + NODE_GAP)
    for wire in scene.wires:
        tail, head = place_of[wire.tail], place_of[wire.head]
        if isinstance(wire.head, Value) and _has_sign(wire.head, labels, style):
            head -= STEP
        middle = (tail + head) // 2
        label = LETTER * (2 + len(labels.number(wire.local))) if wire.local is not None else 0.0
        if "local" in labels.show and label:
            across[middle] += round(label + NODE_GAP)
            if tail + STEP == head:
                thick[middle] = max(thick.get(middle, 0.0), label)
        for place in range(tail + 1, head):
            if place != middle or "local" not in labels.show:
                across[place] += round(NODE_GAP)  # a wire that passes
    if direction == "TB":
        return max(across.values()) + MARGINS
    steps = (max(place_of.values()) - min(thick)) / STEP
    return sum(thick.values()) + RANK_GAP * steps + MARGINS


def ranks(scene: Scene, labels: Labels, style: str) -> dict[Item, int]:
    """How far along each item stands, in half ranks; a leaf just before its first use."""
    place = {item: i for i, item in enumerate(scene.items)}
    tails: dict[Item, list[Item]] = {}
    heads: dict[Item, list[Item]] = {}
    for wire in scene.wires:
        if place[wire.tail] < place[wire.head]:
            tails.setdefault(wire.head, []).append(wire.tail)
            heads.setdefault(wire.tail, []).append(wire.head)
    step = {i: 2 * STEP if _has_sign(i, labels, style) else STEP for i in scene.items}
    found: dict[Item, int] = {}
    for item in scene.items:
        found[item] = max((found[tail] + step[item] for tail in tails.get(item, ())), default=0)
    for item, users in heads.items():
        if item not in tails:
            found[item] = min(found[user] - step[user] for user in users)
    return found


def _has_sign(item: Item, labels: Labels, style: str) -> bool:
    """True where the operation stands before its result as an item of its own."""
    if not isinstance(item, Value) or item.op is None or style == "compact":
        return False
    return style == "circuit" or labels.has_name(item)


def _sizes(item: Item, rank: int, labels: Labels, style: str) -> list[tuple[int, float]]:
    """The widths of an item's parts, each with the rank where it stands."""
    if not isinstance(item, Value):
        return [(rank, LETTER * max(map(len, labels.box(item))) + 2 * CARD_PADDING)]
    value, gradient = labels.value(item) or "", labels.gradient(item) or ""
    name = labels.name(item) if labels.has_name(item) else ""
    sign = labels.sign(item) if item.op else ""
    if style == "circuit":
        size = LETTER * (max(len(value), len(gradient)) + 1 + len(name))
    elif style == "compact":
        first = len(name) + (2 if name and sign else 0) + len(sign)
        size = LETTER * max(first, len(value) + len(gradient) + 4) + CARD_PADDING
    else:
        lines = [value, f"d {gradient}", name or sign]
        size = LETTER * max(map(len, lines)) + CARD_PADDING
    found = [(rank, size)]
    if _has_sign(item, labels, style):
        found.append((rank - STEP, max(SIGN, LETTER * len(sign) + SIGN_PADDING)))
    return found
