"""A million operations in one chain: building, both sweeps, reading, saving, freeing.

Everything with the garbage collector off: no reference cycle may be needed to free a graph, and
no recursion to walk it. The numbers at the far end are checked against a plain loop.
"""

from __future__ import annotations

import copy
import gc
import math
import pickle
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value, fold, topological_order, trace
from autograd_core.backward import adjoints
from autograd_core.graph import consumer_counts
from autograd_core.stale import require_fresh

DEPTH = 1_000_000
FACTOR, TERM = 1.0 - 2.0**-18, 2.0**-9


class Leaf(Value):
    """A leaf whose end can be seen."""


@pytest.fixture(autouse=True, scope="module")
def collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def chain(x: Value, depth: int) -> Value:
    """x·FACTOR + TERM, over and over: one operation more per step."""
    y = x
    for _ in range(depth // 2):
        y = y * FACTOR + TERM
    return y


def expected(depth: int) -> tuple[float, float]:
    """The chain's value and slope by a plain loop in the same order of operations."""
    value, slope = 1.0, 1.0
    for _ in range(depth // 2):
        value = value * FACTOR + TERM
        slope = 1.0 * slope * FACTOR
    return value, slope


@pytest.fixture(scope="module")
def deep() -> tuple[Value, Value]:
    x = Value(1.0, "x")
    return x, chain(x, DEPTH)


def test_a_million_operations_are_built_swept_and_freed() -> None:
    leaf = Leaf(1.0, "x")
    alive = weakref.ref(leaf)
    y = chain(leaf, DEPTH)
    order = topological_order(y)
    assert len(order) == DEPTH + 1
    assert (order[0], order[-1]) == (leaf, y)
    del order
    y.backward()
    assert (y.data, leaf.grad) == expected(DEPTH)
    y.backward()
    assert leaf.grad == 2.0 * expected(DEPTH)[1]
    del leaf
    assert alive() is not None
    del y
    assert alive() is None


def test_adjoints_a_fold_and_counts_reach_the_far_end(deep: tuple[Value, Value]) -> None:
    x, y = deep
    order = topological_order(y)
    found = adjoints(y)
    assert len(found) == DEPTH + 1
    assert found[x] == expected(DEPTH)[1]
    values = fold(order, lambda n, below: n.op.forward(*below) if n.op else n.data)
    assert values[y] == y.data == expected(DEPTH)[0]
    assert sum(consumer_counts(y).values()) == DEPTH
    require_fresh(order)


@pytest.mark.parametrize("depth", ["operation", "named"])
def test_both_sweeps_of_a_trace_reach_the_far_end(depth: str) -> None:
    operations = DEPTH // 5  # a trace costs ten times what it traces
    x = Value(1.0, "x")
    y = chain(x, operations)
    steps = trace(y, depth=depth)
    forward = sum(1 for node in steps.landmarks if not node.is_leaf)
    assert len(steps) == forward + (1 + forward)  # every landmark but the output has one consumer
    if depth == "operation":
        assert forward == operations
    else:
        assert operations // 60 < forward < operations // 2
    value, slope = expected(operations)
    last_forward, last = steps[forward - 1], steps[-1]
    assert (last_forward.node, last_forward.value) == (y, value)
    assert last_forward.id == f"f{forward}"
    assert (last.node, last.id, last.rule) == (x, f"b{forward + 1}", "chain")
    assert last.total == slope
    assert last.contribution == pytest.approx(slope, rel=1e-12)
    assert last.upstream * last.local == last.contribution
    assert (steps[0].node, steps[forward].rule) == (steps.landmarks[1], "seed")


def test_a_million_operations_are_saved_and_read_back(deep: tuple[Value, Value]) -> None:
    _, y = deep
    again = pickle.loads(pickle.dumps(y, pickle.HIGHEST_PROTOCOL))
    assert again.data == y.data
    order = topological_order(again)
    assert len(order) == DEPTH + 1
    assert adjoints(again)[order[0]] == expected(DEPTH)[1]
    assert order[0].name == "x"


def test_a_deep_copy_goes_as_deep_as_the_graph() -> None:
    depth = DEPTH // 10
    y = chain(Value(1.0, "x"), depth)
    again = copy.deepcopy(y)
    order = topological_order(again)
    assert len(order) == depth + 1
    assert order[0] is not topological_order(y)[0]
    assert (again.data, adjoints(again)[order[0]]) == expected(depth)


def test_a_deep_list_of_results_is_freed_from_any_end() -> None:
    """Each node is held by the list too; they die in the order in which the list drops them."""
    leaf = Leaf(1.0)
    alive = weakref.ref(leaf)
    nodes = [leaf]
    for _ in range(DEPTH // 10):
        nodes.append(nodes[-1] * FACTOR)
    nodes.reverse()
    del leaf, nodes
    assert alive() is None


def test_a_tree_as_deep_as_wide_is_swept_and_freed() -> None:
    """A binary sum of 2**17 leaves, and a comb whose every tooth is a leaf."""
    leaves = [Leaf(1.0) for _ in range(2**17)]
    alive = [weakref.ref(leaf) for leaf in leaves]
    level: list[Value] = list(leaves)
    while len(level) > 1:
        level = [a + b for a, b in zip(level[::2], level[1::2], strict=True)]
    comb: Value = leaves[0]
    for leaf in leaves:
        comb = leaf * comb
    y = level.pop() + comb
    y.backward()
    assert y.data == 2.0**17 + 1.0
    assert leaves[0].grad == 3.0
    assert all(leaf.grad == 2.0 for leaf in leaves[1:])
    del leaves, leaf, level, comb, y
    assert not any(ref() is not None for ref in alive)


def test_a_node_with_a_hundred_thousand_operands_works() -> None:
    xs = [Value(1.0) for _ in range(100_000)]
    y = ac.sum(xs) + ac.dot(xs, np.ones(len(xs)))
    y.backward()
    assert y.data == 200_000.0
    assert all(x.grad == 2.0 for x in xs)
    top = ac.max(xs)
    top.backward()
    assert math.isclose(xs[0].grad, 2.0 + 1e-5)


def test_a_leaf_with_a_hundred_thousand_consumers_works() -> None:
    w = Value(0.5)
    y = sum(w * float(i % 7) for i in range(100_000))
    y.backward()
    assert w.grad == sum(i % 7 for i in range(100_000))
    again = pickle.loads(pickle.dumps(y))
    assert adjoints(again)[topological_order(again)[0]] == w.grad
