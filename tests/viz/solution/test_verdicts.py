"""The check at the end: by entry, by array, at kinks, of large problems along one direction."""

from __future__ import annotations

import re

import pytest

from autograd_core.worksheet import Worksheet
from viz import explain


def check_lines(text: str, depth: str = "layer") -> list[str]:
    found = explain(Worksheet.parse(text), depth=depth).text(200)  # type: ignore[arg-type]
    section = found[found.index("CHECK") :].strip().splitlines()[1:]
    return [re.sub(" +", " ", re.sub(r"±[\de−]+", "±…", line)).strip() for line in section]


def test_a_whole_array_has_one_line() -> None:
    assert check_lines("W = [[1, 2], [3, 4]]; b = [5]; w = 2; L = sum(W @ [1, w]) + b[0]") == [
        "dL/dW all 4 gradients (±… at most) OK", "dL/db[0] 1.000000 (±…) OK",
        "dL/dw 6.000000 (±…) OK",
    ]  # fmt: skip


def test_at_the_named_depth_each_entry_has_one() -> None:
    lines = check_lines("x = [1, 2]; L = sum(x*x)", "named")
    assert lines == ["dL/dx[0] 2.000000 (±…) OK", "dL/dx[1] 4.000000 (±…) OK"]


def test_a_part_of_an_array_is_not_all_of_it() -> None:
    lines = check_lines("x = [1, 2, 3]; L = x[0]*x[1]; update(L, x[0], x[1], lr=1)")
    assert lines == ["dL/dx[0] 2.000000 (±…) OK", "dL/dx[1] 1.000000 (±…) OK"]


def test_an_entry_at_a_kink_is_told_by_itself() -> None:
    lines = check_lines("x = [0, 2]; y = relu(x); L = sum(y)")
    assert lines == [
        "dL/dx[0] at a kink: the slopes are 0 on the left and 1 on the right; by convention 0 is"
        " used",
        "dL/dx[1] 1.000000 (±…) OK",
    ]


@pytest.mark.parametrize("depth", ["named", "layer"])
def test_a_large_problem_is_checked_along_one_direction(depth: str) -> None:
    text = "x = [" + "0.5, " * 150 + "]; y = x*x; z = y*x; L = sum(z)"
    [line] = check_lines(text, depth)
    assert line.startswith("all 150 along one direction ")
    assert line.endswith(" OK")


def test_verdicts_by_name() -> None:
    verdicts = explain(Worksheet.parse("x = [0, 2]; w = 3; L = w*sum(relu(x))")).verdicts
    assert verdicts == {"x[0]": "kink", "x[1]": "ok", "w": "ok"}
