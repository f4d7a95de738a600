"""The formats of a solution: in Python, in a notebook, on the command line."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from autograd_core import Value, Worksheet
from viz import explain, explanation
from viz.cli import main
from viz.diagram import Diagram
from viz.library import worksheet_text
from viz.render import NoRenderer

TOY = Worksheet.parse(worksheet_text("000.toy-elu"))


def test_the_page_shows_the_graph() -> None:
    page = explain(TOY).html()
    assert page.count("<figure") == page.count("<svg") == 1
    assert "<title>x = 2; dL/dx = (−4)·2 + 0·0.1 + (−8)·2 = −24</title>" in page


def test_the_graph_has_the_numbers_and_indices_of_the_text() -> None:
    """Indices from 1 and six digits, in the page's picture and in the LaTeX one as well."""
    sheet = Worksheet.parse("w = [2.123456, 3]; L = w[0]*w[1]")
    page = explain(sheet, base=1, digits=6).html()
    latex = explain(sheet, base=1, digits=6).latex(graph=True)
    for figure in (page[page.index("<svg") : page.index("</svg>")], latex.split("tikzpicture")[1]):
        assert "6.37037" in figure
        assert "w[2]" in figure
        assert "w[0]" not in figure


def test_a_large_graph_is_not_drawn() -> None:
    y = Value(0.5, "x")
    for _ in range(explanation.MOST_DRAWN):
        y = y * 1.01
    assert "<figure" not in explain(y.named("L")).html()


def test_without_graphviz_the_page_has_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(self: Diagram) -> str:
        raise NoRenderer

    monkeypatch.setattr(Diagram, "svg", nothing)
    page = explain(TOY).html()
    assert "<figure" not in page
    assert "Backward" in page


def test_the_picture_has_the_numbers_of_the_solution() -> None:
    """A leaf that changes afterwards changes neither."""
    x = Value(2.0, "x")
    solution = explain((x * 3.0).named("L"))
    before = solution.html()
    x.data = 5.0
    assert solution.html() == before
    assert "x = 2; dL/dx = 1·3 = 3" in before


def test_a_notebook_gets_text_and_a_frame_of_its_own() -> None:
    solution = explain(TOY)
    bundle = solution._repr_mimebundle_()
    assert bundle["text/plain"] == solution.text()
    frame = bundle["text/html"]
    srcdoc = re.fullmatch(r'<iframe srcdoc="([^"]*)" sandbox="allow-same-origin" .*', frame, re.S)
    assert srcdoc
    assert unescape(srcdoc[1]) == solution.html()


# --- the command line -------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_format_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    solution = explain(TOY)
    assert run(capsys, "000.toy-elu", "--format", "text") == solution.text()
    assert run(capsys, "000.toy-elu", "--format", "html") == solution.html()
    assert run(capsys, "000.toy-elu", "--format", "json") == solution.json()


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.html", "<!DOCTYPE html>"), ("a.HTM", "<!DOCTYPE html>"), ("a.json", '{\n"output": "L"'),
        ("a.txt", "     with "), ("a", "     with "),
    ],
)  # fmt: skip
def test_the_ending_of_the_file_chooses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, begins: str
) -> None:
    assert run(capsys, "000.toy-elu", "-o", str(tmp_path / name)) == ""
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_format_goes_before_the_ending(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "000.toy-elu", "-o", str(tmp_path / "a.html"), "--format", "json")
    assert json.loads((tmp_path / "a.html").read_text("utf-8"))["output"] == "L"


def test_an_unknown_format_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "000.toy-elu", "--format", "yaml"]) == 2
    assert re.fullmatch(r"autograd-core: .*yaml.*html.*\n", capsys.readouterr().err)
