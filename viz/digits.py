"""How a number is rounded for print.

Digits are significant digits, but an integer part is never rounded away: 12345.678 at four digits
is 12346. Zeros at the end stay where rounding happened (0.6000), and go where the number is exact
(0.5), so a reader can tell the two apart.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

__all__ = ["AS_TYPED", "RAISED", "RESULT_DIGITS", "half_unit", "raised", "rounded", "scientific"]

RESULT_DIGITS = 4  # what results are printed with, unless somebody asks for others
AS_TYPED = 15  # digits that show a decimal as it was typed, and none of a float's binary noise

_EXACT = Context(prec=400, rounding=ROUND_HALF_EVEN)
LARGEST_PLAIN = 15  # from 10¹⁵ on, and below 10⁻⁴, a number is written with a power of ten
SMALLEST_PLAIN = -4


def rounded(value: float, digits: int) -> Decimal:
    """The decimal that is printed for a float at so many significant digits.

    >>> rounded(2 / 3, 4), rounded(0.5, 4), rounded(12345.678, 4)
    (Decimal('0.6667'), Decimal('0.5'), Decimal('12346'))
    """
    if not math.isfinite(value):
        return Decimal(repr(value))
    exact = Decimal(f"{value:.{AS_TYPED}g}").normalize(_EXACT)  # 0.1 + 0.2 is printed as 0.3
    if exact == 0:
        return Decimal(0)  # a negative zero is printed as 0
    plain = exact.adjusted() < LARGEST_PLAIN
    if len(exact.as_tuple().digits) <= digits or (plain and exact == exact.to_integral_value()):
        return exact.quantize(Decimal(1), context=_EXACT) if plain and exact % 1 == 0 else exact
    shown = _quantized(exact, digits, plain)
    if shown.adjusted() > exact.adjusted():  # 9.9996 has become 10.000: one digit too many
        shown = _quantized(shown, digits, plain)
    return shown


def _quantized(number: Decimal, digits: int, plain: bool) -> Decimal:
    last = number.adjusted() - digits + 1
    return number.quantize(Decimal((0, (1,), min(last, 0) if plain else last)), context=_EXACT)


def scientific(number: Decimal) -> tuple[Decimal, int] | None:
    """Mantissa and power of ten of a number too large or small to be written out, else None.

    >>> scientific(Decimal("1.5E-7")), scientific(Decimal("0.25"))
    ((Decimal('1.5'), -7), None)
    """
    if not number.is_finite() or not number:
        return None
    exponent = number.adjusted()
    if SMALLEST_PLAIN <= exponent < LARGEST_PLAIN:
        return None
    return number.scaleb(-exponent, _EXACT), exponent


def half_unit(shown: Decimal) -> Decimal:
    """Half of the last place printed: how far a rounded number may lie from what it stands for."""
    exponent = shown.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal((0, (5,), exponent - 1))


RAISED = str.maketrans("0123456789−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")


def raised(number: int) -> str:
    """An integer as superscript."""
    return str(number).replace("-", "−").translate(RAISED)
