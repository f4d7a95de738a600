"""The estimate of a picture's size, against the layout that Graphviz computes."""

from __future__ import annotations

from statistics import median

import pytest

import autograd_core as ac
from autograd_core import Value
from tests.support.fonts import needs_helvetica
from tests.support.pictures import grown, layout_of, packaged, perceptron
from viz import draw
from viz.drawing.direction import PAGE, gap_between, ranks, size, width
from viz.drawing.source import STYLES

SOME = ["000.toy-elu", "002.xyz", "000.xor2", "001.scalar", "003.cce", "004.conv-3x3",
        "004.layer-recursion-single", "000.rnn-c", "004.dropout", "002.svm-max"]  # fmt: skip
CAPTION_MARGINS = 16.0  # points, around the text below a picture


def chain(length: int) -> Value:
    node = Value(0.5, "x")
    for _ in range(length):
        node = node * 1.5
    return node


@needs_helvetica
@pytest.mark.parametrize("style", STYLES)
def test_the_estimate_is_near_the_layout(style: str) -> None:
    """A quarter off at most where nothing is tangled, and right in the middle."""
    off = []
    for name in SOME:
        diagram = packaged(name, style)
        gap = gap_between(diagram.scene, diagram.labels, style, diagram.direction)
        wide, _ = size(diagram.scene, diagram.labels, style, diagram.direction, gap)
        caption = max(words.width for words in layout_of(diagram).boxes[0].words) + CAPTION_MARGINS
        off.append(max(wide, caption) / layout_of(diagram).width)
    assert 0.9 < median(off) < 1.1
    assert min(off) > 0.75
    assert max(off) < 1.35


@needs_helvetica
def test_frames_beside_each_other_need_room_along_their_whole_length() -> None:
    """Two scopes that share a rank are as wide as both together, not as their widest rank."""
    for style in STYLES:
        diagram = draw(perceptron([2, 3, 1]), style, budget=None, direction="TB")
        scene, labels = diagram.scene, diagram.labels
        gap = gap_between(scene, labels, style, "TB")
        wide, _ = size(scene, labels, style, "TB", gap)
        assert 0.7 < wide / layout_of(diagram).width < 1.3


def test_short_pictures_run_to_the_right_and_long_ones_down() -> None:
    assert draw(chain(3)).direction == "LR"
    assert draw(chain(40)).direction == "TB"
    assert draw(chain(40), direction="LR").direction == "LR"
    wide = ac.sum([Value(float(i), f"x{i}") for i in range(30)])
    assert draw(wide).direction == "LR"


def test_local_derivatives_are_left_out_where_they_leave_no_room() -> None:
    small, large = draw(chain(3)), packaged("002.svm-sum", "card")
    assert "local" in small.labels.show
    assert "local" not in large.labels.show
    asked = draw(large.scene.root, show=["value", "local"])
    assert set(asked.labels.show) == {"value", "local"}


def test_a_wide_picture_counts_as_one_on_a_turned_page() -> None:
    """Upright comes first; 842 of 595 points is what turning gains."""
    diagram = draw(chain(14), direction="LR")
    gap = gap_between(diagram.scene, diagram.labels, "card", "LR")
    wide, high = size(diagram.scene, diagram.labels, "card", "LR", gap)
    assert PAGE < wide < PAGE * 842 / 595
    assert wide > 2 * high
    asked = width(diagram.scene, diagram.labels, "card", "LR")
    assert PAGE < asked < wide
    assert width(diagram.scene, diagram.labels, "card", "TB") < PAGE


def test_a_full_picture_moves_closer_together() -> None:
    small, full = draw(chain(3)), packaged("002.svm-sum", "card")
    gaps = [gap_between(d.scene, d.labels, "card", d.direction) for d in (small, full)]
    assert gaps[0] > gaps[1] > 0
    for diagram, gap in zip((small, full), gaps, strict=True):
        assert f"nodesep={gap / 72:.3f}".rstrip("0") in diagram.dot


@pytest.mark.parametrize("style", STYLES)
def test_ranks_rise_along_every_wire(style: str) -> None:
    """And a leaf stands just before its first use."""
    diagram = draw(grown(50, seed=7), style, budget=None)
    place = ranks(diagram.scene, diagram.labels, style)
    step = dict.fromkeys(diagram.scene.items, 2)
    for wire in diagram.scene.wires:
        assert place[wire.tail] < place[wire.head]
    for item in diagram.scene.drawn:
        users = [place[w.head] for w in diagram.scene.wires if w.tail is item]
        if item.is_leaf and users:
            assert min(users) - place[item] in (step[item], 2 * step[item])


@pytest.mark.parametrize("style", STYLES)
def test_no_more_is_drawn_than_a_page_has_room_for(style: str) -> None:
    """Sixty items would fit the budget, but not the page; a number is taken as it is."""
    root = perceptron([3, 5, 4, 1])
    on_a_page, asked, everything = (draw(root, style, budget=b) for b in ("page", 60, None))
    assert len(on_a_page.scene.items) < len(asked.scene.items) <= 60
    assert len(everything.scene.items) == len(everything.scene.order)


def test_a_wire_against_the_direction_of_a_circle_of_boxes_counts_for_no_rank() -> None:
    """Two closed scopes that use each other's nodes: ranks still rise along the other wires."""
    x = Value(1.0, "x")
    with ac.scope("a"):
        first = x * 2.0
    with ac.scope("b"):
        second = first.tanh()
    with ac.scope("a"):
        third = second + 1.0
    diagram = draw(third.exp().named("y"), collapse=["a", "b"])
    place = ranks(diagram.scene, diagram.labels, "card")
    a, b = diagram.scene.closed
    assert (a.label, b.label) == ("a", "b")
    assert place[x] < place[a] < place[b]
    assert place[a] < place[diagram.scene.root]
