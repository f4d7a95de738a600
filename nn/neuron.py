"""Neurons, layers and multilayer perceptrons, with micrograd's signatures."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd_core.modes import scope
from autograd_core.table import relu
from autograd_core.value import Value

from .module import Module

__all__ = ["MLP", "Layer", "Neuron"]


class Neuron(Module):
    """y = relu(w·x + b), or w·x + b with `nonlin=False`.

    nin : the number of inputs. Weights are drawn from [−1, 1] with Python's `random`, b is 0.

    Source: A. Karpathy, micrograd (2020).

    >>> neuron = Neuron(2)
    >>> len(neuron.parameters())
    3
    """

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        self.w = [Value(random.uniform(-1.0, 1.0), f"w{i}") for i in range(nin)]
        self.b = Value(0.0, "b")
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Any]) -> Value:
        if len(x) != len(self.w):
            raise ValueError(f"{self!r} takes {len(self.w)} inputs; got {len(x)}")
        total: Value = sum((w * xi for w, xi in zip(self.w, x, strict=True)), self.b)
        return relu(total) if self.nonlin else total

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons that share their `nin` inputs."""

    def __init__(self, nin: int, nout: int, **kwargs: Any) -> None:
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs as a list; of a layer with one neuron its single output."""
        out = []
        for i, neuron in enumerate(self.neurons):
            with scope(f"neuron {i}"):
                out.append(neuron(x))
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: relu in the hidden layers, a linear last layer.

    nin : the number of inputs. nouts : the width of each layer.

    >>> MLP(3, [4, 4, 1]).parameters().__len__()
    41
    """

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = [nin, *nouts]
        self.layers = [
            Layer(sizes[i], sizes[i + 1], nonlin=i != len(nouts) - 1) for i in range(len(nouts))
        ]

    def __call__(self, x: Sequence[Any]) -> Any:
        """A list of outputs, or the single output of a last layer with one neuron."""
        for i, layer in enumerate(self.layers):
            with scope(f"layer {i}"):
                x = layer(x)
        return x

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"
