"""One time step as a function, against PyTorch's functions of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from nn import gru_cell, lstm_cell, rnn_cell
from nn.cell_functions import NONLINEARITIES
from tests.support.against_torch import agree, as_values, torch
from tests.support.modules import drawn, sizes

BLOCKS = {"rnn_tanh": 1, "rnn_relu": 1, "lstm": 4, "gru": 3}


def ours(kind: str) -> Callable[..., Any]:
    if kind == "lstm":
        return lambda x, h, c, *w: ac.concat(*lstm_cell(x, (h, c), *w))
    if kind == "gru":
        return gru_cell
    return lambda *inputs: rnn_cell(*inputs, nonlinearity=kind.removeprefix("rnn_"))


def theirs(kind: str) -> Callable[..., Any]:
    cell = getattr(torch(), f"{kind}_cell")
    if kind == "lstm":
        return lambda x, h, c, *w: torch().cat(cell(x, (h, c), *w))
    return cell  # type: ignore[no-any-return]


def inputs_of(
    kind: str, seed: int, batch: int, features: int, hidden: int, bias: bool
) -> list[Any]:
    rows = BLOCKS[kind] * hidden
    shapes = [(batch, features), *[(batch, hidden)] * (2 if kind == "lstm" else 1)]
    shapes += [(rows, features), (rows, hidden), *([(rows,), (rows,)] if bias else [])]
    return [drawn(seed + i, *shape) for i, shape in enumerate(shapes)]


@pytest.mark.oracle
@pytest.mark.parametrize("kind", BLOCKS)
@settings(derandomize=True, deadline=None)
@given(seed=st.integers(0, 99), batch=sizes, features=sizes, hidden=sizes, bias=st.booleans())
def test_the_step_and_its_gradients_are_pytorchs(
    kind: str, seed: int, batch: int, features: int, hidden: int, bias: bool
) -> None:
    agree(ours(kind), theirs(kind), *inputs_of(kind, seed, batch, features, hidden, bias))


@pytest.mark.oracle
@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize("scale", [0.0, 1e4])
def test_the_corner_of_the_relu_and_saturated_gates(kind: str, scale: float) -> None:
    """Sums of exactly 0, and of ±10⁴, where the slopes of the gates are 0."""
    inputs = [scale * np.sign(array) for array in inputs_of(kind, 3, 2, 3, 2, bias=True)]
    agree(ours(kind), theirs(kind), *inputs)


def test_a_step_by_hand() -> None:
    """An LSTM of one unit whose gates are σ(0) = 1/2: c′ = c/2 + tanh(2)/2."""
    w_ih = np.array([[0.0], [0.0], [2.0], [0.0]])  # i, f, g, o: only the candidate sees x
    h, c = lstm_cell([1.0], ([9.0], [0.5]), w_ih, np.zeros((4, 1)))
    assert c[0] == pytest.approx(0.25 + np.tanh(2.0) / 2.0, rel=1e-15)
    assert h[0] == pytest.approx(np.tanh(c[0]) / 2.0, rel=1e-15)
    # a GRU with r = z = 1/2: n = tanh(x + h/2·1)
    [new] = gru_cell([0.3], [0.8], [[0.0], [0.0], [1.0]], [[0.0], [0.0], [1.0]])
    assert new == pytest.approx(0.5 * np.tanh(0.3 + 0.5 * 0.8) + 0.5 * 0.8, rel=1e-15)


@pytest.mark.parametrize(
    ("nonlinearity", "expected"),
    [("tanh", np.tanh(0.5)), ("relu", 0.5), ("sigmoid", 1 / (1 + np.exp(-0.5))), ("step", 1.0),
     ("identity", 0.5)],
)  # fmt: skip
def test_every_nonlinearity(nonlinearity: str, expected: float) -> None:
    [h] = rnn_cell([2.0], [3.0], [[1.0]], [[-0.5]], nonlinearity=nonlinearity)
    assert h == pytest.approx(expected, rel=1e-15)


def test_no_other_nonlinearity() -> None:
    assert set(NONLINEARITIES) == {"tanh", "relu", "sigmoid", "step", "identity"}
    with pytest.raises(ValueError, match=r"one of tanh, relu, .*; not 'gelu'"):
        rnn_cell([1.0], [1.0], [[1.0]], [[1.0]], nonlinearity="gelu")


def names_below(value: ac.Value) -> set[str | None]:
    return {node.name for node in ac.topological_order(value)}


def test_a_label_names_gates_and_states() -> None:
    x, h, c = as_values([1.0]), as_values([0.5]), as_values([0.5])
    [new], _ = lstm_cell(x, (h, c), np.ones((4, 1)), np.ones((4, 1)), label="_7")
    assert {f"{letter}_7[0]" for letter in "ifgoch"} <= names_below(new)
    [new] = gru_cell(x, h, np.ones((3, 1)), np.ones((3, 1)), label="_7")
    assert {f"{letter}_7[0]" for letter in "rznh"} <= names_below(new)
    assert rnn_cell(x, h, [[1.0]], [[1.0]])[0].name is None


ROWS = {
    "rnn_tanh": ("dot", "add", "tanh"),
    "rnn_relu": ("dot", "add", "relu"),
    "lstm": ("dot", "add", "mul", "tanh", "sigmoid"),
    "gru": ("dot", "add", "mul", "sub", "tanh", "sigmoid"),
}


@pytest.mark.parametrize(("kind", "row"), [(kind, row) for kind in ROWS for row in ROWS[kind]])
def test_gradients_come_from_the_rows(kind: str, row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row whose derivatives are 0.1 % too large changes the gradient: it has no other source."""

    def slopes() -> list[float]:
        leaves = [as_values(array) for array in inputs_of(kind, 5, 2, 3, 2, bias=True)]
        total = ac.sum(np.ravel(ours(kind)(*leaves)).tolist())
        total.backward()
        return [leaf.grad for array in leaves for leaf in array.ravel()]

    right = slopes()
    op = ac.TABLE[row]
    partials = op.partials
    monkeypatch.setattr(op, "partials", lambda *xs: tuple(1.001 * p for p in partials(*xs)))
    wrong = slopes()
    changed = [abs(a - b) > 1e-4 * abs(a) for a, b in zip(right, wrong, strict=True) if a]
    assert any(changed)
