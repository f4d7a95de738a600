"""Long chains: does an operation cost more in a larger graph, and how long do millions take?

Run in a process of its own (`python -m benchmarks.chains`).
"""

from __future__ import annotations

from autograd_core import engine

from .progress import progress
from .sides import ours
from .timing import Ratio, interleaved
from .workloads import chain

__all__ = ["cost_by_length"]

LENGTHS = [10**n for n in range(3, 8)]
AT_ONCE = 100_000  # operations in one timing, at least: short chains are repeated
LONG = 5_000_000


def main() -> None:
    """Print both."""
    lengths = LENGTHS if engine == "native" else LENGTHS[:-1]
    print("\na warm chain, an operation built, differentiated and freed")
    print(f"  {'operations':>12}{'ns':>8}{'ratio to the shortest':>24}   allowed")
    for length, cost in cost_by_length(lengths).items():
        allowed = 1.5 if length <= 10**6 else 2.0
        met = "" if engine != "native" else " met" if cost.median <= allowed else " MISSED"
        spread = f"{cost.median:.2f} ({cost.least:.2f}–{cost.most:.2f})"
        print(f"  {length:12,}{cost.seconds * 1e9:8.1f}{spread:>24}   ≤ {allowed}{met}")
    if len(lengths) < len(LENGTHS):
        print(f"  {LENGTHS[-1]:12,} not measured: takes gigabytes on the Python engine")
    progress(f"a chain of {LONG:,}")
    built, swept, freed = ours(chain(LONG)).parts()
    progress("")
    print(
        f"a chain of {LONG:,}: built in {built:.2f} s, backward {swept:.2f} s, freed {freed:.2f} s"
    )


def cost_by_length(lengths: list[int], rounds: int = 5) -> dict[int, Ratio]:
    """Seconds for an operation of chains of these lengths, the ratio to the first of them."""
    made = {length: max(1, AT_ONCE // length) for length in lengths}
    sides = {str(length): ours(chain(length, repeats)) for length, repeats in made.items()}
    seconds = interleaved(sides, rounds=rounds, patience=5.0)
    each = {
        length: [s / (length * repeats) for s in seconds[str(length)]]
        for length, repeats in made.items()
    }
    return {length: Ratio.of(costs, each[lengths[0]]) for length, costs in each.items()}


if __name__ == "__main__":
    main()
