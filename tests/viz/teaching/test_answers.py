"""Reading answers: both sides, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from autograd_core import Value, Worksheet
from viz.teaching.answers import is_answer, read_answer
from viz.teaching.passes import Passes

SHEET = """
w_1 = 2; theta1 = 3; x = 5; given(x); y = w_1*x; y = y + 1; L = theta1*y**2
update(L, w_1, theta1, lr=0.5, steps=2)
"""


@pytest.fixture
def passes() -> Passes:
    return Passes(Worksheet.parse(SHEET))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("dL/dw_1 = 4", "dL/dw₁", 4.0),
        ("∂L/∂w₁=4", "dL/dw₁", 4.0),
        (" d L / d y = 4", "dL/dy", 4.0),
        ("dL/dθ1 = 4", "dL/dθ1", 4.0),
        ("dy'/dy = 1", "dy′/dy", 1.0),
        ("y′ = 11", "y′", 11.0),
        ("w_1 <- 1", "w₁ ← …", 1.0),
        ("w₁ ← 1", "w₁ ← …", 1.0),
        ("step 2: L = 7", "step 2: L", 7.0),
        ("step 3:w_1 = 7", "step 3: w₁", 7.0),
        ("L = −24", "L", -24.0),
        ("L = -8−16", "L", -24.0),
        ("L = 2·(−12)", "L", -24.0),
        ("L = 48/−2", "L", -24.0),
        ("L = 2*-12 # so", "L", -24.0),
        ("L = 3×8 ÷ 2**2", "L", 6.0),
        ("L = sqrt(x - 1) + theta1", "L", 5.0),
        ("L = max(1, x) + cos(pi)", "L", 4.0),
        ("L = 1e1", "L", 10.0),
        ("step 2: L = w_1", "step 2: L", 2 - 0.5 * 330.0),  # dL/dw = 2·3·11·5 = 330
    ],
)
def test_both_sides(passes: Passes, text: str, name: str, value: float) -> None:
    answer = read_answer(passes, text)
    assert str(answer.question) == name
    assert answer.given.value == value
    assert answer.text == text.strip()


def test_how_far_rounded_parts_reach(passes: Passes) -> None:
    """0.3333 stands for 0.33325 to 0.33335, six times that for 1.9995 to 2.0001."""
    assert read_answer(passes, "L = 6*0.3333").given.slack == pytest.approx(6 * 0.00005)
    assert read_answer(passes, "L = 0.3333**2").given.slack == pytest.approx(2 * 0.3333 * 0.00005)
    assert read_answer(passes, "L = 2.000*1.234").given.slack == pytest.approx(2.0 * 0.0005)
    assert read_answer(passes, "L = 6*0.25 + 1234").given.slack == 0.0
    assert read_answer(passes, "L = -0.250").given.typed == Decimal("-0.250")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "an answer is written quantity = number"),
        ("4", "an answer is written quantity = number"),
        ("L =", "an answer is written quantity = number"),
        ("= 4", "an answer is written quantity = number"),
        ("L == 4", "expected a number"),
        ("L = 4 = 4", "a statement has one ="),
        ("L = 4; y = 3", "one expression is read here"),
        ("L = 4\n", None),
        ("L = 4\n+ 3", "an answer stands in one line"),
        ("L = 4 apples", "'apples' follows without an operator"),
        ("L = __import__('os')", "a name does not begin with two underscores"),
        ("L = q", "q has no value"),
        ("L = 1/0", "division by zero"),
        ("L = 9**9**9", "pow(9, "),
        ("L = " + "(" * 500, "brackets, signs and powers nest"),
        ("L = ^", "unexpected '^'"),
        ("L = " + "1" * 2000, "an answer has at most 1000 characters"),
        ("L = L", "L is what is asked for; give its number"),
        ("q = 3", "q is no quantity of the problem; it has w_1, theta1, x, y, y′, L"),
        ("dq/dw_1 = 3", "q is no quantity"),
        ("dL = 3", "dL is no quantity"),
        ("dL/w_1 = 3", "a derivative is written dL/dw"),
        ("dL/dw_1 <- 3", "a derivative is written dL/dw"),
        ("dw_1/dL = 3", "w₁ does not depend on L"),
        ("x = 5", "x is given, there is nothing to check; its update is x <- …"),
        ("x <- 5", "x has no update, or several"),
        ("y <- 5", "y has no update, or several"),
        ("step 0: L = 3", "there is no step 0: the passes go from 1 to 3"),
        ("step 4: L = 3", "there is no step 4: the passes go from 1 to 3"),
        ("step 3: w_1 <- 3", "there is no step 3: the update of w₁ has 2"),
        ("step 99999: L = 3", "no quantity"),
    ],
)
def test_refusals(passes: Passes, text: str, problem: str | None) -> None:
    if problem is None:
        assert read_answer(passes, text).given.value == 4.0
        return
    with pytest.raises(ValueError, match=r".") as caught:
        read_answer(passes, text)
    message = str(caught.value)
    assert problem in message
    assert "\n" not in message
    assert len(message) < 300


def test_a_problem_without_an_update() -> None:
    passes = Passes(Worksheet.parse("x = 1; y = 2*x"))
    with pytest.raises(ValueError, match="there is no step 2: the problem has no update"):
        read_answer(passes, "step 2: y = 3")


def test_names_with_indices() -> None:
    w = Value(2.0, "W[0, 1]")
    passes = Passes((w * 3.0).named("z[0]"))
    assert str(read_answer(passes, "dz[0]/dW[0,1] = 3").question) == "dz[0]/dW[0,1]"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("w=3", False), (" w = 3", False), ("new=3", False), ("y=3", True), ("θ = 3", True),
        ("dy/dw = 3", True), ("w <- 3", True), ("w ← 3", True), ("step 2: w = 3", True),
        ("nonsense", True), ("c=3", False),
    ],
)  # fmt: skip
def test_answers_are_told_from_numbers_given(text: str, answer: bool) -> None:
    assert is_answer("w = 2; c = 1/3; y = new*w; theta = y + c", text) is answer
