"""Learning rates that change from epoch to epoch, under PyTorch's names.

A schedule is made for an optimizer, sets the rates of its groups for epoch 0 and with each `step()`
those of the next epoch. Rates are computed from each group's rate at the start ("initial_lr"), not
from the one before, so a rate that was changed in between is set again at the next step.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .arguments import check_size
from .optim import Optimizer, require_optimizer
from .plateau import ReduceLROnPlateau

__all__ = [
    "CosineAnnealingLR", "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR",
    "ReduceLROnPlateau", "SequentialLR", "StepLR",
]  # fmt: skip


class LRScheduler(ABC):
    """The base of the schedules: a subclass says what factor or rate belongs to an epoch.

    last_epoch : the epoch to go on from; −1 to start with epoch 0.

    Errors: TypeError for what is no optimizer; ValueError for going on where nothing was begun.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        require_optimizer(type(self).__name__, optimizer)
        for group in optimizer.param_groups:
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise ValueError(
                    f"{type(self).__name__}: the optimizer has no initial_lr to go on from: "
                    "load its state first, or leave last_epoch at -1"
                )
        self.optimizer = optimizer
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.step()

    @abstractmethod
    def rate(self, base: float, epoch: int) -> float:
        """The rate in an epoch of a group that started with the rate `base`."""

    def rates(self, epoch: int) -> list[float]:
        """The rates of all groups in an epoch."""
        return [self.rate(base, epoch) for base in self.base_lrs]

    def step(self) -> None:
        """Go on to the next epoch."""
        self.last_epoch += 1
        self._set()

    def _set(self) -> None:
        rates = self.rates(self.last_epoch)
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate

    def get_last_lr(self) -> list[float]:
        """The rates now set, one for each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Where the schedule is, as JSON takes it; what it was made with is not in it."""
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`: sets the rates of its epoch. ValueError where it is none."""
        epoch, bases = state_dict.get("last_epoch"), state_dict.get("base_lrs")
        if (
            type(epoch) is not int
            or not isinstance(bases, list)
            or len(bases) != len(self.base_lrs)
            or not all(type(base) in (int, float) for base in bases)
        ):
            raise ValueError(
                f"a state of {type(self).__name__} has a whole number last_epoch "
                f"and base_lrs, {len(self.base_lrs)} numbers"
            )
        self.last_epoch, self.base_lrs = epoch, [float(base) for base in bases]
        self._set()


class StepLR(LRScheduler):
    """η = η₀·γ^⌊t/k⌋ in epoch t: times γ = `gamma` every k = `step_size` epochs.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> schedule = StepLR(SGD([Value(1.0)], lr=0.5), step_size=2)
    >>> for _ in range(3):
    ...     schedule.step()
    >>> schedule.get_last_lr()
    [0.05]
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size = check_size(type(self).__name__, "step_size", step_size)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """η₀·γ^⌊t/k⌋."""
        return float(base * self.gamma ** (epoch // self.step_size))


class MultiStepLR(LRScheduler):
    """η = η₀·γᵐ, where m milestones lie at or before epoch t.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> MultiStepLR(SGD([Value(1.0)], lr=0.5), [2, 5]).rate(0.5, 5)
    0.005000000000000001
    """

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Sequence[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones = sorted(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """η₀·γᵐ."""
        return float(base * self.gamma ** bisect_right(self.milestones, epoch))


class ExponentialLR(LRScheduler):
    """η = η₀·γᵗ in epoch t.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> ExponentialLR(SGD([Value(1.0)], lr=0.5), gamma=0.5).rate(0.5, 2)
    0.125
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """η₀·γᵗ."""
        return float(base * self.gamma**epoch)


class CosineAnnealingLR(LRScheduler):
    """η = η_min + ½·(η₀ − η_min)·(1 + cos(π·t/T_max)): down to `eta_min`, and up again.

    Source: I. Loshchilov, F. Hutter, arXiv:1608.03983, equation 5 (without restarts).

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> round(CosineAnnealingLR(SGD([Value(1.0)], lr=0.5), T_max=10).rate(0.5, 5), 9)
    0.25
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max = check_size(type(self).__name__, "T_max", T_max)
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Half a wave of the cosine."""
        wave = 1.0 + math.cos(math.pi * epoch / self.T_max)
        return self.eta_min + 0.5 * (base - self.eta_min) * wave


class LinearLR(LRScheduler):
    """A warm-up: η goes straight from η₀·`start_factor` to η₀·`end_factor` in `total_iters` epochs.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> schedule = LinearLR(SGD([Value(1.0)], lr=0.5), start_factor=0.5, total_iters=4)
    >>> [schedule.rate(0.5, epoch) for epoch in range(6)]
    [0.25, 0.3125, 0.375, 0.4375, 0.5, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3.0,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0.0 < start_factor <= 1.0:
            raise ValueError(f"LinearLR: start_factor lies above 0, up to 1; got {start_factor}")
        if not 0.0 <= end_factor <= 1.0:
            raise ValueError(f"LinearLR: end_factor lies between 0 and 1; got {end_factor}")
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = check_size(type(self).__name__, "total_iters", total_iters)
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """The part of the way, then the end."""
        part = min(epoch, self.total_iters) / self.total_iters
        return base * (self.start_factor + (self.end_factor - self.start_factor) * part)


class LambdaLR(LRScheduler):
    """η = η₀·f(t) for a function f of the epoch, `lr_lambda`, or one for each group.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> LambdaLR(SGD([Value(1.0)], lr=0.5), lambda t: 1.0 / (1.0 + t)).rates(3)
    [0.125]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        require_optimizer(type(self).__name__, optimizer)
        count = len(optimizer.param_groups)
        self.lr_lambdas = [lr_lambda] * count if callable(lr_lambda) else list(lr_lambda)
        if len(self.lr_lambdas) != count:
            raise ValueError(
                f"LambdaLR: {count} groups need {count} functions; got {len(self.lr_lambdas)}"
            )
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """That of the first group's function."""
        return float(base * self.lr_lambdas[0](epoch))

    def rates(self, epoch: int) -> list[float]:
        """η₀·f(t), each group by its own function."""
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [float(base * factor(epoch)) for base, factor in pairs]


class SequentialLR(LRScheduler):
    """One schedule after another: the next one starts, with its epoch 0, at each milestone.

    >>> from autograd_core import Value
    >>> from .optim import SGD
    >>> optimizer = SGD([Value(1.0)], lr=0.5)
    >>> warm_up = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> then = ExponentialLR(optimizer, gamma=0.5)
    >>> schedule = SequentialLR(optimizer, [warm_up, then], milestones=[2])
    >>> [schedule.rates(epoch)[0] for epoch in range(5)]
    [0.25, 0.375, 0.5, 0.25, 0.125]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        if not schedulers or len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "SequentialLR needs a milestone between every two schedules; "
                f"got {len(schedulers)} schedules and {len(milestones)} milestones"
            )
        if list(milestones) != sorted(milestones):
            raise ValueError(f"SequentialLR: milestones rise; got {list(milestones)}")
        for schedule in schedulers:
            if not isinstance(schedule, LRScheduler) or schedule.optimizer is not optimizer:
                raise ValueError(
                    f"SequentialLR: {type(schedule).__name__} is no schedule of this optimizer"
                )
        self.schedulers, self.milestones = list(schedulers), list(milestones)
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """That of the schedule whose turn it is."""
        turn = bisect_right(self.milestones, epoch)
        return self.schedulers[turn].rate(base, epoch - self._begun(turn))

    def rates(self, epoch: int) -> list[float]:
        """Those of the schedule whose turn it is."""
        turn = bisect_right(self.milestones, epoch)
        return self.schedulers[turn].rates(epoch - self._begun(turn))

    def _begun(self, turn: int) -> int:
        return self.milestones[turn - 1] if turn else 0
