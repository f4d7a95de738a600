"""`fit`: train a network on examples, and keep the record of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from .arguments import check_size, generator
from .data import Data, batches
from .flat import data_of, set_data
from .interrupts import Interrupts
from .module import Module
from .progress import progress_bar
from .training_step import Loss, Optimizer, TrainingStep

__all__ = ["History", "fit"]

Callback = Callable[["History"], "bool | None"]


@dataclass
class History:
    """The record of a training; each list can be given to `viz.plot_loss`.

    loss : of each epoch, the mean over its examples, taken while the parameters change.
    validation_loss : after each epoch; empty without validation data. batch_loss : of each batch.
    best_epoch : counted from 1, where the validation loss (without one, the loss) was lowest.
    stopped : what ended it.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    batch_loss: list[float] = field(default_factory=list)
    best_epoch: int | None = None
    stopped: Literal["epochs", "early stopping", "callback", "interrupted"] = "epochs"

    @property
    def epochs(self) -> int:
        """The number of whole epochs."""
        return len(self.loss)


def fit(
    model: Module,
    loss: Loss,
    data: Data,
    optimizer: Optimizer,
    epochs: int = 1,
    batch_size: int | None = None,
    *,
    shuffle: bool = True,
    seed: int | None = None,
    validation: Data | None = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    callbacks: Sequence[Callback] = (),
    one_by_one: bool = False,
    progress: bool | None = None,
) -> History:
    """Train: for each batch, loss(model(x), y), its gradients, one step of the optimizer.

    loss : takes predictions and targets, returns one Value, by `reduction="mean"` say. data : the
    pair (x, y), examples along the first axes. batch_size : None takes all examples at once
    (batch gradient descent), 1 one (stochastic), a number between so many (mini-batch).
    shuffle : mix the examples anew in every epoch, by `seed` or Python's `random`; all at once
    they keep their order. validation : a pair (x, y) whose loss is taken after every epoch.
    patience : stop after so many epochs in a row that did not lower the validation loss (without
    one, the loss) by more than `min_delta`, and go back to the parameters of the best epoch.
    callbacks : each is called with the history after every epoch, the model in `eval()`; one that
    returns True stops the training. one_by_one : for models that take one example at a time, as
    micrograd's `MLP`. progress : a bar on standard error; None shows it on a terminal only.

    Ctrl-C ends the training and the history so far is returned; an update is done whole or not
    at all. The parameters then are those of the last update: only a training that ends by itself
    goes back to the best epoch. Afterwards every module is in the mode, training or not, that it
    was in before.

    Raises DomainError where the loss, a gradient or a parameter is no finite number, with the
    first node where that happened; the parameters are those before that batch. ValueError for
    data and arguments that do not fit, TypeError for a loss that is not one Value.

    Source: H. Robbins and S. Monro, Ann. Math. Statist. 22 (1951), 400–407; for early stopping,
    L. Prechelt, Neural Networks: Tricks of the Trade (1998), 55–69.

    >>> from autograd_core import mse_loss
    >>> from nn import Neuron
    >>> class Descent:
    ...     def __init__(self, model, lr):
    ...         self.model, self.lr, self.zero_grad = model, lr, model.zero_grad
    ...     def step(self):
    ...         for p in self.model.parameters():
    ...             p.data -= self.lr * p.grad
    >>> line = Neuron(1, nonlin=False)
    >>> data = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    >>> history = fit(line, mse_loss, data, Descent(line, 0.2), epochs=100, one_by_one=True)
    >>> f"{line.w[0]:.3f} {line.b:.3f}", history.loss[-1] < 1e-6
    ('2.000 1.000', True)
    """
    data = _checked("data", data)
    validation = None if validation is None else _checked("validation", validation)
    for name, count in {"epochs": epochs, "batch_size": batch_size, "patience": patience}.items():
        if count is not None:
            check_size("fit", name, count)
    if not min_delta >= 0.0:
        raise ValueError(f"min_delta is not negative; got {min_delta!r}")
    history = History()
    modes = [(module, module.training) for module in model.modules()]
    try:
        with Interrupts() as interrupts:
            step = TrainingStep(model, loss, optimizer, one_by_one, interrupts)
            loop = _Loop(step, history, epochs, batch_size, patience, min_delta, callbacks)
            orders = _orders(len(data[0]), shuffle and batch_size is not None, seed)
            loop.run(data, validation, orders, progress)
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        for module, mode in modes:
            module.training = mode
    return history


def _orders(count: int, shuffle: bool, seed: int | None) -> Callable[[], list[int]]:
    """A function that gives the order of the examples of one epoch after the other."""
    draw = generator(seed)
    return lambda: draw.sample(range(count), count) if shuffle else list(range(count))


@dataclass
class _Loop:
    """The epochs of one call of `fit`."""

    step: TrainingStep
    history: History
    epochs: int
    batch_size: int | None
    patience: int | None
    min_delta: float
    callbacks: Sequence[Callback]

    def run(
        self,
        data: Data,
        validation: Data | None,
        next_order: Callable[[], list[int]],
        progress: bool | None,
    ) -> None:
        count = -(-len(data[0]) // (self.batch_size or len(data[0])))
        parameters = self.step.parameters
        lowest, best = math.inf, data_of(parameters)
        with progress_bar(self.epochs * count, progress) as advance:
            for epoch in range(1, self.epochs + 1):
                loss = self.train(epoch, batches(*data, self.batch_size, next_order()), advance)
                judged = self.record(epoch, loss, validation)
                if self.history.best_epoch is None or judged < lowest - self.min_delta:
                    lowest, best = judged, data_of(parameters)
                    self.history.best_epoch = epoch
                if self.is_over(epoch):
                    break
        if self.patience is not None:
            with self.step.interrupts.held():
                set_data(parameters, best)

    def train(self, epoch: int, parts: Iterable[Data], advance: Callable[[str], None]) -> float:
        """One pass through the examples; the mean loss over them."""
        self.step.model.train()
        total, seen = 0.0, 0
        for number, (x, y) in enumerate(parts, 1):
            loss = self.step.update(f"epoch {epoch}, batch {number}", x, y)
            self.history.batch_loss.append(loss)
            total, seen = total + loss * len(x), seen + len(x)
            advance(f"epoch {epoch}, loss {total / seen:.4g}")
        return total / seen

    def record(self, epoch: int, loss: float, validation: Data | None) -> float:
        """Write down an epoch; the loss that the best epoch is chosen by."""
        self.step.model.train(False)
        if validation is None:
            self.history.loss.append(loss)
            return loss
        place, total = f"validation after epoch {epoch}", 0.0
        for x, y in batches(*validation, self.batch_size):
            total += self.step.evaluate(place, x, y) * len(x)
        with self.step.interrupts.held():  # both lists grow, or neither
            self.history.loss.append(loss)
            self.history.validation_loss.append(total / len(validation[0]))
        return self.history.validation_loss[-1]

    def is_over(self, epoch: int) -> bool:
        """Whether a callback or the lack of progress ends the training."""
        wishes = [callback(self.history) for callback in self.callbacks]
        if any(wish is True for wish in wishes):
            self.history.stopped = "callback"
        elif self.patience is not None and epoch - (self.history.best_epoch or 0) >= self.patience:
            self.history.stopped = "early stopping"
        return self.history.stopped != "epochs"


def _checked(name: str, data: Any) -> Data:
    """The pair of arrays, with as many targets as examples, all of them finite numbers."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise ValueError(f"{name} is a pair (x, y) of examples and targets")
    [pair] = batches(*data)
    for letter, array in zip("xy", pair, strict=True):
        if array.dtype.kind in "fiub" and not np.isfinite(array).all():
            index = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
            raise ValueError(f"{letter}{list(index)} of {name} is {array[index]}: leave it out")
    return pair
