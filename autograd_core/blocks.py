"""Arrays of nodes taken as one: the vectors and matrices that a layer's formulas speak of.

A `Block` is a named array whose elements are nodes of a graph. Formulas about blocks are ordinary
expression trees whose values are NumPy arrays; the products that only matrices have stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .op import Op
from .table import PRODUCT
from .value import Value

__all__ = ["Block", "elementwise", "matmul", "transpose"]


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


def _no_partials(a: Any, b: Any, y: Any) -> Any:
    raise NotImplementedError("formulas of blocks are derived from those of their elements")


# No rows of the table: the graph below consists of scalars, these only write about it.
matmul = Op("matmul", lambda a, b: a @ b, _no_partials, infix="@", precedence=PRODUCT)
elementwise = Op("elementwise", lambda a, b: a * b, _no_partials, infix="⊙", precedence=PRODUCT)
transpose = Op("transpose", lambda a: a.T, lambda a, y: _no_partials(a, a, y))
