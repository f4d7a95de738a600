"""Float functions that never raise: infinities and NaN as IEEE 754 (and NumPy) give them.

Python's own `1.0 / 0.0`, `math.log(0.0)` and `math.exp(1000.0)` raise. Forward rules are total,
so that one bad example in a batch shows up as `inf` or `nan` in its own place;
`detect_anomaly()` turns the first such value into an error that names its node.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import reduce
from operator import add, mul

__all__ = [
    "arccos",
    "arccosh",
    "arcsin",
    "arctanh",
    "cancelled",
    "clip",
    "cos",
    "cosh",
    "cospi",
    "div",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "gelu",
    "inf",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_sigmoid",
    "logsumexp",
    "maximum",
    "minimum",
    "mish",
    "mod",
    "nan",
    "pow",
    "prod",
    "sigmoid",
    "silu",
    "sin",
    "sinc",
    "sinh",
    "sinpi",
    "softplus",
    "sqrt",
    "tan",
    "tanhshrink",
    "total",
    "whole_number_waves",
]  # fmt: skip

inf, nan = math.inf, math.nan
CANCELLED = 1e-3  # of its largest term left in a sum: then the sum is taken without rounding
WAVES = 54  # beyond 2⁵³ every float is whole


def _is_odd(x: float) -> bool:
    return abs(x) % 2.0 == 1.0  # of a negative x the remainder would be rounded


def div(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0.0 or a != a:
            return nan
        return math.copysign(inf, a) * math.copysign(1.0, b)


def pow(a: float, b: float) -> float:
    if b == 2.0:  # math.pow(a, 2.0) and a * a differ in the last bit; one of them is the rule
        return a * a
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0.0 and _is_odd(b) else inf
    except ValueError:
        if a == 0.0:  # a pole: 0 to a negative power
            return math.copysign(inf, a) if _is_odd(b) else inf
        return nan


def mod(a: float, b: float) -> float:
    try:
        return a % b
    except ZeroDivisionError:
        return nan


def floor(x: float) -> float:
    return float(math.floor(x)) if x != 0.0 and math.isfinite(x) else x


def _total(function: Callable[[float], float], odd: bool = False) -> Callable[[float], float]:
    """A function of `math`, with NaN outside its domain and ∞ (−∞ for odd ones) on overflow."""

    def total(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return nan
        except OverflowError:
            return -inf if odd and x < 0.0 else inf

    return total


exp, exp2, expm1 = _total(math.exp), _total(math.exp2), _total(math.expm1)
sin, cos, tan = _total(math.sin), _total(math.cos), _total(math.tan)
arcsin, arccos = _total(math.asin), _total(math.acos)
sinh, cosh, arccosh = _total(math.sinh, odd=True), _total(math.cosh), _total(math.acosh)


def log(x: float) -> float:
    if x > 0.0:
        return math.log(x)
    return -inf if x == 0.0 else nan


def log2(x: float) -> float:
    if x > 0.0:
        return math.log2(x)
    return -inf if x == 0.0 else nan


def log10(x: float) -> float:
    if x > 0.0:
        return math.log10(x)
    return -inf if x == 0.0 else nan


def log1p(x: float) -> float:
    if x > -1.0:
        return math.log1p(x)
    return -inf if x == -1.0 else nan


def sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0.0 else nan


def arctanh(x: float) -> float:
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(inf, x) if abs(x) == 1.0 else nan


def sinpi(x: float) -> float:
    """sin(πx); x is reduced exactly to [−½, ½] first, so that the zeros are exact."""
    if not math.isfinite(x):
        return nan
    near = math.remainder(x, 2.0)  # in [−1, 1]
    if abs(near) > 0.5:
        near = math.copysign(1.0, near) - near
    return math.sin(math.pi * near)


def cospi(x: float) -> float:
    """cos(πx), exact at whole and half numbers."""
    if not math.isfinite(x):
        return nan
    near = abs(math.remainder(x, 2.0))  # in [0, 1]
    return math.sin(math.pi * (0.5 - near))


def whole_number_waves(x: float) -> tuple[float, ...]:
    """Quantities that are 0 at whole numbers and tell any two pieces between them apart.

    Triangular waves of x, x/2, x/4, …: a step over one whole number changes the sign of the
    first, a step over many that of a later one; one wave alone would come back to its sign.
    """
    if not math.isfinite(x):
        return (nan,) * WAVES
    waves = []
    for _ in range(WAVES):
        nearest = round(x)
        waves.append(float(x - nearest if nearest % 2 == 0 else nearest - x))
        x /= 2.0
    return tuple(waves)


def sinc(x: float) -> float:
    if x == 0.0:
        return 1.0
    return 0.0 if math.isinf(x) else sinpi(x) / (math.pi * x)


def sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)  # for x < 0 the textbook form would overflow
    return e / (1.0 + e)


def softplus(x: float) -> float:
    return maximum(x, 0.0) + math.log1p(math.exp(-abs(x)))


def log_sigmoid(x: float) -> float:
    return minimum(x, 0.0) - math.log1p(math.exp(-abs(x)))


def gelu(x: float) -> float:
    return 0.5 * x * math.erfc(-x * math.sqrt(0.5)) if x != -inf else -0.0


def silu(x: float) -> float:
    return x * sigmoid(x) if x != -inf else -0.0


def mish(x: float) -> float:
    """x·tanh(ln(1 + eˣ)), with tanh ∘ ln written out so that nothing cancels."""
    if x > 0.0:
        q = math.exp(-x)
        return x * (1.0 + 2.0 * q) / (1.0 + 2.0 * q + 2.0 * q * q)
    e = math.exp(x)
    return x * (e * (e + 2.0)) / (e * (e + 2.0) + 2.0) if x != -inf else -0.0


def tanhshrink(x: float) -> float:
    """x − tanh(x); near 0, where it cancels, (x·cosh x − sinh x) / cosh x with a series."""
    if abs(x) > 1.0 or x != x:
        return x - math.tanh(x)
    term, total, square = x, 0.0, x * x  # Σ 2k/(2k+1)! · x^(2k+1)
    for k in range(1, 12):
        term *= square / (2 * k * (2 * k + 1))
        total += 2 * k * term
    return total / math.cosh(x)


def clip(x: float, low: float, high: float) -> float:
    return minimum(maximum(x, low), high)


def prod(*xs: float) -> float:
    return reduce(mul, xs)


def logsumexp(*xs: float) -> float:
    largest = maximum(*xs)
    if not math.isfinite(largest):
        return largest
    others = list(xs)
    others.remove(largest)  # its own share is the 1 in ln(1 + …)
    return largest + math.log1p(math.fsum(math.exp(x - largest) for x in others))


def total(*xs: float) -> float:
    """x₁ + x₂ + … from left to right; without rounding where the terms nearly cancel."""
    result = reduce(add, xs)
    return math.fsum(xs) if cancelled(result, xs) else result


def cancelled(result: float, terms: Iterable[float]) -> bool:
    """True where of float terms so little is left that rounding shows."""
    return type(result) is float and abs(result) < CANCELLED * max(map(abs, terms))


def maximum(*xs: float) -> float:
    best = xs[0]
    for x in xs:
        if x > best or x != x:  # a NaN wins, and then stays: no comparison with it holds
            best = x
    return best


def minimum(*xs: float) -> float:
    best = xs[0]
    for x in xs:
        if x < best or x != x:
            best = x
    return best
