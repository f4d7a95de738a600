"""One output pixel and its window: against loops that are written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import Value
from viz.network.window import convolution_window, image_of, place_in, pooling_window


def pixel_by_loops(image: Any, kernel: Any, i: int, j: int, s: int, p: int, d: int) -> float:
    """b + Σ k[c, u, v]·x[c, i·s + u·d − p, j·s + v·d − p], where there is an x."""
    total = 0.0
    for c in range(len(image)):
        for u in range(len(kernel[c])):
            for v in range(len(kernel[c][0])):
                y, x = i * s + u * d - p, j * s + v * d - p
                if 0 <= y < len(image[c]) and 0 <= x < len(image[c][0]):
                    total += kernel[c][u][v] * image[c][y][x]
    return total


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 3), st.integers(5, 7), st.integers(5, 7), st.integers(1, 3), st.integers(1, 2),
    st.integers(1, 3), st.integers(0, 2), st.integers(1, 2), st.randoms(use_true_random=False),
)  # fmt: skip
def test_every_pixel_and_its_products(
    channels: int, height: int, width: int, kh: int, kw: int, s: int, p: int, d: int, random: Any
) -> None:
    def grid(rows: int, columns: int) -> list[list[float]]:
        return [[float(random.randint(-9, 9)) for _ in range(columns)] for _ in range(rows)]

    image = [grid(height, width) for _ in range(channels)]
    kernel = [grid(kh, kw) for _ in range(channels)]
    rows = (height + 2 * p - d * (kh - 1) - 1) // s + 1
    columns = (width + 2 * p - d * (kw - 1) - 1) // s + 1
    i, j = random.randrange(rows), random.randrange(columns)
    found = convolution_window(image, kernel, (i, j), 0.5, s, p, d)
    assert found.output.shape == (rows, columns)
    for a in range(rows):
        for b in range(columns):
            assert found.output[a, b] == 0.5 + pixel_by_loops(image, kernel, a, b, s, p, d)
    assert found.products.sum() + 0.5 == found.pixel == found.output[i, j]
    assert found.products.shape == (channels, kh, kw)
    assert len(found.cells) == kh * kw
    assert len(found.padding) == (height + 2 * p) * (width + 2 * p) - height * width


def test_products_by_hand() -> None:
    found = convolution_window([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [2, -1]], (1, 1))
    assert found.products.tolist() == [[[5.0, 0.0], [16.0, -9.0]]]
    assert found.cells == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert found.output.tolist() == [[4.0, 6.0], [10.0, 12.0]]


def test_true_convolution_turns_the_filter() -> None:
    found = convolution_window([[1, 2], [3, 4]], [[1, 10], [100, 1000]], (0, 0), flip=True)
    assert found.pixel == 1000.0 + 200.0 + 30.0 + 4.0


def test_padding_is_filled() -> None:
    found = convolution_window([[1, 2], [3, 4]], [[1]], (0, 0), padding=1, fill="replicate")
    assert found.pixel == 1.0
    assert (0, 0) in found.padding
    assert (1, 1) not in found.padding


def test_the_sides_of_a_padding_may_differ() -> None:
    found = convolution_window([[1, 2]], [[1]], (0, 0), padding=((0, 2), (1, 0)))
    assert found.image.tolist() == [[[0.0, 1.0, 2.0], [0.0] * 3, [0.0] * 3]]
    inside = {(0, 1), (0, 2)}
    assert found.padding == {(i, j) for i in range(3) for j in range(3)} - inside


def test_values_are_numbers_too() -> None:
    assert convolution_window([[Value(3.0)]], [[Value(2.0)]], (0, 0)).pixel == 6.0


def test_a_window_over_the_end_is_cut() -> None:
    image = np.arange(9.0).reshape(1, 3, 3)
    found = pooling_window(
        image, np.array([[4.0, 5.0], [7.0, 8.0]]), (1, 1), 2, 2, 0, 1, "max", blank=True
    )
    assert found.cells == [(2, 2)]


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="2 channels and the kernel 1"):
        convolution_window([[[1.0]], [[1.0]]], [[1.0]], (0, 0))
    with pytest.raises(ValueError, match="does not fit"):
        convolution_window([[1.0]], [[1.0, 2.0]], (0, 0))
    with pytest.raises(ValueError, match="finite"):
        convolution_window([[float("nan")]], [[1.0]], (0, 0))
    with pytest.raises(ValueError, match="shape"):
        image_of("image", [1.0, 2.0])
    for at in [(2, 0), (0, -1), (0.5, 0), (0,), 3, None, "ab", (0, 0, 0)]:
        with pytest.raises(ValueError, match="2×2"):
            place_in((2, 2), at)
    assert place_in((2, 2), (1, 0)) == (1, 0)
