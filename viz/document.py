"""A worked solution as a document: sections of rows of formulas, before any markup.

`derivation` fills it; the printers only print. A formula is an expression tree and a choice: in
symbols or with numbers, and how many digits. Names of nodes are settled here too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from autograd_core.blocks import Block
from autograd_core.expression import Expression, Reason
from autograd_core.tracing import Trace

from .digits import raised
from .letters import AsTyped, pretty_name

__all__ = ["Chain", "Document", "Names", "Part", "Row", "Section", "Table", "Words"]


@dataclass(frozen=True, slots=True)
class Part:
    """One formula of a chain and the sign before it: "=", "≈" or "←", "" where nothing precedes.

    In symbols, or with `numbers` for the quantities; `digits` are the significant digits of all.
    """

    relation: str
    formula: Expression
    numbers: bool
    digits: int


@dataclass(frozen=True, slots=True)
class Chain:
    """subject = rule in symbols = with numbers = result."""

    subject: Expression | None
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...] = ()


Words = tuple[str | Expression, ...]  # text and formulas, mixed


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in rows and columns, with a heading for each; `corner` heads the headings."""

    corner: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Words, tuple[Words, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line: a number or a label, a chain or words, and a chain beside it.

    `rule` names what the line applies ("chain rule", "sum over branches"). `key` is the id of the
    step it shows, "b9-b10" for those of several edges; no two rows have the same. `below` rows
    belong to this one and stand under it, and so does the table.
    """

    number: int | None = None
    label: Words = ()
    chain: Chain | None = None
    aside: Chain | None = None
    words: Words = ()
    below: tuple[Row, ...] = ()
    table: Table | None = None
    rule: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled run of rows."""

    title: str
    note: Words = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A worked solution.

    `problem` is the worksheet as it was typed, where there is one. The rest repeats for programs
    what the rows show: `verdicts` the check's outcome, `updates` each parameter after each step,
    `trace` the steps of both sweeps.
    """

    sections: tuple[Section, ...]
    names: Names
    problem: str = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    updates: Mapping[str, list[float]] = field(default_factory=dict)
    trace: Trace | None = None
    cut: int | None = None  # to how many lines it was shortened


MOST_PRIMES = 3


class Names:
    """What each node is called in print: its name, primed if given twice; u1, u2, … without one.

    Names that would look alike once typeset (theta1 and θ1) stay as they were typed.
    """

    def __init__(self, nodes: Iterable[Any]) -> None:
        self._names: dict[Any, str] = {}
        nodes = list(nodes)
        taken = {node.name.partition("[")[0] for node in nodes if node.name}
        used: set[str] = set()
        repeats: Counter[str] = Counter()
        counter = 0
        for node in nodes:
            name = node.name
            if name is None:
                counter += 1
                while f"u{counter}" in taken:
                    counter += 1
                name = f"u{counter}"
            if name in used:
                name = _repeated(name, used, repeats)
            used.add(name)
            self._names[node] = name
        self._tell_apart(pretty_name)

    def seen_as(self, look: Callable[[str], str]) -> Names:
        """The same names for a format where they look otherwise: w1 and w_1 are alike in LaTeX."""
        names = Names(())
        names._names = dict(self._names)
        names._tell_apart(look)
        return names

    def _tell_apart(self, look: Callable[[str], str]) -> None:
        looks = Counter(map(look, set(self._names.values())))
        for node, name in self._names.items():
            if looks[look(name)] > 1:
                self._names[node] = AsTyped(name)

    def extend(self, nodes: Iterable[Any]) -> None:
        """Name further nodes; those that have a name in print keep it."""
        fresh = [node for node in nodes if node not in self._names]
        used = set(self._names.values())
        for node in fresh:
            name = node.name or next(u for i in count(1) if (u := f"u{i}") not in used)
            if name in used:
                name = _repeated(name, used, Counter())
            used.add(name)
            self._names[node] = name

    def adopt(self, nodes: Iterable[Any], like: Iterable[Any]) -> None:
        """Call each of the nodes as its counterpart is called."""
        for node, counterpart in zip(nodes, like, strict=True):
            self._names[node] = self._names[counterpart]

    def __call__(self, node: Any) -> str:
        if isinstance(node, Block):  # of several arrays with one name, primed as its elements are
            name = self(node.nodes.flat[0])
            return type(name)(re.sub(r"\[[^\]]*\]", "", name, count=1))
        return self._names.get(node) or str(node.name)


def _repeated(name: str, used: set[str], repeats: Counter[str]) -> str:
    """w′, w′′, w′′′, w⁽⁴⁾, w⁽⁵⁾, … for names given before."""
    while True:
        repeats[name] += 1
        copy = repeats[name]
        other = name + ("′" * copy if copy <= MOST_PRIMES else f"⁽{raised(copy)}⁾")
        if other not in used:
            return other
