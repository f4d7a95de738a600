"""Cards: each quantity with its name, value and gradient; operations as small round nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import graphviz

from autograd_core.value import Value

from .content import Wire
from .labels import Labels
from .style import NAME, Brush, in_tip

__all__ = ["Card"]


@dataclass(frozen=True, slots=True)
class Card:
    """An unnamed result has no card: value and gradient stand below its operation's sign."""

    brush: Brush
    name: ClassVar[str] = "card"

    def legend(self, labels: Labels) -> str:
        """What stands on a card."""
        return ", ".join(["name", *labels.kinds()])

    def node(self, graph: graphviz.Digraph, node: Value) -> None:
        """A card, or the operation of an unnamed result, or both with a wire between."""
        brush, key = self.brush, self.brush.keys[node]
        named = brush.labels.has_name(node)
        if named:
            graph.node(
                key, self.card(node), shape="box", style="rounded,filled",
                fillcolor=brush.colours.card, color=brush.ink(node), margin="0.08,0.05",
                width="0.3", penwidth="2" if node.is_leaf else "1",
                tooltip=in_tip(brush.labels.tip(node)),
                **{"class": brush.classes("leaf" if node.is_leaf else "value", brush.faint(node))},
            )  # fmt: skip
        if node.op is None:
            return
        rows = [brush.text(brush.labels.sign(node), brush.ink(node), NAME)]
        if not named:
            rows += filter(None, (brush.value(node), brush.gradient(node)))
        graph.node(
            self.operation(node), f"<{'<BR/>'.join(rows)}>", shape="box", style="rounded,filled",
            fillcolor=brush.colours.paper, color=brush.ink(node), margin="0.08,0.04",
            height="0.3", width="0.3", tooltip=in_tip(brush.labels.tip(node)),
            **{"class": brush.classes("operation", brush.faint(node))},
        )  # fmt: skip
        if named:
            brush.result(graph, node, self.operation(node))

    def operation(self, node: Value) -> str:
        """The key of the node's operation; that of an unnamed result is the node itself."""
        key = self.brush.keys[node]
        return f"{key}o" if self.brush.labels.has_name(node) else key

    def card(self, node: Value) -> str:
        """Name, value and gradient below each other."""
        brush = self.brush
        rows = [brush.text(brush.labels.name(node), brush.ink(node), NAME, bold=True)]
        rows += filter(None, (brush.value(node), brush.gradient(node)))
        return f"<{'<BR/>'.join(rows)}>"

    def wire(self, graph: graphviz.Digraph, wire: Wire) -> None:
        """From the operand's card to the operation."""
        head = wire.head
        key = self.operation(head) if isinstance(head, Value) else self.brush.keys[head]
        self.brush.wire(graph, wire, self.brush.keys[wire.tail], key)
