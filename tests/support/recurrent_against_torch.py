"""Recurrent modules against PyTorch's of the same name: outputs, states and every gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

import autograd_core as ac
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

# Most draws are 2 or more: an axis of one entry hides a wrong axis.
sizes = st.sampled_from((2, 3, 2, 3, 1))
batches = st.sampled_from((2, 3, None, 1))


def drawn(seed: int, *shape: int | None) -> Any:
    """Normally distributed numbers; axes of None are left out."""
    return np.random.default_rng(seed).normal(size=[n for n in shape if n is not None])


def double(module: Any, ours: Module) -> Any:
    """PyTorch's module in float64 with our weights; its own names must be ours."""
    t = torch()
    module = module.double()
    module.load_state_dict({name: t.tensor(array) for name, array in ours.state_dict().items()})
    return module


def flat(result: Any) -> list[Any]:
    """The arrays of a nested tuple, in order."""
    if isinstance(result, tuple):
        return [array for part in result for array in flat(part)]
    return [result]


def packed(states: list[Any]) -> Any:
    """The state as a call takes it: None, an array, or a pair."""
    return None if not states else states[0] if len(states) == 1 else tuple(states)


def same_as_torch(ours: Module, theirs: Any, x: Any, *states: Any) -> None:
    """Run both from the same weights, input and states, and compare everything to 1e-10."""
    t = torch()
    theirs = double(theirs, ours)
    leaves = [as_values(array) for array in (x, *states)]
    tensors = [t.tensor(np.asarray(array), requires_grad=True) for array in (x, *states)]
    got = flat(ours(leaves[0], packed(leaves[1:])))
    expected = flat(theirs(tensors[0], packed(tensors[1:])))
    for i, (array, tensor) in enumerate(zip(got, expected, strict=True)):
        close(numbers(array), tensor.detach().numpy(), f"result {i}")
    ac.sum([weighted_sum(array) for array in got]).backward()
    sum((out * t.tensor(cotangent(tuple(out.shape)))).sum() for out in expected).backward()
    for i, (leaf, tensor) in enumerate(zip(leaves, tensors, strict=True)):
        close(grads(leaf), tensor.grad.numpy(), f"gradient of input {i}")
    slopes = {name: p.grad.numpy() for name, p in theirs.named_parameters()}
    for name, parameter in ours.named_parameters():
        close(grads(parameter), slopes.pop(name), name)
    assert not slopes
