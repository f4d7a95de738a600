"""Losses of numbers and of two classes, under PyTorch's functional names where it has one.

A loss compares an array of predictions with an array of targets of the same shape, entry by entry,
and takes the mean (`reduction="sum"` the sum, "none" the entries). Those of many classes are in
`class_losses.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .reductions import Reduction, pair, reduced, weighted, weighted_mean
from .table import abs, clip, log, log1p, log_sigmoid, relu, softplus, sqrt, square
from .table import where as choose

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "half_squared_error",
    "hinge_embedding_loss", "hinge_loss", "huber_loss", "l1_loss", "likelihood_loss",
    "mean_bias_error", "mse_loss", "rmse_loss", "smooth_l1_loss", "squared_hinge_loss",
]  # fmt: skip

LOG_FLOOR = -100.0  # PyTorch's bound for the logarithm of a probability 0


# --- regression -------------------------------------------------------------------------------


def mse_loss(input: Any, target: Any, reduction: Reduction = "mean", weight: Any = None) -> Any:
    """Mean squared error: the mean of (ŷ − y)².

    weight : one for each entry; the mean is then divided by their sum. So too in `l1_loss`.

    >>> mse_loss([1.0, 3.0], [0.0, 0.0])
    5.0
    """
    input, target = pair("mse_loss", input, target)
    return weighted_mean(square(input - target), weight, reduction)


def half_squared_error(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """Half the squared error: the mean of ½·(ŷ − y)², whose slope is ŷ − y.

    >>> half_squared_error([3.0], [1.0])
    2.0
    """
    input, target = pair("half_squared_error", input, target)
    return reduced(square(input - target) * 0.5, reduction)


def rmse_loss(input: Any, target: Any) -> Any:
    """Root mean squared error: √ of the mean of (ŷ − y)².

    >>> rmse_loss([3.0, 4.0], [0.0, 8.0])
    3.5355339059327378
    """
    return sqrt(mse_loss(*pair("rmse_loss", input, target)))


def l1_loss(input: Any, target: Any, reduction: Reduction = "mean", weight: Any = None) -> Any:
    """Mean absolute error: the mean of |ŷ − y|.

    >>> l1_loss([1.0, 3.0], [0.0, 0.0])
    2.0
    """
    input, target = pair("l1_loss", input, target)
    return weighted_mean(abs(input - target), weight, reduction)


def mean_bias_error(input: Any, target: Any) -> Any:
    """Mean bias error: the mean of ŷ − y; errors of both signs cancel.

    >>> mean_bias_error([1.0, 3.0], [0.0, 0.0])
    2.0
    """
    input, target = pair("mean_bias_error", input, target)
    return reduced(input - target, "mean")


def huber_loss(
    input: Any,
    target: Any,
    reduction: Reduction = "mean",
    delta: float = 1.0,
    weight: Any = None,
) -> Any:
    """Huber's loss: ½·e² for |e| ≤ δ, else δ·(|e| − ½·δ), with e = ŷ − y.

    weight : one for each entry; the mean stays that over the entries, as in PyTorch.

    Source: P. Huber, Ann. Math. Statist. 35 (1964), 73–101.

    >>> huber_loss([0.5, 3.0], [0.0, 0.0], "none").tolist()
    [0.125, 2.5]
    """
    if delta <= 0.0:
        raise ValueError(f"delta is positive; got {delta}")
    input, target = pair("huber_loss", input, target)
    size = abs(input - target)
    near = clip(size, 0.0, delta)  # ½·near² + δ·(size − near) is both branches at once
    losses = square(near) * 0.5 + (size - near) * delta
    return reduced(weighted(losses, weight), reduction)


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
    input, target = pair("smooth_l1_loss", input, target)
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
    input, target = pair("binary_cross_entropy", input, target)
    rest = clip(log1p(-input), LOG_FLOOR, np.inf)  # ln(1 − p) would lose the digits of a small p
    losses = -(target * bounded_log(input) + (1.0 - target) * rest)
    return reduced(weighted(losses, weight), reduction)


def bounded_log(p: Any) -> Any:
    """ln p, and −100 (with slope 0) where ln p is below.

    >>> bounded_log(0.0)
    -100.0
    """
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
    input, target = pair("binary_cross_entropy_with_logits", input, target)
    positive = weighted(target, pos_weight)
    losses = (1.0 - target) * softplus(input) - positive * log_sigmoid(input)
    return reduced(weighted(losses, weight), reduction)


def likelihood_loss(input: Any, target: Any) -> Any:
    """The mean of −(y·p + (1 − y)·(1 − p)): the probability given to the true class, negated.

    >>> likelihood_loss([0.8, 0.4], [1.0, 0.0])
    -0.7
    """
    input, target = pair("likelihood_loss", input, target)
    return reduced(-(target * input + (1.0 - target) * (1.0 - input)), "mean")


def hinge_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """max(0, 1 − y·ŷ) for labels y = ±1.

    >>> hinge_loss([0.5, -2.0], [1.0, -1.0])
    0.25
    """
    input, target = pair("hinge_loss", input, target)
    return reduced(relu(1.0 - target * input), reduction)


def squared_hinge_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    """max(0, 1 − y·ŷ)² for labels y = ±1.

    >>> squared_hinge_loss([0.5, -2.0], [1.0, -1.0])
    0.125
    """
    input, target = pair("squared_hinge_loss", input, target)
    return reduced(square(relu(1.0 - target * input)), reduction)


def hinge_embedding_loss(
    input: Any, target: Any, margin: float = 1.0, reduction: Reduction = "mean"
) -> Any:
    """x where y = 1, max(0, margin − x) where y = −1, for distances x.

    >>> hinge_embedding_loss([0.3, 0.3], [1.0, -1.0], reduction="sum")
    1.0
    """
    input, target = pair("hinge_embedding_loss", input, target)
    same = _is(target, 1.0)
    near = clip(margin - input, 0.0, np.inf)  # on the margin its slope is 1, as in PyTorch
    return reduced(choose(same, input, near), reduction)


def _is(target: Any, label: float) -> Any:
    return (target.astype(float) == label).astype(float)
