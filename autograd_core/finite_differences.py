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
from dataclasses import dataclass

__all__ = ["Slope", "measure_slope"]

EPSILON = sys.float_info.epsilon

# x → (f(x), the quantities that are zero at a kink)
Sampler = Callable[[float], tuple[float, tuple[float, ...]]]


@dataclass(frozen=True, slots=True)
class Slope:
    """A measured derivative. At a kink `left` and `right` differ; elsewhere they are None."""

    value: float
    error: float
    left: float | None = None
    right: float | None = None

    @property
    def at_kink(self) -> bool:
        return self.left is not None


_UNKNOWN = Slope(math.nan, math.inf)


def measure_slope(sample: Sampler, x: float, noise: float) -> Slope:
    """Measure f'(x), where one evaluation of f is uncertain by `noise`.

    A step that would cross a kink is not taken. With a kink at x itself both one-sided slopes
    are measured. An infinite error says that nothing could be measured.
    """
    centre, kinks = sample(x)
    best = _UNKNOWN
    if not math.isfinite(centre):
        return best
    noise = max(noise, EPSILON * abs(centre))
    h = 2.0 ** (math.frexp(max(1.0, abs(x)))[1] - 6)
    touched = False  # a kink quantity is zero at x and not beside it
    while h > 4.0 * EPSILON * max(abs(x), 2.0**-40):
        ends = [sample(x - h), sample(x + h)]
        touched = any(
            k == 0.0 and end[1][i] != 0.0 for end in ends for i, k in enumerate(kinks)
        )
        if not _crosses(kinks, ends):
            slope = _richardson(sample, x, h, ends, noise)
            if slope.error < best.error:
                best = slope
        h /= 8.0
    if touched:
        left, right = _one_sided(sample, x, -1.0, noise), _one_sided(sample, x, 1.0, noise)
        if not abs(left.value - right.value) <= 8.0 * (left.error + right.error):
            return Slope(math.nan, math.inf, left.value, right.value)
        if left.error + right.error < best.error:  # the slopes agree, their curvatures need not
            return Slope((left.value + right.value) / 2.0, left.error + right.error)
    return best


def _crosses(kinks: tuple[float, ...], ends: list[tuple[float, tuple[float, ...]]]) -> bool:
    """True where some kink lies strictly between x and an end of the step."""
    return any(k * end[1][i] < 0.0 for end in ends for i, k in enumerate(kinks))


def _richardson(
    sample: Sampler,
    x: float,
    h: float,
    ends: list[tuple[float, tuple[float, ...]]],
    noise: float,
) -> Slope:
    (low, _), (high, _) = ends
    coarse = (high - low) / (2.0 * h)
    half = (sample(x + h / 2)[0] - sample(x - h / 2)[0]) / h
    quarter = (sample(x + h / 4)[0] - sample(x - h / 4)[0]) / (h / 2)
    first = (4.0 * half - coarse) / 3.0
    second = (4.0 * quarter - half) / 3.0
    rounding = 8.0 * noise / h
    error = abs(second - first) + rounding
    # Halving h divides the error of D by 4; allow 2.5, or less than rounding can explain.
    converges = abs(coarse - half) >= 2.5 * abs(half - quarter) - rounding
    return Slope(second, error) if converges and math.isfinite(error) else _UNKNOWN


def _one_sided(sample: Sampler, x: float, side: float, noise: float) -> Slope:
    """The slope towards one side, with h and h/2 and one extrapolation (2·D(h/2) − D(h))."""
    h = 2.0 ** (math.frexp(max(1.0, abs(x)))[1] - 15)
    centre = sample(x)[0]
    coarse = (sample(x + side * h)[0] - centre) / (side * h)
    half = (sample(x + side * h / 2)[0] - centre) / (side * h / 2)
    fine = (sample(x + side * h / 4)[0] - centre) / (side * h / 4)
    first, second = 2.0 * half - coarse, 2.0 * fine - half
    return Slope(second, abs(second - first) + 16.0 * noise / h)
