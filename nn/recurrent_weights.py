"""The weights of recurrent nets, drawn as PyTorch draws them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .parameters import uniform_parameter

__all__ = ["drawn_weights"]


def drawn_weights(
    gates: str,
    input_size: int,
    hidden_size: int,
    bias: bool,
    random: Any,
    layer: str = "",
    ending: str = "",
) -> list[np.ndarray]:
    """weight_ih, weight_hh and, with `bias`, bias_ih and bias_hh, uniform in ±1/√hidden_size.

    random : has `uniform(low, high)`. Each gate's block of rows has names of its own, W_ii, W_if …
    for an LSTM's input weights; `layer` and `ending` go into them, as in W2_ii_reverse.

    >>> from nn.arguments import generator
    >>> [w.shape for w in drawn_weights("rzn", 5, 2, True, generator(0))]
    [(6, 5), (6, 2), (6,), (6,)]
    """
    bound = hidden_size**-0.5

    def blocks(letter: str, *columns: int) -> np.ndarray:
        shape = (hidden_size, *columns)
        names = [f"{letter}{gate}{ending}" for gate in gates]
        return np.concatenate([uniform_parameter(shape, bound, random, name) for name in names])

    arrays = [blocks(f"W{layer}_i", input_size), blocks(f"W{layer}_h", hidden_size)]
    return [*arrays, blocks(f"b{layer}_i"), blocks(f"b{layer}_h")] if bias else arrays
