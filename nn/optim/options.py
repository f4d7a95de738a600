"""An optimizer's hyperparameters, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

__all__ = ["checked_options"]

SHARES = ("rho",)  # from 0 to 1; `betas` below 1
FLAGS = (
    "amsgrad", "bias_correction", "centered", "eps_inside_root", "maximize", "nesterov",
    "squares_only", "times_gradient",
)  # fmt: skip


def checked_options(optimizer: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as floats, bools and a pair of floats; ValueError where one is out of range.

    >>> checked_options("SGD", {"lr": -0.1})
    Traceback (most recent call last):
    ...
    ValueError: SGD: lr is a number from 0 on; got -0.1
    """
    checked = {name: _checked(optimizer, name, value) for name, value in options.items()}
    if checked.get("nesterov") and (checked["momentum"] == 0.0 or checked["dampening"] != 0.0):
        raise ValueError(
            f"{optimizer}: nesterov looks ahead by the momentum: "
            "give a momentum above 0, and no dampening"
        )
    return checked


def _checked(optimizer: str, name: str, value: Any) -> Any:
    if name in FLAGS:
        fits, what = isinstance(value, bool), "True or False"
    elif name == "betas":
        pair = isinstance(value, Sequence) and len(value) == 2
        fits, what = (
            pair and all(_within(beta, 1.0) and beta < 1.0 for beta in value),
            ("two numbers from 0 to below 1, as in (0.9, 0.999)"),
        )
    elif name in SHARES:
        fits, what = _within(value, 1.0), "a number from 0 to 1"
    else:
        fits, what = _within(value, math.inf), "a number from 0 on"
    if not fits:
        raise ValueError(f"{optimizer}: {name} is {what}; got {value!r}")
    if name == "betas":
        return tuple(map(float, value))
    return value if name in FLAGS else float(value)


def _within(value: Any, most: float) -> bool:
    """A real number from 0 to `most`, finite."""
    real = isinstance(value, Real) and not isinstance(value, bool)
    return real and 0.0 <= value <= most and math.isfinite(value)
