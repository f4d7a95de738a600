"""Compact pictures: one box a node."""

from __future__ import annotations

from autograd_core import Value
from tests.support.pictures import grown, parts, texts
from viz import draw


def test_name_operation_and_numbers_in_two_lines() -> None:
    x = Value(0.5, "x")
    svg = draw((x.tanh() * 2.0).named("y"), style="compact").svg()
    assert [part.words for part in parts(svg) if part.kind == "node"] == [
        ["x", "0.5", "d 1.573"],
        ["tanh", "0.4621", "d 2"],
        ["y", "← ▢·2", "0.9242", "d 1"],
    ]
    heights = [{text.at[1] for text in p.texts} for p in parts(svg) if p.kind == "node"]
    assert [len(lines) for lines in heights] == [2, 2, 2]
    assert "name ← operation, value, after d the gradient of y; on an arrow" in " ".join(texts(svg))


def test_one_box_a_node_and_one_arrow_a_use() -> None:
    root = grown(40, seed=4)
    diagram = draw(root, style="compact")
    kinds = [part.kind for part in parts(diagram.svg())]
    assert kinds.count("node") == 40
    uses = sum(isinstance(o, Value) for node in diagram.scene.order for o in node.operands)
    assert kinds.count("edge") == uses


def test_a_leaf_has_a_thick_frame() -> None:
    svg = draw((Value(1.0, "x") * 2.0).named("y"), style="compact").svg()
    assert {p.words[0]: p.widths for p in parts(svg) if p.kind == "node"} == {
        "x": (2.0,), "y": (1.0,),
    }  # fmt: skip


def test_without_numbers_a_box_has_one_line() -> None:
    svg = draw((Value(1.0, "x") * 2.0) * 3.0, style="compact", show=[]).svg()
    assert [part.words for part in parts(svg) if part.kind == "node"] == [
        ["x"], ["▢·2"], ["u1", "← ▢·3"],
    ]  # fmt: skip
