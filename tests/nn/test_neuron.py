"""Perceptrons against micrograd's arithmetic, done here on plain floats."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from autograd_core import Value, topological_order, trace
from nn import MLP, Layer, Module, Neuron

Weights = list[list[tuple[list[float], float]]]  # layers of neurons: the weights and b


def microgradients(
    weights: Weights, x: Sequence[float]
) -> tuple[list[float], list[list[tuple[list[float], float]]], list[float]]:
    """micrograd by hand: the outputs, d(sum of outputs)/d each weight, and d/d each input.

    A neuron is relu(w·x + b); in the last layer w·x + b.
    """
    activations = [list(x)]
    for i, layer in enumerate(weights):
        sums = [b + sum(w * v for w, v in zip(ws, activations[-1], strict=True)) for ws, b in layer]
        last = i == len(weights) - 1
        activations.append(sums if last else [max(0.0, s) for s in sums])
    above = [1.0] * len(activations[-1])
    slopes: list[list[tuple[list[float], float]]] = []
    for i in reversed(range(len(weights))):
        if i < len(weights) - 1:  # through the relu: 0 at and below 0
            above = [g if a > 0.0 else 0.0 for g, a in zip(above, activations[i + 1], strict=True)]
        slopes.insert(0, [([g * v for v in activations[i]], g) for g in above])
        above = [
            sum(g * ws[j] for g, (ws, _) in zip(above, weights[i], strict=True))
            for j in range(len(activations[i]))
        ]
    return activations[-1], slopes, above


def drawn(seed: int, sizes: Sequence[int]) -> Weights:
    """micrograd's weights: per layer, per neuron, per input random.uniform(−1, 1); b = 0."""
    random.seed(seed)
    return [
        [([random.uniform(-1, 1) for _ in range(nin)], 0.0) for _ in range(nout)]
        for nin, nout in pairwise(sizes)
    ]


@pytest.mark.parametrize("sizes", [(1, 1), (3, 1), (2, 4, 1), (3, 4, 4, 1), (2, 16, 16, 3)])
@pytest.mark.parametrize("seed", [0, 1337])
def test_mlp_is_micrograds(sizes: Sequence[int], seed: int) -> None:
    weights = drawn(seed, sizes)
    random.seed(seed)
    mlp = MLP(sizes[0], sizes[1:])
    assert [
        [([w.data for w in n.w], n.b.data) for n in layer.neurons] for layer in mlp.layers
    ] == weights
    rng = random.Random(seed)
    for _ in range(5):
        x = [rng.uniform(-2, 2) for _ in range(sizes[0])]
        inputs = [Value(v) for v in x]
        out = mlp(inputs)
        outputs = out if isinstance(out, list) else [out]
        values, slopes, input_slopes = microgradients(weights, x)
        assert [o.data for o in outputs] == pytest.approx(values, rel=1e-13, abs=1e-14)
        mlp.zero_grad()
        total = sum(outputs[1:], outputs[0])
        total.backward()
        for layer, expected_layer in zip(mlp.layers, slopes, strict=True):
            for neuron, (ws, b) in zip(layer.neurons, expected_layer, strict=True):
                assert [w.grad for w in neuron.w] == pytest.approx(ws, rel=1e-12, abs=1e-14)
                assert neuron.b.grad == pytest.approx(b, rel=1e-12, abs=1e-14)
        assert [v.grad for v in inputs] == pytest.approx(input_slopes, rel=1e-12, abs=1e-14)


def test_a_neuron_by_hand() -> None:
    neuron = Neuron(2)
    for w, number in zip(neuron.w, (0.5, -2.0), strict=True):
        w.data = number
    neuron.b.data = 1.0
    y = neuron([3.0, 1.0])
    assert y.data == 0.5  # relu(1.5 − 2 + 1)
    y.backward()
    assert [p.grad for p in neuron.parameters()] == [3.0, 1.0, 1.0]
    neuron.zero_grad()
    off = neuron([-3.0, 1.0])
    assert off.data == 0.0
    off.backward()
    assert [p.grad for p in neuron.parameters()] == [0.0, 0.0, 0.0]
    linear = Neuron(2, nonlin=False)
    linear.w[0].data, linear.w[1].data = 0.5, -2.0
    assert linear([-3.0, 1.0]).data == -3.5


def test_the_relu_is_a_step_at_zero() -> None:
    neuron = Neuron(1)
    neuron.w[0].data = 0.0
    y = neuron([5.0])
    assert y.data == 0.0
    y.backward()
    assert neuron.w[0].grad == 0.0


def test_parameters_come_in_order_each_once() -> None:
    mlp = MLP(3, [4, 4, 1])
    assert len(mlp.parameters()) == 41
    expected = [p for layer in mlp.layers for n in layer.neurons for p in (*n.w, n.b)]
    assert mlp.parameters() == expected
    assert [p.name for p in mlp.layers[0].neurons[0].parameters()] == [
        "W1[0, 0]", "W1[0, 1]", "W1[0, 2]", "b1[0]",
    ]  # fmt: skip

    class Tied(Module):
        def __init__(self) -> None:
            self.first = Neuron(2)
            self.again = {"tied": [self.first, (Value(1.0, "extra"), 3.0, "no parameter")]}

    tied = Tied()
    assert tied.parameters() == [*tied.first.parameters(), tied.again["tied"][1][0]]


def test_zero_grad_forgets_what_accumulated() -> None:
    random.seed(3)
    mlp = MLP(2, [3, 1])
    x = [0.7, -0.4]
    mlp(x).backward()
    first = [p.grad for p in mlp.parameters()]
    mlp(x).backward()
    assert [p.grad for p in mlp.parameters()] == [2.0 * g for g in first]
    mlp.zero_grad()
    assert {p.grad for p in mlp.parameters()} == {0.0}
    mlp(x).backward()
    assert [p.grad for p in mlp.parameters()] == first


def test_outputs_and_their_shape() -> None:
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert [type(y) for y in Layer(2, 3)([1.0, 2.0])] == [Value] * 3
    assert isinstance(MLP(2, [3, 1])([1.0, 2.0]), Value)
    assert len(MLP(2, [3, 2])([1.0, 2.0])) == 2


def test_a_wrong_number_of_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Neuron\(2, nonlin=True\): expected \(2,\); got 3$"):
        Neuron(2)([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"^neuron 0: Neuron\(3, nonlin=True\): .* \(3,\); got 2$"):
        MLP(3, [4, 1])([1.0, 2.0])
    with pytest.raises(ValueError, match=r"\(2,\); got 5×2; a neuron takes one example at a time"):
        MLP(2, [4, 1])(np.zeros((5, 2)))
    with pytest.raises(ValueError, match=r"\(2,\); got 2×2; a neuron takes one"):
        MLP(2, [4, 1])([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="got a single number"):
        Neuron(2)(3.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^Neuron\(2, nonlin=True\): dot .* NoneType"):
        Neuron(2)([1.0, None])


def test_sizes_start_at_one() -> None:
    for make in (lambda: Neuron(0), lambda: Layer(0, 1), lambda: MLP(0, [1])):
        with pytest.raises(ValueError, match="Neuron: nin is at least 1; got 0"):
            make()
    with pytest.raises(ValueError, match="Layer: nout is at least 1; got 0"):
        MLP(2, [0])


def test_what_is_shown() -> None:
    assert repr(Neuron(2)) == "ReLUNeuron(2)"
    assert repr(Neuron(2, nonlin=False)) == "LinearNeuron(2)"
    assert repr(Layer(1, 2)) == "Layer of [ReLUNeuron(1), ReLUNeuron(1)]"
    assert repr(MLP(1, [1, 1])) == ("MLP of [Layer of [ReLUNeuron(1)], Layer of [LinearNeuron(1)]]")


def test_every_node_knows_its_layer_and_neuron() -> None:
    random.seed(0)
    out = MLP(2, [2, 1])([1.0, 2.0])
    scopes = {step.node.scope for step in trace(out, depth="operation").forward()}
    assert scopes == {("layer 0", "neuron 0"), ("layer 0", "neuron 1"), ("layer 1", "neuron 0")}


def test_training_by_hand_and_by_module_agree() -> None:
    """Twenty steps of gradient descent on four examples: the same loss at every step."""
    examples = [([0.0, 0.0], -1.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], -1.0)]
    weights = drawn(5, (2, 6, 1))
    random.seed(5)
    mlp = MLP(2, [6, 1])
    for _ in range(20):
        loss = sum(((mlp(x) - t) ** 2 for x, t in examples), Value(0.0))
        mlp.zero_grad()
        loss.backward()
        for p in mlp.parameters():
            p.data -= 0.05 * p.grad
        by_hand = 0.0
        steps = [[([0.0] * len(ws), 0.0) for ws, _ in layer] for layer in weights]
        for x, t in examples:
            [y], slopes, _ = microgradients(weights, x)
            by_hand += (y - t) ** 2
            e = 2.0 * (y - t)
            steps = [
                [
                    ([s + e * w for s, w in zip(ss, ws, strict=True)], sb + e * b)
                    for (ss, sb), (ws, b) in zip(have, new, strict=True)
                ]
                for have, new in zip(steps, slopes, strict=True)
            ]
        assert loss.data == pytest.approx(by_hand, rel=1e-9)
        weights = [
            [
                ([w - 0.05 * s for w, s in zip(ws, ss, strict=True)], b - 0.05 * sb)
                for (ws, b), (ss, sb) in zip(layer, step, strict=True)
            ]
            for layer, step in zip(weights, steps, strict=True)
        ]
    assert loss.data < 4.0


def test_parameters_and_outputs_have_a_textbooks_names() -> None:
    """W1[i, j] leads from input j to neuron i; h1[i] is neuron i's output."""
    random.seed(0)
    mlp = MLP(2, [3, 2])
    for number, layer in enumerate(mlp.layers, 1):
        for i, neuron in enumerate(layer.neurons):
            inputs = range(len(neuron.w))
            assert [w.name for w in neuron.w] == [f"W{number}[{i}, {j}]" for j in inputs]
            assert neuron.b.name == f"b{number}[{i}]"
    x = [Value(1.0, "x0"), Value(-2.0, "x1")]
    out = mlp(x)
    assert [y.name for y in out] == [None, None]
    hidden = {node.name for node in topological_order(*out) if node.name and node.name[0] == "h"}
    assert hidden == {"h1[0]", "h1[1]", "h1[2]"}
    first = [neuron(x).data for neuron in mlp.layers[0].neurons]
    by_name = {node.name: node.data for node in topological_order(*out)}
    assert [by_name[f"h1[{i}]"] for i in range(3)] == first


def test_a_hidden_layer_of_one_neuron_is_an_array_of_one() -> None:
    random.seed(0)
    out = MLP(1, [1, 1])([Value(1.0, "x")])
    names = [node.name for node in topological_order(out) if node.name]
    assert "h1[0]" in names
    assert {"W1[0, 0]", "b1[0]", "W2[0, 0]", "b2[0]"} < set(names)


def test_parameters_by_themselves() -> None:
    random.seed(0)
    assert [p.name for p in Neuron(2).parameters()] == ["w[0]", "w[1]", "b"]
    assert [p.name for p in Layer(1, 2).parameters()] == ["W[0, 0]", "b[0]", "W[1, 0]", "b[1]"]
    assert {p.name for p in Neuron(2, named=False).parameters()} == {None}
