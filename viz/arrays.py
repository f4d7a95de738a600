"""Which numbers of an array are written, and how those that are left out are shown.

A solution shows a small array in full. Of a large one it shows the corners: the first and the last
few of each long axis, with a sign for what stands between. No number is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["LEFT_OUT", "Entries", "corners", "entries_of", "grid"]

SMALL_ARRAY = 64  # entries; up to these an array is written in full
LONGEST_SIDE = 12  # rows or columns of a small matrix
LONGEST_AXIS = 6  # of a larger one
FIRST, LAST = 3, 2  # of a longer axis

LEFT_OUT = None  # stands for a run of entries, rows or matrices between others
Entries = list[Any]  # as deep as the array has axes; written numbers, or `LEFT_OUT`


def entries_of(value: Any) -> list[Any]:
    """The numbers of an array; one number is an array of one.

    >>> entries_of(2.0)
    [2.0]
    """
    return value.ravel().tolist() if hasattr(value, "shape") else [value]


def corners(array: Any, write: Callable[[float], str]) -> Entries:
    """The entries of a NumPy array, each as `write` has it, of a large array not all.

    >>> import numpy as np
    >>> corners(np.arange(99), str)
    ['0', '1', '2', None, '97', '98']
    """
    long_matrix = array.ndim > 1 and max(array.shape) > LONGEST_SIDE
    large = array.size > SMALL_ARRAY or long_matrix

    def shown(items: Any) -> Any:
        if items is LEFT_OUT:
            return LEFT_OUT
        if not isinstance(items, list):
            return write(items)
        if large and len(items) > LONGEST_AXIS:
            items = [*items[:FIRST], LEFT_OUT, *items[-LAST:]]
        return list(map(shown, items))

    entries: Entries = shown(array.tolist())
    return entries


def grid(
    rows: Sequence[Sequence[str | None] | None], along: str, down: str, across: str
) -> list[list[str]]:
    """The rows of a matrix with signs in the gaps: ⋯ in a row, ⋮ in a column, ⋱ where both cross.

    >>> grid([["1", None, "3"], None, ["7", None, "9"]], "⋯", "⋮", "⋱")
    [['1', '⋯', '3'], ['⋮', '⋱', '⋮'], ['7', '⋯', '9']]
    """
    pattern = next(row for row in rows if row is not None)
    gap = [across if entry is LEFT_OUT else down for entry in pattern]
    return [
        gap if row is None else [along if entry is LEFT_OUT else entry for entry in row]
        for row in rows
    ]
