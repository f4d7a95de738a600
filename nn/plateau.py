"""A learning rate that falls when the loss no longer does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from autograd_core.value import Value

from .arguments import check_size
from .optim import Optimizer, require_optimizer

__all__ = ["ReduceLROnPlateau"]

_KEPT = ("best", "cooldown_counter", "num_bad_epochs", "last_epoch")


class ReduceLROnPlateau:
    """η ← max(η·`factor`, `min_lr`) after more than `patience` epochs without a better number.

    `step(metrics)` takes each epoch's number. It is better than the best so far when it is below
    best·(1 − `threshold`), with `threshold_mode="abs"` below best − `threshold`; above, likewise,
    with `mode="max"`. After a reduction `cooldown` epochs are not counted. A change of the rate by
    `eps` or less is not made. min_lr : one number, or one for each group.

    Errors: TypeError for what is no optimizer; ValueError for words and numbers out of range.
    Source: PyTorch's scheduler of that name.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> schedule = ReduceLROnPlateau(SGD([Value(1.0)], lr=0.5), patience=1)
    >>> for loss in (3.0, 3.0, 3.0):
    ...     schedule.step(loss)
    >>> schedule.get_last_lr()
    [0.05]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        require_optimizer("ReduceLROnPlateau", optimizer)
        if mode not in ("min", "max"):
            raise ValueError(f'ReduceLROnPlateau: mode is "min" or "max", not {mode!r}')
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(
                f'ReduceLROnPlateau: threshold_mode is "rel" or "abs", not {threshold_mode!r}'
            )
        if not factor < 1.0:
            raise ValueError(f"ReduceLROnPlateau: factor is below 1; got {factor}")
        count = len(optimizer.param_groups)
        self.min_lrs = [min_lr] * count if isinstance(min_lr, (int, float)) else list(min_lr)
        if len(self.min_lrs) != count:
            raise ValueError(
                f"ReduceLROnPlateau: {count} groups need {count} min_lr; got {len(self.min_lrs)}"
            )
        self.optimizer = optimizer
        self.mode, self.factor, self.eps = mode, factor, eps
        self.patience = check_size("ReduceLROnPlateau", "patience", patience, least=0)
        self.cooldown = check_size("ReduceLROnPlateau", "cooldown", cooldown, least=0)
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.best = math.inf if mode == "min" else -math.inf
        self.cooldown_counter = self.num_bad_epochs = self.last_epoch = 0

    def step(self, metrics: float | Value) -> None:
        """Take the number of an epoch; a NaN is never better."""
        current = metrics.data if isinstance(metrics, Value) else float(metrics)
        self.last_epoch += 1
        if self._is_better(current):
            self.best = current
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0

    def _is_better(self, current: float) -> bool:
        sign = -1.0 if self.mode == "min" else 1.0
        if self.threshold_mode == "rel":
            mark = self.best * (1.0 + sign * self.threshold)
        else:
            mark = self.best + sign * self.threshold
        return current < mark if self.mode == "min" else current > mark

    def _reduce(self) -> None:
        for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            rate = max(group["lr"] * self.factor, least)
            if group["lr"] - rate > self.eps:
                group["lr"] = rate

    def get_last_lr(self) -> list[float]:
        """The rates now set, one for each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """The best number and the counts; the rates are in the optimizer's state."""
        return {name: getattr(self, name) for name in _KEPT}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`; ValueError where it is none."""
        if set(state_dict) != set(_KEPT) or any(
            type(number) not in ((int, float) if name == "best" else (int,))
            for name, number in state_dict.items()
        ):
            raise ValueError(f"a state of ReduceLROnPlateau has the numbers {', '.join(_KEPT)}")
        for name in _KEPT:
            setattr(self, name, state_dict[name])
