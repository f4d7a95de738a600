"""`Module`: what is found in attributes, names, scopes, modes and `repr`."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_core import Value, topological_order
from nn import MLP, Dropout, Layer, Linear, Module, Neuron, ReLU, Sequential, parameter
from tests.support.against_torch import torch


class Scale(Module):
    """One scalar parameter."""

    def __init__(self) -> None:
        self.factor = Value(2.0)

    def forward(self, x: Any) -> Any:
        return np.asarray(x) * self.factor


class Net(Module):
    """A child by attribute, children in a list and in a dict, an array, a scalar, and the rest."""

    def __init__(self) -> None:
        self.encoder = Linear(2, 3, seed=1)
        self.blocks = [Linear(3, 3, seed=2), Linear(3, 3, bias=False, seed=3)]
        self.heads = {"mean": Linear(3, 1, seed=4)}
        self.offset = parameter([1.0, 2.0, 3.0])
        self.slope = Value(0.5)
        self.constants = np.ones(3)
        self.words = ["no parameter", 3.0, None]

    def forward(self, x: Any) -> Any:
        h = self.encoder(x)
        for block in self.blocks:
            h = block(h)
        return self.heads["mean"](h + self.offset) * self.slope


NAMES = [
    "encoder.weight", "encoder.bias", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight",
    "heads.mean.weight", "heads.mean.bias", "offset", "slope",
]  # fmt: skip


def test_parameters_are_found_in_the_order_of_attributes() -> None:
    net = Net()
    named = dict(net.named_parameters())
    assert list(named) == NAMES
    assert named["encoder.weight"] is net.encoder.weight
    assert named["slope"] is net.slope
    assert len(net.parameters()) == 6 + 3 + 9 + 3 + 9 + 3 + 1 + 3 + 1
    assert net.parameters()[:6] == net.encoder.weight.ravel().tolist()


def test_a_list_of_values_is_one_parameter() -> None:
    assert [(n, np.shape(p)) for n, p in Neuron(3).named_parameters()] == [("w", (3,)), ("b", ())]
    names = [name for name, _ in MLP(2, [3, 1]).named_parameters()]
    assert names[:3] == ["layers.0.neurons.0.w", "layers.0.neurons.0.b", "layers.0.neurons.1.w"]
    assert len(names) == 8


def test_results_kept_in_attributes_are_no_parameters() -> None:
    class Remembers(Module):
        def __init__(self) -> None:
            self.w = Value(2.0)
            self.last: Any = None
            self.history: list[Any] = []

        def forward(self, x: float) -> Any:
            self.last = np.array([self.w * x, self.w + x])
            self.history.append(self.last[0])
            self.scalar = self.last[0]
            return self.scalar

    net = Remembers()
    net(3.0)
    net(4.0)
    assert [name for name, _ in net.named_parameters()] == ["w"]
    assert list(net.state_dict()) == ["w"]


def test_an_array_of_values_and_numbers_is_refused() -> None:
    net = Scale()
    vars(net)["mixed"] = np.array([Value(1.0), 2.0, 3.0], dtype=object)
    with pytest.raises(TypeError, match="mixed holds 2 entries that are no Value among 1 that are"):
        net.parameters()


def test_tied_weights_come_once_under_their_first_name() -> None:
    class Tied(Module):
        def __init__(self) -> None:
            self.encoder = Linear(3, 2, bias=False)
            self.decoder = Linear(2, 3)
            self.decoder.weight = self.encoder.weight.T
            self.again = self.encoder

    tied = Tied()
    assert [name for name, _ in tied.named_parameters()] == ["encoder.weight", "decoder.bias"]
    assert len(tied.parameters()) == 6 + 3
    assert [name for name, _ in tied.named_children()] == ["encoder", "decoder"]
    # as in PyTorch, the state holds every name
    assert list(tied.state_dict()) == [
        "encoder.weight", "decoder.weight", "decoder.bias", "again.weight",
    ]  # fmt: skip
    state = Tied().state_dict()
    tied.load_state_dict(state)
    assert np.array_equal(tied.state_dict()["decoder.weight"], state["decoder.weight"])


def test_an_array_that_shares_only_some_values_is_listed() -> None:
    class Shares(Module):
        def __init__(self) -> None:
            self.first = parameter([1.0, 2.0, 3.0])
            self.both = np.append(self.first[1:], parameter([4.0]))
            self.part = self.first[:2]

    shares = Shares()
    assert [name for name, _ in shares.named_parameters()] == ["first", "both"]
    assert [p.data for p in shares.parameters()] == [1.0, 2.0, 3.0, 4.0]


def test_a_child_may_know_its_parent() -> None:
    net = Net()
    vars(net.encoder)["parent"] = net
    vars(net)["me"] = net
    assert len(net.parameters()) == 38
    assert [name for name, _ in net.named_parameters()] == NAMES
    assert "…" in repr(net)
    assert all(child is not net for child in net.children())
    assert list(net.modules()).count(net) == 1


def test_modules_and_children() -> None:
    net = Net()
    assert [n for n, _ in net.named_modules()] == ["", *(n for n, _ in net.named_children())]
    assert [n for n, _ in net.named_children()] == ["encoder", "blocks.0", "blocks.1", "heads.mean"]
    assert list(net.children()) == [net.encoder, *net.blocks, net.heads["mean"]]
    mlp = MLP(1, [2])
    assert [n for n, _ in mlp.named_modules()] == [
        "", "layers.0", "layers.0.neurons.0", "layers.0.neurons.1",
    ]  # fmt: skip
    assert list(mlp.modules()) == [mlp, mlp.layers[0], *mlp.layers[0].neurons]


def scopes(output: Any) -> set[tuple[str, ...]]:
    nodes = topological_order(*np.asarray(output, dtype=object).flat)
    return {node.scope for node in nodes if not node.is_leaf}


def test_a_module_runs_in_the_scope_of_its_name() -> None:
    assert scopes(Net()([1.0, 2.0])) == {
        ("encoder",), ("block 0",), ("block 1",), ("head mean",), (),
    }  # fmt: skip
    inner = Sequential(Linear(3, 3), ReLU(), Linear(3, 1))
    outer = Sequential({"hidden": Linear(2, 3), "rest": inner})
    assert scopes(outer([1.0, 2.0])) == {
        ("hidden",), ("rest", "linear 0"), ("rest", "ReLU 1"), ("rest", "linear 2"),
    }  # fmt: skip


def test_the_scope_of_modules_that_came_later_or_are_nobodys() -> None:
    class Late(Module):
        def __init__(self, make: Callable[[], Module]) -> None:
            self.layers: list[Module] = [Scale()]
            self.make = make

        def forward(self, x: Any) -> Any:
            for layer in self.layers:
                x = layer(x)
            return self.make()(x)

    net = Late(Scale)
    assert scopes(net([1.0])) == {("layer 0",), ("scale",)}
    net.layers.append(Scale())
    assert scopes(net([1.0])) == {("layer 0",), ("layer 1",), ("scale",)}
    first = net.layers[0]
    assert scopes(first([1.0])) == {("layer 0",)}  # it keeps its name outside


def test_the_scopes_end_when_forward_raises() -> None:
    net = Sequential(Linear(2, 2), Linear(3, 1))
    with pytest.raises(ValueError, match="linear 1: Linear"):
        net([1.0, 2.0])
    assert (Value(1.0) * 2.0).scope == ()
    alone = Linear(2, 1)
    assert scopes(alone([1.0, 2.0])) == {()}


def test_training_and_evaluation() -> None:
    net = Sequential(Linear(2, 2), Sequential(Dropout(0.5)))
    assert [m.training for m in net.modules()] == [True] * 4
    assert net.eval() is net
    assert [m.training for m in net.modules()] == [False] * 4
    assert net.train() is net
    assert [m.training for m in net.modules()] == [True] * 4
    net.train(False)
    assert not net[0].training


def test_zero_grad() -> None:
    net = Net()
    net([1.0, 2.0])[0].backward()
    assert any(p.grad != 0.0 for p in net.parameters())
    net.zero_grad()
    assert {p.grad for p in net.parameters()} == {0.0}


def test_a_module_without_forward_says_so() -> None:
    class Empty(Module):
        pass

    with pytest.raises(TypeError, match="Empty has no forward"):
        Empty()(1.0)


def test_the_tree_in_print() -> None:
    assert repr(Net()) == (
        "Net(\n"
        "  (encoder): Linear(in_features=2, out_features=3, bias=True)"
        "  # weight 3×2, bias 3: 9 parameters\n"
        "  (blocks.0): Linear(in_features=3, out_features=3, bias=True)"
        "  # weight 3×3, bias 3: 12 parameters\n"
        "  (blocks.1): Linear(in_features=3, out_features=3, bias=False)"
        "  # weight 3×3: 9 parameters\n"
        "  (heads.mean): Linear(in_features=3, out_features=1, bias=True)"
        "  # weight 1×3, bias 1: 4 parameters\n"
        ")  # offset 3, slope a single number: 38 parameters"
    )
    assert repr(Sequential()) == "Sequential()"
    assert repr(ReLU()) == "ReLU()"
    assert repr(Scale()) == "Scale()  # factor a single number: 1 parameter"


@pytest.mark.oracle
def test_the_tree_is_pytorchs() -> None:
    """Line by line PyTorch's, but for what stands after #."""
    t = torch().nn
    ours = Sequential(Linear(2, 3), ReLU(), Sequential(Linear(3, 1), Dropout(0.2)))
    theirs = t.Sequential(
        t.Linear(2, 3), t.ReLU(), t.Sequential(t.Linear(3, 1), t.Dropout(0.2, inplace=False))
    )
    lines = [line.partition("  #")[0] for line in repr(ours).splitlines()]
    assert lines == repr(theirs).replace(", inplace=False", "").splitlines()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_is_independent(copied: Callable[[Module], Module]) -> None:
    net = Sequential(Linear(2, 3, seed=0), Dropout(0.5, seed=1), Linear(3, 1, seed=2))
    net([1.0, 2.0])
    twin = copied(net)
    before = net.state_dict()
    assert all(np.array_equal(a, before[n]) for n, a in twin.state_dict().items())
    assert [p.name for p in twin.parameters()] == [p.name for p in net.parameters()]
    assert twin.eval()([1.0, 2.0])[0].data == net.eval()([1.0, 2.0])[0].data
    for p in twin.parameters():
        p.data = 0.0
    assert all(np.array_equal(a, before[n]) for n, a in net.state_dict().items())


def test_micrograds_own_way_of_writing_modules_works() -> None:
    class Pair(Module):
        def __init__(self) -> None:
            self.layer = Layer(2, 2)

        def __call__(self, x: Any) -> Any:
            return sum(self.layer(x))

        def parameters(self) -> list[Value]:
            return self.layer.parameters()

    pair = Pair()
    assert len(pair.parameters()) == 6
    assert isinstance(pair([1.0, 2.0]), Value)
