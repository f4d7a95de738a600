"""Gradients kept from growing too large, before an optimizer's step."""

from __future__ import annotations

from typing import Any

import numpy as np

from .flat import grad_of, set_grad, values_in

__all__ = ["clip_grad_norm_", "clip_grad_value_"]

ROOM = 1e-6  # PyTorch's, in the divisor: a norm of 0 stays 0


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Scale all gradients so that their norm is at most `max_norm`; returns the norm before.

    g ← g·min(1, c/(‖g‖ + 10⁻⁶)), c = `max_norm`, ‖g‖ the p-norm of all gradients as one vector,
    p = `norm_type`, `math.inf` for the largest.

    Errors: ValueError for a norm_type that is not positive, or a negative max_norm; with
    `error_if_nonfinite` RuntimeError where the norm is infinite or not a number.
    Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML (2013), algorithm 1.

    >>> from autograd_core import Value
    >>> w = [Value(3.0), Value(4.0)]
    >>> (w[0] * w[0] * 0.5 + w[1] * w[1] * 0.5).backward()
    >>> clip_grad_norm_(w, 1.0)
    5.0
    >>> [round(v.grad, 6) for v in w]
    [0.6, 0.8]
    """
    order = float(norm_type)
    if not order > 0.0:
        raise ValueError(f"norm_type is positive, 2 or math.inf for instance; got {norm_type}")
    if not max_norm >= 0.0:
        raise ValueError(f"max_norm is not negative; got {max_norm}")
    values = values_in(parameters)
    gradients = grad_of(values)
    if not values:
        return 0.0
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(gradients, order))
        if error_if_nonfinite and not np.isfinite(norm):
            raise RuntimeError(
                f"the norm of the gradients is {norm}: look for the node with detect_anomaly()"
            )
        set_grad(values, gradients * np.minimum(max_norm / (norm + ROOM), 1.0))
    return norm


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Bring each gradient into the interval from −`clip_value` to `clip_value`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> (w * w).backward()
    >>> clip_grad_value_([w], 2.5)
    >>> w.grad
    2.5
    """
    if not clip_value >= 0.0:
        raise ValueError(f"clip_value is not negative; got {clip_value}")
    values = values_in(parameters)
    set_grad(values, np.clip(grad_of(values), -clip_value, clip_value))
