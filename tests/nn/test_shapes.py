"""`Identity` and `Flatten` against PyTorch; they make no node."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import Flatten, Identity
from tests.support.against_torch import as_values, torch
from tests.support.modules import agree_module


@pytest.mark.oracle
@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([2, 3, 4, 1]), min_size=1, max_size=4), st.data())
def test_flatten_is_pytorchs(shape: list[int], data: st.DataObject) -> None:
    axes = len(shape)
    start = data.draw(st.integers(-axes, axes - 1))
    end = data.draw(st.integers(start % axes, axes - 1)) - data.draw(st.sampled_from([0, axes]))
    x = np.arange(np.prod(shape), dtype=float).reshape(shape)
    agree_module(Flatten(start, end), torch().nn.Flatten(start, end), x)


@pytest.mark.oracle
def test_flatten_as_it_is_mostly_used() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    agree_module(Flatten(), torch().nn.Flatten(), x)
    assert Flatten()(x).shape == (2, 12)
    assert Flatten(0)(x).tolist() == x.ravel().tolist()
    assert Flatten(0)(3.0).shape == (1,)


def test_the_entries_are_the_very_nodes() -> None:
    x = as_values([[1.0, 2.0], [3.0, 4.0]])
    assert list(Flatten(0)(x)) == list(x.flat)
    assert Identity()(x) is x


def test_axes_that_are_not_there() -> None:
    with pytest.raises(ValueError, match=r"^Flatten\(.*\): expected the axes 1 and -1; got 2"):
        Flatten()([1.0, 2.0])
    with pytest.raises(ValueError, match="where axis 2 comes before axis 0; got 2×2×2; exchange"):
        Flatten(2, 0)(np.zeros((2, 2, 2)))
