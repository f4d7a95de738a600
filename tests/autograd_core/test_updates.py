"""The options of an update: what they become, and each mistake in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_core.errors import WorksheetError
from autograd_core.updates import MOST_STEPS, Update, read_update
from autograd_core.worksheet import Worksheet


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lr": 0.1}, Update(("w",), 0.1)),
        ({"lr": -0.1, "steps": 3.0}, Update(("w",), -0.1, 3)),
        ({"lr": 0.1, "rule": "adam"}, Update(("w",), 0.1, rule="adam")),
        ({"lr": 0.1, "rule": "momentum"}, Update(("w",), 0.1, options={"momentum": 0.9})),
        (
            {"lr": 0.1, "rule": "momentum", "momentum": 0.5},
            Update(("w",), 0.1, options={"momentum": 0.5}),
        ),
        (
            {"lr": 0.1, "rule": "nesterov"},
            Update(("w",), 0.1, options={"momentum": 0.9, "nesterov": True}),
        ),
        (
            {"lr": 0.1, "rule": "amsgrad", "eps": 0.0},
            Update(("w",), 0.1, rule="adam", options={"amsgrad": True, "eps": 0.0}),
        ),
        (
            {"lr": 0.1, "rule": "adamw", "betas": np.array([0.9, 0.99]), "amsgrad": 1.0},
            Update(("w",), 0.1, rule="adamw", options={"betas": (0.9, 0.99), "amsgrad": True}),
        ),
        (
            {"lr": 0.1, "rule": "rmsprop", "centered": 0.0, "print_every": 5.0, "steps": 20.0},
            Update(("w",), 0.1, 20, "rmsprop", 5, {"centered": False}),
        ),
    ],
)
def test_options(given: dict[str, Any], expected: Update) -> None:
    assert read_update(("w",), given) == expected


SHEET = "w = [1, 2]; v = 3; L = v*sum(w*w)\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("w", "update needs a learning rate, as in lr=0.1"),
        ("w, lr=[0.1, 0.2]", "lr is a number"),
        ("w, lr=w", "lr is a number"),
        ("w, lr='a'", "lr is a number"),
        ("w, lr=0.1, lr=0.2", "update is given lr twice"),
        ("w, lr=0.1, rule=2", 'a rule is a word in quotation marks, as in rule="adam"'),
        ("w, lr=0.1, rule=[1, 2]", "a rule is a word in quotation marks"),
        ("w, lr=0.1, rule=adam", "adam has no value"),
        ("w, lr=0.1, rule='adan'", "there is no rule 'adan'; did you mean adam?"),
        ("w, lr=0.1, rule='momentm'", "did you mean momentum?"),
        ("w, lr=0.1, steps=[2]", f"steps is a whole number from 1 to {MOST_STEPS}"),
        ("w, lr=0.1, steps=1e300", "steps is a whole number"),
        ("w, lr=0.1, print_every=0", f"print_every is a whole number from 1 to {MOST_STEPS}"),
        ("w, lr=0.1, print_every='all'", "print_every is a whole number"),
        ("w, lr=0.1, alpha=0.9", "update has no option alpha"),
        ("w, lr=0.1, momentun=0.9", "update has no option momentun; did you mean momentum?"),
        ("w, lr=0.1, amsgrad=True", "update has no option amsgrad"),
        ("w, lr=0.1, momentum='a'", "momentum is a number"),
        ("w, lr=0.1, momentum=[0.9]", "momentum is a number"),
        ("w, lr=0.1, nesterov=True", "nesterov looks ahead by the momentum: give one, as in mom"),
        ("w, lr=0.1, rule='nesterov', momentum=0", "nesterov looks ahead by the momentum"),
        ("w, lr=0.1, momentum=0.9, nesterov=2", "nesterov is True or False"),
        ("w, lr=0.1, momentum=0.9, nesterov='yes'", "nesterov is True or False"),
        ("w, lr=0.1, momentum=0.9, nesterov=[1, 0]", "nesterov is True or False"),
        ("w, lr=0.1, rule='adam', betas=0.9", "betas is a list of 2 numbers, as in [0.9, 0.999]"),
        ("w, lr=0.1, rule='adam', betas=[0.9]", "betas is a list of 2 numbers"),
        ("w, lr=0.1, rule='adam', betas=[[0.9, 0.1]]", "betas is a list of 2 numbers"),
        ("w, lr=0.1, rule='adam', betas=[[0.9], [0.1]]", "betas is a list of 2 numbers"),
        ("w, lr=0.1, rule='adam', betas=w", "betas is a list of 2 numbers"),
        ("w, lr=0.1, rule='adam', betas='0.9'", "betas is a list of 2 numbers"),
        ("w, lr=0.1, rule='adam', betas=[0.9, 1]", "betas are shares from 0 to below 1"),
        ("w, lr=0.1, rule='adam', betas=[-0.1, 0.9]", "betas are shares from 0 to below 1"),
        ("w, w, lr=0.1", "update names w[0] twice"),
        ("w[1], w, lr=0.1", "update names w[1] twice"),
        ("v, w, v, lr=0.1", "update names v twice"),
        ("w[0] + 1, lr=0.1", "update takes names of quantities"),
        ("[1, 2], lr=0.1", "update takes names of quantities"),
        ("2*w, lr=0.1", "update takes names of quantities"),
        ("w[2], lr=0.1", "there is no entry 2"),
        ("v[0], lr=0.1", "this is a single number"),
    ],
)
def test_mistakes(arguments: str, message: str) -> None:
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(f"{SHEET}update(L, {arguments})")
    assert message in str(caught.value)
    assert caught.value.line == 2
    assert len(str(caught.value).splitlines()) == 1


def test_rates_may_be_quantities_and_formulas() -> None:
    sheet = Worksheet.parse(f"{SHEET}update(L, w, lr=w[0]/4); update(L, v, lr=2*0.05)")
    assert [update.lr for update in sheet.updates] == [0.25, 0.1]


def test_parameters_are_entries() -> None:
    sheet = Worksheet.parse("W = [[1, 2], [3, 4]]; L = sum(W @ [1, 1]); update(L, W[:, 0], lr=1)")
    assert sheet.updates[0].parameters == ("W[0, 0]", "W[1, 0]")
    assert [node.name for node in sheet.wrt] == ["W[0, 0]", "W[1, 0]"]


def test_an_array_may_be_updated_of_which_the_output_uses_a_part() -> None:
    sheet = Worksheet.parse("E = [[1, 2], [3, 4]]; L = sum(E[1]); update(L, E, lr=1)")
    assert len(sheet.updates[0].parameters) == 4
    with pytest.raises(WorksheetError, match=r"L does not depend on E\[0, 0\], …"):
        Worksheet.parse("E = [[1, 2], [3, 4]]; L = sum(E[1]); update(L, E[0], lr=1)")
