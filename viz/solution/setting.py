"""What every section of a solution is made from: the trace, the names, the maker of chains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd_core.blocks import Block, blocks_of
from autograd_core.expression import Derivative, Expression
from autograd_core.tracing import Trace
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..document import Words
from ..names import Names
from .chains import Chains

__all__ = ["Setting", "listed"]


class Setting:
    """One problem on its way to a document."""

    def __init__(
        self,
        trace: Trace,
        sheet: Worksheet | None,
        names: Names,
        chains: Chains,
        by_layer: bool = False,
    ) -> None:
        self.trace = trace
        self.root = trace.root
        self.sheet = sheet
        self.names = names
        self.chains = chains
        self.chain = chains.chain
        self.by_layer = by_layer
        self._blocks = blocks_of(trace.landmarks)
        self.slopes: dict[tuple[Value, Value], Value] = {}  # nodes that compute a derivative
        self.written: set[Value] = set()  # further nodes whose computation was shown

    def units(self, nodes: Iterable[Value]) -> list[Value | Block]:
        """The nodes as the depth shows them: by layer a whole array is one."""
        return self.gathered(nodes) if self.by_layer else list(nodes)

    def gathered(self, nodes: Iterable[Value]) -> list[Value | Block]:
        """The nodes in order, those that make up a whole array as that array."""
        nodes = list(nodes)
        there = set(nodes)
        whole = {
            node: block
            for block in self._blocks
            if there.issuperset(block.nodes.flat)
            for node in block.nodes.flat
        }
        return list(dict.fromkeys(whole.get(node, node) for node in nodes))

    def derivative(self, by: Value) -> Derivative:
        """d output / d node."""
        return Derivative(self.trace.adjoint(by), of=self.root, by=by)


def listed(items: Iterable[Iterable[str | Expression]], most: int | None = None) -> Words:
    """a, b, c; of very many the first, and how many more there are."""
    words: list[Any] = []
    kept = list(items)
    for item in kept[:most]:
        if words:
            words.append(", ")
        words.extend(item)
    left_out = len(kept) - len(kept[:most])
    return (*words, f" and {left_out:,} more") if left_out else tuple(words)
