"""What a picture of a graph contains: all of it, or as much as a page has room for."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from autograd_core import modes
from autograd_core.backward import adjoints
from autograd_core.graph import topological_order
from autograd_core.stale import require_fresh
from autograd_core.value import Value

from ..names import Names
from .content import Item, Scene, Wire
from .direction import PAGE, Direction, width
from .groups import arrange, shown_in
from .labels import Labels

__all__ = ["Scene", "scene_of"]

STYLES = ("card", "circuit", "compact")
DIGITS = 4
PAGEFUL = 60  # items; who asks for more does not ask for one page
FEWEST = 8


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
        gradients = adjoints(root, order)
    marked = _between(order, wrt)
    while True:
        top = arrange(order, budget, collapse, marked)
        drawn_as = shown_in(top)
        items = list(dict.fromkeys(drawn_as[node] for node in order))
        wires = _wires(order, drawn_as, marked)
        scene = Scene(order, gradients, top, items, wires, wrt, marked)
        if budget is None or len(order) <= budget or _fits(scene) or not FEWEST < budget <= PAGEFUL:
            return scene
        budget = 3 * budget // 4


def _fits(scene: Scene) -> bool:
    """True where a page has room for the picture, in every style, upright or turned."""
    named = (n for n in scene.order if n.is_leaf or n.name is not None or n is scene.root)
    labels = Labels(scene, Names(named), ("value", "grad"), DIGITS)
    return all(
        min(width(scene, labels, style, towards) for towards in get_args(Direction)) <= PAGE + 1.0
        for style in STYLES
    )


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
