"""Second instances of the examples 004.* on recurrent nets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.catalogue.registry import second

Instance = tuple[dict[str, Any], dict[str, Any]]

CELL = {"a0": -0.3, "wxh": 0.7, "whh": -0.9, "bh": 0.2, "woh": 0.6, "bo": 0.15}
SEQUENCE = {"x": [0.4, -1.1, 0.8, 0.3], "y": [0.1, 0.5, -0.7, 0.25]}


# --- one hidden unit --------------------------------------------------------------------------


@second("004.bptt-1")
def one_step() -> Instance:
    return through_time({"x": [-0.6], "y": [0.9], "loss_at": [0]})


@second("004.bptt-2")
def two_steps() -> Instance:
    return through_time({"x": [0.35, 1.2], "y": [-0.4, 0.6], "loss_at": [0, 1]})


@second("004.bptt-3")
def four_steps() -> Instance:
    return through_time({**SEQUENCE, "loss_at": [0, 1, 2, 3]})


@second("004.bptt-3-last")
def four_steps_and_two_losses() -> Instance:
    return through_time({**SEQUENCE, "loss_at": [1, 3]})


@second("004.bptt-2-last")
def two_steps_and_the_last_loss() -> Instance:
    return through_time({"x": [0.35, 1.2], "y": [-0.4, 0.6], "loss_at": [1]})


def through_time(sequence: dict[str, Any]) -> Instance:
    """The double sum written out; beside it the derivatives of the cost by PyTorch."""
    x, y, loss_at = sequence["x"], sequence["y"], sequence["loss_at"]
    steps, whh, woh = len(x), CELL["whh"], CELL["woh"]
    a, y_hat = run(x)
    before = [CELL["a0"], *a[:-1]]
    by_wxh, by_whh = np.zeros((steps, steps)), np.zeros((steps, steps))
    for t in loss_at:
        for k in range(t + 1):
            between = math.prod(whh * (1 - a[j] ** 2) for j in range(k + 1, t + 1))
            reached = (y_hat[t] - y[t]) * woh * between * (1 - a[k] ** 2)
            by_wxh[t, k], by_whh[t, k] = reached * x[k], reached * before[k]
    return {**CELL, **sequence}, {
        "a": a, "y_hat": y_hat, "C": sum((y_hat[t] - y[t]) ** 2 / 2 for t in loss_at),
        **cost_slopes(x, y, loss_at),
        "contributions_wxh": by_wxh.tolist(), "contributions_whh": by_whh.tolist(),
    }  # fmt: skip


def run(x: list[float]) -> tuple[list[float], list[float]]:
    """The states and the outputs of the cell over the inputs."""
    a, states = CELL["a0"], []
    for one in x:
        a = math.tanh(CELL["wxh"] * one + CELL["whh"] * a + CELL["bh"])
        states.append(a)
    return states, [CELL["woh"] * a + CELL["bo"] for a in states]


def cost_slopes(x: list[float], y: list[float], loss_at: list[int]) -> dict[str, float]:
    import torch

    names = ("wxh", "whh", "bh", "woh", "bo")
    leaves = [torch.tensor(CELL[name], dtype=torch.float64, requires_grad=True) for name in names]
    wxh, whh, bh, woh, bo = leaves
    a, cost = torch.tensor(CELL["a0"], dtype=torch.float64), 0.0
    for t, one in enumerate(x):
        a = torch.tanh(wxh * one + whh * a + bh)
        if t in loss_at:
            cost = cost + (woh * a + bo - y[t]) ** 2 / 2
    slopes = torch.autograd.grad(cost, leaves)
    return {f"d{name}": slope.item() for name, slope in zip(names, slopes, strict=True)}


@second("004.rnn-kinds")
def kinds() -> Instance:
    _, y_hat = run(SEQUENCE["x"])
    fed = SEQUENCE["x"][:1]
    for _ in range(4):
        fed.append(run(fed)[1][-1])
    return {**CELL, **SEQUENCE, "steps_out": 5}, {
        "one_to_one": y_hat[0],
        "one_to_many_feeding_back": run(fed)[1],
        "many_to_one": y_hat[-1],
        "many_to_many": y_hat,
    }


# --- several units and layers -----------------------------------------------------------------


@second("004.rnn-vector")
def vector() -> Instance:
    import torch

    inputs = {
        "x": [[0.3, -0.7, 1.0], [0.9, 0.1, -0.4], [-1.2, 0.5, 0.2], [0.6, 0.6, 0.0]],
        "a0": [0.2, -0.1], "Wxh": [[0.4, -0.3, 0.8], [-0.6, 0.5, 0.1]],
        "Whh": [[-0.2, 0.9], [0.7, 0.3]], "bh": [0.05, -0.15],
        "Woh": [[0.8, 0.4], [-0.5, 1.1]], "bo": [0.1, -0.3],
        "y": [[0.2, 0.0], [-0.4, 0.7], [0.5, 0.5], [-0.1, 0.3]],
    }  # fmt: skip
    t = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in inputs.items()}
    net = torch.nn.RNN(3, 2).double()
    with torch.no_grad():
        net.bias_hh_l0.zero_()
        for name, key in (("weight_ih_l0", "Wxh"), ("weight_hh_l0", "Whh"), ("bias_ih_l0", "bh")):
            getattr(net, name).copy_(t[key])
    states, _ = net(t["x"], t["a0"][None])
    outputs = states @ t["Woh"].T + t["bo"]
    cost = ((outputs - t["y"]) ** 2).sum() / 2
    leaves = (net.weight_ih_l0, net.weight_hh_l0, net.bias_ih_l0, t["Woh"], t["bo"])
    slopes = [slope.tolist() for slope in torch.autograd.grad(cost, leaves)]
    return inputs, {
        "a": states.tolist(), "y_hat": outputs.tolist(), "C": cost.item(),
        **dict(zip(("dWxh", "dWhh", "dbh", "dWoh", "dbo"), slopes, strict=True)),
    }  # fmt: skip


@second("004.rnn-stacked")
def stacked() -> Instance:
    inputs = {"x": [0.9, 0.2, -0.7], "w1": -0.4, "r1": 0.6, "b1": 0.3, "w2": 1.2, "r2": -0.5,
              "b2": -0.1, "h1": 0.25, "h2": -0.35}  # fmt: skip
    low, high, first, second_layer = 0.25, -0.35, [], []
    for x in inputs["x"]:
        low = math.tanh(-0.4 * x + 0.6 * low + 0.3)
        high = math.tanh(1.2 * low - 0.5 * high - 0.1)
        first.append(low)
        second_layer.append(high)
    return inputs, {"layer_1": first, "layer_2": second_layer}


@second("004.vanishing-exploding")
def vanishing_exploding() -> Instance:
    inputs = {"d1": -0.6, "d2": 0.35, "sigmoid_steps": 7, "exploding_factor": -1.2,
              "exploding_steps": 21}  # fmt: skip
    return inputs, {
        "first": -0.6,
        "second": 0.35,
        "product": -0.21,
        "largest_sigmoid_slope": 0.25,
        "best_case_sigmoid_product": 2.0**-14,
        "best_case_tanh_product": 1.0,
        "exploding_product": -(1.2**21),
    }
