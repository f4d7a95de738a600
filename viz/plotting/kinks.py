"""A function of one variable sampled with the engine: its values, its slopes, and where they jump.

A row of the table names the quantities that are zero where its derivative may jump (`kinks`).
Between two samples such a quantity changes its sign; bisection finds the place, and the slopes on
both sides tell whether there is a jump.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd_core import modes
from autograd_core.graph import topological_order
from autograd_core.transforms import gradient
from autograd_core.value import Value

from ..inputs import Numbers

__all__ = ["Curve", "Jump", "sample"]

POINTS = 400  # intervals between samples
BESIDE = 1e-9  # of the interval: how far from a kink its sides are read
JUMPS = 1e-6  # a larger difference between the sides is a jump
TIDY = 12  # decimals; a kink at 0.5 is at 0.5 and not half an ulp away


class Jump(NamedTuple):
    """What a function does at a place: its limits from both sides and its own value."""

    x: float
    left: float
    right: float
    value: float


class Curve(NamedTuple):
    """A function and its derivative at `x`: NaN at a jump and where they are not finite."""

    x: Numbers
    values: Numbers
    slopes: Numbers
    value_jumps: list[Jump]
    slope_jumps: list[Jump]


class _Point(NamedTuple):
    value: float
    slope: float
    kinks: tuple[float, ...]


def sample(f: Callable[..., Any], low: float, high: float) -> Curve:
    """Sample f between two bounds.

    Raises TypeError where f does not return one number.

    >>> from autograd_core import relu
    >>> sample(relu, -5.0, 5.0).slope_jumps
    [Jump(x=0.0, left=0.0, right=1.0, value=0.0)]
    """
    points = {x: _at(f, x) for x in np.linspace(low, high, POINTS + 1).tolist()}
    value_jumps, slope_jumps = [], []
    beside = BESIDE * (high - low)
    for x in sorted(set(_kinks(f, points))):
        if low + beside < x < high - beside:
            left, here, right = (_at(f, at) for at in (x - beside, x, x + beside))
            value_jump = Jump(x, left.value, right.value, here.value)
            slope_jump = Jump(x, left.slope, right.slope, here.slope)
            if not (_jumps(value_jump) or _jumps(slope_jump)):
                continue
            points |= {x - beside: left, x: here, x + beside: right}
            value_jumps += [value_jump] if _jumps(value_jump) else []
            slope_jumps += [slope_jump] if _jumps(slope_jump) else []
    order = sorted(points)
    return Curve(
        np.array(order),
        _line(order, [points[x].value for x in order], value_jumps),
        _line(order, [points[x].slope for x in order], slope_jumps),
        value_jumps,
        slope_jumps,
    )


def _at(f: Callable[..., Any], x: float) -> _Point:
    with modes.recording():
        node = Value(x)
        y = f(node)
    if not isinstance(y, Value):
        if not isinstance(y, (int, float)):
            raise TypeError(f"the function returned {type(y).__name__}: return one number")
        return _Point(float(y), 0.0, ())
    kinks: list[float] = []
    for inner in topological_order(y):
        if inner.op is not None and inner.op.kinks is not None:
            numbers = [o if isinstance(o, float) else o.data for o in inner.operands]
            kinks.extend(inner.op.kinks(*numbers))
    [slope] = gradient(y, [node])
    return _Point(y.data, slope, tuple(kinks))


def _kinks(f: Callable[..., Any], points: dict[float, _Point]) -> Iterator[float]:
    """Where a kink's quantity is zero, or changes its sign between two samples."""
    places = list(points)
    for a, b in itertools.pairwise(places):
        for i, (at_a, at_b) in enumerate(zip(points[a].kinks, points[b].kinks, strict=False)):
            if at_a == 0.0:
                yield a
            elif at_a * at_b < 0.0:
                yield _bisected(f, i, a, b)


def _bisected(f: Callable[..., Any], i: int, a: float, b: float) -> float:
    """Where between a and b the i-th quantity is zero."""

    def quantity(x: float) -> float:
        return _at(f, x).kinks[i]

    at_a = quantity(a)
    for _ in range(60):
        middle = 0.5 * (a + b)
        at_middle = quantity(middle)
        if at_middle == 0.0:
            return middle
        a, b = (middle, b) if at_a * at_middle > 0.0 else (a, middle)
    tidy = round(a, TIDY)
    return tidy if quantity(tidy) == 0.0 else a


def _jumps(jump: Jump) -> bool:
    size = abs(jump.right - jump.left)
    return size > JUMPS * max(1.0, abs(jump.left), abs(jump.right)) or (
        abs(jump.value - jump.left) > JUMPS and abs(jump.value - jump.right) > JUMPS
    )


def _line(places: list[float], numbers: list[float], jumps: list[Jump]) -> Numbers:
    """The numbers as a line that is interrupted where it jumps."""
    gaps = {jump.x for jump in jumps}
    return np.array(
        [
            math.nan if x in gaps or not math.isfinite(number) else number
            for x, number in zip(places, numbers, strict=True)
        ]
    )
