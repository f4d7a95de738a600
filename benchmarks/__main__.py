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

from autograd_core import Value, engine, mean, relu, sum, topological_order
from nn import MLP
from viz import draw, explain

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
    drawings()
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
    loss, net = mlp_loss(140)
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


def mlp_loss(batch: int) -> tuple[Value, MLP]:
    """The loss of a small network over so many examples."""
    random.seed(1)
    net = MLP(2, [16, 16, 1])
    examples = [(random.random(), random.random()) for _ in range(batch)]
    loss = mean([(net([Value(a), Value(b)]) - 1.0) ** 2 for a, b in examples]).named("L")
    return loss, net


def drawings() -> None:
    """Pictures as SVG: a random graph drawn whole, and a deep and a wide one with a budget."""
    cases: list[tuple[str, Value, int | None]] = [
        ("random, all drawn", random_graph(1_500), None),
        ("random, budget 60", random_graph(100_000), 60),
        ("MLP batch, budget 60", mlp_loss(1_400)[0], 60),
    ]
    print("\ndrawing graphs, to the SVG")
    for name, root, budget in cases:
        count = len(topological_order(root))
        times = []
        for _ in range(3):
            start = time.perf_counter()
            diagram = draw(root, budget=budget)
            diagram.svg()
            times.append(time.perf_counter() - start)
        print(f"  {name:22} {statistics.median(times):8.2f} s   {count:,} nodes, "
              f"{len(diagram.scene.drawn):,} drawn")  # fmt: skip


OPERATIONS_OF_TWO: list[Callable[[Value, Value], Value]] = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a.tanh(), lambda a, b: b.sigmoid(),
]  # fmt: skip


def random_graph(count: int) -> Value:
    """Sums, products and functions of earlier nodes; what nobody uses is added up at the end."""
    chance = random.Random(0)
    nodes = [Value(round(chance.uniform(-2.0, 2.0), 2), f"x{i}") for i in range(count // 4)]
    unused = set(nodes)
    while len(nodes) < count - 1:
        a, b = chance.choice(nodes[-8:]), chance.choice(nodes)
        node = chance.choice(OPERATIONS_OF_TWO)(a, b)
        unused -= set(node.operands)
        nodes.append(node)
        unused.add(node)
    return sum([node for node in nodes if node in unused]).named("L")


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
