"""The two sweeps of a solution, one line per quantity or edge, and what stands before them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from autograd_core.blocks import Block
from autograd_core.expression import Derivative, Quantity, application
from autograd_core.table import TABLE
from autograd_core.tracing import Step
from autograd_core.value import Value

from .document import Chain, Row, Section, Words
from .setting import Setting, listed

__all__ = ["backward_rows", "branches_meet", "forward_rows", "problem_section"]

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def problem_section(setting: Setting) -> Section:
    """The numbers that go in, and what is asked; an array stands as one."""
    sheet, trace = setting.sheet, setting.trace
    rows = []
    leaves = [node for node in trace.landmarks if node.is_leaf]
    if sheet:
        leaves = [node for node in sheet.assigned if node.is_leaf]
    if leaves:
        rows.append(Row(label=("with",), words=listed(
            (Quantity(unit.data, of=unit), " = ", Quantity(unit.data))
            for unit in setting.gathered(leaves)
        )))  # fmt: skip
    if sheet and sheet.given:
        given = ((Quantity(unit.data, of=unit),) for unit in setting.gathered(sheet.given))
        rows.append(Row(label=("given",), words=listed(given)))
    if trace.wrt:
        units = setting.gathered(trace.wrt)
        asked = ((Derivative(0.0, of=setting.root, by=unit),) for unit in units)
        rows.append(Row(label=("asked",), words=listed(asked)))
    return Section("", rows=tuple(rows))


def forward_rows(setting: Setting) -> Iterator[Row]:
    """How each quantity is computed."""
    for step in setting.trace.forward():
        subject = Quantity(step.value, of=step.node)
        chain = setting.chain(subject, step.formula, step.value)
        yield Row(setting.number(), chain=chain, key=step.id)


def backward_rows(setting: Setting) -> Iterator[Row]:
    """The derivative of the output by each quantity, from the output down."""
    for node, steps in groupby(setting.trace.backward(), lambda step: step.node):
        yield _gradient(setting, node, list(steps))


def _gradient(setting: Setting, node: Value, steps: list[Step]) -> Row:
    """The derivative of the output by one node: one edge, or a sum over several."""
    subject = setting.derivative(node)
    first = steps[0]
    if first.rule == "seed":
        chain = setting.chain(subject, first.formula, 1.0)
        return Row(setting.number(), chain=chain, key=first.id)
    if len(steps) == 1:
        return Row(
            setting.number(),
            chain=setting.chain(subject, first.formula, first.value),
            aside=_local(setting, first),
            words=_masked(first),
            rule="chain rule",
            key=first.id,
        )
    edges = tuple(
        Row(
            label=("through ", Quantity(0.0, of=step.via)),
            chain=setting.chain(None, step.formula, step.value),
            aside=_local(setting, step),
            words=_masked(step),
            rule="chain rule",
            key=step.id,
        )
        for step in steps
    )
    terms = application(TABLE["sum"], *(Quantity(step.value) for step in steps))
    total = steps[-1].total
    assert total is not None
    added = setting.chain(None, terms, total)
    return Row(
        setting.number(),
        chain=Chain(subject, ()),
        words=branches_meet(len(steps), node),
        below=(*edges, Row(label=("sum",), chain=added, rule="sum over branches")),
    )


def branches_meet(count: int, at: Value | Block) -> Words:
    """two branches meet at x: add them"""
    shown = _COUNTS[count] if count < len(_COUNTS) else str(count)
    return (f"{shown} branches meet at ", Quantity(0.0, of=at), ": add them")


def _local(setting: Setting, step: Step) -> Chain:
    assert step.local_formula is not None
    assert step.local is not None
    subject = Derivative(step.local, of=step.via, by=step.node, direct=True)
    return setting.chain(subject, step.local_formula, step.local, reasons=True)


def _masked(step: Step) -> tuple[str, ...]:
    return ("0·∞ counts as 0 here",) if step.masked else ()
