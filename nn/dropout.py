"""`Dropout`: in training each entry is left out with a probability."""

from __future__ import annotations

import random
from typing import Any

from autograd_core.functions import as_array, dropout

from .arguments import check_probability, generator
from .module import Module

__all__ = ["Dropout"]


class Dropout(Module):
    """In training each entry is 0 with probability p, else x/(1 − p); in evaluation y = x.

    p : in [0, 1]. seed : makes the sequence of choices repeatable; None draws from Python's
    `random`. Each call chooses anew. Shapes: any, unchanged.

    Errors: ValueError for a p outside [0, 1].

    Source: N. Srivastava et al., JMLR 15 (2014), 1929–1958 (inverted: scaled in training).

    >>> layer = Dropout(0.5, seed=2)
    >>> layer([1.0, 1.0, 1.0, 1.0])
    array([2., 2., 0., 0.])
    >>> layer.eval()([1.0, 1.0, 1.0, 1.0])
    array([1., 1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, *, seed: int | None = None) -> None:
        self.p = check_probability("Dropout", "p", p)
        self._random = None if seed is None else generator(seed)

    def forward(self, input: Any) -> Any:
        """The input with entries left out, or itself in evaluation."""
        if not self.training or self.p == 0.0:  # no choice is made, so none is used up
            return as_array(input)
        return dropout(input, self.p, seed=(self._random or random).getrandbits(64))

    def describe(self) -> str:
        """The probability."""
        return f"p={self.p}"
