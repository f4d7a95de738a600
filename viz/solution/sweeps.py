"""The two sweeps of a solution, one line per quantity or edge, and what stands before them."""

from __future__ import annotations

from typing import Any

from autograd_core.blocks import Block
from autograd_core.expression import Derivative, Expression, Quantity
from autograd_core.tracing import Step, Trace
from autograd_core.value import Value

from ..document import Chain, Row, Section, Words
from .budget import Listing, limited
from .setting import Setting, listed

__all__ = [
    "backward_listing", "branches_meet", "forward_listing", "gradient_row", "local_chain",
    "problem_section", "scope_of",
]  # fmt: skip

MOST_ENTRIES = 9  # of an array that is written out in a solution that is cut
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def problem_section(setting: Setting, lines: int | None) -> Section:
    """The numbers that go in, and what is asked; an array stands as one.

    lines : those of a solution that is cut; then of long lists only the first are shown.
    """
    most = None if lines is None else max(3, lines // 4)
    sheet, trace = setting.sheet, setting.trace
    rows = []
    leaves = [node for node in trace.landmarks if node.is_leaf]
    if sheet:
        leaves = [node for node in sheet.assigned if node.is_leaf]
    if leaves:
        units = setting.gathered(leaves)
        numbers = (_number(setting, unit, lines is not None) for unit in units)
        rows.append(Row(label=("with",), words=listed(numbers, most)))
    if sheet and sheet.given:
        given = ((Quantity(unit.data, of=unit),) for unit in setting.gathered(sheet.given))
        rows.append(Row(label=("given",), words=listed(given, most)))
    if trace.wrt:
        units = setting.gathered(trace.wrt)
        asked = ((Derivative(0.0, of=setting.root, by=unit),) for unit in units)
        rows.append(Row(label=("asked",), words=listed(asked, most)))
    return Section("", rows=tuple(rows))


def _number(setting: Setting, unit: Value | Block, cut: bool) -> Words:
    """x = 2; of a large array in a solution that is cut only the shape."""
    symbol = Quantity(unit.data, of=unit)
    if cut and isinstance(unit, Block) and unit.nodes.size > MOST_ENTRIES:
        return symbol, f" ({'×'.join(map(str, unit.shape))})"
    return symbol, " = ", Quantity(_exact(setting, unit))


def _exact(setting: Setting, unit: Value | Block) -> Any:
    """Its number; in fractions where these are wanted and there are any, an array's one by one."""
    if isinstance(unit, Value):
        return setting.chains.exact(Quantity(unit.data, of=unit), unit.data)[1]
    exact = unit.nodes.copy()
    exact.flat = [_exact(setting, node) for node in unit.nodes.flat]
    return exact


def forward_listing(setting: Setting, trace: Trace | None = None) -> Listing:
    """How each quantity is computed, in another trace than the setting's where one is given."""
    chains = setting.chains.reading(trace) if trace else setting.chains
    trace = trace or setting.trace

    def row(i: int, most: int | None) -> Row:
        step = trace[i]
        subject = Quantity(step.value, of=step.node)
        chain = chains.chain(subject, step.formula, step.value)
        return Row(i + 1, chain=chain, key=step.id)

    nodes = trace.computed
    return Listing("FORWARD", [*map(scope_of, nodes)], [1] * len(nodes), row)


def backward_listing(setting: Setting) -> Listing:
    """The derivative of the output by each quantity, from the output down."""
    trace = setting.trace
    reached = _arrays_together(setting, trace.reached)
    before = len(trace.computed)

    def row(i: int, most: int | None) -> Row:
        node, places = reached[i]
        return gradient_row(setting, before + i + 1, node, places, most)

    sizes = [len(places) + 2 if len(places) > 1 else 1 for _, places in reached]
    scopes = [scope_of(node) for node, _ in reached]
    return Listing("BACKWARD", scopes, sizes, row, ("upstream × local derivative",))


def _arrays_together(
    setting: Setting, reached: list[tuple[Value, range]]
) -> list[tuple[Value, range]]:
    """The entries of an array of leaves stand together and in order, where its last would."""
    order = {node: (i, 0) for i, (node, _) in enumerate(reached)}
    for unit in setting.gathered(node for node, _ in reached if node.is_leaf):
        if isinstance(unit, Block):
            last, _ = max(order[node] for node in unit.nodes.flat)
            order |= {node: (last, i) for i, node in enumerate(unit.nodes.flat)}
    return sorted(reached, key=lambda entry: order[entry[0]])


def scope_of(node: Value) -> str:
    """The scopes of a node and the name of its array, joined by dots."""
    place = node.label.place if node.label else None
    return ".".join((*node.scope, place[0]) if place else node.scope)


def gradient_row(
    setting: Setting, number: int | None, node: Value, places: range, most: int | None
) -> Row:
    """The derivative of the output by one node: one edge, or a sum over several."""
    subject = setting.derivative(node)
    first = setting.trace[places[0]]
    if first.rule == "seed":
        chain = setting.chain(subject, first.formula, 1.0)
        return Row(number, chain=chain, key=first.id)
    if len(places) == 1:
        return Row(
            number,
            chain=setting.chain(subject, first.formula, first.value),
            aside=_local(setting, first),
            words=_masked(first),
            rule="chain rule",
            key=first.id,
        )
    steps = (setting.trace[place] for place in places)
    edges = tuple(limited((_edge(setting, step) for step in steps), len(places), most))
    total = setting.trace.adjoint(node)
    if len(edges) == len(places):
        terms: Expression = setting.chains.sum_of(setting.trace[p].formula for p in places)
    else:
        terms = Quantity(total)
    added = setting.chain(None, terms, total)
    return Row(
        number,
        chain=Chain(subject, ()),
        words=branches_meet(len(places), node),
        below=(*edges, Row(label=("sum",), chain=added, rule="sum over branches")),
        key=f"{first.id}-{setting.trace[places[-1]].id}",
    )


def _edge(setting: Setting, step: Step) -> Row:
    """One of several edges into a node."""
    return Row(
        label=("through ", Quantity(0.0, of=step.via)),
        chain=setting.chain(None, step.formula, step.value),
        aside=_local(setting, step),
        words=_masked(step),
        rule="chain rule",
        key=step.id,
    )


def branches_meet(count: int, at: Value | Block) -> Words:
    """two branches meet at x: add them"""
    shown = _COUNTS[count] if count < len(_COUNTS) else str(count)
    return (f"{shown} branches meet at ", Quantity(0.0, of=at), ": add them")


def _local(setting: Setting, step: Step) -> Chain:
    assert step.via is not None
    return local_chain(setting, step.via, step.node)


def local_chain(setting: Setting, of: Value, by: Value) -> Chain:
    """∂of/∂by = … = number, with the reasons for its branches."""
    value, formula = setting.trace.direct(of)[by]
    subject = Derivative(value, of=of, by=by, direct=True)
    return setting.chain(subject, formula, value, reasons=True)


def _masked(step: Step) -> tuple[str, ...]:
    return ("0·∞ counts as 0 here",) if step.masked else ()
