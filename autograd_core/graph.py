"""Walking a graph: an order in which operands come first, and a fold along it.

A node is anything with `operands`, a tuple of nodes and plain floats. Loops, never recursion: a
graph may be a million operations deep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

__all__ = ["consumer_counts", "fold", "topological_order"]


class Node(Protocol):
    """What a walk needs of a node."""

    @property
    def operands(self) -> Sequence[Any]: ...


N = TypeVar("N", bound=Node)
R = TypeVar("R")


def topological_order(*roots: N) -> list[N]:
    """Every node that the roots depend on, once, operands before the nodes that consume them.

    Depth first, left operand first: the order in which a person would compute the expression.
    Several roots are taken in turn, so that a caller can ask for its own order among them.

    >>> from autograd_core import Value
    >>> x, w = Value(3.0, "x"), Value(2.0, "w")
    >>> p = (w * x).named("p")
    >>> [node.name for node in topological_order((p + x).named("y"))]
    ['w', 'x', 'p', 'y']
    """
    order: list[N] = []
    seen: set[N] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(root.operands))]
        while path:
            node, operands = path[-1]
            for operand in operands:  # the iterator goes on where it stopped
                if type(operand) is float or operand in seen:
                    continue
                seen.add(operand)
                if operand.operands:
                    path.append((operand, iter(operand.operands)))
                    break
                order.append(operand)  # a leaf
            else:  # all operands are in the order
                order.append(node)
                path.pop()
    return order


def fold(order: Iterable[N], visit: Callable[[N, list[Any]], R]) -> dict[N, R]:
    """`visit(node, results of its operands)` for each node of a topological order.

    A constant operand stands for itself. Every reading of a graph (its values again, its
    formula, its size) is such a fold.

    >>> from autograd_core import Value
    >>> x = Value(3.0)
    >>> y = x * x + 1.0
    >>> depth = fold(topological_order(y), lambda node, below: 1 + max(below, default=0))
    >>> depth[y]
    3
    """
    results: dict[N, R] = {}
    for node in order:
        results[node] = visit(
            node, [o if type(o) is float else results[o] for o in node.operands]
        )
    return results


def consumer_counts(*roots: N) -> dict[N, int]:
    """How many times each node below the roots is an operand there (`x * x` consumes x twice).

    >>> from autograd_core import Value
    >>> x = Value(3.0)
    >>> consumer_counts(x * x + x)[x]
    3
    """
    counts: dict[N, int] = dict.fromkeys(roots, 0)
    met = list(counts)
    while met:
        for operand in met.pop().operands:
            if type(operand) is float:
                continue
            if operand in counts:
                counts[operand] += 1
            else:
                counts[operand] = 1
                if operand.operands:
                    met.append(operand)
    return counts
