"""The DOT text of a picture: frames around scopes, items and wires in a style, the caption."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import count
from typing import Literal

import graphviz

from autograd_core.value import Value

from .card import Card
from .circuit import Circuit
from .compact import Compact
from .content import Scene, Wire
from .direction import LETTER, LOOSE, MARGIN, PAGE, STEP, Direction, gap_between, ranks, width
from .groups import Group
from .labels import Labels
from .style import NUMBER, Brush, Style, plain
from .themes import Colours

__all__ = ["LARGE", "STYLES", "StyleName", "dot_source"]

StyleName = Literal["card", "circuit", "compact"]
STYLES: dict[str, type[Card] | type[Circuit] | type[Compact]] = {
    style.name: style for style in (Card, Circuit, Compact)
}

FONT = "Helvetica,Arial,DejaVu Sans Condensed,sans-serif"
SHORTEST_CAPTION = 40  # characters of a line
LARGE = 400  # items from which on finding the best layout would take long
FAR = 8  # ranks; in a large picture such wires, of which a layout has thousands, are cut short


def dot_source(
    scene: Scene,
    labels: Labels,
    style: StyleName,
    colours: Colours,
    direction: Direction,
) -> str:
    """The picture for Graphviz."""
    keys = {item: f"n{i}" for i, item in enumerate(scene.items)}
    large = len(scene.items) > LARGE
    far = _far(scene, labels, style) if large else set()
    brush = Brush(scene, labels, colours, direction, keys, far)
    painter = STYLES[style](brush)
    room = PAGE if large else min(PAGE, width(scene, labels, style, direction))
    gap = LOOSE if large else gap_between(scene, labels, style, direction)
    graph = graphviz.Digraph(
        graph_attr={
            "rankdir": direction, "newrank": "true",  # ranks inside frames can end in an abort
            "bgcolor": colours.paper, "pad": f"{MARGIN / 72:.3f}",
            "nodesep": f"{gap / 72:.3f}", "ranksep": "0.2", "fontname": FONT,
            "fontsize": str(NUMBER), "fontcolor": colours.aside,
            "label": _caption(scene, labels, painter, room),
            "labeljust": "l", "labelloc": "b", "tooltip": " ",
        },
        node_attr={"fontname": FONT, "fontsize": str(NUMBER)},
        edge_attr={"arrowsize": "0.6", "fontname": FONT, "fontsize": str(NUMBER)},
    )  # fmt: skip
    if large:
        graph.attr(nslimit="0.1", nslimit1="0.1", mclimit="0.01", splines="line")
    _members(graph, scene.top, painter, brush, count())
    for wire in scene.wires:
        painter.wire(graph, wire)
    return str(graph.source)


def _members(
    graph: graphviz.Digraph, group: Group, painter: Style, brush: Brush, frames: Iterator[int]
) -> None:
    for member in group.members:
        if isinstance(member, Value):
            painter.node(graph, member)
        elif member.closed:
            brush.box(graph, member)
        elif member.kind == "array":  # its elements carry its name already
            _members(graph, member, painter, brush, frames)
        else:
            with graph.subgraph(name=f"cluster{next(frames)}") as frame:
                frame.attr(
                    label=plain(brush.labels.box(member)[0]), labeljust="l", labelloc="t",
                    style="rounded,filled", margin="8", fillcolor=brush.colours.cluster,
                    color=brush.colours.frame, tooltip=" ", **{"class": "scope"},
                )  # fmt: skip
                _members(frame, member, painter, brush, frames)


def _far(scene: Scene, labels: Labels, style: StyleName) -> set[Wire]:
    place = ranks(scene, labels, style)
    return {wire for wire in scene.wires if place[wire.head] - place[wire.tail] > STEP * FAR}


def _caption(scene: Scene, labels: Labels, painter: Style, room: float) -> str:
    """What the marks mean, what was left out, and the sum that a followed variable comes to."""
    lines = [painter.legend(labels)]
    if "local" in labels.show and any(wire.local is not None for wire in scene.wires):
        lines[0] += "; on an arrow the local derivative"
    if scene.hidden:
        boxes = len(scene.closed)
        lines.append(
            f"{len(scene.drawn):,} of {len(scene.order):,} nodes are drawn, the other "
            f"{scene.hidden:,} stand in {boxes} closed {'box' if boxes == 1 else 'boxes'}"
        )
    if painter.brush.far:
        lines.append("name ▸ repeats a node that is drawn far away")
    if scene.wrt is not None:
        lines.insert(0, labels.followed())
    letters = max(SHORTEST_CAPTION, int(room / LETTER))
    wrapped = [part for line in lines if line for part in textwrap.wrap(line, letters)]
    return "".join(f"{plain(line)}\\l" for line in wrapped)
