"""Pictures as TikZ: the layout's own places, words that are only text, a page's room."""

from __future__ import annotations

import re

import pytest

from autograd_core import Value, Worksheet
from viz import draw
from viz.drawing.layout import Box, Layout, Shape, read_layout
from viz.drawing.themes import THEMES
from viz.drawing.tikz import PAGE_HEIGHT, PAGE_WIDTH, print_tikz, tikz_document
from viz.library import worksheet_text
from viz.render import render

NODE = re.compile(
    r"\\node\[anchor=base,inner sep=0,text=graph-(\w+),font=(\S+?\\selectfont)\] "
    r"at \((\S+?),(\S+?)\) \{\\strut (.*)\};"
)
PATH = re.compile(r"\\path\[(.*?)\] (.*);")
LIGHT = THEMES["light"]


def layout_of(name: str) -> Layout:
    return read_layout(render(draw(Worksheet.parse(worksheet_text(name))).dot, "json"))


@pytest.mark.parametrize("name", ["000.toy-elu", "002.xyz", "004.rnn-vector"])
def test_every_word_stands_where_the_layout_has_it(name: str) -> None:
    layout = layout_of(name)
    words = [words for box in layout.boxes for words in box.words]
    nodes = NODE.findall(print_tikz(layout, LIGHT, fit=False))
    assert len(nodes) == len(words) > 10
    for (_, font, x, y, _), word in zip(nodes, words, strict=True):
        assert float(x) == pytest.approx(word.left + word.width / 2, abs=0.01)
        assert float(y) == pytest.approx(word.at[1], abs=0.01)
        assert ("\\bfseries" in font) == word.bold


def test_every_line_and_box_is_drawn() -> None:
    layout = layout_of("000.toy-elu")
    shapes = [s for box in layout.boxes if box.kind != "graph" for s in box.shapes]
    paths = PATH.findall(print_tikz(layout, LIGHT, fit=False))
    assert len(paths) == len(shapes) > 50
    for (_, path), shape in zip(paths, shapes, strict=True):
        x, y = shape.points[0]
        assert path.startswith(f"({x:.2f},{y:.2f})")
        assert path.endswith("cycle") == (shape.kind == "polygon")


def test_an_ellipse_and_what_is_transparent() -> None:
    clear = Shape("polygon", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), "#fffffe00", None, 1.0, False)
    round_one = Shape("ellipse", ((5.0, 6.0), (2.0, 3.0)), LIGHT.ink, LIGHT.card, 2.0, True)
    box = Box("node", "n0", (0.0, 0.0, 10.0, 10.0), (clear, round_one), (), "")
    [(style, path)] = PATH.findall(print_tikz(Layout(20.0, 20.0, (box,)), LIGHT))
    assert path == "(5.00,6.00) ellipse [x radius=2.00, y radius=3.00]"
    assert style == "line width=2.00bp,draw=graph-ink,fill=graph-card,dashed"


@pytest.mark.parametrize("name", ["000.toy-elu", "004.rnn-kinds", "002.softmax-scores"])
def test_a_picture_fits_a_page_with_type_that_fits_it(name: str) -> None:
    layout = layout_of(name)
    text = print_tikz(layout, LIGHT)
    [scale] = {float(s) for s in re.search(r"x=(\S+)bp,y=(\S+)bp", text).groups()}  # type: ignore[union-attr]
    assert layout.width * scale <= PAGE_WIDTH + 0.1
    assert layout.height * scale <= PAGE_HEIGHT + 0.1
    sizes = {float(s) for s in re.findall(r"fontsize\{(\S+?)\}", text)}
    assert max(sizes) <= max(12.0 * scale, 5.0)


HOSTILE = (
    "\\input{/etc/passwd}", "<script>alert(1)</script>", '"quoted"', "a\\\\b", "50% & $x_1^2#~",
    "}{", "שלום", "é中", "a" * 10_000, "\\end{document}", "^^M", "line\nbreak",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_only_text(name: str) -> None:
    text = draw((Value(2.0, name) * 3.0).named("y")).tikz()
    assert text.isascii()
    assert "\\input" not in text
    assert "\\end{document}" not in text
    assert text.count("\n") < 60
    words = [found[4] for found in NODE.findall(text)]
    assert len(words) == len(re.findall(r"\\node", text))
    for word in words:
        assert _balanced(word), word
        assert not re.search(r"(?<!\\)[%&#]", word)


def test_backslashes_and_signs_without_a_font() -> None:
    def first(name: str) -> str:
        [shown] = [w for w in NODE.findall(draw(Value(2.0, name)).tikz()) if "bfseries" in w[1]]
        return str(shown[4])

    assert first("\\input") == r"\textbackslash{}input"
    assert first("a\\\\b") == r"a\textbackslash{}\textbackslash{}b"
    assert first("中") == r"U+4E2D\,"
    assert first("中" * 9) == "U+4E2D\\,U+4E2D\\,\\ldots{}"


def _balanced(word: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", word):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def test_a_document_of_one_page() -> None:
    layout = layout_of("002.xyz")
    text = tikz_document(layout, LIGHT)
    assert text.startswith("\\documentclass{article}\n\\usepackage{tikz}\n")
    assert text.endswith("\\end{tikzpicture}%\n\\end{document}\n")
    width = float(re.search(r"paperwidth=(\S+?)bp", text)[1])  # type: ignore[index]
    assert width == pytest.approx(layout.width + 4.0, abs=0.1)


def test_the_colours_are_those_of_the_theme() -> None:
    sheet = Worksheet.parse(worksheet_text("002.xyz"))
    for theme, colours in (("auto", LIGHT), ("dark", THEMES["dark"]), ("print", THEMES["print"])):
        text = draw(sheet, theme=theme).tikz()  # type: ignore[arg-type]
        defined = dict(re.findall(r"\\definecolor\{graph-(\w+)\}\{HTML\}\{(\w+)\}", text))
        assert defined["value"] == colours.value.lstrip("#").upper()
        assert "black" not in text
