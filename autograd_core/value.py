"""`Value`, the node of a computation graph: a number that remembers how it was computed.

A node holds its number, the row of the table that made it, its
operands in order, and one partial derivative per operand, computed when the node is made. There
is no closure and no link back from an operand to its consumers, so a graph has no reference
cycles and is freed as soon as its last node is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any, NoReturn

from . import modes, pickling
from .backward import adjoints
from .errors import DomainError
from .label import Label
from .op import Op, register_carrier
from .table import TABLE, add, div, mod, mul, neg, pow, sub
from .table import abs as abs_row

__all__ = ["Value", "node", "zero_grad"]


# --- making nodes -----------------------------------------------------------------------------

_blank = object.__new__


def node(op: Op, operands: tuple[Any, ...], numbers: tuple[float, ...]) -> Value:
    """A new node: `operands` are Values and floats, `numbers` the floats they stand for."""
    new = _blank(Value)
    new._data = data = op.forward(*numbers)
    new.grad = 0.0
    new.op = op
    new.operands = operands
    new.partials = op.partials(*numbers, data)
    new.label = None
    if modes.current is not None:
        _apply_modes(new, modes.current)
    return new


def _on_values(op: Op, operands: tuple[Any, ...]) -> Value:
    """The Value carrier: run a row on operands of which at least one is a Value."""
    kept = tuple(o if isinstance(o, Value) else _real(o) for o in operands)
    return node(op, kept, tuple(o if isinstance(o, float) else o._data for o in kept))


def _apply_modes(new: Value, mode: modes.Mode) -> None:
    if mode.scope:  # first, so that the node of an error says where it belongs
        _label_of(new).scope = mode.scope
    if mode.anomalies:
        _require_finite_result(new)
    if not mode.recording:
        new.op, new.operands, new.partials = None, (), ()


def _require_finite_result(new: Value) -> None:
    """Under `detect_anomaly()`: name the operation whose result is not a finite number."""
    if math.isfinite(new._data):
        return
    assert new.op is not None
    names, points = [], []
    for i, operand in enumerate(new.operands):
        number = operand if isinstance(operand, float) else operand._data
        if isinstance(operand, float) and i < len(new.op.operand_names):
            option = new.op.operand_names[i]
            if new.op.defaults.get(option) == operand:
                continue  # an option left at its default is not named
        name = None if isinstance(operand, float) else operand.name
        names.append(name or f"{number:g}")
        points.append(f"{name} = {number:g}" if name else f"{number:g}")
    outcome = "not a number" if math.isnan(new._data) else "infinite"
    raise DomainError(
        f"{new.op.name}({', '.join(names)}) is {outcome} at {', '.join(points)}",
        node=new,
        operation=new.op.name,
    )


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


class Value:
    """A scalar node: a leaf when constructed, the result of an operation otherwise.

    Parameters
    ----------
    data : the number, any real (float, int, Fraction, NumPy scalar); kept as a float.
    name : shown in traces, diagrams and `repr`; the first name given wins.

    Attributes
    ----------
    data : float. May be set on a leaf; the graph that used it is then stale: its `backward` goes
        on with the numbers of its making, traces and checks refuse it.
    grad : float. `y.backward()` adds dy/d(leaf) to each leaf and assigns dy/dn to inner nodes.
    op, operands, partials : the row, its operands (Values and floats, in order) and the partial
        derivative of this node in each of them; None and () for a leaf.

    Errors: TypeError for what is not a real number. Comparing with a number using `==`, and
    `float(v)`, `int(v)`, `bool(v)` raise: each would silently lose the gradient; use `v.data`.

    Source: reverse accumulation, S. Linnainmaa, BIT 16 (1976), 146–160.

    >>> x = Value(2.0, "x")
    >>> y = x * x + 3.0 * x
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 7.0)
    """

    __slots__ = ("_data", "grad", "label", "op", "operands", "partials")

    _data: float
    grad: float
    op: Op | None
    operands: tuple[Value | float, ...]
    partials: tuple[float, ...]
    label: Label | None

    # NumPy asks for this to decide who handles `array * value`: the array, which broadcasts.
    __array_priority__ = -1.0

    def __init__(self, data: Any, name: str | None = None) -> None:
        self._data = _real(data)
        self.grad = 0.0
        self.op = None
        self.operands = self.partials = ()
        self.label = None
        if name is not None:
            self.named(name)
        if modes.current is not None and modes.current.scope:
            _label_of(self).scope = modes.current.scope

    # --- what it is ---------------------------------------------------------------------------

    @property
    def data(self) -> float:
        """The number. Only a leaf's can be set: an inner node's follows from its operands."""
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        if self.op is not None:
            raise AttributeError(
                f"{self._called()} was computed by {self.op.name}: change a leaf and compute again"
            )
        _label_of(self).previous = self._data  # for the message of `StaleGraph`
        self._data = _real(number)

    @property
    def is_leaf(self) -> bool:
        """True for a node that no recorded operation made."""
        return self.op is None

    @property
    def name(self) -> str | None:
        """The name given by the user or, for an array's element, the array's with its index."""
        return None if self.label is None else self.label.name

    @property
    def scope(self) -> tuple[str, ...]:
        """The scopes the node was made in, outermost first."""
        return () if self.label is None else self.label.scope

    def named(self, name: str) -> Value:
        """Name the node (a first name stays) and return it; TypeError for what is no name.

        >>> (Value(2.0) * 3.0).named("y").named("z").name
        'y'
        """
        if not isinstance(name, str) or not name:
            raise TypeError(f"a name is a string with at least one character, not {name!r}")
        label = _label_of(self)
        if label.name is None:
            label.name = name
        return self

    def detach(self) -> Value:
        """A new leaf with the same number: gradients stop here.

        >>> x = Value(3.0)
        >>> (x * x.detach()).backward()  # the second factor counts as the constant 3
        >>> x.grad
        3.0
        """
        return Value(self._data)

    # --- the backward sweep -------------------------------------------------------------------

    def backward(self) -> None:
        """Compute d self / d node for every node below, by the chain rule.

        Adjoints are computed afresh in each call; inner nodes' `grad` is assigned, leaves'
        `grad` accumulates until `zero_grad`, so a second call is right. Under `detect_anomaly()`
        raises `DomainError` at the first gradient that is not a finite number.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward()
        >>> y.backward()
        >>> x.grad, y.grad
        (12.0, 1.0)
        """
        for node, adjoint in adjoints(self).items():
            if node.op is None:
                node.grad += adjoint
            else:
                node.grad = adjoint

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

    # --- comparing and converting -------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Real):
            raise TypeError(
                f"a Value is not equal to a number: compare its data, v.data == {other}"
            )
        return self is other if isinstance(other, Value) else NotImplemented

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self._data < _real(other)

    def __le__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self._data <= _real(other)

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self._data > _real(other)

    def __ge__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self._data >= _real(other)

    def __bool__(self) -> NoReturn:
        raise TypeError("a Value has no truth value: test its data, e.g. v.data != 0")

    def __float__(self) -> NoReturn:
        raise TypeError(_DETACHES.format("float(v)", "v.data"))

    def __int__(self) -> NoReturn:
        raise TypeError(_DETACHES.format("int(v)", "int(v.data)"))

    def __round__(self, digits: int | None = None) -> NoReturn:
        raise TypeError(_DETACHES.format("round(v)", "round(v.data)"))

    def __floor__(self) -> NoReturn:
        raise TypeError(_DETACHES.format("math.floor(v)", "autograd_core.floor(v)"))

    def __ceil__(self) -> NoReturn:
        raise TypeError(_DETACHES.format("math.ceil(v)", "math.ceil(v.data)"))

    def __trunc__(self) -> NoReturn:
        raise TypeError(_DETACHES.format("math.trunc(v)", "math.trunc(v.data)"))

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Value({self._data!r}, {name}grad={self.grad!r})"

    # --- copying and saving -------------------------------------------------------------------

    def __copy__(self) -> NoReturn:
        raise TypeError(
            "copy.copy of a node is ambiguous: v.detach() makes a new leaf, "
            "copy.deepcopy(v) copies the whole graph below it"
        )

    def __reduce_ex__(self, protocol: Any) -> Any:
        return pickling.reduce(self)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._data, self.grad, self.op, self.operands, self.partials, self.label, own = state
        if own:  # the attributes of a subclass
            self.__dict__.update(own)

    def __getstate__(self) -> tuple[Any, ...]:
        own = getattr(self, "__dict__", None)
        return self._data, self.grad, self.op, self.operands, self.partials, self.label, own

    def _called(self) -> str:
        return self.name or "a node"


_DETACHES = "{} would lose the gradient: write {} for the plain number"


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


register_carrier(Value, 1, _on_values)


def _is_array(other: Any) -> bool:
    """True for an array, which compares elementwise when it has its turn."""
    return getattr(other, "ndim", 0) > 0


def _label_of(value: Value) -> Label:
    if value.label is None:
        value.label = Label()
    return value.label


def _real(number: Any) -> float:
    """The float of any real number; what is not one is refused with the repair."""
    if type(number) is float:
        return number
    if isinstance(number, Value):
        return number._data
    if isinstance(number, (int, Real)):  # int first: asking an abstract class is slow
        return float(number)
    if type(number).__name__ in ("bool", "bool_"):  # NumPy's, which it does not count as a number
        return float(number)
    raise TypeError(
        f"a Value holds one real number, not {type(number).__name__}"
        + (
            ": make an array of Values with numpy.vectorize(Value)(…)"
            if hasattr(number, "__len__") and not isinstance(number, str)
            else ""
        )
    )


def _method(op: Op) -> Any:
    """The row as a method: x.tanh(), y.arctan2(x)."""

    def unary(self: Value) -> Value:
        return node(op, (self,), (self._data,))

    def general(self: Value, *operands: Any, **options: Any) -> Any:
        return op(self, *operands, **options)

    method: Any = unary if len(op.operand_names) == 1 else general
    method.__name__ = method.__qualname__ = op.name
    method.__doc__ = f"`{op.name}({', '.join(op.operand_names)})` of the table, on this node first."
    return method


for _row in TABLE.values():
    if len(_row.operand_names) in (1, 2) and not hasattr(Value, _row.name):
        setattr(Value, _row.name, _method(_row))
