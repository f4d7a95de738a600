"""Cards: name, value and gradient below each other, operations as nodes of their own."""

from __future__ import annotations

import autograd_core as ac
from autograd_core import Value
from tests.support.pictures import Part, parts, texts
from viz import draw


def nodes(root: Value, **options: object) -> dict[str, Part]:
    svg = draw(root, **options).svg()  # type: ignore[arg-type]
    return {part.words[0]: part for part in parts(svg) if part.kind == "node"}


def test_what_stands_on_a_card() -> None:
    w, x = Value(2.0, "w"), Value(-3.0, "x")
    found = nodes((w * x + 1.0).named("y"))
    assert {name: part.words[1:] for name, part in found.items()} == {
        "w": ["2", "d −3"], "x": ["−3", "d 2"], "y": ["−5", "d 1"], "×": ["−6", "d 1"],
        "▢ + 1": [],
    }  # fmt: skip
    lines = sorted(found["w"].texts, key=lambda text: text.at[1])
    assert [text.words for text in lines] == ["w", "2", "d −3"]
    assert [text.bold for text in lines] == [True, False, False]


def test_a_leaf_has_a_thick_frame() -> None:
    found = nodes((Value(1.0, "x") * 2.0).named("y"))
    assert (found["x"].widths, found["y"].widths) == ((2.0,), (1.0,))
    assert "leaf" in found["x"].classes
    assert {"value"} == set(found["y"].classes)
    assert {"operation"} == set(found["▢·2"].classes)


def test_wires_lead_to_the_operation_and_on_to_the_result() -> None:
    x = Value(3.0, "x")
    diagram = draw((x * x).named("y"))
    edges = sorted((p.key, p.words) for p in parts(diagram.svg()) if p.kind == "edge")
    assert edges == [("n0->n1o", ["3"]), ("n0->n1o", ["3"]), ("n1o->n1", [])]


def test_show_chooses_the_numbers() -> None:
    x = Value(3.0, "x")
    y = (x * 2.0).named("y")
    assert nodes(y, show=["value"])["x"].words == ["x", "3"]
    assert nodes(y, show=["grad"])["x"].words == ["x", "d 2"]
    assert nodes(y, show=[])["x"].words == ["x"]
    edges = [part for part in parts(draw(y, show=["local"]).svg()) if part.kind == "edge"]
    assert [edge.words for edge in edges if edge.words] == [["2"]]


def test_the_legend_says_what_stands_there() -> None:
    y = (Value(3.0, "x") * 2.0).named("y")
    everything = "name, value, after d the gradient of y; on an arrow the local derivative"
    assert everything in " ".join(texts(draw(y).svg()))
    assert "name, value" in texts(draw(y, show=["value"]).svg())
    assert "name, after d the gradient of y" in texts(draw(y, show=["grad"]).svg())


def test_an_unnamed_result_shows_its_numbers_below_its_sign() -> None:
    x = Value(0.5, "x")
    hidden = nodes(ac.exp(x).tanh().named("y"))
    assert list(hidden["exp"].words) == ["exp", "1.649", "d 0.1375"]
