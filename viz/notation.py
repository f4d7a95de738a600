"""Writing a formula: a fold over an expression tree, with brackets by precedence.

The fold knows how formulas are put together; a `Dialect` knows how the pieces look in one format.
A row's notation comes from the table; what a row cannot say there (|x| for abs, a raised exponent
for pow) stands in `_SHAPES`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from autograd_core import blocks, table
from autograd_core.expression import (
    Application,
    Blank,
    Derivative,
    Expression,
    Number,
    Quantity,
    Symbol,
)
from autograd_core.op import ATOM, POWER, PRODUCT, QUOTIENT, SIGN, SUM, Op

from .arrays import LEFT_OUT, Entries, corners, entries_of
from .digits import RAISED, raised, rounded, scientific
from .letters import AsTyped, pretty_name

__all__ = ["Dialect", "Text", "Writer", "is_number"]

Minus = Literal["", "constant", "value"]

MOST_EXPONENTIALS = 4  # of them a logarithm is written out
LARGEST_EXPONENT = 100.0


class Written(NamedTuple):
    """A piece of a formula: its text, how tightly it holds together, and a minus in front.

    A minus in front of a *constant* may open a product, −2·y; that of a *value* may not,
    (−8)·2. Anywhere else inside a formula both take brackets.
    """

    text: str
    precedence: int
    minus: Minus = ""


class Dialect(Protocol):
    """How the pieces of a formula look in one format.

    `stacked`: fractions and exponents hold their parts by themselves, no brackets are needed.
    """

    stacked: ClassVar[bool]

    def number(self, number: Decimal) -> str: ...
    def fraction(self, numerator: str, denominator: str) -> str: ...
    def array(self, entries: Entries) -> str: ...
    def row(self, entries: Entries) -> str: ...
    def blank(self, label: str) -> str: ...
    def name(self, name: str) -> str: ...
    def derivative(self, of: str, by: str, direct: bool) -> str: ...
    def bracket(self, inside: str) -> str: ...
    def minus(self, inside: str) -> str: ...
    def infix(self, sign: str, left: str, right: str) -> str: ...
    def power(self, base: str, exponent: str, plain: bool) -> str: ...
    def function(self, op: Any, arguments: list[str]) -> str: ...
    def absolute(self, inside: str) -> str: ...
    def transposed(self, inside: str) -> str: ...


class Text:
    """Formulas as plain text: σ(4 − 2·x), (o − t)², dL/dw1."""

    stacked: ClassVar = False
    _SIGNS: ClassVar = {
        "+": " + ", "-": " − ", "*": "·", "/": "/", "@": "·", "⊙": " ⊙ ", "=": "=",
    }  # fmt: skip

    def number(self, number: Decimal) -> str:
        if number.is_nan():
            return "NaN"
        if number.is_infinite():
            return "−∞" if number < 0 else "∞"
        if power := scientific(number):
            mantissa, exponent = power
            return f"{mantissa:f}·10{raised(exponent)}".replace("-", "−")
        return f"{number:f}".replace("-", "−")

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{numerator}/{denominator}"

    def array(self, entries: Entries) -> str:
        return f"[{', '.join(map(self._entry, entries))}]"

    row = array

    def _entry(self, entry: Any) -> str:
        if entry is LEFT_OUT:
            return "…"
        return entry if isinstance(entry, str) else self.array(entry)

    def blank(self, label: str) -> str:
        return f"{label}____"

    def name(self, name: str) -> str:
        pretty = pretty_name(name)
        if pretty.isprintable():
            return pretty
        return "".join(c if c.isprintable() else "\ufffd" for c in pretty)

    def derivative(self, of: str, by: str, direct: bool) -> str:
        d = "∂" if direct else "d"
        return f"{d}{of}/{d}{by}"

    def bracket(self, inside: str) -> str:
        return f"({inside})"

    def minus(self, inside: str) -> str:
        return f"−{inside}"

    def infix(self, sign: str, left: str, right: str) -> str:
        return f"{left}{self._SIGNS[sign]}{right}"

    def power(self, base: str, exponent: str, plain: bool) -> str:
        small = exponent.translate(RAISED)
        return f"{base}{small}" if plain and small != exponent else f"{base}^{exponent}"

    def function(self, op: Any, arguments: list[str]) -> str:
        return f"{op.symbol}({', '.join(arguments)})"

    def absolute(self, inside: str) -> str:
        return f"|{inside}|"

    def transposed(self, inside: str) -> str:
        return f"{inside}ᵀ"


class Writer:
    """Writes expressions in one dialect; `names(node)` gives the name of a node.

    `write(e, digits)` writes the formula in symbols; with `numbers=True` every quantity and
    derivative is replaced by its value.

    >>> from autograd_core.expression import Number, Symbol
    >>> y = Symbol(0.5, name="y")
    >>> write = Writer(Text(), str).write
    >>> write(-2.0 * y * (1.0 - y), 4), write(-2.0 * y * (1.0 - y), 4, numbers=True)
    ('−2·y·(1 − y)', '−2·0.5·(1 − 0.5)')
    """

    def __init__(self, dialect: Dialect, names: Callable[[Any], str]) -> None:
        self.dialect = dialect
        self.names = names

    def write(self, expression: Expression, digits: int, numbers: bool = False) -> str:
        """The formula as text of the dialect."""
        return self._write(expression, digits, numbers).text

    def number(self, value: float, digits: int) -> str:
        """A number by itself."""
        return self.dialect.number(rounded(value, digits))

    def _write(self, e: Expression, digits: int, numbers: bool) -> Written:
        match e:
            case Number():
                return self._number(e.value, digits, "constant")
            case Application():
                return self._application(e, self._operands(e, digits, numbers))
            case Quantity(of=None):
                return self._number(e.value, digits, "value")
            case Blank():
                return Written(self.dialect.blank(e.label), ATOM)
            case _ if numbers:
                return self._number(e.value, digits, "value")
            case Quantity():
                return Written(self.dialect.name(self.names(e.of)), ATOM)
            case Symbol():
                return Written(self.dialect.name(e.name), ATOM)
            case Derivative():
                of, by = (self.dialect.name(self.names(n)) for n in (e.of, e.by))
                round_d = e.direct or getattr(self.names, "total", "d") == "∂"
                return Written(self.dialect.derivative(of, by, round_d), SIGN)
        raise TypeError(f"cannot write a {type(e).__name__}")

    def _operands(self, e: Application, digits: int, numbers: bool) -> list[Written]:
        """The operands; a vector that is repeated for each row of a matrix looks like a row."""
        among_rows = e.op is not blocks.matmul and any(_axes(o) == 2 for o in e.operands)
        return [
            self._row(o.value, digits)
            if among_rows and _axes(o) == 1 and is_number(o, numbers)
            else self._write(o, digits, numbers)
            for o in e.operands
        ]

    def _row(self, value: Any, digits: int) -> Written:
        entries = corners(value, lambda entry: self._number(entry, digits, "value").text)
        return Written(self.dialect.row(entries), ATOM)

    def _number(self, value: Any, digits: int, minus: Minus) -> Written:
        if hasattr(value, "shape"):
            entries = corners(value, lambda entry: self._number(entry, digits, "value").text)
            return Written(self.dialect.array(entries), ATOM)
        if isinstance(value, Fraction):
            return self._fraction(value, minus)
        shown = value if isinstance(value, Decimal) else rounded(value, digits)
        return Written(
            self.dialect.number(shown),
            PRODUCT if scientific(shown) else ATOM,
            minus if shown.is_signed() and shown != 0 else "",
        )

    def _fraction(self, value: Fraction, minus: Minus) -> Written:
        top = self.dialect.number(Decimal(abs(value.numerator)))
        whole = value.denominator == 1
        if not whole:
            top = self.dialect.fraction(top, self.dialect.number(Decimal(value.denominator)))
        return Written(
            self.dialect.minus(top) if value < 0 else top,
            ATOM if whole else SIGN if self.dialect.stacked else QUOTIENT,
            minus if value < 0 else "",
        )

    def _application(self, e: Application, parts: list[Written]) -> Written:
        op = _operation(e)
        if shape := _SHAPES.get(op):
            return shape(self, e, parts)
        if op.infix is not None:
            if op in _OF_ARRAYS:
                pairs = zip(e.operands, parts, strict=True)
                left, right = (self._apart(op, *pair) for pair in pairs)
                parts = [left, self._after(e.operands[1], right)]
            return self._infix(op.infix, op.precedence, *parts)
        while len(parts) > 1 and _is_default(e, len(parts) - 1):
            parts.pop()
        arguments = [self._argument(op, i, part.text) for i, part in enumerate(parts)]
        return Written(self.dialect.function(op, arguments), ATOM)

    def _argument(self, op: Op, i: int, text: str) -> str:
        """An option stands with its name: step(x, at_zero=1)."""
        names = op.operand_names
        if i >= len(names) or names[i] not in op.defaults:
            return text
        return self.dialect.infix("=", self.dialect.name(AsTyped(names[i])), text)

    def _apart(self, op: Op, operand: Expression, part: Written) -> Written:
        """A·(b ⊙ c): the two products of arrays do not mix without brackets."""
        inner = _operation(operand) if isinstance(operand, Application) else None
        if inner in _OF_ARRAYS and inner is not op:
            return Written(self.dialect.bracket(part.text), ATOM)
        return part

    def _after(self, operand: Expression, part: Written) -> Written:
        """a ⊙ (2·b) and A·(b/c): from left to right that would be (a ⊙ 2)·b and (A·b)/c."""
        inner = operand.op if isinstance(operand, Application) else None
        if inner is table.mul or (inner is table.div and not self.dialect.stacked):
            return Written(self.dialect.bracket(part.text), ATOM)
        return part

    def _infix(self, sign: str, precedence: int, left: Written, right: Written) -> Written:
        if sign == "/" and self.dialect.stacked:
            return Written(self.dialect.fraction(left.text, right.text), SIGN)
        value_first = left.minus == "value" and precedence > SUM
        least = PRODUCT if precedence == QUOTIENT else precedence  # a·b/c needs no brackets
        loose = left.precedence < least or left.precedence == QUOTIENT == precedence
        quotient_first = left.precedence == QUOTIENT and precedence == PRODUCT
        left_text = self._bracketed(left, value_first or loose or quotient_first)
        commutes = sign in ("+", "*")
        tight = right.precedence > precedence or (right.precedence == precedence and commutes)
        if precedence == QUOTIENT or (sign in "@⊙" and right.precedence == QUOTIENT):
            tight = right.precedence > SIGN
        right_text = self._bracketed(right, bool(right.minus) or not tight)
        minus: Minus = left.minus if left_text == left.text else ""
        return Written(self.dialect.infix(sign, left_text, right_text), precedence, minus)

    def _bracketed(self, part: Written, needed: bool) -> str:
        return self.dialect.bracket(part.text) if needed else part.text

    # --- shapes of single rows ----------------------------------------------------------------

    def _neg(self, e: Application, parts: list[Written]) -> Written:
        [x] = parts
        text = self._bracketed(x, bool(x.minus) or x.precedence < PRODUCT)
        return Written(self.dialect.minus(text), min(x.precedence, SIGN), "constant")

    def _pow(self, e: Application, parts: list[Written]) -> Written:
        base, exponent = parts
        base_text = self._base(base)
        plain = set(exponent.text) <= _INTEGER
        loose = bool(exponent.minus) or exponent.precedence < ATOM
        exponent_text = self._bracketed(
            exponent, loose and not plain and not self.dialect.stacked
        )
        return Written(self.dialect.power(base_text, exponent_text, plain), POWER)

    def _square(self, e: Application, parts: list[Written]) -> Written:
        two = self.dialect.number(Decimal(2))
        return Written(self.dialect.power(self._base(parts[0]), two, True), POWER)

    def _base(self, base: Written) -> str:
        """What is raised to a power: (dL/dw)², where dL/dw² would be the derivative by w²."""
        return self._bracketed(base, bool(base.minus) or base.precedence < ATOM)

    def _abs(self, e: Application, parts: list[Written]) -> Written:
        return Written(self.dialect.absolute(parts[0].text), ATOM)

    def _identity(self, e: Application, parts: list[Written]) -> Written:
        return parts[0]

    def _transpose(self, e: Application, parts: list[Written]) -> Written:
        text = self._bracketed(parts[0], parts[0].precedence < ATOM)
        return Written(self.dialect.transposed(text), POWER)

    def _outer(self, e: Application, parts: list[Written]) -> Written:
        column, row = parts
        column = self._apart(e.op, e.operands[0], column)
        flat = self._bracketed(row, row.precedence < ATOM)
        turned = Written(self.dialect.transposed(flat), POWER)
        return self._infix("@", PRODUCT, column, turned)

    def _sum(self, e: Application, parts: list[Written]) -> Written:
        if len(parts) == 1 and hasattr(e.operands[0].value, "shape"):  # of an array
            return Written(self.dialect.function(e.op, [parts[0].text]), ATOM)
        return self._plus(parts)

    def _plus(self, parts: list[Written]) -> Written:
        result = parts[0]
        for part in parts[1:]:
            result = self._infix("+", SUM, result, part)
        return result

    def _prod(self, e: Application, parts: list[Written]) -> Written:
        if len(parts) == 1 and hasattr(e.operands[0].value, "shape"):  # of an array
            return Written(self.dialect.function(e.op, [parts[0].text]), ATOM)
        result = parts[0]
        for part in parts[1:]:
            result = self._infix("*", PRODUCT, result, part)
        return result

    def _logsumexp(self, e: Application, parts: list[Written]) -> Written:
        """ln(exp(a) + exp(b)); by its name where that would be long, or overflow."""
        values = [number for o in e.operands for number in entries_of(o.value)]
        if len(parts) > MOST_EXPONENTIALS or max(map(abs, values)) > LARGEST_EXPONENT:
            return Written(self.dialect.function(e.op, [part.text for part in parts]), ATOM)
        powers = [Written(self.dialect.function(table.exp, [p.text]), ATOM) for p in parts]
        array = len(parts) == 1 and hasattr(e.operands[0].value, "shape")
        inside = self._plus(powers).text
        if array:
            inside = self.dialect.function(table.sum, [inside])
        return Written(self.dialect.function(table.log, [inside]), ATOM)

    def _dot(self, e: Application, parts: list[Written]) -> Written:
        n = len(parts) // 2
        products = [
            self._infix("*", PRODUCT, w, x)
            for w, x in zip(parts[:n], parts[n : 2 * n], strict=True)
        ]
        bias = e.operands[-1]
        if not products or not (isinstance(bias, Number) and bias.value == 0.0):
            products.append(parts[-1])
        return self._sum(e, products)


_SHAPES: dict[Op, Callable[[Writer, Application, list[Written]], Written]] = {
    table.neg: Writer._neg,
    table.pow: Writer._pow,
    table.square: Writer._square,
    table.abs: Writer._abs,
    table.identity: Writer._identity,
    table.sum: Writer._sum,
    table.prod: Writer._prod,
    table.dot: Writer._dot,
    table.logsumexp: Writer._logsumexp,
    blocks.transpose: Writer._transpose,
    blocks.outer: Writer._outer,
}


_PRODUCTS = {table.mul, table.flow}
_OF_ARRAYS = {blocks.matmul, blocks.elementwise, blocks.outer}


def _axes(e: Expression) -> int:
    return getattr(e.value, "ndim", 0)


def is_number(e: Expression, numbers: bool = False) -> bool:
    """True for what is written as its value; with `numbers` a named quantity is, too."""
    return isinstance(e, Number | Quantity | Derivative) and (
        numbers or isinstance(e, Number) or (isinstance(e, Quantity) and e.of is None)
    )


def _operation(e: Application) -> Op:
    """The operation as it is written: numbers are multiplied by ·, arrays entry by entry by ⊙."""
    if e.op in _PRODUCTS and all(hasattr(operand.value, "shape") for operand in e.operands):
        return blocks.elementwise
    return e.op


def _is_default(e: Application, i: int) -> bool:
    """True for an option that was left at its default; it is not written."""
    names = e.op.operand_names
    operand = e.operands[i]
    return (
        i < len(names)
        and isinstance(operand, Number)
        and e.op.defaults.get(names[i]) == operand.value
    )


_INTEGER = set("0123456789−")
