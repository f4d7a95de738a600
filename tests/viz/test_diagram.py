"""Drawings: every quantity with its value and gradient as the solution prints them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from autograd_core import DomainError, StaleGraph, Value, Worksheet, name_array, scope
from autograd_core.backward import adjoints
from tests.support.fonts import needs_fonts
from tests.support.formulas import plain
from tests.support.pictures import grown, parsed, parts, perceptron, texts
from tests.support.problems import read_worksheet
from tests.viz.test_solutions import WORKED, printed_results, stands_for
from viz import draw
from viz.drawing.source import STYLES
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


@pytest.mark.system("S000-09")
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
    source = diagram.dot
    for text in texts(diagram.svg()):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in source


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
    assert Counter(part.kind for part in parts(svg)) == {"edge": 6, "node": 5}


def test_gradients_are_those_of_the_root() -> None:
    w, x = Value(2.0, "w"), Value(-3.0, "x")
    y = (w * x).named("y")
    y.grad = 99.0
    found = cards(draw(y).svg())
    assert found["w"] == ["2", "d −3"]
    assert found["x"] == ["−3", "d 2"]
    assert found["y"] == ["−6", "d 1"]
    assert y.grad == 99.0


@pytest.mark.system("S001-04")
def test_a_layer_stands_there_in_two_stages() -> None:
    """2-3-1, worked by hand: each unit's sum, its tanh, and between them dl/da = dl/dz·(1 − z²)."""
    found = cards(draw(Worksheet.parse(worksheet_text("001.scalar"))).svg())
    assert [found[name] for name in ("a₁", "a₂", "a₃")] == [
        ["5", "d 0.0003483"], ["3", "d 0.03785"], ["2", "d 0.2710"],
    ]  # fmt: skip
    assert [found[name] for name in ("z₁", "z₂", "z₃")] == [
        ["0.9999", "d 1.918"], ["0.9951", "d 3.836"], ["0.9640", "d 3.836"],
    ]  # fmt: skip
    assert found["ŷ"] == ["4.918", "d 1.918"]


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
    frames = {}
    for line in source.split("\n"):
        if name := re.search(r"<B>(\w)</B>", line):
            [frames[name[1]]] = re.findall(r"penwidth=(\d)", line)
    assert frames == {"x": "2", "y": "1"}


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
    "\\input{/etc/passwd}",
    "#1a1a1a",
    "none",
    "%N\\E\\T\\H",
    "html<BR/>",
    "\\l\\r\\n",
    "<" * 10_000,
    "&" * 10_000,
    "\\" * 999,
    "𝔵" * 10_000,
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", HOSTILE, ids=[repr(n)[:24] for n in HOSTILE])
def test_a_name_stays_text(name: str, style: str) -> None:
    """As the name of a leaf, a result, the root, a scope and an array: nothing else changes."""
    for budget in (None, 3):
        found, expected = (pictures(n, style, budget) for n in (name, "tame"))
        assert found[0].count("\n") == expected[0].count("\n")
        assert structure(found[1]) == structure(expected[1])
        found[0].encode("utf-8")


def hostile_graph(name: str) -> Value:
    x = name_array([Value(2.0), Value(3.0)], name)
    y = Value(4.0, name)
    with scope(name):
        inside = (x[0] * x[1]).named(name + "y") * y
    return (inside + y * x[1]).named(name + "z")


@lru_cache(maxsize=8)
def pictures(name: str, style: str, budget: int | None) -> tuple[str, str]:
    """DOT and SVG, with one leaf followed; in one direction, whatever the name's length."""
    root = hostile_graph(name)
    leaf = next(n for n in draw(root).scene.order if n.is_leaf)
    diagram = draw(root, style, wrt=leaf, budget=budget, direction="TB")  # type: ignore[arg-type]
    return diagram.dot, diagram.svg()


def structure(svg: str) -> Counter[str]:
    """How many elements of each kind there are but for lines of text; none of them acts."""
    elements = [element for element in parsed(svg).iter() if isinstance(element.tag, str)]
    for element in elements:
        assert element.tag.removeprefix(SVG) in ALLOWED
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on"), key
            assert "href" not in key.lower()
            assert "javascript:" not in value.lower() or key.endswith("}title")
    return Counter(e.tag.removeprefix(SVG) for e in elements if e.tag != f"{SVG}text")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "name",
    [
        "<i>x</i>",
        "a&b",
        "&amp;",
        "\\N\\L",
        "\\input{x}",
        "#1a1a1a",
        'q"q',
        "it's",
        "a\\b",
        "שלום",
        "α<β",
    ],
)
def test_a_name_is_read_back_whole(name: str, style: str) -> None:
    """On the node, in its tip and as the title of a frame."""
    with scope(name):
        root = Value(2.0, name) * 3.0
    svg = draw(root, style).svg()
    assert name in texts(svg)
    leaf = next(part for part in parts(svg) if "leaf" in part.classes)
    assert name in leaf.words
    assert leaf.tip.startswith(f"{name} = 2; ")
    assert name in next(part for part in parts(svg) if part.kind == "cluster").words


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


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    """Sets and dictionaries are ordered by other hashes there."""
    code = (
        "import sys; from tests.support.pictures import grown; from viz import draw\n"
        f"for style in {list(STYLES)}: print(ascii(draw(grown(90, 3), style).svg()))"
    )
    there = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONHASHSEED": seed}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert there.stdout.splitlines() == [ascii(draw(grown(90, 3), s).svg()) for s in STYLES]


# --- what a caller may ask for ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"style": "cards"}, "style is one of 'card', 'circuit', 'compact'; got 'cards'"),
        ({"theme": "blue"}, "theme is one of 'auto', 'light', 'dark', 'print'; got 'blue'"),
        ({"direction": "RL"}, "direction is one of None, 'LR', 'TB'; got 'RL'"),
        ({"show": ["values"]}, "show is one of 'value', 'grad', 'local'; got 'values'"),
        ({"budget": 0}, 'the budget is 1 item or more, "page", or None for all; got 0'),
        ({"collapse": ["s"]}, "there is no scope 's' to collapse"),
        ({"wrt": Value(1.0, "q")}, "q is not in the graph of the output"),
    ],
)
def test_what_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        draw(Value(2.0, "x") * 3.0, **options)


def test_only_graphs_are_drawn() -> None:
    with pytest.raises(TypeError, match="a drawing shows a Value or a Worksheet, not float"):
        draw(3.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("budget", [1, 5, 60, 200, None])
def test_the_picture_says_how_many_nodes_it_shows(budget: int | None) -> None:
    diagram = draw(grown(150, 2), budget=budget)
    drawn, hidden = len(diagram.scene.drawn), diagram.scene.hidden
    assert drawn + hidden == 150
    assert repr(diagram) == f"<Diagram, {drawn} of 150 nodes drawn>"
    words = " ".join(texts(diagram.svg()))
    assert (f"{drawn} of 150 nodes are drawn, the other {hidden} stand in" in words) == (hidden > 0)


@needs_fonts
def test_saving_by_the_ending(tmp_path: Path) -> None:
    diagram = draw((Value(2.0, "x") * 3.0).named("y"))
    starts = {
        "svg": b"<?xml", "png": b"\x89PNG\r\n", "pdf": b"%PDF-", "dot": b"digraph {",
        "tex": b"\\documentclass",
    }  # fmt: skip
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
    with pytest.raises(ValueError, match=r"ends in \.svg, \.png, \.pdf, \.tex or \.dot"):
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


def test_no_more_is_drawn_than_a_page_has_room_for() -> None:
    """Half of the neurons' insides would fit a budget of 60, but not beside each other."""
    root = perceptron([3, 4, 4, 1])
    assert len(draw(root).scene.items) < 50
    assert len(draw(root, budget=64).scene.items) > 55  # what is asked for is drawn
    assert len(draw(root, budget=None).scene.items) == len(draw(root).scene.order)
