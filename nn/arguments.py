"""What arguments are: sizes, seeds, shapes in words. Each error names the layer and the repair."""

from __future__ import annotations

import operator
import random
from typing import Any

__all__ = ["check_probability", "check_size", "generator", "shape_text"]


def check_size(owner: str, name: str, size: Any, least: int = 1) -> int:
    """A whole number of at least `least`, as an int; TypeError or ValueError naming the argument.

    >>> check_size("Linear", "in_features", 3)
    3
    """
    try:
        whole = operator.index(size)
    except TypeError:
        whole = None
    if whole is None or isinstance(size, bool):
        raise TypeError(f"{owner}: {name} is a whole number, not {size!r}")
    if whole < least:
        raise ValueError(f"{owner}: {name} is at least {least}; got {whole}")
    return whole


def check_probability(owner: str, name: str, p: float) -> float:
    """A number between 0 and 1; ValueError naming the argument.

    >>> check_probability("Dropout", "p", 0.5)
    0.5
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"{owner}: {name} is a probability, between 0 and 1; got {p!r}")
    return float(p)


def generator(seed: int | None = None) -> Any:
    """The source of random numbers: one of its own for a seed, Python's global `random` for None.

    Errors: TypeError for a seed that is no whole number.

    >>> generator(3).random() == random.Random(3).random()
    True
    """
    if seed is None:
        return random
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise TypeError(f"a seed is a whole number or None, not {seed!r}")
    return random.Random(seed)


def shape_text(shape: tuple[int, ...]) -> str:
    """2×3 for the shape (2, 3), for messages.

    >>> shape_text((2, 3))
    '2×3'
    """
    return "×".join(map(str, shape)) or "a single number"
