"""What is compared with what: for each workload the sides, and how fast ours has to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .linear import FloatBatch, LinearBatch
from .peers import peers
from .sides import Differentiated, Floats, Side, agree, agrees_with_differences, ours
from .workloads import Workload, chain, expression, image, perceptron

__all__ = ["FLOATS", "OURS", "Comparison", "comparisons"]

FLOATS = "plain floats, forward"
OURS = "autograd-core"


@dataclass(frozen=True)
class Comparison:
    """One part of the table.

    sides : by name, plain floats first; every other is measured in their time. targets : how long
    a side of ours may take. left_out : the peers that are not measured, and why. numbers, loss :
    where the gradient is taken, and the function on plain floats.
    """

    title: str
    floats: Side
    ours: dict[str, Differentiated]
    targets: dict[str, float]
    numbers: list[float]
    loss: Callable[[list[float]], float]
    others: Mapping[str, Side] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def sides(self) -> dict[str, Side]:
        """All of them, the floats first."""
        return {FLOATS: self.floats, **self.ours, **self.others}

    def check(self) -> None:
        """After each side was called once: AssertionError where they found different things."""
        first = next(iter(self.ours.values()))
        agrees_with_differences(first.gradient, self.numbers, self.loss)
        for name, side in self.sides.items():
            agree(name, side, first)


def comparisons(with_peers: bool = True) -> list[Comparison]:
    """The table, at full size."""
    return [
        _of("an expression of 25 operations, 2,000 times", {OURS: (expression(), 1.6)}, with_peers),
        _of(
            "MLP(2, [16, 16, 1]) on 100 moons, max-margin loss, L2",
            {
                OURS: (perceptron(), 1.6),
                f"{OURS}, dot of lists": (perceptron(dots=True), 0.45),
                f"{OURS}, dot, NumPy rows": (perceptron(dots=True, numpy_rows=True), 0.5),
            },
            with_peers,
        ),
        _of("a chain of 1,000,000 operations", {OURS: (chain(), 3.5)}, with_peers, deep=True),
        _of(
            "image 12×12, four filters 3×3, relu, dense 10, cross-entropy",
            {OURS: (image(), 1.5), f"{OURS}, dot of lists": (image(dots=True), 0.65)},
            with_peers,
        ),
        linear_batch(),
    ]


def _of(
    title: str,
    measured: dict[str, tuple[Workload, float]],
    with_peers: bool,
    deep: bool = False,
) -> Comparison:
    """The first workload is from scalar operations: the floats' and the peers' is that one."""
    workloads = [workload for workload, _ in measured.values()]
    scalar = workloads[0]
    others: dict[str, Side] = {}
    left_out: dict[str, str] = {}
    if with_peers:
        able, left_out = peers(scalar, deep)
        with_dot = [workload for workload in workloads if "dot" in workload.needs]
        if with_dot:
            others["plain floats, sum(map(mul…))"] = Floats(with_dot[0])
        others |= able
    return Comparison(
        title,
        Floats(scalar),
        {name: ours(workload) for name, (workload, _) in measured.items()},
        {name: target for name, (_, target) in measured.items()},
        scalar.numbers,
        scalar.on_floats,
        others,
        left_out,
    )


def linear_batch(batch: int = 64, features: int = 32, units: int = 32) -> Comparison:
    """A whole batch through one layer."""
    floats = FloatBatch(batch, features, units)
    return Comparison(
        f"a batch of {batch} through nn.Linear({features}, {units}), squared error",
        floats,
        {OURS: LinearBatch(floats)},
        {OURS: 0.7},
        floats.numbers,
        floats.loss,
    )
