"""What a picture contains: the wires between items are the edges of the graph."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import DomainError, StaleGraph, Value
from autograd_core.backward import adjoints
from tests.support.pictures import grown
from viz.drawing.content import Item, Scene
from viz.drawing.groups import Group, nodes_of
from viz.drawing.scene import scene_of

graphs = st.builds(grown, st.integers(1, 100), st.integers(0, 10_000))
budgets = st.none() | st.integers(1, 200)


def item_of(scene: Scene) -> dict[Value, Item]:
    found: dict[Value, Item] = {}
    for item in scene.items:
        found.update(dict.fromkeys([item] if isinstance(item, Value) else nodes_of(item), item))
    return found


@given(graphs, budgets)
@settings(max_examples=60, deadline=None)
def test_drawn_and_hidden_are_all(root: Value, budget: int | None) -> None:
    scene = scene_of(root, budget)
    assert len(scene.drawn) + scene.hidden == len(scene.order)
    assert len(set(scene.items)) == len(scene.items)
    assert {*scene.drawn, *scene.closed} == set(scene.items)
    assert all(isinstance(item, Group) and item.closed for item in scene.closed)
    assert scene.root is root


@given(graphs, budgets)
@settings(max_examples=60, deadline=None)
def test_wires_are_the_edges_of_the_graph(root: Value, budget: int | None) -> None:
    """Between two nodes one wire for each use; otherwise one for all uses together."""
    scene = scene_of(root, budget)
    shown = item_of(scene)
    single: Counter[tuple[Item, Item, float]] = Counter()
    bundled: Counter[tuple[Item, Item]] = Counter()
    for node in scene.order:
        for operand, local in zip(node.operands, node.partials, strict=True):
            if isinstance(operand, Value):
                tail, head = shown[operand], shown[node]
                if isinstance(tail, Value) and isinstance(head, Value):
                    single[tail, head, local] += 1
                elif tail is not head:
                    bundled[tail, head] += 1
    assert single == Counter((w.tail, w.head, w.local) for w in scene.wires if w.local is not None)
    assert bundled == {(w.tail, w.head): w.count for w in scene.wires if w.local is None}
    assert all(w.count == 1 for w in scene.wires if w.local is not None)


@given(graphs)
@settings(max_examples=30, deadline=None)
def test_gradients_are_those_of_the_root_and_nothing_is_written(root: Value) -> None:
    before = {node: node.grad for node in adjoints(root)}
    scene = scene_of(root, 60)
    assert scene.gradients == adjoints(root)
    assert before == {node: node.grad for node in before}


@given(graphs, budgets, st.data())
@settings(max_examples=40, deadline=None)
def test_marked_is_what_lies_between(root: Value, budget: int | None, data: st.DataObject) -> None:
    order = scene_of(root, None).order
    followed = data.draw(st.sampled_from(order))
    scene = scene_of(root, budget, wrt=followed)
    above = {followed}
    for node in order:
        if above & {o for o in node.operands if isinstance(o, Value)}:
            above.add(node)
    assert scene.marked == above
    for wire in scene.wires:
        inside = [set(nodes_of(i)) if isinstance(i, Group) else {i} for i in (wire.tail, wire.head)]
        uses = any(
            operand in inside[0] & above
            for node in inside[1] & above
            for operand in node.operands
            if isinstance(operand, Value)
        )
        assert wire.marked == uses


def test_a_node_used_twice_by_one_operation_has_two_wires() -> None:
    x = Value(3.0, "x")
    scene = scene_of(x * x, None)
    assert [(w.tail.name, w.local, w.count) for w in scene.wires if isinstance(w.tail, Value)] == [
        ("x", 3.0, 1), ("x", 3.0, 1),
    ]  # fmt: skip


def test_what_cannot_be_drawn_is_refused() -> None:
    x = Value(2.0, "x")
    y = x * x
    with pytest.raises(ValueError, match="z is not in the graph of the output"):
        scene_of(y, None, wrt=Value(1.0, "z"))
    x.data = 3.0
    with pytest.raises(StaleGraph):
        scene_of(y, None)
    with pytest.raises(DomainError):
        scene_of(Value(0.0, "x").sqrt(), None)
