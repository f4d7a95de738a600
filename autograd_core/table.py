"""The table of operations: one row each, and everything else is a reading of these rows.

A row is `row(name, forward, partials, …)`; `op.Op` says what each column means. To add an
operation, write one row and run the tests: they read its `definition` and cover it.

Rules use `+ - *` and other rows only: `div` and `pow` instead of `/` and `**`, which raise on
floats, and `flow(g, p)` for a product that must be 0 where its first factor g is 0 (so that the
slope of xⁿ at 0 never meets 0·∞). So one rule runs on floats, Values, arrays and symbols; run on
Values it makes nodes that can be differentiated again (`transforms`).

The rows that rules are made of: `step(x)` is 1 where x > 0, else 0; `equal(a, b)` 1 where they are
equal, else 0; `where(c, a, b)` is a where c is not 0, else b.

In a rule `abs`, `max`, `pow`, `sum` are the rows of that name, not Python's functions; rows that
stand further down are found when the rule is called.

Conventions held by the rows:
- subgradients: relu'(0) = 0, abs'(0) = 0, step' = sign' = floor' = 0, elu'(0) = 1;
- ties in `max` and `min` share the gradient equally, as `torch.maximum` and `amax` do;
- step(0) = 0; `step(x, at_zero=1)` is the inclusive variant;
- `log` is the natural logarithm; `mod` has Python's sign, that of the divisor;
- options (alpha, at_zero, …) are operands with defaults.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any, cast

from . import ieee
from .engines import row_type
from .op import POSITIVE, POWER, PRODUCT, QUOTIENT, REALS, SIGN, SUM, UNIT, Detach, Op, run
from .variadic import Dot, Variadic, dot_forward, dot_partials

TABLE: dict[str, Op] = {}


def row(name: str, forward: Any, partials: Any, kind: type[Op] = Op, **columns: Any) -> Op:
    """Enter one operation into the table.

    (A row that is used before it is defined, or in its own rule, declares its type for mypy.)
    """
    TABLE[name] = op = row_type(kind)(name, forward, partials, **columns)
    return op  # type: ignore[no-any-return]


# --- arithmetic -------------------------------------------------------------------------------

add = row("add", operator.add, lambda a, b, y: (1.0, 1.0),
    definition="a + b", infix="+", precedence=SUM)

sub = row("sub", operator.sub, lambda a, b, y: (1.0, -1.0),
    definition="a - b", infix="-", precedence=SUM)

mul = row("mul", operator.mul, lambda a, b, y: (b, a),
    definition="a * b", infix="*", precedence=PRODUCT)

div: Op = row("div", ieee.div, lambda a, b, y: (div(1.0, b), -div(y, b)),
    spelled=lambda a, b, y: (div(1.0, b), -div(a, pow(b, 2.0))),
    definition="a / b", infix="/", precedence=QUOTIENT)

neg = row("neg", operator.neg, lambda x, y: (-1.0,),
    definition="-x", precedence=SIGN)

# The slope in b is y·ln a. `where` replaces y by 0 at 0⁰ (only there |a| + |b| is 0), and 0 as the
# first argument of `flow` gives 0 although ln 0 is −∞: PyTorch's convention.
pow: Op = row("pow", ieee.pow,
    lambda a, b, y: (flow(b, pow(a, b - 1.0)), flow(where(abs(a) + abs(b), y, 0.0), log(a))),
    spelled=lambda a, b, y: (b * pow(a, b - 1.0), y * log(a)),
    definition="a ** b", infix="^", precedence=POWER, domain=(POSITIVE, REALS))

# The slope in b is −floor(a/b). That quotient may round up to the next integer; (a − y)/b is a
# whole number but for rounding, and floor(… + 0.5) rounds it. Where y is infinite (a finite a of
# the other sign and an infinite b) the quotient is −1 and its slope 1.
mod = row("mod", ieee.mod,
    lambda a, b, y: (1.0, where(equal(abs(y), ieee.inf), 1.0, -floor(div(a - y, b) + 0.5))),
    spelled=lambda a, b, y: (1.0, -floor(div(a, b))),
    definition="a - b * floor(a / b)",
    domain=(REALS, POSITIVE), kinks=lambda a, b: ieee.whole_number_waves(ieee.div(a, b)))

square = row("square", lambda x: x * x, lambda x, y: (2.0 * x,),
    definition="x * x")

reciprocal = row("reciprocal", lambda x: ieee.div(1.0, x), lambda x, y: (-(y * y),),
    spelled=lambda x, y: (-div(1.0, pow(x, 2.0)),),
    definition="1 / x")

identity = row("identity", lambda x: x, lambda x, y: (1.0,),
    definition="x")

# The value goes on, no gradient passes: of a Value it makes a new leaf, not a node (`op.Detach`).
detach = row("detach", lambda x: x, lambda x, y: (0.0,), Detach,
    definition="x")

# The product of the chain rule, g·p, with a strong zero: 0 when g is 0, whatever p is, so that
# 0·∞ never makes NaN in a backward sweep. Its own slopes are those of the product.
flow: Op = row("flow", lambda g, p: 0.0 if g == 0.0 else g * p, lambda g, p, y: (p, g),
    definition="g * p", infix="*", precedence=PRODUCT)


# --- exponentials and logarithms --------------------------------------------------------------

exp = row("exp", ieee.exp, lambda x, y: (y,),
    definition="exp(x)", latex=r"\exp")

exp2 = row("exp2", ieee.exp2, lambda x, y: (y * log(2.0),),
    definition="2 ** x")

expm1 = row("expm1", ieee.expm1, lambda x, y: (exp(x),),
    definition="exp(x) - 1")

log: Op = row("log", ieee.log, lambda x, y: (div(1.0, x),),
    definition="log(x)", symbol="ln", latex=r"\ln", domain=POSITIVE)

log1p = row("log1p", ieee.log1p, lambda x, y: (div(1.0, 1.0 + x),),
    definition="log(1 + x)", domain=(-1.0, math.inf))

log2 = row("log2", ieee.log2, lambda x, y: (div(1.0, x * log(2.0)),),
    definition="log(x) / log(mpf(2))", symbol="log₂", latex=r"\log_2", domain=POSITIVE)

log10 = row("log10", ieee.log10, lambda x, y: (div(1.0, x * log(10.0)),),
    definition="log(x) / log(mpf(10))", symbol="log₁₀", latex=r"\log_{10}", domain=POSITIVE)

sqrt = row("sqrt", ieee.sqrt, lambda x, y: (div(0.5, y),),
    spelled=lambda x, y: (div(1.0, 2.0 * y),),
    definition="sqrt(x)", symbol="√", latex=r"\sqrt", domain=POSITIVE)


# --- trigonometric and hyperbolic functions ---------------------------------------------------

sin = row("sin", ieee.sin, lambda x, y: (cos(x),),
    definition="sin(x)", latex=r"\sin")

cos: Op = row("cos", ieee.cos, lambda x, y: (-sin(x),),
    definition="cos(x)", latex=r"\cos")

tan = row("tan", ieee.tan, lambda x, y: (1.0 + y * y,),
    spelled=lambda x, y: (1.0 + pow(y, 2.0),),
    definition="sin(x) / cos(x)", latex=r"\tan")

# 1 − x² has no digits left near x = ±1; (1 − x)·(1 + x) has.
arcsin = row("arcsin", ieee.arcsin, lambda x, y: (div(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    spelled=lambda x, y: (div(1.0, sqrt(1.0 - pow(x, 2.0))),),
    definition="asin(x)", latex=r"\arcsin", domain=UNIT)

arccos = row("arccos", ieee.arccos, lambda x, y: (-div(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    spelled=lambda x, y: (-div(1.0, sqrt(1.0 - pow(x, 2.0))),),
    definition="acos(x)", latex=r"\arccos", domain=UNIT)

arctan = row("arctan", math.atan, lambda x, y: (div(1.0, 1.0 + x * x),),
    spelled=lambda x, y: (div(1.0, 1.0 + pow(x, 2.0)),),
    definition="atan(x)", latex=r"\arctan")

# The angle of the point (x, y); the squares of textbooks overflow, two divisions by r do not.
arctan2 = row("arctan2", math.atan2,
    lambda y, x, angle: (_over_square(x, hypot(x, y)), -_over_square(y, hypot(x, y))),
    spelled=lambda y, x, angle: (div(x, pow(x, 2.0) + pow(y, 2.0)),
                                 -div(y, pow(x, 2.0) + pow(y, 2.0))),
    definition="atan2(y, x)", kinks=lambda y, x: (y if x < 0.0 else 1.0,))

sinh = row("sinh", ieee.sinh, lambda x, y: (cosh(x),),
    definition="(exp(x) - exp(-x)) / 2", latex=r"\sinh")

cosh: Op = row("cosh", ieee.cosh, lambda x, y: (sinh(x),),
    definition="(exp(x) + exp(-x)) / 2", latex=r"\cosh")

# 1 − y² has no digits left near y = ±1; 1/cosh²x has them all, and two exp are faster than cosh.
tanh = row("tanh", math.tanh, lambda x, y: (_tanh_slope(x),),
    spelled=lambda x, y: (1.0 - pow(y, 2.0),),
    definition="(exp(x) - exp(-x)) / (exp(x) + exp(-x))", latex=r"\tanh")

arcsinh = row("arcsinh", math.asinh, lambda x, y: (div(1.0, hypot(1.0, x)),),
    spelled=lambda x, y: (div(1.0, sqrt(1.0 + pow(x, 2.0))),),
    definition="asinh(x)")

arccosh = row("arccosh", ieee.arccosh, lambda x, y: (div(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)),),
    spelled=lambda x, y: (div(1.0, sqrt(pow(x, 2.0) - 1.0)),),
    definition="acosh(x)", domain=(1.0, math.inf))

arctanh = row("arctanh", ieee.arctanh, lambda x, y: (div(1.0, (1.0 - x) * (1.0 + x)),),
    spelled=lambda x, y: (div(1.0, 1.0 - pow(x, 2.0)),),
    definition="atanh(x)", domain=UNIT)

sinpi: Op = row("sinpi", ieee.sinpi, lambda x, y: (math.pi * cospi(x),),
    definition="sinpi(x)")

cospi: Op = row("cospi", ieee.cospi, lambda x, y: (-math.pi * sinpi(x),),
    definition="cospi(x)")

# sin(πx)/(πx). Near 0 the slope (cos πx − y)/x cancels; there −π·t/3·(1 − t²/10 + …), t = πx.
sinc = row("sinc", ieee.sinc,
    lambda x, y: (where(step(1.0 - abs(math.pi * x)), _sinc_slope(math.pi * x),
                        div(cospi(x) - y, x)),),
    spelled=lambda x, y: (div(cospi(x) - y, x),),
    definition="sinpi(x) / (pi * x) if x != 0 else mpf(1)")

hypot: Op = row("hypot", math.hypot, lambda a, b, y: (div(a, y), div(b, y)),
    definition="sqrt(a * a + b * b)")


def _over_square(x: Any, r: Any) -> Any:
    return flow(flow(x, div(1.0, r)), div(1.0, r))


def _tanh_slope(x: Any) -> Any:
    return square(div(2.0, exp(x) + exp(-x)))


def _series(x: Any, coefficients: Iterable[float]) -> Any:
    """c₀ + c₁x + c₂x² + …, by Horner's rule."""
    total: Any = 0.0
    for c in reversed([*coefficients]):
        total = total * x + c
    return total


def _sinc_slope(t: Any) -> Any:
    """d sinc/dx = π·(t·cos t − sin t)/t² = π·Σ (−1)ᵏ·2k/(2k + 1)!·t^(2k−1), for |t| < 1."""
    terms = [(-1) ** k * 2 * k / math.factorial(2 * k + 1) for k in range(1, 11)]
    return math.pi * t * _series(t * t, terms)


# --- activations ------------------------------------------------------------------------------
# Sources: elu, Clevert et al. (2016); celu, Barron (2017); selu, Klambauer et al. (2017); gelu,
# Hendrycks and Gimpel (2016); silu, Elfwing et al. (2018); mish, Misra (2019); hardswish, Howard
# et al. (2019); relu6, Krizhevsky (2010); softsign, Bergstra et al. (2009).

sigmoid: Op = row("sigmoid", ieee.sigmoid, lambda x, y: (y * sigmoid(-x),),
    spelled=lambda x, y: (y * (1.0 - y),),
    definition="1 / (1 + exp(-x))", symbol="σ", latex=r"\sigma")

log_sigmoid = row("log_sigmoid", ieee.log_sigmoid, lambda x, y: (sigmoid(-x),),
    definition="-log(1 + exp(-x))")

softplus: Op = row("softplus", ieee.softplus, lambda x, y: (sigmoid(x),),
    definition="log(1 + exp(x))")

relu = row("relu", lambda x: ieee.maximum(x, 0.0), lambda x, y: (step(x),),
    definition="x if x > 0 else 0", kinks=lambda x: (x,))

relu6 = row("relu6", lambda x: ieee.clip(x, 0.0, 6.0), lambda x, y: (step(x) * step(6.0 - x),),
    definition="0 if x < 0 else 6 if x > 6 else x", kinks=lambda x: (x, x - 6.0))

leaky_relu = row("leaky_relu", lambda x, slope=0.01: x if x > 0.0 else slope * x,
    lambda x, slope, y: (where(step(x), 1.0, slope), where(step(x), 0.0, x)),
    definition="x if x > 0 else slope * x", kinks=lambda x, slope: (x,))

elu = row("elu", lambda x, alpha=1.0: x if x > 0.0 else alpha * ieee.expm1(x),
    lambda x, alpha, y: (where(step(x, 1.0), 1.0, alpha * exp(x)),
                         where(step(x), 0.0, expm1(x))),
    definition="x if x > 0 else alpha * (exp(x) - 1)", kinks=lambda x, alpha: (x,))

celu = row("celu", lambda x, alpha=1.0: x if x > 0.0 else alpha * ieee.expm1(ieee.div(x, alpha)),
    lambda x, alpha, y: (where(step(x), 1.0, exp(div(x, alpha))),
                         where(step(x), 0.0, _celu_slope(div(x, alpha)))),
    spelled=lambda x, alpha, y: (
        where(step(x), 1.0, exp(div(x, alpha))),
        where(step(x), 0.0, expm1(div(x, alpha)) - div(x, alpha) * exp(div(x, alpha)))),
    definition="x if x > 0 else alpha * (exp(x / alpha) - 1)", kinks=lambda x, alpha: (x,),
    domain=(REALS, POSITIVE))


def _celu_slope(u: Any) -> Any:
    """eᵘ − 1 − u·eᵘ for u ≤ 0; near 0, where it cancels, −Σ (n − 1)/n!·uⁿ."""
    terms = [-(n - 1) / math.factorial(n) for n in range(2, 20)]
    return where(step(1.0 - abs(u)), u * u * _series(u, terms), expm1(u) - flow(exp(u), u))


# With PyTorch's digits.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805

selu = row("selu", lambda x: SELU_SCALE * (x if x > 0.0 else SELU_ALPHA * ieee.expm1(x)),
    lambda x, y: (SELU_SCALE * where(step(x), 1.0, SELU_ALPHA * exp(x)),),
    definition=f"mpf({SELU_SCALE}) * (x if x > 0 else mpf({SELU_ALPHA}) * (exp(x) - 1))",
    kinks=lambda x: (x,))

# x·Φ(x) with the normal distribution Φ; its slope is Φ(x) + x·φ(x).
gelu = row("gelu", ieee.gelu,
    lambda x, y: (0.5 * erfc(-math.sqrt(0.5) * x)
                  + flow(exp(-0.5 * x * x), x * (1.0 / math.sqrt(2.0 * math.pi))),),
    definition="x * erfc(-x / sqrt(mpf(2))) / 2")

silu = row("silu", ieee.silu, lambda x, y: (flow(sigmoid(x), 1.0 + flow(sigmoid(-x), x)),),
    spelled=lambda x, y: (sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x))),),
    definition="x / (1 + exp(-x))")

mish = row("mish", ieee.mish,
    lambda x, y: (tanh(softplus(x)) + flow(_tanh_slope(softplus(x)), flow(sigmoid(x), x)),),
    spelled=lambda x, y: (
        tanh(softplus(x)) + x * (1.0 - pow(tanh(softplus(x)), 2.0)) * sigmoid(x),),
    definition="x * tanh(log(1 + exp(x)))")

softsign = row("softsign", lambda x: ieee.div(x, 1.0 + builtins.abs(x)),
    lambda x, y: (div(1.0, pow(1.0 + abs(x), 2.0)),),
    definition="x / (1 + abs(x))")

hardtanh = row("hardtanh", lambda x, low=-1.0, high=1.0: ieee.clip(x, low, high),
    lambda x, low, high, y: (step(x - low) * step(high - x),
                             step(low - x, 1.0), step(x - high, 1.0)),
    definition="low if x < low else high if x > high else x",
    domain=(REALS, (-math.inf, 0.0), POSITIVE), kinks=lambda x, low, high: (x - low, x - high))

hardsigmoid = row("hardsigmoid", lambda x: ieee.clip((x + 3.0) / 6.0, 0.0, 1.0),
    lambda x, y: (step(x + 3.0) * step(3.0 - x) * (1.0 / 6.0),),
    definition="0 if x < -3 else 1 if x > 3 else (x + 3) / 6", kinks=lambda x: (x + 3.0, x - 3.0))

hardswish = row("hardswish",
    lambda x: x * ieee.clip((x + 3.0) / 6.0, 0.0, 1.0) if x != -ieee.inf else -0.0,
    lambda x, y: (where(step(x + 3.0), where(step(3.0 - x), (2.0 * x + 3.0) * (1.0 / 6.0), 1.0),
                        0.0),),
    definition="0 if x < -3 else x if x > 3 else x * (x + 3) / 6",
    kinks=lambda x: (x + 3.0, x - 3.0))

tanhshrink = row("tanhshrink", ieee.tanhshrink, lambda x, y: (pow(tanh(x), 2.0),),
    definition="x - tanh(x)")

erf = row("erf", math.erf, lambda x, y: (2.0 / math.sqrt(math.pi) * exp(-x * x),),
    definition="erf(x)")

erfc: Op = row("erfc", math.erfc, lambda x, y: (-2.0 / math.sqrt(math.pi) * exp(-x * x),),
    definition="erfc(x)")


# --- pieces and choices -----------------------------------------------------------------------

step: Op = row("step",
    lambda x, at_zero=0.0: 1.0 if x > 0.0 else 0.0 if x < 0.0 else at_zero if x == 0.0 else x,
    lambda x, at_zero, y: (0.0, equal(x, 0.0)),
    definition="1 if x > 0 else at_zero if x == 0 else 0", kinks=lambda x, at_zero: (x,))

sign = row("sign", lambda x: 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0 if x == 0.0 else x,
    lambda x, y: (0.0,),
    definition="1 if x > 0 else -1 if x < 0 else 0", kinks=lambda x: (x,))

abs: Op = row("abs", builtins.abs, lambda x, y: (sign(x),),
    definition="x if x > 0 else -x", kinks=lambda x: (x,))

floor: Op = row("floor", ieee.floor, lambda x, y: (0.0,),
    definition="floor(x)", kinks=ieee.whole_number_waves)

equal: Op = row("equal", lambda a, b: 1.0 if a == b else 0.0, lambda a, b, y: (0.0, 0.0),
    definition="1 if a == b else 0", kinks=lambda a, b: (a - b,))

# where(c, a, b) is a where c is not zero, else b; the branch not taken has slope 0.
where: Op = row("where", lambda c, a, b: a if c != 0.0 else b,
    lambda c, a, b, y: (0.0, 1.0 - equal(c, 0.0), equal(c, 0.0)),
    definition="a if c != 0 else b", kinks=lambda c, a, b: (c,))


# The slopes (in x, in low, in high), as in PyTorch's clamp:
#   x < low                  0 1 0
#   low ≤ x ≤ high           1 0 0
#   x > high                 0 0 1
#   low ≥ high, wherever x   0 0 1
clip = row("clip", ieee.clip,
    lambda x, low, high, y: (
        _at_least(x, low) * _at_least(high, x) * (1.0 - _at_least(low, high)),
        (1.0 - _at_least(x, low)) * (1.0 - _at_least(low, high)),
        where(_at_least(low, high), 1.0, 1.0 - _at_least(high, x))),
    definition="min([max([x, low]), high])",
    kinks=lambda x, low, high: (x - low, x - high, low - high))


def _at_least(a: Any, b: Any) -> Any:
    """1 where a ≥ b, else 0; infinities compare too, and step(∞ − ∞) would not."""
    return equal(max(a, b), a)


def _share(xs: Any, y: Any) -> Any:
    """1 for the operand that equals y, 0 for the others; k operands that tie get 1/k each."""
    chosen = [equal(x, y) for x in xs]
    ties = run(sum, tuple(chosen))  # sum(*chosen) would add up the entries of a single array
    return tuple(div(one, ties) for one in chosen)


def _first(xs: Any, y: Any) -> Any:
    """1 for the first operand that equals y, 0 for the others: PyTorch's pooling."""
    free: Any = 1.0
    slopes = []
    for x in xs:
        here = equal(x, y)
        slopes.append(free * here)
        free = free * (1.0 - here)
    return tuple(slopes)


def _gaps(rest: Callable[..., float]) -> Callable[..., tuple[float, ...]]:
    """A kink wherever an operand meets the best of the others."""
    return lambda *xs: tuple(
        x - rest(*xs[:i], *xs[i + 1 :]) for i, x in enumerate(xs) if len(xs) > 1
    )


# The partials of rows with any number of operands see (operands…, output), as all partials do;
# their definition speaks of the operands only, xs.
max: Op = row("max", ieee.maximum, lambda *xs: _share(xs[:-1], xs[-1]), Variadic,
    definition="max(xs)", latex=r"\max", kinks=_gaps(ieee.maximum))

first_max = row("first_max", ieee.maximum, lambda *xs: _first(xs[:-1], xs[-1]), Variadic,
    definition="max(xs)", symbol="max", latex=r"\max", kinks=_gaps(ieee.maximum))

min = row("min", ieee.minimum, lambda *xs: _share(xs[:-1], xs[-1]), Variadic,
    definition="min(xs)", latex=r"\min", kinks=_gaps(ieee.minimum))


# --- sums -------------------------------------------------------------------------------------

sum: Op = row("sum", ieee.total,
    lambda *xs: (1.0,) * (len(xs) - 1), Variadic,
    definition="sum(xs)", latex=r"\sum", precedence=SUM)


mean = row("mean", lambda *xs: ieee.total(*xs) / len(xs),
    lambda *xs: (1.0 / (len(xs) - 1),) * (len(xs) - 1), Variadic,
    definition="sum(xs) / len(xs)")

prod = row("prod", ieee.prod, lambda *xs: _products_of_others(xs[:-1]), Variadic,
    definition="fprod(xs)", latex=r"\prod", precedence=PRODUCT)

logsumexp = row("logsumexp", ieee.logsumexp, lambda *xs: _softmax(xs[:-1]), Variadic,
    spelled=lambda *xs: tuple(exp(x - xs[-1]) for x in xs[:-1]),
    definition="log(sum(exp(x) for x in xs))")


def _softmax(xs: Any) -> Any:
    """eˣⁱ/Σ eˣʲ, from the largest x down: e^(x − y) would inherit the rounding of y."""
    largest = run(max, tuple(xs))
    powers = [exp(x - largest) for x in xs]
    total = run(sum, tuple(powers))
    return tuple(flow(p, div(1.0, total)) for p in powers)


def _products_of_others(xs: Any) -> Any:
    """For each operand the product of all others, without a division (some may be 0)."""
    before = list(accumulate(xs, operator.mul, initial=1.0))
    after = list(accumulate(reversed(xs), operator.mul, initial=1.0))
    return tuple(before[i] * after[len(xs) - 1 - i] for i in range(len(xs)))


dot = cast(Dot, row("dot", dot_forward, dot_partials, Dot,
    definition="sum(w * x for w, x in zip(xs[: len(xs) // 2], xs[len(xs) // 2 : -1])) + xs[-1]",
    latex=r"\cdot", precedence=SUM))

__all__ = [*TABLE, "TABLE"]
