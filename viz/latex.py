"""Printing a document as LaTeX: formulas in align*, the step's number at the right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .document import Document, Row, Section, Table
from .latex_notation import Latex
from .tex_lines import Room, filled, width
from .tex_signs import text
from .typeset import Typesetter, title

__all__ = ["Latex", "print_latex"]

LINE = 44.0  # em: 6.3 inch at 10 pt are 45.5
INDENT = 1.0
GAP = 2.0
CONTINUED = 2.0  # the further lines of a formula stand so far to the right
LEAST = 12.0  # a formula's room, however long the names before it
MOST_ROWS = 30  # of one align*, which TeX holds in memory as a whole, or of a table
LONGEST_WORD = 60  # characters of a typed line without a place to break

_PREAMBLE = r"""\documentclass[10pt,fleqn]{article}
\usepackage{amsmath}
\usepackage[a4paper,textwidth=6.3in,textheight=9.6in]{geometry}
\setlength{\parindent}{0pt}
\setlength{\mathindent}{1em}
\allowdisplaybreaks
\begin{document}
"""
_NEEDS = "% Needs \\usepackage{amsmath}; a text 6.3in wide; \\allowdisplaybreaks for page breaks.\n"


def print_latex(document: Document, complete: bool = False) -> str:
    """The document in LaTeX, to be put into another; `complete`: one that compiles by itself.

    Both pdflatex and lualatex take it: whatever was typed comes out as ASCII.
    """
    printer = _Printer(document)
    body = "\n".join(printer.document(document))
    if complete:
        return f"{_PREAMBLE}{body}\n\\end{{document}}\n"
    return f"{_NEEDS}{body}\n"


class _Printer(Typesetter):
    def document(self, document: Document) -> Iterator[str]:
        if document.problem:
            yield typed(document.problem)
        for section in document.sections:
            yield from self.section(section)

    def section(self, section: Section) -> Iterator[str]:
        if section.title:
            note = self.written(section.note)
            note = rf"\quad{{\normalfont\normalsize {note}}}" if note else ""
            yield rf"\subsection*{{{text(title(section.title))}{note}}}"
        for is_formula, run in runs(section.rows):
            yield from self.formulas(run) if is_formula else self.items(run)
            if table := run[-1].table:
                yield from self.tables(table)

    # --- words --------------------------------------------------------------------------------

    def items(self, rows: Sequence[Row]) -> Iterator[str]:
        """Rows of words, each under its label."""
        rows = [row for row in rows if row.label or row.words]
        if not rows:
            return
        yield r"\begin{description}\setlength{\itemsep}{0pt}"
        for row in rows:
            number = rf"\hfill({row.number})" if row.number else ""
            label = f"{{{self.written(row.label)}}}" if row.label else ""
            yield rf"\item[{label}] {self.written(row.words)}{number}"
        yield r"\end{description}"

    # --- formulas -----------------------------------------------------------------------------

    def formulas(self, rows: Sequence[Row]) -> Iterator[str]:
        """Rows of formulas, aligned at their first relation."""
        heads = [self.head(row) for row in rows]
        tags = [_tag(row) for row in rows]
        taken = INDENT + max(map(width, heads)) + max(_tag_width(row) for row in rows)
        room = max(LINE - taken, LEAST)
        mains = [filled(self.main(row), Room(room - CONTINUED)) for row in rows]
        asides = [self.aside(row) for row in rows]
        main_width = max(width(line) for lines in mains for line in lines)
        aside_width = max(sum(map(width, parts)) for parts in asides)
        beside = taken + main_width + GAP + aside_width <= LINE
        for start in range(0, len(rows), MOST_ROWS):
            lines = []
            for i in range(start, min(start + MOST_ROWS, len(rows))):
                first, *further = mains[i]
                line = f"{heads[i]} & {_begun(first)}"
                if beside and asides[i]:
                    subject, *parts = asides[i]
                    line += rf" && {subject} & {' '.join(parts)}"
                lines.append(line + tags[i])
                lines += [f"& {_continued(line)}" for line in further]
                if asides[i] and not beside:
                    lines += self.below(asides[i], room)
            body = " \\\\\n".join(lines)
            yield f"\\begin{{align*}}\n{body}\n\\end{{align*}}"

    def below(self, aside: list[str], room: float) -> Iterator[str]:
        """A local derivative under the product that uses it."""
        first, *further = filled(aside, Room(room - 4.5))
        yield rf"& \quad\text{{where }} {first}"
        yield from (rf"& \quad\quad {_begun(line)}" for line in further)

    def head(self, row: Row) -> str:
        """What stands before the relation: a label, the subject."""
        label, subject = self.spoken(row.label), self.subject(row.chain)
        if label and subject:
            return rf"{label}\quad {subject}"
        return subject or (label and rf"{label}\quad")

    # --- tables -------------------------------------------------------------------------------

    def tables(self, table: Table) -> Iterator[str]:
        """The table, in several where its columns or rows do not fit on a page."""
        for columns in self.column_groups(table):
            heads = " & ".join(self.written(table.columns[i]) for i in columns)
            for start in range(0, len(table.rows), MOST_ROWS):
                yield rf"\[\begin{{tabular}}{{l|{'r' * len(columns)}}}"
                yield rf"{self.written(table.corner)} & {heads} \\ \hline"
                for label, cells in table.rows[start : start + MOST_ROWS]:
                    inside = " & ".join(self.written(cells[i]) for i in columns)
                    yield rf"{self.written(label)} & {inside} \\"
                yield r"\end{tabular}\]"

    def column_groups(self, table: Table) -> Iterator[list[int]]:
        label_width = max(width(self.spoken(words)) for words in (
            table.corner, *(label for label, _ in table.rows)
        ))  # fmt: skip
        group: list[int] = []
        used = label_width
        for i, head in enumerate(table.columns):
            column = [head, *(cells[i] for _, cells in table.rows)]
            wide = 1.3 + max(width(self.spoken(words)) for words in column)
            if group and used + wide > LINE - INDENT:
                yield group
                group, used = [], label_width
            group.append(i)
            used += wide
        yield group


def flat(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows and those below them in one list; a table comes after the rows below."""
    for row in rows:
        if row.table and row.below:
            yield replace(row, table=None)
            yield from flat(row.below)
            yield Row(table=row.table)
        else:
            yield row
            yield from flat(row.below)


def runs(rows: Sequence[Row]) -> Iterator[tuple[bool, list[Row]]]:
    """Runs of rows of one kind, True for formulas; a table ends its run."""
    run: list[Row] = []
    for row in flat(rows):
        if run and (run[-1].table or (row.chain is None) != (run[-1].chain is None)):
            yield run[0].chain is not None, run
            run = []
        run.append(row)
    if run:
        yield run[0].chain is not None, run


def _tag(row: Row) -> str:
    if row.rule:
        number = rf"\enspace ({row.number})" if row.number else ""
        return rf" \tag*{{{text(row.rule)}{number}}}"
    return rf" \tag{{{row.number}}}" if row.number else ""


def _tag_width(row: Row) -> float:
    number = 1.0 + 0.5 * len(str(row.number)) if row.number else 0.0
    return number + 0.5 * len(row.rule) + 1.5


def _begun(line: str) -> str:
    """A sign at the beginning of a line keeps the room of a sign between two operands."""
    return f"{{}} {line}" if line.startswith(("+", "-", r"\cdot", r"\odot")) else line


def _continued(line: str) -> str:
    is_relation = line.startswith(("=", r"\approx", r"\leftarrow"))
    return line if is_relation else rf"\qquad {_begun(line)}"


def typed(problem: str) -> str:
    """A worksheet as it was typed, whatever it contains."""
    lines = (_typed_line(line) for line in problem.rstrip("\n").split("\n"))
    return "{\\ttfamily\\raggedright\n" + "\\\\\n".join(lines) + "\\par}\n"


def _typed_line(line: str) -> str:
    words = re.split(r"( )", line)
    pieces = (
        "\\ " if word == " " else r"\allowbreak ".join(
            text(word[i : i + LONGEST_WORD]) for i in range(0, len(word), LONGEST_WORD)
        )
        for word in words
    )  # fmt: skip
    return r"\mbox{}" + "".join(pieces)
