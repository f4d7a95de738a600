"""Memory: bytes for an operation, whether training holds on to any, what a large graph gives back.

Run in a process of its own (`python -m benchmarks.memory`).
"""

from __future__ import annotations

import gc
import importlib
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograd_core import Value, engine, zero_grad

from .sides import VALUES, Graphs, ours
from .workloads import Workload, chain, perceptron

__all__ = ["bytes_per_operation", "given_back", "resident", "training"]

ALLOWED = 100  # bytes an operation, of the native engine
LENGTH = 5_000_000 if engine == "native" else 500_000  # of a large graph
STATM = Path("/proc/self/statm")


def main() -> None:
    """Print all three."""
    print("\nmemory")
    if STATM.exists():
        before, during, after = map(megabytes, given_back(LENGTH))
        print(f"  before a chain of {LENGTH:,}   {before}, with it {during}, freed {after}")
        if engine == "native":
            kept = megabytes(native_memory()["taken"])
            print(f"{'':32}({kept} of it kept for the next graph)")
        points, steps = (100 if engine == "native" else 10), (100, 1_000)
        seen = dict(training(ours(perceptron(points)), max(steps)))
        parts = [f"{step:,} times {megabytes(seen[step])}" for step in (0, *steps)]
        print(f"  {points} moons trained on   {', '.join(parts)}")
    else:
        print(f"  resident memory is not measured: no {STATM} here")
    workload = perceptron()
    counted = bytes_per_operation(workload)
    met = "" if engine != "native" else " met" if counted <= ALLOWED else " MISSED"
    print(f"  an operation of the MLP       {counted:.0f} bytes   ≤ {ALLOWED}{met}")
    if STATM.exists():
        print(f"  the same by resident memory   {resident_per_operation(workload):.0f} bytes")


def bytes_per_operation(workload: Workload) -> float:
    """What the nodes of one graph hold, by the count of who allocates them."""
    side = ours(workload)
    tracemalloc.start()
    try:
        before = allocated()
        loss = side.body(*side.arguments)
        held = allocated() - before
    finally:
        tracemalloc.stop()
    del loss
    return held / workload.operations


def allocated() -> int:
    """Bytes in use: Python's own, and those of the native engine's nodes, which Python lacks."""
    of_nodes = native_memory()["bytes"] if engine == "native" else 0
    return tracemalloc.get_traced_memory()[0] + of_nodes


def native_memory() -> dict[str, int]:
    """The native engine's own count: nodes alive, their bytes, and what it took from the system."""
    counts: dict[str, int] = importlib.import_module("autograd_core._native.engine").memory()
    return counts


def resident_per_operation(workload: Workload, graphs: int = 20) -> float:
    """The growth of the resident memory while so many graphs are held."""
    side = ours(workload)
    filling = chain(LENGTH // 2).body(VALUES)(Value(1.0))  # what was kept of freed graphs is used
    before = resident()
    held = [side.body(*side.arguments) for _ in range(graphs)]
    grown = resident() - before
    del held, filling
    return grown / (graphs * workload.operations)


def given_back(length: int) -> tuple[int, int, int]:
    """Resident bytes before a long chain is built and differentiated, while it is held, after."""
    body = chain(length).body(VALUES)
    before = resident()
    y = body(Value(1.0))
    y.backward()
    during = resident()
    del y
    gc.collect()
    return before, during, resident()


def training(side: Graphs, steps: int) -> Iterator[tuple[int, int]]:
    """Train so many steps; before each and at the end their number and the resident bytes."""
    parameters: list[Any] = side.leaves
    for step in range(steps):
        yield step, resident()
        zero_grad(parameters)
        side()
        for p in parameters:
            p.data -= 0.05 * p.grad
    yield steps, resident()


def resident() -> int:
    """Bytes of this process that lie in memory (Linux)."""
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def megabytes(count: int) -> str:
    """In units of 2²⁰."""
    return f"{count / 2**20:.0f} MB"


if __name__ == "__main__":
    main()
