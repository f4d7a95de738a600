"""The worksheet's grammar: what is read, and where each mistake is said to stand."""

from __future__ import annotations

import ast
import operator
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.errors import WorksheetError
from autograd_core.syntax import (
    DEEPEST,
    LONGEST_NAME,
    LONGEST_NUMBER,
    LONGEST_TEXT,
    Code,
    parse_statements,
)

# --- what is read -----------------------------------------------------------------------------

_APPLY: dict[str, Any] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "max": max,
}


def run(code: Code, names: dict[str, float] | None = None) -> float:
    """Run postfix code on plain floats."""
    stack: list[float] = []
    for step in code:
        if step.kind == "number":
            stack.append(step.number)
        elif step.kind == "name":
            stack.append((names or {})[step.name])
        else:
            operands = stack[len(stack) - step.count :]
            del stack[len(stack) - step.count :]
            stack.append(_APPLY[step.name](*operands))
    [result] = stack
    return result


def value(expression: str, **names: float) -> float:
    [statement] = parse_statements(f"y = {expression}")
    return run(statement.code, names)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("2 + 3*4", 14.0),
        ("2*3 + 4", 10.0),
        ("2 - 3 - 4", -5.0),
        ("2 - (3 - 4)", 3.0),
        ("16/4/2", 2.0),
        ("16/(4/2)", 8.0),
        ("12/2*3", 18.0),
        ("2**3**2", 512.0),
        ("(2**3)**2", 64.0),
        ("-3**2", -9.0),
        ("(-3)**2", 9.0),
        ("2**-1", 0.5),
        ("2**-1**2", 0.5),
        ("2*-3", -6.0),
        ("2 - -3", 5.0),
        ("--3", 3.0),
        ("-+-3", 3.0),
        ("+3", 3.0),
        ("2*3**2", 18.0),
        ("-2*3", -6.0),
        (".5 + 5. + 1e1 + 1E-1 + 2.5e+0", 18.1),
        ("max(1, 4, 2)", 4.0),
        ("max(1, 4, 2,)", 4.0),
        ("max((1), -(4))", 1.0),
        ("(\n 2 +\n 3\n)", 5.0),
        ("2 − 3·4 × 5 ÷ 2 ⋅ 1 – 1", -29.0),
        ("2 # + 5", 2.0),
    ],
)
def test_expressions(expression: str, expected: float) -> None:
    assert value(expression) == expected


def test_precedence_is_pythons() -> None:
    """Random expressions against Python's own reading of the same text."""
    rng = random.Random(20)

    def expression(depth: int) -> str:
        if depth == 0:
            return rng.choice(("1.5", "2", "0.25", "3"))
        left, right = expression(depth - 1), expression(depth - 1)
        form = rng.choice(("{} + {}", "{} - {}", "{}*{}", "{}/{}", "-{} - {}", "({}) - ({})"))
        return form.format(left, right)

    for _ in range(300):
        text = expression(rng.randint(1, 5))
        try:
            expected = eval(compile(ast.parse(text, mode="eval"), "", "eval"))
        except ZeroDivisionError:
            continue
        assert value(text) == expected, text


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "_x",
        "x_1",
        "x1",
        "θ",
        "α_1",
        "x'",
        "x′",
        "ŷ",
        "ñandu",
        "x₀",
        "重み",
        "a" * LONGEST_NAME,
    ],
)
def test_names(name: str) -> None:
    [statement] = parse_statements(f"{name} = 1")
    assert statement.kind == "assign"
    assert statement.name == name


def test_a_name_in_pieces_is_the_same_name() -> None:
    """ŷ typed as one character and as y with a combining hat."""
    first, second = parse_statements("y\u0302 = 1; z = ŷ")
    assert first.name == second.code[0].name


def test_statements_are_separated_by_lines_and_semicolons() -> None:
    statements = parse_statements(
        "\ufeffa = 1; b = 2;;\n\n;c = 3 # d = 4; e = 5\n\tgiven(a, b)\r\n  # nothing\n"
    )
    assert [(s.kind, s.name, s.line, s.column) for s in statements] == [
        ("assign", "a", 1, 2),
        ("assign", "b", 1, 9),
        ("assign", "c", 3, 2),
        ("given", "", 4, 2),
    ]


def test_a_bracket_continues_on_the_next_line() -> None:
    [statement, other] = parse_statements("update(L, w1,\n  w2,  # the weights\n  lr=0.1)\nx = 1")
    assert [code[0].name for code in statement.arguments] == ["L", "w1", "w2"]
    assert (other.name, other.line) == ("x", 4)


def test_directives_keep_their_options() -> None:
    [statement] = parse_statements("update(L, w, lr=1/4, rule='sgd')")
    (lr_name, lr), (rule_name, [rule]) = statement.options
    assert (lr_name, rule_name, rule.kind, rule.name) == ("lr", "rule", "word", "sgd")
    assert run(lr) == 0.25


def test_options_of_a_function_come_after_its_operands() -> None:
    [statement] = parse_statements("y = elu(x, alpha=2)")
    assert statement.code[-1].count == 2
    assert statement.code[-1].options == ("alpha",)


def test_instructions_know_their_place() -> None:
    [statement] = parse_statements("y = a +\tmax(b, 2**c)")
    assert [(i.name or i.number, i.column) for i in statement.code] == [
        ("a", 5), ("b", 13), ("2", 16), ("c", 19), ("pow", 17), ("max", 9), ("add", 7),
    ]  # fmt: skip


def test_a_long_sum_needs_no_recursion() -> None:
    [statement] = parse_statements("y = " + "+".join("1" * 20_000))
    assert run(statement.code) == 20_000.0
    [statement] = parse_statements("y = " + "-1" * 20_000)
    assert run(statement.code) == -20_000.0


def test_nothing_is_evaluated() -> None:
    """Unknown names and functions, and 9**9**9, are only read here."""
    [statement] = parse_statements("y = nope(9**9**9, whatever)")
    assert statement.code[-1].name == "nope"


# --- where a mistake stands -------------------------------------------------------------------

LONG_NAME = "n" * (LONGEST_NAME + 1)
LONG_NUMBER = "1" * (LONGEST_NUMBER + 1)

MISTAKES = [
    # text, line, column, a part of the message
    ("x =", 1, 4, "an expression is missing"),
    ("x = ", 1, 5, "an expression is missing"),
    ("x = # 2", 1, 8, "an expression is missing"),
    ("x = 2 +", 1, 8, "an expression is missing"),
    ("x = 2 +\ny = 3", 1, 8, "an expression is missing"),
    ("x = 2 +; y = 3", 1, 8, "an expression is missing"),
    ("x = -", 1, 6, "an expression is missing"),
    ("x = * 2", 1, 5, "expected a number, a name or ( before '*'"),
    ("x = 2 * / 3", 1, 9, "before '/'"),
    ("x = 2 × ÷ 3", 1, 9, "before '÷'"),
    ("x = ()", 1, 6, "before ')'"),
    ("x = 'abc'", 1, 5, "before \"'abc'\""),
    ("x = (2 + 3", 1, 5, "a bracket is not closed"),
    ("y = 1\nx = 2*(3\n + 4", 2, 7, "a bracket is not closed"),
    ("x = f(2", 1, 8, "a bracket is not closed"),
    ("given(x", 1, 8, "a bracket is not closed"),
    ("x = (2\ny = 3", 2, 1, "expected ) before 'y'"),
    ("x = f(2\ny = 3", 2, 1, "expected , or ) before 'y'"),
    ("x = (2 3)", 1, 8, "expected ) before '3'"),
    ("given(x y)", 1, 9, "expected , or ) before 'y'"),
    ("x = 2)", 1, 6, "unexpected ')'"),
    ("x = 2 3", 1, 7, "unexpected '3'"),
    ("x = 2,3", 1, 6, "unexpected ','"),
    ("x = 1..2", 1, 7, "unexpected '.2'"),
    ("x = y z", 1, 7, "'z' follows without an operator"),
    ("x = 3 if 1 else 2", 1, 7, "'if' follows without an operator"),
    ("x = lambda: 0", 1, 5, "a worksheet has no lambda"),
    ("x = lambda y: y", 1, 5, "a worksheet has no lambda"),
    ("x = lambda a", 1, 5, "a worksheet has no lambda"),
    ("x = 2 = 3", 1, 7, "one ="),
    ("x = 2 == 3", 1, 7, "one ="),
    ("x == 2", 1, 3, "one ="),
    ("2 = x", 1, 1, "begins with a name, not '2'"),
    ("x = 1; = 3", 1, 8, "begins with a name, not '='"),
    ("x = 1\n  (2)", 2, 3, "begins with a name, not '('"),
    ("x", 1, 1, "a statement is name = expression"),
    ("x y = 3", 1, 1, "a statement is name = expression"),
    ("foo(x)", 1, 1, "a statement is name = expression"),
    ("import os", 1, 1, "a statement is name = expression"),
    ("x += 1", 1, 1, "a statement is name = expression"),
    ("x: 2", 1, 2, "an assignment is written name = expression"),
    ("x = 2 ^ 3", 1, 7, "unexpected '^': for a power write **"),
    ("x = |y|", 1, 5, "unexpected '|': for an absolute value write abs(x)"),
    ("x = a[0.5]", 1, 7, "an index is a whole number"),
    ("x = a[i]", 1, 7, "an index is a whole number or a range"),
    ("x = a[]", 1, 6, "an index is missing"),
    ("x = a[1", 1, 8, "a bracket is not closed"),
    ("x = a[-]", 1, 8, "an index is a whole number"),
    ("x = []", 1, 5, "a list has at least one entry"),
    ("x = [1, 2", 1, 10, "a bracket is not closed"),
    ("x = [1, 2)", 1, 10, "expected , or ] before ')'"),
    ("x[0] = 1", 1, 2, "an entry is not assigned alone"),
    ("x = 3!", 1, 6, "unexpected '!'"),
    ("x = 5 % 2", 1, 7, "unexpected '%'"),
    ("x = a.b", 1, 6, "unexpected '.'"),
    ("x = y.__class__", 1, 6, "unexpected '.'"),
    ("x = {1}", 1, 5, "unexpected '{'"),
    ("x = `1`", 1, 5, "unexpected '`'"),
    ("x = a @", 1, 8, "an expression is missing here"),
    ("x = @ b", 1, 5, "expected a number, a name or ( before '@'"),
    ("x = 2\\3", 1, 6, "unexpected '\\\\'"),
    ("x = 1 $ 2\ny = @", 1, 7, "unexpected '$'"),
    ("x = 2\ny = 3 $ 4", 2, 7, "unexpected '$'"),
    ("x = 2; y = ?", 1, 12, "unexpected '?'"),
    ("\tx = ?", 1, 6, "unexpected '?'"),
    ("# ?\n\n# ?\nx = ?", 4, 5, "unexpected '?'"),
    ("x = 1\r\ny = ?", 2, 5, "unexpected '?'"),
    ("θ = 重 + ?", 1, 9, "unexpected '?'"),
    ("x = 2\0", 1, 6, "unexpected U+0000"),
    ("x = \u202e2", 1, 5, "unexpected U+202E"),
    ("x = \x1b[31m2", 1, 5, "unexpected U+001B"),
    ("x = \x072", 1, 5, "unexpected U+0007"),
    ("x = \ud8002", 1, 5, "unexpected U+D800"),
    ("x = \u200b2", 1, 5, "unexpected U+200B"),
    ("x = 😀", 1, 5, "unexpected '😀'"),
    ("x = ∞", 1, 5, "unexpected '∞'"),
    ("x = ²", 1, 5, "unexpected '²'"),
    ("x = ٣", 1, 5, "unexpected '٣'"),
    ("x = 2y", 1, 6, "2 and y… stand together: write a product as 2*y…"),
    ("x = 2.5θ", 1, 8, "stand together"),
    ("x = 1_000", 1, 6, "stand together"),
    ("x = 0x10", 1, 6, "stand together"),
    ("x = 1e", 1, 6, "stand together"),
    ("x = 5j", 1, 6, "stand together"),
    ("x = .", 1, 5, "unexpected '.'"),
    ("__x = 1", 1, 1, "two underscores"),
    ("x = __import__('os')", 1, 5, "two underscores"),
    ("x = 2*__y", 1, 7, "two underscores"),
    (f"y = 1; {LONG_NAME} = 1", 1, 8, "a name of 61 characters; at most 60"),
    (f"y = 2*{LONG_NAME}", 1, 7, "a name of 61 characters"),
    (f"y = {LONG_NUMBER}", 1, 5, "a number of 41 characters; at most 40"),
    ("y = 2 + 1e400", 1, 9, "1e400 is too large"),
    ("x = f(,)", 1, 7, "before ','"),
    ("x = f(1,,2)", 1, 9, "before ','"),
    ("x = 2 + f()", 1, 9, "f() needs an operand"),
    ("x = f(a=)", 1, 9, "before ')'"),
    ("x = f(1=2)", 1, 8, "expected , or ) before '='"),
    ("x = f(a=1, 2)", 1, 12, "options come last"),
    ("update(L, lr=0.1, w)", 1, 19, "options come last"),
    ("update(L, lr=0.1, 2*w)", 1, 19, "options come last"),
    ("update(L, rule='sgd)", 1, 16, 'unexpected "\'"'),
    ("given('x')", 1, 7, "before \"'x'\""),
    ("f'{x}' = 1", 1, 3, "unexpected '{'"),
    ("x = f'{y}'", 1, 7, "unexpected '{'"),
    ('x = f"{y}"', 1, 6, "unexpected '\"{y}\"'"),
    ("x = " + "(" * 20_000, 1, 4 + DEEPEST + 1, "nest at most"),
    ("x = " + "-" * 20_000 + "1", 1, 4 + DEEPEST + 1, "nest at most"),
    ("x = " + "f(" * 20_000, 1, 4 + 2 * DEEPEST + 1, "nest at most"),
    ("x = " + "2**" * 20_000 + "2", 1, 4 + 3 * DEEPEST + 1, "nest at most"),
    ("x = 1" + " " * LONGEST_TEXT, 1, 1, "a worksheet has at most 100000 characters"),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"), MISTAKES, ids=[repr(m[0])[:40] for m in MISTAKES]
)
def test_mistakes(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(WorksheetError) as caught:
        parse_statements(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"line {line}, column {column}: ")
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("opening", ["(", "-", "max(", "2**"])
def test_nesting_is_bounded(opening: str) -> None:
    def nested(times: int) -> str:
        return "x = " + opening * times + "1" + ")" * ("(" in opening) * times

    parse_statements(nested(DEEPEST - 1))
    with pytest.raises(WorksheetError, match=f"at most {DEEPEST} deep"):
        parse_statements(nested(DEEPEST + 1))
    parse_statements("x = " + "+".join([nested(DEEPEST - 2)[4:]] * 50))  # side by side: no deeper


@pytest.mark.parametrize(
    "text", ["y = " + "1" * LONGEST_NUMBER, "x = 1" + " " * (LONGEST_TEXT - 5), "", "#", "\n\n;;"]
)
def test_as_long_as_allowed(text: str) -> None:
    assert len(parse_statements(text)) <= 1


# --- arbitrary text ---------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["x", "y", "L", "w1", "=", "==", "(", ")", ",", ";", "\n", "+", "-", "*", "**", "/", "2", "0.5",
     "1e3", ".", "given", "update", "output", "derivative", "lr=", "max", "elu", "'a'", '"', "#",
     " ", "\t", "_", "__", "²", "′", "\u0302", "\x00", "·", "−", "\u202e", "θ"]
)  # fmt: skip


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES).map("".join), st.binary().map(repr)))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        places = [(s.line, s.column) for s in parse_statements(text)]
    except WorksheetError as error:
        places = [(error.line, error.column)]
        message = str(error)
    else:
        message = ""
    assert len(message.splitlines()) <= 1
    for line, column in places:
        assert 1 <= line <= text.count("\n") + 1
        assert 1 <= column <= max(map(len, text.split("\n"))) + 1
