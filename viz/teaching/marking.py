"""`check_answers`: a student's answers marked, and where one is wrong, the slip behind it."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from autograd_core import modes
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..digits import RESULT_DIGITS, rounded
from ..notation import Text
from .agreement import NOISE, Given, agreeing_digits, significant_digits
from .answers import Answer, Question, read_answer
from .chain_rule import ChainRule
from .passes import Passes
from .slip import Slip, rank
from .slips import slips

__all__ = ["Mark", "Marking", "check_answers"]

TELLING_DIGITS = 2  # one digit would agree with every tenth wrong number
DIAGNOSTIC_DIGITS = 3  # a rounded number of fewer digits fits a slip by chance
MOST_ANSWERS = 200
HARD_SPACE = "\u00a0"
CROWD = 3.0  # slips within so many times the tolerance are too many to choose from
ROUNDING = 1e-13  # of a sum whose terms cancel, relative to the terms


@dataclass(frozen=True, slots=True)
class Mark:
    """One answer's outcome.

    `verdict` is "right", "rounded" (right, to fewer digits than the solution has) or "wrong".
    `kind` names the slip behind a wrong answer ("missing path", "sign", …), "" where none is
    known; `slip` is the number that slip leads to. `diagnosis` says all that in words.
    """

    answer: str
    quantity: str
    given: float
    right: float
    verdict: str
    diagnosis: str
    kind: str = ""
    slip: float | None = None

    @property
    def ok(self) -> bool:
        return self.verdict != "wrong"

    def __str__(self) -> str:
        return f"{self.answer}: {self.diagnosis}"


@dataclass(frozen=True, slots=True)
class Marking:
    """The marks of some answers, in their order; `str()` prints them.

    `.ok` is True where no answer is wrong; iterating gives each `Mark`.
    """

    marks: tuple[Mark, ...]

    @property
    def ok(self) -> bool:
        return all(mark.ok for mark in self.marks)

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)

    def __len__(self) -> int:
        return len(self.marks)

    def text(self, width: int = 80) -> str:
        """One paragraph for each answer, in lines of at most `width` columns where possible."""
        return "".join(f"{line}\n" for mark in self.marks for line in _wrapped(str(mark), width))

    def __str__(self) -> str:
        return self.text().rstrip("\n")

    __repr__ = __str__


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many columns; short brackets, as in (o − t)², stay in one piece."""
    held = re.sub(r"\([^()]{1,24}\)", lambda match: match[0].replace(" ", HARD_SPACE), text)
    lines = textwrap.wrap(held, width, subsequent_indent="    ", break_on_hyphens=False)
    return [line.replace(HARD_SPACE, " ") for line in lines]


def check_answers(problem: Value | Worksheet, answers: Sequence[str]) -> Marking:
    """Mark a student's answers to a problem.

    answers : "dL/dw = 4", "y = 0.5", "w <- 1.6", "step 2: L = 9.61"; `answers.read_answer` says
    how they are written. Right is the number itself in any form, or rounded correctly: a decimal
    of at least four digits is as good as the solution's, one of two or three is right with a
    remark. A whole number stands for itself.

    Raises `ValueError` with one line for an answer that cannot be read, `StaleGraph` where a leaf
    changed after the graph was built.

    >>> sheet = Worksheet.parse("x = 3; w = 2; y = w*x; L = (y - 1)**2")
    >>> print(check_answers(sheet, ["dL/dw = 10·3", "dL/dy = 5"]))
    dL/dw = 10·3: right
    dL/dy = 5: wrong, 10 is right; the factor 2 is missing in the derivative of
        (y − 1)²
    """
    if isinstance(answers, str):
        raise TypeError('answers are a list: check_answers(problem, ["dL/dw = 4"])')
    if len(answers) > MOST_ANSWERS:
        raise ValueError(f"{len(answers)} answers; at most {MOST_ANSWERS} are checked at a time")
    with modes.detect_anomaly():
        passes = Passes(problem)
        return Marking(tuple(_mark(passes, read_answer(passes, text)) for text in answers))


def _mark(passes: Passes, answer: Answer) -> Mark:
    right, noise = _truth(passes, answer.question)
    digits = agreeing_digits(answer.given, right, noise)
    if digits >= RESULT_DIGITS:
        return _made(answer, right, "right", "right")
    if digits >= TELLING_DIGITS:
        words = f"right, but rounded to {digits:g} digits; to {RESULT_DIGITS} it is {_shown(right)}"
        return _made(answer, right, "rounded", words)
    wrong = f"wrong, {_shown(right)} is right"
    if digits:
        words = f"1 digit is too few to tell; to {RESULT_DIGITS} digits it is {_shown(right)}"
        return _made(answer, right, "wrong", words, "too few digits")
    if _cut_off(answer.given, right):
        words = f"{wrong}; the digits are cut off where they are to be rounded"
        return _made(answer, right, "wrong", words, "rounding", answer.given.value)
    found = _diagnosed(answer.given, right, slips(passes, answer.question))
    if not found:
        return _made(answer, right, "wrong", f"{wrong}; no known slip leads to this number")
    best = found[0]
    others = [slip for slip in found[1:] if slip.effort <= max(1, best.effort)]
    words = f"{wrong}; {best.words()}"
    if others:
        words += f" (or else: {others[0].words()})"
    return _made(answer, right, "wrong", words, best.kind, best.number)


def _made(
    answer: Answer,
    right: float,
    verdict: str,
    words: str,
    kind: str = "",
    slip: float | None = None,
) -> Mark:
    asked = str(answer.question)
    return Mark(answer.text, asked, answer.given.value, right, verdict, words, kind, slip)


def _truth(passes: Passes, question: Question) -> tuple[float, float]:
    """The right number, and how far rounding may have moved it where terms cancel."""
    node = question.of
    if question.updated:
        return passes.updated(str(node.name), question.step), 0.0
    if question.by is None:
        size = sum(
            abs((o if isinstance(o, float) else o.data) * slope)
            for o, slope in zip(node.operands, node.partials, strict=True)
        )
        return node.data, _noise(node.data, size)
    chain = ChainRule(node, question.by)
    here = passes[question.step]
    size = sum(
        abs(chain.upstream[part] * slope)
        for parts in here.uses.get(question.by, {}).values()
        for part in parts
        if part in chain.upstream
        for operand, slope in zip(part.operands, part.partials, strict=True)
        if operand is question.by
    )
    return chain.total, _noise(chain.total, size)


def _noise(number: float, size: float) -> float:
    """A number this small beside its terms is 0 but for rounding."""
    return ROUNDING * size if abs(number) <= ROUNDING * size else 0.0


def _cut_off(given: Given, right: float) -> bool:
    """True for 0.6666 where 0.6667 is right."""
    typed = given.typed
    if typed is None or significant_digits(typed) < DIAGNOSTIC_DIGITS:
        return False
    exponent = typed.as_tuple().exponent
    assert isinstance(exponent, int)
    exact = Decimal(repr(right))
    return (
        exponent < 0
        and exact.is_finite()
        and (
            exact.adjusted() - exponent < 28
            and exact.quantize(Decimal((0, (1,), exponent)), ROUND_DOWN) == typed
        )
    )


# --- the slip behind a number -----------------------------------------------------------------


def _diagnosed(given: Given, right: float, candidates: Iterator[Slip]) -> list[Slip]:
    """The slips that lead to the number given, the likeliest first; none where it may be chance.

    A slip fits exactly, or to `DIAGNOSTIC_DIGITS` digits where no other slip leads near.
    """
    fitting: list[Slip] = []
    near: list[float] = []
    reach = CROWD * _tolerance(given)
    for slip in candidates:
        if not math.isfinite(slip.number) or _same(slip.number, right):
            continue
        if agreeing_digits(given, slip.number) >= DIAGNOSTIC_DIGITS:
            fitting.append(slip)
        elif abs(slip.number - given.value) <= reach:
            near.append(slip.number)
    exact = [slip for slip in fitting if agreeing_digits(given, slip.number) == math.inf]
    if exact:
        fitting = exact
    elif near or any(not _same(slip.number, fitting[0].number) for slip in fitting):
        return []
    by_kind: dict[str, Slip] = {}
    for slip in sorted(fitting, key=rank):
        by_kind.setdefault(slip.kind, slip)
    if not by_kind.keys().isdisjoint(("factor 2", "inner derivative")):
        by_kind.pop("missing factor", None)  # the same, said less exactly
    return list(by_kind.values())


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= NOISE * abs(b)


def _tolerance(given: Given) -> float:
    if given.typed is None:
        return given.slack
    exponent = given.typed.as_tuple().exponent
    assert isinstance(exponent, int)
    return 0.5 * 10.0**exponent


def _shown(number: float) -> str:
    return Text().number(rounded(number, RESULT_DIGITS))
