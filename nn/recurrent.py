"""Recurrent cells: one time step of an Elman net, an LSTM or a GRU, with parameters of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.functions import as_array

from .arguments import check_size, generator, shape_text
from .cell_functions import gru_cell, known_nonlinearity, lstm_cell, rnn_cell
from .errors import wrong_shape
from .module import Module
from .recurrent_weights import drawn_weights

__all__ = ["GRUCell", "LSTMCell", "RNNCell", "given_state", "given_states"]


class _Cell(Module):
    """What the three cells share: sizes, PyTorch's four parameters, the checks of a call."""

    gates: str  # the letters of the blocks of rows

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, *, seed: int | None = None
    ) -> None:
        kind = type(self).__name__
        self.input_size = check_size(kind, "input_size", input_size)
        self.hidden_size = check_size(kind, "hidden_size", hidden_size)
        self.bias = bias
        arrays = drawn_weights(self.gates, input_size, hidden_size, bias, generator(seed))
        self.weight_ih, self.weight_hh = arrays[:2]
        self.bias_ih: Any = arrays[2] if bias else None
        self.bias_hh: Any = arrays[3] if bias else None

    def _weights(self) -> tuple[Any, Any, Any, Any]:
        """weight_ih, weight_hh, bias_ih, bias_hh; None for a bias that is not there."""
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def _input(self, input: Any) -> Any:
        x = as_array(input)
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise wrong_shape(f"({self.input_size},) or (batch, {self.input_size})", x)
        return x

    def _state_shape(self, x: Any) -> tuple[int, ...]:
        return (*x.shape[:-1], self.hidden_size)

    def describe(self) -> str:
        """The arguments, for `repr`."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    """One step of an Elman net: h′ = g(W_ih·x + b_ih + W_hh·h + b_hh).

    Parameters
    ----------
    input_size, hidden_size : the lengths of x and h.
    bias : False leaves b_ih and b_hh out.
    nonlinearity : g; "tanh" or "relu" as in PyTorch, or "sigmoid", "step", "identity".
    seed : makes the weights repeatable; None draws with Python's `random`. All are uniform in
        ±1/√hidden_size.

    Parameters of the state: weight_ih (hidden, input), weight_hh (hidden, hidden), bias_ih and
    bias_hh (hidden,). Errors: ValueError for shapes that do not fit.

    Source: see `rnn_cell`.

    >>> cell = RNNCell(3, 2, seed=0)
    >>> cell([1.0, 2.0, 3.0]).shape, len(cell.parameters())
    ((2,), 14)
    """

    gates = "h"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        seed: int | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, seed=seed)
        self.nonlinearity = known_nonlinearity(nonlinearity)

    def forward(self, input: Any, hx: Any = None, *, label: str | None = None) -> Any:
        """The new state for an input and the state before; hx None is a state of zeros."""
        x = self._input(input)
        h = given_state(hx, self._state_shape(x))
        return rnn_cell(x, h, *self._weights(), nonlinearity=self.nonlinearity, label=label)

    def describe(self) -> str:
        """The arguments, for `repr`."""
        ending = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}"
        return super().describe() + ending


class LSTMCell(_Cell):
    """One step of a long short-term memory; its state is the pair (h, c).

    Arguments as `RNNCell`, without `nonlinearity`. Parameters of the state: weight_ih
    (4·hidden, input), weight_hh (4·hidden, hidden), bias_ih and bias_hh (4·hidden,), the gates in
    the order i, f, g, o. Errors: ValueError for shapes that do not fit, TypeError for a state that
    is no pair.

    Source: see `lstm_cell`.

    >>> h, c = LSTMCell(3, 2, seed=0)([1.0, 2.0, 3.0])
    >>> h.shape, c.shape
    ((2,), (2,))
    """

    gates = "ifgo"

    def forward(
        self, input: Any, hx: tuple[Any, Any] | None = None, *, label: str | None = None
    ) -> tuple[Any, Any]:
        """The new (h, c) for an input and the pair before; hx None is a pair of zeros."""
        x = self._input(input)
        states = given_states(hx, self._state_shape(x))
        return lstm_cell(x, states, *self._weights(), label=label)


class GRUCell(_Cell):
    """One step of a gated recurrent unit.

    Arguments as `RNNCell`, without `nonlinearity`. Parameters of the state: weight_ih
    (3·hidden, input), weight_hh (3·hidden, hidden), bias_ih and bias_hh (3·hidden,), the gates in
    the order r, z, n. Errors: ValueError for shapes that do not fit.

    Source: see `gru_cell`.

    >>> GRUCell(3, 2, seed=0)([1.0, 2.0, 3.0]).shape
    (2,)
    """

    gates = "rzn"

    def forward(self, input: Any, hx: Any = None, *, label: str | None = None) -> Any:
        """The new state for an input and the state before; hx None is a state of zeros."""
        x = self._input(input)
        h = given_state(hx, self._state_shape(x))
        return gru_cell(x, h, *self._weights(), label=label)


def given_state(hx: Any, shape: tuple[int, ...]) -> Any:
    """The state of a call: zeros for None; ValueError for another shape.

    >>> given_state(None, (2,))
    array([0., 0.])
    """
    if hx is None:
        return np.zeros(shape)
    state = as_array(hx)
    if state.shape != shape:
        raise wrong_shape(f"a state {shape_text(shape)} for this input", state)
    return state


def given_states(hx: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """The pair (h, c) of a call: zeros for None; TypeError for what is no pair.

    >>> given_states(([1.0], [2.0]), (1,))
    (array([1.]), array([2.]))
    """
    if hx is None:
        hx = (None, None)
    if not isinstance(hx, (tuple, list)) or len(hx) != 2:
        raise TypeError(f"expected the pair of states (h, c); got {type(hx).__name__}")
    return given_state(hx[0], shape), given_state(hx[1], shape)
