"""Derivatives written out along the ways that lead from one quantity down to another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from autograd_core.backward import adjoints
from autograd_core.expression import Derivative, Expression, Number, Quantity, application
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.value import Value

from ..digits import AS_TYPED, RESULT_DIGITS, half_unit, rounded
from ..document import Row, Section, Table, Words
from .setting import Setting
from .sweeps import local_chain

__all__ = ["asked_rows", "route_section"]

MOST_PATHS = 32
Adjoints = Mapping[Value, float]


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


def route_section(setting: Setting, of: Value, by: Value, terms: list[Value]) -> Section:
    """Every way from `of` down to `by`, one line each and their sum; or by terms and uses."""
    subject = Derivative(0.0, of=of, by=by)
    rows = _by_terms(setting, of, by, terms) if terms else _one_by_one(setting, of, by)
    return Section("PATHS", (subject,), tuple(rows))


def _one_by_one(setting: Setting, of: Value, by: Value) -> Iterator[Row]:
    paths = list(paths_between(setting.trace, of, by))
    if len(paths) > MOST_PATHS:
        count = number_of_paths(setting.trace, of, by)
        yield Row(words=(f"{count:,} paths; at most {MOST_PATHS} are written out",))
        return
    products = [_product(setting.trace, path) for path in paths]
    for path, product in zip(paths, products, strict=True):
        label = [Quantity(0.0, of=node) for node in path]
        words = [word for node in label for word in (" → ", node)][1:]
        yield Row(label=tuple(words), chain=setting.chain(None, product, product.value))
    total = setting.chains.sum_of(products)
    yield Row(label=("sum",), chain=setting.chain(None, total, total.value))


def _by_terms(setting: Setting, of: Value, by: Value, terms: list[Value]) -> Iterator[Row]:
    """A table of contributions, a row for each term and a column for each use of `by`."""
    trace = setting.trace
    outer = adjoints(of)
    uses = [n for n in trace.landmarks if n in outer and not n.is_leaf and by in trace.operands(n)]
    below = [adjoints(term) for term in terms]
    entries: list[Row] = []
    values: list[list[Any]] = []
    for term, inner in zip(terms, below, strict=True):
        values.append([_entry(setting, (of, term, use, by), outer, inner) for use in uses])
        entries += _entries(setting, of, term, [u for u in uses if u in inner], by)
    if not all(isinstance(value, Fraction) for row in values for value in row):
        values = [[*map(float, row)] for row in values]
    columns = list(zip(*values, strict=True))
    sums = [*map(sum, values)], [*map(sum, columns)]
    total = sum(sums[0])
    # the total has the fewest digits, what adds up to it more until it does, and so on inwards
    of_sums = _digits(sums, RESULT_DIGITS)
    of_entries = _digits([*values, *columns], of_sums)
    cells = [
        (*(_cell(x, of_entries) for x in row), _cell(sum(row), of_sums)) for row in values
    ]
    cells.append((*(_cell(x, of_sums) for x in sums[1]), _cell(total, RESULT_DIGITS)))
    heads: list[Words] = [*((_name(term),) for term in terms), ("sum",)]
    table = Table(
        (Derivative(0.0, of=of, by=by),),
        (*(("through ", _name(use)) for use in uses), ("sum",)),
        tuple(zip(heads, cells, strict=True)),
    )
    if any(inner.keys() & {*terms[:i], *terms[i + 1 :]} for i, inner in enumerate(below)):
        yield Row(words=("one of these terms leads to another: ways through both count twice",))
    elif not math.isclose(total, outer.get(by, 0.0), rel_tol=1e-9, abs_tol=1e-12):
        yield Row(words=("not all ways lead through these terms",))
    yield Row(table=table)
    if len(entries) <= MOST_PATHS:
        yield from entries


def _entry(
    setting: Setting, way: Sequence[Value], outer: Adjoints, inner: Adjoints
) -> float | Fraction:
    """dL/dterm · dterm/duse · ∂use/∂w, as a fraction where these are wanted."""
    of, term, use, by = way
    formula = application(
        TABLE["prod"],
        Derivative(outer.get(term, 0.0), of=of, by=term),
        Derivative(inner.get(use, 0.0), of=term, by=use),
        Derivative(setting.trace.direct(use)[by][0], of=use, by=by, direct=True),
    )
    value: float | Fraction = setting.chains.exact(formula, formula.value)[1]
    return value


def _entries(
    setting: Setting, of: Value, term: Value, uses: list[Value], by: Value
) -> Iterator[Row]:
    """Each entry of the table as a product along its way, a sum of products along several."""
    for use in uses:
        ways = [
            [*above[:-1], *below, by]
            for above in paths_between(setting.trace, of, term)
            for below in paths_between(setting.trace, term, use)
        ]
        if 0 < len(ways) <= MOST_PATHS:
            formula = sum_over_paths(setting.trace, ways)
            label = (Quantity(0.0, of=term), " through ", Quantity(0.0, of=use))
            yield Row(label=label, chain=setting.chain(None, formula, formula.value))


def _name(node: Value) -> Expression:
    return Quantity(0.0, of=node)


def _cell(value: Any, digits: int) -> Words:
    return (Quantity(value if isinstance(value, Fraction) else rounded(value, digits)),)


def _digits(lines: Sequence[Sequence[Any]], of_sum: int) -> int:
    """The fewest digits at which the entries of each line add up to its sum as printed."""
    for digits in range(of_sum, AS_TYPED):
        if all(_adds_up(line, digits, of_sum) for line in lines):
            return digits
    return AS_TYPED


def _adds_up(line: Sequence[Any], digits: int, of_sum: int) -> bool:
    if all(isinstance(value, Fraction) for value in line):
        return True
    shown = rounded(sum(line), of_sum)
    return abs(sum(rounded(value, digits) for value in line) - shown) <= half_unit(shown)


def number_of_paths(trace: Trace, of: Value, by: Value) -> int:
    """How many ways lead from `of` down to `by` along landmarks."""
    ways = {by: 1}
    for node in trace.landmarks:
        if node not in ways:
            ways[node] = sum(ways.get(operand, 0) for operand in trace.operands(node))
    return ways[of]


def sum_over_paths(trace: Trace, paths: list[list[Value]]) -> Expression:
    """Σ over the paths of Π of the local derivatives along each."""
    products = [_product(trace, path) for path in paths]
    return products[0] if len(products) == 1 else application(TABLE["sum"], *products)


def _product(trace: Trace, path: list[Value]) -> Expression:
    factors = [
        Derivative(trace.direct(of)[by][0], of=of, by=by, direct=True) for of, by in pairwise(path)
    ]
    if not factors:  # a quantity by itself
        return Number(1.0)
    return factors[0] if len(factors) == 1 else application(TABLE["prod"], *factors)


def paths_between(trace: Trace, of: Value, by: Value) -> Iterator[list[Value]]:
    """Every way from `of` down to `by` along landmarks, up to one more than can be shown.

    At a fork in the order in which the quantities are computed: through q[0], q[1], q[2].
    """
    leads: dict[Value, int] = {}
    for i, node in enumerate(trace.landmarks):
        if node is by or (not node.is_leaf and any(n in leads for n in trace.direct(node))):
            leads[node] = i
    found = 0
    waiting = [[of]]
    while waiting and found <= MOST_PATHS:
        path = waiting.pop()
        if path[-1] is by:
            found += 1
            yield path
            continue
        below = sorted((n for n in trace.direct(path[-1]) if n in leads), key=leads.__getitem__)
        waiting.extend([*path, node] for node in reversed(below))
