"""`Value` in Python, the reference: a number that remembers how it was computed.

A node holds its number, the row of the table that made it, its operands in order, and one partial
derivative per operand, computed when the node is made. There is no closure and no link back from
an operand to its consumers, so a graph has no reference cycles and is freed as soon as its last
node is dropped. The C engine (`_native`) does the same, number for number.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any

from . import modes
from .base import (
    METHODS,
    BaseValue,
    as_method,
    label_of,
    real,
    require_finite_result,
    row_method,
)
from .label import Label
from .op import Op, register_carrier
from .table import abs as abs_row
from .table import add, div, mod, mul, neg, pow, sub

__all__ = ["Value", "node"]


# --- making nodes -----------------------------------------------------------------------------

_blank = object.__new__
_TABLE = add.module


def node(op: Op, operands: tuple[Any, ...], numbers: tuple[float, ...]) -> Value:
    """A new node: `operands` are Values and floats, `numbers` the floats they stand for."""
    new = _blank(Value)
    new._data = data = _number(op.forward(*numbers))
    new.grad = 0.0
    new.op = op
    new.operands = operands
    new.partials = op.partials(*numbers, data)
    if op.module != _TABLE:
        new.partials = _checked(op, len(numbers), new.partials)
    new.label = None
    if modes.current is not None:
        _apply_modes(new, modes.current)
    return new


def _number(result: Any) -> float:
    """The float of what a rule returned, as C converts it: a string is no number."""
    return result if type(result) is float else math.ldexp(result, 0)


def _checked(op: Op, operands: int, partials: Any) -> tuple[float, ...]:
    """What the rule of a user's row returned: as many numbers as there are operands."""
    slopes = tuple(partials)
    if len(slopes) != operands:
        raise ValueError(f"{op!r} gives {len(slopes)} partial derivatives for {operands} operands")
    return tuple(map(_number, slopes))


def _on_values(op: Op, operands: tuple[Any, ...]) -> Value:
    """The Value carrier: run a row on operands of which at least one is a Value."""
    kept = tuple(o if isinstance(o, Value) else real(o) for o in operands)
    return node(op, kept, tuple(o if isinstance(o, float) else o._data for o in kept))


def _apply_modes(new: Value, mode: modes.Mode) -> None:
    if mode.scope:  # first, so that the node of an error says where it belongs
        label_of(new).scope = mode.scope
    if mode.anomalies:
        require_finite_result(new)
    if not mode.recording:
        new.op, new.operands, new.partials = None, (), ()


# --- the class -------------------------------------------------------------------------------


def _operators(op: Op) -> tuple[Any, Any]:
    """The methods `value ∘ other` and `other ∘ value` of an operator.

    Both do what `_on_values(op, (self, other))` does. The usual operands, a Value or a float, come
    first and are handled on the spot: these two methods make most of a program's nodes.
    """

    def operator(self: Value, other: Any) -> Any:
        kind = type(other)
        if kind is Value:
            number = other._data
        elif kind is float:
            number = other
        elif isinstance(other, (int, float)):  # NumPy's float64 is a float too
            other = number = float(other)
        else:
            return _converted(op, self, other, other)
        # `node(op, (self, other), (self._data, number))` written out: a third faster
        new = _blank(Value)
        x = self._data
        new._data = data = op.forward(x, number)
        new.grad = 0.0
        new.op = op
        new.operands = (self, other)
        new.partials = op.partials(x, number, data)
        new.label = None
        if modes.current is not None:
            _apply_modes(new, modes.current)
        return new

    def reflected(self: Value, other: Any) -> Any:
        if isinstance(other, (int, float)):
            number = float(other)
            return node(op, (number, self), (number, self._data))
        return _converted(op, other, self, other)

    return operator, reflected


def _converted(op: Op, a: Any, b: Any, other: Any) -> Any:
    """a ∘ b where `other`, one of the two, is neither a Value nor a float: rare, and slower.

    Any other real number passes (a Fraction, NumPy's float32), and an instance of a subclass of
    Value. For what is left, an array say, NotImplemented lets Python ask the other operand.
    """
    if not isinstance(other, (Value, Real)):
        return NotImplemented
    return _on_values(op, (a, b))


class Value(BaseValue):
    __doc__ = BaseValue.__doc__
    __module__ = "autograd_core.value"  # where pickle finds the class of the engine that runs
    __slots__ = ("_data", "grad", "label", "op", "operands", "partials")

    _data: float
    grad: float
    op: Op | None
    operands: tuple[Value | float, ...]
    partials: tuple[float, ...]
    label: Label | None

    def __init__(self, data: Any, name: str | None = None) -> None:
        self._data = real(data)
        self.grad = 0.0
        self.op = None
        self.operands = self.partials = ()
        self.label = None
        if name is not None:
            self.named(name)
        if modes.current is not None and modes.current.scope:
            label_of(self).scope = modes.current.scope

    # --- what it is ---------------------------------------------------------------------------

    @property
    def data(self) -> float:
        """The number. Only a leaf's can be set: an inner node's follows from its operands."""
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        if self.op is not None:
            self._refuse_data()
        number = real(number)
        label_of(self).previous = self._data  # for the message of `StaleGraph`
        self._data = number

    def detach(self) -> Value:
        """A new leaf with the same number: gradients stop here.

        >>> from autograd_core import Value
        >>> x = Value(3.0)
        >>> (x * x.detach()).backward()  # the second factor counts as the constant 3
        >>> x.grad
        3.0
        """
        return Value(self._data)

    # --- arithmetic ---------------------------------------------------------------------------

    __add__, _radd = _operators(add)
    __sub__, __rsub__ = _operators(sub)
    __mul__, __rmul__ = _operators(mul)
    __truediv__, __rtruediv__ = _operators(div)
    __pow__, __rpow__ = _operators(pow)
    __mod__, __rmod__ = _operators(mod)

    def __radd__(self, other: Any) -> Any:
        if type(other) is int and other == 0:
            return self  # Python's sum() starts from 0: no step
        return self._radd(other)

    def __neg__(self) -> Value:
        return node(neg, (self,), (self._data,))

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return node(abs_row, (self,), (self._data,))

    if TYPE_CHECKING:  # every row of one or two operands is a method, set at the end of this file

        def __getattr__(self, name: str) -> Any: ...

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._data, self.grad, self.op, self.operands, self.partials, self.label, own = state
        if own:  # the attributes of a subclass
            self.__dict__.update(own)


register_carrier(Value, 1, _on_values)


def _unary(op: Op) -> Any:
    """The row of one operand as a method: x.tanh()."""
    return as_method(op, lambda self: node(op, (self,), (self._data,)))


for _row in METHODS:
    if not hasattr(Value, _row.name):  # `detach` is written above
        setattr(Value, _row.name, (_unary if len(_row.operand_names) == 1 else row_method)(_row))
