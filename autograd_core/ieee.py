"""Float functions that never raise: infinities and NaN as IEEE 754 (and NumPy) give them.

Python's own `1.0 / 0.0`, `math.log(0.0)` and `math.exp(1000.0)` raise. Forward rules are total,
so that one bad example in a batch shows up as `inf` or `nan` in its own place;
`detect_anomaly()` turns the first such value into an error that names its node.
"""

from __future__ import annotations

import math

inf, nan = math.inf, math.nan


def _is_odd(x: float) -> bool:
    return x % 2.0 == 1.0


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
    return float(math.floor(x)) if math.isfinite(x) else x


def exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


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


def sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0.0 else nan


def sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)  # for x < 0 the textbook form would overflow
    return e / (1.0 + e)


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
