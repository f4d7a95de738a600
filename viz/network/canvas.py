"""Shapes and words at places that a picture chooses itself, written as DOT text.

Columns of neurons and grids of pixels have an obvious place for everything, so nothing is left to
a layout program: Graphviz only draws. Lengths are points, x runs to the right and y upwards.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import graphviz

from ..drawing.direction import LETTER, PAGE
from ..drawing.labels import short
from ..drawing.source import FONT
from ..drawing.style import NUMBER, in_tip, markup, plain
from ..drawing.themes import Colours

__all__ = ["LONGEST_LINE", "LONGEST_TIP", "SMALL", "Canvas", "Line", "Point", "caption_text"]

Point = tuple[float, float]

SMALL = 10  # points
SHORTEST_CAPTION = 48  # characters of a line
LONGEST_LINE, LONGEST_TIP = 40, 400  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words: their colour, size in points and weight."""

    text: str
    colour: str
    size: int = NUMBER
    bold: bool = False

    @property
    def label(self) -> str:
        """The words as an HTML-like label; nothing in them is markup."""
        shown = markup(short(self.text, LONGEST_LINE))
        shown = f"<B>{shown}</B>" if self.bold else shown
        return f'<FONT COLOR="{self.colour}" POINT-SIZE="{self.size}">{shown}</FONT>'


class Canvas:
    """A picture in the making; each method adds one shape, `source` is all of them as DOT text."""

    def __init__(self, colours: Colours, caption: Sequence[str] = (), room: float = PAGE) -> None:
        self.colours = colours
        self._words = 0
        self._graph = graphviz.Digraph(
            graph_attr={
                "layout": "nop2", "splines": "line", "outputorder": "edgesfirst",
                "bgcolor": colours.paper, "pad": "0.15", "fontname": FONT,
                "fontsize": str(NUMBER), "fontcolor": colours.aside,
                "label": caption_text(caption, room), "labeljust": "l", "labelloc": "b",
                "tooltip": " ",
            },
            node_attr={"fontname": FONT, "fontsize": str(NUMBER), "fixedsize": "true"},
            edge_attr={"arrowsize": "0.6", "fontname": FONT, "color": colours.aside},
        )  # fmt: skip

    @property
    def source(self) -> str:
        """The picture for Graphviz."""
        return str(self._graph.source)

    # --- shapes -------------------------------------------------------------------------------

    def circle(
        self, key: str, at: Point, radius: float, lines: Sequence[Line], kind: str, tip: str = "",
        fill: str | None = None,
    ) -> None:  # fmt: skip
        """A circle with words in it."""
        self._node(
            key, at, (2.0 * radius, 2.0 * radius), lines, kind, tip,
            shape="circle", style="filled", fillcolor=fill or self.colours.card,
            color=self.colours.ink,
        )  # fmt: skip

    def box(
        self, key: str, at: Point, size: Point, lines: Sequence[Line], kind: str, tip: str = "",
        fill: str | None = None, rounded: bool = True,
    ) -> None:  # fmt: skip
        """A box with words in it."""
        self._node(
            key, at, size, lines, kind, tip,
            shape="box", style="rounded,filled" if rounded else "filled",
            fillcolor=fill or self.colours.card, color=self.colours.ink,
        )  # fmt: skip

    def cell(
        self, at: Point, side: float, lines: Sequence[Line], fill: str, kind: str, tip: str
    ) -> str:
        """A square of a grid; returns its key."""
        self._words += 1
        key = f"c{self._words}"
        self._node(
            key, at, (side, side), lines, kind, tip, shape="box", style="filled",
            fillcolor=fill, color=self.colours.frame, penwidth="0.5",
        )  # fmt: skip
        return key

    def frame(self, at: Point, size: Point, kind: str, thick: bool = False) -> None:
        """An empty frame, on top of what stands there already."""
        self._words += 1
        self._node(
            f"f{self._words}", at, size, (), kind, "", shape="box", style="",
            color=self.colours.gradient if thick else self.colours.ink,
            penwidth="3" if thick else "1",
        )  # fmt: skip

    def point(self, key: str, at: Point) -> None:
        """A place that is not seen, for an edge to begin or end at."""
        self._node(key, at, (1.0, 1.0), (), "place", "", shape="point", style="invis")

    def words(self, at: Point, lines: Sequence[Line], kind: str = "words", tip: str = "") -> str:
        """Words alone, the paper behind them; returns their key."""
        self._words += 1
        key = f"w{self._words}"
        inside = "<BR/>".join(line.label for line in lines)
        self._graph.node(
            key,
            f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1" '
            f'BGCOLOR="{self.colours.paper}"><TR><TD>{inside}</TD></TR></TABLE>>',
            shape="plain", fixedsize="false", pos=_place(at), **_described(kind, tip),
        )  # fmt: skip
        return key

    def edge(self, tail: str, head: str, kind: str, tip: str = "", **attributes: str) -> None:
        """A straight line with an arrow, from border to border."""
        self._graph.edge(tail, head, edgetooltip=_tip(tip), **{"class": kind}, **attributes)

    def curve(
        self, tail: str, head: str, points: Sequence[Point], kind: str, tip: str = ""
    ) -> None:
        """An arrow along Bézier curves: a start, then two control points and an end for each.

        The arrow's tip goes on from the last end in the direction of the last control point.
        """
        (x, y), (bx, by) = points[-1], points[-2]
        length = ((x - bx) ** 2 + (y - by) ** 2) ** 0.5
        arrow = 6.0 / length  # arrowsize 0.6
        end = f"e,{_place((x, y))}"
        back = (x + (bx - x) * arrow, y + (by - y) * arrow)
        path = " ".join(map(_place, [*points[:-1], back]))
        self._graph.edge(tail, head, pos=f"{end} {path}", edgetooltip=_tip(tip), **{"class": kind})

    def _node(
        self, key: str, at: Point, size: Point, lines: Sequence[Line], kind: str, tip: str,
        **attributes: str,
    ) -> None:  # fmt: skip
        label = "<BR/>".join(line.label for line in lines)
        self._graph.node(
            key, f"<{label}>" if label else "", pos=_place(at), width=_inches(size[0]),
            height=_inches(size[1]), margin="0", **_described(kind, tip), **attributes,
        )  # fmt: skip


def caption_text(lines: Sequence[str], room: float) -> str:
    """The lines of a caption, wrapped to the width of the picture, as a label of DOT."""
    letters = max(SHORTEST_CAPTION, int(min(room, PAGE) / LETTER))
    wrapped = [part for line in lines if line for part in textwrap.wrap(line, letters)]
    return "".join(f"{plain(line)}\\l" for line in wrapped)


def _described(kind: str, tip: str) -> dict[str, str]:
    return {"class": kind, "tooltip": _tip(tip)}


def _tip(tip: str) -> str:
    return in_tip(short(tip, LONGEST_TIP)) or " "  # an empty one would be replaced by the key


def _place(at: Point) -> str:
    return f"{at[0] + 0.0:.2f},{at[1] + 0.0:.2f}"


def _inches(points: float) -> str:
    return f"{points / 72.0:.4f}"
