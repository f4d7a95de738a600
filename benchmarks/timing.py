"""Timing several sides of one comparison, interleaved, so that a slow moment slows all alike."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Ratio", "clock", "interleaved"]

# The processor time of this process: what else runs on the machine is not counted. On Windows it
# advances in steps of 16 ms, which is too coarse.
clock = time.perf_counter if sys.platform == "win32" else time.process_time


@dataclass(frozen=True)
class Ratio:
    """How many times longer one side takes than another: the median of the rounds, and the range.

    seconds : the median time of the side itself.

    >>> Ratio.of([9.0, 2.0, 4.0, 3.0], [1.0, 1.0, 1.0, 1.0])
    Ratio(median=3.0, least=2.0, most=4.0, seconds=3.0)
    """

    median: float
    least: float
    most: float
    seconds: float

    @classmethod
    def of(cls, side: list[float], unit: list[float]) -> Ratio:
        """From the times of both, round by round; the first round warmed up, unless it is all."""
        pairs = list(zip(side, unit, strict=False))  # a slow side left early
        pairs = pairs[1:] or pairs
        ratios = [a / b for a, b in pairs]
        seconds = statistics.median(a for a, _ in pairs)
        return cls(statistics.median(ratios), min(ratios), max(ratios), seconds)


AT_LEAST, MOST_TIMES = 0.02, 100


def interleaved(
    sides: Mapping[str, Callable[[], object]],
    check: Callable[[], object] = lambda: None,
    rounds: int = 9,
    patience: float = 1.0,
) -> dict[str, list[float]]:
    """Run each side once per round, in turn, and return its seconds by round.

    The first of `rounds + 1` rounds warms up; `check`, which compares the results, is called after
    it. In the others the first run of a side does not count: it may have to do what the side before
    it left behind, such as joining the pieces of memory that it freed. Then it runs for `AT_LEAST`
    seconds, or once, and the mean counts: one run of a millisecond would show the caches that the
    collector has emptied. A side that has taken `patience` seconds leaves. What a side makes is
    dropped inside the measured time, so freeing a graph counts. The collector is emptied between
    runs and stays on during them, as it is for a user.
    """
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    times = dict.fromkeys(sides, 1)
    for turn in range(rounds + 1):
        if turn == 1:
            check()
        for name, run in sides.items():
            if sum(seconds[name]) * times[name] > patience:
                continue
            if turn > 0:
                run()
            gc.collect()
            start = clock()
            for _ in range(times[name]):
                run()
            seconds[name].append((clock() - start) / times[name])
            if turn == 0:
                times[name] = max(1, int(AT_LEAST / max(seconds[name][0], AT_LEAST / MOST_TIMES)))
    return seconds
