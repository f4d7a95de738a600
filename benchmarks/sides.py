"""The sides of a comparison: plain floats, and graphs that are built, differentiated and freed.

A side is called to be timed; `value` and `gradient` then say what it found.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from math import fsum, isclose
from typing import Any, Protocol

import autograd_core as ac

from .timing import clock
from .workloads import FLOATS, Functions, Workload

__all__ = [
    "VALUES", "Differentiated", "Floats", "Graphs", "Side", "agree", "agrees_with_differences",
    "ours",
]  # fmt: skip

VALUES = Functions(ac.relu, ac.tanh, ac.exp, ac.log, ac.dot)
STEP = 1e-6


class Side(Protocol):
    """What is timed."""

    @property
    def value(self) -> float: ...

    def __call__(self) -> None: ...


class Differentiated(Side, Protocol):
    """A side that finds the gradient too."""

    @property
    def gradient(self) -> list[float]: ...


class Floats:
    """Plain floats, forward only."""

    def __init__(self, workload: Workload) -> None:
        self.body = workload.body(FLOATS)
        self.arguments = workload.arranged(workload.numbers)
        self.repeats = workload.repeats
        self.value = 0.0

    def __call__(self) -> None:
        body, arguments = self.body, self.arguments
        for _ in range(self.repeats):
            value = body(*arguments)
        self.value = value


class Graphs:
    """A class whose numbers remember how they were computed and have a `backward()`."""

    def __init__(
        self, workload: Workload, number: Callable[[float], Any], functions: Functions
    ) -> None:
        self.workload = workload
        self.body = workload.body(functions)
        self.leaves = [number(x) for x in workload.numbers]
        self.arguments = workload.arranged(self.leaves)
        self.evaluations = 0
        self.value = 0.0

    def __call__(self) -> None:
        """Build the graph, differentiate it, free it; as often as the workload says."""
        body, arguments, repeats = self.body, self.arguments, self.workload.repeats
        for _ in range(repeats):
            loss = body(*arguments)
            loss.backward()
        self.evaluations += repeats
        self.value = float(loss.data)

    @property
    def gradient(self) -> list[float]:
        """The derivative by each leaf, which adds up what the evaluations find."""
        return [float(leaf.grad) / self.evaluations for leaf in self.leaves]

    def parts(self) -> tuple[float, float, float]:
        """Seconds for building, differentiating and freeing so many graphs, each part by itself."""
        times = [clock()]
        losses = [self.body(*self.arguments) for _ in range(self.workload.repeats)]
        times.append(clock())
        for loss in losses:
            loss.backward()
        self.evaluations += len(losses)
        del loss
        times.append(clock())
        del losses
        times.append(clock())
        built, swept, freed = (after - before for before, after in pairwise(times))
        return built, swept, freed


def ours(workload: Workload) -> Graphs:
    """This project's `Value`, of the engine that is in use."""
    return Graphs(workload, ac.Value, VALUES)


# --- comparing before timing --------------------------------------------------------------------


def agree(name: str, side: Side, first: Side) -> None:
    """Raise AssertionError where a side found another value, or another gradient if both have one.

    The order of additions may differ, and some sums are taken without rounding.
    """
    assert isclose(side.value, first.value, rel_tol=1e-9, abs_tol=1e-12), (name, side.value)
    mine, theirs = getattr(first, "gradient", None), getattr(side, "gradient", None)
    if mine is None or theirs is None:
        return
    assert len(mine) == len(theirs), (name, len(theirs))
    scale = max(map(abs, mine))
    for i, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        assert isclose(a, b, rel_tol=1e-9, abs_tol=1e-11 * scale), (name, i, a, b)


def agrees_with_differences(
    gradient: list[float], numbers: list[float], function: Callable[[list[float]], float]
) -> None:
    """Raise AssertionError unless gradient·v is the slope of the function along a random v.

    The slope is the central difference of two values on plain floats.
    """
    draw = random.Random(7)
    v = [draw.choice([-1.0, 1.0]) * draw.uniform(0.5, 1.0) for _ in numbers]
    after = function([x + STEP * d for x, d in zip(numbers, v, strict=True)])
    before = function([x - STEP * d for x, d in zip(numbers, v, strict=True)])
    slope = (after - before) / (2.0 * STEP)
    terms = [g * d for g, d in zip(gradient, v, strict=True)]
    size = max(map(abs, (before, after, *terms)))
    assert isclose(fsum(terms), slope, rel_tol=1e-5, abs_tol=1e-6 * size), (fsum(terms), slope)
