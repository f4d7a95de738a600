"""Where one training step of a network spends its time."""

from __future__ import annotations

import random
import statistics
import time
from itertools import pairwise

from autograd_core import Value, mse_loss
from nn import MLP, optim
from nn.data import moons

__all__ = ["training_step"]


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
