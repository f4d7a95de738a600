"""A recurrent cell unfolded in time: the same weights at every step, a scope for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.modes import scope

__all__ = ["hidden_state", "unroll"]


def unroll(
    cell: Callable[..., Any], inputs: Sequence[Any], hx: Any = None, *, reverse: bool = False
) -> list[Any]:
    """The states of a cell over a sequence, sₜ = cell(xₜ, sₜ₋₁), in the order of time.

    cell : an `RNNCell`, `LSTMCell` or `GRUCell`, or a function (x, state, label=) of that kind.
    inputs : one x per time step. hx : the state before the first step. reverse : run from the last
    step to the first, sₜ = cell(xₜ, sₜ₊₁).

    The same weights serve every step. Errors: ValueError for an empty sequence.

    Source: D. Rumelhart, G. Hinton and R. Williams, Nature 323 (1986), 533–536 (unfolding in time).

    >>> from nn import RNNCell
    >>> states = unroll(RNNCell(1, 2, seed=0), [[1.0], [0.0], [1.0]])
    >>> len(states), states[2][1].name, states[2][1].scope
    (3, 'h_2[1]', ('step 2',))
    """
    if not len(inputs):
        raise ValueError("a sequence has at least one time step; this one is empty")
    times = range(len(inputs))
    states: dict[int, Any] = {}
    for t in reversed(times) if reverse else times:
        with scope(f"step {t}"):
            states[t] = hx = cell(inputs[t], hx, label=f"_{t}")
    return [states[t] for t in times]


def hidden_state(state: Any) -> Any:
    """h of a cell's state: of an LSTM's pair (h, c) the first.

    >>> hidden_state(([1.0], [2.0]))
    [1.0]
    """
    return state[0] if isinstance(state, tuple) else state
