"""Convolution and pooling on arrays of numbers or Values: one node per output entry.

Layout is PyTorch's: images (channels, height, width) or (batch, channels, height, width), weights
(out channels, in channels / groups, kernel height, kernel width). `windows.output_size` has the
size of what comes out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from .functions import as_array, shape_text
from .table import div, dot, first_max, mean, min, sum
from .windows import Fill, Pad, Padding, Pair, Size, output_size, padded, sides, sizes, windows

__all__ = ["avg_pool2d", "conv1d", "conv2d", "max_pool2d", "min_pool2d"]

_PADDING, _BEYOND = -1, -2  # places that are no pixel


def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    fill: Fill = "zeros",
    flip: bool = False,
) -> Any:
    """Two-dimensional cross-correlation: y[o,i,j] = b[o] + Σ w[o,c,u,v]·x[c, i·s + u·d, j·s + v·d].

    input : (C, H, W) or (N, C, H, W). weight : (O, C / groups, kh, kw). bias : (O,) or None.
    padding : the same on all sides, (vertical, horizontal), ((top, bottom), (left, right)), "same"
    or "valid". fill : what the padding holds, "zeros", "reflect", "replicate", "circular" or a
    number. flip : true convolution, with the kernel turned round. Returns (O, H', W'), with N in
    front as it came. Raises ValueError for other shapes.

    >>> conv2d([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[[1, 0], [0, -1]]]])
    array([[[-4., -4.],
            [-4., -4.]]])
    """
    x, w = as_array(input), as_array(weight)
    if x.ndim == 4:
        options: Any = {"fill": fill, "flip": flip}
        return np.stack(
            [conv2d(one, w, bias, stride, padding, dilation, groups, **options) for one in x]
        )
    if x.ndim != 3 or w.ndim != 4:
        raise ValueError(
            f"conv2d takes an input (C, H, W) and a weight (O, C, kh, kw); "
            f"got {shape_text(x)} and {shape_text(w)}"
        )
    out_channels, depth, *_ = w.shape
    if groups < 1 or x.shape[0] != depth * groups or out_channels % groups:
        raise ValueError(
            f"conv2d with {groups} group{'s' if groups != 1 else ''}: an input of "
            f"{x.shape[0]} channels does not fit a weight {shape_text(w)}"
        )
    b = np.zeros(out_channels) if bias is None else as_array(bias)
    if b.shape != (out_channels,):
        raise ValueError(
            f"conv2d needs a bias for each of {out_channels} channels; got {shape_text(b)}"
        )
    kernel, strides, dilations = w.shape[2:], sizes(stride, "stride"), sizes(dilation, "dilation")
    x = padded(x, sides(padding, kernel, strides, dilations), fill)
    if flip:
        w = w[:, :, ::-1, ::-1]
    return _numbers(_correlated(_windows("conv2d", x, kernel, strides, dilations), w, b, groups))


def _correlated(patches: Any, w: Any, b: Any, groups: int) -> Any:
    """One `dot` of each filter with each window of its group of channels."""
    height, width, *_ = patches.shape
    filters = len(w) // groups
    windows = patches.reshape(height * width, groups, math.prod(w.shape[1:]))
    weights, biases = w.reshape(groups, filters, windows.shape[2]), b.reshape(groups, filters)
    result = np.empty((groups, filters, height, width), dtype=object)
    for group in range(groups):
        pixels = windows[:, group].tolist()
        entries = dot.products(weights[group].tolist(), pixels, biases[group].tolist())
        flat = np.fromiter(entries, object, count=len(entries))
        result[group] = flat.reshape(height, width, filters).transpose(2, 0, 1)
    return result.reshape(len(w), height, width)


def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    *,
    fill: Fill = "zeros",
    flip: bool = False,
) -> Any:
    """One-dimensional cross-correlation: input (C, L) or (N, C, L), weight (O, C / groups, k).

    padding : the same on both sides, (left, right), "same" or "valid". Else as `conv2d`.

    >>> conv1d([[1, 2, 3, 4]], [[[1, -1]]])
    array([[-1., -1., -1.]])
    """
    x, w = as_array(input), as_array(weight)
    if x.ndim not in (2, 3) or w.ndim != 3:
        raise ValueError(
            f"conv1d takes an input (C, L) and a weight (O, C, k); "
            f"got {shape_text(x)} and {shape_text(w)}"
        )
    if x.shape[-2] != w.shape[1] * groups:
        raise ValueError(
            f"conv1d with {groups} group{'s' if groups != 1 else ''}: an input of "
            f"{x.shape[-2]} channels does not fit a weight {shape_text(w)}"
        )
    [step], [spread] = sizes(stride, "stride", 1), sizes(dilation, "dilation", 1)
    [around] = sides(padding, w.shape[2:], (step,), (spread,))
    try:
        result = conv2d(
            x[..., None, :], w[:, :, None, :], bias, (1, step), ((0, 0), around),
            (1, spread), groups, fill=fill, flip=flip,
        )  # fmt: skip
    except ValueError as problem:  # in one dimension the message has no height
        message = re.sub(r"(?<![\d×])1×", "", str(problem).replace("conv2d", "conv1d"))
        raise ValueError(message) from None
    return result[..., 0, :]


# --- pooling ----------------------------------------------------------------------------------


def max_pool2d(
    input: Any,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pad = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
) -> Any:
    """The largest entry of each window; a tie sends its gradient to the first, as PyTorch does.

    input : (C, H, W) or (N, C, H, W). stride : default the kernel's size. padding : as in
    `conv2d`, at most half of the kernel; it never wins. ceil_mode : a last window may reach over
    the end. Raises ValueError for other shapes.

    >>> max_pool2d([[[1, 2], [3, 4]]], 2)
    array([[[4.]]])
    """
    largest = _of_pixels(first_max, -math.inf)
    return _pool("max_pool2d", input, largest, kernel_size, stride, padding, dilation, ceil_mode)


def min_pool2d(
    input: Any,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pad = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
) -> Any:
    """The smallest entry of each window; ties share the gradient. Else as `max_pool2d`.

    >>> min_pool2d([[[1, 2], [3, 4]]], 2)
    array([[[1.]]])
    """
    smallest = _of_pixels(min, math.inf)
    return _pool("min_pool2d", input, smallest, kernel_size, stride, padding, dilation, ceil_mode)


def avg_pool2d(
    input: Any,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pad = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of each window, zeros of the padding included, as PyTorch does.

    count_include_pad : False for the mean of the pixels alone. divisor_override : the sum is
    divided by this number instead. Else as `max_pool2d`.

    >>> avg_pool2d([[[1, 2], [3, 4]]], 2)
    array([[[2.5]]])
    """
    if divisor_override == 0:
        raise ValueError("avg_pool2d: divisor_override is not 0; None divides by the window's size")

    def average(pixels: list[Any], padding: int) -> Any:
        if divisor_override is not None:
            return div(sum(pixels), float(divisor_override))
        return mean(pixels + [0.0] * (padding if count_include_pad else 0))

    return _pool("avg_pool2d", input, average, kernel_size, stride, padding, 1, ceil_mode)


def _of_pixels(row: Callable[..., Any], of_none: float) -> Callable[[list[Any], int], Any]:
    """A row of the pixels of a window, whatever padding is in it."""
    return lambda pixels, padding: row(pixels) if pixels else of_none


def _pool(
    name: str,
    input: Any,
    reduce: Callable[[list[Any], int], Any],
    kernel_size: Pair,
    stride: Pair | None,
    padding: Pad,
    dilation: Pair,
    ceil_mode: bool,
) -> Any:
    """`reduce` of each window: its pixels, and how many entries of the padding are beside them."""
    x = as_array(input)
    if x.ndim == 4:
        same = (reduce, kernel_size, stride, padding, dilation, ceil_mode)
        return np.stack([_pool(name, one, *same) for one in x])
    if x.ndim != 3:
        raise ValueError(f"{name} takes an input (C, H, W); got {shape_text(x)}")
    kernel = sizes(kernel_size, "kernel_size")
    strides = kernel if stride is None else sizes(stride, "stride")
    dilations = sizes(dilation, "dilation")
    places = _places(name, x.shape[1:], kernel, strides, padding, dilations, ceil_mode)
    chosen = _windows(name, places, kernel, strides, dilations)
    channels = x.reshape(x.shape[0], -1)
    result = np.empty((x.shape[0], *chosen.shape[:2]), dtype=object)
    for i, j in np.ndindex(chosen.shape[:2]):
        window = chosen[i, j].ravel()
        inside, around = window[window >= 0], int(np.count_nonzero(window == _PADDING))
        for c, pixels in enumerate(channels):
            result[c, i, j] = reduce(pixels[inside].tolist(), around)
    return _numbers(result)


def _places(
    name: str,
    size: tuple[int, int],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: Pad,
    dilation: tuple[int, ...],
    ceil_mode: bool,
) -> Any:
    """(1, H, W): the number of each pixel, with marks for the padding and for what is beyond it."""
    around = sides(padding, kernel, stride, dilation)
    if any(2 * side > kernel[axis] for axis in (0, 1) for side in around[axis]):
        raise ValueError(f"{name}: padding {padding} is more than half of the kernel {kernel}")
    places = padded(np.arange(size[0] * size[1]).reshape(1, *size), around, _PADDING)
    if not ceil_mode:
        return places
    beyond = []
    for axis in (0, 1):
        counted = (kernel[axis], stride[axis], around[axis], dilation[axis])
        last = (output_size(size[axis], *counted, ceil_mode=True) - 1) * stride[axis]
        end = last + dilation[axis] * (kernel[axis] - 1) + 1
        beyond.append((0, max(0, end - places.shape[axis + 1])))
    return padded(places, (beyond[0], beyond[1]), _BEYOND)


# --- windows ----------------------------------------------------------------------------------


def _windows(
    name: str, x: Any, kernel: Any, stride: tuple[int, ...], dilation: tuple[int, ...]
) -> Any:
    try:
        return windows(x, kernel, stride, dilation)
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None


def _numbers(array: Any) -> Any:
    """The array as floats, where no entry is a Value."""
    if all(isinstance(entry, float) for entry in array.flat):
        return array.astype(float)
    return array
