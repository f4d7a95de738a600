"""`Module`: what has parameters, children and a forward pass.

The attributes of a module are searched, through lists, tuples and dicts: a leaf Value, an object
array of them or a list of them is a parameter, a Module is a child. Names are PyTorch's: the
attributes on the way, with dots between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from reprlib import recursive_repr
from typing import Any, Self

import numpy as np

from autograd_core.modes import scope
from autograd_core.value import Value, zero_grad

from .arguments import shape_text
from .errors import name_error
from .flat import values_in
from .state import IncompatibleKeys, load_state, numbers

__all__ = ["Module"]

_calling: list[Module] = []  # the modules whose forward runs now, outermost first


class Module:
    """The base of everything with parameters; a subclass sets attributes and defines `forward`.

    `module(x)` runs `forward(x)` in the scope of the module's name in the module that calls it:
    "encoder" for an attribute, "layer 0" in a list `layers`. The name that its first caller has for
    it stays; a module that no other has called runs in none.

    Attributes
    ----------
    training : True until `eval()`; layers like dropout ask it.

    Errors: TypeError when called without a `forward`, and where an array mixes Values and
    numbers. A TypeError, ValueError or IndexError from a `forward` gets the module's `title()` in
    front.

    Source: A. Paszke et al., NeurIPS 32 (2019), 8024–8035 (PyTorch's `nn.Module`).

    >>> class Affine(Module):
    ...     def __init__(self) -> None:
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def forward(self, x: float) -> Value:
    ...         return self.slope * x + self.offset
    >>> affine = Affine()
    >>> affine(3.0).data
    7.0
    >>> [name for name, _ in affine.named_parameters()]
    ['slope', 'offset']
    """

    training: bool = True
    _scope: str | None = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The output for an input; every subclass defines its own."""
        raise TypeError(f"{type(self).__name__} has no forward: define forward(self, x)")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._scope is None and _calling:
            self._scope = _name_in(_calling[-1], self)
        _calling.append(self)
        try:
            with nullcontext() if self._scope is None else scope(self._scope):
                return self.forward(*args, **kwargs)
        except Exception as error:
            name_error(error, self.title())
            raise
        finally:
            _calling.pop()

    # --- what is inside -----------------------------------------------------------------------

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """This module (its name is empty), then all below it, each once under its first name."""
        seen = {id(self)}
        yield "", self
        for name, member in _walk(self):
            if isinstance(member, Module) and id(member) not in seen:
                seen.add(id(member))
                yield name, member

    def modules(self) -> Iterator[Module]:
        """This module, then all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in the attributes, each once under its first name."""
        seen = {id(self)}
        for name, member in _members(self):
            if isinstance(member, Module) and id(member) not in seen:
                seen.add(id(member))
                yield name, member

    def children(self) -> Iterator[Module]:
        """The modules directly in the attributes, each once."""
        return (child for _, child in self.named_children())

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """Each parameter, a Value or an object array, once under its first name.

        An array all of whose Values have come before (tied weights, also transposed) is left out.
        """
        seen: set[Value] = set()
        for name, member in _parameters(self):
            values = set(values_in(member))
            if not values <= seen:
                seen |= values
                yield name, member

    def parameters(self) -> list[Value]:
        """Every Value of the parameters, in the order of the attributes, each once."""
        return list(dict.fromkeys(v for _, member in _parameters(self) for v in values_in(member)))

    # --- state --------------------------------------------------------------------------------

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        zero_grad(*self.parameters())

    def train(self, mode: bool = True) -> Self:
        """Set `training` here and in every module below; returns the module."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set `training` to False here and in every module below; returns the module."""
        return self.train(False)

    def state_dict(self) -> dict[str, np.ndarray]:
        """The numbers of the parameters, float64 arrays of their shapes, by PyTorch's names.

        A shared parameter stands under each of its names, as in PyTorch.
        """
        return {name: numbers(member) for name, member in _parameters(self)}

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True
    ) -> IncompatibleKeys:
        """Set the parameters to the numbers of a mapping of names to arrays or PyTorch tensors.

        Returns the pair `missing_keys`, `unexpected_keys`. Errors: one ValueError for all names
        and shapes that do not fit, with nothing changed; `strict=False` forgives names that are
        missing or unknown, never shapes. TypeError for what is no mapping.

        >>> from nn import Neuron
        >>> neuron = Neuron(2)
        >>> neuron.load_state_dict({"w": [3.0, 4.0], "b": 0.5})
        IncompatibleKeys(missing_keys=[], unexpected_keys=[])
        >>> neuron([1.0, 1.0]).data
        7.5
        """
        return load_state(dict(_parameters(self)), state_dict, type(self).__name__, strict)

    # --- what is shown ------------------------------------------------------------------------

    def describe(self) -> str:
        """The arguments, as they stand between the brackets of `repr`; a subclass says which."""
        return ""

    def title(self) -> str:
        """The module in one line, as errors call it: its class, arguments and scope."""
        line = f"{type(self).__name__}({self.describe()})"
        return line if self._scope is None else f"{self._scope}: {line}"

    @recursive_repr("…")  # a child may hold the module that holds it
    def __repr__(self) -> str:
        """PyTorch's tree, with the shapes of the parameters and how many numbers they hold."""
        lines = [f"({name}): {child!r}" for name, child in self.named_children()]
        inside = self.describe()
        if lines:
            rows = "\n".join([*([inside] if inside else []), *lines])
            inside = "\n  " + rows.replace("\n", "\n  ") + "\n"
        return f"{type(self).__name__}({inside}){_size(self)}"


# --- the search ---------------------------------------------------------------------------------


def _members(module: Module) -> Iterator[tuple[str, Any]]:
    """The parameters and the child modules in a module's own attributes, with their names."""
    for name, item in vars(module).items():
        yield from _found(name, item)


def _found(name: str, item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, Module):
        yield name, item
    elif isinstance(item, Value):
        if item.is_leaf:  # what an operation made follows from other parameters
            yield name, item
    elif isinstance(item, np.ndarray):
        if _is_parameter(name, item):
            yield name, item
    elif isinstance(item, (list, tuple)):
        if item and all(isinstance(inner, Value) for inner in item):
            yield from _found(name, np.array(item, dtype=object))
        else:
            for i, inner in enumerate(item):
                yield from _found(f"{name}.{i}", inner)
    elif isinstance(item, dict):
        for key, inner in item.items():
            yield from _found(f"{name}.{key}", inner)


def _is_parameter(name: str, array: np.ndarray) -> bool:
    if array.dtype != object or array.size == 0:
        return False
    leaves = sum(isinstance(entry, Value) and entry.is_leaf for entry in array.flat)
    if 0 < leaves < array.size and not any(isinstance(e, Value) and e.op for e in array.flat):
        raise TypeError(
            f"{name} holds {array.size - leaves} entries that are no Value among {leaves} that "
            f"are: make each a Value, or keep constants in an array of their own"
        )
    return leaves == array.size


def _walk(
    module: Module, prefix: str = "", above: tuple[Module, ...] = ()
) -> Iterator[tuple[str, Any]]:
    """All parameters and modules below, under each of their names; no module inside itself."""
    above = (*above, module)
    for name, member in _members(module):
        if not isinstance(member, Module):
            yield prefix + name, member
        elif all(member is not outer for outer in above):
            yield prefix + name, member
            yield from _walk(member, f"{prefix}{name}.", above)


def _parameters(module: Module) -> Iterator[tuple[str, Any]]:
    return ((name, item) for name, item in _walk(module) if not isinstance(item, Module))


# --- words --------------------------------------------------------------------------------------


def _name_in(caller: Module, module: Module) -> str:
    """What a person calls a module inside its caller; all of the caller's get their names."""
    for parent in caller.modules():
        for name, child in parent.named_children():
            if child._scope is None:
                child._scope = _spoken(name, child)
    return module._scope or _word(module)  # the second: it was made on the way


def _spoken(name: str, module: Module) -> str:
    """encoder; layer 0 for layers.0; linear 0 for the Linear called 0."""
    attribute, _, inner = name.partition(".")
    if attribute.isdecimal():
        return f"{_word(module)} {attribute}"
    return f"{attribute.removesuffix('s')} {inner}" if inner else attribute


def _word(module: Module) -> str:
    kind = type(module).__name__
    return kind.lower() if kind == kind.capitalize() else kind  # Linear is a word, LSTMCell is not


def _size(module: Module) -> str:
    """The shapes of a module's own parameters, and how many numbers it holds in all."""
    count = len(module.parameters())
    if not count:
        return ""
    own = [
        f"{name} {shape_text(np.shape(item))}"
        for name, item in _members(module)
        if not isinstance(item, Module)
    ]
    total = f"{count} parameter{'s' if count > 1 else ''}"
    return f"  # {', '.join(own)}: {total}" if own else f"  # {total}"
