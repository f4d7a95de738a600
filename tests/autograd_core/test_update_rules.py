"""Update rules against torch.optim: 100 steps on floats, on arrays and on symbols."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import update_rules
from autograd_core.expression import Expression, Symbol
from tests.support.against_torch import torch

STEPS = 100
START = np.array([[1.5, -2.0, 0.25], [3.0, 0.0, -0.75]])

CLASSES = {
    "sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop",
    "adadelta": "Adadelta", "adam": "Adam", "adamw": "AdamW",
}  # fmt: skip

CASES: list[tuple[str, dict[str, Any]]] = [
    ("sgd", {"lr": 0.1}),
    ("sgd", {"lr": 0.05, "momentum": 0.9}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.05, "weight_decay": 0.2}),
    ("sgd", {"lr": 0.02, "momentum": 0.8, "dampening": 0.1, "weight_decay": 0.2}),
    ("sgd", {"lr": 0.02, "momentum": 0.8, "nesterov": True, "weight_decay": 0.2}),
    ("sgd", {"lr": 0.1, "momentum": 0.0, "dampening": 0.5}),
    ("sgd", {"lr": 0.1, "momentum": 0, "dampening": 0.5, "weight_decay": 0}),
    ("sgd", {"lr": 0.003, "momentum": 0.5, "weight_decay": 0.2, "maximize": True}),
    ("adagrad", {}),
    ("adagrad", {"lr": 0.3}),
    ("adagrad", {"lr": 0.3, "lr_decay": 0.05}),
    ("adagrad", {"lr": 0.3, "weight_decay": 0.2}),
    ("adagrad", {"lr": 0.3, "initial_accumulator_value": 0.7}),
    ("adagrad", {"lr": 0.3, "eps": 0.1}),
    ("adagrad", {"lr": 0.3, "lr_decay": 0.1, "weight_decay": 0.1,
                 "initial_accumulator_value": 0.5, "eps": 0.01}),
    ("adagrad", {"lr": 0.3, "lr_decay": 0, "weight_decay": 0, "initial_accumulator_value": 0}),
    ("adagrad", {"lr": 0.02, "weight_decay": 0.2, "maximize": True}),
    ("rmsprop", {}),
    ("rmsprop", {"lr": 0.05}),
    ("rmsprop", {"lr": 0.05, "alpha": 0.8}),
    ("rmsprop", {"lr": 0.05, "eps": 0.1}),
    ("rmsprop", {"lr": 0.05, "weight_decay": 0.2}),
    ("rmsprop", {"lr": 0.02, "momentum": 0.7}),
    ("rmsprop", {"lr": 0.02, "centered": True, "eps": 1e-3}),
    ("rmsprop", {"lr": 0.02, "alpha": 0.9, "eps": 0.01, "weight_decay": 0.1, "momentum": 0.5,
                 "centered": True}),
    ("rmsprop", {"lr": 0.02, "momentum": 0, "weight_decay": 0}),
    ("rmsprop", {"lr": 0.01, "weight_decay": 0.2, "maximize": True}),
    ("adadelta", {}),
    ("adadelta", {"lr": 0.5}),
    ("adadelta", {"rho": 0.7}),
    ("adadelta", {"eps": 1e-3}),
    ("adadelta", {"weight_decay": 0.2}),
    ("adadelta", {"lr": 2.0, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.1}),
    ("adadelta", {"weight_decay": 0.2, "maximize": True}),
    *((name, options) for name in ("adam", "adamw") for options in (
        {},
        {"lr": 0.1},
        {"lr": 0.1, "betas": (0.7, 0.9)},
        {"lr": 0.1, "betas": (0.0, 0.9)},
        {"lr": 0.1, "eps": 0.1},
        {"lr": 0.1, "weight_decay": 0.3},
        {"lr": 0.1, "weight_decay": 0.0},
        {"lr": 0.1, "weight_decay": 0},
        {"lr": 0.1, "amsgrad": True, "betas": (0.9, 0.6)},
        {"lr": 0.01, "weight_decay": 0.2, "maximize": True},
        {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.2, "amsgrad": True},
    )),
]  # fmt: skip
# Formulas that PyTorch does not have; their oracle is the catalogue of worked examples.
OWN = {
    "adagrad": {"eps_inside_root"}, "adadelta": {"squares_only"},
    "adam": {"bias_correction", "times_gradient"}, "adamw": {"bias_correction"},
}  # fmt: skip
IDS = [f"{name}-{'-'.join(f'{k}={v}' for k, v in options.items())}" for name, options in CASES]
every_case = pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)


def gradient(w: Any, step: int) -> Any:
    """Of a bumpy valley, so that gradients change size and sign; every tenth is 0."""
    return (w - 0.5 + 0.3 * np.sin(5.0 * w + step)) * (step % 10 != 3) * (1.0 + step % 7)


def by_torch(name: str, options: dict[str, Any], start: Any) -> list[Any]:
    """The parameter after each of the steps, starting with the first."""
    t = torch()
    w = t.tensor(start, requires_grad=True)
    optimizer = getattr(t.optim, CLASSES[name])([w], **options)
    path = []
    for step in range(STEPS):
        w.grad = t.tensor(gradient(w.detach().numpy(), step))
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return path


def assert_close(got: Any, expected: Any, scale: float) -> None:
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * scale)


def on_arrays(rule: Callable[..., Any], options: dict[str, Any]) -> list[Any]:
    w, state, path = START, None, []
    for step in range(STEPS):
        w, state = rule(w, gradient(w, step), state, **options)
        path.append(w)
    return path


@pytest.mark.oracle
@every_case
def test_a_rule_on_arrays(name: str, options: dict[str, Any]) -> None:
    rule = update_rules.RULES[name]
    expected = by_torch(name, options, START)
    assert np.ptp([w[0, 0] for w in expected]) > 0.01, "the parameter should move"
    for got, exact in zip(on_arrays(rule, options), expected, strict=True):
        assert got.dtype == float
        assert_close(got, exact, np.abs(START).max())


@pytest.mark.oracle
@every_case
def test_a_rule_on_floats(name: str, options: dict[str, Any]) -> None:
    rule = update_rules.RULES[name]
    expected = by_torch(name, options, START[:, :2])
    for index in np.ndindex(2, 2):
        w, state = float(START[index]), None
        for step in range(STEPS):
            w, state = rule(w, float(gradient(w, step)), state, **options)
            assert type(w) is float
            assert_close(w, expected[step][index], np.abs(START).max())


@pytest.mark.oracle
@every_case
def test_a_rule_on_symbols(name: str, options: dict[str, Any]) -> None:
    """Each step is a formula of named numbers; its value is the step's."""
    rule = update_rules.RULES[name]
    expected = by_torch(name, options, START[:1, :1])
    w, state = float(START[0, 0]), None
    for step in range(STEPS):
        named = None if state is None else {
            key: value if key == "steps" else Symbol(value, name=key)
            for key, value in state.items()
        }  # fmt: skip
        result, after = rule(
            Symbol(w, name="w"), Symbol(float(gradient(w, step)), name="g"), named, **options
        )
        assert isinstance(result, Expression)
        w = result.value
        state = {k: v.value if isinstance(v, Expression) else v for k, v in after.items()}
        assert_close(w, expected[step][0, 0], np.abs(START).max())


HYPERPARAMETERS = {
    "lr": "η", "momentum": "μ", "dampening": "d", "weight_decay": "λ", "lr_decay": "δ",
    "initial_accumulator_value": "v₀", "eps": "ε", "alpha": "α", "rho": "ρ",
}  # fmt: skip


@every_case
def test_hyperparameters_may_be_symbols(name: str, options: dict[str, Any]) -> None:
    rule = update_rules.RULES[name]
    options = {"lr": 0.1, **options}
    symbols = {
        k: Symbol(float(v), name=HYPERPARAMETERS[k]) if k in HYPERPARAMETERS else v
        for k, v in options.items()
    }
    w, state = 1.5, None
    for step in range(3):
        slope = float(gradient(w, step))
        plain, after = rule(w, slope, state, **options)
        named = None if state is None else {
            k: v if k == "steps" else Symbol(v, name=k) for k, v in state.items()
        }  # fmt: skip
        formula, _ = rule(Symbol(w, name="w"), Symbol(slope, name="g"), named, **symbols)
        assert formula.value == pytest.approx(plain, rel=1e-12, abs=1e-15)
        w, state = plain, after


@every_case
def test_the_state_that_goes_in_is_left_alone(name: str, options: dict[str, Any]) -> None:
    rule = update_rules.RULES[name]
    options = {"lr": 0.1, **options}
    w, state = START, None
    for step in range(4):
        slope = gradient(w, step)
        before = copy.deepcopy((w, slope, state))
        new, after = rule(w, slope, state, **options)
        again, _ = rule(w, slope, state, **options)
        np.testing.assert_array_equal(new, again)
        assert new is not w
        assert after is not state
        np.testing.assert_array_equal(w, before[0])
        np.testing.assert_array_equal(slope, before[1])
        if state is not None:
            assert list(state) == list(before[2])
            for key, value in state.items():
                np.testing.assert_array_equal(value, before[2][key])
        w, state = new, after


@pytest.mark.parametrize("name", CLASSES)
def test_a_parameter_is_untouched_where_it_has_no_gradient(name: str) -> None:
    options = {"weight_decay": 0.0} if name == "adamw" else {}
    w, state = 1.5, None
    for _ in range(3):
        w, state = update_rules.RULES[name](w, 0.0, state, **{"lr": 0.1, **options})
        assert w == 1.5


@pytest.mark.oracle
@pytest.mark.parametrize("name", CLASSES)
def test_defaults_are_pytorch_s(name: str) -> None:
    import inspect

    optimizer = getattr(torch().optim, CLASSES[name])
    theirs = inspect.signature(optimizer).parameters
    ours = inspect.signature(update_rules.RULES[name]).parameters
    for key in [key for key in list(ours)[3:] if key not in OWN.get(name, ())]:
        assert ours[key].kind is inspect.Parameter.KEYWORD_ONLY
        if ours[key].default is not inspect.Parameter.empty:
            assert ours[key].default == theirs[key].default, key


def test_every_rule_is_tested_here() -> None:
    assert set(update_rules.RULES) == set(CLASSES)
    assert set(update_rules.__all__) == {"RULES", "hyperparameters", *CLASSES}
    arguments = {
        (name, key)
        for name, rule in update_rules.RULES.items()
        for key in (rule.__kwdefaults__ or {})
    }
    own = {(name, key) for name, keys in OWN.items() for key in keys}
    assert arguments - {(name, key) for name, options in CASES for key in options} == own


def test_a_rule_runs_on_nodes_so_that_a_descent_step_can_be_differentiated() -> None:
    """With w₁ = w₀ − 2η·(w₀ − 3), (w₁ − 3)² has the slopes 2·(w₁ − 3)·(1 − 2η) by w₀ and
    −4·(w₁ − 3)·(w₀ − 3) by η.
    """
    w0, lr = ac.Value(1.0), ac.Value(0.1)
    [slope] = ac.gradient((w0 - 3.0) ** 2, [w0], create_graph=True)
    w1, _ = update_rules.sgd(w0, slope, lr=lr)
    loss = (w1 - 3.0) ** 2
    assert ac.gradient(loss, [w0, lr]) == pytest.approx([2 * -1.6 * 0.8, -4 * -1.6 * -2.0])


# --- the other formulas in print ------------------------------------------------------------------

EXAMPLES = {
    example["id"]: example
    for example in json.loads(
        (Path(__file__).parents[1] / "catalogue" / "examples.json").read_text("utf-8")
    )
}
ADAM = {"lr": 0.1, "eps": 1e-8}
PRINTED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("003.momentum", "points", "sgd", {"lr": 0.1, "momentum": 0.9}),
    ("003.adagrad", "points", "adagrad", {**ADAM, "eps_inside_root": True}),
    ("003.adagrad", "points_eps_outside", "adagrad", ADAM),
    ("003.rmsprop", "points", "rmsprop", {**ADAM, "alpha": 0.9}),
    ("003.adadelta", "points_as_printed", "adadelta", {"lr": 0.1, "squares_only": True}),
    ("003.adadelta", "points_real", "adadelta", {}),
    ("003.adam", "points_as_printed", "adam",
     {**ADAM, "bias_correction": False, "times_gradient": True}),
    ("003.adam", "points_no_bias_correction", "adam", {**ADAM, "bias_correction": False}),
    ("003.adam", "points_no_bias_correction", "adamw",
     {**ADAM, "bias_correction": False, "weight_decay": 0.0}),
    ("003.adam", "points_real", "adam", ADAM),
]  # fmt: skip


@pytest.mark.system("S003-25")
@pytest.mark.conflict("X-13")
@pytest.mark.parametrize(("example", "key", "name", "options"), PRINTED)
def test_descents_on_a_saddle(example: str, key: str, name: str, options: dict[str, Any]) -> None:
    """f = x² − y² from (2, 3); the ε inside the root shows in the tenth digit."""
    w, state = np.array(EXAMPLES[example]["inputs"]["start"]), None
    for point in EXAMPLES[example]["expected"][key]:
        w, state = update_rules.RULES[name](w, w * [2.0, -2.0], state, **options)
        np.testing.assert_allclose(w, point, rtol=1e-13)


def test_every_formula_of_our_own_is_among_them() -> None:
    tried = {(name, key) for _, _, name, options in PRINTED for key in options}
    assert {(name, key) for name, keys in OWN.items() for key in keys} <= tried


@pytest.mark.system("S003-25")
def test_squares_only_by_hand() -> None:
    """v = 16, then v = 16 + 9 (ε 0): 4/√4, and 3/⁴√25."""
    w, state = update_rules.adadelta(1.0, 4.0, lr=0.1, eps=0.0, squares_only=True)
    assert w == pytest.approx(0.8, rel=1e-15)
    assert state == {"v": 16.0}
    w, _ = update_rules.adadelta(w, 3.0, state, lr=0.1, eps=0.0, squares_only=True)
    assert w == pytest.approx(0.8 - 0.3 / math.sqrt(5.0), rel=1e-15)


@pytest.mark.system("S003-27")
def test_adam_by_hand() -> None:
    """Two steps with gradients 1 and 3, written out."""
    w, state = update_rules.adam(2.0, 1.0, lr=0.1, betas=(0.9, 0.99), eps=0.0)
    assert w == pytest.approx(1.9, rel=1e-15)
    w, state = update_rules.adam(w, 3.0, state, lr=0.1, betas=(0.9, 0.99), eps=0.0)
    m, v = 0.9 * 0.1 + 0.1 * 3.0, 0.99 * 0.01 + 0.01 * 9.0
    step = 0.1 * (m / (1 - 0.81)) / math.sqrt(v / (1 - 0.9801))
    assert w == pytest.approx(1.9 - step, rel=1e-12)
    assert state["steps"] == 2


def test_hyperparameters_by_name_with_their_defaults() -> None:
    assert update_rules.hyperparameters("sgd") == {
        "lr": None, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False,
        "maximize": False,
    }  # fmt: skip
    assert list(update_rules.hyperparameters("adam")) == [
        "lr", "betas", "eps", "weight_decay", "amsgrad", "maximize", "bias_correction",
        "times_gradient",
    ]  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("name", CLASSES)
def test_hyperparameters_are_those_that_pytorch_knows(name: str) -> None:
    found = update_rules.hyperparameters(name)
    for key in OWN.get(name, ()):
        del found[key]
    group = getattr(torch().optim, CLASSES[name])([torch().zeros(1, requires_grad=True)]).defaults
    assert set(found) <= set(group)
    given = {key: value for key, value in found.items() if value is not None}
    assert given == {key: group[key] for key in given}
    used, _ = update_rules.RULES[name](1.0, 0.5, **{**found, "lr": group["lr"]})
    assert used == update_rules.RULES[name](1.0, 0.5, lr=group["lr"])[0]
