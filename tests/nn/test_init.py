"""Initialisers: PyTorch's bounds and deviations exactly, and the shape of what is drawn."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from nn import Linear, init, parameter
from tests.support.against_torch import numbers, torch

SHAPES = [(3, 5), (4, 2), (2, 3, 4), (5, 2, 3, 2)]
FANNED: list[tuple[str, dict[str, Any]]] = [
    ("xavier_uniform_", {}),
    ("xavier_uniform_", {"gain": 1.7}),
    ("xavier_normal_", {}),
    ("xavier_normal_", {"gain": 0.3}),
    ("kaiming_uniform_", {}),
    ("kaiming_uniform_", {"a": math.sqrt(5.0)}),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_normal_", {}),
    ("kaiming_normal_", {"a": 0.4, "mode": "fan_out"}),
    ("kaiming_normal_", {"nonlinearity": "tanh"}),
]


def blank(*shape: int) -> Any:
    return parameter(np.full(shape, 9.0))


@pytest.mark.oracle
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("name", "arguments"), FANNED)
def test_bounds_and_deviations_are_pytorchs(
    name: str, arguments: dict[str, Any], shape: tuple[int, ...]
) -> None:
    """From equal draws: what an initialiser adds to them is one factor, the bound or deviation."""
    t = torch()
    theirs, plain = t.empty(shape, dtype=t.float64), t.empty(shape, dtype=t.float64)
    t.manual_seed(3)
    getattr(t.nn.init, name)(theirs, **arguments)
    t.manual_seed(3)
    plain.uniform_(-1.0, 1.0) if "uniform" in name else plain.normal_()
    expected = (theirs / plain).flatten()[0].item()

    ours = numbers(getattr(init, name)(blank(*shape), **arguments, seed=3)).ravel()
    rng = random.Random(3)
    draws = [rng.uniform(-1.0, 1.0) if "uniform" in name else rng.gauss(0.0, 1.0) for _ in ours]
    np.testing.assert_allclose(ours, expected * np.array(draws), rtol=1e-12, atol=1e-15)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("nonlinearity", "param"),
    [
        ("linear", None), ("conv1d", None), ("conv2d", None), ("sigmoid", None), ("tanh", None),
        ("relu", None), ("selu", None), ("leaky_relu", None), ("leaky_relu", 0.3),
        ("leaky_relu", 0.0),
    ],
)  # fmt: skip
def test_gains_are_pytorchs(nonlinearity: str, param: float | None) -> None:
    assert init.calculate_gain(nonlinearity, param) == pytest.approx(
        torch().nn.init.calculate_gain(nonlinearity, param), rel=1e-15
    )


def test_uniform_and_normal() -> None:
    uniform = numbers(init.uniform_(blank(100, 100), -2.0, 3.0, seed=0))
    assert uniform.min() >= -2.0
    assert uniform.min() < -1.99
    assert uniform.max() <= 3.0
    assert uniform.max() > 2.99
    assert abs(uniform.mean() - 0.5) < 4.0 * 5.0 / 12.0**0.5 / 100.0
    normal = numbers(init.normal_(blank(100, 100), 1.0, 2.0, seed=0))
    assert abs(normal.mean() - 1.0) < 4.0 * 2.0 / 100.0
    assert abs(normal.std() / 2.0 - 1.0) < 4.0 / 2.0**0.5 / 100.0


@pytest.mark.parametrize(("mean", "std", "a", "b"), [(0.0, 1.0, -2.0, 2.0), (1.0, 2.0, 0.0, 1.5)])
def test_a_truncated_normal(mean: float, std: float, a: float, b: float) -> None:
    """Its distribution function at each draw is even on [0, 1] (Kolmogorov's distance)."""
    drawn = np.sort(numbers(init.trunc_normal_(blank(5000), mean, std, a, b, seed=0)))
    assert a <= drawn[0] < drawn[-1] <= b
    normal = NormalDist(mean, std)
    low, high = normal.cdf(a), normal.cdf(b)
    levels = [(normal.cdf(x) - low) / (high - low) for x in drawn]
    distance = np.max(np.abs(np.array(levels) - (np.arange(5000) + 0.5) / 5000))
    assert distance < 1.95 / 5000**0.5  # passed by 999 of 1000 true samples


def test_a_normal_cut_far_out() -> None:
    drawn = numbers(init.trunc_normal_(blank(100), a=-math.inf, b=-5.0, seed=0))
    assert drawn.max() <= -5.0
    with pytest.raises(ValueError, match="nothing of"):
        init.trunc_normal_(blank(2), a=50.0, b=60.0)
    for wrong in ({"a": 1.0, "b": 1.0}, {"std": 0.0}):
        with pytest.raises(ValueError, match="a < b and std > 0"):
            init.trunc_normal_(blank(2), **wrong)


@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3), (2, 3, 2), (1, 3)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    drawn = numbers(init.orthogonal_(blank(*shape), gain=1.5, seed=1)).reshape(shape[0], -1)
    product = drawn @ drawn.T if shape[0] <= drawn.shape[1] else drawn.T @ drawn
    np.testing.assert_allclose(product, 2.25 * np.eye(len(product)), atol=1e-14)
    other = numbers(init.orthogonal_(blank(*shape), gain=1.5, seed=2)).reshape(shape[0], -1)
    assert not np.allclose(drawn, other)


def test_orthogonal_prefers_no_sign() -> None:
    signs = [init.orthogonal_(blank(1, 1), seed=seed)[0, 0].data for seed in range(200)]
    assert {abs(s) for s in signs} == {1.0}
    assert abs(sum(signs)) < 4.0 * 200.0**0.5


def test_sparse() -> None:
    drawn = numbers(init.sparse_(blank(10, 30), 0.25, std=2.0, seed=0))
    assert set((drawn == 0.0).sum(axis=0)) == {3}  # ⌈2.5⌉ of each column
    assert abs(drawn[drawn != 0.0].std() / 2.0 - 1.0) < 4.0 / (2.0 * 210.0) ** 0.5
    assert len({tuple(column == 0.0) for column in drawn.T}) > 10


def test_constants() -> None:
    assert set(numbers(init.constant_(blank(2, 2), 3)).ravel()) == {3.0}
    assert set(numbers(init.zeros_(blank(2, 2))).ravel()) == {0.0}
    assert set(numbers(init.ones_(blank(2, 2))).ravel()) == {1.0}
    assert np.array_equal(numbers(init.eye_(blank(2, 3))), np.eye(2, 3))


DRAWING: list[Callable[..., Any]] = [
    init.uniform_, init.normal_, init.trunc_normal_, init.xavier_uniform_, init.xavier_normal_,
    init.kaiming_uniform_, init.kaiming_normal_, init.orthogonal_,
    lambda w, **k: init.sparse_(w, 0.3, **k),
]  # fmt: skip


@pytest.mark.parametrize("initialise", DRAWING)
def test_draws_repeat_by_seed(initialise: Callable[..., Any]) -> None:
    def drawn(seed: int | None) -> list[float]:
        weight = blank(3, 4)
        assert initialise(weight, seed=seed) is weight
        return [v.data for v in weight.flat]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    random.seed(9)
    first = drawn(None)
    random.seed(9)
    assert drawn(None) == first
    assert drawn(None) != first


def test_a_layer_a_value_and_a_list_can_be_set() -> None:
    layer = Linear(2, 3)
    assert init.constant_(layer.weight, 0.25) is layer.weight
    assert [v.data for v in layer.weight.flat] == [0.25] * 6
    assert layer.weight[0, 0].name == "W[0, 0]"
    assert init.ones_(Value(0.0)).data == 1.0
    assert [v.data for v in init.zeros_([Value(1.0), Value(2.0)])] == [0.0, 0.0]


def test_what_is_no_leaf_is_refused_and_nothing_set() -> None:
    leaf = Value(1.0)
    for wrong in (leaf * 2.0, 3.0, "w"):
        with pytest.raises(TypeError, match="an initialiser sets the data of leaves; got"):
            init.zeros_([leaf, wrong])
    assert leaf.data == 1.0


@pytest.mark.parametrize("name", ["xavier_uniform_", "xavier_normal_", "kaiming_uniform_",
                                  "kaiming_normal_", "orthogonal_"])  # fmt: skip
def test_a_fan_needs_two_axes(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} needs a weight with two axes or more; got 3"):
        getattr(init, name)(blank(3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: init.eye_(blank(2)), "eye_ takes a matrix; got 2"),
        (lambda: init.sparse_(blank(2), 0.5), "sparse_ takes a matrix; got 2"),
        (lambda: init.sparse_(blank(2, 2), 1.5), "sparsity is a probability"),
        (lambda: init.calculate_gain("swish"), "calculate_gain knows conv1d, .*; not 'swish'"),
        (lambda: init.calculate_gain("tanh", 0.1), "only leaky_relu has a param"),
        (lambda: init.kaiming_normal_(blank(2, 2), mode="fan"), 'mode is "fan_in" or "fan_out"'),
    ],
)
def test_arguments_that_cannot_be(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
