"""Drawing a computation graph: values as cards, operations as small round nodes.

A card shows name, value and gradient. An unnamed result has no card: its operation shows value
and gradient below the sign. Constant operands are written into the operation (2·▢, 4 − ▢).
"""

from __future__ import annotations

import html
from pathlib import Path

import graphviz

from autograd_core import modes
from autograd_core.backward import adjoints
from autograd_core.expression import Number, Symbol, application
from autograd_core.graph import topological_order
from autograd_core.stale import require_fresh
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .names import Names
from .notation import Text, Writer
from .render import FORMATS, render

__all__ = ["Diagram", "draw"]

DIGITS = 4
LONGEST_LABEL = 40  # characters; a longer name is cut, the tooltip has more of it
LONGEST_TOOLTIP = 1000  # Graphviz refuses strings beyond some 16 kB
LEFT_TO_RIGHT_UP_TO = 25  # nodes

FONT = "Helvetica,Arial,sans-serif"
_INK, _VALUE, _GRADIENT, _PAPER = "#1a1a1a", "#0b5394", "#a3410b", "#f7f7f4"


class Diagram:
    """A drawing of a graph: `.dot` is its source, `.svg()` the picture, `.save(path)` a file."""

    def __init__(self, dot: str) -> None:
        self.dot = dot

    def svg(self) -> str:
        """The picture as SVG text; raises `NoRenderer` with one line of advice where none is."""
        return render(self.dot, "svg").decode("utf-8")

    def save(self, path: str | Path) -> Path:
        """Write the picture as the file's ending says: .svg, .png, .pdf, or .dot for the source."""
        path = Path(path)
        format = path.suffix.lstrip(".").lower()
        if format == "dot":
            path.write_text(self.dot, encoding="utf-8")
        elif format in FORMATS:
            path.write_bytes(render(self.dot, format))
        else:
            endings = ", ".join(f".{ending}" for ending in (*FORMATS, "dot"))
            raise ValueError(f"a picture's file ends in {endings}, not {path.suffix!r}")
        return path

    def __repr__(self) -> str:
        return f"<Diagram, {len(self.dot.splitlines())} lines of DOT>"

    def _repr_svg_(self) -> str:
        return self.svg()


def draw(problem: Value | Worksheet) -> Diagram:
    """Draw the graph below a node, or a worksheet's, with every value and gradient.

    The gradients are those of the root; `.grad` is not touched. Raises `StaleGraph` where a leaf
    changed after the graph was built.

    >>> x = Value(3.0, "x")
    >>> draw((x * x).named("y")).dot.splitlines()[0]
    'digraph {'
    """
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    order = topological_order(root)
    require_fresh(order)
    with modes.detect_anomaly():
        gradients = adjoints(root, order)
    names = Names(n for n in order if n.is_leaf or n.name is not None or n is root)
    given = set(sheet.given) if sheet else set()
    return Diagram(_Drawing(order, gradients, names, given).source())


class _Drawing:
    def __init__(
        self,
        order: list[Value],
        gradients: dict[Value, float],
        names: Names,
        given: set[Value],
    ) -> None:
        self.order = order
        self.gradients = gradients
        self.names = names
        self.given = given
        self.ids = {node: f"n{i}" for i, node in enumerate(order)}
        self.write = Writer(Text(), names)

    def source(self) -> str:
        graph = graphviz.Digraph(
            graph_attr={
                "rankdir": "LR" if len(self.order) <= LEFT_TO_RIGHT_UP_TO else "TB",
                "bgcolor": "white", "pad": "0.2", "nodesep": "0.25", "ranksep": "0.35",
                "fontname": FONT, "fontsize": "10", "fontcolor": "#555555",
                "label": self.caption(),
            },
            node_attr={"fontname": FONT, "fontsize": "11",
                       "color": _INK, "fontcolor": _INK},
            edge_attr={"color": "#555555", "arrowsize": "0.6"},
        )  # fmt: skip
        for node in self.order:
            key, named = self.ids[node], self.has_card(node)
            if named:
                graph.node(key, self.card(node), shape="plain", tooltip=self.tooltip(node))
            if node.op is None:
                continue
            operation = f"{key}o" if named else key
            graph.node(
                operation, self.operation(node, named), shape="box", style="rounded,filled",
                fillcolor="white", margin="0.08,0.04", height="0.3", width="0.3",
                tooltip=self.tooltip(node),
            )  # fmt: skip
            if named:
                graph.edge(operation, key)
            for operand in node.operands:
                if isinstance(operand, Value):
                    graph.edge(self.ids[operand], operation)
        return str(graph.source)

    def caption(self) -> str:
        root = self.write.dialect.name(self.names(self.order[-1]))
        return f"<name, value, and after d the gradient: d {_escaped(_short(root))} / d name>"

    def has_card(self, node: Value) -> bool:
        return node.is_leaf or node.name is not None or node is self.order[-1]

    def card(self, node: Value) -> str:
        name = _short(self.write.dialect.name(self.names(node)))
        rows = [f"<B>{_escaped(name)}</B>", self.number("", node.data, _VALUE)]
        if node not in self.given:
            rows.append(self.number("d ", self.gradients[node], _GRADIENT))
        cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
        border = 2 if node.is_leaf else 1
        return (
            f'<<TABLE BORDER="{border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" '
            f'COLOR="{_INK}" BGCOLOR="{_PAPER}" STYLE="ROUNDED">{cells}</TABLE>>'
        )

    def operation(self, node: Value, named: bool) -> str:
        sign = _escaped(self.sign(node))
        if named:
            return f"<{sign}>"
        value = self.number("", node.data, _VALUE)
        gradient = self.number("d ", self.gradients[node], _GRADIENT)
        return f"<{sign}<BR/>{value}<BR/>{gradient}>"

    def sign(self, node: Value) -> str:
        """The operation with ▢ for its operands and its constants written out: 4 − ▢."""
        assert node.op is not None
        options = node.op.defaults.values()
        constants = [o for o in node.operands if isinstance(o, float)]
        if not constants or (len(node.operands) == 1 + len(options) and [*options] == constants):
            return {"*": "×", "-": "−"}.get(node.op.infix or "", node.op.infix or node.op.symbol)
        operands = [
            Number(o) if isinstance(o, float) else Symbol(o.data, name="▢") for o in node.operands
        ]
        return _short(self.write.write(application(node.op, *operands), DIGITS))

    def number(self, before: str, value: float, colour: str) -> str:
        shown = _escaped(before + self.write.number(value, DIGITS))
        return f'<FONT COLOR="{colour}" POINT-SIZE="10">{shown}</FONT>'

    def tooltip(self, node: Value) -> str:
        name = self.names(node) if self.has_card(node) else self.sign(node)
        name = _short(_printable(name), LONGEST_TOOLTIP)
        text = f"{name}: value {node.data:g}, gradient {self.gradients[node]:g}"
        return str(graphviz.escape(text))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _short(text: str, longest: int = LONGEST_LABEL) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _escaped(text: str) -> str:
    return html.escape(_printable(text))
