"""Compositions of rows on arrays: matmul, softmax, concat and their kind, against PyTorch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core.functions import as_array
from tests.support.against_torch import agree, as_values, grads, numbers, torch

SIZES = st.sampled_from([2, 3, 4, 1])
SEEDS = st.integers(0, 2**32 - 1)
drawn = settings(derandomize=True, max_examples=25, deadline=None)


def normal(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


# --- products ---------------------------------------------------------------------------------


@pytest.mark.oracle
@drawn
@given(SIZES, SIZES, SIZES, SEEDS)
def test_matmul_of_matrices_and_vectors(m: int, n: int, p: int, seed: int) -> None:
    t = torch()
    a, b = normal(seed, m, n), normal(seed + 1, n, p)
    for left in (a, a[0]):
        for right in (b, b[:, 0]):
            agree(ac.matmul, t.matmul, left, right)


@pytest.mark.oracle
@drawn
@given(SIZES, SIZES, SEEDS)
def test_matmul_with_one_plain_side(m: int, n: int, seed: int) -> None:
    t = torch()
    a, b = normal(seed, m, n), normal(seed + 1, n, 3)
    agree(lambda x: ac.matmul(x, b), lambda x: t.matmul(x, t.tensor(b)), a)
    agree(lambda x: ac.matmul(a.tolist(), x), lambda x: t.matmul(t.tensor(a), x), b)


def test_matmul_makes_one_dot_node_per_entry() -> None:
    product = ac.matmul(as_values(normal(1, 3, 4)), as_values(normal(2, 4, 2)))
    assert product.shape == (3, 2)
    assert {v.op.name for v in product.flat} == {"dot"}
    assert all(o.is_leaf for v in product.flat for o in v.operands if not isinstance(o, float))


def test_matmul_of_two_vectors_is_a_single_value() -> None:
    assert isinstance(ac.matmul(as_values([1.0, 2.0]), [3.0, 4.0]), ac.Value)


@pytest.mark.parametrize(
    ("left", "right", "shapes"),
    [
        ((2, 3), (4, 2), ("2×3", "4×2")),
        ((2, 3), (2,), ("2×3", "2")),
        ((3,), (2, 2), ("3", "2×2")),
        ((2,), (3,), ("2", "3")),
        ((2, 2, 2), (2, 2), ("2×2×2", "2×2")),
        ((2, 2), (2, 2, 2), ("2×2", "2×2×2")),
        ((), (2,), ("a single number", "2")),
    ],
)
@pytest.mark.parametrize("carrier", [np.ones, lambda s: as_values(np.ones(s))])
def test_matmul_of_wrong_shapes(carrier: Any, left: Any, right: Any, shapes: Any) -> None:
    with pytest.raises(ValueError, match="matmul needs shapes") as error:
        ac.matmul(carrier(left), carrier(right))
    assert f"got {shapes[0]} and {shapes[1]}" in str(error.value)


@pytest.mark.oracle
@drawn
@given(SIZES, SIZES, SEEDS)
def test_outer(m: int, n: int, seed: int) -> None:
    agree(ac.outer, torch().outer, normal(seed, m), normal(seed + 1, n))


@pytest.mark.parametrize(("a", "b"), [([[1.0]], [1.0]), ([1.0], [[1.0]]), (1.0, [1.0])])
def test_outer_of_what_is_no_vector(a: Any, b: Any) -> None:
    with pytest.raises(ValueError, match=r"outer takes two vectors; got .+ and .+"):
        ac.outer(a, b)


# --- softmax ----------------------------------------------------------------------------------

SHAPES_WITH_AXIS = st.lists(SIZES, min_size=1, max_size=3).flatmap(
    lambda shape: st.tuples(st.just(tuple(shape)), st.integers(-len(shape), len(shape) - 1))
)


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@drawn
@given(SHAPES_WITH_AXIS, SEEDS, st.sampled_from([0.5, 3.0, 1e4]))
def test_softmax_along_every_axis(name: str, shaped: Any, seed: int, scale: float) -> None:
    (shape, axis), t = shaped, torch()
    agree(
        lambda x: getattr(ac, name)(x, axis),
        lambda x: getattr(t, name)(x, axis),
        scale * normal(seed, *shape),
    )


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize(
    "logits",
    [
        [0.0, 0.0, 0.0],
        [1.0, 1.0, -1.0],
        [1e4, -1e4, 0.0],
        [1e4, 1e4, -1e4],
        [-1e4, -1e4],
        [7.0],
        [[1e4, 0.0], [0.0, -1e4]],
        [[2.0]],
    ],
)
def test_softmax_at_ties_and_large_logits(name: str, logits: Any) -> None:
    t = torch()
    agree(getattr(ac, name), lambda x: getattr(t, name)(x, -1), logits)


@pytest.mark.oracle
def test_softmax_gives_no_weight_to_a_masked_logit() -> None:
    t = torch()
    agree(ac.softmax, lambda x: t.softmax(x, -1), [1.0, -math.inf, 2.0])


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("base", [0.0, 1e4, -1e8, 2.0**50])
def test_softmax_is_of_the_differences_of_the_logits(name: str, base: float) -> None:
    """Exact ones here: what all logits have in common takes no digits away."""
    t = torch()
    agree(getattr(ac, name), lambda x: getattr(t, name)(x, -1), [base + 1.0, base, base - 3.0])


def test_softmax_of_a_single_number() -> None:
    for f in (ac.softmax, ac.log_softmax):
        with pytest.raises(ValueError, match="at least one axis; got a single number"):
            f(ac.Value(1.0))


def test_softmax_of_an_axis_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="axis"):
        ac.softmax([[1.0, 2.0], [3.0, 4.0]], axis=2)
    with pytest.raises(ValueError, match="axis"):
        ac.softmax([1.0, 2.0], axis=1)


# --- moving entries about ---------------------------------------------------------------------


@pytest.mark.oracle
@drawn
@given(SHAPES_WITH_AXIS, SIZES, SEEDS)
def test_concat_along_every_axis(shaped: Any, other: int, seed: int) -> None:
    (shape, axis), t = shaped, torch()
    second = list(shape)
    second[axis] = other
    agree(
        lambda *xs: ac.concat(*xs, axis=axis),
        lambda *xs: t.cat(xs, axis),
        normal(seed, *shape),
        normal(seed + 1, *second),
        normal(seed + 2, *shape),
    )


def test_concat_of_different_shapes() -> None:
    with pytest.raises(ValueError, match=r"concat along axis 0 .* got 2×3, 2×4"):
        ac.concat(np.ones((2, 3)), as_values(np.ones((2, 4))))
    with pytest.raises(ValueError, match=r"concat along axis 2 .* got 2×3, 2×3"):
        ac.concat(np.ones((2, 3)), np.ones((2, 3)), axis=2)
    with pytest.raises(ValueError, match="a single number"):
        ac.concat(1.0, 2.0)


@pytest.mark.oracle
@drawn
@given(st.lists(SIZES, min_size=1, max_size=4), SEEDS, st.data())
def test_transpose_and_flatten(shape: list[int], seed: int, data: Any) -> None:
    t, x = torch(), normal(seed, *shape)
    axes = data.draw(st.permutations(range(len(shape))))
    start = data.draw(st.integers(0, len(shape) - 1))
    agree(ac.transpose, lambda x: x.permute(*reversed(range(x.ndim))), x)
    agree(lambda x: ac.transpose(x, axes), lambda x: x.permute(*axes), x)
    agree(ac.flatten, t.flatten, x)
    agree(lambda x: ac.flatten(x, start), lambda x: t.flatten(x, start), x)


def test_transpose_with_wrong_axes() -> None:
    with pytest.raises(ValueError, match="axes"):
        ac.transpose(np.ones((2, 3)), (0, 1, 2))


def test_moving_entries_makes_no_nodes() -> None:
    x = as_values(normal(3, 2, 3))
    moved = ac.flatten(ac.transpose(ac.concat(x, x, axis=1)))
    assert set(moved.tolist()) == set(x.ravel().tolist())


@pytest.mark.parametrize(
    "f", [ac.softmax, ac.flatten, ac.transpose, ac.concat, lambda x: ac.matmul(x, [1.0])]
)
def test_ragged_rows_are_refused(f: Any) -> None:
    with pytest.raises(ValueError, match="one length"):
        f([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match="one length"):
        f([[ac.Value(1.0), ac.Value(2.0)], [ac.Value(3.0)]])


# --- dropout ----------------------------------------------------------------------------------


def test_dropout_scales_what_stays_so_that_the_mean_stays() -> None:
    ones = np.ones((200, 100))
    kept = ac.dropout(ones, p=0.3, seed=5)
    assert set(np.unique(kept)) == {0.0, 1.0 / 0.7}
    assert np.mean(kept == 0.0) == pytest.approx(0.3, abs=0.02)
    assert np.mean(kept) == pytest.approx(1.0, abs=0.02)


def test_dropout_gradients_are_the_mask() -> None:
    x = as_values(normal(7, 4, 5))
    out = ac.dropout(x, p=0.5, seed=3)
    assert out.shape == (4, 5)
    ac.sum(out.ravel()).backward()
    mask = np.asarray(ac.dropout(np.ones((4, 5)), p=0.5, seed=3))
    assert 0 < np.count_nonzero(mask) < 20
    np.testing.assert_array_equal(grads(x), mask)
    np.testing.assert_array_equal(numbers(out), mask * numbers(x))


def test_dropout_repeats_with_a_seed_and_varies_without() -> None:
    ones = np.ones(200)
    np.testing.assert_array_equal(ac.dropout(ones, seed=1), ac.dropout(ones, seed=1))
    assert (ac.dropout(ones, seed=1) != ac.dropout(ones, seed=2)).any()
    assert (ac.dropout(ones) != ac.dropout(ones)).any()


@pytest.mark.oracle
@pytest.mark.parametrize("p", [0.0, 1.0])
def test_dropout_of_nothing_and_of_all(p: float) -> None:
    t = torch()
    x = normal(11, 3, 2)
    agree(lambda x: ac.dropout(x, p), lambda x: t.nn.functional.dropout(x, p), x)
    agree(
        lambda x: ac.dropout(x, 0.7, training=False),
        lambda x: t.nn.functional.dropout(x, 0.7, training=False),
        x,
    )


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_dropout_of_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match="a probability lies between 0 and 1; got"):
        ac.dropout([1.0], p)


@pytest.mark.parametrize("items", ["text", ["a", "b"], [1.0, 2.0j], np.array([], "U1")])
def test_what_is_no_number_is_refused(items: object) -> None:
    with pytest.raises(TypeError, match=r"^an array holds real numbers or Values, not "):
        as_array(items)
