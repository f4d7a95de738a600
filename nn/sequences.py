"""Recurrent layers: an Elman net, an LSTM or a GRU run over a whole sequence, as in PyTorch.

A sequence is (time, input) or (time, batch, input), with `batch_first` (batch, time, input). The
nodes of time step t lie in the scope "step t"; the state that it makes is named h_t (in layer k of
several hk_t, against the direction of time h_t_reverse), and so are an LSTM's and a GRU's gates.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np

from autograd_core.functions import as_array, dropout
from autograd_core.modes import scope

from .arguments import check_probability, check_size, generator
from .cell_functions import gru_cell, known_nonlinearity, lstm_cell, rnn_cell
from .errors import wrong_shape
from .module import Module
from .recurrent import given_state, given_states
from .recurrent_weights import drawn_weights
from .unrolling import hidden_state, unroll

__all__ = ["GRU", "LSTM", "RNN"]

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
ENDINGS = ("", "_reverse")  # of PyTorch's names, for the two directions


class _Sequence(Module):
    """What the three layers share: PyTorch's parameters and the run over time and layers."""

    gates: str  # the letters of the blocks of rows
    _step: Callable[..., Any]  # the cell's function

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        seed: int | None = None,
    ) -> None:
        kind = type(self).__name__
        self.input_size = check_size(kind, "input_size", input_size)
        self.hidden_size = check_size(kind, "hidden_size", hidden_size)
        self.num_layers = check_size(kind, "num_layers", num_layers)
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = check_probability(kind, "dropout", dropout)
        if dropout and num_layers == 1:
            warnings.warn(f"{kind}: dropout works between layers; num_layers is 1", stacklevel=2)
        self.bidirectional = bidirectional
        self._random = None if seed is None else generator(seed)
        for layer in range(num_layers):
            for ending in self._endings():
                self._draw(layer, ending)

    def _endings(self) -> tuple[str, ...]:
        return ENDINGS if self.bidirectional else ENDINGS[:1]

    def _draw(self, layer: int, ending: str) -> None:
        """The parameters of one layer in one direction, as attributes with PyTorch's names."""
        width = self.hidden_size * len(self._endings()) if layer else self.input_size
        sizes = (width, self.hidden_size, self.bias)
        source = self._random or random
        arrays = drawn_weights(self.gates, *sizes, source, self._number(layer), ending)
        for name, array in zip(PARAMETERS, arrays, strict=False):  # without bias there are two
            setattr(self, f"{name}_l{layer}{ending}", array)

    def _weights(self, layer: int, ending: str) -> list[Any]:
        return [getattr(self, f"{name}_l{layer}{ending}", None) for name in PARAMETERS]

    def _number(self, layer: int) -> str:
        """The number of a layer in names, from 1 on as in an MLP; none where there is but one."""
        return str(layer + 1) if self.num_layers > 1 else ""

    # --- the forward pass ---------------------------------------------------------------------

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The last layer's h at every step, and the state of each layer after its last step.

        Shapes: output (time, D·hidden) or, as the input came, with the batch; states
        (D·num_layers, hidden) or (D·num_layers, batch, hidden), with D = 2 if bidirectional, else
        1. hx : the states before the first step in the same shapes; None is zeros. Errors:
        ValueError for other shapes and an empty sequence.
        """
        sequence = self._time_first(input)
        shape = (self.num_layers * len(self._endings()), *sequence.shape[1:-1], self.hidden_size)
        before = iter(self._given(hx, shape))
        after: list[Any] = []
        for layer in range(self.num_layers):
            directions = []
            for ending in self._endings():
                cell = self._cell(layer, ending)
                states = unroll(cell, sequence, next(before), reverse=bool(ending))
                after.append(states[0] if ending else states[-1])
                directions.append(np.stack([hidden_state(state) for state in states]))
            sequence = np.concatenate(directions, axis=-1)
            if layer < self.num_layers - 1:
                sequence = self._dropped(sequence)
        swap = self.batch_first and sequence.ndim == 3
        return sequence.swapaxes(0, 1) if swap else sequence, self._joined(after)

    def _time_first(self, input: Any) -> Any:
        x = as_array(input)
        swap = self.batch_first and x.ndim == 3
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size or not x.shape[swap]:
            batch = "batch, time" if self.batch_first else "time, batch"
            raise wrong_shape(
                f"a sequence (time, {self.input_size}) or ({batch}, {self.input_size}) of at least "
                f"one time step", x,
            )  # fmt: skip
        return x.swapaxes(0, 1) if swap else x

    def _cell(self, layer: int, ending: str) -> Callable[..., Any]:
        """One layer's step in one direction, as `unroll` calls it."""
        weights = self._weights(layer, ending)
        parts = [f"layer {layer}"] if self.num_layers > 1 else []
        parts += [ending[1:] or "forward"] if self.bidirectional else []

        def cell(x: Any, state: Any, label: str) -> Any:
            with ExitStack() as inside:
                for part in parts:
                    inside.enter_context(scope(part))
                return self._step(x, state, *weights, label=self._number(layer) + label + ending)

        return cell

    def _given(self, hx: Any, shape: tuple[int, ...]) -> Iterable[Any]:
        """The states before the first step, one for each layer and direction."""
        return given_state(hx, shape)  # type: ignore[no-any-return]

    def _joined(self, states: list[Any]) -> Any:
        return np.stack(states)

    def _dropped(self, sequence: Any) -> Any:
        """Between two layers, while training: some entries 0."""
        if not (self.training and self.dropout):
            return sequence
        return dropout(sequence, self.dropout, seed=(self._random or random).getrandbits(64))

    # --- what is shown ------------------------------------------------------------------------

    def describe(self) -> str:
        """The arguments, for `repr`: the sizes, then what is not the default."""
        options = {
            "num_layers": (self.num_layers, 1),
            "bias": (self.bias, True),
            "batch_first": (self.batch_first, False),
            "dropout": (self.dropout, 0.0),
            "bidirectional": (self.bidirectional, False),
        }
        given = [f"{name}={value}" for name, (value, usual) in options.items() if value != usual]
        return ", ".join([str(self.input_size), str(self.hidden_size), *given])


class RNN(_Sequence):
    """An Elman net over a sequence: hₜ = g(W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh).

    Parameters
    ----------
    input_size, hidden_size : the lengths of xₜ and hₜ.
    num_layers : how many lie on one another; layer k reads the h of layer k − 1.
    nonlinearity : g; "tanh" or "relu" as in PyTorch, or "sigmoid", "step", "identity".
    bias : False leaves the biases out.
    batch_first : sequences with a batch are (batch, time, input), not (time, batch, input).
    dropout : while training, the probability with which an entry between two layers is 0.
    bidirectional : a second net runs from the end to the start; hₜ is both, one after the other.
    seed : makes weights and dropout repeatable; None draws with Python's `random`. All weights are
        uniform in ±1/√hidden_size.

    Parameters of the state: weight_ih_l0 (hidden, input), weight_hh_l0 (hidden, hidden), bias_ih_l0
    and bias_hh_l0 (hidden,), then those of layer 1, …; of the second direction weight_ih_l0_reverse
    and so on. Returns (output, h_n), see `forward`. Errors: ValueError for shapes that do not fit
    and for sizes below 1.

    Source: J. Elman, Cognitive Science 14 (1990), 179–211; both directions: M. Schuster and
    K. Paliwal, IEEE Trans. Signal Processing 45 (1997), 2673–2681.

    >>> rnn = RNN(1, 3, seed=0)
    >>> output, h_n = rnn([[0.5], [1.0]])
    >>> output.shape, h_n.shape
    ((2, 3), (1, 3))
    """

    gates = "h"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        seed: int | None = None,
    ) -> None:
        self.nonlinearity = known_nonlinearity(nonlinearity)
        self._step = partial(rnn_cell, nonlinearity=nonlinearity)
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            seed=seed,
        )  # fmt: skip

    def describe(self) -> str:
        """The arguments, for `repr`: the sizes, then what is not the default."""
        ending = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}"
        return super().describe() + ending


class LSTM(_Sequence):
    """A long short-term memory over a sequence; its state is the pair (h, c).

    Arguments and parameters as `RNN`, without `nonlinearity`; each weight and bias holds the gates
    i, f, g, o, so that weight_ih_l0 is (4·hidden, input). Returns (output, (h_n, c_n)). Errors:
    ValueError for shapes that do not fit, TypeError for a state that is no pair.

    Source: see `lstm_cell`.

    >>> output, (h_n, c_n) = LSTM(1, 3, num_layers=2, seed=0)([[0.5], [1.0]])
    >>> output.shape, h_n.shape, c_n.shape
    ((2, 3), (2, 3), (2, 3))
    """

    gates = "ifgo"
    _step = staticmethod(lstm_cell)

    def _given(self, hx: Any, shape: tuple[int, ...]) -> Iterable[Any]:
        return zip(*given_states(hx, shape), strict=True)

    def _joined(self, states: list[Any]) -> Any:
        return tuple(np.stack(parts) for parts in zip(*states, strict=True))


class GRU(_Sequence):
    """A gated recurrent unit over a sequence.

    Arguments and parameters as `RNN`, without `nonlinearity`; each weight and bias holds the gates
    r, z, n, so that weight_ih_l0 is (3·hidden, input). Returns (output, h_n). Errors: ValueError
    for shapes that do not fit.

    Source: see `gru_cell`.

    >>> output, h_n = GRU(1, 3, bidirectional=True, seed=0)([[0.5], [1.0]])
    >>> output.shape, h_n.shape
    ((2, 6), (2, 3))
    """

    gates = "rzn"
    _step = staticmethod(gru_cell)
