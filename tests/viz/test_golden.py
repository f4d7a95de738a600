"""Five worked solutions in full, as they should be printed (`tests/golden`).

Their numbers were not taken from the program: they come from the catalogue's inputs, worked out
apart with 60 digits and rounded as the solutions say they round. What the catalogue expects stands
in them, and the program prints them to the letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from autograd_core import Worksheet
from viz import explain
from viz.library import worksheet_text

TESTS = Path(__file__).parents[1]
GOLDEN = {path.stem: path.read_text("utf-8") for path in sorted((TESTS / "golden").glob("*.txt"))}
EXPECTED: dict[str, dict[str, Any]] = {
    example["id"]: example["expected"]
    for example in json.loads((TESTS / "catalogue" / "examples.json").read_text("utf-8"))
}
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


def masked(solution: str) -> str:
    """The error estimates are measured: rounding in the C library shows in them. Nothing else is.

    Only their digits are left out, so that a malformed estimate is not taken for one.
    """
    return re.sub(r"\(±\d+(\.\d+)?(e[−+]?\d+)?\)", "(±…)", solution)


def numbers(expected: Any) -> Iterator[float]:
    if isinstance(expected, dict | list):
        for entry in expected.values() if isinstance(expected, dict) else expected:
            yield from numbers(entry)
    else:
        yield float(expected)


def test_there_are_five() -> None:
    assert list(GOLDEN) == [
        "000.softmax-cross-entropy", "000.toy-elu", "001.vector-0-1", "004.bptt-3", "004.conv-3x3",
    ]  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_the_solution_is_printed_to_the_letter(name: str) -> None:
    solution = explain(Worksheet.parse(worksheet_text(name))).text(80)
    assert masked(solution).split("\n") == GOLDEN[name].split("\n")


@pytest.mark.parametrize("name", GOLDEN)
def test_what_the_catalogue_expects_stands_there(name: str) -> None:
    """Every number to four digits at least, or exactly."""
    printed = {Decimal(n.replace("−", "-")) for n in NUMBER.findall(GOLDEN[name])}
    for number in numbers(EXPECTED[name]):
        exact = Decimal(f"{number:.12g}").normalize()
        four = exact.quantize(Decimal((0, (1,), exact.adjusted() - 3)))
        assert printed & {exact, four}, number
