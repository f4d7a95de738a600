"""What a row should give, at 60 digits and more: its `definition` evaluated with mpmath.

Derivatives are central differences of the definition with steps far below what a float can tell
apart, at a precision that leaves them more than 25 digits; nothing here reads a row's own rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from mpmath import mp

from autograd_core.op import Op, register_carrier

Function = Callable[..., Any]
Point = tuple[float, ...]

SIXTY_DIGITS = 200  # bits
# OverflowError: erfc of a number so large that even the exponent of the result is.
_LEFT_THE_REALS = (ZeroDivisionError, ValueError, TypeError, OverflowError)
_VOCABULARY = {name: getattr(mp, name) for name in dir(mp) if not name.startswith("_")}


def definition_of(op: Op) -> Function:
    """The row's definition as a function of numbers of any precision."""
    assert op.definition, f"{op.name} has no definition for the tests to compare with"
    return _compiled(op.definition, "*xs" if op.variadic else ", ".join(op.operand_names))


@cache
def _compiled(definition: str, arguments: str) -> Function:
    # Our own text out of table.py, so `eval` meets nothing foreign.
    return eval(f"lambda {arguments}: ({definition})", dict(_VOCABULARY))


def _real(number: Any) -> Any:
    """An mpf; a complex number or NaN means that the definition left the reals."""
    result = mp.mpf(number)
    if not mp.isfinite(result):
        raise ValueError("not a finite real number")
    return result


def _bits(numbers: Sequence[Any]) -> int:
    """Enough for exp(x) − 1 at a tiny x and floor(a / b) at a huge a: both need |exponent| bits.

    And for 1 + exp(x) at x = −700, which needs as many bits as exp(x) is small.
    """
    exponents = [abs(mp.mag(x)) for x in numbers if x]
    largest = max((abs(x) for x in numbers), default=0)
    return SIXTY_DIGITS + 100 + 2 * max(exponents, default=0) + 3 * int(min(largest, 1500))


@cache
def _value(f: Function, point: Point) -> Any:
    with mp.workprec(_bits(point)):
        try:
            return _real(f(*map(mp.mpf, point)))
        except _LEFT_THE_REALS:
            return None


@cache
def _slope(f: Function, point: Point, direction: Point) -> Any:
    for halvings in (120, 480, 1500):  # a smaller step where the larger reaches over a jump
        bits = _bits(point) + 4 * halvings
        with mp.workprec(bits):
            try:
                first, second = (_difference(f, point, direction, k)(*map(mp.mpf, point))
                                 for k in (halvings, halvings + 12))  # fmt: skip
            except _LEFT_THE_REALS:
                continue
            if second and abs(first - second) <= mp.ldexp(abs(second), -90):
                return second
            # No slope that a float could hold is left: what remains is the step's own h²·f‴/6, or
            # the roundings of f. (Larger steps do not tell: of exp(x) − 1 at −700 they see a
            # constant.)
            roundings = mp.ldexp(_value(f, point), 1 - bits) / _step(point, halvings + 12)
            if max(abs(first), abs(second), abs(roundings)) < mp.ldexp(1, -1200):
                return mp.mpf(0)
    return None


@cache
def _second_slope(f: Function, point: Point, i: int, j: int) -> Any:
    unit_i, unit_j = (unit(len(point), k) for k in (i, j))
    found = []
    for halvings in (100, 112):
        with mp.workprec(_bits(point) + 6 * halvings):
            inner = _difference(f, point, unit_i, halvings)
            try:
                found.append(_difference(inner, point, unit_j, halvings)(*map(mp.mpf, point)))
            except _LEFT_THE_REALS:
                return None
    first, second = found
    if abs(first - second) <= mp.ldexp(max(abs(first), abs(second)), -60):
        return second
    return mp.mpf(0) if max(abs(first), abs(second)) < mp.ldexp(1, -90) else None


def _difference(f: Function, point: Point, direction: Point, halvings: int) -> Function:
    """The central difference of f along a direction, itself a function."""
    h = _step(point, halvings)

    def difference(*xs: Any) -> Any:
        up = f(*(x + d * h for x, d in zip(xs, direction, strict=True)))
        down = f(*(x - d * h for x, d in zip(xs, direction, strict=True)))
        return _real(up - down) / (2 * h)

    return difference


def _step(point: Point, halvings: int) -> Any:
    nearest = min((abs(x) for x in point if x), default=1.0)  # no kink can be nearer than this
    return mp.ldexp(mp.mpf(min(nearest, 1.0)), -halvings)


def unit(count: int, *moving: int) -> Point:
    """The direction in which the given operands move together."""
    return tuple(float(i in moving) for i in range(count))


def value(op: Op, point: Point) -> Any:
    """The row's value at a point as an mpf; None where the definition has none (a pole)."""
    return _value(definition_of(op), point)


def slope(op: Op, point: Point, *moving: int) -> Any:
    """The derivative as these operands move together; None on a jump.

    Of `detach` it is 0, which is what `detach` is for and no property of its value.
    """
    if op.name == "detach":
        return mp.mpf(0)
    return _slope(definition_of(op), point, unit(len(point), *moving))


def second_slope(op: Op, point: Point, i: int, j: int) -> Any:
    """∂²/∂xᵢ∂xⱼ as an mpf, to some 18 digits; None where there is none."""
    if op.name == "detach":
        return mp.mpf(0)
    return _second_slope(definition_of(op), point, i, j)


def condition(op: Op, point: Point) -> float:
    """Σ |xᵢ·∂f/∂xᵢ| / |f|, at least 1: by how much errors of the operands are amplified."""
    slopes = [slope(op, point, i) for i in range(len(point))]
    return _amplification(point, slopes, value(op, point))


def slope_condition(op: Op, point: Point, i: int) -> float:
    """The same for the partial derivative in operand i: Σ |xⱼ·∂p/∂xⱼ| / |p|."""
    slopes = [second_slope(op, point, *sorted((i, j))) for j in range(len(point))]
    return _amplification(point, slopes, slope(op, point, i))


def _amplification(point: Point, slopes: list[Any], result: Any) -> float:
    if not result:
        return math.inf if any(slopes) else 1.0
    total = sum(abs(x * s) for x, s in zip(point, slopes, strict=True) if s is not None)
    return float(max(total / abs(result), 1))


def is_normal(number: Any) -> bool:
    """True for zero and for what a float holds with all its digits."""
    return not number or -1021 <= mp.mag(number) <= 1024


def is_too_large(number: Any) -> bool:
    return bool(abs(number) >= mp.mpf(2) ** 1024)


def ulps(got: float, exact: Any) -> float:
    """How far a float is from the exact number, in units of the last place of the latter."""
    if not math.isfinite(got):
        return math.inf
    return float(abs(mp.mpf(got) - exact) / math.ulp(float(exact)))


# A carrier of 60 digits: a rule that is run on mpf numbers uses the definitions of the rows it
# calls, so it is compared as mathematics, without the roundings of floats.
register_carrier(mp.mpf, 1, lambda op, xs: mp.mpf(definition_of(op)(*map(mp.mpf, xs))))
