"""Operations with a kink, taken on the branch on which they are not.

Where several operands or branches are possible each of them is a misreading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from autograd_core.table import TABLE
from autograd_core.value import Value

from ..digits import RESULT_DIGITS
from .misreading import Reader, Rule, numbers_of
from .passes import Pass

__all__ = ["KINK_READERS"]

MOST_OPERANDS = 8  # of a maximum, each of which might be taken for the largest

Branches = Sequence[tuple[float, float]]  # value and slope on each branch


def _exponential(x: float, alpha: float, width: float, scale: float) -> Branches:
    y = TABLE["exp"].forward(x / width)
    return (scale * x, scale), (scale * alpha * (y - 1.0), scale * alpha * y / width)


_SELU = TABLE["selu"].forward(1.0)
_SELU_ALPHA = -TABLE["selu"].forward(-1e3) / _SELU

_BRANCHES: dict[str, Callable[..., Branches]] = {
    "abs": lambda x: ((x, 1.0), (-x, -1.0)),
    "relu": lambda x: ((x, 1.0), (0.0, 0.0)),
    "relu6": lambda x: ((x, 1.0), (0.0, 0.0), (6.0, 0.0)),
    "leaky_relu": lambda x, slope: ((x, 1.0), (slope * x, slope)),
    "elu": lambda x, alpha: _exponential(x, alpha, 1.0, 1.0),
    "celu": lambda x, alpha: _exponential(x, alpha, alpha, 1.0),
    "selu": lambda x: _exponential(x, _SELU_ALPHA, 1.0, _SELU),
    "hardtanh": lambda x, low, high: ((x, 1.0), (low, 0.0), (high, 0.0)),
    "clip": lambda x, low, high: ((x, 1.0), (low, 0.0), (high, 0.0)),
    "hardsigmoid": lambda x: (((x + 3.0) / 6.0, 1.0 / 6.0), (0.0, 0.0), (1.0, 0.0)),
    "hardswish": lambda x: (
        (x * (x + 3.0) / 6.0, (2.0 * x + 3.0) / 6.0), (0.0, 0.0), (x, 1.0),
    ),
}  # fmt: skip


def _kinked(here: Pass, node: Value) -> Iterator[Rule]:
    assert node.op is not None
    branches = _BRANCHES[node.op.name]
    slope = node.partials[0]
    for i, branch in enumerate(branches(*numbers_of(node))):
        if branch != (node.data, slope) and (branch[1] != slope or slope != 0.0):
            yield _on_branch(here, node, branches, i)


def _on_branch(here: Pass, node: Value, branches: Callable[..., Branches], i: int) -> Rule:
    inside = node.operands[0]
    number = here.writer.number(numbers_of(node)[0], RESULT_DIGITS)
    return Rule(
        "kink branch",
        lambda: f"{here.formula(node)} is on another branch: {here.text(inside)} = {number}",
        lambda *xs: (branches(*xs[:-1])[i][1], *[0.0] * (len(xs) - 2)),
        lambda *xs: branches(*xs)[i][0],
    )


def _extreme(here: Pass, node: Value) -> Iterator[Rule]:
    for i, number in enumerate(numbers_of(node)[:MOST_OPERANDS]):
        if number != node.data:
            yield _another_operand(here, node, i)


def _another_operand(here: Pass, node: Value, i: int) -> Rule:
    taken = node.operands[numbers_of(node).index(node.data)]
    return Rule(
        "kink branch",
        lambda: f"{here.formula(node)} is {here.text(taken)}, not {here.text(node.operands[i])}",
        lambda *xs: [float(j == i) for j in range(len(xs) - 1)],
        lambda *xs: xs[i],
    )


KINK_READERS: dict[str, Reader] = {
    "max": _extreme, "min": _extreme, "first_max": _extreme,
    **dict.fromkeys(_BRANCHES, _kinked),
}  # fmt: skip
