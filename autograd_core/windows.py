"""The windows of an image: how their sizes are written, what is around the image, where they lie.

A window of a kernel k with dilation d covers d·(k − 1) + 1 pixels of an axis and takes every d-th
of them; windows start every s pixels, the stride, on the image with its padding around it.
"""

from __future__ import annotations

import operator
from numbers import Real
from typing import Any, Literal

import numpy as np

from .value import Value

__all__ = [
    "Fill", "Pad", "Padding", "Pair", "Sides", "Size", "checked_fill", "output_size", "padded",
    "sides", "sizes", "windows",
]  # fmt: skip

Pair = int | tuple[int, int]
Size = int | tuple[int, ...]  # of one axis or of two
Sides = tuple[tuple[int, int], ...]  # before and after, along each axis
Pad = int | tuple[int, ...] | Sides
Padding = Pad | Literal["same", "valid"]
Fill = Literal["zeros", "reflect", "replicate", "circular"] | float | Value
_NUMPY_FILL: dict[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def output_size(
    n: int,
    kernel: int,
    stride: int = 1,
    padding: Pair = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """floor((n + p₁ + p₂ − d·(k − 1) − 1)/s) + 1; at most 0 where the kernel does not fit.

    n : the pixels of an axis. padding : p on both sides, or (p₁, p₂). ceil_mode : round up, so
    that a last window may reach over the end; one that would start behind the image is left out.

    Source: V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning (2016).

    >>> output_size(39, 3), output_size(6, 3, stride=2, padding=1)
    (37, 3)
    >>> output_size(5, 2, stride=2), output_size(5, 2, stride=2, ceil_mode=True)
    (2, 3)
    """
    before, after = _two(padding)
    room = n + before + after - dilation * (kernel - 1) - 1
    if not ceil_mode or room < 0:
        return int(room // stride + 1)
    last = -(-room // stride)
    return int(last if last * stride >= n + before else last + 1)


# --- how sizes are written --------------------------------------------------------------------


def sizes(size: Size, name: str, axes: int = 2) -> tuple[int, ...]:
    """A kernel size, stride or dilation along each axis, whole numbers from 1 on.

    Errors: TypeError for what is no whole number, ValueError for others and for too many of them.

    >>> sizes(3, "stride"), sizes((1, 2), "stride"), sizes(3, "stride", axes=1)
    ((3, 3), (1, 2), (3,))
    """
    count = {1: "a whole number", 2: "a whole number or two"}.get(axes, f"{axes} whole numbers")
    try:
        items: Any = size if hasattr(size, "__len__") else (size,) * axes
        numbers = tuple(map(operator.index, items))
    except TypeError:
        raise TypeError(f"{name} is {count}; not {size!r}") from None
    if len(numbers) != axes:
        raise ValueError(f"{name} is {count}; not {size!r}")
    if min(numbers) < 1:
        raise ValueError(f"{name} is at least 1; got {size}")
    return numbers


def sides(
    padding: Padding,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Sides:
    """(before, after) along each axis, of any way to write a padding; ValueError for none.

    Along two axes: one number, (vertical, horizontal), ((top, bottom), (left, right)); along one:
    a number or (left, right). "same" keeps the size; of an odd number of pixels the larger half
    comes behind. "valid" is no padding.

    >>> sides((1, 2), (3, 3), (1, 1), (1, 1))
    ((1, 1), (2, 2))
    >>> sides("same", (3, 4), (1, 1), (1, 1))
    ((1, 1), (1, 2))
    """
    axes = len(kernel)
    if isinstance(padding, str) and padding == "valid":
        return ((0, 0),) * axes
    if isinstance(padding, str) and padding == "same":
        if any(s != 1 for s in stride):
            raise ValueError(f'padding="same" needs stride 1; got {stride}')
        total = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
        return tuple((t // 2, t - t // 2) for t in total)
    try:
        items = _two(padding) if axes == 2 else [_two(padding)]
        around = tuple(_whole(*_two(item)) for item in items)
    except (TypeError, ValueError):
        pairs = "two, two pairs" if axes == 2 else "two"
        raise ValueError(
            f'padding is a number, {pairs}, "same" or "valid"; not {padding!r}'
        ) from None
    if min(map(min, around)) < 0:
        raise ValueError(f"padding is not negative; got {padding}")
    return around


def _two(item: Any) -> tuple[Any, Any]:
    """A pair as it is, one thing twice; PyTorch's (1,) is one thing."""
    if hasattr(item, "__len__"):
        first, second = item * 2 if len(item) == 1 else item
        return first, second
    return item, item


def _whole(first: Any, second: Any) -> tuple[int, int]:
    return operator.index(first), operator.index(second)


def checked_fill(fill: Any) -> Any:
    """A rule that fills the padding, or the number that does; ValueError for anything else.

    >>> checked_fill("reflect")
    'reflect'
    """
    if isinstance(fill, Value) or (isinstance(fill, str) and fill in ("zeros", *_NUMPY_FILL)):
        return fill
    if isinstance(fill, Real):
        return float(fill)
    raise ValueError(
        f"padding is filled with a number, zeros, {', '.join(_NUMPY_FILL)}; not {fill!r}"
    )


# --- images and their windows -----------------------------------------------------------------


def padded(x: Any, around: Sides, fill: Fill = "zeros") -> Any:
    """An image (C, H, W) with padding around it.

    fill : "zeros", a number or a Value; "reflect" (mirrored at the border pixel, which is not
    repeated), "replicate" (the border pixel repeated), "circular" (the other side's pixels).
    Raises ValueError where an image is too small to be reflected or wrapped, as PyTorch does.

    >>> padded(np.array([[[1.0, 2.0, 3.0]]]), ((0, 0), (2, 1)), "reflect")
    array([[[3., 2., 1., 2., 3., 2.]]])
    """
    fill = checked_fill(fill)
    for size, widths in zip(x.shape[1:], around, strict=True):
        largest = {"reflect": size - 1, "circular": size}.get(str(fill), max(widths))
        if max(widths) > largest:
            raise ValueError(
                f"{fill} padding of {max(widths)} needs more than an axis of {size}; "
                f"it is {largest} at most, or fill with zeros or replicate"
            )
    if isinstance(fill, str) and fill != "zeros":
        return np.pad(x, [(0, 0), *around], mode=_NUMPY_FILL[fill])
    number = 0.0 if isinstance(fill, str) else fill
    (top, bottom), (left, right) = around
    channels, height, width = x.shape
    kind = object if isinstance(number, Value) else x.dtype
    result = np.full((channels, top + height + bottom, left + width + right), number, dtype=kind)
    result[:, top : top + height, left : left + width] = x
    return result


def windows(
    x: Any,
    kernel: tuple[int, ...],
    stride: tuple[int, ...] = (1, 1),
    dilation: tuple[int, ...] = (1, 1),
) -> Any:
    """Every window of an image (C, H, W): an array (H', W', C, kh, kw), a view of the image.

    Raises ValueError where the kernel does not fit into the image.

    >>> windows(np.arange(6.0).reshape(1, 2, 3), (2, 2))[0, 1]
    array([[[1., 2.],
            [4., 5.]]])
    """
    reach = [dilation[axis] * (kernel[axis] - 1) + 1 for axis in (0, 1)]
    if x.shape[1] < reach[0] or x.shape[2] < reach[1]:
        covers = f", it covers {reach[0]}×{reach[1]}" if tuple(reach) != tuple(kernel) else ""
        raise ValueError(
            f"a kernel of {kernel[0]}×{kernel[1]} does not fit into {x.shape[1]}×{x.shape[2]} "
            f"(padding included){covers}; take a larger image or more padding"
        )
    every = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(1, 2))
    chosen = every[:, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    return chosen.transpose(1, 2, 0, 3, 4)
