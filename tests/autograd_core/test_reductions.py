"""What losses share, by hand; the losses' own tests compare it with PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core.reductions import pair, reduced, weighted, weighted_mean
from tests.support.against_torch import as_values, close, grads


def test_a_pair_is_of_one_shape() -> None:
    input, target = pair("loss", [[1, 2]], [[3, 4]])
    assert input.dtype == target.dtype == float
    with pytest.raises(ValueError, match=r"got predictions 1×2 and targets 2$"):
        pair("loss", [[1, 2]], [3, 4])


@pytest.mark.parametrize(
    ("reduction", "value", "slopes"), [("mean", 2.5, [0.25] * 4), ("sum", 10.0, [1.0] * 4)]
)
def test_reduced(reduction: Any, value: float, slopes: list[float]) -> None:
    losses = as_values([[1.0, 2.0], [3.0, 4.0]])
    result = reduced(losses, reduction)
    result.backward()
    assert result.data == value
    assert grads(losses).ravel().tolist() == slopes
    assert [loss.data for loss in reduced(losses, "none").ravel()] == [1.0, 2.0, 3.0, 4.0]


def test_a_weighted_mean_has_slopes_by_losses_and_weights() -> None:
    """m = Σ wl/Σ w = 26/7: dm/dlᵢ = wᵢ/Σw, dm/dwᵢ = (lᵢ − m)/Σw."""
    losses, weights = as_values([1.0, 3.0, 5.0]), as_values([1.0, 2.5, 3.5])
    mean = weighted_mean(losses, weights, "mean")
    mean.backward()
    exact = (1.0 + 7.5 + 17.5) / 7.0
    assert mean.data == pytest.approx(exact, rel=1e-15)
    close(grads(losses), np.array([1.0, 2.5, 3.5]) / 7.0, tolerance=1e-14)
    close(grads(weights), (np.array([1.0, 3.0, 5.0]) - exact) / 7.0, tolerance=1e-14)


def test_a_broadcast_weight_counts_as_often_as_it_is_used() -> None:
    losses = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert weighted_mean(losses, [3.0, 1.0], "mean") == pytest.approx((12.0 + 6.0) / 8.0)
    assert weighted_mean(losses, 4.0, "mean") == 2.5
    assert weighted_mean(losses, [3.0, 1.0], "sum") == 18.0
    assert weighted_mean(losses, None, "mean") == 2.5
    assert weighted(losses, None) is losses
    with pytest.raises(ValueError, match="a weight 2×2×2 does not fit predictions 2×2"):
        weighted(losses, np.ones((2, 2, 2)))


def test_weights_of_sum_0_have_no_mean() -> None:
    assert np.isnan(weighted_mean([1.0, 2.0], [0.0, 0.0], "mean"))
    assert weighted_mean([ac.Value(1.0)], [0.0], "sum").data == 0.0
