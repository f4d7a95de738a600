"""Curves: the lines and circles of the figure against formulas and hand-written expectations."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value
from viz import plot_activation, plot_gradient_sizes, plot_loss


def lines(axes: Any) -> list[Any]:
    """The curves, without the circles at jumps."""
    return [line for line in axes.lines if line.get_marker() != "o"]


def circles(axes: Any, filled: bool) -> list[tuple[float, float]]:
    return sorted(
        (float(x), float(y))
        for line in axes.lines
        if line.get_marker() == "o" and (line.get_markerfacecolor() != "white") == filled
        for x, y in zip(*line.get_data(), strict=True)
    )


def legend(figure: Any) -> list[str]:
    return [text.get_text() for box in figure.legends for text in box.get_texts()]


# --- activations ------------------------------------------------------------------------------


def test_functions_left_derivatives_right() -> None:
    left, right = plot_activation(ac.tanh, ac.sigmoid, low=-3, high=4).axes
    x = lines(left)[0].get_xdata()
    assert (x[0], x[-1]) == (-3.0, 4.0)
    logistic = 1.0 / (1.0 + np.exp(-x))
    for axes, expected in (
        (left, [np.tanh(x), logistic]),
        (right, [1.0 / np.cosh(x) ** 2, logistic * (1.0 - logistic)]),
    ):
        for line, y in zip(lines(axes), expected, strict=True):
            np.testing.assert_allclose(line.get_ydata(), y, rtol=1e-12, atol=1e-15)
    assert [axes.get_ylabel() for axes in (left, right)] == ["f(x)", "f′(x)"]
    assert circles(right, True) == circles(right, False) == []


@pytest.mark.system("S000-08")
def test_functions_of_ones_own() -> None:
    """σ(4 − 2·x) and max(0.1·x, 2·x); at 0 the slopes 0.1 and 2 are shared equally."""
    left, right = plot_activation(
        lambda x: ac.sigmoid(4.0 - 2.0 * x), lambda x: ac.max(0.1 * x, 2.0 * x), low=-2, high=6
    ).axes
    (x, y), (u, z) = (line.get_data() for line in lines(left))
    np.testing.assert_allclose(y, 1.0 / (1.0 + np.exp(2.0 * x - 4.0)), rtol=1e-12)
    np.testing.assert_allclose(z, np.where(u > 0.0, 2.0 * u, 0.1 * u), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(lines(right)[0].get_ydata(), -2.0 * y * (1.0 - y), rtol=1e-12)
    assert circles(right, True) == [(0.0, 1.05)]
    assert circles(right, False) == [(0.0, 0.1), (0.0, 2.0)]


def test_circles_where_derivatives_jump() -> None:
    left, right = plot_activation(ac.relu, ac.abs).axes
    assert circles(right, True) == [(0.0, 0.0), (0.0, 0.0)]
    assert circles(right, False) == [(0.0, -1.0), (0.0, 1.0), (0.0, 1.0)]
    assert circles(left, True) == circles(left, False) == []
    assert math.isnan(dict(zip(*lines(right)[0].get_data(), strict=True))[0.0])


def test_circles_where_the_function_jumps() -> None:
    left, right = plot_activation(ac.step, lambda x: ac.step(x - 1.0, at_zero=1.0)).axes
    assert circles(left, True) == [(0.0, 0.0), (1.0, 1.0)]
    assert circles(left, False) == [(0.0, 1.0), (1.0, 0.0)]
    assert circles(right, True) == circles(right, False) == []


def test_names_in_the_legend() -> None:
    assert legend(plot_activation(ac.relu, lambda x: x)) == ["relu", "function 2"]
    assert legend(plot_activation(ac.relu, math_square, labels=["a", "b"])) == ["a", "b"]
    assert legend(plot_activation(math_square)) == ["math_square"]


def math_square(x: Any) -> Any:
    return x * x


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((), {}, ValueError, "nothing to draw: name a function"),
        ((ac.relu,), {"low": 2}, ValueError, None),
        ((ac.relu,), {"low": 5}, ValueError, "low = 5 is not below high = 5: exchange them"),
        ((ac.relu,), {"high": math.inf}, ValueError, "high is inf"),
        ((ac.pow,), {}, ValueError, r"pow takes 2 operands: fix all but one"),
        (("relu",), {}, TypeError, "str is no function: give operations"),
        ((ac.log,), {"high": -1}, ValueError, "log is finite nowhere from -5 to -1: choose"),
        ((ac.relu,), {"labels": []}, ValueError, "give a list of 1 labels, one for each function"),
        ((ac.relu,) * 17, {}, ValueError, "more than 16 curves cannot be told apart"),
    ],
)
def test_what_cannot_be_an_activation(
    arguments: Any, options: Any, error: type[Exception], message: str | None
) -> None:
    if message is None:  # just possible
        assert plot_activation(*arguments, **options).axes
        return
    with pytest.raises(error, match=message):
        plot_activation(*arguments, **options)


def test_curves_differ_without_their_colours() -> None:
    left, right = plot_activation(*[ac.tanh] * 16).axes
    for axes in (left, right):
        styles = {(line.get_linestyle(), line.get_marker()) for line in axes.lines}
        assert len(styles) == 16
    neighbours = [line.get_color() for line in left.lines]
    assert all(a != b for a, b in itertools.pairwise(neighbours))


# --- losses -----------------------------------------------------------------------------------


def test_losses_over_steps_from_1() -> None:
    figure = plot_loss([16.0, 4.0, 1.0], (Value(9.0), 3), labels=["a", "b"])
    [axes] = figure.axes
    assert [line.get_xydata().tolist() for line in axes.lines] == [
        [[1, 16], [2, 4], [3, 1]],
        [[1, 9], [2, 3]],
    ]
    assert legend(figure) == ["a", "b"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "loss L")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    assert all(tick == int(tick) for tick in axes.get_xticks())


def test_one_history_needs_no_legend() -> None:
    assert plot_loss([3.0, 2.0]).legends == []
    assert legend(plot_loss([3.0, 2.0], labels=["adam"])) == ["adam"]
    assert legend(plot_loss([1.0], [2.0])) == ["training 1", "training 2"]


def test_a_single_loss_is_a_visible_point() -> None:
    [axes] = plot_loss([3.0]).axes
    assert axes.lines[0].get_marker() == "s"
    assert [tick for tick in axes.get_xticks() if 0 <= tick <= 2] == [0, 1, 2]


def test_a_logarithmic_axis_is_for_positive_losses() -> None:
    assert plot_loss([1.0, 0.1], log=True).axes[0].get_yscale() == "log"
    with pytest.raises(ValueError, match=r"history 1\[2\] is 0; .*: leave log=True away"):
        plot_loss([1.0], [2.0, 1.0, 0.0], log=True)


@pytest.mark.parametrize(
    ("histories", "error", "message"),
    [
        ((), ValueError, "nothing to draw: give the losses"),
        (([],), ValueError, r"history 0 has the shape \(0,\): give a list of losses"),
        ((1.0, 2.0), ValueError, r"history 0 has the shape \(\): give a list of losses"),
        (([1.0], [math.nan]), ValueError, r"history 1\[0\] is nan"),
        (([1.0],) * 17, ValueError, "more than 16 curves"),
        (("losses.txt",), TypeError, "history 0 is of the type str: give a list of losses"),
    ],
)
def test_what_is_no_history(histories: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        plot_loss(*histories)


# --- gradients --------------------------------------------------------------------------------


def test_sizes_over_time_on_a_logarithmic_axis() -> None:
    figure = plot_gradient_sizes({"down": [1.0, -0.5, 0.25], "up": [Value(2.0), -4, 8.0]})
    [axes] = figure.axes
    assert [line.get_xydata().tolist() for line in axes.lines] == [
        [[0, 1], [1, 0.5], [2, 0.25]],
        [[0, 2], [1, 4], [2, 8]],
    ]
    assert axes.get_yscale() == "log"
    assert legend(figure) == ["down", "up"]
    assert axes.get_xlabel() == "time step t"
    assert axes.get_ylabel() == "size of the gradient, |dL/dhₜ|"


def test_of_vectors_the_norm() -> None:
    [axes] = plot_gradient_sizes({"h": [[3.0, -4.0], [0.0, 1e-300]]}).axes
    assert axes.lines[0].get_ydata().tolist() == [5.0, 1e-300]


@pytest.mark.parametrize("series", [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
def test_exactly_0_is_marked(series: list[float]) -> None:
    figure = plot_gradient_sizes({"relu": series, "tanh": [1.0, 1.0, 0.5]})
    [axes] = figure.axes
    marks = [line for line in axes.lines if line.get_marker() == "v"]
    assert [float(line.get_xdata()[0]) for line in marks] == [
        t for t, size in enumerate(series) if size == 0.0
    ]
    assert legend(figure) == ["relu", "tanh", "exactly 0"]
    assert {line.get_color() for line in marks} == {axes.lines[0].get_color()}


def test_nothing_but_zeros_has_an_axis_too() -> None:
    [axes] = plot_gradient_sizes({"relu": [0.0]}).axes
    low, high = axes.get_ylim()
    assert 0.0 < low < high


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ({}, ValueError, "nothing to draw"),
        ([1.0, 0.5], TypeError, "the gradients have no labels: give a mapping"),
        ({"a": 1.0}, ValueError, r"sizes\['a'\] has the shape \(\): give a list of numbers"),
        ({"a": [math.inf]}, ValueError, r"sizes\['a'\]\[0\] is inf"),
    ],
)
def test_what_are_no_sizes(sizes: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        plot_gradient_sizes(sizes)
