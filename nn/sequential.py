"""`Sequential`: modules one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, overload

import numpy as np

from autograd_core.naming import name_array
from autograd_core.value import Value

from .module import Module

__all__ = ["Sequential"]


class Sequential(Module):
    """y = f_n(… f₂(f₁(x))): each module takes what the one before it gives.

    modules : named "0", "1", … in order; or one dict (an OrderedDict too) of names and modules.

    Parameters of the same letter are numbered by layer (W1, b1, W2, b2, …), also where they had
    names already; what enters layer k + 1 is named hk. Indexing with a number gives a module, a
    slice another Sequential of the same modules under the same names.

    Errors: TypeError for what is no Module; ValueError for a name that is empty, taken or has a
    dot in it.

    Source: PyTorch, `torch.nn.Sequential`.

    >>> from nn import Linear, ReLU
    >>> net = Sequential(Linear(2, 3), ReLU(), Linear(3, 1))
    >>> net([1.0, 2.0]).shape
    (1,)
    >>> net
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)  # weight 3×2, bias 3: 9 parameters
      (1): ReLU()
      (2): Linear(in_features=3, out_features=1, bias=True)  # weight 1×3, bias 1: 4 parameters
    )  # 13 parameters
    """

    def __init__(self, *modules: Any) -> None:
        self._names: list[str] = []
        self._learns: list[bool] = []  # which module has parameters, found out once
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                self._add(name, module)
        else:
            for i, module in enumerate(modules):
                self._add(str(i), module)
        _number(self)

    def _add(self, name: str, module: Any) -> None:
        if not isinstance(module, Module):
            raise TypeError(f"Sequential takes modules; {name!r} is {module!r}")
        if not isinstance(name, str) or not name or "." in name or hasattr(self, name):
            raise ValueError(
                f"Sequential: {name!r} cannot name a module; take a word without a dot that is "
                f"no attribute yet"
            )
        setattr(self, name, module)
        self._names.append(name)
        self._learns.append(next(module.named_parameters(), None) is not None)

    def append(self, module: Module) -> Self:
        """Add a module at the end, named by its index; returns the Sequential."""
        return self.extend([module])

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add modules at the end; returns the Sequential."""
        for module in modules:
            self._add(str(len(self)), module)
        _number(self)
        return self

    def forward(self, input: Any) -> Any:
        """The output of the last module; the input itself where there is none."""
        x, layers = input, 0
        for module, learns in zip(self, self._learns, strict=True):
            if learns:
                if layers:
                    name_array(x, f"h{layers}")
                layers += 1
            x = module(x)
        return x

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[Module]:
        return (getattr(self, name) for name in self._names)

    @overload
    def __getitem__(self, index: int) -> Module: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | slice) -> Module:
        if not isinstance(index, slice):
            module: Module = getattr(self, self._names[index])
            return module
        part = Sequential()  # filled here: the parameters keep their numbers
        for name in self._names[index]:
            part._add(name, getattr(self, name))
        return part


# --- names --------------------------------------------------------------------------------------


def _number(container: Module) -> None:
    """Number the parameters by layer where two layers use one letter: W1, b1, W2, b2."""
    layers = [letters for module in container.modules() if (letters := _letters(module))]
    used = [letter for letters in layers for letter in letters]
    if len(set(used)) == len(used):
        return
    for k, letters in enumerate(layers, 1):
        for letter, array in letters.items():
            for value in array.flat:
                value.label.name = None
            name_array(array, f"{letter}{k}")


def _letters(module: Module) -> dict[str, np.ndarray]:
    """A module's own parameters by the letter they are named with, if each is named as a whole."""
    found = {}
    for item in vars(module).values():
        array = np.asarray(item, dtype=object) if isinstance(item, (Value, np.ndarray)) else None
        if array is not None and array.size and (letter := _letter(array)):
            found[letter] = array
    return found


def _letter(array: np.ndarray) -> str | None:
    """W for an array whose elements are named W3[i, j] at their own index; else None."""
    names: set[str] = set()
    for index in np.ndindex(array.shape):
        entry: Any = array[index]
        if not isinstance(entry, Value) or entry.label is None or entry.label.place is None:
            return None
        name, place = entry.label.place
        if place != index:
            return None
        names.add(name)
    return names.pop().rstrip("0123456789") if len(names) == 1 else None
