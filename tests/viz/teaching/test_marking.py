"""Marking answers. `answers.json` holds, for ten worksheets and more, wrong answers with the slip
behind them, worked out by hand, and right ones in other forms; mpmath checks the arithmetic.
"""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograd_core import StaleGraph, Value, Worksheet
from tests.support.problems import read_worksheet
from viz import check_answers
from viz.library import packaged_worksheets, worksheet_text
from viz.teaching.marking import Mark

SHEETS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "answers.json").read_text("utf-8")
)
WRONG = [(sheet["problem"], wrong) for sheet in SHEETS for wrong in sheet["wrong"]]
RIGHT = [(sheet["problem"], right) for sheet in SHEETS for right in sheet["right"]]


def text_of(problem: str) -> str:
    return worksheet_text(problem) if problem in packaged_worksheets() else problem


@cache
def worksheet(problem: str) -> Worksheet:
    return Worksheet.parse(text_of(problem))


def mark(problem: str, answer: str) -> Mark:
    [only] = check_answers(worksheet(problem), [answer])
    return only


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def is_rounding(typed: Decimal, exact: Decimal) -> bool:
    """True where the number typed is the exact one, or that one rounded to its last place."""
    exponent = typed.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal((0, (5,), exponent - 1)) if exponent < 0 else Decimal(0)
    return abs(typed - exact) <= half + abs(exact) * Decimal("1e-12")


# --- the collection ---------------------------------------------------------------------------


def test_the_size_of_the_collection() -> None:
    assert len(SHEETS) >= 10
    assert len(WRONG) >= 50
    assert len(RIGHT) >= 100
    kinds = {wrong["kind"] for _, wrong in WRONG}
    assert kinds >= {
        "missing path", "sign", "factor 2", "stale value", "swapped operands", "log base",
        "missing mean", "inner derivative", "kink branch", "missing factor", "input for output",
    }  # fmt: skip


@pytest.mark.parametrize(("problem", "wrong"), WRONG, ids=[w["answer"] for _, w in WRONG])
def test_slips_are_named(problem: str, wrong: dict[str, str]) -> None:
    reference = read_worksheet(f"{text_of(problem)}\nby_hand = {wrong['by_hand']}")
    by_hand = Decimal(str(reference.values["by_hand"]))
    typed = number(re.split("=|<-", wrong["answer"])[-1].strip())
    assert is_rounding(typed, by_hand), by_hand
    found = mark(problem, wrong["answer"])
    assert found.verdict == "wrong"
    assert found.kind == wrong["kind"], found.diagnosis
    assert found.slip is not None
    assert is_rounding(typed, Decimal(repr(found.slip)))


@pytest.mark.parametrize(("problem", "answer"), RIGHT)
def test_right_answers_in_other_forms(problem: str, answer: str) -> None:
    found = mark(problem, answer)
    assert (found.verdict, found.diagnosis, found.ok) == ("right", "right", True)


# --- random answers ---------------------------------------------------------------------------


def truth(problem: str, asked: str) -> Decimal:
    reference = read_worksheet(text_of(problem))
    if "/" in asked:
        of, by = (part.strip()[1:] for part in asked.split("/"))
        return Decimal(str(reference.program.total(of, by)))
    return Decimal(str(reference.values[asked]))


def random_number(choose: random.Random, right: Decimal) -> str:
    match choose.randrange(4):
        case 0:
            return str(choose.randint(-12, 12))
        case 1:
            return f"{choose.uniform(-5, 5):.{choose.randint(1, 4)}f}"
        case 2:
            return f"{float(right) * choose.uniform(-3, 3):.4g}"
        case _:
            off = choose.choice((-1, 1)) * 10 ** choose.uniform(-3, 0)
            return f"{float(right) * (1 + off):.4g}"


def test_random_wrong_answers_are_neither_right_nor_given_a_wrong_diagnosis() -> None:
    choose = random.Random(20)
    questions = {
        (problem, match[1])
        for problem, answer in RIGHT
        if (match := re.fullmatch(r"(d[a-z]\w*/d[a-z]\w*|[a-z]\w*) =.*", answer, re.I | re.A))
    }
    ordered = sorted(questions)
    unnamed = answered = 0
    while answered < 200:
        problem, asked = choose.choice(ordered)
        right = truth(problem, asked)
        typed = random_number(choose, right)
        if is_rounding(Decimal(typed), right):
            continue
        answered += 1
        found = mark(problem, f"{asked} = {typed}")
        assert found.verdict == "wrong", found
        assert abs(Decimal(repr(found.right)) - right) <= abs(right) * Decimal("1e-9")
        if found.slip is None:
            assert found.kind in ("", "too few digits")
            unnamed += found.kind == ""
        elif found.kind == "rounding":
            assert abs(Decimal(typed) - right) < Decimal((0, (1,), -4)) * max(1, abs(right))
        else:
            assert is_rounding(Decimal(typed), Decimal(repr(found.slip))), found
            assert not is_rounding(Decimal(repr(found.slip)), right)
    assert 120 <= unnamed <= 195, unnamed


# --- verdicts ---------------------------------------------------------------------------------

THIRD = "x = 1; y = 3; given(y); q = x/y; L = q**2 + 24"


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        ("q = 0.33333333333", "right", "right"),
        ("q = 0.3333", "right", "right"),
        ("q = 1/3", "right", "right"),
        ("q = 0.333", "rounded", "right, but rounded to 3 digits; to 4 it is 0.3333"),
        ("q = 0.33", "rounded", "right, but rounded to 2 digits; to 4 it is 0.3333"),
        ("q = 0.3", "wrong", "1 digit is too few to tell; to 4 digits it is 0.3333"),
        ("q = 0", "wrong", "wrong, 0.3333 is right; no known slip leads to this number"),
        ("q = 0.3332", "wrong", "wrong, 0.3333 is right; no known slip leads to this number"),
        ("L = 24", "wrong", "wrong, 24.11 is right; the term q² of q² + 24 is missing"),
        ("dL/dx = 0.2222", "right", "right"),
        ("dL/dx = 2*0.3333*0.3333", "right", "right"),
        ("dL/dx = 2*0.33*0.33", "wrong",
         "wrong, 0.2222 is right; no known slip leads to this number"),
        ("dL/dq = 0.6666", "wrong",
         "wrong, 0.6667 is right; the digits are cut off where they are to be rounded"),
    ],
)  # fmt: skip
def test_verdicts(answer: str, verdict: str, words: str) -> None:
    found = mark(THIRD, answer)
    assert (found.verdict, found.diagnosis) == (verdict, words)
    assert found.ok is (verdict != "wrong")


def test_a_zero_that_rounding_hides() -> None:
    """0.1 + 0.2 − 0.3 and the gradient 0.3 − 0.1 − 0.2 are 0 on paper."""
    sheet = Worksheet.parse("a = 0.1; b = 0.2; c = 0.3; x = 2; s = a + b - c; L = c*x - a*x - b*x")
    answers = ["s = 0", "L = 0", "dL/dx = 0", "s = 1"]
    marks = check_answers(sheet, answers)
    assert [m.verdict for m in marks] == ["right", "right", "right", "wrong"]


def test_a_diagnosis_in_full() -> None:
    found = mark("000.toy-elu", "dL/dx = -8")
    assert found.diagnosis.startswith(
        "wrong, −24 is right; the path through z is missing: "
        "dL/dx = dL/dy·∂y/∂x + dL/dz·∂z/∂x = −8 + (−16) = −24, and you have only −8"
    )
    assert (found.quantity, found.given, found.right, found.slip) == ("dL/dx", -8.0, -24.0, -8.0)


def test_printing() -> None:
    marking = check_answers(worksheet("000.toy-elu"), ["dL/dw1 = 4", "dL/dw2 = −8"])
    assert str(marking) == (
        "dL/dw1 = 4: right\n"
        "dL/dw2 = −8: wrong, 32 is right; the derivative of w2·z by w2 is z, not w2"
    )
    assert not marking.ok
    assert len(marking) == 2
    assert all(len(line) <= 40 for line in marking.text(40).splitlines())
    assert check_answers(worksheet("000.toy-elu"), []).ok


def test_a_graph_built_in_python() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    y = ((w * x).named("p") - 1.0).named("y")
    assert check_answers(y, ["dy/dw = 3", "p = 6"]).ok
    assert w.grad == 0.0
    w.data = 5.0
    with pytest.raises(StaleGraph):
        check_answers(y, ["dy/dw = 3"])


def test_entries_of_arrays() -> None:
    """z = W·x = [2, 9.25]; L = z₀² + z₁², so dL/dW₁₀ = 2·9.25·3 = 55.5."""
    text = "W = [[1, -2], [3, 0.5]]; x = [3, 0.5]; z = W @ x; L = sum(z**2); update(L, W, lr=0.1)"
    answers = ["z[1] = 9.25", "dL/dW[1, 0] = 55.5", "dL/dW[1,0] = 2*z[1]*x[0]", "W[0,0] <- -0.2",
               "step 2: W[0,1] = -2.2", "dL/dz[1] = 9.25"]  # fmt: skip
    marks = list(check_answers(Worksheet.parse(text), answers))
    assert [m.verdict for m in marks] == ["right"] * 5 + ["wrong"]
    assert marks[5].kind == "factor 2"


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="201 answers; at most 200"):
        check_answers(Value(1.0, "x") * 2.0, ["x = 1"] * 201)
    with pytest.raises(TypeError, match="answers are a list"):
        check_answers(Value(1.0, "x") * 2.0, "x = 1")


def test_two_slips_that_a_rounded_number_does_not_tell_apart_are_not_named() -> None:
    """a + b is 1000.2, a·b would be 1000.1…; b alone and a alone are far away."""
    sheet = "a = 1.0001; b = 1.0002; x = 1; y = a*x; z = b*x; L = y + z + a*b"
    assert mark(sheet, "dL/dx = 1.000").kind == ""
    assert mark(sheet, "dL/dx = 1.0001").kind == "missing path"
