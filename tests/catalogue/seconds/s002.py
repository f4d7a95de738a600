"""Second instances of the examples 002.*."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.catalogue.registry import Answers, Inputs, second

# --- gates --------------------------------------------------------------------------------------


@second("002.xyz")
def xyz() -> tuple[Inputs, Answers]:
    x, y, z = 1.5, -0.25, 3.2
    return {"x": x, "y": y, "z": z}, {
        "q": x + y, "f": (x + y) * z, "df_dq": z, "df_dx": z, "df_dy": z, "df_dz": x + y,
    }  # fmt: skip


@second("002.multiply-gate")
def multiply_gate() -> tuple[Inputs, Answers]:
    x, y, dz = -1.7, 0.6, -2.5
    return {"x": x, "y": y, "dz": dz}, {"z": x * y, "dx": y * dz, "dy": x * dz}


@second("002.branch-add")
def branch_add() -> tuple[Inputs, Answers]:
    """f = (x + y)·x·y + x² = x²·y + x·y² + x²."""
    x, y = -1.3, 2.2
    return {"x": x, "y": y}, {
        "q": x + y, "r": x * y, "f": x * x * y + x * y * y + x * x,
        "df_dx_through_q": x * y,
        "df_dx_through_r": (x + y) * y,
        "df_dx_through_square": 2 * x,
        "df_dx": 2 * x * y + y * y + 2 * x, "df_dy": x * x + 2 * x * y,
    }  # fmt: skip


@second("002.composite-gate")
def composite_gate() -> tuple[Inputs, Answers]:
    """A neuron with three inputs."""
    w, x, b = [0.4, -1.1, 0.75], [1.2, 0.3, -2.0], 0.9
    dot = sum(p * q for p, q in zip(w, x, strict=True)) + b
    exponential = float(mpmath.exp(-dot))
    d_plus_one = -1.0 / (1.0 + exponential) ** 2
    d_dot = float(mpmath.diff(lambda d: 1 / (1 + mpmath.exp(-d)), dot))
    return {"w": w, "x": x, "b": b}, {
        "dot": dot, "negated": -dot, "exponential": exponential, "plus_one": 1.0 + exponential,
        "f": 1.0 / (1.0 + exponential),
        "d_plus_one": d_plus_one, "d_exponential": d_plus_one,
        "d_negated": -d_dot, "d_dot": d_dot, "d_dot_as_one_gate": d_dot,
        "df_dw": [d_dot * q for q in x], "df_dx": [d_dot * p for p in w], "df_db": d_dot,
    }  # fmt: skip


@second("002.jacobian-size")
def jacobian_size() -> tuple[Inputs, Answers]:
    """The whole Jacobian of a small layer."""
    import torch

    jacobian: Any = torch.autograd.functional.jacobian(torch.sigmoid, torch.zeros(9))
    return {"n": 9}, {
        "rows": jacobian.shape[0],
        "columns": jacobian.shape[1],
        "entries": jacobian.numel(),
        "nonzero_for_elementwise": int(torch.count_nonzero(jacobian)),
    }


@second("002.activations")
def activations() -> tuple[Inputs, Answers]:
    xs = [-3.25, -0.4, 0.1, 1.75]
    curves = {
        "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
        "tanh": mpmath.tanh,
        "relu": lambda x: max(x, mpmath.mpf(0)),
    }
    return {"x": xs}, {
        **{name: [float(f(mpmath.mpf(x))) for x in xs] for name, f in curves.items()},
        **{f"d{name}": [float(mpmath.diff(f, x)) for x in xs] for name, f in curves.items()},
        "printed_tanh_is_coth": [float(mpmath.coth(x)) for x in xs],
    }


# --- losses of scores: a column for each example ------------------------------------------------

WEIGHTS = [[0.7, -1.2, 0.4, 2.1], [1.9, 0.3, -0.8, 0.6], [-0.5, 1.4, 1.1, -0.9]]
COLUMNS = [
    [1.0, 0.2, -0.7, 0.5, 1.3],
    [0.4, -1.1, 0.9, 0.3, -0.6],
    [-0.3, 0.8, 0.1, 1.2, 0.4],
    [0.9, 0.6, -1.4, -0.2, 0.7],
]
LABELS = [2, 0, 1, 0, 2]


def scored(labels: list[int]) -> tuple[Any, Any]:
    """Weights for three classes and four features, and the scores of five examples as rows."""
    import torch

    weight = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    return weight, (weight @ torch.tensor(COLUMNS, dtype=torch.float64)).T


def slope(top: Any, leaf: Any) -> Any:
    """PyTorch's gradient, as lists."""
    import torch

    [found] = torch.autograd.grad(top, leaf, retain_graph=True)
    return found.tolist()


@second("002.svm-as-written")
def svm_as_written() -> tuple[Inputs, Answers]:
    """The loops of the program on other numbers; only the second example's true class wins."""
    w = [[1.4, -0.9, 0.3], [0.2, 1.8, -1.1], [-0.6, 0.5, 0.7]]
    x = [[0.5, -1.0, 1.2], [1.5, 2.0, -0.4], [-0.8, 0.6, 0.9]]
    margins, rows = [], []
    as_written, true = np.zeros((3, 3)), 2.0 * np.array(w)
    for i in range(3):
        scores = [sum(w[j][k] * x[k][i] for k in range(3)) for j in range(3)]
        largest, row = 0.0, -1
        for j in range(3):
            if scores[j] - scores[i] + 1.0 > largest:
                largest, row = scores[j] - scores[i] + 1.0, j
        margins.append(largest)
        rows.append(row)
        for k in range(3):
            as_written[row, k] += x[k][i]
            true[row, k] += x[k][i] / 3.0
            true[i, k] -= x[k][i] / 3.0
    penalty = sum(w[i][j] ** 2 for i in range(3) for j in range(3))
    return {"W": w, "X": x}, {
        "margins": margins, "rows": rows,
        "data_loss_sum": sum(margins), "data_loss_mean": sum(margins) / 3.0,
        "penalty": penalty, "total": sum(margins) / 3.0 + penalty,
        "dW_as_written": as_written.tolist(), "true_gradient_of_this_total": true.tolist(),
        "dW_is_that_gradient": False,
    }  # fmt: skip


@second("002.svm-sum")
def svm_sum() -> tuple[Inputs, Answers]:
    """PyTorch's loss of the margins, which it divides by the number of classes."""
    import torch

    weight, scores = scored(LABELS)
    margins = torch.nn.functional.multi_margin_loss
    losses = margins(scores, torch.tensor(LABELS), reduction="none") * len(WEIGHTS)
    return hinge(weight, losses)


@second("002.svm-max")
def svm_max() -> tuple[Inputs, Answers]:
    import torch

    weight, scores = scored(LABELS)
    true = torch.nn.functional.one_hot(torch.tensor(LABELS)).bool()
    worst = scores.masked_fill(true, -torch.inf).max(dim=1).values
    return hinge(weight, (worst - scores[true] + 1.0).clamp(min=0.0))


def hinge(weight: Any, losses: Any) -> tuple[Inputs, Answers]:
    data_loss, penalty = losses.mean(), (weight**2).sum()
    total = data_loss + 0.3 * penalty
    return {"W": WEIGHTS, "X": COLUMNS, "labels": LABELS, "lam": 0.3}, {
        "losses": losses.tolist(), "data_loss": data_loss.item(),
        "penalty": penalty.item(), "total": total.item(),
        "ddata_dW": slope(data_loss, weight), "dW": slope(total, weight),
    }  # fmt: skip


@second("002.softmax-scores")
def softmax_scores() -> tuple[Inputs, Answers]:
    import torch

    weight, scores = scored(LABELS)
    entropy = torch.nn.functional.cross_entropy
    mean = entropy(scores, torch.tensor(LABELS))
    return {"W": WEIGHTS, "X": COLUMNS, "labels": LABELS}, {
        "q": torch.softmax(scores, dim=1).T.tolist(),
        "losses": entropy(scores, torch.tensor(LABELS), reduction="none").tolist(),
        "mean": mean.item(), "dW": slope(mean, weight),
    }  # fmt: skip


# --- two layers of sigmoids ---------------------------------------------------------------------

NET_2_3_1: Inputs = {  # exclusive or without the column of ones, and an example between the others
    "X": [[0, 0], [0, 1], [1, 0], [1, 1], [0.5, 0.25]],
    "w1": [[0.8, -0.35, 0.6], [-0.55, 0.9, 0.15]],
    "w2": [[0.7], [-1.1], [0.45]],
}


def logistic(z: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-z))


def eleven_lines(targets: list[int], rounds: int) -> tuple[Inputs, Answers]:
    """The program itself: its deltas worked out by hand, added to the weights."""
    inputs = {**NET_2_3_1, "Y": targets, "iterations": rounds}
    x, w1, w2 = (np.array(NET_2_3_1[name], float) for name in ("X", "w1", "w2"))
    y = np.array(targets, float)[:, None]
    first: Answers = {}
    for _ in range(rounds):
        l1 = logistic(x @ w1)
        l2 = logistic(l1 @ w2)
        l2_delta = (y - l2) * l2 * (1.0 - l2)
        l1_delta = l2_delta @ w2.T * l1 * (1.0 - l1)
        first = first or {
            "l1_first": l1.tolist(), "l2_first": l2.tolist(),
            "loss_first": 0.5 * float(np.sum((y - l2) ** 2)),
            "l2_delta_first": l2_delta.tolist(), "l1_delta_first": l1_delta.tolist(),
            "w2_step_first": (l1.T @ l2_delta).tolist(),
            "w1_step_first": (x.T @ l1_delta).tolist(),
        }  # fmt: skip
        w2 = w2 + l1.T @ l2_delta
        w1 = w1 + x.T @ l1_delta
    final = logistic(logistic(x @ w1) @ w2)
    loss_final = 0.5 * float(np.sum((y - final) ** 2))
    return inputs, {**first, "l2_final": final.tolist(), "loss_final": loss_final}


@second("002.net11-as-printed")
def net11_as_printed() -> tuple[Inputs, Answers]:
    return eleven_lines([0, 0, 0, 0, 0], rounds=40)


@second("002.net11-xor")
def net11_xor() -> tuple[Inputs, Answers]:
    return eleven_lines([0, 1, 1, 0, 1], rounds=60)


@second("002.net11-logistic")
def net11_logistic() -> tuple[Inputs, Answers]:
    import torch

    targets = [1, 0, 1, 1, 0]
    x, w1, w2 = (torch.tensor(NET_2_3_1[name], dtype=torch.float64) for name in ("X", "w1", "w2"))
    w1.requires_grad_()
    w2.requires_grad_()
    z1 = x @ w1
    z2 = torch.sigmoid(z1) @ w2
    y = torch.tensor(targets, dtype=torch.float64)[:, None]
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    loss = entropy(z2, y, reduction="sum")
    return {**NET_2_3_1, "Y": targets}, {
        "loss": loss.item(),
        "l2_delta": slope(-loss, z2), "l1_delta": slope(-loss, z1),
        "w2_step": slope(-loss, w2), "w1_step": slope(-loss, w1),
    }  # fmt: skip


@second("002.two-layer")
def two_layer() -> tuple[Inputs, Answers]:
    """Five examples, three hidden neurons, four features."""
    import torch

    inputs: Inputs = {
        "W1": [[0.3, -0.7, 0.2, 0.9], [-0.4, 0.6, 1.1, -0.2], [0.8, 0.1, -0.5, 0.35]],
        "b1": [[0.2], [-0.3], [0.05]],
        "W2": [[0.9, -0.6, 0.4], [-0.25, 0.7, 1.2], [0.15, -1.3, 0.5]],
        "b2": [[-0.1], [0.4], [0.25]],
        "X": COLUMNS,
    }
    weights: Any = {
        name: torch.tensor(item, dtype=torch.float64, requires_grad=True)
        for name, item in inputs.items()
    }
    z1 = weights["W1"] @ weights["X"] + weights["b1"]
    h1 = torch.sigmoid(z1)
    z2 = weights["W2"] @ h1 + weights["b2"]
    scores = torch.sigmoid(z2)
    entropy = torch.nn.functional.cross_entropy
    losses = entropy(scores.T, torch.tensor(LABELS), reduction="none")
    total = losses.sum()
    steps = {"dscores": scores, "dz2": z2, "dh1": h1, "dz1": z1}
    return {**inputs, "labels": LABELS}, {
        "h1": h1.tolist(), "scores": scores.tolist(),
        "softmax": torch.softmax(scores, dim=0).tolist(),
        "losses": losses.tolist(), "L_total": total.item(),
        **{name: slope(total, node) for name, node in steps.items()},
        **{f"d{name}": slope(total, weights[name]) for name in ("W1", "b1", "W2", "b2")},
        "smallest_possible_loss_3_classes": float(mpmath.log(1 + 2 / mpmath.e)),
    }  # fmt: skip
