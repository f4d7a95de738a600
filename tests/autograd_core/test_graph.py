"""Walking a graph: orders, folds and counts, on shapes chosen to break them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from autograd_core import Value, fold, topological_order
from autograd_core.graph import consumer_counts


class Plain:
    """A node that is no Value: a walk asks for `operands` alone."""

    def __init__(self, *operands: Plain | float) -> None:
        self.operands: Sequence[Plain | float] = operands


def random_graph(seed: int, size: int) -> list[Plain]:
    rnd = random.Random(seed)
    nodes = [Plain() for _ in range(3)]
    for _ in range(size):
        operands = [rnd.choice(nodes) for _ in range(rnd.randint(1, 4))]
        nodes.append(Plain(*operands, *([1.5] if rnd.random() < 0.3 else [])))
    return nodes


def reachable(root: Plain) -> set[Plain]:
    found, waiting = {root}, [root]
    while waiting:
        for operand in waiting.pop().operands:
            if isinstance(operand, Plain) and operand not in found:
                found.add(operand)
                waiting.append(operand)
    return found


@pytest.mark.system("S002-06")
@pytest.mark.parametrize("seed", range(20))
def test_an_order_holds_every_node_once_and_operands_first(seed: int) -> None:
    nodes = random_graph(seed, 60)
    order = topological_order(nodes[-1])
    assert set(order) == reachable(nodes[-1])
    assert len(set(order)) == len(order)
    place = {node: i for i, node in enumerate(order)}
    for node in order:
        assert all(place[o] < place[node] for o in node.operands if isinstance(o, Plain))
    assert order[-1] is nodes[-1]


def test_the_order_is_that_in_which_a_person_computes() -> None:
    """Depth first, left operand first."""
    a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0, "c")
    left = (a * b).named("left")
    right = (b * c).named("right")
    root = (left + right).named("root")
    names = [node.name for node in topological_order(root)]
    assert names == ["a", "b", "left", "c", "right", "root"]


def test_several_roots_are_taken_in_turn() -> None:
    a, b = Value(1.0), Value(2.0)
    first, second = a * 2.0, a * b
    assert topological_order(first, second) == [a, first, b, second]
    assert topological_order(second, first) == [a, b, second, first]
    assert topological_order(first, a, first) == [a, first]
    assert topological_order(a, first) == [a, first]
    assert topological_order() == []


def test_a_leaf_is_its_own_order() -> None:
    a = Value(1.0)
    assert topological_order(a) == [a]


def test_a_diamond_of_diamonds_is_walked_once() -> None:
    """2**200 paths, 201 nodes."""
    x = Value(1.0)
    y = x
    for _ in range(200):
        y = y + y
    assert len(topological_order(y)) == 201


@pytest.mark.parametrize("seed", range(5))
def test_a_fold_hands_each_node_the_results_of_its_operands_in_order(seed: int) -> None:
    nodes = random_graph(seed, 40)
    order = topological_order(nodes[-1])

    def visit(node: Plain, below: list) -> tuple:
        assert len(below) == len(node.operands)
        for operand, result in zip(node.operands, below, strict=True):
            assert result == operand if isinstance(operand, float) else result[0] is operand
        return node, len(below)

    results = fold(order, visit)
    assert list(results) == order


def test_a_fold_computes_a_graph_again() -> None:
    x = Value(3.0)
    y = (x * x - 2.0).tanh() + x
    values = fold(
        topological_order(y),
        lambda node, below: node.op.forward(*below) if node.op else node.data,
    )
    assert values[y] == y.data


def test_consumers_are_counted_per_use() -> None:
    x = Value(3.0)
    square = x * x
    y = square + x
    assert consumer_counts(y) == {x: 3, square: 1, y: 0}
