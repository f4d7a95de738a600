"""Derivatives of second and higher order, written out like the first: on the graph of the gradient.

dL/dx is computed by nodes of its own, named L_x; a trace of L_x then shows how it is computed and
how it changes with y, which is d²L/(dx dy).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograd_core.check import check_leaves
from autograd_core.expression import Derivative, Expression, Quantity, tidied
from autograd_core.graph import topological_order
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.transforms import gradient_graph
from autograd_core.value import Value

from ..document import Chain, Row
from .budget import Listing
from .chains import Chains
from .setting import Setting
from .sweeps import gradient_row, scope_of
from .verdicts import verdict_row

__all__ = ["higher_listing"]


def higher_listing(setting: Setting, of: Value, *by: Value) -> Listing:
    """d of / d by₁ d by₂ …, with the gradient's own forward and backward sweep."""
    slope, slopes, note = of, list[Value](), list[str | Expression]()
    for variable in by[:-1]:
        before = slope
        slope = _named_slope(setting, slope, variable)
        slopes.append(slope)
        note += [", "] * bool(note)
        note += [Quantity(0.0, of=slope), " = ", Derivative(0.0, of=before, by=variable)]
    depends = by[-1] in topological_order(slope)
    sweep = Trace(slope, [by[-1]] if depends else [], also=slopes)
    setting.names.extend(sweep.landmarks)
    known = {*setting.trace.landmarks, *setting.written}
    setting.written.update(sweep.landmarks)
    chains = setting.chains.reading(sweep)
    chains = _Tidied(chains.names, chains.digits, chains.rationals)
    inner = Setting(sweep, None, setting.names, chains)
    computed = [node for node in sweep.landmarks if node not in known]
    reached = sweep.reached if depends else []

    def row(i: int, most: int | None) -> Row:
        if i < len(computed):
            node = computed[i]
            subject = Quantity(node.data, of=node)
            return Row(chain=inner.chain(subject, _formula(sweep, node), node.data))
        if i < len(computed) + len(reached):
            return gradient_row(inner, None, *reached[i - len(computed)], most)
        return _verdict(inner, by[-1]) if depends else _nothing(inner, by[-1])

    sizes = [len(places) + 2 if len(places) > 1 else 1 for _, places in reached]
    scopes = [*map(scope_of, (*computed, *(node for node, _ in reached))), ""]
    return Listing("HIGHER ORDER", scopes, [*[1] * len(computed), *sizes, 1], row, tuple(note))


def _verdict(inner: Setting, by: Value) -> Row:
    [check] = check_leaves(inner.root, [by])
    return replace(verdict_row(inner, check, by), label=(), chain=Chain(inner.derivative(by), ()))


def _nothing(inner: Setting, by: Value) -> Row:
    slope = inner.root
    words = (Quantity(0.0, of=slope), " does not depend on ", Quantity(0.0, of=by))
    return Row(chain=inner.chain(Derivative(0.0, of=slope, by=by), Quantity(0.0), 0.0), words=words)


class _Tidied(Chains):
    """Chains of formulas that nobody typed: those of a gradient's own nodes."""

    def chain(
        self,
        subject: Expression | None,
        formula: Expression,
        value: Any,
        link: str = "=",
        reasons: bool = False,
    ) -> Chain:
        return super().chain(subject, tidied(formula), value, link, reasons)


def _formula(sweep: Trace, node: Value) -> Expression:
    """What a node is computed from; of a constant slope the number."""
    return Quantity(node.data) if node.is_leaf else sweep.formula(node)


def _named_slope(setting: Setting, of: Value, by: Value) -> Value:
    """The node of d of / d by, named L_x; of L_x by y, L_xy. Several sections share it."""
    if (of, by) not in setting.slopes:
        name = f"{setting.names(of)}{'' if '_' in setting.names(of) else '_'}{setting.names(by)}"
        setting.slopes[of, by] = _slope(of, by).named(name)
        setting.names.extend([setting.slopes[of, by]])
    return setting.slopes[of, by]


def _slope(of: Value, by: Value) -> Value:
    """d of / d by as a node that has no name yet."""
    slope = gradient_graph(of, {by}, lambda op: op.spelled).get(by, 0.0)
    if not isinstance(slope, Value):
        slope = Value(float(slope))
    if slope.name is not None:
        slope = TABLE["identity"](slope)
    assert isinstance(slope, Value)
    return slope
