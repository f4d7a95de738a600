"""Convolution and pooling on arrays of numbers or Values: one `dot` node per output entry.

Layout is PyTorch's: images (channels, height, width) or (batch, channels, height, width), weights
(out channels, in channels / groups, kernel height, kernel width). The size of an output axis is

    floor((n + p₁ + p₂ − d·(k − 1) − 1) / s) + 1

for input n, padding p₁ and p₂ on its two sides, dilation d, kernel k and stride s.
"""

from __future__ import annotations

import builtins
import operator
import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from .functions import as_array, shape_text
from .table import dot, first_max, mean, min

__all__ = ["avg_pool2d", "conv1d", "conv2d", "max_pool2d", "min_pool2d", "output_size"]

Pair = int | tuple[int, int]
Sides = tuple[tuple[int, int], tuple[int, int]]
Padding = int | tuple[int, int] | Sides | Literal["same", "valid"]
Fill = Literal["zeros", "reflect", "replicate", "circular"]
_NUMPY_FILL: dict[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def output_size(
    n: int, kernel: int, stride: int = 1, padding: Pair = 0, dilation: int = 1
) -> int:
    """floor((n + p₁ + p₂ − d·(k − 1) − 1)/s) + 1; at most 0 where the kernel does not fit.

    >>> output_size(39, 3), output_size(6, 3, stride=2, padding=1)
    (37, 3)
    """
    before, after = _two(padding)
    return int((n + before + after - dilation * (kernel - 1) - 1) // stride + 1)


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
    or "valid". fill : what the padding holds. flip : true convolution, with the kernel turned
    round. Returns (O, H', W'), with N in front as it came. Raises ValueError for other shapes.

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
    out_channels, depth, *kernel = w.shape
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
    strides, dilations = _pair(stride), _pair(dilation)
    x = _padded(x, _sides(padding, kernel, strides, dilations), fill)
    if flip:
        w = w[:, :, ::-1, ::-1]
    windows = _windows(x, (kernel[0], kernel[1]), strides, dilations, "conv2d")
    height, width = len(windows), len(windows[0])
    result = np.empty((out_channels, height, width), dtype=object)
    for o in range(out_channels):
        first = o // (out_channels // groups) * depth
        weights = w[o].ravel().tolist()
        for i, j in np.ndindex(height, width):
            patch = windows[i][j][first : first + depth].ravel().tolist()
            result[o, i, j] = dot(weights, patch, b.item(o))
    return _numbers(result)


def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: int = 1,
    padding: int | tuple[int, int] | Literal["same", "valid"] = 0,
    dilation: int = 1,
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
    sides: Any = padding if isinstance(padding, str) else ((0, 0), _two(padding))
    try:
        result = conv2d(
            x[..., None, :], w[:, :, None, :], bias, (1, stride), sides, (1, dilation), groups,
            fill=fill, flip=flip,
        )  # fmt: skip
    except ValueError as problem:  # in one dimension the message has no height
        message = re.sub(r"(?<![\d×])1×", "", str(problem).replace("conv2d", "conv1d"))
        raise ValueError(message) from None
    return result[..., 0, :]


def max_pool2d(input: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Any:
    """The largest entry of each window; a tie sends its gradient to the first, as PyTorch does.

    input : (C, H, W) or (N, C, H, W). stride : default the kernel's size. Padding never wins.

    >>> max_pool2d([[[1, 2], [3, 4]]], 2)
    array([[[4.]]])
    """
    return _pool(input, kernel_size, stride, padding, first_max, "max_pool2d")


def min_pool2d(input: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Any:
    """The smallest entry of each window; ties share the gradient. Else as `max_pool2d`.

    >>> min_pool2d([[[1, 2], [3, 4]]], 2)
    array([[[1.]]])
    """
    return _pool(input, kernel_size, stride, padding, min, "min_pool2d")


def avg_pool2d(input: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Any:
    """The mean of each window, zeros of the padding included, as PyTorch does.

    >>> avg_pool2d([[[1, 2], [3, 4]]], 2)
    array([[[2.5]]])
    """
    return _pool(input, kernel_size, stride, padding, mean, "avg_pool2d", padded=True)


# --- windows ----------------------------------------------------------------------------------


def _pool(
    input: Any,
    kernel_size: Pair,
    stride: Pair | None,
    padding: Pair,
    row: Callable[..., Any],
    name: str,
    padded: bool = False,
) -> Any:
    """`row` of the entries of each window; those of the padding count as 0 or, usually, not."""
    x = as_array(input)
    if x.ndim == 4:
        return np.stack(
            [_pool(one, kernel_size, stride, padding, row, name, padded) for one in x]
        )
    if x.ndim != 3:
        raise ValueError(f"{name} takes an input (C, H, W); got {shape_text(x)}")
    kernel = _pair(kernel_size)
    strides = kernel if stride is None else _pair(stride)
    sides = _sides(padding, kernel, strides, (1, 1))
    if any(2 * side > k for pair, k in zip(sides, kernel, strict=True) for side in pair):
        raise ValueError(f"{name}: padding {padding} is more than half of the kernel {kernel}")
    places = np.arange(x.shape[1] * x.shape[2]).reshape(1, *x.shape[1:])
    places = np.pad(places, [(0, 0), *sides], constant_values=-1)
    windows = _windows(places, kernel, strides, (1, 1), name)
    result = np.empty((x.shape[0], len(windows), len(windows[0])), dtype=object)
    for c, i, j in np.ndindex(result.shape):
        entries = [
            x[c].item(place) if place >= 0 else 0.0
            for place in windows[i][j].ravel()
            if place >= 0 or padded
        ]
        result[c, i, j] = row(entries)
    return _numbers(result)


def _windows(
    x: Any, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int], name: str
) -> list[list[Any]]:
    """The patches under the kernel, row by row, each (C, kh, kw)."""
    starts = []
    for axis in (0, 1):
        size = output_size(x.shape[axis + 1], kernel[axis], stride[axis], 0, dilation[axis])
        if size < 1:
            raise ValueError(
                f"{name}: a kernel of {kernel[0]}×{kernel[1]} does not fit into "
                f"{x.shape[1]}×{x.shape[2]} (padding included)"
            )
        starts.append([i * stride[axis] for i in range(size)])
    reach = [dilation[axis] * (kernel[axis] - 1) + 1 for axis in (0, 1)]
    return [
        [
            x[:, i : i + reach[0] : dilation[0], j : j + reach[1] : dilation[1]]
            for j in starts[1]
        ]
        for i in starts[0]
    ]  # fmt: skip


def _padded(x: Any, sides: Sides, fill: Fill) -> Any:
    if fill != "zeros" and fill not in _NUMPY_FILL:
        raise ValueError(f"padding is filled with zeros, {', '.join(_NUMPY_FILL)}; not {fill!r}")
    if not any(map(any, sides)):
        return x
    if fill == "zeros":
        return np.pad(x, [(0, 0), *sides], constant_values=0.0)
    return np.pad(x, [(0, 0), *sides], mode=_NUMPY_FILL[fill])


def _sides(
    padding: Padding, kernel: Any, stride: tuple[int, int], dilation: tuple[int, int]
) -> Sides:
    """((top, bottom), (left, right)) of any way to write a padding."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":
        if stride != (1, 1):
            raise ValueError(f'padding="same" needs stride 1; got {stride}')
        totals = [dilation[axis] * (kernel[axis] - 1) for axis in (0, 1)]
        top, left = (total // 2 for total in totals)
        return (top, totals[0] - top), (left, totals[1] - left)
    try:
        vertical, horizontal = map(_two, _two(padding))
    except (TypeError, ValueError):
        raise ValueError(
            f'padding is a number, two, two pairs, "same" or "valid"; not {padding!r}'
        ) from None
    sides: Sides = (_whole(vertical), _whole(horizontal))
    if builtins.min(*sides[0], *sides[1]) < 0:
        raise ValueError(f"padding is not negative; got {padding}")
    return sides


def _two(item: Any) -> tuple[Any, Any]:
    """A pair as it is, one thing twice."""
    if hasattr(item, "__len__"):
        first, second = item
        return first, second
    return item, item


def _whole(pair: tuple[Any, Any]) -> tuple[int, int]:
    return operator.index(pair[0]), operator.index(pair[1])


def _pair(number: Pair) -> tuple[int, int]:
    try:
        pair = _whole(_two(number))
    except (TypeError, ValueError):
        raise ValueError(
            f"kernel sizes, strides and dilations are a whole number or two; not {number!r}"
        ) from None
    if builtins.min(*pair) < 1:
        raise ValueError(f"kernel sizes, strides and dilations are at least 1; got {number}")
    return pair


def _numbers(array: Any) -> Any:
    """The array as floats, where no entry is a Value."""
    if all(isinstance(entry, float) for entry in array.flat):
        return array.astype(float)
    return array
