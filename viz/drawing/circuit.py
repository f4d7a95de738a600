"""Circuits, as lectures draw them: the value above each wire, the gradient below it.

In a picture from top to bottom the value stands left of the wire, the gradient right of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import graphviz

from autograd_core.value import Value

from .content import Wire
from .labels import Labels
from .style import NAME, Brush, in_tip

__all__ = ["Circuit"]


@dataclass(frozen=True, slots=True)
class Circuit:
    """Each operation is a gate with a wire coming out, on which the numbers stand."""

    brush: Brush
    name: ClassVar[str] = "circuit"

    def legend(self, labels: Labels) -> str:
        """What stands at a wire."""
        one, other = ("above", "below") if self.brush.direction == "LR" else ("left of", "right of")
        value = f"{one} a wire the value" if "value" in labels.show else ""
        wire = "it" if value else "a wire"
        gradient = f"{other} {wire} the gradient of {labels.root}" if "grad" in labels.show else ""
        return ", ".join(filter(None, (value, gradient)))

    def node(self, graph: graphviz.Digraph, node: Value) -> None:
        """The gate and the wire that carries its result; of a leaf the wire alone."""
        brush, key = self.brush, self.brush.keys[node]
        graph.node(
            key, self.wire_label(node), shape="plain", tooltip=in_tip(brush.labels.tip(node)),
            **{"class": brush.classes("leaf" if node.is_leaf else "value", brush.faint(node))},
        )  # fmt: skip
        if node.op is None:
            return
        sign = brush.text(brush.labels.sign(node), brush.ink(node), NAME)
        graph.node(
            f"{key}o", f"<{sign}>", shape="circle" if len(brush.labels.sign(node)) < 3 else "box",
            style="rounded,filled" if len(brush.labels.sign(node)) >= 3 else "filled",
            fillcolor=brush.colours.card, color=brush.ink(node), margin="0.06,0.03",
            width="0.32", height="0.32", tooltip=in_tip(brush.labels.tip(node)),
            **{"class": brush.classes("operation", brush.faint(node))},
        )  # fmt: skip
        brush.result(graph, node, f"{key}o", arrow="none")

    def wire_label(self, node: Value) -> str:
        """A table whose middle rule goes on in the wires at its ends."""
        brush = self.brush
        value, gradient = brush.value(node) or " ", brush.gradient(node, "") or " "
        rule = brush.colours.faint if brush.faint(node) else brush.colours.aside
        if brush.direction == "LR":
            inside = f"<TR><TD>{value}</TD></TR><HR/><TR><TD>{gradient}</TD></TR>"
        else:
            inside = f"<TR><TD>{value}</TD><VR/><TD>{gradient}</TD></TR>"
        table = 'BORDER="0" CELLBORDER="0" CELLSPACING="0"'
        numbers = f'<TABLE {table} CELLPADDING="2" COLOR="{rule}">{inside}</TABLE>'
        if not brush.labels.has_name(node):
            return f"<{numbers}>"
        name = brush.text(brush.labels.name(node), brush.ink(node), NAME, bold=True)
        if brush.direction == "LR":
            cells = f'<TR><TD>{name}</TD><TD CELLPADDING="0">{numbers}</TD></TR>'
        else:
            cells = f'<TR><TD>{name}</TD></TR><TR><TD CELLPADDING="0">{numbers}</TD></TR>'
        return f'<<TABLE {table} CELLPADDING="2">{cells}</TABLE>>'

    def wire(self, graph: graphviz.Digraph, wire: Wire) -> None:
        """From the result's wire into the gate."""
        head = wire.head
        key = f"{self.brush.keys[head]}o" if isinstance(head, Value) else self.brush.keys[head]
        self.brush.wire(graph, wire, self.brush.keys[wire.tail], key)
