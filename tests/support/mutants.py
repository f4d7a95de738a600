"""Rows with one mistake in them, made from a right row: the laws must catch every one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from autograd_core.op import Op
from autograd_core.table import TABLE
from tests.support.laws import points

Rule = Callable[..., Any]

_WRONG = (("of the other sign", -1.0), ("0.1 % too large", 1.001), ("zero", 0.0))


def altered(op: Op, **columns: Any) -> Op:
    """The row with some of its columns replaced; operand names and defaults stay."""
    kind = next(kind for kind in type(op).__mro__ if kind.__init__ is Op.__init__)
    copy: Op = object.__new__(kind)  # the class in Python: an engine's own rules do not apply
    for name in Op.__slots__:
        setattr(copy, name, columns.get(name, getattr(op, name)))
    return copy


def mutants(op: Op) -> Iterator[tuple[str, Op]]:
    """Each mutant with what is wrong in it. A partial that is zero everywhere has none."""
    yield "value 0.1 % too large", altered(op, forward=_scaled_forward(op, 1.001))
    yield "value of the other sign", altered(op, forward=_scaled_forward(op, -1.0))
    sample = [(p, op.partials(*p, op.forward(*p))) for p in points(op, hard=False)]
    count = max(len(p) for p, _ in sample)
    for i in range(count):
        if not any(len(p) > i and partials[i] for p, partials in sample):
            continue
        for what, factor in _WRONG:
            yield f"partial {i} {what}", altered(op, partials=_scaled(op.partials, i, factor))
            if op.spelled is not op.partials:
                yield f"spelled {i} {what}", altered(op, spelled=_scaled(op.spelled, i, factor))
    for i, j in combinations(range(count), 2):
        if any(len(p) > j and partials[i] != partials[j] for p, partials in sample):
            yield f"partials {i} and {j} swapped", altered(op, partials=_swapped(op.partials, i, j))
        if any(len(p) > j and _matters(op, p, _exchange(p, i, j)) for p, _ in sample):
            yield f"operands {i} and {j} swapped", altered(op, forward=_swapped_forward(op, i, j))
    if any(0.0 < p < 1.0 and p == 1.0 / 2 for _, partials in sample for p in partials) and op.kinks:
        for what, wrong in (("takes all", 1.0), ("takes none", 0.0)):
            yield f"a tie {what}", altered(op, partials=_unshared(op.partials, wrong))


def _scaled_forward(op: Op, factor: float) -> Rule:
    # relative to the value, but also wrong where the value is zero or a step between zeros
    return lambda *xs: op.forward(*xs) * factor


def _scaled(rule: Rule, i: int, factor: float) -> Rule:
    def wrong(*xs: Any) -> Any:
        found = rule(*xs)
        return tuple(p * factor if k == i else p for k, p in enumerate(found))

    return wrong


def _exchange(xs: tuple[Any, ...], i: int, j: int) -> tuple[Any, ...]:
    if len(xs) <= j:
        return xs
    ys = list(xs)
    ys[i], ys[j] = xs[j], xs[i]
    return tuple(ys)


def _matters(op: Op, point: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """True where the two points differ by more than the order of a sum's roundings."""
    return not math.isclose(op.forward(*point), op.forward(*other), rel_tol=1e-9, abs_tol=1e-9)


def _swapped(rule: Rule, i: int, j: int) -> Rule:
    return lambda *xs: _exchange(rule(*xs), i, j)


def _swapped_forward(op: Op, i: int, j: int) -> Rule:
    return lambda *xs: op.forward(*_exchange(xs, i, j))


def _unshared(rule: Rule, wrong: float) -> Rule:
    """Every shared part of the gradient replaced: `wrong` instead of 1/2, 1/3, …"""
    shared = TABLE["where"]
    equal = TABLE["equal"]

    def rule_without_shares(*xs: Any) -> Any:
        found = rule(*xs)
        return tuple(shared(equal(p, 0.0) + equal(p, 1.0), p, wrong) for p in found)

    return rule_without_shares
