"""Formulas in LaTeX: a dialect of `notation`, for LaTeX itself and for what renders it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from autograd_core import table
from autograd_core.expression import Application, Expression

from ..arrays import LEFT_OUT, Entries, grid
from ..digits import LARGEST_PLAIN, SMALLEST_PLAIN
from ..letters import AsTyped, Letters, letters
from ..notation import Writer, Written
from .tex_lines import kinds_outside, width
from .tex_signs import math, shortened

__all__ = ["Latex", "LatexWriter"]

WIDEST_FRACTION = 26.0  # em; what is wider is written in the line, where it can be broken
WIDEST_ARRAY = 30.0  # after a formula's head
WIDEST_ARRAY_INLINE = 37.0
LONGEST_COLUMN = 4  # entries of a vector that is set upright
MOST_COLUMNS = 10  # of a bmatrix

_SIGNS = {"+": " + ", "-": " - ", "*": r" \cdot ", "@": r" \cdot ", "⊙": r" \odot ", "=": "="}
_TURNED = r"^{\top}"
_ACCENTED = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot"}


class Latex:
    r"""Formulas in LaTeX with amsmath: \sigma(4 - 2 \cdot x), (o - t)^{2}.

    `inline` writes the derivatives dL/dx, where there is no room for fractions.
    """

    stacked: ClassVar = True
    row_end: ClassVar = r" \\ "  # of a matrix
    longest_unit: ClassVar = 10_000  # characters between which no line can end
    _dots: ClassVar = r"\ldots "

    def __init__(self, inline: bool = False) -> None:
        self.inline = inline

    def letters(self, words: str) -> str:
        """Any characters as part of a formula."""
        return math(words)

    def number(self, number: Decimal) -> str:
        if number.is_nan():
            return r"\mathrm{NaN}"
        if number.is_infinite():
            return r"-\infty" if number < 0 else r"\infty"
        exponent = number.adjusted() if number else 0
        if SMALLEST_PLAIN <= exponent < LARGEST_PLAIN:
            return f"{number:f}"
        sign = "-" if number < 0 else ""  # the braces keep a line from breaking inside
        return rf"{sign}{{{abs(number).scaleb(-exponent):f} \cdot 10^{{{exponent}}}}}"

    def fraction(self, numerator: str, denominator: str) -> str:
        nested = any(r"\frac" in part for part in (numerator, denominator))
        deep = any(r"\dfrac" in part or r"\begin" in part for part in (numerator, denominator))
        if deep or max(width(numerator), width(denominator)) > WIDEST_FRACTION:
            above = self._held(numerator, {"sign"})
            return f"{above} / {self._held(denominator, {'sign', 'dot', 'slash'})}"
        return rf"\{'d' if nested else ''}frac{{{numerator}}}{{{denominator}}}"

    def _held(self, part: str, loose: set[str]) -> str:
        """A part of a fraction in one line, in brackets where it has a loose sign."""
        needed = part.startswith("-") or loose & kinds_outside(part)
        return self.bracket(part) if needed else part

    def array(self, entries: Entries) -> str:
        if not entries or isinstance(entries[0], str):
            return self._vector(entries)
        if isinstance(entries[0][0], str):
            return self._fitting(entries) or self._listed(entries)
        inside = ", ".join(self._dots if e is LEFT_OUT else self.array(e) for e in entries)
        return self.bracket(inside, "[", "]")

    def row(self, entries: Entries) -> str:
        return self._fitting([entries]) or self._listed(entries)

    def _vector(self, entries: Entries) -> str:
        if 0 < len(entries) <= LONGEST_COLUMN:
            return self._matrix([entry if entry is LEFT_OUT else [entry] for entry in entries])
        row = self.row(entries) if entries else "[]"
        return row + _TURNED if row.startswith(r"\begin") else row

    def _fitting(self, rows: Entries) -> str | None:
        """The matrix, where it is not too wide."""
        matrix = self._matrix(rows)
        widest = WIDEST_ARRAY_INLINE if self.inline else WIDEST_ARRAY
        short = len(rows[0]) <= MOST_COLUMNS and len(matrix) <= self.longest_unit
        return matrix if short and width(matrix) <= widest else None

    def _matrix(self, rows: Entries) -> str:
        cells = grid(rows, r"\cdots ", r"\vdots ", r"\ddots ")
        body = self.row_end.join(" & ".join(row) for row in cells)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def _listed(self, entries: Entries) -> str:
        """[[1, 2], [3, 4]]: a line may break after each comma."""
        inside = (
            entry if isinstance(entry, str)
            else self._dots if entry is LEFT_OUT
            else self._listed(entry)
            for entry in entries
        )  # fmt: skip
        return f"[{', '.join(inside)}]"

    def blank(self, label: str) -> str:
        return rf"{self.letters(label)}\underline{{\hspace{{3em}}}}"

    def name(self, name: str) -> str:
        if isinstance(name, AsTyped):
            return rf"\mathtt{{{self.letters(shortened(name))}}}"
        piece = letters(shortened(name))
        written = self._word(piece.stem, r"\mathit")
        for accent in piece.accents:
            written = f"{_ACCENTED[accent]}{{{written}}}"
        below = [*filter(None, [piece.digits])]
        below += map(self._subscript, piece.subscripts)
        if below:
            written += f"_{{{','.join(below)}}}"
        written += "'" * piece.primes + (f"^{{({piece.copy})}}" if piece.copy else "")
        index = self.letters(piece.index.replace(", ", ","))
        return written + (f"[{index}]" if index else "")

    def _subscript(self, word: str) -> str:
        """A letter, named or with digits of its own (m_w1), or a word."""
        piece = letters(word)
        if len(piece.stem) != 1 or piece != Letters(piece.stem, digits=piece.digits):
            return self._word(word, r"\mathrm")
        letter = self._word(piece.stem, "")
        return f"{letter}_{{{piece.digits}}}" if piece.digits else letter

    def _word(self, word: str, font: str) -> str:
        """One sign as mathematics sets it, several as a word."""
        if len(word) == 1 or word.isdecimal():
            return self.letters(word).strip()
        return f"{font}{{{self.letters(word).strip()}}}"

    def derivative(self, of: str, by: str, direct: bool) -> str:
        d = r"\partial " if direct else r"\mathrm{d}"
        if self.inline:
            return f"{d}{of}/{d}{by}"
        return rf"\frac{{{d}{of}}}{{{d}{by}}}"

    def bracket(self, inside: str, left: str = "(", right: str = ")") -> str:
        if not any(sign in inside for sign in (r"\frac", r"\dfrac", r"\begin")):
            return f"{left}{inside}{right}"
        if r"\begin" in inside and self._is_unit(inside):
            return rf"\left{left}{inside}\right{right}"
        # Of a fixed size: a line may break between them, not between \left and \right.
        tall = any(sign in inside for sign in (r"\bigg", r"\dfrac", r"\begin"))
        size = "Bigg" if tall else "bigg"
        return rf"\{size}l{left}{inside}\{size}r{right}"

    def _is_unit(self, inside: str) -> bool:
        """True for what is short enough to stay in one line."""
        return len(inside) <= self.longest_unit and width(inside) <= WIDEST_FRACTION

    def minus(self, inside: str) -> str:
        return f"-{inside}"

    def infix(self, sign: str, left: str, right: str) -> str:
        return f"{left}{_SIGNS[sign]}{right}"

    def power(self, base: str, exponent: str, plain: bool) -> str:
        if width(exponent) > WIDEST_FRACTION or r"\dfrac" in exponent:
            return rf"\operatorname{{pow}}({base}, {exponent})"
        if base.startswith(r"\sqrt") or base.endswith(_TURNED):
            base = self.bracket(base)
        return f"{base}^{{{exponent}}}"

    def function(self, op: Any, arguments: list[str]) -> str:
        inside = ", ".join(arguments)
        if op is table.sqrt:
            fits = width(inside) <= WIDEST_FRACTION
            return rf"\sqrt{{{inside}}}" if fits else rf"\surd{self.bracket(inside)}"
        sign = op.latex
        if sign == rf"\operatorname{{{op.name}}}":  # no notation of its own: the name as it is
            sign = rf"\operatorname{{{self.letters(shortened(op.name))}}}"
        return f"{sign}{self.bracket(inside)}"

    def absolute(self, inside: str) -> str:
        if r"\begin" in inside and self._is_unit(inside):
            return rf"\left\lvert {inside}\right\rvert "
        return rf"\lvert {inside}\rvert "

    def transposed(self, inside: str) -> str:
        if inside.endswith(_TURNED):  # a long vector, which was set as a row
            return inside.removesuffix(_TURNED)
        return inside + _TURNED

    def underbraced(self, symbol: str, number: str) -> str:
        """A factor with its number under it."""
        return rf"\underbrace{{{symbol}}}_{{{number}}}"


class LatexWriter(Writer):
    """Writes formulas in LaTeX; inside a fraction a derivative is written in one line."""

    def __init__(self, dialect: Latex, names: Callable[[Any], str]) -> None:
        super().__init__(dialect, names)
        self.flat = self if dialect.inline else LatexWriter(type(dialect)(inline=True), names)

    def _write(self, e: Expression, digits: int, numbers: bool) -> Written:
        if isinstance(e, Application) and e.op is table.div:
            return self._application(e, self.flat._operands(e, digits, numbers))
        return super()._write(e, digits, numbers)
