"""Hyperparameters in range, and out of it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from autograd_core.update_rules import RULES, hyperparameters
from nn import optim
from nn.optim.options import FLAGS, checked_options


def test_numbers_become_floats() -> None:
    given = {"lr": 1, "momentum": np.float32(0.5), "eps": Fraction(1, 4), "betas": [0, 0.5]}
    checked = checked_options("Any", given)
    assert checked == {"lr": 1.0, "momentum": 0.5, "eps": 0.25, "betas": (0.0, 0.5)}
    assert {type(checked[key]) for key in ("lr", "momentum", "eps")} == {float}


def test_the_flags_are_those_of_the_rules() -> None:
    found = {
        name
        for rule in RULES
        for name, default in hyperparameters(rule).items()
        if isinstance(default, bool)
    }
    assert set(FLAGS) == found


@pytest.mark.parametrize(
    ("optimizer", "options", "message"),
    [
        ("SGD", {"lr": -0.1}, "SGD: lr is a number from 0 on; got -0.1"),
        ("SGD", {"lr": math.inf}, "SGD: lr is a number from 0 on; got inf"),
        ("SGD", {"lr": True}, "SGD: lr is a number from 0 on; got True"),
        ("SGD", {"lr": [0.1]}, "SGD: lr is a number from 0 on"),
        ("SGD", {"lr": None}, "SGD: lr is a number from 0 on; got None"),
        ("SGD", {"momentum": -0.5}, "SGD: momentum is a number from 0 on"),
        ("SGD", {"weight_decay": -0.5}, "SGD: weight_decay is a number from 0 on"),
        ("SGD", {"nesterov": True}, "SGD: nesterov looks ahead by the momentum"),
        ("SGD", {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "and no dampening"),
        ("SGD", {"maximize": 1}, "SGD: maximize is True or False; got 1"),
        ("Adagrad", {"eps": -1e-9}, "Adagrad: eps is a number from 0 on"),
        ("Adadelta", {"rho": 1.5}, "Adadelta: rho is a number from 0 to 1; got 1.5"),
        ("Adam", {"betas": (0.9, 1.0)}, r"Adam: betas is two numbers from 0 to below 1.*0\.999"),
        ("Adam", {"betas": (-0.1, 0.9)}, "Adam: betas is two numbers"),
        ("Adam", {"betas": (0.9,)}, "Adam: betas is two numbers"),
        ("Adam", {"betas": 0.9}, "Adam: betas is two numbers"),
        ("Adam", {"betas": "ab"}, "Adam: betas is two numbers"),
        ("RMSprop", {"alpha": -0.1}, "RMSprop: alpha is a number from 0 on"),
    ],
)
def test_options_out_of_range(optimizer: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        getattr(optim, optimizer)([Value(1.0)], **options)
