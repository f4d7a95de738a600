"""How far a given number agrees with another: exactly, or as a rounding to so many digits.

- Equal up to a float's noise: all digits agree. A whole number is taken at its word: 5 is not a
  rounding of 5.2.
- A decimal that is the other number correctly rounded agrees to the digits it has.
- The result of arithmetic agrees within what the rounding of its parts explains. Parts of four
  digits and more may be rounded, as a solution prints them; shorter ones (0.1, 0.25) are exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from ..digits import RESULT_DIGITS, half_unit, rounded

__all__ = ["Given", "agreeing_digits", "significant_digits"]

NOISE = 1e-9  # relative, of floating-point arithmetic along two different ways


@dataclass(frozen=True, slots=True)
class Given:
    """A number somebody gave: as typed, or the result of arithmetic, uncertain by `slack`."""

    value: float
    slack: float = 0.0
    typed: Decimal | None = None


def significant_digits(number: Decimal) -> int:
    """The digits a person counts: 0.0600 has three, 20 has two, 0 has none.

    >>> [significant_digits(Decimal(text)) for text in ("0.0600", "20", "0.00")]
    [3, 2, 0]
    """
    return 0 if number == 0 else len(number.as_tuple().digits)


def agreeing_digits(given: Given, number: float, noise: float = 0.0) -> float:
    """To how many digits the given number is this one: inf where equal, 0 where it is another.

    `noise` is how far the number itself may be from what exact arithmetic gives.

    >>> third = Given(0.33, typed=Decimal("0.33"))
    >>> agreeing_digits(third, 1/3), agreeing_digits(third, 0.33), agreeing_digits(third, 0.34)
    (2, inf, 0)
    """
    if not math.isfinite(number):
        return 0
    error = abs(given.value - number)
    if error <= NOISE * abs(number) or error <= noise:
        return math.inf
    if given.typed is None:
        return _digits_left(given.slack, number) if error <= given.slack else 0
    if _is_whole(given.typed):
        printed = rounded(number, RESULT_DIGITS)  # 12345.678 is printed as 12346
        return RESULT_DIGITS if _is_whole(printed) and given.typed == printed else 0
    # A number that ends in 5 behind the digits given may be rounded either way.
    if error <= float(half_unit(given.typed)) + NOISE * abs(number):
        return significant_digits(given.typed)
    return 0


def _is_whole(typed: Decimal) -> bool:
    exponent = typed.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= 0


def _digits_left(slack: float, number: float) -> int:
    """The digits of a number that is uncertain by the slack: 0.5 ± 0.00005 has four."""
    if number == 0.0 or slack >= abs(number):
        return 0
    return max(0, 1 + math.floor(-math.log10(2.0 * slack / abs(number))))
