"""A batch through `nn.Linear`, with a loss and its gradient, over the same batch on plain floats.

The float side is forward only and has no loss; it is written as one writes it on floats.
"""

from __future__ import annotations

import random
from itertools import chain
from operator import mul
from typing import Any

import numpy as np

from autograd_core import mse_loss
from nn import Linear

__all__ = ["FloatBatch", "LinearBatch"]


class FloatBatch:
    """batch rows through a weight matrix and its biases, on plain floats."""

    def __init__(self, batch: int = 64, features: int = 32, units: int = 32) -> None:
        draw = random.Random(1)
        layer = Linear(features, units, seed=1)
        self.rows = [[draw.uniform(-1.0, 1.0) for _ in range(features)] for _ in range(batch)]
        self.targets = [[draw.uniform(-1.0, 1.0) for _ in range(units)] for _ in range(batch)]
        self.numbers = [p.data for p in layer.parameters()]  # the weights, row by row; the biases
        self.features, self.units = features, units
        self.weights, self.biases = self._arranged(self.numbers)
        self.output: list[list[float]] = []

    def _arranged(self, numbers: list[float]) -> tuple[list[list[float]], list[float]]:
        n = self.features
        return [numbers[n * i : n * (i + 1)] for i in range(self.units)], numbers[n * self.units :]

    def __call__(self) -> None:
        self.output = affine(self.weights, self.rows, self.biases)

    @property
    def value(self) -> float:
        """The loss of what the last call found."""
        return mean_square(self.output, self.targets)

    def loss(self, numbers: list[float]) -> float:
        """The loss at other parameters."""
        weights, biases = self._arranged(numbers)
        return mean_square(affine(weights, self.rows, biases), self.targets)


def affine(
    weights: list[list[float]], rows: list[list[float]], biases: list[float]
) -> list[list[float]]:
    """W·x + b for each row x."""
    units = list(zip(weights, biases, strict=True))
    return [[sum(map(mul, weight, row), bias) for weight, bias in units] for row in rows]


def mean_square(output: list[list[float]], targets: list[list[float]]) -> float:
    """The mean squared error."""
    ys, ts = chain.from_iterable(output), chain.from_iterable(targets)
    squares = [(y - t) ** 2 for y, t in zip(ys, ts, strict=True)]
    return sum(squares) / len(squares)


class LinearBatch:
    """The same rows through `nn.Linear`: forward, loss, gradient, and all freed."""

    def __init__(self, floats: FloatBatch) -> None:
        self.rows, self.targets = np.array(floats.rows), np.array(floats.targets)
        self.layer = Linear(floats.features, floats.units, seed=1)
        self.evaluations = 0
        self.value = 0.0

    def __call__(self) -> None:
        loss: Any = mse_loss(self.layer(self.rows), self.targets)
        loss.backward()
        self.evaluations += 1
        self.value = loss.data

    @property
    def gradient(self) -> list[float]:
        """The derivative by each parameter, which adds up what the calls find."""
        return [p.grad / self.evaluations for p in self.layer.parameters()]
