"""Loss functions as compositions of rows, under PyTorch's functional names where it has one.

A loss compares an array of predictions with an array of targets of the same shape, entry by entry,
and takes the mean (`reduction="sum"` the sum, "none" the entries). Examples are rows: logits are
(batch, classes) or, for one example, (classes,).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from .functions import as_array, log_softmax, shape_text
from .table import (
    abs,
    clip,
    equal,
    exp,
    log,
    log_sigmoid,
    logsumexp,
    mean,
    relu,
    softplus,
    sqrt,
    square,
    sum,
)
from .table import where as choose

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "categorical_cross_entropy",
    "cross_entropy", "half_squared_error", "hinge_embedding_loss", "hinge_loss", "huber_loss",
    "kl_div", "l1_loss", "likelihood_loss", "mean_bias_error", "mse_loss",
    "multiclass_hinge_loss", "nll_loss", "rmse_loss", "smooth_l1_loss", "squared_hinge_loss",
]  # fmt: skip

Reduction = Literal["mean", "sum", "none"]

LOG_FLOOR = -100.0  # PyTorch's bound for the logarithm of a probability 0


def _reduced(losses: Any, reduction: Reduction) -> Any:
    """The mean, the sum or the entries themselves."""
    losses = as_array(losses)
    if reduction == "none":
        return losses[()]
    if reduction not in ("mean", "sum"):
        raise ValueError(f'reduction is "mean", "sum" or "none", not {reduction!r}')
    entries = losses.ravel().tolist()
    return mean(entries) if reduction == "mean" else sum(entries)


def _pair(name: str, input: Any, target: Any) -> tuple[Any, Any]:
    input, target = as_array(input), as_array(target)
    if input.shape != target.shape:
        raise ValueError(
            f"{name} compares arrays of one shape; "
            f"got predictions {shape_text(input)} and targets {shape_text(target)}"
        )
    if input.size == 0:
        raise ValueError(f"{name} needs at least one prediction")
    return input, target


def _weighted(losses: Any, weight: Any) -> Any:
    if weight is None:
        return losses
    losses, weight = as_array(losses), as_array(weight)
    try:
        fits = np.broadcast_shapes(losses.shape, weight.shape) == losses.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"a weight {shape_text(weight)} does not fit predictions {shape_text(losses)}"
        )
    return losses * weight


def _class_weights(weight: Any, count: int) -> Any:
    """A weight for each class; 1 for each where none are given."""
    weights = np.ones(count) if weight is None else as_array(weight)
    if weights.shape != (count,):
        raise ValueError(
            f"there are {count} classes, so the weight has {count} entries; "
            f"got {shape_text(weights)}"
        )
    return weights


# --- regression -------------------------------------------------------------------------------


def mse_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Mean squared error: the mean of (ŷ − y)².

    >>> mse_loss([1.0, 3.0], [0.0, 0.0])
    5.0
    """
    input, target = _pair("mse_loss", input, target)
    return _reduced(square(input - target), reduction)


def half_squared_error(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Half the squared error: the mean of ½·(ŷ − y)², whose slope is ŷ − y.

    >>> half_squared_error([3.0], [1.0])
    2.0
    """
    input, target = _pair("half_squared_error", input, target)
    return _reduced(square(input - target) * 0.5, reduction)


def rmse_loss(input: Any, target: Any) -> Any:
    """Root mean squared error: √ of the mean of (ŷ − y)².

    >>> rmse_loss([3.0, 4.0], [0.0, 8.0])
    3.5355339059327378
    """
    return sqrt(mse_loss(*_pair("rmse_loss", input, target)))


def l1_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Mean absolute error: the mean of |ŷ − y|.

    >>> l1_loss([1.0, 3.0], [0.0, 0.0])
    2.0
    """
    input, target = _pair("l1_loss", input, target)
    return _reduced(abs(input - target), reduction)


def mean_bias_error(input: Any, target: Any) -> Any:
    """Mean bias error: the mean of y − ŷ; errors of both signs cancel.

    >>> mean_bias_error([1.0, 3.0], [0.0, 0.0])
    -2.0
    """
    input, target = _pair("mean_bias_error", input, target)
    return _reduced(target - input, "mean")


def huber_loss(
    input: Any, target: Any, reduction: Reduction = "mean", delta: float = 1.0
) -> Any:
    """Huber's loss: ½·e² for |e| ≤ δ, else δ·(|e| − ½·δ), with e = ŷ − y.

    Source: P. Huber, Ann. Math. Statist. 35 (1964), 73–101.

    >>> huber_loss([0.5, 3.0], [0.0, 0.0], "none").tolist()
    [0.125, 2.5]
    """
    if delta <= 0.0:
        raise ValueError(f"delta is positive; got {delta}")
    input, target = _pair("huber_loss", input, target)
    size = abs(input - target)
    near = clip(size, 0.0, delta)  # ½·near² + δ·(size − near) is both branches at once
    return _reduced(square(near) * 0.5 + (size - near) * delta, reduction)


def smooth_l1_loss(
    input: Any, target: Any, reduction: Reduction = "mean", beta: float = 1.0
) -> Any:
    """½·e²/β for |e| < β, else |e| − ½·β; Huber's loss divided by β, and `l1_loss` for β = 0.

    Source: R. Girshick, Fast R-CNN (2015), equation 3.

    >>> smooth_l1_loss([3.0], [0.0], beta=2.0)
    2.0
    """
    if beta < 0.0:
        raise ValueError(f"beta is not negative; got {beta}")
    input, target = _pair("smooth_l1_loss", input, target)
    if beta == 0.0:
        return l1_loss(input, target, reduction)
    return huber_loss(input, target, reduction, delta=beta) * (1.0 / beta)


# --- two classes ------------------------------------------------------------------------------


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, reduction: Reduction = "mean"
) -> Any:
    """−(y·ln p + (1 − y)·ln(1 − p)) for probabilities p; logarithms are bounded at −100.

    >>> round(binary_cross_entropy([0.8], [1.0]), 6)
    0.223144
    """
    input, target = _pair("binary_cross_entropy", input, target)
    losses = -(target * _bounded_log(input) + (1.0 - target) * _bounded_log(1.0 - input))
    return _reduced(_weighted(losses, weight), reduction)


def _bounded_log(p: Any) -> Any:
    """ln p, and −100 (with slope 0) where ln p is below."""
    return clip(log(p), LOG_FLOOR, np.inf)


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    reduction: Reduction = "mean",
    pos_weight: Any = None,
) -> Any:
    """−(c·y·ln σ(z) + (1 − y)·ln(1 − σ(z))) for logits z, stable for any size; c = `pos_weight`.

    >>> binary_cross_entropy_with_logits([0.0], [1.0])
    0.6931471805599453
    """
    input, target = _pair("binary_cross_entropy_with_logits", input, target)
    positive = _weighted(target, pos_weight)
    losses = (1.0 - target) * softplus(input) - positive * log_sigmoid(input)
    return _reduced(_weighted(losses, weight), reduction)


def likelihood_loss(input: Any, target: Any) -> Any:
    """The mean of −(y·p + (1 − y)·(1 − p)): the probability given to the true class, negated.

    >>> likelihood_loss([0.8, 0.4], [1.0, 0.0])
    -0.7
    """
    input, target = _pair("likelihood_loss", input, target)
    return _reduced(-(target * input + (1.0 - target) * (1.0 - input)), "mean")


def hinge_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """max(0, 1 − y·ŷ) for labels y = ±1.

    >>> hinge_loss([0.5, -2.0], [1.0, -1.0])
    0.25
    """
    input, target = _pair("hinge_loss", input, target)
    return _reduced(relu(1.0 - target * input), reduction)


def squared_hinge_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """max(0, 1 − y·ŷ)² for labels y = ±1.

    >>> squared_hinge_loss([0.5, -2.0], [1.0, -1.0])
    0.125
    """
    input, target = _pair("squared_hinge_loss", input, target)
    return _reduced(square(relu(1.0 - target * input)), reduction)


def hinge_embedding_loss(
    input: Any, target: Any, margin: float = 1.0, reduction: Reduction = "mean"
) -> Any:
    """x where y = 1, max(0, margin − x) where y = −1, for distances x.

    >>> hinge_embedding_loss([0.3, 0.3], [1.0, -1.0], reduction="sum")
    1.0
    """
    input, target = _pair("hinge_embedding_loss", input, target)
    same = _is(target, 1.0)
    return _reduced(choose(same, input, relu(margin - input)), reduction)


def _is(target: Any, label: float) -> Any:
    return (target.astype(float) == label).astype(float)


# --- many classes -----------------------------------------------------------------------------


def nll_loss(
    input: Any, target: Any, weight: Any = None, reduction: Reduction = "mean"
) -> Any:
    """−ln p of the true class, for log-probabilities (batch, classes) and class numbers (batch,).

    One example is (classes,) and one number. `weight` has an entry per class; the mean is then
    divided by the weights of the true classes, as in PyTorch.

    >>> nll_loss([[-0.5, -1.0]], [1])
    1.0
    """
    input, classes = _classes("nll_loss", input, target)
    losses = [-row[c] for row, c in zip(input, classes, strict=True)]
    weights = None if weight is None else _class_weights(weight, input.shape[1])
    return _class_reduced(losses, classes, weights, reduction, np.ndim(target) == 0)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """−ln softmax(z) of the true class, for logits z; stable for any size.

    input : (batch, classes) or (classes,). target : class numbers (batch,), or probabilities in
    the shape of input. `label_smoothing` ε mixes the target with ε times the uniform one.

    >>> round(cross_entropy([[2.0, 1.0]], [0]), 6)
    0.313262
    """
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"label_smoothing lies between 0 and 1; got {label_smoothing}")
    input = as_array(input)
    if np.shape(target) == input.shape and input.ndim > 0:
        return _soft_cross_entropy(input, as_array(target), weight, reduction, label_smoothing)
    rows, classes = _classes("cross_entropy", input, target)
    # ln Σ e^(zⱼ − z_y), which keeps its digits where the loss is small
    losses = [logsumexp((row - row[c]).tolist()) for row, c in zip(rows, classes, strict=True)]
    single = np.ndim(target) == 0
    scale = _class_weights(weight, rows.shape[1])
    if label_smoothing == 0.0:
        weights = None if weight is None else scale
        return _class_reduced(losses, classes, weights, reduction, single)
    share = label_smoothing / rows.shape[1]
    smooth = [
        (-(1.0 - label_smoothing) * scale[c]) * row[c] - sum((row * scale).tolist()) * share
        for row, c in zip(log_softmax(rows), classes, strict=True)
    ]
    if reduction == "mean":
        return sum(smooth) * (1.0 / float(np.sum(scale[classes])))
    return _reduced(smooth[0] if single else smooth, reduction)


def _soft_cross_entropy(
    input: Any, target: Any, weight: Any, reduction: Reduction, label_smoothing: float
) -> Any:
    """Cross entropy with probabilities as targets; the mean is over the batch."""
    count = input.shape[-1]
    if label_smoothing:
        target = target * (1.0 - label_smoothing) + label_smoothing / count
    terms = -target * log_softmax(input)
    if weight is not None:
        terms = terms * _class_weights(weight, count)
    rows = terms.reshape(-1, count)
    losses = [sum(row.tolist()) for row in rows]
    return _reduced(losses if input.ndim > 1 else losses[0], reduction)


def categorical_cross_entropy(
    input: Any, target: Any, reduction: Reduction = "mean"
) -> Any:
    """−Σ yᵢ·ln pᵢ for probabilities p (batch, classes) and one-hot or soft targets y.

    >>> round(categorical_cross_entropy([[0.7, 0.2, 0.1]], [[1, 0, 0]]), 6)
    0.356675
    """
    input, target = _pair("categorical_cross_entropy", input, target)
    terms = -target * _bounded_log(input)
    rows = terms.reshape(-1, terms.shape[-1])
    losses = [sum(row.tolist()) for row in rows]
    return _reduced(losses if input.ndim > 1 else losses[0], reduction)


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
    input, target = _pair("kl_div", input, target)
    if log_target:
        losses = exp(target) * (target - input)
    else:
        present = 1.0 - equal(target, 0.0)
        losses = target * (log(choose(present, target, 1.0)) - input)
    if reduction == "batchmean":
        return sum(losses.ravel().tolist()) * (1.0 / (losses.shape[0] if losses.ndim else 1))
    return _reduced(losses, reduction)


def multiclass_hinge_loss(
    input: Any, target: Any, margin: float = 1.0, reduction: Reduction = "mean"
) -> Any:
    """Σ max(0, sⱼ − s_y + margin) over the wrong classes j, for scores s (batch, classes).

    The sum of J. Weston and C. Watkins (1999); PyTorch's `multi_margin_loss` divides it by the
    number of classes.

    >>> multiclass_hinge_loss([[3.0, 2.5, 0.0]], [0])
    0.5
    """
    rows, classes = _classes("multiclass_hinge_loss", input, target)
    losses = [
        sum([relu(score - row[c] + margin) for j, score in enumerate(row) if j != c] or [0.0])
        for row, c in zip(rows, classes, strict=True)
    ]
    return _reduced(losses if np.ndim(target) else losses[0], reduction)


def _classes(name: str, input: Any, target: Any) -> tuple[Any, list[int]]:
    """The scores as rows and the class numbers as a list, both checked."""
    rows = as_array(input)
    numbers = np.asarray(target)
    if rows.ndim == 1 and numbers.ndim == 0:
        rows, numbers = rows[None], numbers[None]
    if rows.ndim != 2 or numbers.shape != rows.shape[:1]:
        raise ValueError(
            f"{name} takes scores (batch, classes) and class numbers (batch,); "
            f"got {shape_text(as_array(input))} and {shape_text(np.asarray(target))}"
        )
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"{name} takes whole class numbers, not {numbers.dtype}")
    outside = [int(c) for c in numbers if not 0 <= c < rows.shape[1]]
    if outside:
        raise ValueError(f"{name}: there is no class {outside[0]} among {rows.shape[1]} classes")
    return rows, [int(c) for c in numbers]


def _class_reduced(
    losses: list[Any], classes: list[int], weight: Any, reduction: Reduction, single: bool
) -> Any:
    if weight is not None:
        scale = as_array(weight)[classes]
        losses = [loss * w for loss, w in zip(losses, scale.tolist(), strict=True)]
        if reduction == "mean":
            return sum(losses) * (1.0 / float(np.sum(scale)))
    return _reduced(losses[0] if single else losses, reduction)

