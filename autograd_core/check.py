"""Checking gradients against finite differences, with a verdict that knows its own limits.

OK means: the analytic gradient lies within the error that the numeric method estimates for
itself, and that error is small. Where it is not, or where 0·∞ was counted as 0, the verdict is
*undetermined*; where a kink lies exactly at the point, it is *kink* and both one-sided slopes are
given.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from . import modes
from .backward import adjoints
from .finite_differences import EPSILON, Sampler, measure_slope
from .graph import topological_order
from .op import Op
from .stale import require_fresh
from .value import Value

__all__ = [
    "CheckReport", "GradientCheck", "check_direction", "check_gradients", "check_leaves",
]  # fmt: skip

Verdict = Literal["ok", "wrong", "kink", "undetermined"]

AGREES, DIFFERS = 4.0, 32.0  # in units of the numeric method's own error estimate
FINE_ENOUGH = 1e-4  # an error estimate that large, relative to the gradient, decides nothing


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One gradient beside its measurement: `numeric` ± `error`, or both slopes at a kink."""

    input: Value
    analytic: float
    numeric: float
    error: float
    verdict: Verdict
    left: float | None = None
    right: float | None = None

    def __str__(self) -> str:
        name = self.input.name or "input"
        if self.verdict == "kink":
            found = f"slopes {self.left:.6g} and {self.right:.6g} on the two sides"
        else:
            found = f"numeric {self.numeric:.10g} ± {self.error:.1g}"
        return f"{name}: analytic {self.analytic:.10g}, {found}: {self.verdict}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check_gradients` found: a row per input, and the operation to blame if one is wrong."""

    rows: tuple[GradientCheck, ...]
    culprit: Op | None

    @property
    def ok(self) -> bool:
        """True where every gradient was measured and found right."""
        return all(row.verdict == "ok" for row in self.rows)

    def __str__(self) -> str:
        lines = [str(row) for row in self.rows]
        if self.culprit is not None:
            lines.append(f"the partial derivatives of {self.culprit.name} are wrong")
        return "\n".join(lines)


def check_gradients(f: Callable[..., Value], *inputs: float) -> CheckReport:
    """Compare the gradient of `f` at a point with finite differences.

    f : a function of len(inputs) Values that returns one Value; inputs : the point. Returns a
    report: `.ok`, one row per input, and `.culprit`, the operation whose own partial derivative
    is wrong (None where all are right). Raises TypeError where f does not return one Value.

    >>> from autograd_core import tanh
    >>> print(check_gradients(lambda w, x: tanh(w * x), 0.5, 2.0).ok)
    True
    """
    leaves = [Value(number, f"input {i}") for i, number in enumerate(inputs)]
    with modes.recording():
        root = f(*leaves)
    if not isinstance(root, Value):
        raise TypeError(f"the function must return one Value, not {type(root).__name__}")
    order = topological_order(root)
    rows = check_leaves(root, leaves, order)
    return CheckReport(tuple(rows), _culprit(order))


def check_leaves(
    root: Value, leaves: Sequence[Value], order: Sequence[Value] | None = None
) -> list[GradientCheck]:
    """Check d root / d leaf for each leaf of a graph as it stands. `.grad` is not touched.

    Raises `StaleGraph` where a leaf changed after the graph was built.

    >>> x = Value(3.0, "x")
    >>> [row.verdict for row in check_leaves(x * x, [x])]
    ['ok']
    """
    graph = _Checked(root, topological_order(root) if order is None else order)
    return [graph.check({leaf: 1.0}) for leaf in leaves]


def check_direction(
    root: Value, leaves: Sequence[Value], order: Sequence[Value] | None = None
) -> GradientCheck:
    """Check all gradients at once, along one direction in which every leaf moves.

    The slope along a direction v is Σ vᵢ·d root/d leafᵢ; the vᵢ lie between 0.5 and 1.5 in size,
    with signs, fixed by a seed. The cost does not grow with the number of leaves. `input` of the
    result is the first leaf.

    >>> x, y = Value(3.0), Value(4.0)
    >>> check_direction(x * y, [x, y]).verdict
    'ok'
    """
    graph = _Checked(root, topological_order(root) if order is None else order)
    draw = random.Random(0)
    return graph.check(
        {leaf: draw.uniform(0.5, 1.5) * draw.choice((-1.0, 1.0)) for leaf in leaves}
    )


class _Checked:
    """A graph under check: its adjoints, how exactly it can be evaluated, where 0·∞ occurred."""

    def __init__(self, root: Value, order: Sequence[Value]) -> None:
        require_fresh(order)
        self.root = root
        self.order = order
        self.adjoint = adjoints(root)
        reached = (n for n in order if self.adjoint[n] != 0.0)
        self.noise = EPSILON * sum(abs(self.adjoint[n]) * _size(n) for n in reached)
        # The size that gradients have in this graph: beside it a measured 0 ± error is 0.
        self.natural = 1e-3 * max((abs(a) for a in self.adjoint.values()), default=0.0)
        self.rounding = _rounding(order, self.adjoint)
        self.doubtful = _strong_zeros(root, order, self.adjoint)

    def check(self, direction: dict[Value, float]) -> GradientCheck:
        """The slope along a direction: the analytic one beside the measured one."""
        if not direction:
            raise ValueError("there is no leaf to move")
        first = next(iter(direction))
        analytic = sum(v * self.adjoint.get(leaf, 0.0) for leaf, v in direction.items())
        dependents = _dependents(self.order, set(direction))
        if not dependents:  # nothing to measure: the output is the leaf itself, or none of it
            known = direction.get(self.root, 0.0)
            verdict: Verdict = "ok" if analytic == known else "wrong"
            return GradientCheck(first, analytic, known, 0.0, verdict)
        # A single leaf is moved by its own value, several by how far they move together.
        start = first.data if len(direction) == 1 else 0.0
        slope = measure_slope(self.sampler(direction, start, dependents), start, self.noise)
        error = slope.error + sum(abs(v) * self.rounding[leaf] for leaf, v in direction.items())
        verdict = _verdict(analytic, slope.value, error, self.natural)
        left, right = slope.left, slope.right
        if left is not None and right is not None:
            low, high = sorted((left, right))
            slack = 1e-4 * (abs(low) + abs(high))
            verdict = "kink" if low - slack <= analytic <= high + slack else "wrong"
        elif verdict == "wrong" and slope.touched:  # kinks that cancel: relu(x) − relu(−x) at 0
            verdict, left, right = "kink", slope.value, slope.value
        elif not self.doubtful.isdisjoint(dependents):
            verdict = "undetermined"
        return GradientCheck(first, analytic, slope.value, error, verdict, left, right)

    def sampler(
        self, direction: dict[Value, float], start: float, dependents: list[Value]
    ) -> Sampler:
        """The output along the direction, with the kink quantities it passes."""

        slots: dict[Value, int] = {}  # of every number that is read, in one list
        numbers: list[float] = []

        def slot(operand: Value | float) -> int:
            if isinstance(operand, float):
                numbers.append(operand)
                return len(numbers) - 1
            if operand not in slots:
                slots[operand] = len(numbers)
                numbers.append(operand.data)
            return slots[operand]

        program = [
            (slot(node), _reader([slot(o) for o in node.operands]), node.op) for node in dependents
        ]
        moving = [(slot(leaf), leaf.data, v) for leaf, v in direction.items()]
        last = slot(self.root)

        def sample(x: float) -> tuple[float, tuple[float, ...]]:
            values = numbers.copy()
            for at, data, v in moving:
                values[at] = x if len(moving) == 1 else data + v * (x - start)
            kinks: list[float] = []
            for at, read, op in program:
                assert op is not None
                operands = read(values)
                values[at] = op.forward(*operands)
                if op.kinks is not None:
                    kinks.extend(op.kinks(*operands))
            return values[last], tuple(kinks)

        return sample


def _reader(slots: list[int]) -> Callable[[list[float]], tuple[float, ...]]:
    """Reads so many places of a list as a tuple."""
    if len(slots) == 1:
        [at] = slots
        return lambda values: (values[at],)
    return itemgetter(*slots)


def _verdict(analytic: float, numeric: float, error: float, natural: float = 0.0) -> Verdict:
    if not math.isfinite(numeric + error):
        return "undetermined"
    difference = abs(analytic - numeric)
    if not difference <= DIFFERS * error:  # NaN and ∞ are wrong too
        return "wrong"
    fine = error <= FINE_ENOUGH * max(abs(analytic), abs(numeric), natural)
    return "ok" if difference <= AGREES * error and fine else "undetermined"


def _size(node: Value) -> float:
    """What the rounding of a node is relative to: its value, or the terms that a sum adds up."""
    if node.op is None or not node.op.variadic:
        return abs(node.data)
    terms = zip(node.operands, node.partials, strict=True)
    return sum(abs(p * (o if isinstance(o, float) else o.data)) for o, p in terms)


def _rounding(order: Sequence[Value], adjoint: dict[Value, float]) -> dict[Value, float]:
    """How far the sum of contributions to each adjoint may be off: ε·Σ |contribution|."""
    rounding = dict.fromkeys(order, 0.0)
    for node in order:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if not isinstance(operand, float) and adjoint[node] != 0.0:
                rounding[operand] += EPSILON * abs(adjoint[node] * partial)
    return rounding


def _dependents(order: Sequence[Value], leaves: set[Value]) -> list[Value]:
    """The nodes that change when the leaves do, in order."""
    changing = set(leaves)
    for node in order:
        if any(o in changing for o in node.operands if not isinstance(o, float)):
            changing.add(node)
    return [node for node in order if node in changing and node not in leaves]


def _strong_zeros(
    root: Value, order: Sequence[Value], adjoint: dict[Value, float]
) -> set[Value]:
    """Nodes where an adjoint of 0 met an infinite partial, and no `where` masked the branch."""
    live = {root}
    found = set()
    for node in reversed(order):
        if node not in live:
            continue
        masks = node.op is not None and node.op.name == "where"
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if isinstance(operand, float):
                continue
            if not (masks and partial == 0.0):
                live.add(operand)
            if adjoint[node] == 0.0 and not math.isfinite(partial):
                found.add(node)
    return found


def _culprit(order: Sequence[Value]) -> Op | None:
    """The first operation of the graph whose own partial derivative is measurably wrong."""
    for node in order:
        op = node.op
        if op is None:
            continue
        numbers = [o if isinstance(o, float) else o.data for o in node.operands]
        for i, operand in enumerate(node.operands):
            if isinstance(operand, float):
                continue

            def sample(
                x: float, op: Op = op, numbers: list[float] = numbers, i: int = i
            ) -> tuple[float, tuple[float, ...]]:
                moved = [*numbers[:i], x, *numbers[i + 1 :]]
                return op.forward(*moved), op.kinks(*moved) if op.kinks else ()

            slope = measure_slope(sample, numbers[i], EPSILON * _size(node))
            verdict = _verdict(node.partials[i], slope.value, slope.error)
            if verdict == "wrong" and not slope.touched:
                return op
    return None
