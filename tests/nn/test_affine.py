"""W·x + b: against NumPy, its nodes, and shapes that do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from nn.affine import affine
from tests.support.against_torch import agree, as_values, numbers, torch

SIZES = st.sampled_from([2, 3, 4, 1])


def normal(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.oracle
@settings(derandomize=True, max_examples=20, deadline=None)
@given(st.lists(SIZES, max_size=2), SIZES, SIZES, st.integers(0, 2**32 - 1))
def test_pytorchs_linear(batch: list[int], inputs: int, outputs: int, seed: int) -> None:
    weight, x = normal(seed, outputs, inputs), normal(seed + 1, *batch, inputs)
    bias = normal(seed + 2, outputs)
    linear = torch().nn.functional.linear
    agree(lambda x, w, b: affine(w, x, b), linear, x, weight, bias)
    agree(lambda x, w: affine(w, x), linear, x, weight)


def test_numbers_in_numbers_out() -> None:
    weight, x = normal(0, 3, 2), normal(1, 4, 5, 2)
    result = affine(weight, x, [1.0, 2.0, 3.0])
    assert result.dtype == float
    np.testing.assert_allclose(result, x @ weight.T + [1.0, 2.0, 3.0], rtol=1e-14)
    assert affine(weight, np.zeros((0, 2))).shape == (0, 3)


@pytest.mark.parametrize("which", range(3))
def test_one_dot_node_for_each_entry(which: int) -> None:
    operands = [[[1.0, 2.0]], [3.0, 4.0], [5.0]]
    operands[which] = as_values(operands[which])
    weight, x, bias = operands
    [y] = affine(weight, x, bias)
    assert y.op is ac.dot
    assert numbers([y]).tolist() == [16.0]


@pytest.mark.parametrize(
    ("weight", "x", "bias", "message"),
    [
        (np.ones((2, 3)), [1.0, 2.0], None, r"\(…, inputs\); got 2×3 for 2$"),
        ([1.0, 2.0], [1.0, 2.0], None, r"got 2 for 2$"),
        (np.ones((2, 3)), 1.0, None, r"got 2×3 for a single number$"),
        (np.ones((2, 1)), [1.0], np.ones(3), r"an entry for each row of the weight 2×1; got 3$"),
        (np.ones((2, 1)), [1.0], np.ones((2, 1)), r"got 2×1$"),
    ],
)
def test_shapes_that_do_not_fit(weight: Any, x: Any, bias: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        affine(weight, x, bias)
