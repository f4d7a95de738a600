"""The forward mode: every value with its derivative by one variable, from the input to the output.

Such a pair is a dual number, y + ẏ·ε with ε² = 0. Where the backward sweep gives the derivative of
one output by every variable, this one gives the derivative of every quantity by one variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from autograd_core.expression import Derivative, Expression, Quantity, application
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.value import Value

from ..digits import rounded
from ..document import Row
from .budget import Listing
from .setting import Setting
from .sweeps import local_chain, scope_of

__all__ = ["tangent_listing"]


def tangent_listing(setting: Setting, by: Value) -> Listing:
    """dn/dx for each quantity n that depends on x: Σ ∂n/∂m·dm/dx over its operands m."""
    trace = setting.trace
    tangent: dict[Value, float] = {by: 1.0}
    for node in trace.computed:
        if node is not by and any(operand in tangent for operand in trace.operands(node)):
            tangent[node] = _formula(trace, node, by, tangent).value
    nodes = list(tangent)

    def row(i: int, most: int | None) -> Row:
        node = nodes[i]
        subject = Derivative(tangent[node], of=node, by=by)
        if node is by:
            return Row(chain=setting.chain(subject, Quantity(1.0), 1.0))
        operands = [operand for operand in trace.operands(node) if operand in tangent]
        return Row(
            label=(Quantity(node.data, of=node), " = ", _shown(setting, node)),
            chain=setting.chain(subject, _formula(trace, node, by, tangent), tangent[node]),
            aside=local_chain(setting, node, operands[0]) if len(operands) == 1 else None,
        )

    note = ("each value with its derivative by ", Quantity(by.data, of=by))
    return Listing("FORWARD MODE", [*map(scope_of, nodes)], [1] * len(nodes), row, note)


def _formula(trace: Trace, node: Value, by: Value, tangent: Mapping[Value, float]) -> Expression:
    """Σ ∂n/∂m·dm/dx over the operands m that depend on x."""
    direct = trace.direct(node)
    terms = [
        application(
            TABLE["mul"],
            Derivative(direct[operand][0], of=node, by=operand, direct=True),
            Derivative(tangent[operand], of=operand, by=by),
        )
        for operand in trace.operands(node)
        if operand in tangent
    ]
    return terms[0] if len(terms) == 1 else application(TABLE["sum"], *terms)


def _shown(setting: Setting, node: Value) -> Expression:
    """The value beside its name: a fraction, or so many digits as results have."""
    exact = setting.chains.exact(Quantity(node.data, of=node), node.data)[1]
    if isinstance(exact, Fraction):
        return Quantity(exact)
    return Quantity(rounded(node.data, setting.chains.digits))
