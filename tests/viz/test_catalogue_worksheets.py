"""The packaged worksheets against the catalogue: its inputs, its numbers, its printed figures.

`catalogue_places/` says where a worksheet holds each quantity that the catalogue expects: a value,
a gradient, a parameter after an update (`tests/support/places.py` reads them). Where it has none
the entry says why: "no: …".
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd_core import Worksheet
from tests.support.line_checker import columns
from tests.support.places import read_place
from viz import explain
from viz.explanation import Explanation
from viz.library import packaged_worksheets, worksheet_text

pytestmark = pytest.mark.usefixtures("undrawn")

CATALOGUE: dict[str, dict[str, Any]] = {
    example["id"]: example
    for example in json.loads(
        (Path(__file__).parents[1] / "catalogue" / "examples.json").read_text("utf-8")
    )
}
PLACES: dict[str, dict[str, Any]] = {}
for _file in sorted((Path(__file__).parent / "catalogue_places").glob("*.toml")):
    PLACES |= tomllib.loads(_file.read_text("utf-8"))

NOT_WORKSHEETS = {
    "000.xor2.not-separable": "an enumeration of all weights on a grid",
    "000.parity-net": "a program: layers whose number depends on n, run on every input",
    "000.matched-filter": "an enumeration of all 512 patches with 512 filters",
    "000.rnn-untruncated": "a program: step nets run on every sequence up to nine bits",
    "003.perceptron-algorithm": "a training run: as many rounds as it takes",
    "003.sklearn-and": "a library call and its training run",
    "003.try-gates": "training runs of a library call, one of them without end",
}

# Where a verdict is not OK, on purpose: these numbers stand exactly on a corner or a jump.
CORNERS = {
    "000.step": {"x[1]": "undetermined", "x[2]": "undetermined"},
    "003.relu": {"M[1, 0]": "kink"},
    "004.relu-derivative": {"z[1]": "kink"},
}

LABELS = {"N": 0.0, "P": 1.0}


@cache
def sheet_of(name: str) -> Worksheet:
    return Worksheet.parse(worksheet_text(name))


@cache
def solution_of(name: str) -> Explanation:
    return explain(sheet_of(name))


def flat(expected: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of a dictionary, those of an inner one as outer.inner."""
    for key, value in expected.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def places(entry: dict[str, Any]) -> dict[str, Any]:
    """Key → place, with `same` for what is called alike in the worksheet."""
    named = {key: place for key, place in entry.items() if key not in ("same", "inputs")}
    return {**{name: name for name in entry.get("same", ())}, **named}


def is_reason(place: Any) -> bool:
    return isinstance(place, str) and place.startswith("no: ")


def numbers(value: Any) -> Any:
    """A catalogue entry as a flat array; P and N are yes and no."""
    if isinstance(value, list):
        return np.concatenate([numbers(item) for item in value] or [np.empty(0)])
    return np.array([LABELS[value] if value in LABELS else float(value)])


def found(name: str, place: Any) -> Any:
    return read_place(sheet_of(name), place).ravel()


# --- completeness -----------------------------------------------------------------------------


def test_every_example_is_a_worksheet_or_has_a_reason() -> None:
    assert len(CATALOGUE) == 102
    assert not set(PLACES) & set(NOT_WORKSHEETS)
    assert set(PLACES) | set(NOT_WORKSHEETS) == set(CATALOGUE)
    assert set(packaged_worksheets()) == set(PLACES)


@pytest.mark.parametrize("name", PLACES)
def test_every_expected_key_has_a_place_or_a_reason(name: str) -> None:
    entry, example = PLACES[name], CATALOGUE[name]
    assert set(places(entry)) == {key for key, _ in flat(example["expected"])}
    assert set(places(entry["inputs"])) == set(example["inputs"])
    assert not all(map(is_reason, places(entry).values()))


# --- the numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLACES)
def test_the_inputs_are_the_catalogues(name: str) -> None:
    for key, place in places(PLACES[name]["inputs"]).items():
        if not is_reason(place):
            assert found(name, place).tolist() == numbers(CATALOGUE[name]["inputs"][key]).tolist()


@pytest.mark.parametrize("name", PLACES)
def test_the_numbers_are_the_catalogues(name: str) -> None:
    example = CATALOGUE[name]
    for key, value in flat(example["expected"]):
        place = places(PLACES[name])[key]
        if not is_reason(place):
            expected = numbers(value)
            close = pytest.approx(expected, rel=example["check_rtol"], abs=0.0)
            assert found(name, place) == close, key


@pytest.mark.parametrize("name", [n for n in PLACES if CATALOGUE[n]["tolerance"]])
def test_printed_figures_hold_unless_they_are_contradicted(name: str) -> None:
    example = CATALOGUE[name]
    for key, tolerance in example["tolerance"].items():
        place = places(PLACES[name])[key]
        if is_reason(place):
            continue
        printed = numbers(json.loads(example["document_says"][key]))
        off = np.max(np.abs(found(name, place) - printed))
        assert (off > tolerance) == (key in example["disagrees"]), key


# --- what is no single quantity ---------------------------------------------------------------


def test_the_hinge_programs_own_gradient_is_not_that_of_its_loss() -> None:
    expected = CATALOGUE["002.svm-as-written"]["expected"]
    wrong = np.ravel(expected["dW_as_written"])
    assert expected["dW_is_that_gradient"] is False
    assert np.max(np.abs(found("002.svm-as-written", "dL/dW") - wrong)) > 1.0


@pytest.mark.parametrize("kind", ["vertical", "diagonal", "corner"])
def test_no_detector_fires_strictly(kind: str) -> None:
    """Its own patch has the largest score of all, and that is 0."""
    assert CATALOGUE[f"000.filter-{kind}"]["expected"]["fires_strict"] == []
    assert found(f"000.filter-{kind}", "strict").tolist() == [0.0]


def test_the_scaled_sigmoid_is_the_hyperbolic_tangent() -> None:
    for scaled, tanh in (("scaled", "t"), ("dS/dx", "dT/dx")):
        name = "003.tanh-is-scaled-sigmoid"
        assert found(name, scaled) == pytest.approx(found(name, tanh), rel=1e-12, abs=1e-15)


def test_the_saddles_factors() -> None:
    expected = CATALOGUE["003.gd-saddle"]["expected"]
    for steps in (0, 1, 2, 99):
        for name in "xy":
            [before] = found("003.gd-saddle", f"{name} after {steps}")
            [after] = found("003.gd-saddle", f"{name} after {steps + 1}")
            assert after / before == pytest.approx(expected[f"{name}_factor"], rel=1e-12)


# --- the worked solutions ---------------------------------------------------------------------


@pytest.mark.parametrize("name", PLACES)
def test_every_verdict_is_ok_but_on_a_corner(name: str) -> None:
    verdicts = solution_of(name).verdicts
    assert list(verdicts) == [leaf.name for leaf in sheet_of(name).wrt]
    not_ok = {leaf: verdict for leaf, verdict in verdicts.items() if verdict != "ok"}
    assert not_ok == CORNERS.get(name, {})


@pytest.mark.parametrize("name", PLACES)
def test_a_solution_fits_a_terminal_of_80_columns(name: str) -> None:
    printed = solution_of(name).text(80)
    assert max(map(columns, printed.split("\n"))) <= 80
    assert "≈" not in printed


@pytest.mark.parametrize("name", ["003.gd-saddle", "003.momentum", "003.adam"])
def test_updates_are_printed_with_the_catalogues_numbers(name: str) -> None:
    text = explain(sheet_of(name), digits=8).text(10_000)
    printed = re.findall(r"^ +([xy]) +← .* = (\S+)$", text, re.MULTILINE)
    points = [[f"x after {i}", f"y after {i}"] for i in (1, 2, 3)]
    assert [variable for variable, _ in printed] == ["x", "y"] * 3
    results = [float(result.replace("−", "-")) for _, result in printed]
    assert results == pytest.approx(found(name, points), rel=1e-7)
