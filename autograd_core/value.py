"""`Value`, the node of a computation graph, from the engine that runs: see `reference.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

from . import modes
from .base import METHODS, BaseValue, real, require_finite_result, row_method
from .engines import native
from .label import Label
from .op import register_carrier

if native is None or TYPE_CHECKING:
    from .reference import Value
else:
    Value = native.make_value_type(BaseValue, Label, real, require_finite_result, Real)
    Value.__name__ = "Value"  # of a type of C, Python's own messages name the module too
    Value.__doc__ = BaseValue.__doc__
    for _row in METHODS:
        if not hasattr(Value, _row.name):  # no rule in C, or two operands
            setattr(Value, _row.name, row_method(_row))
    register_carrier(Value, 1, native.on_values)
    modes.listen(native.set_mode)

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
