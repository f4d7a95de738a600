"""Rendering: through pygraphviz, through `dot`, or with one line of advice."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fonts import needs_fonts
from viz.render import ADVICE, FORMATS, NoRenderer, render

DOT = 'digraph { a [label="α"] a -> b }'


@pytest.fixture
def without_pygraphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)  # import raises ImportError


@pytest.fixture
def without_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@needs_fonts
def test_formats() -> None:
    assert FORMATS == ("svg", "png", "pdf", "json")
    for format, start in zip(FORMATS, (b"<?xml", b"\x89PNG", b"%PDF", b"{"), strict=True):
        assert render(DOT, format).startswith(start)


def test_svg_is_the_default_and_utf_8() -> None:
    assert "α" in render(DOT).decode("utf-8")


@pytest.mark.parametrize("format", ["gif", "SVG", "", "dot", "svg:cairo"])
def test_other_formats_are_refused(format: str) -> None:
    with pytest.raises(ValueError, match="svg, png, pdf"):
        render(DOT, format)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems find fonts in other ways")
def test_without_a_font_letters_are_not_drawn_as_boxes(tmp_path: Path) -> None:
    """A machine with nothing installed, as small containers are: an SVG has its letters as text."""
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
    code = """
from viz.render import NoRenderer, render
assert ">abc</text>" in render("graph { abc }").decode()
for format in ("png", "pdf"):
    try:
        render("graph { abc }", format)
    except NoRenderer as problem:
        print(problem)
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
    )  # fmt: skip
    advice = "apt install fonts-liberation), or save an SVG, which its reader's fonts draw"
    png, pdf = found.stdout.splitlines()
    assert "the letters of a PNG would be empty boxes" in png
    assert "the letters of a PDF would" in pdf
    assert png.endswith(advice)


def test_nothing_is_said_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    render('digraph { a [fontname="No Such Font"] }')
    os.write(2, b"still there")
    assert capfd.readouterr() == ("", "still there")


def test_the_dot_program_is_the_second_way(
    without_pygraphviz: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A stand-in for `dot` that says how it was called and echoes its input."""
    program = tmp_path / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:], sys.stdin.read())\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    shown = render(DOT, "svg").decode("utf-8")
    assert "-Tsvg" in shown
    assert DOT in shown


def test_without_either_there_is_one_line_of_advice(
    without_pygraphviz: None, without_dot: None
) -> None:
    with pytest.raises(NoRenderer) as caught:
        render(DOT)
    assert str(caught.value) == ADVICE
    assert "\n" not in ADVICE
    assert "pygraphviz" in ADVICE
    assert "dot" in ADVICE
