"""Compositions of rows on arrays: products of matrices, softmax, and moving entries about.

Arrays hold numbers or Values, as NumPy arrays or nested lists; results are NumPy arrays (of
floats where all went in as numbers), or a single Value. Shapes are checked, and a mismatch says
what was expected and what came.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from .table import dot, exp, logsumexp
from .value import Value

__all__ = [
    "as_array", "concat", "dropout", "flatten", "log_softmax", "matmul", "outer", "softmax",
    "transpose",
]  # fmt: skip


LARGEST_UNSHIFTED = 100.0


def as_array(items: Any) -> Any:
    """A NumPy array of the numbers or Values in nested lists.

    Errors: ValueError for rows of different lengths, TypeError for text and complex numbers.

    >>> as_array([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    try:
        array = np.asarray(items)
    except ValueError:
        raise ValueError("the rows of a matrix have one length; these do not") from None
    if array.dtype.kind not in "fOiub":
        raise TypeError(f"an array holds real numbers or Values, not {array.dtype}")
    return array if array.dtype.kind in "fO" else array.astype(float)


def shape_text(array: Any) -> str:
    """2×3 for a shape (2, 3), for messages."""
    return "×".join(map(str, array.shape)) or "a single number"


def matmul(a: Any, b: Any) -> Any:
    """The matrix product, one `dot` node per entry: cᵢⱼ = Σₖ aᵢₖ·bₖⱼ.

    Shapes (m, n) and (n, p) give (m, p); a vector counts as a row on the left and a column on the
    right and gives a vector, or one Value for two vectors. Raises ValueError for other shapes.

    >>> matmul([[1, 2], [3, 4]], [5, 6])
    array([17., 39.])
    """
    a, b = as_array(a), as_array(b)
    if a.ndim not in (1, 2) or b.ndim not in (1, 2) or a.shape[-1] != b.shape[0]:
        raise ValueError(
            f"matmul needs shapes (m, n) and (n, p); got {shape_text(a)} and {shape_text(b)}"
        )
    if a.dtype != object and b.dtype != object:
        return a @ b
    rows = a.tolist() if a.ndim == 2 else [a.tolist()]
    columns = b.T.tolist() if b.ndim == 2 else [b.tolist()]
    entries = dot.products(rows, columns, [0.0] * len(rows))
    product = np.fromiter(entries, object, count=len(entries)).reshape(len(columns), len(rows))
    return product.T.reshape(a.shape[:-1] + b.shape[1:])[()]


def transpose(a: Any, axes: Any = None) -> Any:
    """The array with its axes reversed, or in the order `axes`.

    >>> transpose([[1, 2, 3]]).shape
    (3, 1)
    """
    return as_array(a).transpose(axes)


def concat(*arrays: Any, axis: int = 0) -> Any:
    """Arrays joined along an axis; the other axes must agree.

    >>> concat([1, 2], [3])
    array([1., 2., 3.])
    """
    parts = [as_array(array) for array in arrays]
    try:
        return np.concatenate(parts, axis=axis)
    except ValueError:
        shapes = ", ".join(map(shape_text, parts))
        raise ValueError(f"concat along axis {axis} needs equal other axes; got {shapes}") from None


def outer(a: Any, b: Any) -> Any:
    """The outer product of two vectors: cᵢⱼ = aᵢ·bⱼ, shape (m, n).

    >>> outer([1, 2], [3, 4])
    array([[3., 4.],
           [6., 8.]])
    """
    a, b = as_array(a), as_array(b)
    if a.ndim != 1 or b.ndim != 1:
        raise ValueError(f"outer takes two vectors; got {shape_text(a)} and {shape_text(b)}")
    return a[:, None] * b[None, :]


def flatten(a: Any, start: int = 0) -> Any:
    """All axes from `start` on in one, the last index running fastest.

    >>> flatten([[1, 2], [3, 4]])
    array([1., 2., 3., 4.])
    """
    a = as_array(a)
    return a.reshape((*a.shape[:start], -1))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """ln softmax: xᵢ − ln Σⱼ e^xⱼ along an axis, in the shape of x.

    Stable for any size of x: `logsumexp` is, and entries beyond ±100 are first taken down by the
    largest, a constant that changes nothing but the digits that are left.

    >>> [round(float(p), 4) for p in log_softmax([0.0, 0.0])]
    [-0.6931, -0.6931]
    """
    x = as_array(x)
    if x.ndim == 0:
        raise ValueError("softmax needs at least one axis; got a single number")
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"softmax along axis {axis} of an array with {x.ndim} axes")
    largest = max((abs(v.data if isinstance(v, Value) else v) for v in x.flat), default=0.0)
    if LARGEST_UNSHIFTED < largest < np.inf:
        x = x - np.max(_numbers(x), axis=axis, keepdims=True)
    total = logsumexp(x, axis=axis) if x.ndim > 1 else logsumexp(x)
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is NaN
        return x - (np.expand_dims(total, axis) if x.ndim > 1 else total)


def _numbers(x: Any) -> Any:
    """The plain numbers of an array: a constant that no gradient passes."""
    return np.array([v.data if isinstance(v, Value) else v for v in x.flat]).reshape(x.shape)


def softmax(x: Any, axis: int = -1) -> Any:
    """qᵢ = e^xᵢ / Σⱼ e^xⱼ along an axis, in the shape of x, computed as e^(xᵢ − ln Σⱼ e^xⱼ).

    Source: J. Bridle, Neurocomputing, NATO ASI F68 (1990), 227–236.

    >>> [round(float(q), 4) for q in softmax([1.0, 2.0, 3.0])]
    [0.09, 0.2447, 0.6652]
    """
    return exp(log_softmax(x, axis))


def dropout(x: Any, p: float = 0.5, training: bool = True, seed: int | None = None) -> Any:
    """Each entry is 0 with probability p, else x/(1 − p), so that the mean stays; x in evaluation.

    p : in [0, 1]. seed : makes the choice repeatable.

    Source: N. Srivastava et al., JMLR 15 (2014), 1929–1958 (inverted, as PyTorch).

    >>> dropout([1.0, 1.0, 1.0, 1.0], p=0.5, seed=1)
    array([0., 2., 2., 0.])
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a probability lies between 0 and 1; got {p}")
    x = as_array(x)
    if not training or p == 0.0:
        return x
    choose = random.Random(seed).random
    scale = [0.0 if choose() < p else 1.0 / (1.0 - p) for _ in range(x.size)]
    return x * np.array(scale).reshape(x.shape)
