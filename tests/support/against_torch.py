"""Comparing this package with PyTorch in float64: values and every gradient.

Torch is imported when a comparison is first made, so that the other tests run without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autograd_core as ac

Arrays = Sequence[Any]
SCALE_TOLERANCE = 1e-13  # of the largest entry: what a sum of cancelling products may lose


def torch() -> Any:
    """The module, imported late."""
    import torch

    return torch


def as_values(array: Any) -> Any:
    """An object array of fresh leaves, or one leaf for a single number."""
    array = np.asarray(array, float)
    if array.ndim == 0:
        return ac.Value(float(array))
    return np.array([ac.Value(x) for x in array.ravel()], dtype=object).reshape(array.shape)


def numbers(result: Any) -> Any:
    """The floats of an array of Values and floats, or of a single one."""
    array = np.asarray(result, dtype=object)
    flat = [x.data if isinstance(x, ac.Value) else float(x) for x in array.ravel()]
    return np.array(flat, float).reshape(array.shape)


def grads(values: Any) -> Any:
    """The `.grad` of every leaf, in the array's shape."""
    array = np.asarray(values, dtype=object)
    return np.array([v.grad for v in array.ravel()], float).reshape(array.shape)


def cotangent(shape: tuple[int, ...]) -> Any:
    """Fixed weights without a pattern, so that every output entry shows in the gradients."""
    return np.cos(1.0 + np.arange(int(np.prod(shape)))).reshape(shape) + 1.5


def weighted_sum(result: Any) -> Any:
    """Σ cotangent · entry, one Value."""
    array = np.asarray(result, dtype=object)
    return ac.dot(array.ravel().tolist(), cotangent(array.shape).ravel().tolist())


def torch_reading(f: Callable[..., Any], inputs: Arrays) -> tuple[Any, list[Any]]:
    """f(torch tensors…): its value and the gradients of its weighted sum."""
    t = torch()
    tensors = [t.tensor(np.asarray(x, float), requires_grad=True) for x in inputs]
    out = f(*tensors)
    weights = t.tensor(cotangent(tuple(out.shape)))
    slopes = t.autograd.grad((out * weights).sum(), tensors, allow_unused=True)
    zeros = [np.zeros(np.shape(x)) for x in inputs]
    return out.detach().numpy(), [
        zero if slope is None else slope.numpy() for zero, slope in zip(zeros, slopes, strict=True)
    ]


def close(
    got: Any, expected: Any, what: str = "", tolerance: float = 1e-10, absolute: float = 0.0
) -> None:
    """Equal shapes, and entries equal to `tolerance`, NaN and infinities included."""
    expected = np.asarray(expected, float)
    assert np.shape(got) == expected.shape, f"{what}: {np.shape(got)} is not {expected.shape}"
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size else 0.0
    np.testing.assert_allclose(
        got,
        expected,
        rtol=tolerance,
        atol=max(absolute, SCALE_TOLERANCE * scale),
        err_msg=what,
    )


def agree(
    ours: Callable[..., Any],
    theirs: Callable[..., Any],
    *inputs: Any,
    tolerance: float = 1e-10,
    absolute: float = 0.0,
) -> None:
    """The same values on Values, on floats and on nested lists, and the same gradients.

    absolute : what the values alone may differ by where they are nearly 0.
    """
    value, slopes = torch_reading(theirs, inputs)
    leaves = [as_values(x) for x in inputs]
    result = ours(*leaves)
    close(numbers(result), value, "value", tolerance, absolute)
    weighted_sum(result).backward()
    for i, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True)):
        close(grads(leaf), slope, f"gradient of input {i + 1}", tolerance)
    arrays = [np.asarray(x, float) for x in inputs]
    for kind, plain in (
        ("floats", ours(*arrays)),
        ("nested lists", ours(*(a.tolist() for a in arrays))),
    ):
        assert np.asarray(plain).dtype == float, f"{kind} in, floats out; not {plain!r}"
        close(plain, value, kind, tolerance, absolute)
