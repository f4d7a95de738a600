"""`Embedding` against PyTorch; indices that repeat add up their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import Embedding
from tests.support.against_torch import close, cotangent, grads, numbers, torch, weighted_sum


@pytest.mark.oracle
@settings(derandomize=True, max_examples=20, deadline=None)
@given(
    st.sampled_from([2, 3, 5, 1]),
    st.sampled_from([2, 3, 1]),
    st.lists(st.sampled_from([2, 3, 1]), max_size=2),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_embedding_is_pytorchs(
    words: int, width: int, shape: list[int], padded: bool, seed: int
) -> None:
    t = torch()
    rng = np.random.default_rng(seed)
    padding = int(rng.integers(-words, words)) if padded else None
    indices = rng.integers(0, words, size=shape)
    theirs = t.nn.Embedding(words, width, padding).double()
    ours = Embedding(words, width, padding)
    assert ours.padding_idx == theirs.padding_idx
    ours.load_state_dict(theirs.state_dict())
    expected = theirs(t.tensor(indices))
    (expected * t.tensor(cotangent(tuple(expected.shape)))).sum().backward()
    result = ours(indices.tolist())
    close(numbers(result), expected.detach().numpy())
    weighted_sum(result).backward()
    close(grads(ours.weight), theirs.weight.grad.numpy())


@pytest.mark.system("S004-31")
def test_the_vectors_are_the_parameter_itself() -> None:
    layer = Embedding(4, 2)
    assert list(layer([3, 3])[1]) == list(layer.weight[3])
    assert layer(2).shape == (2,)


def test_the_padding_stays_as_it_is() -> None:
    layer = Embedding(3, 2, padding_idx=1)
    assert numbers(layer.weight[1]).tolist() == [0.0, 0.0]
    layer.weight[1, 0].data = 5.0
    vectors = layer([1, 0])
    assert vectors[0, 0].data == 5.0  # it may be set, but no gradient reaches it
    weighted_sum(vectors).backward()
    assert grads(layer.weight[1]).tolist() == [0.0, 0.0]
    assert np.all(grads(layer.weight[0]) != 0.0)


def test_the_first_weights_are_standard_normal() -> None:
    weights = numbers(Embedding(100, 100, seed=0).weight)
    assert abs(weights.mean()) < 4.0 / 100.0  # four deviations of the mean
    assert abs(weights.var() - 1.0) < 4.0 * 2.0**0.5 / 100.0
    first, second = (numbers(Embedding(2, 3, seed=5).weight) for _ in range(2))
    assert np.array_equal(first, second)
    assert Embedding(2, 1).weight[1, 0].name == "E[1, 0]"


@pytest.mark.parametrize("index", [-1, 3])
def test_words_that_are_not_there(index: int) -> None:
    message = rf"Embedding\(3, 2\): expected words from 0 to 2; got {index} among indices 2"
    with pytest.raises(IndexError, match=message):
        Embedding(3, 2)([0, index])


@pytest.mark.parametrize("indices", [1.0, [0.0], ["a"], [True]])
def test_indices_are_whole_numbers(indices: Any) -> None:
    with pytest.raises(TypeError, match=r"Embedding\(3, 2\): expected whole numbers"):
        Embedding(3, 2)(indices)


def test_a_padding_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="padding_idx is one of the 3 words"):
        Embedding(3, 2, 3)
    with pytest.raises(ValueError, match="padding_idx is at least -3"):
        Embedding(3, 2, -4)
