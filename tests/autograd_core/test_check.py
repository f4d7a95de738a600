"""Verdicts of the gradient check: right ones never wrong, wrong ones named, kinks never OK.

Also `finite_differences`, which measures: its error estimate has to contain the truth.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import pytest
from mpmath import mp

import autograd_core as ac
from autograd_core import (
    TABLE,
    CheckReport,
    StaleGraph,
    Value,
    check_gradients,
    check_leaves,
)
from autograd_core.finite_differences import measure_slope
from autograd_core.op import Op, run
from tests.support import laws
from tests.support.definitions import definition_of
from tests.support.mutants import altered
from tests.support.random_graphs import OPERATIONS, Recipe, on_values

inf, nan = math.inf, math.nan


def verdicts(f, *numbers: float) -> list[str]:
    return [row.verdict for row in check_gradients(f, *numbers).rows]


# --- right gradients --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "numbers"),
    [
        (lambda w, x: ac.tanh(w * x), (0.5, 2.0)),
        (lambda x: x**3 - 2.0 * x, (1.5,)),
        (lambda x: x / (1.0 + x * x), (-0.7,)),
        (lambda x: ac.exp(-x * x), (0.3,)),
        (lambda x, y: x**y, (2.0, -1.5)),
        (lambda a, b, c: ac.max(a, b, c), (1.0, 3.0, 2.0)),
        (lambda a, b: ac.dot([a, b], [b, a], 1.0), (2.0, -3.0)),
        (lambda x: abs(x) * ac.relu(x) + ac.elu(-x), (0.5,)),
        (lambda x: 1e6 * ac.sigmoid(x), (-2.0,)),
        (lambda x: ac.log(x), (1e-6,)),
        (lambda x: ac.sqrt(x), (1e8,)),
    ],
)
def test_right_gradients_are_found_right(f, numbers) -> None:
    report = check_gradients(f, *numbers)
    assert report.ok, str(report)
    assert report.culprit is None
    for row in report.rows:
        assert abs(row.numeric - row.analytic) <= 4.0 * row.error
        assert row.error <= 1e-4 * max(abs(row.analytic), 1.0)


@pytest.mark.parametrize("f", [lambda x: x, lambda x: 0 + x, lambda x: +x])
def test_the_gradient_of_the_input_itself_is_one(f) -> None:
    [row] = check_gradients(f, 3.0).rows
    assert (row.verdict, row.analytic, row.numeric) == ("ok", 1.0, 1.0)


def test_an_input_that_the_output_does_not_depend_on_has_gradient_zero() -> None:
    report = check_gradients(lambda x, unused: x * x, 3.0, 5.0)
    assert [row.verdict for row in report.rows] == ["ok", "ok"]
    assert report.rows[1].analytic == report.rows[1].numeric == 0.0
    assert check_gradients(lambda x: Value(3.0), 1.0).ok


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: (x - 3.0) ** 2, 3.0),
        (lambda x: ac.relu(x), -1.0),
        (lambda x: x * x, 0.0),
        (lambda x: x - x, 2.0),
        (lambda x: ac.exp(-x * x), 0.0),
        (lambda x: 0.0 * x + 1.0, 5.0),
        (lambda x: ac.step(x) + ac.sign(x), 2.0),
        (lambda x: x**4, 0.0),
    ],
)
def test_a_zero_gradient_is_found_right(f, x: float) -> None:
    report = check_gradients(f, x)
    assert report.rows[0].analytic == 0.0
    assert report.ok, str(report)
    assert report.culprit is None


@pytest.mark.parametrize("scale", [1e-3, 1e-5, 1e-7, 1e-9, 1e-12])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * x,
        lambda x: x**2,
        lambda x: (x + 1.0) ** 2 - 2.0 * x,
        lambda x: ac.tanh(x) * x,
        lambda x: 1.0 - x * x,
        lambda x: ac.exp(x * x),
        lambda x: ac.elu(x * x),
        lambda x: x * x * x + x * x,
        lambda x: ac.log(1.0 + x * x),
        lambda x: ac.sqrt(1.0 + x * x),
    ],
)
def test_a_small_right_gradient_is_not_called_wrong(f, scale: float) -> None:
    for x in (scale, -2.9838027981061287 * scale, 1.1450527451942165 * scale):
        report = check_gradients(f, x)
        assert report.rows[0].verdict != "wrong", str(report)
        assert report.culprit is None, str(report)


def test_a_gradient_of_1e_7_is_found_right_where_rounding_allows_it() -> None:
    for f, x in ((lambda x: 1e-7 * ac.exp(x), 0.5), (lambda x: 1e-7 * x * x, 3.0)):
        report = check_gradients(f, x)
        assert report.ok, str(report)


@pytest.mark.parametrize("seed", range(12))
def test_no_right_gradient_of_a_random_graph_is_called_wrong(seed: int) -> None:
    """Fifty graphs each; at tiny, huge, round and typed numbers rounding behaves differently."""
    rnd = random.Random(seed)
    found = []
    for _ in range(50):
        numbers = [
            rnd.choice((
                rnd.uniform(-3.0, 3.0),
                rnd.uniform(-3.0, 3.0) * 10.0 ** rnd.randint(-8, 3),
                float(rnd.randint(-3, 3)),
                round(rnd.uniform(-3.0, 3.0), 1),
            ))
            for _ in range(2)
        ]  # fmt: skip
        steps: list[tuple[str, tuple[int, ...], float]] = []
        for n in range(2, 2 + rnd.randint(1, 6)):
            name = rnd.choice(sorted(OPERATIONS))
            count = OPERATIONS[name][0]
            places = tuple(rnd.choice((n - 1, rnd.randrange(n))) for _ in range(count))
            steps.append((name, places, round(rnd.uniform(-3.0, 3.0), 1)))
        recipe = Recipe(tuple(numbers), tuple(steps))

        def f(*leaves: Value, recipe: Recipe = recipe) -> Value:
            nodes = list(leaves)
            for name, places, constant in recipe.steps:
                nodes.append(OPERATIONS[name][1](constant, *(nodes[i] for i in places)))
            return nodes[-1]

        report = check_gradients(f, *numbers)
        if any(row.verdict == "wrong" for row in report.rows) or report.culprit is not None:
            found.append(f"{recipe}: {report}")
    assert found == []


def test_most_random_graphs_are_found_right() -> None:
    """A check that always says undetermined would pass the tests above."""
    rnd = random.Random(5)
    count = 0
    for _ in range(100):
        steps = []
        for n in range(2, 6):
            name = rnd.choice(["add", "mul", "tanh", "div", "sigmoid", "log", "sqrt", "sub"])
            steps.append((name, tuple(rnd.randrange(n) for _ in range(OPERATIONS[name][0])), 1.5))
        numbers = (rnd.uniform(0.5, 2.0), rnd.uniform(-2.0, -0.5))
        leaves, nodes = on_values(Recipe(numbers, tuple(steps)))
        count += all(row.verdict == "ok" for row in check_leaves(nodes[-1], leaves))
    assert count >= 98


@pytest.mark.parametrize("distance", [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-11])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: 1.0 / (x - 1.0),
        lambda x: ac.log(x - 1.0),
        lambda x: ac.sqrt(x - 1.0),
        lambda x: (x - 1.0) ** -2,
        lambda x: 1.0 / (x - 1.0) - 1.0 / (x - 1.5),
        lambda x: ac.tanh(1.0 / (x - 1.0)),
    ],
)
def test_a_pole_nearby_does_not_make_a_right_gradient_wrong(f, distance: float) -> None:
    report = check_gradients(f, 1.0 + distance)
    [row] = report.rows
    assert row.verdict != "wrong", str(report)
    assert report.culprit is None, str(report)
    if distance >= 1e-4 and abs(row.analytic) > 1e-9:  # tanh is flat to the last digit there
        assert report.ok, str(report)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: ac.floor(x) * x, 100.4), (lambda x: ac.floor(x), 1000.3),
        (lambda x: ac.floor(x) + x, 0.5), (lambda x: ac.floor(x) * x, -2.5),
        (lambda x: x % 1.0, 1000.3), (lambda x: x % 3.0, 100.4), (lambda x: x % 1.0, 0.5),
        (lambda x: ac.mod(7.3, x), 0.4), (lambda x: x % 0.001, 0.5004),
    ],
)  # fmt: skip
def test_many_kinks_around_the_point_do_not_hide_it(f, x: float) -> None:
    report = check_gradients(f, x)
    assert report.ok, str(report)
    assert report.culprit is None


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: ac.floor(x * x), 186.720359628823),
        (lambda x: ac.floor(1000.0 * x), 3833.5918788351964),
        (lambda x: ac.mod(x * x, 3.0), 51.48901925687067),
        (lambda x: ac.mod(1000.0, x), 0.07820830732550557),
        (lambda x: ac.floor(ac.exp(x)), 21.846930721433445),
    ],
)
def test_steps_over_many_whole_numbers_are_not_measured_as_a_slope(f, x: float) -> None:
    """A staircase seen from afar is a slope; a kink quantity of one period cannot tell."""
    report = check_gradients(f, x)
    assert report.rows[0].verdict != "wrong", str(report)
    assert report.culprit is None, str(report)


# --- wrong gradients --------------------------------------------------------------------------


def _planted() -> Iterator[tuple[str, Op, int, laws.Point]]:
    """Every row and operand with a slope, at an easy point away from kinks."""
    for name, op in TABLE.items():
        operands: set[int] = set()
        for point in laws.points(op, hard=False):
            if any(k == 0.0 for k in laws._kinks(op, point)) or len(point) > 3 + 2 * op.variadic:
                continue
            if not all(0.25 <= abs(x) <= 5.0 for x in point):
                continue
            partials = op.partials(*point, op.forward(*point))
            for i, partial in enumerate(partials):
                if i not in operands and 0.01 < abs(partial) < 100.0:
                    operands.add(i)
                    yield f"{name}-{i}", op, i, point


PLANTED = [pytest.param(op, i, point, id=key) for key, op, i, point in _planted()]


@pytest.mark.parametrize("factor", [1.001, 0.999, -1.0, 0.0, 2.0])
@pytest.mark.parametrize(("op", "i", "point"), PLANTED)
def test_a_wrong_partial_in_a_graph_is_found_and_its_operation_named(
    op: Op, i: int, point: laws.Point, factor: float
) -> None:
    def partials(*xs):
        right = op.partials(*xs)
        return (*right[:i], right[i] * factor, *right[i + 1 :])

    wrong = altered(op, partials=partials)

    def f(*leaves: Value) -> Value:
        inside = tuple(leaf * 2.0 - x for leaf, x in zip(leaves, point, strict=True))
        return ac.tanh(0.1 * run(wrong, inside)) + ac.exp(0.1 * leaves[0])

    report = check_gradients(f, *point)
    assert not report.ok
    assert report.rows[i].verdict == "wrong", str(report)
    assert report.culprit is wrong
    assert f"the partial derivatives of {op.name} are wrong" in str(report)


def test_the_first_wrong_operation_is_the_culprit() -> None:
    first = altered(TABLE["exp"], partials=lambda x, y: (y * 1.01,))
    second = altered(TABLE["tanh"], partials=lambda x, y: (1.01 - y * y,))
    report = check_gradients(lambda x: run(second, (run(first, (x,)),)), 0.3)
    assert report.culprit is first


def test_a_wrong_gradient_that_is_tiny_is_found() -> None:
    wrong = altered(TABLE["exp"], partials=lambda x, y: (y * 1.001,))
    report = check_gradients(lambda x: 1e-7 * run(wrong, (x,)), 0.5)
    assert report.rows[0].verdict == "wrong"


# --- kinks ------------------------------------------------------------------------------------


def _at_kinks() -> Iterator[tuple[str, Op, int, laws.Point]]:
    """Points of every row where the slopes on the two sides differ, by the definition."""
    for name, op in TABLE.items():
        count = 0
        for point in laws.points(op, hard=False):
            if not any(k == 0.0 for k in laws._kinks(op, point)):
                continue
            f = definition_of(op)
            with mp.workprec(300):
                h = mp.mpf(2) ** -100
                for i in range(len(point)):
                    numbers = list(map(mp.mpf, point))

                    def moved(by, numbers=numbers, i=i, f=f):
                        return f(*numbers[:i], numbers[i] + by, *numbers[i + 1 :])

                    left, right = (moved(0) - moved(-h)) / h, (moved(h) - moved(0)) / h
                    if abs(left - right) > 1e-6 * (abs(left) + abs(right)) and count < 12:
                        count += 1
                        yield f"{name}{point}-{i}", op, i, point


AT_KINKS = [pytest.param(op, i, point, id=key) for key, op, i, point in _at_kinks()]


@pytest.mark.parametrize(("op", "i", "point"), AT_KINKS)
def test_a_gradient_at_a_kink_of_a_row_is_never_ok(op: Op, i: int, point: laws.Point) -> None:
    report = check_gradients(lambda *xs: run(op, xs) * 3.0 + xs[i], *point)
    assert report.rows[i].verdict != "ok", str(report)
    assert not report.ok
    assert report.culprit is None


@pytest.mark.parametrize(
    ("f", "x", "left", "right"),
    [
        (lambda x: ac.relu(x), 0.0, 0.0, 1.0),
        (lambda x: abs(x), 0.0, -1.0, 1.0),
        (lambda x: ac.max(x, 2.0), 2.0, 0.0, 1.0),
        (lambda x: ac.min(2.0 * x, 4.0), 2.0, 2.0, 0.0),
        (lambda x: ac.elu(x, 3.0), 0.0, 3.0, 1.0),
        (lambda x: ac.relu(x * x - 4.0), 2.0, 0.0, 4.0),
        (lambda x: ac.relu(4.0 - x * x) * 3.0, 2.0, -12.0, 0.0),
        (lambda x: abs(ac.tanh(x)) + x, 0.0, 0.0, 2.0),
        (lambda x: ac.max(x, -x, 0.0 * x), 0.0, -1.0, 1.0),
        (lambda x: ac.where(ac.step(x), 3.0 * x, x), 0.0, 1.0, 3.0),
    ],
)
def test_at_a_kink_both_slopes_are_given(f, x: float, left: float, right: float) -> None:
    [row] = check_gradients(f, x).rows
    assert row.verdict == "kink"
    assert row.left == pytest.approx(left, abs=1e-6)
    assert row.right == pytest.approx(right, abs=1e-6)
    assert "on the two sides: kink" in str(row)


def test_a_slope_outside_the_two_sides_of_a_kink_is_wrong() -> None:
    wrong = altered(TABLE["relu"], partials=lambda x, y: (1.5,))
    assert verdicts(lambda x: run(wrong, (x,)), 0.0) == ["wrong"]


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda x: ac.elu(x), 0.0, 1.0),
        (lambda x: ac.relu(x) ** 2, 0.0, 0.0),
        (lambda x: abs(x) * x, 0.0, 0.0),
        (lambda x: ac.max(x, x), 1.5, 1.0),
        (lambda x: ac.max(2.0 * x, x + x), 1.5, 2.0),
        (lambda x: ac.relu(x) - ac.relu(-x), 0.0, 1.0),
    ],
)
def test_where_both_sides_of_a_kink_agree_the_gradient_is_checked(f, x, slope) -> None:
    """relu(x) − relu(−x) is x, but its gradient by the convention relu'(0) = 0 is 0: not OK,

    and no row is to blame: two kinks cancel, which no local rule can know.
    """
    [row] = check_gradients(f, x).rows
    assert row.numeric == pytest.approx(slope, abs=1e-6)
    if row.analytic == slope:
        assert row.verdict in ("ok", "undetermined")
    else:
        assert row.verdict == "kink"
        assert row.left == row.right == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_kink_nearby_does_not_make_a_right_gradient_wrong(side: float, distance: float) -> None:
    x = 1.0 + side * distance
    for f in (lambda x: ac.relu(x - 1.0), lambda x: abs(x - 1.0), lambda x: ac.max(x, 1.0)):
        report = check_gradients(f, x)
        assert report.rows[0].verdict != "wrong", str(report)
        assert report.culprit is None
        if distance >= 1e-6:
            assert report.ok, str(report)


# --- what cannot be decided -------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 0.0 * ac.sqrt(x),
        lambda x: ac.sqrt(x) * 0.0 + x,
        lambda x: ac.flow(0.0, ac.log(x)) + 2.0 * x,
        lambda x: ac.relu(-1.0 - ac.sqrt(x)),
        lambda x: (ac.sqrt(x) - ac.sqrt(x) + 1.0) ** 0,
    ],
)
def test_zero_times_infinity_is_undetermined(f) -> None:
    report = check_gradients(f, 0.0)
    assert [row.verdict for row in report.rows] == ["undetermined"]
    assert not report.ok


@pytest.mark.parametrize(
    "f",
    [
        lambda x: ac.where(0.0, ac.sqrt(x), 3.0 * x),
        lambda x: ac.where(1.0, 3.0 * x, ac.log(x)),
        lambda x: ac.where(x + 1.0, 3.0 * x, ac.log(x) * 2.0 + x),
        lambda x: ac.where(0.0, ac.exp(1.0 / x), 3.0 * x),
    ],
)
def test_zero_times_infinity_in_the_branch_not_taken_is_no_doubt(f) -> None:
    report = check_gradients(f, 0.0)
    assert report.ok, str(report)
    assert report.rows[0].numeric == pytest.approx(3.0, rel=1e-9)


def test_a_masked_branch_that_is_also_used_elsewhere_is_undetermined() -> None:
    def f(x: Value) -> Value:
        root = ac.sqrt(x)
        return ac.where(0.0, root, 3.0 * x) + 0.0 * root

    assert verdicts(f, 0.0) == ["undetermined"]


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: ac.log(x), -1.0), (lambda x: ac.log(x), 0.0), (lambda x: 1.0 / x, 0.0),
        (lambda x: ac.sqrt(x), 0.0), (lambda x: ac.exp(x), 1000.0), (lambda x: x * inf, 1.0),
        (lambda x: x * 2.0, nan), (lambda x: x + 1.0, inf), (lambda x: ac.floor(ac.exp(x)), 1000.0),
        (lambda x: x % 0.0, 3.0), (lambda x: ac.mod(1.0, x), 0.0), (lambda x: ac.max(x, nan), 1.0),
        (lambda x: abs(x), -inf), (lambda x: x**0.5, 0.0),
    ],
)  # fmt: skip
def test_where_nothing_finite_can_be_measured_the_verdict_is_undetermined(f, x: float) -> None:
    report = check_gradients(f, x)
    assert [row.verdict for row in report.rows] == ["undetermined"]
    assert report.culprit is None


def test_a_function_lost_in_rounding_is_undetermined() -> None:
    assert verdicts(lambda x: (1e16 + x) - 1e16, 0.3) == ["undetermined"]


# --- the report -------------------------------------------------------------------------------


def test_a_report_prints_a_line_per_input() -> None:
    report = check_gradients(lambda w, x: w * x, 2.0, 3.0)
    assert isinstance(report, CheckReport)
    lines = str(report).splitlines()
    heads = [line.partition(",")[0] for line in lines]
    assert heads == ["input 0: analytic 3", "input 1: analytic 2"]
    assert all(line.endswith(": ok") for line in lines)


def test_the_function_must_return_one_value() -> None:
    with pytest.raises(TypeError, match="must return one Value, not float"):
        check_gradients(lambda x: x.data, 1.0)
    with pytest.raises(TypeError, match="must return one Value, not tuple"):
        check_gradients(lambda x: (x, x), 1.0)


def test_leaves_of_a_graph_as_it_stands_are_checked_without_touching_it() -> None:
    w, x, other = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "other")
    y = ac.tanh(w * x) * w
    w.grad = x.grad = y.grad = 42.0
    rows = check_leaves(y, [w, x, other])
    assert [row.verdict for row in rows] == ["ok", "ok", "ok"]
    assert [row.input for row in rows] == [w, x, other]
    assert (w.grad, x.grad, y.grad) == (42.0, 42.0, 42.0)
    assert (w.data, x.data) == (2.0, 3.0)


def test_a_stale_graph_is_refused() -> None:
    w = Value(2.0, "w")
    y = w * w
    w.data = 3.0
    with pytest.raises(StaleGraph, match=r"^w changed"):
        check_leaves(y, [w])


def test_inner_nodes_can_be_checked_too() -> None:
    x = Value(0.5, "x")
    inner = ac.tanh(x).named("inner")
    [row] = check_leaves(inner * inner + x, [inner])
    assert row.verdict == "ok"
    assert row.analytic == 2.0 * inner.data


# --- finite differences -----------------------------------------------------------------------


SMOOTH = [
    (math.exp, math.exp), (math.sin, math.cos), (lambda x: x * x, lambda x: 2.0 * x),
    (math.atan, lambda x: 1.0 / (1.0 + x * x)), (lambda x: 1.0 / (1.0 + x * x),
     lambda x: -2.0 * x / (1.0 + x * x) ** 2), (lambda x: 3.0 * x + 1.0, lambda x: 3.0),
]  # fmt: skip


@pytest.mark.parametrize(("f", "slope"), SMOOTH)
def test_the_error_estimate_contains_the_truth(f, slope) -> None:
    rnd = random.Random(2)
    for _ in range(200):
        x = rnd.uniform(-3.0, 3.0) * 10.0 ** rnd.randint(-9, 1)
        reach = max(1.0, abs(x)) / 16.0
        noise = 2.0**-52 * max(abs(f(t)) for t in (x - reach, x, x + reach))
        found = measure_slope(lambda t: (f(t), ()), x, noise)
        truth = slope(x)
        assert found.left is None
        assert abs(found.value - truth) <= 4.0 * found.error + 1e-300, x
        assert found.error <= 1e-7 * max(1.0, abs(truth)), x


def test_nothing_can_be_measured_where_the_function_is_not_finite() -> None:
    found = measure_slope(lambda t: (inf, ()), 1.0, 0.0)
    assert math.isnan(found.value)
    assert found.error == inf


def test_a_jump_that_is_not_announced_is_not_measured_as_a_slope() -> None:
    found = measure_slope(lambda t: (1.0 if t > 1.0 else 0.0, ()), 1.0, 0.0)
    assert not found.error < 1e-3


def test_both_sides_of_a_kink_are_measured() -> None:
    found = measure_slope(lambda t: (abs(t - 1.0) + t, (t - 1.0,)), 1.0, 0.0)
    assert found.left == pytest.approx(0.0, abs=1e-9)
    assert found.right == pytest.approx(2.0, abs=1e-9)
