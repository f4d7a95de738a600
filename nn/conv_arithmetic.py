"""The arithmetic of convolution: sizes, paddings, numbers of layers and parameters, pixel use."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_core.windows import Padding, Pair, Size, output_size, sides, sizes

__all__ = [
    "conv2d_shape", "conv_parameter_count", "filter_depth", "linear_parameter_count", "pixel_use",
    "same_padding", "sizes_until_nothing",
]  # fmt: skip


def conv2d_shape(
    shape: tuple[int, int, int],
    out_channels: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
) -> tuple[int, int, int]:
    """(O, H', W') of what `Conv2d` makes of an image (C, H, W); H' and W' by `output_size`.

    An image of C channels keeps them only where each is filtered alone (`groups` = C); otherwise
    a filter adds up its channels, and there is one map for each filter.

    Errors: ValueError for sizes that are no sizes, or where the kernel does not fit.

    Source: PyTorch's `Conv2d`, section Shape.

    >>> conv2d_shape((3, 39, 39), 10, 3)
    (10, 37, 37)
    """
    channels, *size = sizes(shape, "shape", 3)
    [filters] = sizes(out_channels, "out_channels", 1)
    kernel, step = sizes(kernel_size, "kernel_size"), sizes(stride, "stride")
    spread = sizes(dilation, "dilation")
    around = sides(padding, kernel, step, spread)
    height, width = (
        output_size(*axis) for axis in zip(size, kernel, step, around, spread, strict=True)
    )
    if min(height, width) < 1:
        raise ValueError(
            f"a kernel of {kernel[0]}×{kernel[1]} does not fit into {channels}×{size[0]}×{size[1]} "
            f"with padding {padding}; take a larger image or more padding"
        )
    return filters, height, width


def same_padding(n: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """The least padding (before, after) of an axis of n pixels whose output has n pixels again.

    p₁ + p₂ = (n − 1)·s + d·(k − 1) + 1 − n. At stride 1 and for an odd kernel both are
    d·(k − 1)/2; where the sum is odd the larger half comes behind, as with padding="same".

    Errors: ValueError for sizes below 1.

    >>> same_padding(512, 3), same_padding(512, 4), same_padding(6, 3, stride=2)
    ((1, 1), (1, 2), (3, 4))
    """
    [n], [k] = sizes(n, "n", 1), sizes(kernel_size, "kernel_size", 1)
    [s], [d] = sizes(stride, "stride", 1), sizes(dilation, "dilation", 1)
    total = (n - 1) * s + d * (k - 1) + 1 - n
    return total // 2, total - total // 2


def sizes_until_nothing(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[int]:
    """The size of an axis after each layer of a stack, down to the last that has an output.

    As many layers have an output as the list is long; the next has none. At stride 1 without
    padding the sizes are n − i·(k − 1), and there are floor((n − 1)/(k − 1)) of them.

    Errors: ValueError where the sizes never come to nothing, since a layer keeps them or makes
    them grow.

    >>> sizes_until_nothing(9, 3)
    [7, 5, 3, 1]
    """
    [size], [k] = sizes(n, "n", 1), sizes(kernel_size, "kernel_size", 1)
    [s], [d] = sizes(stride, "stride", 1), sizes(dilation, "dilation", 1)
    [around] = sides(padding, (k,), (s,), (d,))
    found: list[int] = []
    while (smaller := output_size(size, k, s, around, d)) >= 1:
        if smaller >= size:  # the size after a layer grows with the size before: never below this
            raise ValueError(
                f"layers with a kernel of {k}, stride {s} and padding {padding} never come to "
                f"nothing: {size} pixels become {smaller}; pad less or take a larger kernel"
            )
        found.append(smaller)
        size = smaller
    return found


def filter_depth(in_channels: int, out_channels: int, groups: int = 1) -> int:
    """C/groups: how many channels of the input each filter sees.

    Errors: ValueError for numbers below 1, and where groups do not divide both.

    >>> filter_depth(6, 4, groups=2)
    3
    """
    [c], [o] = sizes(in_channels, "in_channels", 1), sizes(out_channels, "out_channels", 1)
    [g] = sizes(groups, "groups", 1)
    if c % g or o % g:
        raise ValueError(
            f"in_channels and out_channels are multiples of groups; got {c} and {o} for {g} groups"
        )
    return c // g


def conv_parameter_count(
    in_channels: int, out_channels: int, kernel_size: Size, groups: int = 1, bias: bool = True
) -> int:
    """O·(C/groups·k₁·…·kₙ + 1): a kernel for each channel that a filter sees, and its bias.

    kernel_size : a number for a square, else the sides, (k,) in one dimension. bias : False
    leaves out the 1. Errors: ValueError where groups do not divide the channels.

    >>> conv_parameter_count(3, 10, 3), conv_parameter_count(1, 1, 3)
    (280, 10)
    """
    depth = filter_depth(in_channels, out_channels, groups)
    axes = len(kernel_size) if isinstance(kernel_size, tuple) else 2
    return out_channels * (depth * math.prod(sizes(kernel_size, "kernel_size", axes)) + bool(bias))


def linear_parameter_count(in_features: int, out_features: int, bias: bool = True) -> int:
    """O·(I + 1): a weight for each pair of input and output, and a bias for each output.

    >>> linear_parameter_count(10 * 10, 8 * 8), conv_parameter_count(1, 1, 3)
    (6464, 10)
    """
    [i], [o] = sizes(in_features, "in_features", 1), sizes(out_features, "out_features", 1)
    return o * (i + bool(bias))


def pixel_use(
    shape: tuple[int, int],
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
) -> Any:
    """How often a filter uses each pixel of an image (H, W): an array (H, W) of whole numbers.

    Along an axis pixel i is used by the outputs o with o·s + u·d − p₁ = i for some u < k; the two
    axes multiply. The gradient of the sum of the outputs by a pixel is this number, for a filter
    of ones. Errors: ValueError for sizes that are no sizes; a kernel that fits nowhere uses none.

    >>> pixel_use((4, 5), 3)
    array([[1, 2, 3, 2, 1],
           [2, 4, 6, 4, 2],
           [2, 4, 6, 4, 2],
           [1, 2, 3, 2, 1]])
    """
    size, kernel = sizes(shape, "shape"), sizes(kernel_size, "kernel_size")
    step, spread = sizes(stride, "stride"), sizes(dilation, "dilation")
    around = sides(padding, kernel, step, spread)
    vertical, horizontal = (
        _use(*axis) for axis in zip(size, kernel, step, around, spread, strict=True)
    )
    return np.outer(vertical, horizontal)


def _use(n: int, kernel: int, stride: int, around: tuple[int, int], dilation: int) -> Any:
    """How often each of n pixels of one axis is used."""
    outputs = max(0, output_size(n, kernel, stride, around, dilation))
    used = np.add.outer(np.arange(outputs) * stride, np.arange(kernel) * dilation) - around[0]
    return np.bincount(used[(used >= 0) & (used < n)], minlength=n)
