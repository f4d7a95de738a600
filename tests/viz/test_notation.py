"""Formulas as text: brackets, signs, powers, names. What is written is read back and compared."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from autograd_core import TABLE, Value, blocks, trace
from autograd_core.expression import (
    Application,
    Derivative,
    Expression,
    Number,
    Quantity,
    Symbol,
    application,
)
from autograd_core.worksheet import Worksheet
from tests.support.formulas import evaluate, mp, parsed, plain
from viz.letters import pretty_name
from viz.names import Names
from viz.notation import Text, Writer
from viz.printers.latex_notation import Latex
from viz.printers.mathml import MathML

WRITER = Writer(Text(), lambda node: str(node.name))


def written(expression: str, numbers: bool = False, digits: int = 4, **leaves: float) -> str:
    """A worksheet's formula as it is printed."""
    given = "; ".join(f"{name} = {number!r}" for name, number in leaves.items())
    sheet = Worksheet.parse(f"{given}; L = {expression}")
    return WRITER.write(trace(sheet.output).formula(sheet.output), digits, numbers)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a + b - c", "a + b − c"),
        ("a - (b - c)", "a − (b − c)"),
        ("a - (b + c)", "a − (b + c)"),
        ("(a + b)*c", "(a + b)·c"),
        ("a*b + c", "a·b + c"),
        ("a*(b*c)", "a·b·c"),
        ("a/b/c", "(a/b)/c"),
        ("a/(b/c)", "a/(b/c)"),
        ("a/(b*c)", "a/(b·c)"),
        ("a*b/c", "a·b/c"),
        ("(a/b)*c", "(a/b)·c"),
        ("-a", "−a"),
        ("-(a + b)", "−(a + b)"),
        ("-a*b", "−a·b"),
        ("-(a*b)", "−a·b"),
        ("a*-b", "a·(−b)"),
        ("a - -b", "a − (−b)"),
        ("-a**2", "−a²"),
        ("(-a)**2", "(−a)²"),
        ("(a + b)**2", "(a + b)²"),
        ("(a**2)**3", "(a²)³"),
        ("a**-2", "a⁻²"),
        ("a**0.5", "a^0.5"),
        ("a**b", "a^b"),
        ("a**(b + 1)", "a^(b + 1)"),
        ("a**-b", "a^(−b)"),
        ("a**b**2", "a^(b²)"),
        ("2**a", "2^a"),
        ("sigmoid(a)**2", "σ(a)²"),
        ("sigmoid(4 - 2*a)", "σ(4 − 2·a)"),
        ("max(0.1*a, 2*a)", "max(0.1·a, 2·a)"),
        ("abs(a - b)*c", "|a − b|·c"),
        ("log(a) + log10(b) + log2(c)", "ln(a) + log₁₀(b) + log₂(c)"),
        ("sqrt(a)", "√(a)"),
        ("elu(a)", "elu(a)"),
        ("elu(a, 0.5)", "elu(a, alpha=0.5)"),
        ("step(a, 1)", "step(a, at_zero=1)"),
        ("logsumexp(a, b)", "ln(exp(a) + exp(b))"),
        ("sum(a, b, -c)", "a + b + (−c)"),
        ("a*1e-7", "a·1·10⁻⁷"),
        ("a/1e-7", "a/(1·10⁻⁷)"),
        ("a**1e-7", "a^(1·10⁻⁷)"),
        ("a + 12345678", "a + 12345678"),
    ],
)
def test_formulas(typed: str, printed: str) -> None:
    assert written(typed, a=2.0, b=3.0, c=0.5) == printed


@pytest.mark.parametrize(
    ("typed", "leaves", "printed"),
    [
        ("a*b", {"a": -8.0, "b": 2.0}, "(−8)·2"),
        ("a*b", {"a": 2.0, "b": -8.0}, "2·(−8)"),
        ("a + b", {"a": -2.0, "b": 5.0}, "−2 + 5"),
        ("a + b", {"a": 5.0, "b": -2.0}, "5 + (−2)"),
        ("a - b", {"a": -5.0, "b": -2.0}, "−5 − (−2)"),
        ("a**2", {"a": -3.0}, "(−3)²"),
        ("-a", {"a": -3.0}, "−(−3)"),
        ("-a**2", {"a": -3.0}, "−(−3)²"),
        ("-2*a", {"a": 3.0}, "−2·3"),
        ("a/b", {"a": -1.0, "b": -2.0}, "(−1)/(−2)"),
        ("max(a, b)", {"a": -1.0, "b": -2.0}, "max(−1, −2)"),
        ("abs(a)", {"a": -1.0}, "|−1|"),
        ("a**b", {"a": 2.0, "b": -3.0}, "2⁻³"),
        ("a**b", {"a": 2.0, "b": 0.5}, "2^0.5"),
        ("a**b", {"a": 2.0, "b": -0.5}, "2^(−0.5)"),
        ("a**2", {"a": 1.5e-7}, "(1.5·10⁻⁷)²"),
        ("b/a", {"a": 1.5e-7, "b": 1.0}, "1/(1.5·10⁻⁷)"),
        ("a*2", {"a": 2 / 3}, "0.6667·2"),
    ],
)
def test_formulas_with_numbers(typed: str, leaves: dict[str, float], printed: str) -> None:
    assert written(typed, numbers=True, **leaves) == printed


@pytest.mark.parametrize("exponent", ["w2", "max(w2, 1)", "floor(w2)", "theta1", "x_0"])
def test_only_a_plain_number_is_raised(exponent: str) -> None:
    """xw² would say x·w², where x to the power w2 is meant."""
    name = plain(exponent).partition("(")[2].partition(",")[0].rstrip(")") or exponent
    printed = written(f"x**{exponent}", **{"x": 3.0, name: 2.0})
    assert printed.startswith("x^")
    assert "²" not in printed


# Every formula means what was typed, read with the rules of arithmetic from left to right.
_FORMS = (
    "{} + {}", "{} - {}", "({})*({})", "({})/({})", "-({})", "({})**2", "({})**-1", "({})**({})",
    "mod({}, {})", "abs({})", "max({}, {})", "elu({}, 0.5)", "tanh({})", "2*({})",
    "({})*mod({}, {})",
)  # fmt: skip


@pytest.mark.parametrize("numbers", [False, True], ids=["symbols", "numbers"])
def test_a_formula_reads_back_as_what_was_typed(numbers: bool) -> None:
    rng = random.Random(7)
    leaves = {"a": 1.75, "b": 2.5, "w2": 2.0, "x_0": 3.0, "theta1": 1.25}
    values = {name: mp.mpf(number) for name, number in leaves.items()}

    def expression(depth: int) -> str:
        if depth == 0:
            return rng.choice((*leaves, "3", "0.5"))
        form = rng.choice(_FORMS)
        return form.format(*(expression(depth - 1) for _ in range(form.count("{}"))))

    tried = 0
    while tried < 120:
        text = expression(rng.randint(1, 3))
        try:
            sheet = Worksheet.parse(f"L = {text} + 0*a", leaves)
        except ValueError:
            continue
        if not 1e-6 < abs(sheet.output.data) < 1e6:
            continue
        sweep = trace(sheet.output)
        if any(node.name is None for node in sweep.landmarks):
            continue  # too long for one formula
        tried += 1
        formula = sweep.formula(sheet.output)
        printed = WRITER.write(formula, 15, numbers)
        read = evaluate(parsed(printed, frozenset(leaves)), values)
        assert abs(read - sheet.output.data) < 1e-6 * abs(sheet.output.data), (text, printed)


def test_a_rest_is_bracketed_or_a_function() -> None:
    """a·(b mod c) is not (a·b) mod c, and −(b mod c) is not (−b) mod c."""
    leaves = {"a": 7.0, "b": 5.0, "c": 3.0}
    values = {name: mp.mpf(number) for name, number in leaves.items()}
    cases = {
        "a*mod(b, c)": 14, "-mod(b, c)": -2, "mod(b, c)*a": 14, "mod(a*b, c)": 2, "mod(-b, c)": 1,
        "a - mod(b, c)": 5, "mod(b, c)**2": 4, "mod(mod(a, b), c)": 2, "1/mod(b, c)": 0.5,
    }  # fmt: skip
    for typed, meant in cases.items():
        for numbers in (False, True):
            printed = written(typed, numbers=numbers, **leaves)
            assert evaluate(parsed(printed, frozenset(leaves)), values) == meant, printed


# --- pieces -----------------------------------------------------------------------------------


def test_derivatives() -> None:
    x, y = Value(2.0, "x_1"), Value(3.0, "theta2")
    total = Derivative(4.0, of=y, by=x)
    direct = Derivative(-4.0, of=y, by=x, direct=True)
    assert WRITER.write(total, 4) == "dθ2/dx₁"
    assert WRITER.write(direct, 4) == "∂θ2/∂x₁"
    assert WRITER.write(application(TABLE["mul"], total, direct), 4) == "dθ2/dx₁·∂θ2/∂x₁"
    assert WRITER.write(application(TABLE["mul"], direct, total), 4, numbers=True) == "(−4)·4"
    assert WRITER.write(Symbol(0.1, name="eta"), 4) == "η"


def test_numbers() -> None:
    for value, printed in (
        (0.5, "0.5"), (-0.5, "−0.5"), (0.0, "0"), (-0.0, "0"), (1e-4, "0.0001"),
        (1e-5, "1·10⁻⁵"), (0.000012345, "1.234·10⁻⁵"), (1e14, "100000000000000"),
        (1e15, "1·10¹⁵"), (-1.5e15, "−1.5·10¹⁵"), (1.5e-300, "1.5·10⁻³⁰⁰"),
        (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "NaN"),
    ):  # fmt: skip
        assert WRITER.number(value, 4) == printed


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot write"):
        WRITER.write(Expression(1.0), 4)


def test_every_row_can_be_written() -> None:
    for name, row in TABLE.items():
        count = len(row.operand_names) or 3
        operands = tuple(Quantity(0.5, of=Value(0.5, f"v{i}")) for i in range(count))
        text = WRITER.write(Application(1.0, op=row, operands=operands), 4)
        assert text, name
        assert all(f"v{i}" in text for i in range(count)), text
        assert text.count("(") == text.count(")")


def test_dot_is_a_sum_of_products() -> None:
    w, x = ([Quantity(1.0, of=Value(1.0, f"{n}{i}")) for i in range(2)] for n in "wx")
    for bias, end in ((Quantity(1.0, of=Value(1.0, "b")), " + b"), (Number(0.0), "")):
        e = Application(2.0, op=TABLE["dot"], operands=(*w, *x, bias))
        assert WRITER.write(e, 4) == "w0·x0 + w1·x1" + end


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("x", "x"), ("alpha", "α"), ("Omega", "Ω"), ("lambda", "λ"), ("Lambda_2", "Λ₂"),
        ("alpha_1", "α₁"), ("theta2", "θ2"), ("w2_0", "w2₀"), ("W_xh", "Wₓₕ"), ("z_10", "z₁₀"),
        ("y_hat", "ŷ"), ("x_bar", "x\u0304"), ("alpha_hat", "α\u0302"), ("n_tilde", "ñ"),
        ("a_b", "a_b"), ("a_1_2", "a₁₂"), ("_x", "_x"),
        ("x'", "x′"), ("x′", "x′"), ("alpha'", "α′"), ("alphabet", "alphabet"), ("z[1]", "z[1]"),
        ("θ", "θ"),
    ],
)  # fmt: skip
def test_pretty_names(name: str, printed: str) -> None:
    assert pretty_name(name) == printed


@pytest.mark.parametrize(
    "names",
    [("theta1", "θ1"), ("a_12", "a_1_2"), ("y_hat", "ŷ"), ("x'", "x′"), ("alpha", "α", "alpha_1")],
)
def test_names_that_would_look_alike_stay_apart(names: tuple[str, ...]) -> None:
    """Two quantities never print alike: `Names` says that such names stay as they were typed."""
    nodes = [Value(float(i), name) for i, name in enumerate(names)]
    writer = Writer(Text(), Names(nodes))
    printed = {writer.write(Quantity(n.data, of=n), 4) for n in nodes}
    assert len(printed) == len(names), printed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["w", "w", "w"], ["w", "w′", "w′′"]),
        (["w", "w′", "w"], ["w", "w′", "w′′"]),
        ([None, "x", None], ["u1", "x", "u2"]),
        (["u1", None, "u3", None], ["u1", "u2", "u3", "u4"]),
        ([None, "u1"], ["u2", "u1"]),
    ],
)
def test_names_in_print(given: list[Any], expected: list[str]) -> None:
    nodes = [Value(1.0, name) for name in given]
    names = Names(nodes)
    assert [names(node) for node in nodes] == expected


def test_a_vector_added_to_a_matrix_stands_as_a_row() -> None:
    """NumPy repeats it for every row: set upright it would seem to belong to the columns."""
    matrix, vector = (Quantity(np.ones(shape)) for shape in ((2, 2), (2,)))  # type: ignore[arg-type]
    added = Application(0.0, op=TABLE["add"], operands=(matrix, vector))
    product = Application(0.0, op=blocks.matmul, operands=(matrix, vector))
    square = r"\begin{bmatrix} 1 & 1 \\ 1 & 1 \end{bmatrix}"
    latex, mathml, text = (Writer(d, str) for d in (Latex(), MathML(), Text()))
    assert latex.write(added, 4) == rf"{square} + \begin{{bmatrix}} 1 & 1 \end{{bmatrix}}"
    assert latex.write(product, 4) == rf"{square} \cdot \begin{{bmatrix}} 1 \\ 1 \end{{bmatrix}}"
    assert mathml.write(added, 4).count("<mtr>") == 3
    assert mathml.write(product, 4).count("<mtr>") == 4
    assert text.write(added, 4) == "[[1, 1], [1, 1]] + [1, 1]"
