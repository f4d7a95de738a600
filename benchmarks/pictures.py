"""How long a worked solution and a drawing take."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from autograd_core import Value, mean, sum, topological_order
from nn import MLP
from viz import draw, explain

__all__ = ["drawings", "explanations"]


def explanations() -> None:
    """The worked solution of a network's graph, to the text that is printed."""
    loss, net = mlp_loss(140)
    count = len(topological_order(loss))
    print(f"\nexplaining a graph of {count:,} nodes, {len(net.parameters())} parameters")
    for depth in ("named", "layer"):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            solution = explain(loss, net.parameters(), depth)
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
    total: Value = sum([node for node in nodes if node in unused])
    return total.named("L")
