"""Measured numbers in print: the digits that the error leaves, the same on every machine."""

from __future__ import annotations

import math

import pytest

from viz.solution.measured import measured, one_digit


@pytest.mark.parametrize(("value", "error", "printed"), [
    (-24.0, 4e-10, "−24.000000"),
    (0.0076244434, 2e-12, "0.007624443"),
    (1234.56789, 1e-3, "1234.568"),
    (-2.5, 0.3, "−2.5"),
    (3.0e20, 1e10, "3.000000e+20"),
    (1.23456e-10, 1e-13, "1.235e−10"),
    (math.pi, 0.0, "3.141593"),
    (0.0, 0.0, "0.000000"),
])  # fmt: skip
def test_seven_digits_or_what_the_error_leaves(
    value: float, error: float, printed: str
) -> None:
    assert measured(value, error) == printed


@pytest.mark.parametrize("value", [math.nextafter(1.0, 0.0), 1.0, math.nextafter(1.0, 2.0)])
def test_the_last_bit_does_not_change_the_number_of_digits(value: float) -> None:
    assert measured(value, 3e-11) == "1.000000"


@pytest.mark.parametrize("value", [0.0, -0.0, 3e-13, -3e-17])
def test_below_its_error_a_number_is_nought(value: float) -> None:
    assert measured(value, 4e-13) == "0.000000"


def test_an_error_has_one_digit() -> None:
    printed = [one_digit(e) for e in (0.0, 2.4e-9, 0.96, 30.0, 3.0)]
    assert printed == ["0", "2e−9", "1", "3e1", "3"]
