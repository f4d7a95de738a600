"""Solutions of the examples 003.*: gradient descent and its variants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nn
from autograd_core import Value, Worksheet
from tests.catalogue.registry import solves
from viz import explain


@solves(
    "003.gd-saddle",
    gradients=[
        "gradient_at_start", "point_1", "point_2", "point_3",
        "x_100", "y_100", "f_100", "x_factor", "y_factor",
    ],
)  # fmt: skip
def gd_saddle(inputs: dict[str, Any]) -> dict[str, Any]:
    path = nn.descend(
        lambda x, y: x**2 - y**2, inputs["start"], inputs["alpha"], inputs["iterations"]
    )
    points = path.points
    x_factor, y_factor = points[1] / points[0]
    return {
        "gradient_at_start": path.gradients[0],
        **{f"point_{step}": points[step] for step in (1, 2, 3)},
        "x_100": points[-1, 0],
        "y_100": points[-1, 1],
        "f_100": path.values[-1],
        "x_factor": x_factor,
        "y_factor": y_factor,
    }


# --- examples one by one, by batches, all at once -----------------------------------------------


def error_of(inputs: dict[str, Any], batch: list[int]) -> Callable[[Value], Any]:
    """½·(w·x − y)², the mean over a batch, as a function of w."""
    x, y = ([inputs[name][i] for i in batch] for name in "xy")
    return lambda w: nn.half_squared_error([w * one for one in x], y)


@solves("003.sgd", gradients=["w"])
def sgd(inputs: dict[str, Any]) -> dict[str, Any]:
    each = [error_of(inputs, [i]) for i in inputs["order"]]
    path = nn.descend(each, inputs["w"], inputs["alpha"], steps=len(each))
    return {"w": path.points[1:, 0]}


@solves("003.mini-batch", gradients=["w", "w_full_batch"])
def mini_batch(inputs: dict[str, Any]) -> dict[str, Any]:
    by_batch = [error_of(inputs, batch) for batch in inputs["batches"]]
    at_once = error_of(inputs, [*range(len(inputs["x"]))])
    w, alpha, steps = inputs["w"], inputs["alpha"], len(by_batch)
    return {
        "w": nn.descend(by_batch, w, alpha, steps).points[1:, 0],
        "w_full_batch": nn.descend(at_once, w, alpha, steps).points[1:, 0],
    }


# --- rules --------------------------------------------------------------------------------------


def points(inputs: dict[str, Any], **options: Any) -> list[tuple[float, float]]:
    """Where a worksheet's update stands after each step from `start` on `f`."""
    x, y = inputs["start"]
    formula = inputs["f"].replace("^", "**")
    rule = ", ".join(f"{name}={option!r}" for name, option in options.items())
    sheet = Worksheet.parse(
        f"x = {x}; y = {y}; f = {formula}; update(f, x, y, steps={inputs['steps']}, {rule})"
    )
    after = explain(sheet).document.updates
    return list(zip(after["x"], after["y"], strict=True))


@solves("003.momentum", gradients=["points"])
def momentum(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"points": points(inputs, lr=inputs["alpha"], momentum=inputs["eta"])}


@solves("003.adagrad", gradients=["points", "points_eps_outside"])
def adagrad(inputs: dict[str, Any]) -> dict[str, Any]:
    options = {"rule": "adagrad", "lr": inputs["alpha"], "eps": inputs["eps"]}
    return {
        "points": points(inputs, **options, eps_inside_root=True),
        "points_eps_outside": points(inputs, **options),
    }


@solves("003.rmsprop", gradients=["points"])
def rmsprop(inputs: dict[str, Any]) -> dict[str, Any]:
    options = {"lr": inputs["eta"], "alpha": inputs["gamma"], "eps": inputs["eps"]}
    return {"points": points(inputs, rule="rmsprop", **options)}


@solves("003.adadelta", gradients=["points_as_printed", "points_real"])
def adadelta(inputs: dict[str, Any]) -> dict[str, Any]:
    options = {"rule": "adadelta", "rho": inputs["rho"], "eps": inputs["eps"]}
    return {
        "points_as_printed": points(inputs, **options, lr=inputs["eta"], squares_only=True),
        "points_real": points(inputs, **options, lr=1.0),
    }


@solves("003.adam", gradients=["points_as_printed", "points_no_bias_correction", "points_real"])
def adam(inputs: dict[str, Any]) -> dict[str, Any]:
    betas = [inputs["beta1"], inputs["beta2"]]
    options = {"rule": "adam", "lr": inputs["eta"], "betas": betas, "eps": inputs["eps"]}
    without = {**options, "bias_correction": False}
    return {
        "points_as_printed": points(inputs, **without, times_gradient=True),
        "points_no_bias_correction": points(inputs, **without),
        "points_real": points(inputs, **options),
    }
