"""Making parameters: arrays of named leaves from numbers, or drawn as PyTorch draws them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_core.functions import as_array
from autograd_core.naming import name_array
from autograd_core.value import Value

__all__ = ["parameter", "uniform_parameter"]


def parameter(numbers: Any, name: str | None = None) -> np.ndarray:
    """An object array of new leaves with these numbers, named by their index: W[0, 1].

    Errors: ValueError for rows of different lengths, TypeError for what is no number.

    >>> parameter([[1.0, 2.0]], "W")[0, 1].name
    'W[0, 1]'
    """
    numbers = as_array(numbers).astype(float)
    leaves = np.empty(numbers.shape, dtype=object)
    for index in np.ndindex(numbers.shape):
        leaves[index] = Value(float(numbers[index]))
    return leaves if name is None else name_array(leaves, name)


def uniform_parameter(shape: tuple[int, ...], bound: float, random: Any, name: str) -> np.ndarray:
    """Leaves drawn from [−bound, bound], the last index running fastest.

    random : has `uniform(low, high)`, as Python's `random` or what `generator(seed)` returns.

    >>> from nn.arguments import generator
    >>> uniform_parameter((3, 2), 0.5, generator(0), "W").shape
    (3, 2)
    """
    drawn = [random.uniform(-bound, bound) for _ in range(math.prod(shape))]
    return parameter(np.reshape(drawn, shape), name)
