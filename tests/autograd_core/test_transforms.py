"""Derivatives of any order, and functions that differentiate functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

import autograd_core as ac
from autograd_core.table import TABLE
from tests.support.against_torch import as_values, close, grads, numbers, torch

drawn = settings(derandomize=True, max_examples=25, deadline=None)
NUMBERS = st.floats(-2.0, 2.0, allow_subnormal=False).map(lambda x: round(x, 6))


def nth(f: Callable[..., Any], order: int) -> Callable[..., Any]:
    for _ in range(order):
        f = ac.grad(f)
    return f


def rosenbrock(v: Any) -> Any:
    return (1.0 - v[0]) ** 2 + 100.0 * (v[1] - v[0] ** 2) ** 2


def rosenbrock_gradient(x: float, y: float) -> list[float]:
    return [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]


def rosenbrock_hessian(x: float, y: float) -> list[list[float]]:
    return [[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200.0]]


# --- by hand ----------------------------------------------------------------------------------


@drawn
@given(NUMBERS, NUMBERS)
def test_rosenbrock(x: float, y: float) -> None:
    close(ac.grad(rosenbrock)([x, y]), rosenbrock_gradient(x, y))
    close(ac.hessian(rosenbrock)([x, y]), rosenbrock_hessian(x, y))
    close(ac.hessian(rosenbrock)(np.array([x, y])), rosenbrock_hessian(x, y))
    close(ac.jacobian(ac.grad(rosenbrock))([x, y]), rosenbrock_hessian(x, y))
    third = ac.jacobian(ac.hessian(rosenbrock))(np.array([x, y]))
    close(third, [[[2400 * x, -400.0], [-400.0, 0.0]], [[-400.0, 0.0], [0.0, 0.0]]])


def test_rosenbrock_at_its_minimum() -> None:
    assert ac.grad(rosenbrock)([1.0, 1.0]) == [0.0, 0.0]
    assert ac.hessian(rosenbrock)([1.0, 1.0]) == [[802.0, -400.0], [-400.0, 200.0]]


@pytest.mark.parametrize(
    ("f", "at", "derivatives"),
    [
        (lambda x: (x - 3.0) ** 2, 3.0, [0.0, 2.0, 0.0]),
        (lambda x: (x - 3.0) * (x - 3.0), 3.0, [0.0, 2.0, 0.0]),
        (lambda x: ac.pow(x - 3.0, 2.0), 3.0, [0.0, 2.0, 0.0]),
        (lambda x: x**3, 0.0, [0.0, 0.0, 6.0, 0.0]),
        (lambda x: x**3, -2.0, [12.0, -12.0, 6.0, 0.0]),
        (lambda x: x**4, 0.0, [0.0, 0.0, 0.0, 24.0, 0.0]),
        (lambda x: x**1, 0.0, [1.0, 0.0, 0.0]),
        (lambda x: x**0, 0.0, [0.0, 0.0, 0.0]),
        (lambda x: x**-1, -2.0, [-0.25, -0.25, -0.375]),
        (lambda x: ac.square(x), 0.0, [0.0, 2.0, 0.0]),
        (lambda x: 3.0 * x + 1.0, 5.0, [3.0, 0.0, 0.0]),
        (lambda x: x, 5.0, [1.0, 0.0, 0.0]),
        (lambda x: 7.0, 5.0, [0.0, 0.0]),
        (ac.relu, 0.0, [0.0, 0.0, 0.0]),
        (ac.relu, 2.0, [1.0, 0.0, 0.0]),
        (ac.relu, -2.0, [0.0, 0.0, 0.0]),
        (ac.abs, 0.0, [0.0, 0.0, 0.0]),
        (ac.abs, -2.0, [-1.0, 0.0, 0.0]),
        (ac.step, 0.0, [0.0, 0.0]),
        (ac.sign, 0.0, [0.0, 0.0]),
        (lambda x: ac.max(x, x * x), 1.0, [1.5, 1.0]),
        (lambda x: ac.relu(x) ** 2, 0.0, [0.0, 0.0]),
        (lambda x: x * ac.abs(x), 0.0, [0.0, 0.0]),
        (ac.tanh, 0.0, [1.0, 0.0, -2.0, 0.0, 16.0]),
        (ac.tanhshrink, 0.0, [0.0, 0.0, 2.0, 0.0, -16.0]),
        (ac.sigmoid, 0.0, [0.25, 0.0, -0.125, 0.0, 0.25]),
        (ac.softplus, 0.0, [0.5, 0.25, 0.0, -0.125, 0.0, 0.25]),
        (ac.log_sigmoid, 0.0, [0.5, -0.25, 0.0, 0.125]),
        (ac.silu, 0.0, [0.5, 0.5, 0.0, -0.5]),
        (ac.exp, 0.0, [1.0, 1.0, 1.0]),
        (ac.expm1, 0.0, [1.0, 1.0, 1.0]),
        (ac.log1p, 0.0, [1.0, -1.0, 2.0, -6.0]),
        (ac.sin, 0.0, [1.0, 0.0, -1.0, 0.0, 1.0]),
        (ac.cos, 0.0, [0.0, -1.0, 0.0, 1.0]),
        (ac.tan, 0.0, [1.0, 0.0, 2.0, 0.0, 16.0]),
        (ac.arcsin, 0.0, [1.0, 0.0, 1.0, 0.0, 9.0]),
        (ac.arccos, 0.0, [-1.0, 0.0, -1.0, 0.0, -9.0]),
        (ac.arctan, 0.0, [1.0, 0.0, -2.0, 0.0, 24.0]),
        (ac.arcsinh, 0.0, [1.0, 0.0, -1.0, 0.0, 9.0]),
        (ac.arctanh, 0.0, [1.0, 0.0, 2.0, 0.0, 24.0]),
        (ac.sinh, 0.0, [1.0, 0.0, 1.0, 0.0]),
        (ac.cosh, 0.0, [0.0, 1.0, 0.0, 1.0]),
        (ac.sinc, 0.0, [0.0, -(math.pi**2) / 3, 0.0, math.pi**4 / 5]),
        (ac.erf, 0.0, [2 / math.sqrt(math.pi), 0.0, -4 / math.sqrt(math.pi), 0.0]),
        (ac.gelu, 0.0, [0.5, 2 / math.sqrt(2 * math.pi), 0.0, -4 / math.sqrt(2 * math.pi)]),
        (lambda x: ac.hypot(x, 1.0), 0.0, [0.0, 1.0, 0.0, -3.0]),
        (lambda x: ac.arctan2(x, 1.0), 0.0, [1.0, 0.0, -2.0]),
        (lambda x: ac.logsumexp(x, 0.0), 0.0, [0.5, 0.25, 0.0, -0.125]),
        (lambda x: ac.prod(x, x, x), 0.0, [0.0, 0.0, 6.0]),
        (lambda x: ac.exp(x) / x, 1.0, [0.0, math.e, -2 * math.e]),
    ],
)  # fmt: skip
def test_derivatives_by_hand(f: Any, at: float, derivatives: list[float]) -> None:
    found = [nth(f, order + 1)(at) for order in range(len(derivatives))]
    assert found == pytest.approx(derivatives, rel=1e-12, abs=1e-13)


def test_no_domain_error_where_the_derivatives_exist() -> None:
    """The exponent of x³ is a constant: that ln x is not real at 0 and −1 plays no part."""
    for x in (0.0, -1.0):
        with ac.detect_anomaly():
            assert nth(lambda x: x**3, 3)(x) == 6.0
            assert nth(lambda x: ac.abs(x) + ac.where(x, 1.0, x), 2)(x) == 0.0


@pytest.mark.parametrize(
    "f",
    [
        lambda x: ac.where(ac.step(x), ac.sqrt(x), x * x),
        lambda x: ac.where(ac.step(x), ac.log(x), x * x),
        lambda x: ac.where(ac.step(x - 0.5), 1.0 / x, x * x),
    ],
)
@pytest.mark.parametrize("x", [0.0, -1.0])
def test_a_masked_pole_leaves_no_trace_in_any_order(f: Any, x: float) -> None:
    """Only x² is chosen here; the other branch has slopes that are infinite or not real."""
    assert ac.grad(f)(x) == 2 * x
    [slope] = ac.gradient(f(leaf := ac.Value(x)), [leaf], create_graph=True)
    assert numbers(slope) == 2 * x
    assert nth(f, 2)(x) == 2.0
    assert nth(f, 3)(x) == 0.0


# --- every row --------------------------------------------------------------------------------

MODERATE = [(0.3, 1.7, -0.6), (-0.45, 0.8, 2.3), (1.3, 0.7, 1.9), (0.15, 2.2, 0.4)]
POINTS: dict[str, list[tuple[float, ...]]] = {
    **{name: [(0.3,), (1.0,), (2.5,)] for name in ("log", "log2", "log10", "sqrt")},
    **{name: [(0.3,), (-0.6,), (0.0,)] for name in ("arcsin", "arccos", "arctanh")},
    "log1p": [(0.3,), (-0.6,), (0.0,)],
    "arccosh": [(1.3,), (2.5,)],
    "pow": [(0.3, 1.7), (1.5, -2.0), (2.0, 3.0), (1.0, 0.0)],
    "mod": [(0.3, 0.7), (1.7, 0.5), (-1.2, 0.5)],
    "hardtanh": [(0.3, -1.0, 1.0), (-1.2, -0.5, 2.0), (2.5, -0.5, 2.0)],
    "clip": [(0.3, -1.0, 1.0), (-1.2, -0.5, 2.0), (2.5, -0.5, 2.0)],
    "relu6": [(0.3,), (-1.0,), (7.0,)],
    "hardsigmoid": [(0.3,), (-4.0,), (3.5,)],
    "hardswish": [(0.3,), (-4.0,), (3.5,)],
    "equal": [(0.3, 1.7)],
    "dot": [(0.3, 1.7, -0.6, 2.0, 0.5), (-0.4, 0.5, 1.2, 0.7, -1.0)],
}
for _name in ("leaky_relu", "elu", "celu"):
    POINTS[_name] = [(0.3, 1.5), (-0.7, 0.5), (-1.5, 2.0), (-0.2, 0.6)]
for _name in (
    "tanh", "sigmoid", "softplus", "log_sigmoid", "silu", "mish", "gelu", "erf", "erfc", "sinc",
    "tanhshrink", "sinh", "cosh", "arcsinh", "arctan", "exp", "expm1",
):  # fmt: skip
    POINTS[_name] = [(0.3,), (-0.6,), (1.7,), (-3.2,), (1e-3,), (0.0,)]


def points(name: str) -> list[tuple[float, ...]]:
    op = TABLE[name]
    count = 3 if op.variadic else len(op.operand_names)
    return POINTS.get(name) or [point[:count] for point in MODERATE]


def derivative(f: Callable[..., Any], along: tuple[int, ...], point: tuple[float, ...]) -> float:
    """∂/∂xᵢ ∂/∂xⱼ … of f, by gradients of gradients."""
    xs = [ac.Value(x) for x in point]
    y = f(*xs)
    for i in along[:-1]:
        if not isinstance(y, ac.Value):
            return 0.0
        [y] = ac.gradient(y, [xs[i]], create_graph=True)
    return ac.gradient(y, [xs[along[-1]]])[0] if isinstance(y, ac.Value) else 0.0


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", [name for name in TABLE if name != "detach"])
def test_derivatives_of_every_row_against_mpmath(name: str, order: int) -> None:
    from tests.support.definitions import definition_of  # it makes mpf a carrier of its own

    op = TABLE[name]
    exact = definition_of(op)
    f = (lambda *xs: ac.dot(xs[:2], xs[2:4], xs[4])) if name == "dot" else op
    for point in points(name):
        for along in itertools.combinations_with_replacement(range(len(point)), order):
            with mp.workdps(120):
                orders = tuple(along.count(i) for i in range(len(point)))
                at = tuple(map(mp.mpf, point))
                expected = float(mp.diff(exact, at, orders))
            for path in {along, along[::-1]}:  # mixed derivatives do not depend on the order
                got = derivative(f, path, point)
                assert got == pytest.approx(expected, rel=1e-10, abs=1e-12), (point, path)


def test_rows_without_a_definition_are_none() -> None:
    assert [name for name, op in TABLE.items() if not op.definition] == []


# --- gradient ---------------------------------------------------------------------------------


def test_gradient_in_the_shape_of_what_is_asked_for() -> None:
    a, b, c, unused = (ac.Value(x) for x in (2.0, 3.0, 5.0, 7.0))
    y = a * b + c
    assert ac.gradient(y, a) == 3.0
    assert ac.gradient(y, [a, b]) == [3.0, 2.0]
    assert ac.gradient(y, (a, (b, [c]))) == (3.0, (2.0, [1.0]))
    assert ac.gradient(y, [unused, a]) == [0.0, 3.0]
    assert ac.gradient(y, [a, a]) == [3.0, 3.0]
    assert ac.gradient(y, []) == []
    array = ac.gradient(y, np.array([[a, b], [c, unused]]))
    assert array.dtype == float
    assert array.tolist() == [[3.0, 2.0], [1.0, 0.0]]


def test_gradient_by_inner_nodes_and_by_itself() -> None:
    x = ac.Value(2.0)
    z = x * x
    y = z * z
    for again in (False, True):
        assert [float(numbers(g)) for g in ac.gradient(y, [y, z, x], again)] == [1.0, 8.0, 32.0]


@pytest.mark.parametrize("create_graph", [False, True])
def test_grad_is_left_alone(create_graph: bool) -> None:
    x = ac.Value(3.0)
    y = x * x
    (5.0 * y).backward()
    kept = (x.grad, y.grad)
    ac.gradient(y, [x], create_graph)
    ac.gradient(y * x, [x, y], create_graph)
    ac.grad(lambda v: v * x)(x)
    ac.hessian(lambda v: v[0] * x)([x])
    ac.hvp(lambda v: v[0] * x, [x], [1.0])
    ac.jvp(lambda v: v * x, x, 1.0)
    assert (x.grad, y.grad) == kept == (30.0, 5.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x,
        lambda x: 3.0 * x,
        lambda x: x + 1.0,
        lambda x: ac.sum(x, x),
        lambda x: ac.identity(x) - 2.0,
        lambda x: ac.relu(x),
        lambda x: x * x,
    ],
)
def test_create_graph_gives_values_that_can_be_differentiated_again(f: Any) -> None:
    """Also where the slope is a constant: whoever differentiates again need not know."""
    x = ac.Value(2.0)
    [slope] = ac.gradient(f(x), [x], create_graph=True)
    assert isinstance(slope, ac.Value)
    [second] = ac.gradient(slope, [x], create_graph=True)
    assert second.data == (2.0 if f(ac.Value(5.0)).data == 25.0 else 0.0)


def test_an_unreached_node_has_0_with_create_graph_too() -> None:
    x, unused = ac.Value(2.0), ac.Value(3.0)
    slopes = ac.gradient(x * x, [x, unused], create_graph=True)
    assert numbers(slopes).tolist() == [4.0, 0.0]
    close(numbers(ac.gradient(x * x, np.array([[x, unused]]), create_graph=True)), [[4.0, 0.0]])


@drawn
@given(st.integers(0, 10**9))
def test_both_ways_to_a_gradient_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    leaves = [ac.Value(x) for x in rng.uniform(0.3, 1.5, 3)]
    nodes: list[Any] = [*leaves, 0.5, 2.0]
    rows = [ac.add, ac.sub, ac.mul, ac.max, ac.min, ac.logsumexp, ac.where]
    for _ in range(30):
        i, j = rng.integers(0, len(nodes), 2).tolist()
        row = rows[int(rng.integers(0, len(rows)))]
        operands = (nodes[i], nodes[j], nodes[0]) if row is ac.where else (nodes[i], nodes[j])
        nodes.append(ac.tanh(row(*operands)))
    y = ac.sum([n for n in nodes if isinstance(n, ac.Value)])
    plain = ac.gradient(y, leaves)
    close(numbers(ac.gradient(y, leaves, create_graph=True)), plain, tolerance=1e-12)
    y.backward()
    assert [leaf.grad for leaf in leaves] == plain


def test_a_changed_leaf_is_found_with_create_graph() -> None:
    w, x = ac.Value(2.0, "w"), ac.Value(0.0, "x")
    y = w * x
    w.data = 5.0  # at x = 0 the product is still 0: only a partial tells
    with pytest.raises(ac.StaleGraph, match="w changed"):
        ac.gradient(y, [x], create_graph=True)
    w.data = 2.0
    assert ac.gradient(y, [x], create_graph=True)[0].data == 2.0


def test_what_is_no_node_has_no_gradient() -> None:
    x = ac.Value(2.0)
    for wrong in (3.0, [x], np.array([x]), None):
        with pytest.raises(TypeError, match=f"differentiates a Value, not {type(wrong).__name__}"):
            ac.gradient(wrong, [x])  # type: ignore[arg-type]


@pytest.mark.parametrize("output", [[1.0, 2.0], "y", None, np.ones(2), (ac.Value(1.0),)])
@pytest.mark.parametrize(
    "transform",
    [
        lambda f: ac.grad(f)(2.0),
        lambda f: ac.value_and_grad(f)(2.0),
        lambda f: ac.hessian(f)(2.0),
        lambda f: ac.hvp(f, 2.0, 1.0),
    ],
)
def test_functions_that_return_no_number(transform: Any, output: Any) -> None:
    with pytest.raises(TypeError, match="one real number, not " + type(output).__name__):
        transform(lambda x: output)


def test_a_chain_of_2000_operations_is_no_recursion() -> None:
    x = ac.Value(0.5)
    y = x
    for i in range(2000):
        y = ac.sin(y) if i % 2 else y + x * 0.001
    plain = ac.gradient(y, x)
    slope = ac.gradient(y, x, create_graph=True)
    assert slope.data == pytest.approx(plain, rel=1e-12)
    second = ac.gradient(slope, x)
    h = 1e-6

    def by_hand(x: float) -> float:
        y, dy = x, 1.0
        for i in range(2000):
            y, dy = (math.sin(y), dy * math.cos(y)) if i % 2 else (y + x * 0.001, dy + 0.001)
        return dy

    assert plain == pytest.approx(by_hand(0.5), rel=1e-12)
    assert second == pytest.approx((by_hand(0.5 + h) - by_hand(0.5 - h)) / (2 * h), rel=1e-5)


def test_a_product_of_2000_factors_to_the_second_order() -> None:
    x = ac.Value(1.0)
    y = x
    for _ in range(1999):
        y = y * x
    slope = ac.gradient(y, x, create_graph=True)
    assert slope.data == 2000.0
    assert ac.gradient(slope, x) == 2000.0 * 1999.0


# --- functions of functions -------------------------------------------------------------------


def test_floats_in_floats_out_and_values_in_values_out() -> None:
    def f(x: Any, y: Any) -> Any:
        return x * x * y

    assert ac.value_and_grad(f, (0, 1))(3.0, 5.0) == (45.0, (30.0, 9.0))
    assert type(ac.grad(f)(3, 5)) is float
    value, (dx, dy) = ac.value_and_grad(f, (0, 1))(ac.Value(3.0), ac.Value(5.0))
    assert [type(v) for v in (value, dx, dy)] == [ac.Value] * 3
    assert (value.data, dx.data, dy.data) == (45.0, 30.0, 9.0)
    for transform in (ac.grad, ac.hessian, ac.jacobian):
        assert isinstance(transform(f)(ac.Value(3.0), 5.0), ac.Value)
        assert type(transform(f)(3.0, 5.0)) is float
    assert isinstance(ac.hvp(lambda x: x * x * x, ac.Value(3.0), 2.0), ac.Value)


@pytest.mark.parametrize("f", [lambda x: 3.0 * x, lambda x: x, lambda x: 4.0])
def test_values_in_values_out_of_linear_functions(f: Any) -> None:
    slope = {9.0: 3.0, 3.0: 1.0, 4.0: 0.0}[f(3.0)]
    x = ac.Value(3.0)
    got = ac.grad(f)(x)
    assert isinstance(got, ac.Value)
    assert got.data == slope
    assert ac.grad(f)(3.0) == slope
    assert ac.value_and_grad(f)(3.0) == (f(3.0), slope)


def test_arrays_in_arrays_out() -> None:
    def f(m: Any, k: float) -> Any:
        return ac.sum((m * m * k).ravel())

    m = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    value, slope = ac.value_and_grad(f)(m, 0.5)
    assert value == 45.5
    assert slope.dtype == float
    assert slope.tolist() == m.tolist()
    by_both = ac.grad(f, (0, 1))(m, 0.5)
    assert by_both[0].tolist() == m.tolist()
    assert by_both[1] == 91.0
    second = ac.hessian(f)(m, 0.5)
    assert second.shape == (2, 3, 2, 3)
    assert second.reshape(6, 6).tolist() == np.eye(6).tolist()
    on_values = ac.grad(f)(as_values(m), 0.5)
    assert on_values.shape == (2, 3)
    assert all(isinstance(v, ac.Value) for v in on_values.flat)
    integers = ac.grad(f)(np.array([[1, 2], [3, 4]]), 0.5)
    assert integers.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_lists_and_tuples_keep_their_shape() -> None:
    def f(p: Any) -> Any:
        (w, b), [x] = p
        return w * x + b

    assert ac.grad(f)(((2.0, 1.0), [5.0])) == ((5.0, 1.0), [2.0])


def test_argnums() -> None:
    def f(x: Any, y: Any, z: Any) -> Any:
        return x + 10.0 * y * y + 100.0 * z

    assert ac.grad(f)(1.0, 2.0, 3.0) == 1.0
    assert ac.grad(f, 1)(1.0, 2.0, 3.0) == 40.0
    assert ac.grad(f, (2, 0))(1.0, 2.0, 3.0) == (100.0, 1.0)
    assert ac.grad(f, [1])(1.0, 2.0, 3.0) == (40.0,)
    assert ac.hessian(f, 1)(1.0, 2.0, 3.0) == 20.0
    by_second = ac.jacobian(lambda x, v: [x * v[0], v[1]], 1)
    assert by_second(3.0, [1.0, 2.0]) == [[3.0, 0.0], [0.0, 1.0]]


def test_one_value_passed_twice_counts_for_each_argument() -> None:
    def f(a: Any, b: Any) -> Any:
        return a * a * b

    x = ac.Value(3.0)
    by_a, by_b = ac.grad(f, (0, 1))(x, x)
    assert (by_a.data, by_b.data) == (18.0, 9.0)
    by_a, by_b = ac.grad(f, (0, 1))(x, x * x)  # ∂f/∂a = 2·a·b = 2x³, ∂f/∂b = a² = x²
    assert (by_a.data, by_b.data) == (54.0, 9.0)
    assert ac.gradient(by_a, x) == 6 * 9.0
    assert ac.gradient(by_b, x) == 2 * 3.0
    same = np.array([x, x])
    assert numbers(ac.grad(lambda v: v[0] * v[1] * v[1])(same)).tolist() == [9.0, 18.0]


# --- functions of functions, nested -----------------------------------------------------------


def test_nested_gradients_with_closures() -> None:
    # d/dx [x · d/dy (x·y²) at y = x] = d/dx [x · 2x²] = 6x²
    assert ac.grad(lambda x: x * ac.grad(lambda y: x * y * y)(x))(3.0) == 54.0
    # the same, the inner one by name only
    assert ac.grad(lambda x: ac.grad(lambda y: y * y * y)(x) * x)(2.0) == 36.0
    # three deep: d/dx [d/dy (d/dz (x·y·z³) at z = y) at y = x] = d/dx [9·x³] = 27·x²
    found = ac.grad(
        lambda x: ac.grad(lambda y: ac.grad(lambda z: x * y * z**3)(y))(x)
    )(2.0)  # fmt: skip
    assert found == pytest.approx(27 * 4.0)


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("grad", lambda x: ac.grad(lambda y: x * y)(1.0)),
        ("value_and_grad", lambda x: ac.value_and_grad(lambda y: x * y)(1.0)[0]),
        ("grad of an array", lambda x: ac.grad(lambda v: x * v[0])(np.ones(2))[0]),
        ("jacobian", lambda x: ac.jacobian(lambda y: [x * y])(1.0)[0]),
        ("hessian", lambda x: 0.5 * ac.hessian(lambda y: x * y * y)(1.0)),
        ("hvp", lambda x: 0.5 * ac.hvp(lambda y: x * y * y, 1.0, 1.0)),
        ("jvp", lambda x: ac.jvp(lambda y: x * y, 1.0, 1.0)[1]),
        ("jvp, its value", lambda x: ac.jvp(lambda y: x * y, 1.0, 1.0)[0]),
    ],
)
def test_an_inner_derivative_at_a_number_still_depends_on_the_outer_variable(
    name: str, inner: Any
) -> None:
    """d/dx of (d/dy x·y at y = 1), which is x: 1. The inner argument is a plain number, but what
    comes out depends on x; a plain number there would lose that without a word.
    """
    assert ac.grad(inner)(2.0) == 1.0


def test_jvp_at_a_value_can_be_differentiated() -> None:
    """d/dx (d/dx x³) = 6x, the inner one by a forward sweep."""
    assert ac.grad(lambda x: ac.jvp(lambda y: y**3, x, 1.0)[1])(2.0) == 12.0
    assert ac.grad(lambda x: ac.jvp(lambda y: y**3, x, 1.0)[0])(2.0) == 12.0


def test_floats_stay_floats_beside_a_parameter_that_is_a_leaf() -> None:
    w = ac.Value(3.0)
    assert ac.grad(lambda x: w * x * x)(2.0) == 12.0
    assert ac.value_and_grad(lambda x: w * x)(2.0) == (6.0, 3.0)


# --- jacobian, hessian, hvp, jvp --------------------------------------------------------------


def field(v: Any) -> Any:
    x, y, z = v
    return [ac.sin(x) * y, ac.exp(y * z), x, ac.hypot(x, z) + y**3]


def field_jacobian(x: float, y: float, z: float) -> list[list[float]]:
    r, e = math.hypot(x, z), math.exp(y * z)
    return [
        [math.cos(x) * y, math.sin(x), 0.0],
        [0.0, z * e, y * e],
        [1.0, 0.0, 0.0],
        [x / r, 3 * y * y, z / r],
    ]


AWAY = st.floats(0.1, 2.0).map(lambda x: round(x, 6))


@drawn
@given(AWAY, NUMBERS, AWAY, st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_jacobian_and_jvp(x: float, y: float, z: float, v: Any) -> None:
    expected = np.array(field_jacobian(x, y, z))
    close(ac.jacobian(field)([x, y, z]), expected, tolerance=1e-12)
    array = ac.jacobian(lambda v: np.array(field(v)))(np.array([x, y, z]))
    assert array.dtype == float
    close(array, expected, tolerance=1e-12)
    value, product = ac.jvp(field, [x, y, z], list(v))
    assert all(type(number) is float for number in (*value, *product))
    close(value, [w.data if isinstance(w, ac.Value) else w for w in field(as_values([x, y, z]))])
    np.testing.assert_allclose(product, expected @ np.array(v), rtol=1e-12, atol=1e-12)


@pytest.mark.system("S002-02", "S002-09")
def test_jacobian_of_arrays_of_any_shape() -> None:
    m = np.arange(6.0).reshape(2, 3)
    tensor = ac.jacobian(lambda m: (m * m).T)(m)
    assert tensor.shape == (3, 2, 2, 3)
    for i, j, k, l in np.ndindex(tensor.shape):  # noqa: E741
        assert tensor[i, j, k, l] == (2 * m[k, l] if (i, j) == (l, k) else 0.0)
    assert ac.jacobian(lambda v: v[0] * v[1])([2.0, 3.0]) == [3.0, 2.0]
    assert ac.jacobian(lambda x: [x, x * x])(3.0) == [1.0, 6.0]
    assert ac.jacobian(lambda x: [1.0, x])(3.0) == [0.0, 1.0]


def scalar_field(v: Any) -> Any:
    return ac.sin(v[0] * v[1]) + ac.exp(v[2]) * v[0] ** 3 + ac.log(1.0 + v[1] ** 2) + v[2]


@drawn
@given(st.tuples(NUMBERS, NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_hessian_and_hvp(point: Any, v: Any) -> None:
    x, y, z = point
    s, c, e, q = math.sin(x * y), math.cos(x * y), math.exp(z), 1 + y * y
    expected = np.array(
        [
            [-y * y * s + 6 * x * e, c - x * y * s, 3 * x * x * e],
            [c - x * y * s, -x * x * s + 2 / q - 4 * y * y / q**2, 0.0],
            [3 * x * x * e, 0.0, x**3 * e],
        ]
    )
    scale = np.abs(expected).max()
    found = ac.hessian(scalar_field)(list(point))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * scale)
    product = ac.hvp(scalar_field, list(point), list(v))
    np.testing.assert_allclose(product, expected @ v, rtol=1e-12, atol=1e-11 * scale)
    product = ac.hvp(scalar_field, np.array(point), np.array(v))
    assert product.dtype == float
    np.testing.assert_allclose(product, expected @ v, rtol=1e-12, atol=1e-11 * scale)


def test_hvp_of_linear_and_constant_functions() -> None:
    assert ac.hvp(lambda v: v[0] + 2.0 * v[1], [1.0, 2.0], [1.0, 1.0]) == [0.0, 0.0]
    assert ac.hvp(lambda v: 3.0, [1.0, 2.0], [1.0, 1.0]) == [0.0, 0.0]
    assert ac.hessian(lambda v: 3.0)([1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert ac.jvp(lambda v: 3.0, [1.0, 2.0], [1.0, 1.0]) == (3.0, 0.0)
    assert ac.jvp(lambda x: x, 2.0, 5.0) == (2.0, 5.0)


def test_directions_of_another_length() -> None:
    with pytest.raises(ValueError, match="argument 2 is"):
        ac.hvp(scalar_field, [1.0, 2.0, 3.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="argument 2 is"):
        ac.jvp(field, [1.0, 2.0, 3.0], [1.0, 0.0])


def test_a_zero_direction_gives_zero_at_a_pole() -> None:
    """The strong zero holds in the forward sweep: 0·∞ is 0."""
    assert ac.jvp(lambda v: ac.sqrt(v[0]) + v[1], [0.0, 1.0], [0.0, 3.0]) == (1.0, 3.0)


# --- derivatives inside losses ----------------------------------------------------------------


def penalty_by_hand(w: list[float], v: list[float], x: list[float]) -> tuple[float, list[float]]:
    """(‖∇ₓ D‖ − 1)² for D = Σⱼ vⱼ·tanh(wⱼ·x) on the plane, and its slopes by w₁₁, w₁₂, w₂₁, w₂₂,
    v₁, v₂.
    """
    rows = [w[:2], w[2:]]
    t = [math.tanh(r[0] * x[0] + r[1] * x[1]) for r in rows]
    s = [1 - t_j * t_j for t_j in t]
    g = [sum(v[j] * s[j] * rows[j][i] for j in range(2)) for i in range(2)]
    norm = math.hypot(*g)
    up = [2 * (norm - 1) * g_i / norm for g_i in g]  # d penalty / d g
    slopes = []
    for j in range(2):
        along = up[0] * rows[j][0] + up[1] * rows[j][1]
        bend = -2 * t[j] * s[j] * v[j] * along
        slopes += [up[i] * v[j] * s[j] + bend * x[i] for i in range(2)]
    slopes += [s[j] * (up[0] * rows[j][0] + up[1] * rows[j][1]) for j in range(2)]
    return (norm - 1) ** 2, slopes


def penalty(w: Any, v: Any, x: Any) -> Any:
    hidden = ac.tanh(ac.matmul(w, x))
    slope = ac.gradient(ac.dot(v, hidden), x, create_graph=True)
    return (ac.sqrt(ac.dot(slope, slope)) - 1.0) ** 2


W, V, X = [0.7, -1.1, 0.4, 0.9], [1.3, -0.8], [0.5, -0.25]


def test_a_gradient_penalty_by_hand() -> None:
    w, v, x = as_values(np.reshape(W, (2, 2))), as_values(V), as_values(X)
    loss = penalty(w, v, x)
    value, slopes = penalty_by_hand(W, V, X)
    assert loss.data == pytest.approx(value, rel=1e-12)
    loss.backward()
    close([*grads(w).ravel(), *grads(v)], slopes, tolerance=1e-12)


@pytest.mark.oracle
def test_a_gradient_penalty_by_torch() -> None:
    t = torch()
    for seed in range(5):
        rng = np.random.default_rng(seed)
        w, v, x = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3)
        tw, tv, tx = (t.tensor(a, requires_grad=True) for a in (w, v, x))
        [slope] = t.autograd.grad(tv @ t.tanh(tw @ tx), tx, create_graph=True)
        expected = (slope.norm() - 1.0) ** 2
        expected.backward()
        leaves = [as_values(a) for a in (w, v, x)]
        loss = penalty(*leaves)
        assert loss.data == pytest.approx(expected.item(), rel=1e-12)
        loss.backward()
        for leaf, tensor in zip(leaves, (tw, tv, tx), strict=True):
            close(grads(leaf), tensor.grad.numpy(), tolerance=1e-10)


def test_a_gradient_through_a_descent_step() -> None:
    """w₁ = w₀ − η·L'(w₀) with L = (w·x − y)²; d L(w₁)/dη and d L(w₁)/dw₀ by hand."""
    x, y, start, rate = 1.5, 2.0, 0.4, 0.1
    w0, lr = ac.Value(start), ac.Value(rate)

    def loss(w: Any) -> Any:
        return (w * x - y) ** 2

    [slope] = ac.gradient(loss(w0), [w0], create_graph=True)
    after = loss(w0 - lr * slope)
    first = 2 * x * (start * x - y)
    w1 = start - rate * first
    second = 2 * x * (w1 * x - y)
    assert slope.data == pytest.approx(first, rel=1e-14)
    got = ac.gradient(after, [lr, w0])
    assert got == pytest.approx([-second * first, second * (1 - rate * 2 * x * x)], rel=1e-13)


@pytest.mark.oracle
def test_a_gradient_through_five_descent_steps_by_torch() -> None:
    t = torch()
    tw, tlr = (t.tensor(x, dtype=t.float64, requires_grad=True) for x in (0.4, 0.1))
    w, lr = ac.Value(0.4), ac.Value(0.1)
    a, b = w, tw
    for _ in range(5):
        [slope] = ac.gradient(ac.log(1.0 + ac.exp(a)) + 0.1 * a**4, [a], create_graph=True)
        a = a - lr * slope
        loss = t.log(1.0 + t.exp(b)) + 0.1 * b**4
        [slope] = t.autograd.grad(loss, b, create_graph=True)
        b = b - tlr * slope
    expected = t.autograd.grad(b, [tw, tlr])
    assert a.data == pytest.approx(b.item(), rel=1e-13)
    assert ac.gradient(a, [w, lr]) == pytest.approx([e.item() for e in expected], rel=1e-11)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "logits", [[0.3, -1.2, 2.0], [1e4, -1e4, 0.0], [1.0, 1.0, 1.0], [40.0, -40.0, 0.0]]
)
def test_second_derivatives_of_cross_entropy_by_torch(logits: list[float]) -> None:
    t = torch()
    f = t.nn.functional.cross_entropy
    expected = t.autograd.functional.hessian(
        lambda z: f(z[None], t.tensor([1])), t.tensor(logits, dtype=t.float64)
    )
    found = ac.hessian(lambda z: ac.cross_entropy([list(z)], [1]))(logits)
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-10, atol=1e-15)
