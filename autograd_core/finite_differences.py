"""A slope measured from function values alone, with an estimate of its own error.

Central differences D(h) = (f(x + h) − f(x − h)) / 2h at h, h/2 and h/4, twice improved by
Richardson's extrapolation (4·D(h/2) − D(h)) / 3. The error estimate is the change of that
extrapolation from one pair of steps to the next, plus what rounding in f can do. Of all steps
where the differences shrink as a smooth function's must, the one with the least error counts; a
step that reaches over a pole or a jump fails that test.

Source: W. H. Press et al., Numerical Recipes, section 5.7; C. Ridders, Adv. Eng. Software 4 (1982).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

__all__ = ["EPSILON", "Sampler", "Slope", "measure_slope"]

EPSILON = sys.float_info.epsilon

# x → (f(x), the quantities that are zero at a kink)
Sample = tuple[float, tuple[float, ...]]
Sampler = Callable[[float], Sample]


@dataclass(frozen=True, slots=True)
class Slope:
    """A measured derivative. At a kink `left` and `right` differ; elsewhere they are None.

    `touched` says that some operation has a kink here, even where the slopes agree.
    """

    value: float
    error: float
    left: float | None = None
    right: float | None = None
    touched: bool = False


_UNKNOWN = Slope(math.nan, math.inf)


def measure_slope(sample: Sampler, x: float, noise: float) -> Slope:
    """Measure f'(x), where one evaluation of f near x is uncertain by `noise`.

    A step that would cross a kink is not taken. With a kink at x itself both one-sided slopes
    are measured. An infinite error says that nothing could be measured.

    >>> slope = measure_slope(lambda x: (x * x, ()), 3.0, noise=1e-15)
    >>> abs(slope.value - 6.0) <= slope.error < 1e-9
    True
    """
    centre = sample(x)
    if not math.isfinite(centre[0]):
        return _UNKNOWN
    noise = max(noise, 4.0 * math.ulp(0.0))  # below that floats are multiples of ulp(0)
    best = _UNKNOWN
    touched = False  # a kink quantity is zero at x and not beside it
    # Not a power of two: on functions of period 1 those would always land on the same phase.
    h = 0.7 * 2.0 ** (math.frexp(max(1.0, abs(x)))[1] - 6)
    while h > 4.0 * EPSILON * max(abs(x), 2.0**-40):
        around = [(x - s, x + s) for s in (h, h / 2.0, h / 4.0)]
        pairs = [(sample(low), sample(high)) for low, high in around]
        samples = [end for pair in pairs for end in pair]
        touched = any(_touches(centre, end) for end in samples)
        if not any(_crosses(centre, end) for end in samples):
            slope = _richardson(centre[0], around, pairs, noise)
            if slope.error < best.error:
                best = slope
        h /= 8.0
        if 8.0 * noise / h > best.error:  # from here on rounding alone exceeds the best error
            break
    return _at_kink(sample, x, noise, best) if touched else best


def _crosses(centre: Sample, end: Sample) -> bool:
    """True where some kink lies strictly between the two points."""
    return any(a * b < 0.0 for a, b in zip(centre[1], end[1], strict=True))


def _touches(centre: Sample, end: Sample) -> bool:
    """True where the centre lies on a kink and the end does not."""
    return any(a == 0.0 and b != 0.0 for a, b in zip(centre[1], end[1], strict=True))


def _richardson(
    centre: float,
    around: list[tuple[float, float]],
    pairs: list[tuple[Sample, Sample]],
    noise: float,
) -> Slope:
    """The slope from differences over three widths, each half of the one before."""
    coarse, half, quarter = (
        (high[0] - low[0]) / (b - a) for (a, b), (low, high) in zip(around, pairs, strict=True)
    )
    first = (4.0 * half - coarse) / 3.0
    second = (4.0 * quarter - half) / 3.0
    noise = max(noise, EPSILON * max(abs(end[0]) for pair in pairs for end in pair))
    rounding = 4.0 * noise / (around[-1][1] - around[-1][0]) + 2.0 * EPSILON * abs(second)
    error = abs(second - first) + rounding
    # Halving h divides the error of D by 4, and so the bend f(x + h) + f(x − h) − 2 f(x); allow
    # 2.5, or less than rounding can explain. Over a pole neither shrinks.
    converges = abs(coarse - half) >= 2.5 * abs(half - quarter) - rounding
    wide, narrow = (abs(low[0] + high[0] - 2.0 * centre) for low, high in pairs[:2])
    bends = wide >= 2.5 * narrow - 8.0 * noise
    return Slope(second, error) if converges and bends and math.isfinite(error) else _UNKNOWN


def _at_kink(sample: Sampler, x: float, noise: float, central: Slope) -> Slope:
    """Both one-sided slopes where they differ, one slope where they agree, else unknown."""
    left, right = (_one_sided(sample, x, side, noise) for side in (-1.0, 1.0))
    error = left.error + right.error
    size = max(abs(left.value), abs(right.value))
    if not error <= 1e-3 * max(1.0, size):  # a jump: the slopes grow without end
        return _UNKNOWN
    if abs(left.value - right.value) > 8.0 * error:
        return Slope(math.nan, math.inf, left.value, right.value, touched=True)
    if error < central.error:  # the slopes agree, their curvatures need not
        return Slope((left.value + right.value) / 2.0, error, touched=True)
    return replace(central, touched=True)


def _one_sided(sample: Sampler, x: float, side: float, noise: float) -> Slope:
    """The slope towards one side, from the widths h, h/2 and h/4: 2·D(h/2) − D(h)."""
    h = side * 2.0 ** (math.frexp(max(1.0, abs(x)))[1] - 20)
    centre = sample(x)[0]
    ends = [x + h, x + h / 2.0, x + h / 4.0]
    values = [sample(end)[0] for end in ends]
    coarse, half, quarter = ((f - centre) / (end - x) for f, end in zip(values, ends, strict=True))
    first, second = 2.0 * half - coarse, 2.0 * quarter - half
    noise = max(noise, EPSILON * max(map(abs, (centre, *values))))
    return Slope(second, abs(second - first) + 16.0 * noise / abs(h) + EPSILON * abs(second))
