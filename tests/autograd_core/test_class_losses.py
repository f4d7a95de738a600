"""Losses of many classes: against PyTorch where it has them, else against their formula."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp

import autograd_core as ac
from tests.autograd_core.test_losses import (
    EXAMPLES,
    LAST_PLACE,
    REDUCTIONS,
    SEEDS,
    SIZES,
    against_mpmath,
    drawn,
    f,
    rng,
    tensor,
    tensors,
)  # fmt: skip
from tests.support.against_torch import agree, as_values, close, grads, numbers


@st.composite
def classification(draw: Any) -> dict[str, Any]:
    batch, classes, seed = draw(SIZES), draw(SIZES), draw(SEEDS)
    logits = rng(seed).normal(size=(batch, classes)) * draw(st.sampled_from([1.0, 30.0]))
    target = rng(seed + 1).integers(0, classes, batch)
    probabilities = rng(seed + 2).dirichlet(np.ones(classes), batch)
    if draw(st.booleans()):  # one example, no batch
        logits, target, probabilities = logits[0], target[0], probabilities[0]
    return {
        "logits": logits,
        "target": target,
        "probabilities": probabilities,
        "weight": rng(seed + 3).uniform(0.1, 3.0, classes) if draw(st.booleans()) else None,
        "reduction": draw(REDUCTIONS),
        "label_smoothing": draw(st.sampled_from([0.0, 0.1, 0.7, 1.0])),
    }


@pytest.mark.oracle
@settings(drawn, max_examples=60)
@given(classification())
def test_cross_entropy_with_class_numbers(problem: Any) -> None:
    options = {k: problem[k] for k in ("weight", "reduction", "label_smoothing")}
    agree(
        lambda z: ac.cross_entropy(z, problem["target"], **options),
        lambda z: f().cross_entropy(z, tensor(problem["target"]), **tensors(**options)),
        problem["logits"],
        absolute=LAST_PLACE * float(np.abs(problem["logits"]).max()),
    )


@pytest.mark.oracle
@settings(drawn, max_examples=60)
@given(classification())
def test_cross_entropy_with_probabilities(problem: Any) -> None:
    options = {k: problem[k] for k in ("weight", "reduction", "label_smoothing")}
    agree(
        lambda z, y: ac.cross_entropy(z, y, **options),
        lambda z, y: f().cross_entropy(z, y, **tensors(**options)),
        problem["logits"],
        problem["probabilities"],
        absolute=LAST_PLACE * float(np.abs(problem["logits"]).max()),
    )


@pytest.mark.oracle
@drawn
@given(classification())
def test_nll_loss(problem: Any) -> None:
    options = {k: problem[k] for k in ("weight", "reduction")}
    agree(
        lambda z: ac.nll_loss(z, problem["target"], **options),
        lambda z: f().nll_loss(z, tensor(problem["target"]), **tensors(**options)),
        problem["logits"],
    )


@pytest.mark.oracle
@pytest.mark.parametrize("label_smoothing", [0.0, 0.25])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy_at_ties_and_large_logits(label_smoothing: float, reduction: str) -> None:
    z = [[0.0, 0.0, 0.0], [1e4, -1e4, 0.0], [1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]]
    for y in ([0, 0, 1, 2], [2, 1, 2, 0]):
        agree(
            lambda z, y=y: ac.cross_entropy(z, y, None, reduction, label_smoothing),
            lambda z, y=y: f().cross_entropy(
                z, tensor(y), reduction=reduction, label_smoothing=label_smoothing
            ),
            z,
        )


@pytest.mark.oracle
def test_class_numbers_come_in_any_whole_type() -> None:
    z = rng(3).normal(size=(3, 4))
    expected = f().cross_entropy(tensor(z), tensor([0, 3, 1]))
    for target in ([0, 3, 1], (0, 3, 1), np.array([0, 3, 1], np.uint8), np.array([0, 3, 1])):
        close(ac.cross_entropy(z, target), expected)
    close(ac.cross_entropy(z[0], 2), f().cross_entropy(tensor(z[0]), tensor(np.array(2))))
    close(ac.cross_entropy(z[0], np.int64(2)), ac.cross_entropy(z[0], 2))


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@drawn
@given(
    SIZES, SIZES, SEEDS, st.sampled_from(["mean", "sum", "none", "batchmean"]), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_kl_div(
    batch: int, classes: int, seed: int, reduction: str, log_target: bool, single: bool
) -> None:
    q = np.log(rng(seed).dirichlet(np.ones(classes), batch))
    y = rng(seed + 1).dirichlet(np.ones(classes), batch)
    q, y = (q[0], y[0]) if single else (q, y)
    options = {"reduction": reduction, "log_target": log_target}
    agree(
        lambda q, y: ac.kl_div(q, y, **options),
        lambda q, y: f().kl_div(q, y, **options),
        q,
        np.log(y) if log_target else y,
    )


@pytest.mark.oracle
@pytest.mark.parametrize("carrier", [list, as_values])
def test_kl_div_of_a_target_that_is_0(carrier: Any) -> None:
    """0·ln 0 is 0, whatever carries the 0."""
    q, y = [[-0.5, -1.0, -3.0]], [[0.0, 1.0, 0.0]]
    expected = f().kl_div(tensor(np.array(q)), tensor(np.array(y)), reduction="none")
    x = as_values(q)
    losses = ac.kl_div(x, carrier(y), reduction="none")
    close(numbers(losses), expected)
    ac.sum(losses.ravel()).backward()
    assert grads(x).tolist() == [[0.0, -1.0, 0.0]]


def test_categorical_cross_entropy_by_its_formula() -> None:
    def formula(p: Any, y: Any) -> Any:
        return -sum(b * mp.log(a) for a, b in zip(p, y, strict=True)) / 2

    p = [[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]]
    soft = [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]
    against_mpmath(ac.categorical_cross_entropy, formula, p, soft)
    against_mpmath(ac.categorical_cross_entropy, formula, p, [[1, 0, 0], [0, 0, 1]])
    against_mpmath(
        ac.categorical_cross_entropy, lambda p, y: 2 * formula(p, y), [0.7, 0.2, 0.1], [0, 1, 0]
    )
    each = ac.categorical_cross_entropy(p, [[1, 0, 0], [0, 0, 1]], "none")
    close(each, [-math.log(0.7), -math.log(0.4)], tolerance=1e-14)
    total = ac.categorical_cross_entropy(p, [[1, 0, 0], [0, 0, 1]], "sum")
    assert total == pytest.approx(-math.log(0.7) - math.log(0.4), rel=1e-14)


def test_categorical_cross_entropy_of_impossible_classes() -> None:
    """Probability 0 costs nothing where the target is 0, and is bounded at 100 where it is not."""
    x = as_values([[0.0, 1.0, 0.0]])
    ac.categorical_cross_entropy(x, [[0.0, 1.0, 0.0]]).backward()
    assert grads(x).tolist() == [[0.0, -1.0, 0.0]]
    assert ac.categorical_cross_entropy([[0.0, 1.0, 0.0]], [[0.0, 1.0, 0.0]]) == 0.0
    assert ac.categorical_cross_entropy([[0.0, 1.0]], [[1.0, 0.0]]) == 100.0


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(classification(), st.sampled_from([0.5, 1.0, 2.0]), st.booleans())
def test_multiclass_hinge_loss(problem: Any, margin: float, ties: bool) -> None:
    """PyTorch's `multi_margin_loss` is this one divided by the number of classes."""
    logits = np.round(problem["logits"]) if ties else problem["logits"]
    assume(logits.shape[-1] > 1)  # with one class there is no wrong one, and no operation
    options = {"margin": margin, "reduction": problem["reduction"]}
    agree(
        lambda s: ac.multiclass_hinge_loss(s, problem["target"], **options),
        lambda s: (
            f().multi_margin_loss(s, tensor(problem["target"]), **options) * logits.shape[-1]
        ).reshape(problem["target"].shape if options["reduction"] == "none" else ()),
        logits,
    )


# --- targets with further axes, examples left out ---------------------------------------------


@st.composite
def labelled_grids(draw: Any) -> dict[str, Any]:
    """Logits (batch, classes, …) with class numbers, some of them left out."""
    seed, classes = draw(SEEDS), draw(st.sampled_from([3, 2, 4]))
    grid = (draw(SIZES), *draw(st.lists(SIZES, max_size=2)))
    target = rng(seed + 1).integers(0, classes, grid)
    ignore_index = draw(st.sampled_from([-100, 0, 1, -1, 255]))
    left_out = rng(seed + 2).uniform(size=grid) < draw(st.sampled_from([0.0, 0.4]))
    target = np.where(left_out, ignore_index, target)
    assume((target != ignore_index).any())
    return {
        "logits": rng(seed).normal(size=(grid[0], classes, *grid[1:])) * 3.0,
        "target": target,
        "weight": rng(seed + 3).uniform(0.1, 3.0, classes) if draw(st.booleans()) else None,
        "reduction": draw(REDUCTIONS),
        "ignore_index": ignore_index,
    }


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(labelled_grids(), st.sampled_from([0.0, 0.3]))
def test_cross_entropy_on_grids(problem: Any, label_smoothing: float) -> None:
    options = {k: problem[k] for k in ("weight", "reduction", "ignore_index")}
    options["label_smoothing"] = label_smoothing
    agree(
        lambda z: ac.cross_entropy(z, problem["target"], **options),
        lambda z: f().cross_entropy(z, tensor(problem["target"]), **tensors(**options)),
        problem["logits"],
        absolute=LAST_PLACE * float(np.abs(problem["logits"]).max()),
    )


@pytest.mark.oracle
@settings(drawn, max_examples=40)
@given(labelled_grids())
def test_nll_loss_on_grids(problem: Any) -> None:
    options = {k: problem[k] for k in ("weight", "reduction", "ignore_index")}
    agree(
        lambda z: ac.nll_loss(z, problem["target"], **options),
        lambda z: f().nll_loss(z, tensor(problem["target"]), **tensors(**options)),
        problem["logits"],
    )


@pytest.mark.oracle
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weight", [None, [0.5, 2.0, 1.0]])
def test_cross_entropy_with_probabilities_on_a_grid(reduction: str, weight: Any) -> None:
    """The classes are the second axis, of the target too."""
    z = rng(5).normal(size=(2, 3, 4, 2))
    y = np.moveaxis(rng(6).dirichlet(np.ones(3), (2, 4, 2)), -1, 1)
    options = {"weight": None if weight is None else np.array(weight), "reduction": reduction}
    agree(
        lambda z, y: ac.cross_entropy(z, y, label_smoothing=0.2, **options),
        lambda z, y: f().cross_entropy(z, y, label_smoothing=0.2, **tensors(**options)),
        z,
        y,
    )


@pytest.mark.oracle
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy_with_probabilities_at_large_logits(reduction: str) -> None:
    z = [[0.0, 0.0, 0.0], [1e4, -1e4, 0.0], [1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]]
    y = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.0, 0.75]]
    agree(
        lambda z: ac.cross_entropy(z, y, reduction=reduction),
        lambda z: f().cross_entropy(z, tensor(np.array(y)), reduction=reduction),
        z,
    )


@pytest.mark.parametrize("loss", [ac.cross_entropy, ac.nll_loss])
def test_nothing_left_to_take_the_mean_of(loss: Any) -> None:
    """0/0, as PyTorch; the sum is 0."""
    assert math.isnan(loss([[1.0, 2.0]], [1], ignore_index=1))
    assert loss([[1.0, 2.0]], [1], None, "sum", ignore_index=1) == 0.0


def test_probabilities_have_no_class_to_leave_out() -> None:
    with pytest.raises(ValueError, match="leaves out a class number; the target has probabilities"):
        ac.cross_entropy([[1.0, 2.0]], [[0.5, 0.5]], ignore_index=1)


# --- the catalogue's figures ------------------------------------------------------------------


@pytest.mark.system("S002-10")
def test_the_multiclass_hinge_losses_of_the_lecture() -> None:
    for key, worst_only in (("002.svm-sum", False), ("002.svm-max", True)):
        inputs, expected = EXAMPLES[key]
        w = as_values(inputs["W"])
        scores = ac.transpose(ac.matmul(w, inputs["X"]))
        each = ac.multiclass_hinge_loss(
            scores, inputs["labels"], reduction="none", worst_only=worst_only
        )
        close(numbers(each), expected["losses"], tolerance=1e-14)
        ac.multiclass_hinge_loss(scores, inputs["labels"], worst_only=worst_only).backward()
        close(grads(w), expected["ddata_dW"], tolerance=1e-13)


@pytest.mark.system("S003-36")
@pytest.mark.parametrize("carrier", [list, as_values])
def test_the_categorical_cross_entropies_of_the_slides(carrier: Any) -> None:
    inputs, expected = EXAMPLES["003.cce"]
    p = carrier(inputs["p"])
    mean = ac.categorical_cross_entropy(p, inputs["y"])
    assert getattr(mean, "data", mean) == pytest.approx(expected["mean"], rel=1e-14)
    each = ac.nll_loss(ac.log(np.array(inputs["p"])), expected["sparse_index"], reduction="none")
    close(each, expected["loss"], tolerance=1e-14)


@pytest.mark.system("S000-17")
def test_the_gradient_of_softmax_and_cross_entropy() -> None:
    inputs, expected = EXAMPLES["000.softmax-cross-entropy"]
    for kind in ("onehot", "soft", "unnormalised"):
        z = as_values(inputs["y"])
        loss = ac.cross_entropy(z, inputs[f"p_{kind}"])
        loss.backward()
        assert loss.data == pytest.approx(expected[f"loss_{kind}"], rel=1e-14)
        close(grads(z), expected[f"grad_{kind}"], tolerance=1e-13)
