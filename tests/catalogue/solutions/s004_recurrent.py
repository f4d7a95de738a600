"""Solutions of the examples 004.* on recurrent nets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import autograd_core as ac
import nn
from autograd_core import Value, Worksheet, gradient
from tests.catalogue.registry import solves
from tests.catalogue.solutions.common import linear, numbers

Inputs = dict[str, Any]
Answers = dict[str, Any]


def recurrent(w_x: Any, w_h: Any, bias: Any, nonlinearity: str = "tanh") -> nn.RNNCell:
    """A cell with a single bias, as the notes have it: the library's second one is zero."""
    hidden, width = np.shape(w_x)
    cell = nn.RNNCell(width, hidden, nonlinearity=nonlinearity)
    cell.load_state_dict(
        {"weight_ih": w_x, "weight_hh": w_h, "bias_ih": bias, "bias_hh": np.zeros(hidden)}
    )
    return cell


def scalar_cell(inputs: Inputs) -> nn.RNNCell:
    return recurrent([[inputs["wxh"]]], [[inputs["whh"]]], [inputs["bh"]])


def scalar_readout(inputs: Inputs) -> nn.Linear:
    return linear([[inputs["woh"]]], [inputs["bo"]])


THROUGH_TIME = ["dwxh", "dwhh", "dbh", "dwoh", "dbo", "contributions_wxh", "contributions_whh"]


@solves("004.bptt-1", gradients=THROUGH_TIME)
@solves("004.bptt-2", gradients=THROUGH_TIME)
@solves("004.bptt-3", gradients=THROUGH_TIME)
@solves("004.bptt-3-last", gradients=THROUGH_TIME)
@solves("004.bptt-2-last", gradients=THROUGH_TIME)
def through_time(inputs: Inputs) -> Answers:
    """One cell for all steps; for the contributions a cell of its own, with equal weights, each."""
    cell, readout = scalar_cell(inputs), scalar_readout(inputs)
    states = nn.unroll(cell, np.transpose([inputs["x"]]), [inputs["a0"]])
    outputs = [readout(state) for state in states]
    C = ac.sum(list(step_losses(inputs, outputs).values()))
    return {
        "a": numbers(np.ravel(states)), "y_hat": numbers(np.ravel(outputs)), "C": C.data,
        "dwxh": gradient(C, cell.weight_ih[0, 0]), "dwhh": gradient(C, cell.weight_hh[0, 0]),
        "dbh": gradient(C, cell.bias_ih[0]), "dwoh": gradient(C, readout.weight[0, 0]),
        "dbo": gradient(C, readout.bias[0]),
        **contributions(inputs),
    }  # fmt: skip


def step_losses(inputs: Inputs, outputs: Sequence[Any]) -> dict[int, Value]:
    return {t: nn.half_squared_error(outputs[t], [inputs["y"][t]]) for t in inputs["loss_at"]}


def contributions(inputs: Inputs) -> Answers:
    """A row for each step's loss, a column for each step's use of the weight."""
    cells = [scalar_cell(inputs) for _ in inputs["x"]]
    state: Any = [inputs["a0"]]
    outputs = []
    for cell, x in zip(cells, inputs["x"], strict=True):
        state = cell([x], state)
        outputs.append(scalar_readout(inputs)(state))
    losses = step_losses(inputs, outputs)

    def table(weights: list[Value]) -> list[list[float]]:
        nothing = [0.0] * len(weights)
        return [gradient(losses[t], weights) if t in losses else nothing for t in range(len(cells))]

    return {
        "contributions_wxh": table([cell.weight_ih[0, 0] for cell in cells]),
        "contributions_whh": table([cell.weight_hh[0, 0] for cell in cells]),
    }


@solves("004.rnn-vector", gradients=["dWxh", "dWhh", "dbh", "dWoh", "dbo"])
def rnn_vector(inputs: Inputs) -> Answers:
    cell = recurrent(inputs["Wxh"], inputs["Whh"], inputs["bh"])
    readout = linear(inputs["Woh"], inputs["bo"])
    states = np.array(nn.unroll(cell, inputs["x"], inputs["a0"]))
    outputs = readout(states)
    C = nn.half_squared_error(outputs, inputs["y"], reduction="sum")
    return {
        "a": numbers(states), "y_hat": numbers(outputs), "C": C.data,
        "dWxh": gradient(C, cell.weight_ih), "dWhh": gradient(C, cell.weight_hh),
        "dbh": gradient(C, cell.bias_ih),
        "dWoh": gradient(C, readout.weight), "dbo": gradient(C, readout.bias),
    }  # fmt: skip


@solves("004.rnn-stacked")
def rnn_stacked(inputs: Inputs) -> Answers:
    """The stack is run step by step; its state is that of both layers."""
    net = nn.RNN(1, 1, num_layers=2)
    given: dict[str, Any] = {"bias_hh_l0": [0.0], "bias_hh_l1": [0.0]}
    for layer in (0, 1):
        given[f"weight_ih_l{layer}"] = [[inputs[f"w{layer + 1}"]]]
        given[f"weight_hh_l{layer}"] = [[inputs[f"r{layer + 1}"]]]
        given[f"bias_ih_l{layer}"] = [inputs[f"b{layer + 1}"]]
    net.load_state_dict(given)
    state: Any = [[inputs["h1"]], [inputs["h2"]]]
    layers = []
    for x in inputs["x"]:
        _, state = net([[x]], state)
        layers.append(numbers(state[:, 0]))
    first, second = zip(*layers, strict=True)
    return {"layer_1": first, "layer_2": second}


@solves("004.rnn-kinds")
def rnn_kinds(inputs: Inputs) -> Answers:
    net = scalar_cell(inputs), scalar_readout(inputs)
    sequence, start = np.transpose([inputs["x"]]), [inputs["a0"]]
    repeated = nn.one_to_many(*net, sequence[0], inputs["steps_out"], start)
    return {
        "one_to_one": nn.one_to_one(*net, sequence[0], start)[0].data,
        "one_to_many_feeding_back": numbers(repeated[:, 0]),
        "many_to_one": nn.many_to_one(*net, sequence, start)[0].data,
        "many_to_many": numbers(nn.many_to_many(*net, sequence, start)[:, 0]),
    }


SLOPES = ["first", "second", "product", "largest_sigmoid_slope", "best_case_sigmoid_product",
          "best_case_tanh_product", "exploding_product"]  # fmt: skip


@solves("004.vanishing-exploding", gradients=SLOPES)
def vanishing_exploding(inputs: Inputs) -> Answers:
    """Best cases: cells that stay where their activation is steepest, at z = 0."""
    of = Worksheet.parse("a = 1; b = {d1}*a; c = {d2}*b".format(**inputs)).values
    steps = inputs["sigmoid_steps"]
    sigmoid: dict[str, Any] = {
        "bias": -0.5,
        "start": 0.5,
        "nonlinearity": "sigmoid",
    }  # σ(0.5 − 0.5) = 0.5
    return {
        "first": gradient(of["b"], of["a"]),
        "second": gradient(of["c"], of["b"]),
        "product": gradient(of["c"], of["a"]),
        "largest_sigmoid_slope": slope_over(1, **sigmoid),
        "best_case_sigmoid_product": slope_over(steps, **sigmoid),
        "best_case_tanh_product": slope_over(steps, nonlinearity="tanh"),
        "exploding_product": slope_over(
            inputs["exploding_steps"], weight=inputs["exploding_factor"], nonlinearity="identity"
        ),
    }


def slope_over(
    steps: int, *, nonlinearity: str, weight: float = 1.0, bias: float = 0.0, start: float = 0.0
) -> float:
    """The slope of a cell's state after so many steps by the state that it started from."""
    before = nn.parameter([start], "a")
    cell = recurrent([[0.0]], [[weight]], [bias], nonlinearity)
    after = nn.unroll(cell, [[0.0]] * steps, before)[-1]
    return float(gradient(after[0], before)[0])
