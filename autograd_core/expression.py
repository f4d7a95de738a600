"""Expression trees: formulas whose every part carries its number.

A formula is built in two ways. `Application` directly, for a forward formula exactly as it was
computed; or by running a row's `spelled` rule on expressions, for a local derivative, and then it
is tidied as a person would: 1·x is x, equal factors become powers, and where a rule chooses a
branch (step, sign, where, max, min) the branch taken remains, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from math import copysign, isfinite
from typing import Any

from .op import Op, register_carrier, run
from .table import add, div, equal, flow, mul, neg, pow, reciprocal, sign, square, step, sub, where

__all__ = [
    "Application", "Blank", "Derivative", "Expression", "Number", "Quantity", "Reason", "Symbol",
    "application", "as_expression", "reasons_of", "tidied",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula and its value. `reasons` tell why a derivative took the branch it took."""

    value: Any  # a float; a NumPy array in formulas on whole arrays
    reasons: tuple[Reason, ...] = field(default=(), kw_only=True)

    def __add__(self, other: Any) -> Any:
        return add(self, other)

    def __radd__(self, other: Any) -> Any:
        return add(other, self)

    def __sub__(self, other: Any) -> Any:
        return sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        return sub(other, self)

    def __mul__(self, other: Any) -> Any:
        return mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        return mul(other, self)

    def __neg__(self) -> Any:
        return neg(self)

    def __pow__(self, exponent: Any) -> Any:
        return pow(self, exponent)


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A constant, as somebody typed it or as a rule contains it."""


@dataclass(frozen=True, slots=True)
class Quantity(Expression):
    """The value of a node, shown by the node's name; of None for a part already worked out."""

    of: Any = None


@dataclass(frozen=True, slots=True)
class Symbol(Expression):
    """A named number that is no node: the learning rate η."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Derivative(Expression):
    """The derivative of one node by another: direct (∂, through unnamed nodes only) or total."""

    of: Any = None
    by: Any = None
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Blank(Expression):
    """A number left out for the reader to find; `label` tells the blanks of a page apart."""

    label: str = ""


@dataclass(frozen=True, slots=True)
class Application(Expression):
    """An operation on expressions."""

    op: Op = add
    operands: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a branch was taken: `subject` is positive, negative, zero, the largest, within bounds…

    `rivals` are the other operands of a maximum or minimum, `ties` how many share the place, and
    `than` what the subject is compared with: the one rival, a bound, both bounds.
    """

    kind: str
    subject: Expression
    rivals: int = 0
    ties: int = 1
    than: tuple[Expression, ...] = ()


def application(op: Op, *operands: Expression) -> Application:
    """The operation on these expressions, not tidied, with its value."""
    values = [operand.value for operand in operands]
    arrays = any(hasattr(value, "shape") for value in values)
    return Application((op if arrays else op.forward)(*values), op=op, operands=operands)


def tidied(expression: Expression) -> Expression:
    """The formula as a person would write it: 1·2·x¹ is 2·x."""
    if not isinstance(expression, Application):
        return expression
    return as_expression(run(expression.op, tuple(map(tidied, expression.operands))))


def reasons_of(expression: Expression) -> tuple[Reason, ...]:
    """Every reason in the formula, each once, from left to right."""
    found: dict[Any, Reason] = {}
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        for reason in part.reasons:
            found.setdefault((reason.kind, _key(reason.subject)), reason)
        if isinstance(part, Application):
            waiting.extend(reversed(part.operands))
    return tuple(found.values())


_EXACT = Context(prec=40)  # of our own: the user's decimal context is none of our business


# --- tidying ----------------------------------------------------------------------------------


def _key(e: Expression) -> Any:
    """What two formulas that print alike have in common."""
    match e:
        case Number():
            return e.value
        case Quantity():
            return "quantity", id(e.of), _hashable(e.value)
        case Symbol():
            return "symbol", e.name, _hashable(e.value)
        case Derivative():
            return "derivative", id(e.of), id(e.by), e.direct
        case Application():
            return e.op.name, *map(_key, e.operands)
    return id(e)


def _alike(a: Expression, b: Expression) -> bool:
    """True for two formulas that print alike; a difference ends the comparison."""
    if isinstance(a, Application) and isinstance(b, Application):
        same = a.op is b.op and len(a.operands) == len(b.operands)
        return same and all(map(_alike, a.operands, b.operands))
    return type(a) is type(b) and bool(_key(a) == _key(b))


def _hashable(value: Any) -> Any:
    return id(value) if hasattr(value, "shape") else value


def _because(result: Expression, dropped: Iterable[Expression]) -> Expression:
    """The result, which also holds for the reasons in the parts that were dropped."""
    reasons = tuple(reason for part in dropped for reason in reasons_of(part))
    return replace(result, reasons=(*result.reasons, *reasons)) if reasons else result


def _decimal_sum(a: float, b: float) -> float:
    if not (isfinite(a) and isfinite(b)):
        return a + b
    return float(_EXACT.add(Decimal(repr(a)), Decimal(repr(b))))


def _decimal_product(a: float, b: float) -> float:
    """a·b of the decimals as typed: 0.1·3 is 0.3."""
    if not (isfinite(a) and isfinite(b)):
        return a * b
    return float(_EXACT.multiply(Decimal(repr(a)), Decimal(repr(b))))


def _tidy_add(a: Expression, b: Expression) -> Expression:
    if isinstance(a, Number) and isinstance(b, Number):
        return _because(Number(_decimal_sum(a.value, b.value)), (a, b))
    for zero, other in ((a, b), (b, a)):
        if isinstance(zero, Number) and zero.value == 0.0:
            return _because(other, (zero,))
    if _alike(a, b):
        return _tidy_mul(Number(2.0), a)
    minus = _without_minus(b)
    return application(add, a, b) if minus is None else application(sub, a, minus)


def _tidy_sub(a: Expression, b: Expression) -> Expression:
    if isinstance(a, Number) and isinstance(b, Number):
        return _because(Number(_decimal_sum(a.value, -b.value)), (a, b))
    if isinstance(b, Number) and b.value == 0.0:
        return _because(a, (b,))
    if isinstance(a, Number) and a.value == 0.0:
        return _because(_tidy_neg(b), (a,))
    return application(sub, a, b)


def _without_minus(e: Expression) -> Expression | None:
    """x of −x, 2·x of −2·x; None where there is no sign to take off."""
    above, below, factors = _factors(e)
    return None if above >= 0.0 else _because(_product(-above, below, factors), (e,))


def _tidy_neg(x: Expression) -> Expression:
    return _tidy_mul(Number(-1.0), x)


Factors = list[tuple[Expression, float]]  # base and exponent


def _factors(e: Expression) -> tuple[float, float, Factors]:
    """A product as coefficient over coefficient, and powers.

    −2·y·(1 − y)/(3·x) is −2, 3, [(y, 1), (1 − y, 1), (x, −1)].
    """
    match e:
        case Number() if e.value != 0.0 and isfinite(e.value):
            return e.value, 1.0, []
        case Application(op=op, operands=(a, b)) if op is mul or op is flow:
            (ca, da, fa), (cb, db, fb) = _factors(a), _factors(b)
            return _decimal_product(ca, cb), _decimal_product(da, db), fa + fb
        case Application(op=op, operands=(a, b)) if op is div:
            (ca, da, fa), (cb, db, fb) = _factors(a), _factors(b)
            below = [(base, -exponent) for base, exponent in fb]
            return _decimal_product(ca, db), _decimal_product(da, cb), fa + below
        case Application(op=op, operands=(a,)) if op is neg:
            above, below_, factors = _factors(a)
            return -above, below_, factors
        case Application(op=op, operands=(base, Number() as exponent)) if op is pow:
            return 1.0, 1.0, [(base, exponent.value)]
        case Application(op=op, operands=(base,)) if op is square:
            return 1.0, 1.0, [(base, 2.0)]
        case Application(op=op, operands=(base,)) if op is reciprocal:
            return 1.0, 1.0, [(base, -1.0)]
    return 1.0, 1.0, [(e, 1.0)]


def _product(above: float, below: float, factors: Factors) -> Expression:
    """Write above/below · powers, equal bases gathered, negative powers below the line."""
    if below < 0.0:
        above, below = -above, -below
    if not (above and below and isfinite(above) and isfinite(below)):
        factors, above, below = [*factors, (Number(above), 1.0), (Number(below), -1.0)], 1.0, 1.0
    quotient = above / below
    if any(exponent > 0.0 for _, exponent in factors) or quotient.is_integer():
        exact = _EXACT.multiply(Decimal(repr(quotient)), Decimal(repr(below)))
        if exact == Decimal(repr(above)):
            above, below = quotient, 1.0  # x·3/10 is 0.3·x, but 1/(2·x) stays
    elif below != 1.0 and (below / above).is_integer():
        above, below = copysign(1.0, above), abs(below / above)
    powers: Factors = []
    for base, exponent in factors:
        at = next((i for i, (other, _) in enumerate(powers) if _alike(other, base)), None)
        if at is None:
            powers.append((base, exponent))
        else:
            powers[at] = (base, powers[at][1] + exponent)
    upper = [_power(base, n) for base, n in powers if n > 0.0]
    lower = [_power(base, -n) for base, n in powers if n < 0.0]
    negative = above == -1.0 and (bool(upper) or bool(lower) or below != 1.0)
    if not upper or abs(above) != 1.0:
        upper.insert(0, Number(abs(above) if negative else above))
    if below != 1.0:
        lower.insert(0, Number(below))
    result = _chain(upper)
    if lower:
        result = application(div, result, _chain(lower))
    return application(neg, result) if negative else result


def _chain(factors: list[Expression]) -> Expression:
    result = factors[0]
    for factor in factors[1:]:
        result = application(mul, result, factor)
    return result


def _power(base: Expression, exponent: float) -> Expression:
    return base if exponent == 1.0 else application(pow, base, Number(exponent))


def _tidy_mul(a: Expression, b: Expression) -> Expression:
    zeros = [e for e in (a, b) if isinstance(e, Number) and e.value == 0.0]
    if zeros:
        return _because(Number(0.0), zeros)
    return _because(_product(*_factors(application(mul, a, b))), (a, b))


def _tidy_div(a: Expression, b: Expression) -> Expression:
    if isinstance(a, Number) and a.value == 0.0:
        return _because(Number(0.0), (a,))
    if isinstance(b, Number) and b.value == 0.0:
        return application(div, a, b)
    return _because(_product(*_factors(application(div, a, b))), (a, b))


def _tidy_pow(base: Expression, exponent: Expression) -> Expression:
    if isinstance(exponent, Number):
        if exponent.value == 1.0:
            return _because(base, (exponent,))
        if exponent.value == 0.0:
            return _because(Number(1.0), (exponent,))
    return application(pow, base, exponent)


def _tidy_where(c: Expression, a: Expression, b: Expression) -> Expression:
    return _because(a if c.value != 0.0 else b, (c,))


def _sign_reason(x: Expression) -> tuple[Reason, ...]:
    if isinstance(x, Number) or x.value != x.value:
        return ()
    kind = "positive" if x.value > 0.0 else "negative" if x.value < 0.0 else "zero"
    return (Reason(kind, x),)


def _tidy_step(x: Expression, at_zero: Expression) -> Expression:
    return Number(step.forward(x.value, at_zero.value), reasons=_sign_reason(x))


def _tidy_sign(x: Expression) -> Expression:
    return Number(sign.forward(x.value), reasons=_sign_reason(x))


def _tidy_equal(a: Expression, b: Expression) -> Expression:
    if isinstance(b, Number) and b.value == 0.0:
        return Number(float(a.value == 0.0), reasons=_sign_reason(a))
    return Number(float(a.value == b.value))


_TIDY: dict[Op, Callable[..., Expression]] = {
    add: _tidy_add, sub: _tidy_sub, neg: _tidy_neg, mul: _tidy_mul, flow: _tidy_mul,
    div: _tidy_div, pow: _tidy_pow, where: _tidy_where, step: _tidy_step,
    sign: _tidy_sign, equal: _tidy_equal,
}  # fmt: skip


# --- the carrier ------------------------------------------------------------------------------


def as_expression(operand: Any) -> Expression:
    """The operand itself, or a number as a constant."""
    return operand if isinstance(operand, Expression) else Number(float(operand))


def _on_symbols(op: Op, operands: tuple[Any, ...]) -> Expression:
    expressions = tuple(map(as_expression, operands))
    tidy = _TIDY.get(op)
    return tidy(*expressions) if tidy else application(op, *expressions)


for _kind in (Number, Quantity, Symbol, Derivative, Application):
    register_carrier(_kind, 1, _on_symbols)
