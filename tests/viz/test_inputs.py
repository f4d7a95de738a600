"""What is drawn is checked first; each error names the mistake and the repair."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from viz.inputs import (
    extent,
    labels_for,
    number,
    numbers,
    pairs,
    printable,
    whole_number,
)


@pytest.mark.parametrize(
    "given",
    [
        [1, 2.0, 3],
        (1, Fraction(2), Value(3.0)),
        np.array([1, 2, 3]),
        np.array([Value(1.0), Value(2.0), Value(3.0)]),
        [np.float32(1), np.int64(2), True + 2],
        range(1, 4),
    ],
)
def test_numbers_of_every_kind(given: Any) -> None:
    found = numbers("x", given, "a list", 1)
    assert found.dtype == np.float64
    assert found.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([1, "2"], TypeError, r"x\[1\] is of the type str: give a number or a Value"),
        ([1j], TypeError, r"x\[0\] is of the type complex"),
        ([None], TypeError, r"x\[0\] is of the type NoneType"),
        ([Decimal(1)], TypeError, r"x\[0\] is of the type Decimal"),
        (["__import__('os')"], TypeError, r"x\[0\] is of the type str"),
        ("123", TypeError, "x is of the type str: give a list"),
        (b"123", TypeError, "x is of the type bytes: give a list"),
        ((i for i in range(3)), TypeError, "x is of the type generator: give a list"),
        ({1: 2}, ValueError, r"x has the shape \(\): give a list"),
        ([], ValueError, r"x has the shape \(0,\): give a list"),
        ([[1]], ValueError, r"x has the shape \(1, 1\): give a list"),
        ([[1, 2], [3]], ValueError, r"x\[0\] differs in length from its neighbours"),
        ([0.0, float("nan")], ValueError, r"x\[1\] is nan: give finite numbers"),
        ([float("-inf")], ValueError, r"x\[0\] is -inf: give finite numbers"),
        ([Value(float("inf"))], ValueError, r"x\[0\] is inf"),
        ([1e101], ValueError, r"x\[0\] is 1e\+101: give finite numbers, of at most 1e\+100"),
        ([10**400], ValueError, r"x\[0\] is too large for a float"),
        (np.zeros(1_000_001), ValueError, "x holds 1000001 numbers.*: draw a part of them"),
    ],
)
def test_what_is_refused(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        numbers("x", given, "a list", 1)
    assert "\n" not in str(caught.value)


def test_one_number() -> None:
    assert number("low", Value(2.5)) == 2.5
    with pytest.raises(ValueError, match=r"low has the shape \(1,\): give a number"):
        number("low", [1.0])


@pytest.mark.parametrize("given", [1, 11, 2.5, "5", None])
def test_whole_numbers_within_bounds(given: Any) -> None:
    assert whole_number("n", np.int64(10), 2, 10) == 10
    with pytest.raises(ValueError, match="give a whole number from 2 to 10"):
        whole_number("n", given, 2, 10)


def test_pairs() -> None:
    with pytest.raises(ValueError, match=r"points has the shape \(1, 3\): give \(n, 2\)"):
        pairs("points", [[1, 2, 3]])
    with pytest.raises(ValueError, match=r"points has the shape \(2,\): give \(n, 2\)"):
        pairs("points", [1, 2])


def test_extent_of_a_single_place() -> None:
    assert extent(np.array([3.0]), 0.5, 2).tolist() == [2.0, 4.0]
    assert extent(np.array([0.0, 1.0]), 0.0, 2, least=3.0).tolist() == [-1.0, 2.0]


def test_labels() -> None:
    assert labels_for("class", ["a", 2], 2, []) == ["a", "2"]
    for wrong, found in ((["a"], "1"), (["a", "b", "c"], "3"), ("ab", "a string")):
        message = f"give a list of 2 labels, one for each class; got {found}"
        with pytest.raises(ValueError, match=message):
            labels_for("class", wrong, 2, [])


def test_labels_are_one_printable_line() -> None:
    assert printable("a\nb\x00\ud800\u202e") == "a\ufffdb\ufffd\ufffd\ufffd"
    assert len(printable("x" * 10_000)) == 60
