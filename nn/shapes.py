"""Modules that compute nothing: `Identity` and `Flatten`."""

from __future__ import annotations

import math
from typing import Any

from autograd_core.functions import as_array

from .arguments import whole_number
from .errors import wrong_shape
from .module import Module

__all__ = ["Flatten", "Identity"]


class Identity(Module):
    """y = x, a place for a layer that is left out; no node is made.

    Shapes: any, unchanged. Source: PyTorch, `torch.nn.Identity`.

    >>> Identity()([1.0, 2.0])
    array([1., 2.])
    """

    def forward(self, input: Any) -> Any:
        """The input as an array."""
        return as_array(input)


class Flatten(Module):
    """The axes from start_dim to end_dim in one, the last index running fastest; no node is made.

    Shapes: (batch, …) to (batch, product of the rest); `Flatten(0)` makes a vector of one image.

    Errors: ValueError for axes that the input does not have, or in the wrong order.

    Source: PyTorch, `torch.nn.Flatten`.

    >>> Flatten()([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = whole_number("Flatten", "start_dim", start_dim)
        self.end_dim = whole_number("Flatten", "end_dim", end_dim)

    def forward(self, input: Any) -> Any:
        """The input with these axes in one."""
        x = as_array(input)
        axes = range(max(x.ndim, 1))
        try:
            start, end = axes[self.start_dim], axes[self.end_dim]
        except IndexError:
            raise wrong_shape(
                f"the axes {self.start_dim} and {self.end_dim}", x,
                "; Flatten(0) takes every axis of one example",
            ) from None  # fmt: skip
        if start > end:
            raise wrong_shape(
                f"an input where axis {self.start_dim} comes before axis {self.end_dim}", x,
                "; exchange start_dim and end_dim",
            )  # fmt: skip
        shape = x.shape or (1,)
        merged = math.prod(shape[start : end + 1])
        return x.reshape((*shape[:start], merged, *shape[end + 1 :]))

    def describe(self) -> str:
        """The first and the last axis."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
