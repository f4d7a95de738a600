"""Saving and copying: numbers, structure, sharing, names, subclasses, a user's own rows."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Op, Value, check_leaves, name_array, scope, topological_order, trace

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Weight(Value):
    """A subclass of a library: it can be found by its name and has attributes of its own."""


# A user's row as it stands in a module, under its own name and one that is in the table too.
cubed = Op("cubed", lambda x: x * x * x, lambda x, y: (3.0 * x * x,))
tanh = Op("tanh", lambda x: 2.0 * x, lambda x, y: (2.0,))


def saved(graph, protocol: int = pickle.DEFAULT_PROTOCOL):
    return pickle.loads(pickle.dumps(graph, protocol))


WAYS = [saved, copy.deepcopy]


def example() -> tuple[Value, Value, Value]:
    x, w = Value(2.0, "x"), Value(0.5, "w")
    with scope("hidden"):
        inner = (w * x + 1.0).named("inner")
    y = inner.tanh() * inner - ac.max([x, w, 0.25])
    y.backward()
    return y, x, w


def shape(root: Value) -> list:
    """Everything a graph holds, with its sharing: nodes as places in the order."""
    order = topological_order(root)
    place = {node: i for i, node in enumerate(order)}
    return [
        (
            type(n), n.data, n.grad, n.name, n.scope, n.op, n.partials,
            [o if isinstance(o, float) else ("node", place[o]) for o in n.operands],
        )
        for n in order
    ]  # fmt: skip


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_saved_graph_is_the_same_graph(protocol: int) -> None:
    y, x, _ = example()
    again = saved(y, protocol)
    assert again is not y
    assert shape(again) == shape(y)
    before = x.grad
    again.backward()
    assert x.grad == before


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_is_independent(way) -> None:
    y, x, _ = example()
    again = way(y)
    leaf = next(n for n in topological_order(again) if n.name == "x")
    leaf.data = 100.0
    leaf.grad = 7.0
    leaf_of_original = next(n for n in topological_order(y) if n.name == "x")
    assert leaf_of_original is x
    assert x.data == 2.0
    trace(y)


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_can_be_computed_with_and_explained(way) -> None:
    y, _, _ = example()
    again = way(y)
    assert [row.verdict for row in check_leaves(again, topological_order(again)[:1])] == ["ok"]
    assert len(trace(again)) == len(trace(y))
    z = again * 2.0
    z.backward()
    assert again.grad == 2.0


@pytest.mark.parametrize("way", WAYS)
def test_a_leaf_is_copied_with_name_gradient_and_place(way) -> None:
    [v] = name_array([Value(3.0)], "b")
    v.grad = 4.0
    again = way(v)
    assert (again.data, again.grad, again.name, again.is_leaf) == (3.0, 4.0, "b[0]", True)
    assert again.label.place == ("b", (0,))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("container", [list, tuple, lambda xs: dict(enumerate(xs)), np.array])
def test_results_copied_together_share_their_leaves(way, container) -> None:
    x = Value(2.0, "x")
    first, second = x * 3.0, x * x
    again = way(container([first, second, x]))
    one, two, leaf = (again[i] for i in range(3))
    assert one.operands[0] is leaf
    assert two.operands == (leaf, leaf)
    (one + two).backward()
    assert leaf.grad == 7.0


@pytest.mark.parametrize("way", WAYS)
def test_a_list_in_any_order_shares_too(way) -> None:
    x = Value(2.0)
    inner = x.exp()
    outer = inner * inner + x
    for graph in ([x, inner, outer], [outer, inner, x], [inner, outer, x], [outer, outer]):
        again = way(graph)
        place = {id(v): i for i, v in reversed(list(enumerate(graph)))}
        for original, copied in zip(graph, again, strict=True):
            assert copied is again[place[id(original)]]
            assert shape(copied) == shape(original)
        nodes = set(topological_order(*again))
        assert len(nodes) == len(topological_order(*graph))


@pytest.mark.parametrize("way", WAYS)
def test_a_changed_leaf_stays_stale(way) -> None:
    w = Value(2.0, "w")
    y = w * 3.0
    w.data = 5.0
    again = way(y)
    with pytest.raises(ac.StaleGraph, match=r"^w changed"):
        trace(again)


@pytest.mark.parametrize("way", WAYS)
def test_a_subclass_keeps_its_type_and_its_attributes(way) -> None:
    w = Weight(2.0, "w")
    w.unit = "m"
    again = way(w * 3.0)
    [leaf] = [n for n in topological_order(again) if n.is_leaf]
    assert type(leaf) is Weight
    assert leaf.data == 2.0
    assert leaf.unit == "m"


@pytest.mark.parametrize("way", WAYS)
def test_a_users_row_is_found_again(way) -> None:
    y = cubed(Value(2.0))
    again = way(y)
    assert again.op is cubed
    assert again.partials == (12.0,)


@pytest.mark.parametrize("way", WAYS)
def test_a_users_row_is_not_taken_for_the_built_in_row_of_that_name(way) -> None:
    again = way(tanh(Value(2.0)))
    assert again.op is tanh


def test_the_rows_of_the_table_are_copied_by_name() -> None:
    for op in ac.TABLE.values():
        assert saved(op) is op
        assert copy.deepcopy(op) is op
        assert copy.copy(op) is op


def test_a_shallow_copy_is_refused_with_the_repair() -> None:
    with pytest.raises(TypeError, match=r"v\.detach\(\) makes a new leaf.*copy\.deepcopy"):
        copy.copy(Value(1.0))


def test_what_cannot_be_saved_does_not_spoil_the_next_time() -> None:
    def stray(x: float, y: float) -> tuple[float]:
        return (1.0,)

    x = Value(2.0)
    for _ in range(3):
        x = x * 1.5
    bad = Op("stray", lambda x: x, stray)(x)
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        pickle.dumps([bad])
    assert shape(saved(x)) == shape(x)


def test_the_same_graph_saves_to_the_same_bytes() -> None:
    y, _, _ = example()
    assert pickle.dumps(y) == pickle.dumps(y)


def test_a_copy_of_a_whole_model_keeps_what_it_shares() -> None:
    w = np.array([Value(1.0, "a"), Value(2.0, "b")])
    model = {"w": w, "loss": (w @ np.array([3.0, 4.0])) ** 2}
    again = copy.deepcopy(model)
    again["loss"].backward()
    assert [v.grad for v in again["w"]] == [66.0, 88.0]
    assert [v.grad for v in w] == [0.0, 0.0]
