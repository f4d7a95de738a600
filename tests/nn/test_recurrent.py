"""Recurrent cells against PyTorch's modules of the same name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import GRUCell, LSTMCell, RNNCell
from tests.support.against_torch import numbers, torch
from tests.support.modules import agree_module, batches, drawn, sizes

CELLS = {"RNNCell": RNNCell, "LSTMCell": LSTMCell, "GRUCell": GRUCell}


@pytest.mark.oracle
@pytest.mark.parametrize("kind", CELLS)
@settings(derandomize=True, deadline=None)
@given(
    seed=st.integers(0, 99), batch=batches, features=sizes, hidden=sizes, bias=st.booleans(),
    started=st.booleans(),
)  # fmt: skip
def test_a_cell_and_its_gradients_are_pytorchs(
    kind: str, seed: int, batch: int | None, features: int, hidden: int, bias: bool, started: bool
) -> None:
    arguments = (features, hidden, bias)
    count = (2 if kind == "LSTMCell" else 1) if started else 0
    states = [drawn(seed + 1 + i, batch, hidden) for i in range(count)]
    agree_module(
        CELLS[kind](*arguments, seed=seed),
        getattr(torch().nn, kind)(*arguments),
        drawn(seed, batch, features),
        *states,
    )


@pytest.mark.oracle
def test_the_relu_cell_is_pytorchs() -> None:
    theirs = torch().nn.RNNCell(2, 3, True, "relu")
    agree_module(RNNCell(2, 3, True, "relu", seed=2), theirs, drawn(0, 4, 2), drawn(1, 4, 3))


def test_lists_and_arrays_are_the_same() -> None:
    cell = GRUCell(2, 3, seed=0)
    np.testing.assert_array_equal(
        numbers(cell([1.0, -2.0], [0.1, 0.2, 0.3])),
        numbers(cell(np.array([1.0, -2.0]), np.array([0.1, 0.2, 0.3]))),
    )
    pair = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    h, c = LSTMCell(2, 3, seed=0)([1.0, -2.0], pair)
    assert h.shape == c.shape == (3,)


@pytest.mark.parametrize(
    ("cell", "x", "hx", "message"),
    [
        (RNNCell(2, 3), [1.0], None, r"RNNCell\(2, 3\): expected \(2,\) or \(batch, 2\); got 1"),
        (GRUCell(2, 3), np.ones((4, 5, 2)), None, r"GRUCell\(2, 3\): .*; got 4×5×2"),
        (RNNCell(2, 3), [1.0, 2.0], [0.0], r"RNNCell\(2, 3\): expected a state 3 .*; got 1"),
        (GRUCell(2, 3), np.ones((4, 2)), np.ones(3), r"a state 4×3 .*; got 3"),
        (LSTMCell(2, 3), [1.0, 2.0], ([0.0] * 3, [0.0]), r"a state 3 .*; got 1"),
    ],
)
def test_wrong_shapes(cell: Any, x: Any, hx: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cell(x, hx)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("name", ["input_size", "hidden_size"])
def test_sizes_are_whole_numbers_from_one_on(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"{kind}: {name} is at least 1; got 0"):
        CELLS[kind](**{"input_size": 2, "hidden_size": 3, name: 0})
    with pytest.raises(TypeError, match=f"{kind}: {name} is a whole number, not 2.5"):
        CELLS[kind](**{"input_size": 2, "hidden_size": 3, name: 2.5})


def test_an_lstms_state_is_a_pair() -> None:
    with pytest.raises(TypeError, match=r"LSTMCell\(2, 3\): .* pair of states \(h, c\); got nd"):
        LSTMCell(2, 3)([1.0, 2.0], np.zeros(3))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"the pair of states \(h, c\)"):
        LSTMCell(2, 3)([1.0, 2.0], [[0.0] * 3])  # type: ignore[arg-type]


def test_what_is_shown() -> None:
    assert repr(RNNCell(2, 3, nonlinearity="relu")).startswith("RNNCell(2, 3, nonlinearity=relu)")
    assert repr(LSTMCell(2, 3, bias=False)).startswith("LSTMCell(2, 3, bias=False)")


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="device"):
        LSTMCell(2, 3, device="cpu")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="nonlinearity"):
        RNNCell(2, 3, nonlinearity="softmax")
