"""The DOT text: clusters for scopes, one line a node and a wire, text that stays text."""

from __future__ import annotations

import re

import pytest

import autograd_core as ac
from autograd_core import Value
from tests.support.pictures import frames, graphviz_of, grown, item_of, perceptron
from viz import draw
from viz.drawing.source import LARGE, STYLES


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(3))
def test_clusters_are_the_scopes(style: str, seed: int) -> None:
    diagram = draw(grown(50, seed), style)
    titles = {o["name"]: o["label"] for o in graphviz_of(diagram)["objects"] if "nodes" in o}
    around: dict[str, list[str]] = {}
    for cluster, keys in sorted(frames(diagram).items(), key=lambda pair: -len(pair[1])):
        for key in keys:
            around.setdefault(key, []).append(titles[cluster])
    for node in (o for o in graphviz_of(diagram)["objects"] if "pos" in o):
        item = item_of(diagram, node["name"])
        assert isinstance(item, Value)
        assert sorted(around.get(node["name"], [])) == sorted(item.scope)


def test_closed_scopes_are_boxes_without_a_frame() -> None:
    diagram = draw(perceptron([2, 3, 1]), collapse=["layer 0"])
    titles = [o["label"] for o in graphviz_of(diagram)["objects"] if "nodes" in o]
    assert titles == ["layer 1", "neuron 0"]
    (box,) = (o for o in graphviz_of(diagram)["objects"] if o.get("class") == "group")
    assert box["peripheries"] == "2"
    assert "layer 0" in box["label"]
    assert box["tooltip"].startswith("layer 0; 15 nodes; 3 dot, 3 tanh")


def test_uses_of_a_box_are_counted_on_one_wire() -> None:
    x = ac.name_array([Value(float(i)) for i in range(5)], "x")
    with ac.scope("s"):
        inside = [v * 2.0 for v in x]
    diagram = draw(ac.sum(inside), collapse=["s"])
    assert len(re.findall(r'label=" ×5 "', diagram.dot)) == 1
    assert "5 uses" in diagram.dot


def test_far_wires_of_a_large_picture_are_cut_short() -> None:
    """Thousands of long wires would hide it: the name is repeated instead."""
    x = Value(1.0, "x")
    node = x
    for _ in range(LARGE):
        node = node * 1.001 + x
    large = draw(node, budget=None)
    assert large.dot.count("x ▸") > 100
    assert "name ▸ repeats a node that is drawn far away" in large.dot
    assert "▸" not in draw(node).dot
