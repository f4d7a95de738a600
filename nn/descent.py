"""Gradient descent on any function of numbers, with its path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.value import Value

from .arguments import check_size
from .flat import data_of, grad_of
from .optim import SGD, Adadelta, Adagrad, Adam, AdamW, Optimizer, RMSprop

__all__ = ["Descent", "descend"]

_OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    optimizer.rule: optimizer for optimizer in (SGD, Adagrad, RMSprop, Adadelta, Adam, AdamW)
}


@dataclass(frozen=True, slots=True)
class Descent:
    """The path of a descent, start and end included.

    points : (steps + 1, n), the numbers before and after each step. values : (steps + 1,), the
    function there. gradients : (steps + 1, n), its slopes there.
    """

    points: np.ndarray
    values: np.ndarray
    gradients: np.ndarray


def descend(
    f: Callable[..., Any] | Sequence[Callable[..., Any]],
    start: Any,
    lr: float,
    steps: int,
    rule: str = "sgd",
    **options: Any,
) -> Descent:
    """Descend from `start` along the gradient of f: w ← w − η·f′(w), or by another rule.

    f : a function of as many numbers as `start` has, which it is given as Values; or several such
        functions, taken in turn (the losses of mini-batches). start : a number, or n of them.
    rule : "sgd", "adagrad", "rmsprop", "adadelta", "adam" or "adamw", with the options of the
        optimizer of that name: `momentum`, `betas`, `maximize`, …

    Errors: ValueError for an unknown rule, for steps below 0, for a start that is no list of
    numbers; TypeError for steps that are no whole number, for an option that the rule has not.
    Source: A. Cauchy, C. R. Acad. Sci. Paris 25 (1847), 536–538.

    >>> path = descend(lambda x, y: x * x - y * y, [2.0, 3.0], lr=0.1, steps=2)
    >>> [[round(float(c), 6) for c in point] for point in path.points]
    [[2.0, 3.0], [1.6, 3.6], [1.28, 4.32]]
    """
    functions = [f] if callable(f) else list(f)
    if rule not in _OPTIMIZERS:
        raise ValueError(f"there is no rule {rule!r}; the rules are {', '.join(_OPTIMIZERS)}")
    steps = check_size("descend", "steps", steps, least=0)
    if not functions:
        raise ValueError("descend needs a function, or several")
    point = np.atleast_1d(np.asarray(start, float))
    if point.ndim != 1 or not point.size:
        raise ValueError(f"start is a number or a list of them; got the shape {point.shape}")
    leaves = [Value(number) for number in point.tolist()]
    optimizer = _OPTIMIZERS[rule](leaves, lr=lr, **options)
    points, values, gradients = [], [], []
    for step in range(steps + 1):
        optimizer.zero_grad()
        height = functions[step % len(functions)](*leaves)
        if isinstance(height, Value):  # a plain number is constant: its slopes are 0
            height.backward()
        points.append(data_of(leaves))
        values.append(height.data if isinstance(height, Value) else float(height))
        gradients.append(grad_of(leaves))
        if step < steps:
            optimizer.step()
    return Descent(np.array(points), np.array(values), np.array(gradients))
