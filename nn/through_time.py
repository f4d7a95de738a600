"""Back-propagation through time: cut into chunks, and how large its gradients are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd_core.functions import as_array
from autograd_core.table import detach
from autograd_core.value import Value

from .arguments import check_size
from .sequences import GRU, LSTM, RNN
from .unrolling import hidden_state

__all__ = ["gradient_norms", "truncated"]


def truncated(
    layer: RNN | LSTM | GRU, input: Any, steps: int, hx: Any = None
) -> Iterator[tuple[slice, Any, Any]]:
    """Run a recurrent layer over a sequence in chunks of `steps` steps, cut off from one another.

    The state goes on from chunk to chunk, gradients do not: each chunk starts from the detached
    state of the one before. So the gradient of a loss holds the paths of at most `steps` steps, and
    only that much graph is kept. Parameters may be updated in between.

    input : as the layer takes it, the last chunk may be shorter. Yields for each chunk its times,
    as a slice of the time axis, and what the layer returns, output and state. Errors: ValueError
    for `steps` below 1, and for a bidirectional layer, whose second direction starts at the end.

    Source: R. Williams and J. Peng, Neural Computation 2 (1990), 490–501.

    >>> from autograd_core import mse_loss
    >>> rnn, xs, targets = RNN(1, 1, seed=0), [[0.1], [0.2], [0.3]], np.zeros((3, 1))
    >>> for times, output, state in truncated(rnn, xs, steps=2):
    ...     mse_loss(output, targets[times]).backward()
    ...     print(times, output.shape)
    slice(0, 2, None) (2, 1)
    slice(2, 3, None) (1, 1)
    """
    check_size("truncated", "steps", steps)
    if layer.bidirectional:
        raise ValueError("the reverse direction needs the whole sequence: use bidirectional=False")
    x = as_array(input)
    axis = 1 if layer.batch_first and x.ndim == 3 else 0
    return _chunks(layer, x, axis, steps, hx)


def _chunks(
    layer: RNN | LSTM | GRU, x: Any, axis: int, steps: int, hx: Any
) -> Iterator[tuple[slice, Any, Any]]:
    for start in range(0, x.shape[axis], steps):
        times = slice(start, min(start + steps, x.shape[axis]))
        output, state = layer(x[:, times] if axis else x[times], hx)
        yield times, output, state
        hx = tuple(map(detach, state)) if isinstance(state, tuple) else detach(state)


def gradient_norms(states: Any) -> list[float]:
    """|dL/dhₜ| for each time step: the Euclidean norms of what `backward` left in the states.

    states : hₜ for each step along the first axis, as an `RNN` returns them and `unroll` lists
    them; of an LSTM's pairs the h. They shrink or grow like products of slopes: gradients that
    vanish or explode.

    Source: Y. Bengio, P. Simard and P. Frasconi, IEEE Trans. Neural Networks 5 (1994), 157–166.

    >>> output, _ = RNN(1, 2, seed=0)([[1.0], [0.0], [0.0]])
    >>> output[-1, 0].backward()
    >>> [norm < 1.0 for norm in gradient_norms(output)], gradient_norms(output)[-1]
    ([True, True, False], 1.0)
    """
    return [_norm(hidden_state(state)) for state in states]


def _norm(state: Any) -> float:
    entries = np.asarray(state, dtype=object).flat
    return math.hypot(*(entry.grad for entry in entries if isinstance(entry, Value)))
