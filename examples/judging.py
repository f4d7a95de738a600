"""What is asked of a training, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from autograd_core import no_grad
from nn import History, Module
from viz import plot_loss

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Mark", "Outcome", "Training", "loss_curve", "outputs"]


@dataclass(frozen=True)
class Mark:
    """A bound on a quantity.

    >>> mark = Mark("accuracy", "≥", 0.95)
    >>> mark.is_met_by(0.95), mark.is_met_by(0.949)
    (True, False)
    """

    quantity: str
    sign: Literal["≥", "≤"]
    bound: float

    def is_met_by(self, number: float) -> bool:
        """Whether the number keeps to the bound; NaN does not."""
        return number >= self.bound if self.sign == "≥" else number <= self.bound


@dataclass(frozen=True)
class Outcome:
    """What came of a training: the number that the mark is about, and pictures by their names."""

    epochs: int
    reached: float
    mark: Mark
    pictures: Mapping[str, Figure]


Training = Callable[[int], Outcome]  # of a seed


def outputs(model: Module, x: Any) -> np.ndarray:
    """The model's outputs as plain numbers, in their own shape; no gradient is kept.

    >>> from autograd_core import Value
    >>> from nn import Identity
    >>> outputs(Identity(), np.array([[Value(1.0), Value(2.0)]]))
    array([[1., 2.]])
    """
    with no_grad():
        numbers: np.ndarray = np.vectorize(lambda value: value.data, otypes=[float])(model(x))
    return numbers


def loss_curve(history: History) -> Figure:
    """The loss of every epoch, on a logarithmic axis.

    >>> from nn import History
    >>> loss_curve(History(loss=[0.5, 0.1])).axes[0].get_xlabel()
    'epoch'
    """
    picture = plot_loss(history.loss, log=True)
    picture.axes[0].set_xlabel("epoch")
    return picture
