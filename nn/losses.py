"""Losses as modules, under PyTorch's names: each keeps the options of a function of the same work.

`loss(input, target)` is the function of `autograd_core.losses` or `class_losses`, where formulas,
shapes, errors and sources stand. Arguments that PyTorch has abolished (`size_average`, `reduce`)
are not there; what follows them is given by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from autograd_core import class_losses, losses
from autograd_core.functions import as_array
from autograd_core.reductions import Reduction

from .module import Module

__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CategoricalCrossEntropyLoss", "CrossEntropyLoss",
    "HalfSquaredErrorLoss", "HingeEmbeddingLoss", "HingeLoss", "HuberLoss", "KLDivLoss", "L1Loss",
    "LikelihoodLoss", "Loss", "MSELoss", "MeanBiasErrorLoss", "MulticlassHingeLoss", "NLLLoss",
    "RMSELoss", "SmoothL1Loss", "SquaredHingeLoss",
]  # fmt: skip


class Loss(Module):
    """The base of the losses: the options are attributes, `forward` calls `function` with them."""

    function: ClassVar[Callable[..., Any]]

    def __init__(self, **options: Any) -> None:
        self._options = tuple(options)
        for name, option in options.items():
            weights = name in ("weight", "pos_weight") and option is not None
            setattr(self, name, as_array(option) if weights else option)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of predictions against targets, a Value or with reduction="none" an array."""
        options = {name: getattr(self, name) for name in self._options}
        return self.function(input, target, **options)

    def describe(self) -> str:
        """The options that are set."""
        given = {name: getattr(self, name) for name in self._options}
        texts = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in given.items()}
        return ", ".join(f"{k}={v!r}" for k, v in texts.items() if v is not None)


# --- regression -------------------------------------------------------------------------------


class MSELoss(Loss):
    """The mean of (ŷ − y)².

    >>> MSELoss()([1.0, 3.0], [0.0, 0.0])
    5.0
    """

    function = staticmethod(losses.mse_loss)

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        super().__init__(reduction=reduction)


class HalfSquaredErrorLoss(Loss):
    """The mean of ½·(ŷ − y)².

    >>> HalfSquaredErrorLoss()([3.0], [1.0])
    2.0
    """

    function = staticmethod(losses.half_squared_error)

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        super().__init__(reduction=reduction)


class RMSELoss(Loss):
    """The root of the mean of (ŷ − y)².

    >>> round(RMSELoss()([3.0, 4.0], [0.0, 8.0]), 6)
    3.535534
    """

    function = staticmethod(losses.rmse_loss)

    def __init__(self) -> None:
        super().__init__()


class L1Loss(Loss):
    """The mean of |ŷ − y|.

    >>> L1Loss(reduction="sum")([1.0, 3.0], [0.0, 0.0])
    4.0
    """

    function = staticmethod(losses.l1_loss)

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        super().__init__(reduction=reduction)


class MeanBiasErrorLoss(Loss):
    """The mean of ŷ − y.

    >>> MeanBiasErrorLoss()([1.0, 3.0], [0.0, 0.0])
    2.0
    """

    function = staticmethod(losses.mean_bias_error)

    def __init__(self) -> None:
        super().__init__()


class HuberLoss(Loss):
    """½·e² for |e| ≤ δ, else δ·(|e| − ½·δ), with e = ŷ − y.

    >>> HuberLoss(delta=2.0)([3.0], [0.0])
    4.0
    """

    function = staticmethod(losses.huber_loss)

    def __init__(self, reduction: Reduction = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction, delta=delta)


class SmoothL1Loss(Loss):
    """½·e²/β for |e| < β, else |e| − ½·β, with e = ŷ − y.

    >>> SmoothL1Loss(beta=2.0)([3.0], [0.0])
    2.0
    """

    function = staticmethod(losses.smooth_l1_loss)

    def __init__(self, *, reduction: Reduction = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction=reduction, beta=beta)


# --- two classes ------------------------------------------------------------------------------


class BCELoss(Loss):
    """−(y·ln p + (1 − y)·ln(1 − p)) for probabilities p; weight: one for each entry.

    >>> round(BCELoss()([0.8], [1.0]), 6)
    0.223144
    """

    function = staticmethod(losses.binary_cross_entropy)

    def __init__(self, weight: Any = None, *, reduction: Reduction = "mean") -> None:
        super().__init__(weight=weight, reduction=reduction)


class BCEWithLogitsLoss(Loss):
    """The same for logits z, p = σ(z), stable for any size; pos_weight scales the term of y = 1.

    >>> round(BCEWithLogitsLoss(pos_weight=[2.0])([0.0], [1.0]), 6)
    1.386294
    """

    function = staticmethod(losses.binary_cross_entropy_with_logits)

    def __init__(
        self, weight: Any = None, *, reduction: Reduction = "mean", pos_weight: Any = None
    ) -> None:
        super().__init__(weight=weight, reduction=reduction, pos_weight=pos_weight)


class LikelihoodLoss(Loss):
    """The mean of −(y·p + (1 − y)·(1 − p)).

    >>> LikelihoodLoss()([0.8, 0.4], [1.0, 0.0])
    -0.7
    """

    function = staticmethod(losses.likelihood_loss)

    def __init__(self) -> None:
        super().__init__()


class HingeLoss(Loss):
    """max(0, 1 − y·ŷ) for labels y = ±1.

    >>> HingeLoss()([0.5, -2.0], [1.0, -1.0])
    0.25
    """

    function = staticmethod(losses.hinge_loss)

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        super().__init__(reduction=reduction)


class SquaredHingeLoss(Loss):
    """max(0, 1 − y·ŷ)² for labels y = ±1.

    >>> SquaredHingeLoss()([0.5, -2.0], [1.0, -1.0])
    0.125
    """

    function = staticmethod(losses.squared_hinge_loss)

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        super().__init__(reduction=reduction)


class HingeEmbeddingLoss(Loss):
    """x where y = 1, max(0, margin − x) where y = −1, for distances x.

    >>> HingeEmbeddingLoss(reduction="sum")([0.3, 0.3], [1.0, -1.0])
    1.0
    """

    function = staticmethod(losses.hinge_embedding_loss)

    def __init__(self, margin: float = 1.0, *, reduction: Reduction = "mean") -> None:
        super().__init__(margin=margin, reduction=reduction)


# --- many classes -----------------------------------------------------------------------------


class NLLLoss(Loss):
    """−ln p of the true class, for log-probabilities (batch, classes) and class numbers (batch,).

    >>> NLLLoss()([[-0.5, -1.0]], [1])
    1.0
    """

    function = staticmethod(class_losses.nll_loss)

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: Reduction = "mean"
    ) -> None:
        super().__init__(weight=weight, ignore_index=ignore_index, reduction=reduction)


class CrossEntropyLoss(Loss):
    """−ln softmax(z) of the true class, for logits z (batch, classes), stable for any size.

    >>> round(CrossEntropyLoss(label_smoothing=0.1)([[2.0, 1.0]], [0]), 6)
    0.363262
    """

    function = staticmethod(class_losses.cross_entropy)

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int = -100,
        reduction: Reduction = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(
            weight=weight,
            ignore_index=ignore_index,
            reduction=reduction,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossEntropyLoss(Loss):
    """−Σ yᵢ·ln pᵢ for probabilities p and one-hot or soft targets y, both (batch, classes).

    >>> round(CategoricalCrossEntropyLoss()([[0.7, 0.2, 0.1]], [[1, 0, 0]]), 6)
    0.356675
    """

    function = staticmethod(class_losses.categorical_cross_entropy)

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        super().__init__(reduction=reduction)


class KLDivLoss(Loss):
    """y·(ln y − q) for log-probabilities q and targets y; "batchmean" is the divergence itself.

    >>> round(KLDivLoss(reduction="sum")([[-0.5, -1.0]], [[0.5, 0.5]]), 6)
    0.056853
    """

    function = staticmethod(class_losses.kl_div)

    def __init__(
        self,
        *,
        reduction: Literal["mean", "sum", "none", "batchmean"] = "mean",
        log_target: bool = False,
    ) -> None:
        super().__init__(reduction=reduction, log_target=log_target)


class MulticlassHingeLoss(Loss):
    """Σ max(0, sⱼ − s_y + margin) over the wrong classes j; with worst_only the largest term.

    >>> MulticlassHingeLoss()([[3.0, 2.5, 0.0]], [0])
    0.5
    """

    function = staticmethod(class_losses.multiclass_hinge_loss)

    def __init__(
        self, margin: float = 1.0, *, reduction: Reduction = "mean", worst_only: bool = False
    ) -> None:
        super().__init__(margin=margin, reduction=reduction, worst_only=worst_only)
