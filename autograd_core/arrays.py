"""Reading the table on NumPy arrays.

An array that holds Values (or a Value beside an array) becomes an array of nodes, elementwise. An
array of numbers is computed at once: by the NumPy function of the row's own name or the one named
here, else by the row's forward rule element by element.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from .op import Op, register_carrier, run

# Where NumPy calls a row by another name. Everything else has the row's own name, or no ufunc.
_BY_OTHER_NAMES: dict[str, Any] = {
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "pow": np.power,
    "identity": np.positive,
    "detach": np.positive,
    "abs": np.absolute,
    "where": lambda c, a, b: np.where(np.asarray(c) != 0.0, a, b),
    "equal": lambda a, b: np.equal(a, b).astype(float),
    "flow": lambda g, p: np.where(np.asarray(g) == 0.0, 0.0, np.multiply(g, p)),
    "step": lambda x, at_zero: np.heaviside(x, at_zero),
    "max": lambda *xs: reduce(np.maximum, xs),
    "min": lambda *xs: reduce(np.minimum, xs),
    "sum": lambda *xs: reduce(np.add, xs),
}


def _on_arrays(op: Op, operands: tuple[Any, ...]) -> Any:
    with np.errstate(all="ignore"):  # a forward rule is total, as on floats
        return _elementwise(op, operands)


def _elementwise(op: Op, operands: tuple[Any, ...]) -> Any:
    arrays = [np.asarray(operand) for operand in operands]
    if any(array.dtype.kind not in "fiub" for array in arrays):
        each = (lambda *xs: run(op, xs)) if op.variadic else op  # dot's operands lie flat already
        return np.frompyfunc(each, len(operands), 1)(*operands)
    arrays = [array.astype(float, copy=False) for array in arrays]
    compute: Any = _BY_OTHER_NAMES.get(op.name) or getattr(np, op.name, None)
    if not isinstance(compute, np.ufunc) and op.name not in _BY_OTHER_NAMES:
        compute = np.vectorize(op.forward, otypes=[float])
    return compute(*arrays)


register_carrier(np.ndarray, 2, _on_arrays)
for _scalar in (np.floating, np.integer, np.bool_):
    register_carrier(_scalar, 0, lambda op, xs: op.forward(*map(float, xs)))
