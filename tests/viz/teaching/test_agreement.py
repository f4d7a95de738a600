"""When a given number is another one: exactly, as a rounding, or not at all."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from viz.teaching.agreement import Given, agreeing_digits, significant_digits


def typed(text: str) -> Given:
    return Given(float(text), typed=Decimal(text))


@pytest.mark.parametrize(
    ("text", "number", "digits"),
    [
        ("0.5", 0.5, math.inf),
        ("-24", -24.0, math.inf),
        ("0.30000000000000004", 0.3, math.inf),
        ("0.3", 0.1 + 0.2, math.inf),
        ("0.33", 1 / 3, 2),
        ("0.3333", 1 / 3, 4),
        ("0.3334", 1 / 3, 0),
        ("0.34", 1 / 3, 0),
        ("0.6666", 2 / 3, 0),
        ("0.0600", 0.05996, 3),
        ("1e-3", 0.0014, 1),
        # a tie may be rounded either way
        ("0.12", 0.125, 2),
        ("0.13", 0.125, 2),
        # a whole number is taken at its word, except where the solution rounds to one
        ("5", 5.2, 0),
        ("5", 4.9999, 0),
        ("12346", 12345.678, 4),
        ("12345", 12345.678, 0),
        ("12000", 12345.678, 0),
        ("0", 1e-30, 0),
        ("0.00", 1e-30, 0),
        ("1", math.nan, 0),
        ("1", math.inf, 0),
    ],
)
def test_a_number_as_typed(text: str, number: float, digits: float) -> None:
    assert agreeing_digits(typed(text), number) == digits


@pytest.mark.parametrize(
    ("value", "slack", "number", "digits"),
    [
        (6.0, 0.0, 6.0, math.inf),
        (6.0001, 0.0, 6.0, 0),
        (0.50001, 0.00005, 0.5, 4),
        (0.5002, 0.0005, 0.5, 3),
        (0.5002, 0.0001, 0.5, 0),
        (0.1, 0.5, 0.2, 0),  # nothing is left of it
    ],
)
def test_the_result_of_arithmetic(value: float, slack: float, number: float, digits: float) -> None:
    assert agreeing_digits(Given(value, slack), number) == digits


def test_what_rounding_left_of_a_zero() -> None:
    assert agreeing_digits(typed("0"), 5e-17, noise=1e-16) == math.inf
    assert agreeing_digits(typed("0.1"), 5e-17, noise=1e-16) == 0


def test_significant_digits() -> None:
    numbers = ["0", "0.00", "7", "-0.070", "1.50e-7", "20"]
    assert [significant_digits(Decimal(n)) for n in numbers] == [0, 0, 1, 2, 3, 2]
