"""Slips where the chain rule stops too early: f′(inside), without the derivative of the inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograd_core.value import Value

from ..digits import RESULT_DIGITS
from .chain_rule import ChainRule, Form
from .passes import Pass
from .slip import Slip

__all__ = ["inner_slips"]

# In a sum or product of unnamed parts nobody stops: there is no outer function.
_ARITHMETIC = {"add", "sub", "neg", "sum", "mean", "mul", "div", "identity", "dot"}


def inner_slips(here: Pass, chain: ChainRule) -> Iterator[Slip]:
    """Every function of an unnamed part, at one place and wherever the function stands."""
    groups: dict[str, dict[Value, Form]] = {}
    for outer in chain.order:
        if outer.op is None or outer.op.name in _ARITHMETIC:
            continue
        for part in outer.operands:
            if isinstance(part, float) or here.trace.is_landmark(part):
                continue
            slopes = _slopes(here, part)
            inner = [node for node in slopes if chain.tangent[node] != 0.0]
            for node in inner:
                form = list({**slopes, node: 1.0}.items())
                words = _Words(here, outer, part, node, slopes[node])
                yield Slip("inner derivative", chain.altered(part, form), words)
            if len(inner) == 1:
                groups.setdefault(outer.op.name, {})[part] = form
    for forms in groups.values():
        if len(forms) > 1:
            words_of_all = _WordsOfAll(here, forms)
            number = chain.altered_everywhere(forms)
            yield Slip("inner derivative", number, words_of_all, effort=1)


@dataclass(frozen=True, slots=True)
class _Words:
    here: Pass
    outer: Value
    part: Value
    node: Value
    slope: float

    def __call__(self) -> str:
        slope = self.here.writer.number(self.slope, RESULT_DIGITS)
        return (
            f"the inner derivative of {self.here.formula(self.outer)} is missing: "
            f"{self.here.formula(self.part)} has the derivative {slope} by "
            f"{self.here.text(self.node)}"
        )


@dataclass(frozen=True, slots=True)
class _WordsOfAll:
    here: Pass
    forms: Mapping[Value, Form]

    def __call__(self) -> str:
        first = self.here.formula(next(iter(self.forms)))
        return (
            f"the inner derivative is missing, of {first} and at each of {len(self.forms)} such "
            "places"
        )


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
