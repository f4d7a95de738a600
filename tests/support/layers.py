"""Comparing layers with PyTorch's, and what a mistake in a row does to their gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_core.op import Op
from nn import Module
from tests.support.against_torch import (
    as_values,
    close,
    cotangent,
    grads,
    numbers,
    torch,
    weighted_sum,
)
from tests.support.mutants import altered


def same_as(
    layer: Module, reference: Any, x: Any, prepare: Callable[[Any], Any] = lambda x: x
) -> None:
    """Values and all gradients are those of a PyTorch layer that takes over the parameters.

    prepare : what happens to PyTorch's input before its layer sees it.
    """
    t = torch()
    state = {name: t.tensor(array) for name, array in layer.state_dict().items()}
    reference.load_state_dict(state)
    leaves, tensor = as_values(x), t.tensor(np.asarray(x, float), requires_grad=True)
    result, expected = layer(leaves), reference(prepare(tensor))
    close(numbers(result), expected.detach().numpy(), "value")
    weighted_sum(result).backward()
    (expected * t.tensor(cotangent(tuple(expected.shape)))).sum().backward()
    close(grads(leaves), tensor.grad.numpy(), "gradient of the input")
    slopes = {name: parameter.grad.numpy() for name, parameter in reference.named_parameters()}
    ours = dict(layer.named_parameters())
    assert list(ours) == list(slopes)
    for name, parameter in ours.items():
        close(grads(parameter), slopes[name], f"gradient of {name}")


def gradients(layer: Module, x: Any) -> Any:
    """The gradients of the weighted sum of the output: of every input and every parameter."""
    leaves = as_values(x)
    layer.zero_grad()
    weighted_sum(layer(leaves)).backward()
    return np.array([v.grad for v in [*leaves.flat, *layer.parameters()]])


def assert_depends_on(row: Op, place: str, layer: Module, x: Any) -> None:
    """Partials 0.1 % too large, in the row as `place` knows it, change the layer's gradients."""

    def wrong(*operands: Any) -> Any:
        return tuple(1.001 * partial for partial in row.partials(*operands))

    right = gradients(layer, x)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, altered(row, partials=wrong))
        changed = gradients(layer, x)
    np.testing.assert_allclose(changed, 1.001 * right, rtol=1e-12)
    assert np.abs(changed - right).max() > 1e-4
