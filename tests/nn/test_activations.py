"""Activation modules: PyTorch's names, arguments and numbers, at kinks and far out too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from nn import Module
from tests.support.against_torch import as_values, grads, numbers, torch, weighted_sum
from tests.support.modules import agree_module, gradient_uses_every_row

# name, the arguments of ours, the arguments of PyTorch's where they differ
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("ReLU", {}, {}),
    ("ReLU6", {}, {}),
    ("LeakyReLU", {}, {}),
    ("LeakyReLU", {"negative_slope": 0.3}, {}),
    ("PReLU", {}, {}),
    ("PReLU", {"num_parameters": 3, "init": 0.1}, {}),
    ("ELU", {}, {}),
    ("CELU", {}, {}),
    ("CELU", {"alpha": 0.5}, {}),  # PyTorch rounds 1/alpha to a float32
    ("SELU", {}, {}),
    ("GELU", {}, {}),
    ("GELU", {"approximate": "tanh"}, {}),
    ("Sigmoid", {}, {}),
    ("LogSigmoid", {}, {}),
    ("Tanh", {}, {}),
    ("Tanhshrink", {}, {}),
    ("Softplus", {}, {"threshold": 1e300}),
    ("Softplus", {"beta": 2.5}, {"beta": 2.5, "threshold": 1e300}),
    ("Softsign", {}, {}),
    ("SiLU", {}, {}),
    ("Mish", {}, {}),
    ("Hardtanh", {}, {}),
    ("Hardtanh", {"min_val": -0.5, "max_val": 2.0}, {}),
    ("Hardsigmoid", {}, {}),
    ("Hardswish", {}, {}),
    ("Softmax", {"dim": 0}, {}),
    ("Softmax", {"dim": -1}, {}),
    ("Softmin", {"dim": 1}, {}),
    ("LogSoftmax", {"dim": 1}, {}),
]
KINKS = [-3.0, -1.0, -0.5, 0.0, 1.0, 2.0, 3.0, 6.0]

each = pytest.mark.parametrize(
    ("name", "ours", "theirs"), CASES, ids=lambda case: case if isinstance(case, str) else None
)


def pair(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[Module, Any]:
    t = torch().nn
    other = getattr(t, name)(**(theirs or ours))
    if name == "Hardsigmoid":  # PyTorch's slope is the float32 nearest to 1/6
        other.forward = lambda x: t.functional.relu6(x + 3.0) / 6.0
    return getattr(nn, name)(**ours), other


@pytest.mark.oracle
@each
@settings(derandomize=True, max_examples=4, deadline=None)
@given(shape=st.tuples(st.sampled_from([2, 4, 1]), st.just(3)), seed=st.integers(0, 2**32 - 1))
def test_an_activation_is_pytorchs(
    name: str, ours: Any, theirs: Any, shape: tuple[int, int], seed: int
) -> None:
    x = 3.0 * np.random.default_rng(seed).normal(size=shape)
    agree_module(*pair(name, ours, theirs), x)


@pytest.mark.oracle
@each
def test_at_kinks_ties_and_zeros(name: str, ours: Any, theirs: Any) -> None:
    kinks = np.array([[k] * 3 for k in KINKS])
    agree_module(*pair(name, ours, theirs), kinks)


@pytest.mark.oracle
@each
def test_far_out(name: str, ours: Any, theirs: Any) -> None:
    x = [[-1e4, 0.0, 1e4], [-700.0, 30.0, 800.0], [1e4, 1e4, 1e4]]
    if name == "Softplus":
        theirs = {**theirs, "threshold": 25.0}  # without it PyTorch's overflows
    agree_module(*pair(name, ours, theirs), x)


@each
def test_the_gradient_comes_from_rows(name: str, ours: Any, theirs: Any) -> None:
    x = [[0.3, -0.4, 0.5], [0.1, 0.7, -0.2]]
    gradient_uses_every_row(getattr(nn, name)(**ours), x)


@each
def test_any_shape_and_single_numbers(name: str, ours: Any, theirs: Any) -> None:
    module = getattr(nn, name)(**ours)
    x = np.linspace(-1.0, 1.0, 12).reshape(2, 3, 2)
    assert np.shape(module(x)) == (2, 3, 2)
    if "dim" not in ours and "num_parameters" not in ours:
        assert np.shape(module(0.5)) == ()
        assert isinstance(module(as_values(0.5)), nn.module.Value)


def test_the_slope_of_elu_at_zero_is_one() -> None:
    """PyTorch has alpha there; away from 0 they agree."""
    x = as_values([0.0])
    weighted_sum(nn.ELU(alpha=0.5)(x)).backward()
    assert grads(x)[0] == pytest.approx(1.5 + np.cos(1.0))


@pytest.mark.oracle
def test_elu_with_another_alpha() -> None:
    agree_module(nn.ELU(0.5), torch().nn.ELU(0.5), [[-2.0, -1e-8, 1e-8, 3.0]])


def test_the_step_of_zero_can_be_chosen() -> None:
    assert nn.Step()([-1e-300, 0.0, 1e-300]).tolist() == [0.0, 0.0, 1.0]
    assert nn.Step(at_zero=1.0)([-1e-300, 0.0]).tolist() == [0.0, 1.0]
    assert nn.Step(0.5)([0.0]).tolist() == [0.5]
    x = as_values([-1.0, 0.0, 1.0])
    weighted_sum(nn.Step()(x)).backward()
    assert grads(x).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.system("S001-07", "S002-15")
@pytest.mark.conflict("X-04")
def test_values_by_hand() -> None:
    """At −2, −1, 0.5, 1, 2, to the digits of a table."""
    x = [-2.0, -1.0, 0.5, 1.0, 2.0]
    sigmoid = [0.119202922, 0.2689414214, 0.6224593312, 0.7310585786, 0.880797078]
    tanh = [-0.9640275801, -0.761594156, 0.4621171573, 0.761594156, 0.9640275801]
    np.testing.assert_allclose(nn.Sigmoid()(x), sigmoid, rtol=1e-9)
    np.testing.assert_allclose(nn.Tanh()(x), tanh, rtol=1e-9)
    assert nn.ReLU()(x).tolist() == [0.0, 0.0, 0.5, 1.0, 2.0]


def test_a_learnt_slope_for_each_channel() -> None:
    layer = nn.PReLU(2, init=0.5)
    layer.weight[1].data = 0.25
    assert numbers(layer([[-4.0, -4.0], [4.0, 4.0]])).tolist() == [[-2.0, -1.0], [4.0, 4.0]]
    with pytest.raises(ValueError, match=r"expected \(N, 2, …\); got 2$"):
        layer([1.0, 2.0])
    with pytest.raises(ValueError, match=r"expected \(N, 2, …\); got 2×3$"):
        layer(np.zeros((2, 3)))


@pytest.mark.system("S003-30")
@pytest.mark.parametrize(("weight", "slope"), [(0.1, 0.12492190754), (50.0, 6.943971932e-12)])
def test_large_first_weights_saturate_a_sigmoid(weight: float, slope: float) -> None:
    """σ(w·x) at x = 1/2, in all of [0, 1]: its slope by w, x·σ·(1 − σ), fades as w grows."""
    unit = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Sigmoid())
    nn.init.constant_(unit[0].weight, weight)
    [output] = unit([0.5])
    output.backward()
    assert 0.0 <= output.data <= 1.0
    assert unit[0].weight[0, 0].grad == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.GELU("exact"), 'approximate is "none" or "tanh", not \'exact\''),
        (lambda: nn.Softplus(0.0), "Softplus divides by beta"),
        (lambda: nn.CELU(0.0), "CELU divides by alpha"),
        (lambda: nn.Hardtanh(1.0, -1.0), "needs min_val < max_val"),
        (lambda: nn.PReLU(0), "num_parameters is at least 1"),
    ],
)
def test_arguments_that_cannot_be(make: Callable[[], Module], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_what_we_do_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="inplace"):
        nn.LeakyReLU(inplace=True)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="threshold"):
        nn.Softplus(threshold=20.0)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="dim"):
        nn.Softmax()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        nn.ReLU(inplace=True)  # type: ignore[call-arg]


@pytest.mark.oracle
@each
def test_the_arguments_in_print(name: str, ours: Any, theirs: Any) -> None:
    """PyTorch's, but for the threshold that we do not have."""
    module, other = pair(name, ours, {})
    assert repr(module).partition("  #")[0] == repr(other).replace(", threshold=20.0", "")
