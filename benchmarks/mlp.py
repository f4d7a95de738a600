"""A multilayer perceptron from scalar operations, written once and run on any number-like class.

One full batch through MLP(2, [16, 16, 1]) with a max-margin loss: about 65,000 operations.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

__all__ = ["OPERATIONS", "SAMPLES", "build"]

SIZES = (2, 16, 16, 1)
SAMPLES = 98
# for each sample: a product and a sum per weight, a relu per hidden neuron, and the loss
OPERATIONS = SAMPLES * (2 * (2 * 16 + 16 * 16 + 16) + 32 + 4)


def build(number: Callable[[float], Any], relu: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
    """The loss and the parameters; the same numbers for every class."""
    draw = random.Random(1)
    layers = [
        [
            ([number(draw.uniform(-1, 1)) for _ in range(wide)], number(draw.uniform(-1, 1)))
            for _ in range(high)
        ]
        for wide, high in pairwise(SIZES)
    ]
    total = 0.0
    for _ in range(SAMPLES):
        signal: list[Any] = [draw.uniform(-1, 1), draw.uniform(-1, 1)]
        label = draw.choice([-1.0, 1.0])
        for depth, layer in enumerate(layers):
            signal = [
                sum((w * x for w, x in zip(weights, signal, strict=True)), bias)
                for weights, bias in layer
            ]
            if depth < len(layers) - 1:
                signal = [relu(z) for z in signal]
        total = total + relu(1.0 - label * signal[0])
    parameters = [p for layer in layers for weights, bias in layer for p in (*weights, bias)]
    return total, parameters
