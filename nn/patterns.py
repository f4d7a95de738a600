"""Detectors of small black-and-white patterns, and every patch that there is to try them on.

Pixels are 0 or 1. The filter that is made for a pattern has +1 where the pattern has 1 and −1
where it has 0; its bias is minus the number of ones. So the score w·x + b of a patch is minus the
number of pixels in which it differs from the pattern: 0 for the pattern itself, −1 or less for any
other. The step must then be the inclusive one, step(0) = 1; with a margin of ½ added to the bias
the pattern's score is ½, every other's −½ or less, and either step will do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.convolution import conv2d
from autograd_core.functions import as_array
from autograd_core.table import step
from autograd_core.value import Value

from .arguments import check_size, shape_text
from .errors import wrong_shape
from .module import Module
from .parameters import parameter

__all__ = ["PatternDetector", "binary_patches", "matched_filter", "responding_patches"]

MOST_PIXELS = 16  # 65536 patches


def binary_patches(height: int = 3, width: int = 3) -> Any:
    """Every patch of zeros and ones: an array (2^(h·w), h, w), counted up in binary.

    Patch number n has the binary digits of n as pixels, row by row, the first pixel the highest.

    Errors: ValueError for sizes below 1, or more than 16 pixels.

    >>> binary_patches().shape
    (512, 3, 3)
    >>> binary_patches(1, 2).tolist()
    [[[0.0, 0.0]], [[0.0, 1.0]], [[1.0, 0.0]], [[1.0, 1.0]]]
    """
    height = check_size("binary_patches", "height", height)
    width = check_size("binary_patches", "width", width)
    pixels = height * width
    if pixels > MOST_PIXELS:
        raise ValueError(
            f"patches have at most {MOST_PIXELS} pixels; got {height}×{width}, that is {pixels}"
        )
    digits = np.arange(2**pixels)[:, None] >> np.arange(pixels)[::-1] & 1
    return digits.reshape(-1, height, width).astype(float)


def matched_filter(pattern: Any, margin: float = 0.0) -> tuple[Any, float]:
    """The filter and bias whose score is minus the number of pixels that differ from a pattern.

    w = 2·pattern − 1, b = margin − (the number of ones).

    pattern : (h, w) of zeros and ones. Returns (h, w) and a number. Errors: ValueError for
    another shape or other pixels.

    >>> weight, bias = matched_filter([[0, 1, 1], [0, 1, 1], [0, 1, 1]])
    >>> weight.tolist(), bias
    ([[-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]], -6.0)
    """
    ones = np.asarray(pattern)
    if ones.ndim != 2 or ones.size == 0:
        raise ValueError(f"a pattern is (h, w), rows of pixels; got {shape_text(ones.shape)}")
    if not np.isin(ones, (0, 1)).all():
        raise ValueError(f"the pixels of a pattern are 0 or 1; got {ones.tolist()}")
    ones = ones.astype(float)
    return 2.0 * ones - 1.0, margin - float(ones.sum())


def responding_patches(weight: Any, bias: float, at_zero: float = 1.0) -> Any:
    """The patches on which step(w·x + b) is 1, out of all that have the filter's shape.

    weight : (h, w), at most 16 pixels. at_zero : step(0); 1 is the inclusive step, 0 the strict.
    Returns (number, h, w), in the order of `binary_patches`. Errors: ValueError for other shapes.

    >>> responding_patches(*matched_filter([[1, 0]])).tolist()
    [[[1.0, 0.0]]]
    >>> len(responding_patches(*matched_filter([[1, 0]]), at_zero=0.0))
    0
    """
    w = as_array(weight)
    if w.ndim != 2:
        raise ValueError(f"a filter is (h, w); got {shape_text(w.shape)}")
    patches = binary_patches(*w.shape)
    scores = np.tensordot(patches, w, axes=2) + bias
    return patches[step(scores, at_zero) == 1.0]


class PatternDetector(Module):
    """A perceptron that slides over an image: 1 wherever a pattern stands, elsewhere 0.

    y[i, j] = step(b + Σ w[u, v]·x[i + u, j + v]), with weight and bias of `matched_filter`.

    Input (H, W), output (H − h + 1, W − w + 1); a patch of the pattern's own shape gives 1×1.
    pattern : (h, w) of zeros and ones. margin : is added to the bias. at_zero : step(0).
    Attributes: weight (h, w) and bias, Values.

    Errors: ValueError for other shapes, and for an image smaller than the pattern.

    Source: the matched filter, D. North, Proc. IEEE 51 (1963), 1016–1027, on zeros and ones.

    >>> corner = PatternDetector([[1, 1], [1, 0]])
    >>> [[y.data for y in row] for row in corner([[0, 1, 1], [0, 1, 0]])]
    [[0.0, 1.0]]
    """

    def __init__(self, pattern: Any, margin: float = 0.0, at_zero: float = 1.0) -> None:
        weight, bias = matched_filter(pattern, margin)
        self.weight = parameter(weight, "w")
        self.bias = Value(bias, "b")
        self.at_zero = at_zero

    def forward(self, input: Any) -> Any:
        """1 at each place where the pattern is found."""
        return step(self.scores(input), self.at_zero)

    def scores(self, input: Any) -> Any:
        """w·x + b at each place: for a binary image the margin less the pixels that differ."""
        x = as_array(input)
        if x.ndim != 2:
            raise wrong_shape("an image (H, W)", x)
        return conv2d(x[None], self.weight[None, None], [self.bias])[0]

    def describe(self) -> str:
        """The size of the pattern, and what the step is at 0."""
        return f"{shape_text(self.weight.shape)}, at_zero={self.at_zero:g}"
