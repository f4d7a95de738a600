"""Second instances of the examples 004.*."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
import numpy as np

from tests.catalogue.registry import second

Instance = tuple[dict[str, Any], dict[str, Any]]


def logistic(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def spread(*shape: int) -> Any:
    """An array of numbers between −1 and 1 that look irregular and are always the same."""
    count = math.prod(shape)
    return np.round(np.sin(np.arange(1, count + 1) ** 2), 3).reshape(shape).tolist()


# --- neurons and layers -----------------------------------------------------------------------


@second("004.neuron")
def neuron() -> Instance:
    inputs = {"x": [0.7, 1.3, -0.4], "w": [-0.5, 0.9, 1.1], "b": -0.25}
    z = mpmath.fdot(inputs["w"], inputs["x"]) + inputs["b"]
    return inputs, {
        "z": float(z),
        "a_sigmoid": float(1 / (1 + mpmath.exp(-z))),
        "a_tanh": float(mpmath.tanh(z)),
        "a_relu": float(max(z, 0)),
        "z_one_input": -0.5 * 0.7 - 0.25,
    }


@second("004.backprop-one-example")
def backprop_one_example() -> Instance:
    return backprop(inputs=3, hidden=4, outputs=2, examples=1)


@second("004.backprop-many-examples")
def backprop_many_examples() -> Instance:
    return backprop(inputs=2, hidden=5, outputs=3, examples=6)


def backprop(inputs: int, hidden: int, outputs: int, examples: int) -> Instance:
    import torch

    numbers = {
        "W1": spread(hidden, inputs), "b1": spread(hidden), "W2": spread(outputs, hidden),
        "b2": spread(outputs), "X": spread(inputs, examples),
        "Y": [[float((i + j) % 2) for j in range(examples)] for i in range(outputs)],
    }  # fmt: skip
    t = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in numbers.items()}
    Z1 = t["W1"] @ t["X"] + t["b1"][:, None]
    A1 = torch.sigmoid(Z1)
    Z2 = t["W2"] @ A1 + t["b2"][:, None]
    A2 = torch.sigmoid(Z2)
    costs = ((A2 - t["Y"]) ** 2).sum(dim=0)
    dZ2, dZ1 = torch.autograd.grad(costs.sum(), [Z2, Z1], retain_graph=True)
    names = ("W2", "b2", "W1", "b1")
    slopes = torch.autograd.grad(costs.mean(), [t[name] for name in names])
    return numbers, {
        "Z1": Z1.tolist(), "A1": A1.tolist(), "Z2": Z2.tolist(), "A2": A2.tolist(),
        "C": costs.mean().item(), "dZ2": dZ2.tolist(), "dZ1": dZ1.tolist(),
        **{f"d{name}": slope.tolist() for name, slope in zip(names, slopes, strict=True)},
        "shapes": {
            "X": [inputs, examples], "W1": [hidden, inputs], "b1": [hidden, 1],
            "Z1": [hidden, examples], "W2": [outputs, hidden], "b2": [outputs, 1],
            "Z2": [outputs, examples],
        },
    }  # fmt: skip


@second("004.layer-recursion-single")
def layer_recursion_single() -> Instance:
    a0, w1, b1, w2, b2, y, t = -0.6, 0.35, -0.2, -0.8, 0.45, 0.1, 0.0
    inputs = {"a0": a0, "w1": w1, "b1": b1, "w2": w2, "b2": b2, "y_regression": y, "y_class": t}
    z1 = w1 * a0 + b1
    a1 = logistic(z1)
    z2 = w2 * a1 + b2
    a2 = logistic(z2)

    def behind(cost: float, dy_hat: float) -> dict[str, float]:
        dz2 = dy_hat * a2 * (1 - a2)
        dz1 = dz2 * w2 * a1 * (1 - a1)
        return {
            "C": cost, "dy_hat": dy_hat, "dz2": dz2, "dw2": dz2 * a1, "db2": dz2, "da1": dz2 * w2,
            "dz1": dz1, "dw1": dz1 * a0, "db1": dz1, "db1_closed_form": dz1,
            "db1_as_printed": a2 * a2 * (1 - a2) * w2 * a1 * (1 - a1),
        }  # fmt: skip

    return inputs, {
        "z1": z1, "a1": a1, "z2": z2, "a2": a2,
        "squared": behind((a2 - y) ** 2, 2 * (a2 - y)),
        "bce": behind(-math.log(1 - a2), 1 / (1 - a2)),
    }  # fmt: skip


@second("004.cost-functions")
def cost_functions() -> Instance:
    inputs = {"y": [0.5, -1.0], "y_hat": [0.2, 0.4], "label": [0, 1, 1], "p": [0.35, 0.6, 0.9]}
    return inputs, {
        "regression_as_printed": (-0.3 + 1.4) / 2,
        "mean_squared": (0.09 + 1.96) / 2,
        "classification": -math.log(0.65 * 0.6 * 0.9) / 3,
    }


@second("004.softmax-last-layer")
def softmax_last_layer() -> Instance:
    z, p = np.array([0.4, -1.2, 2.1, 0.3]), np.array([0.1, 0.2, 0.3, 0.4])
    q = np.exp(z) / np.exp(z).sum()
    return {"z": z.tolist(), "p": p.tolist()}, {
        "q": q.tolist(),
        "dy_hat": (-p / q).tolist(),
        "dz_by_printed_rule": (-p * (1 - q)).tolist(),
        "jacobian": (np.diag(q) - np.outer(q, q)).tolist(),
        "dz": (q - p).tolist(),
    }


@second("004.relu-derivative")
def relu_derivative() -> Instance:
    inputs = {"z": [0.0, 0.75, -2.5, 0.0, 1e-9]}
    return inputs, {"as_printed": [1, 1, 0, 1, 1], "libraries": [0, 1, 0, 0, 1]}


@second("004.numerical-1-as-computed")
def numerical_1_as_computed() -> Instance:
    return numerical_1(x=0.8, w1=-0.3, w2=[0.5, -0.6], w3=[0.7, 0.9], y=1.0)


@second("004.numerical-1-as-stated")
def numerical_1_as_stated() -> Instance:
    return numerical_1(x=10.0, w1=0.25, w2=[0.2, -0.4, 0.9], w3=[-0.1, 0.2, 0.3], y=0.0)


def numerical_1(x: float, w1: float, w2: list[float], w3: list[float], y: float) -> Instance:
    a1 = logistic(w1 * x)
    z2 = [w * a1 for w in w2]
    a2 = [logistic(z) for z in z2]
    z3 = sum(w * a for w, a in zip(w3, a2, strict=True))
    a3 = logistic(z3)
    right, rounded = (a if y == 1.0 else 1.0 - a for a in (a3, round(100 * a3) / 100))
    return {"x": x, "w1": w1, "w2": w2, "w3": w3, "y": y}, {
        "z1": w1 * x, "a1": a1, "z2": z2, "a2": a2, "z3": z3, "a3": a3,
        "loss": -math.log(right),
        "loss_base10": -math.log10(right),
        "loss_from_printed_output_natural": -math.log(rounded),
        "loss_from_printed_output_base10": -math.log10(rounded),
    }  # fmt: skip


@second("004.dropout")
def dropout() -> Instance:
    inputs = {"h": [0.4, -2.0, 1.5, 8.0], "keep": [0, 1, 1, 0], "rate": 0.5,
              "upstream": [0.3, -0.1, 0.6, 1.0]}  # fmt: skip
    return inputs, {
        "train_plain": [0.0, -2.0, 1.5, 0.0],
        "train_scaled": [0.0, -4.0, 3.0, 0.0],
        "test": [0.4, -2.0, 1.5, 8.0],
        "grad_plain": [0.0, -0.1, 0.6, 0.0],
        "grad_scaled": [0.0, -0.2, 1.2, 0.0],
    }


# --- convolution ------------------------------------------------------------------------------


def slid(image: Any, kernel: Any, stride: int = 1) -> list[list[float]]:
    """The sum of products at every place of the kernel, by counting out."""
    height, width = (n - f + 1 for n, f in zip(np.shape(image), np.shape(kernel), strict=True))
    return [
        [
            sum(image[i + u][j + v] * kernel[u][v] for u, v in np.ndindex(np.shape(kernel)))
            for j in range(0, width, stride)
        ]
        for i in range(0, height, stride)
    ]


@second("004.conv-3x3")
def conv_3x3() -> Instance:
    X, K = spread(4, 5), spread(3, 2)
    dK, dX = np.zeros((3, 2)), np.zeros((4, 5))
    for i, j, u, v in product(range(2), range(4), range(3), range(2)):
        dK[u, v] += X[i + u][j + v]
        dX[i + u, j + v] += K[u][v]
    return {"X": X, "K": K}, {
        "Y": slid(X, K),
        "dsumY_dK": dK.tolist(),
        "dsumY_dX": dX.tolist(),
        "true_convolution": slid(X, [row[::-1] for row in K[::-1]]),
    }


@second("004.conv-6x6")
def conv_6x6() -> Instance:
    inputs = {"X": spread(8, 7), "filter_1": spread(3, 2), "filter_2": spread(2, 4)}
    return inputs, {
        f"{name}_stride_{stride}": slid(inputs["X"], inputs[name], stride)
        for name in ("filter_1", "filter_2")
        for stride in (1, 2, 3)
    }


@second("004.size-formulas")
def size_formulas() -> Instance:
    n, f, cases = 11, 4, [[0, 2], [1, 3], [3, 1], [2, 5]]
    return {"n": n, "f": f, "cases": cases, "cases_mean": "padding, stride"}, {
        "right": [len(range(0, n + 2 * p - f + 1, s)) for p, s in cases],
        "as_printed": [8, 6, 22, 4],
        "plain_no_stride": 8,
    }


@second("004.padding")
def padding() -> Instance:
    larger = np.pad(np.zeros((5, 5)), 3)
    return {"n": 5, "p": 3}, {"padded": len(larger), "added": len(larger) - 5}


@second("004.pixel-use")
def pixel_use() -> Instance:
    uses = np.zeros((7, 7))
    for i, j in product(range(4), repeat=2):
        uses[i : i + 4, j : j + 4] += 1
    return {"n": 7, "f": 4}, {"uses": uses.tolist()}


@second("004.same-and-valid")
def same_and_valid() -> Instance:
    image, kernel = np.ones(9), np.ones(4)
    return {"n": 9, "f": 4}, {
        name: len(np.convolve(image, kernel, name)) for name in ("same", "valid")
    }


@second("004.conv-volume")
def conv_volume() -> Instance:
    inputs = {"X": spread(3, 4, 5), "K": spread(4, 3, 2, 3), "bias": spread(4)}
    maps = [
        np.sum([slid(channel, part) for channel, part in zip(inputs["X"], kernel, strict=True)], 0)
        + bias
        for kernel, bias in zip(inputs["K"], inputs["bias"], strict=True)
    ]
    return inputs, {"Y": [one.tolist() for one in maps]}


@second("004.pooling")
def pooling() -> Instance:
    import torch
    from torch.nn.functional import avg_pool2d, max_pool2d

    inputs = {"M1": spread(7, 5), "M2": spread(5, 5), "k": 3, "s": 2}
    answers: dict[str, Any] = {}
    for name in ("M1", "M2"):
        M = torch.tensor([inputs[name]], dtype=torch.float64, requires_grad=True)
        largest, mean = max_pool2d(M, 3, 2), avg_pool2d(M, 3, 2)
        pooled = {"max": largest, "avg": mean, "min": -max_pool2d(-M, 3, 2)}
        answers |= {f"{name}_{kind}": array[0].tolist() for kind, array in pooled.items()}
        if name == "M1":
            answers["dsum_max_dM1"] = torch.autograd.grad(largest.sum(), M)[0][0].tolist()
            answers["dsum_avg_dM1"] = torch.autograd.grad(mean.sum(), M)[0][0].tolist()
    return inputs, answers


@second("004.flatten")
def flatten() -> Instance:
    M = [[1.0, -2.0, 0.5], [4.0, 0.0, 7.0]]
    return {"M": M}, {"flat": M[0] + M[1]}


@second("004.cnn-dimensions")
def cnn_dimensions() -> Instance:
    import torch

    inputs = {"n": 20, "channels": 2, "layers": [[5, 4, 1, 2], [4, 6, 2, 1], [3, 3, 3, 0]],
              "layers_mean": "filter, number, stride, padding"}  # fmt: skip
    maps, shapes, counts = torch.zeros(2, 20, 20), [], []
    for size, number, stride, around in inputs["layers"]:
        layer = torch.nn.Conv2d(len(maps), number, size, stride, around)
        maps = layer(maps)
        shapes.append([*maps.shape[1:], len(maps)])
        counts.append(sum(array.numel() for array in layer.parameters()))
    answers = {"shapes": shapes, "flattened": maps.numel(), "parameters_with_bias": counts}
    return inputs, answers


@second("004.cnn-small")
def cnn_small() -> Instance:
    import torch
    from torch.nn import functional

    inputs = {"X": spread(8, 7), "K": spread(3, 3, 2), "k_bias": spread(3), "W": spread(4, 27),
              "b": spread(4), "label": 2}  # fmt: skip
    X, K, k_bias, W, b = (
        torch.tensor(inputs[name], dtype=torch.float64, requires_grad=True)
        for name in ("X", "K", "k_bias", "W", "b")
    )
    maps = torch.relu(functional.conv2d(X[None], K[:, None], k_bias))
    pooled = functional.max_pool2d(maps, 2)
    flat = pooled.flatten()
    scores = W @ flat + b
    loss = functional.cross_entropy(scores, torch.tensor(2))
    keys = ("dscores", "dW", "db", "dflat", "dK", "dk_bias")
    slopes = torch.autograd.grad(loss, (scores, W, b, flat, K, k_bias))
    return inputs, {
        "pooled": pooled.tolist(), "flat": flat.tolist(), "scores": scores.tolist(),
        "softmax": torch.softmax(scores, 0).tolist(), "loss": loss.item(),
        **{key: slope.tolist() for key, slope in zip(keys, slopes, strict=True)},
    }  # fmt: skip


@second("004.grey-scale")
def grey_scale() -> Instance:
    pixels = [17, 200, 254, 1, 99]
    return {"pixels": pixels}, {
        "normalised": [float(Fraction(p, 255)) for p in pixels],
        "usual_to_file_convention": [float(Fraction(255 - p, 255)) for p in pixels],
    }
