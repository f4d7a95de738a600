"""How a measured number is printed, and how uncertain it is."""

from __future__ import annotations

import math

__all__ = ["measured", "one_digit"]

SMALLEST = math.ulp(0.0)  # stands for no error at all


def measured(value: float, error: float) -> str:
    """Seven digits or six decimals, and no more than the error allows.

    A number below its error may be anything around 0: it is not written with a power of ten.

    >>> measured(-24.0, 4e-10), measured(0.3347590442, 2e-12), measured(2.718281828, 3e-4)
    ('−24.000000', '0.3347590', '2.7183')
    """
    seven = f"{value:.6e}"  # 0.99999999, say, is 1 here
    exponent = int(seven.partition("e")[2]) if abs(value) > error else 0
    known = -math.floor(math.log10(error or SMALLEST))  # so many decimals, or more
    if -7 <= exponent < 15:
        decimals = min(max(6, 6 - exponent), max(0, known))
        shown = f"{round(value, decimals) + 0.0:.{decimals}f}"  # −0.0 + 0.0 is 0.0
    else:
        shown = f"{value:.{min(6, max(0, exponent + known))}e}"
    return shown.replace("-", "−")


def one_digit(error: float) -> str:
    """An error by its first digit: nobody knows more of it.

    >>> one_digit(4.2e-10), one_digit(2.0), one_digit(0.0)
    ('4e−10', '2', '0')
    """
    if error == 0.0:
        return "0"
    mantissa, exponent = f"{error:.0e}".split("e")
    if int(exponent) == 0:
        return mantissa
    return f"{mantissa}e{int(exponent)}".replace("-", "−")
