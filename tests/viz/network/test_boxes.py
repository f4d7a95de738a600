"""Layers as boxes: every one of them, its shapes, its parameters, the arrows between."""

from __future__ import annotations

import re

import nn
from tests.support.shapes import Drawn, read_shapes
from viz import draw_network

NET = nn.Sequential(
    nn.Conv2d(1, 4, 3, seed=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(0), nn.Linear(36, 10, seed=0)
)


def drawn(module: nn.Module, *values: object) -> Drawn:
    return read_shapes(draw_network(module, *values, style="boxes").svg())


def test_a_box_for_each_layer_in_their_order() -> None:
    picture = drawn(NET)
    titles = [shape.texts[0] for shape in picture.of("layer")]
    assert titles == ["0: Conv2d", "1: ReLU", "2: MaxPool2d", "3: Flatten", "4: Linear"]
    flow = [(line.tail, line.head) for line in picture.lines_of("flow")]
    assert flow == [
        ("in", "n0"), ("n0", "n1"), ("n1", "n2"), ("n2", "n3"), ("n3", "n4"), ("n4", "out"),
    ]  # fmt: skip


def test_parameters_are_counted() -> None:
    picture = drawn(NET)
    assert picture.of("layer")[0].texts[-1] == "weight 4×1×3×3, bias 4: 40 parameters"
    assert picture.of("layer")[4].texts[-1] == "weight 10×36, bias 10: 370 parameters"
    assert "410 parameters in all" in picture.caption
    assert "3: 12 parameters" not in picture.caption


def test_shapes_stand_beside_the_arrows() -> None:
    source = draw_network(NET, [[[0.5] * 8] * 8], style="boxes").dot
    labels = re.findall(r'label="  ([^"]*)"', source)
    assert labels == ["1×8×8", "4×6×6", "4×6×6", "4×3×3", "36", "10"]
    assert set(re.findall(r'label="  ([^"]*)"', draw_network(NET, style="boxes").dot)) == {""}


class Coder(nn.Module):
    """Two parts of its own, joined by nothing that a picture could know."""

    def __init__(self) -> None:
        self.encoder = nn.Linear(3, 2, seed=0)
        self.decoder = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh())


def test_parts_of_a_module_stand_in_a_frame_without_arrows() -> None:
    picture = drawn(Coder())
    assert [shape.texts[0] for shape in picture.of("layer")] == [
        "encoder: Linear", "0: Linear", "1: Tanh",
    ]  # fmt: skip
    assert len(picture.lines) == len(picture.lines_of("flow")) == 2  # in and out
    svg = draw_network(Coder()).svg()
    assert svg.count('class="cluster module"') == 2
    assert ">Coder<" in svg
    assert "decoder: Sequential" in svg


def test_above_so_many_layers_the_rest_is_counted() -> None:
    net = nn.Sequential(*(nn.Identity() for _ in range(100)))
    picture = drawn(net)
    assert len(picture.of("layer")) == 60
    assert "60 of 100 layers are drawn" in picture.caption
    assert "the other 40" in picture.caption
