"""Detecting a graph whose leaves changed after it was built.

A node keeps the number and the partial derivatives of the moment it was made. Whoever explains a
graph first computes both again from the leaves, in order, and compares them bit by bit (NaN
equals NaN). Values alone would not do: at x = 0 a changed w shows in w·x only as a partial.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .errors import StaleGraph

__all__ = ["require_fresh"]


def _same(a: float, b: float) -> bool:
    if a == 0.0 == b:
        return math.copysign(1.0, a) == math.copysign(1.0, b)
    return a == b or (a != a and b != b)


def require_fresh(order: Sequence[Any]) -> None:
    """Raise `StaleGraph`, naming the changed leaf, unless every node follows from its operands.

    `order` is a topological order of the graph. Since it is walked from the leaves, the first
    node that no longer follows has a changed leaf among its own operands.

    >>> from autograd_core import Value, topological_order
    >>> w = Value(2.0, "w")
    >>> y = 3.0 * w
    >>> w.data = 5.0
    >>> try:
    ...     require_fresh(topological_order(y))
    ... except StaleGraph as problem:
    ...     print(str(problem).partition(" after")[0])
    w changed
    """
    for node in order:
        if node.op is None:
            continue
        if not _follows(node, [o if type(o) is float else o.data for o in node.operands]):
            raise StaleGraph(_complaint(node))


def _follows(node: Any, numbers: list[float]) -> bool:
    """True where the node's value and partials are those of these numbers, bit by bit.

    (The partial in a constant is in no gradient, and not every engine keeps it.)
    """
    value = node.op.forward(*numbers)
    return _same(value, node.data) and all(
        type(operand) is float or _same(now, then)
        for operand, now, then in zip(
            node.operands, node.op.partials(*numbers, value), node.partials, strict=True
        )
    )


def _complaint(node: Any) -> str:
    leaves = [o for o in node.operands if type(o) is not float and o.is_leaf]
    changed = [o for o in leaves if o.label is not None and o.label.previous is not None]
    for leaf in changed:  # the one whose number before explains the node, if one alone does
        before = [
            o if type(o) is float else leaf.label.previous if o is leaf else o.data
            for o in node.operands
        ]
        if _follows(node, before):
            changed = [leaf]
            break
    names = list(dict.fromkeys(leaf.name or "an unnamed leaf" for leaf in changed or leaves))
    where = node.name or f"a result of {node.op.name}"
    return (
        f"{' or '.join(names)} changed after {where} was computed from it: "
        "build the graph again to explain it"
    )
