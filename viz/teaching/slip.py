"""A slip: a mistake somebody may have made, and the number it leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Slip", "rank"]

# The likeliest first: where several slips lead to one number, the first is named.
_ORDER = (
    "stale value", "missing path", "missing mean", "factor 2", "inner derivative", "log base",
    "kink branch", "sign", "swapped operands", "missing term", "mean for sum", "missing factor",
    "power", "input for output",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """What went wrong (`kind`, and `words` that name the place) and the `number` it leads to.

    `effort` orders slips: 0 for one wrong local derivative, 1 for the same one everywhere, 2 for
    a mistake that began in the forward pass, 3 for what is named only if nothing else fits.
    """

    kind: str
    number: float
    words: Callable[[], str]
    effort: int = 0


def rank(slip: Slip) -> tuple[int, int]:
    """The simpler and likelier a slip, the smaller."""
    return max(0, slip.effort - 2), _ORDER.index(slip.kind) * 4 + slip.effort
