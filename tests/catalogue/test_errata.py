"""The catalogue's 116 errata: contradicted, computed both ways, or resolved in words.

Misprinted figures (class N), formulas (F) and programs (C) have a check in `corrections`. What is
left is no matter of computing: labels and losses (L), inexact statements (T), open conventions (A).
A notebook tells all of them, and its tables hold the words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.catalogue import corrections, test_library_runs  # noqa: F401  (they enter all)
from tests.catalogue.corrections.registry import CORRECTIONS

HERE = Path(__file__).parent
ERRATA = {e["id"]: e for e in json.loads((HERE / "errata.json").read_text("utf-8"))}
EXAMPLES = {e["id"]: e for e in json.loads((HERE / "examples.json").read_text("utf-8"))}
COMPUTED = [name for name, erratum in ERRATA.items() if erratum["class"] in "NFC"]
IN_WORDS = [name for name, erratum in ERRATA.items() if erratum["class"] in "LTA"]
# Another library's run: its test calls the library.
ELSEWHERE = {
    "E003-04": test_library_runs.test_the_printed_call_learns_and_with_other_weights_than_printed
}
HERE_COMPUTED = [name for name in COMPUTED if name not in ELSEWHERE]

NOTEBOOK = HERE.parents[1] / "notebooks" / "11_what_the_sources_got_wrong.ipynb"
NUMBER = re.compile(r"E\d{3}-\d{2}")
ROUNDED = re.compile(r"-?\d+\.(\d+)(?:e(-?\d+))?")
EXACTLY = 1e-12


# --- figures ------------------------------------------------------------------------------------


def disagreements(found: Any, figures: Any, at: str = "") -> Iterator[str]:
    """Where numbers are not the figures: half a unit of a rounded one's last digit, or exactly."""
    if isinstance(figures, dict):
        for name, figure in figures.items():
            yield from disagreements(found[name], figure, f"{at}.{name}".lstrip("."))
    elif isinstance(figures, list):
        if np.ndim(found) == 0 or len(found) != len(figures):
            yield f"{at}: {found!r}, not {figures!r}"
            return
        for i, (one, figure) in enumerate(zip(found, figures, strict=True)):
            yield from disagreements(one, figure, f"{at}[{i}]")
    elif np.ndim(found):
        yield f"{at}: {found!r}, not {figures!r}"
    else:
        allowed = EXACTLY * max(1.0, abs(float(figures)))
        if isinstance(figures, str):
            match = ROUNDED.fullmatch(figures)
            assert match, figures
            allowed += 0.5 * 10.0 ** (int(match[2] or 0) - len(match[1]))
        if not abs(float(found) - float(figures)) <= allowed:
            yield f"{at}: {float(found)!r}, not {figures!r}"


@pytest.mark.parametrize("name", HERE_COMPUTED)
def test_what_is_right_contradicts_what_is_printed(name: str) -> None:
    correction = CORRECTIONS[name]
    right = correction.compute().right
    assert not list(disagreements(right, correction.right))
    for key, figure in correction.printed.items():
        assert list(disagreements(right[key], figure)), f"{key} is {figure} in both"


@pytest.mark.parametrize("name", HERE_COMPUTED)
def test_what_is_printed_is_computed_as_it_is_printed(name: str) -> None:
    """Of formulas and programs all of it; of figures what a known slip leads to."""
    correction = CORRECTIONS[name]
    as_printed = correction.compute().printed
    if ERRATA[name]["class"] == "N":
        as_printed = as_printed or {}
        assert as_printed.keys() <= correction.printed.keys()
    else:
        assert as_printed is not None
        assert as_printed.keys() == correction.printed.keys()
    figures = {key: correction.printed[key] for key in as_printed}
    assert not list(disagreements(as_printed, figures))


def test_figures_are_compared_to_their_last_digit() -> None:
    assert not list(disagreements([0.54084, -13.0], ["0.5408", -13]))
    assert not list(disagreements({"a": 8.9907e-7}, {"a": "8.991e-7"}))
    for found, figure in ((0.54086, "0.5408"), (8.9907e-7, "8.992e-7"), (1.0 + 1e-9, 1)):
        assert list(disagreements(found, figure))
    assert list(disagreements(float("nan"), "0.5"))
    assert list(disagreements(False, True))
    assert list(disagreements([[1.0, 2.0]], [1]))
    assert list(disagreements([1.0], [1, 1]))


# --- nothing is left out ------------------------------------------------------------------------


def test_every_erratum_is_settled() -> None:
    assert len(ERRATA) == 116
    assert Counter(erratum["class"] for erratum in ERRATA.values()) == {
        "L": 35, "F": 22, "T": 19, "N": 15, "A": 14, "C": 11,
    }  # fmt: skip
    assert set(CORRECTIONS) | set(ELSEWHERE) == set(COMPUTED)
    assert not set(CORRECTIONS) & set(ELSEWHERE)


def test_every_figure_that_an_example_contradicts_belongs_to_an_erratum() -> None:
    """`test_examples` holds the figures wrong; here is the erratum that says so."""
    for name, example in EXAMPLES.items():
        if example["disagrees"]:
            of_it = {e for e, erratum in ERRATA.items() if name in erratum["examples"]}
            assert of_it & {*COMPUTED, "E000-01"}, name  # that one: right figures in wrong order


# --- the notebook -------------------------------------------------------------------------------


def cells(kind: str) -> list[str]:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == kind]


def table_rows() -> list[list[str]]:
    """The rows of the notebook's tables that begin with an erratum's number."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for text in cells("markdown")
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return [row for row in rows if NUMBER.fullmatch(row[0])]


def test_the_notebook_resolves_in_words_what_is_not_computed() -> None:
    rows = table_rows()
    assert sorted(row[0] for row in rows) == sorted(IN_WORDS)  # each once
    for name, printed, resolution in rows:
        assert len(printed) > 10, name
        assert len(resolution) > 10, name


def test_the_notebook_tells_every_erratum() -> None:
    told = NUMBER.findall("\n".join(cells("markdown")))
    assert set(told) == set(ERRATA)
    assert set(COMPUTED) <= set(NUMBER.findall("\n".join(no_tables(cells("markdown")))))


def no_tables(texts: list[str]) -> list[str]:
    return [line for text in texts for line in text.splitlines() if not line.startswith("|")]
