"""Which nodes are drawn and which stand in closed boxes: every node once, within the budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, topological_order
from tests.support.pictures import grown, perceptron
from viz import draw
from viz.drawing.groups import Group, arrange, nodes_of, shown_in

sizes, seeds = st.integers(1, 120), st.integers(0, 10_000)
budgets = st.integers(1, 200)


def every(group: Group) -> Iterator[Group]:
    yield group
    for inner in group.groups():
        yield from every(inner)


def items(top: Group) -> list[Value | Group]:
    """What stands in the picture: nodes, and closed groups."""
    found: list[Value | Group] = []
    for member in top.members:
        if isinstance(member, Group) and not member.closed:
            found += items(member)
        else:
            found.append(member)
    return found


def opened(nodes: int, seed: int, budget: int | None) -> tuple[list[Value], Group]:
    order = topological_order(grown(nodes, seed))
    return order, arrange(order, budget)


@given(sizes, seeds, st.none() | budgets)
@settings(max_examples=60, deadline=None)
def test_every_node_stands_in_one_place(nodes: int, seed: int, budget: int | None) -> None:
    order, top = opened(nodes, seed, budget)
    assert Counter(nodes_of(top)) == Counter(order)
    assert all(group.size == len(list(nodes_of(group))) for group in every(top))
    assert top.size == nodes


@given(sizes, seeds, budgets)
@settings(max_examples=60, deadline=None)
def test_the_budget_is_kept(nodes: int, seed: int, budget: int) -> None:
    order, top = opened(nodes, seed, budget)
    drawn = items(top)
    assert len(drawn) <= budget
    if nodes <= budget:
        assert Counter(drawn) == Counter(order)
    hidden = sum(item.size for item in drawn if isinstance(item, Group))
    assert hidden + sum(isinstance(item, Value) for item in drawn) == nodes


@given(sizes, seeds, st.none() | budgets)
@settings(max_examples=40, deadline=None)
def test_a_node_is_shown_as_itself_or_as_the_outermost_closed_group(
    nodes: int, seed: int, budget: int | None
) -> None:
    order, top = opened(nodes, seed, budget)
    expected: dict[Value, Value | Group] = {}
    for item in items(top):
        inside = [item] if isinstance(item, Value) else nodes_of(item)
        expected.update(dict.fromkeys(inside, item))
    assert shown_in(top) == expected
    assert set(expected) == set(order)


@given(sizes, seeds)
@settings(max_examples=40, deadline=None)
def test_groups_are_the_scopes(nodes: int, seed: int) -> None:
    """Without a budget: the way down the tree to a node is its scope."""
    _, top = opened(nodes, seed, None)
    ways = [((), top)]
    for way, group in ways:
        assert not group.closed
        for member in group.members:
            if isinstance(member, Value):
                assert member.scope == way
            else:
                assert member.kind == "scope"
                ways.append(((*way, member.label), member))
    assert len({way for way, _ in ways}) == len(ways)


@given(sizes, seeds, st.none() | budgets, st.sets(st.sampled_from("abcd"), min_size=1))
@settings(max_examples=40, deadline=None)
def test_collapsed_scopes_are_closed(
    nodes: int, seed: int, budget: int | None, collapse: set[str]
) -> None:
    order = topological_order(grown(nodes, seed))
    known = {name for node in order for name in node.scope}
    if missing := collapse - known:
        with pytest.raises(ValueError, match=f"no scope '{min(missing)}' to collapse"):
            arrange(order, budget, collapse)
        return
    top = arrange(order, budget, collapse)
    for group in every(top):
        assert group.closed or group.label not in collapse
    assert Counter(nodes_of(top)) == Counter(order)
    for node, item in shown_in(top).items():
        if collapse & set(node.scope):
            assert isinstance(item, Group)


def test_what_to_write_instead_of_an_unknown_scope() -> None:
    with pytest.raises(ValueError, match="scopes here: layer 0, layer 1, neuron 0, neuron 1"):
        arrange(topological_order(perceptron([1, 2, 1])), None, ["layer 2"])
    with pytest.raises(ValueError, match=r"scopes here: none; name some with `with scope\("):
        arrange([Value(1.0)], None, ["hidden"])


def test_layers_stay_open_while_their_neurons_are_closed() -> None:
    """The neurons of a wide layer look alike: all open or all closed."""
    top = arrange(topological_order(perceptron([3, 9, 9, 1])), 40)
    for layer in (g for g in top.groups() if g.label.startswith("layer")):
        inside = {g.closed for g in layer.groups()}
        assert len(inside) == 1 or layer.closed
    assert any(not group.closed for group in top.groups())


def test_an_array_takes_in_the_steps_that_lead_to_it_alone() -> None:
    x, w = ac.name_array([Value(1.0), Value(2.0)], "x"), Value(3.0, "w")
    shared = w * 2.0
    z = ac.name_array([x[0] * 4.0 + shared, x[1] * 5.0 + shared, x[1] + w * 6.0], "z")
    total = ac.sum(z)
    order = topological_order((total + shared).named("S"))
    top = arrange(order, budget=6)
    boxes = {group.label: set(nodes_of(group)) for group in top.groups()}
    assert boxes["x"] == set(x)
    private = {o for node in z for o in node.operands if isinstance(o, Value)} - {shared, *x}
    assert len(private) == 3  # 4·x[0], 5·x[1], 6·w
    assert boxes["z"] == {*z, *private}
    assert set(top.members) & set(order) == {w, shared, total, order[-1]}


def test_the_rest_of_a_long_list_is_one_box_that_says_how_many() -> None:
    x = Value(0.5, "x")
    node = x
    for _ in range(499):
        node = node * 1.01
    top = arrange(topological_order(node), 30)
    (rest,) = top.groups()
    assert rest.closed
    assert rest.label == f"{rest.size} more"
    assert len(top.members) <= 30
    assert node in top.members  # a graph is understood from its end
    kept = arrange(topological_order(node), 30, kept=[x]).members
    assert node in kept


@pytest.mark.parametrize("budget", [1, 2, 3, 60, None])
def test_scopes_inside_scopes_inside_scopes(budget: int | None) -> None:
    """Frames stop at a depth where there is room for the next; no node is lost."""
    node = Value(1.0, "x")

    def nested(depth: int) -> Value:
        with ac.scope(f"s{depth}"):
            return nested(depth - 1) + 1.0 if depth else node * 2.0

    root = nested(80)
    order = topological_order(root)
    top = arrange(order, budget)
    assert Counter(nodes_of(top)) == Counter(order)
    scopes = [group for group in every(top) if group.kind == "scope"]
    assert len(scopes) <= 12
    assert len(scopes) == 12 or budget is not None
    assert len(draw(root, budget=budget).svg()) > 0


def test_a_chain_of_100_000_nodes_does_not_recurse() -> None:
    node = Value(1.0, "x")
    for _ in range(99_999):
        node = node + 1.0
    scene = draw(node).scene
    assert len(scene.drawn) + scene.hidden == 100_000
    assert len(scene.items) <= 60
