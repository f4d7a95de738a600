"""Derivatives written out along the ways that lead from one quantity down to another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from autograd_core.expression import Derivative, Expression, Quantity, application
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.value import Value

from .document import Row
from .setting import Setting
from .sweeps import local_chain

__all__ = ["asked_rows"]

MOST_PATHS = 32


def asked_rows(setting: Setting) -> Iterator[Row]:
    """The derivatives that a worksheet asks for besides those of its output."""
    for of, by in setting.sheet.derivatives if setting.sheet else ():
        yield derivative_row(setting, of, by)


def derivative_row(setting: Setting, of: Value, by: Value) -> Row:
    """d of / d by as the sum over paths of products of local derivatives."""
    paths = list(paths_between(setting.trace, of, by))
    subject = Derivative(0.0, of=of, by=by)
    if len(paths) > MOST_PATHS:
        total = Trace(of, [by]).adjoint(by)
        words = (f"the sum over more than {MOST_PATHS} paths",)
        return Row(chain=setting.chain(subject, Quantity(total), total), words=words)
    formula = sum_over_paths(setting.trace, paths)
    chain = setting.chain(subject, formula, formula.value)
    if len(paths) == 1 and len(paths[0]) == 2:  # one edge: nothing else shows its derivative
        local = local_chain(setting, of, by)
        if len(local.parts) > 1 or local.reasons:
            return Row(chain=chain, aside=local)
    return Row(chain=chain)


def sum_over_paths(trace: Trace, paths: list[list[Value]]) -> Expression:
    """Σ over the paths of Π of the local derivatives along each."""
    products = [_product(trace, path) for path in paths]
    return products[0] if len(products) == 1 else application(TABLE["sum"], *products)


def _product(trace: Trace, path: list[Value]) -> Expression:
    factors = [
        Derivative(trace.direct(of)[by][0], of=of, by=by, direct=True) for of, by in pairwise(path)
    ]
    return factors[0] if len(factors) == 1 else application(TABLE["prod"], *factors)


def paths_between(trace: Trace, of: Value, by: Value) -> Iterator[list[Value]]:
    """Every way from `of` down to `by` along landmarks, up to one more than can be shown."""
    leads = {by}
    for node in trace.landmarks:
        if not node.is_leaf and any(n in leads for n in trace.direct(node)):
            leads.add(node)
    found = 0
    waiting = [[of]]
    while waiting and found <= MOST_PATHS:
        path = waiting.pop()
        if path[-1] is by:
            found += 1
            yield path
            continue
        below = [n for n in trace.direct(path[-1]) if n in leads]
        waiting.extend([*path, node] for node in reversed(below))
