"""What is read from a module."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

import nn
from autograd_core import Value
from viz.network.dense import dense_layers, function_name, is_dense
from viz.network.reading import kind_of, outputs, require_module, stages
from viz.network.recurrence import read_recurrence, states


def test_chains_inside_chains_are_opened() -> None:
    net = nn.Sequential(nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh()), nn.MLP(3, [2, 1]))
    assert [stage.title for stage in stages(net)] == [
        "0.0: Linear", "0.1: Tanh", "1.layers.0: Layer", "1.layers.1: Layer",
    ]  # fmt: skip
    assert [stage.title for stage in stages(nn.Tanh())] == ["Tanh"]


def test_a_class_may_stand_above() -> None:
    class Own(nn.Linear):
        pass

    assert kind_of(Own(1, 1, seed=0), {"Linear"}) == "Linear"
    assert kind_of(nn.Tanh(), {"Linear"}) is None
    assert is_dense(Own(1, 1, seed=0))
    assert not is_dense(nn.LayerNorm(2))


@pytest.mark.parametrize("given", [3, "net", None, nn.MLP, [nn.Tanh()], np.zeros(3)])
def test_what_is_no_module_is_refused(given: object) -> None:
    with pytest.raises(TypeError, match="shows a module"):
        require_module(given)


def test_outputs_of_every_stage() -> None:
    found = outputs(stages(nn.xor_net()), [1, 0])
    assert [array.tolist() for array in found] == [[1.0, 0.0], [0.0, 1.0], [1.0]]


def test_outputs_are_those_of_the_module() -> None:
    net = nn.Sequential(nn.Linear(3, 4, seed=1), nn.Tanh(), nn.Linear(4, 2, seed=2))
    x = [0.5, -1.0, 2.0]
    assert outputs(stages(net), x)[-1].tolist() == [y.data for y in net(x)]


def test_no_graph_is_built() -> None:
    class Spy(nn.Module):
        def forward(self, x: Sequence[Value]) -> Value:
            self.made = 2.0 * x[0]
            return self.made

    spy = Spy()
    assert outputs(stages(spy), [Value(3.0)])[-1].tolist() == 6.0
    assert spy.made.is_leaf


def test_layers_of_neurons() -> None:
    net = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Dropout(0.5), nn.Sigmoid(), nn.Linear(3, 1))
    found = dense_layers(stages(net))
    assert found is not None
    assert [(layer.inputs, layer.units, layer.function) for layer in found] == [
        (2, 3, "dropout, σ"), (3, 1, ""),
    ]  # fmt: skip
    assert found[0].weight.tolist() == [[w.data for w in row] for row in net[0].weight]  # type: ignore[attr-defined]
    assert found[0].last == 2


@pytest.mark.parametrize(
    "net",
    [
        nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2)),
        nn.Sequential(nn.Conv2d(1, 1, 1)),
        nn.Sequential(nn.Tanh(), nn.Linear(2, 2)),
        nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 1)),
        nn.Sequential(nn.MaxPool2d(2)),
        nn.Tanh(),
    ],
)
def test_what_is_more_than_neurons(net: nn.Module) -> None:
    assert dense_layers(stages(net)) is None


def test_names_of_functions() -> None:
    assert [function_name(m) for m in (nn.Sigmoid(), nn.ReLU(), nn.Identity(), nn.Flatten())] == [
        "σ", "relu", "", "",
    ]  # fmt: skip
    assert function_name(nn.PReLU()) is None
    assert function_name(nn.MaxPool2d(2)) is None


def test_a_weight_that_is_no_number_is_named() -> None:
    net = nn.Linear(2, 1, seed=0)
    net.weight[0, 1].data = float("nan")
    with pytest.raises(ValueError, match=r"the weight of Linear\[0, 1\] is nan"):
        dense_layers(stages(net))


# --- recurrent nets -----------------------------------------------------------------------------


def test_a_recurrent_net_and_what_reads_it() -> None:
    net = nn.Sequential(nn.RNN(3, 4, seed=0), nn.Linear(4, 2, seed=1))
    found = read_recurrence(stages(net))
    assert found is not None
    assert (found.input_size, found.hidden_size, found.layers, found.directions) == (3, 4, 1, 1)
    assert [layer.units for layer in found.readout] == [2]
    assert found.function == "tanh"
    rnn = net[0]
    biases = [a.data + b.data for a, b in zip(rnn.bias_ih_l0, rnn.bias_hh_l0, strict=True)]  # type: ignore[call-overload]
    assert found.bias is not None
    assert found.bias.tolist() == pytest.approx(biases, rel=1e-15)


@pytest.mark.parametrize(
    ("net", "gates"), [(nn.RNN(1, 2), 1), (nn.LSTM(1, 2), 4), (nn.GRUCell(1, 2), 3)]
)
def test_gates(net: nn.Module, gates: int) -> None:
    found = read_recurrence(stages(net))
    assert found is not None
    assert found.gates == gates


def test_what_is_not_recurrent() -> None:
    assert read_recurrence(stages(nn.MLP(2, [1]))) is None
    assert read_recurrence([]) is None
    assert read_recurrence(stages(nn.RNN(1, 1, num_layers=9, seed=0))) is None
    assert read_recurrence(stages(nn.Sequential(nn.RNN(1, 2, seed=0), nn.LayerNorm(2)))) is None


@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU])
def test_states_of_a_layer_and_of_its_cell(layer: type[nn.Module]) -> None:
    cell_type = {nn.RNN: nn.RNNCell, nn.LSTM: nn.LSTMCell, nn.GRU: nn.GRUCell}[layer]  # type: ignore[index]
    whole, cell = layer(2, 3, seed=7), cell_type(2, 3, seed=7)  # type: ignore[call-arg]
    sequence = np.array([[1.0, -1.0], [0.5, 2.0], [0.0, 0.0]])
    found = states(whole, layer.__name__, sequence)
    wanted = [[h.data for h in row] for row in whole(sequence)[0]]
    assert [h.tolist() for h in found] == wanted
    assert [h.tolist() for h in states(cell, cell_type.__name__, sequence)] == wanted
