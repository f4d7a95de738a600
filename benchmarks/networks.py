"""Networks: where one training step spends its time, and a batch through a layer."""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable
from itertools import pairwise
from operator import mul
from typing import Any

from autograd_core import Value, mse_loss
from nn import MLP, Linear, optim
from nn.data import moons

from .timing import interleaved

__all__ = ["linear_batch", "training_step"]

FEATURES, UNITS, BATCH = 32, 32, 64


def training_step() -> None:
    """How a step of MLP(2, [16, 16, 1]) on 50 moons is shared among its parts."""
    random.seed(1)
    net = MLP(2, [16, 16, 1])
    x, y = moons(50, seed=1)
    examples = [[Value(a), Value(b)] for a, b in x.tolist()]
    optimizer = optim.Adam(net.parameters(), lr=0.01)
    rounds: list[list[float]] = []
    for _ in range(10):
        times = [time.perf_counter()]
        loss = mse_loss([net(example) for example in examples], y)
        times.append(time.perf_counter())
        optimizer.zero_grad()
        loss.backward()
        times.append(time.perf_counter())
        optimizer.step()
        times.append(time.perf_counter())
        del loss
        times.append(time.perf_counter())
        rounds.append([after - before for before, after in pairwise(times)])
    parts = [statistics.median(part) for part in zip(*rounds[1:], strict=True)]
    print(f"\none step of MLP(2, [16, 16, 1]) on 50 examples, Adam: {sum(parts) * 1000:.1f} ms")
    names = "forward", "backward", "update", "freeing"
    for name, seconds in zip(names, parts, strict=True):
        print(f"  {name:10} {seconds * 1000:8.1f} ms  {seconds / sum(parts):6.1%}")


def linear_batch() -> None:
    """A batch through `nn.Linear`, forward and with the gradient, over the same on plain floats."""
    draw = random.Random(1)
    rows = [[draw.uniform(-1.0, 1.0) for _ in range(FEATURES)] for _ in range(BATCH)]
    layer = Linear(FEATURES, UNITS, seed=1)
    assert layer.bias is not None
    weights = [[w.data for w in row] for row in layer.weight]
    biases = [b.data for b in layer.bias]

    def floats() -> list[list[float]]:
        units = list(zip(weights, biases, strict=True))
        return [[sum(map(mul, weight, row), b) for weight, b in units] for row in rows]

    def forward() -> Any:
        return layer(rows)

    def both() -> None:
        mse_loss(layer(rows), rows).backward()

    for ours, theirs in zip(forward(), floats(), strict=True):
        for node, number in zip(ours, theirs, strict=True):
            assert math.isclose(node.data, number, rel_tol=1e-12, abs_tol=1e-12)
    sides: dict[str, Callable[[], object]] = {
        "plain floats, forward": floats,
        "nn.Linear, forward": forward,
        "nn.Linear, with loss and gradient": both,
    }
    timings = interleaved(sides)
    unit = timings["plain floats, forward"].median
    print(f"\na batch of {BATCH} through nn.Linear({FEATURES}, {UNITS})")
    for name, timing in timings.items():
        print(f"  {name:34} {timing.median * 1000:8.2f} ms  {timing.median / unit:6.2f} × floats")
