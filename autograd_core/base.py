"""What every `Value` is besides its arithmetic, the same for both engines.

How it is named, compared, converted, printed and saved. It is written in terms of the attributes
`data`, `grad`, `op`, `operands`, `partials` and `label`, wherever an engine keeps them.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any, NoReturn, Self

from . import pickling
from .backward import adjoints
from .errors import DomainError
from .label import Label
from .op import Op
from .table import TABLE

__all__ = [
    "METHODS", "BaseValue", "as_method", "label_of", "real", "require_finite_result", "row_method",
]  # fmt: skip


class BaseValue:
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

    >>> from autograd_core import Value
    >>> x = Value(2.0, "x")
    >>> y = x * x + 3.0 * x
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 7.0)
    """

    __slots__ = ()

    if TYPE_CHECKING:  # what an engine keeps, and how it computes

        @property
        def data(self) -> float: ...
        @data.setter
        def data(self, number: Any) -> None: ...
        grad: float
        op: Op | None
        operands: tuple[Any, ...]
        partials: tuple[float, ...]

        @property
        def label(self) -> Label | None: ...
        @label.setter
        def label(self, label: Label | None) -> None: ...

    # NumPy asks for this to decide who handles `array * value`: the array, which broadcasts.
    __array_priority__ = -1.0

    # --- what it is ---------------------------------------------------------------------------

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

    def named(self, name: str) -> Self:
        """Name the node (a first name stays) and return it; TypeError for what is no name.

        >>> from autograd_core import Value
        >>> (Value(2.0) * 3.0).named("y").named("z").name
        'y'
        """
        if not isinstance(name, str) or not name:
            raise TypeError(f"a name is a string with at least one character, not {name!r}")
        label = label_of(self)
        if label.name is None:
            label.name = name
        return self

    # --- the backward sweep -------------------------------------------------------------------

    def backward(self) -> None:
        """Compute d self / d node for every node below, by the chain rule.

        Adjoints are computed afresh in each call; inner nodes' `grad` is assigned, leaves'
        `grad` accumulates until `zero_grad`, so a second call is right. Under `detect_anomaly()`
        raises `DomainError` at the first gradient that is not a finite number.

        >>> from autograd_core import Value
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

    # --- comparing and converting -------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Real):
            raise TypeError(
                f"a Value is not equal to a number: compare its data, v.data == {other}"
            )
        return self is other if isinstance(other, BaseValue) else NotImplemented

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self.data < real(other)

    def __le__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self.data <= real(other)

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self.data > real(other)

    def __ge__(self, other: Any) -> bool:
        return NotImplemented if _is_array(other) else self.data >= real(other)

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
        return format(self.data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Value({self.data!r}, {name}grad={self.grad!r})"

    # --- copying and saving -------------------------------------------------------------------

    def __copy__(self) -> NoReturn:
        raise TypeError(
            "copy.copy of a node is ambiguous: v.detach() makes a new leaf, "
            "copy.deepcopy(v) copies the whole graph below it"
        )

    def __reduce_ex__(self, protocol: Any) -> Any:
        return pickling.reduce(self)

    @classmethod
    def _blank(cls, operands: int) -> Self:
        """A node with room for so many operands, which `__setstate__` fills."""
        return cls.__new__(cls)

    def __getstate__(self) -> tuple[Any, ...]:
        own = getattr(self, "__dict__", None)
        return self.data, self.grad, self.op, self.operands, self.partials, self.label, own

    def _refuse_data(self) -> NoReturn:
        assert self.op is not None
        raise AttributeError(
            f"{self.name or 'a node'} was computed by {self.op.name}: "
            "change a leaf and compute again"
        )


_DETACHES = "{} would lose the gradient: write {} for the plain number"


def require_finite_result(new: BaseValue) -> None:
    """Under `detect_anomaly()`: name the operation whose result is not a finite number."""
    if math.isfinite(new.data):
        return
    assert new.op is not None
    names, points = [], []
    for i, operand in enumerate(new.operands):
        number = operand if isinstance(operand, float) else operand.data
        if isinstance(operand, float) and i < len(new.op.operand_names):
            option = new.op.operand_names[i]
            if new.op.defaults.get(option) == operand:
                continue  # an option left at its default is not named
        name = None if isinstance(operand, float) else operand.name
        names.append(name or f"{number:g}")
        points.append(f"{name} = {number:g}" if name else f"{number:g}")
    outcome = "not a number" if math.isnan(new.data) else "infinite"
    raise DomainError(
        f"{new.op.name}({', '.join(names)}) is {outcome} at {', '.join(points)}",
        node=new,
        operation=new.op.name,
    )


def _is_array(other: Any) -> bool:
    """True for an array, which compares elementwise when it has its turn."""
    return getattr(other, "ndim", 0) > 0


def label_of(value: BaseValue) -> Label:
    if value.label is None:
        value.label = Label()
    return value.label


def real(number: Any) -> float:
    """The float of any real number; what is not one is refused with the repair."""
    if type(number) is float:
        return number
    if isinstance(number, BaseValue):
        return number.data
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


def row_method(op: Op) -> Any:
    """The row as a method: x.elu(alpha=0.5), y.arctan2(x)."""

    def method(self: BaseValue, *operands: Any, **options: Any) -> Any:
        return op(self, *operands, **options)

    return as_method(op, method if len(op.operand_names) > 1 else lambda self: op(self))


def as_method(op: Op, function: Any) -> Any:
    """The function, called and documented as the method of that row."""
    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = (
        f"`{op.name}({', '.join(op.operand_names)})` of the table, on this node first."
    )
    return function


METHODS = [op for op in TABLE.values() if len(op.operand_names) in (1, 2)]
