"""What is compared with what: for each workload the sides, and how fast ours has to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .linear import FloatBatch, LinearBatch
from .peers import peers
from .sides import Differentiated, Floats, Side, agree, agrees_with_differences, ours
from .timing import Ratio, interleaved
from .workloads import Workload, chain, expression, image, perceptron, sums_and_products

__all__ = ["FLOATS", "OURS", "Comparison", "compared", "comparisons", "linear_batch", "over_floats"]

FLOATS = "plain floats, forward"
OURS = "autograd-core"


@dataclass(frozen=True)
class Comparison:
    """One part of the table.

    floats : plain floats, in whose time every other side is measured. targets : how long a side of
    ours may take. numbers, loss : where the gradient is taken, and the function on plain floats.
    beside : makes the sides to measure beside them, and says why other peers are left out.
    """

    title: str
    floats: Side
    ours: dict[str, Differentiated]
    targets: dict[str, float]
    numbers: list[float]
    loss: Callable[[list[float]], float]
    beside: Callable[[], tuple[dict[str, Side], dict[str, str]]] = lambda: ({}, {})

    def check(self, sides: Mapping[str, Side]) -> None:
        """After ours and these were called: AssertionError where they found different things."""
        first = next(iter(self.ours.values()))
        agrees_with_differences(first.gradient, self.numbers, self.loss)
        for name, side in sides.items():
            agree(name, side, first)


def over_floats(
    part: Comparison, sides: Mapping[str, Side], rounds: int = 9
) -> dict[str, Ratio]:
    """The ratios of these sides to the floats, which take turns with them; the floats' own is 1."""
    together: dict[str, Side] = {FLOATS: part.floats, **sides}
    seconds = interleaved(together, lambda: part.check(together), rounds)
    return {name: Ratio.of(times, seconds[FLOATS]) for name, times in seconds.items()}


def comparisons() -> list[Comparison]:
    """The table, at full size."""
    return [
        compared("25 operations, + − × ÷ ** tanh relu alike", {OURS: (expression(), 1.6)}),
        compared("25 operations, mostly + − ×", {OURS: (sums_and_products(), None)}),
        compared(
            "MLP(2, [16, 16, 1]) on 100 moons, max-margin loss, L2",
            {
                OURS: (perceptron(), 1.6),
                f"{OURS}, dot of lists": (perceptron(dots=True), 0.45),
                f"{OURS}, dot, NumPy rows": (perceptron(dots=True, numpy_rows=True), 0.5),
            },
        ),
        compared("a chain of 1,000,000 operations", {OURS: (chain(), 3.5)}, deep=True),
        compared(
            "image 12×12, four filters 3×3, relu, dense 10, cross-entropy",
            {OURS: (image(), 1.5), f"{OURS}, dot of lists": (image(dots=True), 0.65)},
        ),
        linear_batch(),
    ]


def compared(
    title: str, measured: dict[str, tuple[Workload, float | None]], deep: bool = False
) -> Comparison:
    """Workloads and their targets; the first, from scalar operations, is the floats' and peers'."""
    scalar, *others = (workload for workload, _ in measured.values())

    def beside() -> tuple[dict[str, Side], dict[str, str]]:
        able, left_out = peers(scalar, deep)
        shorter = {"plain floats, sum(map(mul…))": Floats(others[0])} if others else {}
        return {**shorter, **able}, left_out

    return Comparison(
        title,
        Floats(scalar),
        {name: ours(workload) for name, (workload, _) in measured.items()},
        {name: target for name, (_, target) in measured.items() if target is not None},
        scalar.numbers,
        scalar.on_floats,
        beside,
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
