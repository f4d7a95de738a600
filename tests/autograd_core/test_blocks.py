"""Arrays taken as one: which nodes make up a whole array, and the products of arrays."""

from __future__ import annotations

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value, name_array
from autograd_core.blocks import (
    along,
    blocks_of,
    elementwise,
    matmul,
    outer,
    total,
    transpose,
)
from autograd_core.table import TABLE
from autograd_core.worksheet import Worksheet

A = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


def leaves(*shape: int) -> np.ndarray:
    array = np.empty(shape, dtype=object)
    for i, index in enumerate(np.ndindex(shape)):
        array[index] = Value(float(i))
    return array


@pytest.mark.parametrize("shape", [(1,), (3,), (2, 2), (2, 3), (1, 1), (2, 1), (2, 2, 2)])
@pytest.mark.parametrize("base", [0, 1])
def test_a_whole_array_in_any_order(shape: tuple[int, ...], base: int) -> None:
    array = name_array(leaves(*shape), "w", base)
    [block] = blocks_of(reversed([*array.flat]))
    assert block.name == "w"
    assert block.shape == shape
    assert (block.nodes == array).all()
    np.testing.assert_array_equal(block.data, np.arange(array.size).reshape(shape))


def test_what_lacks_an_element_is_none() -> None:
    array = name_array(leaves(2, 2), "w")
    for missing in range(4):
        nodes = [node for i, node in enumerate(array.flat) if i != missing]
        assert blocks_of(nodes) == []
    vector = name_array(leaves(4), "v")
    assert blocks_of([vector[2], vector[3]]) == []
    assert blocks_of([vector[0], vector[2]]) == []


def test_one_late_entry_is_not_an_array() -> None:
    """y[2] = 5 alone must not be printed as y = [5]."""
    array = name_array(leaves(3), "y")
    assert blocks_of([array[2]]) == []
    assert blocks_of([Value(1.0, "a"), Value(2.0)]) == []


def test_two_arrays_of_one_name_are_told_apart() -> None:
    first, second = name_array(leaves(2), "x"), name_array(leaves(2), "x")
    found = blocks_of([*first, *second])
    assert [[*block.nodes] for block in found] == [[*first], [*second]]


def test_scopes_tell_arrays_apart() -> None:
    with ac.scope("first"):
        a = [2.0 * Value(1.0), 2.0 * Value(2.0)]
    with ac.scope("second"):
        b = [2.0 * Value(3.0), 2.0 * Value(4.0)]
    name_array(a, "z")
    name_array(b, "z")
    assert [block.data.tolist() for block in blocks_of([*a, *b])] == [[2.0, 4.0], [6.0, 8.0]]


def test_a_worksheets_arrays() -> None:
    sheet = Worksheet.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z)")
    assert [(b.name, b.shape) for b in blocks_of(sheet.assigned)] == [
        ("W", (2, 2)), ("x", (2,)), ("z", (2,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "axis", "expected"),
    [
        ("sum", 0, A.sum(0)), ("sum", 1, A.sum(1)), ("mean", 0, A.mean(0)), ("max", 1, A.max(1)),
        ("min", 0, A.min(0)), ("prod", 1, A.prod(1)), ("logsumexp", 1, np.log(np.exp(A).sum(1))),
    ],
)  # fmt: skip
def test_reductions_of_rows_and_columns(name: str, axis: int, expected: np.ndarray) -> None:
    op = along(TABLE[name], axis)
    np.testing.assert_allclose(op(A), expected, rtol=1e-14)
    assert op.symbol == ("row_" if axis else "column_") + name + "s" * (name == "sum")
    assert op is along(TABLE[name], axis)


def test_products_of_arrays() -> None:
    np.testing.assert_array_equal(matmul(A, A.T), A @ A.T)
    np.testing.assert_array_equal(elementwise(A, A), A * A)
    np.testing.assert_array_equal(outer(A[0], A[1]), np.outer(A[0], A[1]))
    np.testing.assert_array_equal(transpose(A), A.T)
    assert total(A) == A.sum()
    for op in (matmul, elementwise, outer):
        with pytest.raises(TypeError, match="formulas of arrays"):
            op.partials(A, A, A)
    with pytest.raises(TypeError, match="formulas of arrays"):
        total.partials(A, A)
