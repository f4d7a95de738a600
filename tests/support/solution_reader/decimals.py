"""What the functions of a formula mean, on decimals of 50 digits.

`SMOOTH` functions have one formula. Those of `PIECES` first choose a piece; a derivative is taken
on the piece that was chosen. The conventions at a corner are in the choice: relu′(0) = 0, elu′(0)
is that of x, operands of a maximum that tie share it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import (
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import lru_cache, reduce
from typing import Any

__all__ = ["ALONG", "CONTEXT", "MANY", "NAN", "PIECES", "SMOOTH", "divided", "power"]

CONTEXT = Context(prec=50)
for _signal in (DivisionByZero, InvalidOperation, Overflow):
    CONTEXT.traps[_signal] = False  # ∞ and NaN instead of exceptions

ZERO, ONE, TWO, HALF = Decimal(0), Decimal(1), Decimal(2), Decimal("0.5")
NAN = Decimal("NaN")


def divided(a: Decimal, b: Decimal) -> Decimal:
    return a / b


def power(a: Decimal, b: Decimal) -> Decimal:
    """a to the b; 1 at 0⁰, no number for a broken power of a negative base."""
    if b == 0:
        return ONE
    if a == 0:
        return ZERO if b > 0 else Decimal("Infinity")
    return a**b


def _expm1(x: Decimal) -> Decimal:
    return x.exp() - ONE


def _tanh(x: Decimal) -> Decimal:
    small = (-TWO * abs(x)).exp()
    return ((ONE - small) / (ONE + small)).copy_sign(x)


def _sigmoid(x: Decimal) -> Decimal:
    return ONE / (ONE + (-x).exp())


def _softplus(x: Decimal) -> Decimal:
    return (ONE + x.exp()).ln()


def _series(first: Decimal, ratio: Callable[[int], Decimal]) -> Decimal:
    """first·(1 + r₁·(1 + r₂·(…))), until nothing is added any more."""
    total = term = first
    n = 1
    while term and abs(term) > abs(total) * Decimal("1e-60"):
        term *= ratio(n)
        total += term
        n += 1
    return total


def _sin(x: Decimal) -> Decimal:
    with localcontext(Context(prec=80)):
        return _series(x, lambda n: -x * x / (2 * n * (2 * n + 1)))


def _cos(x: Decimal) -> Decimal:
    with localcontext(Context(prec=80)):
        return _series(ONE, lambda n: -x * x / (2 * n * (2 * n - 1)))


@lru_cache
def _pi() -> Decimal:
    """Machin: π/4 = 4·arctan(1/5) − arctan(1/239)."""
    with localcontext(Context(prec=80)):
        fifth, small = (
            sum(Decimal((-1) ** n) / ((2 * n + 1) * Decimal(x) ** (2 * n + 1)) for n in range(60))
            for x in (5, 239)
        )
        return 4 * (4 * fifth - small)


def _erf(x: Decimal) -> Decimal:
    if abs(x) > 10:
        return ONE.copy_sign(x)
    with localcontext(Context(prec=120)):
        odd = [x]
        n = 0
        while odd[-1] and abs(odd[-1]) > Decimal("1e-60"):
            n += 1
            odd.append(odd[-1] * -x * x / n)
        total = sum(term / (2 * i + 1) for i, term in enumerate(odd))
        return TWO / _pi().sqrt() * total


def _gelu(x: Decimal) -> Decimal:
    return HALF * x * (ONE + _erf(x / TWO.sqrt()))


SMOOTH: dict[str, Callable[..., Decimal]] = {
    "exp": Decimal.exp,
    "expm1": _expm1,
    "ln": Decimal.ln,
    "log₂": lambda x: x.ln() / TWO.ln(),
    "log₁₀": Decimal.log10,
    "log1p": lambda x: (ONE + x).ln(),
    "√": Decimal.sqrt,
    "sin": _sin,
    "cos": _cos,
    "tanh": _tanh,
    "σ": _sigmoid,
    "softplus": _softplus,
    "log_sigmoid": lambda x: -_softplus(-x),
    "silu": lambda x: x * _sigmoid(x),
    "mish": lambda x: x * _tanh(_softplus(x)),
    "gelu": _gelu,
    "erf": _erf,
    "erfc": lambda x: ONE - _erf(x),
    "tanhshrink": lambda x: x - _tanh(x),
    "identity": lambda x: x,
}


# --- functions of pieces ----------------------------------------------------------------------


def _sign(x: Decimal) -> Any:
    return (x > 0) - (x < 0)


def _best(best: Callable[..., Decimal]) -> Callable[..., Any]:
    def chosen(*xs: Decimal) -> list[int]:
        top = best(xs)
        return [i for i, x in enumerate(xs) if x == top]

    return chosen


def _shared(chosen: list[int], *xs: Decimal) -> Decimal:
    return sum(xs[i] for i in chosen) / Decimal(len(chosen))


def _between(low: Decimal, x: Decimal, high: Decimal) -> str:
    """Which of three operands a clipped number is: those at a bound count as inside."""
    if low >= high or x > high:
        return "high"
    return "low" if x < low else "x"


_CLIPPED = {"low": 1, "x": 0, "high": 2}

Choice = Callable[..., Any]
PIECES: dict[str, tuple[Choice, Callable[..., Decimal]]] = {
    "relu": (lambda x: x > 0, lambda on, x: x if on else ZERO),
    "relu6": (
        lambda x: (x > 0) + (x >= 6),
        lambda piece, x: (ZERO, x, Decimal(6))[piece],
    ),
    "leaky_relu": (
        lambda x, slope=None: x > 0,
        lambda on, x, slope=Decimal("0.01"): x if on else slope * x,
    ),
    "elu": (
        lambda x, alpha=ONE: x >= 0,
        lambda on, x, alpha=ONE: x if on else alpha * _expm1(x),
    ),
    "softsign": (_sign, lambda sign, x: x / (ONE + sign * x)),
    "|": (_sign, lambda sign, x: sign * x),
    "sign": (_sign, lambda sign, x: Decimal(sign)),
    "step": (
        lambda x, at_zero=ZERO: _sign(x),
        lambda sign, x, at_zero=ZERO: at_zero if sign == 0 else Decimal(sign > 0),
    ),
    "floor": (math.floor, lambda whole, x: Decimal(whole)),
    "mod": (lambda a, b: math.floor(a / b), lambda whole, a, b: a - b * whole),
    "where": (lambda c, a, b: c != 0, lambda taken, c, a, b: a if taken else b),
    "clip": (
        lambda x, low, high: _between(low, x, high),
        lambda piece, *xs: xs[_CLIPPED[piece]],
    ),
    "hardtanh": (
        lambda x, low=-ONE, high=ONE: (x > low) + (x >= high),
        lambda piece, x, low=-ONE, high=ONE: (low, x, high)[piece],
    ),
    "hardsigmoid": (
        lambda x: (x > -3) + (x >= 3),
        lambda piece, x: (ZERO, (x + 3) / 6, ONE)[piece],
    ),
    "max": (_best(max), _shared),
    "min": (_best(min), _shared),
}

# Functions of any number of operands, and of all entries of an array.
MANY: dict[str, Callable[..., Decimal]] = {
    "sum": lambda *xs: sum(xs, ZERO),
    "mean": lambda *xs: sum(xs, ZERO) / len(xs),
    "prod": lambda *xs: reduce(lambda a, b: a * b, xs, ONE),
    "logsumexp": lambda *xs: sum((x.exp() for x in xs), ZERO).ln(),
}

# Those along one axis of a matrix: the function and the axis. column_sums adds the rows up.
ALONG = {
    f"{line}_{name}{'s' if name == 'sum' else ''}": (name, axis)
    for name in (*MANY, "max", "min")
    for axis, line in enumerate(("column", "row"))
}
