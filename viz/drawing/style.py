"""What a style of drawing is, and the pieces of Graphviz's HTML-like labels that styles share."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import ClassVar, Protocol

import graphviz

from autograd_core.value import Value

from .content import Scene, Wire
from .direction import Direction
from .groups import Group
from .labels import MOST_EXPLAINED, Labels, printable
from .themes import Colours

__all__ = ["Brush", "Style", "in_tip", "markup", "plain"]

NAME, NUMBER = 12, 11  # points


class Style(Protocol):
    """How nodes and wires look: each method adds its part to a DOT graph."""

    name: ClassVar[str]

    @property
    def brush(self) -> Brush: ...
    def legend(self, labels: Labels) -> str: ...
    def node(self, graph: graphviz.Digraph, node: Value) -> None: ...
    def wire(self, graph: graphviz.Digraph, wire: Wire) -> None: ...


@dataclass(frozen=True, slots=True)
class Brush:
    """What every style draws with: the scene, its words, colours, keys of nodes, the direction."""

    scene: Scene
    labels: Labels
    colours: Colours
    direction: Direction
    keys: dict[Value | Group, str]
    far: set[Wire]  # wires that begin at a repeat of their node's name

    def faint(self, item: Value | Group) -> bool:
        """True for what is off the ways of the variable that the picture follows."""
        if self.scene.wrt is None:
            return False
        if isinstance(item, Group):
            return not any(wire.marked and item in (wire.tail, wire.head)
                           for wire in self.scene.wires)  # fmt: skip
        return item not in self.scene.marked

    def ink(self, item: Value | Group) -> str:
        """The colour of an item's frame."""
        return self.colours.faint if self.faint(item) else self.colours.ink

    def classes(self, kind: str, faint: bool) -> str:
        """The classes that an SVG's element carries."""
        if self.scene.wrt is None:
            return kind
        return f"{kind} {'off-path' if faint else 'on-path'}"

    def line(self, faint: bool, marked: bool) -> dict[str, str]:
        """How a wire is drawn: thick on the marked ways."""
        return {
            "color": self.colours.faint if faint else self.colours.aside,
            "penwidth": "2.2" if marked else "1",
            "class": self.classes("wire", faint),
        }

    def text(self, words: str, colour: str, size: int = NUMBER, bold: bool = False) -> str:
        """Words in an HTML-like label."""
        shown = markup(words)
        if bold:
            shown = f"<B>{shown}</B>"
        return f'<FONT COLOR="{colour}" POINT-SIZE="{size}">{shown}</FONT>'

    def value(self, node: Value, before: str = "") -> str | None:
        """The value in its colour; None where the picture shows none."""
        value = self.labels.value(node)
        return value and self.text(before + value, self.colours.value)

    def gradient(self, node: Value, before: str = "d ") -> str | None:
        """The gradient in its colour; None where the picture shows none."""
        gradient = self.labels.gradient(node)
        return gradient and self.text(before + gradient, self.colours.gradient)

    def box(self, graph: graphviz.Digraph, group: Group) -> None:
        """A closed group: its name and what it holds in a double frame."""
        first, *further = self.labels.box(group)
        rows = [self.text(first, self.colours.ink, NAME, bold=True)]
        rows += [self.text(line, self.colours.aside) for line in further]
        graph.node(
            self.keys[group], f"<{'<BR/>'.join(rows)}>", shape="box", peripheries="2",
            style="filled", fillcolor=self.colours.cluster, color=self.ink(group),
            margin="0.12,0.06", tooltip=in_tip("; ".join([first, *further])),
            **{"class": self.classes("group", self.faint(group))},
        )  # fmt: skip

    def result(self, graph: graphviz.Digraph, node: Value, key: str, arrow: str = "normal") -> None:
        """The short wire from an operation to its result."""
        line = self.line(self.faint(node), node in self.scene.marked)
        graph.edge(key, self.keys[node], arrowhead=arrow, weight="8", **line)

    def wire(self, graph: graphviz.Digraph, wire: Wire, tail: str, head: str) -> None:
        """A wire with its local derivative, or the number of wires that it stands for."""
        if wire in self.far:
            tail = self._repeated(graph, wire, f"{tail}r{head}")
        attributes = self.line(self.scene.wrt is not None and not wire.marked, wire.marked)
        if len(self.scene.items) <= MOST_EXPLAINED:
            attributes["edgetooltip"] = self._wire_tip(wire)
        if wire.local is None and wire.count > 1:
            attributes |= {"label": f" ×{wire.count:,} ", "fontcolor": self.colours.aside}
        elif wire.local is not None and "local" in self.labels.show:
            local = self.labels.number(wire.local)
            attributes |= {"label": f" {local} ", "fontcolor": self.colours.local}
        graph.edge(tail, head, **attributes)

    def _repeated(self, graph: graphviz.Digraph, wire: Wire, key: str) -> str:
        tail = wire.tail
        if isinstance(tail, Group):
            name = self.labels.box(tail)[0]
        else:
            named = self.labels.has_name(tail)
            name = self.labels.name(tail) if named else self.labels.number(tail.data)
        graph.node(key, f"<{self.text(f'{name} ▸', self.colours.aside)}>", shape="plain",
                   tooltip=in_tip(name), **{"class": "repeat"})  # fmt: skip
        return key

    def _wire_tip(self, wire: Wire) -> str:
        if wire.local is None:
            return f"{wire.count:,} uses"
        assert isinstance(wire.head, Value)
        local, upstream = map(self.labels.number, (wire.local, self.scene.gradients[wire.head]))
        return f"upstream {upstream} · local {local}"


def markup(text: str) -> str:
    """Text for an HTML-like label: nothing in it is a tag, an entity or an escape of Graphviz's."""
    return html.escape(printable(text)).replace("\\", "\\\\")


def plain(text: str) -> str:
    """Text for an attribute that is no HTML: nothing in it is an escape of Graphviz's."""
    shown: str = graphviz.escape(printable(text).replace("&", "&amp;"))
    return shown


def in_tip(text: str) -> str:
    """Text for a tip, in which Graphviz replaces its escapes twice: four backslashes for one.

    Two of them as entities, since quoting a long run of backslashes takes quadratic time.
    """
    shown: str = graphviz.nohtml(
        printable(text).replace("&", "&amp;").replace("\\", "\\\\&#92;&#92;")
    )
    return shown
