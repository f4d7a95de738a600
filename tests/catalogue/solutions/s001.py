"""Solutions of the examples 001.*: one hidden layer worked out, then convolution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import autograd_core as ac
import nn
from autograd_core import Worksheet, gradient
from tests.catalogue.registry import solves
from tests.catalogue.solutions.common import numbers
from viz.library import worksheet_text

KEPT_DECIMALS = 10  # of tanh(8), by which the document comes to its first gradient


@solves("001.tanh-table")
def tanh_table(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(worksheet_text("001.tanh-table"), inputs)
    table = zip(inputs["x"], numbers(sheet.values["t"]), strict=True)
    return {f"tanh_{x:g}": t for x, t in table}


# --- the net with one hidden layer --------------------------------------------------------------


def neuron_by_neuron(hidden: int, entries: int) -> str:
    """The net with a line for each neuron; o is what the output neuron sums up."""
    i, j = range(1, hidden + 1), range(1, entries + 1)
    a = [f"a_{k} = alpha_{k}0 + " + " + ".join(f"alpha_{k}{n}*x_{n}" for n in j) for k in i]
    z = [f"z_{k} = tanh(a_{k})" for k in i]
    o = "o = beta_0 + " + " + ".join(f"beta_{k}*z_{k}" for k in i)
    return "\n".join([*a, *z, o, "y_hat = o", "l = (y_hat - y)**2/2"])


def one_by_one(inputs: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Every number under a name of its own: alpha_10, beta_0, x_1, y."""
    for k, row in enumerate(inputs["alpha"], 1):
        yield from ((f"alpha_{k}{n}", weight) for n, weight in enumerate(row))
    yield from ((f"beta_{k}", weight) for k, weight in enumerate(inputs["beta"]))
    yield from ((f"x_{n}", x) for n, x in enumerate(inputs["x"], 1))
    yield "y", inputs["y"]


@solves(
    "001.scalar",
    gradients=[
        "residual", "one_minus_z2", "dl_da", "dl_dalpha", "dl_dbeta", "dl_dalpha_11", "dl_dbeta_1",
        "chain_alpha_11",
    ],
)  # fmt: skip
def scalar(inputs: dict[str, Any]) -> dict[str, Any]:
    hidden, entries = len(inputs["alpha"]), len(inputs["x"])
    sheet = Worksheet.parse(neuron_by_neuron(hidden, entries), dict(one_by_one(inputs)))
    node, neurons = sheet.nodes, range(1, hidden + 1)
    a = [node[f"a_{k}"] for k in neurons]
    z = [node[f"z_{k}"] for k in neurons]
    loss, o, y_hat = node["l"], node["o"], node["y_hat"]
    dl_dalpha = [
        gradient(loss, [node[f"alpha_{k}{n}"] for n in range(entries + 1)]) for k in neurons
    ]
    dl_dbeta = gradient(loss, [node[f"beta_{k}"] for k in range(hidden + 1)])
    return {
        "a": numbers(a), "z": numbers(z), "y_hat": y_hat.data, "loss": loss.data,
        "residual": gradient(loss, y_hat),
        "one_minus_z2": [gradient(top, below) for top, below in zip(z, a, strict=True)],
        "dl_da": gradient(loss, a),
        "dl_dalpha": dl_dalpha, "dl_dalpha_11": dl_dalpha[0][1],
        "dl_dbeta": dl_dbeta, "dl_dbeta_1": dl_dbeta[1],
        "chain_alpha_11": {
            "dl_dyhat": gradient(loss, y_hat),
            "dyhat_dpre_out": gradient(y_hat, o),
            "dpre_out_dz1": gradient(o, z[0]),
            "dz1_da1": gradient(z[0], a[0]),
            "da1_dalpha11": gradient(a[0], node["alpha_11"]),
        },
    }  # fmt: skip


def net_of(inputs: dict[str, Any], activation: nn.Module) -> nn.Sequential:
    """The net in rows, x·αᵀ; the first column of alpha and the first entry of beta are biases."""
    alpha, beta = np.array(inputs["alpha"]), np.array(inputs["beta"])
    hidden, augmented = alpha.shape
    net = nn.Sequential(nn.Linear(augmented - 1, hidden), activation, nn.Linear(hidden, 1))
    net.load_state_dict({
        "0.weight": alpha[:, 1:], "0.bias": alpha[:, 0],
        "2.weight": beta[None, 1:], "2.bias": beta[:1],
    })  # fmt: skip
    return net


@solves("001.vector-0-1", gradients=["residual", "one_minus_z2", "dl_da", "dl_dalpha", "dl_dbeta"])
def vector_in_rows(inputs: dict[str, Any]) -> dict[str, Any]:
    net = net_of(inputs, nn.Tanh())
    hidden, activation, out = net
    a = hidden(inputs["x"])
    z = activation(a)
    [y_hat] = out(z)
    loss = nn.half_squared_error(y_hat, inputs["y"])
    of_hidden, of_out = gradient(loss, hidden.weight), gradient(loss, out.weight)
    return {
        "a": numbers(a), "z": numbers(z), "y_hat": y_hat.data, "loss": loss.data,
        "residual": gradient(loss, y_hat),
        "one_minus_z2": gradient(ac.sum(z), a),
        "dl_da": gradient(loss, a),
        "dl_dalpha": np.column_stack([gradient(loss, hidden.bias), of_hidden]),
        "dl_dbeta": np.append(gradient(loss, out.bias), of_out),
    }  # fmt: skip


@solves(
    "001.vector-2-3",
    gradients=[
        "residual", "one_minus_z2", "dl_da", "dl_dalpha", "dl_dbeta", "dl_da_1", "dl_da_2",
        "dl_dalpha_10", "dl_dalpha_11", "dl_dalpha_12", "dl_dalpha_20", "dl_dalpha_21",
        "dl_dalpha_22", "dl_da_1_by_cancellation",
    ],
)  # fmt: skip
def vector_in_columns(inputs: dict[str, Any]) -> dict[str, Any]:
    alpha, beta = np.array(inputs["alpha"]), np.array(inputs["beta"])
    sheet = Worksheet.parse(worksheet_text("001.vector-2-3"), {
        "x": inputs["x"], "y": inputs["y"], "alpha_0": alpha[:, 0], "alpha": alpha[:, 1:],
        "beta_0": beta[0], "beta": beta[1:],
    })  # fmt: skip
    at, loss = sheet.values, sheet.output
    dl_da = gradient(loss, at["a"])
    dl_dalpha = np.column_stack([gradient(loss, at["alpha_0"]), gradient(loss, at["alpha"])])
    kept = round(at["z"][0].data, KEPT_DECIMALS)
    return {
        "a": numbers(at["a"]), "z": numbers(at["z"]), "y_hat": at["y_hat"].data, "loss": loss.data,
        "residual": gradient(loss, at["y_hat"]),
        "one_minus_z2": gradient(ac.sum(at["z"]), at["a"]),
        "dl_da": dl_da, "dl_da_1": dl_da[0], "dl_da_2": dl_da[1],
        "dl_dalpha": dl_dalpha,
        **{f"dl_dalpha_{k}{n}": dl_dalpha[k - 1, n] for k in (1, 2) for n in (0, 1, 2)},
        "dl_dbeta": [gradient(loss, at["beta_0"]), *gradient(loss, at["beta"])],
        "dl_da_1_by_cancellation": gradient(loss, at["z"][0]) * (1.0 - kept**2),
    }  # fmt: skip


@solves("001.linear-collapse", gradients=["weights"])
def linear_collapse(inputs: dict[str, Any]) -> dict[str, Any]:
    net = net_of(inputs, nn.Identity())
    origin = nn.parameter(np.zeros_like(inputs["points"][0]))
    [at_origin] = net(origin)
    return {
        "bias": at_origin.data,
        "weights": gradient(at_origin, origin),
        "outputs": numbers(net(inputs["points"])[:, 0]),
    }


# --- convolution --------------------------------------------------------------------------------


@solves("001.pad")
def pad(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"padded": ac.output_size(inputs["n"], 1, padding=inputs["p"])}


@solves("001.output-size-steps")
def output_size_steps(inputs: dict[str, Any]) -> dict[str, Any]:
    depth, kernel, padding, stride = (inputs[name] for name in "DKPS")
    volume = np.zeros((depth, inputs["H"], inputs["W"]))

    def size(layer: nn.Conv2d) -> tuple[int, ...]:
        """Height, width, channels of what the layer makes of the volume."""
        return tuple(np.moveaxis(layer(volume), 0, -1).shape)

    summed = size(nn.Conv2d(depth, 1, kernel, stride, padding))
    return {
        "kernel_1": size(nn.Conv2d(depth, 1, 1))[:2],
        "kernel_K": size(nn.Conv2d(depth, 1, kernel))[:2],
        "padded": size(nn.Conv2d(depth, 1, kernel, padding=padding))[:2],
        "stride": summed[:2],
        "volume_depthwise": size(nn.Conv2d(depth, depth, kernel, stride, padding, groups=depth)),
        "volume_summed": summed,
    }


@solves("001.translation")
def translation(inputs: dict[str, Any]) -> dict[str, Any]:
    """The pattern, 1 where the filter is positive, is laid at each position in turn."""
    pattern = np.array(inputs["F"]) > 0
    maps = []
    for row, column in inputs["positions"]:
        image = np.zeros((inputs["size"], inputs["size"]))
        image[row : row + pattern.shape[0], column : column + pattern.shape[1]] = pattern
        maps.append(filtered(image, inputs["F"]))
    peaks = [np.unravel_index(np.argmax(y), y.shape) for y in maps]
    return {
        "maps": np.array(maps),
        "peak_values": [y.max() for y in maps],
        "peak_positions": np.array(peaks),
    }


def filtered(image: Any, kernel: Any) -> Any:
    """The map that one filter makes of an image of one channel."""
    return ac.conv2d(np.array([image], float), np.array([[kernel]], float))[0]


@solves("001.parameter-count")
def parameter_count(inputs: dict[str, Any]) -> dict[str, Any]:
    n, k = inputs["n"], inputs["k"]
    _, *side = nn.conv2d_shape((1, n, n), 1, k)
    outputs = int(np.prod(side))
    return {
        "outputs": outputs,
        "dense": nn.linear_parameter_count(n * n, outputs),
        "conv": nn.conv_parameter_count(1, 1, k),
    }


@solves("001.conv-a")
def conv_a(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"Y": filtered(inputs["X"], inputs["F"])}


@solves("001.conv-b")
def conv_b(inputs: dict[str, Any]) -> dict[str, Any]:
    size = [inputs["H"], inputs["W"]]
    steps = """
        padded = n + 2*P
        minus_kernel = padded - K
        strides = floor(minus_kernel/S)
        output(strides[0])
    """
    given = {"n": size, **{name: inputs[name] for name in "KPS"}}
    at = Worksheet.parse(steps, given).values
    _, *out = nn.conv2d_shape((1, *size), 1, inputs["K"], inputs["S"], inputs["P"])
    return {name: numbers(at[name]) for name in ("padded", "minus_kernel", "strides")} | {
        "out": out
    }
