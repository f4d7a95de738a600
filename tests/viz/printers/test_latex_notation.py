"""Formulas in LaTeX: names, fractions, brackets, matrices."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd_core import TABLE, Op, Value, blocks, trace
from autograd_core.expression import (
    Application,
    Blank,
    Derivative,
    Number,
    Quantity,
    Symbol,
    application,
)
from autograd_core.lifting import apply
from autograd_core.worksheet import Worksheet
from viz.letters import AsTyped
from viz.names import Names
from viz.printers.latex_notation import Latex, LatexWriter

WRITER = LatexWriter(Latex(), lambda node: str(node.name))


def written(expression: str, numbers: bool = False, **leaves: float) -> str:
    """A worksheet's formula in LaTeX."""
    given = "; ".join(f"{name} = {number!r}" for name, number in leaves.items())
    sheet = Worksheet.parse(f"{given}; L = {expression}")
    return WRITER.write(trace(sheet.output).formula(sheet.output), 4, numbers)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("w", "w"),
        ("w1", "w_{1}"),
        ("w_1", "w_{1}"),
        ("w2_0", "w_{2,0}"),
        ("x_t_1", "x_{t,1}"),
        ("pre", r"\mathit{pre}"),
        ("W_xh", r"W_{\mathrm{xh}}"),
        ("p_in", r"p_{\mathrm{in}}"),
        ("alpha", r"\alpha"),
        ("alpha_1", r"\alpha_{1}"),
        ("theta2", r"\theta_{2}"),
        ("w_alpha", r"w_{\alpha}"),
        ("m_w1", "m_{w_{1}}"),
        ("m_w_1", "m_{w,1}"),
        ("y_hat", r"\hat{y}"),
        ("theta_hat_1", r"\hat{\theta}_{1}"),
        ("w'", "w'"),
        ("w1′′", "w_{1}''"),
        ("z1[0]", "z_{1}[0]"),
        ("z[0, 1]", "z[0{,}1]"),
        ("Gamma", r"\Gamma"),
        ("é", r"\acute{e}"),
        ("_", r"\_"),
        ("a b%", r"\mathit{a~b\%}"),
        (r"\input{x}", r"\mathit{\backslash input\lbrace x\rbrace}"),
        ("n" * 41, r"\mathit{" + "n" * 27 + r"\ldots " + "n" * 12 + "}"),
    ],
)
def test_names(name: str, latex: str) -> None:
    assert Latex().name(name) == latex


def test_names_as_typed() -> None:
    assert Latex().name(AsTyped("w_1")) == r"\mathtt{w\_1}"
    assert Latex().name(AsTyped("θ1")) == r"\mathtt{\theta 1}"


def test_names_that_look_alike_stay_as_typed() -> None:
    """In text w1 and w₁ differ, in LaTeX both would be w with a small 1."""
    nodes = [Value(1.0, "w1"), Value(2.0, "w_1"), Value(3.0, "x")]
    names = Names(nodes)
    look = names.seen_as(Latex().name)
    assert [Latex().name(look(node)) for node in nodes] == [r"\mathtt{w1}", r"\mathtt{w\_1}", "x"]
    assert [type(names(node)) for node in nodes] == [str, str, str]


@pytest.mark.parametrize(
    ("number", "latex"),
    [
        ("0.5", "0.5"),
        ("-12", "-12"),
        ("0.0001", "0.0001"),
        ("1E-30", r"{1 \cdot 10^{-30}}"),
        ("-2.5E-7", r"-{2.5 \cdot 10^{-7}}"),
        ("1.25E+20", r"{1.25 \cdot 10^{20}}"),
        ("NaN", r"\mathrm{NaN}"),
        ("Infinity", r"\infty"),
        ("-Infinity", r"-\infty"),
        ("0", "0"),
    ],
)
def test_numbers(number: str, latex: str) -> None:
    assert Latex().number(Decimal(number)) == latex


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("a + b - c", "a + b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a + b)*c", r"(a + b) \cdot c"),
        ("a*-b", r"a \cdot (-b)"),
        ("a/b", r"\frac{a}{b}"),
        ("(a + b)/(c - 1)", r"\frac{a + b}{c - 1}"),
        ("-a/b", r"\frac{-a}{b}"),
        ("-(a/b)", r"-\frac{a}{b}"),
        ("c*(a/b)", r"c \cdot \frac{a}{b}"),
        ("(a/b)*c", r"\frac{a}{b} \cdot c"),
        ("(a/b)**2", r"\biggl(\frac{a}{b}\biggr)^{2}"),
        ("a/b/c", r"\dfrac{\frac{a}{b}}{c}"),
        ("a/(b + a/(c + 1/a))", r"a / \Biggl(b + \dfrac{a}{c + \frac{1}{a}}\Biggr)"),
        ("tanh(a/b)", r"\tanh\biggl(\frac{a}{b}\biggr)"),
        ("a**2", "a^{2}"),
        ("a**-b", "a^{-b}"),
        ("a**(b + 1)", "a^{b + 1}"),
        ("(-a)**2", "(-a)^{2}"),
        ("sigmoid(4 - 2*a)", r"\sigma(4 - 2 \cdot a)"),
        ("max(0.1*a, 2*a)", r"\max(0.1 \cdot a, 2 \cdot a)"),
        ("log(a) + log10(b)", r"\ln(a) + \log_{10}(b)"),
        ("abs(a - b)", r"\lvert a - b\rvert "),
        ("sqrt(a + 1)", r"\sqrt{a + 1}"),
        ("sqrt(a)**3", r"(\sqrt{a})^{3}"),
        ("elu(a, 0.5)", r"\operatorname{elu}(a, \mathtt{alpha}=0.5)"),
        ("leaky_relu(a)", r"\operatorname{leaky\_relu}(a)"),
        ("a*1e-7", r"a \cdot {1 \cdot 10^{-7}}"),
    ],
)
def test_formulas(typed: str, latex: str) -> None:
    assert written(typed, a=2.0, b=3.0, c=0.5) == latex


def test_formulas_with_numbers() -> None:
    assert written("a*b", numbers=True, a=-8.0, b=-2.0) == r"(-8) \cdot (-2)"
    assert written("a/b", numbers=True, a=-1.0, b=-2.0) == r"\frac{-1}{-2}"
    assert written("a**b", numbers=True, a=2.0, b=-0.5) == "2^{-0.5}"


def test_what_is_too_wide_for_one_line_can_be_broken() -> None:
    """No part of a fraction, root or exponent is wider than a page."""
    two = Number(2.0)
    long = application(TABLE["sum"], *(Symbol(1.0, name=f"w{i}") for i in range(14)))
    total = " + ".join(f"w_{{{i}}}" for i in range(14))
    for op, operands, latex in (
        ("div", (long, two), f"({total}) / 2"),
        ("div", (two, long), f"2 / ({total})"),
        ("sqrt", (long,), rf"\surd({total})"),
        ("pow", (two, long), rf"\operatorname{{pow}}(2, {total})"),
    ):
        assert WRITER.write(application(TABLE[op], *operands), 4) == latex


def test_derivatives() -> None:
    of, by = Value(1.0, "L"), Value(1.0, "w1")
    total, direct = Derivative(2.0, of=of, by=by), Derivative(2.0, of=of, by=by, direct=True)
    inline = LatexWriter(Latex(inline=True), lambda node: str(node.name))
    assert WRITER.write(total, 4) == r"\frac{\mathrm{d}L}{\mathrm{d}w_{1}}"
    assert WRITER.write(direct, 4) == r"\frac{\partial L}{\partial w_{1}}"
    assert inline.write(total, 4) == r"\mathrm{d}L/\mathrm{d}w_{1}"
    square = application(TABLE["square"], total)
    assert WRITER.write(square, 4) == (
        r"\biggl(\frac{\mathrm{d}L}{\mathrm{d}w_{1}}\biggr)^{2}"
    )
    half = application(TABLE["div"], total, Number(2.0))
    assert WRITER.write(half, 4) == r"\frac{\mathrm{d}L/\mathrm{d}w_{1}}{2}"


def test_exact_fractions() -> None:
    third, half = Number(Fraction(1, 3)), Number(Fraction(-1, 2))  # type: ignore[arg-type]
    product = Application(0.0, op=TABLE["mul"], operands=(third, half))
    assert WRITER.write(product, 4) == r"\frac{1}{3} \cdot \biggl(-\frac{1}{2}\biggr)"


def array(*numbers: object) -> Quantity:
    return Quantity(np.array(numbers))  # type: ignore[arg-type]


def test_vectors_and_matrices() -> None:
    column = WRITER.write(array(1.0, -2.5), 4)
    assert column == r"\begin{bmatrix} 1 \\ -2.5 \end{bmatrix}"
    row = WRITER.write(array(*range(7)), 4)
    assert row == r"\begin{bmatrix} 0 & 1 & 2 & 3 & 4 & 5 & 6 \end{bmatrix}^{\top}"
    assert WRITER.write(array(*range(11)), 4) == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    matrix = WRITER.write(array([1.0, 2.0], [3.0, 4.0]), 4)
    assert matrix == r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"
    assert WRITER.write(array(range(11), range(11)), 4).startswith("[[0, 1, 2")
    assert WRITER.write(array([[1.0]], [[2.0]]), 4) == (
        r"\left[\begin{bmatrix} 1 \end{bmatrix}, \begin{bmatrix} 2 \end{bmatrix}\right]"
    )


def test_wide_matrices_are_listed_row_by_row() -> None:
    """A row is never set as a column, and a line may break after each comma."""
    numbers = [[-0.165955990594852] * 4, [0.4406489868843162] * 4]
    row = ", ".join(["-0.165955990594852"] * 4), ", ".join(["0.440648986884316"] * 4)
    assert WRITER.write(array(*numbers), 15) == f"[[{row[0]}], [{row[1]}]]"


def test_brackets_grow_with_a_matrix() -> None:
    column = array(1.0, -2.5)
    inside = r"\begin{bmatrix} 1 \\ -2.5 \end{bmatrix}"
    for op, latex in (
        ("tanh", rf"\tanh\left({inside}\right)"),
        ("abs", rf"\left\lvert {inside}\right\rvert "),
        ("neg", rf"-{inside}"),
        ("square", rf"{inside}^{{2}}"),
    ):
        assert WRITER.write(Application(0.0, op=TABLE[op], operands=(column,)), 4) == latex
    wide = Application(0.0, op=TABLE["sum"], operands=(array(*[1.25] * 8),) * 3)
    assert WRITER.write(Application(0.0, op=TABLE["tanh"], operands=(wide,)), 4).startswith(
        r"\tanh\Biggl(\begin"  # may be broken between its terms
    )


def test_a_fraction_of_arrays_stands_in_the_line() -> None:
    ratio = Application(0.0, op=TABLE["div"], operands=(array(1.0, 2.0), Number(4.0)))
    assert WRITER.write(ratio, 4) == r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} / 4"


def test_a_long_vector_has_one_superscript() -> None:
    """TeX stops at x^a^b; the row of a long vector already has its sign of transposition."""
    row = r"\begin{bmatrix} 0 & 1 & 2 & 3 & 4 & 5 \end{bmatrix}"
    vector = array(*range(6))
    squared = Application(0.0, op=TABLE["square"], operands=(vector,))
    assert WRITER.write(squared, 4) == rf"\left({row}^{{\top}}\right)^{{2}}"
    assert WRITER.write(Application(0.0, op=blocks.transpose, operands=(vector,)), 4) == row


def test_matrix_products_and_transposes() -> None:
    weights = Quantity(np.eye(2), of=Value(0.0, "W"))  # type: ignore[arg-type]
    x = Quantity(np.ones(2), of=Value(0.0, "x"))  # type: ignore[arg-type]
    turned = apply(blocks.transpose, weights)
    assert WRITER.write(apply(blocks.matmul, turned, x), 4) == r"W^{\top} \cdot x"
    assert WRITER.write(apply(blocks.elementwise, x, x), 4) == r"x \odot x"


def test_blanks_keep_their_label() -> None:
    assert WRITER.write(Blank(3.0, label="A"), 4) == r"A\underline{\hspace{3em}}"


def test_an_operation_of_the_users_own() -> None:
    odd = Op("50%_\\input", lambda x: x, lambda x, y: (1.0,))
    own = Op("swish", lambda x: x, lambda x, y: (1.0,), latex=r"\mathrm{Sw}")
    two = Number(2.0)
    assert WRITER.write(application(odd, two), 4) == (
        r"\operatorname{50\%\_\backslash input}(2)"
    )
    assert WRITER.write(application(own, two), 4) == r"\mathrm{Sw}(2)"
