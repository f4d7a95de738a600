"""Convolution layers: against PyTorch's, and the figures of worked examples."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from nn import (
    Conv1d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Module,
    ReLU,
    Sequential,
    conv_parameter_count,
)
from tests.support.against_torch import as_values, close, grads, numbers, torch
from tests.support.modules import agree_module, gradient_uses_every_row

SEEDS = st.integers(0, 2**32 - 1)
drawn = settings(derandomize=True, max_examples=20, deadline=None)
MODES = ("zeros", "reflect", "replicate", "circular")
KINDS: Any = {1: (Conv1d, "Conv1d"), 2: (Conv2d, "Conv2d")}


def normal(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def reference(axes: int, *arguments: Any, **options: Any) -> Any:
    """PyTorch's layer in float64; it does not know `seed`."""
    t = torch()
    return getattr(t.nn, KINDS[axes][1])(*arguments, **options, dtype=t.float64)


@st.composite
def problems(draw: Any, axes: int) -> tuple[dict[str, Any], Any]:
    """The arguments of a layer and an input, stride ≠ padding ≠ dilation in most draws."""
    several = st.sampled_from([2, 3, 1])
    groups, depth = draw(several), draw(several)
    kernel = [draw(several) for _ in range(axes)]
    dilation = [draw(st.sampled_from([2, 1, 3])) for _ in range(axes)]
    padding = [draw(st.sampled_from([1, 0, 2])) for _ in range(axes)]
    size = [
        max(2, p + 1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 2))
        for d, k, p in zip(dilation, kernel, padding, strict=True)
    ]
    arguments = {
        "in_channels": groups * depth,
        "out_channels": groups * draw(several),
        "kernel_size": tuple(kernel),
        "stride": tuple(draw(st.sampled_from([1, 3, 2])) for _ in range(axes)),
        "padding": tuple(padding),
        "dilation": tuple(dilation),
        "groups": groups,
        "bias": draw(st.booleans()),
        "padding_mode": draw(st.sampled_from(MODES)),
    }
    batch = draw(st.sampled_from([(2,), (), (1,)]))
    return arguments, normal(draw(SEEDS), *batch, groups * depth, *size)


@pytest.mark.oracle
@drawn
@given(problems(axes=2))
def test_conv2d_with_every_argument(problem: Any) -> None:
    arguments, x = problem
    agree_module(Conv2d(**arguments, seed=1), reference(2, **arguments), x)


@pytest.mark.oracle
@drawn
@given(problems(axes=1))
def test_conv1d_with_every_argument(problem: Any) -> None:
    arguments, x = problem
    agree_module(Conv1d(**arguments, seed=1), reference(1, **arguments), x)


@pytest.mark.oracle
@pytest.mark.parametrize("axes", [1, 2])
def test_arguments_in_pytorch_s_order(axes: int) -> None:
    arguments = (4, 6, 3, 2, 1, 3, 2, False, "replicate")
    x = normal(3, 2, 4, *(9, 8)[:axes])
    agree_module(KINDS[axes][0](*arguments, seed=2), reference(axes, *arguments), x)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4)])
def test_padding_by_name(padding: Any, kernel: Any, mode: Any) -> None:
    options: Any = {"padding": padding, "dilation": (1, 2), "padding_mode": mode}
    x = normal(4, 2, 2, 7, 8)
    layer = Conv2d(2, 3, kernel, **options, seed=3)
    agree_module(layer, reference(2, 2, 3, kernel, **options), x)
    smaller = (8 - kernel[0], 10 - 2 * kernel[1])
    assert layer(x).shape[2:] == ((7, 8) if padding == "same" else smaller)
    options["dilation"] = 3
    line = Conv1d(2, 3, kernel[1], **options, seed=3)
    agree_module(line, reference(1, 2, 3, kernel[1], **options), normal(5, 2, 13))


@pytest.mark.oracle
@pytest.mark.parametrize("mode", [*MODES, 0.0, -1.5, 2])
def test_each_side_by_itself_and_a_number_that_fills(mode: Any) -> None:
    how: Any = {"zeros": {"value": 0.0}, **{m: {"mode": m} for m in MODES[1:]}}
    fill = how.get(mode) or {"value": float(mode)}
    pad = torch().nn.functional.pad
    layer = Conv2d(2, 3, (2, 3), (1, 2), ((1, 2), (0, 3)), padding_mode=mode, seed=4)
    x = normal(6, 2, 2, 4, 5)
    theirs = reference(2, 2, 3, (2, 3), (1, 2))
    agree_module(layer, theirs, x, prepare=lambda x: pad(x, (0, 3, 1, 2), **fill))
    line = Conv1d(2, 3, 4, 2, (3, 1), padding_mode=mode, seed=5)
    theirs = reference(1, 2, 3, 4, 2)
    agree_module(line, theirs, x[:, :, 0], prepare=lambda x: pad(x, (3, 1), **fill))


@pytest.mark.oracle
@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise(multiplier: int) -> None:
    arguments: Any = (3, 3 * multiplier, (3, 2), (2, 1), 1, 1, 3)
    layer = Conv2d(*arguments, seed=6)
    agree_module(layer, reference(2, *arguments), normal(7, 3, 5, 6))
    # each channel by itself: what is in one does not show in another's maps
    x = np.zeros((3, 5, 6))
    still = layer(x)
    x[1] = normal(8, 5, 6)
    moved = (numbers(layer(x)) != numbers(still)).any(axis=(1, 2))
    assert moved.tolist() == [c == 1 for c in range(3) for _ in range(multiplier)]


@pytest.mark.system("S004-17")
def test_true_convolution() -> None:
    """flip: NumPy's `convolve` is the true one; in two dimensions the figures of the notes."""
    line = Conv1d(1, 1, 3, bias=False, flip=True, seed=7)
    x = normal(9, 8)
    weight = line.state_dict()["weight"].ravel()
    close(numbers(line(x[None])[0]), np.convolve(x, weight, mode="valid"))
    layer = conv([[[[0, 1], [2, 3]]]], flip=True)
    assert numbers(layer(COUNTED)).tolist() == [[[5.0, 11.0], [23.0, 29.0]]]


# --- worked examples --------------------------------------------------------------------------

COUNTED = [[[0, 1, 2], [3, 4, 5], [6, 7, 8]]]


def conv(weight: Any, bias: Any = None, **options: Any) -> Conv2d:
    """A layer with given filters."""
    weight = np.asarray(weight, float)
    out, depth, *kernel = weight.shape
    layer = Conv2d(depth, out, tuple(kernel), bias=bias is not None, **options)
    state = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    layer.load_state_dict(state)
    return layer


@pytest.mark.system("S004-17")
def test_cross_correlation_and_its_gradients() -> None:
    layer, x = conv([[[[0, 1], [2, 3]]]]), as_values(COUNTED)
    result = layer(x)
    assert numbers(result).tolist() == [[[19.0, 25.0], [37.0, 43.0]]]
    ac.sum(result.ravel()).backward()
    assert grads(layer.weight).tolist() == [[[[8.0, 12.0], [20.0, 24.0]]]]
    assert grads(x).tolist() == [[[0.0, 1.0, 1.0], [2.0, 6.0, 4.0], [2.0, 5.0, 3.0]]]


LINES = [
    [1, 0, 0, 0, 0, 1],
    [0, 1, 0, 0, 1, 0],
    [0, 0, 1, 1, 0, 0],
    [1, 0, 0, 0, 1, 0],
    [0, 1, 0, 0, 1, 0],
    [0, 0, 1, 0, 1, 0],
]
DIAGONAL = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
VERTICAL = [[-1, 1, -1], [-1, 1, -1], [-1, 1, -1]]


@pytest.mark.system("S004-15", "S004-19", "S004-21")
@pytest.mark.parametrize(
    ("stride", "diagonal", "vertical"),
    [
        (1, [[3, -1, -3, -1], [-3, 1, 0, -3], [-3, -3, 0, 1], [3, -2, -2, -1]],
            [[-1, -1, -1, -1], [-1, -1, -2, 1], [-1, -1, -2, 1], [-1, 0, -4, 3]]),
        (2, [[3, -3], [-3, 0]], [[-1, -1], [-1, -2]]),
        (3, [[3, -1], [3, -1]], [[-1, -1], [-1, 3]]),
    ],
)  # fmt: skip
def test_two_filters_with_three_strides(stride: int, diagonal: Any, vertical: Any) -> None:
    layer = conv([[DIAGONAL], [VERTICAL]], stride=stride)
    assert numbers(layer([LINES])).tolist() == [diagonal, vertical]


@pytest.mark.system("S001-12", "S001-13", "S004-24")
@pytest.mark.conflict("X-03")
def test_channels_are_added_up() -> None:
    x = np.stack([np.arange(9.0).reshape(3, 3), np.arange(1.0, 10.0).reshape(3, 3)])
    weight = [[[[0, 1], [2, 3]], [[1, 2], [3, 4]]], [[[1, 2], [3, 4]], [[2, 3], [4, 5]]]]
    layer = conv(weight, [0.0, 1.0])
    assert numbers(layer(x)).tolist() == [[[56, 72], [104, 120]], [[77, 101], [149, 173]]]


def test_a_cross_of_ones() -> None:
    x = [[2, 3, -1, 2], [4, 1, 0, 1], [-2, 1, 3, 2], [-1, -2, 0, 5]]
    layer = conv([[[[1, 0, 1], [-1, 0, -1], [1, 0, 1]]]])
    assert numbers(layer([x])).tolist() == [[[-2, 6], [2, 2]]]


@pytest.mark.system("S001-16", "S004-18", "S004-22")
def test_padding_and_stride_on_an_oblong_image() -> None:
    assert Conv2d(1, 1, 5, stride=3, padding=4)(np.zeros((1, 9, 6))).shape == (1, 5, 4)


@pytest.mark.system("S001-11")
@pytest.mark.parametrize("place", [(0, 0), (2, 3), (3, 1)])
def test_a_pattern_is_found_wherever_it_lies(place: tuple[int, int]) -> None:
    layer = conv([[[[1, -1], [-1, 1]]]])
    image = np.zeros((1, 5, 5))
    row, column = place
    image[0, row, column] = image[0, row + 1, column + 1] = 1.0
    [found] = numbers(layer(image))
    assert np.unravel_index(found.argmax(), found.shape) == place
    assert found.max() == 2.0


@pytest.mark.system("S004-27")
def test_a_whole_network_and_its_gradients() -> None:
    """Two filters, rectifier, pooling, flattening, a dense layer, softmax cross entropy."""
    dense = Linear(8, 2)
    dense.load_state_dict(
        {
            "weight": [
                [0.1, -0.2, 0.3, 0.05, -0.1, 0.2, 0.15, -0.05],
                [-0.3, 0.1, 0.2, -0.15, 0.25, -0.05, 0.1, 0.3],
            ],
            "bias": [0.05, -0.05],
        }
    )
    filters = conv([[DIAGONAL], [VERTICAL]], [0.1, -0.2])
    features = Sequential(filters, ReLU(), MaxPool2d(2), Flatten(0))(as_values([LINES]))
    flat = [3.1, 0.1, 3.1, 1.1, 0.0, 0.8, 0.0, 2.8]
    assert numbers(features).tolist() == pytest.approx(flat, abs=1e-15)
    scores = dense(features)
    assert numbers(scores).tolist() == pytest.approx([1.345, 0.285], abs=1e-15)
    loss = ac.cross_entropy(scores, 1)
    assert loss.data == pytest.approx(1.357475815, abs=1e-9)
    loss.backward()
    p = 0.7426905453  # of the wrong class, so what its score has too much
    close(grads(dense.bias), [p, -p], tolerance=1e-9)
    close(grads(dense.weight), np.outer([p, -p], flat), tolerance=1e-9)
    close(
        grads(features),
        [0.2970762181, -0.2228071636, 0.07426905453, 0.1485381091, -0.2599416909, 0.1856726363,
         0.03713452727, -0.2599416909],
        tolerance=1e-9,
    )  # fmt: skip
    first = [
        [0.5198833817, 0.0, -0.2228071636],
        [-0.2228071636, 0.2970762181, 0.0],
        [0.0, 0.1485381091, 0.1485381091],
    ]
    second = [
        [0.0, -0.07426905453, 0.0],
        [0.1856726363, -0.2599416909, 0.0],
        [0.0, -0.07426905453, 0.0],
    ]
    close(grads(filters.weight), [[first], [second]], tolerance=1e-9)
    close(grads(filters.bias), [0.2970762181, -0.07426905453], tolerance=1e-9)


# --- parameters -------------------------------------------------------------------------------


@pytest.mark.system("S004-20")
def test_parameters_are_drawn_as_by_pytorch() -> None:
    """Row by row, first the filters and then the bias, from ±1/√(inputs of an output)."""
    layer = Conv2d(4, 6, (2, 3), groups=2, seed=8)
    bound = 1.0 / math.sqrt(2 * 2 * 3)
    draw = random.Random(8)
    expected = [draw.uniform(-bound, bound) for _ in range(6 * 2 * 2 * 3 + 6)]
    assert [p.data for p in layer.parameters()] == expected
    random.seed(8)
    assert [p.data for p in Conv2d(4, 6, (2, 3), groups=2).parameters()] == expected


@pytest.mark.oracle
@pytest.mark.parametrize("axes", [1, 2])
def test_the_range_of_pytorch_s_first_parameters(axes: int) -> None:
    """Of many parameters the largest comes near the bound: the same bound for both."""
    arguments = (8, 64, 3)
    ours = KINDS[axes][0](*arguments, seed=9).state_dict()
    torch().manual_seed(9)
    theirs = {k: v.detach().numpy() for k, v in reference(axes, *arguments).named_parameters()}
    for name, array in theirs.items():
        assert ours[name].shape == array.shape
        assert np.abs(ours[name]).max() == pytest.approx(np.abs(array).max(), rel=0.1)


def test_names_and_numbers_of_parameters() -> None:
    layer = Conv2d(2, 3, (2, 1), seed=0)
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    assert [p.name for p in layer.parameters()][3:5] == ["K[0, 1, 1, 0]", "K[1, 0, 0, 0]"]
    assert [p.name for p in layer.parameters()][-1] == "b[2]"
    assert len(layer.parameters()) == conv_parameter_count(2, 3, (2, 1)) == 15
    without = Conv1d(2, 3, 4, bias=False)
    assert without.bias is None
    assert [name for name, _ in without.named_parameters()] == ["weight"]


def test_every_node_knows_its_layer() -> None:
    class Net(Module):
        def __init__(self) -> None:
            self.edges = Conv2d(1, 2, 2, seed=0)

        def forward(self, x: Any) -> Any:
            return self.edges(x)

    nodes = Net()(as_values(COUNTED)).ravel()
    assert {node.scope for node in nodes} == {("edges",)}
    assert {node.op.name for node in nodes} == {"dot"}


@pytest.mark.parametrize("layer", [Conv2d(2, 3, 2, 2, 1, seed=1), Conv1d(2, 3, 2, 2, 1, seed=1)])
def test_a_mutated_dot_shows_in_every_gradient(layer: Any) -> None:
    x = normal(10, 2, 3, 5) if isinstance(layer, Conv2d) else normal(11, 2, 5)
    assert gradient_uses_every_row(layer, x) == {"dot"}


def test_lists_and_arrays_are_the_same_input() -> None:
    layer = Conv2d(1, 2, 2, seed=3)
    first = numbers(layer(COUNTED))
    close(numbers(layer(np.array(COUNTED))), first)
    close(numbers(layer(as_values(COUNTED).tolist())), first)


# --- what is shown, what is refused -----------------------------------------------------------


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("axes", "arguments", "options"),
    [
        (2, (1, 8, 3), {}),
        (2, (4, 8, (3, 2), (2, 1), (1, 0)), {"dilation": (1, 2), "groups": 2, "bias": False}),
        (2, (1, 8, 3), {"padding": "same", "padding_mode": "reflect"}),
        (1, (2, 4, 3), {}),
        (1, (2, 4, 3), {"stride": 2, "padding": 1, "padding_mode": "circular"}),
    ],
)
def test_described_as_by_pytorch(axes: int, arguments: Any, options: Any) -> None:
    theirs = reference(axes, *arguments, **options)
    ours = KINDS[axes][0](*arguments, **options)
    assert ours.describe() == theirs.extra_repr()
    for name in ("kernel_size", "stride", "padding", "dilation", "groups", "in_channels"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_what_pytorch_does_not_have_is_described_too() -> None:
    layer = Conv2d(1, 2, 3, padding=((1, 2), (0, 0)), padding_mode=1, flip=True)
    assert repr(layer).startswith(
        "Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=((1, 2), (0, 0)), "
        "padding_mode=1.0, flip=True)"
    )
    assert Conv1d(1, 2, 3, padding=(1, 2)).padding == (1, 2)
    assert Conv1d(1, 2, (3,), (2,), (1,), (2,)).describe() == (
        "1, 2, kernel_size=(3,), stride=(2,), padding=(1,), dilation=(2,)"
    )


@pytest.mark.parametrize(
    ("layer", "x", "message"),
    [
        (Conv2d(3, 8, 3), np.ones((1, 5, 5)),
            r"^Conv2d\(3, 8, kernel_size=\(3, 3\), stride=\(1, 1\)\): expected \(3, H, W\) or "
            r"\(N, 3, H, W\); got 1×5×5$"),
        (Conv2d(1, 8, 3), np.ones((5, 5)), r"\(1, H, W\).*; got 5×5; put the axis of channels"),
        (Conv2d(1, 8, 3), np.ones((1, 1, 1, 5, 5)), "got 1×1×1×5×5$"),
        (Conv2d(1, 8, 3), np.ones((1, 2, 5)),
            r"^Conv2d\(1, 8, .*\): conv2d: a kernel of 3×3 does not fit into 2×5 \(padding inc"),
        (Conv2d(1, 8, 2, dilation=4), np.ones((1, 5, 4)), "2×2 does not .* it covers 5×5; take"),
        (Conv2d(1, 8, 3, padding=2, padding_mode="reflect"), np.ones((1, 2, 5)),
            r"^Conv2d\(.*\): reflect padding of 2 .* axis of 2; it is 1 at most"),
        (Conv2d(1, 8, 3, padding=3, padding_mode="circular"), np.ones((1, 4, 2)),
            "circular padding of 3 .* axis of 2; it is 2 at most"),
        (Conv1d(2, 8, 3), np.ones((3, 5)), r"\): expected \(2, L\) or \(N, 2, L\); got 3×5$"),
        (Conv1d(2, 8, 3), np.ones(5), "got 5; put the axis of channels in front"),
        (Conv1d(2, 8, 3), np.ones((2, 2)), r"^Conv1d\(.*\): conv1d: a kernel of 3 does not"),
    ],
)  # fmt: skip
def test_an_input_that_does_not_fit(layer: Any, x: Any, message: str) -> None:
    for carrier in (np.asarray, as_values):
        with pytest.raises(ValueError, match=message):
            layer(carrier(x))


@pytest.mark.parametrize(
    ("kind", "arguments", "options", "message"),
    [
        (Conv2d, (3, 8, 3), {"groups": 2}, "^Conv2d: .* multiples of groups; got 3 and 8 for 2"),
        (Conv2d, (4, 7, 3), {"groups": 2}, "multiples of groups; got 4 and 7 for 2"),
        (Conv2d, (0, 8, 3), {}, "in_channels is at least 1; got 0"),
        (Conv2d, (1, 8, 0), {}, "kernel_size is at least 1; got 0"),
        (Conv2d, (1, 8, (1, 2, 3)), {}, r"kernel_size is a whole number or two; not \(1, 2, 3\)"),
        (Conv2d, (1, 8, 3, 0), {}, "stride is at least 1; got 0"),
        (Conv2d, (1, 8, 3), {"dilation": -1}, "dilation is at least 1; got -1"),
        (Conv2d, (1, 8, 3), {"padding": -1}, "padding is not negative; got -1"),
        (Conv2d, (1, 8, 3), {"padding": "full"}, "not 'full'"),
        (Conv2d, (1, 8, 3, 2, "same"), {}, 'padding="same" needs stride 1'),
        (Conv2d, (1, 8, 3), {"padding_mode": "mirror"}, "^Conv2d: .* circular; not 'mirror'"),
        (Conv2d, (1, 8, 3), {"padding_mode": None}, "not None"),
        (Conv1d, (1, 8, (3, 3)), {}, r"^Conv1d: kernel_size is a whole number; not \(3, 3\)"),
        (Conv1d, (1, 8, 3), {"padding": (1, 2, 3)}, r'number, two, "same" .* not \(1, 2, 3\)'),
        (Conv1d, (1, 8, 3), {"padding": ((0, 0), (1, 1))}, "padding is a number, two"),
    ],
)
def test_arguments_that_do_not_fit(kind: Any, arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kind(*arguments, **options)


def test_arguments_that_are_not_there() -> None:
    for name in ("device", "dtype", "transposed"):
        with pytest.raises(TypeError, match=name):
            Conv2d(1, 8, 3, **{name: None})
