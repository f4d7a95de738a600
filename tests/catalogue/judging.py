"""Comparing an answer with what the catalogue expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["differences", "flat_numbers", "largest"]

RELATIVE_TO_INPUT = 1e-12


def differences(found: Any, expected: Any, rtol: float, inputs: Any, at: str = "") -> Iterator[str]:
    """Where the two differ: shapes, keys, words, and numbers by more than is allowed.

    Allowed is `rtol` of the expected number, or 1e-12 of the largest input. Where digits cancel, a
    third allowance would be in order, 8 units in the last place times the condition number; no
    example needs it.
    """
    if isinstance(expected, dict):
        if not isinstance(found, dict) or found.keys() != expected.keys():
            keys = sorted(found) if isinstance(found, dict) else type(found).__name__
            yield f"{at or 'the answers'}: {keys}, not {sorted(expected)}"
            return
        for key, value in expected.items():
            yield from differences(found[key], value, rtol, inputs, f"{at}.{key}".lstrip("."))
    elif isinstance(expected, list):
        items = found.tolist() if isinstance(found, np.ndarray) else found
        if not isinstance(items, (list, tuple)) or len(items) != len(expected):
            yield f"{at}: {items!r}, not {expected!r}"
            return
        for i, (one, other) in enumerate(zip(items, expected, strict=True)):
            yield from differences(one, other, rtol, inputs, f"{at}[{i}]")
    elif isinstance(expected, (bool, str)) or expected is None:
        if found != expected or isinstance(found, bool) != isinstance(expected, bool):
            yield f"{at}: {found!r}, not {expected!r}"
    else:
        number = float(found)
        allowed = max(rtol * abs(expected), RELATIVE_TO_INPUT * largest(inputs))
        same = number == expected or (np.isnan(number) and np.isnan(expected))
        if not (same or abs(number - expected) <= allowed):
            yield f"{at}: {number!r}, not {expected!r}"


def largest(inputs: Any) -> float:
    """The largest absolute value among the numbers of the inputs."""
    return max(map(abs, flat_numbers(inputs)), default=0.0)


def flat_numbers(item: Any) -> Iterator[float]:
    """Every number of nested lists and dictionaries; yes, no and words are none."""
    if isinstance(item, dict):
        item = list(item.values())
    if isinstance(item, (list, tuple, np.ndarray)):
        for inner in item:
            yield from flat_numbers(inner)
    elif not isinstance(item, (bool, str)) and item is not None:
        yield float(item)
