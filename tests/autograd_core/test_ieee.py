"""The float functions of `ieee` against NumPy's, at every special number and pair of them."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from autograd_core import ieee

inf, nan = math.inf, math.nan
SPECIAL = (
    inf, -inf, nan, 0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5, 2.5, 1e308, -1e308,
    1e-308, 5e-324, -5e-324, 710.0, -750.0, 2.0**53, 2.0**53 + 2, 1e17, 2.0**-53 - 1.0,
)  # fmt: skip

ONE = {
    "floor": np.floor, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log2": np.log2,
    "log10": np.log10, "sqrt": np.sqrt,
}  # fmt: skip
TWO = {
    "div": np.divide, "pow": np.power, "mod": np.mod, "maximum": np.maximum, "minimum": np.minimum,
}  # fmt: skip


def agrees(got: float, expected: float) -> bool:
    if got != got or expected != expected:
        return got != got and expected != expected
    return got == expected or math.isclose(got, expected, rel_tol=1e-15)


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("x", SPECIAL)
def test_function_of_one_number_is_that_of_numpy(name: str, x: float) -> None:
    got = getattr(ieee, name)(x)
    assert type(got) is float
    with np.errstate(all="ignore"):
        assert agrees(got, float(ONE[name](np.float64(x))))


@pytest.mark.parametrize("name", TWO)
def test_function_of_two_numbers_is_that_of_numpy(name: str) -> None:
    for a, b in product(SPECIAL, repeat=2):
        if name == "pow" and (a, b) == (-inf, 0.5):
            continue  # NumPy takes the square root and gives NaN; C's pow, and IEEE 754, infinity
        got = getattr(ieee, name)(a, b)
        assert type(got) is float
        with np.errstate(all="ignore"):
            expected = float(TWO[name](np.float64(a), np.float64(b)))
        assert agrees(got, expected), (a, b, got, expected)


@pytest.mark.parametrize(("x", "expected"), [(inf, 1.0), (-inf, 0.0), (0.0, 0.5), (-800.0, 0.0)])
def test_sigmoid_has_its_limits(x: float, expected: float) -> None:
    assert ieee.sigmoid(x) == expected


def test_sigmoid_of_nan_is_nan() -> None:
    assert math.isnan(ieee.sigmoid(nan))


def test_sigmoid_keeps_its_digits_far_below_zero() -> None:
    assert ieee.sigmoid(-700.0) == pytest.approx(math.exp(-700.0), rel=1e-15)


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_quotients_by_zero_take_the_signs_of_both(zero: float) -> None:
    sign = math.copysign(1.0, zero)
    assert ieee.div(3.0, zero) == sign * inf
    assert ieee.div(-3.0, zero) == -sign * inf
    assert ieee.pow(zero, -3.0) == sign * inf
    assert ieee.pow(zero, -2.0) == inf


def test_a_nan_among_many_numbers_wins_a_maximum_wherever_it_stands() -> None:
    for i in range(4):
        numbers = [1.0, inf, -inf]
        numbers.insert(i, nan)
        assert math.isnan(ieee.maximum(*numbers))
        assert math.isnan(ieee.minimum(*numbers))


def test_minus_infinity_to_a_half_is_infinity_as_in_ieee_754() -> None:
    assert ieee.pow(-inf, 0.5) == inf
