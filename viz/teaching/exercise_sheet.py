"""`exercise`: a worked solution with blanks, and the key to them.

A blanked line keeps its symbols and loses its numbers, those of its local derivative too. What is
computed from a blank would give it away, so it becomes a blank as well; so do the numbers after an
update with a blank in it. Lines of the check that would show a blanked derivative are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd_core.blocks import Block
from autograd_core.expression import (
    Application,
    Blank,
    Derivative,
    Expression,
    Quantity,
    Symbol,
)
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..digits import RESULT_DIGITS
from ..document import Chain, Document, Part, Row, Section, Words
from ..explanation import Explanation
from ..notation import Text, Writer
from ..printers.text import print_text
from ..solution.derivation import derive
from .fresh_numbers import with_fresh_numbers

__all__ = ["Exercise", "Solved", "exercise"]

AFTERWARDS = ("UPDATE", "FORWARD AGAIN")  # sections in which names stand for later numbers
MOST_LISTED = 20  # of the quantities, in a message


@dataclass(frozen=True, slots=True)
class Solved:
    """What belongs into a blank: the quantity's name and its number, as the solution prints it."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A problem to fill in. `.problem` is its text, `.key` the answers by label, `.solution` all.

    `.sheet` prints it in other formats.
    """

    document: Document
    solution: Document
    key: Mapping[str, Solved]

    @property
    def problem(self) -> str:
        return self.text()

    def text(self, width: int = 80) -> str:
        """The problem in lines of at most `width` columns."""
        return print_text(self.document, width)

    @property
    def sheet(self) -> Explanation:
        """The problem for other formats: `.sheet.latex()`, `.markdown()`, `.html()`."""
        return Explanation(self.document)

    def key_text(self) -> str:
        """The key, one line for each blank."""
        width = max(map(len, self.key))
        return "".join(
            f"{label:{width}}  {solved.name} = {solved.number}\n"
            for label, solved in self.key.items()
        )

    def __str__(self) -> str:
        return self.problem

    __repr__ = __str__


def exercise(
    problem: Value | Worksheet, blanks: Sequence[str] | None = None, seed: int | None = None
) -> Exercise:
    """Turn a problem into an exercise.

    blanks : names of quantities and derivatives to leave out, "y" or "dL/dx" (default: every
    result of the backward sweep). seed : fresh numbers for the leaves of a worksheet, of the same
    kind as its own; the same seed gives the same numbers.

    Raises `ValueError` for a blank that the solution does not show.

    >>> sheet = Worksheet.parse("w = 2; x = 3; given(x); y = w*x; L = (y - 1)**2")
    >>> sheet_with_blanks = exercise(sheet, ["dL/dw"])
    >>> print(sheet_with_blanks.problem.split("BACKWARD")[1].split("CHECK")[0])
       upstream × local derivative
      3  dL/dL = 1
      4  dL/dy = dL/dL·∂L/∂y = 1·10 = 10   ∂L/∂y = 2·(y − 1) = 2·(6 − 1) = 10
      5  dL/dw = dL/dy·∂y/∂w = (a)____     ∂y/∂w = x
    <BLANKLINE>
    >>> print(sheet_with_blanks.key_text(), end="")
    (a)  dL/dw = 30
    """
    if seed is not None:
        problem = with_fresh_numbers(problem, seed)
    solution = derive(problem, lines=None)
    if seed is not None:
        solution = replace(solution, problem="")  # the text as typed has the other numbers
    blanking = _Blanking(solution, blanks)
    return Exercise(blanking.document(), solution, blanking.key)


Key = tuple[Any, ...]  # (node,) for a value, (of, by, direct) for a derivative


class _Blanking:
    """Goes through a solution once, from top to bottom; what is blank grows on the way."""

    def __init__(self, solution: Document, names: Sequence[str] | None) -> None:
        self.solution = solution
        self.writer = Writer(Text(), solution.names)
        self.key: dict[str, Solved] = {}
        self.blank: set[Key]
        self.rest = False  # of the solution is blank: it comes after a blank update
        self.step = ""  # of an update, "step 2: "
        if names is None:
            rows = next(s.rows for s in solution.sections if s.title == "BACKWARD")
            self.blank = {key for row in rows[1:] if row.chain for key in _keys(row.chain.subject)}
        else:
            self.blank = {key for name in names for key in self.named(name)}

    def named(self, name: str) -> list[Key]:
        """The quantity or derivative that a blank's name means."""
        shown = {
            "".join(self.written(row.chain.subject).split()): list(_keys(row.chain.subject))
            for section in self.solution.sections
            for row in section.rows
            if row.chain and row.chain.subject and section.title not in AFTERWARDS
        }  # fmt: skip
        typed = "".join(name.split()).replace("∂", "d")
        if typed not in shown:
            some = ", ".join(list(shown)[:MOST_LISTED])
            raise ValueError(f"{name} is not computed in the solution; among what is: {some}")
        return shown[typed]

    def document(self) -> Document:
        sections = [self.section(section) for section in self.solution.sections]
        if not self.key:
            raise ValueError("there is no derivative to leave out: name a blank, as in “y”")
        shown = tuple(section for section in sections if section.rows)
        return replace(self.solution, sections=shown, verdicts={}, updates={}, trace=None)

    def section(self, section: Section) -> Section:
        if section.title == "CHECK":
            return replace(section, rows=tuple(filter(self.harmless, section.rows)))
        rows = []
        for row in section.rows:
            if section.title == "UPDATE" and row.label:
                self.step = f"{self.words(row.label)}: "
            hidden = self.must_hide(row)
            rows.append(self.hide(row) if hidden else row)
            self.rest = self.rest or (hidden and section.title == "UPDATE")
        self.step = ""
        return replace(section, rows=tuple(rows))

    def harmless(self, row: Row) -> bool:
        """True for a line of the check that shows nothing blanked."""
        about = [key for word in row.label if isinstance(word, Expression) for key in _keys(word)]
        return bool(about) and self.blank.isdisjoint(about)

    def must_hide(self, row: Row) -> bool:
        if row.chain is None:
            return False
        uses = {key for formula in _formulas(row) for key in _mentioned(formula)}
        uses.update(_keys(row.chain.subject))
        return self.rest or bool(uses & self.blank)

    # --- hiding -------------------------------------------------------------------------------

    def hide(self, row: Row, name: str = "") -> Row:
        """The row with its results blank and without its numbers."""
        assert row.chain is not None
        for chain in (row.chain, row.aside):
            self.blank.update(_keys(chain.subject if chain else None))
        name = name or self.name(row.chain)
        below = tuple(self.hide(part, self.name_below(name, part)) for part in row.below)
        aside = _symbols(row.aside) if row.aside else None
        return replace(
            row,
            chain=self.blanked(row.chain, name) if row.chain.parts else row.chain,
            aside=aside if aside and aside.parts else None,
            below=below,
            table=None,
        )

    def name(self, chain: Chain) -> str:
        name = self.step + self.written(chain.subject)
        return f"{name} after the update" if _is_update(chain) else name

    def name_below(self, name: str, part: Row) -> str:
        """That of one branch; the sum of the branches is what the name stands for."""
        if part.label == ("sum",):
            return name
        return f"{name}, {self.words(part.label)}"

    def blanked(self, chain: Chain, name: str) -> Chain:
        label = _label(len(self.key))
        result = chain.parts[-1]
        self.key[label] = Solved(name, self.writer.write(result.formula, result.digits, True))
        blank = Blank(result.formula.value, label=label)
        symbols = _symbols(chain)
        relation = "=" if symbols.parts else chain.parts[0].relation
        end = Part(relation, blank, numbers=True, digits=result.digits)
        return replace(symbols, parts=(*symbols.parts, end))

    def words(self, words: Words) -> str:
        return "".join(word if isinstance(word, str) else self.written(word) for word in words)

    def written(self, expression: Expression | None) -> str:
        return self.writer.write(expression, RESULT_DIGITS) if expression else ""


def _keys(expression: Expression | None) -> Iterator[Key]:
    """What an expression stands for: a quantity, a derivative, or each entry of an array."""
    match expression:
        case Quantity(of=node) if node is not None:
            yield from ((part,) for part in _parts(node))
        case Derivative(of=of, by=by, direct=direct):
            yield from ((o, b, direct) for o in _parts(of) for b in _parts(by))
        case Symbol(name=name):  # the state of an update rule
            yield (name,)


def _parts(node: Any) -> Sequence[Value]:
    return list(node.nodes.flat) if isinstance(node, Block) else [node]


def _is_update(chain: Chain) -> bool:
    return bool(chain.parts) and chain.parts[0].relation == "←"


def _formulas(row: Row) -> Iterator[Expression]:
    """Every formula of a line and of those below it."""
    for chain in (row.chain, row.aside):
        for part in chain.parts if chain else ():
            yield part.formula
    for part_row in row.below:
        yield from _formulas(part_row)


def _mentioned(formula: Expression) -> Iterator[Key]:
    """The quantities and derivatives in a formula."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Application):
            waiting.extend(part.operands)
        else:
            yield from _keys(part)


def _symbols(chain: Chain) -> Chain:
    """The chain without its numbers; a reason for a branch would say too much."""
    return replace(chain, parts=tuple(p for p in chain.parts if not p.numbers), reasons=())


def _label(number: int) -> str:
    """(a), (b), …, (z), (aa), (ab), …"""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return f"({letters})"
