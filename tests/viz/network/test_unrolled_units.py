"""A small Elman net over time, unit by unit: the numbers of tied weights stand once."""

from __future__ import annotations

from collections import Counter

import pytest

import nn
from tests.support.shapes import Drawn, Shape, read_shapes
from viz import draw_network


def drawn(module: nn.Module, *values: object, **options: object) -> Drawn:
    return read_shapes(draw_network(module, *values, style="unrolled", **options).svg())


@pytest.fixture
def rnn() -> nn.RNN:
    """hₜ = relu(W_ih·xₜ + W_hh·hₜ₋₁ + b), every weight different."""
    net = nn.RNN(1, 2, nonlinearity="relu", seed=0)
    net.load_state_dict({
        "weight_ih_l0": [[1.0], [-2.0]], "weight_hh_l0": [[0.5, 3.0], [-4.0, 0.25]],
        "bias_ih_l0": [0.125, 1.0], "bias_hh_l0": [0.0, 0.5],
    })  # fmt: skip
    return net


def test_circles_and_lines_of_every_step(rnn: nn.RNN) -> None:
    picture = drawn(rnn, steps=4)
    assert len(picture.of("input")) == 4
    assert len(picture.of("neuron")) == 8
    assert len(picture.lines_of("weight")) == 4 * 2 + 3 * 4


@pytest.mark.system("S000-23")
def test_each_tied_weight_is_written_once(rnn: nn.RNN) -> None:
    picture = drawn(rnn, steps=4)
    assert Counter(shape.texts[0] for shape in picture.of("number")) == Counter(
        ["1", "−2", "0.5", "3", "−4", "0.25"]
    )
    assert Counter(shape.texts[0] for shape in picture.of("bias")) == Counter(["b 0.125", "b 1.5"])
    first = {(x.tail, x.head) for x in picture.lines} - {
        (x.tail, x.head) for x in picture.lines_of("tied")
    }
    assert {pair for pair in first if pair[0].startswith("x")} == {
        ("x0_0", "h0_0"), ("x0_0", "h0_1"),
    }  # fmt: skip
    assert {pair[1][:2] for pair in first if pair[0].startswith("h")} == {"h1"}


def test_signs_are_the_same_in_every_step(rnn: nn.RNN) -> None:
    picture = drawn(rnn, steps=3)
    for t in (1, 2):
        dashed = {(x.tail, x.head) for x in picture.lines if x.dashes and f"h{t}" in x.head}
        assert dashed == {(f"x{t}_0", f"h{t}_1"), (f"h{t - 1}_0", f"h{t}_1")}


def test_states_by_hand(rnn: nn.RNN) -> None:
    picture = drawn(rnn, [1.0, 2.0])
    values = {shape.key: shape.texts[0] for shape in picture.of("neuron")}
    # h₀ = (1 + 0.125, −2 + 1.5) → (1.125, 0); h₁ = (2 + 0.5625 + 0.125, −4 − 4.5 + 1.5) → (…, 0)
    assert values == {"h0_0": "1.12", "h0_1": "0", "h1_0": "2.69", "h1_1": "0"}


@pytest.mark.system("S000-23", "S000-25", "S000-26", "S000-27")
@pytest.mark.parametrize(
    ("task", "bits", "wanted"),
    [
        ("01", [0, 1, 1, 0, 1], [0, 1, 0, 0, 1]),
        ("111", [1, 1, 1, 1, 0], [0, 0, 1, 1, 0]),
        ("odd", [1, 0, 1, 1], [1, 1, 0, 1]),
        ("seen", [0, 1, 0], [0, 1, 1]),
    ],
)
def test_bit_detectors(task: str, bits: list[int], wanted: list[int]) -> None:
    picture = drawn(nn.bit_detector(task), bits)
    assert [shape.texts[0] for shape in picture.of("input")] == [str(bit) for bit in bits]
    assert [shape.texts[0] for shape in picture.of("output")] == [str(y) for y in wanted]
    assert "yₜ = step(…)" in picture.caption


def test_circles_do_not_overlap() -> None:
    for net in (nn.RNN(3, 4, seed=0), nn.bit_detector("111"), nn.RNN(4, 2, seed=0)):
        circles = [s for s in drawn(net, steps=3).shapes if s.outline == "circle"]
        for i, shape in enumerate(circles):
            left, top, right, bottom = shape.box
            for other in circles[i + 1 :]:
                a, b, c, d = other.box
                assert right <= a or c <= left or bottom <= b or d <= top


def middle(shape: Shape) -> tuple[float, float]:
    left, top, right, bottom = shape.box
    return 0.5 * (left + right), 0.5 * (top + bottom)


@pytest.mark.parametrize(
    "sizes", [(1, 1, 0), (4, 4, 4), (3, 2, 0), (4, 1, 1), (1, 4, 4), (2, 3, 1)]
)
def test_no_line_passes_behind_a_circle(sizes: tuple[int, int, int]) -> None:
    inputs, hidden, outputs = sizes
    net = nn.Sequential(nn.RNN(inputs, hidden, seed=0))
    if outputs:
        net.append(nn.Linear(hidden, outputs, seed=0))
    picture = drawn(net, steps=2)
    circles = {s.key: middle(s) for s in picture.shapes if s.outline == "circle"}
    assert len(circles) == 2 * sum(sizes)
    for line in picture.lines_of("weight"):
        (x0, y0), (x1, y1) = circles[line.tail], circles[line.head]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        for key, (x, y) in circles.items():
            along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length
            across = abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
            if key not in (line.tail, line.head) and 0.0 < along < length:
                assert across > 20.0, (line.tail, line.head, key)


def test_larger_nets_are_drawn_in_vectors() -> None:
    assert drawn(nn.RNN(1, 5, seed=0)).of("neuron") == []
    assert drawn(nn.LSTM(1, 2, seed=0)).of("neuron") == []
    assert drawn(nn.RNN(1, 2, seed=0)).of("neuron") != []
