"""`python -m benchmarks`: ratios of one run on this machine. Gradients are compared first."""

from __future__ import annotations

import math
import os
import platform
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable

from autograd_core import Value, engine, mean, relu, topological_order
from nn import MLP
from viz import explain

from .mlp import OPERATIONS, build
from .networks import linear_batch, training_step
from .timing import interleaved


def main() -> None:
    """Print every table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"engine: {engine}\n")  # fmt: skip
    gradients()
    training_step()
    linear_batch()
    explanations()
    memory()
    import_time()


def gradients() -> None:
    """Build, backward and free one MLP batch: this engine, micrograd, and plain floats forward."""

    def ours() -> list[float]:
        loss, parameters = build(Value, relu)
        loss.backward()
        return [p.grad for p in parameters]

    def floats() -> float:
        return build(float, lambda x: x if x > 0.0 else 0.0)[0]

    sides: dict[str, Callable[[], object]] = {
        "plain floats, forward": floats,
        "autograd-core": ours,
    }
    try:
        from micrograd.engine import Value as Peer
    except ImportError:
        print("micrograd is not installed and not measured (pip install micrograd)")
    else:

        def peer() -> list[float]:
            sys.setrecursionlimit(1_000_000)
            loss, parameters = build(Peer, lambda x: x.relu())
            loss.backward()
            return [p.grad for p in parameters]

        for mine, theirs in zip(ours(), peer(), strict=True):
            assert math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12), (mine, theirs)
        sides["micrograd"] = peer
    timings = interleaved(sides)
    print(f"one MLP(2, [16, 16, 1]) batch, {OPERATIONS:,} operations: build + backward + free")
    unit = timings["autograd-core"].median
    for name, timing in timings.items():
        print(f"  {name:22} {timing.median * 1000:8.1f} ms  ({timing.fastest * 1000:.1f} to "
              f"{timing.slowest * 1000:.1f})  {timing.median / unit:6.2f} × ours")  # fmt: skip


def explanations() -> None:
    """The worked solution of a network's graph, to the text that is printed."""
    random.seed(1)
    net = MLP(2, [16, 16, 1])
    examples = [(random.random(), random.random()) for _ in range(140)]
    loss = mean([(net([Value(a), Value(b)]) - 1.0) ** 2 for a, b in examples]).named("L")
    count = len(topological_order(loss))
    print(f"\nexplaining a graph of {count:,} nodes, {len(net.parameters())} parameters")
    for depth in ("named", "layer"):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            solution = explain(loss, net.parameters(), depth)  # type: ignore[arg-type]
            lines = solution.text().count("\n")
            times.append(time.perf_counter() - start)
        print(f"  depth {depth:16} {statistics.median(times):8.2f} s   {lines} lines")


def memory() -> None:
    """Bytes that one operation of that graph holds."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    graph = build(Value, relu)
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    print(f"memory: {held / OPERATIONS:.0f} bytes an operation")
    del graph


def import_time() -> None:
    """`import autograd_core` over a bare Python, medians of whole processes."""

    def once(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    pairs = [(once("pass"), once("import autograd_core")) for _ in range(15)]
    bare, with_import = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"import autograd_core: {(with_import - bare) * 1000:.0f} ms over a bare Python")


if __name__ == "__main__":
    main()
