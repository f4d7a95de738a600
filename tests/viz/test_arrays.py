"""Which entries of an array are shown, and how each format marks those that are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_core.expression import Quantity
from viz.arrays import LEFT_OUT, corners, grid
from viz.notation import Dialect, Text, Writer
from viz.printers.latex_notation import Latex
from viz.printers.markdown import MarkdownLatex
from viz.printers.mathml import MathML


def counted(*shape: int) -> Any:
    """0, 1, 2, … in an array of that shape."""
    return np.arange(float(np.prod(shape))).reshape(shape)


def written(dialect: Dialect, *shape: int) -> str:
    return Writer(dialect, str).write(Quantity(counted(*shape)), 4)


def entries(shown: Any) -> list[Any]:
    """The leaves of nested lists."""
    if not isinstance(shown, list):
        return [shown]
    return [leaf for item in shown for leaf in entries(item)]


def plain(x: float) -> str:
    return f"{x:g}"


@pytest.mark.parametrize("shape", [(1,), (64,), (8, 8), (12, 5), (4, 4, 4), (2, 2, 2, 8)])
def test_an_array_of_64_entries_is_whole(shape: tuple[int, ...]) -> None:
    shown = corners(counted(*shape), plain)
    assert np.shape(shown) == shape
    assert entries(shown) == [str(i) for i in range(int(np.prod(shape)))]


def test_of_a_larger_one_long_axes_are_cut() -> None:
    assert corners(counted(65), plain) == ["0", "1", "2", LEFT_OUT, "63", "64"]
    rows = corners(counted(3, 30), plain)
    assert rows[1] == ["30", "31", "32", LEFT_OUT, "58", "59"]
    assert len(rows) == 3
    assert corners(counted(2, 13), plain)[1] == ["13", "14", "15", LEFT_OUT, "24", "25"]
    tall = corners(counted(30, 3), plain)
    assert [row and row[0] for row in tall] == ["0", "3", "6", LEFT_OUT, "84", "87"]


@pytest.mark.parametrize("shape", [(70,), (6, 11), (9, 9), (7, 7, 7), (3, 6, 6), (8, 1, 9)])
def test_each_entry_shown_is_written_once_and_none_else(shape: tuple[int, ...]) -> None:
    asked: list[float] = []

    def write(x: float) -> str:
        asked.append(x)
        return "x"

    shown = entries(corners(counted(*shape), write))
    assert len(set(asked)) == len(asked) == np.prod([5 if side > 6 else side for side in shape])
    assert shown.count("x") == len(asked)
    assert (LEFT_OUT in shown) == (max(shape) > 6)
    assert {asked[0], asked[-1]} == {0.0, np.prod(shape) - 1}  # the corners among them


def test_the_signs_in_the_gaps() -> None:
    rows = [["a", LEFT_OUT, "b"], LEFT_OUT, ["c", LEFT_OUT, "d"]]
    assert grid(rows, "-", "|", "x") == [["a", "-", "b"], ["|", "x", "|"], ["c", "-", "d"]]
    assert grid([["a"], LEFT_OUT, ["b"]], "-", "|", "x") == [["a"], ["|"], ["b"]]


def test_every_format_marks_what_is_left_out() -> None:
    assert written(Text(), 65) == "[0, 1, 2, …, 63, 64]"
    assert written(Text(), 7, 10) == (
        "[[0, 1, 2, …, 8, 9], [10, 11, 12, …, 18, 19], [20, 21, 22, …, 28, 29], …, "
        "[50, 51, 52, …, 58, 59], [60, 61, 62, …, 68, 69]]"
    )
    latex = written(Latex(), 7, 10)
    assert latex.startswith(r"\begin{bmatrix} 0 & 1 & 2 & \cdots  & 8 & 9 \\ 10 ")
    assert r"\\ \vdots  & \vdots  & \vdots  & \ddots  & \vdots  & \vdots  \\ 50" in latex
    assert written(Latex(), 65) == (
        r"\begin{bmatrix} 0 & 1 & 2 & \cdots  & 63 & 64 \end{bmatrix}^{\top}"
    )
    assert written(Latex(), 9, 3, 3).count(r", \ldots , \begin") == 1
    assert r"\cr \vdots" in written(MarkdownLatex(), 33, 2)
    mathml = written(MathML(), 7, 10)
    assert mathml.count("<mo>⋯</mo>") == 5
    assert mathml.count("<mo>⋮</mo>") == 5
    assert mathml.count("<mo>⋱</mo>") == 1
    assert written(MathML(), 65).count("<mi>…</mi>") == 1
    assert written(MathML(), 9, 3, 3).count("<mtable>") == 5


def test_markdown_lists_what_would_be_a_long_line() -> None:
    """A matrix there is one line of the file; a list can be broken."""
    matrix = written(Latex(), 8, 8)
    assert matrix.startswith(r"\begin{bmatrix}")
    listed = written(MarkdownLatex(), 8, 8)
    assert listed.startswith("[[0, 1, 2, 3, 4, 5, 6, 7], [8, ")
    assert listed.count(",") == 63
