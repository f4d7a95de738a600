"""`Linear` against PyTorch, against figures worked by hand, and its errors."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value
from nn import Linear, ReLU, Sequential, Sigmoid, Tanh
from tests.support.against_torch import as_values, grads, numbers, torch
from tests.support.modules import agree_module

SIZES = st.sampled_from([2, 3, 4, 5, 1])
drawn = settings(derandomize=True, max_examples=25, deadline=None)


@pytest.mark.oracle
@drawn
@given(st.lists(SIZES, max_size=3), SIZES, SIZES, st.booleans(), st.integers(0, 2**32 - 1))
def test_linear_is_pytorchs(batch: list[int], nin: int, nout: int, bias: bool, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(*batch, nin))
    agree_module(Linear(nin, nout, bias), torch().nn.Linear(nin, nout, bias), x)


@pytest.mark.oracle
@pytest.mark.parametrize("x", [np.zeros(3), np.zeros((1, 3)), np.full((2, 3), 1e4)])
def test_zeros_a_batch_of_one_and_large_inputs(x: Any) -> None:
    agree_module(Linear(3, 2), torch().nn.Linear(3, 2), x)


@pytest.mark.oracle
def test_a_deep_net_is_pytorchs() -> None:
    t = torch().nn
    ours = Sequential(Linear(3, 4), Tanh(), Linear(4, 4), ReLU(), Linear(4, 2))
    theirs = t.Sequential(t.Linear(3, 4), t.Tanh(), t.Linear(4, 4), t.ReLU(), t.Linear(4, 2))
    agree_module(ours, theirs, np.random.default_rng(0).normal(size=(5, 3)))


def test_an_output_is_one_dot_node() -> None:
    layer = Linear(3, 2)
    x = as_values([1.0, 2.0, 3.0])
    for i, y in enumerate(layer(x)):
        assert layer.bias is not None
        assert y.op is ac.dot
        assert set(y.operands) == {*layer.weight[i], *x, layer.bias[i]}


@pytest.mark.system("S004-06")
@pytest.mark.conflict("X-07")
def test_examples_are_rows() -> None:
    """x₁ + 10·x₂ + 100 for each of three examples."""
    layer = Linear(2, 1)
    layer.load_state_dict({"weight": [[1.0, 10.0]], "bias": [100.0]})
    assert numbers(layer([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).tolist() == [[121], [143], [165]]


@pytest.mark.system("S001-06", "S001-09")
@pytest.mark.conflict("X-09")
def test_a_net_of_one_hidden_layer_by_hand() -> None:
    """2-3-1 with tanh and half the squared error, worked by hand for x = (1, 2), y = 3."""
    net = Sequential(Linear(2, 3), Tanh(), Linear(3, 1))
    net.load_state_dict(
        {
            "0.weight": [[1.0, 2.0], [1.0, 0.0], [2.0, 0.0]],
            "0.bias": [0.0, 2.0, 0.0],
            "2.weight": [[1.0, 2.0, 2.0]],
            "2.bias": [0.0],
        }
    )
    hidden = net[0]([1.0, 2.0])
    assert [v.data for v in hidden] == [5.0, 3.0, 2.0]
    [output] = net([1.0, 2.0])
    assert output.data == pytest.approx(4.91807387178769, rel=1e-12)
    loss = ac.half_squared_error([output], [3.0])
    loss.backward()
    assert loss.data == pytest.approx(1.8395036888173095, rel=1e-12)
    named = dict(net.named_parameters())
    expected = {
        "0.bias": [0.00034829005082810547, 0.03784757621023423, 0.2710270023422062],
        "0.weight": [
            [0.00034829005082810547, 0.0006965801016562109],
            [0.03784757621023423, 0.07569515242046845],
            [0.2710270023422062, 0.5420540046844124],
        ],
        "2.bias": [1.9180738717876897],
        "2.weight": [[1.9178997188561038, 1.908588524044653, 1.8490761130261393]],
    }
    assert set(expected) == set(named)
    for name, slope in expected.items():
        np.testing.assert_allclose(grads(named[name]), slope, rtol=1e-12)


def test_a_net_with_softmax_loss_by_hand() -> None:
    """3-2-3 with sigmoids in both layers and the softmax loss, summed over three examples."""
    net = Sequential(Linear(3, 2), Sigmoid(), Linear(2, 3), Sigmoid())
    net.load_state_dict(
        {
            "0.weight": [[0.5, -0.2, 0.1], [0.3, 0.8, -0.5]],
            "0.bias": [0.1, -0.1],
            "2.weight": [[1.0, -1.0], [0.5, 0.25], [-0.75, 0.6]],
            "2.bias": [0.0, 0.2, -0.3],
        }
    )
    scores = net(np.eye(3))  # examples are rows
    first = [0.523937264203747, 0.4518578629424564, 0.5487175236804342]
    np.testing.assert_allclose(numbers(scores)[:, 0], first, rtol=1e-12)
    loss = ac.cross_entropy(scores, [0, 1, 2], reduction="sum")
    assert loss.data == pytest.approx(3.3208557156501386, rel=1e-12)
    loss.backward()
    named = dict(net.named_parameters())
    expected = {
        "2.weight": [
            [-0.02453267967553035, -0.010091002821563066],
            [0.035007354667406407, -0.01735329423523463],
            [-0.011794584824926665, 0.02899595466757345],
        ],
        "2.bias": [-0.00501995552893679, 0.029536068574383567, -0.023127574677228452],
        "0.weight": [
            [-0.040201817927254926, -0.012525603726187861, 0.06263181253772993],
            [0.056760391876340854, -0.014946705106670684, -0.037378183810694916],
        ],
        "0.bias": [0.009904390884287136, 0.004435502958975254],
    }
    assert set(expected) == set(named)
    for name, slope in expected.items():
        np.testing.assert_allclose(grads(named[name]), slope, rtol=1e-10)


def test_the_first_weights() -> None:
    """Even between ±1/√in_features, weights row by row and then biases, from one seed."""
    layer = Linear(4, 2, seed=7)
    rng = random.Random(7)
    expected = [rng.uniform(-0.5, 0.5) for _ in range(10)]
    assert [p.data for p in layer.parameters()] == expected
    random.seed(7)
    assert [p.data for p in Linear(4, 2).parameters()] == expected
    many = [p.data for p in Linear(25, 200, seed=1).parameters()]
    assert max(many) <= 0.2
    assert max(many) > 0.199
    assert min(many) >= -0.2
    assert min(many) < -0.199


@pytest.mark.oracle
def test_the_bound_is_pytorchs() -> None:
    t = torch()
    t.manual_seed(0)
    for tensor in t.nn.Linear(25, 200).parameters():
        largest = tensor.abs().max().item()
        assert 0.19 < largest <= 0.2


def test_names() -> None:
    layer = Linear(2, 1)
    assert [p.name for p in layer.parameters()] == ["W[0, 0]", "W[0, 1]", "b[0]"]


def test_what_comes_in_need_not_be_values() -> None:
    layer = Linear(2, 2, bias=False)
    layer.load_state_dict({"weight": [[1.0, 2.0], [3.0, 4.0]]})
    assert layer.bias is None
    assert [y.data for y in layer([1, 1])] == [3.0, 7.0]
    mixed = layer([Value(1.0), 2.0])
    assert [y.data for y in mixed] == [5.0, 11.0]
    assert layer(np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("x", [1.0, [1.0], [[1.0, 2.0, 3.0]], np.zeros((2, 3))])
def test_a_wrong_shape_is_refused(x: Any) -> None:
    with pytest.raises(
        ValueError,
        match=r"Linear\(in_features=2, out_features=3, bias=True\): "
        r"expected \(…, 2\); got (a single number|1|1×3|2×3)$",
    ):
        Linear(2, 3)(x)


@pytest.mark.parametrize("sizes", [(0, 1), (1, 0), (-2, 1)])
def test_sizes_start_at_one(sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"Linear: (in|out)_features is at least 1; got"):
        Linear(*sizes)


@pytest.mark.parametrize("sizes", [(1.0, 1), (1, "2"), (True, 1), (None, 1)])
def test_sizes_are_whole_numbers(sizes: tuple[Any, Any]) -> None:
    with pytest.raises(TypeError, match=r"Linear: (in|out)_features is a whole number, not"):
        Linear(*sizes)


def test_what_we_do_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="device"):
        Linear(1, 1, device="cpu")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="a seed is a whole number or None"):
        Linear(1, 1, seed=0.5)  # type: ignore[arg-type]
