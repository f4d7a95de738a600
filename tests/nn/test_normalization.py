"""`LayerNorm` against PyTorch, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import LayerNorm
from tests.support.against_torch import numbers, torch
from tests.support.modules import agree_module

SIZES = st.sampled_from([2, 3, 4, 5])


@pytest.mark.oracle
@settings(derandomize=True, max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([2, 3, 1]), max_size=2),
    st.lists(SIZES, min_size=1, max_size=2),
    st.sampled_from([1e-5, 0.3]),
    st.sampled_from([(True, True), (True, False), (False, True)]),
    st.integers(0, 2**32 - 1),
)
def test_layer_norm_is_pytorchs(
    batch: list[int], inner: list[int], eps: float, kind: tuple[bool, bool], seed: int
) -> None:
    x = np.random.default_rng(seed).normal(size=(*batch, *inner))
    axes = tuple(range(-len(inner), 0))
    cancelled = 10.0 / (x.var(axis=axes).min() + eps) ** 0.5  # upstream · weight / deviation
    theirs = torch().nn.LayerNorm(inner, eps, *kind)
    agree_module(LayerNorm(inner, eps, *kind), theirs, x, cancelled=cancelled)


@pytest.mark.oracle
@pytest.mark.parametrize("x", [np.zeros((2, 3)), np.full((1, 3), 2.0), [[0.0, 0.0, 1.0]]])
def test_rows_of_equal_entries(x: Any) -> None:
    agree_module(LayerNorm(3), torch().nn.LayerNorm(3), x)


@pytest.mark.oracle
def test_a_single_feature() -> None:
    """The output is the bias; PyTorch leaves what does not cancel of terms of size 1/√eps."""
    x = [[1.0], [-2.0]]
    agree_module(LayerNorm(1), torch().nn.LayerNorm(1), x, cancelled=10.0 / 1e-5**0.5)


def test_by_hand() -> None:
    layer = LayerNorm(3, eps=1.0)
    layer.load_state_dict({"weight": [1.0, 2.0, 3.0], "bias": [0.0, 0.0, 1.0]})
    y = layer([0.0, 3.0, 6.0])  # mean 3, variance 6, √(6 + 1)
    np.testing.assert_allclose(numbers(y), [-3.0 / 7.0**0.5, 0.0, 1.0 + 9.0 / 7.0**0.5], rtol=1e-15)


def test_it_starts_as_one_and_zero_with_greek_names() -> None:
    layer = LayerNorm((2, 2))
    assert {p.data for p in layer.weight.flat} == {1.0}  # type: ignore[union-attr]
    assert {p.data for p in layer.bias.flat} == {0.0}  # type: ignore[union-attr]
    assert [p.name for p in layer.parameters()][3:5] == ["gamma[1, 1]", "beta[0, 0]"]


@pytest.mark.parametrize("x", [1.0, [1.0, 2.0], np.zeros((3, 2)), np.zeros((2, 3))])
def test_a_wrong_shape_is_refused(x: Any) -> None:
    with pytest.raises(ValueError, match=r"expected \(…, 3, 3\); got"):
        LayerNorm((3, 3))(x)


def test_the_shape_is_of_whole_numbers() -> None:
    with pytest.raises(ValueError, match="at least one axis"):
        LayerNorm(())
    with pytest.raises(ValueError, match="normalized_shape is at least 1"):
        LayerNorm((3, 0))
    with pytest.raises(TypeError, match="normalized_shape is a whole number"):
        LayerNorm(2.0)  # type: ignore[arg-type]
