"""What is read from a module: its kind, the modules inside it, its numbers, what it computes.

Networks are not imported here. A module is whatever has children, parameters, a description and a
call; of what kind it is, its class says or a class above it, by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from autograd_core.modes import no_grad

from ..inputs import Numbers, numbers

__all__ = ["AFTER", "NetworkModule", "Stage", "kind_of", "outputs", "require_module", "stages"]

AFTER = {"BitDetector": "step"}  # what a module does with the output of its last child
CHAINS = {"BitDetector", "MLP", "Sequential", "StepNet"}  # each child takes what the last one gives


@runtime_checkable
class NetworkModule(Protocol):
    """What a picture asks of a module."""

    def __call__(self, x: Any) -> Any: ...
    def named_children(self) -> Iterator[tuple[str, Any]]: ...
    def named_parameters(self) -> Iterator[tuple[str, Any]]: ...
    def describe(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """One module of a chain, under the name it has in the whole: layers.0."""

    name: str
    module: NetworkModule

    @property
    def kind(self) -> str:
        """The name of the module's class."""
        return type(self.module).__name__

    @property
    def title(self) -> str:
        """The module as people speak of it: 0: Linear, or the class alone of a single one."""
        return f"{self.name}: {self.kind}" if self.name else self.kind


def require_module(given: Any) -> NetworkModule:
    """What was given, if it is a module; else TypeError."""
    if isinstance(given, type) or not isinstance(given, NetworkModule):
        what = f"the class {given.__name__}" if isinstance(given, type) else type(given).__name__
        raise TypeError(f"a picture of a network shows a module, such as MLP(2, [1]); got {what}")
    return given


def kind_of(module: object, known: Collection[str]) -> str | None:
    """The first of some names that the module's class, or a class above it, has; else None.

    >>> kind_of(True, {"int", "object"})
    'int'
    """
    return next((c.__name__ for c in type(module).__mro__ if c.__name__ in known), None)


def stages(module: NetworkModule, name: str = "") -> list[Stage]:
    """The modules that an input passes one after the other, chains inside chains opened."""
    if kind_of(module, CHAINS) is None:
        return [Stage(name, module)]
    prefix = f"{name}." if name else ""
    return [
        stage for inner, child in module.named_children() for stage in stages(child, prefix + inner)
    ]


def outputs(chain: list[Stage], values: Any) -> list[Numbers]:
    """What enters the first stage and what leaves each of them, as arrays of floats.

    Of a recurrent layer that is its output, without the states. Raises what the stages raise.
    """
    x = values
    found = [numbers("values", values, "one example", 0, 1, 2, 3)]
    with no_grad():
        for stage in chain:
            x = stage.module(x)
            x = x[0] if isinstance(x, tuple) else x
            made = np.array(x, dtype=object)
            found.append(numbers(f"the output of {stage.title}", made, "numbers", 0, 1, 2, 3))
    return found
