"""Worked solutions in LaTeX: nothing lost against the text, nothing that would not compile.

`make latex` compiles the packaged worksheets' solutions; this needs no TeX.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

import autograd_core as ac
from autograd_core import Value, Worksheet
from autograd_core.expression import Application, Quantity
from autograd_core.tracing import Depth
from tests.support.printed_numbers import numbers_in_tex, numbers_in_text, single_rows
from tests.viz.printers.test_text import LONG
from tests.viz.test_solutions import generated
from viz import explain
from viz.document import Chain, Document, Part, Row, Section, Table
from viz.library import packaged_worksheets, worksheet_text
from viz.names import Names
from viz.printers.latex import print_latex, typed
from viz.printers.text import print_text

PACKAGED = packaged_worksheets()
OF_OUR_OWN = {
    "long": LONG,
    "softmax": "\n".join(f"z{i} = {i}*0.3 - 0.5" for i in range(6))
    + "\nS = " + " + ".join(f"exp(z{i})" for i in range(6))
    + "\np = exp(z2)/S; L = -log(p); derivative(L, S)",
    "deep": "a0 = 1\n" + "\n".join(f"a{i} = a{i - 1}*1.5" for i in range(1, 31))
    + "\nderivative(a30, a1)",
    "wide": "\n".join(f"w{i} = {i}.5" for i in range(40))
    + "\nL = max(" + ", ".join(f"w{i}" for i in range(40)) + ")",
    "branches": "x = 1.5\n" + "\n".join(f"q{i} = x*{i}.25" for i in range(1, 13))
    + "\nL = " + " + ".join(f"q{i}**2" for i in range(1, 13)),
    "kinds": "a = 1e-30; b = -2.5e-7; c = 3; d = -4\n"
    "u = relu(a) + abs(b)*where(c, d, 1) + sqrt(c*c + 1)**3/(a + c/(d + 1/(c + 2/d)))\n"
    "L = min(c, d, u)/d/c - c**d + mod(c, 2) + log2(c) + leaky_relu(d) + abs(0*c)",
    "adam": "w = 2; x = 3; v = -0.5\nL = (w*x - v - 10)**2/2\n"
    'update(L, w, v, lr=0.1, steps=3, rule="adam")',
}  # fmt: skip
WORKSHEETS = {name: worksheet_text(name) for name in PACKAGED} | OF_OUR_OWN

HOSTILE = [
    r"\input{/etc/passwd}", "%#_^{}~&$\\", "a\nb\n\n\\end{align*}", "x" * 10_000, "\u202eabc",
    "\x1b[31m", "<script>`|*", "''", "a b c", "_", "^^M", "$$", "w'", "{", "}", "_hat", "x__y",
    "1", "-", "\\", "\ufb00", "x₁₂", "[a](b)", "中文", "𝛼", "\ud800", "&lt;", "~~a~~", "a_{b",
]  # fmt: skip

KNOWN_MACROS = set(re.findall(r"[a-zA-Z]+", """
    acute allowbreak alpha approx arctan arraystretch ast backslash bar begin beta Biggl biggl
    Biggr biggr cdot cdots char cos ddots Delta dfrac displaystyle end enspace eta exp frac hat
    hline item itemsep lambda lbrace ldots left leftarrow lineskip lineskiplimit ln log lvert
    mathit mathrm mathtt max mbox min mu normalfont normalsize odot operatorname par partial pm
    qquad quad raggedright rbrace renewcommand rho right rlap rvert setlength sigma sim sqrt
    subsection sum surd tag tanh text textasciicircum textasciitilde textbackslash textbar
    textgreater textless textstyle theta times top ttfamily underbrace varepsilon vdots vert wedge
"""))  # fmt: skip


Case = tuple[str, Depth]
NAMED: list[Case] = [(name, "named") for name in WORKSHEETS]
# At the other depths, which print the same kinds of row, every seventh, and the largest.
OTHERS: list[Case] = [
    *((name, depth) for name in list(WORKSHEETS)[::7] for depth in ("layer", "operation")),
    *((name, "layer") for name in ("002.net11-xor", "004.cnn-small", "004.rnn-vector")),
]
CASES = [*NAMED, *OTHERS]
# Row by row, which takes longer: the same sample at the named depth, and what was written for it.
ROW_BY_ROW: list[Case] = [*((name, "named") for name in (*PACKAGED[::7], *OF_OUR_OWN)), *OTHERS]


@cache
def solved(name: str, depth: Depth = "named") -> Document:
    return explain(Worksheet.parse(WORKSHEETS[name]), depth=depth, lines=None).document


@cache
def rows_alone(case: Case) -> list[tuple[Document, Counter[str]]]:
    """Each row as a document by itself, with the numbers that its text has."""
    return [
        (alone, numbers_in_text(print_text(alone, 10_000)))
        for _, alone in single_rows(solved(*case))
    ]


def is_balanced(tex: str) -> bool:
    """Every brace closes, and every environment ends in the order they began."""
    tex = re.sub(r"\\[^A-Za-z]", "", tex)
    depth = 0
    for sign in tex:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    environments: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([^}]*)\}", tex):
        if kind == "begin":
            environments.append(name)
        elif not environments or environments.pop() != name:
            return False
    return depth == 0 and not environments


@cache
def whole(case: Case) -> tuple[Document, Counter[str]]:
    """The document without its problem, with the numbers that its text has."""
    alone = replace(solved(*case), problem="")
    return alone, numbers_in_text(print_text(alone, 10_000))


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_no_number_is_lost(case: Case) -> None:
    alone, numbers = whole(case)
    assert numbers.total() > 10
    assert numbers_in_tex(print_latex(alone)) == numbers


@pytest.mark.parametrize("case", ROW_BY_ROW, ids="-".join)
def test_every_row_has_the_numbers_of_the_text(case: Case) -> None:
    assert len(rows_alone(case)) > 5
    for alone, numbers in rows_alone(case):
        latex = print_latex(alone)
        assert numbers_in_tex(latex) == numbers, (print_text(alone, 10_000), latex)


@pytest.mark.parametrize("seed", range(15))
def test_the_same_of_generated_worksheets(seed: int) -> None:
    document = explain(Worksheet.parse(generated(seed)), depth="operation").document
    for _, alone in single_rows(document):
        text, latex = print_text(alone, 10_000), print_latex(alone)
        assert numbers_in_tex(latex) == numbers_in_text(text), (text, latex)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_it_could_compile(case: Case) -> None:
    latex = print_latex(solved(*case), complete=True)
    assert latex.isascii()
    assert is_balanced(latex)
    assert latex.startswith("\\documentclass")
    body = latex.partition("\\begin{document}")[2]
    assert set(re.findall(r"\\([a-zA-Z]+)", body)) <= KNOWN_MACROS | {"d"}
    # A blank line inside a formula ends the paragraph, and TeX stops.
    assert not any("\n\n" in block for block in re.findall(r"(?s)\\begin\{align.*?\\end", body))
    assert not any(block.count("\\tag") > 30 for block in body.split("\\begin{align*}"))


def test_hostile_names() -> None:
    leaves = [Value(1.1 + i, name) for i, name in enumerate(HOSTILE)]
    L = ac.tanh(ac.sum(*leaves) * 0.01).named("\\L%")
    latex = print_latex(explain(L).document)
    assert latex.isascii()
    assert all(c.isprintable() or c == "\n" for c in latex)
    assert is_balanced(latex)
    comment, _, body = latex.partition("\n")
    assert comment.startswith("% ")
    assert set(re.findall(r"\\([a-zA-Z]+)", body)) <= KNOWN_MACROS
    assert not re.search(r"(?<!\\)[%#]", body)
    assert "x" * 50 not in body


def test_a_hostile_problem() -> None:
    problem = "# \\end{verbatim} \\input{x} % $$ <é> 中 ~ ^ \" | \x1b\n  indented\n\n" + "y" * 200
    latex = typed(problem)
    assert latex.isascii()
    assert is_balanced(latex)
    assert set(re.findall(r"\\([a-zA-Z]+)", latex)) <= KNOWN_MACROS
    assert r"\textbackslash{}end\{verbatim\}" in latex
    assert r"\mbox{}\ \ indented\\" in latex
    assert "y" * 61 not in latex


def test_the_toy_problem() -> None:
    """The lines that a reader of the text finds, as a lecturer would typeset them."""
    latex = print_latex(solved("000.toy-elu"))
    for line in (
        r"\item[{with}] $x$~=~$2$, $w_{1}$~=~$2$, $w_{2}$~=~$-1$, $w_{3}$~=~$6$, $t$~=~$-1$",
        r"\subsection*{Forward}",
        r"\mathit{pre} & = w_{1} \cdot y + w_{2} \cdot z + w_{3} "
        r"= 2 \cdot 0.5 + (-1) \cdot 4 + 6 = 3 \tag{3}",
        r"L & = (o - t)^{2} = (3 - (-1))^{2} = 4^{2} = 16 \tag{5}",
        r"\frac{\mathrm{d}L}{\mathrm{d}\mathit{pre}} & "
        r"= \underbrace{\frac{\mathrm{d}L}{\mathrm{d}o}}_{8} \cdot "
        r"\underbrace{\frac{\partial o}{\partial \mathit{pre}}}_{1} = 8 & "
        r"\frac{\partial o}{\partial \mathit{pre}} & = 1 \text{, since }\mathit{pre} > 0 "
        r"\tag*{chain rule\enspace (8)} \\[3pt]",
        r"\text{two branches meet at }x\text{: add them}",
        r"\text{sum}\quad  & {-}8 + (-16) = -24",
        r"w_{2} & \leftarrow w_{2} - \eta \cdot \frac{\mathrm{d}L}{\mathrm{d}w_{2}} "
        r"= -1 - 0.1 \cdot 32 = -4.2",
        r"\item[{$\mathrm{d}L/\mathrm{d}x$}] ${-}$24.000000 ($\pm $4e${-}$10) OK",
    ):
        assert line in latex, line
    assert latex.index(r"\mbox{}pre\ =\ w1*y\ +\ w2*z\ +\ w3") < latex.index("Forward")


@pytest.mark.parametrize(
    ("worksheet", "said"),
    [
        ("x = 2; y = 2; L = max(x, y)", r"since }\text{2 operands tie and share the gradient}"),
        ("x = 2; y = 3; L = max(x, y)", r"= 1 \text{, since }y\text{ is the larger}"),
        ("x = 2; y = 3; z = 4; L = min(x, y, z)", r"\text{, since }x\text{ is the smallest}"),
        ("x = -2; L = relu(x)", r"= 0 \text{, since }x < 0"),
        ("x = 0; L = abs(x)", r"= 0 \text{, since }x = 0"),
        ("x = 0; L = abs(x)", "at a kink: the slopes are $-1$ on the left and $1$ on the right"),
    ],
)  # fmt: skip
def test_reasons_and_verdicts(worksheet: str, said: str) -> None:
    assert said in print_latex(explain(Worksheet.parse(worksheet)).document)


def test_a_product_has_four_factors_a_line() -> None:
    latex = print_latex(solved("deep"))
    counts = [line.count(r"\underbrace") for line in latex.split("\n")]
    assert max(counts) == 4
    assert sum(count == 4 for count in counts) >= 7  # 29 factors from a30 to a1


def document(*rows: Row) -> Document:
    return Document((Section("SOME", rows=rows),), Names([]))


def test_rule_names_stand_at_the_right() -> None:
    chain = Chain(Quantity(2.0), (Part("=", Quantity(2.0), True, 4),))
    rows = Row(7, chain=chain, rule="chain rule"), Row(chain=chain, rule="b")
    latex = print_latex(document(*rows))
    assert r"2 & = 2 \tag*{chain rule\enspace (7)} \\[3pt]" in latex
    assert r"2 & = 2 \tag*{b}" in latex


def test_a_table_is_cut_where_it_is_too_wide() -> None:
    columns = tuple((f"step {i}",) for i in range(20))
    cells = tuple((Quantity(i + 0.123456),) for i in range(20))
    table = Table(("term",), columns, ((("loss & more",), cells),))
    below = Row(label=("sum",), words=("after",))
    latex = print_latex(document(Row(words=("before",), below=(below,), table=table)))
    tables = re.findall(r"(?s)\\begin\{tabular\}\{l\|(r+)\}(.*?)\\end\{tabular\}", latex)
    assert sum(len(kinds) for kinds, _ in tables) == 20
    assert len(tables) > 1
    for kinds, body in tables:
        heads, row = body.strip().split("\n")
        assert heads.count("&") == len(kinds)
        assert row.replace(r"\&", "").count("&") == len(kinds)
    assert latex.index("before") < latex.index("after") < latex.index("tabular")
    for i in range(20):
        assert f"${i}.123456$" in latex


def test_a_sum_of_products_has_its_numbers_underneath() -> None:
    """Where several paths lead down, each factor still has its number."""
    sheet = Worksheet.parse("x = 3; a = 2*x; b = x**2; c = a*b; L = c/2; derivative(c, x)")
    [section] = [s for s in explain(sheet).document.sections if s.title == "ASKED FOR"]
    [part, *_] = section.rows[0].chain.parts if section.rows[0].chain else []
    assert isinstance(part.formula, Application)
    latex = print_latex(Document((section,), explain(sheet).document.names))
    assert latex.count(r"\underbrace") == 4
