"""Rounding for print, against the decimal module's own rounding of the exact number."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from viz.digits import AS_TYPED, half_unit, rounded


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (2 / 3, 4, "0.6667"),
        (0.5, 4, "0.5"),
        (0.6, 4, "0.6"),
        (0.60004, 4, "0.6000"),
        (0.59996, 4, "0.6000"),
        (1.0, 4, "1"),
        (1.00001, 4, "1.000"),
        (0.99999, 4, "1.000"),
        (9.9996, 4, "10.00"),
        (-9.9996, 4, "-10.00"),
        (12345.678, 4, "12346"),
        (12345.0, 4, "12345"),
        (99999.7, 4, "100000"),
        (100.0, 4, "100"),
        (1e14, 4, "100000000000000"),
        (123456789012345.0, 4, "123456789012345"),
        (0.1 + 0.2, 4, "0.3"),
        (0.00012345, 3, "0.000123"),
        (1.23456e-9, 3, "1.23E-9"),
        (1.5e300, 4, "1.5E+300"),
        (1.23456e20, 4, "1.235E+20"),
        (5e-324, 4, "4.941E-324"),
        (1.7976931348623157e308, 4, "1.798E+308"),
        (-1.23456e20, 4, "-1.235E+20"),
        (-12345.678, 4, "-12346"),
        (-123456789012345.0, 4, "-123456789012345"),
        (0.0, 4, "0"),
        (-0.0, 4, "0"),
        (2.675, 3, "2.68"),  # half to even of the decimal as typed, not of the binary below it
        (2.665, 3, "2.66"),
        (1 / 3, 15, "0.333333333333333"),
        (1 / 3, 1, "0.3"),
    ],
)
def test_what_is_printed(value: float, digits: int, printed: str) -> None:
    shown = rounded(value, digits)
    assert shown == Decimal(printed)
    if "E" not in printed:
        assert f"{shown:f}" == printed


@pytest.mark.parametrize(("value", "printed"), [(math.inf, "Infinity"), (-math.inf, "-Infinity")])
def test_infinities_stay(value: float, printed: str) -> None:
    assert str(rounded(value, 4)) == printed


def test_nan_stays() -> None:
    assert rounded(math.nan, 4).is_nan()


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@settings(derandomize=True, deadline=None)
@given(FLOATS, st.integers(1, 15))
@example(1e15, 4)
@example(999999999999999.9, 4)
@example(0.00009999996, 4)
def test_rounding_is_that_of_the_decimal_module(value: float, digits: int) -> None:
    """Fifteen digits first (0.1 + 0.2 is 0.3), then the digits asked for, or the whole part."""
    as_typed = Context(prec=15, rounding=ROUND_HALF_EVEN).create_decimal(Decimal(value))
    places = max(digits, min(as_typed.adjusted() + 1, 15) if as_typed.adjusted() < 15 else digits)
    expected = Context(prec=max(places, 1), rounding=ROUND_HALF_EVEN).create_decimal(as_typed)
    assert rounded(value, digits) == expected


@settings(derandomize=True, deadline=None)
@given(FLOATS)
def test_more_digits_never_lie_further_away(value: float) -> None:
    distances = [abs(Decimal(value) - rounded(value, digits)) for digits in range(1, 16)]
    assert distances == sorted(distances, reverse=True)


@settings(derandomize=True, deadline=None)
@given(FLOATS)
def test_as_typed_is_what_repr_shows_of_a_short_number(value: float) -> None:
    short = float(f"{value:.10g}")
    if math.isfinite(short) and abs(short) > 1e-300:  # below, a float has fewer digits
        assert rounded(short, AS_TYPED) == Decimal(repr(short))


@pytest.mark.parametrize(
    ("value", "digits", "half"),
    [
        (2 / 3, 4, "0.00005"),
        (0.60004, 4, "0.00005"),
        (12345.678, 4, "0.5"),
        (16.0, 4, "0.5"),
        (10.0, 4, "0.5"),
        (100.0, 4, "0.5"),
        (1200.0, 4, "0.5"),
        (10000.0, 4, "0.5"),
        (1.235e20, 4, "0.0005E+20"),
        (1.235e-9, 4, "0.0005E-9"),
    ],
)
def test_half_a_unit_of_the_last_printed_place(value: float, digits: int, half: str) -> None:
    """100 is printed with its last place at the ones, although its digits are 1 and two zeros."""
    assert half_unit(rounded(value, digits)) == Decimal(half)
