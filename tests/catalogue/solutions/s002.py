"""Solutions of the examples 002.*: gates, losses of scores, the eleven-line and two-layer nets."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ac
import nn
from autograd_core import Worksheet, gradient
from tests.catalogue.registry import solves
from tests.catalogue.solutions.common import numbers
from viz.library import worksheet_text

# --- gates --------------------------------------------------------------------------------------


@solves("002.xyz", gradients=["df_dq", "df_dx", "df_dy", "df_dz"])
def xyz(inputs: dict[str, Any]) -> dict[str, Any]:
    node = Worksheet.parse(worksheet_text("002.xyz"), inputs).nodes
    slopes = {f"df_d{name}": gradient(node["f"], node[name]) for name in "qxyz"}
    return {"q": node["q"].data, "f": node["f"].data, **slopes}


@solves("002.multiply-gate", gradients=["dx", "dy"])
def multiply_gate(inputs: dict[str, Any]) -> dict[str, Any]:
    node = Worksheet.parse(worksheet_text("002.multiply-gate"), inputs).nodes
    return {
        "z": node["z"].data,
        "dx": gradient(node["L"], node["x"]),
        "dy": gradient(node["L"], node["y"]),
    }


@solves(
    "002.branch-add",
    gradients=[
        "df_dx_through_q", "df_dx_through_r", "df_dx_through_square", "df_dx", "df_dy",
    ],
)  # fmt: skip
def branch_add(inputs: dict[str, Any]) -> dict[str, Any]:
    node = Worksheet.parse(worksheet_text("002.branch-add"), inputs).nodes
    f, x, y = node["f"], node["x"], node["y"]
    through = {name: gradient(f, node[name]) * gradient(node[name], x) for name in "qrp"}
    return {
        "q": node["q"].data, "r": node["r"].data, "f": f.data,
        "df_dx_through_q": through["q"],
        "df_dx_through_r": through["r"],
        "df_dx_through_square": through["p"],
        "df_dx": gradient(f, x), "df_dy": gradient(f, y),
    }  # fmt: skip


@solves(
    "002.composite-gate",
    gradients=[
        "d_plus_one", "d_exponential", "d_negated", "d_dot", "d_dot_as_one_gate", "df_dw", "df_dx",
        "df_db",
    ],
)  # fmt: skip
def composite_gate(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(worksheet_text("002.composite-gate"), inputs)
    at, f = sheet.values, sheet.values["f"]
    wires = {"dot": at["d"], "negated": at["n"], "exponential": at["e"], "plus_one": at["p"]}
    return {
        **{name: wire.data for name, wire in wires.items()},
        "f": f.data,
        **{f"d_{name}": gradient(f, wire) for name, wire in wires.items()},
        "d_dot_as_one_gate": gradient(at["g"], at["d"]),
        **{f"df_d{name}": gradient(f, at[name]) for name in "wxb"},
    }


@solves("002.jacobian-size")
def jacobian_size(inputs: dict[str, Any]) -> dict[str, Any]:
    """An entry of the Jacobian is not 0 where an output's graph leads down to an input."""
    entering = nn.parameter(np.zeros(inputs["n"]))
    leaving = nn.Sigmoid()(entering)
    below = [node for y in leaving for node in ac.topological_order(y) if node.is_leaf]
    return {
        "rows": leaving.size,
        "columns": entering.size,
        "entries": leaving.size * entering.size,
        "nonzero_for_elementwise": len(below),
    }


@solves("002.activations", gradients=["dsigmoid", "dtanh", "drelu"])
def activations(inputs: dict[str, Any]) -> dict[str, Any]:
    x = nn.parameter(inputs["x"])
    curves = {"sigmoid": ac.sigmoid(x), "tanh": ac.tanh(x), "relu": ac.relu(x)}
    rising, falling = ac.exp(np.array(inputs["x"])), ac.exp(-np.array(inputs["x"]))
    return {
        **{name: numbers(curve) for name, curve in curves.items()},
        **{f"d{name}": gradient(ac.sum(curve), x) for name, curve in curves.items()},
        "printed_tanh_is_coth": (rising + falling) / (rising - falling),
    }


# --- losses of scores: a column for each example ------------------------------------------------


def scoring(inputs: dict[str, Any]) -> tuple[Any, Any]:
    """The weights W, and the scores W·x with a row for each example."""
    classes, features = np.shape(inputs["W"])
    layer = nn.Linear(features, classes, bias=False)
    layer.load_state_dict({"weight": inputs["W"]})
    return layer.weight, layer(np.transpose(inputs["X"]))


@solves("002.svm-as-written", gradients=["dW_as_written", "true_gradient_of_this_total"])
def svm_as_written(inputs: dict[str, Any]) -> dict[str, Any]:
    """As printed: example i has class i, which counts as a rival; 1 for each winner is all of dW.

    So the program's dW is the gradient of the winners' scores, where it should be the total's.
    """
    weight, scores = scoring(inputs)
    rivals = [row - row[i] + 1.0 for i, row in enumerate(scores)]
    rows = [int(np.argmax(numbers(row))) for row in rivals]
    margins = [ac.max(*row) for row in rivals]
    data_loss_sum = ac.sum(margins)
    data_loss_mean = data_loss_sum / len(margins)
    penalty = ac.sum(np.ravel(weight**2))
    total = data_loss_mean + penalty
    winners = ac.sum([row[j] for row, j in zip(scores, rows, strict=True)])
    as_written, true = gradient(winners, weight), gradient(total, weight)
    return {
        "margins": numbers(margins), "rows": rows,
        "data_loss_sum": data_loss_sum.data, "data_loss_mean": data_loss_mean.data,
        "penalty": penalty.data, "total": total.data,
        "dW_as_written": as_written, "true_gradient_of_this_total": true,
        "dW_is_that_gradient": bool(np.allclose(as_written.astype(float), true.astype(float))),
    }  # fmt: skip


@solves("002.svm-sum", gradients=["ddata_dW", "dW"])
def svm_sum(inputs: dict[str, Any]) -> dict[str, Any]:
    return hinge(inputs, worst_only=False)


@solves("002.svm-max", gradients=["ddata_dW", "dW"])
def svm_max(inputs: dict[str, Any]) -> dict[str, Any]:
    return hinge(inputs, worst_only=True)


def hinge(inputs: dict[str, Any], worst_only: bool) -> dict[str, Any]:
    weight, scores = scoring(inputs)
    loss = nn.MulticlassHingeLoss(worst_only=worst_only, reduction="none")
    losses = loss(scores, inputs["labels"])
    data_loss, penalty = ac.mean(losses), ac.sum(np.ravel(weight**2))
    total = data_loss + inputs["lam"] * penalty
    return {
        "losses": numbers(losses), "data_loss": data_loss.data,
        "penalty": penalty.data, "total": total.data,
        "ddata_dW": gradient(data_loss, weight), "dW": gradient(total, weight),
    }  # fmt: skip


def softmax_loss(scores: Any, labels: list[int]) -> tuple[Any, Any]:
    """The probabilities, a row for each example, and the examples' losses."""
    q = nn.Softmax(dim=1)(scores)
    one_hot = np.eye(q.shape[1])[labels]
    return q, nn.CategoricalCrossEntropyLoss(reduction="none")(q, one_hot)


@solves("002.softmax-scores", gradients=["dW"])
def softmax_scores(inputs: dict[str, Any]) -> dict[str, Any]:
    weight, scores = scoring(inputs)
    q, losses = softmax_loss(scores, inputs["labels"])
    mean = ac.mean(losses)
    return {
        "q": numbers(q.T), "losses": numbers(losses),
        "mean": mean.data, "dW": gradient(mean, weight),
    }  # fmt: skip


# --- two layers of sigmoids ---------------------------------------------------------------------


def sigmoid_net(weights: list[Any], biases: list[Any] | None = None) -> nn.Sequential:
    """Two layers of sigmoids, with weights of shape (out, in)."""
    layers: list[nn.Module] = []
    for k, weight in enumerate(weights):
        out_features, in_features = np.shape(weight)
        layer = nn.Linear(in_features, out_features, bias=biases is not None)
        bias = {} if biases is None else {"bias": np.ravel(biases[k])}
        layer.load_state_dict({"weight": weight, **bias})
        layers += [layer, nn.Sigmoid()]
    return nn.Sequential(*layers)


def first_round(net: nn.Sequential, loss: nn.Module, x: Any, y: Any) -> dict[str, Any]:
    """The first pass of the eleven lines; their deltas are minus the gradients."""
    layer_1, sigmoid_1, layer_2, sigmoid_2 = net
    z1 = layer_1(x)
    l1 = sigmoid_1(z1)
    z2 = layer_2(l1)
    l2 = sigmoid_2(z2)
    error = loss(l2, y)
    return {
        "l1": numbers(l1), "l2": numbers(l2), "loss": error.data,
        "l2_delta": -gradient(error, z2),
        "l1_delta": -gradient(error, z1),
        "w2_step": -gradient(error, layer_2.weight).T,
        "w1_step": -gradient(error, layer_1.weight).T,
    }  # fmt: skip


def eleven_lines(inputs: dict[str, Any]) -> tuple[nn.Sequential, Any, Any]:
    """The net, its examples and its targets, one column."""
    net = sigmoid_net([np.transpose(inputs["w1"]), np.transpose(inputs["w2"])])
    return net, np.array(inputs["X"], float), np.array(inputs["Y"], float)[:, None]


@solves(
    "002.net11-as-printed",
    gradients=["l2_delta_first", "l1_delta_first", "w2_step_first", "w1_step_first"],
)
@solves(
    "002.net11-xor",
    gradients=["l2_delta_first", "l1_delta_first", "w2_step_first", "w1_step_first"],
)
def net11(inputs: dict[str, Any]) -> dict[str, Any]:
    """Each round adds the steps to the weights: descent with the learning rate 1."""
    net, x, y = eleven_lines(inputs)
    loss = nn.HalfSquaredErrorLoss(reduction="sum")
    first = first_round(net, loss, x, y)
    optimizer = nn.optim.SGD(net.parameters(), lr=1.0)
    for _ in range(inputs["iterations"]):
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()
    final = net(x)
    return {
        **{f"{name}_first": value for name, value in first.items()},
        "l2_final": numbers(final),
        "loss_final": loss(final, y).data,
    }


@solves("002.net11-logistic", gradients=["l2_delta", "l1_delta", "w2_step", "w1_step"])
def net11_logistic(inputs: dict[str, Any]) -> dict[str, Any]:
    net, x, y = eleven_lines(inputs)
    first = first_round(net, nn.BCELoss(reduction="sum"), x, y)
    return {name: value for name, value in first.items() if name not in ("l1", "l2")}


@solves(
    "002.two-layer",
    gradients=["dscores", "dz2", "dW2", "db2", "dh1", "dz1", "dW1", "db1"],
)
def two_layer(inputs: dict[str, Any]) -> dict[str, Any]:
    net = sigmoid_net([inputs["W1"], inputs["W2"]], [inputs["b1"], inputs["b2"]])
    layer_1, sigmoid_1, layer_2, sigmoid_2 = net
    z1 = layer_1(np.transpose(inputs["X"]))
    h1 = sigmoid_1(z1)
    z2 = layer_2(h1)
    scores = sigmoid_2(z2)
    q, losses = softmax_loss(scores, inputs["labels"])
    total = ac.sum(losses)
    by_columns = {"dscores": scores, "dz2": z2, "dh1": h1, "dz1": z1}
    best_scores = np.eye(len(inputs["W2"]))[:1]  # 1 for the true class and 0 for the others
    return {
        "h1": numbers(h1.T), "scores": numbers(scores.T), "softmax": numbers(q.T),
        "losses": numbers(losses), "L_total": total.data,
        **{name: gradient(total, rows).T for name, rows in by_columns.items()},
        "dW2": gradient(total, layer_2.weight), "db2": gradient(total, layer_2.bias)[:, None],
        "dW1": gradient(total, layer_1.weight), "db1": gradient(total, layer_1.bias)[:, None],
        "smallest_possible_loss_3_classes": nn.cross_entropy(best_scores, [0]),
    }  # fmt: skip
