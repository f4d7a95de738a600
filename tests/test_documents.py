"""What README and CONTRIBUTING show is what the project does.

(`test_worksheet_language` does the same for docs/worksheets.md.)
"""

from __future__ import annotations

import json
import re
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autograd_core import Worksheet, table
from tests.support.drawings_page import PAGES, write_pictures
from tests.support.fonts import needs_fonts
from tests.support.laws import LAWS
from viz import check_answers, explain
from viz.cli import main
from viz.library import packaged_worksheets, worksheet_text

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PICTURE = re.compile(r"!\[[^]]*\]\(([^)]*)\)")
EXCERPTS = [block for block in BLOCK.findall(README) if block.startswith("$ ")]
LARGEST_PICTURE = 150_000  # bytes
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST_NOTEBOOK = 300_000


def without_estimates(text: str) -> str:
    """The text without the error estimates, whose digits depend on the C library."""
    return re.sub(r"\(±[^)]*\)", "(±…)", text)


def test_the_readme_shows_the_real_solution_of_the_real_problem() -> None:
    problem = worksheet_text("000.toy-elu")
    blocks = BLOCK.findall(README)
    assert problem.partition("\n")[2] in blocks
    solution = explain(Worksheet.parse(problem)).text()
    assert without_estimates(solution) in map(without_estimates, blocks)


def test_the_readme_shows_real_marks() -> None:
    [command] = [b for b in BLOCK.findall(README) if b.startswith("autograd-core check")]
    _, _, problem, *answers = shlex.split(command)
    marking = check_answers(Worksheet.parse(worksheet_text(problem)), answers)
    assert marking.text() in BLOCK.findall(README)


@needs_fonts
def test_the_pictures_are_those_of_their_commands(tmp_path: Path) -> None:
    def words(picture: Path) -> list[str]:
        texts = ET.fromstring(picture.read_text("utf-8")).iter("{http://www.w3.org/2000/svg}text")
        return ["".join(text.itertext()) for text in texts]

    names = list(write_pictures(tmp_path))
    shown = {Path(path).name for page in PAGES for path in PICTURE.findall(page.read_text("utf-8"))}
    assert {name for name in shown if name.endswith(".svg")} == set(names)
    for name in names:
        assert words(ROOT / "docs" / "images" / name) == words(tmp_path / name), name


# --- the gallery ------------------------------------------------------------------------------


def test_the_gallery_shows_the_golden_five() -> None:
    named = [block.split()[3] for block in EXCERPTS]
    assert sorted(named) == [file.stem for file in sorted((ROOT / "tests/golden").iterdir())]
    assert len(packaged_worksheets()) > 90  # "more than ninety"


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda block: block.split()[3])
def test_an_excerpt_is_part_of_what_its_command_prints(
    excerpt: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that follow each other there as here, but for those that … stands for."""
    monkeypatch.setenv("COLUMNS", "80")
    command, _, shown = excerpt.partition("\n")
    dollar, program, *arguments = shlex.split(command)
    assert (dollar, program) == ("$", "autograd-core")
    assert main(arguments) == 0
    rest = capsys.readouterr().out
    assert 6 <= len(shown.splitlines()) <= 15
    for run in re.split("^…\n", shown, flags=re.MULTILINE):
        before, found, rest = rest.partition(run)
        assert found, run
        assert not before or before.endswith("\n")


def test_pictures_are_small_pngs() -> None:
    pictures = [ROOT / path for path in PICTURE.findall(README) if path.endswith(".png")]
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < LARGEST_PICTURE


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_what_it_printed_from_top_to_bottom(path: Path) -> None:
    """It is `pytest --nbmake` that executes them."""
    assert path.stat().st_size < LARGEST_NOTEBOOK
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert "At the end you can" in "".join(cells[0]["source"])
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = {output["output_type"] for cell in code for output in cell["outputs"]}
    assert kinds <= {"stream", "execute_result", "display_data"}


# --- links, and CONTRIBUTING ------------------------------------------------------------------


def test_every_link_leads_somewhere() -> None:
    for text in (README, CONTRIBUTING):
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_row_that_contributing_adds_is_a_right_one(
    law: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    [code, *_] = re.findall(r"^```python\n(.*?)^```$", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    monkeypatch.setattr(table, "TABLE", dict(table.TABLE))
    scratch = dict(vars(table))
    exec(code, scratch)  # our own text
    name = code.partition(" ")[0]
    assert name not in table.TABLE or table.TABLE[name] is scratch[name]
    law(scratch[name])  # type: ignore[operator]
