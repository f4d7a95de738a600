"""Descents: the catalogue's paths on a saddle and on batches, and by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from nn import Descent, descend
from tests.autograd_core.test_update_rules import PRINTED

EXAMPLES = {
    example["id"]: (example["inputs"], example["expected"])
    for example in json.loads(
        (Path(__file__).parents[1] / "catalogue" / "examples.json").read_text("utf-8")
    )
}


def saddle(x: Any, y: Any) -> Any:
    return x**2 - y**2


@pytest.mark.system("S003-15", "S003-16")
def test_the_saddle_of_the_slides() -> None:
    inputs, expected = EXAMPLES["003.gd-saddle"]
    path = descend(saddle, inputs["start"], lr=inputs["alpha"], steps=inputs["iterations"])
    assert path.points.shape == path.gradients.shape == (101, 2)
    assert path.values.shape == (101,)
    assert path.points[0].tolist() == inputs["start"]
    assert path.gradients[0].tolist() == expected["gradient_at_start"]
    for step in (1, 2, 3):
        np.testing.assert_allclose(path.points[step], expected[f"point_{step}"], rtol=1e-14)
    end = [expected["x_100"], expected["y_100"]]
    np.testing.assert_allclose(path.points[100], end, rtol=1e-12)
    assert path.values[100] == pytest.approx(expected["f_100"], rel=1e-12)
    ratios = path.points[1:] / path.points[:-1]
    np.testing.assert_allclose(ratios[:, 0], expected["x_factor"], rtol=1e-14)
    np.testing.assert_allclose(ratios[:, 1], expected["y_factor"], rtol=1e-14)
    np.testing.assert_allclose(path.gradients, path.points * [2.0, -2.0], rtol=1e-14)
    np.testing.assert_allclose(path.values, (path.points**2) @ [1.0, -1.0], rtol=1e-12)


@pytest.mark.system("S003-23", "S003-24", "S003-26", "S003-27", "S003-29")
@pytest.mark.parametrize(("example", "key", "rule", "options"), PRINTED)
def test_every_rule_on_the_saddle(
    example: str, key: str, rule: str, options: dict[str, Any]
) -> None:
    points = EXAMPLES[example][1][key]
    given = {"lr": 1.0, **options}
    path = descend(saddle, EXAMPLES[example][0]["start"], steps=3, rule=rule, **given)
    np.testing.assert_allclose(path.points[1:], points, rtol=1e-13)


def losses(batches: list[list[int]]) -> list[Callable[[Any], Any]]:
    """Half the mean squared error of w·x on each batch of the slides' line y = 2x."""
    x, y = EXAMPLES["003.sgd"][0]["x"], EXAMPLES["003.sgd"][0]["y"]
    return [
        lambda w, batch=batch: ac.half_squared_error(
            [w * x[i] for i in batch], [y[i] for i in batch]
        )
        for batch in batches
    ]


@pytest.mark.system("S003-20")
def test_one_example_at_a_time() -> None:
    inputs, expected = EXAMPLES["003.sgd"]
    batches = losses([[i] for i in inputs["order"]])
    path = descend(batches, inputs["w"], lr=inputs["alpha"], steps=4)
    np.testing.assert_allclose(path.points[1:, 0], expected["w"], rtol=1e-14)


@pytest.mark.system("S003-21", "S003-22")
def test_batches_in_turn_and_all_at_once() -> None:
    inputs, expected = EXAMPLES["003.mini-batch"]
    path = descend(losses(inputs["batches"]), inputs["w"], lr=inputs["alpha"], steps=2)
    np.testing.assert_allclose(path.points[1:, 0], expected["w"], rtol=1e-14)
    path = descend(losses([[0, 1, 2, 3]]), inputs["w"], lr=inputs["alpha"], steps=2)
    np.testing.assert_allclose(path.points[1:, 0], expected["w_full_batch"], rtol=1e-14)


def test_no_steps_and_climbing() -> None:
    path = descend(lambda x: ac.exp(x), 0.0, lr=0.5, steps=0)
    assert isinstance(path, Descent)
    assert (path.points.tolist(), path.values.tolist(), path.gradients.tolist()) == (
        [[0.0]], [1.0], [[1.0]],
    )  # fmt: skip
    path = descend(lambda x: ac.exp(x), 0.0, lr=0.5, steps=1, maximize=True)
    assert path.points.tolist() == [[0.0], [0.5]]
    assert path.values[1] == pytest.approx(math.exp(0.5), rel=1e-15)


def test_a_function_that_does_not_depend_on_its_number() -> None:
    path = descend(lambda x: 3.0, [1.0], lr=0.5, steps=2)
    assert path.values.tolist() == [3.0] * 3
    assert path.points.tolist() == [[1.0]] * 3
    assert path.gradients.tolist() == [[0.0]] * 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "newton"}, "there is no rule 'newton'; the rules are sgd, adagrad, rmsprop"),
        ({"steps": -1}, "descend: steps is at least 0; got -1"),
        ({"start": [[1.0, 2.0]]}, r"start is a number or a list of them; got the shape \(1, 2\)"),
        ({"start": []}, "start is a number or a list of them"),
        ({"f": []}, "descend needs a function, or several"),
        ({"lr": -0.1}, "SGD: lr is a number from 0 on"),
    ],
)
def test_mistakes(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        descend(**{"f": saddle, "start": [1.0, 2.0], "lr": 0.1, "steps": 1, **change})


def test_steps_are_a_whole_number() -> None:
    with pytest.raises(TypeError, match=r"descend: steps is a whole number, not 2\.0"):
        descend(saddle, [1.0, 2.0], lr=0.1, steps=2.0)  # type: ignore[arg-type]


def test_an_option_of_another_rule() -> None:
    with pytest.raises(TypeError, match="betas"):
        descend(saddle, [1.0, 2.0], lr=0.1, steps=1, betas=(0.9, 0.99))
