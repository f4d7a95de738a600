"""`Picture`: its source, its formats, its files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.fonts import needs_fonts
from viz.drawing.themes import DARK, LIGHT, Colours
from viz.picture import Picture
from viz.render import NoRenderer


def source(colours: Colours) -> str:
    return f'digraph {{ bgcolor="{colours.paper}"; a [label="α", color="{colours.ink}"] }}'


def test_the_source_has_the_colours_of_the_theme() -> None:
    assert Picture(source, "a node").dot == source(LIGHT)
    assert Picture(source, "a node", "dark").dot == source(DARK)


def test_an_svg_is_light_and_its_class_says_which_theme() -> None:
    svg = Picture(source, "a node", "dark").svg()
    assert 'class="diagram dark"' in svg
    assert LIGHT.ink in svg
    assert ".diagram.dark" in svg
    assert Picture(source, "a node")._repr_svg_() == Picture(source, "a node").svg()


@needs_fonts
@pytest.mark.parametrize(
    ("ending", "start"),
    [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph"), ("SVG", b"<")],
)
def test_files(tmp_path: Path, ending: str, start: bytes) -> None:
    path = tmp_path / f"net.{ending}"
    assert Picture(source, "a node").save(str(path)) == path
    assert path.read_bytes().startswith(start)
    if ending in ("svg", "dot"):
        assert "α" in path.read_text("utf-8")


@pytest.mark.parametrize("name", ["net", "net.gif", "net.svg.exe"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.tex or \.dot"):
        Picture(source, "a node").save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@needs_fonts
def test_a_png_is_drawn_at_144_dots_per_inch() -> None:
    def square(colours: Colours) -> str:
        return 'digraph { pad=0; a [shape=box, fixedsize=true, width=1, height=1, label=""] }'

    width = int.from_bytes(Picture(square, "a square").png()[16:20], "big")
    assert 140 <= width <= 165  # an inch and Graphviz's margins


def test_without_a_renderer_there_is_the_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = Picture(source, "a node")
    with pytest.raises(NoRenderer):
        picture.svg()
    assert picture.save(tmp_path / "net.dot").read_text("utf-8") == picture.dot


def test_its_repr_and_a_wrong_theme() -> None:
    assert repr(Picture(source, "a node")) == "<Picture, a node>"
    with pytest.raises(ValueError, match="theme is one of"):
        Picture(source, "a node", "pink")  # type: ignore[arg-type]
