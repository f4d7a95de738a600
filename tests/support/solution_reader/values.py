"""What a printed formula comes to: a decimal, or a NumPy array of decimals.

A product of arrays is that of matrices, as textbooks read it: a vector is a column on the right of
a matrix and a row on its left, xᵀ is a row, x·y of two vectors their inner product. All other
operations and functions go entry by entry, repeating what lacks an axis; sum, mean, max … of one
array take all its entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from .decimals import ALONG, MANY, PIECES, SMOOTH, divided, power
from .formulas import NotAFormula, Tree

__all__ = ["Pieces", "evaluate"]

Pieces = dict[int, Any]  # the piece that each function of pieces was on, by the formula's id


@dataclass(frozen=True, slots=True)
class _Row:
    """A vector turned: what stands to its left is a column."""

    entries: Any


_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "neg": lambda x: -x,
}
_ENTRYWISE = {"/": divided, "^": power, "⊙": lambda a, b: a * b}


def evaluate(
    tree: Tree,
    name: Callable[[str], Any],
    derivative: Callable[[Tree], Any] | None = None,
    pieces: Pieces | None = None,
) -> Any:
    """The value, with those of names and derivatives; `pieces` keeps the pieces first chosen."""
    match tree.head:
        case "number":
            return tree.number
        case "name":
            return name(tree.name)
        case "derivative":
            if derivative is None:
                raise NotAFormula("there is a derivative in it")
            return derivative(tree)
    values = [evaluate(part, name, derivative, pieces) for part in tree.parts]
    if tree.head == "array":
        return np.array(values, dtype=object)
    shapes = [np.shape(value) for value in values if not isinstance(value, Decimal)]
    if not shapes:
        return _of_numbers(tree, values, pieces)
    if any(isinstance(value, _Row) for value in values) and tree.head != "·":
        raise NotAFormula("a turned vector stands outside of a product")
    try:
        return _of_arrays(tree.head, values)
    except (ValueError, TypeError):
        raise NotAFormula(f"{tree.head} of arrays of {shapes}: they do not fit") from None


def _of_numbers(tree: Tree, values: list[Any], pieces: Pieces | None) -> Any:
    head = tree.head
    if head == "·":
        return values[0] * values[1]
    if head in _ARITHMETIC:
        return _ARITHMETIC[head](*values)
    if head == "/":
        return values[0] / values[1]
    if head == "^":
        return power(*values)
    try:
        if head in SMOOTH:
            return SMOOTH[head](*values)
        if head in MANY:
            return MANY[head](*values)
        if head not in PIECES:
            raise NotAFormula(f"{head} of numbers")
        choose, piece = PIECES[head]
        if pieces is None:
            return piece(choose(*values), *values)
        if id(tree) not in pieces:
            pieces[id(tree)] = choose(*values)
        return piece(pieces[id(tree)], *values)
    except (TypeError, ValueError):
        raise NotAFormula(f"{head} does not take {len(values)} operands like these") from None


def _of_arrays(head: str, values: list[Any]) -> Any:
    if head == "ᵀ":
        [array] = values
        return _Row(array) if array.ndim == 1 else array.T
    if head == "·":
        return _product(*values)
    if head in ALONG:
        name, axis = ALONG[head]
        [array] = values
        if array.ndim != 2:
            raise NotAFormula(f"{head} of what is no matrix")
        lines = array if axis else array.T
        return np.array([_entry(name, *line) for line in lines], dtype=object)
    if head in _ARITHMETIC:
        return _ARITHMETIC[head](*values)
    if head == "⊙" and len({np.ndim(value) > 0 for value in values}) > 1:
        raise NotAFormula("⊙ with a number")
    if len(values) == 1 and head in (*MANY, "max", "min"):
        values = list(values[0].ravel())
        return _of_numbers(Tree(head), values, None)
    function = _ENTRYWISE.get(head) or partial(_entry, head)
    return np.frompyfunc(function, len(values), 1)(*values)


def _entry(head: str, *values: Decimal) -> Any:
    return _of_numbers(Tree(head), list(values), None)


def _product(a: Any, b: Any) -> Any:
    if isinstance(a, _Row):
        a = a.entries[np.newaxis, :]
    if isinstance(b, _Row):
        if np.ndim(a) != 1:
            raise ValueError("only a column stands before a row")
        return a[:, np.newaxis] * b.entries[np.newaxis, :]
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    return a @ b

