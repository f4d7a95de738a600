"""The words and numbers of a picture: names, signs of operations, values, tips, the caption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cached_property
from typing import Literal

from autograd_core.expression import Expression, Number, Quantity, Symbol, application
from autograd_core.op import Op
from autograd_core.table import TABLE
from autograd_core.value import Value

from ..names import Names
from ..notation import Text, Writer
from ..solution.chains import Chains
from .content import Scene
from .groups import Group, nodes_of

__all__ = ["MOST_EXPLAINED", "Labels", "Show", "printable", "short"]

Show = Literal["value", "grad", "local"]

LONGEST_LABEL = 40  # characters; a longer name is cut, the tip has more of it
LONGEST_TIP = 1000  # Graphviz refuses strings beyond some 16 kB
MOST_EXPLAINED = 300  # items of a picture whose tips show every number of a step
MOST_OPERANDS = 40  # of a node whose formula a tip writes out
MOST_USES = 4  # products of its gradient, that a tip writes out
MOST_WAYS, LONGEST_WAY = 4, 12  # that are written out below the picture
LONGEST_FOLLOWED = 400
MOST_KINDS = 3  # of operations that a closed box counts


class Labels:
    """What each part of one picture says, as plain text."""

    def __init__(
        self,
        scene: Scene,
        names: Names,
        show: Collection[Show],
        digits: int,
        given: Collection[Value] = (),
    ) -> None:
        self.scene = scene
        self.names = names
        self.show = show
        self.digits = digits
        self.given = given
        self.write = Writer(Text(), names)
        self._boxes: dict[Group, list[str]] = {}
        self._numbers: dict[float, str] = {}  # as written before: a picture repeats many
        self.chains = Chains(names, digits)

    # --- a node -------------------------------------------------------------------------------

    def has_name(self, node: Value) -> bool:
        """True for what a reader speaks of: leaves, named nodes, the output."""
        return node.is_leaf or node.name is not None or node is self.scene.root

    def name(self, node: Value) -> str:
        """The name as text, cut where it is long."""
        return short(self.write.dialect.name(self.names(node)))

    def value(self, node: Value) -> str | None:
        """The value, None where the picture shows none."""
        return self.number(node.data) if "value" in self.show else None

    def gradient(self, node: Value) -> str | None:
        """The derivative of the output, None where the picture shows none: `given` has none."""
        if "grad" not in self.show or node in self.given:
            return None
        return self.number(self.scene.gradients[node])

    def number(self, value: float) -> str:
        """A number with the picture's digits."""
        written = self._numbers.get(value)
        if written is None:
            written = self._numbers[value] = self.write.number(value, self.digits)
        return written

    def sign(self, node: Value) -> str:
        """The operation with ▢ for its operands and its constants written out: 4 − ▢."""
        assert node.op is not None
        options = node.op.defaults.values()
        constants = [o for o in node.operands if isinstance(o, float)]
        if not constants or (len(node.operands) == 1 + len(options) and [*options] == constants):
            return _sign(node.op)
        if node.op.variadic:  # the zero bias of a dot product
            return short(_sign(node.op))
        operands = [
            Number(o) if isinstance(o, float) else Symbol(o.data, name="▢") for o in node.operands
        ]
        return short(self.write.write(application(node.op, *operands), self.digits))

    # --- tips ---------------------------------------------------------------------------------

    def tip(self, node: Value) -> str:
        """How the value and the gradient come about: the steps of both sweeps."""
        name = self.write.dialect.name(self.names(node)) if self.has_name(node) else ""
        if len(self.scene.items) > MOST_EXPLAINED:
            gradient = self.number(self.scene.gradients[node])
            lines = [f"{name or self.sign(node)}: {self.number(node.data)}, gradient {gradient}"]
        else:
            if len(node.operands) > MOST_OPERANDS:
                lines = [f"{name or self.sign(node)} = {self.number(node.data)}"]
            else:
                lines = [self._chain(name, self._formula(node), node.data)]
            if node not in self.given:
                root = self.write.dialect.name(self.names(self.scene.root))
                subject = f"d{root}/d{name or 'this'}"
                lines.append(self._chain(subject, self._flow(node), self.scene.gradients[node]))
        return short(printable("; ".join(lines)), LONGEST_TIP)

    def followed(self) -> str:
        """The derivative by the variable that the picture follows, as the sum over its paths."""
        node = self.scene.wrt
        assert node is not None
        root, name = (self.write.dialect.name(self.names(n)) for n in (self.scene.root, node))
        ways = _ways(self.scene, node)
        gradient = self.scene.gradients[node]
        if ways is None or node is self.scene.root:
            text = f"d{root}/d{name} = {self.number(gradient)}, the sum over the marked paths"
        else:
            products = [_product(way) for way in ways]
            total = products[0] if len(products) == 1 else application(TABLE["sum"], *products)
            text = self._chain(f"d{root}/d{name}", total, gradient)
            text += f", the {'one marked path' if len(ways) == 1 else 'sum over the marked paths'}"
        return printable(short(text, LONGEST_FOLLOWED))

    def _formula(self, node: Value) -> Expression:
        """The node's operation on its operands, those without a name as their values."""
        if node.op is None:
            return Number(node.data)
        operands = [
            Number(o)
            if isinstance(o, float)
            else Quantity(o.data, of=o if self.has_name(o) else None)
            for o in node.operands
        ]
        return application(node.op, *operands)

    def _flow(self, node: Value) -> Expression:
        """Upstream · local, summed over the node's uses."""
        uses = self.uses.get(node, [])
        if not 0 < len(uses) <= MOST_USES:
            return Number(self.scene.gradients[node])
        products = [_product([upstream, local], ones=True) for upstream, local in uses]
        return products[0] if len(products) == 1 else application(TABLE["sum"], *products)

    @cached_property
    def uses(self) -> dict[Value, list[tuple[float, float]]]:
        """For each drawn node the gradient of each operation that uses it, and its slope there."""
        found: dict[Value, list[tuple[float, float]]] = {node: [] for node in self.scene.drawn}
        for user in self.scene.order:
            for operand, local in zip(user.operands, user.partials, strict=True):
                if isinstance(operand, Value) and operand in found:
                    found[operand].append((self.scene.gradients[user], local))
        return found

    def _chain(self, subject: str, formula: Expression, value: float) -> str:
        """subject = formula = formula with numbers = value, which comes out as printed."""
        text = subject
        for part in self.chains.chain(None, formula, value).parts:
            written = self.write.write(part.formula, part.digits, part.numbers)
            relation = part.relation or ("=" if subject else "")
            text += f" {relation} {written}" if text else written
        return text

    # --- groups and the caption ---------------------------------------------------------------

    @property
    def root(self) -> str:
        """The output's name."""
        return self.name(self.scene.root)

    def kinds(self) -> list[str]:
        """What the numbers below a name are, for the legend."""
        value = ["value"] if "value" in self.show else []
        return value + ([f"after d the gradient of {self.root}"]
                        if "grad" in self.show else [])  # fmt: skip

    def box(self, group: Group) -> list[str]:
        """What stands in a closed box: its name, how many nodes it holds, which operations."""
        if group not in self._boxes:
            self._boxes[group] = self._box(group)
        return self._boxes[group]

    def _box(self, group: Group) -> list[str]:
        ops = Counter(_sign(node.op) for node in nodes_of(group) if node.op is not None)
        name = short(self.write.dialect.name(group.label) if group.kind == "array" else group.label)
        if group.kind == "array" and not ops:
            return [printable(name), f"{group.size:,} values"]
        lines = [printable(name)]
        if group.kind != "rest":
            lines.append(f"{group.size:,} nodes")
        if ops:
            counted = [f"{count:,} {sign}" for sign, count in ops.most_common(MOST_KINDS)]
            more = ", …" if len(ops) > MOST_KINDS else ""
            lines.append(", ".join(counted) + more)
        return lines


def _ways(scene: Scene, node: Value) -> list[list[float]] | None:
    """The local derivatives along each way from the output down to the node.

    None where there are more ways, or longer ones, than a line shows.
    """
    found: list[list[float]] = []
    waiting: list[tuple[Value, list[float]]] = [(scene.root, [])]
    while waiting:
        user, factors = waiting.pop()
        if user is node:
            found.append(factors)
        elif len(factors) == LONGEST_WAY:
            return None
        else:
            steps = [
                (operand, [*factors, local])
                for operand, local in zip(user.operands, user.partials, strict=True)
                if isinstance(operand, Value) and operand in scene.marked
            ]
            waiting += reversed(steps)
        if len(found) + len(waiting) > MOST_WAYS:
            return None
    return found


def _product(factors: list[float], ones: bool = False) -> Expression:
    """The product of the numbers; ones are left out unless they are wanted, or all there is."""
    kept = [Quantity(f) for f in factors if ones or f != 1.0] or [Quantity(1.0)]
    return kept[0] if len(kept) == 1 else application(TABLE["prod"], *kept)


def _sign(op: Op) -> str:
    return {"*": "×", "-": "−"}.get(op.infix or "", op.infix or op.symbol)


def printable(text: str) -> str:
    """The text without what would not be seen or would turn other text around."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def short(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text, cut at so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
