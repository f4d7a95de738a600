"""The backward sweep: adjoints by the chain rule, from the output to the leaves.

The adjoint of a node n is d root / d n. Each node hands every operand its own adjoint times the
local partial derivative; where a value is used more than once, the contributions add up:

    adjoint(x) = Σ over consumers c of x:  adjoint(c) · ∂c/∂x

So a node hands on when all its consumers have: the graph is sorted topologically on the way, from
the output (A. Kahn, Communications of the ACM 5 (1962), 558–562).
"""

from __future__ import annotations

import math
from typing import Any

from . import modes
from .errors import DomainError
from .graph import consumer_counts

__all__ = ["adjoints"]


def adjoints(root: Any) -> dict[Any, float]:
    """d root / d node for every node that `root` depends on; nothing is written to the graph.

    A node whose adjoint is 0 contributes nothing, even where its local derivative is infinite
    (the strong zero: 0·∞ counts as 0).

    >>> from autograd_core import Value
    >>> x = Value(3.0)
    >>> y = x * x + 2.0 * x
    >>> adjoints(y)[x]
    8.0
    """
    waiting = consumer_counts(root)
    watch = modes.current is not None and modes.current.anomalies
    adjoint: dict[Any, float] = dict.fromkeys(waiting, 0.0)
    adjoint[root] = 1.0
    ready = [root]  # all their consumers have handed them their share
    while ready:
        node = ready.pop()
        upstream = adjoint[node]
        flows = upstream != 0.0  # the strong zero
        if flows and watch:
            _require_finite_gradient(node, upstream)
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if type(operand) is float:
                continue
            if flows:
                adjoint[operand] += upstream * partial
            waiting[operand] -= 1
            if not waiting[operand]:
                ready.append(operand)
    return adjoint


def _require_finite_gradient(node: Any, upstream: float) -> None:
    """Under `detect_anomaly()`: name the node where a gradient stops being a number."""
    name = node.name or "an unnamed node"
    if not math.isfinite(upstream):
        raise DomainError(f"the gradient of {name} is {upstream}", node=node)
    for i, (operand, partial) in enumerate(zip(node.operands, node.partials, strict=True)):
        if type(operand) is not float and not math.isfinite(partial):
            operation = node.op.name
            raise DomainError(
                f"the derivative of {operation} in operand {i + 1} is {partial} at "
                + ", ".join(f"{o if type(o) is float else o.data:g}" for o in node.operands)
                + f", and the gradient that arrives at {name} is {upstream:g}",
                node=node,
                operation=operation,
            )
