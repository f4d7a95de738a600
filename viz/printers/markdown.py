"""Printing a document as Markdown: headings, and tables whose cells hold formulas.

Meant for GitHub, JupyterLab, VS Code, Quarto and Colab alike. Some of them read a formula as
Markdown before they read it as TeX, so a formula here contains nothing that Markdown knows: no
backslash before punctuation (rows of matrices end in \\cr), no tilde, bar, asterisk or backtick,
and a blank before each underscore, which then cannot close an emphasis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..document import Document, Row, Section, Table, Words
from .latex_notation import Latex
from .tex_lines import Room, filled
from .tex_signs import math
from .typeset import Typesetter, runs, title

__all__ = ["print_markdown"]

WIDEST = 38.0  # em of a formula in a cell
LONGEST = 230  # characters of a formula and what stands before it
LONGEST_HEAD = 110
LONGEST_LINE = 150
MOST_ROWS = 200  # of one table

_IN_FORMULAS = {
    "_": r"\rule{0.5em}{0.06em}", "$": "＄", "%": "％", "#": "＃", "&": "＆", "`": "‵",
    "\\": r"\backslash ", " ": r"\enspace ", "~": r"\sim ",
}  # fmt: skip
_IN_TEXT = re.compile(r"[\\`*_{}\[\]#|$~]|^[-+>]|(?<=\d)\.(?= )")


def print_markdown(document: Document) -> str:
    """The document in Markdown with TeX formulas between dollar signs.

    No line is longer than 300 characters where a break is possible.
    """
    printer = _Printer(document, MarkdownLatex)
    return "\n".join(printer.document(document)).rstrip("\n") + "\n"


class MarkdownLatex(Latex):
    """Formulas that Markdown leaves alone and that MathJax and KaTeX both read."""

    row_end: ClassVar = r" \cr "
    longest_unit: ClassVar = 180

    def letters(self, words: str) -> str:
        return "".join(map(self._letter, words))

    def _letter(self, sign: str) -> str:
        if found := _IN_FORMULAS.get(sign):
            return found
        if sign.isalpha() and not sign.isascii() and r"\mathrm" in math(sign):
            return rf"\text{{{sign}}}"  # a letter of another script, which every browser has
        return math(sign).replace(r"\,", " ")


class _Printer(Typesetter):
    among_words: ClassVar = Room(WIDEST, LONGEST)

    def document(self, document: Document) -> Iterator[str]:
        if document.problem:
            yield from fenced(document.problem)
        for section in document.sections:
            yield from self.section(section)

    def section(self, section: Section) -> Iterator[str]:
        if section.title:
            yield f"## {self.text(title(section.title))}\n"
        if section.note:
            yield f"{self.written(section.note)}\n"
        for is_formula, run in runs(section.rows):
            yield from self.formulas(run) if is_formula else self.items(run)
            if table := run[-1].table:
                yield from self.table(table)

    # --- words --------------------------------------------------------------------------------

    def items(self, rows: Sequence[Row]) -> Iterator[str]:
        """Rows of words as a list, each under its label."""
        for row in rows:
            if row.label or row.words:
                number = f"({row.number}) " if row.number else ""
                yield from wrapped([f"- {number}", *self.label(row.label), *self.pieces(row.words)])
        yield ""

    def label(self, label: Words) -> Iterator[str]:
        if label:
            plain = all(isinstance(word, str) for word in label)
            yield f"**{self.written(label)}** " if plain else f"{self.written(label)}: "

    def pieces(self, words: Words) -> list[str]:
        written = (self.written([word]) for word in words)
        return [piece for word in written for piece in re.split(r"(?<=\$ )(?=\$)", word)]

    def text(self, words: str) -> str:
        """Text that Markdown and HTML show as it is."""
        escaped = _IN_TEXT.sub(lambda found: f"\\{found[0]}", words)
        escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return "".join(c if c.isprintable() else "\ufffd" for c in escaped)

    # --- formulas -----------------------------------------------------------------------------

    def formulas(self, rows: Sequence[Row]) -> Iterator[str]:
        """A table: the step, what the line is about, the formula, the rule that it applies."""
        ruled = any(row.rule for row in rows)
        step = "step" if any(row.number for row in rows) else ""
        for start in range(0, len(rows), MOST_ROWS):
            yield f"| {step} | | |" + (" rule |" if ruled else "")
            # pandoc takes the widths of columns from these.
            yield f"|---:|{'-' * 14}:|:{'-' * 60}|" + (f":{'-' * 14}|" if ruled else "")
            for row in rows[start : start + MOST_ROWS]:
                number, head = str(row.number or ""), self.head(row)
                alone = len(head) > LONGEST_HEAD  # in a line above its relations
                room = Room(WIDEST, LONGEST if alone else LONGEST - len(head))
                first, *further = [""] * alone + filled(self.main(row), room)
                rule = f" {self.text(row.rule)} |" if ruled else ""
                yield f"| {number} | {head} | {cell(first)} |{rule}"
                empty = " |" if ruled else ""
                yield from (f"| | | {cell(line)} |{empty}" for line in further)
                yield from (f"| | {line} |{empty}" for line in self.below(row))
            yield ""

    def head(self, row: Row) -> str:
        """What stands before the relation: a label, the subject."""
        subject = self.subject(row.chain)
        return f"{self.written(row.label)} {cell(subject)}".strip()

    def below(self, row: Row) -> Iterator[str]:
        """The local derivative under the product that uses it."""
        aside = self.aside(row)
        if aside:
            where = ""
            if row.aside:
                where, aside = "where", [" ".join(aside[:2]), *aside[2:]]
            first, *further = filled(aside, Room(WIDEST, LONGEST))
            yield f"{where} | {cell(first)}"
            yield from (f"| {cell(line)}" for line in further)

    # --- tables -------------------------------------------------------------------------------

    def table(self, table: Table) -> Iterator[str]:
        """The table, in several where its columns would not fit on a page."""
        for columns in self.column_groups(table, WIDEST):
            yield _line(table.corner, [table.columns[i] for i in columns], self)
            yield "|:---|" + "---:|" * len(columns)
            for label, cells in table.rows:
                yield _line(label, [cells[i] for i in columns], self)
            yield ""

    def dressed(self, formula: str) -> str:
        return harmless(formula)


def _line(label: Words, cells: Sequence[Words], printer: _Printer) -> str:
    return " | ".join(["", printer.written(label), *map(printer.written, cells), ""]).strip()


def cell(tex: str) -> str:
    """A formula in a table, as large as in a paragraph of its own."""
    return rf"$\displaystyle {harmless(tex)}$" if tex else ""


def harmless(tex: str) -> str:
    r"""The formula without what Markdown or HTML might take for their own.

    >>> harmless("x_{1} < 2")
    'x _{1} \\lt 2'
    """
    tex = tex.strip().replace("_", " _").replace("  ", " ")
    tex = re.sub(r"\{?<\}? ?", r"\\lt ", tex)
    return re.sub(r"\{?>\}? ?", r"\\gt ", tex)


def fenced(problem: str) -> Iterator[str]:
    """A worksheet as it was typed, whatever it contains."""
    longest = max((len(run) for run in re.findall("`+", problem)), default=0)
    fence = "`" * max(3, longest + 1)
    shown = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in problem)
    yield f"{fence}text\n{shown.rstrip()}\n{fence}\n"


def wrapped(pieces: Sequence[str]) -> Iterator[str]:
    """The pieces in lines; a line ends after a blank, where one is too long for the next piece."""
    line = ""
    for piece in pieces:
        if len(line) + len(piece) > LONGEST_LINE and line.endswith(" "):
            yield line.rstrip()
            line = "  "
        line += piece
    yield line.rstrip()
