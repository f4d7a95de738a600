"""Exercises: what is blank, what the key says, and that nothing on the page gives it away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograd_core import Value, Worksheet
from viz import check_answers, exercise, explain
from viz.cli import main
from viz.library import packaged_worksheets, worksheet_text

PRODUCT = "w = 2; x = 3; given(x); y = w*x; L = (y - 1)**2; update(L, w, lr=0.1)"


def toy() -> Worksheet:
    return Worksheet.parse(worksheet_text("000.toy-elu"))


def test_the_whole_page() -> None:
    sheet = exercise(Worksheet.parse(PRODUCT))
    assert sheet.problem == (
        "     with   w = 2, x = 3\n"
        "     given  x\n"
        "     asked  dL/dw\n"
        "\n"
        "FORWARD\n"
        "  1  y = w·x = 2·3                = 6\n"
        "  2  L = (y − 1)² = (6 − 1)² = 5² = 25\n"
        "\n"
        "BACKWARD   upstream × local derivative\n"
        "  3  dL/dL = 1\n"
        "  4  dL/dy = dL/dL·∂L/∂y = (a)____   ∂L/∂y = 2·(y − 1)\n"
        "  5  dL/dw = dL/dy·∂y/∂w = (b)____   ∂y/∂w = x\n"
        "\n"
        "UPDATE   η = 0.1\n"
        "     w ← w − η·dL/dw = (c)____\n"
    )
    assert sheet.key_text() == (
        "(a)  dL/dy = 10\n(b)  dL/dw = 30\n(c)  w after the update = −1\n"
    )
    assert str(sheet) == sheet.problem


@pytest.mark.parametrize("name", packaged_worksheets())
def test_a_blanked_line_has_no_numbers_of_its_own(name: str) -> None:
    sheet = exercise(Worksheet.parse(worksheet_text(name)))
    lines = sheet.text(10_000).split("\n")
    blanked = [line for line in lines if "____" in line]
    assert len(blanked) == len(sheet.key) > 0
    labels = [re.findall(r"\([a-z]+\)(?=____)", line) for line in blanked]
    assert labels == [[label] for label in sheet.key]
    for line in blanked:
        formulas = re.split(r" = |   ", line.partition("____")[0])[1:-1]
        assert not any(re.fullmatch(r"[−(]?\d[\d.·()− ]*", part) for part in formulas), line
    assert "CHECK" not in sheet.problem


def test_what_the_key_says_is_right() -> None:
    sheet = exercise(toy())
    answers = [
        f"{solved.name} = {solved.number}"
        for solved in sheet.key.values()
        if "," not in solved.name and "after" not in solved.name
    ]
    assert len(answers) == 10
    assert check_answers(toy(), answers).ok
    expected = {"dL/dx, through y": "−8", "dL/dx": "−24", "w2 after the update": "−4.2"}
    assert expected.items() <= {solved.name: solved.number for solved in sheet.key.values()}.items()


def test_numbers_of_the_key_stand_nowhere_on_the_page() -> None:
    page = exercise(toy()).problem
    for number in ("32", "−8", "−16", "−24", "1.6", "−4.2", "5.2", "−0.5", "−1.000000"):
        assert not re.search(rf"(?<![\w.−]){number}(?![\w.])", page), number
    assert "since" not in page


def test_one_blank_leaves_the_rest_of_the_page() -> None:
    sheet = exercise(toy(), ["dL/dx"])
    assert list(sheet.key) == ["(a)", "(b)", "(c)"]
    assert sheet.key["(c)"].name == "dL/dx"
    page, solution = sheet.problem, explain(toy()).text()
    assert "dL/dw2" in page
    assert "−24" not in page
    assert page.count("OK") == solution.count("OK") - 1


def test_what_is_computed_from_a_blank_is_blank() -> None:
    """z goes into pre, o, L and everything but y; the forward lines of y stays."""
    sheet = exercise(toy(), ["z"])
    names = [solved.name for solved in sheet.key.values()]
    assert names[:4] == ["z", "pre", "o", "L"]
    assert "y   = σ(4 − 2·x) = σ(4 − 2·2) = σ(0) = 0.5" in sheet.problem
    assert {"dL/do", "dL/dw1", "dL/dw2", "w1 after the update"} <= set(names)
    assert "y" not in names


def test_all_that_follows_a_blank_update_is_blank() -> None:
    text = "w = 2; L = w**2; update(L, w, lr=0.1, steps=3)"
    page = exercise(Worksheet.parse(text), ["dL/dw"]).problem
    assert page.count("____") == 6  # dL/dw, w, then L and w twice
    assert "1.6" not in page
    assert "2.56" not in page


def test_the_state_of_a_rule_is_blank_too() -> None:
    """AdaGrad's v is g² = 16 after the first step; it would give dL/dw away."""
    text = 'w = 2; L = w**2; update(L, w, lr=0.1, steps=2, rule="adagrad")'
    sheet = exercise(Worksheet.parse(text), ["dL/dw"])
    assert "16" not in sheet.problem
    assert [(solved.name, solved.number) for solved in sheet.key.values()] == [
        ("dL/dw", "4"), ("step 1: v after the update", "16"),
        ("step 1: w after the update", "1.900"), ("step 2: L", "3.610"),
        ("step 2: v after the update", "30.44"), ("step 2: w after the update", "1.831"),
    ]  # fmt: skip


def test_entries_of_arrays() -> None:
    """z = W·x = 2, dL/dW = 2·z·x = [12, 2]; the update is that of W."""
    text = "W = [[1, -2]]; x = [3, 0.5]; given(x); z = W @ x; L = z[0]**2; update(L, W, lr=0.1)"
    sheet = exercise(Worksheet.parse(text), ["dL/dW[0,0]"])
    key = {solved.name: solved.number for solved in sheet.key.values()}
    assert key["dL/dW[0,0]"] == "12"
    assert "−0.2" in "".join(key.values())
    assert not re.search(r"(?<![\w.−])12(?![\w.])", sheet.problem)
    assert "−0.2" not in sheet.problem


def test_a_graph_built_in_python() -> None:
    x = Value(3.0, "x")
    sheet = exercise((x * x).named("y"))
    assert [(s.name, s.number) for s in sheet.key.values()] == [("dy/dx", "6")]
    assert x.grad == 0.0


@pytest.mark.parametrize("blank", ["x", "q", "", "dL/dt", "dz/do", "w1 <- 2"])
def test_blanks_that_are_not_there(blank: str) -> None:
    with pytest.raises(ValueError, match="is not computed in the solution; among what is: y, z"):
        exercise(toy(), [blank])


def test_nothing_to_leave_out() -> None:
    with pytest.raises(ValueError, match="there is no derivative to leave out"):
        exercise(Worksheet.parse("x = 1; given(x); y = 2*x"))
    with pytest.raises(ValueError, match="there is no derivative to leave out"):
        exercise(Worksheet.parse("x = 1; y = 2*x"), [])


def test_blanks_as_they_may_be_typed() -> None:
    keys = [list(exercise(toy(), [name]).key.values()) for name in ("dL/dx", "∂L/∂x", " d L/d x ")]
    assert keys[0] == keys[1] == keys[2]


def test_labels_go_on_after_z() -> None:
    text = "x = 1\ny0 = 2*x\n" + "\n".join(f"y{i} = y{i - 1} + 1" for i in range(1, 30))
    labels = list(exercise(Worksheet.parse(text)).key)
    assert len(labels) == 30
    assert labels[25:28] == ["(z)", "(aa)", "(ab)"]


BLANK = {
    "markdown": r"{(}a{)}\underline{\hspace{3em}}",
    "latex": r"{(}a{)}\underline{\hspace{3em}}",
    "html": '<mtext style="border:1px solid">(a)',
}


@pytest.mark.parametrize("format", BLANK)
def test_other_formats_have_the_same_blanks_and_no_answers(format: str) -> None:
    made = exercise(Worksheet.parse("w = 2; x = 7.25; y = w*x; L = (y - 1)**2"), ["dL/dw"])
    page = getattr(made.sheet, format)()
    assert page.count(BLANK[format]) == 1
    assert "195.75" not in page  # dL/dw = 27·7.25


def test_an_exercise_goes_into_a_file(tmp_path: Path) -> None:
    target = tmp_path / "sheet.md"
    assert main(["exercise", "000.toy-elu", "--blank", "dL/dz", "-o", str(target)]) == 0
    assert BLANK["markdown"] in target.read_text(encoding="utf-8")
