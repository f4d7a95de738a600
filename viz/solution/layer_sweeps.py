"""The two sweeps of a solution by layers: one line per array, in matrix notation."""

from __future__ import annotations

from itertools import islice
from typing import Any

from autograd_core.blocks import Block
from autograd_core.expression import Application, Expression, Quantity
from autograd_core.layers import Flow, Layers, Unit
from autograd_core.table import TABLE

from ..document import Chain, Row, Words
from .budget import Listing, limited
from .setting import Setting
from .sweeps import branches_meet, scope_of

__all__ = ["layer_backward_listing", "layer_forward_listing"]

_NO_PATTERN = "entry by entry at the named depth"


def layer_forward_listing(setting: Setting, layers: Layers) -> Listing:
    """How each array and each single quantity is computed."""
    units = layers.computed

    def row(i: int, most: int | None) -> Row:
        unit = units[i]
        formula = layers.formula(unit)
        chain = _chain(setting, Quantity(unit.data, of=unit), formula, unit.data)
        return Row(i + 1, _shape(unit), chain, words=_words(formula), key=_key(i + 1))

    return Listing("FORWARD", [*map(_scope, units)], [1] * len(units), row)


def layer_backward_listing(setting: Setting, layers: Layers) -> Listing:
    """The derivative of the output by each of them, from the output down."""
    units = layers.reached
    before = len(layers.computed)

    def row(i: int, most: int | None) -> Row:
        return _gradient(setting, layers, before + i + 1, units[i], most)

    scopes = [*map(_scope, units)]
    return Listing("BACKWARD", scopes, [1] * len(units), row, ("upstream × local derivative",))


def _gradient(
    setting: Setting, layers: Layers, number: int, unit: Unit, most: int | None
) -> Row:
    subject, consumers = layers.derivative(unit), layers.consumers(unit)
    key = _key(number)
    if not consumers:
        return Row(number, chain=setting.chain(subject, Quantity(1.0), 1.0), key=key)
    flows = (layers.flow(unit, via, places) for via, places in consumers.items())
    if len(consumers) == 1:
        [flow] = flows
        chain = _chain(setting, subject, flow.formula, flow.value)
        words = _words(flow.formula)
        return Row(number, _shape(unit), chain, words=words, rule="chain rule", key=key)
    shown = list(islice(flows, most))
    edges = (_edge(setting, f"{key}.{i}", flow) for i, flow in enumerate(shown, 1))
    total: Expression = Quantity(subject.value)
    if len(shown) == len(consumers):
        operands = tuple(Quantity(flow.value) for flow in shown)
        total = Application(subject.value, op=TABLE["sum"], operands=operands)
    added = setting.chain(None, total, subject.value)
    return Row(
        number,
        _shape(unit),
        Chain(subject, ()),
        words=branches_meet(len(consumers), unit),
        below=(
            *limited(edges, len(consumers), most),
            Row(label=("sum",), chain=added, rule="sum over branches"),
        ),
        key=key,
    )


def _edge(setting: Setting, key: str, flow: Flow) -> Row:
    """What one of several consumers contributes."""
    return Row(
        label=("through ", Quantity(0.0, of=flow.via)),
        chain=_chain(setting, None, flow.formula, flow.value),
        words=_words(flow.formula),
        rule="chain rule",
        key=key,
    )


def _scope(unit: Unit) -> str:
    return scope_of(unit.nodes.flat[0] if isinstance(unit, Block) else unit)


def _chain(
    setting: Setting, subject: Expression | None, formula: Expression | None, value: Any
) -> Chain:
    return setting.chain(subject, Quantity(value) if formula is None else formula, value)


def _shape(unit: Unit) -> Words:
    """3×2 for an array with three rows; a vector is a column, 3×1."""
    if not isinstance(unit, Block):
        return ()
    shape = (*unit.shape, 1) if len(unit.shape) == 1 else unit.shape
    return ("×".join(map(str, shape)),)


def _words(formula: Expression | None) -> Words:
    return () if formula else (_NO_PATTERN,)


def _key(number: int) -> str:
    """A row's key: names will not do, since quantities may have none and arrays the same."""
    return f"layer{number}"
