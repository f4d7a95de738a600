"""`draw`: the computation graph of a node or a worksheet as a picture."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import get_args

from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .drawing.direction import PAGE, Direction, width
from .drawing.labels import Labels, Show
from .drawing.layout import read_layout
from .drawing.scene import Scene, scene_of
from .drawing.source import LARGE, STYLES, StyleName, dot_source
from .drawing.themes import THEMES, Theme, with_stylesheet
from .drawing.tikz import print_tikz, tikz_document
from .names import Names
from .render import render

__all__ = ["Diagram", "draw"]

ALL: tuple[Show, ...] = get_args(Show)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
BUDGET = 60  # items; what a page shows so that it can be read
DIGITS = 4
ENDINGS = ".svg, .png, .pdf, .tex or .dot"
DPI = 144  # of PNG pictures


class Diagram:
    """A drawing of a graph: `.dot` is its source, `.svg()` the picture, `.save(path)` a file."""

    def __init__(
        self,
        scene: Scene,
        labels: Labels,
        style: StyleName = "card",
        theme: Theme = "auto",
        direction: Direction = "LR",
    ) -> None:
        self.scene = scene
        self.theme: Theme = theme
        self.direction: Direction = direction
        # Written at once: a picture shows the moment at which it was made.
        self._sources = {
            kind: dot_source(scene, labels, style, THEMES[kind], direction)
            for kind in {self._in_print, "light"}
        }

    @property
    def _in_print(self) -> Theme:
        """The theme where no reader's setting can exchange the colours."""
        return "light" if self.theme == "auto" else self.theme

    @property
    def dot(self) -> str:
        """The source for Graphviz."""
        return self._sources[self._in_print]

    def svg(self) -> str:
        """The picture as SVG text; its stylesheet has every theme, its class says which.

        Raises `NoRenderer` with one line of advice where nothing on this machine can draw.
        """
        return with_stylesheet(render(self._sources["light"], "svg").decode("utf-8"), self.theme)

    def png(self) -> bytes:
        """The picture as PNG, at 144 dots per inch."""
        return render(self.dot.replace("{", f"{{\n\tgraph [dpi={DPI}]", 1), "png")

    def pdf(self) -> bytes:
        """The picture as PDF, one page of its size."""
        return render(self.dot, "pdf")

    def tikz(self, complete: bool = False) -> str:
        """The picture as a `tikzpicture` no larger than a page; `complete`: a document of its own.

        Raises `NoRenderer` where nothing on this machine can lay it out.
        """
        layout = read_layout(render(self.dot, "json"))
        printed = tikz_document if complete else print_tikz
        return printed(layout, THEMES[self.theme])

    def save(self, path: str | Path) -> Path:
        """Write the picture as the file's ending says: .svg, .png, .pdf, .tex or .dot.

        A .tex file is a document with a `tikzpicture`, a .dot file the source for Graphviz.
        """
        path = Path(path)
        match path.suffix.lower():
            case ".dot":
                path.write_text(self.dot, encoding="utf-8")
            case ".svg":
                path.write_text(self.svg(), encoding="utf-8")
            case ".tex":
                path.write_text(self.tikz(complete=True), encoding="utf-8")
            case ".png":
                path.write_bytes(self.png())
            case ".pdf":
                path.write_bytes(self.pdf())
            case _:
                raise ValueError(f"a picture's file ends in {ENDINGS}, not {path.suffix!r}")
        return path

    def __repr__(self) -> str:
        drawn, all_nodes = len(self.scene.drawn), len(self.scene.order)
        return f"<Diagram, {drawn:,} of {all_nodes:,} nodes drawn>"

    def _repr_svg_(self) -> str:
        return self.svg()


def draw(
    problem: Value | Worksheet,
    style: StyleName = "card",
    show: Collection[Show] | None = None,
    wrt: Value | None = None,
    *,
    budget: int | None = BUDGET,
    collapse: Collection[str] = (),
    direction: Direction | None = None,
    theme: Theme = "auto",
    digits: int = DIGITS,
    base: int = 0,
) -> Diagram:
    """Draw the graph below a node, or a worksheet's, with every value and gradient.

    style : "card" (name, value and gradient on a card, operations between), "circuit" (the value
    above each wire, the gradient below it), "compact" (one small box a node). show : the numbers
    in it, "value", "grad" and, on the arrows, "local" derivatives; by default all of them, the
    local ones where a page has room. wrt : a variable whose paths are marked, with the sum over
    them in the caption. budget : so many items are drawn; of a
    larger graph scopes and arrays stand as closed boxes, and the caption counts what is in them.
    None: everything is drawn. collapse : scopes to close in any case. direction : "LR" or "TB"
    (default: as fits a page's width). theme : "light", "dark", "print", or "auto" for the reader's
    setting. digits : significant digits. base : the index of an array's first element in print.

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
    if budget is not None and budget < 1:
        raise ValueError(f"the budget is at least 1 item, or None for no limit; got {budget}")
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if not isinstance(root, Value):
        raise TypeError(f"a drawing shows a Value or a Worksheet, not {type(root).__name__}")
    scene = scene_of(root, budget, collapse, wrt)
    named = (n for n in scene.order if n.is_leaf or n.name is not None or n is root)
    names = Names(named, base=base)
    given: Collection[Value] = set(sheet.given) if sheet else ()
    if len(scene.items) > LARGE:  # fits no page however it is laid out
        labels, towards = Labels(scene, names, show or ALL[:2], digits, given), direction or "TB"
        return Diagram(scene, labels, style, theme, towards)
    options = [
        (Labels(scene, names, kinds, digits, given), towards)
        for kinds in ([ALL, ALL[:2]] if show is None else [show])
        for towards in ([direction] if direction else DIRECTIONS)
    ]
    # The first that fits a page's width, else the narrowest.
    labels, towards = min(options, key=lambda o: max(PAGE, width(scene, o[0], style, o[1])))
    return Diagram(scene, labels, style, theme, towards)


def _require(what: str, given: object, known: Collection[object]) -> None:
    if given not in known:
        choices = ", ".join(repr(choice) for choice in known)
        raise ValueError(f"{what} is one of {choices}; got {given!r}")
