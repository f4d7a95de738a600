"""What losses share: two arrays of one shape, weights, and the mean, the sum or the entries."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from .functions import as_array, shape_text
from .table import div, mean, sum

__all__ = ["Reduction", "pair", "reduced", "weighted", "weighted_mean"]

Reduction = Literal["mean", "sum", "none"]


def pair(name: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Predictions and targets as arrays of one shape; ValueError where they are not.

    >>> pair("mse_loss", [1.0], [2, 3])
    Traceback (most recent call last):
    ...
    ValueError: mse_loss compares arrays of one shape; got predictions 1 and targets 2
    """
    input, target = as_array(input), as_array(target)
    if input.shape != target.shape:
        raise ValueError(
            f"{name} compares arrays of one shape; "
            f"got predictions {shape_text(input)} and targets {shape_text(target)}"
        )
    if input.size == 0:
        raise ValueError(f"{name} needs at least one prediction")
    return input, target


def reduced(losses: Any, reduction: Reduction) -> Any:
    """The mean, the sum or the entries themselves; ValueError for another word.

    >>> reduced([1.0, 2.0], "mean")
    1.5
    """
    losses = as_array(losses)
    if reduction == "none":
        return losses[()]
    if reduction not in ("mean", "sum"):
        raise ValueError(f'reduction is "mean", "sum" or "none", not {reduction!r}')
    entries = losses.ravel().tolist()
    return mean(entries) if reduction == "mean" else sum(entries)


def weighted(losses: Any, weight: Any) -> Any:
    """Each loss times its weight; a weight may be broadcast to the losses, never the other way.

    >>> weighted([[1.0, 2.0], [3.0, 4.0]], [1.0, 0.5]).tolist()
    [[1.0, 1.0], [3.0, 2.0]]
    """
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


def weighted_mean(losses: Any, weight: Any, reduction: Reduction) -> Any:
    """The same reduced, where the mean is Σ wᵢ·lᵢ / Σ wᵢ: a loss of weight 2 counts as two.

    >>> weighted_mean([1.0, 4.0], [2.0, 1.0], "mean")
    2.0
    """
    losses = as_array(losses)
    if weight is None or reduction != "mean":
        return reduced(weighted(losses, weight), reduction)
    terms = as_array(weighted(losses, weight))
    weights = np.broadcast_to(as_array(weight), losses.shape)
    return div(sum(terms.ravel().tolist()), sum(weights.ravel().tolist()))
