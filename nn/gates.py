"""Gates as objects: a forward pass that keeps what the backward pass needs, one operation each.

    gate.forward(inputs…)    computes the output and keeps in `cache` what backward needs
    gate.backward(upstream)  gives d loss / d input = upstream · d output / d input, for each input

This is how a framework is built by hand, on plain numbers: every gate's derivative is written out
in its `backward`, and a `Circuit` passes the gradients along its wires. The graph of Values finds
the same numbers from the table of operations.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

from autograd_core.table import exp, sigmoid, tanh

__all__ = [
    "AddGate", "DotGate", "ExpGate", "Gate", "MaxGate", "MultiplyGate", "NegateGate",
    "ReciprocalGate", "ReluGate", "SigmoidGate", "SquareGate", "SubtractGate", "TanhGate",
]  # fmt: skip


class Gate(ABC):
    """The base of all gates; a subclass computes, keeps its `cache` and gives local derivatives.

    inputs : how many numbers `forward` takes, None for any number from one up. cache : what
    `backward` needs, of the last `forward` only; None before. A gate used twice before going back
    would forget its first inputs, so each place of a circuit has a gate of its own.

    Raises ValueError for another number of inputs and for NaN, RuntimeError for `backward` first.
    """

    inputs: int | None = 1
    cache: Any = None

    def forward(self, *inputs: float) -> float:
        """The output; keeps in `cache` what `backward` needs."""
        if self.inputs is None and not inputs:
            raise ValueError(f"{type(self).__name__} takes at least one input; got none")
        if self.inputs is not None and len(inputs) != self.inputs:
            raise ValueError(f"{type(self).__name__} takes {self.inputs} inputs; got {len(inputs)}")
        numbers = [float(x) for x in inputs]
        if any(map(math.isnan, numbers)):
            raise ValueError(f"{type(self).__name__} takes numbers; got {numbers}")
        return self._compute(*numbers)

    def backward(self, upstream: float = 1.0) -> tuple[float, ...]:
        """upstream · d output / d input for each input, in their order."""
        if self.cache is None:
            raise RuntimeError(f"{type(self).__name__} has nothing to go back to: forward first")
        # No gradient, no flow: 0 times an infinite slope is 0, as in the graph of Values.
        return tuple(upstream * local if upstream else 0.0 for local in self._local())

    @abstractmethod
    def _compute(self, *inputs: float) -> float:
        """The output; keeps what `_local` needs."""

    def _local(self) -> tuple[float, ...]:
        """d output / d input for each input, from the cache; a `Circuit` goes back gate by gate."""
        raise TypeError(f"{type(self).__name__} has no local derivatives: define _local(self)")


class AddGate(Gate):
    """z = x₁ + x₂ + …: hands the gradient to every input as it is.

    >>> gate = AddGate()
    >>> gate.forward(3.0, -4.0), gate.backward(2.0)
    (-1.0, (2.0, 2.0))
    """

    inputs = None

    def _compute(self, *inputs: float) -> float:
        self.cache = len(inputs)
        return sum(inputs)

    def _local(self) -> tuple[float, ...]:
        return tuple(1.0 for _ in range(self.cache))


class SubtractGate(Gate):
    """z = x − y: dx = dz, dy = −dz.

    >>> gate = SubtractGate()
    >>> gate.forward(3.0, -4.0), gate.backward(2.0)
    (7.0, (2.0, -2.0))
    """

    inputs = 2

    def _compute(self, *inputs: float) -> float:
        self.cache = ()  # the derivatives do not depend on the inputs
        x, y = inputs
        return x - y

    def _local(self) -> tuple[float, ...]:
        return 1.0, -1.0


class MultiplyGate(Gate):
    """z = x·y: dx = y·dz, dy = x·dz; each input's gradient is scaled by the other input.

    >>> gate = MultiplyGate()
    >>> gate.forward(3.0, -4.0), gate.backward(2.0)
    (-12.0, (-8.0, 6.0))
    """

    inputs = 2

    def _compute(self, *inputs: float) -> float:
        self.cache = x, y = inputs
        return x * y

    def _local(self) -> tuple[float, ...]:
        x, y = self.cache
        return y, x


class MaxGate(Gate):
    """z = max(x₁, x₂, …): the largest input gets the gradient; equal ones share it.

    >>> gate = MaxGate()
    >>> gate.forward(3.0, -4.0), gate.backward(2.0)
    (3.0, (2.0, 0.0))
    """

    inputs = None

    def _compute(self, *inputs: float) -> float:
        largest = max(inputs)
        self.cache = [x == largest for x in inputs]
        return largest

    def _local(self) -> tuple[float, ...]:
        share = 1.0 / sum(self.cache)
        return tuple(share if wins else 0.0 for wins in self.cache)


class DotGate(Gate):
    """z = w₁·x₁ + … + wₙ·xₙ + b, of the inputs w₁, …, wₙ, x₁, …, xₙ, b: a neuron's sum.

    >>> gate = DotGate()
    >>> gate.forward(2.0, -3.0, -1.0, -2.0, -3.0), gate.backward(1.0)
    (1.0, (-1.0, -2.0, 2.0, -3.0, 1.0))
    """

    inputs = None

    def _compute(self, *inputs: float) -> float:
        if len(inputs) % 2 == 0:
            raise ValueError(
                "DotGate takes n weights, n inputs and a bias, an odd number; "
                f"got {len(inputs)}: a neuron without a bias has the bias 0"
            )
        n = len(inputs) // 2
        self.cache = w, x = inputs[:n], inputs[n:-1]
        return sum((a * c for a, c in zip(w, x, strict=True)), 0.0) + inputs[-1]

    def _local(self) -> tuple[float, ...]:
        w, x = self.cache
        return *x, *w, 1.0


class NegateGate(Gate):
    """z = −x: dx = −dz.

    >>> gate = NegateGate()
    >>> gate.forward(3.0), gate.backward(2.0)
    (-3.0, (-2.0,))
    """

    def _compute(self, *inputs: float) -> float:
        self.cache = ()
        return -inputs[0]

    def _local(self) -> tuple[float, ...]:
        return (-1.0,)


class ReciprocalGate(Gate):
    """z = 1/x: dx = −z²·dz. Raises ValueError at x = 0.

    >>> gate = ReciprocalGate()
    >>> gate.forward(4.0), gate.backward(2.0)
    (0.25, (-0.125,))
    """

    def _compute(self, *inputs: float) -> float:
        if inputs[0] == 0.0:
            raise ValueError("ReciprocalGate has no value at 0: keep its input away from there")
        self.cache = 1.0 / inputs[0]
        return 1.0 / inputs[0]

    def _local(self) -> tuple[float, ...]:
        return (-self.cache * self.cache,)


class SquareGate(Gate):
    """z = x²: dx = 2·x·dz.

    >>> gate = SquareGate()
    >>> gate.forward(3.0), gate.backward(2.0)
    (9.0, (12.0,))
    """

    def _compute(self, *inputs: float) -> float:
        self.cache = inputs[0]
        return inputs[0] * inputs[0]

    def _local(self) -> tuple[float, ...]:
        return (2.0 * self.cache,)


class ExpGate(Gate):
    """z = eˣ: dx = z·dz, so the output is all it keeps; ∞ where eˣ is too large for a float.

    >>> gate = ExpGate()
    >>> gate.forward(0.0), gate.backward(2.0)
    (1.0, (2.0,))
    """

    def _compute(self, *inputs: float) -> float:
        self.cache = z = float(exp(inputs[0]))
        return z

    def _local(self) -> tuple[float, ...]:
        return (self.cache,)


class SigmoidGate(Gate):
    """z = σ(x) = 1/(1 + e⁻ˣ): dx = z·(1 − z)·dz, four simple gates in one.

    >>> gate = SigmoidGate()
    >>> gate.forward(0.0), gate.backward(2.0)
    (0.5, (0.5,))
    """

    def _compute(self, *inputs: float) -> float:
        self.cache = z = float(sigmoid(inputs[0]))
        return z

    def _local(self) -> tuple[float, ...]:
        return (self.cache * (1.0 - self.cache),)


class TanhGate(Gate):
    """z = tanh(x): dx = (1 − z²)·dz.

    >>> gate = TanhGate()
    >>> gate.forward(0.0), gate.backward(2.0)
    (0.0, (2.0,))
    """

    def _compute(self, *inputs: float) -> float:
        self.cache = z = float(tanh(inputs[0]))
        return z

    def _local(self) -> tuple[float, ...]:
        return (1.0 - self.cache * self.cache,)


class ReluGate(Gate):
    """z = max(0, x): the gradient passes where x > 0, and is stopped at 0 and below.

    >>> gate = ReluGate()
    >>> gate.forward(-3.0), gate.backward(2.0)
    (0.0, (0.0,))
    """

    def _compute(self, *inputs: float) -> float:
        self.cache = inputs[0] > 0.0
        return inputs[0] if self.cache else 0.0

    def _local(self) -> tuple[float, ...]:
        return (1.0 if self.cache else 0.0,)
