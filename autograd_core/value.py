"""`Value`, the node of a computation graph, from the engine that runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .reference import Value

__all__ = ["Value", "zero_grad"]


def zero_grad(*values: Any) -> None:
    """Set the gradient of every given Value (or element of an array or list of them) to 0.

    >>> w = Value(2.0)
    >>> (w * w).backward()
    >>> zero_grad(w)
    >>> w.grad
    0.0
    """
    for value in values:
        if isinstance(value, Value):
            value.grad = 0.0
        elif isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
            zero_grad(*(value.flat if hasattr(value, "flat") else value))
        else:
            raise TypeError(f"zero_grad takes Values and arrays or lists of them, not {value!r}")
