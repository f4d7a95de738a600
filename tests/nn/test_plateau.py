"""ReduceLROnPlateau against PyTorch's, on losses that stall, fall and jump."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from nn.schedules import ReduceLROnPlateau
from tests.nn.test_schedules import RATES, close, optimizer, reference
from tests.support.against_torch import torch

STALLING = [3.0, 2.0, 2.0, 2.0, 1.9999, 2.0, 1.5, 1.5, 1.5, 1.5, 1.5, math.nan, 1.0, *[1.0] * 12]
NOISY = list(np.random.default_rng(5).normal(size=40).cumsum())
OPTIONS: list[dict[str, Any]] = [
    {"patience": 2},
    {"patience": 0, "factor": 0.5},
    {"patience": 1, "cooldown": 3},
    {"patience": 1, "threshold": 0.3},
    {"patience": 1, "threshold": 0.3, "threshold_mode": "abs"},
    {"patience": 1, "mode": "max"},
    {"patience": 1, "mode": "max", "threshold": 0.3, "threshold_mode": "abs"},
    {"patience": 0, "min_lr": 0.01},
    {"patience": 0, "min_lr": [0.1, 0.001], "cooldown": 1},
    {"patience": 0, "eps": 0.05},
]


@pytest.mark.oracle
@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("losses", [STALLING, NOISY], ids=["stalling", "noisy"])
def test_rates_of_every_epoch(options: dict[str, Any], losses: list[float]) -> None:
    ours, theirs = optimizer(), reference()
    schedule = ReduceLROnPlateau(ours, **options)
    expected = torch().optim.lr_scheduler.ReduceLROnPlateau(theirs, **options)
    for loss in losses:
        schedule.step(loss)
        expected.step(loss)
        close(ours, theirs)
        assert schedule.get_last_lr() == [group["lr"] for group in ours.param_groups]
        assert schedule.num_bad_epochs == expected.num_bad_epochs
    assert ours.param_groups[0]["lr"] < RATES[0], "the rate should have fallen"


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_saved_and_loaded(options: dict[str, Any]) -> None:
    straight, first, second = optimizer(), optimizer(), optimizer()
    through, before = ReduceLROnPlateau(straight, **options), ReduceLROnPlateau(first, **options)
    for loss in NOISY[:15]:
        through.step(loss)
        before.step(loss)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    after = ReduceLROnPlateau(second, **options)
    after.load_state_dict(json.loads(json.dumps(before.state_dict())))
    for loss in NOISY[15:]:
        after.step(loss)
        through.step(loss)
        assert after.get_last_lr() == through.get_last_lr()


def test_a_loss_may_be_a_node() -> None:
    made = optimizer()
    schedule = ReduceLROnPlateau(made, patience=0)
    schedule.step(Value(2.0))
    schedule.step(Value(2.0) * 1.0)
    assert made.param_groups[0]["lr"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "least"}, 'mode is "min" or "max", not \'least\''),
        ({"threshold_mode": "both"}, 'threshold_mode is "rel" or "abs", not \'both\''),
        ({"factor": 1.0}, "factor is below 1; got 1.0"),
        ({"factor": math.nan}, "factor is below 1; got nan"),
        ({"min_lr": [0.1]}, "2 groups need 2 min_lr; got 1"),
    ],
)
def test_mistakes(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"ReduceLROnPlateau: {message}"):
        ReduceLROnPlateau(optimizer(), **options)


def test_what_is_no_optimizer() -> None:
    wrong: Any = [Value(1.0)]
    with pytest.raises(TypeError, match="ReduceLROnPlateau schedules an optimizer, not list"):
        ReduceLROnPlateau(wrong)


@pytest.mark.parametrize(
    "changes", [{"best": "3"}, {"num_bad_epochs": 1.5}, {"factor": 0.9}, {"last_epoch": True}]
)
def test_states_that_are_none(changes: dict[str, Any]) -> None:
    schedule = ReduceLROnPlateau(optimizer())
    before = schedule.state_dict()
    with pytest.raises(ValueError, match="a state of ReduceLROnPlateau has the numbers best, cool"):
        schedule.load_state_dict({**before, **changes})
    with pytest.raises(ValueError, match="a state of ReduceLROnPlateau has the numbers"):
        schedule.load_state_dict({})
    assert schedule.state_dict() == before
