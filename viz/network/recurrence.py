"""Recurrent cells and layers, read from a module: sizes, how they are stacked, their weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_core.modes import no_grad

from ..inputs import Numbers, numbers
from .dense import Dense, dense_layers
from .reading import NetworkModule, Stage, kind_of

__all__ = ["Recurrence", "read_recurrence", "states"]

CELLS = {"GRUCell", "LSTMCell", "RNNCell"}
MOST_LAYERS = 8  # on one another, that a picture shows
LAYERS = {"GRU", "LSTM", "RNN"}
ELMAN = {"RNN", "RNNCell"}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A recurrent net: hₜ from xₜ and hₜ₋₁, then what reads hₜ.

    layers : how many lie on one another, each in as many directions. readout : the dense layers
    that make yₜ from the last layer's hₜ; there may be none. input_weight (hidden, input),
    state_weight (hidden, hidden), bias (hidden,) : those of an Elman net of one layer and one
    direction; None for others.
    """

    title: str
    kind: str
    input_size: int
    hidden_size: int
    layers: int
    directions: int
    readout: tuple[Dense, ...]
    input_weight: Numbers | None = None
    state_weight: Numbers | None = None
    bias: Numbers | None = None
    function: str = ""

    @property
    def has_memory(self) -> bool:
        """True for an LSTM, whose state is the pair (h, c)."""
        return self.kind.startswith("LSTM")

    @property
    def gates(self) -> int:
        """How many blocks of hidden rows the weights have."""
        return {"L": 4, "G": 3, "R": 1}[self.kind[0]]


def read_recurrence(chain: list[Stage], after: str = "") -> Recurrence | None:
    """The recurrent net that a chain is: a cell or layer, then dense layers; None for another,
    and for one that is too high for a picture.

    after : the function of the last dense layer, where no module of its own is it.
    """
    kind = kind_of(chain[0].module, CELLS | LAYERS) if chain else None
    if kind is None:
        return None
    readout = dense_layers(chain[1:]) if len(chain) > 1 else []
    if readout is None:
        return None
    if readout and after:
        readout[-1] = replace(readout[-1], function=after)
    module: Any = chain[0].module
    layers, directions = getattr(module, "num_layers", 1), 1 + getattr(module, "bidirectional", 0)
    if layers > MOST_LAYERS:
        return None
    title, sizes = chain[0].title, (module.input_size, module.hidden_size)
    found = Recurrence(title, kind, *sizes, layers, directions, tuple(readout))
    if kind not in ELMAN or layers * directions > 1:
        return found
    ending = "" if kind in CELLS else "_l0"
    weights = {
        name: _numbers(title, name, getattr(module, f"{name}{ending}", None))
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    biases = [bias for bias in (weights["bias_ih"], weights["bias_hh"]) if bias is not None]
    return replace(
        found,
        input_weight=weights["weight_ih"],
        state_weight=weights["weight_hh"],
        bias=np.sum(biases, axis=0) if biases else None,
        function=module.nonlinearity,
    )


def _numbers(title: str, name: str, given: Any) -> Numbers | None:
    if given is None:
        return None
    return numbers(f"{name} of {title}", np.array(given, object), "one or two axes", 1, 2)


def states(module: NetworkModule, kind: str, sequence: Numbers) -> list[Numbers]:
    """The last layer's h after each time step of a sequence (time, input)."""
    with no_grad():
        if kind in LAYERS:
            output, _ = module(sequence)
            return list(numbers("the states", output, "(time, hidden)", 2))
        found, cell, state = [], module, None
        for x in sequence:
            state = cell(x, state)  # type: ignore[call-arg]
            h = state[0] if isinstance(state, tuple) else state
            found.append(numbers("the state", h, "(hidden,)", 1))
    return found
