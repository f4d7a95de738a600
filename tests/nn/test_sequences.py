"""Recurrent layers over sequences against PyTorch's modules of the same name."""

from __future__ import annotations

import copy
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from nn import GRU, LSTM, RNN
from tests.support.against_torch import as_values, numbers, torch
from tests.support.catalogue import example
from tests.support.modules import agree_module, batches, double, drawn, sizes

LAYERS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


@pytest.mark.oracle
@pytest.mark.parametrize("kind", LAYERS)
@settings(derandomize=True, deadline=None)
@given(
    seed=st.integers(0, 99), time=sizes, batch=batches, features=sizes, hidden=sizes,
    layers=st.sampled_from((2, 1)), bias=st.booleans(), batch_first=st.booleans(),
    bidirectional=st.booleans(), started=st.booleans(),
)  # fmt: skip
def test_a_layer_and_its_gradients_are_pytorchs(
    kind: str, seed: int, time: int, batch: int | None, features: int, hidden: int, layers: int,
    bias: bool, batch_first: bool, bidirectional: bool, started: bool,
) -> None:  # fmt: skip
    options: dict[str, Any] = {
        "num_layers": layers, "bias": bias, "batch_first": batch_first,
        "bidirectional": bidirectional,
    }  # fmt: skip
    count = (2 if kind == "LSTM" else 1) if started else 0
    depth = layers * (2 if bidirectional else 1)
    shape = (batch, time, features) if batch_first else (time, batch, features)
    agree_module(
        LAYERS[kind](features, hidden, seed=seed, **options),
        getattr(torch().nn, kind)(features, hidden, **options),
        drawn(seed, *shape),
        *[drawn(seed + 1 + i, depth, batch, hidden) for i in range(count)],
    )


@pytest.mark.oracle
def test_arguments_come_in_pytorchs_order() -> None:
    rest = (True, True, 0.0, True)  # bias, batch_first, dropout, bidirectional
    x = drawn(0, 2, 4, 3)
    agree_module(RNN(3, 2, 2, "relu", *rest, seed=1), torch().nn.RNN(3, 2, 2, "relu", *rest), x)
    agree_module(LSTM(3, 2, 2, *rest, seed=1), torch().nn.LSTM(3, 2, 2, *rest), x)
    agree_module(GRU(3, 2, 2, *rest, seed=1), torch().nn.GRU(3, 2, 2, *rest), x)


@pytest.mark.oracle
def test_dropout_stands_between_layers_and_only_while_training() -> None:
    """With p = 1 nothing of layer 0 reaches layer 1; the states are whole; `eval` drops nothing."""
    x = drawn(0, 3, 2, 2)
    ours, theirs = GRU(2, 3, 2, dropout=1.0, seed=0), torch().nn.GRU(2, 3, 2, dropout=1.0)
    agree_module(ours, theirs, x)
    agree_module(ours.eval(), theirs.eval(), x)


def test_dropout_is_drawn_afresh_and_repeatable() -> None:
    x = drawn(0, 5, 2)
    net = RNN(2, 4, 2, dropout=0.5, seed=3)
    first, second = numbers(net(x)[0]), numbers(net(x)[0])
    assert (first != second).any()
    again = RNN(2, 4, 2, dropout=0.5, seed=3)
    np.testing.assert_array_equal(numbers(again(x)[0]), first)
    np.testing.assert_array_equal(numbers(copy.deepcopy(again)(x)[0]), second)
    random.seed(3)
    unseeded = RNN(2, 4, 2, dropout=0.5)
    third = numbers(unseeded(x)[0])
    random.seed(3)
    np.testing.assert_array_equal(numbers(RNN(2, 4, 2, dropout=0.5)(x)[0]), third)


def test_no_dropout_draws_nothing() -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    net = GRU(2, 3, 2, dropout=0.5, seed=0).eval()
    GRU(2, 3, 2, seed=0)(np.ones((2, 2)))
    net(np.ones((2, 2)))
    assert random.random() == expected


def test_dropout_needs_a_gap_between_layers() -> None:
    with pytest.warns(UserWarning, match="num_layers is 1"):
        LSTM(2, 3, dropout=0.2)
    with pytest.raises(ValueError, match=r"LSTM: dropout is .*; got 1\.5"):
        LSTM(2, 3, 2, dropout=1.5)


@pytest.mark.system("S004-30")
def test_two_stacked_layers() -> None:
    """The second layer takes the first one's state at t, and its own at t − 1."""
    given, expected = example("004.rnn-stacked")
    net = RNN(1, 1, num_layers=2)
    net.load_state_dict({
        "weight_ih_l0": [[given["w1"]]], "weight_hh_l0": [[given["r1"]]],
        "bias_ih_l0": [given["b1"]], "bias_hh_l0": [0.0],
        "weight_ih_l1": [[given["w2"]]], "weight_hh_l1": [[given["r2"]]],
        "bias_ih_l1": [given["b2"]], "bias_hh_l1": [0.0],
    })  # fmt: skip
    output, h_n = net(np.reshape(given["x"], (2, 1)), [[given["h1"]], [given["h2"]]])
    assert numbers(output)[:, 0] == pytest.approx(expected["layer_2"], rel=1e-12)
    assert numbers(h_n)[:, 0] == pytest.approx(
        [expected["layer_1"][-1], expected["layer_2"][-1]], rel=1e-12
    )
    names = {node.name: node.data for node in ac.topological_order(*output.ravel())}
    assert [names["h1_0[0]"], names["h1_1[0]"]] == pytest.approx(expected["layer_1"], rel=1e-12)


@pytest.mark.system("S004-29", "S004-31")
def test_a_cell_with_two_units_over_three_steps() -> None:
    """004.rnn-vector: C = Σ ½(ŷ − y)², ŷ = W_oh·a + b_o, every gradient."""
    given, expected = example("004.rnn-vector")
    net = RNN(2, 2)
    net.load_state_dict({
        "weight_ih_l0": given["Wxh"], "weight_hh_l0": given["Whh"],
        "bias_ih_l0": given["bh"], "bias_hh_l0": [0.0, 0.0],
    })  # fmt: skip
    w_o, b_o = as_values(given["Woh"]), as_values(given["bo"])
    output, _ = net(given["x"], [given["a0"]])
    y = ac.matmul(output, ac.transpose(w_o)) + b_o
    cost = ac.half_squared_error(y, given["y"], reduction="sum")
    cost.backward()
    assert cost.data == pytest.approx(expected["C"], rel=1e-12)
    assert numbers(output) == pytest.approx(np.array(expected["a"]), rel=1e-12, abs=1e-15)
    assert numbers(y) == pytest.approx(np.array(expected["y_hat"]), rel=1e-12)
    slopes = {name: _grads(p) for name, p in net.named_parameters()}
    slopes |= {"Woh": _grads(w_o), "bo": _grads(b_o)}
    for ours, theirs in {
        "weight_ih_l0": "dWxh", "weight_hh_l0": "dWhh", "bias_ih_l0": "dbh", "bias_hh_l0": "dbh",
        "Woh": "dWoh", "bo": "dbo",
    }.items():  # fmt: skip
        assert slopes[ours] == pytest.approx(np.array(expected[theirs]), rel=1e-12), ours


def _grads(parameter: Any) -> Any:
    return np.vectorize(lambda v: v.grad)(parameter)


def test_scopes_and_names_tell_the_time_step() -> None:
    output, _ = GRU(1, 2, seed=0)(np.ones((3, 1)))
    assert [[h.name for h in state] for state in output] == [
        [f"h_{t}[{i}]" for i in range(2)] for t in range(3)
    ]
    scopes = {node.name: node.scope for node in ac.topological_order(*output.ravel())}
    assert scopes["z_1[0]"] == scopes["h_1[0]"] == ("step 1",)
    deep, _ = LSTM(1, 2, 2, bidirectional=True, seed=0)(np.ones((2, 3, 1)))
    assert deep[1, 2, 0].name == "h2_1[2, 0]"
    assert deep[1, 2, 0].scope == ("step 1", "layer 1", "forward")
    assert deep[1, 2, 2].name == "h2_1_reverse[2, 0]"
    assert deep[1, 2, 2].scope == ("step 1", "layer 1", "reverse")


@pytest.mark.parametrize(
    ("net", "x", "hx", "message"),
    [
        (RNN(2, 3), np.ones((4, 3)), None,
         r"RNN\(2, 3\): expected a sequence \(time, 2\) or \(time, batch, 2\) .*; got 4×3"),
        (LSTM(2, 3, batch_first=True), np.ones(2), None,
         r"LSTM\(2, 3, batch_first=True\): .* or \(batch, time, 2\) .*; got 2"),
        (GRU(2, 3), np.ones((0, 2)), None, r"at least one time step; got 0×2"),
        (GRU(2, 3, batch_first=True), np.ones((4, 0, 2)), None, r"step; got 4×0×2"),
        (GRU(2, 3, 2), np.ones((4, 2)), np.ones((1, 3)),
         r"GRU\(2, 3, num_layers=2\): expected a state 2×3 for this input; got 1×3"),
        (RNN(2, 3, batch_first=True), np.ones((5, 4, 2)), np.ones((1, 4, 3)),
         r"a state 1×5×3 for this input; got 1×4×3"),
        (LSTM(2, 3), np.ones((4, 2)), (np.ones((1, 3)), np.ones((1, 2))),
         r"a state 1×3 for this input; got 1×2"),
    ],
)  # fmt: skip
def test_wrong_shapes(net: Any, x: Any, hx: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        net(x, hx)


@pytest.mark.parametrize("name", ["input_size", "hidden_size", "num_layers"])
def test_sizes_start_at_one(name: str) -> None:
    with pytest.raises(ValueError, match=f"GRU: {name} is at least 1; got -2"):
        GRU(**{"input_size": 2, "hidden_size": 3, name: -2})


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="proj_size"):
        LSTM(2, 3, proj_size=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="nonlinearity"):
        GRU(2, 3, nonlinearity="relu")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"the pair of states \(h, c\)"):
        LSTM(2, 3)(np.ones((4, 2)), np.ones((1, 3)))


@pytest.mark.oracle
@pytest.mark.parametrize("kind", LAYERS)
def test_a_state_dict_from_pytorch(kind: str) -> None:
    theirs = getattr(torch().nn, kind)(2, 3, 2, bidirectional=True).double()
    ours = LAYERS[kind](2, 3, 2, bidirectional=True)
    ours.load_state_dict({name: p.detach().numpy() for name, p in theirs.named_parameters()})
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x = drawn(1, 4, 2)
    expected = double(theirs, ours)(torch().tensor(x))[0].detach().numpy()
    np.testing.assert_allclose(numbers(ours(x)[0]), expected, rtol=1e-12)


def test_what_is_shown() -> None:
    shown = repr(LSTM(2, 3, 2, dropout=0.1, bidirectional=True))
    assert shown.startswith("LSTM(2, 3, num_layers=2, dropout=0.1, bidirectional=True)")
    assert repr(RNN(2, 3, nonlinearity="relu")).startswith("RNN(2, 3, nonlinearity=relu)")
