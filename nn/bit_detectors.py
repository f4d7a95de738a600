"""Recurrent nets of step units, weights set by hand, that watch a stream of bits.

A linear recurrence sₜ = u·xₜ + w·sₜ₋₁ never forgets: old bits come back into its sum, so a
threshold finds a pattern only while the state is cut off after a few steps. Step units keep single
bits: some are a delay line (the bits before this one), others read it. That works on any length.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd_core.functions import as_array
from autograd_core.table import step

from .errors import wrong_shape
from .linear import Linear
from .module import Module
from .recurrent import RNNCell
from .sequence_kinds import many_to_many

__all__ = ["BIT_TASKS", "BitDetector", "BitWeights", "bit_detector"]


class BitWeights(NamedTuple):
    """sₜ = step(u·xₜ + W·sₜ₋₁ + b), yₜ = step(v·sₜ + c): u, b, v (units,), W (units, units), c.

    >>> BIT_TASKS["seen"].u
    [1]
    """

    u: list[float]
    W: list[list[float]]
    b: list[float]
    v: list[float]
    c: float = -0.5


# Between whole numbers, the thresholds keep every sum half a unit away from the jump.
BIT_TASKS = {
    "01": BitWeights(  # the bit before; a 1 now and none before
        u=[1, 1], W=[[0, 0], [-1, 0]], b=[-0.5, -0.5], v=[0, 1]
    ),
    "111": BitWeights(  # the bit before; the one before that; three in all
        u=[1, 0, 1], W=[[0, 0, 0], [1, 0, 0], [1, 1, 0]], b=[-0.5, -0.5, -2.5], v=[0, 0, 1]
    ),
    "same": BitWeights(  # the bit before; both 1; both 0
        u=[1, 1, -1], W=[[0, 0, 0], [1, 0, 0], [-1, 0, 0]], b=[-0.5, -1.5, 0.5], v=[0, 1, 1]
    ),
    "seen": BitWeights(u=[1], W=[[1]], b=[-0.5], v=[1]),  # once 1, it keeps itself there
    "odd": BitWeights(  # new bit OR, new bit AND the parity so far, which is their difference
        u=[1, 1], W=[[1, -1], [1, -1]], b=[-0.5, -1.5], v=[1, -1]
    ),
}


class BitDetector(Module):
    """An `RNNCell` of step units and a step unit that reads it: yₜ = step(v·sₜ + c).

    `detector(bits)` takes bits (time,) or (time, batch), each 0 or 1, and gives yₜ in that shape.
    Before the first bit all units are 0, as if zeros had come. Errors: ValueError for other shapes.

    >>> [y.data for y in BitDetector(BIT_TASKS["seen"])([0, 1, 0])]
    [0.0, 1.0, 1.0]
    """

    def __init__(self, weights: BitWeights) -> None:
        units = len(weights.u)
        self.cell = RNNCell(1, units, nonlinearity="step", seed=0)
        self.cell.load_state_dict({
            "weight_ih": np.array(weights.u)[:, None],
            "weight_hh": weights.W,
            "bias_ih": weights.b,
            "bias_hh": np.zeros(units),
        })  # fmt: skip
        self.readout = Linear(units, 1, seed=0)
        self.readout.load_state_dict({"weight": [weights.v], "bias": [weights.c]})

    def forward(self, bits: Any) -> Any:
        """1 or 0 after each bit, in the shape of the bits."""
        stream = as_array(bits)
        if stream.ndim not in (1, 2):
            raise wrong_shape("bits (time,) or (time, batch)", stream)
        outputs = many_to_many(self.cell, lambda s: step(self.readout(s)), stream[..., None])
        return outputs[..., 0]


def bit_detector(task: str) -> BitDetector:
    """The net for one of five tasks, a key of `BIT_TASKS`.

    "01" : 1 where a 1 follows a 0. "111" : where this bit and the two before are 1. "same" : where
    a bit equals the one before. "seen" : from the first 1 on. "odd" : where the number of ones so
    far is odd. Errors: ValueError for any other task.

    >>> [int(y.data) for y in bit_detector("01")([0, 1, 1, 0, 1])]
    [0, 1, 0, 0, 1]
    """
    if task not in BIT_TASKS:
        raise ValueError(f"a bit detector's task is one of {', '.join(BIT_TASKS)}; not {task!r}")
    return BitDetector(BIT_TASKS[task])
