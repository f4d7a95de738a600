"""Slips of time: a number from before an update, or after it, where another belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from autograd_core.graph import topological_order
from autograd_core.value import Value

from .chain_rule import ChainRule, evaluate_misread
from .passes import Passes
from .slip import Slip

__all__ = ["stale_derivatives", "stale_values"]

Changes = Mapping[Value, float]


def stale_values(passes: Passes, of: Value, step: int) -> Iterator[Slip]:
    """The forward pass with all or some parameters as they were before the update."""
    if step == 1:
        return
    before = passes[step - 1].quantities[passes[step].names(of)].data
    yield Slip("stale value", before, lambda: "this is the value before the update")
    order = topological_order(of)
    for words, changes in _changes(passes, step, step - 1):
        values, _ = evaluate_misread(order, {}, changes)
        yield Slip("stale value", values.get(of, of.data), partial(str, words))


def stale_derivatives(passes: Passes, chain: ChainRule, step: int) -> Iterator[Slip]:
    """Parameters from before the update, or already updated ones in the backward pass.

    Or the derivative of the pass before is in the sum, as where gradients are not set to zero.
    """
    if step > 1:
        here, there = passes[step], passes[step - 1]
        of, by = (there.quantities[here.names(node)] for node in (chain.of, chain.by))
        before = ChainRule(of, by).total
        yield Slip("stale value", before, lambda: "this is the derivative before the update")
        yield Slip(
            "stale value",
            before + chain.total,
            lambda: "the derivative before the update is added to it: set gradients to zero first",
        )
        for words, changes in _changes(passes, step, step - 1):
            _, partials = evaluate_misread(chain.order, {}, changes)
            yield Slip("stale value", chain.with_partials(partials), partial(str, words))
    if step < passes.last:
        for words, changes in _changes(passes, step, step + 1):
            partials = _partials_with(chain.order, changes)
            yield Slip("stale value", chain.with_partials(partials), partial(str, words))
    yield Slip(
        "stale value",
        2.0 * chain.total,
        lambda: (
            "this is twice the derivative, as where gradients are not set to zero between "
            "two backward passes"
        ),
        effort=3,
    )


def _changes(passes: Passes, step: int, other: int) -> Iterator[tuple[str, Changes]]:
    """Parameters of this pass with their numbers of another pass: each alone, then all."""
    here, there = passes[step], passes[other]
    changes = {here.quantities[n]: there.quantities[n].data for n in passes.parameters}
    when = "before" if other < step else "after"
    for node, value in changes.items():
        yield f"{here.text(node)} has its value from {when} the update here", {node: value}
    if len(changes) > 1:
        yield f"the parameters have their values from {when} the update here", changes


def _partials_with(order: Iterable[Value], changes: Changes) -> dict[Value, tuple[float, ...]]:
    """The partials where leaves changed between the forward pass and the backward pass."""
    partials = {}
    for node in order:
        if node.op is None:
            continue
        if any(type(o) is not float and o in changes for o in node.operands):
            numbers = [o if isinstance(o, float) else changes.get(o, o.data) for o in node.operands]
            partials[node] = tuple(node.op.partials(*numbers, node.data))
    return partials
