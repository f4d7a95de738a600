"""Gathering what a picture of a graph contains, all of it or within a budget."""

from __future__ import annotations

from collections.abc import Collection

from autograd_core import modes
from autograd_core.backward import adjoints
from autograd_core.graph import topological_order
from autograd_core.stale import require_fresh
from autograd_core.value import Value

from .content import Item, Scene, Wire
from .groups import arrange, shown_in

__all__ = ["rearranged", "scene_of"]


def scene_of(
    root: Value, budget: int | None, collapse: Collection[str] = (), wrt: Value | None = None
) -> Scene:
    """Gather what a picture of the graph below `root` shows.

    Raises `StaleGraph` where a leaf changed after the graph was built, `DomainError` where a value
    or gradient is not a finite number, ValueError where `wrt` is not in the graph.
    """
    order = topological_order(root)
    require_fresh(order)
    with modes.detect_anomaly():
        gradients = adjoints(root)
    return _arranged(order, gradients, wrt, _between(order, wrt), budget, collapse)


def rearranged(scene: Scene, budget: int, collapse: Collection[str] = ()) -> Scene:
    """The same graph within another budget."""
    return _arranged(scene.order, scene.gradients, scene.wrt, scene.marked, budget, collapse)


def _arranged(
    order: list[Value],
    gradients: dict[Value, float],
    wrt: Value | None,
    marked: set[Value],
    budget: int | None,
    collapse: Collection[str],
) -> Scene:
    top = arrange(order, budget, collapse, marked)
    drawn_as = shown_in(top)
    items = list(dict.fromkeys(drawn_as[node] for node in order))
    return Scene(order, gradients, top, items, _wires(order, drawn_as, marked), wrt, marked)


def _between(order: list[Value], wrt: Value | None) -> set[Value]:
    if wrt is None:
        return set()
    if wrt not in set(order):
        name = wrt.name or "the variable to follow"
        raise ValueError(f"{name} is not in the graph of {order[-1].name or 'the output'}")
    leading = {wrt}
    for node in order:
        if any(operand in leading for operand in node.operands if isinstance(operand, Value)):
            leading.add(node)
    return leading


def _wires(order: list[Value], drawn_as: dict[Value, Item], marked: set[Value]) -> list[Wire]:
    single: list[Wire] = []
    bundles: dict[tuple[Item, Item], tuple[int, bool]] = {}
    for node in order:
        head = drawn_as[node]
        on_the_way = node in marked
        for operand, local in zip(node.operands, node.partials, strict=True):
            if not isinstance(operand, Value):
                continue
            tail = drawn_as[operand]
            followed = on_the_way and operand in marked
            if tail is operand and head is node:
                single.append(Wire(tail, head, local, 1, followed))
            elif tail is not head:
                count, before = bundles.get((tail, head), (0, False))
                bundles[tail, head] = count + 1, before or followed
    return single + [
        Wire(tail, head, None, count, followed)
        for (tail, head), (count, followed) in bundles.items()
    ]
