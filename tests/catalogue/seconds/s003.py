"""Second instances of the examples 003.*: classifiers, a net by hand, activations and losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import mpmath
import numpy as np

from tests.catalogue.registry import second

Instance = tuple[dict[str, Any], dict[str, Any]]

# --- one unit -----------------------------------------------------------------------------------


@second("003.threshold-1d")
def threshold_1d() -> Instance:
    """Falling with x, one label wrong, one point on the boundary."""
    inputs = {"x": [-3, 1.5, 2, 0.25, 4], "label": ["P", "P", "N", "N", "N"], "w": -3, "c": 4.5}
    return inputs, {
        "values": [13.5, 0.0, -1.5, 3.75, -7.5],
        "predicted": ["P", "P", "N", "P", "N"],
        "correct": 4,
        "threshold": 1.5,
    }


@second("003.predict-nd")
def predict_nd() -> Instance:
    inputs = {"w2": [1.0, -1.0], "c2": 0.0, "w3": [2.0, -1.0, -1.0], "c3": -0.5}
    return inputs, {
        "corners_2d": ["P", "N", "P", "P"],
        "corners_3d": ["N", "N", "N", "N", "P", "P", "P", "N"],
    }


def fires_wrongly(z: float, target: int) -> bool:
    return (z >= 0) != (target == 1)


def is_no_margin(z: float, target: int) -> bool:
    return (2 * target - 1) * z <= 0


def corrected(
    samples: Any,
    targets: Sequence[int],
    start: Sequence[float],
    is_mistake: Callable[[float, int], bool],
    epochs: int,
    constant: float = 1.0,
) -> list[list[tuple[float, list[float], bool]]]:
    """For each epoch every look: z, the weights (w…, b) after it, whether it was a mistake.

    The last epoch is the first clean one, or number `epochs`.
    constant : what is learnt of the bias; 0 keeps it.
    """
    w = np.array(start, float)
    run: list[list[tuple[float, list[float], bool]]] = []
    for _ in range(epochs):
        looks = []
        for sample, target in zip(samples, targets, strict=True):
            z = float(np.sum(w[:-1] * sample) + w[-1])
            wrong = is_mistake(z, target)
            if wrong:
                w = w + (2 * target - 1) * np.array([*sample, constant])
            looks.append((z, w.tolist(), wrong))
        run.append(looks)
        if not any(wrong for *_, wrong in looks):
            break
    return run


@second("003.and-learning")
def and_learning() -> Instance:
    """Three inputs, one of the sums exactly at the threshold, the last row corrected too."""
    inputs = {
        "w": [1.0, -0.5, 0.5],
        "theta": 1.0,
        "samples": [[1, 0, 0], [0, 1, 1], [1, 1, 1], [1, 0, 1], [1, 1, 0], [0, 1, 1]],
        "targets": [0, 1, 1, 0, 0, 0],
    }
    start = [*inputs["w"], -inputs["theta"]]
    [[*looks, last]] = corrected(
        inputs["samples"], inputs["targets"], start, fires_wrongly, epochs=1, constant=0.0
    )
    assert looks[0][0] == 0.0
    return inputs, {
        "z": [z for z, _, _ in looks],
        "w_after": [w[:-1] for _, w, _ in looks],
        "z_last_row": last[0],
        "w_final": last[1][:-1],
    }


@second("003.and-table")
def and_table() -> Instance:
    """Three inputs; the third corner lies on the boundary."""
    inputs = {"w": [1.5, -0.5, -2.0], "b": 0.5}
    y = [0.5, -1.5, 0.0, -2.0, 2.0, 0.0, 1.5, -0.5]
    return inputs, {"y": y, "f": [1, 0, 1, 0, 1, 1, 1, 0]}


AT_LEAST_TWO = {
    "samples": [list(bits) for bits in product((0, 1), repeat=3)],
    "targets": [0, 0, 0, 1, 0, 1, 1, 1],
}


def training(inputs: dict[str, Any], is_mistake: Callable[[float, int], bool]) -> dict[str, Any]:
    samples, targets, start = (inputs[name] for name in ("samples", "targets", "start"))
    run = corrected(samples, targets, start, is_mistake, epochs=200)
    trace = [w for looks in run for _, w, wrong in looks if wrong]
    return {"updates": len(trace), "epochs_until_clean": len(run), "trace": trace}


@second("003.perceptron-algorithm")
def perceptron_algorithm() -> Instance:
    """At least two of three inputs, from zero, where a unit that fires at equality errs at once."""
    inputs = {**AT_LEAST_TWO, "start": [0.0, 0.0, 0.0, 0.0], "rule": "slide"}
    learnt = training(inputs, fires_wrongly)
    *w, b = learnt["trace"][-1]
    return inputs, {"w": w, "b": b, "converged": True, **learnt}


@second("003.sklearn-and")
def sklearn_and() -> Instance:
    """At least two of three inputs: what is learnt by the library, the way there by hand."""
    from sklearn.linear_model import Perceptron

    inputs = {**AT_LEAST_TWO, "start": [0.0, 0.0, 0.0, 0.0], "rule": "margin"}
    samples, targets = AT_LEAST_TWO.values()
    peer = Perceptron(shuffle=False, tol=None, max_iter=100).fit(samples, targets)
    return inputs, {
        "coef": peer.coef_[0].tolist(),
        "intercept": float(peer.intercept_[0]),
        "prediction": peer.predict(samples).tolist(),
        **training(inputs, is_no_margin),
    }


@second("003.try-gates")
def try_gates() -> Instance:
    """Three inputs: at least one, at least two, the first alone, and an odd number of them."""
    samples = AT_LEAST_TWO["samples"]
    targets = {
        "ANY": [int(any(bits)) for bits in samples],
        "MOST": AT_LEAST_TWO["targets"],
        "FIRST": [first for first, *_ in samples],
        "ODD": [sum(bits) % 2 for bits in samples],
    }
    answers = {}
    for gate, outputs in targets.items():
        run = corrected(samples, outputs, [0.0] * 4, is_no_margin, epochs=200)
        *w, b = run[-1][-1][1]
        updates = sum(wrong for looks in run for *_, wrong in looks)
        answers[gate] = {"w": w, "b": b, "converged": gate != "ODD", "updates": updates}
    return {"samples": samples, "targets": targets}, answers


# --- nets of threshold units --------------------------------------------------------------------


@second("003.gates-mlp")
def gates_mlp() -> Instance:
    """Other functions under the gates' names, so that the net's output is another one as well."""
    inputs = {
        "AND": [1, -1, -0.5],  # the first and not the second
        "OR": [2, 3, -1],
        "NAND": [3, 3, -4],  # both
        "NOR": [-1, 2, 0.5],  # the second, or not the first
        "NOT": [3, 0, -1],  # the first itself
    }
    table = list(product((False, True), repeat=2))
    return inputs, {
        "AND": [int(p and not q) for p, q in table],
        "OR": [int(p or q) for p, q in table],
        "NAND": [int(p and q) for p, q in table],
        "NOR": [int(q or not p) for p, q in table],
        "NOT": [0, 1],
        "XOR_as_AND_of_OR_and_NAND": [int((p or q) and not (p and q)) for p, q in table],
    }


@second("003.three-layer-regions")
def three_layer_regions() -> Instance:
    """Three boxes, two of which overlap, seen from a grid with points on their edges."""
    boxes = [[-1, 1, 0, 2], [0.5, 3, 1, 1.5], [-2, -1.5, -2, 2]]
    grid = [[0.5 * i, 0.5 * j] for i, j in product(range(-5, 7), range(-5, 6))]
    inside = [[int(a <= x <= b and c <= y <= d) for a, b, c, d in boxes] for x, y in grid]
    inputs = {"boxes": boxes, "boxes_mean": "x from, x to, y from, y to", "points": grid}
    return inputs, {
        "units": [12, 3, 1],
        "second_layer": inside,
        "output": [max(row) for row in inside],
    }


# --- a net by hand ------------------------------------------------------------------------------


@second("003.bp-1-1-1")
def bp_1_1_1() -> Instance:
    import torch

    inputs = {
        "x": -0.7, "w1": 0.9, "theta1": -0.35, "w2": -1.2, "theta2": 0.25, "y": 0.8, "alpha": 0.4,
    }  # fmt: skip
    leaf = {
        name: torch.tensor(inputs[name], dtype=torch.float64, requires_grad=True)
        for name in ("w1", "theta1", "w2", "theta2")
    }
    z1 = leaf["w1"] * inputs["x"] + leaf["theta1"]
    a1 = torch.sigmoid(z1)
    z2 = leaf["w2"] * a1 + leaf["theta2"]
    a2 = torch.sigmoid(z2)
    error = 0.5 * (a2 - inputs["y"]) ** 2
    error.backward()
    slopes = {name: tensor.grad.item() for name, tensor in leaf.items()}
    return inputs, {
        "z1": z1.item(),
        "a1": a1.item(),
        "z2": z2.item(),
        "a2": a2.item(),
        "E": error.item(),
        **{f"dE_d{name}": slope for name, slope in slopes.items()},
        **{f"{name}_new": inputs[name] - 0.4 * slope for name, slope in slopes.items()},
        "w1_in_z1_line": 0.9,
        "theta2_in_z2_line": 0.25,
        "step_in_theta1_line": 0.4 * slopes["theta1"],
        "step_in_theta2_line": 0.4 * slopes["theta2"],
    }


# --- activations --------------------------------------------------------------------------------


def logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


@second("003.sigmoid-derivative")
def sigmoid_derivative() -> Instance:
    x = [-7.5, -2.0, 0.3, 1.25, 3.0]
    with mpmath.workdps(40):
        slopes = [float(mpmath.diff(logistic, at)) for at in x]
        sigma = [float(logistic(mpmath.mpf(at))) for at in x]
    return {"x": x}, {"sigma": sigma, "dsigma": slopes, "largest": slopes[2]}


@second("003.tanh-is-scaled-sigmoid")
def tanh_is_scaled_sigmoid() -> Instance:
    x = [-5.0, -0.75, 0.25, 1.5]
    return {"x": x}, {"tanh": [float(mpmath.tanh(at)) for at in x]}


@second("003.relu")
def relu() -> Instance:
    inputs = {"M": [[3.0, -0.5, 0.0], [-2.0, 1.25, 7.0], [0.75, -1e-9, -4.0]]}
    return inputs, {"out": [[3.0, 0.0, 0.0], [0.0, 1.25, 7.0], [0.75, 0.0, 0.0]]}


# --- losses -------------------------------------------------------------------------------------


@second("003.bce-table")
def bce_table() -> Instance:
    import torch
    from torch.nn.functional import binary_cross_entropy

    inputs = {"label": [1, 1, 0, 0, 0, 1], "p": [0.15, 0.99, 0.02, 0.85, 0.5, 0.625]}
    p = torch.tensor(inputs["p"], dtype=torch.float64, requires_grad=True)
    label = torch.tensor(inputs["label"], dtype=torch.float64)
    mean = binary_cross_entropy(p, label)
    mean.backward()
    return inputs, {
        "loss": binary_cross_entropy(p, label, reduction="none").tolist(),
        "mean": mean.item(),
        "dmean_dp": p.grad.tolist(),
    }


@second("003.cce")
def cce() -> Instance:
    """Two examples of four classes."""
    import torch
    from torch.nn.functional import nll_loss

    inputs = {
        "y": [[0, 0, 0, 1], [0, 1, 0, 0]],
        "p": [[0.1, 0.2, 0.4, 0.3], [0.05, 0.9, 0.03, 0.02]],
    }
    p = torch.tensor(inputs["p"], dtype=torch.float64, requires_grad=True)
    index = torch.tensor([3, 1])
    loss = nll_loss(torch.log(p), index, reduction="none")
    loss.sum().backward()
    return inputs, {
        "loss": loss.tolist(),
        "sparse_index": [3, 1],
        "mean": nll_loss(torch.log(p), index).item(),
        "dloss_dp": p.grad.tolist(),
    }


@second("003.losses")
def losses() -> Instance:
    import torch
    from torch.nn import functional as F

    inputs = {
        "y": [0.5, -1.0, 2.0, 3.0], "y_hat": [0.9, 1.0, 1.8, 0.5], "delta": 0.7,
        "sign": [1.0, 1.0, -1.0], "score": [1.7, -0.4, 0.3],
        "label": [0, 0, 1, 1], "prob": [0.3, 0.05, 0.45, 0.8],
        "p": [0.1, 0.4, 0.3, 0.2], "q": [0.25, 0.25, 0.15, 0.35],
    }  # fmt: skip
    asked = ("y_hat", "score", "q")
    tensor = {
        name: torch.tensor(entries, dtype=torch.float64, requires_grad=name in asked)
        for name, entries in inputs.items()
    }
    y, y_hat, q = tensor["y"], tensor["y_hat"], tensor["q"]
    missing = F.relu(1.0 - tensor["sign"] * tensor["score"])
    found = {
        "mse": (F.mse_loss(y_hat, y), y_hat),
        "mae": (F.l1_loss(y_hat, y), y_hat),
        "rmse": (F.mse_loss(y_hat, y).sqrt(), y_hat),
        "mbe": ((y_hat - y).mean(), y_hat),
        "huber": (F.huber_loss(y_hat, y, delta=0.7), y_hat),
        "hinge": (missing.mean(), tensor["score"]),
        "squared_hinge": ((missing**2).mean(), tensor["score"]),
        "kld": (F.kl_div(q.log(), tensor["p"], reduction="sum"), q),
    }
    slopes = {
        f"d{name}": torch.autograd.grad(loss, by, retain_graph=True)[0].tolist()
        for name, (loss, by) in found.items()
    }
    slopes["dkld_dq"] = slopes.pop("dkld")
    return inputs, {
        **{name: loss.item() for name, (loss, _) in found.items()},
        **slopes,
        "likelihood": F.binary_cross_entropy(tensor["prob"], tensor["label"]).item(),
    }
