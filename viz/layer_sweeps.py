"""The two sweeps of a solution by layers: one line per array, in matrix notation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd_core.blocks import Block
from autograd_core.expression import Application, Derivative, Expression, Quantity
from autograd_core.layers import Flow, Layers, Unit
from autograd_core.table import TABLE

from .document import Chain, Row, Words
from .setting import Setting
from .sweeps import branches_meet

__all__ = ["layer_backward_rows", "layer_forward_rows"]

_NO_PATTERN = "entry by entry at the named depth"


def layer_forward_rows(setting: Setting, layers: Layers) -> Iterator[Row]:
    """How each array and each single quantity is computed."""
    for unit in layers.units:
        node = unit.nodes.flat[0] if isinstance(unit, Block) else unit
        if node.is_leaf:
            continue
        formula = layers.formula(unit)
        chain = _chain(setting, Quantity(unit.data, of=unit), formula, unit.data)
        yield Row(
            setting.number(), _shape(unit), chain, words=_words(formula),
            key=_key(setting, "f", unit),
        )


def layer_backward_rows(setting: Setting, layers: Layers) -> Iterator[Row]:
    """The derivative of the output by each of them, from the output down."""
    for unit, flows in layers.backward():
        subject = layers.derivative(unit)
        if not flows:
            chain = setting.chain(subject, Quantity(1.0), 1.0)
            yield Row(setting.number(), chain=chain, key=_key(setting, "b", unit))
        elif len(flows) == 1:
            [flow] = flows
            yield Row(
                setting.number(),
                _shape(unit),
                _chain(setting, subject, flow.formula, flow.value),
                words=_words(flow.formula),
                rule="chain rule",
                key=_key(setting, "b", unit),
            )
        else:
            yield _branches(setting, unit, subject, flows)


def _branches(setting: Setting, unit: Unit, subject: Derivative, flows: list[Flow]) -> Row:
    edges = tuple(
        Row(
            label=("through ", Quantity(0.0, of=flow.via)),
            chain=_chain(setting, None, flow.formula, flow.value),
            words=_words(flow.formula),
            rule="chain rule",
            key=f"{_key(setting, 'b', unit)}-{_key(setting, '', flow.via)}",
        )
        for flow in flows
    )
    operands = tuple(Quantity(flow.value) for flow in flows)
    terms = Application(subject.value, op=TABLE["sum"], operands=operands)
    added = setting.chain(None, terms, subject.value)
    return Row(
        setting.number(),
        _shape(unit),
        Chain(subject, ()),
        words=branches_meet(len(flows), unit),
        below=(*edges, Row(label=("sum",), chain=added, rule="sum over branches")),
    )


def _chain(
    setting: Setting, subject: Expression | None, formula: Expression | None, value: Any
) -> Chain:
    return setting.chain(subject, Quantity(value) if formula is None else formula, value)


def _shape(unit: Unit) -> Words:
    """3×2 for an array with three rows."""
    return ("×".join(map(str, unit.shape)),) if isinstance(unit, Block) else ()


def _words(formula: Expression | None) -> Words:
    return () if formula else (_NO_PATTERN,)


def _key(setting: Setting, sweep: str, unit: Unit) -> str:
    return f"{sweep}-{setting.names(unit)}"
