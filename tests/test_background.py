"""docs/background.md: what the sources only tell, and what of it can be computed."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "background.md"


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.*)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.system("S001-03", "S002-14", "S003-33", "S003-38")
def test_every_section_computes_something_and_it_is_so() -> None:
    assert list(sections()) == [
        "Biological neurons", "Shallow and deep", "Machine learning and deep learning",
    ]  # fmt: skip
    assert all(">>> " in text for text in sections().values())
    assert doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8").failed == 0


@pytest.mark.system("S002-14")
def test_nerve_cells_are_told_apart_for_four_reasons() -> None:
    reasons = re.findall(r"^(\d)\. ", sections()["Biological neurons"], re.MULTILINE)
    assert reasons == ["1", "2", "3", "4"]
