"""Formulas as presentation MathML, in the part of it that every browser draws (MathML Core).

A formula is a run of elements, the inside of `<math>`. It is kept flat, so that `pieces` can cut a
long one where a line may break: browsers do not break formulas themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from typing import Any, ClassVar

from autograd_core.table import TABLE

from ..arrays import LEFT_OUT, Entries, grid
from ..digits import scientific
from ..letters import Letters, letters

__all__ = ["MathML", "pieces", "printable"]

LONGEST_NAME = 80  # characters; of a longer name the middle is left out
LONGEST_PIECE = 24  # characters that stay on one line
LONGEST_TALL = 60  # the same of brackets round a matrix, which would not grow once they are apart
LONGEST_COLUMN = 4  # entries of a vector that is set upright
_LOWERED = "₀₁₂₃₄₅₆₇₈₉"
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"}
_TALL = re.compile("<(mfrac|mtable)")
_FIXED = '<mo stretchy="false">'
_TAG = re.compile(r"<(/?)[a-z]+[^>]*>")


class MathML:
    """The dialect: x is `<mi>x</mi>`, 2·x is `<mn>2</mn><mo>·</mo><mi>x</mi>`.

    What users wrote is escaped, and signs that cannot be seen are replaced.

    >>> from autograd_core.expression import Symbol
    >>> from viz.notation import Writer
    >>> Writer(MathML(), str).write(Symbol(2.0, name="w_1") * Symbol(3.0, name="x"), 4)
    '<msub><mi>w</mi><mn>1</mn></msub><mo>·</mo><mi>x</mi>'
    """

    stacked: ClassVar = True
    _SIGNS: ClassVar = {"+": "+", "-": "−", "*": "·", "@": "·", "⊙": "⊙", "=": "="}

    def number(self, number: Decimal) -> str:
        if number.is_infinite():
            return _mn("−∞" if number < 0 else "∞")
        if power := scientific(number):
            mantissa, exponent = power
            return f"{_mn(f'{mantissa:f}')}<mo>·</mo><msup><mn>10</mn>{_mn(str(exponent))}</msup>"
        return _mn(f"{number:f}")

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"<mfrac>{_one(numerator)}{_one(denominator)}</mfrac>"

    def array(self, entries: Entries) -> str:
        if not entries or not isinstance(entries[0], list):
            upright = 0 < len(entries) <= LONGEST_COLUMN
            return self.array([[e] for e in entries]) if upright else self._list(entries)
        if any(isinstance(entry, list) for entry in entries[0]):  # three axes or more
            return self._list(e if e is LEFT_OUT else self.array(e) for e in entries)
        cells = grid(entries, "<mo>⋯</mo>", "<mo>⋮</mo>", "<mo>⋱</mo>")
        rows = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in cells)
        table = "".join(f"<mtr>{row}</mtr>" for row in rows)
        return self._brackets("[", f"<mtable>{table}</mtable>", "]")

    def row(self, entries: Entries) -> str:
        return self.array([entries])

    def _list(self, entries: Iterable[str | None]) -> str:
        shown = ("<mi>…</mi>" if entry is LEFT_OUT else entry for entry in entries)
        return self._brackets("[", _listed(shown), "]")

    def blank(self, label: str) -> str:
        room = "\u2003" * 3
        return f'<mtext style="border:1px solid">{escape(printable(label))}{room}</mtext>'

    def name(self, name: str) -> str:
        return _name(letters(name))

    def derivative(self, of: str, by: str, direct: bool) -> str:
        d = "<mi>∂</mi>" if direct else "<mi>d</mi>"
        return self.fraction(d + of, d + by)

    def bracket(self, inside: str) -> str:
        return self._brackets("(", inside, ")")

    def minus(self, inside: str) -> str:
        return f'<mo form="prefix">−</mo>{inside}'

    def infix(self, sign: str, left: str, right: str) -> str:
        return f"{left}<mo>{self._SIGNS[sign]}</mo>{right}"

    def power(self, base: str, exponent: str, plain: bool) -> str:
        return f"<msup>{_one(base)}{_one(exponent)}</msup>"

    def function(self, op: Any, arguments: list[str]) -> str:
        if op is TABLE["sqrt"]:
            return f"<msqrt>{arguments[0]}</msqrt>"
        return f"{_function_name(op.symbol)}{self._brackets('(', _listed(arguments), ')')}"

    def absolute(self, inside: str) -> str:
        return self._brackets("|", inside, "|")

    def transposed(self, inside: str) -> str:
        return f"<msup>{_one(inside)}<mi>⊤</mi></msup>"

    def _brackets(self, opening: str, inside: str, closing: str) -> str:
        """Brackets grow with what is tall; where nothing is, browsers set fixed ones closer."""
        mo = "<mo>" if _TALL.search(inside) else _FIXED
        return f"<mrow>{mo}{opening}</mo>{inside}{mo}{closing}</mo></mrow>"


def printable(text: str) -> str:
    """The text with a replacement sign for every character that cannot be seen.

    >>> printable("a\\x00b")
    'a\\ufffdb'
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


# --- names ------------------------------------------------------------------------------------


def _name(piece: Letters) -> str:
    base = _word(piece.stem)
    for accent in piece.accents:
        base = f'<mover accent="true">{base}<mo>{_ACCENTS[accent]}</mo></mover>'
    below = [word for word in (piece.digits, *piece.subscripts) if word]
    above = "′" * piece.primes + (f"({piece.copy})" if piece.copy else "")
    primes = f"<mo>{above}</mo>"
    subscript = _one(_listed(map(_word, below)))
    match bool(below), bool(above):
        case True, True:
            base = f"<msubsup>{base}{subscript}{primes}</msubsup>"
        case True, False:
            base = f"<msub>{base}{subscript}</msub>"
        case False, True:
            base = f"<msup>{base}{primes}</msup>"
    if not piece.index:
        return base
    index = _listed(_word(word.strip()) for word in piece.index.split(","))
    return f"<mrow>{base}{_FIXED}[</mo>{index}{_FIXED}]</mo></mrow>"


def _function_name(symbol: str) -> str:
    """The symbol; log₁₀ with a base set as any subscript, since few fonts have lowered digits."""
    name = symbol.rstrip(_LOWERED)
    base = "".join(str(_LOWERED.index(sign)) for sign in symbol[len(name) :])
    mi = f"<mi>{escape(printable(name))}</mi>"
    return f"<msub>{mi}{_mn(base)}</msub>" if base else mi


def _word(word: str) -> str:
    if len(word) > LONGEST_NAME:
        word = f"{word[: LONGEST_NAME - 20]}…{word[-19:]}"
    return _mn(word) if word.isdecimal() else f"<mi>{escape(printable(word))}</mi>"


# --- elements ---------------------------------------------------------------------------------


def _mn(text: str) -> str:
    return f"<mn>{text.replace('-', '−')}</mn>"


def _listed(items: Iterable[str]) -> str:
    return "<mo>,</mo>".join(items)


def _elements(markup: str) -> Iterator[str]:
    """The elements that follow each other, each with what is inside it."""
    depth = start = 0
    for tag in _TAG.finditer(markup):
        depth += -1 if tag[1] else 1
        if depth == 0:
            yield markup[start : tag.end()]
            start = tag.end()


def _one(markup: str) -> str:
    """As one element: a fraction or power has exactly two."""
    elements = _elements(markup)
    next(elements, None)
    return f"<mrow>{markup}</mrow>" if next(elements, None) or not markup else markup


# --- lines ------------------------------------------------------------------------------------

_BRACKETED = re.compile(r"<mrow><mo[^>]*>[(\[|]</mo>(?!<mtable)")  # a matrix stays whole
_LATER_ROWS = re.compile("</mtr>.*?</mtable>")
_TERMS, _FACTORS = ("+", "−"), ("·", "⊙")


def pieces(markup: str) -> list[str]:
    """The formula in pieces, each a formula of its own, between which a line may break.

    A short formula is one piece; a long one is cut before + and − and after commas, inside
    brackets where they hold too much for a line, and what is still long before its factors.

    >>> pieces("<mi>x</mi><mo>+</mo><mn>1</mn>")
    ['<mi>x</mi><mo>+</mo><mn>1</mn>']
    """
    return [
        factor
        for term in _cut(markup, _TERMS, after="<mo>,</mo>")
        for factor in _cut(term, _FACTORS)
    ]


def _cut(markup: str, signs: tuple[str, ...], after: str = "") -> list[str]:
    if _length(markup) <= LONGEST_PIECE:
        return [markup]
    found = [""]
    for element in _flattened(markup):
        if found[-1] and element in (f"<mo>{sign}</mo>" for sign in signs):
            # By itself at the start it would be taken for a sign before a number.
            found.append(element.replace("<mo>", '<mo form="infix">'))
        else:
            found[-1] += element
            if element == after:
                found.append("")
    return [piece for piece in found if piece]


def _length(markup: str) -> int:
    """How many characters of a line the formula takes, roughly; of a matrix its first row's."""
    return len(_TAG.sub("", _LATER_ROWS.sub("", markup)))


def _flattened(markup: str) -> Iterator[str]:
    """The elements, of long brackets those inside."""
    for element in _elements(markup):
        longest = LONGEST_TALL if "<mtable" in element else LONGEST_PIECE
        if _length(element) > longest and _BRACKETED.match(element):
            inside = list(_elements(element.removeprefix("<mrow>").removesuffix("</mrow>")))
            yield _unstretched(inside[0])
            yield from _flattened("".join(inside[1:-1]))
            yield _unstretched(inside[-1])
        else:
            yield element


def _unstretched(bracket: str) -> str:
    """A bracket whose partner stands in another piece keeps its own size."""
    return bracket.replace("<mo>", _FIXED)
