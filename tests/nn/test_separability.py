"""Linear separability: every answer brings its proof, which is checked here in fractions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import Separation, linear_separation

Points = list[list[float]]
numbers = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1e3, 1e3, allow_subnormal=False),
)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[Points, list[int]]:
    inputs, count = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    x = draw(st.lists(st.lists(numbers, min_size=inputs, max_size=inputs),
                      min_size=count, max_size=count))  # fmt: skip
    return x, draw(st.lists(st.sampled_from([0, 1]), min_size=count, max_size=count))


def is_proved(found: Separation, x: Points, y: list[int], bias: float | None = None) -> bool:
    """Whether what came with the answer proves it, in exact arithmetic."""
    exact = [[Fraction(v) for v in row] for row in x]
    if found.separable:
        assert found.weights is not None
        assert found.bias is not None
        if bias is not None and found.bias != Fraction(bias):
            return False
        sums = [
            sum(w * v for w, v in zip(found.weights, row, strict=True)) + found.bias
            for row in exact
        ]
        return all(z > 0 if up else z < 0 for z, up in zip(sums, y, strict=True))
    assert found.multipliers is not None
    signed = [m if up else -m for m, up in zip(found.multipliers, y, strict=True)]
    columns = zip(*exact, strict=True)
    cancel = all(sum(m * v for m, v in zip(signed, c, strict=True)) == 0 for c in columns)
    # With the bias free the multipliers themselves cancel; a bias kept at b has to lose, b·Σ ≤ 0.
    rest = sum(signed) == 0 if bias is None else Fraction(bias) * sum(signed) <= 0
    return cancel and rest and min(found.multipliers) >= 0 and sum(found.multipliers) == 1


@pytest.mark.system("S000-10")
@given(labelled())
def test_the_answer_proves_itself(data: tuple[Points, list[int]]) -> None:
    assert is_proved(linear_separation(*data), *data)


@given(labelled(), st.sampled_from([0.0, -1.5, 2.0]))
def test_with_the_bias_kept(data: tuple[Points, list[int]], bias: float) -> None:
    found = linear_separation(*data, bias=bias)
    assert is_proved(found, *data, bias=bias)
    assert not found.separable or linear_separation(*data).separable


def test_the_proof_can_fail() -> None:
    x, y = [[0.0], [1.0]], [0, 1]
    right = linear_separation(x, y)
    assert is_proved(right, x, y)
    assert right.weights is not None
    assert not is_proved(Separation(True, (-right.weights[0],), right.bias, None), x, y)
    assert not is_proved(Separation(False, None, None, (Fraction(1, 2),) * 2), x, y)


@pytest.mark.system("S003-12")
@pytest.mark.parametrize(("inputs", "count"), [(1, 4), (2, 14), (3, 104)])
def test_the_number_of_threshold_functions(inputs: int, count: int) -> None:
    """4, 14, 104: known since the 1960s (S. Muroga)."""
    corners = list(itertools.product((0, 1), repeat=inputs))
    tables = itertools.product((0, 1), repeat=len(corners))
    assert sum(linear_separation(corners, table).separable for table in tables) == count


def test_a_gap_of_one_bit_and_none() -> None:
    """No tolerance: neighbouring floats can be told apart, equal ones cannot."""
    above = float(np.nextafter(0.1, 1.0))
    assert linear_separation([[0.1], [above]], [0, 1]).separable
    assert not linear_separation([[0.1], [0.1]], [0, 1]).separable
    three = [[0.1], [0.1], [above]]
    assert linear_separation(three, [0, 0, 1]).separable
    assert not linear_separation([[0.1], [above], [0.1]], [0, 0, 1]).separable


def test_one_class_is_separable() -> None:
    found = linear_separation([[1.0, 2.0], [3.0, 4.0]], [1, 1])
    assert is_proved(found, [[1.0, 2.0], [3.0, 4.0]], [1, 1])
    assert found.separable


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1.0, 2.0], [0, 1], r"rows, shape \(examples, inputs\); got shape \(2,\)"),
        ([[1.0], [2.0]], [0], "one label for each example; got 2 examples"),
        ([[float("nan")]], [0], "finite"),
        ([[float("inf")]], [0], "finite"),
    ],
)
def test_errors(x: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linear_separation(x, y)
