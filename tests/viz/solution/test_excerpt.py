"""The worksheet's text above its solution: what is shown is still a worksheet."""

from __future__ import annotations

import pytest

from autograd_core import Worksheet
from viz.solution.excerpt import LONGEST_LINE, excerpt


def matrix(rows: int, columns: int) -> str:
    lists = (", ".join(f"{i}.{j:02}" for j in range(columns)) for i in range(rows))
    return f"[{', '.join(f'[{row}]' for row in lists)}]"


@pytest.mark.parametrize("text", ["", "x = 1", "x = 1\n\n# a remark\nL = x**2\n", "x = [1]; L = 1"])
def test_a_short_text_stands_as_it_was_typed(text: str) -> None:
    assert excerpt(text) == text
    assert excerpt(text, 10) == text


def test_long_lists_are_broken_where_a_worksheet_reads_on() -> None:
    text = f"W = {matrix(20, 30)}  # weights\nx = {matrix(1, 30)[1:-1]}\nL = sum(W @ x)"
    shown = excerpt(text)
    assert max(map(len, shown.split("\n"))) <= LONGEST_LINE
    assert "".join(shown.split()) == "".join(text.split())
    assert Worksheet.parse(shown).output.data == Worksheet.parse(text).output.data


def test_a_remark_is_not_broken() -> None:
    text = f"x = 1  # {matrix(9, 9)}\nL = x"
    assert excerpt(text) == text


def test_a_cut_text_says_how_much_is_left_out() -> None:
    text = "\n".join(f"a{i} = {i}" for i in range(100))
    assert excerpt(text, 4) == "a0 = 0\na1 = 1\na2 = 2\n# … 97 more lines"
    assert excerpt(text, 1).endswith("\n# … 99 more lines")
    assert len(excerpt("L = " + " + ".join(["x"] * 500), 3)) == LONGEST_LINE + 1
