"""Optimizers against torch.optim: 100 steps, every argument, on given slopes and on a network."""

from __future__ import annotations

import inspect
import json
import random
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import update_rules
from nn import MLP, optim
from tests.autograd_core.test_update_rules import CASES, CLASSES, IDS, OWN, START, STEPS, gradient
from tests.support.against_torch import as_values, grads, numbers, torch

OPTIMIZERS = [getattr(optim, name) for name in CLASSES.values()]
every_case = pytest.mark.parametrize(("rule", "options"), CASES, ids=IDS)
SECOND = {"lr": 0.03, "weight_decay": 0.05}  # what the second group has of its own


def pair(rule: str, options: dict[str, Any], *starts: Any) -> tuple[list[Any], Any, list[Any], Any]:
    """Parameters and optimizer of ours, then PyTorch's; further starts are groups of their own."""
    t = torch()
    ours = [as_values(start) for start in starts]
    theirs = [t.tensor(np.asarray(start), requires_grad=True) for start in starts]
    built = []
    for module, params in ((optim, ours), (t.optim, theirs)):
        groups = [{"params": [p], **(SECOND if i else {})} for i, p in enumerate(params)]
        built.append(getattr(module, CLASSES[rule])(groups, **options))
    return ours, built[0], theirs, built[1]


def put_gradients(params: list[Any], step: int) -> None:
    for p in params:
        if isinstance(p, np.ndarray):
            slopes = gradient(numbers(p), step)
            for value, slope in zip(p.flat, slopes.ravel().tolist(), strict=True):
                value.grad = slope
        else:
            p.grad = torch().tensor(gradient(p.detach().numpy(), step))


def assert_equal(ours: list[Any], theirs: list[Any]) -> None:
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(
            numbers(mine), other.detach().numpy(), rtol=1e-12, atol=1e-12 * np.abs(START).max()
        )


@pytest.mark.oracle
@every_case
def test_a_hundred_steps_of_two_groups(rule: str, options: dict[str, Any]) -> None:
    ours, optimizer, theirs, reference = pair(rule, options, START, START[0] + 0.5)
    before = numbers(ours[1])
    for step in range(STEPS):
        put_gradients(ours, step)
        put_gradients(theirs, step)
        optimizer.step()
        reference.step()
        assert_equal(ours, theirs)
    assert np.abs(numbers(ours[1]) - before).max() > 0.001, "the parameters should move"


@pytest.mark.oracle
@every_case
def test_saved_as_json_and_loaded_in_the_middle(rule: str, options: dict[str, Any]) -> None:
    """50 steps, then another optimizer, made with other options, goes on."""
    ours, optimizer, theirs, reference = pair(rule, options, START, START[0] + 0.5)
    for step in range(STEPS):
        if step == STEPS // 2:
            text = json.dumps(optimizer.state_dict())
            optimizer = type(optimizer)([{"params": list(p.flat)} for p in ours], lr=99.0)
            optimizer.load_state_dict(json.loads(text))
            assert json.dumps(optimizer.state_dict()) == text
        put_gradients(ours, step)
        put_gradients(theirs, step)
        optimizer.step()
        reference.step()
    assert_equal(ours, theirs)


@pytest.mark.oracle
@pytest.mark.parametrize("rule", CLASSES)
def test_a_network_trained_for_a_hundred_steps(rule: str) -> None:
    """A perceptron 2-3-1, its gradients by each side's own graph."""
    t = torch()
    random.seed(4)
    net = MLP(2, [3, 1])
    reference = t.nn.Sequential(t.nn.Linear(2, 3), t.nn.ReLU(), t.nn.Linear(3, 1)).double()
    with t.no_grad():
        for linear, layer in ((reference[0], net.layers[0]), (reference[2], net.layers[1])):
            weight = [[w.data for w in n.w] for n in layer.neurons]
            linear.weight.copy_(t.tensor(weight, dtype=t.float64))
            linear.bias.copy_(t.tensor([n.b.data for n in layer.neurons], dtype=t.float64))
    x = [[0.5, -1.0], [1.5, 2.0], [-0.7, 0.3]]
    y = [1.0, -0.5, 0.25]
    ours = getattr(optim, CLASSES[rule])(net.parameters(), lr=0.05)
    theirs = getattr(t.optim, CLASSES[rule])(reference.parameters(), lr=0.05)
    inputs, targets = t.tensor(x, dtype=t.float64), t.tensor(y, dtype=t.float64)
    for _ in range(STEPS):
        ours.zero_grad()
        ac.mse_loss([net(row) for row in x], y).backward()
        ours.step()
        theirs.zero_grad()
        t.nn.functional.mse_loss(reference(inputs)[:, 0], targets).backward()
        theirs.step()
    for linear, layer in ((reference[0], net.layers[0]), (reference[2], net.layers[1])):
        weight = [[w.data for w in n.w] for n in layer.neurons]
        np.testing.assert_allclose(weight, linear.weight.detach().numpy(), rtol=1e-10, atol=1e-12)
        bias = [n.b.data for n in layer.neurons]
        np.testing.assert_allclose(bias, linear.bias.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_a_gradient_that_is_slightly_wrong_shows() -> None:
    """What the comparisons above would do with a row that is 0.1 % off."""
    ends = []
    for scale in (1.0, 1.001):
        w = as_values(START)
        optimizer = optim.SGD([w], lr=0.05, momentum=0.9)
        for step in range(STEPS):
            for value, slope in zip(w.flat, gradient(numbers(w), step).ravel(), strict=True):
                value.grad = scale * float(slope)
            optimizer.step()
        ends.append(numbers(w))
    assert np.abs(ends[0] - ends[1]).max() > 1e-6


# --- arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_arguments_are_the_rules_hyperparameters(optimizer: Any) -> None:
    given = dict(inspect.signature(optimizer).parameters)
    del given["params"]
    expected = update_rules.hyperparameters(optimizer.rule)
    assert set(given) == set(expected)
    for name, default in expected.items():
        assert given[name].default == (
            0.001 if (optimizer.rule, name) == ("sgd", "lr") else default
        )


@pytest.mark.oracle
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_arguments_come_in_pytorchs_order(optimizer: Any) -> None:
    theirs = inspect.signature(getattr(torch().optim, optimizer.__name__)).parameters
    ours = inspect.signature(optimizer).parameters
    by_place = [name for name, p in ours.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert by_place == list(theirs)[: len(by_place)]
    for name in by_place[2:]:
        assert ours[name].default == theirs[name].default
    only_ours = {name for name in ours if name not in theirs}
    assert only_ours == OWN.get(optimizer.rule, set())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["foreach", "fused", "capturable", "differentiable", "momentun"])
def test_arguments_that_we_do_not_have(optimizer: Any, name: str) -> None:
    with pytest.raises(TypeError, match=name):
        optimizer([ac.Value(1.0)], **{name: True})


@pytest.mark.parametrize(("rule", "options"), CASES, ids=IDS)
def test_the_state_is_named(rule: str, options: dict[str, Any]) -> None:
    optimizer = getattr(optim, CLASSES[rule])([ac.Value(1.0)], **options)
    optimizer.step()
    assert set(optimizer.state[0]) <= set(optimizer.state_names)


def test_every_name_of_a_state_is_used() -> None:
    for optimizer in OPTIMIZERS:
        used: set[str] = set()
        for rule, options in CASES:
            if rule == optimizer.rule:
                made = optimizer([ac.Value(1.0)], **options)
                made.step()
                used |= set(made.state[0])
        assert used == set(optimizer.state_names)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_leaf_that_has_no_part_in_the_loss_stays(optimizer: Any) -> None:
    x, idle = ac.Value(2.0), ac.Value(5.0)
    made = optimizer([x, idle], lr=0.1, **({"weight_decay": 0.0}))
    for _ in range(3):
        made.zero_grad()
        (x * x).backward()
        made.step()
    assert idle.data == 5.0
    assert x.data < 2.0
    assert grads(np.array([idle], dtype=object)).tolist() == [0.0]
