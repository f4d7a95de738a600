"""What worksheets can call: names, options, words, shapes and sizes."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest

from autograd_core import convolution, functions, losses
from autograd_core.errors import WorksheetError
from autograd_core.value import Value
from autograd_core.vocabulary import call, function_names, numbers_of, unknown
from autograd_core.worksheet import Worksheet

X = np.array([0.5, -1.0, 2.0])
M = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]])


def test_aliases_are_names_of_python_and_numpy() -> None:
    for alias in ("asin", "acos", "atan", "asinh", "atanh", "fabs"):
        assert call(alias, [0.25], {}) == pytest.approx(getattr(math, alias)(0.25), rel=1e-15)
    assert call("acosh", [2.0], {}) == pytest.approx(math.acosh(2.0), rel=1e-15)
    assert call("atan2", [1.0, -2.0], {}) == pytest.approx(math.atan2(1.0, -2.0), rel=1e-15)
    assert call("fsum", [1e16, 1.0, -1e16], {}) == 1.0
    assert call("sumprod", [X, X], {}) == 5.25
    for alias in ("maximum", "minimum", "power", "logaddexp"):
        assert call(alias, [2.0, 3.0], {}) == pytest.approx(getattr(np, alias)(2.0, 3.0))


def test_every_composition_that_is_public_can_be_called() -> None:
    public = {*functions.__all__, *convolution.__all__, *losses.__all__}
    assert public - {"as_array"} <= function_names()
    assert {"as_array", "output_size", "flow", "equal", "identity", "detach"}.isdisjoint(
        function_names()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mse_loss(x, [0, 0, 1])", (0.25 + 1.0 + 1.0) / 3),
        ('mse_loss(x, [0, 0, 1], reduction="sum")', 2.25),
        ("cross_entropy(x, 2)", math.log(np.exp(X).sum()) - 2.0),
        ("cross_entropy(x, [0, 0, 1])", math.log(np.exp(X).sum()) - 2.0),
        ("sum(softmax(x))", 1.0),
        ("sum(flatten(softmax(m, axis=0)))", 3.0),
        ("sum(dropout(x, 0.5, seed=3, training=False))", 1.5),
        ("sum(flatten(transpose(m, axes=[1, 0])[2]))", 7.0),
        ('sum(flatten(conv1d([x], [[[1, 1]]], stride=1, padding="valid")))', -0.5 + 1.0),
        ('sum(flatten(conv1d([[1, 2]], [[[1, 10]]], padding=1, fill="reflect")))', 12 + 21 + 12),
        ("sum(flatten(conv1d([[1, 2]], [[[1, 10]]], padding=1, fill=3)))", 13 + 21 + 32),
        ("sum(flatten(avg_pool2d([[[4]]], 2, padding=1)))", 1.0),
        ("sum(flatten(avg_pool2d([[[4]]], 2, padding=1, count_include_pad=False)))", 4.0),
        ("sum(flatten(avg_pool2d([[[4, 2]]], [1, 2], divisor_override=3)))", 2.0),
        ("sum(flatten(max_pool2d([[[1, 2, 3]]], [1, 2], ceil_mode=True)))", 5.0),
        ("max(m[0]) + max(x, axis=0) + max(1, 2)", 8.0),
        ("sum(elu(x, alpha=2))", 2.5 + 2.0 * math.expm1(-1.0)),
        ("sum(clip(x, 0, 1))", 1.5),
        ("sum(True*x)", 1.5),
        ("norm", 3.0),
    ],
)
def test_calls(text: str, expected: float) -> None:
    sheet = f"norm = 3; x = {X.tolist()}; m = {M.tolist()}; L = {text}"
    assert Worksheet.parse(sheet).output.data == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # shapes
        ("x + [1, 2]", "+ of a vector of 3 and a vector of 2: the shapes do not fit"),
        ("x - m[:, 0]", "− of a vector of 3 and a vector of 2: the shapes do not fit"),
        ("m*[[1], [2], [3]]", "· of a 2×3 matrix and a 3×1 matrix: the shapes do not fit"),
        ("x/[[[1, 2]]]", "/ of a vector of 3 and a 1×1×2 array: the shapes do not fit"),
        ("max(x, [1, 2])", "max of a vector of 3 and a vector of 2: the shapes do not fit"),
        ("elu(x, alpha=[1, 2])", "elu of a vector of 3 and a vector of 2"),
        ("m @ m", "matmul needs shapes (m, n) and (n, p); got 2×3 and 2×3"),
        ("m @ 2", "matmul needs shapes"),
        ("2 @ 3", "matmul needs shapes"),
        ("[m] @ [m]", "matmul needs shapes"),
        ("outer(m, x)", "outer takes two vectors; got 2×3 and 3"),
        ("dot(m, m)", "dot takes two vectors, not a 2×3 matrix and a 2×3 matrix; @ multiplies"),
        ("dot(1, x)", "dot takes two vectors, not a number and a vector of 3"),
        ("dot(x)", "dot takes two vectors, and a number to add: dot(w, x, b)"),
        ("dot(x, x, 1, 2)", "dot takes two vectors, and a number to add"),
        ("dot(x, [1])", "dot needs two vectors of one length; got 3 and 1"),
        ("mse_loss(x, [1])", "mse_loss compares arrays of one shape"),
        ("concat(x, m)", "concat along axis 0 needs equal other axes; got 3, 2×3"),
        # axes
        ("sum(m)", "sum of a 2×3 array needs axis=0 or another axis, or flatten: sum(flatten(…))"),
        ("max(m)", "max of a 2×3 array needs axis=0"),
        ("sum(m, axis=2)", "sum along axis 2 needs one array that has this axis"),
        ("sum(m, axis=-3)", "sum along axis -3 needs one array"),
        ("sum(m, axis=0.5)", "axis is a whole number of at most 100, not 0.5"),
        ("sum(m, axis=1e9)", "axis is a whole number of at most 100"),
        ("sum(m, axis=[0, 1])", "sum goes along one axis, as in axis=0"),
        ('sum(m, axis="rows")', "axis takes a number, not the word 'rows'"),
        ("sum(m, m, axis=0)", "sum along axis 0 needs one array"),
        ("sum(2, axis=0)", "sum along axis 0 needs one array"),
        ("softmax(m, axis=2)", "softmax along axis 2"),
        ("softmax(2)", "softmax needs at least one axis"),
        # options and words
        ("sum(m, axes=0)", "sum has no option axes; did you mean axis?"),
        ("dot(x, x, axis=0)", "dot has no option axis"),
        ("softmax(m, axs=0)", "softmax has no option axs; did you mean axis?"),
        ("mean(m, axis=0, axis=1)", "mean is given axis twice"),
        ("softmax(x, 0, 1)", "softmax(x, axis) got 3 operands"),
        ("softmax(axis=0)", "softmax(x, axis) got 0 operands"),
        ("dropout(x)", "dropout needs a seed, as in dropout(x, seed=1)"),
        ("dropout(x, 2, seed=1)", "a probability lies between 0 and 1"),
        ("dropout(x, seed=1.5)", "seed is a whole number"),
        ("dropout(x, seed=1, training=2)", "training is True or False"),
        ("dropout(x, seed=1, training=[1, 0])", "training is True or False"),
        ('dropout(x, seed=1, training="no")', "training takes a number, not the word 'no'"),
        ('tanh(x="a")', "x takes a number, not the word 'a'"),
        ('elu(x, alpha="a")', "alpha takes a number, not the word 'a'"),
        ('mse_loss(x, target="x")', "target takes a number, not the word 'x'"),
        ('mse_loss(x, x, reduction="max")', 'reduction is "mean", "sum" or "none"'),
        ("mse_loss(x, x, reduction=1)", 'reduction is "mean", "sum" or "none"'),
        ('conv1d([x], [[[1]]], fill="mirror")', "padding is filled with a number, zeros, reflect"),
        ("max_pool2d([m], 1, ceil_mode=2)", "ceil_mode is True or False"),
        ("cross_entropy(x, 5)", "there is no class 5 among 3 classes"),
        ("cross_entropy(x, 0.5)", "a class is a whole number"),
        ("cross_entropy(x, -1)", "there is no class -1"),
        ("tanh(x, 1)", "tanh(x) got 2 operands"),
        # names
        ("sofmax(x)", "there is no function sofmax; did you mean softmax?"),
        ("as_array(x)", "there is no function as_array"),
        ("output_size(3, 3)", "there is no function output_size"),
        ("flow(x, x)", "there is no function flow"),
        # numbers
        ("x/[1, 0, 2]", "division by zero: -1/0 in entry [1]"),
        ("log(m)", "log(-1): a logarithm needs a positive number in entry [1, 1]"),
        ("sqrt(m)[0]", "sqrt(-1): no real number has a negative square in entry [1, 1]"),
        ("m**0.5", "(-1)**0.5 is not a real number in entry [1, 1]"),
        ("x*1e308*10", "mul(2, 1e+308) is too large for a floating-point number in entry [2]"),
        ("sum(1e308, [1e308, 0])", "is too large for a floating-point number"),
        ("softmax(m - 1e308*m*10)", "is too large for a floating-point number"),
        # sizes
        ("conv1d([x], [[[1]]], padding=1e9)", "conv1d of a 1×3 matrix and a 1×1×1 array is too l"),
        ("conv1d([x], [[[1]]], padding=0.5)", "padding is a whole number of at most 100, not 0.5"),
        ("long @ wide", "matmul of a 1000×1 matrix and a 1×1000 matrix is too large here"),
        ("outer(wide[0], wide[0])", "outer of a vector of 1000 and a vector of 1000 is too large"),
        ("long + wide", "add of a 1000×1 matrix and a 1×1000 matrix is too large here"),
        ("max(long, wide)", "max of a 1000×1 matrix and a 1×1000 matrix is too large here"),
    ],
)  # fmt: skip
def test_mistakes(text: str, message: str) -> None:
    arrays = f"x = {X.tolist()}; m = {M.tolist()}"
    if "wide" in text:
        arrays += f"; wide = [[{'1,' * 1000}]]; long = [{'[1],' * 1000}]"
    start = time.perf_counter()
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(f"{arrays}\ny = {text}\nL = 1")
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.line == 2
    assert time.perf_counter() - start < 2.0


@pytest.mark.parametrize(
    "text",
    ["x*x", "x @ x", "sum(x*x + x)", "logsumexp(x)", "max(x)", "mse_loss(x, x)", "x[0]*x"],
)
def test_long_vectors_are_worked_out(text: str) -> None:
    x = [round(0.01 * i - 3.0, 2) for i in range(900)]
    start = time.perf_counter()
    Worksheet.parse(f"x = {x}; y = {text}; L = 1")
    assert time.perf_counter() - start < 2.0


def test_unknown_names() -> None:
    assert unknown("no wieght", "wieght", ["weight", "bias"]) == "no wieght; did you mean weight?"
    assert unknown("no q", "q", ["weight", "bias"]) == "no q"
    assert unknown("no ln", "ln", ["log"]) == "no ln: the natural logarithm is log(x)"


def test_numbers_of_anything() -> None:
    assert numbers_of(2.0) == [2.0]
    assert numbers_of(Value(3.0)) == [3.0]
    mixed: Any = np.array([[Value(1.0), 2.0], [3.0, Value(4.0)]], dtype=object)
    assert numbers_of(mixed) == [1.0, 2.0, 3.0, 4.0]
