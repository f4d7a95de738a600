"""Layers as boxes, one below the other, each with its sizes and the number of its parameters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import graphviz
import numpy as np

from ..drawing.labels import printable, short
from ..drawing.source import FONT
from ..drawing.style import NUMBER, in_tip, plain
from ..drawing.themes import Colours
from ..inputs import Numbers
from .canvas import LONGEST_LINE, LONGEST_TIP, SMALL, Line, caption_text
from .reading import NetworkModule, Stage

__all__ = ["BoxPicture", "shape_text"]

MOST_BOXES = 60
MOST_DESCRIBED = 90  # characters of a layer's arguments
WIDTH = 420.0  # points, of a usual picture

End = tuple[str, str, str]  # the first box, the last one, and the frame around them if there is one


@dataclass(frozen=True, slots=True)
class BoxPicture:
    """The picture of a chain of layers; `values` are what passes between them."""

    chain: Sequence[Stage]
    values: Sequence[Numbers] | None

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        graph = graphviz.Digraph(
            graph_attr={
                "rankdir": "TB", "bgcolor": colours.paper, "pad": "0.15", "ranksep": "0.3",
                "fontname": FONT, "fontsize": str(NUMBER), "fontcolor": colours.aside,
                "label": caption_text(self._caption(), WIDTH), "labeljust": "l", "labelloc": "b",
                "tooltip": " ", "compound": "true",
            },
            node_attr={"fontname": FONT, "fontsize": str(NUMBER), "shape": "box",
                       "style": "rounded,filled", "fillcolor": colours.card,
                       "color": colours.ink, "margin": "0.15,0.07"},
            edge_attr={"arrowsize": "0.6", "fontname": FONT, "fontsize": str(SMALL),
                       "color": colours.aside, "fontcolor": colours.value},
        )  # fmt: skip
        keys, frames = count(), count()
        _end(graph, "in", "input", colours)
        _end(graph, "out", "output", colours)
        drawn = [_draw(graph, stage, colours, keys, frames) for stage in self._drawn]
        self._arrows(graph, [("in", "in", ""), *drawn, ("out", "out", "")])
        return str(graph.source)

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        return f"{len(self.chain)} layer{'' if len(self.chain) == 1 else 's'} as boxes"

    @property
    def _drawn(self) -> Sequence[Stage]:
        return self.chain[:MOST_BOXES]

    def _arrows(self, graph: graphviz.Digraph, ends: list[End]) -> None:
        for k, ((_, tail, left), (head, _, entered)) in enumerate(pairwise(ends)):
            last = k == len(ends) - 2
            shape = "" if self.values is None else shape_text(self.values[-1 if last else k].shape)
            cut = last and len(self._drawn) < len(self.chain)
            graph.edge(
                tail, head, label=f"  {shape}", style="dotted" if cut else "solid",
                ltail=left, lhead=entered, **{"class": "flow"},
            )  # fmt: skip

    def _caption(self) -> list[str]:
        left_out = len(self.chain) - len(self._drawn)
        total = sum(_size(stage.module) for stage in self.chain)
        lines = [f"{total:,} parameters in all"]
        if self.values is not None:
            lines.append("beside an arrow the shape of what passes")
        if any([*stage.module.named_children()] for stage in self.chain):
            lines.append("in a frame the parts of a module, which its forward puts together")
        if left_out:
            lines.append(f"{len(self._drawn)} of {len(self.chain)} layers are drawn, the dotted "
                         f"arrow passes the other {left_out}")  # fmt: skip
        return lines


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: 3×28×28; of a single number, 1."""
    return "×".join(map(str, shape)) or "1"


def _draw(
    graph: graphviz.Digraph, stage: Stage, colours: Colours, keys: count[int], frames: count[int]
) -> End:
    """A box, or a frame around the boxes of the parts."""
    parts = [Stage(name, child) for name, child in stage.module.named_children()]
    if not parts or hasattr(stage.module, "neurons"):
        key = f"n{next(keys)}"
        lines = [line.label for line in _lines(stage, colours)]
        tip = in_tip(short(stage.title, LONGEST_TIP))
        graph.node(key, f"<{'<BR/>'.join(lines)}>", tooltip=tip, **{"class": "layer"})
        return key, key, ""
    name = f"cluster{next(frames)}"
    with graph.subgraph(name=name) as frame:
        frame.attr(
            label=plain(short(stage.title)), labeljust="l", labelloc="t", margin="10",
            style="rounded,filled", fillcolor=colours.cluster, color=colours.frame, tooltip=" ",
            **{"class": "module"},
        )  # fmt: skip
        inside = [_draw(frame, part, colours, keys, frames) for part in parts[:MOST_BOXES]]
    for (_, above, _), (below, _, _) in pairwise(inside):
        graph.edge(above, below, style="invis")  # below each other, and no arrow says why
    return inside[0][0], inside[-1][1], name


def _lines(stage: Stage, colours: Colours) -> list[Line]:
    lines = [Line(stage.title, colours.ink, bold=True)]
    described = textwrap.wrap(_described(stage), LONGEST_LINE)
    lines += [Line(part, colours.aside, SMALL) for part in described]
    shapes = [f"{name} {shape_text(np.shape(p))}" for name, p in stage.module.named_parameters()]
    size = _size(stage.module)
    if size:
        own = f"{', '.join(shapes)}: " if len(shapes) <= 2 else ""
        lines.append(Line(f"{own}{size:,} parameters", colours.value, SMALL))
    return lines


def _described(stage: Stage) -> str:
    neurons = getattr(stage.module, "neurons", None)
    inside = f"{len(neurons)} neurons" if neurons else stage.module.describe()
    return short(printable(inside), MOST_DESCRIBED)


def _size(module: NetworkModule) -> int:
    return sum(int(np.size(parameter)) for _, parameter in module.named_parameters())


def _end(graph: graphviz.Digraph, key: str, word: str, colours: Colours) -> None:
    graph.node(key, f"<{Line(word, colours.aside).label}>", shape="plain", style="",
               **{"class": "end"})  # fmt: skip
