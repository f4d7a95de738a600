"""How a picture is laid out so that it fits a page's width: its direction, and what is written.

Left to right is how formulas are read; a picture that would be too wide for it, its type too
small once printed, runs downwards. Where neither fits, the page is turned, or the local
derivatives leave the arrows: they take half of the width. Sizes are estimated, so that the DOT
text needs no layout engine; what is near the limit moves closer together.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal

from autograd_core.value import Value

from .content import Item, Scene, Wire
from .groups import Group
from .labels import Labels

__all__ = [
    "LETTER", "LOOSE", "MARGIN", "PAGE", "STEP",
    "Direction", "fitted", "gap_between", "ranks", "size", "width",
]  # fmt: skip

Direction = Literal["LR", "TB"]

PAGE = 595.0 * 11.0 / 8.0  # points: on a page of A4 type of 11 points is 8 points then
TURNED = 595.0 / 842.0  # the sides of that page
SIDEWAYS = PAGE + 1.0
CLEARLY = 1.25  # wider than high, after the error
ERROR = 1.15  # by which an estimate falls short now and then
MANY_WIRES, TANGLED = 80, 1.3  # where there are so many, it falls shorter
AMPLE = 0.75  # of a page; beyond it a tangle of wires may not fit
LETTER = 6.0  # points of a letter at 11 points, on average
NARROW = ".,:;'|!()[]{}ijlt "  # of half that width
LINE = 14.0
STEP = 2  # half ranks: a label on an arrow stands between its ends
RANK_GAP = 14.4
LOOSE, TIGHT = 10.0, 4.5  # between neighbours, the second where a page has no room for the first
MARGIN = 6.0  # of the paper around
FRAME, TITLE = 16.0, 20.0  # of a scope: both sides, and above it
CAPTION = 45.0  # its height, where there are three lines
SIGN, SIGN_PADDING, CARD_PADDING, NUMBER_PADDING = 22.0, 12.0, 10.0, 4.0

Part = tuple[int, float, float]  # a rank, the width and the height of what stands there


def fitted(
    scenes: Iterable[Scene],
    options: Callable[[Scene], Iterable[tuple[Labels, Direction]]],
    style: str,
) -> tuple[Labels, Direction]:
    """The first option that fits a page upright, then sideways; of the first scene that has one.

    Where there is none, the narrowest of all. What is drawn is the scene of the labels.
    """
    narrowest = math.inf
    for scene in scenes:
        for labels, towards in options(scene):
            asked = width(scene, labels, style, towards)
            if asked <= PAGE:
                return labels, towards
            if asked < narrowest:
                narrowest, best = asked, (labels, towards)
        if narrowest <= SIDEWAYS:
            break
    return best


def width(scene: Scene, labels: Labels, style: str, direction: Direction) -> float:
    """The width that the picture asks of a page, in points.

    A picture that is wider than the page, and wider than high, stands sideways there. It counts
    by its shrunk width then, but as more than any that fits upright: up to `SIDEWAYS` it fits.
    """
    wide, high = size(scene, labels, style, direction, LOOSE)
    if wide > AMPLE * PAGE:
        wide, high = size(scene, labels, style, direction, TIGHT)
    wide *= ERROR if len(scene.wires) <= MANY_WIRES else TANGLED
    if wide > max(PAGE, CLEARLY * (high + CAPTION)):
        turned = TURNED * wide
        return max(turned, PAGE + turned / PAGE)
    return wide


def gap_between(scene: Scene, labels: Labels, style: str, direction: Direction) -> float:
    """How far apart neighbours stand, in points: close together where it is needed."""
    loose, _ = size(scene, labels, style, direction, LOOSE)
    return LOOSE if loose <= AMPLE * PAGE else TIGHT


def size(
    scene: Scene, labels: Labels, style: str, direction: Direction, gap: float
) -> tuple[float, float]:
    """The estimated width and height of the picture in points, without its caption."""
    passing = 2 * gap + 2  # what a wire takes on its way past a rank
    place = ranks(scene, labels, style)
    inside = _inside(scene.top)
    thick: dict[int, float] = {}  # each rank's extent along the picture
    for item, rank in place.items():
        for at, wide, high in _parts(item, rank, labels, style, direction):
            along, across = (wide, high) if direction == "LR" else (high, wide)
            thick[at] = max(thick.get(at, 0.0), along)
            inside[item][-1].own[at] += across + gap
    for wire in scene.wires:
        tail, head = place[wire.tail], place[wire.head]
        if isinstance(wire.head, Value) and _has_sign(wire.head, labels, style):
            head -= STEP
        both = zip(inside[wire.tail], inside[wire.head], strict=False)
        frame = [a for a, _ in takewhile(lambda pair: pair[0] is pair[1], both)][-1]
        wide = _long(_written(wire, labels))
        along, across = (wide, LINE) if direction == "LR" else (LINE, wide)
        middle = (tail + head) // 2
        for at in range(tail + STEP, head, STEP):
            frame.own[at] += passing
        if wide:
            frame.own[middle] += across + (0.0 if middle % STEP == 0 else passing)
        if wide and tail + STEP == head:
            thick[middle] = max(thick.get(middle, 0.0), along)
    steps = (max(place.values()) - min(thick)) / STEP
    along = sum(thick.values()) + RANK_GAP * steps + 2 * MARGIN
    outermost = inside[scene.items[0]][0]
    border = FRAME + (TITLE if direction == "LR" else 0.0)
    across = max(outermost.profile(border).values()) + 2 * MARGIN
    return (along, across) if direction == "LR" else (across, along)


@dataclass(eq=False, slots=True)
class _Frame:
    """What stands side by side in a scope's frame, at each rank."""

    own: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    frames: list[_Frame] = field(default_factory=list)

    def profile(self, border: float) -> dict[int, float]:
        """The extent across at each rank; a frame inside has the same at all of its ranks."""
        found = self.own.copy()
        for frame in self.frames:
            inner = frame.profile(border)
            across = max(inner.values()) + border
            for at in range(min(inner), max(inner) + 1):
                found[at] += across
        return found


def _inside(top: Group) -> dict[Item, list[_Frame]]:
    """The frames around each item, from the outermost on."""
    found: dict[Item, list[_Frame]] = {}
    waiting = [(top, [_Frame()])]
    while waiting:
        group, frames = waiting.pop()
        for member in group.members:
            if isinstance(member, Value) or member.closed:
                found[member] = frames
            elif member.kind == "array":
                waiting.append((member, frames))
            else:
                frames[-1].frames.append(_Frame())
                waiting.append((member, [*frames, frames[-1].frames[-1]]))
    return found


def ranks(scene: Scene, labels: Labels, style: str) -> dict[Item, int]:
    """How far along each item stands, in half ranks; a leaf just before its first use."""
    order = _operands_first(scene)
    place = {item: i for i, item in enumerate(order)}
    tails: dict[Item, list[Item]] = {}
    heads: dict[Item, list[Item]] = {}
    for wire in scene.wires:
        if place[wire.tail] < place[wire.head]:
            tails.setdefault(wire.head, []).append(wire.tail)
            heads.setdefault(wire.tail, []).append(wire.head)
    step = {i: 2 * STEP if _has_sign(i, labels, style) else STEP for i in order}
    found: dict[Item, int] = {}
    for item in order:
        found[item] = max((found[tail] + step[item] for tail in tails.get(item, ())), default=0)
    for item, users in heads.items():
        if item not in tails:
            found[item] = min(found[user] - step[user] for user in users)
    return found


def _operands_first(scene: Scene) -> list[Item]:
    """The items in the direction of their wires; closed boxes may stand in a circle of wires.

    There the one that comes first in the graph is taken.
    """
    heads: dict[Item, list[Item]] = {}
    missing = Counter(wire.head for wire in scene.wires)
    for wire in scene.wires:
        heads.setdefault(wire.tail, []).append(wire.head)
    waiting = dict.fromkeys(scene.items)
    ready = deque(item for item in scene.items if not missing[item])
    found: list[Item] = []
    while waiting:
        item = ready.popleft() if ready else next(iter(waiting))
        if item in waiting:  # not yet taken out of a circle
            del waiting[item]
            found.append(item)
            for head in heads.get(item, ()):
                missing[head] -= 1
                if not missing[head]:
                    ready.append(head)
    return found


def _has_sign(item: Item, labels: Labels, style: str) -> bool:
    """True where the operation stands before its result as an item of its own."""
    if not isinstance(item, Value) or item.op is None or style == "compact":
        return False
    return style == "circuit" or labels.has_name(item)


def _written(wire: Wire, labels: Labels) -> str:
    """What stands at a wire."""
    if wire.local is None:
        return f" ×{wire.count:,} " if wire.count > 1 else ""
    return f" {labels.number(wire.local)} " if "local" in labels.show else ""


def _parts(item: Item, rank: int, labels: Labels, style: str, direction: Direction) -> list[Part]:
    """What an item is drawn as: its own box and, before it, that of its operation."""
    if not isinstance(item, Value):
        lines = labels.box(item)
        return [(rank, max(map(_long, lines)) + 2 * CARD_PADDING, _high(lines))]
    value, gradient = labels.value(item) or "", labels.gradient(item) or ""
    name = labels.name(item) if labels.has_name(item) else ""
    sign = labels.sign(item) if item.op else ""
    if style == "circuit":
        wide, high = _on_a_wire(name, value, gradient, direction)
    elif style == "compact":
        first = f"{name} ← {sign}" if name and sign else name + sign
        lines = [first, f"{value} d {gradient}"]
        wide, high = max(map(_long, lines)) + CARD_PADDING, LINE * len(lines)
    else:
        lines = list(filter(None, (name or sign, value, gradient and f"d {gradient}")))
        wide, high = max(map(_long, lines)) + CARD_PADDING, _high(lines)
    found = [(rank, wide, high)]
    if _has_sign(item, labels, style):
        found.append((rank - STEP, max(SIGN, _long(sign) + SIGN_PADDING), SIGN))
    return found


def _on_a_wire(name: str, value: str, gradient: str, direction: Direction) -> tuple[float, float]:
    """Width and height of the numbers on a circuit's wire, and of the name before them."""
    above, below = (_long(number) + NUMBER_PADDING for number in (value, gradient))
    before = _long(name) + NUMBER_PADDING if name else 0.0
    if direction == "LR":
        return before + max(above, below), 2 * (LINE + NUMBER_PADDING)
    return max(before, above + below), (2 if name else 1) * (LINE + NUMBER_PADDING)


def _long(text: str) -> float:
    """The width of a line of type, roughly: as in Helvetica some letters are half as wide."""
    return LETTER * (len(text) - 0.5 * sum(letter in NARROW for letter in text))


def _high(lines: list[str]) -> float:
    return LINE * len(lines) + CARD_PADDING
