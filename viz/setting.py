"""What every section of a solution is made from: the trace, the names, the counter of lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd_core.expression import Derivative, Expression
from autograd_core.tracing import Trace
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .chains import Chains
from .document import Names, Words

__all__ = ["Setting", "listed"]


class Setting:
    """One problem on its way to a document."""

    def __init__(self, trace: Trace, sheet: Worksheet | None, names: Names, chains: Chains) -> None:
        self.trace = trace
        self.root = trace.root
        self.sheet = sheet
        self.names = names
        self.chain = chains.chain
        self.lines = 0

    def number(self) -> int:
        """The number of the next line."""
        self.lines += 1
        return self.lines

    def derivative(self, by: Value) -> Derivative:
        """d output / d node."""
        return Derivative(self.trace.adjoint(by), of=self.root, by=by)


def listed(items: Iterable[Iterable[str | Expression]]) -> Words:
    """a, b, c"""
    words: list[Any] = []
    for item in items:
        if words:
            words.append(", ")
        words.extend(item)
    return tuple(words)
