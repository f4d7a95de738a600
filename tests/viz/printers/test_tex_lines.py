"""Widths of formulas in TeX and where they are broken. The widths are judged by TeX's own."""

from __future__ import annotations

import pytest

from viz.printers.tex_lines import Room, filled, kinds_outside, width

# Formulas and how wide pdfTeX sets them in display style, in em of Computer Modern at 10 pt.
MEASURED = [
    (r"a + b - c", 3.83),
    (r"w_{1} \cdot y + w_{2} \cdot z + w_{3}", 8.42),
    (r"\mathit{pre} = 2 \cdot 0.5 + (-1) \cdot 4 + 6 = 3", 13.31),
    (r"\frac{\mathrm{d}L}{\mathrm{d}w_{1}}", 1.96),
    (r"\underbrace{\frac{\mathrm{d}L}{\mathrm{d}\mathit{pre}}}_{8} "
     r"\cdot \underbrace{\frac{\partial \mathit{pre}}{\partial w_{1}}}_{0.0001519} = 4", 8.08),
    (r"\sigma(4 - 2 \cdot x) = \sigma(0)", 8.12),
    (r"\sqrt{c \cdot c + 1}", 4.14),
    (r"\operatorname{leaky\_relu}(x, 0.5)", 7.39),
    (r"\max(0.1 \cdot x, 2 \cdot x)", 7.45),
    (r"\begin{bmatrix} 0.126 & -0.132 & 0.64 \\ -0.536 & 0.362 & 1.304 \end{bmatrix}", 11.44),
    (r"\lvert a - b\rvert^{2}", 3.18),
    (r"x \approx -{2.5 \cdot 10^{-7}}", 6.76),
    (r"\mathtt{w\_1} - \mathit{learning}", 6.21),
    (r"\text{, since }x > 0", 5.47),
    (r"\biggl(\frac{a}{b}\biggr)^{2} / c", 3.62),
    (r"\dfrac{\frac{a}{b}}{c + 12345}", 4.39),
    (r"\arctan(x) + \ln(y) + \exp(z) + \log_{10}(u)", 16.24),
    (r"\underline{\hspace{3em}}", 3.00),
    (r"\tanh\left(\begin{bmatrix} 0.6 \\ 0 \end{bmatrix}\right)", 5.97),
    (r"\begin{bmatrix} 1 & \cdots & 2 \\ \vdots & \ddots & \vdots \end{bmatrix}^{\top}", 6.18),
    (r"a \odot \left\lvert \begin{bmatrix} 12.5 & -3 \end{bmatrix}\right\rvert ", 7.31),
    (r"\alpha \leftarrow \hat{y}_{\mathrm{max}}'[0]", 5.27),
    (r"\mathit{MMMWWW} + \mathit{iiilll}", 8.98),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "measured"), MEASURED)
def test_widths_are_those_of_tex_or_a_little_more(tex: str, measured: float) -> None:
    assert 0.98 * measured <= width(tex) <= 1.25 * measured


@pytest.mark.parametrize(
    ("part", "em", "lines"),
    [
        ("= a + b", 10, ["= a + b"]),
        ("= aaaa + bbbb", 4.5, ["= aaaa", "{} + bbbb"]),
        (r"= aaaa \cdot bbbb", 5, ["= aaaa", r"{} \cdot bbbb"]),
        (r"= aa \cdot bbbb + cc", 6, [r"= aa \cdot bbbb", "{} + cc"]),
        ("= f(aaaa, -bbbb)", 5.5, ["= f(aaaa,", "{-}bbbb)"]),
        (r"= (aaaa + bbbb) \cdot cccc", 9, ["= (aaaa + bbbb)", r"{} \cdot cccc"]),
        (r"= aaaa / (bbbb - cccc)", 8, ["= aaaa", "/ (bbbb - cccc)"]),
        (r"= \frac{aaaa + bbbb}{c}", 2, [r"= \frac{aaaa + bbbb}{c}"]),  # nothing can be done
        ("= {1.25 \\cdot 10^{-7}}", 2, ["= {1.25 \\cdot 10^{-7}}"]),
        ("-aaaa", 1, ["{-}aaaa"]),
    ],
)
def test_where_a_part_is_broken(part: str, em: float, lines: list[str]) -> None:
    assert filled([part], Room(em)) == lines


def test_relations_come_first() -> None:
    parts = ["= a + b", "= 1 + 2", "= 3"]
    assert filled(parts, Room(100)) == ["= a + b = 1 + 2 = 3"]
    assert filled(parts, Room(6)) == ["= a + b", "= 1 + 2 = 3"]
    assert filled(parts, Room(5)) == parts


def test_a_part_that_is_cut_begins_a_line() -> None:
    parts = ["= a", "= bbbb + cccc + dddd"]
    assert filled(parts, Room(9)) == ["= a", "= bbbb + cccc", "{} + dddd"]


def test_lines_of_a_number_of_characters() -> None:
    assert filled(["= aa + bb + cc"], Room(100, characters=9)) == ["= aa + bb", "{} + cc"]


def test_a_product_has_four_factors_a_line() -> None:
    part = r"= a \cdot b \cdot c \cdot d \cdot e \cdot f \cdot g \cdot h \cdot i"
    assert filled([part], Room(100)) == [
        r"= a \cdot b \cdot c \cdot d",
        r"{} \cdot e \cdot f \cdot g \cdot h",
        r"{} \cdot i",
    ]
    assert len(filled([part.replace(r"e \cdot", "e +")], Room(100))) == 2


def test_no_line_is_wider_than_the_room() -> None:
    terms = " + ".join(rf"w_{{{i}}} \cdot (x - {i}.5)" for i in range(60))
    for em in (12.0, 25.0, 44.0):
        lines = filled([f"= {terms}", "= 1"], Room(em))
        assert max(map(width, lines)) <= em + 0.8  # a sign in front of a line
        assert "".join(lines).replace("{}", "").replace(" ", "") == f"={terms}=1".replace(" ", "")


@pytest.mark.parametrize(
    ("tex", "kinds"),
    [
        ("a + b", {"sign"}),
        ("-a", set()),
        (r"-a \cdot b", {"dot"}),
        ("(a + b)", set()),
        (r"f(a + b) / c", {"slash"}),
        (r"\lvert a - b\rvert", set()),
        (r"\frac{a + b}{c}", set()),
    ],
)
def test_kinds_outside_brackets(tex: str, kinds: set[str]) -> None:
    assert kinds_outside(tex) == kinds
