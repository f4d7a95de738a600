"""`Circuit`: gates joined by named wires, run forward and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from .gates import Gate

__all__ = ["Circuit"]


class Circuit(Gate):
    """Gates in the order in which they compute; itself a gate, so that circuits nest.

    inputs : the names of the wires that come from outside. `add` puts in one gate after the other;
    the last gate's wire is the output. A wire may feed several gates: its gradients then add up.

    Attributes
    ----------
    values : what each wire carried in the last forward pass.
    gradients : d output / d wire, times the upstream gradient, of the last backward pass.
    flows : for each wire the gates it feeds (by their output wires) with what came back from each.

    Source: D. Rumelhart, G. Hinton, R. Williams, Nature 323 (1986), 533–536.

    >>> from nn.gates import AddGate, MultiplyGate
    >>> circuit = Circuit("x", "y", "z")
    >>> circuit = circuit.add("q", AddGate(), "x", "y").add("f", MultiplyGate(), "q", "z")
    >>> circuit.forward(-2.0, 5.0, -4.0), circuit.backward()
    (-12.0, (-4.0, -4.0, 3.0))
    """

    def __init__(self, *inputs: str) -> None:
        if not inputs or len(set(inputs)) < len(inputs):
            raise ValueError(f"a circuit has inputs of different names; got {inputs}")
        self.input_names = inputs
        self.inputs = len(inputs)
        self.steps: list[tuple[str, Gate, tuple[str, ...]]] = []
        self.values: dict[str, float] = {}
        self.gradients: dict[str, float] = {}
        self.flows: dict[str, list[tuple[str, float]]] = {}

    def add(self, wire: str, gate: Gate, *sources: str) -> Self:
        """Put in a gate that reads the wires `sources` and drives `wire`; returns the circuit.

        Raises ValueError for a wire that is driven already, for a source that is not, for the
        wrong number of sources, and for a gate object that is in the circuit already.
        """
        known = {*self.input_names, *(name for name, _, _ in self.steps)}
        if wire in known:
            raise ValueError(f"the wire {wire} is driven already: give this gate's wire a new name")
        for source in sources:
            if source not in known:
                raise ValueError(f"no gate before this one drives the wire {source}: add it first")
        if gate.inputs is not None and len(sources) != gate.inputs:
            raise ValueError(f"{type(gate).__name__} takes {gate.inputs} wires; got {len(sources)}")
        if not {id(part) for part in _parts(gate)}.isdisjoint(id(part) for part in _parts(self)):
            raise ValueError(
                f"this {type(gate).__name__} is in the circuit already and its cache holds one "
                "forward pass only: make another one"
            )
        self.steps.append((wire, gate, sources))
        self.cache = None  # the forward pass of the shorter circuit says nothing about this one
        return self

    def backward(self, upstream: float = 1.0) -> tuple[float, ...]:
        """The gradients of the inputs, in their order; `gradients` has those of all wires."""
        if self.cache is None:
            raise RuntimeError("the circuit has nothing to go back to: forward first")
        self.gradients = dict.fromkeys(self.values, 0.0)
        self.flows = {wire: [] for wire in self.values}
        self.gradients[self.steps[-1][0]] = float(upstream)
        for wire, gate, sources in reversed(self.steps):
            for source, gradient in zip(sources, gate.backward(self.gradients[wire]), strict=True):
                self.gradients[source] += gradient
                self.flows[source].append((wire, gradient))
        return tuple(self.gradients[name] for name in self.input_names)

    def _compute(self, *inputs: float) -> float:
        if not self.steps:
            raise RuntimeError("the circuit has no gates: put some in with add")
        self.values = dict(zip(self.input_names, inputs, strict=True))
        for wire, gate, sources in self.steps:
            self.values[wire] = gate.forward(*(self.values[source] for source in sources))
        self.cache = self.values
        return self.values[self.steps[-1][0]]


def _parts(gate: Gate) -> Iterator[Gate]:
    """A gate and all gates inside it."""
    waiting = [gate]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, Circuit):
            waiting += [inner for _, inner, _ in part.steps]
