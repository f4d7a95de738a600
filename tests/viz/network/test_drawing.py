"""`draw_network` and `draw_convolution`: what they choose, refuse, and leave alone."""

from __future__ import annotations

import random
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import get_args

import numpy as np
import pytest

import nn
from autograd_core import Value
from tests.support.shapes import read_shapes
from tests.viz.network.test_canvas import HOSTILE
from viz import Picture, draw_convolution, draw_network
from viz.network.drawing import NetworkStyle

IMAGE = np.arange(36.0).reshape(1, 6, 6)
CONV = nn.Sequential(nn.Conv2d(1, 2, 3, seed=0), nn.ReLU(), nn.Flatten(0), nn.Linear(32, 3, seed=0))
EVERY = [
    (nn.logic_gate("AND"), None, "a unit with 2 inputs"),
    (nn.Neuron(3), [1.0, 2.0, 3.0], "a unit with 3 inputs"),
    (nn.xor_net(), [1, 0], "neurons 2-2-1"),
    (nn.parity_net(4), None, "neurons 4-4-2-2-1"),
    (nn.MLP(2, [12, 1]), None, "neurons 2-12-1"),
    (nn.MLP(2, [13, 1]), None, "2 layers as boxes"),
    (CONV, None, "4 layers as boxes"),
    (CONV, IMAGE, "4 layers and their outputs"),
    (CONV[0], IMAGE, "Conv2d, map 0, output pixel (0, 0)"),
    (nn.MaxPool2d(2), IMAGE, "MaxPool2d, output pixel (0, 0)"),
    (nn.RNN(3, 4, seed=0), None, "a recurrent net, 1 with a loop"),
    (nn.LSTM(3, 4, seed=0), np.ones((5, 3)), "a recurrent net, 5 time steps"),
    (nn.RNNCell(1, 2, seed=0), [1.0], "a recurrent net, 1 time step, its units"),
    (nn.LayerNorm(3), None, "1 layer as boxes"),
]


@pytest.mark.parametrize(("module", "values", "summary"), EVERY, ids=[e[2] for e in EVERY])
def test_the_usual_style(module: nn.Module, values: object, summary: str) -> None:
    picture = draw_network(module, values)
    assert repr(picture) == f"<Picture, {summary}>"
    ET.fromstring(picture.svg())
    assert picture.dot == draw_network(module, values).dot


@pytest.mark.parametrize(("module", "values", "summary"), EVERY, ids=[e[2] for e in EVERY])
def test_no_type_below_eight_points_on_a_page(
    module: nn.Module, values: object, summary: str
) -> None:
    """Of A4 paper, standing or, for wide pictures, lying."""
    svg = draw_network(module, values).svg()
    width = float(ET.fromstring(svg).get("width", "").removesuffix("pt"))
    sizes = [size for shape in read_shapes(svg).shapes for size in shape.sizes]
    assert min(sizes) * min(1.0, 842.0 / width) >= 7.9


def test_nothing_is_changed() -> None:
    net = nn.Sequential(nn.Linear(2, 2, seed=0), nn.Tanh(), nn.Linear(2, 1, seed=1))
    for parameter in net.parameters():
        parameter.grad = 7.0
    before = [(p.data, p.grad, p.name) for p in net.parameters()]
    state = random.getstate()
    x = [Value(1.0, "a"), Value(2.0, "b")]
    draw_network(net, x).svg()
    assert [(p.data, p.grad, p.name) for p in net.parameters()] == before
    assert random.getstate() == state
    assert [v.name for v in x] == ["a", "b"]


@pytest.mark.parametrize("style", get_args(NetworkStyle))
def test_a_style_that_does_not_fit_says_what_to_take(style: NetworkStyle) -> None:
    if style == "boxes":
        assert len(draw_network(nn.LayerNorm(2), style=style).dot) > 0
        return
    with pytest.raises(ValueError, match=r"take style=|give "):
        draw_network(nn.LayerNorm(2), style=style)


def test_what_is_refused() -> None:
    with pytest.raises(TypeError, match="shows a module"):
        draw_network([1, 2])
    with pytest.raises(ValueError, match="style is one of"):
        draw_network(nn.xor_net(), style="circles")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="theme is one of"):
        draw_network(nn.xor_net(), theme="pink")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="digits is 0"):
        draw_network(nn.xor_net(), digits=0)
    with pytest.raises(ValueError, match="no layers yet"):
        draw_network(nn.Sequential())
    with pytest.raises(ValueError, match="one example of 2 numbers"):
        draw_network(nn.xor_net(), [[1.0, 0.0]])
    with pytest.raises(ValueError, match="finite"):
        draw_network(nn.xor_net(), [float("inf"), 0.0])
    with pytest.raises(ValueError, match="more than a picture shows"):
        draw_network(nn.MLP(1, [1] * 30), style="neurons")
    with pytest.raises(ValueError, match="digits"):
        draw_convolution([[1.0]], [[1.0]], digits=99)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_layers_come_out_as_text(name: str) -> None:
    name = name.replace(".", "")
    net = nn.Sequential({name: nn.Linear(2, 2, seed=0), "next": nn.LayerNorm(2)})
    svg = draw_network(net).svg()
    shown = "".join(c if c.isprintable() else "\ufffd" for c in name)
    layers = read_shapes(svg).of("layer")
    assert [s.texts[0] for s in layers] == [f"{shown}: Linear", "next: LayerNorm"]
    assert [s.tip for s in layers] == [f"{shown}: Linear", "next: LayerNorm"]
    assert "<script" not in svg
    ET.fromstring(draw_network(net[:1]).svg())


def test_labels_of_a_classifier_come_out_as_text() -> None:
    labels = ("<script>alert(1)</script>", '"\\N')
    svg = draw_network(nn.LinearClassifier([1.0], labels=labels)).svg()
    assert "<script" not in svg
    assert f"y = 0 means {labels[0]}, y = 1 means {labels[1]}" in read_shapes(svg).caption


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "import nn; from viz import draw_network\n"
        "print(draw_network(nn.parity_net(4), [1, 0, 1, 1]).dot)\n"
        "print(draw_network(nn.RNN(1, 2, seed=0), [1, 0]).dot)\n"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert made[0] == made[1]
    assert "u1_0" in made[0]


def test_colours_belong_to_the_theme() -> None:
    dark = draw_network(nn.xor_net(), theme="dark")
    assert "#8cc4ff" in dark.dot
    assert "#0b5394" not in dark.dot
    assert 'class="diagram dark"' in dark.svg()


def test_a_picture_is_returned() -> None:
    assert isinstance(draw_network(nn.xor_net()), Picture)
    assert isinstance(draw_convolution([[1.0]], [[1.0]]), Picture)
