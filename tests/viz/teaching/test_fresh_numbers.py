"""Fresh numbers: repeatable, of the old kind, and good to calculate with."""

from __future__ import annotations

import pytest

from autograd_core import Value, Worksheet
from tests.support.problems import read_worksheet
from viz import exercise
from viz.library import packaged_worksheets, worksheet_text
from viz.teaching.fresh_numbers import with_fresh_numbers

SCALAR = ["000.toy-elu", "002.xyz", "003.bp-1-1-1", "004.numerical-1-as-computed"]


def numbers(sheet: Worksheet) -> dict[str, float]:
    return {str(node.name): node.data for node in sheet.assigned if node.is_leaf}


@pytest.mark.parametrize("name", SCALAR)
@pytest.mark.parametrize("seed", [0, 7])
def test_what_the_numbers_are_like(name: str, seed: int) -> None:
    sheet = Worksheet.parse(worksheet_text(name))
    fresh = with_fresh_numbers(sheet, seed)
    assert numbers(fresh) == numbers(with_fresh_numbers(sheet, seed))
    assert numbers(fresh) != numbers(sheet)
    for leaf, old in numbers(sheet).items():
        decimals = len(f"{old:g}".partition(".")[2])
        assert round(numbers(fresh)[leaf], decimals) == numbers(fresh)[leaf]
        assert 0.0 <= abs(numbers(fresh)[leaf]) <= max(9.0, 2.0 * abs(old))
    reference = read_worksheet(worksheet_text(name), numbers(fresh))
    gradients = [float(reference.gradient(leaf)) for leaf in reference.wrt]
    assert all(gradients)
    assert all(abs(gradient) < 1e5 for gradient in gradients)


@pytest.mark.parametrize("name", packaged_worksheets())
def test_packaged_worksheets_have_fresh_numbers_or_say_so(name: str) -> None:
    sheet = Worksheet.parse(worksheet_text(name))
    try:
        fresh = with_fresh_numbers(sheet, 7)
    except ValueError as problem:
        assert "no other numbers" in str(problem)  # noqa: PT017
    else:
        assert numbers(fresh) != numbers(sheet)


def test_results_stay_short() -> None:
    """In the toy every result has at most four digits, which needs σ at 0: x stays 2."""
    sheet = Worksheet.parse(worksheet_text("000.toy-elu"))
    for seed in range(5):
        fresh = with_fresh_numbers(sheet, seed)
        assert fresh.values["x"].data == 2.0
        reference = read_worksheet(worksheet_text("000.toy-elu"), numbers(fresh))
        results = [*reference.values.values(), *map(reference.gradient, reference.wrt)]
        assert all(float(f"{float(r):.4g}") == pytest.approx(float(r)) for r in results)


def test_away_from_kinks_and_poles() -> None:
    sheet = Worksheet.parse("x = 1; y = 3; L = abs(x - y) + 1/x + log(y) + max(x, y)")
    for seed in range(30):
        fresh = numbers(with_fresh_numbers(sheet, seed))
        assert fresh["x"] != fresh["y"]
        assert fresh["x"] != 0.0
        assert fresh["y"] > 0.0


def test_labels_stay_labels() -> None:
    text = "x = 2; t = 1; given(t, x); w = 0.5; p = sigmoid(w*x)\n"
    text += "L = -t*log(p) - (1 - t)*log(1 - p)"
    sheet = Worksheet.parse(text)
    labels = {numbers(with_fresh_numbers(sheet, seed))["t"] for seed in range(20)}
    assert labels == {0.0, 1.0}


def test_the_exercise_shows_them_and_its_key_is_theirs() -> None:
    sheet = Worksheet.parse("w = 2; x = 3; L = w*x")
    page = exercise(sheet, seed=3)
    fresh = numbers(with_fresh_numbers(sheet, 3))
    assert f"with   w = {fresh['w']:g}, x = {fresh['x']:g}".replace("-", "−") in page.problem
    key = {solved.name: float(solved.number.replace("−", "-")) for solved in page.key.values()}
    assert key == {"dL/dw": fresh["x"], "dL/dx": fresh["w"]}


def test_what_has_no_fresh_numbers() -> None:
    with pytest.raises(ValueError, match="fresh numbers need a worksheet"):
        with_fresh_numbers(Value(1.0, "x") * 2.0, 1)
    with pytest.raises(ValueError, match="no other numbers keep this problem finite"):
        with_fresh_numbers(Worksheet.parse("x = 1; L = x - x"), 1)
