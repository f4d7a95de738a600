"""The arithmetic of convolution: figures of worked examples, and what PyTorch's layers do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import output_size
from nn import (
    conv2d_shape,
    conv_parameter_count,
    filter_depth,
    linear_parameter_count,
    pixel_use,
    same_padding,
    sizes_until_nothing,
)
from tests.support.against_torch import torch

drawn = settings(derandomize=True, max_examples=100, deadline=None)
small = st.integers(1, 5)
pairs = st.tuples(st.sampled_from([2, 3, 1]), st.sampled_from([3, 1, 2, 4]))
paddings = st.tuples(st.integers(0, 3), st.integers(0, 3))


# --- sizes --------------------------------------------------------------------------------------


@pytest.mark.system("S000-18")
def test_sizes_of_a_512_pixel_image() -> None:
    assert output_size(512, 3) == 510
    assert same_padding(512, 3) == (1, 1)
    assert [same_padding(512, k) for k in (1, 3, 5, 7)] == [(0, 0), (1, 1), (2, 2), (3, 3)]


@pytest.mark.system("S001-14", "S004-21")
@pytest.mark.conflict("X-05")
def test_sizes_of_a_6_pixel_image() -> None:
    cases = [(0, 1), (0, 2), (1, 1), (1, 2), (2, 1)]  # padding, stride
    assert [output_size(6, 3, s, p) for p, s in cases] == [4, 2, 6, 3, 8]


@pytest.mark.system("S001-16")
def test_the_size_step_by_step() -> None:
    """One option more in each line: a 1×1 filter, a 3×3 filter, padding, stride, channels."""
    assert conv2d_shape((1, 10, 8), 1, 1) == (1, 10, 8)
    assert conv2d_shape((1, 10, 8), 1, 3) == (1, 8, 6)
    assert conv2d_shape((1, 10, 8), 1, 3, padding=2) == (1, 12, 10)
    assert conv2d_shape((1, 10, 8), 1, 3, 2, 2) == (1, 6, 5)
    assert conv2d_shape((3, 10, 8), 3, 3, 2, 2) == (3, 6, 5)  # a filter for each channel
    assert conv2d_shape((3, 10, 8), 1, 3, 2, 2) == (1, 6, 5)  # one filter adds the channels up


@pytest.mark.system("S001-15")
def test_padded_and_strided() -> None:
    assert conv2d_shape((1, 9, 6), 1, 1, padding=4) == (1, 17, 14)
    assert conv2d_shape((1, 9, 6), 1, 5, 3, 4) == (1, 5, 4)
    assert conv2d_shape((1, 6, 6), 1, 3, padding="same") == (1, 6, 6)
    assert conv2d_shape((1, 6, 6), 1, 3, padding="valid") == (1, 4, 4)


@pytest.mark.system("S004-27")
@pytest.mark.conflict("X-03")
def test_three_layers_and_their_parameters() -> None:
    shape: tuple[int, int, int] = (3, 39, 39)
    shapes, counts = [], []
    for kernel, filters, stride in ((3, 10, 1), (5, 20, 2), (5, 40, 2)):
        counts.append(conv_parameter_count(shape[0], filters, kernel))
        shape = conv2d_shape(shape, filters, kernel, stride)
        shapes.append(shape)
    assert shapes == [(10, 37, 37), (20, 17, 17), (40, 7, 7)]
    assert int(np.prod(shape)) == 1960
    assert counts == [280, 5020, 20040]


@pytest.mark.oracle
@drawn
@given(st.tuples(*[st.integers(2, 12)] * 3), small, pairs, pairs, paddings, pairs)
def test_shapes_are_pytorch_s(
    shape: Any, filters: int, kernel: Any, stride: Any, padding: Any, dilation: Any
) -> None:
    t = torch()
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    layer = t.nn.Conv2d(shape[0], filters, kernel, **options, device="meta")
    try:
        expected = tuple(layer(t.empty(shape, device="meta")).shape)
    except RuntimeError:
        with pytest.raises(ValueError, match="does not fit into"):
            conv2d_shape(shape, filters, kernel, **options)
    else:
        assert conv2d_shape(shape, filters, kernel, **options) == expected


@pytest.mark.system("S000-19", "S004-23")
@drawn
@given(st.integers(1, 12), small, small, small)
def test_same_padding_is_the_least_that_keeps_the_size(n: int, k: int, s: int, d: int) -> None:
    before, after = same_padding(n, k, s, d)
    assert after - before in (0, 1)
    keeps = [total for total in range(n * s + d * k) if output_size(n, k, s, (total, 0), d) == n]
    assert before + after == keeps[0]


# --- until nothing is left ----------------------------------------------------------------------


@pytest.mark.system("S000-20")
def test_layers_until_nothing_is_left() -> None:
    found = sizes_until_nothing(512, 3)
    assert found[:2] == [510, 508]
    assert found[-1] == 2
    assert len(found) == 255
    assert output_size(found[-1], 3) == 0  # the 256th layer has no output
    first_empty = [len(sizes_until_nothing(n, 3)) + 1 for n in (511, 5, 4, 3, 2)]
    assert first_empty == [256, 3, 2, 2, 1]


@pytest.mark.system("S000-20")
@drawn
@given(st.integers(1, 200), st.integers(2, 9))
def test_the_number_of_layers_in_one_formula(n: int, k: int) -> None:
    assert sizes_until_nothing(n, k) == [n - i * (k - 1) for i in range(1, (n - 1) // (k - 1) + 1)]


def test_with_stride_padding_and_dilation() -> None:
    assert sizes_until_nothing(100, 3, stride=2) == [49, 24, 11, 5, 2]
    assert sizes_until_nothing(20, 5, padding=1) == [18, 16, 14, 12, 10, 8, 6, 4, 2]
    assert sizes_until_nothing(20, 3, dilation=4) == [12, 4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((512, 1), "a kernel of 1, stride 1 and padding 0 never .*: 512 pixels become 512"),
        ((9, 3, 1, 1), "padding 1 never come to nothing: 9 pixels become 9; pad less or take"),
        ((9, 3, 1, 2), "9 pixels become 11"),
        ((9, 3, 2, 1), "1 pixels become 1"),
    ],
)
def test_layers_that_never_come_to_nothing(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sizes_until_nothing(*arguments)


# --- parameters ---------------------------------------------------------------------------------


@pytest.mark.system("S001-11")
def test_sharing_needs_fewer_parameters() -> None:
    """From 10×10 to 8×8 pixels: a weight for each pair, or one 3×3 filter."""
    assert output_size(10, 3) ** 2 == 64
    assert linear_parameter_count(100, 64) == 6464
    assert conv_parameter_count(1, 1, 3) == 10


@pytest.mark.oracle
@drawn
@given(small, small, pairs, st.sampled_from([2, 1, 3]), st.booleans())
def test_parameters_are_as_many_as_pytorch_s(
    depth: int, out: int, kernel: Any, groups: int, bias: bool
) -> None:
    nn = torch().nn
    channels = (depth * groups, out * groups)

    def count(layer: Any) -> int:
        return sum(p.numel() for p in layer.parameters())

    options: Any = {"groups": groups, "bias": bias, "device": "meta"}
    assert conv_parameter_count(*channels, kernel, groups, bias) == count(
        nn.Conv2d(*channels, kernel, **options)
    )
    assert conv_parameter_count(*channels, kernel[:1], groups, bias) == count(
        nn.Conv1d(*channels, kernel[0], **options)
    )
    assert conv_parameter_count(*channels, 3) == count(nn.Conv2d(*channels, 3, device="meta"))
    assert linear_parameter_count(*channels, bias) == count(
        nn.Linear(*channels, bias, device="meta")
    )
    assert filter_depth(*channels, groups) == depth


# --- coverage -----------------------------------------------------------------------------------


def test_how_often_each_pixel_of_a_6_pixel_image_is_used() -> None:
    assert pixel_use((6, 6), 3).tolist() == [
        [1, 2, 3, 3, 2, 1],
        [2, 4, 6, 6, 4, 2],
        [3, 6, 9, 9, 6, 3],
        [3, 6, 9, 9, 6, 3],
        [2, 4, 6, 6, 4, 2],
        [1, 2, 3, 3, 2, 1],
    ]
    assert pixel_use((2, 2), 3).tolist() == [[0, 0], [0, 0]]
    assert pixel_use((3, 3), 3, padding="same").tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]
    # one row above: windows start in rows −1, 0, 1
    assert pixel_use((3, 3), 2, padding=((1, 0), (0, 0))).tolist() == [
        [2, 4, 2], [2, 4, 2], [1, 2, 1],
    ]  # fmt: skip


@pytest.mark.oracle
@drawn
@given(st.tuples(st.integers(2, 9), st.integers(2, 9)), pairs, pairs, paddings, pairs)
def test_pixel_use_is_the_gradient_of_a_filter_of_ones(
    shape: Any, kernel: Any, stride: Any, padding: Any, dilation: Any
) -> None:
    t = torch()
    reach = [d * (k - 1) + 1 - 2 * p for d, k, p in zip(dilation, kernel, padding, strict=True)]
    shape = tuple(max(n, r) for n, r in zip(shape, reach, strict=True))
    image = t.zeros((1, *shape), dtype=t.float64, requires_grad=True)
    ones = t.ones((1, 1, *kernel), dtype=t.float64)
    t.nn.functional.conv2d(image, ones, None, stride, padding, dilation).sum().backward()
    used = pixel_use(shape, kernel, stride, padding, dilation)
    assert used.tolist() == image.grad[0].tolist()


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calculator", "arguments", "message"),
    [
        (conv2d_shape, ((1, 4, 9), 2, 5), "a kernel of 5×5 does not fit into 1×4×9 with padding 0"),
        (conv2d_shape, ((4, 9), 2, 5), r"shape is 3 whole numbers; not \(4, 9\)"),
        (conv2d_shape, ((1, 4, 9), 0, 3), "out_channels is at least 1; got 0"),
        (conv2d_shape, ((1, 4, 9), 2, 3, 0), "stride is at least 1; got 0"),
        (conv2d_shape, ((1, 4, 9), 2, 3, 2, "same"), "needs stride 1"),
        (same_padding, (0, 3), "n is at least 1; got 0"),
        (sizes_until_nothing, (9, 0), "kernel_size is at least 1; got 0"),
        (sizes_until_nothing, (9, 3, 1, -1), "padding is not negative; got -1"),
        (conv_parameter_count, (3, 4, 3, 2), "multiples of groups; got 3 and 4 for 2 groups"),
        (conv_parameter_count, (4, 3, 3, 2), "multiples of groups; got 4 and 3 for 2 groups"),
        (conv_parameter_count, (4, 4, (3, 0)), r"kernel_size is at least 1; got \(3, 0\)"),
        (filter_depth, (4, 4, 0), "groups is at least 1; got 0"),
        (linear_parameter_count, (0, 3), "in_features is at least 1; got 0"),
        (linear_parameter_count, (3, -1), "out_features is at least 1; got -1"),
        (pixel_use, ((6, 0), 3), r"shape is at least 1; got \(6, 0\)"),
        (pixel_use, ((6, 6), 3, 1, (1, 2, 3)), "padding is a number, two, two pairs"),
    ],
)
def test_sizes_that_are_none(calculator: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calculator(*arguments)
