"""Losses of many classes, under PyTorch's functional names where it has one.

Scores, logits and log-probabilities are (batch, classes), or (classes,) for one example, or have
further axes behind: (batch, classes, d₁, …). Class numbers have the same axes without the classes.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from .functions import as_array, log_softmax, shape_text
from .losses import bounded_log
from .reductions import Reduction, pair, reduced, weighted_mean
from .table import div, equal, exp, log, logsumexp, max, relu, sum
from .table import where as choose

__all__ = [
    "categorical_cross_entropy", "cross_entropy", "kl_div", "multiclass_hinge_loss", "nll_loss",
]  # fmt: skip

NEVER = -100  # PyTorch's `ignore_index` where nothing is left out


# --- targets that are class numbers -----------------------------------------------------------


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    reduction: Reduction = "mean",
    ignore_index: int = NEVER,
) -> Any:
    """−ln p of the true class, for log-probabilities (batch, classes) and class numbers (batch,).

    weight : one for each class; the mean is divided by the weights of the true classes.
    ignore_index : a class number whose examples count for nothing. Both as in PyTorch.

    >>> nll_loss([[-0.5, -1.0]], [1])
    1.0
    """
    rows, classes = _classes("nll_loss", input, target, ignore_index)
    losses = [0.0 if c is None else -row[c] for row, c in zip(rows, classes, strict=True)]
    weights = _example_weights(weight, classes, rows.shape[1])
    return _like_target(losses, weights, reduction, target)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
    ignore_index: int = NEVER,
) -> Any:
    """−ln softmax(z) of the true class, for logits z; stable for any size.

    input : (batch, classes) or (classes,). target : class numbers (batch,), or probabilities in
    the shape of input. `label_smoothing` ε mixes the target with ε times the uniform one; weight
    and ignore_index are those of `nll_loss`.

    >>> round(cross_entropy([[2.0, 1.0]], [0]), 6)
    0.313262
    """
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"label_smoothing lies between 0 and 1; got {label_smoothing}")
    input = as_array(input)
    if np.shape(target) == input.shape and input.ndim > 0:
        if ignore_index != NEVER:
            raise ValueError("ignore_index leaves out a class number; the target has probabilities")
        return _soft_cross_entropy(input, as_array(target), weight, reduction, label_smoothing)
    rows, classes = _classes("cross_entropy", input, target, ignore_index)
    weights = _example_weights(weight, classes, rows.shape[1])
    if label_smoothing == 0.0:
        # ln Σ e^(zⱼ − z_y), which keeps its digits where the loss is small
        losses = [
            0.0 if c is None else logsumexp((row - row[c]).tolist())
            for row, c in zip(rows, classes, strict=True)
        ]
        return _like_target(losses, weights, reduction, target)
    scale = _class_weights(weight, rows.shape[1])
    share = label_smoothing / rows.shape[1]
    terms = [
        0.0
        if c is None
        else (-(1.0 - label_smoothing) * scale[c]) * row[c] - sum((row * scale).tolist()) * share
        for row, c in zip(log_softmax(rows), classes, strict=True)
    ]
    if weights is not None and reduction == "mean":
        return div(sum(terms), float(np.sum(weights)))
    return _like_target(terms, None, reduction, target)


def multiclass_hinge_loss(
    input: Any,
    target: Any,
    margin: float = 1.0,
    reduction: Reduction = "mean",
    worst_only: bool = False,
) -> Any:
    """Σ max(0, sⱼ − s_y + margin) over the wrong classes j, for scores s (batch, classes).

    With `worst_only` the largest of the terms in place of their sum. PyTorch's `multi_margin_loss`
    is the sum divided by the number of classes.

    Source: J. Weston, C. Watkins, ESANN (1999), for the sum; K. Crammer, Y. Singer, JMLR 2 (2001),
    265–292, for the largest.

    >>> multiclass_hinge_loss([[3.0, 2.5, 2.75]], [0])
    1.25
    >>> multiclass_hinge_loss([[3.0, 2.5, 2.75]], [0], worst_only=True)
    0.75
    """
    rows, classes = _classes("multiclass_hinge_loss", input, target)
    over_classes = max if worst_only else sum
    losses = [
        over_classes(
            [relu(score - row[c] + margin) for j, score in enumerate(row) if j != c] or [0.0]
        )
        for row, c in zip(rows, classes, strict=True)
    ]
    return _like_target(losses, None, reduction, target)


def _classes(
    name: str, input: Any, target: Any, ignore_index: int = NEVER
) -> tuple[Any, list[int | None]]:
    """The scores as rows and each row's class, None where it is left out; both checked."""
    scores, numbers = as_array(input), np.asarray(target)
    behind = scores[None] if scores.ndim == 1 and numbers.ndim == 0 else scores
    rows = np.moveaxis(behind, 1, -1) if behind.ndim > 1 else behind
    if behind.ndim < 2 or (numbers[None] if scores.ndim == 1 else numbers).shape != rows.shape[:-1]:
        raise ValueError(
            f"{name} takes scores (batch, classes) and class numbers (batch,); "
            f"got {shape_text(scores)} and {shape_text(numbers)}"
        )
    if numbers.dtype.kind not in "iu":
        repair = ": write target.astype(int)" if numbers.dtype.kind == "f" else ""
        raise TypeError(f"{name} takes whole class numbers, not {numbers.dtype}{repair}")
    count = rows.shape[-1]
    classes = [None if c == ignore_index else int(c) for c in numbers.ravel()]
    outside = [c for c in classes if c is not None and not 0 <= c < count]
    if outside:
        raise ValueError(f"{name}: there is no class {outside[0]} among {count} classes")
    return rows.reshape(-1, count), classes


def _class_weights(weight: Any, count: int) -> Any:
    """A weight for each class; 1 for each where none are given."""
    weights = np.ones(count) if weight is None else as_array(weight)
    if weights.shape != (count,):
        raise ValueError(
            f"there are {count} classes, so the weight has {count} entries; "
            f"got {shape_text(weights)}"
        )
    return weights


def _example_weights(weight: Any, classes: list[int | None], count: int) -> Any:
    """The weight of each example, 0 for one left out; None where all count the same."""
    if weight is None and None not in classes:
        return None
    scale = _class_weights(weight, count)
    return np.array([0.0 if c is None else scale[c] for c in classes])


def _like_target(losses: list[Any], weights: Any, reduction: Reduction, target: Any) -> Any:
    """The losses of all examples reduced; unreduced in the shape of the class numbers."""
    shape = np.shape(target)
    array = as_array(losses).reshape(shape)
    return weighted_mean(array, None if weights is None else weights.reshape(shape), reduction)


# --- targets that are distributions -----------------------------------------------------------


def _soft_cross_entropy(
    input: Any, target: Any, weight: Any, reduction: Reduction, label_smoothing: float
) -> Any:
    """Cross entropy with probabilities as targets; the mean is over the examples."""
    if input.ndim > 1:  # the classes last
        input, target = np.moveaxis(input, 1, -1), np.moveaxis(target, 1, -1)
    count = input.shape[-1]
    if label_smoothing:
        target = target * (1.0 - label_smoothing) + label_smoothing / count
    terms = -target * log_softmax(input)
    if weight is not None:
        terms = terms * _class_weights(weight, count)
    return reduced(_summed_rows(terms), reduction)


def categorical_cross_entropy(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """−Σ yᵢ·ln pᵢ for probabilities p (batch, classes) and one-hot or soft targets y.

    >>> round(categorical_cross_entropy([[0.7, 0.2, 0.1]], [[1, 0, 0]]), 6)
    0.356675
    """
    input, target = pair("categorical_cross_entropy", input, target)
    return reduced(_summed_rows(-target * bounded_log(input)), reduction)


def _summed_rows(terms: Any) -> Any:
    """The sums along the last axis."""
    sums = [sum(row.tolist()) for row in terms.reshape(-1, terms.shape[-1])]
    return as_array(sums).reshape(terms.shape[:-1])


def kl_div(
    input: Any,
    target: Any,
    reduction: Literal["mean", "sum", "none", "batchmean"] = "mean",
    log_target: bool = False,
) -> Any:
    """The Kullback–Leibler divergence y·(ln y − q) for log-probabilities q and targets y.

    0·ln 0 is 0. reduction "batchmean" divides the sum by the batch; that is the divergence itself.

    >>> round(kl_div([[-0.5, -1.0]], [[0.5, 0.5]], reduction="sum"), 6)
    0.056853
    """
    input, target = pair("kl_div", input, target)
    if log_target:
        losses = exp(target) * (target - input)
    else:
        present = 1.0 - equal(target, 0.0)
        losses = target * (log(choose(present, target, 1.0)) - input)
    if reduction == "batchmean":
        return sum(losses.ravel().tolist()) * (1.0 / (losses.shape[0] if losses.ndim else 1))
    return reduced(losses, reduction)
