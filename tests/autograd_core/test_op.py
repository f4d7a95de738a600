"""How a row is called: operands, options, carriers; and a user's own row beside the built-in."""

from __future__ import annotations

import builtins
import functools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import TABLE, Op, Value, Variadic, check_gradients, trace
from autograd_core.op import run

# A row as a user writes it: not in the table, and with a name that NumPy has for something else.
cube = Op("square", lambda x: x * x * x, lambda x, y: (3.0 * x * x,), definition="x**3")
weighted = Op(
    "add", lambda a, b, w=2.0: a + w * b, lambda a, b, w, y: (1.0, w, b), definition="a + w * b"
)


# --- calling ----------------------------------------------------------------------------------


def test_floats_give_a_float() -> None:
    for op in TABLE.values():
        count = 3 if op.variadic else len(op.operand_names)
        assert type(run(op, (0.5,) * count)) is float, op.name


REAL_NUMBERS = [
    2, True, Fraction(1, 2), np.float64(0.5), np.float32(0.5), np.int64(2), np.bool_(True),
    np.longdouble(0.5),
]  # fmt: skip


@pytest.mark.parametrize("number", REAL_NUMBERS, ids=repr)
def test_every_real_number_counts_as_a_float(number) -> None:
    got = ac.exp(number)
    assert type(got) is float
    assert got == math.exp(number)
    assert ac.exp(Value(number)).data == math.exp(number)
    assert ac.add(Value(1.0), number).operands[1] == float(number)
    assert ac.where(number, Value(1.0), 2.0).data == 1.0
    assert type(ac.add(Value(1.0), number).operands[1]) is float


@pytest.mark.parametrize("operand", [Decimal("0.5"), "0.5", 0.5j, None, object()],
                         ids=lambda operand: type(operand).__name__)  # fmt: skip
def test_what_is_no_real_number_is_refused(operand) -> None:
    with pytest.raises(TypeError, match="exp takes numbers, Values or arrays"):
        ac.exp(operand)
    with pytest.raises(TypeError):
        ac.add(Value(1.0), operand)


def test_a_list_is_refused_with_the_repair() -> None:
    with pytest.raises(TypeError, match=r"make it an array with numpy\.array"):
        ac.exp([1.0, 2.0])


def test_any_value_gives_a_value() -> None:
    x = Value(0.5)
    assert type(ac.mul(2.0, x)) is Value
    assert ac.mul(2.0, x).operands == (2.0, x)
    assert ac.where(1, x, 3.0).operands == (1.0, x, 3.0)


def test_a_wrong_number_of_operands_is_told_with_the_signature() -> None:
    with pytest.raises(TypeError, match=r"add\(a, b\) got 1 operands"):
        ac.add(1.0)
    with pytest.raises(TypeError, match=r"elu\(x, alpha=1\) got 3 operands"):
        ac.elu(1.0, 2.0, 3.0)
    with pytest.raises(TypeError, match=r"elu\(x, alpha=1\) got 0 operands"):
        ac.elu()


def test_an_unknown_or_doubled_option_is_told_with_the_signature() -> None:
    with pytest.raises(TypeError, match=r"elu\(x, alpha=1\) has no free option 'slope'"):
        ac.elu(1.0, slope=2.0)
    with pytest.raises(TypeError, match=r"elu\(x, alpha=1\) has no free option 'alpha'"):
        ac.elu(1.0, 2.0, alpha=3.0)


def test_options_can_be_given_by_name_and_every_operand_too() -> None:
    assert ac.elu(-1.0, alpha=2.0) == ac.elu(-1.0, 2.0) == 2.0 * math.expm1(-1.0)
    assert ac.div(b=2.0, a=1.0) == 0.5
    assert ac.step(x=0.0, at_zero=1.0) == 1.0


def test_a_row_shows_its_name() -> None:
    assert repr(TABLE["tanh"]) == "<Op tanh>"


# --- any number of operands -------------------------------------------------------------------


@pytest.mark.parametrize("make", [
    lambda xs: ac.max(*xs), lambda xs: ac.max(xs), lambda xs: ac.max(tuple(xs)),
    lambda xs: ac.max(x for x in xs), lambda xs: ac.max(np.array(xs)),
])  # fmt: skip
def test_operands_can_be_arguments_or_the_items_of_one_argument(make) -> None:
    xs = [Value(1.0), Value(4.0), Value(2.0)]
    y = make(xs)
    assert y.data == 4.0
    assert y.operands == tuple(xs)
    assert make([1.0, 4.0, 2.0]) == 4.0


def test_one_value_or_number_is_an_operand() -> None:
    x = Value(3.0)
    assert ac.max(x).operands == (x,)
    assert ac.sum(2.0) == 2.0
    assert ac.sum([x]).operands == (x,)


@pytest.mark.parametrize("name", ["sum", "max", "min"])
def test_no_operands_are_refused(name: str) -> None:
    for arguments in ((), ([],), (np.array([]),)):
        with pytest.raises(ValueError, match=f"{name} needs at least one operand"):
            TABLE[name](*arguments)


def test_several_arrays_work_elementwise() -> None:
    got = ac.max(np.array([1.0, 5.0]), np.array([3.0, 2.0]), 2.5)
    assert got.tolist() == [3.0, 5.0]


def test_a_matrix_needs_an_axis() -> None:
    with pytest.raises(TypeError, match="sum of a 2×3 array needs axis=0"):
        ac.sum(np.ones((2, 3)))


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2])
@pytest.mark.parametrize("kind", ["floats", "Values"])
@pytest.mark.parametrize("name", ["sum", "max", "min"])
def test_an_axis_is_taken_as_numpy_takes_it(name: str, kind: str, axis: int) -> None:
    numbers = np.random.default_rng(0).integers(-9, 9, (2, 3, 4)).astype(float)
    array = numbers if kind == "floats" else np.vectorize(Value, otypes=[object])(numbers)
    got = TABLE[name](array, axis=axis)
    expected = getattr(np, name)(numbers, axis=axis)
    assert got.shape == expected.shape
    found = got if kind == "floats" else np.vectorize(lambda v: v.data)(got)
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("name", ["sum", "max", "min"])
def test_a_row_takes_a_thousand_operands_on_every_carrier(name: str) -> None:
    """NumPy's own functions take at most 64 arrays."""
    numbers = np.arange(1000.0)
    expected = getattr(builtins, name)(numbers.tolist())
    values = [Value(x) for x in numbers]
    assert TABLE[name](values).data == expected
    assert TABLE[name](numbers.reshape(1000, 1), axis=0).tolist() == [expected]
    column = np.array(values).reshape(1000, 1)
    [node] = TABLE[name](column, axis=0)
    assert node.data == expected
    assert len(node.operands) == 1000


# --- dot --------------------------------------------------------------------------------------


def test_dot_is_one_node_of_weights_inputs_and_bias() -> None:
    w, x, b = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)], Value(0.5)
    y = ac.dot(w, x, b)
    assert y.data == 11.5
    assert y.operands == (*w, *x, b)
    y.backward()
    assert [v.grad for v in (*w, *x, b)] == [3.0, 4.0, 1.0, 2.0, 1.0]


def test_dot_has_no_bias_by_default_and_takes_constants() -> None:
    x = [Value(3.0), Value(4.0)]
    assert ac.dot([1.0, 2.0], x).operands == (1.0, 2.0, *x, 0.0)
    assert ac.dot([1.0, 2.0], [3.0, 4.0]) == 11.0
    assert type(ac.dot(np.array([1.0, 2.0]), np.array([3.0, 4.0]), 1)) is float
    assert ac.dot(np.array([1.0, 2.0]), np.array(x)).operands == (1.0, 2.0, *x, 0.0)
    assert ac.dot((v for v in x), iter([1, 2])).data == 11.0


def test_dot_of_two_empty_vectors_is_the_bias() -> None:
    assert ac.dot([], [], 2.5) == 2.5


def test_dot_of_a_vector_with_itself_counts_both_roles() -> None:
    x = [Value(3.0), Value(4.0)]
    ac.dot(x, x).backward()
    assert [v.grad for v in x] == [6.0, 8.0]


def test_dot_needs_two_vectors_of_one_length() -> None:
    with pytest.raises(ValueError, match="one length; got 2 and 3"):
        ac.dot([1.0, 2.0], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "vectors", [(np.ones((2, 2)), np.ones(2)), (np.ones(2), np.ones((2, 2))),
                (np.ones((2, 2)), [1.0, 2.0]), ([1.0, 2.0], np.ones((2, 2)))],
)  # fmt: skip
def test_dot_of_a_matrix_is_refused(vectors) -> None:
    with pytest.raises(TypeError, match="dot takes two vectors"):
        ac.dot(*vectors)


# --- names that the package exports -----------------------------------------------------------


def test_a_star_import_shadows_no_builtin() -> None:
    assert [name for name in ac.__all__ if hasattr(builtins, name)] == []


def test_every_row_is_reached_from_the_package_by_its_name() -> None:
    for name, op in TABLE.items():
        assert getattr(ac, name) is op


def test_everything_exported_exists() -> None:
    assert [name for name in ac.__all__ if not hasattr(ac, name)] == []
    assert len(set(ac.__all__)) == len(ac.__all__)


def test_rows_of_one_or_two_operands_are_methods_so_that_numpy_finds_them() -> None:
    for name, op in TABLE.items():
        assert hasattr(Value, name) == (len(op.operand_names) in (1, 2)), name
    x = Value(-0.5)
    assert x.tanh().operands == (x,)
    assert x.elu(alpha=2.0).operands == (x, 2.0)
    assert x.pow(2).operands == (x, 2.0)
    assert x.step(1).operands == (x, 1.0)


# --- a user's own row -------------------------------------------------------------------------


def test_a_users_row_works_on_every_carrier() -> None:
    assert cube(2.0) == 8.0
    x = Value(2.0, "x")
    y = cube(x)
    y.backward()
    assert (y.data, x.grad) == (8.0, 12.0)
    assert [v.data for v in cube(np.array([x, Value(3.0)]))] == [8.0, 27.0]
    assert trace(y)[-1].total == 12.0
    assert check_gradients(cube, 2.0).ok


def test_a_users_row_is_not_mistaken_for_numpys_function_of_that_name() -> None:
    assert cube(np.array([2.0, 3.0])).tolist() == [8.0, 27.0]
    assert weighted(np.array([1.0]), np.array([3.0])).tolist() == [7.0]


def test_a_users_row_is_not_mistaken_for_the_built_in_row_of_that_name_in_a_trace() -> None:
    """`add` is printed tidied; a user's `add` is another operation and keeps its own number."""
    a, b = Value(1.0, "a"), Value(3.0, "b")
    inner = Op("probe", lambda a, b: a * weighted(a, b),
               lambda a, b, y: (weighted(a, b) + a, 2.0 * a))  # fmt: skip
    steps = list(trace(inner(a, b)))
    assert steps[-2].local == steps[-2].local_formula.value == 8.0


def test_a_users_row_can_have_any_number_of_operands() -> None:
    norm1 = Variadic("norm1", lambda *xs: sum(map(abs, xs)),
                     lambda *xs: tuple(ac.sign(x) for x in xs[:-1]))  # fmt: skip
    xs = [Value(-2.0), Value(3.0)]
    y = norm1(xs)
    y.backward()
    assert (y.data, xs[0].grad, xs[1].grad) == (5.0, -1.0, 1.0)
    assert norm1(np.array([-1.0, 1.0]), np.array([2.0, 2.0])).tolist() == [3.0, 3.0]


def test_a_rule_can_be_any_callable() -> None:
    def power_slope(n: float, x: float, y: float) -> tuple[float]:
        return (n * x ** (n - 1.0),)

    partials = functools.partial(power_slope, 3.0)
    op = Op("cubed", lambda x: x**3, partials)
    x = Value(2.0)
    op(x).backward()
    assert x.grad == 12.0


def test_options_of_a_users_row_take_their_defaults() -> None:
    x = Value(3.0)
    assert weighted(1.0, x).operands == (1.0, x, 2.0)
    assert weighted(1.0, 3.0, w=5.0) == 16.0
