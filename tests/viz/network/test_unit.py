"""One unit in its parts: inputs, weights, bias, sum, function, output."""

from __future__ import annotations

import pytest

import nn
from tests.support.shapes import Drawn, read_shapes
from viz import draw_network


def drawn(module: nn.Module, *values: object) -> Drawn:
    return read_shapes(draw_network(module, *values).svg())


@pytest.mark.system("S003-05")
def test_the_parts_of_a_perceptron() -> None:
    picture = drawn(nn.logic_gate("AND"))
    assert [shape.texts for shape in picture.of("input")] == [("x₀",), ("x₁",)]
    assert [shape.texts for shape in picture.of("bias")] == [("1", "bias")]
    assert [shape.texts for shape in picture.of("neuron")] == [("Σ",)]
    assert [shape.texts for shape in picture.of("function")] == [("step",)]
    assert [shape.texts for shape in picture.of("output")] == [("y",)]
    lines = {(line.tail, line.head): line for line in picture.lines}
    assert set(lines) == {
        ("x0", "sum"), ("x1", "sum"), ("x2", "sum"), ("sum", "function"), ("function", "y"),
    }  # fmt: skip
    assert [shape.texts[0] for shape in picture.of("number")] == ["1", "1", "−1.5"]
    assert "y = step(x₀ + x₁ − 1.5)" in picture.caption
    assert lines["x2", "sum"].dashes
    assert not lines["x0", "sum"].dashes


def test_the_numbers_of_an_example() -> None:
    picture = drawn(nn.LinearClassifier([2.0, -3.0], 0.5), [4.0, 1.0])
    assert [shape.texts[0] for shape in picture.of("input")] == ["4", "1"]
    assert picture.of("neuron")[0].texts == ("Σ", "5.5")  # 8 − 3 + 0.5
    assert picture.of("output")[0].texts == ("1", "y")
    assert "y = step(2·x₀ − 3·x₁ + 0.5)" in picture.caption
    assert "y = 0 means N, y = 1 means P" in picture.caption


def test_the_sum_takes_part_in_the_function() -> None:
    neuron = nn.Neuron(2)
    neuron.load_state_dict({"w": [1.0, -1.0], "b": -0.25})
    picture = drawn(neuron, [1.0, 2.0])
    assert picture.of("neuron")[0].texts[1] == "−1.25"
    assert picture.of("output")[0].texts[0] == "0"
    assert picture.of("function")[0].texts == ("relu",)


def test_weights_of_zero_are_dotted() -> None:
    picture = drawn(nn.Perceptron(2, weights=[0.0, 1.0], bias=0.0))
    assert {line.tail for line in picture.lines_of("zero")} == {"x0", "x2"}
    dashes = {line.tail: line.dashes for line in picture.lines_of("weight")}
    assert dashes["x1"] == ""
    assert dashes["x0"] == dashes["x2"] == "1,5"
    assert "dotted where it is 0" in picture.caption
    assert "y = step(x₁)" in picture.caption


def test_without_a_bias_there_is_no_constant_input() -> None:
    picture = drawn(nn.Linear(3, 1, bias=False, seed=0))
    assert len(picture.of("input")) == len(picture.lines_of("weight")) == 3
    assert picture.of("bias") == []
    assert picture.of("function")[0].texts == ("identity",)


def test_all_weights_zero() -> None:
    assert "y = step(0)" in drawn(nn.Perceptron(1)).caption


def test_more_than_one_unit_is_refused() -> None:
    with pytest.raises(ValueError, match='style="neurons"'):
        draw_network(nn.xor_net(), style="unit")
