"""The slips that may be behind a wrong answer: each alters the computation in one respect.

    missing path       a branch left out of the sum, or overwritten by the last one
    missing mean       a sum for a mean, or the other way round
    factor 2           of a square, or the half of a squared error
    inner derivative   the chain rule stops at the outer function
    log base           log₁₀ or log₂ for ln, or the other way round
    kink branch        relu, abs, max and their kind on another branch
    sign, swapped operands, missing term, missing factor, power, input for output
    stale value        a number from before an update, or after it; gradients not set to zero

Every slip carries the number that it leads to, so a diagnosis is never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from autograd_core.graph import topological_order
from autograd_core.value import Value

from .answers import Question
from .chain_rule import ChainRule, Form, evaluate_misread
from .misreadings import Misreading, misreadings
from .passes import Pass, Passes
from .path_slips import path_slips
from .slip import Slip

__all__ = ["slips"]

MOST_WORK = 400_000  # operations that are evaluated again for mistakes in the forward pass
_LINEAR = {"add", "sub", "neg", "sum", "mean", "mul", "div", "identity", "dot"}


def slips(passes: Passes, question: Question) -> Iterator[Slip]:
    """Every slip that is known for a question, with the number it leads to.

    >>> from viz.answers import read_answer
    >>> from autograd_core.worksheet import Worksheet
    >>> passes = Passes(Worksheet.parse("w = 2; x = 3; L = (w*x - 1)**2"))
    >>> question = read_answer(passes, "dL/dw = 0").question
    >>> found = slips(passes, question)
    >>> sorted({slip.number for slip in found if slip.kind == "factor 2"})
    [15.0]
    """
    if question.updated:
        yield from _update_slips(passes, question)
    elif question.by is None:
        yield from _value_slips(passes, question)
    else:
        yield from _derivative_slips(passes, question.of, question.by, question.step)


# --- derivatives ------------------------------------------------------------------------------


def _derivative_slips(passes: Passes, of: Value, by: Value, step: int) -> Iterator[Slip]:
    here = passes[step]
    chain = ChainRule(of, by)
    yield from _stale_derivatives(passes, chain, step)
    yield from path_slips(here, chain)
    readings = _readings(here, chain.order)
    yield from _misread_partials(chain, readings)
    yield from _without_inner(here, chain)
    yield from _misread_from_the_start(chain, readings)
    yield Slip("sign", -chain.total, lambda: "the sign of the result is wrong", effort=1)
    yield Slip(
        "stale value",
        2.0 * chain.total,
        lambda: "this is twice the derivative, as if it was added to what an earlier backward "
        "pass had left",
        effort=3,
    )


def _readings(here: Pass, order: Iterable[Value]) -> list[Misreading]:
    return [reading for node in order for reading in misreadings(here, node)]


def _groups(readings: Iterable[Misreading]) -> Iterator[dict[Value, Misreading]]:
    """The same misreading at every place where it is possible, where there are several."""
    groups: dict[str, dict[Value, Misreading]] = {}
    for reading in readings:
        groups.setdefault(reading.group, {})[reading.node] = reading
    return (group for group in groups.values() if len(group) > 1)


def _own_partials(reading: Misreading) -> tuple[float, ...]:
    """The wrong local derivatives at the node's own numbers."""
    node = reading.node
    numbers = [o if isinstance(o, float) else o.data for o in node.operands]
    return tuple(reading.partials(*numbers, node.data))


def _form(node: Value, partials: Iterable[float]) -> Form:
    pairs = zip(node.operands, partials, strict=False)
    return [(operand, slope) for operand, slope in pairs if not isinstance(operand, float)]


def _everywhere(group: Mapping[Value, Misreading]) -> str:
    first = next(iter(group.values()))
    return f"{first.words()}, and so at each of {len(group)} such places"


def _misread_partials(chain: ChainRule, readings: list[Misreading]) -> Iterator[Slip]:
    """Wrong local derivatives, the forward pass being right."""
    reached = {node for node in chain.order if chain.tangent[node] != 0.0}
    near = [
        r for r in readings
        if r.backward and any(not isinstance(o, float) and o in reached for o in r.node.operands)
    ]  # fmt: skip
    for reading in near:
        number = chain.altered(reading.node, _form(reading.node, _own_partials(reading)))
        kind = "missing path" if reading.kind == "missing term" else reading.kind
        yield Slip(kind, number, reading.words)
    for group in _groups(near):
        forms = {node: _form(node, _own_partials(reading)) for node, reading in group.items()}
        yield Slip(
            next(iter(group.values())).kind,
            chain.altered_everywhere(forms),
            lambda group=group: _everywhere(group),  # type: ignore[misc]
            effort=1,
        )


def _misread_from_the_start(chain: ChainRule, readings: list[Misreading]) -> Iterator[Slip]:
    """A mistake in the forward pass, and all that follows from it computed rightly."""
    for group, everywhere in _forward_groups(readings, len(chain.order)):
        _, partials = evaluate_misread(chain.order, group)
        yield Slip(
            next(iter(group.values())).kind,
            chain.with_partials(partials),
            lambda group=group, everywhere=everywhere: _from_the_start(group, everywhere),  # type: ignore[misc]
            effort=2,
        )


def _from_the_start(group: Mapping[Value, Misreading], everywhere: bool) -> str:
    words = _everywhere(group) if everywhere else next(iter(group.values())).words()
    return f"{words}, from the forward pass on"


def _forward_groups(
    readings: list[Misreading], operations: int
) -> Iterator[tuple[dict[Value, Misreading], bool]]:
    """Misreadings of the forward pass, alone and everywhere, as many as are worth the work.

    Those near the result come first.
    """
    forward = [reading for reading in readings if reading.forward]
    groups = [(group, True) for group in _groups(forward)]
    groups += [({reading.node: reading}, False) for reading in reversed(forward)]
    yield from groups[: max(1, MOST_WORK // max(1, operations))]


def _without_inner(here: Pass, chain: ChainRule) -> Iterator[Slip]:
    """f′(inside) without the derivative of what is inside, where the inside has no name."""
    groups: dict[str, dict[Value, Form]] = {}
    for part, outer in _insides(here, chain):
        slopes = _slopes(here, part)
        inner = [n for n in slopes if chain.tangent.get(n, 0.0) != 0.0]
        for node in inner:
            form = [(n, 1.0 if n is node else slope) for n, slope in slopes.items()]
            form = [(n, slope) for n, slope in form if n in chain.tangent]
            yield Slip(
                "inner derivative",
                chain.altered(part, form),
                lambda part=part, outer=outer, node=node, slope=slopes[node]: (  # type: ignore[misc]
                    f"the inner derivative of {here.formula(outer)} is missing: "
                    f"{here.formula(part)} has the derivative {here.writer.number(slope, 4)} "
                    f"by {here.text(node)}"
                ),
            )
            if len(inner) == 1:
                assert outer.op is not None
                groups.setdefault(outer.op.name, {})[part] = form
    for forms in groups.values():
        if len(forms) > 1:
            yield Slip(
                "inner derivative",
                chain.altered_everywhere(forms),
                lambda forms=forms: (  # type: ignore[misc]
                    f"the inner derivatives are missing, of {here.formula(next(iter(forms)))} and "
                    f"at each of {len(forms)} such places"
                ),
                effort=1,
            )


def _insides(here: Pass, chain: ChainRule) -> Iterator[tuple[Value, Value]]:
    """Unnamed operands of functions, with the function."""
    for outer in chain.order:
        if outer.op is not None and outer.op.name not in _LINEAR:
            for part in outer.operands:
                if not isinstance(part, float) and not here.trace.is_landmark(part):
                    yield part, outer


def _slopes(here: Pass, part: Value) -> dict[Value, float]:
    """∂part/∂quantity for the quantities in an unnamed part's formula."""
    slopes: dict[Value, float] = {}
    waiting = [(part, 1.0)]  # a tree: unnamed nodes have one consumer
    while waiting:
        node, upstream = waiting.pop()
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if isinstance(operand, float):
                continue
            if here.trace.is_landmark(operand):
                slopes[operand] = slopes.get(operand, 0.0) + upstream * partial
            else:
                waiting.append((operand, upstream * partial))
    return slopes


# --- values -----------------------------------------------------------------------------------


def _value_slips(passes: Passes, question: Question) -> Iterator[Slip]:
    here, of = passes[question.step], question.of
    if question.step > 1:
        name = here.names(of)
        before = passes[question.step - 1].quantities[name].data
        yield Slip("stale value", before, lambda: "this is the value before the update")
        for words, changes in _leaves_of(passes, question.step, question.step - 1):
            values, _ = evaluate_misread(topological_order(of), {}, changes)
            yield Slip("stale value", values.get(of, of.data), lambda words=words: words)  # type: ignore[misc]
    order = topological_order(of)
    for group, everywhere in _forward_groups(_readings(here, order), len(order)):
        values, _ = evaluate_misread(order, group)
        first = next(iter(group.values()))
        words = (lambda group=group: _everywhere(group)) if everywhere else first.words  # type: ignore[misc]
        yield Slip(first.kind, values.get(of, of.data), words, effort=int(everywhere))
    yield Slip("sign", -of.data, lambda: "the sign of the result is wrong")


# --- updates ----------------------------------------------------------------------------------


def _leaves_of(
    passes: Passes, step: int, other: int
) -> Iterator[tuple[str, dict[Value, float]]]:
    """Parameters of this pass with their numbers of another pass: each alone, then all."""
    here, there = passes[step], passes[other]
    parameters = [name for u in (passes.sheet.updates if passes.sheet else ()) for name in u.parameters]
    changes = {
        here.quantities[name]: there.quantities[name].data for name in dict.fromkeys(parameters)
    }
    when = "before" if other < step else "after"
    for node, value in changes.items():
        yield f"{here.text(node)} has its value from {when} the update here", {node: value}
    if len(changes) > 1:
        yield f"the parameters have their values from {when} the update here", changes


def _stale_derivatives(passes: Passes, chain: ChainRule, step: int) -> Iterator[Slip]:
    """Weights from before or after an update in the backward pass, or from before throughout."""
    here = passes[step]
    if step > 1:
        there = passes[step - 1]
        of, by = (there.quantities[here.names(node)] for node in (chain.of, chain.by))
        before = ChainRule(of, by).total
        yield Slip("stale value", before, lambda: "this is the derivative before the update")
        yield Slip(
            "stale value",
            before + chain.total,
            lambda: "the derivative before the update is added to it: set gradients to zero first",
        )
        for words, changes in _leaves_of(passes, step, step - 1):
            _, partials = evaluate_misread(chain.order, {}, changes)
            yield Slip("stale value", chain.with_partials(partials), lambda words=words: words)  # type: ignore[misc]
    if step < passes.last:
        for words, changes in _leaves_of(passes, step, step + 1):
            partials = _partials_with(chain.order, changes)
            yield Slip("stale value", chain.with_partials(partials), lambda words=words: words)  # type: ignore[misc]


def _partials_with(
    order: Iterable[Value], changes: Mapping[Value, float]
) -> dict[Value, tuple[float, ...]]:
    """The partials where leaves changed between the forward pass and the backward pass."""
    partials = {}
    for node in order:
        if node.op is not None and any(type(o) is not float and o in changes for o in node.operands):
            numbers = [o if isinstance(o, float) else changes.get(o, o.data) for o in node.operands]
            partials[node] = tuple(node.op.partials(*numbers, node.data))
    return partials


def _update_slips(passes: Passes, question: Question) -> Iterator[Slip]:
    """A wrong update: of its own formula, or of the gradient that goes into it."""
    here, node, step = passes[question.step], question.of, question.step
    name, shown = str(node.name), here.text(node)
    gradient = here.gradients[node]
    update = passes.update_of(name)
    assert update is not None
    yield Slip("stale value", node.data, lambda: f"this is {shown} before the update")
    yield Slip(
        "sign",
        passes.updated(name, step, -gradient),
        lambda: f"the step goes uphill: it is {shown} minus η times the gradient",
    )
    if update.rule == "sgd":
        yield Slip("missing factor", node.data - gradient, lambda: "the learning rate is missing")
    yield Slip(
        "missing term",
        passes.updated(name, step) - node.data,
        lambda: f"this is the step alone; {shown} is missing",
    )
    for slip in _derivative_slips(passes, here.root, node, step):
        yield Slip(
            slip.kind,
            passes.updated(name, step, slip.number),
            lambda slip=slip: f"the gradient is wrong: {slip.words()}",  # type: ignore[misc]
            slip.effort,
        )
