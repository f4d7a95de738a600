"""`Value`: construction, arithmetic in every mixture of operands, representation, subclasses."""

from __future__ import annotations

import gc
import math
import operator
import weakref
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import TABLE, Value, zero_grad


class Weight(Value):
    """A subclass as a library would make it, with attributes of its own."""

    def __init__(self, data: float, name: str | None = None, unit: str = "") -> None:
        super().__init__(data, name)
        self.unit = unit


BINARY = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "pow": operator.pow, "mod": operator.mod,
}  # fmt: skip
PAIRS = [(3.0, 2.0), (0.5, 4.0), (7.25, 1.5), (1e-8, 1e8)]


# --- construction -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [2, 2.0, True, Fraction(5, 2), np.float64(2.0), np.float32(0.1), np.int16(7)]
)
def test_a_value_keeps_any_real_number_as_a_float(number) -> None:
    v = Value(number)
    assert type(v.data) is float
    assert v.data == float(number)


@pytest.mark.parametrize(
    "other", ["2.0", Decimal(2), 2j, None, [2.0], (2.0,), np.array([2.0]), np.array(2.0)], ids=repr
)
def test_what_is_no_real_number_is_refused(other) -> None:
    with pytest.raises(TypeError, match="a Value holds one real number"):
        Value(other)
    v = Value(1.0)
    with pytest.raises(TypeError, match="a Value holds one real number"):
        v.data = other


def test_a_new_value_is_a_leaf_without_operands() -> None:
    v = Value(2.0)
    assert v.is_leaf
    assert (v.op, v.operands, v.partials, v.grad, v.name) == (None, (), (), 0.0, None)


@pytest.mark.parametrize("name", ["", 3, None, b"w"])
def test_a_name_is_a_string_with_a_character(name) -> None:
    with pytest.raises(TypeError, match="a name is a string"):
        Value(1.0).named(name)


def test_the_data_of_a_leaf_can_be_set_to_any_real_number() -> None:
    v = Value(2.0)
    v.data = Fraction(1, 4)
    assert (v.data, type(v.data)) == (0.25, float)


def test_a_value_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Value(1.0).gard = 0.0


# --- arithmetic -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_an_operator_is_its_row_with_the_operands_in_order(name: str, a: float, b: float) -> None:
    operate, op = BINARY[name], TABLE[name]
    expected = op.forward(a, b)
    partials = op.partials(a, b, expected)
    for left, right in ((Value(a), Value(b)), (Value(a), b), (a, Value(b))):
        y = operate(left, right)
        assert type(y) is Value
        assert y.op is op
        assert y.data == expected
        assert y.partials == partials
        for kept, given in zip(y.operands, (left, right), strict=True):
            assert kept is given or (type(kept) is float and kept == given)


@pytest.mark.parametrize("name", BINARY)
def test_an_operator_takes_an_int_or_a_fraction_on_either_side(name: str) -> None:
    v, operate = Value(1.5), BINARY[name]
    for number in (2, Fraction(5, 2), True):
        assert operate(v, number).operands == (v, float(number))
        assert operate(number, v).operands == (float(number), v)
        assert type(operate(v, number).operands[1]) is float


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("other", ["2", None, [1.0], 2j, Decimal(2), object()],
                         ids=lambda other: type(other).__name__)  # fmt: skip
def test_an_operator_refuses_what_is_no_real_number(name: str, other) -> None:
    if isinstance(other, str) and name == "mod":
        return  # `"2" % v` is string formatting
    for left, right in ((Value(1.0), other), (other, Value(1.0))):
        with pytest.raises(TypeError):
            BINARY[name](left, right)


def test_the_other_operand_may_know_what_to_do() -> None:
    class Unit:
        def __rmul__(self, other: object) -> str:
            return "mine"

    assert Value(2.0) * Unit() == "mine"


def test_signs_and_abs() -> None:
    x = Value(-2.0)
    assert ((-x).data, (-x).op) == (2.0, TABLE["neg"])
    assert +x is x
    assert (abs(x).data, abs(x).op, abs(x).partials) == (2.0, TABLE["abs"], (-1.0,))


def test_integer_division_and_divmod_are_refused() -> None:
    with pytest.raises(TypeError):
        Value(3.0) // 2
    with pytest.raises(TypeError):
        divmod(Value(3.0), 2)
    with pytest.raises(TypeError):
        Value(3.0) @ Value(2.0)


def test_in_place_operators_make_new_nodes() -> None:
    x = y = Value(2.0)
    y += 1.0
    y *= x
    assert x.data == 2.0
    assert y.data == 6.0
    assert x.is_leaf


def test_pythons_sum_starts_without_a_step() -> None:
    xs = [Value(float(i)) for i in range(4)]
    total = sum(xs)
    assert total.data == 6.0
    assert len(ac.topological_order(total)) == 4 + 3


def test_a_value_used_twice_counts_twice() -> None:
    x = Value(3.0)
    (x * x + x).backward()
    assert x.grad == 7.0


def test_detach_gives_a_leaf_of_the_same_number() -> None:
    x = Value(3.0, "x")
    y = (x * x).detach()
    assert y.is_leaf
    assert y.data == 9.0
    (y * x).backward()
    assert x.grad == 9.0


# --- representation ---------------------------------------------------------------------------


def test_values_can_be_formatted_rounded_in_text_and_put_in_sets() -> None:
    v = Value(1234.5678)
    assert f"{v:,.1f}" == "1,234.6"
    assert f"{v:e}" == "1.234568e+03"
    assert len({v, v, Value(1234.5678)}) == 2
    assert {v: "x"}[v] == "x"


def test_repr_shows_special_numbers() -> None:
    assert repr(Value(math.inf)) == "Value(inf, grad=0.0)"
    assert repr(Value(-0.0, "z")) == "Value(-0.0, 'z', grad=0.0)"


def test_every_method_names_its_row_in_its_help() -> None:
    assert "`elu(x, alpha)` of the table" in Value.elu.__doc__
    assert Value.tanh.__name__ == "tanh"


# --- subclasses -------------------------------------------------------------------------------


def test_an_instance_of_a_subclass_is_an_operand_like_any_other() -> None:
    w = Weight(2.0, "w", unit="m")
    for y in (w * 3.0, 3.0 * w, w * Value(3.0), Value(3.0) * w, ac.mul(w, 3), w * np.float64(3.0)):
        assert type(y) is Value
        assert y.data == 6.0
        y.backward()
    assert w.grad == 18.0
    assert w.unit == "m"
    assert repr(w).startswith("Value(2.0, 'w'")


def test_results_of_a_subclass_are_plain_values() -> None:
    w = Weight(2.0)
    for y in (-w, abs(w), w.tanh(), w**2, ac.sum([w, w]), w + 0.0):
        assert type(y) is Value


def test_a_subclass_instance_works_in_arrays_and_lists() -> None:
    ws = np.array([Weight(1.0), Weight(2.0)])
    (ws @ np.array([3.0, 4.0])).backward()
    assert [w.grad for w in ws] == [3.0, 4.0]
    zero_grad(ws)
    assert [w.grad for w in ws] == [0.0, 0.0]


# --- memory -----------------------------------------------------------------------------------


def test_a_graph_is_freed_without_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        leaf = Weight(2.0)
        alive = weakref.ref(leaf)
        y = (leaf * leaf).tanh() + ac.dot([leaf], [leaf], 1.0)
        y.backward()
        del leaf
        assert alive() is not None
        del y
        assert alive() is None
    finally:
        gc.enable()


def test_a_failed_operation_leaves_no_node_behind() -> None:
    leaf = Weight(2.0)
    alive = weakref.ref(leaf)
    with pytest.raises(TypeError):
        leaf * "2"
    del leaf
    gc.collect()
    assert alive() is None
