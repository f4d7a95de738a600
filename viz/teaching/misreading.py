"""A misreading: one operation's rule, as somebody got it wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd_core.value import Value

from .passes import Pass

__all__ = ["Forward", "Misreading", "Partials", "Reader", "Rule", "Words", "numbers_of"]

Forward = Callable[..., float]  # of the operands
Partials = Callable[..., Sequence[float]]  # of the operands and the output, like a row's
Words = Callable[[], str]


class Rule(NamedTuple):
    """A wrong rule for an operation. `forward` is None where only the derivative goes wrong.

    With `backward` False nobody gets the derivative alone wrong in this way.
    """

    kind: str
    words: Words
    partials: Partials
    forward: Forward | None = None
    backward: bool = True


Reader = Callable[[Pass, Value], Iterator[Rule]]


@dataclass(frozen=True, slots=True)
class Misreading:
    """A wrong rule at a node. Those of one `group` are the same mistake at different places."""

    node: Value
    rule: Rule
    group: str

    @property
    def partials(self) -> tuple[float, ...]:
        """The wrong local derivatives at the node's own numbers."""
        return tuple(self.rule.partials(*numbers_of(self.node), self.node.data))


def numbers_of(node: Value) -> list[float]:
    """The operands of a node as numbers."""
    return [o if isinstance(o, float) else o.data for o in node.operands]
