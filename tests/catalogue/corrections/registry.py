"""Where each erratum's check is entered, and what it needs.

A check computes what stands in the source and what is right, through the public interface, and
never sees the figures that are written beside it. Those are written by hand, from the catalogue.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.catalogue import solutions  # noqa: F401  (they enter all that there are)
from tests.catalogue.registry import SOLUTIONS

__all__ = ["CORRECTIONS", "Computed", "Correction", "corrects", "inputs_of", "solved"]

EXAMPLES = {
    example["id"]: example
    for example in json.loads((Path(__file__).parents[1] / "examples.json").read_text("utf-8"))
}


@dataclass(frozen=True, slots=True)
class Computed:
    """Both ways by the same keys; `printed` is None where no computation leads to it."""

    right: Mapping[str, Any]
    printed: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The figures of both ways: words are rounded figures ("0.5498"), numbers are exact."""

    printed: Mapping[str, Any]
    right: Mapping[str, Any]
    compute: Callable[[], Computed]


CORRECTIONS: dict[str, Correction] = {}


def corrects(
    erratum: str, printed: Mapping[str, Any], right: Mapping[str, Any]
) -> Callable[[Callable[[], Computed]], Callable[[], Computed]]:
    """Enter a function as the check of the erratum, with the figures that it should give."""

    def enter(compute: Callable[[], Computed]) -> Callable[[], Computed]:
        assert printed.keys() == right.keys(), erratum
        CORRECTIONS[erratum] = Correction(printed, right, cache(compute))
        return compute

    return enter


def inputs_of(example: str) -> dict[str, Any]:
    """What the example gives, to be changed at will."""
    inputs: dict[str, Any] = copy.deepcopy(EXAMPLES[example]["inputs"])
    return inputs


def solved(example: str, **changes: Any) -> dict[str, Any]:
    """The answers of the example's solution, with other inputs where they are given."""
    return SOLUTIONS[example].solve(inputs_of(example) | changes)
