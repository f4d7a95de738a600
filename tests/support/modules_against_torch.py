"""Comparing a module with PyTorch's in float64: same numbers, same values, same gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_core import topological_order
from autograd_core.op import Op
from nn import Module
from tests.support.against_torch import (
    SCALE_TOLERANCE,
    as_values,
    close,
    cotangent,
    grads,
    numbers,
    torch,
    weighted_sum,
)


def agree_module(
    ours: Module, theirs: Any, x: Any, tolerance: float = 1e-10, cancelled: float = 0.0
) -> None:
    """After loading PyTorch's state: equal outputs and gradients of the input and each parameter.

    cancelled : the size of the terms that cancel in PyTorch's gradient of the input; what is left
    may be off by 1e-13 of them.

    Each parameter of PyTorch is first set to numbers without a pattern, so that ones and zeros
    hide nothing.
    """
    t = torch()
    theirs = theirs.double()
    rng = np.random.default_rng(5)
    with t.no_grad():
        for weight in theirs.parameters():
            weight.copy_(t.tensor(rng.normal(size=tuple(weight.shape))))
    keys = ours.load_state_dict(theirs.state_dict())
    assert keys == ([], [])

    lost = SCALE_TOLERANCE * cancelled
    x = np.asarray(x, float)
    tensor = t.tensor(x, requires_grad=True)
    expected = theirs(tensor)
    (expected * t.tensor(cotangent(tuple(expected.shape)))).sum().backward()
    leaves = as_values(x)
    result = ours(leaves)
    close(numbers(result), expected.detach().numpy(), "value", tolerance)
    close(numbers(ours(x.tolist())), expected.detach().numpy(), "of nested lists", tolerance)
    ours.zero_grad()
    weighted_sum(result).backward()
    close(grads(leaves), tensor.grad.numpy(), "gradient of the input", tolerance, lost)
    slopes = {name: p.grad for name, p in theirs.named_parameters()}
    found = dict(ours.named_parameters())
    assert list(found) == list(slopes)
    for name, slope in slopes.items():
        close(grads(found[name]), slope.numpy(), f"gradient of {name}", tolerance)


def every_gradient(output: Callable[[], Any], module: Module, x: Any) -> Any:
    """The gradients of the input and of the parameters, in one vector."""
    for value in np.asarray(x, dtype=object).flat:
        value.grad = 0.0
    module.zero_grad()
    weighted_sum(output()).backward()
    return np.concatenate(
        [grads(x).ravel(), *(grads(p).ravel() for _, p in module.named_parameters())]
    )


def gradient_uses_every_row(monkeypatch: pytest.MonkeyPatch, module: Module, numbers: Any) -> None:
    """Each row of the module's graph with partials 0.1 % too large: some gradient shows it."""
    x = as_values(numbers)
    right = every_gradient(lambda: module(x), module, x)
    nodes = topological_order(*np.asarray(module(x), dtype=object).flat)
    rows = {node.op for node in nodes if node.op is not None}
    assert rows
    for row in rows:
        with monkeypatch.context() as patch:
            patch.setattr(row, "partials", _larger(row))
            wrong = every_gradient(lambda: module(x), module, x)
        error = np.max(np.abs(wrong - right)) / np.max(np.abs(right))
        assert error > 1e-5, f"{row.name} does not show"


def _larger(row: Op) -> Callable[..., Any]:
    partials = row.partials
    return lambda *xs: tuple(1.001 * p for p in partials(*xs))
