"""Where each example's solution and its second instance are entered.

A solution gets an example's inputs and gives what the example asks for, by the same keys. It
imports our packages and NumPy only, and never sees the expected numbers. A second instance is the
same problem with other numbers, or of another size, its answers from elsewhere: mpmath, PyTorch,
or an enumeration by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["SECONDS", "SOLUTIONS", "Solution", "second", "solves"]

Inputs = dict[str, Any]
Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Solution:
    """`gradients`: the keys that are derivatives, or follow from one by an update."""

    solve: Callable[[Inputs], Answers]
    gradients: tuple[str, ...]


SOLUTIONS: dict[str, Solution] = {}
SECONDS: dict[str, Callable[[], tuple[Inputs, Answers]]] = {}


def solves(
    name: str, gradients: Sequence[str] = ()
) -> Callable[[Callable[[Inputs], Answers]], Callable[[Inputs], Answers]]:
    """Enter a function as the solution of the example."""

    def enter(solve: Callable[[Inputs], Answers]) -> Callable[[Inputs], Answers]:
        assert name not in SOLUTIONS or _same(SOLUTIONS[name].solve, solve), name
        SOLUTIONS[name] = Solution(solve, tuple(gradients))
        return solve

    return enter


def second(
    name: str,
) -> Callable[[Callable[[], tuple[Inputs, Answers]]], Callable[[], tuple[Inputs, Answers]]]:
    """Enter a function that makes the example's second instance: other inputs, their answers."""

    def enter(
        make: Callable[[], tuple[Inputs, Answers]],
    ) -> Callable[[], tuple[Inputs, Answers]]:
        assert name not in SECONDS or _same(SECONDS[name], make), name
        SECONDS[name] = make
        return make

    return enter


def _same(one: Callable[..., Any], other: Callable[..., Any]) -> bool:
    """True for one function whose module was loaded twice, as when doctests are collected."""
    return one.__code__.co_filename == other.__code__.co_filename and one.__name__ == other.__name__
