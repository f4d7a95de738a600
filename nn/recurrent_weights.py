"""What recurrent layers are made with: checked sizes, and weights drawn as PyTorch draws them."""

from __future__ import annotations

import operator
import random
from typing import Any

import numpy as np

from autograd_core.naming import name_array
from autograd_core.value import Value

__all__ = ["drawn_weights", "positive_size"]


def positive_size(name: str, size: int) -> int:
    """A size as it was given; ValueError where it is no whole number from 1 on.

    >>> positive_size("hidden_size", 3)
    3
    """
    if operator.index(size) < 1:
        raise ValueError(f"{name} is a whole number from 1 on; got {size}")
    return size


def drawn_weights(
    gates: str,
    input_size: int,
    hidden_size: int,
    bias: bool,
    generator: random.Random | None,
    layer: str = "",
    ending: str = "",
) -> list[Any]:
    """weight_ih, weight_hh and, with `bias`, bias_ih and bias_hh, uniform in ±1/√hidden_size.

    generator : None draws with Python's `random`. Each gate's block of rows has names of its own,
    W_ii, W_if … for an LSTM's input weights; `layer` and `ending` go into them, W2_ii_reverse.

    >>> [w.shape for w in drawn_weights("rzn", 5, 2, True, None)]
    [(6, 5), (6, 2), (6,), (6,)]
    """
    uniform = random.uniform if generator is None else generator.uniform
    bound = hidden_size**-0.5
    rows = len(gates) * hidden_size
    shapes: list[tuple[str, str, tuple[int, ...]]]
    shapes = [("W", "i", (rows, input_size)), ("W", "h", (rows, hidden_size))]
    if bias:
        shapes += [("b", "i", (rows,)), ("b", "h", (rows,))]
    arrays = []
    for letter, source, shape in shapes:
        values = [Value(uniform(-bound, bound)) for _ in range(int(np.prod(shape)))]
        array = np.array(values, dtype=object).reshape(shape)
        for gate, block in zip(gates, np.split(array, len(gates)), strict=True):
            name_array(block, f"{letter}{layer}_{source}{gate}{ending}")
        arrays.append(array)
    return arrays
