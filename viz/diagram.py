"""`draw`: the computation graph of a node or a worksheet as a picture."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Literal, get_args

from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .digits import RESULT_DIGITS
from .drawing.content import Scene
from .drawing.direction import Direction, fitted
from .drawing.labels import Labels, Show
from .drawing.scene import rearranged, scene_of
from .drawing.source import LARGE, STYLES, StyleName, dot_source
from .drawing.themes import THEMES, Theme
from .names import Names
from .picture import Picture

__all__ = ["Diagram", "draw"]

ALL: tuple[Show, ...] = get_args(Show)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
BUDGET = 60  # items; what a page shows so that it can be read
FEWER = (45, 30, 20, 12)  # where those are too wide for it


class Diagram(Picture):
    """The picture of a computation graph; `.scene` is what it shows, `.labels` its words."""

    def __init__(
        self,
        labels: Labels,
        style: StyleName = "card",
        theme: Theme = "auto",
        direction: Direction = "LR",
    ) -> None:
        self.scene = scene = labels.scene
        self.labels = labels
        self.style: StyleName = style
        self.direction: Direction = direction
        super().__init__(
            lambda colours: dot_source(scene, labels, style, colours, direction),
            f"{len(scene.drawn):,} of {len(scene.order):,} nodes drawn",
            theme,
        )

    def __repr__(self) -> str:
        return f"<Diagram, {self.summary}>"


def draw(
    problem: Value | Worksheet,
    style: StyleName = "card",
    show: Collection[Show] | None = None,
    wrt: Value | None = None,
    *,
    budget: int | Literal["page"] | None = "page",
    collapse: Collection[str] = (),
    direction: Direction | None = None,
    theme: Theme = "auto",
    digits: int = RESULT_DIGITS,
    base: int = 0,
) -> Diagram:
    """Draw the graph below a node, or a worksheet's, with every value and gradient.

    style : "card" (name, value and gradient on a card, operations between), "circuit" (the value
    above each wire, the gradient below it), "compact" (one small box a node). show : the numbers
    in it, "value", "grad" and, on the arrows, "local" derivatives; by default all of them, the
    local ones where a page has room. wrt : a variable whose paths are marked, with the sum over
    them in the caption. budget : so many items are drawn; of a larger graph scopes and arrays
    stand as closed boxes, and the caption counts what is in them. "page": 60, or fewer where
    these would be too wide for a page; None: everything. collapse : scopes to close in any case.
    direction : "LR" or "TB" (default: as fits a page's width). theme : "light", "dark", "print",
    or "auto" for the reader's setting. digits : significant digits. base : the index of an
    array's first element in print.

    The gradients are those of the root; `.grad` is not touched. Raises `StaleGraph` where a leaf
    changed after the graph was built, `DomainError` where a number is not finite.

    >>> x = Value(3.0, "x")
    >>> draw((x * x).named("y"))
    <Diagram, 2 of 2 nodes drawn>
    """
    _require("style", style, STYLES)
    _require("theme", theme, THEMES)
    _require("direction", direction, (None, *DIRECTIONS))
    for kind in show or ():
        _require("show", kind, ALL)
    if not (budget is None or budget == "page" or (isinstance(budget, int) and budget >= 1)):
        raise ValueError(f'the budget is 1 item or more, "page", or None for all; got {budget!r}')
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if not isinstance(root, Value):
        raise TypeError(f"a drawing shows a Value or a Worksheet, not {type(root).__name__}")
    scene = scene_of(root, BUDGET if budget == "page" else budget, collapse, wrt)
    named = (n for n in scene.order if n.is_leaf or n.name is not None or n is root)
    names = Names(named, base=base)
    given: Collection[Value] = set(sheet.given) if sheet else ()

    def labels(scene: Scene, kinds: Collection[Show]) -> Labels:
        return Labels(scene, names, kinds, digits, given)

    if len(scene.items) > LARGE:  # fits no page however it is laid out
        return Diagram(labels(scene, show or ALL[:2]), style, theme, direction or "TB")

    def options(scene: Scene) -> Iterator[tuple[Labels, Direction]]:
        for kinds in [ALL, ALL[:2]] if show is None else [show]:
            for towards in [direction] if direction else DIRECTIONS:
                yield labels(scene, kinds), towards

    budgets = FEWER if budget == "page" and scene.closed else ()
    scenes = chain([scene], (rearranged(scene, fewer, collapse) for fewer in budgets))
    chosen, towards = fitted(scenes, options, style)
    return Diagram(chosen, style, theme, towards)


def _require(what: str, given: object, known: Collection[object]) -> None:
    if given not in known:
        choices = ", ".join(repr(choice) for choice in known)
        raise ValueError(f"{what} is one of {choices}; got {given!r}")
