"""Traces: every step's numbers against the graph's own, order, depth, laziness and cost."""

from __future__ import annotations

import gc
import math
import random
import tracemalloc
from typing import Any

import pytest

import autograd_core as ac
from autograd_core import StaleGraph, Value, trace
from autograd_core.backward import adjoints
from autograd_core.expression import (
    Application,
    Derivative,
    Expression,
    Number,
    Quantity,
    reasons_of,
)
from autograd_core.op import run
from tests.support.random_graphs import OPERATIONS, Recipe, on_values
from tests.support.work import growth

inf = math.inf


def a_graph(seed: int) -> Value:
    """A random graph with names here and there."""
    rnd = random.Random(seed)
    leaves = tuple(rnd.uniform(-2.0, 2.0) for _ in range(rnd.randint(1, 4)))
    steps = []
    for n in range(rnd.randint(1, 14)):
        name = rnd.choice([o for o in sorted(OPERATIONS) if o != "square"])
        count = len(leaves) + n
        places = tuple(
            rnd.randrange(max(0, count - rnd.choice((3, count))), count)
            for _ in range(OPERATIONS[name][0])
        )
        steps.append((name, places, round(rnd.uniform(-2.0, 2.0), 2)))
    _, nodes = on_values(Recipe(leaves, tuple(steps)))
    for i, node in enumerate(nodes):
        if node.name is None and rnd.random() < 0.4:
            node.named(f"n{i}")
    return nodes[-1]


def worked_out(e: Expression) -> float:
    match e:
        case Quantity(of=of) if of is not None:
            assert e.value == of.data
            return of.data
        case Application(op=op, operands=operands):
            return op.forward(*map(worked_out, operands))
    return e.value


def rebuilt(e: Expression, leaves: dict[Value, Value]) -> Any:
    """The formula as a graph of its own, whose leaves stand for the landmarks in it."""
    match e:
        case Quantity(of=of):
            return leaves.setdefault(of, Value(of.data))
        case Application(op=op, operands=operands):
            return run(op, tuple(rebuilt(o, leaves) for o in operands))
    return e.value


SEEDS = range(40)
DEPTHS = ["operation", "named"]


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("seed", SEEDS)
def test_forward_steps_compute_every_landmark_once_in_order(seed: int, depth: str) -> None:
    root = a_graph(seed)
    steps = trace(root, depth=depth)
    forward = list(steps.forward())
    computed = {node for node in steps.landmarks if node.is_leaf}
    for i, step in enumerate(forward):
        assert (step.id, step.sweep, step.rule) == (f"f{i + 1}", "forward", "evaluate")
        assert step.value == step.node.data
        assert step.formula == steps.formula(step.node)
        assert worked_out(step.formula) == step.formula.value == step.value
        assert _landmarks_in(step.formula) <= computed
        assert step.op is step.node.op
        computed.add(step.node)
    assert [s.node for s in forward] == [n for n in steps.landmarks if not n.is_leaf]
    assert forward[-1].node is root


def _landmarks_in(e: Expression) -> set[Value]:
    if isinstance(e, Application):
        return set().union(*map(_landmarks_in, e.operands))
    return {e.of} if isinstance(e, Quantity) else set()


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("seed", SEEDS)
def test_backward_steps_multiply_and_add_up_to_the_adjoints(seed: int, depth: str) -> None:
    root = a_graph(seed)
    steps = trace(root, depth=depth)
    exact = adjoints(root)
    backward = list(steps.backward())
    assert (backward[0].rule, backward[0].node, backward[0].total) == ("seed", root, 1.0)
    running: dict[Value, float] = {}
    done = {root}
    for i, step in enumerate(backward):
        assert (step.id, step.sweep) == (f"b{i + 1}", "backward")
        if i == 0:
            continue
        assert step.via in done, "the consumer's own derivative must be complete"
        assert step.upstream == pytest.approx(exact[step.via], rel=1e-12, abs=1e-300)
        assert step.contribution == step.value == step.upstream * step.local
        assert step.formula.value == step.contribution
        upstream, local = step.formula.operands
        assert upstream == Derivative(step.upstream, of=root, by=step.via)
        assert local == Derivative(step.local, of=step.via, by=step.node, direct=True)
        running[step.node] = running.get(step.node, 0.0) + step.contribution
        assert step.total == pytest.approx(running[step.node], rel=1e-9, abs=1e-12)
        following = backward[i + 1].node if i + 1 < len(backward) else None
        if following is not step.node:
            done.add(step.node)
            assert step.total == exact[step.node]
        alone = following is not step.node and backward[i - 1].node is not step.node
        assert step.rule == ("chain" if alone else "branch")
    assert {n for n in steps.landmarks if n in exact} == done
    assert all(steps.adjoint(n) == exact[n] for n in done)


@pytest.mark.parametrize("seed", SEEDS)
def test_direct_derivatives_are_those_of_the_formula_by_itself(seed: int) -> None:
    steps = trace(a_graph(seed))
    for node in steps.landmarks:
        if node.is_leaf:
            continue
        stand_ins: dict[Value, Value] = {}
        rebuilt(steps.formula(node), stand_ins).backward()
        direct = steps.direct(node)
        assert set(direct) == set(stand_ins)
        for landmark, (number, formula) in direct.items():
            expected = stand_ins[landmark].grad
            assert number == pytest.approx(expected, rel=1e-12, abs=1e-300)
            assert formula.value == pytest.approx(number, rel=1e-9, abs=1e-12)
            assert worked_out(formula) == formula.value


# --- what is shown ----------------------------------------------------------------------------


def names(steps) -> list[str]:
    return [
        f"{s.id} {s.node.name} {'-' if s.via is None else s.via.name} {s.value:g}" for s in steps
    ]


def test_a_worked_example() -> None:
    """L = (w·x + b − y)², by hand."""
    w, x, b, y = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "b"), Value(10.0, "y")
    p = (w * x + b).named("p")
    loss = ((p - y) ** 2).named("L")
    assert names(trace(loss)) == [
        "f1 p - 7", "f2 L - 9",
        "b1 L - 1", "b2 y L 6", "b3 p L -6", "b4 w p -18", "b5 x p -12", "b6 b p -6",
    ]  # fmt: skip
    assert [s.node.name for s in trace(loss).backward()][1:3] in (["p", "y"], ["y", "p"])


def test_at_depth_operation_every_node_is_a_step() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    y = ((w * x + 1.0) * 2.0).tanh().named("y")
    assert len(trace(y, depth="operation")) == 4 + 1 + 3 + 2
    assert len(trace(y)) == 1 + 1 + 2
    forward = trace(y, depth="operation").forward()
    assert [step.op.name for step in forward] == ["mul", "add", "mul", "tanh"]


def test_named_shared_and_long_parts_are_landmarks() -> None:
    x = Value(2.0, "x")
    shared = x * 3.0
    named = (shared + shared * shared).named("n")
    root = named * 2.0
    steps = trace(root)
    assert [steps.is_landmark(n) for n in (x, shared, named, root)] == [True] * 4
    long = x
    for i in range(60):
        long = long * 1.5 + float(i)
    landmarks = trace(long).landmarks
    assert 2 < len(landmarks) < 60


def test_formulas_stay_short_enough_to_read() -> None:
    terms = [Value(float(i), f"weight{i}") * Value(1.5, f"input{i}") for i in range(40)]
    steps = trace(ac.sum(terms))
    assert len(steps.landmarks) > 80


def test_only_ways_to_the_nodes_asked_for_are_traced() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    left = (w * w).named("left")
    right = (x * x).named("right")
    loss = (left + right).named("L")
    assert names(trace(loss, [w]).backward()) == ["b1 L - 1", "b2 left L 1", "b3 w left 4"]
    assert names(trace(loss, [right]).backward()) == ["b1 L - 1", "b2 right L 1"]
    assert names(trace(loss, []).backward()) == ["b1 L - 1"]
    assert len(list(trace(loss, []).forward())) == 3


def test_the_derivative_by_an_unnamed_node_can_be_asked_for() -> None:
    x = Value(2.0, "x")
    inner = x * 3.0
    loss = (inner + 1.0).named("L")
    steps = trace(loss, [inner])
    assert steps.adjoint(inner) == 1.0
    assert [s.node for s in steps.backward()] == [loss, inner]


def test_leaves_come_beside_the_line_they_follow_from() -> None:
    """Of the nodes that are complete together, leaves first: ∂L/∂b right after its line."""
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "b")
    inner = (x * x).named("inner")
    loss = (inner * w + b).named("L")
    assert [s.node.name for s in trace(loss).backward()] == ["L", "w", "b", "inner", "x"]


def test_further_nodes_are_shown_in_the_forward_sweep_in_the_order_wanted() -> None:
    x = Value(2.0, "x")
    aside = (x + 1.0).named("aside")
    loss = (x * x).named("L")
    steps = trace(loss, also=[aside])
    assert [s.node.name for s in steps.forward()] == ["aside", "L"]
    assert steps.adjoint(aside) == 0.0
    assert [s.node.name for s in steps.backward()] == ["L", "x"]


def test_a_leaf_alone_has_one_step() -> None:
    x = Value(2.0, "x")
    assert names(trace(x)) == ["b1 x - 1"]


def test_the_reason_of_a_branch_is_in_the_local_formula() -> None:
    x = Value(2.0, "x")
    last = trace(ac.relu(x * x).named("y"))[-1]
    assert last.local == 4.0
    [reason] = reasons_of(last.local_formula)
    assert reason.kind == "positive"
    assert reason.subject.value == 4.0


def test_a_constant_is_a_number_in_the_formula() -> None:
    x = Value(2.0, "x")
    [step] = trace((4 - 2 * x).named("y"), []).forward()
    left, right = step.formula.operands
    assert left == Number(4.0)
    assert right.operands == (Number(2.0), Quantity(2.0, of=x))


# --- the strong zero --------------------------------------------------------------------------


def test_a_zero_that_met_an_infinite_slope_is_marked() -> None:
    x = Value(0.0, "x")
    root = ac.sqrt(x).named("root")
    steps = list(trace((root * 0.0).named("y")))
    last = steps[-1]
    assert (last.node, last.local, last.upstream, last.contribution) == (x, inf, 0.0, 0.0)
    assert last.masked
    assert not any(step.masked for step in steps[:-1])


def test_a_zero_that_met_an_infinite_slope_inside_one_formula_is_marked() -> None:
    x = Value(0.0, "x")
    last = trace((ac.sqrt(x) * 0.0).named("y"))[-1]
    assert last.contribution == 0.0
    assert last.masked


def test_an_ordinary_zero_is_not_marked() -> None:
    x = Value(4.0, "x")
    assert not any(step.masked for step in trace((ac.sqrt(x).named("root") * 0.0).named("y")))


# --- access -----------------------------------------------------------------------------------


def test_steps_can_be_indexed_sliced_and_iterated_alike() -> None:
    steps = trace(a_graph(3))
    everything = list(steps)
    assert len(everything) == len(steps)
    assert [steps[i] for i in range(len(steps))] == everything
    assert steps[-1] == everything[-1]
    assert steps[1:-1:2] == everything[1:-1:2]
    assert list(steps.forward()) + list(steps.backward()) == everything
    assert list(reversed(steps)) == everything[::-1]
    with pytest.raises(IndexError, match=f"a trace of {len(steps)} steps has no step {len(steps)}"):
        steps[len(steps)]
    with pytest.raises(IndexError):
        steps[-len(steps) - 1]


def test_an_unknown_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="depth 'operation', 'named' or 'layer', not 'deep'"):
        trace(Value(1.0), depth="deep")  # type: ignore[arg-type]


def test_tracing_touches_nothing() -> None:
    root = a_graph(7)
    nodes = ac.topological_order(root)
    for node in nodes:
        node.grad = 42.0
    before = [(n.data, n.grad, n.name, n.partials, n.operands) for n in nodes]
    list(trace(root))
    list(trace(root, depth="operation"))
    assert [(n.data, n.grad, n.name, n.partials, n.operands) for n in nodes] == before


def test_a_stale_graph_is_refused() -> None:
    w = Value(1.0, "w")
    y = w * 2.0
    w.data = 5.0
    with pytest.raises(StaleGraph, match=r"^w changed"):
        trace(y)


# --- cost -------------------------------------------------------------------------------------


def _chain_with_one_weight(n: int) -> Value:
    w, y = Value(0.5, "w"), Value(1.0, "x")
    for _ in range(n):
        y = y * w + 1.0
    return y


def _wide_sum(n: int) -> Value:
    xs = [Value(float(i), f"x{i}") for i in range(n)]
    return ac.sum([x * x for x in xs])


@pytest.mark.parametrize("make", [_chain_with_one_weight, _wide_sum])
@pytest.mark.parametrize("depth", DEPTHS)
def test_making_a_trace_takes_time_in_proportion_to_the_graph(make, depth: str) -> None:
    def call(n: int):
        root = make(n)
        return lambda: trace(root, depth=depth)

    assert growth(call, 60) < 7.0


@pytest.mark.parametrize("make", [_chain_with_one_weight, _wide_sum])
@pytest.mark.parametrize("depth", DEPTHS)
def test_reading_a_trace_takes_time_in_proportion_to_its_steps(make, depth: str) -> None:
    """A weight used n times has n contributions; each step shows the sum so far."""

    def call(n: int):
        steps = trace(make(n), depth=depth)
        return lambda: list(steps)

    assert growth(call, 20) < 7.0


def test_a_trace_keeps_at_most_a_hundred_bytes_per_node() -> None:
    n = 100_000
    y = Value(1.0, "x")
    for _ in range(n):
        y = y * 1.00001
    trace(y * 2.0)  # anything made once is made here
    gc.collect()
    tracemalloc.start()
    try:
        steps = trace(y, depth="operation")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(steps) == 2 * n + 1
    assert kept / n <= 100.0
