"""Rows of a document as formulas in TeX, before they are laid out on a page.

What LaTeX and Markdown share: which parts a row has, numbers under the factors of a product.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from autograd_core.expression import Application, Derivative, Expression
from autograd_core.op import ATOM
from autograd_core.table import TABLE

from ..digits import AS_TYPED
from ..document import Chain, Document, Part, Row, Table, Words
from ..notation import Written
from .latex_notation import Latex, LatexWriter
from .phrases import because
from .tex_lines import Room, filled, width
from .tex_signs import math, text

__all__ = ["Typesetter", "runs", "title"]

_RELATIONS = {"=": "= ", "≈": r"\approx ", "←": r"\leftarrow ", "": ""}
_COMPARISONS = {" = ", " > ", " < "}  # words that are part of a formula
_PRODUCTS = {TABLE[name] for name in ("mul", "prod", "flow", "sum")}


class Typesetter:
    """Writes the pieces of rows; `latex` makes the dialect, inline or not."""

    among_words: ClassVar = Room(41.0)

    def __init__(self, document: Document, latex: type[Latex] = Latex) -> None:
        self.dialect = latex()
        names = document.names.seen_as(self.dialect.name)
        self.display = LatexWriter(self.dialect, names)
        self.inline = LatexWriter(latex(inline=True), names)
        self.braced = _Braced(self.dialect, names)

    # --- rows ---------------------------------------------------------------------------------

    def subject(self, chain: Chain | None) -> str:
        """What the chain is about: the left side of its first relation."""
        if chain is None or chain.subject is None:
            return ""
        return self.display.write(chain.subject, AS_TYPED)

    def main(self, row: Row) -> list[str]:
        """The parts of the row's chain, "= 2·y", "= 1", or the words in their place."""
        parts = [*self._parts(row.chain)]
        return parts or ([self.spoken(row.words)] if row.words else [])

    def aside(self, row: Row) -> list[str]:
        """The same of the chain beside: its subject and relations, then why it holds."""
        parts = []
        if row.aside:
            parts = [self.subject(row.aside), *self._parts(row.aside)]
            for i, reason in enumerate(row.aside.reasons):
                why = r"\text{ and }" if i else r"\text{, since }"
                alone = len(row.aside.reasons) == 1
                parts.append(why + self.spoken(because(reason, alone)))
        if row.words and row.chain and row.chain.parts:
            parts.append((r"\text{; }" if parts else "") + self.spoken(row.words))
        return parts

    def _parts(self, chain: Chain | None) -> Iterator[str]:
        rest = deque(chain.parts if chain else ())
        while rest:
            part = rest.popleft()
            if rest and _can_be_braced(part, rest[0]):
                formula = self.braced.write(part.formula, rest.popleft().digits)
            else:
                formula = self.display.write(part.formula, part.digits, part.numbers)
            yield _RELATIONS[part.relation] + formula

    # --- words --------------------------------------------------------------------------------

    def spoken(self, words: Words) -> str:
        """Words as part of a formula."""
        return "".join(
            _spoken(word) if isinstance(word, str) else self.inline.write(word, AS_TYPED)
            for word in words
        )

    def written(self, words: Sequence[str | Expression]) -> str:
        """Words as text with formulas in it."""
        return "".join(
            self.text(word) if isinstance(word, str) else self.formula(word) for word in words
        )

    def formula(self, formula: Expression) -> str:
        """A formula among words; a long one in several, so that a line can end between them."""
        whole = self.inline.write(formula, AS_TYPED)
        lines = filled([whole], self.among_words)
        shown = lines if len(lines) > 1 else [whole]
        return " ".join(f"${self.dressed(line)}$" for line in shown)

    def dressed(self, formula: str) -> str:
        """A formula as the format wants it between dollar signs."""
        return formula

    def text(self, words: str) -> str:
        """Text outside formulas."""
        return text(words)

    # --- tables -------------------------------------------------------------------------------

    def column_groups(self, table: Table, room: float) -> Iterator[list[int]]:
        """The columns by number, in groups that fit side by side."""
        label_width = max(width(self.spoken(words)) for words in (
            table.corner, *(label for label, _ in table.rows)
        ))  # fmt: skip
        group: list[int] = []
        used = label_width
        for i, head in enumerate(table.columns):
            column = [head, *(cells[i] for _, cells in table.rows)]
            wide = 1.3 + max(width(self.spoken(words)) for words in column)
            if group and used + wide > room:
                yield group
                group, used = [], label_width
            group.append(i)
            used += wide
        yield group


def title(words: str) -> str:
    """ASKED FOR, which is loud on paper, as Asked for."""
    return words.capitalize()


def _spoken(words: str) -> str:
    if words in _COMPARISONS:
        return words
    pieces = re.split(r"([^ -~]+)", words)
    return "".join(
        math(piece) if i % 2 else rf"\text{{{text(piece)}}}"
        for i, piece in enumerate(pieces)
        if piece
    )


# --- the order of rows ------------------------------------------------------------------------


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


# --- numbers under the factors ----------------------------------------------------------------


class _Braced(LatexWriter):
    """Writes every derivative with its number under it."""

    def _write(self, e: Expression, digits: int, numbers: bool) -> Written:
        if not isinstance(e, Derivative):
            return super()._write(e, digits, numbers)
        assert isinstance(self.dialect, Latex)
        symbol = super()._write(e, digits, False)
        number = super()._write(e, digits, True)
        return Written(self.dialect.underbraced(symbol.text, number.text), ATOM)


def _can_be_braced(part: Part, after: Part) -> bool:
    """True for a product of derivatives, or a sum of such, that is repeated with numbers."""
    same = part.formula is after.formula and after.numbers and not part.numbers
    return same and isinstance(part.formula, Application) and _holds_derivatives(part.formula)


def _holds_derivatives(e: Expression) -> bool:
    if isinstance(e, Application):
        return e.op in _PRODUCTS and all(map(_holds_derivatives, e.operands))
    return isinstance(e, Derivative) and not hasattr(e.value, "shape")
