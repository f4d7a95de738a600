"""How a number is rounded for print.

Digits are significant digits, but an integer part is never rounded away: 12345.678 at four digits
is 12346. Zeros at the end stay where rounding happened (0.6000), and go where the number is exact
(0.5), so a reader can tell the two apart.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

__all__ = ["half_unit", "is_exact", "rounded"]

_EXACT = Context(prec=400, rounding=ROUND_HALF_EVEN)
LARGEST_PLAIN = 15  # from 10¹⁵ on, and below 10⁻⁴, a number is written with a power of ten
SMALLEST_PLAIN = -4


def rounded(value: float, digits: int) -> Decimal:
    """The decimal that is printed for a float at so many significant digits.

    >>> rounded(2 / 3, 4), rounded(0.5, 4), rounded(12345.678, 4)
    (Decimal('0.6667'), Decimal('0.5'), Decimal('12346'))
    """
    exact = Decimal(repr(value))
    if not exact.is_finite() or is_exact(value, digits):
        return exact.normalize(_EXACT) if exact.is_finite() else exact
    last = exact.adjusted() - digits + 1
    if exact.adjusted() < LARGEST_PLAIN:
        last = min(last, 0)
    return exact.quantize(Decimal((0, (1,), last)), context=_EXACT)


def is_exact(value: float, digits: int) -> bool:
    """True where the digits show the number as it is (as `repr` does)."""
    if not math.isfinite(value):
        return True
    if value.is_integer() and abs(value) < 10.0**LARGEST_PLAIN:
        return True
    return len(Decimal(repr(value)).normalize(_EXACT).as_tuple().digits) <= digits


def half_unit(shown: Decimal) -> Decimal:
    """Half of the last place printed: how far a rounded number may lie from what it stands for."""
    exponent = shown.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal((0, (5,), exponent - 1))
