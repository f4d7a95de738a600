"""The affine map W·x + b, of which every dense and recurrent layer is made."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_core.functions import as_array
from autograd_core.table import dot

from .arguments import shape_text

__all__ = ["affine"]


def affine(weight: Any, x: Any, bias: Any = None) -> Any:
    """yᵢ = Σⱼ Wᵢⱼ·xⱼ + bᵢ along the last axis of x, one `dot` node for each entry.

    weight : (outputs, inputs). x : (…, inputs). bias : (outputs,), None for zeros. Returns
    (…, outputs), numbers where all three are numbers. Errors: ValueError for other shapes.

    Source: PyTorch, `torch.nn.functional.linear`.

    >>> affine([[1, 2], [3, 4]], [[1, 0], [0, 1]], [10, 20])
    array([[11., 23.],
           [12., 24.]])
    """
    weight, x = as_array(weight), as_array(x)
    if weight.ndim != 2 or x.shape[-1:] != weight.shape[1:]:
        raise ValueError(
            "a weight (outputs, inputs) takes an input (…, inputs); "
            f"got {shape_text(weight.shape)} for {shape_text(x.shape)}"
        )
    b = np.zeros(len(weight)) if bias is None else as_array(bias)
    if b.shape != weight.shape[:1]:
        raise ValueError(
            f"a bias has an entry for each row of the weight {shape_text(weight.shape)}; "
            f"got {shape_text(b.shape)}"
        )
    shape = (*x.shape[:-1], len(weight))
    vectors = x.reshape(math.prod(x.shape[:-1]), x.shape[-1]).tolist()
    entries = dot.products(weight.tolist(), vectors, b.tolist())
    # Not np.array: it would look into every node for a sequence.
    flat = np.fromiter(entries, np.result_type(weight, x, b), count=math.prod(shape))
    return flat.reshape(shape)
