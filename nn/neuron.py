"""Neurons, layers and multilayer perceptrons, with micrograd's signatures."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.naming import name_array
from autograd_core.table import dot, relu
from autograd_core.value import Value

from .arguments import check_size
from .errors import wrong_shape
from .module import Module

__all__ = ["MLP", "Layer", "Neuron"]


class Neuron(Module):
    """y = relu(w·x + b), or w·x + b with `nonlin=False`.

    nin : the number of inputs. Weights are drawn from [−1, 1] with Python's `random`, b is 0. They
    are named w[0], w[1], … and b, unless the layer that the neuron belongs to names them.

    Source: A. Karpathy, micrograd (2020).

    >>> neuron = Neuron(2)
    >>> len(neuron.parameters())
    3
    """

    def __init__(self, nin: int, nonlin: bool = True, named: bool = True) -> None:
        nin = check_size("Neuron", "nin", nin)
        self.w = [Value(random.uniform(-1.0, 1.0)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin
        if named:
            name_array(self.w, "w")
            self.b.named("b")

    def forward(self, x: Sequence[Any]) -> Value:
        """relu(w·x + b) of a list of inputs; ValueError for a wrong number of them."""
        try:
            total: Value = dot(self.w, x, self.b)
        except (TypeError, ValueError):
            if np.shape(x) == (len(self.w),):
                raise
            one = "; a neuron takes one example at a time" if np.ndim(x) == 2 else ""
            raise wrong_shape(f"({len(self.w)},)", x, one) from None
        return relu(total) if self.nonlin else total

    def describe(self) -> str:
        """The arguments."""
        return f"{len(self.w)}, nonlin={self.nonlin}"

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons that share their `nin` inputs: y = relu(W·x + b).

    The parameters are named W[i, j] and b[i], neuron i's row by row; `number` tells layers apart:
    W1, b1.

    >>> [p.name for p in Layer(2, 1, number=1).parameters()]
    ['W1[0, 0]', 'W1[0, 1]', 'b1[0]']
    """

    def __init__(self, nin: int, nout: int, *, number: int | None = None, **kwargs: Any) -> None:
        nout = check_size("Layer", "nout", nout)
        self.neurons = [Neuron(nin, named=False, **kwargs) for _ in range(nout)]
        ending = "" if number is None else number
        name_array([neuron.w for neuron in self.neurons], f"W{ending}")
        name_array([neuron.b for neuron in self.neurons], f"b{ending}")

    def forward(self, x: Sequence[Any]) -> Any:
        """The outputs as a list; of a layer with one neuron its single output."""
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: relu in the hidden layers, a linear last layer.

    nin : the number of inputs. nouts : the width of each layer. Layer k has the parameters Wk and
    bk; its outputs are named hk, those of the last layer are left to the caller to name.

    >>> MLP(3, [4, 4, 1]).parameters().__len__()
    41
    """

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = [nin, *nouts]
        self.layers = [
            Layer(sizes[i], sizes[i + 1], number=i + 1, nonlin=i != len(nouts) - 1)
            for i in range(len(nouts))
        ]

    def forward(self, x: Sequence[Any]) -> Any:
        """A list of outputs, or the single output of a last layer with one neuron."""
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = x if isinstance(x, list) else [x]
                name_array(x, f"h{i + 1}")
        return x

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"
