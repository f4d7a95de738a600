"""Neurons as circles and weights as lines: the counts, the signs, the sizes, the numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

import nn
from tests.support.shapes import Drawn, read_shapes
from viz import draw_network


def drawn(module: nn.Module, *values: object, **options: object) -> Drawn:
    return read_shapes(draw_network(module, *values, style="neurons", **options).svg())


def mlp(weights: dict[str, object], *sizes: int) -> nn.MLP:
    net = nn.MLP(sizes[0], sizes[1:])
    net.load_state_dict(weights)
    return net


SMALL = {
    "layers.0.neurons.0.w": [1.0, -2.0], "layers.0.neurons.0.b": 0.5,
    "layers.0.neurons.1.w": [0.25, 4.0], "layers.0.neurons.1.b": 0.0,
    "layers.0.neurons.2.w": [-1.0, -0.5], "layers.0.neurons.2.b": -3.0,
    "layers.1.neurons.0.w": [3.0, -4.0, 2.0], "layers.1.neurons.0.b": 1.0,
}  # fmt: skip


@pytest.mark.system("S003-13", "S003-33")
@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 4, 4, 2), (1, 1), (2, 2, 2, 2, 2, 2)])
def test_one_circle_for_each_neuron_and_one_line_for_each_weight(sizes: tuple[int, ...]) -> None:
    picture = drawn(nn.MLP(sizes[0], sizes[1:]))
    assert len(picture.of("input")) == sizes[0]
    assert len(picture.of("neuron")) == sum(sizes[1:])
    assert all(shape.outline == "circle" for shape in picture.of("neuron"))
    pairs = [(line.tail, line.head) for line in picture.lines_of("weight")]
    wanted = [
        (f"u{k}_{source}", f"u{k + 1}_{unit}")
        for k, (before, after) in enumerate(pairwise(sizes))
        for unit in range(after)
        for source in range(before)
    ]
    assert sorted(pairs) == sorted(wanted)


def test_sign_and_size_of_every_weight() -> None:
    picture = drawn(mlp(SMALL, 2, 3, 1))
    given = {
        ("u0_0", "u1_0"): 1.0, ("u0_1", "u1_0"): -2.0, ("u0_0", "u1_1"): 0.25,
        ("u0_1", "u1_1"): 4.0, ("u0_0", "u1_2"): -1.0, ("u0_1", "u1_2"): -0.5,
        ("u1_0", "u2_0"): 3.0, ("u1_1", "u2_0"): -4.0, ("u1_2", "u2_0"): 2.0,
    }  # fmt: skip
    found = {(line.tail, line.head): line for line in picture.lines_of("weight")}
    assert set(found) == set(given)
    for pair, weight in given.items():
        line = found[pair]
        assert ("positive" in line.kinds, "negative" in line.kinds) == (weight > 0, weight < 0)
        assert bool(line.dashes) == (weight < 0.0)
        assert line.width == pytest.approx(max(0.7, abs(weight)))  # the widest, 4, is 4 points
        assert line.tip.endswith(f"= {weight:g}".replace("-", "−"))
    colours = {line.colour for line in picture.lines_of("positive")}
    assert len(colours) == 1
    assert colours.isdisjoint({line.colour for line in picture.lines_of("negative")})


def test_numbers_where_there_is_room() -> None:
    texts = sorted(shape.texts[0] for shape in drawn(mlp(SMALL, 2, 3, 1)).of("number"))
    assert texts == sorted(["1", "−2", "0.25", "4", "−1", "−0.5", "3", "−4", "2"])
    assert drawn(nn.MLP(8, [8, 8])).of("number") == []


@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 3, 2), (2, 2, 2), (5, 1), (1, 6)])
def test_numbers_stay_clear_of_each_other_and_of_the_circles(sizes: tuple[int, ...]) -> None:
    picture = drawn(nn.MLP(sizes[0], sizes[1:]))
    numbers, circles = picture.of("number"), [*picture.of("neuron"), *picture.of("input")]
    assert numbers
    for i, shape in enumerate(numbers):
        left, top, right, bottom = shape.text_boxes[0]
        for other in numbers[i + 1 :]:
            a, b, c, d = other.text_boxes[0]
            assert right <= a or c <= left or bottom <= b or d <= top
        for circle in circles:
            a, b, c, d = circle.box
            assert right <= a or c <= left or bottom <= b or d <= top


def test_biases_stand_above_their_circles() -> None:
    assert [shape.texts[0] for shape in drawn(mlp(SMALL, 2, 3, 1)).of("bias")] == [
        "b 0.5", "b −3", "b 1",
    ]  # fmt: skip


@pytest.mark.system("S000-09")
def test_values_stand_in_the_circles() -> None:
    picture = drawn(mlp(SMALL, 2, 3, 1), [2.0, 1.0])
    assert [shape.texts for shape in picture.of("input")] == [("2", "x₀"), ("1", "x₁")]
    # relu(2 − 2 + 0.5), relu(0.5 + 4), relu(−2 − 0.5 − 3); 3·0.5 − 4·4.5 + 2·0 + 1
    assert [shape.texts for shape in picture.of("neuron")] == [
        ("0.5", "relu"), ("4.5", "relu"), ("0", "relu"), ("−15.5", "Σ"),
    ]  # fmt: skip


def test_xor_and_its_zeros() -> None:
    picture = drawn(nn.xor_net(), [1.0, 1.0])
    assert [shape.texts[0] for shape in picture.of("neuron")] == ["1", "1", "0"]
    assert len(picture.lines_of("negative")) == 1
    assert len(picture.lines_of("positive")) == 5
    assert "without a line" not in picture.caption


@pytest.mark.system("S000-14")
def test_parity_by_pairs() -> None:
    """1, 0, 1, 1: AND and OR of both pairs, their exclusive ors 1 and 0, AND and OR of these."""
    picture = drawn(nn.parity_net(4), [1.0, 0.0, 1.0, 1.0])
    assert [shape.texts[0] for shape in picture.of("input")] == ["1", "0", "1", "1"]
    assert "".join(shape.texts[0] for shape in picture.of("neuron")) == "0111" + "10" + "01" + "1"
    assert [shape.texts[0] for shape in picture.of("heading")] == [
        "input", "hidden 1", "hidden 2", "hidden 3", "output",
    ]  # fmt: skip


def test_weights_of_zero_have_no_line_and_the_caption_counts_them() -> None:
    # Four inputs in pairs: 4 units with 2 of 4 weights, 2 with 2 of 4; 2 with 2 of 2, 1 with 2.
    picture = drawn(nn.parity_net(4))
    assert len(picture.lines_of("weight")) == 8 + 4 + 4 + 2
    assert "12 weights are 0 and without a line" in picture.caption
    one = nn.StepNet([[((1.0, 0.0), 0.5)]])
    assert "1 weight is 0 and without a line" in drawn(one).caption


def test_of_a_long_column_a_part_is_drawn_and_the_rest_counted() -> None:
    picture = drawn(nn.MLP(2, [40, 1]))
    assert len(picture.of("input")) + len(picture.of("neuron")) == 2 + 11 + 1
    assert [shape.texts for shape in picture.of("left-out")] == [("⋮", "29 more")]
    assert "14 of 43 circles are drawn" in picture.caption
    assert any("40 units" in shape.texts for shape in picture.of("heading"))
    keys = {shape.key for shape in picture.of("neuron")}
    assert "u1_39" in keys
    assert "u1_20" not in keys
    ends = {line.tail for line in picture.lines} | {line.head for line in picture.lines}
    assert ends <= keys | {shape.key for shape in picture.of("input")}


def test_circles_do_not_overlap_and_hold_their_words() -> None:
    for net in (nn.MLP(3, [20, 12, 2]), nn.parity_net(4), nn.MLP(2, [3] * 9)):
        circles = [s for s in drawn(net).shapes if s.outline == "circle"]
        places = {shape.box for shape in circles}
        assert len(places) == len(circles)
        for i, shape in enumerate(circles):
            left, top, right, bottom = shape.box
            for other in circles[i + 1 :]:
                a, b, c, d = other.box
                assert right <= a or c <= left or bottom <= b or d <= top
            for a, b, c, d in shape.text_boxes:
                assert left <= a
                assert c <= right
                assert top <= b
                assert d <= bottom


def test_functions_behind_a_layer_belong_to_its_neurons() -> None:
    net = nn.Sequential(nn.Linear(2, 2, seed=0), nn.Tanh(), nn.Linear(2, 1, seed=1), nn.Sigmoid())
    net.load_state_dict({
        "0.weight": [[1.0, 0.0], [0.0, 1.0]], "0.bias": [0.0, 0.0],
        "2.weight": [[1.0, 1.0]], "2.bias": [0.0],
    })  # fmt: skip
    picture = drawn(net, [0.0, 0.5])
    # tanh 0 = 0, tanh 0.5 = 0.46212, σ(0.46212) = 0.61351
    assert [shape.texts for shape in picture.of("neuron")] == [
        ("0", "tanh"), ("0.462", "tanh"), ("0.614", "σ"),
    ]  # fmt: skip


@pytest.mark.system("S003-33")
def test_headings() -> None:
    assert [shape.texts[0] for shape in drawn(nn.MLP(2, [2, 2, 1])).of("heading")] == [
        "input", "hidden 1", "hidden 2", "output",
    ]  # fmt: skip
    assert [shape.texts[0] for shape in drawn(nn.MLP(2, [2, 1])).of("heading")] == [
        "input", "hidden", "output",
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_the_sign_is_told_without_colour(theme: str) -> None:
    source = draw_network(nn.xor_net(), style="neurons", theme=theme).dot
    styles = re.findall(r'class="weight (\w+)".*?style=(\w+)', source)
    assert set(styles) == {("positive", "solid"), ("negative", "dashed")}


def test_a_net_of_zeros_has_no_lines() -> None:
    net = nn.Linear(2, 2, seed=0)
    net.load_state_dict({"weight": [[0.0, 0.0], [0.0, 0.0]], "bias": [0.0, 0.0]})
    assert drawn(net).lines == ()
