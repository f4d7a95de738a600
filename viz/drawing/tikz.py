"""A laid out picture as TikZ, for papers: the same boxes, wires and words at the same places.

Only ASCII comes out, whatever a name contains. Colours are defined by the parts they play, so an
author can exchange them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from ..printers.tex_signs import text
from .layout import Box, Layout, Shape, Words
from .themes import Colours

__all__ = ["BACKSLASH", "print_tikz", "tikz_document"]

# In TeX's units: what an article's text area holds, and the type sizes that its fonts have.
PAGE_WIDTH, PAGE_HEIGHT = 6.3 * 72.0, 9.0 * 72.0  # big points, as Graphviz counts
TYPE_SIZES = (5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.95, 12.0)
SPELLED = 9  # letters of a sign that TeX's fonts do not have, as U+4E2D

# What stands in pictures only: a twin of the backslash, which Graphviz would double, a place for an
# operand, the start of a wire that was cut short.
BACKSLASH = "\N{REVERSE SOLIDUS OPERATOR}"
_SIGNS = {
    BACKSLASH: r"\textbackslash{}",
    "▢": r"{\fboxsep=0.45ex\raisebox{0.2ex}{\fbox{}}}",
    "▸": r"$\triangleright$",
}


def print_tikz(layout: Layout, colours: Colours, fit: bool = True) -> str:
    """A `tikzpicture`; with `fit` made smaller where it is larger than a page's text.

    `colours` are those in which the picture was laid out.
    """
    scale = 1.0
    if fit:
        scale = min(1.0, PAGE_WIDTH / layout.width, PAGE_HEIGHT / layout.height)
    return "\n".join(_Tikz(colours, scale).picture(layout)) + "\n"


def tikz_document(layout: Layout, colours: Colours) -> str:
    """A document of one page, as large as the picture."""
    picture = print_tikz(layout, colours, fit=False)
    width, height = layout.width + 4.0, layout.height + 8.0  # TeX would turn a full page over
    return (
        "\\documentclass{article}\n\\usepackage{tikz}\n"
        f"\\usepackage[paperwidth={width:.1f}bp,paperheight={height:.1f}bp,margin=2bp]{{geometry}}\n"
        "\\pagestyle{empty}\n\\parindent=0pt\n\\topskip=0pt\n\\begin{document}\n"
        f"{picture}\\end{{document}}\n"
    )


class _Tikz:
    """One picture on its way to the page."""

    def __init__(self, colours: Colours, scale: float) -> None:
        self.scale = scale
        self.colours = asdict(colours)
        self.roles = {colour.lower(): role for role, colour in reversed(self.colours.items())}

    def picture(self, layout: Layout) -> Iterator[str]:
        yield f"\\begin{{tikzpicture}}[x={self.scale:.4f}bp,y={self.scale:.4f}bp]"
        for role, colour in self.colours.items():
            yield f"\\definecolor{{graph-{role}}}{{HTML}}{{{colour.lstrip('#').upper()}}}"
        yield f"\\useasboundingbox (0,0) rectangle ({layout.width:.2f},{layout.height:.2f});"
        for box in layout.boxes:
            yield from self.box(box)
        yield "\\end{tikzpicture}%"

    def box(self, box: Box) -> Iterator[str]:
        if box.kind != "graph":  # whose shape is the paper
            yield from filter(None, map(self.shape, box.shapes))
        yield from map(self.words, box.words)

    def shape(self, shape: Shape) -> str:
        style = [f"line width={max(shape.width * self.scale, 0.2):.2f}bp"]
        if (ink := self.role(shape.colour)) is not None:
            style.append(f"draw={ink}")
        if shape.fill is not None and (fill := self.role(shape.fill)) is not None:
            style.append(f"fill={fill}")
        if len(style) == 1:
            return ""  # neither drawn nor filled
        if shape.dashed:
            style.append("dashed")
        return f"\\path[{','.join(style)}] {self.path(shape)};"

    def path(self, shape: Shape) -> str:
        points = [f"({x:.2f},{y:.2f})" for x, y in shape.points]
        match shape.kind:
            case "ellipse":
                rx, ry = shape.points[1]
                return f"{points[0]} ellipse [x radius={rx:.2f}, y radius={ry:.2f}]"
            case "bezier":
                curves = (
                    f" .. controls {points[i]} and {points[i + 1]} .. {points[i + 2]}"
                    for i in range(1, len(points) - 2, 3)
                )
                return points[0] + "".join(curves)
            case "polygon":
                return " -- ".join([*points, "cycle"])
            case "polyline":
                return " -- ".join(points)

    def words(self, words: Words) -> str:
        """The words in the middle of the room that they were given."""
        middle, base = words.left + 0.5 * words.width, words.at[1]
        size = max((s for s in TYPE_SIZES if s <= words.size * self.scale), default=TYPE_SIZES[0])
        weight = "\\bfseries" if words.bold else ""
        font = f"\\sffamily{weight}\\fontsize{{{size:g}}}{{{1.2 * size:g}}}\\selectfont"
        colour = self.role(words.colour) or "graph-ink"
        return (
            f"\\node[anchor=base,inner sep=0,text={colour},font={font}] "
            f"at ({middle:.2f},{base:.2f}) {{\\strut {_typed(words.text.strip())}}};"
        )

    def role(self, colour: str) -> str | None:
        """The name of the colour's part; None for what is transparent."""
        if colour == "transparent" or (len(colour) == 9 and colour.endswith("00")):
            return None
        role = self.roles.get(colour.lower())
        return f"graph-{role}" if role else "black"


def _typed(words: str) -> str:
    """The words in ASCII, cut where signs that have to be spelled out would not fit their box."""
    found: list[str] = []
    room = len(words) + SPELLED
    for sign in words:
        typed = _SIGNS.get(sign) or text(sign)
        room -= SPELLED if typed.startswith("U+") else 1
        if room < 0:
            return "".join([*found, r"\ldots{}"])
        found.append(typed)
    return "".join(found)
