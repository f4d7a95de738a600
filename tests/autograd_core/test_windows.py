"""Windows of an image: sizes against PyTorch, paddings and windows against loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core.windows import checked_fill, padded, sides, sizes, windows
from tests.support.against_torch import torch

drawn = settings(derandomize=True, max_examples=100, deadline=None)
ONES = (1, 1)


# --- sizes ------------------------------------------------------------------------------------


@pytest.mark.oracle
@drawn
@given(*[st.integers(1, 9)] * 3, st.integers(0, 4), st.integers(0, 4), st.integers(1, 4))
def test_output_size(
    n: int, kernel: int, stride: int, before: int, after: int, dilation: int
) -> None:
    size = ac.output_size(n, kernel, stride, (before, after), dilation)
    if n + before + after < dilation * (kernel - 1) + 1:
        assert size < 1
        return
    t = torch()
    padded = t.zeros(1, 1, n + before + after, dtype=t.float64)
    weight = t.zeros(1, 1, kernel, dtype=t.float64)
    out = t.nn.functional.conv1d(padded, weight, stride=stride, dilation=dilation)
    assert size == out.shape[-1]
    if before == after:
        assert size == ac.output_size(n, kernel, stride, before, dilation)


@pytest.mark.oracle
@drawn
@given(*[st.integers(1, 9)] * 3, st.integers(0, 4), st.integers(1, 4))
def test_output_size_rounded_up(
    n: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """As max-pooling has it, which takes no more padding than half of the kernel."""
    padding = min(padding, kernel // 2)
    size = ac.output_size(n, kernel, stride, padding, dilation, ceil_mode=True)
    if n + 2 * padding < dilation * (kernel - 1) + 1:
        assert size < 1
        return
    t = torch()
    pooled = t.nn.functional.max_pool1d(t.zeros(1, n), kernel, stride, padding, dilation, True)
    assert size == pooled.shape[-1]


def test_a_last_window_never_starts_behind_the_image() -> None:
    """3 pixels, a window of 2, stride 2, padding 1: windows start at −1 and 1, not at 3."""
    assert ac.output_size(3, 2, 2, 1, ceil_mode=True) == 2
    assert ac.output_size(3, 2, 2, (1, 0), ceil_mode=True) == 2
    assert ac.output_size(4, 2, 2, (1, 0), ceil_mode=True) == 3


@pytest.mark.parametrize(
    ("size", "axes", "expected"),
    [(3, 2, (3, 3)), ((3, 1), 2, (3, 1)), ([3, 1], 2, (3, 1)), (3, 1, (3,)), ((3,), 1, (3,))],
)
def test_sizes_are_written_in_many_ways(size: Any, axes: int, expected: Any) -> None:
    assert sizes(size, "stride", axes) == expected
    assert sizes(np.array(size) if np.ndim(size) else np.int64(size), "stride", axes) == expected


@pytest.mark.parametrize(
    ("size", "axes", "message"),
    [
        (0, 2, "stride is at least 1; got 0"),
        ((2, -1), 2, r"stride is at least 1; got \(2, -1\)"),
        ((1, 2, 3), 2, r"whole number or two; not \(1, 2, 3\)"),
        ((1,), 2, r"whole number or two; not \(1,\)"),
        ((1, 2), 1, r"stride is a whole number; not \(1, 2\)"),
        ((1, 2), 3, r"stride is 3 whole numbers; not \(1, 2\)"),
    ],
)
def test_sizes_that_are_none(size: Any, axes: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sizes(size, "stride", axes)


@pytest.mark.parametrize("size", [1.5, "3", None, (2, 1.0)])
def test_sizes_that_are_no_whole_numbers(size: Any) -> None:
    with pytest.raises(TypeError, match="stride is a whole number or two; not"):
        sizes(size, "stride")


# --- padding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (0, ((0, 0), (0, 0))),
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([[1, 2], [3, 4]], ((1, 2), (3, 4))),
        ((1, (3, 4)), ((1, 1), (3, 4))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (1, 2))),
    ],
)
def test_padding_is_written_in_many_ways(padding: Any, expected: Any) -> None:
    assert sides(padding, (3, 4), ONES, ONES) == expected


@pytest.mark.parametrize(
    ("padding", "expected"),
    [(2, (2, 2)), ((2,), (2, 2)), ((2, 3), (2, 3)), ("valid", (0, 0)), ("same", (4, 5))],
)
def test_padding_of_one_axis(padding: Any, expected: Any) -> None:
    assert sides(padding, (4,), (1,), (3,)) == (expected,)


@pytest.mark.parametrize(
    ("padding", "message"),
    [
        (-1, "not negative; got -1"),
        (((0, 0), (1, -1)), "not negative"),
        ("full", "not 'full'"),
        ((1, 1, 1), "number, two, two pairs"),
        (1.5, "not 1.5"),
        (None, "not None"),
    ],
)
def test_padding_that_is_none(padding: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sides(padding, (3, 3), ONES, ONES)
    with pytest.raises(ValueError, match='padding="same" needs stride 1'):
        sides("same", (3,), (2,), (1,))


def test_what_fills_the_padding() -> None:
    """A line of three pixels by hand: mirrored without the border, repeated, wrapped, a number."""
    line = np.array([[[1.0, 2.0, 3.0]]])
    around = ((0, 0), (2, 1))
    expected: dict[Any, list[float]] = {
        "zeros": [0, 0, 1, 2, 3, 0],
        "reflect": [3, 2, 1, 2, 3, 2],
        "replicate": [1, 1, 1, 2, 3, 3],
        "circular": [2, 3, 1, 2, 3, 1],
        7: [7, 7, 1, 2, 3, 7],
    }
    for fill, row in expected.items():
        assert padded(line, around, fill).tolist() == [[row]]
    assert padded(line.astype(object), around, 0.5).dtype == object
    border = ac.Value(2.0)
    assert padded(line, around, border)[0, 0, 0] is border
    assert checked_fill(np.float64(0.5)) == 0.5
    for wrong in ("mirror", None, [1.0], "0.5"):
        with pytest.raises(ValueError, match="filled with a number, zeros, reflect"):
            checked_fill(wrong)


# --- windows ----------------------------------------------------------------------------------


@drawn
@given(
    st.tuples(*[st.integers(1, 3)] * 2), st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(*[st.integers(1, 3)] * 2), st.tuples(*[st.integers(0, 3)] * 2), st.integers(1, 3),
)  # fmt: skip
def test_windows_are_what_loops_cut_out(
    kernel: Any, stride: Any, dilation: Any, more: Any, channels: int
) -> None:
    size = [d * (k - 1) + 1 + m for d, k, m in zip(dilation, kernel, more, strict=True)]
    image = np.arange(float(channels * size[0] * size[1])).reshape(channels, *size)
    found = windows(image, kernel, stride, dilation)
    height, width = ((more[axis] // stride[axis]) + 1 for axis in (0, 1))
    assert found.shape == (height, width, channels, *kernel)
    for i, j, c, u, v in np.ndindex(found.shape):
        row, column = i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]
        assert found[i, j, c, u, v] == image[c, row, column]


def test_a_kernel_that_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"2×3 does not fit into 5×2 \(padding included\); take"):
        windows(np.zeros((1, 5, 2)), (2, 3))
    with pytest.raises(ValueError, match=r"into 5×2 .*, it covers 4×3; take a larger image"):
        windows(np.zeros((1, 5, 2)), (2, 2), dilation=(3, 2))
