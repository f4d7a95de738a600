"""Values as flat arrays of floats: numbers and gradients gathered from them, and put back.

What treats every parameter alike (an optimizer's step, a norm of all gradients) works on one float
array and leaves the nodes alone in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

import numpy as np

from autograd_core.value import Value

__all__ = ["Floats", "data_of", "grad_of", "set_data", "set_grad", "values_in"]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_data, _grad = attrgetter("data"), attrgetter("grad")


def values_in(items: Any) -> list[Value]:
    """The Values in an array or in nested lists of them, in order; or the one given.

    Raises TypeError for anything else among them.

    >>> [v.data for v in values_in([Value(1.0), [Value(2.0), Value(3.0)]])]
    [1.0, 2.0, 3.0]
    """
    if isinstance(items, Value):
        return [items]
    if isinstance(items, Iterable) and not isinstance(items, (str, Mapping)):
        inside = items.ravel().tolist() if isinstance(items, np.ndarray) else items
        return [value for item in inside for value in values_in(item)]
    raise TypeError(
        f"parameters are Values, or arrays and lists of them; got {type(items).__name__}: "
        "give module.parameters()"
    )


def data_of(values: list[Value]) -> Floats:
    """The numbers of the Values.

    >>> data_of([Value(1.0), Value(2.0)])
    array([1., 2.])
    """
    return np.fromiter(map(_data, values), float, len(values))


def grad_of(values: list[Value]) -> Floats:
    """The gradients of the Values.

    >>> grad_of([Value(1.0), Value(2.0)])
    array([0., 0.])
    """
    return np.fromiter(map(_grad, values), float, len(values))


def set_data(values: list[Value], numbers: Floats) -> None:
    """Give each Value its number; all must be leaves.

    >>> w = Value(1.0)
    >>> set_data([w], np.array([3.0]))
    >>> w.data
    3.0
    """
    for value, number in zip(values, numbers.tolist(), strict=True):
        value.data = number


def set_grad(values: list[Value], numbers: Floats) -> None:
    """Give each Value its gradient.

    >>> w = Value(1.0)
    >>> set_grad([w], np.array([3.0]))
    >>> w.grad
    3.0
    """
    for value, number in zip(values, numbers.tolist(), strict=True):
        value.grad = number
