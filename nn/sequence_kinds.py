"""The four ways to use a recurrent cell: one or many inputs, one or many outputs.

Each takes a cell (`RNNCell`, `LSTMCell`, `GRUCell`), a readout that makes the output yₜ from the
state hₜ (a `Linear`, say, or any function), inputs x of shape (input,) or (batch, input), and the
state before the first step, None for zeros. Step t lies in the scope "step t"; its state is named
h_t, its output y_t. An encoder and a decoder are two of them, one after the other: give the last
state of `unroll(encoder, inputs)` to `one_to_many` as `hx`.

Source: A. Karpathy, The Unreasonable Effectiveness of Recurrent Neural Networks (2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_core.modes import scope
from autograd_core.naming import name_array

from .arguments import check_size
from .unrolling import hidden_state, unroll

__all__ = ["many_to_many", "many_to_one", "one_to_many", "one_to_one"]

Cell = Callable[..., Any]
Readout = Callable[[Any], Any]


def one_to_one(cell: Cell, readout: Readout, x: Any, hx: Any = None) -> Any:
    """One input, one output: y = readout(cell(x, hx)).

    >>> from nn import RNNCell
    >>> one_to_one(RNNCell(2, 3, seed=0), lambda h: h[:1], [1.0, 2.0]).shape
    (1,)
    """
    return many_to_many(cell, readout, [x], hx)[0]


def one_to_many(cell: Cell, readout: Readout, x: Any, steps: int, hx: Any = None) -> Any:
    """One input, an output at each of `steps` steps; the output of a step is the next one's input.

    hₜ = cell(xₜ, hₜ₋₁), yₜ = readout(hₜ), xₜ₊₁ = yₜ. Returns (steps, …the shape of y). Errors:
    ValueError for no step, and from the cell where the readout does not make as many numbers as the
    cell takes.

    >>> from nn import RNNCell
    >>> one_to_many(RNNCell(1, 3, seed=0), lambda h: h[:1], [1.0], steps=4).shape
    (4, 1)
    """
    check_size("one_to_many", "steps", steps)
    outputs = []
    for t in range(steps):
        with scope(f"step {t}"):
            hx = cell(x, hx, label=f"_{t}")
            x = _output(readout, hx, t)
        outputs.append(x)
    return np.array(outputs)


def many_to_one(cell: Cell, readout: Readout, inputs: Sequence[Any], hx: Any = None) -> Any:
    """A sequence of inputs, one output after the last: y = readout(h_T).

    >>> from nn import RNNCell
    >>> many_to_one(RNNCell(1, 3, seed=0), lambda h: h[:1], [[1.0], [0.0]]).shape
    (1,)
    """
    states = unroll(cell, inputs, hx)
    last = len(states) - 1
    with scope(f"step {last}"):
        return _output(readout, states[last], last)


def many_to_many(cell: Cell, readout: Readout, inputs: Sequence[Any], hx: Any = None) -> Any:
    """A sequence of inputs, an output at each step: yₜ = readout(hₜ). Returns (time, …y's shape).

    >>> from nn import RNNCell
    >>> many_to_many(RNNCell(1, 3, seed=0), lambda h: h[:1], [[1.0], [0.0]]).shape
    (2, 1)
    """
    outputs = []
    for t, state in enumerate(unroll(cell, inputs, hx)):
        with scope(f"step {t}"):
            outputs.append(_output(readout, state, t))
    return np.array(outputs)


def _output(readout: Readout, state: Any, t: int) -> Any:
    return name_array(readout(hidden_state(state)), f"y_{t}")
