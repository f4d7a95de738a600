"""Formulas in LaTeX: a dialect of `notation`, for LaTeX itself and for what renders it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from autograd_core import table

from .digits import LARGEST_PLAIN, SMALLEST_PLAIN
from .letters import AsTyped, Letters, letters
from .notation import Entries
from .tex_lines import width
from .tex_signs import math, shortened

__all__ = ["Latex"]

WIDEST_FRACTION = 18.0  # em; what is wider is written in the line, where it can be broken
WIDEST_ARRAY = 30.0
DEEPEST_FRACTION = 3
LONGEST_COLUMN = 6  # entries of a vector that is set upright
MOST_COLUMNS = 10  # of a bmatrix

_SIGNS = {"+": " + ", "-": " - ", "*": r" \cdot ", "@": r" \, ", "⊙": r" \odot "}
_ACCENTED = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot"}


class Latex:
    r"""Formulas in LaTeX with amsmath: \sigma(4 - 2 \cdot x), (o - t)^{2}.

    `inline` writes the derivatives dL/dx, where there is no room for fractions; `row_end` ends
    the row of a matrix; `other` writes a character that TeX may not know.
    """

    stacked: ClassVar = True
    row_end: ClassVar = r" \\ "
    other: Callable[[str], str] | None = None

    def __init__(self, inline: bool = False) -> None:
        self.inline = inline

    def number(self, number: Decimal) -> str:
        if number.is_nan():
            return r"\mathrm{NaN}"
        if number.is_infinite():
            return r"-\infty" if number < 0 else r"\infty"
        exponent = number.adjusted() if number else 0
        if SMALLEST_PLAIN <= exponent < LARGEST_PLAIN:
            return f"{number:f}"
        return rf"{number.scaleb(-exponent):f} \cdot 10^{{{exponent}}}"

    def fraction(self, numerator: str, denominator: str) -> str:
        deep = max(map(_depth, (numerator, denominator))) >= DEEPEST_FRACTION
        if deep or max(width(numerator), width(denominator)) > WIDEST_FRACTION:
            return f"{self._held(numerator)} / {self._held(denominator)}"
        above, below = map(_full_size, (numerator, denominator))
        return rf"\frac{{{above}}}{{{below}}}"

    def array(self, entries: Entries) -> str:
        if isinstance(entries[0], str):
            return self._vector(entries)
        if isinstance(entries[0][0], str) and len(entries[0]) <= MOST_COLUMNS:
            matrix = self._matrix(entries)
            if width(matrix) <= WIDEST_ARRAY:
                return matrix
        return f"[{', '.join(map(self.array, entries))}]"

    def _vector(self, entries: list[str]) -> str:
        if len(entries) <= LONGEST_COLUMN:
            return self._matrix([[entry] for entry in entries])
        row = self._matrix([entries])
        if len(entries) <= MOST_COLUMNS and width(row) <= WIDEST_ARRAY:
            return rf"{row}^{{\top}}"
        return f"[{', '.join(entries)}]"

    def _matrix(self, rows: list[list[str]]) -> str:
        body = self.row_end.join(" & ".join(row) for row in rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def blank(self, label: str) -> str:
        return rf"{math(label, self.other)}\underline{{\hspace{{3em}}}}"

    def name(self, name: str) -> str:
        if isinstance(name, AsTyped):
            return rf"\mathtt{{{math(shortened(name), self.other)}}}"
        piece = letters(shortened(name))
        written = self._word(piece.stem, r"\mathit")
        for accent in piece.accents:
            written = f"{_ACCENTED[accent]}{{{written}}}"
        below = [*filter(None, [piece.digits])]
        below += [self._word(_subscript(word), r"\mathrm") for word in piece.subscripts]
        if below:
            written += f"_{{{','.join(below)}}}"
        written += "'" * piece.primes
        return written + (f"[{math(piece.index, self.other)}]" if piece.index else "")

    def _word(self, word: str, font: str) -> str:
        """One sign as mathematics sets it, several as a word."""
        if len(word) == 1 or word.isdecimal():
            return math(word, self.other).strip()
        return f"{font}{{{math(word, self.other).strip()}}}"

    def derivative(self, of: str, by: str, direct: bool) -> str:
        d = r"\partial " if direct else r"\mathrm{d}"
        if self.inline:
            return f"{d}{of}/{d}{by}"
        return rf"\frac{{{d}{of}}}{{{d}{by}}}"

    def bracket(self, inside: str) -> str:
        return f"({inside})" if not _is_tall(inside) else self._held(inside)

    def _held(self, inside: str) -> str:
        """In brackets of a fixed size: a line may break between them, which it may not between
        \\left and \\right."""
        if not _is_tall(inside):
            return f"({inside})"
        size = "B" if r"\biggl" in inside or _depth(inside) > 1 else "b"
        return rf"\{size}iggl({inside}\{size}iggr)"

    def minus(self, inside: str) -> str:
        return f"-{inside}"

    def infix(self, sign: str, left: str, right: str) -> str:
        return f"{left}{_SIGNS[sign]}{right}"

    def power(self, base: str, exponent: str, plain: bool) -> str:
        if width(exponent) > WIDEST_FRACTION:
            return rf"\operatorname{{pow}}({base}, {exponent})"
        return f"{base}^{{{exponent}}}"

    def function(self, op: Any, arguments: list[str]) -> str:
        inside = ", ".join(arguments)
        if op is table.sqrt:
            fits = width(inside) <= WIDEST_FRACTION
            return rf"\sqrt{{{inside}}}" if fits else rf"\surd{self._held(inside)}"
        sign = op.latex
        if sign == rf"\operatorname{{{op.name}}}":  # no notation of its own: the name as it is
            sign = rf"\operatorname{{{math(shortened(op.name), self.other)}}}"
        return f"{sign}{self.bracket(inside)}"

    def absolute(self, inside: str) -> str:
        return rf"\lvert {inside}\rvert "

    def transposed(self, inside: str) -> str:
        return rf"{inside}^{{\top}}"

    def underbraced(self, symbol: str, number: str) -> str:
        """A factor with its number under it."""
        return rf"\underbrace{{{symbol}}}_{{{number}}}"


def _subscript(word: str) -> str:
    """The Greek letter that the word names, else the word."""
    piece = letters(word)
    return piece.stem if piece == Letters(piece.stem) else word


_TALL = (r"\frac", r"\begin", r"\underbrace")


def _is_tall(tex: str) -> bool:
    return any(sign in tex for sign in _TALL)


def _full_size(tex: str) -> str:
    """A part of a fraction; one that contains fractions keeps them as large as outside."""
    return rf"\displaystyle {tex}" if r"\frac" in tex else tex


def _depth(tex: str) -> int:
    """How deep fractions stand in one another: each level that holds another says so."""
    return len(re.findall(r"\\displaystyle", tex)) + (r"\frac" in tex)
