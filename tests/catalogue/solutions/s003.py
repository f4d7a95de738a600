"""Solutions of the examples 003.*: classifiers, a net by hand, activations and losses."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

import nn
from autograd_core import Value, Worksheet, gradient, log
from tests.catalogue.registry import solves
from viz import explain
from viz.library import worksheet_text

MARGINS = {"slide": None, "margin": 0.0}  # what each rule counts as a mistake: Perceptron.fit
EPOCHS = 200  # where the catalogue ends a training that never does


def numbers(nodes: Any) -> Any:
    """The numbers of a node, or of an array of nodes."""
    return np.vectorize(lambda node: node.data, otypes=[float])(nodes).tolist()


def corners(count: int) -> list[tuple[int, ...]]:
    """00…0, 00…1, …, 11…1."""
    return list(itertools.product((0, 1), repeat=count))


# --- one unit -----------------------------------------------------------------------------------


@solves("003.threshold-1d")
def threshold_1d(inputs: dict[str, Any]) -> dict[str, Any]:
    model = nn.LinearClassifier([inputs["w"]], inputs["c"])
    x, label = inputs["x"], inputs["label"]
    return {
        "values": numbers(model.decision_function(x)),
        "predicted": model.predict(x).tolist(),
        "correct": round(model.accuracy(np.reshape(x, (-1, 1)), label) * len(x)),
        "threshold": model.axis_intercepts()[0],
    }


@solves("003.predict-nd")
def predict_nd(inputs: dict[str, Any]) -> dict[str, Any]:
    def at_corners(w: list[float], c: float) -> list[str]:
        return list(nn.LinearClassifier(w, c).predict(corners(len(w))).tolist())

    return {
        "corners_2d": at_corners(inputs["w2"], inputs["c2"]),
        "corners_3d": at_corners(inputs["w3"], inputs["c3"]),
    }


@solves("003.and-learning")
def and_learning(inputs: dict[str, Any]) -> dict[str, Any]:
    w, theta = inputs["w"], inputs["theta"]
    unit = nn.Perceptron(len(w), weights=w, threshold=theta, at_zero=1)
    history = unit.fit(inputs["samples"], inputs["targets"], epochs=1, train_bias=False)
    *visits, last = history.visits
    return {
        "z": [visit.z for visit in visits],
        "w_after": [history.weights[visit.state][:-1] for visit in visits],
        "z_last_row": last.z,
        "w_final": numbers(unit.w),
    }


@solves("003.and-table")
def and_table(inputs: dict[str, Any]) -> dict[str, Any]:
    unit = nn.LinearClassifier(inputs["w"], inputs["b"], labels=(0, 1))
    table = corners(len(inputs["w"]))
    return {"y": numbers(unit.decision_function(table)), "f": unit.predict(table).tolist()}


def trained(
    samples: Any, targets: Any, start: list[float], rule: str
) -> tuple[nn.Perceptron, nn.PerceptronHistory]:
    """A unit that learnt from `start`, the bias last; the slide's fires at equality."""
    *w, b = start
    unit = nn.Perceptron(len(w), weights=w, bias=b, at_zero=int(rule == "slide"))
    return unit, unit.fit(samples, targets, margin=MARGINS[rule], epochs=EPOCHS)


@solves("003.perceptron-algorithm")
def perceptron_algorithm(inputs: dict[str, Any]) -> dict[str, Any]:
    unit, history = trained(**inputs)
    return {
        "w": numbers(unit.w),
        "b": unit.b.data,
        "updates": history.updates,
        "epochs_until_clean": history.epochs,
        "converged": history.converged,
        "trace": history.weights[1:],
    }


@solves("003.sklearn-and")
def sklearn_and(inputs: dict[str, Any]) -> dict[str, Any]:
    unit, history = trained(**inputs)
    return {
        "coef": numbers(unit.w),
        "intercept": unit.b.data,
        "prediction": unit.predict(inputs["samples"]).tolist(),
        "updates": history.updates,
        "epochs_until_clean": history.epochs,
        "trace": history.weights[1:],
    }


@solves("003.try-gates")
def try_gates(inputs: dict[str, Any]) -> dict[str, Any]:
    samples = inputs["samples"]
    answers = {}
    for gate, targets in inputs["targets"].items():
        unit, history = trained(samples, targets, [0.0] * (len(samples[0]) + 1), "margin")
        answers[gate] = {
            "w": numbers(unit.w),
            "b": unit.b.data,
            "converged": history.converged,
            "updates": history.updates,
        }
    return answers


# --- nets of threshold units --------------------------------------------------------------------


@solves("003.gates-mlp")
def gates_mlp(inputs: dict[str, Any]) -> dict[str, Any]:
    units = {gate: (w, b) for gate, (*w, b) in inputs.items()}
    units["NOT"] = units["NOT"][0][:1], units["NOT"][1]  # of the first input
    tables = {gate: nn.truth_table(nn.StepNet([[unit]])) for gate, unit in units.items()}
    tables["XOR_as_AND_of_OR_and_NAND"] = nn.truth_table(
        nn.StepNet([[units["OR"], units["NAND"]], [units["AND"]]])
    )
    return {gate: table[:, -1] for gate, table in tables.items()}


@solves("003.three-layer-regions")
def three_layer_regions(inputs: dict[str, Any]) -> dict[str, Any]:
    net = nn.region_net(
        [
            [((1, 0), -left), ((-1, 0), right), ((0, 1), -low), ((0, -1), high)]
            for left, right, low, high in inputs["boxes"]
        ]
    )
    _, second_layer, output = net.activations(inputs["points"])
    return {
        "units": net.widths,
        "second_layer": numbers(second_layer),
        "output": numbers(output[:, 0]),
    }


# --- a net by hand ------------------------------------------------------------------------------

CHAIN = """
x = {x}; y = {y}; w1 = {w1}; theta1 = {theta1}; w2 = {w2}; theta2 = {theta2}
given(x, y)
z1 = w1*x + theta1
a1 = sigmoid(z1)
z2 = w2*a1 + theta2
a2 = sigmoid(z2)
E = (a2 - y)**2/2
update(E, w1, theta1, w2, theta2, lr={alpha})
"""


@solves(
    "003.bp-1-1-1",
    gradients=[
        "dE_dw1", "dE_dtheta1", "dE_dw2", "dE_dtheta2",
        "w1_new", "theta1_new", "w2_new", "theta2_new",
        "step_in_theta1_line", "step_in_theta2_line",
    ],
)  # fmt: skip
def bp_1_1_1(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(CHAIN.format(**inputs))
    slopes = {p.name: gradient(sheet.output, p) for p in sheet.wrt}
    moved = explain(sheet).document.updates
    return {
        **{name: sheet.nodes[name].data for name in ("z1", "a1", "z2", "a2", "E")},
        **{f"dE_d{name}": slope for name, slope in slopes.items()},
        **{f"{name}_new": after for name, [after] in moved.items()},
        "w1_in_z1_line": sheet.nodes["w1"].data,
        "theta2_in_z2_line": sheet.nodes["theta2"].data,
        "step_in_theta1_line": inputs["alpha"] * slopes["theta1"],
        "step_in_theta2_line": inputs["alpha"] * slopes["theta2"],
    }


# --- activations --------------------------------------------------------------------------------


@solves("003.sigmoid-derivative", gradients=["dsigma", "largest"])
def sigmoid_derivative(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(worksheet_text("003.sigmoid-derivative"), inputs)
    slopes = gradient(sheet.output, sheet.values["x"]).tolist()
    return {"sigma": numbers(sheet.values["s"]), "dsigma": slopes, "largest": max(slopes)}


@solves("003.tanh-is-scaled-sigmoid")
def tanh_is_scaled_sigmoid(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(worksheet_text("003.tanh-is-scaled-sigmoid"), inputs)
    return {"tanh": numbers(sheet.values["scaled"])}


@solves("003.relu")
def relu(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(worksheet_text("003.relu"), inputs)
    return {"out": numbers(sheet.values["out"])}


# --- losses -------------------------------------------------------------------------------------


def leaves(array: Any) -> Any:
    """An array of leaves with these numbers."""
    return np.vectorize(Value, otypes=[object])(np.array(array, float))


@solves("003.bce-table", gradients=["dmean_dp"])
def bce_table(inputs: dict[str, Any]) -> dict[str, Any]:
    p, label = leaves(inputs["p"]), inputs["label"]
    mean = nn.binary_cross_entropy(p, label)
    return {
        "loss": numbers(nn.binary_cross_entropy(p, label, reduction="none")),
        "mean": mean.data,
        "dmean_dp": gradient(mean, p),
    }


@solves("003.cce", gradients=["dloss_dp"])
def cce(inputs: dict[str, Any]) -> dict[str, Any]:
    p, index = leaves(inputs["p"]), np.argmax(inputs["y"], axis=1)
    by_index = nn.nll_loss(log(np.array(inputs["p"])), index)
    loss = nn.categorical_cross_entropy(p, inputs["y"], "none")
    return {
        "loss": numbers(loss),
        "sparse_index": index,
        "mean": by_index,
        "dloss_dp": [gradient(one, row) for one, row in zip(loss, p, strict=True)],
    }


@solves(
    "003.losses",
    gradients=["dmse", "dmae", "drmse", "dmbe", "dhuber", "dhinge", "dsquared_hinge", "dkld_dq"],
)
def losses(inputs: dict[str, Any]) -> dict[str, Any]:
    y_hat, score, q = leaves(inputs["y_hat"]), leaves(inputs["score"]), leaves(inputs["q"])
    y, sign, p = inputs["y"], inputs["sign"], inputs["p"]
    found = {
        "mse": (nn.mse_loss(y_hat, y), y_hat),
        "mae": (nn.l1_loss(y_hat, y), y_hat),
        "rmse": (nn.rmse_loss(y_hat, y), y_hat),
        "mbe": (nn.mean_bias_error(y_hat, y), y_hat),
        "huber": (nn.huber_loss(y_hat, y, delta=inputs["delta"]), y_hat),
        "hinge": (nn.hinge_loss(score, sign), score),
        "squared_hinge": (nn.squared_hinge_loss(score, sign), score),
    }
    kld = nn.kl_div(log(q), p, reduction="sum")
    both = np.column_stack([np.subtract(1.0, inputs["prob"]), inputs["prob"]])
    return {
        **{name: loss.data for name, (loss, _) in found.items()},
        **{f"d{name}": gradient(loss, by) for name, (loss, by) in found.items()},
        "likelihood": nn.nll_loss(log(both), inputs["label"]),
        "kld": kld.data,
        "dkld_dq": gradient(kld, q),
    }
