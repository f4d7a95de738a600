"""Every row of the table against PyTorch in float64: values, and slopes in every operand.

Points are random ones and hard ones: kinks, ties, zeros of both signs, edges of domains, numbers
that overflow, infinities, NaN. Three rules hold throughout and are no exceptions of single rows:

- where the value is NaN there is no slope to compare;
- an adjoint is a sum that starts at +0, so the sign of a slope that is 0 is not compared; the sign
  of a value that is 0 is;
- slopes are compared to 1e−12, or to 1e−15 where they are smaller: PyTorch computes 1 − y² and
  y·(1 − y), which lose digits that the rows keep (and that the laws compare with mpmath).

What differs beyond that stands in DIFFERENCES, with the reason and with what is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import autograd_core as ac
from autograd_core.table import TABLE
from tests.support.against_torch import agree, torch

inf, nan = math.inf, math.nan
Point = tuple[float, ...]

# --- what each row is called there ------------------------------------------------------------



def functional(name: str) -> Callable[..., Any]:
    return lambda t, *xs: getattr(t.nn.functional, name)(*xs)


def plain(name: str) -> Callable[..., Any]:
    return lambda t, *xs: getattr(t, name)(*xs)


def stacked(name: str, *arguments: Any) -> Callable[..., Any]:
    """A reduction over the operands of each point."""

    def reduce(t: Any, *xs: Any) -> Any:
        result = getattr(t, name)(t.stack(xs, -1), *arguments)
        return result if isinstance(result, t.Tensor) else result[0]

    return reduce


def elu(t: Any, x: Any, alpha: Any) -> Any:
    """F.elu takes no tensor for alpha; it is linear in it."""
    return t.where(x > 0, x, alpha * t.nn.functional.elu(t.where(x > 0, 0.0, x)))


def celu(t: Any, x: Any, alpha: Any) -> Any:
    """F.celu takes no tensor for alpha; this is its formula, its first branch kept out of exp."""
    return t.where(x > 0, x, alpha * t.expm1(t.where(x > 0, 0.0, x) / alpha))


def softplus(t: Any, x: Any) -> Any:
    """PyTorch gives x beyond its threshold; at 700 that is exact."""
    return t.nn.functional.softplus(x, threshold=700.0)


def prelu(t: Any, x: Any, slope: Any) -> Any:
    """leaky_relu with a slope for each point, which is a parameter."""
    return t.nn.functional.prelu(x[None], slope[None])[0]


def heaviside(t: Any, x: Any, at_zero: Any) -> Any:
    """t.heaviside has no derivative; in at_zero it is 1 where x is 0."""
    return t.where(x == 0, at_zero, t.heaviside(x.detach(), at_zero.detach()))


def dot(t: Any, *xs: Any) -> Any:
    n = len(xs) // 2
    return t.linalg.vecdot(t.stack(xs[:n], -1), t.stack(xs[n:-1], -1)) + xs[-1]


THEIRS: dict[str, Callable[..., Any]] = {
    **{name: plain(name) for name in (
        "add", "sub", "mul", "div", "neg", "pow", "square", "reciprocal", "exp", "exp2", "expm1",
        "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
        "arctan2", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "sinc", "hypot",
        "sigmoid", "erf", "erfc", "sign", "abs", "floor",
    )},
    **{name: functional(name) for name in (
        "relu", "relu6", "gelu", "silu", "mish", "selu", "softsign", "hardsigmoid", "hardswish",
        "tanhshrink",
    )},
    "log_sigmoid": functional("logsigmoid"), "softplus": softplus,
    "leaky_relu": prelu, "elu": elu, "celu": celu,
    "mod": plain("remainder"), "clip": plain("clamp"), "identity": plain("clone"),
    "equal": lambda t, a, b: t.eq(a, b).double(),
    "step": heaviside, "where": lambda t, c, a, b: t.where(c != 0, a, b),
    "max": stacked("amax", -1), "min": stacked("amin", -1), "first_max": stacked("max", -1),
    "sum": stacked("sum", -1), "mean": stacked("mean", -1), "prod": stacked("prod", -1),
    "logsumexp": stacked("logsumexp", -1), "dot": dot,
}  # fmt: skip

APART = {
    "hardtanh": "F.hardtanh takes no tensors for its bounds: see its own test",
    "detach": "its slope is none at all in PyTorch, and 0 here: see its own test",
}
LACKING = {
    "flow": "the chain rule's product, 0 where its first factor is 0: no operation of PyTorch",
    "sinpi": "sin(π·x), exact at whole numbers: PyTorch has sinc only",
    "cospi": "cos(π·x), exact at whole and half numbers",
}


@pytest.mark.oracle
def test_every_row_stands_in_one_list() -> None:
    """A row that PyTorch knows by its name cannot be left out; one that it lacks needs no list."""
    rows = [*THEIRS, *APART, *LACKING]
    assert sorted(rows) == sorted(set(rows))
    t = torch()
    places = (t, t.special, t.nn.functional)
    known = {name for name in TABLE if any(hasattr(place, name) for place in places)}
    assert known - set(rows) == set(), "rows to compare, or to list with a reason"
    assert set(rows) - set(TABLE) == set(), "no rows any more"


# --- where they differ ------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """At the points `where`: the right value, or the right slopes (given PyTorch's), or both."""

    rows: str
    reason: str
    where: Callable[..., bool]
    value: Callable[..., float] | None = None
    slopes: Callable[..., Sequence[float]] | None = None


def others(xs: Point) -> list[float]:
    return [math.prod(xs[:i] + xs[i + 1 :]) for i in range(len(xs))]


def sinc_slope(x: float) -> float:
    """(π·x·cos πx − sin πx)/(π·x²), at 60 digits."""
    with mp.workdps(60 + 2 * int(builtin_abs(math.log10(builtin_abs(x))))):
        t = mp.pi * x
        return float(mp.pi * (t * mp.cos(t) - mp.sin(t)) / t**2)


def softmax(xs: Point) -> list[float]:
    """At 60 digits, from the largest down."""
    with mp.workdps(60):
        powers = [mp.exp(mp.mpf(x) - mp.mpf(max(xs))) for x in xs]
        return [float(p / sum(powers)) for p in powers]


def has(number: float) -> Callable[..., bool]:
    return lambda *xs: number in xs


DIFFERENCES = [
    Difference(
        "clip", "between equal bounds the result is the bound, so x has slope 0; PyTorch gives x "
        "1 on the bound, and below it nobody anything",
        lambda x, low, high: low == high and x <= high,
        slopes=lambda xs, theirs: (0.0, 0.0, 1.0),
    ),
    Difference(
        "sign step", "NaN stays NaN, as everywhere and in NumPy; PyTorch has 0",
        lambda x, *_: x != x, value=lambda x, *_: nan,
    ),
    Difference(
        "mod", "a remainder of 0 has the divisor's sign, as Python's %; PyTorch has either",
        lambda a, b: b != 0 and math.isfinite(a) and not math.isnan(b) and a % b == 0,
        value=lambda a, b: a % b,
    ),
    Difference(
        "sum mean", "−0 + −0 is −0, as for `add`; PyTorch starts from +0",
        lambda *xs: all(x == 0 and math.copysign(1, x) < 0 for x in xs),
        value=lambda *xs: -0.0,
    ),
    Difference(
        "pow", "where aᵇ is 0, 0·∞ in its slope by b is 0 (the strong zero); PyTorch has NaN",
        lambda a, b: ac.pow(a, b) == 0 and (a < 0 or math.isinf(a)),
        slopes=lambda xs, theirs: (theirs[0], 0.0),
    ),
    Difference(
        "prod", "products of the others; PyTorch divides the product, ∞ here, by the operand",
        lambda *xs: math.isinf(math.prod(xs)), slopes=lambda xs, theirs: others(xs),
    ),
    Difference(
        "logsumexp", "shares add up to 1; PyTorch's e^(x − y) has lost ln 2 in the rounding of y",
        lambda *xs: max(map(builtin_abs, xs)) > 1e3 and all(map(math.isfinite, xs)),
        slopes=lambda xs, theirs: softmax(xs),
    ),
    Difference(
        "gelu silu mish", "slope 1 at ∞, the limit; PyTorch has ∞·0",
        has(inf), slopes=lambda xs, theirs: (1.0,),
    ),
    Difference(
        "gelu silu mish", "0 at −∞, the limit, and flat; PyTorch has ∞·0",
        has(-inf), value=lambda x: -0.0, slopes=lambda xs, theirs: (0.0,),
    ),
    Difference(
        "hardswish", "0 at −∞, where it is flat; PyTorch has ∞·0",
        has(-inf), value=lambda x: -0.0,
    ),
    Difference(
        "hardswish", "x itself; PyTorch's x·(x + 3) overflows",
        lambda x: 1e160 < x < inf, value=lambda x: x,
    ),
    Difference(
        "hardsigmoid", "the slope is 1/6; PyTorch's is the float32 nearest to it",
        lambda x: -3 < x < 3, slopes=lambda xs, theirs: (1 / 6,),
    ),
    Difference(
        "sinc", "near 0 PyTorch's slope (cos πx − y)/x cancels",
        lambda x: 0 < builtin_abs(x) < 0.1, slopes=lambda xs, theirs: (sinc_slope(*xs),),
    ),
    Difference(
        "sinc", "whole numbers this large have sin(π·x) = 0 and cos(π·x) = 1; PyTorch's π·x is "
        "rounded or overflows", lambda x: 1e100 < builtin_abs(x) < inf,
        value=lambda x: 0.0, slopes=lambda xs, theirs: (1 / xs[0],),
    ),
    Difference(
        "sinc", "0 at ±∞, the limit; PyTorch has sin ∞", lambda x: math.isinf(x),
        value=lambda x: 0.0,
    ),
    Difference(
        "arctan2", "slopes of a tiny vector; PyTorch's squares underflow",
        lambda y, x: 0 < math.hypot(y, x) < 1e-150,
        slopes=lambda xs, theirs: (
            xs[1] / math.hypot(*xs) / math.hypot(*xs), -xs[0] / math.hypot(*xs) / math.hypot(*xs)
        ),
    ),
    Difference(
        "elu", "slope 1 at 0 whatever α, the convention of design.md; PyTorch has α",
        lambda x, alpha: x == 0 and alpha != 1, slopes=lambda xs, theirs: (1.0, theirs[1]),
    ),
    Difference(
        "celu", "∂/∂α at −∞ is the limit −1; the formula above has 0·∞",
        lambda x, alpha: x / alpha == -inf, slopes=lambda xs, theirs: (theirs[0], -1.0),
    ),
]  # fmt: skip
builtin_abs = abs

# --- points -----------------------------------------------------------------------------------

ONE = [
    0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 7.5, 1e-8, 1e-4, 1e-20, 1e-300, 5e-324, 20.0,
    40.0, 100.0, 600.0, 710.0, 1e4, 1e200, 1.7e308, inf,
]  # fmt: skip
ONE = [s * x for x in ONE for s in (1.0, -1.0)] + [
    nan, math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0), math.nextafter(-1.0, 0.0),
    math.nextafter(3.0, 4.0), math.nextafter(-3.0, 0.0), 1.0 / 3.0,
]  # fmt: skip
TWO = [0.0, 0.5, 1.0, 2.0, 3.0, 0.1, 1e-300, 1e200, inf]
TWO = [s * x for x in TWO for s in (1.0, -1.0)] + [nan]
THREE = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, inf, -inf, nan]
BOUNDS = [0.0, -1.0, 1.0, 2.0, inf, -inf, nan]

HARD: dict[str, list[Point]] = {
    "leaky_relu": list(product(ONE, [0.01, 0.0, 1.0, -0.5, 2.0])),
    "elu": list(product(ONE, [1.0, 0.5, 2.0, 0.0, -1.0])),
    "celu": list(product(ONE, [1.0, 0.5, 2.0])),
    "step": list(product(ONE, [0.0, 1.0, 0.5, -0.0, -2.0])),
    "clip": list(product(THREE, BOUNDS, BOUNDS)),
    "where": list(product(THREE, repeat=3)),
    "mod": [*product(TWO, repeat=2), (1.0, 0.1), (5.0, 0.1), (-1.0, 0.1), (1.0, -0.1), (0.3, 0.1),
            (6.0, 0.2), (1e17, 3.0)],
    "pow": [*product(TWO, repeat=2), (-8.0, 1 / 3), (-1.0, inf), (1.0, nan), (nan, 0.0),
            (-2.0, 5.0), (-2.0, 4.0), (-0.5, -3.0), (1e-200, -2.0), (0.0, 1e-300), (10.0, 308.5)],
    **{name: [*product(THREE, repeat=3), *product(TWO, repeat=2), *((x,) for x in THREE),
              (1.0, 1.0, 1.0, 1.0), (2.0, 0.0, 3.0, 0.0, 1.0), (2.0, 0.0, 3.0, 5.0), (-0.0, 0.0)]
       for name in ("max", "min", "first_max", "sum", "mean", "prod", "logsumexp")},
    "dot": [*product(THREE[:8], repeat=3), *product([0.0, -0.0, 2.0], repeat=5)],
}  # fmt: skip
# Two numbers beyond the range of exp, of both signs, and ties of every size.
HARD["logsumexp"] += [(1e4, -1e4, 0.0), (1e4, 1e4), (-1e4, -1e4, -1e4), (1e300, 1e300), (-800.0,)]

INTERVALS = {
    "log": (0, 5), "log2": (0, 5), "log10": (0, 5), "sqrt": (0, 5), "log1p": (-1, 5),
    "arcsin": (-1, 1), "arccos": (-1, 1), "arctanh": (-1, 1), "arccosh": (1, 9),
}  # fmt: skip


def count(name: str) -> int:
    op = TABLE[name]
    return {"dot": 7}.get(name, 4) if op.variadic else len(op.operand_names)


def hard_points(name: str) -> list[Point]:
    if name in HARD:
        return HARD[name]
    return [(x,) for x in ONE] if count(name) == 1 else list(product(TWO, repeat=count(name)))


def random_points(name: str) -> list[Point]:
    rng = np.random.default_rng(sum(map(ord, name)))
    low, high = INTERVALS.get(name, (-6, 6))
    points = rng.uniform(low, high, (200, count(name)))
    points[::2] *= 10.0 ** rng.uniform(-4, 0, (100, 1))
    if name == "arccosh":
        points[::2] += 1.0
    if name in ("pow", "celu"):
        points[:, 0 if name == "pow" else 1] = np.abs(points[:, 0 if name == "pow" else 1])
    return [tuple(map(float, point)) for point in points]


# --- comparing --------------------------------------------------------------------------------


def theirs_at(f: Callable[..., Any], points: list[Point]) -> tuple[Any, Any]:
    """Values and slopes at each point.

    One point at a time: PyTorch's loops over several numbers use vector instructions, which round,
    overflow and order zeros in their own ways.
    """
    t = torch()
    values, slopes = [], []
    for point in points:
        xs = [t.tensor(x, dtype=t.float64, requires_grad=True) for x in point]
        y = f(t, *xs)
        found = t.autograd.grad(y, xs, allow_unused=True) if y.requires_grad else [None] * len(xs)
        values.append(y.item())
        slopes.append([0.0 if s is None else s.item() for s in found])
    return values, slopes


def apply(name: str, xs: Sequence[Any]) -> Any:
    n = len(xs) // 2
    return ac.dot(xs[:n], xs[n:-1], xs[-1]) if name == "dot" else TABLE[name](*xs)


def ours_at(name: str, point: Point) -> tuple[float, list[float]]:
    leaves = [ac.Value(x) for x in point]
    y = apply(name, leaves)
    return y.data, ac.gradient(y, leaves)


def is_equal(got: float, expected: float, tolerance: float, near_zero: float) -> bool:
    if expected != expected or math.isinf(expected) or got != got:
        return got == expected or (got != got and expected != expected)
    return builtin_abs(got - expected) <= max(tolerance * builtin_abs(expected), near_zero)


def is_same_value(got: float, expected: float) -> bool:
    if got == expected == 0.0:
        return math.copysign(1.0, got) == math.copysign(1.0, expected)
    return is_equal(got, expected, 1e-13, 2e-16)


def complaints(
    name: str, points: list[Point], values: Any, slopes: Any, used: set[Difference] | None = None
) -> list[str]:
    """The points where a row is neither as PyTorch nor as a difference says it should be."""
    found = []
    known = [d for d in DIFFERENCES if name in d.rows.split()]
    for point, their_value, their_slopes in zip(points, values, slopes, strict=True):
        value, expected = their_value, their_slopes
        for difference in known:
            if difference.where(*point):
                before = (value, expected)
                if difference.value:
                    value = difference.value(*point)
                if difference.slopes:
                    expected = list(difference.slopes(point, expected))
                if used is not None and not (
                    is_same_value(value, before[0])
                    and (value != value or all(
                        is_equal(a, b, 1e-12, 1e-15)
                        for a, b in zip(expected, before[1], strict=True)
                    ))
                ):  # fmt: skip
                    used.add(difference)
        got, got_slopes = ours_at(name, point)
        for what, number in (("float", apply(name, point)), ("Value", got)):
            if not is_same_value(number, value):
                found.append(f"{name}{point} of a {what} is {number}, not {value}")
        if value == value and not all(
            is_equal(a, b, 1e-12, 1e-15) for a, b in zip(got_slopes, expected, strict=True)
        ):
            found.append(f"{name}{point} has slopes {got_slopes}, not {expected}")
    if name == "dot" or (len(points[0]) == 1 and TABLE[name].variadic):
        return found  # vectors, not elementwise: so is one array alone
    columns = [np.array(c) for c in zip(*points, strict=True)]
    for point, number in zip(points, apply(name, columns).tolist(), strict=True):
        scalar = apply(name, point)
        if name in ("max", "min") and number == scalar == 0.0:
            continue  # NumPy leaves open which of 0 and −0 is the larger
        if not is_same_value(number, scalar):
            found.append(f"{name}{point} in an array is {number}, not {scalar}")
    return found


def by_length(points: list[Point]) -> list[list[Point]]:
    return [[p for p in points if len(p) == n] for n in sorted({len(p) for p in points})]


def report(found: list[str]) -> None:
    assert not found, f"{len(found)} points:\n" + "\n".join(found[:20])


@pytest.mark.oracle
@pytest.mark.parametrize("name", THEIRS)
def test_a_row_at_random_points(name: str) -> None:
    points = random_points(name)
    report(complaints(name, points, *theirs_at(THEIRS[name], points)))


@pytest.mark.oracle
@pytest.mark.parametrize("name", THEIRS)
def test_a_row_at_hard_points(name: str) -> None:
    found, used = [], set()
    for points in by_length(hard_points(name)):
        found += complaints(name, points, *theirs_at(THEIRS[name], points), used)
    report(found)
    idle = [d.reason for d in DIFFERENCES if name in d.rows.split() and d not in used]
    assert not idle, "PyTorch does not differ there (any more)"


# --- rows that PyTorch has under two names, or with other arguments ---------------------------


@pytest.mark.oracle
def test_defaults_of_options() -> None:
    f = torch().nn.functional
    for name in ("leaky_relu", "elu", "celu", "hardtanh"):
        points = [(x,) for x in ONE if x == x]
        if name == "celu":  # PyTorch's own celu, at the default alpha
            assert TABLE[name].defaults == {"alpha": 1.0}
        values, slopes = theirs_at(lambda t, x, name=name: getattr(f, name)(x), points)
        for (x,), value, [slope] in zip(points, values, slopes, strict=True):
            leaf = ac.Value(x)
            y = TABLE[name](leaf)
            assert is_same_value(y.data, value), (name, x)
            assert is_equal(ac.gradient(y, leaf), slope, 1e-12, 1e-15), (name, x)
            assert TABLE[name](x) == y.data
    assert ac.step(0.0) == 0.0
    assert ac.step(0.0, at_zero=1.0) == 1.0


@pytest.mark.oracle
@pytest.mark.parametrize("alpha", [0.5, 2.0])
def test_elu_and_celu_by_their_own_functions(alpha: float) -> None:
    f = torch().nn.functional
    points = [(x,) for x in ONE if x == x]
    for name in ("elu", "celu"):
        values, slopes = theirs_at(
            lambda t, x, name=name: getattr(f, name)(x, alpha=alpha), points
        )
        for (x,), value, [slope] in zip(points, values, slopes, strict=True):
            leaf = ac.Value(x)
            y = TABLE[name](leaf, alpha=alpha)
            assert is_same_value(y.data, value), (name, x)
            if name == "elu" and x == 0.0:
                slope = 1.0  # the convention
            assert is_equal(ac.gradient(y, leaf), slope, 1e-12, 1e-15), (name, x)


@pytest.mark.oracle
@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (-0.5, 2.0), (-3.0, 6.0), (0.0, 1.0)])
def test_hardtanh(low: float, high: float) -> None:
    """Values and the slope in x by F.hardtanh: 0 on the bounds. By a bound the slope is 1 beyond
    it, and on it too, where the row is on the flat side.
    """
    f = torch().nn.functional
    points = [(x,) for x in ONE if x == x]
    values, slopes = theirs_at(lambda t, x: f.hardtanh(x, low, high), points)
    for (x,), value, [slope] in zip(points, values, slopes, strict=True):
        leaves = [ac.Value(x), ac.Value(low), ac.Value(high)]
        y = ac.hardtanh(*leaves)
        assert is_same_value(y.data, value), x
        assert ac.gradient(y, leaves) == [slope, float(x <= low), float(x >= high)], x
        assert ac.hardtanh(x, low, high) == y.data == ac.hardtanh(np.array([x]), low, high)[0]
    assert math.isnan(ac.hardtanh(nan, low, high))


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["max", "min"])
def test_max_and_min_of_two(name: str) -> None:
    points = list(product(TWO, repeat=2))
    theirs = theirs_at(plain({"max": "maximum", "min": "minimum"}[name]), points)
    report(complaints(name, points, *theirs))


@pytest.mark.oracle
def test_first_max_is_max_pooling() -> None:
    points = list(product(THREE, repeat=3))
    pool = torch().nn.functional.max_pool1d
    theirs = theirs_at(lambda t, *xs: pool(t.stack(xs)[None, None], 3)[0, 0, 0], points)
    report(complaints("first_max", points, *theirs))


@pytest.mark.oracle
def test_clip_without_a_bound() -> None:
    """PyTorch's None is an infinite bound here."""
    t = torch()
    points = [(x,) for x in ONE if x == x]
    for bounds, limits in (((-1.0, inf), {"min": -1.0}), ((-inf, 1.0), {"max": 1.0})):
        values, slopes = theirs_at(lambda _, x, limits=limits: t.clamp(x, **limits), points)
        for (x,), value, [slope] in zip(points, values, slopes, strict=True):
            leaf = ac.Value(x)
            y = ac.clip(leaf, *bounds)
            assert is_same_value(y.data, value), x
            assert ac.gradient(y, leaf) == slope, (x, bounds)


@pytest.mark.oracle
@pytest.mark.parametrize("b", [2.0, 3.0, 0.0, 1.0, -1.0, -2.0, 0.5, 2.5, -0.5])
def test_pow_with_a_plain_exponent(b: float) -> None:
    """x ** b, whose slope in x PyTorch writes for a constant exponent apart.

    Its x**0.5 is a square root, −0 at −0 and NaN at −∞, where its own pow of two tensors, and
    IEEE's, is +0 and ∞.
    """
    special = ("-0.0", "-inf") if builtin_abs(b) == 0.5 else ()
    points = [(x,) for x in TWO if repr(x) not in special]
    values, slopes = theirs_at(lambda t, x: x**b, points)
    for (x,), value, [slope] in zip(points, values, slopes, strict=True):
        leaf = ac.Value(x)
        for y in (leaf**b, ac.pow(leaf, b)):
            assert is_same_value(y.data, value), (x, b)
            if value == value:
                assert is_equal(ac.gradient(y, leaf), slope, 1e-12, 1e-15), (x, b)
    values, slopes = theirs_at(lambda t, x: b**x, points)
    for (x,), value, [slope] in zip(points, values, slopes, strict=True):
        leaf = ac.Value(x)
        y = b**leaf
        assert is_same_value(y.data, value), (b, x)
        if value == value and b >= 0:
            assert is_equal(ac.gradient(y, leaf), slope, 1e-12, 1e-15), (b, x)


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["sinpi", "cospi"])
def test_sinpi_and_cospi_by_the_sine(name: str) -> None:
    """At moderate points sin(π·x) is good enough; the exact zeros by hand."""
    points = [(float(x),) for x in np.random.default_rng(1).uniform(-3, 3, 100)]
    theirs = theirs_at(lambda t, x: getattr(t, name[:3])(math.pi * x), points)
    for (x,), value, [slope] in zip(points, *theirs, strict=True):
        got, slopes = ours_at(name, (x,))
        assert got == pytest.approx(value, rel=1e-12, abs=1e-14)
        assert slopes == pytest.approx([slope], rel=1e-12, abs=1e-14)
    for n in range(-4, 5):
        assert ac.sinpi(float(n)) == 0.0
        assert ac.cospi(n + 0.5) == 0.0
        assert ac.cospi(float(n)) == (-1.0) ** n
        assert ac.sinpi(n + 0.5) == (-1.0) ** n


def test_flow_by_hand() -> None:
    """0·∞ is 0 where the first factor is 0; the slopes are those of the product."""
    for p in (inf, -inf, nan, 3.0):
        assert ac.flow(0.0, p) == ac.flow(-0.0, p) == 0.0
    assert ac.flow(2.0, 3.0) == 6.0
    assert math.isnan(ac.flow(inf, 0.0))
    assert math.isnan(ac.flow(1.0, nan))
    assert ours_at("flow", (2.0, 3.0)) == (6.0, [3.0, 2.0])
    assert ours_at("flow", (0.0, 3.0)) == (0.0, [3.0, 0.0])
    assert list(ac.flow(np.array([0.0, 2.0, 0.0]), np.array([inf, 3.0, nan]))) == [0.0, 6.0, 0.0]


@pytest.mark.oracle
def test_detach_passes_the_value_and_no_slope() -> None:
    t = torch()
    x = ac.Value(3.0)
    y = x * ac.detach(x)
    tensor = t.tensor(3.0, requires_grad=True)
    their = tensor * tensor.detach()
    assert y.data == their.item()
    assert ac.gradient(y, x) == t.autograd.grad(their, tensor)[0].item() == 3.0


# --- along an axis ----------------------------------------------------------------------------

ALONG: dict[str, Callable[..., Any]] = {
    "sum": lambda t, x, axis: x.sum(axis),
    "mean": lambda t, x, axis: x.mean(axis),
    "prod": lambda t, x, axis: x.prod(axis),
    "max": lambda t, x, axis: x.amax(axis),
    "min": lambda t, x, axis: x.amin(axis),
    "first_max": lambda t, x, axis: x.max(axis)[0],
    "logsumexp": lambda t, x, axis: x.logsumexp(axis),
}


def test_every_variadic_row_but_dot_has_an_axis() -> None:
    assert {*ALONG, "dot"} == {name for name, op in TABLE.items() if op.variadic}


@pytest.mark.oracle
@pytest.mark.parametrize("name", ALONG)
@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (3, 2, 2), (2, 2, 2), (2, 3, 2, 3)])
def test_a_variadic_row_along_every_axis(name: str, shape: Any) -> None:
    t = torch()
    rng = np.random.default_rng(5)
    for x in (rng.normal(size=shape), rng.integers(-1, 2, shape) * 0.5):  # the second full of ties
        for axis in range(-len(shape), len(shape)):
            agree(
                lambda x, axis=axis: TABLE[name](np.asarray(x), axis=axis),
                lambda x, axis=axis: ALONG[name](t, x, axis),
                x,
            )


@pytest.mark.oracle
@pytest.mark.parametrize("name", ALONG)
def test_a_variadic_row_of_a_vector_and_of_several_arrays(name: str) -> None:
    t = torch()
    rng = np.random.default_rng(6)
    agree(TABLE[name], lambda x: ALONG[name](t, x, 0), rng.normal(size=5))
    agree(
        lambda *xs: TABLE[name](*map(np.asarray, xs)),
        lambda *xs: ALONG[name](t, t.stack(xs), 0),
        *rng.normal(size=(3, 2, 4)),
    )
