"""`LayerNorm`: each example brought to mean 0 and variance 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.functions import as_array
from autograd_core.table import mean, sqrt, square

from .arguments import check_size
from .errors import wrong_shape
from .module import Module
from .parameters import parameter

__all__ = ["LayerNorm"]


class LayerNorm(Module):
    """y = (x − μ)/√(σ² + eps)·weight + bias, with mean μ and variance σ² over the last axes.

    σ² is the mean of (x − μ)². normalized_shape : the last axes, as a tuple, or one number for
    the last alone. elementwise_affine : False leaves weight and bias out; bias : False leaves
    bias out.

    Parameters of the shape normalized_shape: `weight`, named gamma, all 1, and `bias`, named
    beta, all 0; None where they are left out.

    Shapes: (…, *normalized_shape), unchanged. Errors: ValueError for an input that does not end
    in normalized_shape.

    Source: J. Ba et al., arXiv 1607.06450 (2016), eq. 4; PyTorch, `torch.nn.LayerNorm`.

    >>> LayerNorm(2, eps=0.0, elementwise_affine=False)([[1.0, 3.0], [5.0, 1.0]])
    array([[-1.,  1.],
           [ 1., -1.]])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        axes = normalized_shape if isinstance(normalized_shape, Sequence) else [normalized_shape]
        if not axes:
            raise ValueError("LayerNorm needs at least one axis in normalized_shape")
        self.normalized_shape = tuple(check_size("LayerNorm", "normalized_shape", n) for n in axes)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        ones = np.ones(self.normalized_shape)
        self.weight = parameter(ones, "gamma") if elementwise_affine else None
        self.bias = parameter(0.0 * ones, "beta") if elementwise_affine and bias else None

    def forward(self, input: Any) -> Any:
        """Every example, normalised."""
        x, inner = as_array(input), self.normalized_shape
        if x.shape[-len(inner) :] != inner:
            raise wrong_shape(f"(…, {', '.join(map(str, inner))})", x)
        rows = x.reshape(-1, math.prod(inner))
        centred = rows - mean(rows, axis=1)[:, None]
        variance = mean(square(centred), axis=1)
        y = (centred / sqrt(variance + self.eps)[:, None]).reshape(x.shape)
        y = y if self.weight is None else y * self.weight
        return y if self.bias is None else y + self.bias

    def describe(self) -> str:
        """The shape, eps and whether there are parameters."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )
