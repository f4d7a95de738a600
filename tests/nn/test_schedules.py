"""Schedules against torch.optim.lr_scheduler, epoch by epoch, for two groups."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd_core import Value
from nn import optim, schedules
from tests.support.against_torch import torch

EPOCHS = 30
RATES = (0.5, 0.02)


def optimizer() -> optim.SGD:
    groups = [{"params": [Value(1.0)], "lr": rate} for rate in RATES]
    return optim.SGD(groups)


def reference() -> Any:
    t = torch()
    return t.optim.SGD([{"params": [t.zeros(1, requires_grad=True)], "lr": r} for r in RATES])


Make = Callable[[Any, Any], Any]  # (module of schedules, optimizer) -> schedule
MADE: dict[str, Make] = {
    "StepLR": lambda m, o: m.StepLR(o, 4, gamma=0.3),
    "StepLR of every epoch": lambda m, o: m.StepLR(o, step_size=1),
    "MultiStepLR": lambda m, o: m.MultiStepLR(o, [3, 10, 10, 12], gamma=0.5),
    "MultiStepLR unsorted": lambda m, o: m.MultiStepLR(o, [12, 3]),
    "ExponentialLR": lambda m, o: m.ExponentialLR(o, 0.9),
    "CosineAnnealingLR": lambda m, o: m.CosineAnnealingLR(o, 7),
    "CosineAnnealingLR above 0": lambda m, o: m.CosineAnnealingLR(o, T_max=12, eta_min=0.01),
    "LinearLR": lambda m, o: m.LinearLR(o),
    "LinearLR down": lambda m, o: m.LinearLR(o, 1.0, end_factor=0.25, total_iters=11),
    "LambdaLR": lambda m, o: m.LambdaLR(o, lambda t: 1.0 / (1.0 + t)),
    "LambdaLR for each": lambda m, o: m.LambdaLR(o, [lambda t: 0.9**t, lambda t: 1.0 + t]),
    "warm-up and cosine": lambda m, o: m.SequentialLR(
        o, [m.LinearLR(o, 0.1, total_iters=5), m.CosineAnnealingLR(o, 20)], milestones=[5]
    ),
    "three in a row": lambda m, o: m.SequentialLR(
        o,
        [m.LinearLR(o, 0.2, total_iters=3), m.StepLR(o, 4), m.ExponentialLR(o, 0.5)],
        milestones=[4, 15],
    ),
}
every_schedule = pytest.mark.parametrize("make", MADE.values(), ids=MADE)


def close(ours: Any, theirs: Any) -> None:
    expected = [group["lr"] for group in theirs.param_groups]
    assert [g["lr"] for g in ours.param_groups] == pytest.approx(expected, rel=1e-12, abs=1e-16)


@pytest.mark.oracle
@every_schedule
# PyTorch's SequentialLR steps its schedules before the optimizer and hands an epoch on.
@pytest.mark.filterwarnings("ignore:.*(epoch parameter|lr_scheduler.step):UserWarning")
def test_rates_of_every_epoch(make: Make) -> None:
    ours, theirs = optimizer(), reference()
    schedule, expected = make(schedules, ours), make(torch().optim.lr_scheduler, theirs)
    seen = set()
    for _ in range(EPOCHS):
        close(ours, theirs)
        assert schedule.get_last_lr() == [group["lr"] for group in ours.param_groups]
        seen.add(ours.param_groups[0]["lr"])
        theirs.step()
        schedule.step()
        expected.step()
    assert len(seen) > 1, "the rate should change"


@every_schedule
def test_saved_and_loaded_with_the_optimizer(make: Make) -> None:
    straight, first = optimizer(), optimizer()
    through, before = make(schedules, straight), make(schedules, first)
    for _ in range(7):
        through.step()
        before.step()
    states = json.loads(json.dumps([first.state_dict(), before.state_dict()]))
    second = optimizer()
    second.load_state_dict(states[0])
    after = make(schedules, second)
    after.load_state_dict(states[1])
    for _ in range(12):
        assert after.get_last_lr() == through.get_last_lr()
        after.step()
        through.step()


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["StepLR", "ExponentialLR", "CosineAnnealingLR", "LambdaLR"])
def test_going_on_from_an_epoch(name: str) -> None:
    arguments: dict[str, Any] = {
        "StepLR": {"step_size": 4}, "ExponentialLR": {"gamma": 0.5},
        "CosineAnnealingLR": {"T_max": 9}, "LambdaLR": {"lr_lambda": lambda t: 0.9**t},
    }[name]  # fmt: skip
    ours = optimizer()
    straight = getattr(schedules, name)(ours, **arguments)
    for _ in range(6):
        straight.step()
    again = getattr(schedules, name)(ours, last_epoch=5, **arguments)
    assert again.last_epoch == 6
    assert again.get_last_lr() == straight.get_last_lr()
    with pytest.raises(ValueError, match=f"{name}: the optimizer has no initial_lr to go on from"):
        getattr(schedules, name)(optimizer(), last_epoch=5, **arguments)


@pytest.mark.oracle
@pytest.mark.parametrize("name", sorted(set(schedules.__all__) - {"LRScheduler"}))
def test_arguments_are_pytorchs(name: str) -> None:
    theirs = inspect.signature(getattr(torch().optim.lr_scheduler, name)).parameters
    ours = inspect.signature(getattr(schedules, name)).parameters
    assert list(ours) == list(theirs)
    for key, parameter in ours.items():
        assert parameter.default == theirs[key].default


def test_the_optimizer_moves_by_the_rate_of_its_epoch() -> None:
    w = Value(0.0)
    made = optim.SGD([w], lr=1.0)
    schedule = schedules.StepLR(made, 2, gamma=0.5)
    moves = []
    for _ in range(5):
        before, w.grad = w.data, -1.0
        made.step()
        moves.append(w.data - before)
        schedule.step()
    assert moves == [1.0, 1.0, 0.5, 0.5, 0.25]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda o: schedules.StepLR(o, 0), "StepLR: step_size is at least 1; got 0"),
        (lambda o: schedules.CosineAnnealingLR(o, 0), "CosineAnnealingLR: T_max is at least 1"),
        (lambda o: schedules.LinearLR(o, 0.0), "LinearLR: start_factor lies above 0, up to 1"),
        (lambda o: schedules.LinearLR(o, math.nan), "LinearLR: start_factor lies above 0"),
        (lambda o: schedules.LinearLR(o, 0.5, 1.5), "LinearLR: end_factor lies between 0 and 1"),
        (lambda o: schedules.LinearLR(o, total_iters=0), "LinearLR: total_iters is at least 1"),
        (lambda o: schedules.LambdaLR(o, [abs]), "LambdaLR: 2 groups need 2 functions; got 1"),
        (lambda o: schedules.SequentialLR(o, [], []), "a milestone between every two schedules"),
        (
            lambda o: schedules.SequentialLR(o, [schedules.StepLR(o, 1)], [3]),
            "got 1 schedules and 1 milestones",
        ),
        (
            lambda o: schedules.SequentialLR(o, [schedules.StepLR(o, 1)] * 3, [5, 2]),
            r"milestones rise; got \[5, 2\]",
        ),
        (
            lambda o: schedules.SequentialLR(o, [schedules.StepLR(optimizer(), 1)], []),
            "StepLR is no schedule of this optimizer",
        ),
        (
            lambda o: schedules.SequentialLR(o, [schedules.ReduceLROnPlateau(o)], []),
            "ReduceLROnPlateau is no schedule of this optimizer",
        ),
    ],
)
def test_mistakes(make: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(optimizer())


@pytest.mark.parametrize(
    "make",
    [
        lambda o: schedules.StepLR(o, 2.0),
        lambda o: schedules.LinearLR(o, total_iters="5"),
        lambda o: schedules.ReduceLROnPlateau(o, patience=1.5),
        lambda o: schedules.ReduceLROnPlateau(o, cooldown=None),
    ],
)
def test_counts_are_whole_numbers(make: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="is a whole number, not"):
        make(optimizer())


@pytest.mark.parametrize(
    "make", [lambda o: schedules.ExponentialLR(o, 0.9), lambda o: schedules.LambdaLR(o, abs)]
)
def test_what_is_no_optimizer(make: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="LR schedules an optimizer, not list"):
        make([Value(1.0)])


@pytest.mark.parametrize(
    "state",
    [
        {}, {"last_epoch": 3}, {"last_epoch": 3.5, "base_lrs": [0.5, 0.02]},
        {"last_epoch": 3, "base_lrs": [0.5]}, {"last_epoch": 3, "base_lrs": ["0.5", 0.02]},
        {"last_epoch": 3, "base_lrs": 0.5}, {"last_epoch": True, "base_lrs": [0.5, 0.02]},
    ],
)  # fmt: skip
def test_states_that_are_none(state: dict[str, Any]) -> None:
    schedule = schedules.ExponentialLR(optimizer(), 0.9)
    with pytest.raises(ValueError, match="a state of ExponentialLR has a whole number last_epoch"):
        schedule.load_state_dict(state)
    assert schedule.last_epoch == 0
    assert schedule.base_lrs == list(RATES)
