"""`Sequential`: order, indexing, PyTorch's names, and the names of what is computed."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from autograd_core import Value, topological_order
from nn import MLP, Embedding, Flatten, LayerNorm, Linear, Module, ReLU, Sequential, Tanh, parameter
from tests.support.against_torch import torch


class Add(Module):
    def __init__(self, number: float) -> None:
        self.number = number

    def forward(self, x: float) -> float:
        return x + self.number


class Times(Add):
    def forward(self, x: float) -> float:
        return x * self.number


def test_modules_run_in_order() -> None:
    assert Sequential(Add(2.0), Times(3.0))(1.0) == 9.0
    assert Sequential(Times(3.0), Add(2.0))(1.0) == 5.0
    assert Sequential()(1.0) == 1.0


def test_it_is_a_sequence() -> None:
    add, times, more = Add(2.0), Times(3.0), Add(4.0)
    net = Sequential(add, times)
    assert net.append(more) is net
    assert len(net) == 3
    assert list(net) == [add, times, more]
    assert (net[0], net[1], net[-1]) == (add, times, more)
    assert net(1.0) == 13.0
    assert list(net[1:]) == [times, more]
    assert net[1:](1.0) == 7.0
    assert net.extend([Add(1.0), Times(2.0)])(1.0) == 28.0
    with pytest.raises(IndexError):
        net[5]


def test_a_slice_keeps_modules_and_names() -> None:
    net = Sequential(Linear(1, 2), ReLU(), Linear(2, 3), Linear(3, 1))
    names = [p.name for p in net.parameters()]
    tail = net[2:]
    assert [name for name, _ in tail.named_parameters()] == [
        "2.weight", "2.bias", "3.weight", "3.bias",
    ]  # fmt: skip
    assert tail.parameters() == net.parameters()[4:]
    assert [p.name for p in net.parameters()] == names


@pytest.mark.parametrize("kind", [dict, OrderedDict])
def test_names_of_ones_own(kind: Any) -> None:
    net = Sequential(kind([("hidden", Linear(2, 3)), ("act", ReLU()), ("out", Linear(3, 1))]))
    assert [name for name, _ in net.named_children()] == ["hidden", "act", "out"]
    assert list(net.state_dict()) == ["hidden.weight", "hidden.bias", "out.weight", "out.bias"]
    assert net[1] is net.act  # type: ignore[attr-defined]
    net.append(Linear(1, 1))
    assert [name for name, _ in net.named_children()][-1] == "3"


@pytest.mark.oracle
def test_names_are_pytorchs() -> None:
    t = torch().nn
    ours = Sequential(Linear(2, 3), Sequential(ReLU(), Linear(3, 2)), LayerNorm(2))
    theirs = t.Sequential(t.Linear(2, 3), t.Sequential(t.ReLU(), t.Linear(3, 2)), t.LayerNorm(2))
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [n for n, _ in ours.named_modules()] == [n for n, _ in theirs.named_modules()]
    assert [n for n, _ in ours.named_children()] == [n for n, _ in theirs.named_children()]
    assert list(ours[1:].state_dict()) == list(theirs[1:].state_dict())


@pytest.mark.parametrize("wrong", [1.0, [], None, Linear, lambda x: x])
def test_only_modules_are_taken(wrong: Any) -> None:
    with pytest.raises(TypeError, match="Sequential takes modules; '1' is"):
        Sequential(ReLU(), wrong)
    with pytest.raises(TypeError, match="Sequential takes modules; '1' is"):
        Sequential(ReLU()).append(wrong)


@pytest.mark.parametrize("name", ["", "a.b", "forward", "training", "_names", 3])
def test_names_that_cannot_be(name: Any) -> None:
    with pytest.raises(ValueError, match="cannot name a module"):
        Sequential({name: ReLU()})


def names(module: Module) -> list[str | None]:
    """The names of the parameters without their indices, each once."""
    found = [p.name.partition("[")[0] if p.name else None for p in module.parameters()]
    return list(dict.fromkeys(found))


def test_parameters_are_numbered_by_layer() -> None:
    assert names(Sequential(Linear(2, 2), ReLU())) == ["W", "b"]
    net = Sequential(Linear(2, 2), ReLU(), Linear(2, 2))
    assert names(net) == ["W1", "b1", "W2", "b2"]
    assert [p.name for p in net.parameters()][:5] == [
        "W1[0, 0]", "W1[0, 1]", "W1[1, 0]", "W1[1, 1]", "b1[0]",
    ]  # fmt: skip
    assert [p.label.place for p in net.parameters() if p.label][5] == ("b1", (1,))
    net.append(LayerNorm(2))
    assert names(net) == ["W1", "b1", "W2", "b2", "gamma3", "beta3"]
    assert names(Sequential(net, Tanh(), Sequential(Linear(2, 1)))) == [
        "W1", "b1", "W2", "b2", "gamma3", "beta3", "W4", "b4",
    ]  # fmt: skip
    assert names(Sequential(Embedding(3, 2), Linear(2, 1))) == ["E", "W", "b"]


def test_what_is_not_named_as_a_whole_keeps_its_names() -> None:
    layer = Linear(1, 1)
    layer.weight = np.array([[Value(1.0, "slope")]])
    layer.bias = parameter([2.0])
    net = Sequential(layer, Linear(1, 1), Linear(1, 1))
    assert names(net) == ["slope", None, "W1", "b1", "W2", "b2"]
    assert names(Sequential(MLP(1, [2, 1]), Linear(1, 1), Linear(1, 1))) == [
        "W1", "b1", "W2", "b2", "W1", "b1", "W2", "b2",
    ][:4]  # fmt: skip


def test_what_enters_a_layer_has_a_name() -> None:
    net = Sequential(Linear(2, 3), Tanh(), Flatten(0), Linear(3, 2), ReLU())
    x = [Value(1.0, "x0"), Value(2.0, "x1")]
    out = net(x)
    nodes = topological_order(*out)
    named = {node.name: node for node in nodes if node.name and not node.is_leaf}
    assert set(named) == {"h1[0]", "h1[1]", "h1[2]"}
    assert {node.op.name for node in named.values() if node.op} == {"tanh"}
    assert [y.name for y in out] == [None, None]
    batch = net[:4]([[1.0, 2.0]] * 1)
    assert {n.name for n in topological_order(*batch.flat) if n.name and n.name[0] == "h"} == {
        "h1[0]", "h1[1]", "h1[2]",
    }  # fmt: skip
