"""Printing a document as LaTeX: formulas in align*, the step's number at the right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..document import Document, Row, Section, Table
from .latex_notation import Latex
from .tex_lines import Room, filled, width
from .tex_signs import text
from .typeset import Typesetter, runs, title

__all__ = ["Latex", "print_latex"]

LINE = 44.0  # em: 6.3 inch at 10 pt are 45.5
INDENT = 1.0
GAP = 2.0
CONTINUED = 2.0  # the further lines of a formula stand so far to the right
WIDEST_HEAD = 12.0
SHORT = 16.0  # a product of two factors and its result
WHERE = 2.0  # a local derivative below its product stands so much further
LEAST = 12.0  # a formula's room, however long the names before it
MOST_ROWS = 30  # of one align*, which TeX holds in memory as a whole, or of a table
LONGEST_WORD = 60  # characters of a typed line without a place to break

_PREAMBLE = r"""\documentclass[10pt,fleqn]{article}
\usepackage{amsmath}
%s\usepackage[a4paper,textwidth=6.3in,textheight=9.6in]{geometry}
\setlength{\parindent}{0pt}
\setlength{\mathindent}{1em}
\setlength{\jot}{5pt}
\allowdisplaybreaks
\begin{document}
"""
_NEEDS = "% Needs \\usepackage{amsmath}; a text 6.3in wide; \\allowdisplaybreaks for page breaks.\n"
_NEEDS_TIKZ = "% Needs \\usepackage{tikz} for the graph.\n"
_USE_TIKZ = "\\usepackage{tikz}\n"


def print_latex(document: Document, complete: bool = False, graph: str = "") -> str:
    """The document in LaTeX, to be put into another; `complete`: one that compiles by itself.

    graph : a `tikzpicture` to stand below the problem. Both pdflatex and lualatex take it:
    whatever was typed comes out as ASCII.
    """
    printer = _Printer(document)
    body = "\n".join(printer.document(document, graph))
    if complete:
        return f"{_PREAMBLE % (_USE_TIKZ if graph else '')}{body}\n\\end{{document}}\n"
    return f"{_NEEDS}{_NEEDS_TIKZ if graph else ''}{body}\n"


class _Printer(Typesetter):
    def document(self, document: Document, graph: str = "") -> Iterator[str]:
        if document.problem:
            yield typed(document.problem)
        if graph:
            yield f"\\begin{{center}}\n{graph}\\end{{center}}"
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
        yield r"\begin{description}\raggedright\setlength{\itemsep}{0pt}"
        # Room between lines that hold matrices.
        yield r"\setlength{\lineskip}{4pt}\setlength{\lineskiplimit}{4pt}"
        for row in rows:
            number = rf"\hfill({row.number})" if row.number else ""
            label = f"{{{self.written(row.label)}}}" if row.label else ""
            yield rf"\item[{label}] {self.written(row.words)}{number}"
        yield r"\end{description}"

    def text(self, words: str) -> str:
        """Text outside formulas; no line ends beside the sign of x = 2."""
        return super().text(words).replace(" = ", "~=~")

    # --- formulas -----------------------------------------------------------------------------

    def formulas(self, rows: Sequence[Row]) -> Iterator[str]:
        """Rows of formulas, aligned at their first relation; each row in lines that fit.

        A local derivative stands beside its product where there is room, else below it. What is
        longer than a product of two factors runs on below those that stand beside.
        """
        laid = [self.laid(row) for row in rows]
        taken = INDENT + max(width(row.head) + _tag_width(row.row) for row in laid)
        room = max(LINE - taken, LEAST) - CONTINUED
        for row in laid:
            row.lines = filled(row.parts, Room(room))
            row.short = len(row.lines) == 1 and width(row.lines[0]) <= SHORT and row.is_chain
        products = max((width(row.lines[0]) for row in laid if row.short), default=LINE)
        for row in laid:
            row.beside = row.short and sum(map(width, row.aside)) <= room - GAP - products
        for start in range(0, len(laid), MOST_ROWS):
            block = laid[start : start + MOST_ROWS]
            two_columns = any(row.aside and row.beside for row in block)
            body = " \\\\[3pt]\n".join(_printed(row, room, two_columns) for row in block)
            yield f"\\begin{{align*}}\n{body}\n\\end{{align*}}"

    def laid(self, row: Row) -> _Laid:
        head, parts = self.head(row), self.main(row)
        if width(head) > WIDEST_HEAD:  # stands above its relations, not before them
            head, parts = "", [head, *parts]
        return _Laid(row, head, parts, self.aside(row))

    def head(self, row: Row) -> str:
        """What stands before the relation: a label, the subject."""
        named = [*filter(None, [self.spoken(row.label), self.subject(row.chain)])]
        if row.chain is None or not (row.chain.subject and row.chain.parts):
            named.append("")  # words follow, or a formula without a relation in front
        return r"\quad ".join(named)

    # --- tables -------------------------------------------------------------------------------

    def tables(self, table: Table) -> Iterator[str]:
        """The table, in several where its columns or rows do not fit on a page."""
        for columns in self.column_groups(table, LINE - INDENT):
            heads = " & ".join(self.written(table.columns[i]) for i in columns)
            for start in range(0, len(table.rows), MOST_ROWS):
                yield r"\[\renewcommand{\arraystretch}{1.2}"
                yield rf"\begin{{tabular}}{{l|{'r' * len(columns)}}}"
                yield rf"{self.written(table.corner)} & {heads} \\ \hline"
                for label, cells in table.rows[start : start + MOST_ROWS]:
                    inside = " & ".join(self.written(cells[i]) for i in columns)
                    yield rf"{self.written(label)} & {inside} \\"
                yield r"\end{tabular}\]"


@dataclass
class _Laid:
    """A row of formulas on its way to the page."""

    row: Row
    head: str
    parts: list[str]
    aside: list[str]
    lines: list[str] = field(default_factory=list)
    short: bool = False
    beside: bool = False

    @property
    def is_chain(self) -> bool:
        return bool(self.row.chain and self.row.chain.parts)


def _printed(row: _Laid, room: float, two_columns: bool) -> str:
    """The row's lines; long ones take no room in the first column where there are two."""
    overlaps = two_columns and not row.short
    first, *further = row.lines
    line = f"{row.head} & {_line(first, overlaps)}"
    if row.aside and row.beside:
        subject, *parts = row.aside
        line += rf" & {subject} & {' '.join(parts)}"
    lines = [line + _tag(row.row)]
    lines += [f"& {_line(_continued(line), overlaps)}" for line in further]
    if row.aside and not row.beside:
        lines += [f"& {_line(line, two_columns)}" for line in _below(row, room)]
    return " \\\\\n".join(lines)


def _below(row: _Laid, room: float) -> Iterator[str]:
    """A local derivative under the product that uses it."""
    aside = row.aside
    if row.row.aside:
        aside = [" ".join([r"\text{where }", *aside[:2]]), *aside[2:]]
    first, *further = filled(aside, Room(room - WHERE))
    yield rf"\quad {first}"
    yield from (rf"\qquad {_continued(line)}" for line in further)


def _line(line: str, overlaps: bool) -> str:
    return rf"\rlap{{$\displaystyle {{}} {line}$}}" if overlaps else line


def _tag(row: Row) -> str:
    if row.rule:
        number = rf"\enspace ({row.number})" if row.number else ""
        return rf" \tag*{{{text(row.rule)}{number}}}"
    return rf" \tag{{{row.number}}}" if row.number else ""


def _tag_width(row: Row) -> float:
    number = 1.0 + 0.5 * len(str(row.number)) if row.number else 0.0
    return number + 0.5 * len(row.rule) + 1.5


def _continued(line: str) -> str:
    is_relation = line.startswith(("=", r"\approx", r"\leftarrow"))
    return line if is_relation else rf"\quad {line}"


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
