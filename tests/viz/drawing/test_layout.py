"""The layout of pictures: nothing overlaps, nothing sticks out, and the type can be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograd_core import Value
from tests.support.fonts import needs_fonts
from tests.support.picture_numbers import misprints
from tests.support.pictures import (
    frames,
    grown,
    layout_of,
    packaged,
    pad,
    parts,
    perceptron,
)
from tests.support.placement import SMALLEST_TYPE, faults, type_size
from viz import draw
from viz.drawing.layout import Box, Layout, Words, read_layout
from viz.drawing.source import STYLES
from viz.render import render

# --- pictures of graphs of every size ---------------------------------------------------------


GRAPHS: dict[str, Callable[[], Value]] = {
    "5": lambda: grown(5, seed=1, grouped=False),
    "5 in scopes": lambda: grown(5, seed=1),
    "25": lambda: grown(25, seed=1, grouped=False),
    "25 in scopes": lambda: grown(25, seed=1),
    "60": lambda: grown(60, seed=1, grouped=False),
    "300": lambda: grown(300, seed=1, grouped=False),
    "perceptron of 26": lambda: perceptron([2, 3, 1]),
    "perceptron of 65": lambda: perceptron([3, 4, 4, 1]),
    "perceptron of 306": lambda: perceptron([8, 12, 10, 1]),
}


@needs_fonts
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", GRAPHS)
def test_the_layout_of_a_generated_graph(name: str, style: str) -> None:
    diagram = draw(GRAPHS[name](), style=style)
    layout = layout_of(diagram)
    assert faults(layout, frames(diagram)) == []
    assert type_size(layout, pad(diagram)) >= SMALLEST_TYPE
    assert misprints(diagram) == []


@needs_fonts
@pytest.mark.parametrize("style", STYLES)
def test_the_layout_of_scopes_that_are_left_and_entered_again(style: str) -> None:
    """A tangle, whose size nobody promises; still nothing overlaps and no number is wrong."""
    diagram = draw(grown(300, seed=1), style=style, show=["value", "grad"])
    assert faults(layout_of(diagram), frames(diagram)) == []
    assert misprints(diagram) == []


@needs_fonts
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_the_layout_with_a_followed_variable(style: str, direction: str) -> None:
    root = grown(25, seed=2)
    leaf = next(node for node in draw(root).scene.order if node.is_leaf)
    diagram = draw(root, style=style, wrt=leaf, direction=direction)
    assert faults(layout_of(diagram), frames(diagram)) == []


@needs_fonts
@pytest.mark.parametrize("style", STYLES)
def test_the_layout_without_a_budget(style: str) -> None:
    """Crowded, but nothing overlaps."""
    for root in (grown(150, seed=1, grouped=False), perceptron([3, 4, 4, 1])):
        diagram = draw(root, style=style, budget=None)
        assert len(diagram.scene.drawn) == len(diagram.scene.order)
        assert faults(layout_of(diagram), frames(diagram)) == []


@pytest.mark.parametrize(("nodes", "seed"), [(150, 31), (150, 32), (40, 46)])
def test_graphviz_does_not_end_the_process(nodes: int, seed: int) -> None:
    """An assertion of Graphviz's is an abort, which nothing in Python can catch.

    These graphs led to one while ranks were counted inside each frame.
    """
    everything = ["value", "grad", "local"]
    root = grown(nodes, seed)
    diagram = draw(root, "compact", everything, budget=None, direction="TB")  # type: ignore[arg-type]
    assert diagram.svg().endswith("</svg>\n")


# --- the reader -------------------------------------------------------------------------------


def test_the_layout_is_that_of_the_picture() -> None:
    """Words, their sizes, colours and places are the same in Graphviz's SVG."""
    diagram = packaged("000.toy-elu", "card")
    layout, svg = layout_of(diagram), diagram.svg()
    shown = {part.key: part for part in parts(svg) if part.kind == "node"}
    nodes = {box.name: box for box in layout.boxes if box.kind == "node"}
    assert shown.keys() == nodes.keys()
    for key, box in nodes.items():
        assert [w.text.strip() for w in box.words] == [t.words for t in shown[key].texts]
        assert [(w.size, w.colour, w.bold) for w in box.words] == [
            (t.size, t.colour, t.bold) for t in shown[key].texts
        ]
        for words, text in zip(box.words, shown[key].texts, strict=True):
            assert words.at == pytest.approx((text.at[0], -text.at[1]), abs=0.01)
        assert tuple(s.width for s in box.shapes if not s.colour.endswith("00")) == (
            shown[key].widths
        )


def test_every_kind_of_stroke_is_read() -> None:
    source = """digraph {
        subgraph cluster0 { label=frame; a [shape=ellipse, style=dashed, penwidth=3] }
        b [shape=diamond, style=filled, fillcolor="#ff0000", label=<<B>bold</B>>]
        a -> b [label=local, color="#00ff00", penwidth=2.5]
    }"""
    boxes = {(box.kind, box.name): box for box in read_layout(render(source, "json")).boxes}
    assert set(boxes) == {("graph", "%1"), ("cluster", "cluster0"), ("node", "a"), ("node", "b"),
                          ("edge", "")}  # fmt: skip
    (ellipse,) = boxes["node", "a"].shapes
    assert (ellipse.kind, ellipse.width, ellipse.dashed, ellipse.fill) == (
        "ellipse", 3.0, True, None,
    )  # fmt: skip
    (diamond,) = boxes["node", "b"].shapes
    assert (diamond.kind, len(diamond.points), diamond.fill) == ("polygon", 4, "#ff0000")
    assert (diamond.width, diamond.dashed) == (1.0, False)
    assert boxes["node", "b"].words[0].bold
    line, tip = boxes["edge", ""].shapes
    assert (line.kind, line.width, line.colour, line.fill) == ("bezier", 2.5, "#00ff00", None)
    assert (tip.kind, tip.fill) == ("polygon", "#00ff00")
    assert [words.text for words in boxes["edge", ""].words] == ["local"]
    assert [words.text for words in boxes["cluster", "cluster0"].words] == ["frame"]


def test_alignment_and_size() -> None:
    def words(align: str) -> Words:
        return Words("x", (10.0, 0.0), align, 4.0, 11.0, "#000000", False)  # type: ignore[arg-type]

    assert [words(align).left for align in "lcr"] == [10.0, 8.0, 6.0]
    layout = read_layout(render("digraph { a [shape=box, width=2, height=1, fixedsize=true] }",
                                "json"))  # fmt: skip
    assert (layout.width, layout.height) == (144.0, 72.0)
    assert next(box.bounds for box in layout.boxes if box.kind == "node") == (0.0, 0.0, 144.0, 72.0)


# --- the checks themselves --------------------------------------------------------------------


def box(kind: str, name: str, bounds: tuple[float, ...] | None, *words: Words) -> Box:
    return Box(kind, name, bounds, (), words, "")  # type: ignore[arg-type]


def word(x: float, y: float, size: float = 10.0) -> Words:
    return Words("word", (x, y), "l", 20.0, size, "#000000", False)


SOUND = (
    box("cluster", "frame", (0, 0, 50, 30)),
    box("node", "a", (5, 5, 45, 25), word(10, 10)),
    box("node", "b", (60, 5, 90, 25), word(65, 10)),
    box("edge", "", None, word(60, 40)),
)
MISTAKES = {
    "overlap": box("node", "c", (40, 20, 55, 35)),
    "not inside node": box("node", "c", (60, 50, 75, 70), word(61, 55)),
    "is over b": box("edge", "", None, word(50, 12)),
    "sticks out": box("node", "in frame", (30, 26, 55, 40)),
    "does not belong": box("node", "c", (1, 26, 4, 29)),
    "cut off": box("node", "c", (95, 50, 101, 60)),
    "into each other": box("node", "c", (60, 50, 90, 80), word(65, 60), word(65, 64)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_fault_is_found(mistake: str) -> None:
    belongs = {"frame": {"a", "in frame"}}
    assert faults(Layout(100.0, 100.0, SOUND), belongs) == []
    found = faults(Layout(100.0, 100.0, (*SOUND, MISTAKES[mistake])), belongs)
    assert any(mistake in fault for fault in found), found


def test_type_on_a_page() -> None:
    assert type_size(Layout(500.0, 900.0, SOUND), 0.0) == 10.0
    assert type_size(Layout(1180.0, 2000.0, SOUND), 5.0) == pytest.approx(5.0)
    assert type_size(Layout(1684.0, 900.0, SOUND), 0.0) == pytest.approx(5.0)
