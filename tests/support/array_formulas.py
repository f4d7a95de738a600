"""Printed formulas of whole arrays, read and evaluated with NumPy: what a layer's line says.

Nothing of the packages is used. How a reader takes the signs:

    x               a vector is a column; a matrix has rows and columns
    A·x, A·B, x·y   the product of matrices, A·x a column, x·y a number; 2·A a multiple
    xᵀ, Aᵀ          the row, the transposed matrix; x·yᵀ is the matrix of all products
    a ⊙ b, a/b, a + b, a − b, a², f(a)      entry by entry; both of one shape, or one a number,
                                            or a matrix and a vector that is set against each row
    sum(a), mean(a), max(a)                 of all entries; max(a, b) entry by entry
    column_sums(A), row_max(A)              of each column, of each row

Anything else is no formula: a vector before a matrix, shapes that do not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Unreadable", "read_formula"]


class Unreadable(Exception):
    """What stands there is no formula, or its shapes do not fit."""


@dataclass(frozen=True)
class Row:
    """A transposed vector."""

    entries: Any


_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:·10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?")
_RAISED_OR = "ᵀ⁰¹²³⁴-⁹⁻"
_NAME = re.compile(
    rf"(?![\d{_RAISED_OR}])[\w√](?:(?![{_RAISED_OR}])[\w\u0300-\u0307])*′*(?:\[\d+(?:,\d+)*\])?"
)
_DERIVATIVE = re.compile(rf"d({_NAME.pattern})/d({_NAME.pattern})")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")

_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "σ": lambda a: np.exp(-np.logaddexp(0.0, -a)), "tanh": np.tanh, "exp": np.exp, "ln": np.log,
    "√": np.sqrt, "relu": lambda a: np.where(a > 0, a, 0.0), "sin": np.sin, "cos": np.cos,
}  # fmt: skip
_WHOLE: dict[str, Callable[..., Any]] = {
    "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "prod": np.prod,
    "logsumexp": lambda a, axis=None: np.log(np.exp(a).sum(axis)),
}  # fmt: skip
_PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "max": np.maximum, "min": np.minimum, "sum": np.add,
    "logsumexp": np.logaddexp, "mean": lambda a, b: (a + b) / 2,
}  # fmt: skip


class _Reader:
    def __init__(self, text: str, names: Mapping[str, Any]) -> None:
        self.text = text
        self.names = names
        self.at = 0

    def read(self) -> Any:
        value = self.sum()
        if self.at < len(self.text):
            raise Unreadable(f"{self.text[self.at :]!r} is left over in {self.text!r}")
        return value.entries if isinstance(value, Row) else value

    def take(self, sign: str) -> bool:
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) * found
        return found

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise Unreadable(f"{sign!r} is missing before {self.text[self.at :]!r}")

    def sum(self) -> Any:
        value = self.product()
        while True:
            if self.take(" + "):
                value = _entrywise(np.add, value, self.product())
            elif self.take(" − "):
                value = _entrywise(np.subtract, value, self.product())
            else:
                return value

    def product(self) -> Any:
        value = self.signed()
        while True:
            if self.take(" ⊙ "):
                other = self.signed()
                if not (np.ndim(value) and np.ndim(other)):
                    raise Unreadable(f"⊙ stands between arrays: {self.text!r}")
                value = _entrywise(np.multiply, value, other)
            elif self.take("·"):
                value = _times(value, self.signed())
            elif self.take("/"):
                value = _entrywise(np.divide, value, self.signed())
            else:
                return value

    def signed(self) -> Any:
        if self.take("−"):
            inner = self.signed()
            return Row(-inner.entries) if isinstance(inner, Row) else -inner
        return self.power()

    def power(self) -> Any:
        value = self.atom()
        while True:
            if self.take("ᵀ"):
                if not np.ndim(value):
                    raise Unreadable(f"a transposed number: {self.text!r}")
                value = Row(value) if np.ndim(value) == 1 else value.T
            elif match := _RAISED.match(self.text, self.at):
                self.at = match.end()
                value = np.asarray(value, float) ** int(match[0].translate(_LEVEL))
            elif self.take("^"):
                value = _entrywise(np.power, value, self.atom())
            else:
                return value

    def atom(self) -> Any:
        if self.take("("):
            value = self.sum()
            self.need(")")
            return value
        if self.take("|"):
            value = self.sum()
            self.need("|")
            return np.abs(value)
        if self.take("["):
            return np.array(self.entries(), float)
        if match := _NUMBER.match(self.text, self.at):
            self.at = match.end()
            mantissa = match[0].partition("·10")[0]
            return float(f"{mantissa}e{(match[1] or '0').translate(_LEVEL)}")
        if (match := _DERIVATIVE.match(self.text, self.at)) and match[0] in self.names:
            self.at = match.end()
            return self.names[match[0]]
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise Unreadable(f"a number or a name is missing before {self.text[self.at :]!r}")
        self.at = match.end()
        if match[0] in self.names:
            return self.names[match[0]]
        self.need("(")
        return self.call(match[0])

    def entries(self) -> list[Any]:
        found: list[Any] = []
        while True:
            value = self.entries() if self.take("[") else self.signed()
            found.append(value)
            if self.take("]"):
                return found
            self.need(", ")

    def call(self, name: str) -> Any:
        operands = [self.sum()]
        while self.take(", "):
            operands.append(self.sum())
        self.need(")")
        if len(operands) > 1:
            value = operands[0]
            for operand in operands[1:]:
                value = _entrywise(_PAIRS[name], value, operand)
            return value
        [array] = operands
        line, _, reduction = name.partition("_")
        if line in ("row", "column") and np.ndim(array) == 2:
            return _WHOLE[reduction.removesuffix("s") if reduction == "sums" else reduction](
                array, axis=1 if line == "row" else 0
            )
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](np.asarray(array))
        if name in _WHOLE:
            return _WHOLE[name](array)
        raise Unreadable(f"{name} of {np.shape(array)}")


def _entrywise(compute: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    if isinstance(a, Row) or isinstance(b, Row):
        raise Unreadable("a row meets something that is not multiplied")
    shapes = np.shape(a), np.shape(b)
    if () not in shapes and shapes[0] != shapes[1]:
        matrix, vector = sorted(shapes, key=len, reverse=True)
        if len(matrix) != 2 or len(vector) != 1 or matrix[1] != vector[0]:
            raise Unreadable(f"{shapes[0]} and {shapes[1]} entry by entry")
    return compute(a, b)


def _times(a: Any, b: Any) -> Any:
    if isinstance(a, Row):
        if isinstance(b, Row) or np.shape(a.entries) != np.shape(b)[:1]:
            raise Unreadable("a row is multiplied by what does not fit")
        product = a.entries @ b
        return Row(product) if np.ndim(product) else product
    if isinstance(b, Row):
        if np.ndim(a) == 0:
            return Row(a * b.entries)
        if np.ndim(a) != 1:
            raise Unreadable(f"{np.shape(a)}·row")
        return np.outer(a, b.entries)
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    if np.ndim(a) == 1 and np.ndim(b) == 2:
        raise Unreadable(f"a column before a matrix: {np.shape(a)}·{np.shape(b)}")
    if np.shape(a)[-1] != np.shape(b)[0]:
        raise Unreadable(f"{np.shape(a)}·{np.shape(b)} does not fit")
    return a @ b


def read_formula(text: str, names: Mapping[str, Any]) -> Any:
    """The value of a printed formula; `names` has x, W[0,1] and dL/dx with their numbers.

    Raises `Unreadable` for what is no formula or does not fit.
    """
    try:
        return _Reader(text, names).read()
    except (KeyError, ValueError) as problem:
        raise Unreadable(f"{text!r}: {problem!r}") from None
