"""`Module`: what has parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd_core.value import Value, zero_grad

__all__ = ["Module"]


class Module:
    """The base of everything with parameters: the Values in its attributes, found recursively.

    A subclass keeps its weights as attributes: Values, Modules, or lists of either.
    """

    def parameters(self) -> list[Value]:
        """Every Value in the attributes and in the modules among them, in order, each once."""
        return list(dict.fromkeys(_values(vars(self))))

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        zero_grad(*self.parameters())


def _values(item: Any) -> Iterator[Value]:
    if isinstance(item, Value):
        yield item
    elif isinstance(item, Module):
        yield from _values(vars(item))
    elif isinstance(item, dict):
        for inner in item.values():
            yield from _values(inner)
    elif isinstance(item, (list, tuple)):
        for inner in item:
            yield from _values(inner)
