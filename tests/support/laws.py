"""The laws of a row, each a function of one `Op` that raises AssertionError where it is broken.

A law takes any row, so it can be turned on a wrong one: test_mutants.py does. The points are made
from the row's `domain`; what should come out there is computed from its `definition` alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
from mpmath import mp

from autograd_core import Value
from autograd_core.expression import Quantity, application
from autograd_core.op import Op, run
from autograd_core.spelled import local_derivatives
from tests.support import definitions
from tests.support.definitions import Point, is_normal, is_too_large, ulps

inf, nan = math.inf, math.nan

VALUE_ULPS = 4
PARTIAL_ULPS = 16
ARRAY_ULPS = 4
LARGEST_CONDITION = 1e4  # errors may be amplified by more, but more is not allowed for

# --- points -----------------------------------------------------------------------------------

_EASY = (
    0.0625, 0.1, 0.3, 0.5, 0.75, 0.999, 1.0, 1.001, 1.25, 2.0, 2.5, 3.0, 4.7, 7.0, 10.0, 19.5,
)  # fmt: skip
_HARD = (
    0.0, 1e-300, 3.7e-155, 1e-20, 2.0**-27, 1e-8, 1e-3, math.nextafter(1.0, 0.0),
    math.nextafter(1.0, 2.0), 20.0, 37.0, 177.4, 350.0, 700.0, 744.0, 1e5, 1e8, 2.0**53, 1e20,
    1.3e154, 1e300,
)  # fmt: skip
_ARITIES = (1, 2, 3, 5)  # of a row that takes any number of operands


def arities(op: Op) -> list[int]:
    """How many operands to try; a row such as `dot` has no meaning for an even number."""
    if not op.variadic:
        return [len(op.operand_names)]
    return [n for n in _ARITIES if n % 2 or _partials_at_two(op, n) == n]


def _partials_at_two(op: Op, n: int) -> int:
    """How many partials the row has at n operands of 2."""
    twos = [2.0] * n
    return len(op.partials(*twos, op.forward(*twos)))


def _intervals(op: Op, count: int) -> list[tuple[float, float]]:
    if op.domain and isinstance(op.domain[0], tuple):
        return list(op.domain)  # type: ignore[arg-type]
    return [op.domain] * count  # type: ignore[list-item]


def _inside(interval: tuple[float, float], numbers: tuple[float, ...]) -> list[float]:
    """These sizes with both signs, and scaled into the interval where it is a finite one."""
    low, high = interval
    found = [s * x for x in numbers for s in (1.0, -1.0)]
    if math.isfinite(low) and math.isfinite(high):
        found += [low + (high - low) * x / 21.0 for x in numbers]
    for end, other in ((low, high), (high, low)):
        if math.isfinite(end) and end != 0.0:
            found += [math.nextafter(end, other), end + math.copysign(1e-9, other - end)]
    return sorted({x for x in found if low < x < high})


@cache
def _points(
    name: str, intervals: tuple[tuple[float, float], ...], hard: bool, many: int
) -> tuple[Point, ...]:
    rnd = random.Random(name)
    easy = [_inside(interval, _EASY) for interval in intervals]
    if len(intervals) == 1:
        [numbers] = easy
        found = [(x,) for x in numbers]
        if hard:
            found += [(x,) for x in _inside(intervals[0], _HARD)]
            sizes = (rnd.uniform(1.0, 2.0) * 2.0 ** rnd.randint(-40, 8) for _ in range(many))
            found += [(x,) for x in _inside(intervals[0], tuple(sizes))]
        return tuple(found)
    found = [tuple(rnd.choice(xs) * rnd.choice((1.0, 1.0, rnd.uniform(0.9, 1.1))) for xs in easy)
             for _ in range(many)]  # fmt: skip
    for i, j in combinations(range(len(intervals)), 2):  # ties, where a row may have a kink
        tied = list(rnd.choice(found))
        tied[i] = tied[j]
        found.append(tuple(tied))
    found.append((1.25,) * len(intervals))
    for i in range(len(intervals)):  # a zero operand: branches and slopes at zero
        if intervals[i][0] < 0.0 < intervals[i][1]:
            for _ in range(2):
                point = list(rnd.choice(found))
                point[i] = 0.0
                found.append(tuple(point))
    if hard:
        extreme = [_inside(interval, _HARD) for interval in intervals]
        either = [a + b for a, b in zip(easy, extreme, strict=True)]
        found += [tuple(map(rnd.choice, either)) for _ in range(many)]
        found += [tuple(map(rnd.choice, extreme)) for _ in range(many // 2)]
    return tuple(
        point
        for point in found
        if all(low < x < high for x, (low, high) in zip(point, intervals, strict=True))
    )


def points(op: Op, hard: bool = True, many: int = 40) -> Iterator[Point]:
    """Points of the domain where the definition has a value."""
    for count in arities(op):
        intervals = tuple(_intervals(op, count))
        share = max(12, many // len(arities(op)))
        for point in _points(op.name, intervals, hard, share):
            if definitions.value(op, point) is not None and not _leaves_floats(point):
                yield point


def _leaves_floats(point: Point) -> bool:
    """True where products of some of many operands overflow although that of all does not."""
    sizes = [math.log10(abs(x)) for x in point if x]
    return len(point) > 2 and sum(map(abs, sizes)) > 300.0


def _kinks(op: Op, point: Point) -> tuple[float, ...]:
    return op.kinks(*point) if op.kinks else ()


def _stays_on_kinks(op: Op, point: Point, moving: tuple[int, ...]) -> bool:
    """True where moving these operands together leaves every kink that lies at the point zero."""
    at = [k == 0.0 for k in _kinks(op, point)]
    for step in (2.0**-20, -(2.0**-20)):
        moved = tuple(x + step * (abs(x) or 1.0) if i in moving else x for i, x in enumerate(point))
        if any(zero and k != 0.0 for zero, k in zip(at, _kinks(op, moved), strict=True)):
            return False
    return True


def _directions(op: Op, point: Point) -> Iterator[tuple[int, ...]]:
    """The single operands, and at a kink the pairs that move along it, where it has a slope."""
    alone = [(i,) for i in range(len(point))]
    at_kink = any(k == 0.0 for k in _kinks(op, point))
    for moving in alone + (list(combinations(range(len(point)), 2)) if at_kink else []):
        if not at_kink or _stays_on_kinks(op, point, moving):
            yield moving


def _shown(op: Op, point: Point) -> str:
    return f"{op.name}({', '.join(map(repr, point))})"


# --- the laws ---------------------------------------------------------------------------------


def value_matches_definition(op: Op) -> None:
    """The forward rule is within 4 ulp of the definition, times the condition number."""
    checked = 0
    for point in points(op):
        exact, got = definitions.value(op, point), op.forward(*point)
        where = f"{_shown(op, point)} is {mp.nstr(exact, 20)}, not {got!r}"
        assert type(got) is float, f"{_shown(op, point)} gives a {type(got).__name__}"
        if is_too_large(exact):
            assert got == math.copysign(inf, exact), where
        elif not is_normal(exact):
            assert abs(got) < 2.0**-1021, where
        elif (error := ulps(got, exact)) > VALUE_ULPS:
            amplified = min(definitions.condition(op, point), LARGEST_CONDITION)
            assert error <= VALUE_ULPS * amplified, f"{where}: {error:.3g} ulp"
        checked += 1
    assert checked >= 15, f"only {checked} points of {op.name} could be checked"


def partials_match_definition(op: Op) -> None:
    """Each partial is within 16 ulp of the definition's slope, times its condition number.

    At a kink the slopes along it count: those of operands that do not move it, and the sum of two
    that tie (so max(a, a) must have partials that add up to 1).
    """
    checked: set[int] = set()
    for point in points(op):
        if not is_normal(definitions.value(op, point)):
            continue
        partials = op.partials(*point, op.forward(*point))
        assert len(partials) == len(point), f"{_shown(op, point)} has {len(partials)} partials"
        for moving in _directions(op, point):
            exact = definitions.slope(op, point, *moving)
            if exact is None or not is_normal(exact):
                continue
            got = math.fsum(partials[i] for i in moving)
            assert isinstance(got, float)
            error = ulps(got, exact)
            if error > PARTIAL_ULPS:
                worst = max(definitions.slope_condition(op, point, i) for i in moving)
                worst = min(worst, LARGEST_CONDITION)
                assert error <= PARTIAL_ULPS * worst, (
                    f"the slope of {_shown(op, point)} in {moving} is {mp.nstr(exact, 20)}, "
                    f"not {got!r}: {error:.3g} ulp, condition {worst:.3g}"
                )
            checked.update(moving)
    assert checked == set(range(max(arities(op)))), f"{op.name}: only {checked} could be checked"


def rules_without_rounding_match_definition(op: Op) -> None:
    """`partials` and `spelled`, run at 60 digits, are the slopes of the definition.

    Only constants inside a rule (log 10) are floats; beyond their rounding nothing is allowed.
    """
    with mp.workprec(definitions.SIXTY_DIGITS):
        for point in points(op, hard=False):
            numbers = tuple(map(mp.mpf, point))
            output = mp.mpf(definitions.definition_of(op)(*numbers))
            for rule in (op.partials, op.spelled):
                found = rule(*numbers, output)
                for moving in _directions(op, point):
                    exact = definitions.slope(op, point, *moving)
                    if exact is None:
                        continue
                    got = mp.fsum(found[i] for i in moving)
                    # a constant rounded to 53 bits is amplified as a rounded operand would be
                    allowed = 2.0**-50 * abs(exact)
                    if exact and abs(got - exact) > allowed:
                        allowed *= max(definitions.slope_condition(op, point, i) for i in moving)
                    assert abs(got - exact) <= allowed + mp.ldexp(1, -160), (
                        f"a rule of {_shown(op, point)} gives {mp.nstr(got, 12)} in {moving}, "
                        f"the slope is {mp.nstr(exact, 12)}"
                    )


def partials_match_finite_differences(op: Op) -> None:
    """The partials agree with differences of the forward rule itself, on floats."""
    for point in points(op, hard=False):
        output = op.forward(*point)
        partials = op.partials(*point, output)
        if op.name == "detach":  # whose slope is no property of its values
            assert partials == (0.0,)
            continue
        for i, x in enumerate(point):
            h = 2.0**-17 * min(abs(x) or 1.0, 1.0)
            around = [(*point[:i], x + k * h, *point[i + 1 :]) for k in (-2, -1, 1, 2)]
            if not all(_same_side(op, point, other) for other in around):
                continue
            if not all(definitions.value(op, other) is not None for other in around):
                continue  # outside the domain
            far_low, low, high, far_high = (op.forward(*other) for other in around)
            measured = (8.0 * (high - low) - (far_high - far_low)) / (12.0 * h)
            scale = abs(partials[i]) + abs(output / (abs(x) or 1.0))
            assert abs(partials[i] - measured) <= 1e-7 * scale, (
                f"{_shown(op, point)}: partial {i} is {partials[i]!r}, measured {measured!r}"
            )


def _same_side(op: Op, point: Point, other: Point) -> bool:
    """True where no kink lies between the two points, nor at only one of them."""
    pairs = zip(_kinks(op, point), _kinks(op, other), strict=True)
    return all(a * b > 0.0 or a == b == 0.0 for a, b in pairs)


def second_derivatives_match_definition(op: Op) -> None:
    """The partials rule, run on Values, has the derivatives that the definition has."""
    for point in points(op, hard=False, many=16):
        values = [Value(x) for x in point]
        slopes = op.partials(*values, run(op, tuple(values)))
        for i, first in enumerate(slopes):
            for v in values:
                v.grad = 0.0
            if isinstance(first, Value):
                first.backward()
            for j, v in enumerate(values):
                if not all(_stays_on_kinks(op, point, (k,)) for k in (i, j)):
                    continue
                exact = definitions.second_slope(op, point, *sorted((i, j)))
                if exact is None:
                    continue
                size = abs(float(first if isinstance(first, float) else first.data))
                scale = size * (1.0 + 1.0 / (abs(point[j]) or 1.0))
                tolerance = 1e-12 * (abs(float(exact)) + scale)
                assert abs(v.grad - float(exact)) <= tolerance, (
                    f"{_shown(op, point)}: ∂²/∂{i}∂{j} is {mp.nstr(exact, 15)}, not {v.grad!r}"
                )


# --- one rule, every carrier ------------------------------------------------------------------

_EXTREME = (inf, -inf, nan, 0.0, -0.0, 1e308, -1e308, 5e-324, -5e-324, 1.0, -1.0, 2.5, -3.0)


def extreme_points(op: Op) -> Iterator[Point]:
    """Infinities, NaN, both zeros, huge and denormal numbers, inside the domain or not."""
    rnd = random.Random(op.name)
    for count in arities(op):
        if count <= 2:
            yield from product(_EXTREME, repeat=count)
        else:
            yield from (tuple(rnd.choices(_EXTREME, k=count)) for _ in range(150))


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def _all_same(xs: Any, ys: Any) -> bool:
    return len(xs) == len(ys) and all(map(_same, xs, ys))


def values_equal_floats(op: Op) -> None:
    """A node holds exactly what the rules give on floats, whichever operands are constants."""
    for n, point in enumerate((*points(op), *extreme_points(op))):
        output = op.forward(*point)
        partials = op.partials(*point, output)
        values = tuple(map(Value, point))
        pairs = enumerate(zip(point, values, strict=True))
        mixed = tuple(x if (n + i) % 2 else v for i, (x, v) in pairs)
        for operands in (values, mixed) if any(isinstance(o, Value) for o in mixed) else (values,):
            node = run(op, operands)
            assert type(node) is Value
            assert node.op is op
            for kept, given in zip(node.operands, operands, strict=True):
                assert kept is given or (type(kept) is float and _same(kept, given))
            assert _same(node.data, output), f"{_shown(op, point)}: {node.data!r} as a Value"
            assert _all_same(node.partials, partials), f"{_shown(op, point)}: {node.partials}"


def _columns(op: Op, rows: Iterator[Point]) -> Iterator[tuple[list[Point], list[np.ndarray]]]:
    by_count: dict[int, list[Point]] = {}
    for point in rows:
        by_count.setdefault(len(point), []).append(point)
    for group in by_count.values():
        yield group, list(np.array(group).T)


def arrays_equal_floats(op: Op) -> None:
    """An array of Values holds exactly the floats; an array of floats lies within a few ulp."""
    for rows in (points(op), extreme_points(op)):
        for group, columns in _columns(op, rows):
            exact = [op.forward(*point) for point in group]
            nodes = run(op, tuple(np.array(list(map(Value, c)), dtype=object) for c in columns))
            assert _all_same([node.data for node in nodes], exact), f"{op.name} on Values"
            numbers = run(op, tuple(columns))
            assert numbers.dtype == np.float64
            for point, got, expected in zip(group, numbers.tolist(), exact, strict=True):
                assert _close(got, expected, ARRAY_ULPS), (
                    f"{_shown(op, point)} is {expected!r}, in an array {got!r}"
                )


def rules_on_arrays_equal_floats(op: Op) -> None:
    """The partials rule gives on arrays, element by element, what it gives on floats."""
    for group, columns in _columns(op, points(op, hard=False)):
        output = np.array([op.forward(*point) for point in group])
        found = [np.broadcast_to(p, output.shape) for p in op.partials(*columns, output)]
        for n, point in enumerate(group):
            for got, expected in zip(found, op.partials(*point, output[n].item()), strict=True):
                # the rows inside a rule are within a few ulp each, and there may be several
                assert _close(got[n].item(), expected, 64), (
                    f"a partial of {_shown(op, point)} is {expected!r}, in an array {got[n]!r}"
                )


def _close(a: float, b: float, how_many_ulps: int) -> bool:
    if _same(a, b):
        return True
    return math.isfinite(a) and math.isfinite(b) and abs(a - b) <= how_many_ulps * math.ulp(b)


def symbols_carry_the_number(op: Op) -> None:
    """A formula of the row has the row's value; a printed derivative the partial's."""
    for point in points(op, hard=False):
        operands = tuple(Quantity(x, of=object()) for x in point)
        whole = application(op, *operands)
        assert _same(whole.value, op.forward(*point)), f"{_shown(op, point)}: {whole.value!r}"
        output = Quantity(whole.value, of=object())
        partials = op.partials(*point, whole.value)
        for i, formula in enumerate(local_derivatives(op, operands, output)):
            # 1 − y² has lost the digits that the partial still has: hence the second term
            tolerance = 1e-13 * abs(partials[i]) + 8.0 * math.ulp(1.0 + abs(whole.value) ** 2)
            if abs(formula.value - partials[i]) > tolerance:
                tolerance *= min(definitions.slope_condition(op, point, i), LARGEST_CONDITION)
            assert abs(formula.value - partials[i]) <= tolerance, (
                f"{_shown(op, point)}: partial {i} is {partials[i]!r}, printed {formula.value!r}"
            )


# --- totality ---------------------------------------------------------------------------------


def rules_are_total(op: Op) -> None:
    """No operand makes a rule raise, and there is one float partial per operand."""
    for point in (*extreme_points(op), *points(op)):
        output = op.forward(*point)
        assert type(output) is float, f"{_shown(op, point)} gives a {type(output).__name__}"
        for rule in (op.partials, op.spelled):
            found = rule(*point, output)
            assert isinstance(found, tuple), f"a rule of {op.name} gives no tuple"
            assert len(found) == len(point)
            assert all(type(p) is float for p in found), f"{_shown(op, point)}: {found}"


def kinks_are_total(op: Op) -> None:
    """The quantities that vanish at a kink can be computed wherever the row can."""
    for point in extreme_points(op):
        assert all(isinstance(k, float) for k in _kinks(op, point)), _shown(op, point)


def nan_propagates(op: Op) -> None:
    """A NaN operand gives NaN unless the value does not depend on that operand.

    As in IEEE 754, where 1 to the power NaN is 1. An operand with no slope anywhere is only
    compared with something (`equal`, the condition of `where`), and NaN compares as unequal.
    """
    for point in points(op, hard=False, many=12):
        for i in range(len(point)):
            poisoned = (*point[:i], nan, *point[i + 1 :])
            got = op.forward(*poisoned)
            if got != got or _only_compared(op, i, len(point)):
                continue
            others = [(*point[:i], x, *point[i + 1 :]) for x in (*_EASY, -1.0, -2.5, inf, -inf)]
            assert all(op.forward(*other) == got for other in others), (
                f"{_shown(op, poisoned)} is {got!r}, though it depends on operand {i}"
            )


def _only_compared(op: Op, i: int, count: int) -> bool:
    return all(
        definitions.slope(op, point, i) in (0, None)
        for point in points(op, hard=False, many=12)
        if len(point) == count
    )


def ties_share_equally(op: Op) -> None:
    """k operands that tie for the maximum get 1/k each: a convention of `max` and `min` alone."""
    for count in (2, 3, 4, 7):
        for point in product((-1.5, 0.0, 1.5), repeat=count) if count < 5 else [(2.0,) * count]:
            output = op.forward(*point)
            share = 1.0 / point.count(output)
            expected = tuple(share if x == output else 0.0 for x in point)
            assert op.partials(*point, output) == expected, _shown(op, point)


LAWS: tuple[Callable[[Op], None], ...] = (
    value_matches_definition,
    partials_match_definition,
    rules_without_rounding_match_definition,
    partials_match_finite_differences,
    second_derivatives_match_definition,
    values_equal_floats,
    arrays_equal_floats,
    rules_on_arrays_equal_floats,
    symbols_carry_the_number,
    rules_are_total,
    kinks_are_total,
    nan_propagates,
)
