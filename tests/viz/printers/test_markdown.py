"""Worked solutions in Markdown: nothing lost against the text, nothing that a renderer eats."""

from __future__ import annotations

import re
from functools import cache

import pytest

import autograd_core as ac
from autograd_core import Value, Worksheet
from autograd_core.expression import Quantity
from autograd_core.tracing import Depth
from tests.support.printed_numbers import numbers_in_tex, numbers_in_text, single_rows
from tests.viz.printers.test_latex import (
    CASES,
    HOSTILE,
    ROW_BY_ROW,
    Case,
    document,
    is_balanced,
    rows_alone,
    solved,
    whole,
)
from tests.viz.test_solutions import generated
from viz import explain
from viz.document import Chain, Document, Part, Row, Table
from viz.printers.markdown import print_markdown
from viz.printers.text import print_text


def without_problem(markdown: str) -> str:
    return re.sub(r"(?sm)\A(`{3,})text\n.*?\n\1\n", "", markdown)


def formulas(markdown: str) -> list[str]:
    return re.findall(r"\$([^$\n]+)\$", without_problem(markdown))


def hostile() -> Document:
    leaves = [Value(1.1 + i, name) for i, name in enumerate(HOSTILE)]
    return explain(ac.tanh(ac.sum(*leaves) * 0.01).named("\\L%")).document


@cache
def printed(name: str, depth: Depth = "named") -> str:
    return print_markdown(hostile() if name == "hostile" else solved(name, depth))


DOCUMENTS: list[Case] = [*CASES, ("hostile", "named")]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_no_number_is_lost(case: Case) -> None:
    alone, numbers = whole(case)
    assert numbers_in_tex(print_markdown(alone)) == numbers


@pytest.mark.parametrize("case", ROW_BY_ROW, ids="-".join)
def test_every_row_has_the_numbers_of_the_text(case: Case) -> None:
    for alone, numbers in rows_alone(case):
        markdown = print_markdown(alone)
        assert numbers_in_tex(markdown) == numbers, (print_text(alone, 10_000), markdown)


@pytest.mark.parametrize("seed", range(15))
def test_the_same_of_generated_worksheets(seed: int) -> None:
    solution = explain(Worksheet.parse(generated(seed)), depth="operation").document
    for _, alone in single_rows(solution):
        text, markdown = print_text(alone, 10_000), print_markdown(alone)
        assert numbers_in_tex(markdown) == numbers_in_text(text), (text, markdown)


@pytest.mark.parametrize("case", DOCUMENTS, ids="-".join)
def test_formulas_hold_nothing_that_markdown_reads(case: Case) -> None:
    markdown = printed(*case)
    found = formulas(markdown)
    assert found
    for formula in found:
        assert is_balanced(formula)
        assert not re.search(r"\\[^A-Za-z]", formula), formula  # an escape, to Markdown
        assert not re.search(r"(?<! )_", formula), formula  # this could close an emphasis
        assert not set("|*~`<>#%\n") & set(formula), formula
        assert formula == formula.strip()
    rest = re.sub(r"\$[^$\n]+\$", "", without_problem(markdown))
    assert "$" not in rest
    assert "<" not in rest
    assert not re.search(r"[^ -~\n−·×±∞≈]", rest)


@pytest.mark.parametrize("case", DOCUMENTS, ids="-".join)
def test_tables_have_as_many_cells_in_every_row(case: Case) -> None:
    markdown = printed(*case)
    tables = re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE)
    assert tables
    for table in tables:
        counts = {line.count("|") for line in table.rstrip().split("\n")}
        assert len(counts) == 1, table
        assert re.match(r"\|:?--", table.split("\n")[1])


@pytest.mark.parametrize("case", DOCUMENTS, ids="-".join)
def test_lines_are_of_a_reasonable_length(case: Case) -> None:
    markdown = printed(*case)
    assert max(map(len, markdown.split("\n"))) <= 300
    assert markdown.endswith("\n")
    assert not markdown.endswith("\n\n")


def test_the_toy_problem() -> None:
    markdown = printed("000.toy-elu")
    for line in (
        "```text\n# One input through a sigmoid",
        "- **with** $x$ = $2$, $w _{1}$ = $2$, $w _{2}$ = $-1$, $w _{3}$ = $6$, $t$ = $-1$\n",
        "## Backward\n\nupstream × local derivative\n",
        r"| 5 | $\displaystyle L$ | $\displaystyle = (o - t)^{2} = (3 - (-1))^{2} = 4^{2} = 16$ |",
        r"| 9 | $\displaystyle \frac{\mathrm{d}L}{\mathrm{d}w _{1}}$ | $\displaystyle = "
        r"\underbrace{\frac{\mathrm{d}L}{\mathrm{d}\mathit{pre}}} _{8} \cdot "
        r"\underbrace{\frac{\partial \mathit{pre}}{\partial w _{1}}} _{0.5} = 4$ |",
        r"| | where | $\displaystyle \frac{\partial \mathit{pre}}{\partial w _{1}} = y = 0.5$ |",
        r"| through $y$ |",
        "- $\\mathrm{d}L/\\mathrm{d}x$: −24.000000 (±4e−10) OK\n",
    ):
        assert line in markdown, line


@pytest.mark.parametrize("ticks", ["", "```", "a ``` b\n`````` c"])
def test_the_fence_is_longer_than_any_in_the_problem(ticks: str) -> None:
    sheet = Worksheet.parse(f"# {ticks.splitlines()[0] if ticks else ''}\nx = 2; L = x**2")
    solution = explain(sheet).document
    markdown = print_markdown(Document(solution.sections, solution.names, problem=ticks + "\nx"))
    fence = markdown.partition("text\n")[0]
    assert set(fence) == {"`"}
    assert len(fence) > max(map(len, re.findall("`+", ticks)), default=2)
    assert f"\n{fence}\n" in markdown


def test_text_is_escaped() -> None:
    words = "<b> *a* _b_ `c` [d](e) # | \\ & $"
    markdown = print_markdown(document(Row(words=(words,))))
    assert r"&lt;b&gt; \*a\* \_b\_ \`c\` \[d\](e) \# \| \\ &amp; \$" in markdown


def test_rules_have_a_column_where_there_are_any() -> None:
    chain = Chain(Quantity(2.0), (Part("=", Quantity(2.0), True, 4),))
    markdown = print_markdown(document(Row(7, chain=chain, rule="chain rule"), Row(chain=chain)))
    assert "| step | | | rule |\n" in markdown
    assert "$\\displaystyle = 2$ | chain rule |\n" in markdown


def test_a_table_of_the_document() -> None:
    table = Table(("term",), (("t = 1",), ("t = 2",)), (
        (("loss",), ((Quantity(-1.5),), (Quantity(2.0),))),
    ))  # fmt: skip
    markdown = print_markdown(document(Row(table=table)))
    assert "| term | t = 1 | t = 2 |\n|:---|---:|---:|\n| loss | $-1.5$ | $2$ |\n" in markdown


def test_matrices_end_their_rows_without_backslashes() -> None:
    import numpy as np

    matrix = Quantity(np.array([[1.0, 2.0], [3.0, 4.0]]))  # type: ignore[arg-type]
    chain = Chain(Quantity(2.0), (Part("=", matrix, True, 4),))
    markdown = print_markdown(document(Row(1, chain=chain)))
    assert r"\begin{bmatrix} 1 & 2 \cr 3 & 4 \end{bmatrix}" in markdown
