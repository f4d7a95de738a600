"""A recurrent net with its loop."""

from __future__ import annotations

import pytest

import nn
from tests.support.shapes import Drawn, read_shapes
from viz import draw_network


def drawn(module: nn.Module) -> Drawn:
    return read_shapes(draw_network(module, style="rolled").svg())


def words(picture: Drawn) -> set[str]:
    return {text for shape in picture.of("words") for text in shape.texts}


@pytest.mark.system("S004-28")
def test_one_loop_edge_from_the_cell_to_itself() -> None:
    picture = drawn(nn.RNN(3, 4, seed=0))
    assert [(line.tail, line.head) for line in picture.lines_of("loop")] == [("h0_0", "h0_0")]
    assert [(line.tail, line.head) for line in picture.lines_of("wire")] == [
        ("x", "h0_0"), ("h0_0", "y"),
    ]  # fmt: skip
    assert {"W_ih 4×3", "W_hh 4×4", "h: one step later"} <= words(picture)


@pytest.mark.parametrize(
    ("module", "rows"), [(nn.LSTMCell(3, 4, seed=0), 16), (nn.GRUCell(3, 4, seed=0), 12)]
)
def test_the_weights_of_gates(module: nn.Module, rows: int) -> None:
    assert {f"W_ih {rows}×3", f"W_hh {rows}×4"} <= words(drawn(module))


def test_layers_and_directions_each_have_a_loop() -> None:
    picture = drawn(nn.LSTM(3, 4, num_layers=2, bidirectional=True, seed=0))
    assert len(picture.lines_of("loop")) == 4
    # x into 2; each of 2 into each of 2; 2 into the output
    assert len(picture.lines_of("wire")) == 2 + 4 + 2
    assert {"W1_ih 16×3", "W2_ih 16×8", "W2_hh← 16×4"} <= words(picture)
    assert "h, c: one step earlier" in words(picture)


def test_what_reads_the_state() -> None:
    picture = drawn(nn.bit_detector("111"))
    assert [shape.texts for shape in picture.of("readout")] == [("step",)]
    assert "V 1×3" in words(picture)
    assert ("h0_0", "r0") in {(line.tail, line.head) for line in picture.lines_of("wire")}


def test_only_recurrent_nets_have_one() -> None:
    with pytest.raises(ValueError, match="recurrent"):
        draw_network(nn.MLP(2, [1]), style="rolled")
