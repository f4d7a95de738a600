"""Layers of threshold units against sums by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value
from nn import StepLayer, StepNet


@pytest.mark.system("S003-10")
@given(st.data())
def test_a_layer_on_whole_numbers(data: st.DataObject) -> None:
    inputs, units, batch = (data.draw(st.integers(1, 4)) for _ in range(3))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    weight, bias, x = (rng.integers(-2, 3, s) for s in ((units, inputs), units, (batch, inputs)))
    at_zero = data.draw(st.sampled_from([0, 1]))
    sums = x @ weight.T + bias
    expected = (sums >= 0) if at_zero else (sums > 0)
    layer = StepLayer(weight, bias, at_zero=at_zero)
    assert [[y.data for y in row] for row in layer(x)] == expected.tolist()
    assert [y.data for y in layer(x[0])] == expected[0].tolist()


def test_no_gradient_passes_a_step() -> None:
    x = [Value(1.0), Value(2.0)]
    net = StepNet([[((1.0, 1.0), -1.5)]])
    net(x)[0].backward()
    assert [v.grad for v in (*x, *net.parameters())] == [0.0] * 5


def test_parameters_have_a_textbooks_names() -> None:
    net = StepNet([[((1, 2), 3), ((4, 5), 6)], [((7, 8), 9)]])
    named = {p.name: p.data for p in net.parameters()}
    assert named == {
        "W1[0, 0]": 1, "W1[0, 1]": 2, "W1[1, 0]": 4, "W1[1, 1]": 5, "b1[0]": 3, "b1[1]": 6,
        "W2[0, 0]": 7, "W2[0, 1]": 8, "b2[0]": 9,
    }  # fmt: skip
    assert (net.inputs, net.widths) == (2, [2, 1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StepLayer([1.0], [1.0]), r"got 1 and 1"),
        (lambda: StepLayer([[1.0]], [1.0, 2.0]), r"got 1×1 and 2"),
        (lambda: StepLayer([[1.0]], [1.0], at_zero=3), "at_zero is 0 or 1"),
        (lambda: StepLayer([[1.0, 2.0]], [1.0])([1.0]), r"=0\): expected \(2,\) or .*; got 1"),
        (lambda: StepNet([]), "at least one layer"),
        (lambda: StepNet([[((1.0,), 0.0)], [((1.0, 1.0), 0.0)]]), "layer 1 has 2 inputs and the"),
    ],
)
def test_errors(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
