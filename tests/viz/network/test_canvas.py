"""Shapes at their places, and words that stay words."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.support.shapes import read_shapes
from viz.drawing.themes import THEMES
from viz.network.canvas import Canvas, Line
from viz.render import render

HOSTILE = [
    "<script>alert('1')</script>", "</text><script>", "<B>bold</B>", "<TABLE>", "]]>", "&amp;lt;",
    "&nosuch;", '"; evil [label="x', "a\\nb", "\\N\\G\\L", "\\input{x}", "\u202eevil", "tab\there",
]  # fmt: skip


def painted(canvas: Canvas) -> str:
    return render(canvas.source, "svg").decode("utf-8")


def test_shapes_stand_where_they_are_put() -> None:
    canvas = Canvas(THEMES["light"])
    canvas.circle("a", (0.0, 0.0), 20.0, (), "one")
    canvas.box("b", (100.0, 50.0), (30.0, 10.0), (), "two")
    found = {shape.key: shape.box for shape in read_shapes(painted(canvas)).shapes}
    left, top = found["a"][:2]
    assert found["a"] == pytest.approx((left, top, left + 40.0, top + 40.0), abs=0.2)
    x, y = left + 20.0 + 100.0, top + 20.0 - 50.0  # an SVG's y grows downwards
    assert found["b"] == pytest.approx((x - 15.0, y - 5.0, x + 15.0, y + 5.0), abs=0.2)


def test_a_curve_ends_with_its_arrow() -> None:
    canvas = Canvas(THEMES["light"])
    canvas.box("a", (0.0, 0.0), (40.0, 40.0), (), "cell")
    canvas.curve("a", "a", [(20.0, 10.0), (60.0, 20.0), (60.0, -20.0), (20.0, -10.0)], "loop")
    [line] = read_shapes(painted(canvas)).lines
    assert (line.tail, line.head) == ("a", "a")
    tip = ET.fromstring(painted(canvas)).findall(".//{*}polygon")[-1].get("points", "")
    assert len(tip.split()) == 4


@pytest.mark.parametrize("text", HOSTILE)
def test_words_are_never_markup(text: str) -> None:
    canvas = Canvas(THEMES["light"], [text])
    line = Line(text, "#000000")
    canvas.circle("a", (0.0, 0.0), 90.0, [line], "one", tip=text)
    canvas.words((0.0, 200.0), [line], "two", tip=text)
    canvas.edge("a", "w1", "three", text)
    svg = painted(canvas)
    ET.fromstring(svg)
    found = read_shapes(svg)
    shown = "".join(c if c.isprintable() else "\ufffd" for c in text)
    assert [shape.texts for shape in found.shapes] == [(shown,), (shown,)]
    assert [shape.tip for shape in found.shapes] == [shown, shown]
    assert [line.tip for line in found.lines] == [shown]
    assert "<script" not in svg
    assert "bold</B>" not in svg
    assert len(found.shapes) == 2


def test_long_words_are_cut() -> None:
    canvas = Canvas(THEMES["light"])
    canvas.words((0.0, 0.0), [Line("x" * 10_000, "#000000")], "w", tip="y" * 10_000)
    [shape] = read_shapes(painted(canvas)).shapes
    assert shape.texts == ("x" * 39 + "…",)
    assert shape.tip == "y" * 399 + "…"
