"""Arrays of nodes taken as one: the vectors and matrices that a layer's formulas speak of.

A `Block` is a named array whose elements are nodes of a graph. Formulas about blocks are ordinary
expression trees whose values are NumPy arrays; the products that only matrices have stand here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .op import Op
from .table import PRODUCT
from .value import Value

__all__ = [
    "Block", "blocks_of", "column_sums", "elementwise", "matmul", "outer", "total", "transpose",
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
    low = [min(index[axis] for index in nodes) for axis in range(len(first))]
    shape = [max(index[axis] for index in nodes) + 1 - low[axis] for axis in range(len(first))]
    if math.prod(shape) != len(nodes):
        return None
    array = np.empty(shape, dtype=object)
    for index, node in nodes.items():
        array[tuple(i - start for i, start in zip(index, low, strict=True))] = node
    return Block(name, array)


def _no_partials(a: Any, b: Any, y: Any) -> Any:
    raise NotImplementedError("formulas of blocks are derived from those of their elements")


# No rows of the table: the graph below consists of scalars, these only write about it.
matmul = Op("matmul", lambda a, b: a @ b, _no_partials, infix="@", precedence=PRODUCT)
elementwise = Op("elementwise", lambda a, b: a * b, _no_partials, infix="⊙", precedence=PRODUCT)
outer = Op("outer", lambda a, b: a[:, None] * b[None, :], _no_partials)
column_sums = Op("column_sums", lambda a: a.sum(axis=0), lambda a, y: _no_partials(a, a, y),
    latex=r"\textstyle\sum_{\text{rows}}")
total = Op("total", lambda a: a.sum(), lambda a, y: _no_partials(a, a, y),
    symbol="sum", latex=r"\textstyle\sum")
transpose = Op("transpose", lambda a: a.T, lambda a, y: _no_partials(a, a, y))
