"""`fit` with the optimizers of `nn.optim` and the schedules: PyTorch's loop, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn import History, Linear, Sequential, Tanh, fit, mse_loss, optim, schedules
from tests.support.against_torch import torch
from tests.support.modules import double

RNG = np.random.default_rng(7)
X = RNG.normal(size=(7, 2))
Y = np.tanh(X @ [[1.5], [-1.0]]) + 0.3
HELD_OUT = RNG.normal(size=(4, 2)), RNG.normal(size=(4, 1))
EPOCHS, SIZE = 6, 3


def pair() -> tuple[Sequential, Any]:
    """The same small net twice."""
    t = torch().nn
    ours = Sequential(Linear(2, 3, seed=1), Tanh(), Linear(3, 1, seed=2))
    return ours, double(t.Sequential(t.Linear(2, 3), t.Tanh(), t.Linear(3, 1)), ours)


def pytorchs_loop(net: Any, optimizer: Any, after: Callable[[float], Any]) -> list[float]:
    """Mini-batches in order; `after` gets the validation loss of each epoch. Their list."""
    t = torch()
    data, held_out = (tuple(map(t.tensor, pair)) for pair in ((X, Y), HELD_OUT))
    seen = []
    for _ in range(EPOCHS):
        for start in range(0, len(X), SIZE):
            x, y = (part[start : start + SIZE] for part in data)
            optimizer.zero_grad()
            t.nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
        seen.append(t.nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        after(seen[-1])
    return seen


def same_numbers(ours: Sequential, theirs: Any) -> None:
    for name, tensor in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[name], tensor.numpy(), rtol=1e-10)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
        ("Adagrad", {"lr": 0.1, "lr_decay": 0.01}),
        ("RMSprop", {"lr": 0.01, "centered": True}),
        ("Adadelta", {"lr": 1.0}),
        ("Adam", {"lr": 0.05, "amsgrad": True}),
        ("AdamW", {"lr": 0.05, "weight_decay": 0.1}),
    ],
)
def test_every_optimizer_with_a_schedule(name: str, options: dict[str, Any]) -> None:
    ours, theirs = pair()
    optimizer = getattr(optim, name)(ours.parameters(), **options)
    schedule = schedules.ExponentialLR(optimizer, gamma=0.7)
    history = fit(
        ours, mse_loss, (X, Y), optimizer, EPOCHS, SIZE, shuffle=False, validation=HELD_OUT,
        callbacks=[lambda history: schedule.step()],
    )  # fmt: skip
    t = torch().optim
    peer = getattr(t, name)(theirs.parameters(), **options)
    rates = t.lr_scheduler.ExponentialLR(peer, gamma=0.7)
    seen = pytorchs_loop(theirs, peer, lambda loss: rates.step())
    same_numbers(ours, theirs)
    np.testing.assert_allclose(history.validation_loss, seen, rtol=1e-10)
    assert schedule.get_last_lr() == pytest.approx(rates.get_last_lr(), rel=1e-12)


@pytest.mark.oracle
def test_a_rate_that_falls_on_a_plateau() -> None:
    """Better means by 15 %, so the rate falls in some epochs and stays in others."""
    ours, theirs = pair()
    optimizer = optim.SGD(ours.parameters(), lr=0.1)
    schedule = schedules.ReduceLROnPlateau(optimizer, factor=0.5, patience=0, threshold=0.15)
    rates: list[float] = []

    def judge(history: History) -> None:
        schedule.step(history.validation_loss[-1])
        rates.extend(schedule.get_last_lr())

    fit(
        ours, mse_loss, (X, Y), optimizer, EPOCHS, SIZE, shuffle=False, validation=HELD_OUT,
        callbacks=[judge],
    )  # fmt: skip
    t = torch().optim
    peer = t.SGD(theirs.parameters(), lr=0.1)
    peers = t.lr_scheduler.ReduceLROnPlateau(peer, factor=0.5, patience=0, threshold=0.15)
    expected: list[float] = []

    def follow(loss: float) -> None:
        peers.step(loss)
        expected.append(peer.param_groups[0]["lr"])

    pytorchs_loop(theirs, peer, follow)
    assert rates == expected
    assert 1 < len(set(rates)) < EPOCHS
    same_numbers(ours, theirs)


def test_early_stopping_goes_back_but_an_interrupt_does_not() -> None:
    """Trained too fast: the best epoch is the first. Ctrl-C keeps what the last update left."""

    def trained(*callbacks: Any) -> tuple[Sequential, History]:
        net = Sequential(Linear(2, 1, seed=3))
        optimizer = optim.SGD(net.parameters(), lr=2.0)
        target = X @ [[1.0], [1.0]]
        return net, fit(
            net, mse_loss, (X, target), optimizer, 4, validation=(X, target), patience=9,
            callbacks=callbacks,
        )  # fmt: skip

    states: list[Any] = []

    def interrupt(history: History) -> None:
        if history.epochs == 3:
            raise KeyboardInterrupt

    back, whole = trained()
    kept, cut = trained(lambda history: states.append(history.epochs), interrupt)
    assert (whole.best_epoch, cut.best_epoch, cut.stopped) == (1, 1, "interrupted")
    assert states == [1, 2, 3]
    assert back.state_dict()["0.weight"].tolist() != kept.state_dict()["0.weight"].tolist()
    error = np.mean((X @ kept.state_dict()["0.weight"].T - X @ [[1.0], [1.0]]) ** 2)
    assert error > whole.validation_loss[0]
