"""Derivatives of second and higher order, written out like the first: on the graph of the gradient.

dL/dx is computed by nodes of its own, named L_x; a trace of L_x then shows how it is computed and
how it changes with y, which is d²L/(dx dy).
"""

from __future__ import annotations

from autograd_core.check import check_leaves
from autograd_core.expression import Derivative, Number, Quantity, tidied
from autograd_core.graph import topological_order
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.transforms import gradient_graph
from autograd_core.value import Value

from .document import Row, Section, Words
from .setting import Setting
from .sweeps import gradient_row
from .verdicts import verdict_row

__all__ = ["higher_section"]


def higher_section(setting: Setting, of: Value, *by: Value) -> Section:
    """d of / d by₁ d by₂ …, with the gradient's own forward and backward sweep."""
    slope, note = of, list[Words]()
    for variable in by[:-1]:
        before = slope
        slope = _named_slope(setting, slope, variable)
        note.append((Quantity(0.0, of=slope), " = ", Derivative(0.0, of=before, by=variable)))
    sweep = Trace(slope, [by[-1]] if by[-1] in topological_order(slope) else [])
    setting.names.extend(sweep.landmarks)
    inner = Setting(sweep, None, setting.names, setting.chains)
    known = {*setting.trace.landmarks, *setting.written}
    setting.written.update(sweep.landmarks)
    rows = []
    for step in sweep.forward():
        if step.node not in known:
            subject = Quantity(step.value, of=step.node)
            rows.append(Row(chain=setting.chain(subject, tidied(step.formula), step.value)))
    if sweep.wrt:
        for node, places in sweep.reached:
            rows.append(gradient_row(inner, None, node, places, None))
        [check] = check_leaves(slope, [by[-1]])
        rows.append(verdict_row(inner, check, by[-1]))
    else:
        rows += _constant(setting, slope, by[-1])
    words = tuple(word for i, item in enumerate(note) for word in ((", ",) if i else ()) + item)
    return Section("HIGHER ORDER", words, tuple(rows))


def _constant(setting: Setting, slope: Value, by: Value) -> list[Row]:
    """The derivative of what does not depend on the variable: of 3·x the second one by x."""
    zero = setting.chain(Derivative(0.0, of=slope, by=by), Number(0.0), 0.0)
    why: Words = (Quantity(0.0, of=slope), " does not depend on ", Quantity(0.0, of=by))
    rows = [Row(chain=zero, words=why)]
    if slope.is_leaf:
        value = Quantity(slope.data, of=slope)
        rows.insert(0, Row(chain=setting.chain(value, Number(slope.data), slope.data)))
    return rows


def _named_slope(setting: Setting, of: Value, by: Value) -> Value:
    """The node of d of / d by, named L_x; of L_x by y, L_xy. Several sections share it."""
    if (of, by) not in setting.slopes:
        setting.slopes[of, by] = _slope(of, by)
    return setting.slopes[of, by]


def _slope(of: Value, by: Value) -> Value:
    slope = gradient_graph(of, {by}, lambda op: op.spelled).get(by, 0.0)
    if not isinstance(slope, Value):
        slope = Value(float(slope))
    if slope.name is not None:
        slope = TABLE["identity"](slope)
    assert isinstance(slope, Value)
    return slope.named(f"{of.name}{'' if '_' in str(of.name) else '_'}{by.name}")
