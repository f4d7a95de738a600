"""Arrays of named leaves, from numbers or drawn."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from nn.arguments import generator
from nn.parameters import parameter, uniform_parameter


@pytest.mark.parametrize("numbers", [2.0, [1.0, 2.0], np.arange(6).reshape(2, 3)])
def test_leaves_of_these_numbers(numbers: Any) -> None:
    leaves = parameter(numbers, "W")
    assert leaves.shape == np.shape(numbers)
    assert leaves.dtype == object
    for index in np.ndindex(leaves.shape):
        leaf = leaves[index]
        assert leaf.is_leaf
        assert leaf.data == np.asarray(numbers)[index]
        assert leaf.name == (f"W[{', '.join(map(str, index))}]" if index else "W")
    assert len({id(leaf) for leaf in leaves.flat}) == leaves.size
    assert {leaf.name for leaf in parameter(numbers).flat} == {None}


def test_drawn_leaves() -> None:
    leaves = uniform_parameter((2, 3), 0.25, generator(4), "W")
    rng = random.Random(4)
    assert [leaf.data for leaf in leaves.flat] == [rng.uniform(-0.25, 0.25) for _ in range(6)]
    assert [leaf.name for leaf in leaves[1]] == ["W[1, 0]", "W[1, 1]", "W[1, 2]"]


def test_what_is_no_array_of_numbers() -> None:
    with pytest.raises(ValueError, match="have one length"):
        parameter([[1.0], [1.0, 2.0]])
    with pytest.raises(TypeError, match="would lose the gradient"):
        parameter([Value(1.0)])
