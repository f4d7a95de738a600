"""Circuits of gates against figures by hand and against the graph of Values."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from nn import (
    AddGate,
    Circuit,
    DotGate,
    ExpGate,
    MaxGate,
    MultiplyGate,
    NegateGate,
    ReciprocalGate,
    ReluGate,
    SigmoidGate,
    SquareGate,
    SubtractGate,
    TanhGate,
)

NEURON = {"w0": 2.0, "w1": -3.0, "x0": -1.0, "x1": -2.0, "b": -3.0}


@pytest.mark.system("S002-01", "S002-08")
def test_a_sum_times_z() -> None:
    circuit = Circuit("x", "y", "z")
    circuit.add("q", AddGate(), "x", "y").add("f", MultiplyGate(), "q", "z")
    assert circuit.forward(-2, 5, -4) == -12
    assert circuit.backward() == (-4, -4, 3)
    assert circuit.values == {"x": -2, "y": 5, "z": -4, "q": 3, "f": -12}
    assert circuit.gradients == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}


@pytest.mark.system("S002-05")
def test_gradients_add_where_a_wire_branches() -> None:
    """f = (x + y)·(x·y) + x²: three ways from x, two from y."""
    circuit = Circuit("x", "y")
    circuit.add("q", AddGate(), "x", "y").add("r", MultiplyGate(), "x", "y")
    circuit.add("p", MultiplyGate(), "q", "r").add("s", SquareGate(), "x")
    circuit.add("f", AddGate(), "p", "s")
    assert circuit.forward(3, -4) == 21
    assert circuit.backward() == (-2, -15)
    assert sorted(circuit.flows["x"]) == [("q", -12.0), ("r", 4.0), ("s", 6.0)]
    assert circuit.flows["f"] == []


def test_one_wire_into_both_inputs() -> None:
    circuit = Circuit("x").add("f", MultiplyGate(), "x", "x")
    assert circuit.forward(3.0) == 9.0
    assert circuit.backward(2.0) == (12.0,)


def neuron_in_parts() -> Circuit:
    circuit = Circuit(*NEURON, "one")
    circuit.add("dot", DotGate(), *NEURON).add("negated", NegateGate(), "dot")
    circuit.add("exponential", ExpGate(), "negated")
    circuit.add("plus_one", AddGate(), "exponential", "one")
    return circuit.add("f", ReciprocalGate(), "plus_one")


@pytest.mark.system("S002-04")
def test_a_neuron_of_simple_gates_and_of_one() -> None:
    """σ(w·x + b) in four steps after the sum, or in one gate: the same gradients."""
    parts = neuron_in_parts()
    assert parts.forward(*NEURON.values(), 1.0) == pytest.approx(0.7310585786, rel=1e-9)
    gradients = parts.backward()
    for wire, value in {
        "dot": 1.0, "negated": -1.0, "exponential": 0.3678794412, "plus_one": 1.367879441,
    }.items():  # fmt: skip
        assert parts.values[wire] == pytest.approx(value, rel=1e-9)
    for wire, gradient in {
        "plus_one": -0.5344466454, "exponential": -0.5344466454, "negated": -0.1966119332,
        "dot": 0.1966119332,
    }.items():  # fmt: skip
        assert parts.gradients[wire] == pytest.approx(gradient, rel=1e-9)
    by_hand = (-0.1966119332, -0.3932238665, 0.3932238665, -0.5898357997, 0.1966119332)
    assert gradients[:-1] == pytest.approx(by_hand, rel=1e-9)

    whole = Circuit(*NEURON).add("dot", DotGate(), *NEURON).add("f", SigmoidGate(), "dot")
    assert whole.forward(*NEURON.values()) == pytest.approx(0.7310585786, rel=1e-9)
    assert whole.backward() == pytest.approx(by_hand, rel=1e-9)
    assert whole.gradients["dot"] == pytest.approx(0.1966119332, rel=1e-9)


@pytest.mark.system("S002-08")
def test_a_circuit_is_a_gate() -> None:
    inner = neuron_in_parts()
    outer = Circuit(*NEURON, "one", "t")
    outer.add("y", inner, *NEURON, "one").add("e", SubtractGate(), "y", "t")
    outer.add("L", SquareGate(), "e")
    loss = outer.forward(*NEURON.values(), 1.0, 0.25)
    assert loss == pytest.approx((0.7310585786 - 0.25) ** 2, rel=1e-9)
    gradients = outer.backward()
    assert gradients[4] == pytest.approx(2 * (0.7310585786 - 0.25) * 0.1966119332, rel=1e-8)


@given(st.integers(0, 10**6))
def test_random_circuits_are_graphs(seed: int) -> None:
    draw = random.Random(seed)
    names = ["x", "y", "z"]
    inputs = [draw.choice([draw.uniform(-2, 2), draw.randint(-1, 1)]) for _ in names]
    circuit, nodes = Circuit(*names), dict(zip(names, map(ac.Value, inputs), strict=True))
    kinds: list[tuple[type[Any], Any, int]] = [
        (AddGate, lambda a, b, c: a + b + c, 3), (MultiplyGate, lambda a, b: a * b, 2),
        (SubtractGate, lambda a, b: a - b, 2), (MaxGate, lambda a, b: ac.max(a, b), 2),
        (SigmoidGate, ac.sigmoid, 1), (TanhGate, ac.tanh, 1), (ReluGate, ac.relu, 1),
        (NegateGate, lambda a: -a, 1),
    ]  # fmt: skip
    for i in range(draw.randint(1, 12)):
        kind, operation, count = draw.choice(kinds)
        sources = [draw.choice([*nodes]) for _ in range(count)]
        circuit.add(f"n{i}", kind(), *sources)
        nodes[f"n{i}"] = operation(*(nodes[source] for source in sources))
    output = nodes[f"n{i}"]
    output.backward()
    assert circuit.forward(*inputs) == pytest.approx(output.data, rel=1e-12, abs=1e-13)
    by_graph = tuple(nodes[name].grad for name in names)
    assert circuit.backward() == pytest.approx(by_graph, rel=1e-10, abs=1e-11)


def test_a_pass_starts_afresh() -> None:
    circuit = Circuit("x").add("f", SquareGate(), "x")
    circuit.forward(3.0)
    assert circuit.backward() == circuit.backward() == (6.0,)
    circuit.forward(5.0)
    assert circuit.backward() == (10.0,)


def shared_gate() -> Circuit:
    gate = MultiplyGate()
    return Circuit("x", "y").add("p", gate, "x", "y").add("q", gate, "p", "y")


def shared_inside() -> Circuit:
    gate = SquareGate()
    inner = Circuit("u").add("v", gate, "u")
    return Circuit("x").add("p", inner, "x").add("q", gate, "p")


def longer_after_forward() -> None:
    circuit = Circuit("x").add("f", SquareGate(), "x")
    circuit.forward(1.0)
    used = SquareGate()
    used.forward(7.0)
    circuit.add("g", used, "f").backward()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Circuit(), ValueError, "inputs of different names"),
        (lambda: Circuit("x", "x"), ValueError, "inputs of different names"),
        (shared_gate, ValueError, "this MultiplyGate is in the circuit already"),
        (shared_inside, ValueError, "this SquareGate is in the circuit already"),
        (lambda: Circuit("x").add("x", SquareGate(), "x"), ValueError, "x is driven already"),
        (lambda: Circuit("x").add("f", SquareGate(), "y"), ValueError, "drives the wire y"),
        (lambda: Circuit("x").add("f", AddGate(), "f"), ValueError, "drives the wire f"),
        (lambda: Circuit("x").add("f", MultiplyGate(), "x"), ValueError, "takes 2 wires; got 1"),
        (lambda: Circuit("x").forward(1.0), RuntimeError, "no gates"),
        (lambda: Circuit("x").add("f", SquareGate(), "x").backward(), RuntimeError, "forward fi"),
        (longer_after_forward, RuntimeError, "forward first"),
        (
            lambda: Circuit("x").add("f", SquareGate(), "x").forward(1.0, 2.0),
            ValueError,
            "Circuit takes 1 inputs; got 2",
        ),
    ],
)
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.system("S002-06")
@pytest.mark.conflict("X-11")
def test_a_circuit_cannot_hold_itself() -> None:
    circuit = Circuit("x").add("f", SquareGate(), "x")
    with pytest.raises(ValueError, match="in the circuit already"):
        circuit.add("g", circuit, "f")
