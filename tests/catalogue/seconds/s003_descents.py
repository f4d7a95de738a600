"""Second instances of the examples 003.*: gradient descent and its variants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np

from tests.catalogue.registry import second

Instance = tuple[dict[str, Any], dict[str, Any]]


@second("003.gd-saddle")
def gd_saddle() -> Instance:
    """In closed form: x shrinks by 1 − 2α with each step, y grows by 1 + 2α."""
    inputs = {"start": [-1.5, 0.25], "alpha": 0.0625, "iterations": 40}
    shrink, grow = mpmath.mpf("0.875"), mpmath.mpf("1.125")

    def after(steps: int) -> list[mpmath.mpf]:
        return [-1.5 * shrink**steps, 0.25 * grow**steps]

    x, y = after(40)
    return inputs, {
        "gradient_at_start": [-3.0, -0.5],
        **{f"point_{steps}": [float(place) for place in after(steps)] for steps in (1, 2, 3)},
        "x_100": float(x),
        "y_100": float(y),
        "f_100": float(x**2 - y**2),
        "x_factor": float(shrink),
        "y_factor": float(grow),
    }


# --- examples one by one, by batches, all at once -----------------------------------------------


def by_torch(inputs: dict[str, Any], batches: Sequence[list[int]]) -> list[float]:
    """w after a step of PyTorch's for each batch."""
    import torch

    x, y = (torch.tensor(inputs[name], dtype=torch.float64) for name in "xy")
    w = torch.tensor(inputs["w"], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=inputs["alpha"])
    found = []
    for batch in batches:
        optimizer.zero_grad()
        (0.5 * (w * x[batch] - y[batch]) ** 2).mean().backward()
        optimizer.step()
        found.append(w.item())
    return found


@second("003.sgd")
def sgd() -> Instance:
    """Five examples that no line through zero meets, one of them drawn twice."""
    inputs = {
        "x": [0.5, -1.0, 2.0, 3.0, -2.5],
        "y": [1.0, 1.5, -2.0, -2.5, 4.0],
        "w": 0.75,
        "alpha": 0.03,
        "order": [4, 1, 0, 1, 3, 2],
    }
    return inputs, {"w": by_torch(inputs, [[i] for i in inputs["order"]])}


@second("003.mini-batch")
def mini_batch() -> Instance:
    """Three batches of unequal sizes."""
    inputs = {
        "x": [0.5, -1.0, 2.0, 3.0, -2.5, 1.0],
        "y": [1.0, 1.5, -2.0, -2.5, 4.0, 0.5],
        "w": -0.25,
        "alpha": 0.05,
        "batches": [[5, 1], [0], [2, 3, 4]],
    }
    everything = [list(range(6))] * 3
    return inputs, {
        "w": by_torch(inputs, inputs["batches"]),
        "w_full_batch": by_torch(inputs, everything),
    }


# --- rules --------------------------------------------------------------------------------------

# Another function, whose slopes mix; x² + x·y − 2·y².
PLACE: dict[str, Any] = {"start": [-0.5, 1.25], "f": "x^2 + x*y - 2*y^2", "steps": 5}


def library_points(make: Callable[[Any], Any]) -> list[list[float]]:
    """Where an optimizer of PyTorch's stands after each step."""
    import torch

    place = torch.tensor(PLACE["start"], dtype=torch.float64, requires_grad=True)
    optimizer = make([place])
    found = []
    for _ in range(PLACE["steps"]):
        optimizer.zero_grad()
        x, y = place
        (x**2 + x * y - 2 * y**2).backward()
        optimizer.step()
        found.append(place.tolist())
    return found


def points_by_hand(step: Callable[[list[Any]], Any]) -> list[list[float]]:
    """The points when each step is what `step` makes of all slopes so far, the last one last."""
    place = np.array(PLACE["start"])
    slopes, found = [], []
    for _ in range(PLACE["steps"]):
        x, y = place
        slopes.append(np.array([2 * x + y, x - 4 * y]))
        place = place - step(slopes)
        found.append(place.tolist())
    return found


@second("003.momentum")
def momentum() -> Instance:
    import torch

    points = library_points(lambda at: torch.optim.SGD(at, lr=0.07, momentum=0.6))
    return {**PLACE, "alpha": 0.07, "eta": 0.6}, {"points": points}


@second("003.adagrad")
def adagrad() -> Instance:
    """With an ε so large that its place shows."""
    import torch

    outside = library_points(lambda at: torch.optim.Adagrad(at, lr=0.2, eps=0.05))
    inside = points_by_hand(lambda g: 0.2 * g[-1] / np.sqrt(sum(s * s for s in g) + 0.05))
    inputs = {**PLACE, "alpha": 0.2, "eps": 0.05}
    return inputs, {"points": inside, "points_eps_outside": outside}


@second("003.rmsprop")
def rmsprop() -> Instance:
    import torch

    points = library_points(lambda at: torch.optim.RMSprop(at, lr=0.08, alpha=0.7, eps=0.01))
    return {**PLACE, "eta": 0.08, "gamma": 0.7, "eps": 0.01}, {"points": points}


@second("003.adadelta")
def adadelta() -> Instance:
    import torch

    real = library_points(lambda at: torch.optim.Adadelta(at, lr=1.0, rho=0.8, eps=0.001))
    printed = points_by_hand(lambda g: 0.15 * (sum(s * s for s in g) + 0.001) ** -0.25 * g[-1])
    inputs = {**PLACE, "eta": 0.15, "eps": 0.001, "rho": 0.8}
    return inputs, {"points_as_printed": printed, "points_real": real}


def faded(entries: Sequence[Any], beta: float) -> Any:
    """(1 − β)·Σ βᵏ·(the entry k steps ago)."""
    return (1 - beta) * sum(beta**k * entry for k, entry in enumerate(reversed(entries)))


@second("003.adam")
def adam() -> Instance:
    import torch

    def uncorrected(g: list[Any]) -> Any:
        return 0.05 * faded(g, 0.8) / (np.sqrt(faded([s * s for s in g], 0.95)) + 0.002)

    real = library_points(lambda at: torch.optim.Adam(at, lr=0.05, betas=(0.8, 0.95), eps=0.002))
    inputs = {**PLACE, "eta": 0.05, "beta1": 0.8, "beta2": 0.95, "eps": 0.002}
    return inputs, {
        "points_as_printed": points_by_hand(lambda g: uncorrected(g) * g[-1]),
        "points_no_bias_correction": points_by_hand(uncorrected),
        "points_real": real,
    }
