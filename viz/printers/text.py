"""Printing a document as plain text, wrapped to a width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ..document import Document, Row, Section, Table
from ..notation import Text, Writer
from .phrases import Phrases

__all__ = ["print_text"]

NUMBER_WIDTH = 5  # " 12  "
GAP = "   "


def print_text(document: Document, width: int = 80) -> str:
    """The whole document; no line is longer than `width` where a break is possible."""
    printer = _Printer(Writer(Text(), document.names), width)
    return "\n\n".join("\n".join(printer.section(s)) for s in document.sections) + "\n"


def columns(text: str) -> int:
    """How many columns a terminal needs for the text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


class _Line:
    """A row laid out in one line: its head, the chain's parts, what stands beside them."""

    def __init__(self, head: str, parts: list[str], aside: str, formula: bool) -> None:
        self.head = head
        self.parts = parts
        self.aside = aside
        self.formula = formula

    @property
    def main(self) -> str:
        return self.head + " ".join(self.parts)


class _Printer(Phrases):
    def __init__(self, writer: Writer, width: int) -> None:
        super().__init__(writer)
        self.width = width

    def section(self, section: Section) -> list[str]:
        lines = self.lines(section.rows, "")
        self.align_results(lines)
        asides = [columns(line.main) for line in lines if line.aside]
        at = max(asides, default=0) + len(GAP)
        room = max((columns(line.aside) for line in lines if line.aside), default=0)
        beside = at + room <= self.width
        printed = []
        if section.title:
            note = self.words(section.note)
            printed.append(f"{section.title}{GAP}{note}" if note else section.title)
        for line in lines:
            main = line.main
            if line.aside and beside:
                main += " " * (at - columns(main)) + line.aside
            printed += self.wrapped(main, line.head, line.formula)
            if line.aside and not beside:
                indent = " " * (columns(line.head) + 2)
                printed += self.wrapped(indent + line.aside, indent + "  ")
        return [line.rstrip() for line in printed]

    # --- rows ---------------------------------------------------------------------------------

    def lines(self, rows: Sequence[Row], indent: str) -> list[_Line]:
        """Each row as a line; the formulas' signs and the labels stand under each other."""
        labels = [self.words(row.label) for row in rows]
        subjects = [self.subject(row.chain) for row in rows]
        label_width = max(map(columns, labels), default=0)
        subject_width = max(map(columns, subjects), default=0)
        lines = []
        for row, label, subject in zip(rows, labels, subjects, strict=True):
            number = f"{row.number:>{NUMBER_WIDTH - 2}}  " if row.number else " " * NUMBER_WIDTH
            head = number + indent
            if label_width:
                head += _padded(label, label_width) + "  "
            if subject_width:
                head += _padded(subject, subject_width) + " "
            parts = self.parts(row.chain)
            aside = self.aside(row.aside)
            if row.words:
                words = self.words(row.words)
                if row.chain is None or not row.chain.parts:
                    parts.append(words)
                else:
                    aside = f"{aside}; {words}" if aside else words
            if head.strip() or parts or aside:  # more than a table
                lines.append(_Line(head, parts, aside, row.chain is not None))
            lines += self.lines(row.below, indent + "  ")
            if row.table:
                lines += [_Line(text, [], "", False) for text in self.table(row.table)]
        return lines

    def table(self, table: Table) -> list[str]:
        """The cells in columns, set to the right under their headings."""
        cells = [[self.words(table.corner), *map(self.words, table.columns)]]
        cells += [[self.words(label), *map(self.words, row)] for label, row in table.rows]
        widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
        indent = " " * (NUMBER_WIDTH + 2)
        return [
            indent + _padded(first, widths[0]) + "".join(
                GAP + " " * (width - columns(cell)) + cell
                for cell, width in zip(rest, widths[1:], strict=True)
            )
            for first, *rest in cells
        ]  # fmt: skip

    # --- lines --------------------------------------------------------------------------------

    def align_results(self, lines: list[_Line]) -> None:
        """Put the results of a section without asides under each other, where they fit."""
        if any(line.aside for line in lines):
            return
        chains = [line for line in lines if len(line.parts) > 1]
        widths = [columns(line.head + " ".join(line.parts[:-1])) for line in chains]
        room = self.width - max((columns(line.parts[-1]) + 1 for line in chains), default=0)
        at = max((w for w in widths if w <= room), default=0)
        for line, width in zip(chains, widths, strict=True):
            if width <= at:
                line.parts[-2] += " " * (at - width)

    def wrapped(self, text: str, head: str, formula: bool = True) -> list[str]:
        """The text in lines of at most `width` columns.

        A formula is broken before a relation, else before a term, else after a factor; words
        after a comma, else at a space; and what still does not fit, anywhere.
        """
        if columns(text) <= self.width:
            return [text]
        indent = " " * min(columns(head), self.width // 3)
        room = self.width - columns(indent)
        levels = (_terms, _factors, _words) if formula else (_items, _words)
        lines, current = [], ""
        for i, part in enumerate(_relations(text) if formula else [text]):
            pieces = [part]
            own = (_items, _words) if part.startswith(" since ") else levels
            for cut in (*own, lambda piece: _chunks(piece, room)):
                pieces = [
                    smaller
                    for piece in pieces
                    for smaller in (cut(piece) if columns(piece.strip()) > room else [piece])
                ]
            for piece in pieces:
                full = columns(current + piece.rstrip()) > self.width
                # a part that is broken itself begins a line, but for the first after the subject
                torn = i > 1 and len(pieces) > 1 and piece is pieces[0]
                if current.strip() and (full or torn):
                    lines.append(current)
                    current = indent + piece.lstrip()
                else:
                    current += piece
        return [*lines, current]


def _relations(formula: str) -> list[str]:
    return re.split(r"(?= [=≈←] | since )", formula)


def _terms(formula: str) -> list[str]:
    """The formula cut before each + and − outside brackets, after commas, between rows."""
    pieces: list[str] = []
    start = depth = 0
    for i, sign in enumerate(formula):
        depth += (sign in "([") - (sign in ")]")
        row_ends = formula[i - 3 : i] in ("], ", "…, ")
        loose = formula.startswith((" + ", " − "), i) or formula[i - 2 : i] == ", "
        if row_ends or (depth <= 1 and loose):
            pieces.append(formula[start:i])
            start = i
    return [*pieces, formula[start:]]


def _factors(formula: str) -> list[str]:
    return re.split(r"(?=·)|(?= [+−] )|(?<=, )", formula)


def _items(words: str) -> list[str]:
    return re.split(r"(?<=, )", words)


def _words(words: str) -> list[str]:
    return re.split(r"(?<= )(?=\S)", words)


def _chunks(text: str, room: int) -> list[str]:
    """Pieces of at most so many columns."""
    pieces, current = [], ""
    for sign in text:
        if columns(current + sign) > room:
            pieces.append(current)
            current = ""
        current += sign
    return [*pieces, current]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
