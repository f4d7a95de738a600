"""Linear classifiers against inequalities worked out by hand."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value
from nn import LinearClassifier
from nn.data import twelve_points


def letters(labels: Any) -> str:
    return "".join(labels.tolist())


@pytest.mark.system("S003-03")
def test_twelve_points_on_a_line() -> None:
    """N if 2·p − 9 < 0, else P; the threshold is 4.5."""
    x, y = twelve_points()
    model = LinearClassifier([2.0], -9.0)
    values = [-13, 3, 5, -3, -5, -11, -9, 1, 11, -1, 9, 7]
    assert [z.data for z in model.decision_function(x)] == values
    assert letters(model.predict(x)) == "NPPNNNNPPNPP"
    assert letters(model.predict(x[:, 0])) == "NPPNNNNPPNPP"
    assert model.accuracy(x, ["P" if positive else "N" for positive in y]) == 1.0
    assert model.axis_intercepts() == [4.5]
    assert model.rule("p") == "P if 2·p − 9 ≥ 0, else N"


@pytest.mark.system("S003-01", "S003-02")
@pytest.mark.parametrize(
    ("weights", "bias", "expected"), [([1, 1], -1.5, "NNNP"), ([1, 1, 1], -2.5, "NNNNNNNP")]
)
def test_corners_of_square_and_cube(weights: list[float], bias: float, expected: str) -> None:
    corners = list(itertools.product((0, 1), repeat=len(weights)))
    model = LinearClassifier(weights, bias)
    assert letters(model.predict(corners)) == expected
    assert [model.predict(corner) for corner in corners] == list(expected)


@pytest.mark.system("S003-04")
@given(st.data())
def test_any_number_of_inputs(data: st.DataObject) -> None:
    """Whole numbers, so that plain arithmetic is exact and boundaries are hit."""
    n, batch = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 6))
    whole = st.integers(-3, 3).map(float)
    w = data.draw(st.lists(whole, min_size=n, max_size=n))
    b, at_zero = data.draw(whole), data.draw(st.sampled_from([0, 1]))
    x = data.draw(st.lists(st.lists(whole, min_size=n, max_size=n), min_size=batch, max_size=batch))
    model = LinearClassifier(w, b, at_zero=at_zero, labels=(-1, 1))
    sums = [sum(a * c for a, c in zip(w, row, strict=True)) + b for row in x]
    expected = [z >= 0.0 if at_zero else z > 0.0 for z in sums]
    assert [z.data for z in model.decision_function(x)] == sums
    assert [z.data for z in model(x)] == [float(up) for up in expected]
    assert model.predict(x).tolist() == [1 if up else -1 for up in expected]
    right = [1 if up else -1 for up in expected]
    assert model.accuracy(x, right) == 1.0
    right[0] = -right[0]
    assert model.accuracy(x, right) == (batch - 1) / batch


def test_the_sum_is_a_graph() -> None:
    model = LinearClassifier([2.0, -3.0], 0.5)
    x = [Value(5.0), Value(7.0)]
    model.decision_function(x).backward()
    assert [w.grad for w in model.w] == [5.0, 7.0]
    assert model.b.grad == 1.0
    assert [v.grad for v in x] == [2.0, -3.0]
    assert [p.name for p in model.parameters()] == ["w[0]", "w[1]", "b"]


@pytest.mark.system("S003-05")
@pytest.mark.conflict("X-09")
def test_a_threshold_is_minus_the_bias() -> None:
    by_threshold = LinearClassifier([1.0, 1.0], threshold=1.5)
    assert by_threshold.b.data == -1.5
    assert by_threshold.threshold == 1.5
    assert math.copysign(1.0, LinearClassifier([1.0], threshold=0.0).b.data) == 1.0


@pytest.mark.parametrize(("at_zero", "label"), [(0, "N"), (1, "P")])
def test_on_the_boundary(at_zero: int, label: str) -> None:
    model = LinearClassifier([1.0, 1.0], -1.0, at_zero=at_zero)
    assert model.predict([0.5, 0.5]) == label
    assert model([0.5, 0.5]).data == at_zero


@pytest.mark.parametrize(
    ("weights", "bias", "at_zero", "expected"),
    [
        ([1.0, -2.0], -1.5, 1, "P if x0 − 2·x1 − 1.5 ≥ 0, else N"),
        ([-1.0, 0.0], 3.0, 0, "P if −x0 + 3 > 0, else N"),
        ([0.0, 0.0], -2.0, 1, "P if −2 ≥ 0, else N"),
        ([0.0, 0.5], 0.0, 1, "P if 0.5·x1 ≥ 0, else N"),
        ([0.0, 0.0], 0.0, 1, "P if 0 ≥ 0, else N"),
    ],
)
def test_the_rule_in_words(weights: list[float], bias: float, at_zero: int, expected: str) -> None:
    assert LinearClassifier(weights, bias, at_zero=at_zero).rule() == expected


@pytest.mark.system("S003-07")
def test_where_the_line_meets_the_axes() -> None:
    assert LinearClassifier([2.0, 4.0], -2.0).axis_intercepts() == [1.0, 0.5]
    assert LinearClassifier([0.0, 1.0], 1.0).axis_intercepts() == [math.inf, -1.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LinearClassifier([]), "at least one weight"),
        (lambda: LinearClassifier([1.0], 1.0, threshold=1.0), "not both"),
        (lambda: LinearClassifier([1.0], labels=("P", "P")), "two different ones"),
        (lambda: LinearClassifier([1.0], at_zero=2), "at_zero is 0 or 1"),
        (lambda: LinearClassifier([math.nan]), "finite"),
        (lambda: LinearClassifier([1.0, 2.0]).predict([1.0]), r"\(2,\) or \(batch, 2\); got"),
        (lambda: LinearClassifier([1.0, 2.0])(np.ones((1, 1, 2))), r"got 1×1×2"),
        (lambda: LinearClassifier([1.0, 2.0]).rule("p"), "2 names; got 1"),
        (lambda: LinearClassifier([1.0]).accuracy([[1.0]], ["p"]), r"y\[0\] is 'p'"),
        (lambda: LinearClassifier([1.0]).accuracy([[1.0]], ["P", "P"]), "and 2 labels"),
        (lambda: LinearClassifier([1.0, 2.0]).accuracy([1.0, 2.0], ["P", "P"]), "2 and 2 lab"),
    ],
)
def test_errors(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
