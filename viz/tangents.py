"""The forward mode: every value with its derivative by one variable, from the input to the output.

Such a pair is a dual number, y + ẏ·ε with ε² = 0. Where the backward sweep gives the derivative of
one output by every variable, this one gives the derivative of every quantity by one variable.
"""

from __future__ import annotations

from autograd_core.expression import Derivative, Expression, Quantity, application
from autograd_core.table import TABLE
from autograd_core.value import Value

from .chains import FEWEST_DIGITS
from .digits import rounded
from .document import Row, Section
from .setting import Setting

__all__ = ["tangent_section"]


def tangent_section(setting: Setting, by: Value) -> Section:
    """dn/dx for each quantity n that depends on x: Σ ∂n/∂m·dm/dx over its operands m."""
    trace = setting.trace
    tangent: dict[Value, float] = {by: 1.0}
    rows = [Row(chain=setting.chain(Derivative(1.0, of=by, by=by), Quantity(1.0), 1.0))]
    for node in trace.computed:
        terms: list[Expression] = []
        local: Expression | None = None
        for operand in trace.operands(node):
            if operand in tangent:
                slope, local = trace.direct(node)[operand]
                direct = Derivative(slope, of=node, by=operand, direct=True)
                carried = Derivative(tangent[operand], of=operand, by=by)
                terms.append(application(TABLE["mul"], direct, carried))
        if not terms:
            continue
        formula = terms[0] if len(terms) == 1 else application(TABLE["sum"], *terms)
        tangent[node] = formula.value
        subject = Derivative(formula.value, of=node, by=by)
        aside = None
        if len(terms) == 1 and local is not None:
            assert isinstance(direct.value, float)
            aside = setting.chain(direct, local, direct.value, reasons=True)
        shown = Quantity(float(rounded(node.data, FEWEST_DIGITS)))
        rows.append(Row(
            label=(Quantity(node.data, of=node), " = ", shown),
            chain=setting.chain(subject, formula, formula.value),
            aside=aside,
        ))  # fmt: skip
    note = ("each value with its derivative by ", Quantity(by.data, of=by))
    return Section("FORWARD MODE", note, tuple(rows))
