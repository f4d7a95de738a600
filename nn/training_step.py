"""One step of a training: a batch forward, back, and the update; or an error that says where."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

import numpy as np

from autograd_core.errors import DomainError
from autograd_core.modes import detect_anomaly, no_grad
from autograd_core.value import Value

from .flat import Floats, data_of, grad_of, set_data
from .interrupts import Interrupts
from .module import Module

__all__ = ["Loss", "Optimizer", "TrainingStep"]

Loss = Callable[[Any, Any], Any]


class Optimizer(Protocol):
    """What a training needs of an optimizer; those of `nn.optim` have it."""

    def step(self) -> Any:
        """Change the parameters by their gradients."""

    def zero_grad(self) -> Any:
        """Set the gradients to 0."""


class TrainingStep:
    """What stays the same from batch to batch, and what is done with each; `fit` says the rest."""

    def __init__(
        self,
        model: Module,
        loss: Loss,
        optimizer: Optimizer,
        one_by_one: bool,
        interrupts: Interrupts,
    ) -> None:
        self.model = model
        self.parameters = model.parameters()
        self.loss = loss
        self.optimizer = optimizer
        self.one_by_one = one_by_one
        self.interrupts = interrupts

    def update(self, place: str, x: Any, y: Any) -> float:
        """One step of the optimizer; the loss before it."""
        chance = random.getstate()  # so that dropout drops the same once more
        self.optimizer.zero_grad()
        value = self.loss_of(x, y)
        value.backward()
        if not (math.isfinite(value.data) and np.isfinite(grad_of(self.parameters)).all()):
            random.setstate(chance)
            self.explain(place, x, y)
        before = data_of(self.parameters)
        with self.interrupts.held():
            self.optimizer.step()
            if not np.isfinite(data_of(self.parameters)).all():
                self.explain_update(place, before)
        return value.data

    def evaluate(self, place: str, x: Any, y: Any) -> float:
        """The loss of a batch, without gradients."""
        with no_grad():
            loss = self.loss_of(x, y).data
        if not math.isfinite(loss):
            self.explain(place, x, y)
        return loss

    def loss_of(self, x: Any, y: Any) -> Value:
        """The loss of a batch, checked to be one Value."""
        value = self.loss(self.predictions(x), y)
        if not isinstance(value, Value):
            raise TypeError(
                "the loss of a batch is one Value; "
                + (
                    f'got an array of shape {np.shape(value)}: reduction="mean" makes one'
                    if np.shape(value)
                    else f"got {value!r}, which carries no gradient: compute it from the outputs"
                )
            )
        return value

    def predictions(self, x: Any) -> Any:
        if not self.one_by_one:
            return self.model(x)
        return np.array([self.model(row.tolist() if row.ndim == 1 else row) for row in x])

    # --- numbers that are none ------------------------------------------------------------------

    def explain(self, place: str, x: Any, y: Any) -> NoReturn:
        """Compute a batch again under watch: the error names the first node that went wrong."""
        self.optimizer.zero_grad()
        try:
            with detect_anomaly():
                self.loss_of(x, y).backward()
        except DomainError as error:
            self.optimizer.zero_grad()
            inside = "".join(f"{part}, " for part in getattr(error.node, "scope", ()))
            raise DomainError(
                f"{place}: {inside}{error}", node=error.node, operation=error.operation
            ) from None
        raise DomainError(
            f"{place}: the loss or a gradient is not a finite number, and the same batch again "
            "gave finite ones: something in the model is left to chance"
        )

    def explain_update(self, place: str, before: Floats) -> NoReturn:
        """Put the parameters back and name the first that is no number after a step."""
        broken = next(p for p in self.parameters if not math.isfinite(p.data))
        outcome = f"{broken.name or 'a parameter'} becomes {broken.data}"
        set_data(self.parameters, before)
        raise DomainError(f"{place}: in the update {outcome}: take a smaller lr", node=broken)
