"""Convolution and pooling: against PyTorch, and true convolution against loops written out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from tests.support.against_torch import agree, as_values, close, grads, numbers, torch

SEEDS = st.integers(0, 2**32 - 1)
drawn = settings(derandomize=True, max_examples=25, deadline=None)


def normal(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


@st.composite
def problems(draw: Any, axes: int = 2) -> dict[str, Any]:
    """An input, a weight, a bias and stride ≠ padding ≠ dilation in most draws."""
    several = st.sampled_from([2, 3, 1])
    groups = draw(several)
    depth = draw(several)
    kernel = [draw(several) for _ in range(axes)]
    dilation = [draw(st.sampled_from([1, 2, 3])) for _ in range(axes)]
    padding = [draw(st.sampled_from([0, 1, 2, 3])) for _ in range(axes)]
    size = [
        max(2, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 3))
        for d, k, p in zip(dilation, kernel, padding, strict=True)
    ]
    batch = draw(st.sampled_from([(), (2,), (1,)]))
    out = groups * draw(several)
    seed = draw(SEEDS)
    return {
        "input": normal(seed, *batch, groups * depth, *size),
        "weight": normal(seed + 1, out, depth, *kernel),
        "bias": normal(seed + 2, out),
        "stride": tuple(draw(st.sampled_from([1, 2, 3])) for _ in range(axes)),
        "padding": tuple(padding),
        "dilation": tuple(dilation),
        "groups": groups,
    }


OPTIONS = ("stride", "padding", "dilation", "groups")


# --- conv2d -----------------------------------------------------------------------------------


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(problems())
def test_conv2d_with_every_option(problem: Any) -> None:
    options = {name: problem[name] for name in OPTIONS}
    agree(
        lambda x, w, b: ac.conv2d(x, w, b, **options),
        lambda x, w, b: torch().nn.functional.conv2d(x, w, b, **options),
        problem["input"],
        problem["weight"],
        problem["bias"],
    )


@pytest.mark.oracle
def test_conv2d_arguments_in_pytorch_s_order() -> None:
    x, w, b = normal(1, 4, 7, 8), normal(2, 6, 2, 3, 2), normal(3, 6)
    f = torch().nn.functional.conv2d
    positional = ((2, 3), (1, 0), (1, 2), 2)
    agree(lambda *a: ac.conv2d(*a, *positional), lambda *a: f(*a, *positional), x, w, b)
    agree(lambda x, w: ac.conv2d(x, w, None, 2, 1, 3, 2),
          lambda x, w: f(x, w, None, 2, 1, 3, 2), x, w)  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("multiplier", [1, 3])
def test_depthwise_convolution(multiplier: int) -> None:
    options: Any = {"groups": 4, "padding": 1, "stride": 2}
    agree(
        lambda x, w: ac.conv2d(x, w, **options),
        lambda x, w: torch().nn.functional.conv2d(x, w, **options),
        normal(4, 2, 4, 5, 6),
        normal(5, 4 * multiplier, 1, 3, 2),
    )


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4), (1, 5), (4, 1)])
@pytest.mark.parametrize("dilation", [1, (2, 3)])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_padding_by_name(kernel: Any, dilation: Any, padding: Any) -> None:
    x, w = normal(6, 2, 11, 14), normal(7, 3, 2, *kernel)
    result = ac.conv2d(x, w, padding=padding, dilation=dilation)
    if padding == "same":
        assert result.shape == (3, 11, 14)
    agree(
        lambda x, w: ac.conv2d(x, w, padding=padding, dilation=dilation),
        lambda x, w: torch().nn.functional.conv2d(x, w, padding=padding, dilation=dilation),
        x,
        w,
    )


FILLS = {"zeros": "constant"} | {name: name for name in ("reflect", "replicate", "circular")}


@pytest.mark.oracle
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(
    "padding", [2, (1, 2), ((0, 0), (0, 0)), ((1, 2), (0, 3)), ((3, 0), (2, 1))]
)
@pytest.mark.parametrize("batch", [(), (2,)])
def test_padding_side_by_side_and_what_fills_it(fill: str, padding: Any, batch: Any) -> None:
    pad = torch().nn.functional.pad
    conv = torch().nn.functional.conv2d
    pairs = (padding, padding) if isinstance(padding, int) else padding
    (top, bottom), (left, right) = ((s, s) if isinstance(s, int) else s for s in pairs)

    def theirs(x: Any, w: Any) -> Any:
        four = x if x.ndim == 4 else x[None]  # F.pad reads (C, H, W) as three padded axes
        out = conv(pad(four, (left, right, top, bottom), mode=FILLS[fill]), w, stride=(2, 1))
        return out if x.ndim == 4 else out[0]

    agree(
        lambda x, w: ac.conv2d(x, w, stride=(2, 1), padding=padding, fill=fill),
        theirs,
        normal(8, *batch, 2, 4, 5),
        normal(9, 3, 2, 2, 3),
    )


@pytest.mark.oracle
@pytest.mark.parametrize("fill", [0.0, 1.0, -2.5, 3])
@pytest.mark.parametrize("padding", [2, ((1, 2), (0, 3))])
def test_padding_filled_with_a_number(fill: float, padding: Any) -> None:
    (top, bottom), (left, right) = ((2, 2), (2, 2)) if padding == 2 else padding
    pad = torch().nn.functional.pad
    agree(
        lambda x, w: ac.conv2d(x, w, padding=padding, fill=fill),
        lambda x, w: torch().nn.functional.conv2d(
            pad(x, (left, right, top, bottom), value=float(fill)), w
        ),
        normal(20, 2, 4, 5),
        normal(21, 3, 2, 2, 3),
    )


@pytest.mark.system("S001-15")
def test_padding_filled_with_a_value_that_is_learnt() -> None:
    """The border of a 1×1 image under a 3×3 filter: the slope is the sum of its other weights."""
    weight, border = np.arange(1.0, 10.0).reshape(1, 1, 3, 3), ac.Value(0.5)
    [[[y]]] = ac.conv2d([[[2.0]]], weight, padding=1, fill=border)
    assert y.data == 2.0 * 5.0 + 0.5 * 40.0
    y.backward()
    assert border.grad == 40.0


@pytest.mark.parametrize(
    ("fill", "padding", "message"),
    [
        ("reflect", 5, "reflect padding of 5 needs more than an axis of 5; it is 4 at most, or"),
        ("reflect", ((0, 0), (0, 6)), "reflect padding of 6 .* axis of 6; it is 5 at most"),
        ("circular", 6, "circular padding of 6 .* axis of 5; it is 5 at most"),
    ],
)
def test_an_image_too_small_to_be_mirrored(fill: Any, padding: Any, message: str) -> None:
    x, w = normal(22, 1, 5, 6), np.ones((1, 1, 2, 2))
    with pytest.raises(ValueError, match=message):
        ac.conv2d(x, w, padding=padding, fill=fill)


def loops(x: Any, w: Any, stride: int, dilation: int) -> Any:
    """True convolution by the formula y[i] = Σ w[u]·x[i·s + (k − 1 − u)·d]."""
    (channels, height, width), (out, _, kh, kw) = x.shape, w.shape
    rows = (height - dilation * (kh - 1) - 1) // stride + 1
    columns = (width - dilation * (kw - 1) - 1) // stride + 1
    y = np.zeros((out, rows, columns))
    for o, i, j in np.ndindex(y.shape):
        for c, u, v in np.ndindex(channels, kh, kw):
            y[o, i, j] += (
                w[o, c, u, v]
                * x[c, i * stride + (kh - 1 - u) * dilation, j * stride + (kw - 1 - v) * dilation]
            )
    return y


@pytest.mark.system("S004-17")
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (2, 3)])
def test_true_convolution_turns_the_kernel_round(stride: int, dilation: int) -> None:
    x, w = normal(10, 2, 8, 9), normal(11, 3, 2, 3, 2)
    expected = loops(x, w, stride, dilation)
    close(ac.conv2d(x, w, stride=stride, dilation=dilation, flip=True), expected)
    leaves, weights = as_values(x), as_values(w)
    result = ac.conv2d(leaves, weights, stride=stride, dilation=dilation, flip=True)
    close(numbers(result), expected)
    ac.sum(result.ravel()).backward()
    # The sum of the outputs is linear in x and in w, so its slopes are sums over unit inputs.
    for index in [(0, 0, 0), (1, 3, 4), (1, 7, 8)]:
        unit = np.zeros_like(x)
        unit[index] = 1.0
        assert leaves[index].grad == pytest.approx(loops(unit, w, stride, dilation).sum())
    for index in [(0, 0, 0, 0), (2, 1, 2, 1), (1, 0, 0, 1)]:
        unit = np.zeros_like(w)
        unit[index] = 1.0
        assert weights[index].grad == pytest.approx(loops(x, unit, stride, dilation).sum())


def test_true_convolution_in_one_dimension() -> None:
    x, w = normal(12, 1, 9), normal(13, 1, 1, 4)
    close(ac.conv1d(x, w, padding=3, flip=True)[0], np.convolve(x[0], w[0, 0]))
    close(ac.conv1d(x, w, flip=True)[0], np.convolve(x[0], w[0, 0], mode="valid"))


def test_one_dot_node_per_output_entry() -> None:
    result = ac.conv2d(as_values(normal(14, 2, 5, 5)), as_values(normal(15, 3, 2, 2, 2)))
    assert {v.op.name for v in result.flat} == {"dot"}
    assert {len(v.operands) for v in result.flat} == {2 * 8 + 1}


# --- conv1d -----------------------------------------------------------------------------------


@pytest.mark.oracle
@drawn
@given(problems(axes=1))
def test_conv1d_with_every_option(problem: Any) -> None:
    theirs = {name: problem[name] for name in OPTIONS}
    ours = {k: v[0] if isinstance(v, tuple) else v for k, v in theirs.items()}
    agree(
        lambda x, w, b: ac.conv1d(x, w, b, **ours),
        lambda x, w, b: torch().nn.functional.conv1d(x, w, b, **theirs),
        problem["input"],
        problem["weight"],
        problem["bias"],
    )


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("padding", [2, (1, 3), (3, 0), "valid", "same"])
def test_conv1d_padding_and_fill(fill: str, padding: Any) -> None:
    f = torch().nn.functional

    def theirs(x: Any, w: Any) -> Any:
        left, right = {"valid": (0, 0), "same": (1, 2), 2: (2, 2)}.get(padding, padding)
        return f.conv1d(f.pad(x, (left, right), mode=FILLS[fill]), w)

    agree(
        lambda x, w: ac.conv1d(x, w, padding=padding, fill=fill),
        theirs,
        normal(16, 2, 3, 5),
        normal(17, 2, 3, 4),
    )


# --- pooling ----------------------------------------------------------------------------------


@st.composite
def pools(draw: Any, spread: bool = True) -> dict[str, Any]:
    kernel = tuple(draw(st.sampled_from([2, 3, 1, 4])) for _ in range(2))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    dilation = tuple(draw(st.sampled_from([1, 2, 3])) for _ in range(2)) if spread else (1, 1)
    size = [  # at least d, so that no window jumps over the image
        max(2, d, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 3))
        for d, k, p in zip(dilation, kernel, padding, strict=True)
    ]
    batch = draw(st.sampled_from([(), (2,), (1,)]))
    x = normal(draw(SEEDS), *batch, draw(st.sampled_from([2, 3, 1])), *size)
    if draw(st.booleans()):
        x = np.sign(x)  # a binary image: ties everywhere
    return {
        "x": x,
        "options": {
            "kernel_size": kernel,
            "stride": draw(st.sampled_from([None, 1, (2, 1), (1, 3), 2])),
            "padding": padding,
            "ceil_mode": draw(st.booleans()),
            **({"dilation": dilation} if spread else {}),
        },
    }


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(pools())
def test_max_pooling_with_its_ties_to_the_first(pool: Any) -> None:
    agree(
        lambda x: ac.max_pool2d(x, **pool["options"]),
        lambda x: torch().nn.functional.max_pool2d(x, **pool["options"]),
        pool["x"],
    )


@pytest.mark.oracle
@drawn
@given(pools(spread=False), st.booleans(), st.sampled_from([None, 3, -2]))
def test_average_pooling_and_what_it_divides_by(
    pool: Any, include: bool, divisor: int | None
) -> None:
    options = pool["options"] | {"count_include_pad": include, "divisor_override": divisor}
    agree(
        lambda x: ac.avg_pool2d(x, **options),
        lambda x: torch().nn.functional.avg_pool2d(x, **options),
        pool["x"],
    )


@pytest.mark.oracle
@drawn
@given(pools(spread=False))
def test_min_pooling_is_amin_of_each_window(pool: Any) -> None:
    """PyTorch has none; `amin` shares a tie equally, as the table's `min` does."""
    t = torch()
    kernel, stride, (vertical, horizontal), _ = pool["options"].values()
    steps = kernel if stride is None else (stride, stride) if isinstance(stride, int) else stride

    def theirs(x: Any) -> Any:
        sides = (horizontal, horizontal, vertical, vertical)
        padded = t.nn.functional.pad(x, sides, value=math.inf)
        windows = padded.unfold(-2, kernel[0], steps[0]).unfold(-2, kernel[1], steps[1])
        return t.amin(windows, (-2, -1))

    agree(lambda x: ac.min_pool2d(x, kernel, stride, (vertical, horizontal)), theirs, pool["x"])


@pytest.mark.oracle
@drawn
@given(pools())
def test_min_pooling_with_every_option(pool: Any) -> None:
    x = pool["x"] + normal(1, *pool["x"].shape)  # no ties, which max-pooling does not share
    agree(
        lambda x: ac.min_pool2d(x, **pool["options"]),
        lambda x: -torch().nn.functional.max_pool2d(-x, **pool["options"]),
        x,
    )


@pytest.mark.oracle
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_pooling_of_infinite_pixels(sign: float) -> None:
    """An infinite pixel is an operand like any other; only the padding never wins."""
    t = torch()
    x = sign * np.full((1, 4, 4), math.inf)
    x[0, 0, 0] = x[0, 3, 3] = 2.0
    pool = t.nn.functional.max_pool2d
    for padding in (0, 1):
        agree(lambda x, p=padding: ac.max_pool2d(x, 2, 2, p),
              lambda x, p=padding: pool(x, 2, 2, p), x)  # fmt: skip
        close(ac.min_pool2d(x, 2, 2, padding), -pool(t.tensor(-x), 2, 2, padding).numpy())
        close(
            numbers(ac.min_pool2d(as_values(x), 2, 2, padding)),
            -pool(t.tensor(-x), 2, 2, padding).numpy(),
        )


def test_a_pool_of_equal_pixels_by_hand() -> None:
    ones = np.ones((1, 2, 2))
    for pool, expected in (
        (ac.max_pool2d, [[1.0, 0.0], [0.0, 0.0]]),
        (ac.min_pool2d, [[0.25, 0.25], [0.25, 0.25]]),
        (ac.avg_pool2d, [[0.25, 0.25], [0.25, 0.25]]),
    ):
        x = as_values(ones)
        pool(x, 2)[0, 0, 0].backward()
        assert grads(x)[0].tolist() == expected


# --- sizes ------------------------------------------------------------------------------------


def test_sizes_may_be_numpy_s_integers() -> None:
    two, one = np.int64(2), np.int64(1)
    x, w = normal(18, 1, 5, 5), normal(19, 1, 1, 2, 2)
    close(ac.conv2d(x, w, None, two, one, one), ac.conv2d(x, w, None, 2, 1, 1))
    x1, w1 = x[:, 0], w[:, :, 0]
    close(ac.conv1d(x1, w1, None, two, one, one), ac.conv1d(x1, w1, None, 2, 1, 1))
    close(ac.max_pool2d(x, two, one, one), ac.max_pool2d(x, 2, 1, 1))
    assert ac.output_size(np.int64(5), two, two, one, one) == 3


# --- what does not fit ------------------------------------------------------------------------

X, W = np.ones((2, 5, 5)), np.ones((3, 2, 3, 3))


@pytest.mark.parametrize(
    ("x", "w", "options", "message"),
    [
        (X[0], W, {}, "input .C, H, W. and a weight .O, C, kh, kw.; got 5×5 and 3×2×3×3"),
        (X[None, None], W, {}, "got 1×1×2×5×5 and 3×2×3×3"),
        (X, W[0], {}, "got 2×5×5 and 2×3×3"),
        (X, W[:, :1], {}, "1 group: an input of 2 channels does not fit a weight 3×1×3×3"),
        (X, W, {"groups": 2}, "2 groups: an input of 2 channels does not fit a weight 3×2×3×3"),
        (X, W[:, :1], {"groups": 2}, "2 groups: .* 2 channels does not fit a weight 3×1×3×3"),
        (X, W, {"groups": 0}, "0 groups"),
        (X, W, {"groups": -1}, "-1 group"),
        (X, W, {"bias": [1.0, 2.0]}, "a bias for each of 3 channels; got 2"),
        (X, W, {"bias": 1.0}, "a bias for each of 3 channels"),
        (X, W, {"bias": np.ones((3, 1))}, "a bias for each of 3 channels"),
        (X, W, {"dilation": 3}, "a kernel of 3×3 does not fit into 5×5"),
        (X[:, :2], W, {}, "a kernel of 3×3 does not fit into 2×5"),
        (X, W, {"stride": 0}, "at least 1; got 0"),
        (X, W, {"stride": (1, 0)}, r"at least 1; got \(1, 0\)"),
        (X, W, {"dilation": 0}, "at least 1; got 0"),
        (X, W, {"padding": -1}, "not negative; got"),
        (X, W, {"padding": ((0, 0), (1, -1))}, "not negative; got"),
        (X, W, {"padding": "full"}, "not 'full'"),
        (X, W, {"padding": "same", "stride": 2}, r'padding="same" needs stride 1; got \(2, 2\)'),
        (X, W, {"fill": None}, "a number, zeros, .* not None"),
        (X, W, {"padding": 1, "fill": "mirror"}, "reflect, replicate, circular; not 'mirror'"),
        (X, W, {"fill": "mirror"}, "zeros, reflect, replicate, circular; not 'mirror'"),
        (X, W, {"stride": (1, 1, 1)}, "stride"),
        (X, W, {"padding": (1, 1, 1)}, "padding"),
    ],
)
def test_conv2d_of_what_does_not_fit(x: Any, w: Any, options: Any, message: str) -> None:
    for carrier in (np.asarray, as_values):
        with pytest.raises(ValueError, match=message):
            ac.conv2d(carrier(x), carrier(w), **options)


@pytest.mark.parametrize(
    ("x", "w", "options", "message"),
    [
        (X[0, 0], W[0], {}, "input .C, L. and a weight .O, C, k.; got 5 and 2×3×3"),
        (X[None], W[0], {}, "got 1×2×5×5 and 2×3×3"),
        (X[0], W[0, 0], {}, "got 5×5 and 3×3"),
        (X[0], W[0], {}, "conv1d .*5 channels does not fit a weight 2×3×3"),
        (X[0], np.ones((2, 5, 6)), {}, "conv1d: a kernel of 6 does not fit into 5"),
        (X[0], np.ones((2, 5, 2)), {"stride": 0}, "stride is at least 1; got 0"),
        (X[0], np.ones((2, 5, 2)), {"dilation": (1, 2)}, r"dilation is a whole number; not \(1, 2"),
        (X[0], np.ones((2, 5, 2)), {"padding": (1, 2, 3)}, r'a number, two, "same" .* not \(1, 2'),
        (X[0], np.ones((2, 5, 2)), {"padding": -1}, "not negative"),
        (X[0], np.ones((2, 5, 2)), {"padding": "same", "stride": 2}, "needs stride 1"),
    ],
)
def test_conv1d_of_what_does_not_fit(x: Any, w: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ac.conv1d(x, w, **options)


@pytest.mark.parametrize("pool", [ac.max_pool2d, ac.min_pool2d, ac.avg_pool2d])
@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        (X[0], (2,), r"takes an input \(C, H, W\); got 5×5"),
        (X[None, None], (2,), r"got 1×1×2×5×5"),
        (X, (6,), "a kernel of 6×6 does not fit into 5×5"),
        (X, ((2, 6),), "a kernel of 2×6 does not fit into 5×5"),
        (X, (0,), "at least 1; got 0"),
        (X, (2, 0), "at least 1; got 0"),
        (X, (3, 1, 2), "padding 2 is more than half of the kernel"),
        (X, (2, 1, (0, 2)), "is more than half of the kernel"),
        (X, (2, 1, -1), "not negative"),
    ],
)
def test_pooling_of_what_does_not_fit(pool: Any, x: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pool(x, *options)


def test_an_average_divided_by_nothing() -> None:
    with pytest.raises(ValueError, match=r"divisor_override is not 0; None divides by"):
        ac.avg_pool2d(X, 2, divisor_override=0)


def test_ragged_images_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        ac.conv2d([[[1.0, 2.0], [3.0]]], W)
    with pytest.raises(ValueError, match="one length"):
        ac.max_pool2d([[[1.0, 2.0], [3.0]]], 1)
