"""A derivative from both ends, so that the effect of one wrong local derivative costs no sweep.

    d of / d by  changes by  (d of / d node) · (Σ cᵢ·(d operandᵢ / d by) − d node / d by)

where the node's local derivatives are taken to be cᵢ. Mistakes made at several places, or in the
forward pass already, need a sweep of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_core.backward import adjoints
from autograd_core.graph import topological_order
from autograd_core.table import TABLE
from autograd_core.value import Value

from .misreading import Rule

__all__ = ["ChainRule", "Form", "evaluate_misread"]

Form = Sequence[tuple[Value, float]]  # d node = Σ cᵢ · d operandᵢ
_flow = TABLE["flow"].forward


class ChainRule:
    """d of / d by, with `upstream` (d of / d node) and `tangent` (d node / d by) of every node.

    >>> x = Value(3.0); y = x * x; chain = ChainRule(y + x, x)
    >>> chain.total, chain.altered(y, [(x, 3.0)])
    (7.0, 4.0)
    """

    def __init__(self, of: Value, by: Value) -> None:
        self.of = of
        self.by = by
        self.order = topological_order(of)
        self.upstream = adjoints(of)
        self.tangent = self._tangents({}, {})
        self.total = self.tangent[of]

    def altered(self, node: Value, form: Form) -> float:
        """The derivative, were the node's local derivatives those of the form."""
        change = self._apply(form, self.tangent) - self.tangent[node]
        return self.total + _flow(self.upstream[node], change)

    def altered_everywhere(self, forms: Mapping[Value, Form]) -> float:
        """The derivative with several nodes altered: another forward-mode sweep."""
        return self._tangents(forms, {})[self.of]

    def with_partials(self, partials: Mapping[Value, Sequence[float]]) -> float:
        """The derivative with other partials of some nodes, one for each operand."""
        return self._tangents({}, partials)[self.of]

    def _tangents(
        self, forms: Mapping[Value, Form], partials: Mapping[Value, Sequence[float]]
    ) -> dict[Value, float]:
        tangent: dict[Value, float] = {}
        for node in self.order:
            if node is self.by:
                tangent[node] = 1.0
            elif node in forms:
                tangent[node] = self._apply(forms[node], tangent)
            else:
                slopes = partials.get(node, node.partials)
                total = 0.0
                for operand, slope in zip(node.operands, slopes, strict=True):
                    if not isinstance(operand, float):
                        total += _flow(tangent[operand], slope)
                tangent[node] = total
        return tangent

    def _apply(self, form: Form, tangent: Mapping[Value, float]) -> float:
        return sum(_flow(tangent[operand], slope) for operand, slope in form)


def evaluate_misread(
    order: Sequence[Value],
    misread: Mapping[Value, Rule],
    leaves: Mapping[Value, float] | None = None,
) -> tuple[dict[Value, float], dict[Value, tuple[float, ...]]]:
    """The values and partials that follow where nodes are misread, or leaves have other numbers.

    Only what differs from the graph's own is in the results.
    """
    values: dict[Value, float] = dict(leaves or {})
    partials: dict[Value, tuple[float, ...]] = {}
    for node in order:
        if node.op is None:
            continue
        wrong = misread.get(node)
        if wrong is None and not any(type(o) is not float and o in values for o in node.operands):
            continue
        numbers = [o if isinstance(o, float) else values.get(o, o.data) for o in node.operands]
        forward = wrong.forward if wrong and wrong.forward else node.op.forward
        values[node] = result = forward(*numbers)
        rule = wrong.partials if wrong else node.op.partials
        partials[node] = tuple(rule(*numbers, result))
    return values, partials
