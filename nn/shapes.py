"""Modules that compute nothing: `Identity` and `Flatten`."""

from __future__ import annotations

from typing import Any

from autograd_core.functions import as_array

from .arguments import shape_text
from .module import Module

__all__ = ["Flatten", "Identity"]


class Identity(Module):
    """y = x, a place for a layer that is left out; no node is made.

    Shapes: any, unchanged. Source: PyTorch, `torch.nn.Identity`.

    >>> Identity()([1.0, 2.0])
    array([1., 2.])
    """

    def forward(self, x: Any) -> Any:
        """x as an array."""
        return as_array(x)


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
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Any) -> Any:
        """x with these axes in one."""
        x = as_array(x)
        axes = range(max(x.ndim, 1))
        try:
            start, end = axes[self.start_dim], axes[self.end_dim]
        except IndexError:
            raise ValueError(
                f"{self.title()} needs these axes; got {shape_text(x.shape)}. "
                f"Flatten(0) takes every axis of one example"
            ) from None
        if start > end:
            raise ValueError(
                f"{self.title()} of {shape_text(x.shape)}: axis {start} comes after axis {end}; "
                f"exchange start_dim and end_dim"
            )
        shape = x.shape or (1,)
        merged = 1
        for size in shape[start : end + 1]:
            merged *= size
        return x.reshape((*shape[:start], merged, *shape[end + 1 :]))

    def describe(self) -> str:
        """The first and the last axis."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
