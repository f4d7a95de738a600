"""A cell unfolded in time: the scalar examples, step by step."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from nn import LSTMCell, RNNCell, rnn_cell, unroll
from nn.unrolling import hidden_state
from tests.support.against_torch import grads, numbers
from tests.support.catalogue import example

BPTT = ["004.bptt-1", "004.bptt-2", "004.bptt-3", "004.bptt-3-last", "004.bptt-2-last"]


def scalar_cell(given: dict[str, Any]) -> RNNCell:
    """The cell a′ = tanh(wxh·x + whh·a + bh)."""
    cell = RNNCell(1, 1)
    cell.load_state_dict({
        "weight_ih": [[given["wxh"]]], "weight_hh": [[given["whh"]]], "bias_ih": [given["bh"]],
        "bias_hh": [0.0],
    })  # fmt: skip
    return cell


def losses(states: list[Any], given: dict[str, Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """ŷₜ = woh·aₜ + bo, the losses ½(ŷₜ − yₜ)² that count, and the pair woh, bo."""
    w, b = ac.Value(given["woh"]), ac.Value(given["bo"])
    outputs = [w * state[0] + b for state in states]
    return outputs, [0.5 * (outputs[t] - given["y"][t]) ** 2 for t in given["loss_at"]], [w, b]


@pytest.mark.system("S004-32", "S004-33")
@pytest.mark.conflict("X-11")
@pytest.mark.parametrize("name", BPTT)
def test_back_propagation_through_time(name: str) -> None:
    given, expected = example(name)
    cell = scalar_cell(given)
    states = unroll(cell, [[x] for x in given["x"]], [given["a0"]])
    outputs, costs, readout = losses(states, given)
    cost = ac.sum(costs)
    cost.backward()
    assert numbers(states)[:, 0] == pytest.approx(expected["a"], rel=1e-12)
    assert numbers(outputs) == pytest.approx(expected["y_hat"], rel=1e-12)
    assert cost.data == pytest.approx(expected["C"], rel=1e-12)
    slopes = {
        "dwxh": cell.weight_ih[0, 0].grad, "dwhh": cell.weight_hh[0, 0].grad,
        "dbh": cell.bias_ih[0].grad, "dwoh": readout[0].grad, "dbo": readout[1].grad,
    }  # fmt: skip
    for which, slope in slopes.items():
        assert slope == pytest.approx(expected[which], rel=1e-12), which


@pytest.mark.system("S004-33", "S004-34")
@pytest.mark.parametrize("name", BPTT)
def test_what_reaches_the_weights_through_each_step(name: str) -> None:
    """With a copy of the weights for each step, entry t, k is what loss t sends to step k."""
    given, expected = example(name)
    steps = len(given["x"])
    w_xh = [ac.Value(given["wxh"]) for _ in range(steps)]
    w_hh = [ac.Value(given["whh"]) for _ in range(steps)]

    def cell(x: Any, h: Any, label: str) -> Any:
        t = int(label[1:])
        return rnn_cell(x, h, np.array([[w_xh[t]]]), np.array([[w_hh[t]]]), [given["bh"]])

    states = unroll(cell, [[x] for x in given["x"]], [given["a0"]])
    _, costs, _ = losses(states, given)
    for which, weights in (("wxh", w_xh), ("whh", w_hh)):
        found = np.zeros((steps, steps))
        for t, cost in zip(given["loss_at"], costs, strict=True):
            ac.zero_grad(weights)
            cost.backward()
            found[t] = grads(weights)
        np.testing.assert_allclose(found, expected[f"contributions_{which}"], rtol=1e-12)


def test_steps_from_the_end() -> None:
    cell = RNNCell(1, 2, seed=0)
    inputs = [[1.0], [-2.0], [0.5]]
    backwards = unroll(cell, inputs, reverse=True)
    mirrored = unroll(cell, inputs[::-1])
    np.testing.assert_array_equal(numbers(backwards), numbers(mirrored)[::-1])
    assert [state[0].scope for state in backwards] == [("step 0",), ("step 1",), ("step 2",)]


def test_names_of_hidden_states_print_with_a_subscript() -> None:
    states = unroll(RNNCell(1, 1, seed=0), [[1.0], [2.0]])
    assert [state[0].name for state in states] == ["h_0[0]", "h_1[0]"]


def test_the_hidden_state_of_a_pair_is_the_first() -> None:
    cell = LSTMCell(1, 2, seed=0)
    states = unroll(cell, [[1.0], [2.0]])
    assert hidden_state(states[1]) is states[1][0]
    assert hidden_state(states[1][0]) is states[1][0]


def test_an_empty_sequence() -> None:
    with pytest.raises(ValueError, match="at least one time step"):
        unroll(RNNCell(1, 2), [])


@pytest.mark.system("S000-24")
def test_the_linear_recurrence_in_closed_form() -> None:
    """sₜ = u·xₜ + w·sₜ₋₁: the slope of V·sₜ by x k steps earlier is u·wᵏ·V (1, 2, 4, 8)."""
    given, expected = example("000.rnn-b")
    cell = RNNCell(1, 1, bias=False, nonlinearity="identity")
    cell.load_state_dict({"weight_ih": [[given["U"]]], "weight_hh": [[given["W"]]]})

    def response(bits: Any) -> tuple[Any, list[ac.Value]]:
        inputs = [ac.Value(bit) for bit in bits]
        [s] = unroll(cell, [[x] for x in inputs])[-1]
        return given["V"] * s + given["b"], inputs

    y, inputs = response([1, 1, 1, 0])
    y.backward()
    assert [x.grad for x in reversed(inputs)] == expected["coefficients"]
    assert y.data == expected["Y_prev111_now0"]
    assert response([1, 1, 1, 1])[0].data == expected["Y_prev111_now1"]
    windows = [list(bits) for bits in product((0, 1), repeat=4)]  # the present bit first
    scores = [response(window[::-1])[0].data for window in windows]
    pairs = list(zip(windows, scores, strict=True))
    assert [window for window, score in pairs if score > 0.0] == expected["fires_strict"]
    assert [window for window, score in pairs if score >= 0.0] == expected["fires_inclusive"]
    fail = expected["untruncated_first_failing_sequence"]  # the state that never forgets
    assert response(fail)[0].data > 0.0


def test_the_linear_node_that_finds_equal_bits() -> None:
    given, expected = example("000.rnn-c")
    cell = RNNCell(1, 1, nonlinearity="identity")
    cell.load_state_dict({
        "weight_ih": [[given["u"]]], "weight_hh": [[given["w"]]], "bias_ih": [given["b1"]],
        "bias_hh": [0.0],
    })  # fmt: skip
    sums = [unroll(cell, [[a], [b]])[-1][0].data for a, b in given["order"]]
    assert sums == expected["s"]
    assert [1.0 - s % 2.0 for s in sums] == expected["output"]


def test_the_linear_node_that_finds_a_one_after_a_zero() -> None:
    given, expected = example("000.rnn-a")
    cell = RNNCell(1, 1, bias=False, nonlinearity="identity")
    cell.load_state_dict({"weight_ih": [[given["u"]]], "weight_hh": [[given["w"]]]})
    sums = [unroll(cell, [[a], [b]])[-1][0].data for a, b in given["order"]]
    literal = [given["v"] * (s + given["b"]) for s in sums]
    assert literal == expected["y_literal"]
    assert [s + given["b"] for s in sums] == expected["y_as_evaluated"]
    assert [float(y > 0.0) for y in literal] == expected["detects_literal"]
