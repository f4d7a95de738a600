"""A checker that cannot fail proves nothing: every kind of damage to a solution is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from autograd_core import Worksheet
from tests.support.formulas import NotAFormula, evaluate, mp, parsed, plain
from tests.support.line_checker import check_solution, is_right
from tests.support.problems import read_worksheet
from viz import explain
from viz.library import worksheet_text

STEPS = "w = 2; x = 3; L = (w*x - 1)**2/7; given(x); update(L, w, lr=0.01, steps=2)"
PIECES = "x = -2; y = 3; m = max(x, y, 0.5); z = 2*elu(x, 0.5)*relu(y); L = m*z + abs(x)"
WRAPPED = "y = 0; a = 0.3; w_0 = -1.25; p = sigmoid(w_0*a); L = -(y*log(p) + (1 - y)*log(1 - p))"
SHEETS = {
    "toy": worksheet_text("000.toy-elu"),
    "wrapped": WRAPPED,
    "steps": STEPS,
    "pieces": PIECES,
}


def printed(sheet: str, depth: str = "named") -> str:
    return explain(Worksheet.parse(sheet), depth=depth).text(80)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=SHEETS)
def solution(request: pytest.FixtureRequest) -> tuple[str, str]:
    sheet = SHEETS[request.param]
    text = printed(sheet)
    assert check_solution(text, sheet) == []
    assert is_right(text, sheet)
    return sheet, text


def unnoticed(sheet: str, damaged: Iterator[tuple[str, str]]) -> list[str]:
    """Which damage the checker passes over; and that there was some to look at."""
    tried = 0
    found = []
    for what, text in damaged:
        tried += 1
        if is_right(text, sheet):
            found.append(what)
    assert tried
    return found


def replaced(text: str, pattern: str, *replacements: str) -> Iterator[tuple[str, str]]:
    """Each place where the pattern matches, damaged by itself."""
    for match in re.finditer(pattern, text):
        start, end = match.span()
        for new in replacements:
            if new != match[0]:
                place = text[max(0, start - 20) : start] + f"[{match[0]}→{new}]"
                yield place, text[:start] + new + text[end:]


def errors_apart(text: str) -> str:
    """The error estimates in brackets are no claim about the problem; they stay as they are."""
    return text[: text.index("CHECK")]


def with_errors(damaged: Iterator[tuple[str, str]], text: str) -> Iterator[tuple[str, str]]:
    rest = text[text.index("CHECK") :]
    return ((what, part + rest) for what, part in damaged)


def test_every_wrong_digit_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    head = errors_apart(text)

    def damaged() -> Iterator[tuple[str, str]]:
        for match in re.finditer("[0-9]", head):
            wrong = str((int(match[0]) + 1) % 10)
            yield head[: match.end()], head[: match.start()] + wrong + head[match.end() :]

    assert unnoticed(sheet, with_errors(damaged(), text)) == []


def test_every_wrong_measured_digit_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    tail = text[text.index("CHECK") :]

    def damaged() -> Iterator[tuple[str, str]]:
        for match in re.finditer(r"[0-9](?=[0-9.]* \(±)", tail):
            wrong = str((int(match[0]) + 1) % 10)
            yield match[0], text.replace(tail, tail[: match.start()] + wrong + tail[match.end() :])

    assert unnoticed(sheet, damaged()) == []


def test_every_wrong_sign_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    assert unnoticed(sheet, replaced(text, "−", "+", "")) == []


def test_every_wrong_operator_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    head = errors_apart(text)
    damaged = replaced(head, r"(?<=[^\s])[·/](?=[^\s])| [+−] ", "·", "/", " + ", " − ")
    assert unnoticed(sheet, with_errors(damaged, text)) == []


def test_every_wrong_relation_and_reason_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    damaged = [
        *replaced(text, " = ", " ≈ "),
        *replaced(text, "←", "="),
        *replaced(text, "[<>] 0", "< 0", "= 0", "> 0"),
        *replaced(text, "larger|largest", "smaller", "smallest", "larger", "largest"),
        *replaced(text, r", since .*(?=\n)", ", since it is so"),
        *replaced(text, r"\b(?:two|three|four) branches", "nine branches"),
        *replaced(text, "OK", "wrong", "fine"),
    ]
    assert unnoticed(sheet, iter(damaged)) == []


def test_every_wrong_name_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    head = errors_apart(text)
    damaged = [
        *replaced(head, r"(?<=[d∂·( ])(?:w1|w2|pre|a1|z3|x|y|m)(?=[ /·),=])", "L", "q", "loss"),
        *replaced(head, "₀", "₁"),
        *replaced(head, "²", "³", ""),
        *replaced(head, r"σ|ln|elu|relu|max|log₁₀", "tanh", "exp", ""),
        *replaced(head, "[()|]", ""),
    ]
    assert unnoticed(sheet, with_errors(iter(damaged), text)) == []


def test_every_dropped_line_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    lines = text.split("\n")
    damaged = (
        (line, "\n".join(lines[:i] + lines[i + 1 :])) for i, line in enumerate(lines) if line
    )
    assert unnoticed(sheet, damaged) == []


def test_every_doubled_or_moved_line_is_reported(solution: tuple[str, str]) -> None:
    sheet, text = solution
    lines = text.split("\n")
    full = [i for i, line in enumerate(lines) if line]
    doubled = ((lines[i], "\n".join(lines[: i + 1] + lines[i:])) for i in full)
    assert unnoticed(sheet, doubled) == []
    moved = (
        (lines[i], "\n".join([*lines[:i], lines[i + 1], lines[i], *lines[i + 2 :]]))
        for i in full
        if lines[i + 1]
    )
    assert unnoticed(sheet, moved) == []


@pytest.mark.parametrize(
    "line",
    ["a teacher's remark", "     see also x = 2", "  1  y = 0.5", "SIDEWARD", "∂y/∂x = −0.5", "7"],
)
def test_a_line_of_another_kind_is_reported(solution: tuple[str, str], line: str) -> None:
    sheet, text = solution
    lines = text.split("\n")
    places = [i for i, here in enumerate(lines) if here]
    damaged = ((f"{line} at {i}", "\n".join([*lines[:i], line, *lines[i:]])) for i in places)
    assert unnoticed(sheet, damaged) == []


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_the_solution_of_another_problem_is_reported(sheet: str) -> None:
    text = printed(sheet)
    number = re.search(r"= (-?\d[\d.]*)", sheet)
    assert number is not None
    other = sheet[: number.start(1)] + "0.625" + sheet[number.end(1) :]
    assert check_solution(text, other)
    assert check_solution(printed(sheet, "operation"), sheet) == []
    assert check_solution("", sheet)
    assert check_solution("\n\n", sheet)


def test_too_few_digits_are_reported() -> None:
    assert check_solution(printed(WRAPPED), WRAPPED, digits=5)
    assert check_solution(printed(SHEETS["toy"]), SHEETS["toy"], digits=6) == []  # all exact


# --- its own arithmetic -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2 + 3·4 − 1", "13"), ("−2²", "-4"), ("(−2)²", "4"), ("2·3/4·5", "7.5"), ("2⁻¹", "0.5"),
        ("7·5 mod 3", "2"), ("7·(5 mod 3)", "14"), ("2^0.5·2^0.5", "2"), ("|−3|·2", "6"),
        ("1.5·10⁻⁷", "1.5e-7"), ("2·10²", "200"), ("1·10⁻⁷·3·10¹⁶", "3e9"), ("max(1, −2)", "1"),
        ("elu(−1, 0.5)", "-0.3160602794142788"), ("σ(0)", "0.5"), ("ln(exp(2))", "2"),
        ("√(16)", "4"), ("log₁₀(1000) + log₂(8)", "6"), ("relu(−1)", "0"), ("−(−0.5)", "0.5"),
        ("mod(−7, 3)", "2"), ("floor(−0.5)", "-1"), ("where(0, 1, 2)", "2"), ("step(0, 1)", "1"),
    ],
)  # fmt: skip
def test_formulas_are_read_as_arithmetic(formula: str, value: str) -> None:
    assert abs(evaluate(parsed(formula), {}) - mp.mpf(value)) < mp.mpf("1e-15")


@pytest.mark.parametrize(
    "formula", ["", "2 +", "2 3", "(2", "2)", "x", "f(2)", "2·", "max()", "·2", "2..5", "02", "2x"]
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(NotAFormula):
        parsed(formula)


@pytest.mark.parametrize(
    ("shown", "typed"),
    [("θ1", "theta1"), ("α₁", "alpha_1"), ("w2₀", "w2_0"), ("ŷ", "y_hat"), ("Wₓₕ", "W_xh"),
     ("x′", "x′"), ("λ", "lambda"), ("Ω", "Omega"), ("pre", "pre")],
)  # fmt: skip
def test_printed_names_are_typed_names(shown: str, typed: str) -> None:
    assert plain(shown) == typed


def test_the_reference_knows_its_calculus() -> None:
    reference = read_worksheet("x = 0.5; y = sigmoid(x)*x**3; L = max(y, x) + relu(x - 0.5)")
    s = 1 / (1 + mp.exp(-mp.mpf("0.5")))
    slope = s * (1 - s) / 8 + s * 3 / 4
    assert abs(reference.program.total("y", "x") - slope) < mp.mpf("1e-40")
    assert abs(reference.gradient("x") - 1) < mp.mpf("1e-40")  # max takes x; relu'(0) = 0
    assert reference.program.direct("L", "y") == 0
    assert reference.wrt == ["x"]
