"""Reading a graph in exact fractions, where every operation is rational.

The table's own rules run on a number type that keeps fractions. Numbers start from the decimal as
it was typed: 0.1 is 1/10, and 1/3, which a float holds rounded, is 1/3 again.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

from .errors import AutogradError
from .expression import Application, Derivative, Expression, Number, Quantity, Symbol
from .graph import fold, topological_order
from .op import Op, register_carrier, run
from .table import TABLE
from .tracing import Trace
from .value import Value

__all__ = ["Irrational", "Rationals", "typed_fraction"]

SIMPLEST = 10_000  # the largest denominator of a fraction that a rounded float is taken for
NOISE = 32  # units in the last place by which what was computed from it may miss it
LARGEST_WHOLE = 2.0**53  # above, floats are whole and further apart than 1
LONGEST = 20_000  # bits of a numerator or denominator; squaring doubles them each time


_REPAIR = ": ask for decimals instead"


class Irrational(AutogradError):
    """An operation whose result is no fraction."""


class Rational:
    """A fraction that the table's rules can be run on."""

    __slots__ = ("value",)

    def __init__(self, value: Fraction) -> None:
        self.value = value

    def __add__(self, other: Any) -> Any:
        return run(TABLE["add"], (self, other))

    def __radd__(self, other: Any) -> Any:
        return run(TABLE["add"], (other, self))

    def __sub__(self, other: Any) -> Any:
        return run(TABLE["sub"], (self, other))

    def __rsub__(self, other: Any) -> Any:
        return run(TABLE["sub"], (other, self))

    def __mul__(self, other: Any) -> Any:
        return run(TABLE["mul"], (self, other))

    def __rmul__(self, other: Any) -> Any:
        return run(TABLE["mul"], (other, self))

    def __neg__(self) -> Any:
        return Rational(-self.value)


def typed_fraction(number: float) -> Fraction:
    """The fraction that somebody meant by a float.

    >>> typed_fraction(0.1 + 0.2), typed_fraction(1 / 3)
    (Fraction(3, 10), Fraction(1, 3))
    """
    simple = Fraction(number).limit_denominator(SIMPLEST)
    if not 0.0 < abs(number) < LARGEST_WHOLE:
        return Fraction(Decimal(repr(number)))
    near = bool(simple) and abs(float(simple) - number) <= NOISE * math.ulp(number)
    return simple if near else Fraction(Decimal(repr(number)))


def _bits(fraction: Fraction) -> int:
    return max(fraction.numerator.bit_length(), fraction.denominator.bit_length())


def _bounded(fraction: Fraction) -> Fraction:
    """The fraction itself; raises `Irrational` where it has grown too long to go on with."""
    if _bits(fraction) > LONGEST:
        raise Irrational(f"the fractions grow beyond {LONGEST:,} bits{_REPAIR}")
    return fraction


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > SIMPLEST or (base == 0 and exponent < 0):
        raise Irrational(f"({base})^({exponent}) is no fraction{_REPAIR}")
    if _bits(base) * abs(exponent) > LONGEST + abs(exponent):
        raise Irrational(f"a power of exponent {exponent} is too long a fraction{_REPAIR}")
    return base ** int(exponent)


def _quotient(a: Fraction, b: Fraction) -> Fraction:
    if b == 0:
        raise Irrational(f"{a}/0 is no fraction{_REPAIR}")
    return a / b


def _dot(*operands: Fraction) -> Fraction:
    n = len(operands) // 2
    return sum(map(operator.mul, operands[:n], operands[n:-1]), operands[-1])


def _hardsigmoid(x: Fraction) -> Fraction:
    return min(max((x + 3) / 6, Fraction(0)), Fraction(1))


_EXACT: dict[str, Callable[..., Fraction]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "flow": operator.mul,
    "neg": operator.neg, "div": _quotient, "pow": _power, "dot": _dot,
    "sum": lambda *xs: sum(xs, Fraction(0)), "mean": lambda *xs: sum(xs, Fraction(0)) / len(xs),
    "prod": lambda *xs: reduce(operator.mul, xs),
    "reciprocal": lambda x: _quotient(Fraction(1), x),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "floor": lambda x: Fraction(math.floor(x)), "mod": lambda a, b: a - b * (_quotient(a, b) // 1),
    "softsign": lambda x: x / (1 + abs(x)), "hardswish": lambda x: x * _hardsigmoid(x),
    "hardsigmoid": _hardsigmoid,
}  # fmt: skip
# Rows whose forward rule chooses among its operands, and so runs on fractions as it is.
_CHOOSING = {
    "abs", "clip", "detach", "equal", "first_max", "hardtanh", "identity", "max", "min", "relu",
    "relu6", "sign", "square", "step", "where",
}  # fmt: skip


def _on_fractions(op: Op, operands: tuple[Any, ...]) -> Rational:
    numbers = [o.value if isinstance(o, Rational) else typed_fraction(float(o)) for o in operands]
    if op.name in _EXACT and TABLE.get(op.name) is op:
        return Rational(_bounded(_EXACT[op.name](*numbers)))
    if op.name in _CHOOSING and TABLE.get(op.name) is op:
        return Rational(_bounded(Fraction(op.forward(*numbers))))
    raise Irrational(f"{op.name} gives no fractions{_REPAIR}")


register_carrier(Rational, 1, _on_fractions)


class Rationals:
    """The numbers of a trace as fractions: of nodes, of derivatives, of formulas.

    called : the nodes by whose names formulas call the landmarks, in their order, where these are
    others: those of the same problem before an update. Raises `Irrational` where an operation has
    no exact result.

    >>> x = Value(0.1, "x")
    >>> Rationals(Trace(x / 3.0))(Quantity(x.data, of=x)).value
    Fraction(1, 10)
    """

    def __init__(self, trace: Trace, called: Sequence[Value] = ()) -> None:
        self.trace = trace
        self._here = dict(zip(called, trace.landmarks, strict=False))
        order = topological_order(*trace.landmarks)
        self.values = fold(
            order,
            lambda node, below: run(node.op, tuple(below)) if node.op else _leaf(node),
        )
        self._tangents: dict[Value, dict[Value, Fraction]] = {}

    def __call__(self, expression: Expression) -> Expression:
        """The same formula with fractions for its numbers; arrays have none."""
        if hasattr(expression.value, "shape"):
            raise Irrational("an array is written in decimals")
        match expression:
            case Application(op=op, operands=operands):
                exact = tuple(map(self, operands))
                result = run(op, tuple(Rational(Fraction(o.value)) for o in exact))
                return replace(expression, value=result.value, operands=exact)
            case Derivative(of=of, by=by, direct=True):
                return replace(expression, value=self._direct(self._node(of), self._node(by)))
            case Derivative(of=of, by=by):
                return replace(expression, value=self._total(self._node(of), self._node(by)))
            case Quantity(of=of) if of is not None:
                return replace(expression, value=self.values[self._node(of)].value)
            case Number() | Symbol() | Quantity():
                if isinstance(expression.value, Fraction):
                    return expression
                return replace(expression, value=typed_fraction(expression.value))
        raise Irrational(f"a {type(expression).__name__} has no fraction")

    def _node(self, called: Any) -> Value:
        """The node of the trace that a formula means."""
        node = self._here.get(called, called)
        if node not in self.values:
            raise Irrational("this node is no part of the trace")
        return node  # type: ignore[no-any-return]

    def _direct(self, of: Value, by: Value) -> Fraction:
        """∂of/∂by, through unnamed nodes only."""
        local = self(self.trace.direct(of)[by][1])
        return Fraction(local.value)

    def _total(self, of: Value, by: Value) -> Fraction:
        """dof/dby, carried along from `by` upwards."""
        if by not in self._tangents:
            tangent = {by: Fraction(1)}
            for node in self.trace.landmarks:
                below = [] if node.is_leaf else self.trace.operands(node)
                terms = [self._direct(node, m) * tangent[m] for m in below if m in tangent]
                if terms and node is not by:
                    tangent[node] = _bounded(sum(terms, Fraction(0)))
            self._tangents[by] = tangent
        return self._tangents[by].get(of, Fraction(0))


def _leaf(node: Value) -> Rational:
    return Rational(typed_fraction(node.data))
