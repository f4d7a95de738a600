"""The layout of the text: width, wrapping, alignment. What is said does not depend on it."""

from __future__ import annotations

import re

import pytest

from autograd_core import Value, Worksheet
from tests.support.line_checker import check_solution, columns
from tests.viz.test_solutions import WORKED
from viz import explain
from viz.library import worksheet_text
from viz.printers.text import columns as our_columns

LONG = """
alpha = 0.5; beta_1 = -1.25; w_0 = 2; w_1 = -0.75; t = 3
h = sigmoid(alpha*w_0 + beta_1*w_1 - alpha*beta_1 + w_0*w_1) + max(alpha*w_0, beta_1*w_1, t)
y_hat = tanh(h*alpha - h*beta_1) + exp(-h**2/10) + log(1 + h**2) - elu(-h*w_0, 0.25) + abs(w_1*h)
L = (y_hat - t)**2 + (alpha**2 + beta_1**2 + w_0**2 + w_1**2)/100
derivative(L, h); derivative(y_hat, alpha); update(L, alpha, beta_1, w_0, w_1, lr=0.01, steps=2)
"""


def text(worksheet: str, width: int, **options: str) -> str:
    return explain(Worksheet.parse(worksheet), **options).text(width)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [*WORKED, "long"])
@pytest.mark.parametrize("depth", ["named", "operation"])
def test_width_changes_only_the_blanks(name: str, depth: str) -> None:
    worksheet = LONG if name == "long" else worksheet_text(name)
    solution = explain(Worksheet.parse(worksheet), depth=depth)  # type: ignore[arg-type]
    said = "".join(solution.text(10_000).split())
    for width in (1, 5, 17, 40, 63, 80, 81, 120, 200):
        printed = solution.text(width)
        assert "".join(printed.split()) == said, width
        assert printed.endswith("\n")
        assert not any(line != line.rstrip() for line in printed.split("\n"))


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("depth", ["named", "operation"])
def test_no_line_is_wider(width: int, depth: str) -> None:
    printed = text(LONG, width, depth=depth)
    assert max(map(columns, printed.split("\n"))) <= width
    assert check_solution(printed, LONG) == []


@pytest.mark.parametrize("worksheet", [
    "x = 0; L = abs(x/3)",  # the words about a kink
    "a0 = 1\n" + "\n".join(f"a{i} = a{i - 1}*1.5" for i in range(1, 31)) + "\nderivative(a30, a1)",
    "\n".join(f"w{i} = 1" for i in range(40)) + "\nL = " + "*".join(f"w{i}" for i in range(40)),
    "\n".join(f"w{i} = 1.5" for i in range(40)) + "\nL = max(" + ", ".join(
        f"w{i}" for i in range(40)) + ")",
])  # fmt: skip
def test_long_words_products_and_operand_lists_are_broken(worksheet: str) -> None:
    printed = text(worksheet, 80)
    assert max(map(columns, printed.split("\n"))) <= 80


REASONS = """
x = 0.5; yy = -1.5; w_1 = 2; mu_2 = 3
L = max(min(x, yy, w_1*x), relu(x), abs(yy), max(x, w_1*yy)) + max(x, mu_2, min(mu_2*x, w_1, yy))
"""


@pytest.mark.parametrize("width", [60, 64, 70, 80, 81, 90])
def test_words_are_not_cut(width: int) -> None:
    """Reasons are words: they break between words, and the words stay whole."""
    printed = text(REASONS, width)
    words = set(text(REASONS, 10_000).split())
    assert set(printed.split()) <= words
    assert check_solution(printed, REASONS) == []


def test_results_stand_under_each_other() -> None:
    printed = text(worksheet_text("000.toy-elu"), 80)
    forward = printed.partition("FORWARD\n")[2].partition("\n\n")[0].split("\n")
    assert len({line.rindex("=") for line in forward}) == 1
    assert len({line.index("=") for line in forward}) == 1


def test_local_derivatives_stand_beside_where_there_is_room() -> None:
    wide, narrow = (text(worksheet_text("000.toy-elu"), width) for width in (120, 80))
    local = re.compile(r"(?:^|   )\s*(∂L/∂o = 2·.*)$", re.MULTILINE)
    assert local.findall(wide) == local.findall(narrow) != []
    assert re.search(r"^  7  dL/do .*   ∂L/∂o = 2·", wide, re.MULTILINE)
    assert re.search(r"^ +∂L/∂o = 2·", narrow, re.MULTILINE)
    assert len({line.index("   ∂") for line in wide.split("\n") if "   ∂" in line}) == 1


def test_the_target_of_the_design() -> None:
    """What `explanations.md` shows for the first worksheet, line by line, the layout aside."""
    found = [re.sub(" +", " ", line).strip() for line in text(
        worksheet_text("000.toy-elu"), 200).split("\n")]  # fmt: skip
    for line in """
        FORWARD
        1 y = σ(4 − 2·x) = σ(4 − 2·2) = σ(0) = 0.5
        2 z = max(0.1·x, 2·x) = max(0.1·2, 2·2) = max(0.2, 4) = 4
        3 pre = w1·y + w2·z + w3 = 2·0.5 + (−1)·4 + 6 = 3
        4 o = elu(pre) = elu(3) = 3
        5 L = (o − t)² = (3 − (−1))² = 4² = 16
        BACKWARD upstream × local derivative
        6 dL/dL = 1
        7 dL/do = dL/dL·∂L/∂o = 1·8 = 8 ∂L/∂o = 2·(o − t) = 2·(3 − (−1)) = 8
        8 dL/dpre = dL/do·∂o/∂pre = 8·1 = 8 ∂o/∂pre = 1, since pre > 0
        9 dL/dw1 = dL/dpre·∂pre/∂w1 = 8·0.5 = 4 ∂pre/∂w1 = y = 0.5
        10 dL/dw2 = dL/dpre·∂pre/∂w2 = 8·4 = 32 ∂pre/∂w2 = z = 4
        11 dL/dw3 = dL/dpre·∂pre/∂w3 = 8·1 = 8 ∂pre/∂w3 = 1
        12 dL/dy = dL/dpre·∂pre/∂y = 8·2 = 16 ∂pre/∂y = w1 = 2
        13 dL/dz = dL/dpre·∂pre/∂z = 8·(−1) = −8 ∂pre/∂z = w2 = −1
        14 dL/dx two branches meet at x: add them
        through y dL/dy·∂y/∂x = 16·(−0.5) = −8 ∂y/∂x = −2·y·(1 − y) = −2·0.5·(1 − 0.5) = −0.5
        through z dL/dz·∂z/∂x = (−8)·2 = −16 ∂z/∂x = 2, since 2·x is the larger
        sum −8 + (−16) = −24
        ASKED FOR
        do/dy = ∂o/∂pre·∂pre/∂y = 1·2 = 2
        do/dz = ∂o/∂pre·∂pre/∂z = 1·(−1) = −1
        UPDATE η = 0.1
        w1 ← w1 − η·dL/dw1 = 2 − 0.1·4 = 1.6
        w2 ← w2 − η·dL/dw2 = −1 − 0.1·32 = −4.2
        w3 ← w3 − η·dL/dw3 = 6 − 0.1·8 = 5.2
        CHECK central differences, their own error estimate in brackets
    """.strip().split("\n"):
        assert line.strip() in found
    assert sum(line.endswith(" OK") for line in found) == 4


@pytest.mark.parametrize("string", ["x", "dθ₁/dx̂", "∂μ/∂ŷ", "重み = 1", "ｘ", "", "x\u0302\u0304"])
def test_columns_of_a_terminal(string: str) -> None:
    assert our_columns(string) == columns(string)


def test_wide_names_keep_the_lines_aligned() -> None:
    printed = text("重 = 2; xx = 3; 重重 = 重*xx; L = 重重 + xx", 80)
    forward = printed.partition("FORWARD\n")[2].partition("\n\n")[0].split("\n")
    assert len({columns(line[: line.index("=")]) for line in forward}) == 1


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\rb", "a\u202eb", "a\x00b", "a\tb"])
def test_a_name_cannot_break_a_line_or_steer_the_terminal(name: str) -> None:
    """In Python any string is a name; what is printed stays text, in its own line."""
    plain = explain((Value(2.0, "ab") * 3.0).named("L")).text(80)
    printed = explain((Value(2.0, name) * 3.0).named("L")).text(80)
    assert printed.count("\n") == plain.count("\n")
    assert all(c.isprintable() or c == "\n" for c in printed)


def test_str_and_repr_are_the_text_at_eighty_columns() -> None:
    solution = explain((Value(2.0, "x") * 3.0).named("L"))
    assert str(solution) == repr(solution) == solution.text() == solution.text(80)
