"""The learning rule against traces worked out by hand, Novikoff's bound, and a gradient step."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, dot, relu
from nn import Perceptron

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOR": [1, 0, 0, 0]}
XOR = [0, 1, 1, 0]


def state(unit: Perceptron) -> tuple[float, ...]:
    return tuple(p.data for p in unit.parameters())


@pytest.mark.system("S003-06")
def test_and_with_the_threshold_trained() -> None:
    """From w = (1, 1), θ = 2.5, firing at equality: two updates, then a clean pass."""
    unit = Perceptron(2, weights=[1, 1], threshold=2.5, at_zero=1)
    history = unit.fit([[0, 1], [1, 1], [0, 0], [1, 0]], [0, 1, 0, 0])
    assert history.weights == [(1, 1, -2.5), (2, 2, -1.5), (1, 2, -2.5)]
    assert state(unit) == (1, 2, -2.5)
    assert (history.converged, history.epochs, history.updates) == (True, 2, 2)
    assert history.mistakes == [2, 0]
    assert history.verdict() == "converged in 2 epochs with 2 updates"


@pytest.mark.system("S003-07", "S003-08")
def test_and_with_the_threshold_kept() -> None:
    """By hand: z before each example, the weights after it."""
    unit = Perceptron(2, weights=[1, 1], threshold=2.5, at_zero=1)
    samples = [[0, 1], [1, 1], [0, 0], [1, 0], [1, 1]]
    history = unit.fit(samples, [0, 1, 0, 0, 1], train_bias=False, epochs=1)
    assert [visit.z for visit in history.visits] == [-1.5, -0.5, -2.5, -0.5, 1.5]
    after = [history.weights[visit.state][:2] for visit in history.visits]
    assert after == [(1, 1), (2, 2), (2, 2), (2, 2), (2, 2)]
    assert [visit.mistake for visit in history.visits] == [False, True, False, False, False]
    assert unit.threshold == 2.5
    assert [z.data for z in unit.decision_function(CORNERS)] == [-2.5, -0.5, -0.5, 1.5]
    assert unit.predict(CORNERS).tolist() == [0, 0, 0, 1]


@pytest.mark.system("S003-09")
def test_and_by_the_library_rule() -> None:
    """From zero, an update wherever y·z ≤ 0: the trace of scikit-learn without shuffling."""
    unit = Perceptron(2)
    history = unit.fit(CORNERS, GATES["AND"], margin=0.0)
    trace = [
        (0, 0, -1), (1, 1, 0), (1, 1, -1), (1, 0, -2), (2, 1, -1), (2, 0, -2), (1, 0, -3),
        (2, 1, -2), (1, 1, -3), (2, 2, -2), (2, 1, -3), (3, 2, -2), (3, 1, -3), (2, 1, -4),
        (3, 2, -3), (2, 2, -4), (3, 3, -3), (3, 2, -4),
    ]  # fmt: skip
    assert history.weights == [(0, 0, 0), *trace]
    assert (history.epochs, history.updates) == (9, 18)
    assert unit.predict(CORNERS).tolist() == [0, 0, 0, 1]


@pytest.mark.system("S003-09")
@pytest.mark.parametrize(
    ("gate", "learnt", "updates"),
    [("OR", (2, 2, -1), 9), ("NAND", (-3, -2, 4), 18), ("NOR", (-2, -2, 1), 9)],
)
def test_other_gates_by_the_library_rule(
    gate: str, learnt: tuple[float, ...], updates: int
) -> None:
    unit = Perceptron(2)
    history = unit.fit(CORNERS, GATES[gate], margin=0.0, epochs=200)
    assert state(unit) == learnt
    assert (history.converged, history.updates) == (True, updates)


@pytest.mark.system("S003-09")
def test_exclusive_or_never_converges() -> None:
    unit = Perceptron(2)
    history = unit.fit(CORNERS, XOR, margin=0.0, epochs=200)
    assert (history.converged, history.epochs, history.updates) == (False, 200, 800)
    assert state(unit) == (0, 0, 0)
    assert history.cycle == (1, 2)
    assert history.verdict() == (
        "not converged in 200 epochs: the classes are not linearly separable\n"
        "(epoch 2 begins with the weights of epoch 1)"
    )
    assert history.separation.multipliers == (0.25,) * 4


def test_too_few_epochs_is_not_inseparable() -> None:
    history = Perceptron(2).fit(CORNERS, GATES["AND"], epochs=2)
    assert not history.converged
    assert history.verdict().startswith("not converged in 2 epochs: the classes are linearly sep")


def test_kept_at_zero_the_bias_can_make_it_impossible() -> None:
    """(0, 0) is on the boundary of every line through the origin."""
    history = Perceptron(2).fit(CORNERS, GATES["NOR"], train_bias=False, epochs=20)
    assert not history.converged
    assert "not linearly separable" in history.verdict()
    assert Perceptron(2).fit(CORNERS, GATES["NOR"]).converged


@pytest.mark.parametrize("table", list(itertools.product((0, 1), repeat=4)))
@pytest.mark.parametrize("order", ["given", "shuffled", "random"])
@pytest.mark.parametrize("batch", [False, True])
def test_every_gate_of_two_inputs(table: tuple[int, ...], order: Any, batch: bool) -> None:
    unit = Perceptron(2)
    history = unit.fit(CORNERS, table, order=order, batch=batch, seed=5, epochs=300)
    possible = list(table) not in ([0, 1, 1, 0], [1, 0, 0, 1])
    assert history.converged is possible
    assert (unit.predict(CORNERS).tolist() == list(table)) is possible
    if not possible:
        assert not history.separation.separable


@pytest.mark.parametrize("labels", [(-1, 1), ("N", "P"), (1, 0), (False, True)])
def test_labels_change_nothing_but_their_names(labels: tuple[Any, Any]) -> None:
    plain, other = Perceptron(2), Perceptron(2, labels=labels)
    first = plain.fit(CORNERS, GATES["AND"])
    second = other.fit(CORNERS, [labels[up] for up in GATES["AND"]])
    assert first.weights == second.weights
    assert other.predict(CORNERS).tolist() == [labels[up] for up in GATES["AND"]]


def test_the_step_at_zero_decides_the_first_mistake() -> None:
    """At zero weights every example is on the boundary."""
    for at_zero, label in itertools.product((0, 1), repeat=2):
        history = Perceptron(1, at_zero=at_zero).fit([[1.0]], [label], epochs=1)
        assert history.visits[0].mistake == (at_zero != label)


def test_from_zero_the_rate_scales_the_weights() -> None:
    one, half = Perceptron(2), Perceptron(2)
    fast = one.fit(CORNERS, GATES["AND"], margin=0.0)
    slow = half.fit(CORNERS, GATES["AND"], margin=0.0, lr=0.5)
    assert slow.weights == [tuple(0.5 * w for w in weights) for weights in fast.weights]


def test_a_batch_is_one_update_by_the_sum() -> None:
    """From zero AND misses only (1, 1); then three false positives are taken off together."""
    history = Perceptron(2).fit(CORNERS, GATES["AND"], batch=True, epochs=2)
    assert history.weights == [(0, 0, 0), (1, 1, 1), (0, 0, -2)]
    assert history.mistakes == [1, 3]
    assert [visit.state for visit in history.visits] == [0] * 4 + [1] * 4


@given(st.data())
def test_an_update_is_a_gradient_step(data: st.DataObject) -> None:
    """Of max(0, −y·(w·x + b)) where that is positive: w ← w − η·slope, by the graph."""
    n = data.draw(st.integers(2, 4))
    number = st.floats(-3, 3).filter(lambda v: abs(v) > 1e-3)
    vector = st.lists(number, min_size=n, max_size=n)
    w, x, b, lr = data.draw(vector), data.draw(vector), data.draw(number), 0.3
    up = data.draw(st.sampled_from([0, 1]))
    weights, bias = [Value(v) for v in w], Value(b)
    loss = relu((1.0 - 2.0 * up) * dot(weights, x, bias))
    loss.backward()
    history = Perceptron(n, weights=w, bias=b).fit([x], [up], lr=lr, epochs=1)
    expected = [p.data - lr * p.grad for p in (*weights, bias)]
    assert history.weights[-1] == pytest.approx(tuple(expected), rel=1e-13, abs=1e-13)
    assert history.visits[0].mistake == (loss.data > 0.0)


@given(st.integers(0, 10**6), st.sampled_from(["given", "shuffled", "random"]))
def test_novikoffs_bound(seed: int, order: Any) -> None:
    """At most (R/γ)² updates from zero, for any unit vector that separates with margin γ."""
    draw = random.Random(seed)
    n = draw.randint(2, 4)
    truth = [draw.gauss(0, 1) for _ in range(n + 1)]
    size = math.hypot(*truth)
    points, labels, margins = [], [], []
    while len(points) < 20:
        x = [draw.uniform(-1, 1) for _ in range(n)]
        z = sum(a * c for a, c in zip(truth, [*x, 1.0], strict=True)) / size
        if abs(z) > 0.2:
            points.append(x)
            labels.append(int(z > 0))
            margins.append(abs(z))
    bound = (max(math.hypot(*x, 1.0) for x in points) / min(margins)) ** 2
    unit = Perceptron(n)
    history = unit.fit(points, labels, order=order, seed=seed)
    assert history.converged
    assert history.updates <= bound
    assert unit.accuracy(points, labels) == 1.0


@given(st.integers(0, 10**6))
def test_converged_and_exact_decision_agree(seed: int) -> None:
    draw = random.Random(seed)
    x = [[draw.randint(-2, 2), draw.randint(-2, 2)] for _ in range(draw.randint(2, 7))]
    y = [draw.randint(0, 1) for _ in x]
    history = Perceptron(2).fit(x, y, epochs=400)
    assert history.converged == history.separation.separable
    assert (history.cycle is None) or not history.separation.separable


def test_a_margin_is_kept() -> None:
    unit = Perceptron(2)
    history = unit.fit(CORNERS, GATES["AND"], margin=2.0)
    assert history.converged
    sums = [z.data for z in unit.decision_function(CORNERS)]
    assert min(z if up else -z for z, up in zip(sums, GATES["AND"], strict=True)) > 2.0


@pytest.mark.parametrize("order", ["shuffled", "random"])
def test_seeds(order: Any) -> None:
    x = [[math.sin(i), math.cos(3 * i)] for i in range(12)]
    y = [int(a + b > 0.1) for a, b in x]
    runs = [Perceptron(2).fit(x, y, order=order, seed=s, epochs=5) for s in (1, 1, 2)]
    orders = [[visit.example for visit in run.visits] for run in runs]
    assert orders[0] == orders[1] != orders[2]
    random.seed(1)
    again = Perceptron(2).fit(x, y, order=order, epochs=5)
    assert [visit.example for visit in again.visits] == orders[0]
    if order == "shuffled":
        assert sorted(orders[0][:12]) == list(range(12))
        assert orders[0][:12] != orders[0][12:24]


def test_numpy_data() -> None:
    unit = Perceptron(2)
    assert unit.fit(np.array(CORNERS, float), np.array(GATES["OR"])).converged
    assert unit.predict(np.array(CORNERS)).tolist() == GATES["OR"]


@pytest.mark.oracle
@pytest.mark.parametrize("gate", [*GATES])
def test_scikit_learn_without_shuffling(gate: str) -> None:
    from sklearn.linear_model import Perceptron as Peer

    peer = Peer(shuffle=False, tol=None, max_iter=100).fit(CORNERS, GATES[gate])
    unit = Perceptron(2)
    unit.fit(CORNERS, GATES[gate], margin=0.0)
    assert state(unit) == (*peer.coef_[0], *peer.intercept_)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Perceptron(2, weights=[1.0]), "expected 2 weights; got 1"),
        (lambda: Perceptron(2).fit([0, 1], [0, 1]), r"examples \(batch, 2\)"),
        (lambda: Perceptron(2).fit(CORNERS, [0, 1]), "and 2 labels"),
        (lambda: Perceptron(2).fit(CORNERS, [0, 1, -1, 1]), r"y\[2\] is -1.*labels="),
        (lambda: Perceptron(2).fit(CORNERS, XOR, lr=0.0), "learning rate, is positive"),
        (lambda: Perceptron(2).fit(CORNERS, XOR, lr=math.nan), "learning rate, is positive"),
        (lambda: Perceptron(2).fit(CORNERS, XOR, epochs=0), "epochs is at least 1"),
        (lambda: Perceptron(2).fit(CORNERS, XOR, order="backwards"), "order is"),  # type: ignore[arg-type]
        (lambda: Perceptron(2).fit(CORNERS, XOR, margin=-1.0), "margin is"),
        (lambda: Perceptron(1).fit([[math.inf]], [1]), "finite"),
        (lambda: Perceptron(1).fit([[1e308], [-1e308]], [1, 0], lr=10.0), "smaller lr"),
    ],
)
def test_errors(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
