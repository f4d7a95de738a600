"""Reading the table on NumPy arrays.

An array that holds Values (or a Value beside an array) becomes an array of nodes, elementwise. An
array of numbers is computed at once: by the NumPy function of the row's own name or the one named
here, else by the row's forward rule element by element.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np

from .ieee import CANCELLED
from .op import Op, register_carrier, run
from .table import TABLE

__all__: list[str] = []  # importing this module registers the carrier

# Where NumPy calls a row by another name. Of the others those whose own name is a ufunc's count.
_BY_OTHER_NAMES: dict[str, Any] = {
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "pow": np.power,
    "identity": np.positive,
    "abs": np.absolute,
    "where": lambda c, a, b: np.where(c != 0.0, a, b),
    "equal": lambda a, b: np.equal(a, b).astype(float),
    "flow": lambda g, p: np.where(g == 0.0, 0.0, np.multiply(g, p)),
    "step": np.heaviside,
    "max": lambda *xs: reduce(np.maximum, xs),
    "min": lambda *xs: reduce(np.minimum, xs),
    "sum": lambda *xs: _sums(*xs),
}
_AT_ONCE: dict[Op, Any] = {
    op: compute
    for name, op in TABLE.items()
    if name in _BY_OTHER_NAMES or isinstance(getattr(np, name, None), np.ufunc)
    for compute in [_BY_OTHER_NAMES.get(name) or getattr(np, name)]
}


def _sums(*xs: Any) -> Any:
    """The sums entry by entry; those that nearly cancel without rounding, as on floats."""
    result = np.asarray(reduce(np.add, xs))
    few = np.abs(result) < CANCELLED * reduce(np.maximum, map(np.abs, xs))
    if few.any():
        terms = np.broadcast_arrays(*xs)
        result[few] = [math.fsum(column) for column in np.stack([x[few] for x in terms], axis=-1)]
    return result[()]


def _on_arrays(op: Op, operands: tuple[Any, ...]) -> Any:
    with np.errstate(all="ignore"):  # a forward rule is total, as on floats
        return _elementwise(op, operands)


def _elementwise(op: Op, operands: tuple[Any, ...]) -> Any:
    arrays = [np.asarray(operand) for operand in operands]
    nodes = any(array.dtype.kind not in "fiub" for array in arrays)
    if not nodes:
        arrays = [array.astype(float, copy=False) for array in arrays]
        compute = _AT_ONCE.get(op)
        if compute is not None:
            return compute(*arrays)
    columns = [array.ravel().tolist() for array in np.broadcast_arrays(*arrays)]
    each = zip(*columns, strict=True)
    entries = (run(op, xs) for xs in each) if op.variadic else map(op, *columns)
    # Not np.array: it would look into every node for a sequence.
    results = np.fromiter(entries, dtype=object if nodes else float, count=len(columns[0]))
    return results.reshape(np.broadcast_shapes(*(array.shape for array in arrays)))[()]


register_carrier(np.ndarray, 2, _on_arrays)
for _scalar in (np.floating, np.integer, np.bool_):
    register_carrier(_scalar, 0, lambda op, xs: op.forward(*map(float, xs)))
