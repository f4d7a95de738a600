"""Many dot products at once, against one after the other and against NumPy."""

from __future__ import annotations

import itertools
import random
from math import isclose
from typing import Any

import numpy as np
import pytest

from autograd_core import DomainError, Value, detect_anomaly, dot, no_grad, scope


def draw(rows: int, columns: int, kind: str, seed: int) -> list[list[Any]]:
    rnd = random.Random(seed)
    numbers = [[rnd.uniform(-2.0, 2.0) for _ in range(columns)] for _ in range(rows)]
    if kind == "numbers":
        return numbers
    chance = 1.0 if kind == "Values" else 0.5
    return [[Value(x) if rnd.random() < chance else x for x in row] for row in numbers]


def number(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def numbers(rows: list[list[Any]]) -> Any:
    return np.array([[number(x) for x in row] for row in rows])


KINDS = ["numbers", "Values", "mixed"]


@pytest.mark.parametrize(("w", "x", "b"), [*itertools.product(KINDS, repeat=3)])
def test_products_and_their_gradients(w: str, x: str, b: str) -> None:
    """d/dW of Σᵢⱼ cᵢⱼ·(W·xᵢ + b)ⱼ is Cᵀ·X, by NumPy."""
    weights, inputs, [biases] = draw(3, 5, w, 1), draw(4, 5, x, 2), draw(1, 3, b, 3)
    entries = dot.products(weights, inputs, biases)
    expected = numbers(inputs) @ numbers(weights).T + numbers([biases])
    np.testing.assert_allclose([number(y) for y in entries], expected.ravel(), rtol=1e-14)
    if (w, x, b) == ("numbers",) * 3:
        assert {type(y) for y in entries} == {float}
        return
    c = np.arange(1.0, 13.0).reshape(4, 3)
    dot(list(c.ravel()), entries).backward()
    slopes = c.T @ numbers(inputs), c @ numbers(weights), c.sum(0)[None]
    for rows, gradient in zip((weights, inputs, [biases]), slopes, strict=True):
        for row, line in zip(rows, gradient, strict=True):
            for entry, slope in zip(row, line, strict=True):
                assert entry is number(entry) or isclose(entry.grad, slope, rel_tol=1e-13)


@pytest.mark.parametrize("form", [list, tuple, np.array])
@pytest.mark.parametrize("outer", [list, tuple])
def test_any_sequences_are_taken(form: Any, outer: Any) -> None:
    weights, inputs, [biases] = draw(2, 3, "Values", 1), draw(3, 3, "numbers", 2), [[1, Value(2.0)]]
    entries = dot.products(outer(map(form, weights)), outer(map(form, inputs)), outer(biases))
    one_by_one = [dot(w, x, b) for x in inputs for w, b in zip(weights, biases, strict=True)]
    for entry, single in zip(entries, one_by_one, strict=True):
        assert (entry.data, entry.op, entry.partials) == (single.data, dot, single.partials)
        assert list(entry.operands) == list(single.operands)


def test_switches_hold_inside() -> None:
    weights, inputs, biases = [[Value(2.0)], [Value(3.0)]], [[1.0], [4.0]], [0.0, 1.0]
    with no_grad():
        assert all(y.is_leaf for y in dot.products(weights, inputs, biases))
    with scope("layer"):
        assert {y.scope for y in dot.products(weights, inputs, biases)} == {("layer",)}
    with detect_anomaly(), pytest.raises(DomainError, match="inf"):
        dot.products(weights, [[float("inf")]], biases)


def test_a_replaced_rule_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot, "forward", lambda *operands: 7.0)
    assert [y.data for y in dot.products([[Value(1.0)]], [[1.0], [2.0]], [0.0])] == [7.0, 7.0]


def test_nothing_gives_nothing() -> None:
    assert dot.products([], [[1.0]], []) == dot.products([[1.0]], [], [0.0]) == []
    assert dot.products([[]], [[], []], [3.0]) == [3.0, 3.0]


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match="one length; got 2 and 1"):
        dot.products([[1.0, 2.0]], [[1.0, 2.0], [1.0]], [0.0])
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        dot.products([[1.0], [2.0]], [[1.0]], [0.0])
    with pytest.raises(TypeError):
        dot.products([["one"]], [[1.0]], [0.0])
    with pytest.raises(TypeError):
        dot.products([[1.0]], [[1.0]])  # type: ignore[call-arg]
