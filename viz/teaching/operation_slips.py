"""Slips that come from a misread operation: at one place, or wherever the operation stands.

Only the derivative may be wrong, the values being right; or the mistake was made in the forward
pass, and all that follows from it was computed rightly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from autograd_core.graph import topological_order
from autograd_core.value import Value

from .chain_rule import ChainRule, Form, evaluate_misread
from .misreading import Misreading, Rule
from .misreadings import misreadings
from .passes import Pass
from .slip import Slip

__all__ = ["misread_derivatives", "misread_values"]

MANY = 3  # places where one operation stands; a mistake at just one of them is unlikely
MOST_WORK = 400_000  # operations that are evaluated again for mistakes in the forward pass


@dataclass(frozen=True, slots=True)
class _Mistake:
    """The same misreading at one place or more; `effort` as in `Slip`."""

    readings: tuple[Misreading, ...]
    effort: int

    @property
    def kind(self) -> str:
        return self.readings[0].rule.kind

    @property
    def rules(self) -> dict[Value, Rule]:
        return {reading.node: reading.rule for reading in self.readings}

    @property
    def forms(self) -> dict[Value, Form]:
        return {reading.node: _form(reading) for reading in self.readings}

    def words(self) -> str:
        words = self.readings[0].rule.words()
        count = len(self.readings)
        return words if count == 1 else f"{words}, and so at each of {count} such places"

    def words_of_forward(self) -> str:
        return f"{self.words()}, from the forward pass on"


def misread_derivatives(here: Pass, chain: ChainRule) -> Iterator[Slip]:
    """Wrong local derivatives in d of / d by, after a right forward pass and after a wrong one."""
    readings = _readings(here, chain.order)
    backward = [r for r in readings if r.rule.backward and _matters(r.node, chain)]
    for mistake, number in _simplest([(m, _altered(chain, m)) for m in _mistakes(backward)]):
        # a term that counts for nothing in the backward pass alone is a path left out
        kind = "missing path" if mistake.kind == "missing term" else mistake.kind
        yield Slip(kind, number, mistake.words, mistake.effort)
    misread = []
    for mistake in _of_forward(readings, len(chain.order)):
        _, partials = evaluate_misread(chain.order, mistake.rules)
        misread.append((mistake, chain.with_partials(partials)))
    for mistake, number in _simplest(misread):
        yield Slip(mistake.kind, number, mistake.words_of_forward, max(2, mistake.effort))


def misread_values(here: Pass, of: Value) -> Iterator[Slip]:
    """Wrong values of the forward pass."""
    order = topological_order(of)
    misread = []
    for mistake in _of_forward(_readings(here, order), len(order)):
        values, _ = evaluate_misread(order, mistake.rules)
        misread.append((mistake, values[of]))
    for mistake, number in _simplest(misread):
        yield Slip(mistake.kind, number, mistake.words, mistake.effort)


def _altered(chain: ChainRule, mistake: _Mistake) -> float:
    if len(mistake.readings) > 1:
        return chain.altered_everywhere(mistake.forms)
    [reading] = mistake.readings
    return chain.altered(reading.node, _form(reading))


def _simplest(found: list[tuple[_Mistake, float]]) -> Iterator[tuple[_Mistake, float]]:
    """Where a mistake everywhere comes to what one place alone does, that place is named."""
    alone = {_result(m, n): m for m, n in found if len(m.readings) == 1}
    for mistake, number in found:
        single = alone.get(_result(mistake, number))
        if single is not None and len(mistake.readings) > 1:
            yield replace(single, effort=mistake.effort), number
        else:
            yield mistake, number


def _result(mistake: _Mistake, number: float) -> tuple[str, str]:
    return mistake.readings[0].group, f"{number:.12g}"


def _readings(here: Pass, order: Iterable[Value]) -> list[Misreading]:
    return [reading for node in order for reading in misreadings(here, node)]


def _matters(node: Value, chain: ChainRule) -> bool:
    """True where d of / d by depends on the node's local derivatives."""
    return any(not isinstance(o, float) and chain.tangent[o] != 0.0 for o in node.operands)


def _form(reading: Misreading) -> Form:
    pairs = zip(reading.node.operands, reading.partials, strict=True)
    return [(operand, slope) for operand, slope in pairs if not isinstance(operand, float)]


def _mistakes(readings: Iterable[Misreading]) -> list[_Mistake]:
    """Each misreading everywhere, where there are several places, and at each place alone."""
    groups: dict[str, list[Misreading]] = {}
    for reading in readings:
        groups.setdefault(reading.group, []).append(reading)
    mistakes = [_Mistake(tuple(group), 1) for group in groups.values() if len(group) > 1]
    for group in groups.values():
        effort = 3 if len(group) >= MANY else 0
        mistakes += [_Mistake((reading,), effort) for reading in group]
    return mistakes


def _of_forward(readings: list[Misreading], operations: int) -> list[_Mistake]:
    """Mistakes of the forward pass, as many as are worth the work; those near the result first."""
    mistakes = _mistakes(reading for reading in reversed(readings) if reading.rule.forward)
    return mistakes[: max(1, MOST_WORK // max(1, operations))]
