"""The interplay with NumPy: arrays of numbers, arrays of Values, broadcasting, scalars."""

from __future__ import annotations

import math
import operator
import subprocess
import sys
import warnings

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import TABLE, Value
from autograd_core.op import run

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.mod]


def values(numbers) -> np.ndarray:
    return np.vectorize(Value, otypes=[object])(np.asarray(numbers, float))


def data(array) -> list:
    return np.vectorize(lambda v: v.data, otypes=[float])(array).tolist()


# --- scalars ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [np.float64(2.5), np.float32(2.5), np.int64(3), np.int8(3),
                                    np.longdouble(2.5)], ids=repr)  # fmt: skip
@pytest.mark.parametrize("operate", OPERATORS)
def test_a_numpy_scalar_beside_a_value_gives_one_value(operate, number) -> None:
    v = Value(1.5)
    left, right = operate(number, v), operate(v, number)
    assert type(left) is Value
    assert type(right) is Value
    assert left.data == operate(Value(float(number)), v).data
    assert left.operands == (float(number), v)
    assert right.operands == (v, float(number))
    assert [type(o) for o in left.operands] == [float, Value]


def test_a_numpy_zero_is_a_step_and_pythons_zero_is_none() -> None:
    v = Value(1.5)
    assert (0.0 + v).operands == (0.0, v)
    assert (v + 0).operands == (v, 0.0)


# --- arrays beside Values ---------------------------------------------------------------------


@pytest.mark.parametrize("operate", OPERATORS)
def test_an_array_broadcasts_with_a_value_on_either_side(operate) -> None:
    v, numbers = Value(2.0), np.array([[1.0, 2.0, 3.0], [0.5, 0.25, 4.0]])
    for left, right in ((numbers, v), (v, numbers), (values(numbers), v), (v, values(numbers))):
        got = operate(left, right)
        assert got.shape == (2, 3)
        assert got.dtype == object
        expected = operate(numbers, 2.0) if right is v else operate(2.0, numbers)
        assert np.allclose(data(got), expected, rtol=1e-15, atol=0.0)


@pytest.mark.parametrize("operate", OPERATORS)
def test_two_arrays_broadcast_whichever_holds_the_values(operate) -> None:
    column, row = np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 0.5])
    for left, right in (
        (values(column), row),
        (column, values(row)),
        (values(column), values(row)),
    ):
        got = operate(left, right)
        assert got.shape == (2, 3)
        assert np.allclose(data(got), operate(column, row), rtol=1e-15, atol=0.0)


def test_a_value_of_an_array_gets_its_gradient_from_every_element() -> None:
    v = Value(2.0)
    ac.sum(np.arange(4.0) * v).backward()
    assert v.grad == 6.0


def test_numpys_functions_call_the_rows_of_that_name() -> None:
    x = values([0.5, 2.0])
    for name in ("tanh", "exp", "log", "sqrt", "expm1", "log2", "log10"):
        got = getattr(np, name)(x)
        assert [v.op.name for v in got] == [name, name]
        assert data(got) == [TABLE[name](0.5), TABLE[name](2.0)]
    assert np.exp(Value(1.0)).data == math.e
    assert np.abs(x)[0].op is TABLE["abs"]
    assert (-x)[0].op is TABLE["neg"]


def test_numpys_floor_and_rounding_say_how_to_do_it() -> None:
    """NumPy asks objects for `math.floor`, which would lose the gradient."""
    with pytest.raises(TypeError, match=r"autograd_core\.floor\(v\)"):
        np.floor(values([0.5]))
    with pytest.raises(TypeError, match=r"round\(v\.data\)"):
        round(values([0.5])[0])


def test_sums_and_products_of_arrays_of_values_are_nodes() -> None:
    x = values([1.0, 2.0, 3.0])
    assert x.sum().data == 6.0
    assert x.mean().data == 2.0
    assert np.prod(x).data == 6.0
    assert np.dot(x, np.array([1.0, 0.0, 2.0])).data == 7.0
    assert (x @ x).data == 14.0
    assert x.cumsum()[2].data == 6.0


def test_a_matrix_product_has_the_right_gradients() -> None:
    w, x = values([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), values([7.0, 8.0])
    ac.sum(w @ x).backward()
    assert [[v.grad for v in row] for row in w] == [[7.0, 8.0]] * 3
    assert [v.grad for v in x] == [9.0, 12.0]


# --- rows on arrays ---------------------------------------------------------------------------


def test_a_row_broadcasts_arrays_values_and_numbers_together() -> None:
    v = Value(3.0)
    got = ac.where(np.array([[1.0], [0.0]]), v, np.array([10.0, 20.0]))
    assert got.shape == (2, 2)
    assert data(got) == [[3.0, 3.0], [10.0, 20.0]]
    assert ac.add(np.array([1.0, 2.0]), 1).tolist() == [2.0, 3.0]


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.bool_, np.float32, np.float16])
def test_an_array_of_any_number_type_gives_float64(dtype) -> None:
    got = ac.exp(np.array([0, 1], dtype=dtype))
    assert got.dtype == np.float64
    assert got.tolist() == [1.0, math.e]
    assert ac.div(np.array([1, 1], dtype=dtype), 2).tolist() == [0.5, 0.5]


def test_an_array_of_other_objects_is_refused() -> None:
    with pytest.raises(TypeError, match="exp takes numbers, Values or arrays"):
        ac.exp(np.array(["1", "2"]))
    with pytest.raises(TypeError, match="exp takes numbers, Values or arrays"):
        ac.exp(np.array([None, 1.0]))


def test_an_array_of_values_and_numbers_mixes() -> None:
    mixed = np.array([Value(1.0), 2.0, 3], dtype=object)
    got = ac.mul(mixed, 2.0)
    assert type(got[0]) is Value
    assert got[1:].tolist() == [4.0, 6.0]


def test_empty_and_zero_dimensional_arrays_work() -> None:
    assert ac.exp(np.array([])).shape == (0,)
    assert ac.elu(np.zeros((0, 3))).shape == (0, 3)
    assert float(ac.exp(np.array(0.0))) == 1.0
    assert ac.exp(np.array(Value(0.0))).data == 1.0


def test_no_row_warns_on_an_array_where_floats_are_silent() -> None:
    extremes = np.array([math.inf, -math.inf, math.nan, 0.0, -1.0, 1e308, 1000.0])
    loud = []
    for name, op in TABLE.items():
        count = 3 if op.variadic else len(op.operand_names)
        for array in (extremes, values(extremes)):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                run(op, (array,) * count)
            loud += [f"{name} on {array.dtype}: {w.message}" for w in caught]
    assert loud == []


def test_the_operands_of_a_row_are_not_changed() -> None:
    x = np.array([1.0, 2.0])
    ac.identity(x)[0] = 5.0
    ac.add(x, 1.0)
    assert x.tolist() == [1.0, 2.0]


def test_arrays_hold_no_detached_numbers() -> None:
    with pytest.raises((TypeError, ValueError)):
        np.array([Value(1.0), Value(2.0)], dtype=float)
    with pytest.raises((TypeError, ValueError)):
        values([1.0, 2.0]).astype(float)
    assert np.array([Value(1.0)]).dtype == object


def test_an_array_of_one_number_is_no_real_number() -> None:
    with pytest.raises(TypeError, match="one real number, not ndarray"):
        Value(np.array([1.0]))


def test_values_work_without_numpy_being_imported() -> None:
    program = (
        "import sys; from autograd_core import Value, sum as total; x = Value(2.0);"
        "y = total([x.tanh(), x ** 2, 3 / x]); y.backward(); assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


@pytest.mark.parametrize(
    "compute",
    [
        lambda v: np.array([v]) / 0.0,
        lambda v: np.array([v]) ** (v - 2.0),
        lambda v: np.array([v * 1e308]) * v * 1e10,
        lambda v: np.sqrt(np.array([v - v])),
        lambda v: np.log(np.array([v - 3.0])),
    ],
)
def test_numpy_warns_of_no_infinity_inside_an_array_of_values(compute) -> None:
    [result] = compute(ac.Value(-2.0))
    numbers = (result.data, *result.partials)
    assert not all(map(math.isfinite, numbers))  # and no warning, which would be an error
