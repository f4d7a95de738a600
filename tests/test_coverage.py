"""docs/coverage.md is what the tests show, all of it is there, and its links lead to it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import system_markers
from tests.support.coverage_page import EXAMPLES, PAGE, PLACES, SYSTEMS, page
from tests.support.links import example_links, heading_link, name_link
from tests.support.system_markers import shown

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s]+)\)")
SYSTEM_IDS = [system["id"] for system in SYSTEMS]
EXAMPLE_IDS = [example["id"] for example in EXAMPLES]
REPAIR = "run: python -m tests.support.coverage_page"


def cells(name: str) -> list[str]:
    """The one row of the page that begins with this name."""
    start = re.compile(rf"^\| `?{re.escape(name)}`? \|")
    [row] = [line for line in PAGE.read_text("utf-8").splitlines() if start.match(line)]
    return re.split(r"(?<!\\) \| ", row.removeprefix("| ").removesuffix(" |"))


def links(cell: str) -> list[Path]:
    found = [(PAGE.parent / link.partition("#")[0]).resolve() for link in LINK.findall(cell)]
    assert all(path.is_file() for path in found), cell
    return found


# --- the page and the tests -------------------------------------------------------------------


def test_the_page_is_what_the_tests_show() -> None:
    """One test, for asking all tests what they show takes seconds."""
    evidence = shown()
    assert [test for test in evidence if test.doubts] == []  # they run everywhere
    is_that = PAGE.read_text("utf-8") == page(evidence)
    assert is_that, REPAIR  # no diff of a hundred thousand characters
    names = {name for test in evidence for name in test.ids}
    assert names == {*SYSTEM_IDS, *PLACES["conflicts"]}


def test_there_are_135_systems_and_13_choices() -> None:
    assert len(set(SYSTEM_IDS)) == 135
    assert list(PLACES["systems"]) == SYSTEM_IDS
    assert list(PLACES["conflicts"]) == [f"X-{i:02}" for i in range(1, 14)]


SCRATCH = """
import pytest

@pytest.mark.system("S000-01")
@pytest.mark.parametrize("case", ["a", "b[1]"])
def test_right(case):
    assert case

@pytest.mark.system("S000-02", "S000-03")
@pytest.mark.conflict("X-01")
def test_wrong():
    assert False

@pytest.mark.system("S000-04")
def test_left_out():
    pytest.skip("not here")

@pytest.mark.oracle
@pytest.mark.system("S000-05")
def test_not_everywhere():
    assert True

def test_of_nothing():
    assert True
"""


def test_only_what_passes_shows_anything(tmp_path: Path) -> None:
    file = tmp_path / "test_scratch.py"
    file.write_text(SCRATCH, "utf-8")
    passed = [(t.function, t.case, t.ids, t.doubts) for t in shown(run=True, files=[file])]
    assert passed == [
        ("test_not_everywhere", "", ("S000-05",), ("oracle",)),
        ("test_right", "a", ("S000-01",), ()),
        ("test_right", "b[1]", ("S000-01",), ()),
    ]
    marked = {t.function: t.ids for t in shown(files=[file])}
    assert marked["test_wrong"] == ("S000-02", "S000-03", "X-01")
    assert marked["test_left_out"] == ("S000-04",)
    assert "test_of_nothing" not in marked


LEFT_OUT = """
import pytest

@pytest.mark.system("S000-01")
def test_left_out():
    pytest.skip("not here")
"""


def test_what_shows_a_system_may_not_be_skipped(tmp_path: Path) -> None:
    file = tmp_path / "test_scratch.py"
    file.write_text(LEFT_OUT, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", system_markers.__name__, str(file)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "1 failed" in result.stdout
    assert "shows systems of the sources and may not be skipped: not here" in result.stdout


# --- places and links -------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS, ids=SYSTEM_IDS)
def test_a_system_has_places_that_exist(system: dict[str, Any]) -> None:
    _, _, lives, read, shows = cells(system["id"])
    assert links(read)
    assert links(shows)
    assert all(f"[`{name}`]" in shows for name in system["examples"])
    assert links(lives) or (lives == "documentation only" and "background.md" in read)


@pytest.mark.parametrize("name", PLACES["conflicts"])
def test_a_choice_is_documented_and_tested(name: str) -> None:
    _, sources, choice, read, shows = cells(name)
    assert sources
    assert choice
    assert links(read)
    assert {path.parts[len(ROOT.parts)] for path in links(shows)} == {"tests"}


@pytest.mark.parametrize("name", EXAMPLE_IDS)
def test_an_example_is_two_links_from_the_readme(name: str) -> None:
    first = [ROOT / link for link in LINK.findall((ROOT / "README.md").read_text("utf-8"))]
    assert PAGE in first
    targets = links(cells(name)[-1])
    assert len(targets) == len(set(targets)) >= 1
    for target in targets:
        if target.suffix == ".txt":
            assert target.stem == name
            assert target.read_text("utf-8").startswith("# ")
        else:
            assert name in target.read_text("utf-8")


def test_every_other_link_leads_somewhere() -> None:
    text = PAGE.read_text("utf-8")
    inside = {link for link in LINK.findall(text) if link.startswith("#")}
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert inside == {"#" + heading.lower().replace(" ", "-") for heading in headings}
    for link in set(LINK.findall(text)) - inside:
        assert (PAGE.parent / link.partition("#")[0]).is_file(), link


def test_places_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="nn has no public name Conv9d"):
        name_link("nn.Conv9d")
    with pytest.raises(ValueError, match=r"has no public name _check"):
        name_link("nn.optim._check")
    with pytest.raises(ValueError, match=r"docs/plots\.md has no heading 'Lossses'"):
        heading_link("plots#Lossses")
    with pytest.raises(ValueError, match="has no heading"):
        heading_link("02#2 A layer")
    with pytest.raises(KeyError):
        example_links("000.toy")


def test_links_of_names_and_headings() -> None:
    assert name_link("autograd_core.max") == "autograd_core/table.py"
    assert name_link("nn.optim.SGD") == "nn/optim/algorithms.py"
    assert name_link("nn.optim") == "nn/optim/__init__.py"
    assert heading_link("02#5 Convolution: one kernel, many windows") == (
        "02: Convolution: one kernel, many windows",
        "notebooks/02_backprop_by_hand.ipynb#5-Convolution%3A-one-kernel%2C-many-windows",
    )
    assert heading_link("plots#The regions of a classifier") == (
        "plots: The regions of a classifier", "docs/plots.md#the-regions-of-a-classifier",
    )  # fmt: skip


def test_an_example_is_not_taken_for_one_whose_name_begins_alike() -> None:
    """Notebook 04 solves 000.xor2, and nowhere names 000.xor2.not-separable."""
    assert "notebook 04" in dict(example_links("000.xor2"))
    assert "notebook 04" not in dict(example_links("000.xor2.not-separable"))
