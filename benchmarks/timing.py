"""Timing several sides of one comparison, interleaved, so that a slow moment slows all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Timing", "interleaved"]


@dataclass(frozen=True)
class Timing:
    """Seconds: the median of all rounds, the fastest and the slowest."""

    median: float
    fastest: float
    slowest: float


def interleaved(
    sides: dict[str, Callable[[], object]], rounds: int = 9
) -> dict[str, Timing]:
    """Run each side once per round, in turn, and return its timing.

    What a side returns is dropped inside the measured time, so freeing a graph counts. The
    collector is emptied between runs and stays on during them, as it is for a user.
    """
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds + 1):
        for name, run in sides.items():
            gc.collect()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {  # the first round warmed up
        name: Timing(statistics.median(all_[1:]), min(all_[1:]), max(all_[1:]))
        for name, all_ in seconds.items()
    }
