"""A recurrent net, a column for each time step; weights are named once."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import nn
from tests.support.fonts import needs_fonts
from tests.support.shapes import Drawn, read_shapes
from viz import draw_network


def drawn(module: nn.Module, *values: object, **options: object) -> Drawn:
    return read_shapes(draw_network(module, *values, style="unrolled", **options).svg())


@pytest.mark.system("S000-23", "S004-28")
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_a_column_for_each_step(steps: int) -> None:
    picture = drawn(nn.LSTM(3, 4, seed=0), steps=steps)
    assert [s.texts[0] for s in picture.of("input")] == [f"x{'₀₁₂₃₄'[t]}" for t in range(steps)]
    assert [s.texts[0] for s in picture.of("cell")] == [f"h{'₀₁₂₃₄'[t]}" for t in range(steps)]
    assert [(line.tail, line.head) for line in picture.lines_of("time")] == [
        (f"h0_0_{t}", f"h0_0_{t + 1}") for t in range(steps - 1)
    ]
    assert len(picture.lines_of("wire")) == steps


def test_tied_weights_are_named_once() -> None:
    picture = drawn(nn.GRU(3, 5, num_layers=2, seed=0), steps=4)
    names = Counter(shape.texts[0] for shape in picture.of("weight"))
    assert names == {"W1_ih 15×3": 1, "W1_hh 15×5": 1, "W2_ih 15×5": 1, "W2_hh 15×5": 1}


def test_the_second_direction_runs_against_time() -> None:
    picture = drawn(nn.RNN(3, 4, bidirectional=True, seed=0), steps=3)
    assert {(line.tail, line.head) for line in picture.lines_of("time")} == {
        ("h0_0_0", "h0_0_1"), ("h0_0_1", "h0_0_2"), ("h0_1_1", "h0_1_0"), ("h0_1_2", "h0_1_1"),
    }  # fmt: skip
    assert [s.texts[0] for s in picture.of("cell")].count("h₁←") == 1


def test_states_of_a_sequence() -> None:
    """Weights that copy the input: hₜ = relu(xₜ + hₜ₋₁ / 2)."""
    rnn = nn.RNN(5, 5, nonlinearity="relu", bias=False, seed=0)
    rnn.load_state_dict({"weight_ih_l0": np.eye(5), "weight_hh_l0": 0.5 * np.eye(5)})
    picture = drawn(rnn, [[1.0, 2.0, 0.0, 0.0, 4.0], [0.0, 1.0, 0.0, -1.0, 0.0]])
    assert [s.tip for s in picture.of("cell")] == ["h₀ = 1, 2, 0, 0, 4", "h₁ = 0.5, 2, 0, 0, 2"]
    assert [s.tip for s in picture.of("input")] == ["x₀ = 1, 2, 0, 0, 4", "x₁ = 0, 1, 0, −1, 0"]
    assert [s.texts[0] for s in picture.of("weight")] == ["W_ih 5×5", "W_hh 5×5"]


def test_both_directions_show_their_own_half() -> None:
    rnn = nn.RNN(1, 1, nonlinearity="relu", bias=False, bidirectional=True, seed=0)
    one = [[1.0]]
    rnn.load_state_dict({
        "weight_ih_l0": one, "weight_hh_l0": one,
        "weight_ih_l0_reverse": one, "weight_hh_l0_reverse": one,
    })  # fmt: skip
    picture = drawn(rnn, [1.0, 10.0, 100.0])  # sums from the start, and from the end
    tips = {s.key: s.tip for s in picture.of("cell")}
    assert [tips[f"h0_0_{t}"] for t in range(3)] == ["h₀ = 1", "h₁ = 11", "h₂ = 111"]
    assert [tips[f"h0_1_{t}"] for t in range(3)] == ["h₀← = 111", "h₁← = 110", "h₂← = 100"]


def test_an_lstm_cell_carries_both_states() -> None:
    """All weights 0 but the biases: i = σ(0), g = tanh(1), f = σ(0), o = σ(0)."""
    cell = nn.LSTMCell(5, 1, seed=0)
    cell.load_state_dict({
        "weight_ih": np.zeros((4, 5)), "weight_hh": np.zeros((4, 1)),
        "bias_ih": [0.0, 0.0, 1.0, 0.0], "bias_hh": np.zeros(4),
    })  # fmt: skip
    picture = drawn(cell, np.zeros((2, 5)), digits=4)
    # c₀ = tanh(1)/2, h₀ = tanh(c₀)/2; c₁ = c₀/2 + tanh(1)/2
    c = [0.5 * np.tanh(1.0), 0.75 * np.tanh(1.0)]
    shown = [float(s.tip.partition("= ")[2]) for s in picture.of("cell")]
    assert shown == pytest.approx([0.5 * np.tanh(v) for v in c], abs=5e-5)
    assert "the states h and c are 0" in picture.caption


@needs_fonts
def test_boxes_do_not_overlap_and_hold_their_words() -> None:
    nets = [nn.LSTM(5, 6, num_layers=2, bidirectional=True, seed=0), nn.GRU(5, 6, seed=1)]
    for net in nets:
        rng = np.random.default_rng(0)
        picture = drawn(net, rng.normal(size=(4, 5)))
        boxes = [s for s in picture.shapes if s.kinds & {"cell", "input", "output"}]
        assert len(boxes) >= 8
        for i, shape in enumerate(boxes):
            left, top, right, bottom = shape.box
            for other in boxes[i + 1 :]:
                a, b, c, d = other.box
                assert right <= a or c <= left or bottom <= b or d <= top
            for a, b, c, d in shape.text_boxes:
                assert left <= a
                assert c <= right
                assert top <= b
                assert d <= bottom


def test_wrong_sequences_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(time, 3\)"):
        draw_network(nn.RNN(3, 2, seed=0), [[1.0, 2.0]])
    with pytest.raises(ValueError, match="time steps of values is 31"):
        draw_network(nn.RNN(1, 2, seed=0), [0.0] * 31)
    with pytest.raises(ValueError, match="steps is 0"):
        draw_network(nn.RNN(1, 2, seed=0), steps=0)
