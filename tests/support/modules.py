"""Modules judged: by PyTorch's in float64, and by what a mistake in a row does to gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, topological_order
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

# Most draws are 2 or more: an axis of one entry hides a wrong axis.
sizes = st.sampled_from((2, 3, 2, 3, 1))
batches = st.sampled_from((2, 3, None, 1))


def drawn(seed: int, *shape: int | None) -> Any:
    """Normally distributed numbers; axes of None are left out."""
    return np.random.default_rng(seed).normal(size=[n for n in shape if n is not None])


def double(theirs: Any, ours: Module) -> Any:
    """PyTorch's module in float64 with our weights; its own names must be ours."""
    t = torch()
    theirs = theirs.double()
    theirs.load_state_dict({name: t.tensor(array) for name, array in ours.state_dict().items()})
    return theirs


def flat(result: Any) -> list[Any]:
    """The arrays of a nested tuple, in order."""
    if isinstance(result, tuple):
        return [array for part in result for array in flat(part)]
    return [result]


def arguments(arrays: list[Any]) -> list[Any]:
    """An input and its states as a call takes them: one state as it is, two as a pair."""
    return arrays if len(arrays) < 3 else [arrays[0], tuple(arrays[1:])]


def agree_module(
    ours: Module,
    theirs: Any,
    x: Any,
    *states: Any,
    cancelled: float = 0.0,
    prepare: Callable[[Any], Any] = lambda x: x,
) -> None:
    """From the same numbers: equal results, and equal gradients of every input and parameter.

    cancelled : the size of the terms that cancel in PyTorch's gradient of the input; what is left
    may be off by 1e-13 of them. prepare : what PyTorch's input goes through first.

    Each parameter of PyTorch is first set to numbers without a pattern, so that ones and zeros
    hide nothing.
    """
    t = torch()
    theirs = theirs.double()
    rng = np.random.default_rng(5)
    with t.no_grad():
        for weight in theirs.parameters():
            weight.copy_(t.tensor(rng.normal(size=tuple(weight.shape))))
    assert ours.load_state_dict(theirs.state_dict()) == ([], [])

    arrays = [np.asarray(array, float) for array in (x, *states)]
    tensors = [t.tensor(array, requires_grad=True) for array in arrays]
    expected = flat(theirs(*arguments([prepare(tensors[0]), *tensors[1:]])))
    leaves = [as_values(array) for array in arrays]
    found = flat(ours(*arguments(leaves)))
    of_lists = flat(ours(*arguments([array.tolist() for array in arrays])))
    for i, (result, plain, tensor) in enumerate(zip(found, of_lists, expected, strict=True)):
        close(numbers(result), tensor.detach().numpy(), f"result {i}")
        close(numbers(plain), tensor.detach().numpy(), f"result {i} of nested lists")

    ours.zero_grad()
    theirs.zero_grad()
    ac.sum([weighted_sum(result) for result in found]).backward()
    sum((out * t.tensor(cotangent(tuple(out.shape)))).sum() for out in expected).backward()
    lost = SCALE_TOLERANCE * cancelled
    for i, (leaf, tensor) in enumerate(zip(leaves, tensors, strict=True)):
        close(grads(leaf), tensor.grad.numpy(), f"gradient of input {i}", absolute=lost)
    slopes = {name: p.grad.numpy() for name, p in theirs.named_parameters()}
    parameters = dict(ours.named_parameters())
    assert list(parameters) == list(slopes)
    for name, slope in slopes.items():
        close(grads(parameters[name]), slope, f"gradient of {name}")


# --- mistakes in rows -----------------------------------------------------------------------------


def every_gradient(output: Callable[[], Any], module: Module, x: Any) -> Any:
    """The gradients of the input's Values and of the parameters, in one vector."""
    leaves = [v for v in np.asarray(x, dtype=object).flat if isinstance(v, Value)]
    ac.zero_grad(*leaves)
    module.zero_grad()
    total = ac.sum([weighted_sum(array) for array in flat(output())])
    total.backward()
    return np.array([leaf.grad for leaf in [*leaves, *module.parameters()]])


def gradient_uses_every_row(module: Module, x: Any, *others: Any) -> set[str]:
    """Each row of the module's graph with partials 0.1 % too large: some gradient shows it.

    x : the input, as Values where it holds floats. others : what else a call takes, a target say.
    Returns the names of the rows.
    """
    x = as_values(x) if np.asarray(x).dtype.kind == "f" else x

    def output() -> Any:
        return module(x, *others)

    right = every_gradient(output, module, x)
    results = [v for array in flat(output()) for v in np.asarray(array, dtype=object).flat]
    rows = {node.op for node in topological_order(*results) if node.op is not None}
    for row in rows:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(row, "partials", _larger(row))
            wrong = every_gradient(output, module, x)
        error = np.max(np.abs(wrong - right)) / np.max(np.abs(right))
        assert error > 1e-5, f"{row.name} does not show"
    return {row.name for row in rows}


def _larger(row: Op) -> Callable[..., Any]:
    partials = row.partials
    return lambda *xs: tuple(1.001 * p for p in partials(*xs))
