"""Arrays of nodes taken as one: the vectors and matrices that a layer's formulas speak of.

A `Block` is a named array whose elements are nodes of a graph. Formulas about blocks are ordinary
expression trees whose values are NumPy arrays; the products that only matrices have stand here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from .op import PRODUCT, Op
from .table import TABLE
from .value import Value

__all__ = [
    "ArrayOp", "Block", "along", "blocks_of", "elementwise", "matmul", "outer", "total",
    "transpose",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A named array of nodes; `nodes` is a NumPy object array, `data` its numbers."""

    name: str
    nodes: Any

    @property
    def data(self) -> Any:
        """The numbers, as a NumPy array of floats."""
        import numpy as np

        numbers = [n.data if isinstance(n, Value) else n for n in self.nodes.flat]
        return np.array(numbers, float).reshape(self.nodes.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """(4,) for a vector of four elements, (2, 3) for a matrix of two rows."""
        return tuple(self.nodes.shape)


def blocks_of(nodes: Iterable[Value]) -> list[Block]:
    """The arrays of which every element is among the nodes, in order of their first elements.

    Elements know their array's name and their place in it; two arrays of one name are told apart.
    """
    places: dict[tuple[str, int], dict[tuple[int, ...], Value]] = {}
    seen: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for node in nodes:
        if node.label is not None and node.label.place is not None and node.label.place[1]:
            name, index = node.label.place
            repeat = seen[name, index]
            seen[name, index] += 1
            places.setdefault((name, repeat), {})[index] = node
    found = (_block(name, by_index) for (name, _), by_index in places.items())
    return [block for block in found if block is not None]


def _block(name: str, nodes: dict[tuple[int, ...], Value]) -> Block | None:
    """The array, or None where elements are missing."""
    import numpy as np

    first = next(iter(nodes))
    if len({len(index) for index in nodes}) > 1:
        return None
    base = min(map(min, nodes))  # indices count from 0, by choice from 1
    shape = [max(index[axis] for index in nodes) + 1 - base for axis in range(len(first))]
    if base > 1 or math.prod(shape) != len(nodes):
        return None
    array = np.empty(shape, dtype=object)
    for index, node in nodes.items():
        array[tuple(i - base for i in index)] = node
    return Block(name, array)


class ArrayOp(Op):
    """An operation on whole arrays of numbers.

    No row of the table: the graph below consists of scalars, formulas of arrays only write about
    it, so there are no derivatives.
    """

    __slots__ = ()

    def __call__(self, *operands: Any) -> Any:
        return self.forward(*operands)


def _no_partials(a: Any, b: Any, y: Any) -> Any:
    raise TypeError("formulas of arrays are derived from those of their elements")


def _no_partial(a: Any, y: Any) -> Any:
    _no_partials(a, a, y)


matmul = ArrayOp("matmul", lambda a, b: a @ b, _no_partials, infix="@", precedence=PRODUCT)
elementwise = ArrayOp("elementwise", lambda a, b: a * b, _no_partials,
    infix="⊙", precedence=PRODUCT)
outer = ArrayOp("outer", lambda a, b: a[:, None] * b[None, :], _no_partials)
total = ArrayOp("total", lambda a: a.sum(), _no_partial, symbol="sum", latex=r"\textstyle\sum")
transpose = ArrayOp("transpose", lambda a: a.T, _no_partial)


@cache
def along(op: Op, axis: int, keep: bool = False) -> ArrayOp:
    """The reduction of a matrix to a vector: of each row (axis 1) or of each column (axis 0).

    With `keep` the result is a matrix still, of one column or one row.

    >>> along(TABLE["sum"], 0).symbol, along(TABLE["max"], 1).symbol
    ('column_sums', 'row_max')
    """
    line, across = ("row", "columns") if axis else ("column", "rows")
    name = f"{line}_{op.name}s" if op is TABLE["sum"] else f"{line}_{op.name}"
    latex = r"\textstyle\sum" if op is TABLE["sum"] else op.latex
    latex += rf"_{{\text{{{across}}}}}"

    def reduced(a: Any) -> Any:
        result = op(a, axis=axis)
        return result.reshape((-1, 1) if axis else (1, -1)) if keep else result

    return ArrayOp(name, reduced, _no_partial, latex=latex)
