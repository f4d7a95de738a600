"""`Linear`: the affine map W·x + b."""

from __future__ import annotations

import math
from typing import Any

from autograd_core.functions import as_array

from .affine import affine
from .arguments import check_size, generator
from .errors import wrong_shape
from .module import Module
from .parameters import uniform_parameter

__all__ = ["Linear"]


class Linear(Module):
    """y = W·x + b: yᵢ = Σⱼ Wᵢⱼ·xⱼ + bᵢ, one `dot` node for each output.

    in_features, out_features : the entries of x and of y. bias : False leaves b out.
    seed : makes the draw repeatable; None draws from Python's `random`.

    Parameters: `weight` (out_features, in_features), named W, and `bias` (out_features,), named b,
    or None. Both are drawn from [−1/√in_features, 1/√in_features], as in PyTorch.

    Shapes: (…, in_features) to (…, out_features), whatever comes before; batches are rows.

    Errors: TypeError and ValueError for sizes that are no whole number from 1 on; ValueError for
    an input whose last axis is not in_features long.

    Source: PyTorch, `torch.nn.Linear`; the bound is that of Y. LeCun et al., Efficient BackProp
    (1998), without its factor √3.

    >>> layer = Linear(2, 3, seed=0)
    >>> layer([1.0, 2.0]).shape, layer([[1.0, 2.0], [3.0, 4.0]]).shape
    ((3,), (2, 3))
    >>> len(layer.parameters())
    9
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, *, seed: int | None = None
    ) -> None:
        self.in_features = check_size("Linear", "in_features", in_features)
        self.out_features = check_size("Linear", "out_features", out_features)
        random, bound = generator(seed), 1.0 / math.sqrt(in_features)
        shape = (self.out_features, self.in_features)
        self.weight = uniform_parameter(shape, bound, random, "W")
        self.bias = uniform_parameter(shape[:1], bound, random, "b") if bias else None

    def forward(self, input: Any) -> Any:
        """W·x + b of every row x of the input."""
        x = as_array(input)
        if x.shape[-1:] != (self.in_features,):
            raise wrong_shape(f"(…, {self.in_features})", x)
        return affine(self.weight, x, self.bias)

    def describe(self) -> str:
        """The sizes, and whether there is a bias."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )
