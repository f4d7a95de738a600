"""Drawings: every quantity with its value and gradient as the solution prints them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from autograd_core import DomainError, StaleGraph, Value, Worksheet
from autograd_core.backward import adjoints
from tests.support.formulas import plain
from tests.support.pictures import parsed, parts, texts
from tests.support.problems import read_worksheet
from tests.viz.test_solutions import WORKED, printed_results, stands_for
from viz import draw
from viz.library import worksheet_text

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg", "g", "title", "text", "a", "polygon", "path", "ellipse", "polyline", "desc", "style",
}  # fmt: skip


def cards(svg: str) -> dict[str, list[str]]:
    """The texts of each node: the first is its name or its sign."""
    found: dict[str, list[str]] = {}
    for part in parts(svg):
        if part.kind == "node":
            found.setdefault(part.words[0], part.words[1:])
    return found


# --- what is in the picture -------------------------------------------------------------------


@pytest.mark.parametrize("name", WORKED)
def test_every_quantity_with_its_numbers_as_in_the_solution(name: str) -> None:
    worksheet = worksheet_text(name)
    sheet, reference = Worksheet.parse(worksheet), read_worksheet(worksheet)
    every_leaf = [n for n in sheet.assigned if n.is_leaf]
    printed = printed_results(sheet, wrt=every_leaf)
    found = cards(draw(sheet).svg())
    reached = reference.program.below(reference.output)
    assert reached <= set(map(plain, found))
    assert set(reference.values) & set(map(plain, found)) == reached
    for shown, numbers in found.items():
        quantity = plain(shown)
        if quantity not in reached:
            continue  # the sign of an operation
        value, *gradient = numbers
        assert value == printed[shown]
        assert stands_for(value, float(reference.values[quantity]))
        if quantity in reference.given:
            assert gradient == []
        else:
            root = next(s for s in found if plain(s) == reference.output)
            assert gradient == ["d " + printed[f"d{root}/d{shown}"]]
            assert stands_for(gradient[0][2:], float(reference.gradient(quantity)))


@pytest.mark.parametrize("name", WORKED)
def test_the_source_has_what_the_picture_has(name: str) -> None:
    diagram = draw(Worksheet.parse(worksheet_text(name)))
    for text in texts(diagram.svg()):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in diagram.dot


def test_operations_and_unnamed_results() -> None:
    found = texts(draw(Worksheet.parse(worksheet_text("000.toy-elu"))).svg())
    counted = Counter(found)
    for sign in ("σ", "max", "elu", "4 − ▢", "0.1·▢", "▢²"):
        assert counted[sign] == 1, sign
    assert counted["2·▢"] == 2  # in y and in z: two nodes
    assert counted["+"] == 2
    assert counted["×"] == 2
    assert counted["−"] == 1


def test_every_node_and_edge_once() -> None:
    x = Value(3.0, "x")
    y = (x * x + 2.0 * x).named("y")
    source = draw(y).dot
    assert source.count(" -> ") == 2 + 1 + 2 + 1  # x, x into ×; x into 2·; both into +; + into y
    svg = draw(y).svg()
    groups = Counter(g.get("class") for g in parsed(svg).iter(f"{SVG}g"))
    assert groups["edge"] == 6
    assert groups["node"] == 5


def test_gradients_are_those_of_the_root() -> None:
    w, x = Value(2.0, "w"), Value(-3.0, "x")
    y = (w * x).named("y")
    y.grad = 99.0
    found = cards(draw(y).svg())
    assert found["w"] == ["2", "d −3"]
    assert found["x"] == ["−3", "d 2"]
    assert found["y"] == ["−6", "d 1"]
    assert y.grad == 99.0


def test_a_large_graph_runs_from_top_to_bottom() -> None:
    x = Value(0.5, "x")
    small = x
    for _ in range(5):
        small = small * 1.5
    large = x
    for _ in range(40):
        large = large * 1.5
    assert "rankdir=LR" in draw(small).dot
    assert "rankdir=TB" in draw(large).dot


def test_shape_not_only_colour_tells_leaves_apart() -> None:
    source = draw((Value(1.0, "x") * 2.0).named("y")).dot
    borders = dict(
        zip(
            re.findall(r"<B>(\w)</B>", source),
            re.findall(r'TABLE BORDER="(\d)"', source),
            strict=True,
        )
    )
    assert borders == {"x": "2", "y": "1"}


def test_what_is_stale_or_not_finite_is_refused() -> None:
    x = Value(2.0, "x")
    y = x * x
    x.data = 3.0
    with pytest.raises(StaleGraph):
        draw(y)
    with pytest.raises(DomainError):
        draw(Value(0.0, "x").sqrt())


def test_a_leaf_alone() -> None:
    assert cards(draw(Value(2.5, "x")).svg()) == {"x": ["2.5", "d 1"]}


# --- names from a user ------------------------------------------------------------------------

HOSTILE = [
    "<script>alert('1')</script>",
    "</text><script>alert(1)</script>",
    "<B>bold</B>",
    "<TABLE>",
    "<!--",
    "]]>",
    "&amp;lt;",
    "&#x3c;script&#x3e;",
    "&nosuch;",
    '"; evil [label="x',
    "a\\nb\\",
    "\\",
    '"',
    "'",
    "\\N \\G \\L",
    "x\ny",
    "x\r\ny",
    "x\0y",
    "\x1b[31mred\x1b[0m",
    "\u202eabc\u202c",
    "שלום",
    "مرحبا",
    "\ud800",
    "\ufffe\uffff",
    "a\u0302\u0302\u0302",
    "😀",
    " ",
    "%s {} $x #",
    "digraph { a -> b }",
    "x" * 10_000,
    "<" * 10_000,
    "&" * 10_000,
    "\\" * 999,
    "𝔵" * 10_000,
]


@pytest.mark.parametrize("name", HOSTILE, ids=[repr(n)[:24] for n in HOSTILE])
def test_a_name_stays_text(name: str) -> None:
    """As the name of a leaf, of a result, and of the root."""
    x = Value(2.0, name)
    y = (x * 3.0).named(name + "y")
    root = y + x
    for graph in (root, y, x):
        diagram = draw(graph)
        svg = diagram.svg()
        elements = {e.tag.removeprefix(SVG) for e in parsed(svg).iter()}
        assert elements <= ALLOWED
        for element in parsed(svg).iter():
            for key, value in element.attrib.items():
                assert not key.lower().startswith("on"), key
                assert not value.lower().strip().startswith("javascript:"), value
        assert "2" in texts(svg)
        dot_lines = [line for line in diagram.dot.split("\n") if "script" not in name]
        assert len(diagram.dot.split("\n")) == len(draw(renamed(graph)).dot.split("\n")), dot_lines
        diagram.dot.encode("utf-8")


def renamed(root: Value) -> Value:
    """A graph of the same shape with harmless names."""
    x = Value(2.0, "a")
    if root.is_leaf:
        return x
    y = (x * 3.0).named("b")
    return y if root.name else y + x


@pytest.mark.parametrize("name", ["<i>x</i>", "a&b", 'q"q', "it's", "a\\b", "שלום", "α<β"])
def test_a_name_is_read_back_whole(name: str) -> None:
    found = texts(draw(Value(2.0, name) * 3.0).svg())
    assert name in found


def test_a_long_name_is_cut_in_the_card_and_whole_in_the_tooltip() -> None:
    name = "".join(chr(ord("a") + i % 26) for i in range(200))
    svg = draw(Value(2.0, name) * 3.0).svg()
    assert max(map(len, texts(svg))) < 120
    assert name in svg


# --- the same again, files --------------------------------------------------------------------


@pytest.mark.parametrize("name", WORKED)
def test_the_same_graph_gives_the_same_bytes(name: str) -> None:
    sheet = Worksheet.parse(worksheet_text(name))
    again = Worksheet.parse(worksheet_text(name))
    assert draw(sheet).dot == draw(sheet).dot == draw(again).dot
    assert draw(sheet).svg() == draw(sheet).svg() == draw(again).svg()


def test_saving_by_the_ending(tmp_path: Path) -> None:
    diagram = draw((Value(2.0, "x") * 3.0).named("y"))
    starts = {"svg": b"<?xml", "png": b"\x89PNG\r\n", "pdf": b"%PDF-", "dot": b"digraph {"}
    for ending, start in starts.items():
        for name in (f"graph.{ending}", f"GRAPH.{ending.upper()}"):
            path = diagram.save(tmp_path / name)
            assert path == tmp_path / name
            assert path.read_bytes().startswith(start)
    assert (tmp_path / "graph.dot").read_text("utf-8") == diagram.dot
    assert (tmp_path / "graph.svg").read_text("utf-8") == diagram.svg()
    assert diagram.save(str(tmp_path / "x.svg")).exists()


@pytest.mark.parametrize("name", ["graph", "graph.gif", "graph.svg.txt", ".svg"])
def test_an_unknown_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.svg, \.png, \.pdf, \.dot"):
        draw(Value(2.0, "x") * 3.0).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_the_picture() -> None:
    diagram = draw(Value(2.0, "x") * 3.0)
    assert diagram._repr_svg_() == diagram.svg()


def test_the_gradients_agree_with_the_backward_sweep() -> None:
    sheet = Worksheet.parse("a = 1.5; b = -2; c = a*b + a; L = tanh(c)*b")
    found = cards(draw(sheet).svg())
    for node, slope in adjoints(sheet.output).items():
        if node.name:
            assert stands_for(found[node.name][1][2:], slope), node.name
