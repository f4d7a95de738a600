"""Gate objects against the graph of Values: the same outputs and the same gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
import nn
from nn import AddGate, DotGate, Gate, MaxGate, MultiplyGate

GATES: dict[str, Callable[..., Any]] = {
    "AddGate": lambda *xs: ac.sum(*xs),
    "SubtractGate": lambda x, y: x - y,
    "MultiplyGate": lambda x, y: x * y,
    "MaxGate": lambda *xs: ac.max(*xs),
    "DotGate": lambda *xs: ac.dot(xs[: len(xs) // 2], xs[len(xs) // 2 : -1], xs[-1]),
    "NegateGate": lambda x: -x,
    "ReciprocalGate": lambda x: 1.0 / x,
    "SquareGate": ac.square,
    "ExpGate": ac.exp,
    "SigmoidGate": ac.sigmoid,
    "TanhGate": ac.tanh,
    "ReluGate": ac.relu,
}
numbers = st.one_of(st.floats(-5, 5), st.integers(-2, 2).map(float))


def on_values(operation: Callable[..., Any], inputs: list[float], upstream: float) -> Any:
    values = [ac.Value(x) for x in inputs]
    output = operation(*values)
    (output * upstream).backward()
    return output.data, [v.grad for v in values]


def agree(gate: Gate, inputs: list[float], upstream: float, by_graph: Any) -> bool:
    output, gradients = by_graph
    return gate.forward(*inputs) == pytest.approx(output, rel=1e-13, abs=1e-13) and list(
        gate.backward(upstream)
    ) == pytest.approx(gradients, rel=1e-12, abs=1e-12)


def arity(gate: Gate, draw: Callable[[Any], Any]) -> int:
    if gate.inputs is not None:
        return gate.inputs
    count: int = draw(st.integers(1, 4))
    return 2 * count + 1 if isinstance(gate, DotGate) else count


def test_every_gate_is_here() -> None:
    kinds = {name for name in nn.gates.__all__ if name != "Gate"}
    assert kinds == set(GATES)


@pytest.mark.system("S002-03")
@pytest.mark.parametrize("name", [*GATES])
@given(data=st.data())
def test_a_gate_is_its_node(name: str, data: st.DataObject) -> None:
    gate = getattr(nn, name)()
    count = arity(gate, data.draw)
    inputs = data.draw(st.lists(numbers, min_size=count, max_size=count))
    if name == "ReciprocalGate":
        inputs = [x if abs(x) > 0.1 else 0.5 for x in inputs]
    upstream = data.draw(numbers)
    assert agree(gate, inputs, upstream, on_values(GATES[name], inputs, upstream))


@pytest.mark.parametrize("name", [*GATES])
def test_the_comparison_sees_a_thousandth(name: str) -> None:
    gate: Gate = getattr(nn, name)()
    inputs = [0.5, 1.5, -0.7][: gate.inputs or 3]
    output, gradients = on_values(GATES[name], inputs, 2.0)
    assert agree(gate, inputs, 2.0, (output, gradients))
    assert not agree(gate, inputs, 2.0, (output * 1.001, gradients))
    for i in range(len(inputs)):
        mutated = [g * 1.001 if j == i else g for j, g in enumerate(gradients)]
        assert agree(gate, inputs, 2.0, (output, mutated)) == (gradients[i] == 0.0)


@pytest.mark.system("S002-07")
def test_multiply_by_hand() -> None:
    gate = MultiplyGate()
    assert gate.forward(3, -4) == -12
    assert gate.cache == (3.0, -4.0)
    assert gate.backward(2) == (-8, 6)


def test_equal_inputs_share() -> None:
    gate = MaxGate()
    gate.forward(1.0, 3.0, 3.0)
    assert gate.backward(2.0) == (0.0, 1.0, 1.0)


@pytest.mark.system("S002-03")
def test_the_cache_holds_the_last_pass_only() -> None:
    """Why a gate object has one place in a circuit."""
    gate = MultiplyGate()
    gate.forward(3.0, -4.0)
    gate.forward(5.0, 6.0)
    assert gate.backward(1.0) == (6.0, 5.0)


def test_no_gradient_stays_none_at_an_infinite_slope() -> None:
    gate = nn.ExpGate()
    assert gate.forward(1e4) == math.inf
    assert gate.backward(0.0) == (0.0,)
    assert gate.backward(1.0) == (math.inf,)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: MultiplyGate().forward(1.0), ValueError, "MultiplyGate takes 2 inputs; got 1"),
        (lambda: AddGate().forward(), ValueError, "AddGate takes at least one input"),
        (lambda: DotGate().forward(1.0, 2.0), ValueError, "an odd number; got 2"),
        (lambda: AddGate().forward(math.nan), ValueError, "AddGate takes numbers; got"),
        (lambda: nn.ReciprocalGate().forward(0.0), ValueError, "no value at 0"),
        (lambda: AddGate().backward(), RuntimeError, "AddGate .*: forward first"),
        (lambda: Gate(), TypeError, "abstract"),
    ],
)
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_a_gate_without_derivatives_says_so() -> None:
    class Double(Gate):
        def _compute(self, *inputs: float) -> float:
            self.cache = inputs
            return 2.0 * inputs[0]

    gate = Double()
    assert gate.forward(3.0) == 6.0
    with pytest.raises(TypeError, match="Double has no local derivatives: define _local"):
        gate.backward()
