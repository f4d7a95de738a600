"""What arguments are: sizes, seeds, shapes in words. Each error names the layer and the repair."""

from __future__ import annotations

import operator
import random
from typing import Any

import numpy as np

__all__ = [
    "check_at_zero", "check_probability", "check_size", "generator", "shape_text", "whole_number",
]  # fmt: skip


def whole_number(owner: str, name: str, number: Any) -> int:
    """A whole number as an int; TypeError naming the argument for anything else, booleans too.

    >>> whole_number("Softmax", "dim", -1)
    -1
    """
    try:
        whole = operator.index(number)
    except TypeError:
        whole = None
    if whole is None or isinstance(number, (bool, np.bool_)):
        raise TypeError(f"{owner}: {name} is a whole number, not {number!r}")
    return whole


def check_size(owner: str, name: str, size: Any, least: int = 1) -> int:
    """A whole number of at least `least`, as an int; TypeError or ValueError naming the argument.

    >>> check_size("Linear", "in_features", 3)
    3
    """
    whole = whole_number(owner, name, size)
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


def check_at_zero(owner: str, at_zero: Any) -> int:
    """What a threshold unit is at 0, as an int: 0 or 1; ValueError for anything else.

    >>> check_at_zero("StepNet", 1)
    1
    """
    if at_zero not in (0, 1):
        raise ValueError(f"{owner}: at_zero is 0 or 1, what step(0) is; got {at_zero!r}")
    return int(at_zero)


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
