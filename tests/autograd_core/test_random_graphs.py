"""Random graphs with shared nodes against dual numbers at 50 digits, within their condition."""

from __future__ import annotations

import math
import pickle
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from autograd_core import fold, topological_order, trace, zero_grad
from autograd_core.backward import adjoints
from tests.support.random_graphs import OPERATIONS, Dual, Recipe, on_duals, on_values

LARGEST = 1e6  # where a step would go beyond that, a tanh takes its place: no graph overflows
DISTURBANCE = 2.0**-30
ROUNDING = 2.0**-53
SAFETY = 32.0  # an operation here is up to four rounded steps; the disturbance is one sample


@st.composite
def recipes(draw) -> Recipe:
    number = st.floats(-4.0, 4.0).map(lambda x: round(x, 6))
    leaves = draw(st.lists(number, min_size=1, max_size=4))
    steps: list[tuple[str, tuple[int, ...], float]] = []
    for count in range(len(leaves), len(leaves) + draw(st.integers(1, 18))):
        name = draw(st.sampled_from(sorted(OPERATIONS)))
        # recent places more often, so that graphs grow deep; the same place twice is wanted
        place = st.integers(0, count - 1) | st.integers(max(0, count - 3), count - 1)
        places = draw(st.tuples(*[place] * OPERATIONS[name][0]))
        step = (name, places, draw(number))
        last = on_duals(Recipe(tuple(leaves), (*steps, step)))[-1]
        steps.append(step if abs(last.number) < LARGEST else ("tanh", places[:1], 0.0))
    return Recipe(tuple(leaves), tuple(steps))


def tolerances(recipe: Recipe, exact: Dual) -> tuple[float, list[float]]:
    """How far rounding may carry the last value and its slopes, measured by disturbing them."""
    rnd = random.Random(0)
    value, slopes = 0.0, [0.0] * len(recipe.leaves)
    for _ in range(4):
        other = on_duals(recipe, lambda: mp.mpf(rnd.choice((-1, 1)) * DISTURBANCE))[-1]
        value = max(value, float(abs(other.number - exact.number)))
        moved = [float(abs(a - b)) for a, b in zip(other.slopes, exact.slopes, strict=True)]
        slopes = list(map(max, slopes, moved))
    scale = SAFETY * ROUNDING / DISTURBANCE
    return scale * value, [scale * t for t in slopes]


def assert_close(got: float, expected, tolerance: float) -> None:
    assert math.isfinite(got)
    # below the smallest normal float nothing is left to compare
    allowed = tolerance + 4.0 * math.ulp(float(expected)) + 1e-290
    assert abs(mp.mpf(got) - expected) <= allowed, (got, mp.nstr(expected, 20), allowed)


@settings(derandomize=True, deadline=None, max_examples=250, database=None)
@given(recipes())
def test_gradients_of_random_graphs_are_those_of_dual_numbers(recipe: Recipe) -> None:
    leaves, nodes = on_values(recipe)
    exact = on_duals(recipe)[-1]
    value_tolerance, slope_tolerances = tolerances(recipe, exact)
    root = nodes[-1]
    root.backward()
    assert_close(root.data, exact.number, value_tolerance)
    for leaf, expected, tolerance in zip(leaves, exact.slopes, slope_tolerances, strict=True):
        assert_close(leaf.grad, expected, tolerance)


@settings(derandomize=True, deadline=None, max_examples=60, database=None)
@given(recipes(), st.randoms(use_true_random=False))
def test_the_readings_of_a_random_graph_agree(recipe: Recipe, rnd: random.Random) -> None:
    leaves, nodes = on_values(recipe)
    root = nodes[-1]
    order = topological_order(root)
    again = fold(order, lambda n, below: n.op.forward(*below) if n.op else n.data)
    assert all(again[n] == n.data for n in order)

    found = adjoints(root)
    root.backward()
    first = [leaf.grad for leaf in leaves]
    assert all(leaf.grad == found.get(leaf, 0.0) for leaf in leaves)
    assert all(n.grad == found[n] for n in order)
    root.backward()
    assert [leaf.grad for leaf in leaves] == [2.0 * g for g in first]
    zero_grad(leaves)

    for node in rnd.sample(nodes, min(2, len(nodes))):
        if node.name is None:
            node.named("chosen")
    for depth in ("operation", "named"):
        steps = trace(root, depth=depth)
        for leaf in leaves:
            if leaf in found:
                assert steps.adjoint(leaf) == found[leaf]
    copy = pickle.loads(pickle.dumps(root))
    assert [n.data for n in topological_order(copy)] == [n.data for n in order]
    copied = adjoints(copy)
    assert [copied[n] for n in topological_order(copy)] == [found[n] for n in order]


def test_every_operation_of_the_random_graphs_is_right_by_itself() -> None:
    """So that a failure above points at the engine, not at the dual numbers' own rules."""
    rnd = random.Random(1)
    for name, (count, _, on_dual) in OPERATIONS.items():
        for _ in range(5):
            numbers = [rnd.uniform(-2.0, 2.0) for _ in range(count)]
            constant = mp.mpf(rnd.uniform(-2.0, 2.0))

            def f(*xs, on_dual=on_dual, constant=constant):
                return on_dual(constant, *(Dual(x, (mp.mpf(0),)) for x in xs)).number

            with mp.workdps(50):
                duals = [
                    Dual(mp.mpf(x), tuple(mp.mpf(i == j) for j in range(count)))
                    for i, x in enumerate(numbers)
                ]
                slopes = on_dual(constant, *duals).slopes
                for i in range(count):
                    unit = tuple(int(i == j) for j in range(count))
                    measured = mp.diff(f, tuple(map(mp.mpf, numbers)), unit)
                    assert mp.almosteq(measured, slopes[i], 1e-20, 1e-20), name
