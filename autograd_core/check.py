"""Checking gradients against finite differences, with a verdict that knows its own limits.

OK means: the analytic gradient lies within the error that the numeric method estimates for
itself, and that error is small. Where it is not, or where 0·∞ was counted as 0, the verdict is
*undetermined*; where a kink lies exactly at the point, it is *kink* and both one-sided slopes are
given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from .backward import adjoints
from .finite_differences import EPSILON, Sampler, measure_slope
from .graph import topological_order
from .op import Op
from .stale import require_fresh
from .value import Value

__all__ = ["CheckReport", "GradientCheck", "check_gradients", "check_leaves"]

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
    is wrong (None where all are right).

    >>> from autograd_core import tanh
    >>> print(check_gradients(lambda w, x: tanh(w * x), 0.5, 2.0).ok)
    True
    """
    leaves = [Value(number) for number in inputs]
    for i, leaf in enumerate(leaves):
        leaf.named(f"input {i}")
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

    >>> x = Value(3.0, "x")
    >>> [row.verdict for row in check_leaves(x * x, [x])]
    ['ok']
    """
    order = topological_order(root) if order is None else order
    require_fresh(order)
    adjoint = adjoints(root, order)
    noise = EPSILON * math.fsum(abs(adjoint[n] * n.data) for n in order if n.op is not None)
    doubtful = _strong_zeros(root, order, adjoint)
    return [
        _check(root, leaf, adjoint.get(leaf, 0.0), noise, _dependents(order, leaf), doubtful)
        for leaf in leaves
    ]


def _check(
    root: Value,
    leaf: Value,
    analytic: float,
    noise: float,
    dependents: list[Value],
    doubtful: set[Value],
) -> GradientCheck:
    if not dependents:  # the output does not depend on it: nothing to measure
        return GradientCheck(leaf, analytic, 0.0, 0.0, "ok" if analytic == 0.0 else "wrong")
    slope = measure_slope(_sampler(root, leaf, dependents), leaf.data, noise)
    natural = 1e-3 * noise / EPSILON / max(1.0, abs(leaf.data))  # the size gradients have here
    verdict = _verdict(analytic, slope.value, slope.error, natural)
    if slope.left is not None and slope.right is not None:
        low, high = sorted((slope.left, slope.right))
        slack = 1e-4 * (abs(low) + abs(high))
        verdict = "kink" if low - slack <= analytic <= high + slack else "wrong"
    elif not doubtful.isdisjoint(dependents):
        verdict = "undetermined"
    return GradientCheck(
        leaf, analytic, slope.value, slope.error, verdict, slope.left, slope.right
    )


def _verdict(analytic: float, numeric: float, error: float, natural: float = 0.0) -> Verdict:
    difference = abs(analytic - numeric)
    if not math.isfinite(difference + error):
        return "undetermined"
    if difference > DIFFERS * error:
        return "wrong"
    fine = error <= FINE_ENOUGH * max(abs(analytic), abs(numeric), natural)
    return "ok" if difference <= AGREES * error and fine else "undetermined"


def _dependents(order: Sequence[Value], leaf: Value) -> list[Value]:
    """The nodes that change when the leaf does, in order."""
    changing = {leaf}
    for node in order:
        if any(o in changing for o in node.operands if not isinstance(o, float)):
            changing.add(node)
    return [node for node in order if node in changing and node is not leaf]


def _sampler(root: Value, leaf: Value, dependents: list[Value]) -> Sampler:
    """The output as a function of one leaf, with the kink quantities it passes."""

    def sample(x: float) -> tuple[float, tuple[float, ...]]:
        moved = {leaf: x}
        kinks: list[float] = []
        for node in dependents:
            numbers = [
                o if isinstance(o, float) else moved.get(o, o.data) for o in node.operands
            ]
            assert node.op is not None
            moved[node] = node.op.forward(*numbers)
            if node.op.kinks is not None:
                kinks.extend(node.op.kinks(*numbers))
        return moved[root], tuple(kinks)

    return sample


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

            slope = measure_slope(sample, numbers[i], EPSILON * abs(node.data))
            verdict = _verdict(node.partials[i], slope.value, slope.error)
            if verdict == "wrong" and not slope.at_kink:
                return op
    return None
