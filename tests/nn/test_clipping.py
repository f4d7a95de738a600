"""Clipped gradients against torch.nn.utils."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import Value
from nn import clip_grad_norm_, clip_grad_value_
from tests.support.against_torch import as_values, close, grads, torch

drawn = settings(derandomize=True, max_examples=30, deadline=None)
SIZES = st.sampled_from([2, 3, 4, 1])


def both(slopes: list[Any]) -> tuple[list[Any], list[Any]]:
    """Parameters of ours and of PyTorch with these gradients."""
    ours, theirs = [], []
    for array in slopes:
        values = as_values(np.zeros(array.shape))
        for value, slope in zip(values.flat, array.ravel().tolist(), strict=True):
            value.grad = slope
        tensor = torch().zeros(array.shape, dtype=torch().float64, requires_grad=True)
        tensor.grad = torch().tensor(array)
        ours.append(values)
        theirs.append(tensor)
    return ours, theirs


def assert_equal(ours: list[Any], theirs: list[Any]) -> None:
    for values, tensor in zip(ours, theirs, strict=True):
        close(grads(values), tensor.grad.numpy(), tolerance=1e-12)


@pytest.mark.oracle
@drawn
@given(
    st.lists(st.tuples(SIZES, SIZES), min_size=1, max_size=3),
    st.sampled_from([0.0, 0.01, 1.0, 3.0, 1e6]),
    st.sampled_from([2.0, 1.0, 3.0, 0.5, math.inf]),
    st.sampled_from([0.0, 1.0, 1e-9, 1e100]),
    st.integers(0, 999),
)
def test_norms(shapes: Any, most: float, norm_type: float, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    slopes = [rng.normal(size=shape) * scale for shape in shapes]
    ours, theirs = both(slopes)
    norm = clip_grad_norm_(ours, most, norm_type)
    expected = torch().nn.utils.clip_grad_norm_(theirs, most, norm_type).item()
    assert type(norm) is float
    assert norm == pytest.approx(expected, rel=1e-12)
    assert_equal(ours, theirs)


@pytest.mark.oracle
@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf])
def test_norms_that_are_not_finite(wild: float) -> None:
    ours, theirs = both([np.array([1.0, wild, -2.0])])
    with pytest.raises(RuntimeError, match=r"the norm of the gradients is .*detect_anomaly"):
        clip_grad_norm_(ours, 1.0, error_if_nonfinite=True)
    np.testing.assert_array_equal(grads(ours[0]), [1.0, wild, -2.0])
    norm = clip_grad_norm_(ours, 1.0)
    expected = torch().nn.utils.clip_grad_norm_(theirs, 1.0).item()
    np.testing.assert_equal(norm, expected)
    np.testing.assert_array_equal(grads(ours[0]), theirs[0].grad.numpy())


@pytest.mark.oracle
@drawn
@given(SIZES, SIZES, st.sampled_from([0.0, 0.5, 1.0, 100.0]), st.integers(0, 999))
def test_values(rows: int, columns: int, most: float, seed: int) -> None:
    slopes = np.round(np.random.default_rng(seed).normal(size=(rows, columns)) * 4.0) / 4.0
    ours, theirs = both([slopes])
    clip_grad_value_(ours, most)
    torch().nn.utils.clip_grad_value_(theirs, most)
    assert_equal(ours, theirs)


def test_one_parameter_and_none() -> None:
    w = Value(1.0)
    w.grad = -4.0
    assert clip_grad_norm_(w, 2.0) == 4.0
    assert w.grad == pytest.approx(-2.0, rel=1e-6)
    clip_grad_value_(w, 0.5)
    assert w.grad == -0.5
    assert clip_grad_norm_([], 1.0) == 0.0


def test_mistakes() -> None:
    w = [Value(1.0)]
    for norm_type in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match=r"norm_type is positive, 2 or math\.inf"):
            clip_grad_norm_(w, 1.0, norm_type)
    for most in (-1.0, math.nan):
        with pytest.raises(ValueError, match="max_norm is not negative; got"):
            clip_grad_norm_(w, most)
        with pytest.raises(ValueError, match="clip_value is not negative; got"):
            clip_grad_value_(w, most)
    with pytest.raises(TypeError, match="parameters are Values"):
        clip_grad_norm_([1.0], 1.0)
