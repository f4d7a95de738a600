"""Compact: one small box for each node, its operation beside its name; for larger graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import graphviz

from autograd_core.value import Value

from .content import Wire
from .labels import Labels
from .style import NAME, Brush, in_tip

__all__ = ["Compact"]


@dataclass(frozen=True, slots=True)
class Compact:
    """Name and operation in one line, value and gradient in the next."""

    brush: Brush
    name: ClassVar[str] = "compact"

    def legend(self, labels: Labels) -> str:
        """What stands in a box."""
        return ", ".join(["name ← operation", *labels.kinds()])

    def node(self, graph: graphviz.Digraph, node: Value) -> None:
        """One box."""
        brush = self.brush
        graph.node(
            brush.keys[node], self.label(node), shape="box", style="rounded,filled",
            fillcolor=brush.colours.card, color=brush.ink(node), margin="0.06,0.03",
            height="0.2", width="0.2", penwidth="2" if node.is_leaf else "1",
            tooltip=in_tip(brush.labels.tip(node)),
            **{"class": brush.classes("leaf" if node.is_leaf else "value", brush.faint(node))},
        )  # fmt: skip

    def label(self, node: Value) -> str:
        """y ← σ above 0.88 d −0.06."""
        brush, first = self.brush, []
        if brush.labels.has_name(node):
            first.append(brush.text(brush.labels.name(node), brush.ink(node), NAME, bold=True))
        if node.op is not None:
            arrow = "← " if first else ""
            first.append(brush.text(arrow + brush.labels.sign(node), brush.ink(node), NAME))
        second = filter(None, (brush.value(node), brush.gradient(node)))
        return "<{}>".format("<BR/>".join(filter(None, (" ".join(first), "  ".join(second)))))

    def wire(self, graph: graphviz.Digraph, wire: Wire) -> None:
        """From the operand's box to the node's."""
        self.brush.wire(graph, wire, self.brush.keys[wire.tail], self.brush.keys[wire.head])
