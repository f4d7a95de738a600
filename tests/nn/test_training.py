"""`fit` against descents worked out in NumPy; interruptions; numbers that are none."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from autograd_core import DomainError, Value, dot, exp, log, mse_loss, name_array, sqrt, square
from nn import MLP, History, Module, Neuron, fit
from nn.data import moons
from nn.interrupts import Interrupts


class Descent:
    """w ← w − lr·dL/dw, one parameter after the other."""

    def __init__(self, model: Module, lr: float, between: Callable[[int], Any] = id) -> None:
        self.model, self.lr, self.between = model, lr, between
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        for i, p in enumerate(self.model.parameters()):
            p.data = p.data - self.lr * p.grad
            self.between(i)

    def zero_grad(self) -> None:
        self.model.zero_grad()


class Line(Module):
    """ŷ = w·x + b for a batch (batch, inputs)."""

    def __init__(self, *weights: float) -> None:
        self.w = name_array([Value(w) for w in weights], "w")
        self.b = Value(0.0, "b")

    def forward(self, x: Any) -> Any:
        return np.array([dot(self.w, row, self.b) for row in x], dtype=object)


class Number(Module):
    """One parameter, whatever comes in."""

    def __init__(self, start: float) -> None:
        self.p = Value(start, "p")

    def forward(self, x: Any) -> Any:
        return self.p


def squared(prediction: Any, target: Any) -> Any:
    return square(prediction)


class Script:
    """An optimizer that gives the parameter one number after the other."""

    def __init__(self, model: Number, numbers: Sequence[float]) -> None:
        self.model, self.numbers = model, iter(numbers)

    def step(self) -> None:
        self.model.p.data = next(self.numbers)

    def zero_grad(self) -> None:
        self.model.zero_grad()


RNG = np.random.default_rng(1)
X = RNG.normal(size=(7, 2))
Y = X @ [2.0, -1.0] + 0.5 + 0.1 * RNG.normal(size=7)
ONE = np.zeros((1, 1)), np.zeros(1)


def numbers(model: Module) -> list[float]:
    return [p.data for p in model.parameters()]


def descend(parts: Sequence[tuple[Any, Any]], lr: float) -> tuple[list[float], list[float]]:
    """The same in NumPy: the mean squared error of a line; its parameters and the losses."""
    w, losses = np.zeros(3), []
    for x, y in parts:
        ones = np.column_stack([x, np.ones(len(x))])
        error = ones @ w - y
        losses.append(float(np.mean(error**2)))
        w -= lr * 2.0 * ones.T @ error / len(x)
    return w.tolist(), losses


def recording(parts: list[tuple[Any, Any]]) -> tuple[Module, Any]:
    """A line and a loss that notes the batches it is asked about."""
    line, seen = Line(0.0, 0.0), []
    line.register = seen  # type: ignore[attr-defined]

    def loss(prediction: Any, target: Any) -> Any:
        chosen = [int(np.flatnonzero(t == Y)[0]) for t in target]
        parts.append((X[chosen], Y[chosen]))
        return mse_loss(prediction, target)

    return line, loss


# --- the descent --------------------------------------------------------------------------------


@pytest.mark.system("S003-20", "S003-21", "S003-22", "S004-13")
@pytest.mark.parametrize("size", [None, 1, 3, 7, 100])
@pytest.mark.parametrize("shuffle", [True, False])
def test_batches_and_updates(size: int | None, shuffle: bool) -> None:
    parts: list[tuple[Any, Any]] = []
    line, loss = recording(parts)
    history = fit(line, loss, (X, Y), Descent(line, 0.1), 4, size, shuffle=shuffle, seed=3)
    count = -(-7 // (size or 7))
    assert len(parts) == 4 * count
    weights, losses = descend(parts, 0.1)
    assert numbers(line) == pytest.approx(weights, rel=1e-12)
    assert history.batch_loss == pytest.approx(losses, rel=1e-12)
    epochs = [parts[i : i + count] for i in range(0, len(parts), count)]
    for epoch, mean in zip(epochs, history.loss, strict=True):
        rows = [tuple(row) for x, _ in epoch for row in x]
        assert sorted(rows) == sorted(map(tuple, X))  # every example once
        if not shuffle or size is None:
            assert rows == [*map(tuple, X)]
        each = history.batch_loss[: len(epoch)]
        del history.batch_loss[: len(epoch)]
        weighted = sum(n * len(x) for n, (x, _) in zip(each, epoch, strict=True)) / 7
        assert mean == pytest.approx(weighted, rel=1e-12)
    assert history.stopped == "epochs"
    assert history.epochs == 4


def test_a_mutated_gradient_is_seen() -> None:
    parts: list[tuple[Any, Any]] = []
    line, loss = recording(parts)
    fit(line, lambda p, t: loss(p, t) * 1.001, (X, Y), Descent(line, 0.1), 4, 3, seed=3)
    weights, _ = descend(parts, 0.1)
    assert numbers(line) != pytest.approx(weights, rel=1e-6)


def test_shuffling_by_seed() -> None:
    def order(seed: int | None) -> list[float]:
        parts: list[tuple[Any, Any]] = []
        line, loss = recording(parts)
        fit(line, loss, (X, Y), Descent(line, 0.1), 2, 2, seed=seed)
        return [t for _, y in parts for t in y]

    first = order(1)
    assert order(1) == first != order(2)
    assert first[:7] != first[7:]
    random.seed(1)
    assert order(None) == first


def test_one_example_at_a_time_for_micrograds_networks() -> None:
    x, y = moons(10, seed=1)
    random.seed(4)
    model = MLP(2, [3, 1])
    random.seed(4)
    by_hand = MLP(2, [3, 1])
    history = fit(model, mse_loss, (x, y), Descent(model, 0.1), 3, one_by_one=True)
    for _ in range(3):
        loss = mse_loss([by_hand(row) for row in x.tolist()], y)
        by_hand.zero_grad()
        loss.backward()
        Descent(by_hand, 0.1).step()
    assert numbers(model) == numbers(by_hand)
    assert history.loss[-1] == loss.data
    pairs = Neuron(2), MLP(2, [3, 2])
    for network, target in zip(pairs, (y, np.column_stack([y, 1 - y])), strict=True):
        fit(network, mse_loss, (x, target), Descent(network, 0.1), one_by_one=True)


# --- validation, stopping -----------------------------------------------------------------------


def test_validation_is_a_look_and_no_more() -> None:
    modes: list[tuple[bool, bool]] = []

    class Watched(Line):
        def forward(self, x: Any) -> Any:
            output = super().forward(x)
            modes.append((self.training, output[0].is_leaf))
            return output

    model, plain = Watched(0.0, 0.0), Line(0.0, 0.0)
    held_out = X[:3] + 1.0, Y[:3]
    descent = Descent(model, 0.1)
    history = fit(model, mse_loss, (X, Y), descent, 2, 4, shuffle=False, validation=held_out)
    assert modes == [(True, False), (True, False), (False, True)] * 2  # no graph to validate
    assert descent.steps == 4
    without = fit(plain, mse_loss, (X, Y), Descent(plain, 0.1), 2, 4, shuffle=False)
    assert numbers(model) == numbers(plain)
    assert history.loss == without.loss
    assert without.validation_loss == []
    w, b = np.array(numbers(model)[:2]), numbers(model)[2]
    expected = np.mean((held_out[0] @ w + b - held_out[1]) ** 2)
    assert history.validation_loss[-1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("validation", [ONE, None])
def test_early_stopping_goes_back_to_the_best(validation: Any) -> None:
    model = Number(5.0)
    script = Script(model, [3.0, 1.0, 2.0, -1.5, 0.0])
    history = fit(model, squared, ONE, script, 9, validation=validation, patience=2)
    assert history.stopped == "early stopping"
    if validation is None:  # judged by the loss before each step: 25, 9, 1, 4, 2.25
        assert history.loss == [25.0, 9.0, 1.0, 4.0, 2.25]
        assert (history.best_epoch, model.p.data) == (3, 2.0)
    else:
        assert history.validation_loss == [9.0, 1.0, 4.0, 2.25]
        assert (history.best_epoch, model.p.data) == (2, 1.0)


def test_the_best_also_where_the_epochs_run_out() -> None:
    model = Number(5.0)
    history = fit(model, squared, ONE, Script(model, [1.0, 2.0]), 2, validation=ONE, patience=5)
    assert (history.stopped, history.best_epoch, model.p.data) == ("epochs", 1, 1.0)
    free = Number(5.0)
    fit(free, squared, ONE, Script(free, [1.0, 2.0]), 2, validation=ONE)
    assert free.p.data == 2.0


def test_progress_of_less_than_min_delta_is_none() -> None:
    steps = [2.0, 1.99, 1.98, 1.97]
    model = Number(5.0)
    history = fit(
        model, squared, ONE, Script(model, steps), 9, validation=ONE, patience=2, min_delta=0.5
    )
    assert (history.epochs, history.best_epoch, model.p.data) == (3, 1, 2.0)


def test_callbacks() -> None:
    seen = []
    model = Line(0.0, 0.0)

    def note(history: History) -> None:
        seen.append((history.epochs, model.training))

    stop = fit(
        model, mse_loss, (X, Y), Descent(model, 0.1), 9,
        callbacks=[lambda history: history.epochs == 3, note],
    )  # fmt: skip
    assert seen == [(1, False), (2, False), (3, False)]
    assert stop.stopped == "callback"


def test_modules_are_left_in_their_modes() -> None:
    class Pair(Module):
        def __init__(self) -> None:
            self.first, self.second = Line(0.0, 0.0), Line(1.0, 1.0)

        def forward(self, x: Any) -> Any:
            return self.first(x) + self.second(x)

    model = Pair()
    model.second.train(False)
    fit(model, mse_loss, (X, Y), Descent(model, 0.1))
    assert [m.training for m in model.modules()] == [True, True, False]


# --- Ctrl-C -------------------------------------------------------------------------------------


def ctrl_c(*_: Any) -> None:
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_inside_an_update_waits_for_its_end() -> None:
    line, plain = Line(0.0, 0.0), Line(0.0, 0.0)
    third = iter([id] * 7 + [ctrl_c])
    descent = Descent(line, 0.1, between=lambda i: next(third, id)(i))
    history = fit(line, mse_loss, (X, Y), descent, 9, shuffle=False)
    fit(plain, mse_loss, (X, Y), Descent(plain, 0.1), 3, shuffle=False)
    assert history.stopped == "interrupted"
    assert numbers(line) == numbers(plain)
    assert history.epochs == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_check_sees_a_torn_update(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def heedless(self: Interrupts) -> Iterator[None]:
        yield

    monkeypatch.setattr(Interrupts, "held", heedless)
    line, plain = Line(0.0, 0.0), Line(0.0, 0.0)
    fit(line, mse_loss, (X, Y), Descent(line, 0.1, between=ctrl_c))
    fit(plain, mse_loss, (X, Y), Descent(plain, 0.1))
    assert numbers(line)[0] == numbers(plain)[0]
    assert numbers(line)[1] != numbers(plain)[1]


def test_ctrl_c_outside_an_update_changes_nothing() -> None:
    line, calls = Line(0.0, 0.0), [0]

    def loss(prediction: Any, target: Any) -> Any:
        calls[0] += 1
        if calls[0] == 4:
            ctrl_c()
        return mse_loss(prediction, target)

    plain = Line(0.0, 0.0)
    history = fit(line, loss, (X, Y), Descent(line, 0.1), 9)
    before = fit(plain, mse_loss, (X, Y), Descent(plain, 0.1), 3)
    assert (history.stopped, history.loss) == ("interrupted", before.loss)
    assert numbers(line) == numbers(plain)
    assert line.training


class Together(Module):
    """Many parameters that an update moves together."""

    def __init__(self) -> None:
        self.p = [Value(0.0) for _ in range(300)]

    def forward(self, x: Any) -> Any:
        return self.p[0]


@pytest.mark.parametrize("seed", range(5))
def test_ctrl_c_at_any_moment(seed: int) -> None:
    model = Together()

    class Count(Descent):
        def step(self) -> None:
            for p in model.p:
                p.data += 1.0

    delay = random.Random(seed).uniform(0.01, 0.05)
    main = os.getpid()
    timer = threading.Timer(delay, lambda: os.kill(main, signal.SIGINT))
    timer.start()
    history = fit(model, squared, ONE, Count(model, 0.0), 10**6)
    timer.join()
    assert history.stopped == "interrupted"
    assert len(set(numbers(model))) == 1
    assert numbers(model)[0] - history.epochs in (0.0, 1.0)


# --- numbers that are none ----------------------------------------------------------------------


class Broken(Module):
    """A function of one named parameter inside a layer."""

    def __init__(self, start: float, function: Callable[[Any], Any]) -> None:
        self.inner = Number(start)
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(self.inner(x))


@pytest.mark.parametrize(
    ("start", "function", "operation", "message"),
    [
        (-1.0, lambda p: log(p) + 1.0, "log", r"^epoch 1, batch 1: log\(p\) is not a number at"),
        (1e3, lambda p: exp(p), "exp", r"exp\(p\) is infinite at p = 1000"),
        (0.0, lambda p: sqrt(p) * 2.0, "sqrt", "the derivative of sqrt in operand 1 is inf"),
    ],
)
def test_the_first_node_that_went_wrong_is_named(
    start: float, function: Callable[[Any], Any], operation: str, message: str
) -> None:
    model = Broken(start, function)
    with pytest.raises(DomainError, match=message) as caught:
        fit(model, lambda p, t: p, ONE, Descent(model, 0.1))
    assert caught.value.operation == operation
    assert isinstance(caught.value.node, Value)
    assert caught.value.node.op is not None
    assert caught.value.node.op.name == operation
    assert numbers(model) == [start]
    assert model.inner.p.grad == 0.0
    assert model.training


def test_the_batch_and_the_layer_are_named() -> None:
    class Logs(Module):
        def forward(self, x: Any) -> Any:
            return log(x)

    class Net(Module):
        def __init__(self) -> None:
            self.line, self.logs = Line(1.0), Logs()

        def forward(self, x: Any) -> Any:
            return self.logs(self.line(x))

    net = Net()
    data = np.array([[1.0], [2.0], [-3.0], [4.0]]), np.zeros(4)
    with pytest.raises(DomainError, match=r"epoch 1, batch 2: logs, log\(-3\) is not a number"):
        fit(net, mse_loss, data, Descent(net, 0.0), batch_size=2, shuffle=False)
    held_out = np.array([[-1.0]]), np.zeros(1)
    safe = data[0][:2], data[1][:2]
    with pytest.raises(DomainError, match=r"validation after epoch 1: logs, log\("):
        fit(net, mse_loss, safe, Descent(net, 0.0), validation=held_out)


def test_an_update_that_overflows_is_taken_back() -> None:
    model = Number(1.0)
    with pytest.raises(DomainError, match=r"epoch 2, batch 1: in the update p becomes inf: .* lr"):
        fit(model, squared, ONE, Script(model, [2.0, float("inf")]), 3)
    assert model.p.data == 2.0


def test_chance_is_repeated_where_it_is_pythons() -> None:
    def risky(p: Any) -> Any:
        return log(p - 1.0) if random.random() < 0.5 else p * p

    random.seed(1)
    model = Broken(0.5, risky)
    with pytest.raises(DomainError, match=r"log\("):
        fit(model, lambda p, t: p, ONE, Descent(model, 0.0), 100)


def test_other_chance_is_said() -> None:
    turns = iter([-1.0, 1.0])
    model = Broken(1.0, lambda p: log(p * next(turns)))
    with pytest.raises(DomainError, match="left to chance"):
        fit(model, lambda p, t: p, ONE, Descent(model, 0.0))


# --- arguments ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"data": X}, ValueError, r"data is a pair \(x, y\)"),
        ({"data": (X, Y[:3])}, ValueError, r"got shapes \(7, 2\) and \(3,\)"),
        ({"data": (X * np.nan, Y)}, ValueError, r"x\[0, 0\] of data is nan"),
        ({"validation": (X, Y * np.inf)}, ValueError, r"y\[0\] of validation is"),
        ({"epochs": 0}, ValueError, "fit: epochs is at least 1; got 0"),
        ({"batch_size": 2.5}, TypeError, "batch_size is a whole number"),
        ({"patience": 0}, ValueError, "patience is at least 1"),
        ({"min_delta": -1.0}, ValueError, "min_delta is not negative"),
        (
            {"loss": lambda p, t: mse_loss(p, t, "none")},
            TypeError,
            r'an array of shape \(7,\): reduction="mean"',
        ),
        ({"loss": lambda p, t: 3.0}, TypeError, "got 3.0, which carries no gradient"),
        ({"loss": mse_loss, "data": (X, X)}, ValueError, "predictions 7 and targets 7×2"),
    ],
)
def test_errors(arguments: Any, error: type[Exception], message: str) -> None:
    line = Line(0.0, 0.0)
    settings = {"loss": mse_loss, "data": (X, Y), "optimizer": Descent(line, 0.1)}
    with pytest.raises(error, match=message):
        fit(line, **{**settings, **arguments})


def test_the_record_can_be_drawn() -> None:
    from viz import plot_loss

    line = Line(0.0, 0.0)
    history = fit(line, mse_loss, (X, Y), Descent(line, 0.1), 3, validation=(X, Y))
    picture = plot_loss(history.loss, history.validation_loss, labels=["training", "validation"])
    drawn = [list(curve.get_ydata()) for curve in picture.axes[0].lines]
    assert history.loss in drawn
    assert history.validation_loss in drawn


def test_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    line = Line(0.0, 0.0)
    fit(line, mse_loss, (X, Y), Descent(line, 0.1), 3)
    assert capfd.readouterr() == ("", "")
    fit(line, mse_loss, (X, Y), Descent(line, 0.1), 3, progress=True)
    assert "epoch 3, loss" in capfd.readouterr().err
