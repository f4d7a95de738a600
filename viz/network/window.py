"""One pixel of an output and the window of the input that it comes from, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.windows import Fill, Padding, Pair, padded, sides, sizes, windows

from ..inputs import Numbers, numbers

__all__ = ["Window", "convolution_window", "image_of", "place_in", "pooling_window"]


@dataclass(frozen=True, slots=True)
class Window:
    """What a picture of one output pixel shows.

    image : (C, H, W), its padding included. padding : the places that are padding. output : the
    map (H', W'). at : the pixel of it. cells : the places of the window in the image, row by row,
    those outside of it left out. kernel, products : (C, kh, kw), for a convolution. total : what
    is taken of the numbers in the window, such as "max". blank : the padding is no number.
    """

    image: Numbers
    padding: frozenset[tuple[int, int]]
    output: Numbers
    at: tuple[int, int]
    cells: Sequence[tuple[int, int]]
    kernel: Numbers | None = None
    bias: float = 0.0
    total: str = ""
    blank: bool = False

    @property
    def pixel(self) -> float:
        """The number of the output pixel."""
        return float(self.output[self.at])

    @property
    def seen(self) -> Numbers:
        """The window of the image, (C, kh, kw)."""
        assert self.kernel is not None
        rows, columns = zip(*self.cells, strict=True)
        return self.image[:, rows, columns].reshape(self.kernel.shape)

    @property
    def products(self) -> Numbers:
        """Each weight of the kernel times the pixel under it."""
        assert self.kernel is not None
        return self.kernel * self.seen


def convolution_window(
    image: Any, kernel: Any, at: tuple[int, int], bias: float = 0.0, stride: Pair = 1,
    padding: Padding = 0, dilation: Pair = 1, fill: Fill = "zeros", flip: bool = False,
) -> Window:  # fmt: skip
    """The pixel `at` of the convolution of an image (C, H, W) with a kernel (C, kh, kw).

    Raises ValueError for shapes that do not fit, and for a pixel that the output does not have.

    >>> found = convolution_window([[[1, 2], [3, 4]]], [[[1, 10], [0, 0]]], (0, 0))
    >>> found.pixel, found.products.tolist()
    (21.0, [[[1.0, 20.0], [0.0, 0.0]]])
    """
    x, k = image_of("image", image), image_of("kernel", kernel)
    if len(x) != len(k):
        raise ValueError(
            f"the image has {len(x)} channels and the kernel {len(k)}: give the kernel one "
            "square of weights for each channel"
        )
    if flip:
        k = k[:, ::-1, ::-1]
    size, step, spread = k.shape[1:], sizes(stride, "stride"), sizes(dilation, "dilation")
    around = sides(padding, size, step, spread)
    larger = padded(x, around, fill)
    seen = windows(larger, size, step, spread)
    output = np.einsum("ijcuv,cuv->ij", seen, k) + bias
    i, j = place_in(output.shape, at)
    cells = [
        (i * step[0] + u * spread[0], j * step[1] + v * spread[1])
        for u in range(size[0])
        for v in range(size[1])
    ]
    return Window(larger, _places(larger.shape[1:], around), output, (i, j), cells, k, bias)


def pooling_window(
    image: Numbers, output: Numbers, at: tuple[int, int], kernel_size: Pair, stride: Pair,
    padding: Any, dilation: Pair, total: str, blank: bool,
) -> Window:  # fmt: skip
    """The pixel `at` of a pooled map (H', W'), and its window of the image (1, H, W).

    blank : the padding does not count; else it is 0.
    """
    size, step = sizes(kernel_size, "kernel_size"), sizes(stride, "stride")
    spread = sizes(dilation, "dilation")
    around = sides(padding, size, step, spread)
    larger = padded(image, around)
    i, j = place_in(output.shape, at)
    cells = [
        (i * step[0] + u * spread[0], j * step[1] + v * spread[1])
        for u in range(size[0])
        for v in range(size[1])
        if i * step[0] + u * spread[0] < larger.shape[1]
        and j * step[1] + v * spread[1] < larger.shape[2]  # a last window may reach over the end
    ]
    places = _places(larger.shape[1:], around)
    return Window(larger, places, output, (i, j), cells, total=total, blank=blank)


def image_of(what: str, given: Any) -> Numbers:
    """An image or a kernel as (C, H, W); of (H, W) the only channel."""
    found = numbers(what, given, "(H, W) or (C, H, W)", 2, 3)
    return found[None] if found.ndim == 2 else found


def place_in(shape: tuple[int, ...], at: Any) -> tuple[int, int]:
    """A pixel (row, column) that a map of this shape has; else ValueError."""
    rows, columns = shape
    try:
        i, j = at
        inside = 0 <= i < rows and 0 <= j < columns and (int(i), int(j)) == (i, j)
    except (TypeError, ValueError):
        inside = False
    if not inside:
        raise ValueError(
            f"at is a pixel (row, column) of the output, whose size is {rows}×{columns}; got {at!r}"
        )
    return int(i), int(j)


def _places(size: tuple[int, ...], around: Any) -> frozenset[tuple[int, int]]:
    """Where in an image of this size, padding included, the padding is."""
    (top, bottom), (left, right) = around
    rows, columns = size
    return frozenset(
        (i, j)
        for i in range(rows)
        for j in range(columns)
        if not (top <= i < rows - bottom and left <= j < columns - right)
    )
