"""Naming many nodes at once: the elements of an array, the variables of a function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .value import Value

__all__ = ["name_array", "name_values"]


def name_array(array: Any, name: str, base: int = 0) -> Any:
    """Name each element of an array (or nested list) of Values by its index, and return it.

    Indices count from `base`. A first name stays, as with `Value.named`.

    >>> [z.name for z in name_array([Value(1.0), Value(2.0)], "z1")]
    ['z1[0]', 'z1[1]']
    """
    _name_elements(array, name, (), base)
    return array


def _name_elements(item: Any, name: str, index: tuple[int, ...], base: int) -> None:
    if isinstance(item, Value):
        if item.name is None:
            item.named(f"{name}[{', '.join(map(str, index))}]" if index else name)
            assert item.label is not None
            item.label.place = (name, index)
    elif getattr(item, "ndim", 1) == 0:  # an array without axes
        _name_elements(item.item(), name, index, base)
    elif isinstance(item, Iterable):  # a plain number has no name
        for i, inner in enumerate(item):
            _name_elements(inner, name, (*index, i + base), base)


def name_values(variables: Mapping[str, Any]) -> None:
    """Give every Value in a mapping its key as name; `name_values(locals())` names them all.

    >>> w, x = Value(2.0), Value(3.0)
    >>> y = w * x
    >>> name_values({"w": w, "x": x, "y": y})
    >>> y.name
    'y'
    """
    for key, item in variables.items():
        if isinstance(item, Value):
            item.named(key)
