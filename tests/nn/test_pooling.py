"""Pooling layers: against PyTorch's, and the figures of a worked example."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from nn import AvgPool2d, MaxPool2d, MinPool2d
from tests.support.against_torch import as_values, close, grads, numbers, torch
from tests.support.modules import agree_module, gradient_uses_every_row

SEEDS = st.integers(0, 2**32 - 1)
drawn = settings(derandomize=True, max_examples=30, deadline=None)


def normal(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


@st.composite
def problems(draw: Any, spread: bool) -> tuple[dict[str, Any], Any]:
    """The arguments of a layer and an input, stride ≠ padding ≠ dilation in most draws."""
    kernel = tuple(draw(st.sampled_from([2, 3, 4, 1])) for _ in range(2))
    arguments: dict[str, Any] = {
        "kernel_size": kernel,
        "stride": draw(st.sampled_from([None, 3, (2, 1), (1, 3), 2])),
        "padding": tuple(draw(st.integers(0, k // 2)) for k in kernel),
        "ceil_mode": draw(st.booleans()),
    }
    dilation = (1, 1)
    if spread:
        arguments["dilation"] = dilation = tuple(draw(st.sampled_from([2, 1, 3])) for _ in range(2))
    size = [  # at least d, so that no window jumps over the image
        max(2, d, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 3))
        for d, k, p in zip(dilation, kernel, arguments["padding"], strict=True)
    ]
    batch = draw(st.sampled_from([(2,), (), (1,)]))
    x = normal(draw(SEEDS), *batch, draw(st.sampled_from([2, 3, 1])), *size)
    return arguments, x


@pytest.mark.oracle
@drawn
@given(problems(spread=True), st.booleans())
def test_max_pooling(problem: Any, binary: bool) -> None:
    arguments, x = problem
    x = np.sign(x) if binary else x  # ties everywhere
    agree_module(MaxPool2d(**arguments), torch().nn.MaxPool2d(**arguments), x)


@pytest.mark.oracle
@drawn
@given(problems(spread=True))
def test_min_pooling_is_max_pooling_of_the_negative(problem: Any) -> None:
    arguments, x = problem
    t = torch()

    class Negative(t.nn.Module):  # type: ignore[name-defined, misc]
        def forward(self, x: Any) -> Any:
            return -t.nn.functional.max_pool2d(-x, **arguments)

    agree_module(MinPool2d(**arguments), Negative(), x)


@pytest.mark.oracle
@drawn
@given(problems(spread=False), st.booleans(), st.sampled_from([None, 3, 1, -2]))
def test_average_pooling(problem: Any, include: bool, divisor: int | None) -> None:
    arguments, x = problem
    arguments |= {"count_include_pad": include, "divisor_override": divisor}
    agree_module(AvgPool2d(**arguments), torch().nn.AvgPool2d(**arguments), x)


@pytest.mark.oracle
def test_arguments_in_pytorch_s_order() -> None:
    t, x = torch(), normal(1, 2, 7, 8)
    agree_module(MaxPool2d((2, 3), (1, 2), 1, 2), t.nn.MaxPool2d((2, 3), (1, 2), 1, 2), x)
    average = ((2, 3), (3, 2), 1, True, False, 5)
    agree_module(AvgPool2d(*average), t.nn.AvgPool2d(*average), x)


@pytest.mark.oracle
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_each_side_by_itself(ceil_mode: bool) -> None:
    t, x = torch(), normal(2, 2, 2, 6, 5)
    pad = t.nn.functional.pad
    around: Any = ((1, 0), (2, 1))
    for ours, theirs, fill in (
        (MaxPool2d, t.nn.MaxPool2d, -math.inf),
        (AvgPool2d, t.nn.AvgPool2d, 0.0),
    ):
        agree_module(
            ours((2, 4), 3, around, ceil_mode=ceil_mode),
            theirs((2, 4), 3, ceil_mode=ceil_mode),
            x,
            prepare=lambda x, fill=fill: pad(x, (2, 1, 1, 0), value=fill),
        )


@pytest.mark.oracle
def test_a_window_without_a_pixel() -> None:
    """The padding never wins, so such a window is empty: −∞, as PyTorch says, or +∞."""
    arguments: Any = (2, 1, 1, 2)
    expected = torch().nn.MaxPool2d(*arguments)(torch().zeros(1, 1, 1)).numpy()
    assert expected.tolist() == [[[-math.inf]]]
    for carrier in (np.asarray, as_values):
        x = carrier(np.zeros((1, 1, 1)))
        close(numbers(MaxPool2d(*arguments)(x)), expected)
        close(numbers(MinPool2d(*arguments)(x)), -expected)


# --- a worked example ---------------------------------------------------------------------------

DIAGONAL = [[3, -1, -3, -1], [-3, 1, 0, -3], [-3, -3, 0, 1], [3, -2, -2, -1]]
VERTICAL = [[-1, -1, -1, -1], [-1, -1, -2, 1], [-1, -1, -2, 1], [-1, 0, -4, 3]]


@pytest.mark.parametrize(
    ("layer", "diagonal", "vertical"),
    [
        (MaxPool2d(2), [[3, 0], [3, 1]], [[-1, 1], [0, 3]]),
        (AvgPool2d(2), [[0, -1.75], [-1.25, -0.5]], [[-1, -0.75], [-0.75, -0.5]]),
        (MinPool2d(2), [[-3, -3], [-3, -2]], [[-1, -2], [-1, -4]]),
    ],
)
def test_two_feature_maps(layer: Any, diagonal: Any, vertical: Any) -> None:
    assert layer([DIAGONAL, VERTICAL]).tolist() == [diagonal, vertical]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (MaxPool2d(2), [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]]),
        (AvgPool2d(2), [[0.25] * 4] * 4),
    ],
)
def test_gradients_of_the_sum(layer: Any, expected: Any) -> None:
    x = as_values([DIAGONAL])
    ac.sum(layer(x).ravel()).backward()
    assert grads(x).tolist() == [expected]


def test_ties() -> None:
    """The maximum sends the gradient to the first, the minimum shares it."""
    for layer, expected in (
        (MaxPool2d(2), [[1.0, 0.0], [0.0, 0.0]]),
        (MinPool2d(2), [[0.25, 0.25], [0.25, 0.25]]),
    ):
        x = as_values(np.ones((1, 2, 2)))
        layer(x)[0, 0, 0].backward()
        assert grads(x)[0].tolist() == expected


@pytest.mark.parametrize(
    ("layer", "row"),
    [
        (MaxPool2d(2, 1), "first_max"),
        (MinPool2d(2, 1), "min"),
        (AvgPool2d(2, 1), "mean"),
        (AvgPool2d(2, 1, count_include_pad=False), "mean"),
        (AvgPool2d(2, 1, divisor_override=3), "sum"),
    ],
)
def test_a_mutated_row_shows_in_the_gradients(layer: Any, row: str) -> None:
    assert row in gradient_uses_every_row(layer, normal(3, 2, 3, 4))


# --- what is shown, what is refused -------------------------------------------------------------


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["MaxPool2d", "AvgPool2d"])
@pytest.mark.parametrize("arguments", [(2,), ((2, 3),), ((2, 3), (1, 2), 1)])
def test_described_as_by_pytorch(kind: str, arguments: Any) -> None:
    layer = {"MaxPool2d": MaxPool2d, "AvgPool2d": AvgPool2d}[kind](*arguments)
    assert layer.describe() == getattr(torch().nn, kind)(*arguments).extra_repr()
    assert repr(layer) == f"{kind}({layer.describe()})"
    assert layer.parameters() == []


def test_what_pytorch_does_not_show() -> None:
    layer = AvgPool2d(2, ceil_mode=True, count_include_pad=False, divisor_override=3)
    assert layer.describe() == (
        "kernel_size=2, stride=2, padding=0, ceil_mode=True, count_include_pad=False, "
        "divisor_override=3"
    )
    assert MinPool2d(3, dilation=2).describe() == (
        "kernel_size=3, stride=3, padding=0, dilation=2, ceil_mode=False"
    )


@pytest.mark.parametrize("kind", [MaxPool2d, MinPool2d, AvgPool2d])
@pytest.mark.parametrize(
    ("arguments", "shape", "message"),
    [
        ((2,), (5, 5), r"2d\(kernel_size=2, .*\): expected \(C, H, W\) or \(N, C, H, W\); "
            r"got 5×5; put the axis of channels in front, x\[None\]$"),
        ((2,), (1, 1, 1, 5, 5), "got 1×1×1×5×5$"),
        (((2, 6),), (1, 5, 5), r"=0.*\): \w+: a kernel of 2×6 does not fit into 5×5 "),
        ((3, 1, 2), (1, 5, 5), r"\): \w+: padding 2 is more than half of the kernel \(3, 3\)$"),
        ((2, 1, ((0, 2), (0, 0))), (1, 5, 5), "more than half of the kernel"),
    ],
)  # fmt: skip
def test_an_input_that_does_not_fit(kind: Any, arguments: Any, shape: Any, message: str) -> None:
    for carrier in (np.asarray, as_values):
        with pytest.raises(ValueError, match=f"^{kind.__name__[:-2]}.*{message}"):
            kind(*arguments)(carrier(np.ones(shape)))


@pytest.mark.parametrize("kind", [MaxPool2d, MinPool2d, AvgPool2d])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0,), "kernel_size is at least 1; got 0"),
        ((2, 0), "stride is at least 1; got 0"),
        ((2, (1, 2, 3)), r"stride is a whole number or two; not \(1, 2, 3\)"),
        ((2, 1, -1), "padding is not negative; got -1"),
        ((2, 1, "full"), "padding is a number, two, two pairs, .* not 'full'"),
    ],
)
def test_arguments_that_do_not_fit(kind: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{kind.__name__}: {message}"):
        kind(*arguments)


def test_other_arguments_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"^MaxPool2d: dilation is at least 1; got 0"):
        MaxPool2d(2, dilation=0)
    with pytest.raises(ValueError, match=r"^AvgPool2d\(.*\): avg_pool2d: divisor_override is"):
        AvgPool2d(2, divisor_override=0)(np.ones((1, 2, 2)))
    with pytest.raises(TypeError, match="return_indices"):
        MaxPool2d(2, return_indices=True)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="dilation"):
        AvgPool2d(2, dilation=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        MaxPool2d(2, 2, 0, 1, True)  # type: ignore[misc]  # PyTorch's fifth is return_indices
