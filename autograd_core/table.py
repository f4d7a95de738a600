"""The table of operations: one row each, and everything else is a reading of these rows.

A row is `row(name, forward, partials, …)`; `op.Op` says what each column means. To add an
operation, write one row and run the tests: they read its `definition` and cover it.

Rules use `+ - *` and other rows only: `div` and `pow` instead of `/` and `**`, which raise on
floats, and `flow` for a product that must be 0 where its first factor is 0 (so that the slope of
xⁿ at 0 never meets 0·∞). So one rule runs on floats, Values, arrays and symbols, and second
derivatives come free.

Conventions held by the rows:
- subgradients: relu'(0) = 0, abs'(0) = 0, step' = sign' = floor' = 0, elu'(0) = 1 (for α = 1);
- ties in `max` and `min` share the gradient equally, as `torch.maximum` and `amax` do;
- step(0) = 0; `step(x, at_zero=1)` is the inclusive variant;
- `log` is the natural logarithm; `mod` has Python's sign, that of the divisor;
- options (alpha, at_zero, …) are operands with defaults.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from functools import reduce
from operator import add as plus
from operator import mul as times
from typing import Any

from . import ieee
from .op import POSITIVE, REALS, Op, Variadic

TABLE: dict[str, Op] = {}

SUM, PRODUCT, QUOTIENT, SIGN, POWER = 1, 2, 3, 4, 5  # precedences; an atom is 6


def row(name: str, forward: Any, partials: Any, kind: type[Op] = Op, **columns: Any) -> Op:
    """Enter one operation into the table.

    (A row that a rule uses before it stands, or in its own rule, declares its type for mypy.)
    """
    TABLE[name] = op = kind(name, forward, partials, **columns)
    return op


# --- arithmetic -------------------------------------------------------------------------------

add = row("add", lambda a, b: a + b, lambda a, b, y: (1.0, 1.0),
    definition="a + b", infix="+", precedence=SUM)

sub = row("sub", lambda a, b: a - b, lambda a, b, y: (1.0, -1.0),
    definition="a - b", infix="-", precedence=SUM)

mul = row("mul", lambda a, b: a * b, lambda a, b, y: (b, a),
    definition="a * b", infix="*", precedence=PRODUCT)

div: Op = row("div", ieee.div, lambda a, b, y: (div(1.0, b), -div(y, b)),
    spelled=lambda a, b, y: (div(1.0, b), -div(a, pow(b, 2.0))),
    definition="a / b", infix="/", precedence=QUOTIENT)

neg = row("neg", lambda x: -x, lambda x, y: (-1.0,),
    definition="-x", precedence=SIGN)

# At a = 0 the slope in b is 0 for b ≥ 0 (as PyTorch has it) and −∞ at the pole b < 0.
pow: Op = row("pow", ieee.pow,
    lambda a, b, y: (flow(b, pow(a, b - 1.0)), flow(where(abs(a) + step(-b), y, 0.0), log(a))),
    spelled=lambda a, b, y: (b * pow(a, b - 1.0), y * log(a)),
    definition="a ** b", infix="^", precedence=POWER, domain=(POSITIVE, REALS))

mod = row("mod", ieee.mod, lambda a, b, y: (1.0, -floor(div(a, b))),
    definition="a - b * floor(a / b)", infix="mod", precedence=QUOTIENT,
    domain=(REALS, POSITIVE), kinks=lambda a, b: (a - b * round(ieee.div(a, b)),))

identity = row("identity", lambda x: x, lambda x, y: (1.0,),
    definition="x")

# The product of the chain rule, g·p, with a strong zero: 0 when g is 0, whatever p is, so that
# 0·∞ never makes NaN in a backward sweep. Its own slopes are those of the product.
flow: Op = row("flow", lambda g, p: 0.0 if g == 0.0 else g * p, lambda g, p, y: (p, g),
    definition="g * p", infix="*", precedence=PRODUCT)


# --- exponentials and logarithms --------------------------------------------------------------

exp = row("exp", ieee.exp, lambda x, y: (y,),
    definition="exp(x)", latex=r"\exp")

expm1 = row("expm1", ieee.expm1, lambda x, y: (exp(x),),
    definition="exp(x) - 1")

log: Op = row("log", ieee.log, lambda x, y: (div(1.0, x),),
    definition="log(x)", symbol="ln", latex=r"\ln", domain=POSITIVE)

log2 = row("log2", ieee.log2, lambda x, y: (div(1.0, x * log(2.0)),),
    definition="log(x) / log(mpf(2))", symbol="log₂", latex=r"\log_2", domain=POSITIVE)

log10 = row("log10", ieee.log10, lambda x, y: (div(1.0, x * log(10.0)),),
    definition="log(x) / log(mpf(10))", symbol="log₁₀", latex=r"\log_{10}", domain=POSITIVE)


sqrt = row("sqrt", ieee.sqrt, lambda x, y: (div(0.5, y),),
    spelled=lambda x, y: (div(1.0, 2.0 * y),),
    definition="sqrt(x)", symbol="√", latex=r"\sqrt", domain=POSITIVE)


# --- activations ------------------------------------------------------------------------------

# 1 − y² has no digits left near y = ±1; with q = e^(−2|x|) the slope is 4q/(1 + q)².
tanh = row("tanh", math.tanh, lambda x, y: (_tanh_slope(exp(-2.0 * abs(x))),),
    spelled=lambda x, y: (1.0 - pow(y, 2.0),),
    definition="(exp(x) - exp(-x)) / (exp(x) + exp(-x))", latex=r"\tanh")


def _tanh_slope(q: Any) -> Any:
    return div(4.0 * q, pow(1.0 + q, 2.0))


sigmoid: Op = row("sigmoid", ieee.sigmoid, lambda x, y: (y * sigmoid(-x),),
    spelled=lambda x, y: (y * (1.0 - y),),
    definition="1 / (1 + exp(-x))", symbol="σ", latex=r"\sigma")

relu = row("relu", lambda x: ieee.maximum(x, 0.0), lambda x, y: (step(x),),
    definition="x if x > 0 else 0", kinks=lambda x: (x,))

elu = row("elu", lambda x, alpha=1.0: x if x > 0.0 else alpha * ieee.expm1(x),
    lambda x, alpha, y: (where(step(x, 1.0), 1.0, alpha * exp(x)),
                         where(step(x), 0.0, expm1(x))),
    definition="x if x > 0 else alpha * (exp(x) - 1)", kinks=lambda x, alpha: (x,))


# --- pieces and choices -----------------------------------------------------------------------

step: Op = row("step", lambda x, at_zero=0.0: 1.0 if x > 0.0 else at_zero if x == 0.0 else x * 0.0,
    lambda x, at_zero, y: (0.0, equal(x, 0.0)),
    definition="1 if x > 0 else at_zero if x == 0 else 0", kinks=lambda x, at_zero: (x,))

sign = row("sign", lambda x: 1.0 if x > 0.0 else -1.0 if x < 0.0 else x,
    lambda x, y: (0.0,),
    definition="1 if x > 0 else -1 if x < 0 else 0", kinks=lambda x: (x,))

abs: Op = row("abs", lambda x: builtins.abs(x), lambda x, y: (sign(x),),
    definition="x if x > 0 else -x", kinks=lambda x: (x,))

floor: Op = row("floor", ieee.floor, lambda x, y: (0.0,),
    definition="floor(x)", kinks=lambda x: (x - round(x),))

equal: Op = row("equal", lambda a, b: 1.0 if a == b else 0.0, lambda a, b, y: (0.0, 0.0),
    definition="1 if a == b else 0", kinks=lambda a, b: (a - b,))

# where(c, a, b) is a where c is not zero, else b; the branch not taken has slope 0.
where: Op = row("where", lambda c, a, b: a if c != 0.0 else b,
    lambda c, a, b, y: (0.0, 1.0 - equal(c, 0.0), equal(c, 0.0)),
    definition="a if c != 0 else b", kinks=lambda c, a, b: (c,))


def _share(xs: Any, y: Any) -> Any:
    """1 for the operand that equals y, 0 for the others; k operands that tie get 1/k each."""
    chosen = [equal(x, y) for x in xs]
    ties = sum(*chosen)
    return tuple(div(one, ties) for one in chosen)


def _gaps(rest: Callable[..., float]) -> Callable[..., tuple[float, ...]]:
    """A kink wherever an operand meets the best of the others."""
    return lambda *xs: tuple(
        x - rest(*xs[:i], *xs[i + 1 :]) for i, x in enumerate(xs) if len(xs) > 1
    )


max = row("max", ieee.maximum, lambda *xs: _share(xs[:-1], xs[-1]), Variadic,
    definition="max(xs)", latex=r"\max", kinks=_gaps(ieee.maximum))

min = row("min", ieee.minimum, lambda *xs: _share(xs[:-1], xs[-1]), Variadic,
    definition="min(xs)", latex=r"\min", kinks=_gaps(ieee.minimum))


# --- sums -------------------------------------------------------------------------------------

sum: Op = row("sum", lambda *xs: reduce(plus, xs), lambda *xs: (1.0,) * (len(xs) - 1), Variadic,
    definition="sum(xs)", latex=r"\sum", precedence=SUM)


class Dot(Variadic):
    """`dot(w, x, b=0.0)` = w₁·x₁ + … + wₙ·xₙ + b, one node; its rules see (w…, x…, b)."""

    __slots__ = ()

    def __call__(self, w: Any, x: Any, b: Any = 0.0) -> Any:  # type: ignore[override]
        if getattr(w, "ndim", 1) != 1 or getattr(x, "ndim", 1) != 1:
            raise TypeError(f"dot takes two vectors; got arrays of {w.ndim} and {x.ndim} axes")
        w, x = tuple(w), tuple(x)
        if len(w) != len(x):
            raise ValueError(f"dot needs two vectors of one length; got {len(w)} and {len(x)}")
        return super().__call__(*w, *x, b)

    def gather(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        return arguments


def _dot(*operands: Any) -> Any:
    n = len(operands) // 2
    return reduce(plus, map(times, operands[:n], operands[n:-1]), 0.0) + operands[-1]


def _dot_partials(*operands: Any) -> Any:
    n = len(operands) // 2 - 1  # operands and output: w…, x…, b, y
    return *operands[n : 2 * n], *operands[:n], 1.0


dot = row("dot", _dot, _dot_partials, Dot,
    definition="sum(w * x for w, x in zip(xs[: len(xs) // 2], xs[len(xs) // 2 : -1])) + xs[-1]",
    latex=r"\cdot", precedence=SUM)

__all__ = list(TABLE)
