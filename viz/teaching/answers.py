"""Reading a student's answer: what it is about, and the number it comes to.

    dL/dw1 = 4          a derivative, total, of any quantity by one it depends on (∂ means the same)
    y = 0.5             a quantity of the forward pass
    w1 <- 1.6           a parameter after the update (w1 ← 1.6 as well)
    step 2: L = 9.61    the same after earlier steps: step k is the pass after k − 1 updates

The right side is a number or arithmetic in the worksheet language, with the problem's quantities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from autograd_core.backward import adjoints
from autograd_core.errors import WorksheetError
from autograd_core.syntax import Instruction, parse_expression, parse_statements
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..digits import RESULT_DIGITS, half_unit
from ..letters import pretty_name
from .agreement import Given, significant_digits
from .passes import Passes, depends

__all__ = ["Answer", "Question", "is_answer", "read_answer"]

LONGEST_ANSWER = 1_000  # characters
LONGEST_SHOWN = 60  # of them in a message
_STEP = re.compile(r"\s*step\s+(?P<step>\d{1,4})\s*:(?P<rest>.*)", re.S)
_SIDES = re.compile(r"(?P<left>[^=←<]*)(?P<sign><-|<−|←|=)(?P<right>.*)", re.S)
_DERIVATIVE = re.compile(r"[d∂]\s*(?P<of>[^/]+?)\s*/\s*[d∂]\s*(?P<by>[^/]+)")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: a value, a derivative (`by` is not None), or an updated parameter."""

    of: Value
    by: Value | None
    step: int
    updated: bool
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as typed, what it is about and the number given."""

    text: str
    question: Question
    given: Given


def read_answer(passes: Passes, text: str) -> Answer:
    """Read one answer to a problem.

    Raises `ValueError` with one line that names the answer, the mistake and the repair.

    >>> passes = Passes(Worksheet.parse("w = 2; x = 3; L = (w*x - 1)**2"))
    >>> answer = read_answer(passes, "dL/dw = 2·5·x")
    >>> str(answer.question), answer.given.value
    ('dL/dw', 30.0)
    """
    if len(text) > LONGEST_ANSWER:
        raise ValueError(f"an answer has at most {LONGEST_ANSWER} characters, not {len(text)}")
    shown = " ".join(text.split())
    shown = f"“{shown}”" if len(shown) <= LONGEST_SHOWN else f"“{shown[:LONGEST_SHOWN]}…”"
    try:
        return _read(passes, text)
    except WorksheetError as problem:
        message = str(problem).partition(": ")[2]  # the column is that of a part
        raise ValueError(f"{shown}: {message}") from None
    except ValueError as problem:
        raise ValueError(f"{shown}: {problem}") from None


def is_answer(problem: str, text: str) -> bool:
    """True for an answer to a problem, False for name=value, which gives a number to a name.

    A name that the problem computes cannot be given a number, so y = 0.5 is an answer there.

    >>> [is_answer("y = 2*x", text) for text in ("x=3", "y=6", "dy/dx = 2", "step 2: x = 1")]
    [False, True, True, True]
    """
    assignment = re.match(r"\s*(?P<name>[^\W\d][^:/=<←]*)=", text)
    if assignment is None:
        return True
    computed = {
        statement.name
        for statement in parse_statements(problem)
        if any(part.kind == "name" for part in statement.code)
    }
    name = assignment["name"].strip()
    return name in computed or name in map(pretty_name, computed)


def _read(passes: Passes, text: str) -> Answer:
    plain = unicodedata.normalize("NFC", text.strip())
    if len(plain.splitlines()) > 1:
        raise ValueError("an answer stands in one line")
    step, rest = 1, plain
    if match := _STEP.fullmatch(plain):
        step, rest = int(match["step"]), match["rest"]
    sides = _SIDES.fullmatch(rest)
    if sides is None or not sides["left"].strip() or not sides["right"].strip():
        raise ValueError("an answer is written quantity = number, as in dL/dw = 4")
    if not 1 <= step <= passes.last:
        raise ValueError(_no_step(step, passes.last))
    question = _question(passes, sides["left"].strip(), step, sides["sign"] != "=")
    return Answer(text.strip(), question, _given(passes, question, sides["right"].strip()))


def _no_step(step: int, last: int) -> str:
    if last == 1:
        return f"there is no step {step}: the problem has no update, or several"
    return f"there is no step {step}: the passes go from 1 to {last}"


# --- the left side ----------------------------------------------------------------------------


def _question(passes: Passes, left: str, step: int, updated: bool) -> Question:
    here = passes[step]
    before = f"step {step}: " if step > 1 else ""
    if "/" in left:
        match = _DERIVATIVE.fullmatch(left)
        if match is None or updated:
            raise ValueError("a derivative is written dL/dw, with = behind it")
        of, by = (_quantity(here.quantities, match[side]) for side in ("of", "by"))
        of_name, by_name = (here.writer.dialect.name(here.names(n)) for n in (of, by))
        if not depends(of, by):
            raise ValueError(f"{of_name} does not depend on {by_name}; ask for another pair")
        return Question(of, by, step, False, f"{before}d{of_name}/d{by_name}")
    node = _quantity(here.quantities, left)
    name = here.writer.dialect.name(here.names(node))
    if updated:
        update = passes.update_of(str(node.name))
        if update is None:
            raise ValueError(f"{name} has no update, or several; its value is asked as {name} = …")
        if step > update.steps:
            raise ValueError(f"there is no step {step}: the update of {name} has {update.steps}")
    if not updated and node.is_leaf and step == 1:
        raise ValueError(f"{name} is given, there is nothing to check; its update is {name} <- …")
    return Question(node, None, step, updated, before + name + (" ← …" if updated else ""))


def _quantity(quantities: Mapping[str, Value], typed: str) -> Value:
    name = re.sub(r"\s+", "", typed).replace("'", "′")
    for known, node in quantities.items():
        if re.sub(r"\s+", "", known).replace("'", "′") == name:
            return node
    shown = typed if len(typed) <= LONGEST_SHOWN else f"{typed[:LONGEST_SHOWN]}…"
    raise ValueError(f"{shown} is no quantity of the problem; it has {_some(quantities)}")


def _some(names: Mapping[str, Value]) -> str:
    first = [name for i, name in enumerate(names) if i < 8]
    return ", ".join(first) + (", …" if len(names) > len(first) else "")


# --- the right side ---------------------------------------------------------------------------


def _given(passes: Passes, question: Question, right: str) -> Given:
    """The number: as typed, or the arithmetic's result and how far its parts were rounded."""
    code = parse_expression(right)
    literals = [part for part in code if part.kind == "number"]
    if len(code) == 1 + (code[-1].name == "neg") and literals:
        typed = Decimal(literals[0].name)
        typed = typed.copy_negate() if code[-1].name == "neg" else typed
        return Given(float(typed), typed=typed)
    quantities = passes[question.step].quantities
    used = {part.name for part in code if part.kind == "name" and part.name in quantities}
    if question.by is None and not question.updated and str(question.of.name) in used:
        raise ValueError(f"{question.of.name} is what is asked for; give its number")
    values: dict[str, Any] = {name: quantities[name].data for name in used}
    sheet = passes[question.step].sheet
    for part in code:  # an array whose entry is used, or the whole of it
        array = sheet.values.get(part.name) if sheet and part.kind == "name" else None
        if array is not None and not isinstance(array, Value):
            values[part.name] = _numbers(array.tolist())
    return _worked_out(right, literals, values)


def _numbers(entries: Any) -> Any:
    return [_numbers(e) for e in entries] if isinstance(entries, list) else entries.data


def _worked_out(right: str, literals: list[Instruction], values: dict[str, Any]) -> Given:
    """Run the arithmetic with every rounded number as a leaf, so that its slope is known.

    The tolerance is Σ |∂result/∂number| · half a unit of the number's last place.
    """
    offset = len("value = ")  # of the columns
    halves: dict[str, float] = {}
    for literal in reversed(literals):
        number = Decimal(literal.name)
        if significant_digits(number) < RESULT_DIGITS or number == number.to_integral_value():
            continue  # an exact number
        name = f"_rounded{len(halves)}"
        start = literal.column - 1 - offset
        right = right[:start] + name + right[start + len(literal.name) :]
        halves[name] = float(half_unit(number))
        values[name] = literal.number
    sheet = Worksheet.parse(f"_answer = {right}", values)
    slopes = adjoints(sheet.output)
    slack = sum(abs(slopes.get(sheet.values[name], 0.0)) * half for name, half in halves.items())
    return Given(sheet.output.data, slack=slack)
