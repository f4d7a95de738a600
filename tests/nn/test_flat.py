"""Flat arrays of numbers and gradients: what goes in comes out, in order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from nn.flat import data_of, grad_of, set_data, set_grad, values_in


def test_values_in_lists_arrays_and_generators() -> None:
    a, b, c, d, e = (Value(float(i)) for i in range(5))
    grid = np.array([[b, c], [d, e]], dtype=object)
    assert values_in([a, [grid[0]], (v for v in grid[1])]) == [a, b, c, d, e]
    assert values_in(np.array(a, dtype=object)) == [a]
    assert values_in(a) == [a]
    assert values_in([]) == []


@pytest.mark.parametrize("wrong", [1.0, [1.0], "w", {"w": Value(1.0)}, None, np.array([1.0])])
def test_what_is_no_value(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"parameters are Values.*give module\.parameters"):
        values_in(wrong)


def test_numbers_and_gradients_in_and_out() -> None:
    values = [Value(x) for x in (0.1, -2.0, 3e300)]
    assert data_of(values).tolist() == [0.1, -2.0, 3e300]
    assert data_of(values).dtype == float
    set_grad(values, np.array([1.0, np.nan, -np.inf]))
    np.testing.assert_array_equal(grad_of(values), [1.0, np.nan, -np.inf])
    set_data(values, np.array([4.0, 5.0, 6.0]))
    assert [type(v.data) for v in values] == [float] * 3
    assert [v.data for v in values] == [4.0, 5.0, 6.0]
    assert [type(v.grad) for v in values] == [float] * 3


@pytest.mark.parametrize("put", [set_data, set_grad])
def test_as_many_numbers_as_values(put: Any) -> None:
    with pytest.raises(ValueError, match="zip"):
        put([Value(1.0)], np.array([1.0, 2.0]))
