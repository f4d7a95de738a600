"""A formula on arrays as one formula for each entry: W·x is W[0,0]·x[0] + W[0,1]·x[1], …

So the lines of a solution by layers make up a program of single quantities, like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from .decimals import ALONG, MANY
from .formulas import NotAFormula, Tree

__all__ = ["expanded"]


def expanded(tree: Tree, elements: Callable[[str], Any]) -> Any:
    """The formula's entries as an array of formulas; `elements(name)` holds those of a name."""
    if tree.head == "number":
        return tree
    if tree.head == "name":
        return elements(tree.name)
    if tree.head == "derivative":
        raise NotAFormula("there is a derivative in it")
    parts = [expanded(part, elements) for part in tree.parts]
    if tree.head == "array":
        return _stacked(parts)
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if not arrays:
        return Tree(tree.head, tuple(parts))
    if tree.head == "ᵀ":
        return _turned(*arrays)
    if tree.head == "·":
        return _product(*parts)
    if tree.head in ALONG:
        name, axis = ALONG[tree.head]
        return _stacked([Tree(name, tuple(line)) for line in (arrays[0] if axis else arrays[0].T)])
    if len(parts) == 1 and tree.head in (*MANY, "max", "min"):
        return Tree(tree.head, tuple(arrays[0].ravel()))
    return _entrywise("·" if tree.head == "⊙" else tree.head, *parts)


def _stacked(parts: list[Any]) -> Any:
    array = np.empty((len(parts), *np.shape(parts[0] if _is_array(parts[0]) else None)), object)
    for i, part in enumerate(parts):
        array[i] = part
    return array


def _is_array(part: Any) -> bool:
    return isinstance(part, np.ndarray)


def _entrywise(head: str, *parts: Any) -> Any:
    cells = [part if _is_array(part) else _cell(part) for part in parts]
    return np.frompyfunc(lambda *entries: Tree(head, entries), len(cells), 1)(*cells)


def _cell(tree: Tree) -> Any:
    """A formula as an array without axes, which is repeated along those of others."""
    cell = np.empty((), object)
    cell[()] = tree
    return cell


def _sum(terms: list[Tree]) -> Tree:
    return reduce(lambda a, b: Tree("+", (a, b)), terms)


class _Row(np.ndarray):
    """A vector turned: what stands to its left is a column."""


def _turned(array: Any) -> Any:
    return array.view(_Row) if array.ndim == 1 else array.T


def _product(a: Any, b: Any) -> Any:
    if not _is_array(a) or not _is_array(b):
        return _entrywise("·", a, b)
    if isinstance(b, _Row):
        return _entrywise("·", np.asarray(a)[:, np.newaxis], np.asarray(b)[np.newaxis, :])
    if a.shape[-1] != b.shape[0]:
        raise NotAFormula(f"a product of arrays of {a.shape} and {b.shape}")
    rows = [np.asarray(a)] if a.ndim == 1 else list(a)
    columns = [b] if b.ndim == 1 else list(b.T)
    dots = [[_sum(list(_entrywise("·", row, column))) for column in columns] for row in rows]
    array = _stacked([_stacked(row) for row in dots])
    array = array[:, 0] if b.ndim == 1 else array
    return array[0] if a.ndim == 1 else array
