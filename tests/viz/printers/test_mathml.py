"""Formulas as MathML: every piece by hand, hostile names, and where a line may break."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import numpy as np
import pytest

from autograd_core import TABLE, Value, trace
from autograd_core.blocks import elementwise, matmul, transpose
from autograd_core.expression import (
    Application,
    Blank,
    Derivative,
    Number,
    Quantity,
    Symbol,
    application,
)
from autograd_core.op import Op
from autograd_core.worksheet import Worksheet
from viz.names import Names
from viz.notation import Writer
from viz.printers.mathml import MathML, pieces, printable

WRITER = Writer(MathML(), lambda node: str(node.name))
A, B = (Quantity(2.0, of=Value(2.0, name)) for name in "ab")


def written(expression: str, numbers: bool = False) -> str:
    sheet = Worksheet.parse(f"a = 2; b = -3; c = 0.5; L = {expression}")
    return WRITER.write(trace(sheet.output).formula(sheet.output), 4, numbers)


PREFIX = '<mo form="prefix">−</mo>'


def brackets(inside: str, mo: str = '<mo stretchy="false">') -> str:
    return f"<mrow>{mo}(</mo>{inside}{mo})</mo></mrow>"


a, b, c, two = "<mi>a</mi>", "<mi>b</mi>", "<mi>c</mi>", "<mn>2</mn>"


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("a + b - c", f"{a}<mo>+</mo>{b}<mo>−</mo>{c}"),
        ("a*b", f"{a}<mo>·</mo>{b}"),
        ("a*(b + c)", f"{a}<mo>·</mo>{brackets(f'{b}<mo>+</mo>{c}')}"),
        ("a/b", f"<mfrac>{a}{b}</mfrac>"),
        ("(a + b)/c", f"<mfrac><mrow>{a}<mo>+</mo>{b}</mrow>{c}</mfrac>"),
        ("a/b/c", f"<mfrac><mfrac>{a}{b}</mfrac>{c}</mfrac>"),
        ("a*(b/c)", f"{a}<mo>·</mo><mfrac>{b}{c}</mfrac>"),
        ("-(a/b)", f"{PREFIX}<mfrac>{a}{b}</mfrac>"),
        ("(a/b)**2", f"<msup>{brackets(f'<mfrac>{a}{b}</mfrac>', '<mo>')}{two}</msup>"),
        ("a**2", f"<msup>{a}{two}</msup>"),
        ("a**(b + c)", f"<msup>{a}<mrow>{b}<mo>+</mo>{c}</mrow></msup>"),
        ("(-a)**2", f"<msup>{brackets(PREFIX + a)}{two}</msup>"),
        ("sqrt(a + c)", f"<msqrt>{a}<mo>+</mo>{c}</msqrt>"),
        ("sigmoid(a)", f"<mi>σ</mi>{brackets(a)}"),
        ("log10(a)", f"<msub><mi>log</mi><mn>10</mn></msub>{brackets(a)}"),
        ("max(a, b)", f"<mi>max</mi>{brackets(f'{a}<mo>,</mo>{b}')}"),
        ("sigmoid(a)**2", f"<msup><mrow><mi>σ</mi>{brackets(a)}</mrow>{two}</msup>"),
        ("abs(a)", f'<mrow><mo stretchy="false">|</mo>{a}<mo stretchy="false">|</mo></mrow>'),
        ("1e-7*a",
         f"<mn>1</mn><mo>·</mo><msup><mn>10</mn><mn>−7</mn></msup><mo>·</mo>{a}"),
    ],
)  # fmt: skip
def test_formulas(typed: str, markup: str) -> None:
    assert written(typed) == markup


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("b*a", f"{brackets('<mn>−3</mn>')}<mo>·</mo>{two}"),
        ("a + b", f"{two}<mo>+</mo>{brackets('<mn>−3</mn>')}"),
        ("b/a", f"<mfrac><mn>−3</mn>{two}</mfrac>"),
        ("a**b", f"<msup>{two}<mn>−3</mn></msup>"),
        ("b**2", f"<msup>{brackets('<mn>−3</mn>')}{two}</msup>"),
    ],
)
def test_formulas_with_numbers(typed: str, markup: str) -> None:
    assert written(typed, numbers=True) == markup


def test_numbers() -> None:
    for text, markup in (
        ("0.50", "<mn>0.50</mn>"),
        ("-8", "<mn>−8</mn>"),
        ("1.5E-30", "<mn>1.5</mn><mo>·</mo><msup><mn>10</mn><mn>−30</mn></msup>"),
        ("-2E+20", "<mn>−2</mn><mo>·</mo><msup><mn>10</mn><mn>20</mn></msup>"),
        ("Infinity", "<mn>∞</mn>"),
        ("-Infinity", "<mn>−∞</mn>"),
        ("NaN", "<mn>NaN</mn>"),
    ):
        assert MathML().number(Decimal(text)) == markup


def test_exact_fractions() -> None:
    third = Number(Fraction(1, 3))  # type: ignore[arg-type]
    assert WRITER.write(third, 4) == "<mfrac><mn>1</mn><mn>3</mn></mfrac>"
    less = Number(Fraction(-1, 3))  # type: ignore[arg-type]
    minus = f"{PREFIX}<mfrac><mn>1</mn><mn>3</mn></mfrac>"
    assert WRITER.write(less, 4) == minus
    product = Application(0.0, op=TABLE["mul"], operands=(A, less))
    assert WRITER.write(product, 4) == f"{a}<mo>·</mo>{brackets(minus, '<mo>')}"


def test_derivatives() -> None:
    """A fraction of their own, so a power of one needs brackets."""
    y, x = Value(1.0, "y"), Value(1.0, "x_1")
    total = Derivative(3.0, of=y, by=x)
    by = "<msub><mi>x</mi><mn>1</mn></msub>"
    markup = f"<mfrac><mrow><mi>d</mi><mi>y</mi></mrow><mrow><mi>d</mi>{by}</mrow></mfrac>"
    assert WRITER.write(total, 4) == markup
    direct = Derivative(3.0, of=y, by=x, direct=True)
    assert WRITER.write(direct, 4) == markup.replace("<mi>d</mi>", "<mi>∂</mi>")
    squared = application(TABLE["square"], total)
    assert WRITER.write(squared, 4) == f"<msup>{brackets(markup, '<mo>')}{two}</msup>"


def test_arrays() -> None:
    def cells(*numbers: str) -> str:
        return "".join(f"<mtd><mn>{n}</mn></mtd>" for n in numbers)

    matrix = Number(np.array([[1.0, -2.0], [0.5, 4.0]]))  # type: ignore[arg-type]
    table = f"<mtable><mtr>{cells('1', '−2')}</mtr><mtr>{cells('0.5', '4')}</mtr></mtable>"
    assert WRITER.write(matrix, 4) == f"<mrow><mo>[</mo>{table}<mo>]</mo></mrow>"
    vector = Number(np.array([1.0, 2.0]))  # type: ignore[arg-type]
    column = f"<mtable><mtr>{cells('1')}</mtr><mtr>{cells('2')}</mtr></mtable>"
    assert WRITER.write(vector, 4) == f"<mrow><mo>[</mo>{column}<mo>]</mo></mrow>"
    inside = "<mo>,</mo>".join(f"<mn>{i}</mn>" for i in range(5))
    fixed = '<mo stretchy="false">'
    long = Number(np.arange(5.0))  # type: ignore[arg-type]
    assert WRITER.write(long, 4) == f"<mrow>{fixed}[</mo>{inside}{fixed}]</mo></mrow>"
    assert WRITER.write(Number(np.array([])), 4) == (  # type: ignore[arg-type]
        f"<mrow>{fixed}[</mo>{fixed}]</mo></mrow>"
    )
    deep = WRITER.write(Number(np.ones((2, 1, 2))), 4)  # type: ignore[arg-type]
    assert deep.count("<mtable>") == 2
    ElementTree.fromstring(f"<math>{deep}</math>")


def test_products_and_transposes_of_arrays() -> None:
    assert MathML().infix("@", a, b) == f"{a}<mo>·</mo>{b}"
    assert WRITER.write(Application(0.0, op=matmul, operands=(A, B)), 4) == f"{a}<mo>·</mo>{b}"
    assert WRITER.write(Application(0.0, op=elementwise, operands=(A, B)), 4) == f"{a}<mo>⊙</mo>{b}"
    turned = Application(0.0, op=transpose, operands=(A,))
    assert WRITER.write(turned, 4) == f"<msup>{a}<mi>⊤</mi></msup>"


def test_a_blank_is_a_box_with_its_label() -> None:
    room = "\u2003" * 3
    assert WRITER.write(Blank(2.0, label="<a>"), 4) == (
        f'<mtext style="border:1px solid">&lt;a&gt;{room}</mtext>'
    )


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("x", "<mi>x</mi>"),
        ("pre", "<mi>pre</mi>"),
        ("w1", "<msub><mi>w</mi><mn>1</mn></msub>"),
        ("alpha_1", "<msub><mi>α</mi><mn>1</mn></msub>"),
        ("W_xh", "<msub><mi>W</mi><mi>xh</mi></msub>"),
        ("x_t_1", "<msub><mi>x</mi><mrow><mi>t</mi><mo>,</mo><mn>1</mn></mrow></msub>"),
        ("w2_0", "<msub><mi>w</mi><mrow><mn>2</mn><mo>,</mo><mn>0</mn></mrow></msub>"),
        ("x'", "<msup><mi>x</mi><mo>′</mo></msup>"),
        ("w1′′", "<msubsup><mi>w</mi><mn>1</mn><mo>′′</mo></msubsup>"),
        ("y_hat", '<mover accent="true"><mi>y</mi><mo>^</mo></mover>'),
        ("y_hat_2", '<msub><mover accent="true"><mi>y</mi><mo>^</mo></mover><mn>2</mn></msub>'),
        ("z1[0]", '<mrow><msub><mi>z</mi><mn>1</mn></msub><mo stretchy="false">[</mo><mn>0</mn>'
         '<mo stretchy="false">]</mo></mrow>'),
        ("W[1, 2]", '<mrow><mi>W</mi><mo stretchy="false">[</mo><mn>1</mn><mo>,</mo><mn>2</mn>'
         '<mo stretchy="false">]</mo></mrow>'),
        ("_x", "<mi>_x</mi>"),
    ],
)  # fmt: skip
def test_names(name: str, markup: str) -> None:
    assert MathML().name(name) == markup


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=y>', "a & b", "</math><b>", "]]>", "<!--",
    "a\u202eb", "a\x00b", "a\nb", "a\x1bb", "\ud800", "\ufeff", "שלום", "x" * 10_000, "_", "", "[]",
    "a[<b>]", "x_<i>", "x_hat_<i>'", "&lt;",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_any_name_is_text(name: str) -> None:
    """It is well-formed, has only elements of ours, and every sign can be seen."""
    op = Op(name or "f", lambda x: x, lambda x, y: (1.0,))
    formula = application(TABLE["div"], Symbol(1.0, name=name), application(op, Blank(1.0, name)))
    markup = WRITER.write(formula, 4)
    tree = ElementTree.fromstring(f"<math>{markup}</math>")
    ours = {"math", "mfrac", "mrow", "mi", "mn", "mo", "mtext", "msub", "msup", "msubsup", "mover"}
    assert {element.tag for element in tree.iter()} <= ours
    attributes = {key for element in tree.iter() for key in element.attrib}
    assert attributes <= {"form", "stretchy", "style", "accent"}
    assert markup.isprintable() or set(filter(lambda c: not c.isprintable(), markup)) == {"\u2003"}
    markup.encode("utf-8")


def test_names_that_would_look_alike_stay_as_typed() -> None:
    """w1 has a lowered 1 here, so w_1 must not."""
    nodes = [Value(1.0, name) for name in ("w1", "w_1", "x1")]
    names = Names(nodes).seen_as(MathML().name)
    assert [MathML().name(names(node)) for node in nodes] == [
        "<mi>w1</mi>", "<mi>w_1</mi>", "<msub><mi>x</mi><mn>1</mn></msub>",
    ]  # fmt: skip


def test_an_absurdly_long_name_is_cut_in_the_middle() -> None:
    markup = MathML().name("ab" * 5000)
    assert markup == f"<mi>{'ab' * 30}…{'b' + 'ab' * 9}</mi>"
    assert MathML().name("x" * 80) == f"<mi>{'x' * 80}</mi>"


def test_what_cannot_be_seen_is_replaced() -> None:
    assert printable("a\u202eb\tc\x00") == "a\ufffdb\ufffdc\ufffd"


# --- lines ------------------------------------------------------------------------------------


def test_a_short_formula_is_one_piece() -> None:
    markup = written("max(a, b)*c + a")
    assert pieces(markup) == [markup]


def text(markup: str) -> str:
    return re.sub("<[^>]*>", "", markup)


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("+".join(["max(a, b)"] * 4), ["max(a,b)", "+max(a,b)", "+max(a,b)", "+max(a,b)"]),
        ("-".join(["sigmoid(a*b)"] * 4), ["σ(a·b)", "−σ(a·b)", "−σ(a·b)", "−σ(a·b)"]),
        ("max(" + ",".join(["a*b", "b*c"] * 4) + ")",
         ["max(a·b,", "b·c,", "a·b,", "b·c,", "a·b,", "b·c,", "a·b,", "b·c)"]),
        ("*".join(["abs(a)", "exp(b)"] * 3) + "+ 1",
         ["|a|", "·exp(b)", "·|a|", "·exp(b)", "·|a|", "·exp(b)", "+1"]),
    ],
)  # fmt: skip
def test_a_long_formula_is_cut_at_its_signs(typed: str, cut: list[str]) -> None:
    markup = written(typed)
    found = pieces(markup)
    assert list(map(text, found)) == cut
    assert text("".join(found)) == text(markup)
    for piece in found:
        ElementTree.fromstring(f"<math>{piece}</math>")


def test_a_sign_at_the_start_of_a_line_stays_between_terms() -> None:
    """A browser takes the first sign of a formula for a prefix and sets it close."""
    for piece in pieces(written("+".join(["max(a, b)"] * 4)))[1:]:
        assert piece.startswith('<mo form="infix">+</mo>')


def test_what_stands_in_a_fraction_is_not_cut() -> None:
    markup = written("(" + "+".join(["a*b"] * 12) + ")/c")
    assert pieces(markup) == [markup]


def test_every_row_can_be_written() -> None:
    for name, row in TABLE.items():
        count = len(row.operand_names) or 3
        operands = tuple(Quantity(0.5, of=Value(0.5, f"v{i}")) for i in range(count))
        markup = WRITER.write(Application(1.0, op=row, operands=operands), 4)
        ElementTree.fromstring(f"<math>{markup}</math>")
        for i in range(count):
            assert f"<msub><mi>v</mi><mn>{i}</mn></msub>" in markup, name
