"""A worked solution as a document: sections of rows of formulas, before any markup.

`solution` fills it, `printers` only print. A formula is an expression tree and a choice: in symbols
or with numbers, and how many digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograd_core.expression import Expression, Reason
from autograd_core.tracing import Trace

from .names import Names

__all__ = ["Chain", "Document", "Part", "Row", "Section", "Table", "Words"]


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

    `problem` is the worksheet's text, where there is one, in a cut solution its first lines. The
    rest repeats for programs what the rows show: `verdicts` the check's outcome, `updates` each
    parameter after each step, `trace` the steps of both sweeps.
    """

    sections: tuple[Section, ...]
    names: Names
    problem: str = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    updates: Mapping[str, list[float]] = field(default_factory=dict)
    trace: Trace | None = None
    cut: int | None = None  # to how many lines it was shortened
