"""The settled conventions of the design, one test each, named after what is settled."""

from __future__ import annotations

import copy
import math
import re
from fractions import Fraction

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import TABLE, StaleGraph, Value, name_array, name_values, scope, trace, zero_grad
from tests.support.laws import ties_share_equally

inf, nan = math.inf, math.nan


def gradients(f, *numbers: float) -> tuple[float, ...]:
    leaves = [Value(x) for x in numbers]
    f(*leaves).backward()
    return tuple(leaf.grad for leaf in leaves)


# --- subgradients -----------------------------------------------------------------------------


@pytest.mark.conflict("X-10")
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_slope_of_relu_at_zero_is_zero(zero: float) -> None:
    assert gradients(ac.relu, zero) == (0.0,)
    assert ac.relu(zero) == 0.0


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_slope_of_abs_at_zero_is_zero(zero: float) -> None:
    assert gradients(abs, zero) == (0.0,)
    assert gradients(ac.abs, zero) == (0.0,)


@pytest.mark.parametrize("x", [-inf, -2.0, -0.0, 0.0, 3.0, inf])
def test_the_slopes_of_step_sign_and_floor_are_zero(x: float) -> None:
    assert gradients(ac.step, x) == (0.0,)
    assert gradients(ac.sign, x) == (0.0,)
    assert gradients(ac.floor, x) == (0.0,)


@pytest.mark.system("S000-05")
@pytest.mark.conflict("X-10")
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_slope_of_elu_at_zero_is_one(zero: float) -> None:
    assert gradients(ac.elu, zero) == (1.0,)


def test_the_slope_of_elu_at_zero_is_one_for_every_alpha() -> None:
    """The slope from the right, as the inclusive branch x ≥ 0 gives it."""
    assert gradients(lambda x: ac.elu(x, 2.5), 0.0) == (1.0,)


@pytest.mark.parametrize(
    ("x", "slope"), [(-inf, 0.0), (-3.0, 0.0), (3.0, 1.0), (inf, 1.0), (1e-300, 1.0)]
)
def test_relu_has_slope_zero_below_and_one_above(x: float, slope: float) -> None:
    assert gradients(ac.relu, x) == (slope,)


def test_elu_is_flat_at_minus_infinity() -> None:
    assert ac.elu(-inf) == -1.0
    assert gradients(ac.elu, -inf) == (0.0,)


@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_share_the_gradient_equally(name: str) -> None:
    ties_share_equally(TABLE[name])
    assert gradients(TABLE[name], 2.0, 2.0) == (0.5, 0.5)
    assert gradients(TABLE[name], 2.0, 2.0, 2.0) == (1 / 3, 1 / 3, 1 / 3)
    assert gradients(lambda x: TABLE[name](x, x), 2.0) == (1.0,)


@pytest.mark.oracle
def test_subgradients_are_those_of_pytorch() -> None:
    import torch

    def theirs(f, *numbers: float) -> tuple[float, ...]:
        leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
        f(*leaves).backward()
        return tuple(leaf.grad.item() for leaf in leaves)

    functional = torch.nn.functional
    for x in (-inf, -2.0, -1e-300, -0.0, 0.0, 1e-300, 0.5, 3.0, inf):
        assert gradients(ac.relu, x) == theirs(functional.relu, x), x
        assert gradients(ac.abs, x) == theirs(torch.abs, x), x
        assert gradients(ac.sign, x) == theirs(torch.sign, x), x
        assert gradients(ac.floor, x) == theirs(torch.floor, x), x
        assert gradients(ac.elu, x) == pytest.approx(theirs(functional.elu, x), rel=1e-15), x
    for pair in ((1.0, 2.0), (2.0, 2.0), (-1.0, -1.0), (3.0, -inf), (0.0, -0.0), (inf, inf)):
        assert gradients(ac.max, *pair) == theirs(torch.maximum, *pair), pair
        assert gradients(ac.min, *pair) == theirs(torch.minimum, *pair), pair
    tied = (1.0, 4.0, 4.0, 2.0, 4.0)
    assert gradients(ac.max, *tied) == theirs(lambda *xs: torch.stack(xs).amax(), *tied)


@pytest.mark.oracle
@pytest.mark.parametrize("b", [-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("a", [-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0])
def test_pow_is_that_of_pytorch_at_zero_and_negative_bases(a: float, b: float) -> None:
    import torch

    x, n = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (a, b))
    y = x**n
    y.backward()
    assert ac.pow(a, b) == pytest.approx(y.item(), rel=1e-15, nan_ok=True)
    ours = gradients(ac.pow, a, b)
    assert ours[0] == pytest.approx(x.grad.item(), rel=1e-14, nan_ok=True)
    if not math.isinf(y.item()):  # at the pole 0**negative PyTorch's slope in n is −∞ as well
        assert ours[1] == pytest.approx(n.grad.item(), rel=1e-14, nan_ok=True)


# --- powers, quotients, the strong zero -------------------------------------------------------


def test_pow_at_zero_never_divides_by_its_input() -> None:
    assert gradients(lambda x: x**2, 0.0) == (0.0,)
    assert gradients(lambda x: x**1, 0.0) == (1.0,)
    assert gradients(lambda x: x**0, 0.0) == (0.0,)
    assert gradients(lambda x: x**3, -2.0) == (12.0,)
    assert gradients(lambda x: x**-1, -2.0) == (-0.25,)
    assert gradients(lambda x: x**0.5, 0.0) == (inf,)


def test_the_slope_of_zero_to_a_power_in_the_exponent_is_zero() -> None:
    assert gradients(ac.pow, 0.0, 2.0) == (0.0, 0.0)
    assert gradients(ac.pow, 0.0, 0.0) == (0.0, 0.0)
    assert gradients(ac.pow, 0.0, -1.0)[1] == -inf


def test_a_square_is_the_product() -> None:
    """`math.pow(x, 2)` and x·x differ in the last bit for some x; the row takes the product."""
    for n in range(1, 2000):
        x = 1.0 + n / 997.0
        assert (Value(x) ** 2).data == x * x


def test_flow_is_zero_when_its_first_factor_is() -> None:
    for p in (inf, -inf, nan, 3.0):
        assert ac.flow(0.0, p) == 0.0
    assert ac.flow(2.0, 3.0) == 6.0
    assert math.isnan(ac.flow(inf, 0.0))
    assert gradients(ac.flow, 0.0, 5.0) == (5.0, 0.0)


def test_a_zero_adjoint_stops_an_infinite_slope() -> None:
    """0·∞ counts as 0 on the way back: the square root at 0, multiplied by 0."""
    assert gradients(lambda x: 0.0 * ac.sqrt(x), 0.0) == (0.0,)
    assert gradients(lambda x: ac.where(0.0, ac.log(x), 3.0 * x), 0.0) == (3.0,)


def test_mod_has_the_sign_of_the_divisor() -> None:
    for a in (-7.5, -3.0, 0.5, 7.5):
        for b in (-2.0, 2.0, 0.75):
            assert ac.mod(a, b) == a % b
            assert (Value(a) % b).data == a % b
            assert (a % Value(b)).data == a % b


@pytest.mark.parametrize(
    ("a", "b"), [(0.5, 0.1), (0.9, 0.1), (1.0, 0.2), (0.06, 0.02), (-0.5, 0.1), (37.0, 1e-8)]
)
def test_the_slope_of_mod_belongs_to_its_value(a: float, b: float) -> None:
    """The quotient as floats may round up to a whole number that the remainder did not reach."""
    whole = Fraction(a) // Fraction(b)
    assert gradients(ac.mod, a, b) == (1.0, -float(whole))


def test_forward_rules_give_infinity_and_nan_instead_of_raising() -> None:
    assert ac.exp(1000.0) == inf
    assert ac.log(0.0) == -inf
    assert math.isnan(ac.log(-1.0))
    assert math.isnan(ac.sqrt(-1.0))
    assert ac.div(1.0, 0.0) == inf
    assert ac.div(1.0, -0.0) == -inf
    assert math.isnan(ac.div(0.0, 0.0))
    assert ac.pow(0.0, -1.0) == inf
    assert math.isnan(ac.pow(-8.0, 1 / 3))
    assert (Value(1.0) / 0).data == inf
    assert (1 / Value(0.0)).data == inf
    assert (Value(0.0) ** -1).data == inf
    assert math.isnan((Value(5.0) % 0.0).data)


@pytest.mark.parametrize("name", ["step", "sign", "floor", "relu", "abs", "max", "min"])
def test_nan_is_not_mistaken_for_a_side(name: str) -> None:
    assert math.isnan(TABLE[name](nan))


# --- step, logarithm --------------------------------------------------------------------------


@pytest.mark.system("S000-11")
@pytest.mark.conflict("X-01")
def test_step_of_zero_is_zero() -> None:
    assert ac.step(0.0) == 0.0
    assert ac.step(-0.0) == 0.0


@pytest.mark.conflict("X-01")
def test_step_at_zero_can_be_one_as_an_option() -> None:
    assert ac.step(0.0, at_zero=1) == 1.0
    assert ac.step(0.0, 0.5) == 0.5
    assert ac.step(Value(0.0), at_zero=1).data == 1.0
    assert [ac.step(x, at_zero=1) for x in (-1.0, 1.0)] == [0.0, 1.0]


@pytest.mark.parametrize(("x", "expected"), [(-inf, 0.0), (-2.0, 0.0), (1e-300, 1.0), (inf, 1.0)])
def test_step_is_zero_below_and_one_above(x: float, expected: float) -> None:
    assert ac.step(x) == expected
    assert ac.step(np.array([x]))[0] == expected


@pytest.mark.conflict("X-06")
def test_log_is_the_natural_logarithm() -> None:
    assert ac.log(math.e) == 1.0
    assert TABLE["log"].symbol == "ln"


@pytest.mark.system("S001-07")
@pytest.mark.conflict("X-04")
def test_tanh_has_the_difference_above_the_sum() -> None:
    for x in (-2.0, -0.5, 0.5, 1.0, 3.0):
        rising, falling = math.exp(x), math.exp(-x)
        assert ac.tanh(x) == pytest.approx((rising - falling) / (rising + falling), rel=1e-14)
    assert ac.tanh(0.0) == 0.0


def test_log10_and_log2_are_rows_of_their_own() -> None:
    assert ac.log10(1000.0) == pytest.approx(3.0, rel=1e-15)
    assert ac.log2(8.0) == 3.0
    assert gradients(ac.log10, 2.0)[0] == pytest.approx(1 / (2 * math.log(10)), rel=1e-15)
    assert gradients(ac.log2, 2.0)[0] == pytest.approx(1 / (2 * math.log(2)), rel=1e-15)


# --- backward ---------------------------------------------------------------------------------


def test_backward_assigns_inner_gradients_and_accumulates_those_of_leaves() -> None:
    x = Value(3.0)
    y = x * x
    z = 2.0 * y
    z.backward()
    z.backward()
    assert (y.grad, z.grad) == (2.0, 1.0)
    assert x.grad == 2 * 12.0
    zero_grad(x)
    z.backward()
    assert x.grad == 12.0


def test_a_second_backward_of_another_output_adds_to_the_leaves() -> None:
    x = Value(3.0)
    shared = x * x
    (shared + 1.0).backward()
    (shared * 2.0).backward()
    assert x.grad == 6.0 + 12.0
    assert shared.grad == 2.0


# --- changing a leaf --------------------------------------------------------------------------


def test_partials_are_those_of_creation() -> None:
    w, x = Value(2.0), Value(3.0)
    y = w * x
    w.data = 100.0
    y.backward()
    assert (y.data, x.grad) == (6.0, 2.0)


def test_explaining_after_a_leaf_changed_raises_and_names_it() -> None:
    w, x = Value(2.0, "w"), Value(0.0, "x")
    y = w * x
    w.data = 5.0
    with pytest.raises(StaleGraph, match=r"^w changed"):
        trace(y)


def test_the_data_of_an_inner_node_cannot_be_set() -> None:
    y = Value(2.0) * 3.0
    with pytest.raises(AttributeError, match="change a leaf and compute again"):
        y.data = 1.0
    assert y.data == 6.0


# --- constants --------------------------------------------------------------------------------


def test_constants_are_plain_float_operands_and_cost_no_node() -> None:
    x = Value(5.0)
    y = 4 - 2 * x
    assert y.operands[0] == 4.0
    assert type(y.operands[0]) is float
    product = y.operands[1]
    assert product.operands == (2.0, x)
    assert ac.topological_order(y) == [x, product, y]


def test_zero_plus_x_is_no_step() -> None:
    x, y = Value(1.0), Value(2.0)
    assert 0 + x is x
    assert +x is x
    assert sum([x, y]).operands == (x, y)


@pytest.mark.system("S002-06")
@pytest.mark.conflict("X-11")
def test_a_loop_in_time_is_a_chain_of_nodes() -> None:
    """h = w·h, three times: dh/dw = 3·w²·h₀, and each h comes after the one before it."""
    w, h = Value(2.0), Value(5.0)
    states = [h]
    for _ in range(3):
        h *= w
        states.append(h)
    order = ac.topological_order(h)
    places = [order.index(state) for state in states]
    assert places == sorted(set(places))
    assert all(order.index(o) < place for place, n in enumerate(order) for o in n.operands)
    h.backward()
    assert (h.data, w.grad) == (40.0, 60.0)


# --- comparing and converting -----------------------------------------------------------------


def test_equality_and_hash_of_values_are_identity() -> None:
    a, b = Value(2.0), Value(2.0)
    assert a == a
    assert a != b
    assert len({a, b}) == 2
    assert (a == None) is False  # noqa: E711 - the comparison is what is tested


@pytest.mark.parametrize(
    "number", [16, 16.0, True, np.float64(16.0), np.int64(16), Fraction(16)], ids=repr
)
def test_comparing_a_value_with_a_number_for_equality_raises_with_the_repair(number) -> None:
    v = Value(16.0)
    for compare in (
        lambda: v == number,
        lambda: v != number,
        lambda: number == v,
        lambda: v in [number],
        lambda: number in [v],
    ):
        with pytest.raises(TypeError, match=r"v\.data == "):
            compare()


def test_comparing_with_pytest_approx_raises_on_either_side() -> None:
    v = Value(16.0)
    with pytest.raises(TypeError, match=r"v\.data == "):
        pytest.approx(16.0) == v  # noqa: B015
    with pytest.raises(TypeError, match=r"v\.data == "):
        v == pytest.approx(16.0)  # noqa: B015


def test_comparing_an_array_of_values_with_a_number_raises() -> None:
    values = np.array([Value(1.0), Value(2.0)])
    with pytest.raises(TypeError, match=r"v\.data == "):
        values == 2.0  # noqa: B015
    with pytest.raises(TypeError, match=r"v\.data == "):
        Value(2.0) == np.array([1.0, 2.0])  # noqa: B015


def test_less_and_greater_compare_data() -> None:
    a, b = Value(1.0), Value(2.0)
    assert a < b
    assert b > a
    assert a <= 1
    assert a >= 1.0
    assert not a > np.float64(1.0)
    assert np.float64(1.5) > a
    assert 1.5 < b  # noqa: SIM300 - the number on the left is what is tested
    assert max([a, b]) is b
    assert sorted([b, a]) == [a, b]


@pytest.mark.parametrize(
    ("convert", "repair"),
    [
        (bool, r"v\.data"),
        (float, r"v\.data"),
        (int, r"int\(v\.data\)"),
        (round, r"round\(v\.data\)"),
        (math.floor, "floor"),
        (math.ceil, r"math\.ceil\(v\.data\)"),
        (math.trunc, r"math\.trunc\(v\.data\)"),
        (math.tanh, r"v\.data"),
        (math.sqrt, r"v\.data"),
        (complex, r"v\.data"),
        (lambda v: np.array([v, v], float), r"v\.data"),
        (lambda v: np.float64(v), r"v\.data"),
        (lambda v: np.zeros(2).__setitem__(0, v), r"v\.data"),
        (lambda v: 1.0 if v else 0.0, r"v\.data"),
        (copy.copy, r"v\.detach\(\)"),
    ],
)
def test_converting_a_value_raises_with_the_repair(convert, repair: str) -> None:
    with pytest.raises((TypeError, ValueError)) as raised:
        convert(Value(0.5))
    chain = f"{raised.value} {raised.value.__cause__}"
    assert re.search(repair, chain), chain


def test_a_format_specification_formats_the_data() -> None:
    v = Value(2.0 / 3.0, "w")
    assert f"{v:.3f}" == "0.667"
    assert f"{v:>8.2f}" == "    0.67"


def test_repr_shows_value_and_gradient() -> None:
    w = Value(2.0, "w")
    (w * w).backward()
    assert repr(w) == "Value(2.0, 'w', grad=4.0)"
    assert repr(Value(0.5)) == "Value(0.5, grad=0.0)"
    assert f"{w}" == str(w) == repr(w)


# --- containers -------------------------------------------------------------------------------


def test_numpy_slices_and_multiplies_arrays_of_values() -> None:
    w = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    x = np.array([Value(5.0), Value(6.0)])
    b = np.array([Value(0.5), Value(-0.5)])
    y = w @ x + b
    assert [v.data for v in y] == [17.5, 38.5]
    ac.sum(y).backward()
    assert [v.grad for v in x] == [4.0, 6.0]
    assert [v.grad for v in w[0]] == [5.0, 6.0]
    assert w.T[0, 1] is w[1, 0]


def test_numpy_maximum_and_clip_pick_without_a_node() -> None:
    """Documented: they compare and return one of their operands."""
    a, b = Value(1.0), Value(2.0)
    picked = np.maximum(np.array([a, b]), np.array([b, a]))
    assert picked[0] is b
    assert picked[1] is b
    assert np.array([a, b]).max() is b
    assert np.clip(np.array([a, b]), 0.0, 1.5)[0] is a


@pytest.mark.system("S001-13", "S004-24")
@pytest.mark.conflict("X-03")
def test_a_filter_makes_one_map_and_adds_over_the_channels() -> None:
    """1×1 filters on two channels of one row: 10·a + b, b, and −a."""
    image = [[[1.0, 2.0]], [[3.0, 4.0]]]
    maps = ac.conv2d(image, [[[[10.0]], [[1.0]]], [[[0.0]], [[1.0]]], [[[-1.0]], [[0.0]]]])
    assert maps.tolist() == [[[13.0, 24.0]], [[3.0, 4.0]], [[-1.0, -2.0]]]


# --- what a node carries ----------------------------------------------------------------------


def test_the_first_name_wins() -> None:
    v = Value(2.0, "w1")
    assert v.named("other") is v
    assert v.name == "w1"
    assert Value(1.0).named("y").name == "y"
    name_values({"z": v})
    assert v.name == "w1"


def test_array_elements_are_named_by_index_from_zero_or_from_base() -> None:
    z = name_array(np.array([Value(1.0), Value(2.0)]), "z1")
    assert [v.name for v in z] == ["z1[0]", "z1[1]"]
    w = name_array(np.array([[Value(1.0)], [Value(2.0)]]), "w", base=1)
    assert [v.name for v in w.flat] == ["w[1, 1]", "w[2, 1]"]


def test_a_node_knows_its_scope_and_carries_nothing_otherwise() -> None:
    with scope("hidden"), scope("neuron 0"):
        inside = Value(1.0)
        result = inside * 2.0
    assert inside.scope == result.scope == ("hidden", "neuron 0")
    plain = Value(1.0) * 2.0
    assert plain.scope == ()
    assert plain.name is None
    assert plain.label is None


def test_in_python_an_assignment_aliases_the_node() -> None:
    a = Value(1.0)
    b = a
    name_values({"a": a, "b": b})
    assert b.name == "a"


def test_identity_is_a_node_of_its_own() -> None:
    a = Value(2.0)
    b = ac.identity(a)
    assert b is not a
    assert (b.data, b.operands, gradients(ac.identity, 2.0)) == (2.0, (a,), (1.0,))


# --- numbers accepted -------------------------------------------------------------------------


def test_options_are_operands_with_defaults() -> None:
    x, alpha = Value(-1.0), Value(2.0)
    assert ac.elu(x).operands == (x, 1.0)
    y = ac.elu(x, alpha=alpha)
    y.backward()
    assert alpha.grad == math.expm1(-1.0)
    assert x.grad == 2.0 * math.exp(-1.0)
