"""Losses: against PyTorch where it has them, else against their formula written out here."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

import autograd_core as ac
from tests.support.against_torch import agree, as_values, close, grads, numbers, torch

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from([2, 3, 4, 1])
SHAPES = st.lists(SIZES, max_size=3).map(tuple)
REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
# A loss near 0 is the difference of a logit and ln Σ eˣ, rounded in the last place of the logit;
# PyTorch's ln(1 + e) is rounded in the last place of 1.
LAST_PLACE = 2.0**-52
drawn = settings(derandomize=True, max_examples=25, deadline=None)


def rng(seed: int) -> Any:
    return np.random.default_rng(seed)


def f() -> Any:
    return torch().nn.functional


def tensor(array: Any) -> Any:
    t = torch()
    kind = np.asarray(array).dtype.kind
    return t.tensor(np.asarray(array), dtype=t.int64 if kind in "iu" else t.float64)


# --- regression -------------------------------------------------------------------------------

REGRESSION: dict[str, dict[str, Any]] = {
    "mse_loss": {},
    "l1_loss": {},
    "huber_loss": {"delta": st.sampled_from([0.5, 1.0, 2.5])},
    "smooth_l1_loss": {"beta": st.sampled_from([0.0, 0.5, 1.0, 2.5])},
}


@pytest.mark.oracle
@pytest.mark.parametrize("name", REGRESSION)
@drawn
@given(SHAPES, SEEDS, REDUCTIONS, st.booleans(), st.data())
def test_regression_losses(
    name: str, shape: Any, seed: int, reduction: str, ties: bool, data: Any
) -> None:
    options = {key: data.draw(values) for key, values in REGRESSION[name].items()}
    input, target = rng(seed).normal(size=shape) * 2.0, rng(seed + 1).normal(size=shape)
    if ties:  # errors of exactly 0, ½, 1 and 2½, where the branches of Huber's loss meet
        input, target = np.round(input), np.round(target) + rng(seed + 2).choice([0.0, 0.5], shape)
    agree(
        lambda x, y: getattr(ac, name)(x, y, reduction=reduction, **options),
        lambda x, y: getattr(f(), name)(x, y, reduction=reduction, **options),
        input,
        target,
    )


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("huber_loss", {"delta": 2.0}),
        ("huber_loss", {}),
        ("smooth_l1_loss", {"beta": 2.0}),
        ("smooth_l1_loss", {}),
        ("smooth_l1_loss", {"beta": 0.0}),
        ("l1_loss", {}),
        ("mse_loss", {}),
    ],
)
def test_regression_losses_where_branches_meet(name: str, options: Any) -> None:
    errors = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 2.0 + 1e-12, 2.0 - 1e-12, 1e-200, 1e4, -1e150]
    for reduction in ("none", "sum", "mean"):
        agree(
            lambda x, r=reduction: getattr(ac, name)(x, [0.0] * 11, reduction=r, **options),
            lambda x, r=reduction: getattr(f(), name)(x, 0.0 * x.detach(), reduction=r, **options),
            errors,
        )


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss"])
@drawn
@given(SHAPES, SEEDS, REDUCTIONS)
def test_weights_of_single_errors(name: str, shape: Any, seed: int, reduction: str) -> None:
    """By the argument of PyTorch's functions; where its version is too old to have it, written out:
    Huber's mean is over the entries, the others' is divided by the weights.
    """
    input, target = rng(seed).normal(size=shape) * 2.0, rng(seed + 1).normal(size=shape)
    weight = rng(seed + 2).uniform(0.1, 3.0, shape)

    def theirs(x: Any, y: Any) -> Any:
        w = tensor(weight)
        if "weight" in inspect.signature(getattr(f(), name)).parameters:
            return getattr(f(), name)(x, y, reduction=reduction, weight=w)
        if name == "huber_loss" and reduction == "mean":
            return (f().huber_loss(x, y, reduction="none") * w).mean()
        terms = getattr(f(), name)(x, y, reduction="none") * w
        return {"none": terms, "sum": terms.sum(), "mean": terms.sum() / w.sum()}[reduction]

    agree(
        lambda x, y: getattr(ac, name)(x, y, reduction=reduction, weight=weight),
        theirs,
        input,
        target,
    )


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_a_weight_for_each_column_and_for_all(name: str) -> None:
    x, y = [[1.0, 2.0], [3.0, -1.0]], [[0.0, 0.5], [1.0, 0.0]]
    loss = getattr(ac, name)
    each = loss(x, y, "none")
    assert loss(x, y, weight=[3.0, 1.0]) == pytest.approx(
        (3.0 * (each[0, 0] + each[1, 0]) + each[0, 1] + each[1, 1]) / 8.0, rel=1e-15
    )
    assert loss(x, y, weight=5.0) == pytest.approx(loss(x, y), rel=1e-15)
    assert loss(x, y, "sum", weight=5.0) == pytest.approx(5.0 * loss(x, y, "sum"), rel=1e-15)
    with pytest.raises(ValueError, match="a weight 3 does not fit predictions 2×2"):
        loss(x, y, weight=[1.0, 2.0, 3.0])


def test_a_weight_of_hubers_losses() -> None:
    """Losses ½ and 2½, weighed 3 and 1: (1.5 + 2.5)/2."""
    assert ac.huber_loss([1.0, 3.0], [0.0, 0.0], weight=[3.0, 1.0]) == 2.0
    with pytest.raises(ValueError, match="a weight 3 does not fit predictions 2"):
        ac.huber_loss([1.0, 3.0], [0.0, 0.0], weight=[1.0, 2.0, 3.0])


@pytest.mark.oracle
def test_root_mean_squared_error() -> None:
    x, y = rng(1).normal(size=(3, 4)), rng(2).normal(size=(3, 4))
    agree(ac.rmse_loss, lambda x, y: f().mse_loss(x, y).sqrt(), x, y)


def against_mpmath(
    ours: Callable[..., Any], formula: Callable[..., Any], input: Any, target: Any
) -> None:
    """A loss without a kink at hand against its formula: the value, and both gradients."""
    input, target = np.asarray(input, float), np.asarray(target, float)

    def exact(*numbers: Any) -> Any:
        return formula(numbers[: input.size], numbers[input.size :])

    with mp.workdps(50):
        point = [mp.mpf(x) for x in (*input.ravel(), *target.ravel())]
        value = float(exact(*point))
        slopes = []
        for i in range(len(point)):
            orders = tuple(int(i == j) for j in range(len(point)))
            slopes.append(float(mp.diff(exact, tuple(point), orders)))
    x, y = as_values(input), as_values(target)
    loss = ours(x, y)
    assert loss.data == pytest.approx(value, rel=1e-12, abs=1e-15)
    loss.backward()
    close(grads(x).ravel(), slopes[: input.size], "predictions", 1e-12)
    close(grads(y).ravel(), slopes[input.size :], "targets", 1e-12)
    plain = ours(input.tolist(), target.tolist())
    assert isinstance(plain, float)
    assert plain == pytest.approx(value, rel=1e-12, abs=1e-15)


PREDICTIONS = [[0.7, -1.2, 2.5], [0.1, 0.4, -0.3]]
TARGETS = [[1.5, -1.0, 0.5], [-2.0, 0.3, 0.9]]


@pytest.mark.system("S001-08")
@pytest.mark.conflict("X-02", "X-08")
def test_half_squared_error_by_its_formula() -> None:
    against_mpmath(
        ac.half_squared_error,
        lambda p, y: sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / 12,
        PREDICTIONS,
        TARGETS,
    )
    total = ac.half_squared_error(PREDICTIONS, TARGETS, "sum")
    assert total == pytest.approx(0.5 * (0.64 + 0.04 + 4 + 4.41 + 0.01 + 1.44), rel=1e-12)
    each = ac.half_squared_error(PREDICTIONS, TARGETS, "none")
    close(each, [[0.32, 0.02, 2.0], [2.205, 0.005, 0.72]], tolerance=1e-12)


def test_root_mean_squared_error_by_its_formula() -> None:
    against_mpmath(
        ac.rmse_loss,
        lambda p, y: mp.sqrt(sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / 6),
        PREDICTIONS,
        TARGETS,
    )


def test_mean_bias_error_by_its_formula() -> None:
    against_mpmath(
        ac.mean_bias_error,
        lambda p, y: sum(a - b for a, b in zip(p, y, strict=True)) / 6,
        PREDICTIONS,
        TARGETS,
    )


# --- two classes ------------------------------------------------------------------------------


@st.composite
def binary(draw: Any) -> dict[str, Any]:
    shape = draw(SHAPES)
    seed = draw(SEEDS)
    weights = [None, rng(seed + 2).uniform(0.1, 3.0, shape)]
    if len(shape) > 1:
        weights.append(rng(seed + 3).uniform(0.1, 3.0, shape[1:]))
    soft = draw(st.booleans())
    target = rng(seed + 1).uniform(size=shape)
    return {
        "x": rng(seed).normal(size=shape) * draw(st.sampled_from([1.0, 10.0])),
        "target": target if soft else np.round(target),
        "weight": draw(st.sampled_from(weights)),
        "pos_weight": draw(st.sampled_from(weights)),
        "reduction": draw(REDUCTIONS),
    }


def tensors(**options: Any) -> dict[str, Any]:
    return {k: tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(binary())
def test_binary_cross_entropy(problem: Any) -> None:
    p = 1.0 / (1.0 + np.exp(-problem["x"]))
    options = {"weight": problem["weight"], "reduction": problem["reduction"]}
    if options["weight"] is not None and options["weight"].shape != p.shape:
        options["weight"] = None  # PyTorch's functional form has no broadcasting here
    agree(
        lambda x, y: ac.binary_cross_entropy(x, y, **options),
        lambda x, y: f().binary_cross_entropy(x, y, **tensors(**options)),
        p,
        problem["target"],
    )


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(binary())
def test_binary_cross_entropy_with_logits(problem: Any) -> None:
    options = {k: problem[k] for k in ("weight", "reduction", "pos_weight")}
    agree(
        lambda x, y: ac.binary_cross_entropy_with_logits(x, y, **options),
        lambda x, y: f().binary_cross_entropy_with_logits(x, y, **tensors(**options)),
        problem["x"],
        problem["target"],
    )


@pytest.mark.oracle
@pytest.mark.parametrize("pos_weight", [None, [3.0] * 8])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_logits_of_any_size(pos_weight: Any, reduction: str) -> None:
    z = [0.0, -0.0, 1e4, -1e4, 1e4, -1e4, 40.0, -40.0]
    y = [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.25, 0.25]
    scale = None if pos_weight is None else tensor(np.array(pos_weight))
    agree(
        lambda z: ac.binary_cross_entropy_with_logits(z, y, None, reduction, pos_weight),
        lambda z: f().binary_cross_entropy_with_logits(
            z, tensor(np.array(y)), reduction=reduction, pos_weight=scale
        ),
        z,
    )


@pytest.mark.oracle
def test_binary_cross_entropy_of_probabilities_near_0_and_1() -> None:
    p = [1e-300, 1e-17, 3e-9, 1e-5, 1.0 - 1e-9, 1.0 - 2.0**-53]
    for y in (0.0, 1.0):
        losses = ac.binary_cross_entropy(p, [y] * 6, reduction="none")
        target = tensor(np.full(6, y))
        expected = f().binary_cross_entropy(tensor(np.array(p)), target, reduction="none")
        np.testing.assert_allclose(losses, expected.numpy(), rtol=1e-13, atol=0.0)


@pytest.mark.oracle
def test_binary_cross_entropy_of_certain_predictions() -> None:
    """Values bounded by 100, as PyTorch. Its slopes divide by max(p·(1 − p), 1e−12), so that at
    p = 0 or 1 they are 0 or 1e12; here they are those of the bounded formula.
    """
    p, y = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.25, 0.25]
    expected = f().binary_cross_entropy(tensor(np.array(p)), tensor(np.array(y)), reduction="none")
    close(ac.binary_cross_entropy(p, y, reduction="none"), expected)
    x = as_values(p)
    losses = ac.binary_cross_entropy(x, y, reduction="none")
    close(numbers(losses), expected)
    ac.sum(losses.tolist()).backward()
    assert grads(x).tolist() == [1.0, -1.0, 0.0, 0.0, 0.75, -0.25]


def test_likelihood_loss_by_its_formula() -> None:
    against_mpmath(
        ac.likelihood_loss,
        lambda p, y: -sum(b * a + (1 - b) * (1 - a) for a, b in zip(p, y, strict=True)) / 4,
        [0.8, 0.4, 0.3, 0.9],
        [1.0, 0.0, 0.25, 0.5],
    )


SCORES, LABELS = [[0.5, -2.0, 3.0], [-0.25, 0.0, 1.5]], [[1.0, -1.0, 1.0], [1.0, -1.0, -1.0]]


def test_hinge_losses_by_their_formulas() -> None:
    against_mpmath(
        ac.hinge_loss,
        lambda s, y: sum(max(0, 1 - a * b) for a, b in zip(s, y, strict=True)) / 6,
        SCORES,
        LABELS,
    )
    against_mpmath(
        ac.squared_hinge_loss,
        lambda s, y: sum(max(0, 1 - a * b) ** 2 for a, b in zip(s, y, strict=True)) / 6,
        SCORES,
        LABELS,
    )
    close(ac.hinge_loss(SCORES, LABELS, "none"), [[0.5, 0.0, 0.0], [1.25, 1.0, 2.5]])
    close(ac.squared_hinge_loss(SCORES, LABELS, "none"), [[0.25, 0.0, 0.0], [1.5625, 1.0, 6.25]])
    assert ac.hinge_loss(SCORES, LABELS, "sum") == 5.25
    assert ac.squared_hinge_loss(SCORES, LABELS, "sum") == 9.0625


@pytest.mark.parametrize("loss", [ac.hinge_loss, ac.squared_hinge_loss])
def test_hinge_losses_on_the_margin_have_slope_0(loss: Any) -> None:
    x = as_values([1.0, -1.0])
    loss(x, [1.0, -1.0]).backward()
    assert grads(x).tolist() == [0.0, 0.0]


@pytest.mark.oracle
@drawn
@given(SHAPES, SEEDS, REDUCTIONS, st.sampled_from([0.5, 1.0, 2.0]))
def test_hinge_embedding_loss(shape: Any, seed: int, reduction: str, margin: float) -> None:
    distances = rng(seed).uniform(0.0, 3.0, shape)
    labels = rng(seed + 1).choice([-1.0, 1.0], shape)
    agree(
        lambda x: ac.hinge_embedding_loss(x, labels, margin=margin, reduction=reduction),
        lambda x: f().hinge_embedding_loss(x, tensor(labels), margin=margin, reduction=reduction),
        distances,
    )


@pytest.mark.oracle
def test_hinge_embedding_loss_on_the_margin() -> None:
    labels = [-1.0, 1.0, -1.0, -1.0]
    agree(
        lambda x: ac.hinge_embedding_loss(x, labels),
        lambda x: f().hinge_embedding_loss(x, tensor(np.array(labels))),
        [1.0, 1.0, 0.0, 1e4],
    )


# --- the catalogue's figures ------------------------------------------------------------------

EXAMPLES = {
    example["id"]: (example["inputs"], example["expected"])
    for example in json.loads(
        (Path(__file__).parents[1] / "catalogue" / "examples.json").read_text("utf-8")
    )
}
SHEET, FIGURES = EXAMPLES["003.losses"]
LISTED: list[tuple[str, Any, str, str]] = [
    ("mse", ac.mse_loss, "y_hat", "y"),
    ("mae", ac.l1_loss, "y_hat", "y"),
    ("rmse", ac.rmse_loss, "y_hat", "y"),
    ("mbe", ac.mean_bias_error, "y_hat", "y"),
    ("huber", ac.huber_loss, "y_hat", "y"),
    ("hinge", ac.hinge_loss, "score", "sign"),
    ("squared_hinge", ac.squared_hinge_loss, "score", "sign"),
]  # fmt: skip


@pytest.mark.system("S003-34", "S003-35")
@pytest.mark.conflict("X-02", "X-08")
@pytest.mark.parametrize(("key", "loss", "input", "target"), LISTED)
def test_the_listed_losses(key: str, loss: Any, input: str, target: str) -> None:
    x = as_values(SHEET[input])
    value = loss(x, SHEET[target])
    value.backward()
    assert value.data == pytest.approx(FIGURES[key], rel=1e-14)
    close(grads(x), FIGURES[f"d{key}"], tolerance=1e-13)


@pytest.mark.system("S003-35", "S003-36")
def test_the_listed_likelihood_and_divergence() -> None:
    likelihood = ac.binary_cross_entropy(SHEET["prob"], SHEET["label"])
    assert likelihood == pytest.approx(FIGURES["likelihood"], rel=1e-14)
    q = as_values(SHEET["q"])
    divergence = ac.kl_div(ac.log(q), SHEET["p"], reduction="sum")
    divergence.backward()
    assert divergence.data == pytest.approx(FIGURES["kld"], rel=1e-12)
    close(grads(q), FIGURES["dkld_dq"], tolerance=1e-13)


@pytest.mark.system("S003-37")
def test_the_table_of_binary_cross_entropies() -> None:
    inputs, expected = EXAMPLES["003.bce-table"]
    close(ac.binary_cross_entropy(inputs["p"], inputs["label"], None, "none"), expected["loss"])
    p = as_values(inputs["p"])
    mean = ac.binary_cross_entropy(p, inputs["label"])
    mean.backward()
    assert mean.data == pytest.approx(expected["mean"], rel=1e-14)
    close(grads(p), expected["dmean_dp"])


# --- shapes, types and arguments --------------------------------------------------------------

ELEMENTWISE: dict[str, dict[str, Any]] = {
    "mse_loss": {}, "half_squared_error": {}, "rmse_loss": {}, "l1_loss": {},
    "mean_bias_error": {}, "huber_loss": {}, "smooth_l1_loss": {}, "binary_cross_entropy": {},
    "binary_cross_entropy_with_logits": {}, "likelihood_loss": {}, "hinge_loss": {},
    "squared_hinge_loss": {}, "hinge_embedding_loss": {}, "categorical_cross_entropy": {},
    "kl_div": {},
}  # fmt: skip
WITHOUT_REDUCTION = {"rmse_loss", "mean_bias_error", "likelihood_loss"}
BY_CLASS = ["cross_entropy", "nll_loss", "multiclass_hinge_loss"]


def test_every_loss_is_tested_here() -> None:
    from autograd_core import class_losses, losses

    assert {*ELEMENTWISE, *BY_CLASS} == {*losses.__all__, *class_losses.__all__}


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("carrier", [np.ones, lambda shape: as_values(np.ones(shape))])
def test_predictions_and_targets_of_different_shapes(name: str, carrier: Any) -> None:
    for input, target, shapes in (
        ((2, 3), (3, 2), "2×3 and targets 3×2"),
        ((2, 3), (2,), "2×3 and targets 2"),
        ((2, 3), (1, 3), "2×3 and targets 1×3"),
        ((2,), (2, 1), "2 and targets 2×1"),
        ((2,), (), "2 and targets a single number"),
    ):
        with pytest.raises(ValueError, match=f"{name} compares arrays of one shape") as error:
            getattr(ac, name)(carrier(input), np.ones(target))
        assert shapes in str(error.value)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_losses_of_nothing(name: str) -> None:
    with pytest.raises(ValueError, match="at least one prediction"):
        getattr(ac, name)([], [])


@pytest.mark.parametrize("name", sorted({*ELEMENTWISE, *BY_CLASS} - WITHOUT_REDUCTION))
def test_an_unknown_reduction(name: str) -> None:
    target: Any = [0] if name in BY_CLASS else [[0.5, 0.5]]
    for reduction in ("median", "", None, "batchmean" if name != "kl_div" else "Mean"):
        with pytest.raises(ValueError, match='reduction is "mean", "sum" or "none"'):
            getattr(ac, name)([[0.5, 0.25]], target, reduction=reduction)


def test_an_unknown_reduction_with_class_weights() -> None:
    for options in ({}, {"label_smoothing": 0.1}):
        with pytest.raises(ValueError, match="reduction is"):
            ac.cross_entropy([[0.5, 0.2]], [0], [1.0, 2.0], reduction="median", **options)


@pytest.mark.parametrize("name", BY_CLASS)
@pytest.mark.parametrize(
    ("input", "target", "shapes"),
    [
        ((2, 3), [0, 1, 2], "got 2×3 and 3"),
        ((2, 3), 1, "got 2×3 and a single number"),
        ((3,), [1], "got 3 and 1"),
        ((), 0, "got a single number and a single number"),
        ((2, 3, 4), [0, 1], "got 2×3×4 and 2"),
        ((2, 3), [[0], [1]], "got 2×3 and 2×1"),
    ],
)
def test_class_numbers_of_wrong_shapes(name: str, input: Any, target: Any, shapes: str) -> None:
    with pytest.raises(ValueError, match=f"{name} takes scores .batch, classes.") as error:
        getattr(ac, name)(np.ones(input), target)
    assert shapes in str(error.value)


@pytest.mark.parametrize("name", BY_CLASS)
def test_class_numbers_that_are_none(name: str) -> None:
    loss = getattr(ac, name)
    with pytest.raises(TypeError, match=r"not float64: write target\.astype\(int\)"):
        loss(np.ones((2, 3)), [0.0, 1.0])
    with pytest.raises(TypeError, match="whole class numbers, not object"):
        loss(np.ones((2, 3)), as_values([0.0, 1.0]))
    for wrong in (3, -1):
        with pytest.raises(ValueError, match=f"no class {wrong} among 3 classes"):
            loss(np.ones((2, 3)), [0, wrong])


@pytest.mark.parametrize("weight", [[1.0, 2.0], [1.0, 2.0, 3.0, 4.0], 2.0, [[1.0, 2.0, 3.0]]])
@pytest.mark.parametrize(
    "loss",
    [
        ac.nll_loss,
        ac.cross_entropy,
        lambda *given: ac.cross_entropy(*given, label_smoothing=0.5),
        lambda z, y, *given: ac.cross_entropy(z, np.full((2, 3), 1.0 / 3.0), *given),
    ],
    ids=["nll_loss", "cross_entropy", "smoothed", "soft"],
)
def test_a_class_weight_of_another_length(loss: Any, weight: Any) -> None:
    """One weight for each class, or an error that says so."""
    for reduction in ("mean", "sum", "none"):
        for target in ([0, 1], [0, 2]):
            with pytest.raises(ValueError, match=r"weight.*3|3.*weight|shapes"):
                loss(np.ones((2, 3)), target, weight, reduction)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "binary_cross_entropy_with_logits"])
@pytest.mark.parametrize("shape", [(3,), (2, 2, 2), (3, 2)])
def test_a_weight_that_does_not_fit(name: str, shape: Any) -> None:
    """A weight may be broadcast to the predictions, never the predictions to a weight."""
    x, loss = np.full((2, 2), 0.5), getattr(ac, name)
    for option in ("weight", "pos_weight") if name.endswith("logits") else ("weight",):
        with pytest.raises(ValueError, match=r"weight|shapes"):
            loss(x, x, reduction="none", **{option: np.ones(shape)})


@pytest.mark.parametrize("smoothing", [-0.1, 1.1, math.nan])
def test_label_smoothing_out_of_range(smoothing: float) -> None:
    with pytest.raises(ValueError, match="label_smoothing lies between 0 and 1; got"):
        ac.cross_entropy([[0.0, 1.0]], [0], label_smoothing=smoothing)


def test_widths_out_of_range() -> None:
    for delta in (0.0, -1.0):
        with pytest.raises(ValueError, match="delta is positive; got"):
            ac.huber_loss([1.0], [0.0], delta=delta)
    with pytest.raises(ValueError, match="beta is not negative; got"):
        ac.smooth_l1_loss([1.0], [0.0], beta=-1.0)


@pytest.mark.parametrize("name", sorted({*ELEMENTWISE, *BY_CLASS}))
def test_a_batch_of_one_is_its_example(name: str) -> None:
    loss = getattr(ac, name)
    input: Any = [0.2, 0.5, 0.3]
    target: Any = [1.0, -1.0, 1.0] if "hinge" in name else [0.5, 0.1, 0.4]
    target = 1 if name in BY_CLASS else target
    batched = loss([input], [target])
    single = loss(input, target)
    assert isinstance(single, float)
    assert batched == pytest.approx(single, rel=1e-15)
    node = loss(as_values(input), target)
    assert isinstance(node, ac.Value)
    assert node.data == pytest.approx(single, rel=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_losses_of_ragged_rows(name: str) -> None:
    with pytest.raises(ValueError, match="one length"):
        getattr(ac, name)([[1.0, 2.0], [3.0]], [[1.0, 2.0], [3.0]])
