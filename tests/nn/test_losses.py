"""Losses as modules: PyTorch's arguments and results, and the functions they stand for."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
import nn
from autograd_core import class_losses, losses
from nn.losses import Loss
from tests.support.against_torch import agree, as_values, grads, torch

SIZES = st.sampled_from([2, 3, 4, 1])
drawn = settings(derandomize=True, max_examples=12, deadline=None)
CLASSES = {
    name: cls
    for name, cls in vars(nn.losses).items()
    if isinstance(cls, type) and issubclass(cls, Loss) and cls is not Loss
}
PYTORCHS = sorted(name for name in CLASSES if name not in {
    "CategoricalCrossEntropyLoss", "HalfSquaredErrorLoss", "HingeLoss", "LikelihoodLoss",
    "MeanBiasErrorLoss", "MulticlassHingeLoss", "RMSELoss", "SquaredHingeLoss",
})  # fmt: skip


def arguments(name: str, rng: Any, batch: int, classes: int) -> list[dict[str, Any]]:
    """Every argument of the class, alone and together."""
    weight, positive = rng.uniform(0.1, 3.0, classes), rng.uniform(0.1, 3.0, classes)
    own: dict[str, dict[str, Any]] = {
        "HuberLoss": {"delta": 0.5}, "SmoothL1Loss": {"beta": 0.5},
        "BCELoss": {"weight": weight},
        "BCEWithLogitsLoss": {"weight": weight, "pos_weight": positive},
        "NLLLoss": {"weight": weight, "ignore_index": 1},
        "CrossEntropyLoss": {"weight": weight, "ignore_index": 1, "label_smoothing": 0.2},
        "KLDivLoss": {"log_target": True}, "HingeEmbeddingLoss": {"margin": 0.5},
    }  # fmt: skip
    mine = own.get(name, {})
    return [{}, mine, *({key: value} for key, value in mine.items())]


def problem(name: str, rng: Any, batch: int, classes: int, options: dict[str, Any]) -> Any:
    """Predictions and targets of the class's kind."""
    x = rng.normal(size=(batch, classes)) * 2.0
    if name in ("NLLLoss", "CrossEntropyLoss"):
        target = rng.integers(0, classes, batch)
        target[0] = 0  # not every one is left out
        return x, target
    if name == "HingeEmbeddingLoss":
        return x, rng.choice([-1.0, 1.0], x.shape)
    if name == "KLDivLoss":
        y = rng.dirichlet(np.ones(classes), batch)
        return x, np.log(y) if options.get("log_target") else y
    if name.startswith("BCE"):
        return (1.0 / (1.0 + np.exp(-x)) if name == "BCELoss" else x), rng.uniform(size=x.shape)
    return x, rng.normal(size=x.shape)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@pytest.mark.parametrize("name", PYTORCHS)
@drawn
@given(SIZES, SIZES, st.integers(0, 9999), st.sampled_from(["mean", "sum", "none"]))
def test_pytorchs_losses(name: str, batch: int, classes: int, seed: int, reduction: str) -> None:
    t = torch()
    rng = np.random.default_rng(seed)
    for options in arguments(name, rng, batch, classes):
        x, y = problem(name, rng, batch, classes, options)
        tensors = {k: t.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
        ours = getattr(nn, name)(reduction=reduction, **options)
        theirs = getattr(t.nn, name)(reduction=reduction, **tensors)
        agree(
            lambda x, ours=ours, y=y: ours(x, y),
            lambda x, theirs=theirs, y=y: theirs(x, t.tensor(y)),
            x,
            absolute=1e-13,
        )


@pytest.mark.oracle
@pytest.mark.parametrize("name", PYTORCHS)
def test_arguments_are_pytorchs(name: str) -> None:
    theirs = dict(inspect.signature(getattr(torch().nn, name)).parameters)
    for abolished in ("size_average", "reduce"):
        theirs.pop(abolished, None)
    ours = inspect.signature(getattr(nn, name)).parameters
    assert list(ours) == list(theirs)
    for key, parameter in ours.items():
        assert parameter.default == theirs[key].default


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_takes_the_functions_options(name: str) -> None:
    """And hands each on: those that it leaves out are weights of single errors, as in PyTorch."""
    ours = inspect.signature(CLASSES[name]).parameters
    function = dict(inspect.signature(CLASSES[name].function).parameters)
    left_out = set(function) - set(ours) - {"input", "target"}
    assert left_out <= ({"weight"} if name in ("MSELoss", "L1Loss", "HuberLoss") else set())
    for key, parameter in ours.items():
        assert function[key].default == parameter.default


@pytest.mark.system("S003-34", "S003-35", "S003-36")
def test_every_function_has_its_class_and_both_are_in_nn() -> None:
    functions = {cls.function.__name__ for cls in CLASSES.values()}
    assert functions == {*losses.__all__, *class_losses.__all__}
    for name in (*functions, *CLASSES):
        assert name in nn.__all__
    for name in functions:
        assert getattr(nn, name) is getattr(ac, name)


@pytest.mark.parametrize("name", sorted(set(CLASSES) - set(PYTORCHS)))
def test_our_own_losses(name: str) -> None:
    """The class is its function, with the options that it was made with."""
    cls = CLASSES[name]
    x = [[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]
    y: Any = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    y = [0, 2] if name == "MulticlassHingeLoss" else y
    assert cls()(x, y) == cls.function(x, y)
    for key, value in {"reduction": "sum", "margin": 0.25, "worst_only": True}.items():
        if key in inspect.signature(cls).parameters:
            assert cls(**{key: value})(x, y) == cls.function(x, y, **{key: value})
            assert cls(**{key: value})(x, y) != cls()(x, y)
    node = as_values(x)
    loss = cls()(node, y)
    loss.backward()
    assert isinstance(loss, ac.Value)
    assert np.abs(grads(node)).max() > 0.0


def passes(node: ac.Value) -> bool:
    """Whether some gradient goes on from a node to its operands."""
    pairs = zip(node.operands, node.partials, strict=True)
    return node.grad != 0.0 and any(p for o, p in pairs if isinstance(o, ac.Value))


def slopes(cls: type[Loss], x: Any, y: Any) -> tuple[Any, set[Any]]:
    """The gradient by the predictions, and the rows that it came through."""
    leaves = as_values(x)
    loss = cls()(leaves, y)
    loss.backward()
    rows = {node.op for node in ac.topological_order(loss) if passes(node)}
    return grads(leaves), rows


@pytest.mark.parametrize("name", CLASSES)
def test_a_wrong_row_shows_in_the_gradient(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row that a loss uses, 0.1 % off in its partials, changes the loss's gradient."""
    x, y = problem(name, np.random.default_rng(8), 3, 4, {})
    y = [0, 2, 1] if name == "MulticlassHingeLoss" else y
    x = np.abs(x) / 10.0 if name in ("CategoricalCrossEntropyLoss", "LikelihoodLoss") else x
    right, rows = slopes(CLASSES[name], x, y)
    assert rows
    for row in rows:
        rule = row.partials
        with monkeypatch.context() as patch:
            patch.setattr(row, "partials", lambda *xs, rule=rule: tuple(
                p * 1.001 for p in rule(*xs)
            ))  # fmt: skip
            wrong, _ = slopes(CLASSES[name], x, y)
        assert np.abs(wrong - right).max() > 1e-4 * np.abs(right).max(), row.name


def test_weights_are_numbers_and_no_parameters() -> None:
    loss = nn.CrossEntropyLoss(weight=[1.0, 2.0], label_smoothing=0.25)
    assert loss.parameters() == []
    assert loss.weight.dtype == float
    assert loss.describe() == (
        "weight=[1.0, 2.0], ignore_index=-100, reduction='mean', label_smoothing=0.25"
    )
    assert nn.BCEWithLogitsLoss().describe() == "reduction='mean'"


def test_arguments_that_we_do_not_have() -> None:
    for cls in CLASSES.values():
        with pytest.raises(TypeError, match="size_average"):
            cls(size_average=True)
    wrong: Any = nn.MSELoss
    with pytest.raises(TypeError, match="positional"):
        wrong("sum")
