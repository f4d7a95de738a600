"""Solutions of the examples 004.*."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ac
import nn
from autograd_core import Value, Worksheet, gradient
from tests.catalogue.registry import solves
from tests.catalogue.solutions.common import linear, numbers
from viz.library import worksheet_text

Inputs = dict[str, Any]
Answers = dict[str, Any]


def packaged(name: str, **given: Any) -> dict[str, Any]:
    """The quantities of a packaged worksheet with other numbers, by their names."""
    return Worksheet.parse(worksheet_text(name), given).values


def convolution(filters: Any, bias: Any = None, **options: Any) -> nn.Conv2d:
    """A layer with these filters, (number, channels, height, width)."""
    number, channels, *size = np.shape(filters)
    layer = nn.Conv2d(channels, number, tuple(size), bias=bias is not None, **options)
    layer.load_state_dict({"weight": filters} | ({} if bias is None else {"bias": bias}))
    return layer


# --- neurons and layers -----------------------------------------------------------------------


@solves("004.neuron")
def neuron(inputs: Inputs) -> Answers:
    of = packaged("004.neuron", **inputs)
    names = {"z": "z", "a_sigmoid": "a1", "a_tanh": "a2", "a_relu": "a3", "z_one_input": "z1"}
    return {key: of[name].data for key, name in names.items()}


@solves("004.backprop-one-example", gradients=["dZ2", "dZ1", "dW2", "db2", "dW1", "db1"])
@solves("004.backprop-many-examples", gradients=["dZ2", "dZ1", "dW2", "db2", "dW1", "db1"])
def backprop(inputs: Inputs) -> Answers:
    """The notes hold examples in columns, the layers in rows; dZ is of each example's own cost."""
    X, Y = np.array(inputs["X"]), np.array(inputs["Y"])
    m = X.shape[1]
    first = linear(inputs["W1"], inputs["b1"])
    second = linear(inputs["W2"], inputs["b2"])
    Z1 = first(X.T)
    A1 = ac.sigmoid(Z1)
    Z2 = second(A1)
    A2 = ac.sigmoid(Z2)
    C = nn.mse_loss(A2, Y.T, reduction="sum") / m
    columns = {"X": X, "W1": first.weight, "b1": first.bias[:, None], "Z1": Z1.T,
               "W2": second.weight, "b2": second.bias[:, None], "Z2": Z2.T}  # fmt: skip
    return {
        "Z1": numbers(Z1.T), "A1": numbers(A1.T),
        "Z2": numbers(Z2.T), "A2": numbers(A2.T), "C": C.data,
        "dZ2": m * gradient(C, Z2.T), "dZ1": m * gradient(C, Z1.T),
        "dW2": gradient(C, second.weight), "db2": gradient(C, second.bias),
        "dW1": gradient(C, first.weight), "db1": gradient(C, first.bias),
        "shapes": {name: array.shape for name, array in columns.items()},
    }  # fmt: skip


@solves("004.layer-recursion-single", gradients=["squared", "bce"])
def layer_recursion_single(inputs: Inputs) -> Answers:
    given = {name: inputs[name] for name in ("a0", "w1", "b1", "w2", "b2")}
    given |= {"y": inputs["y_regression"], "t": inputs["y_class"]}
    of = packaged("004.layer-recursion-single", **given)
    asked = {"dy_hat": "a2", "dz2": "z2", "dw2": "w2", "db2": "b2", "da1": "a1", "dz1": "z1",
             "dw1": "w1", "db1": "b1"}  # fmt: skip
    behind = gradient(of["a2"], of["z2"]) * of["w2"].data * gradient(of["a1"], of["z1"])

    def with_cost(cost: Value) -> Answers:
        slopes = {key: gradient(cost, of[name]) for key, name in asked.items()}
        closed = {
            "db1_closed_form": slopes["dy_hat"] * behind,
            "db1_as_printed": of["a2"].data * behind,
        }
        return {"C": cost.data} | slopes | closed

    forward = {name: of[name].data for name in ("z1", "a1", "z2", "a2")}
    return {**forward, "squared": with_cost(of["C"]), "bce": with_cost(of["D"])}


@solves("004.cost-functions")
def cost_functions(inputs: Inputs) -> Answers:
    of = packaged("004.cost-functions", **inputs)
    return {
        "regression_as_printed": of["C2"].data,
        "mean_squared": of["C1"].data,
        "classification": of["C3"].data,
    }


@solves("004.softmax-last-layer", gradients=["dy_hat", "dz_by_printed_rule", "jacobian", "dz"])
def softmax_last_layer(inputs: Inputs) -> Answers:
    of = packaged("004.softmax-last-layer", **inputs)
    z, q, H = of["z"], of["q"], of["H"]
    jacobian = np.array([gradient(entry, z) for entry in q])
    dy_hat = gradient(H, q)
    return {
        "q": numbers(q),
        "dy_hat": dy_hat,
        "dz_by_printed_rule": dy_hat * np.diag(jacobian),
        "jacobian": jacobian,
        "dz": gradient(H, z),
    }


# ELU with α = 0 is the same function as ReLU; at zero it takes the slope of the linear branch.
RECTIFIERS = """
z = {z}
usual = sum(relu(z))
printed = sum(elu(z, alpha=0))
"""


@solves("004.relu-derivative", gradients=["as_printed", "libraries"])
def relu_derivative(inputs: Inputs) -> Answers:
    of = Worksheet.parse(RECTIFIERS.format(**inputs)).values
    return {
        "as_printed": gradient(of["printed"], of["z"]),
        "libraries": gradient(of["usual"], of["z"]),
    }


LOG_LOSS = """
a = {a}
y = {y}
natural = -(y*log(a) + (1 - y)*log(1 - a))
base10 = -(y*log10(a) + (1 - y)*log10(1 - a))
"""
PRINTED_DECIMALS = 2  # of the output, as the notes round it before they take its logarithm


@solves("004.numerical-1-as-computed")
@solves("004.numerical-1-as-stated")
def numerical_1(inputs: Inputs) -> Answers:
    first, second = linear([[inputs["w1"]]]), linear(np.transpose([inputs["w2"]]))
    z1 = first([inputs["x"]])
    a1 = ac.sigmoid(z1)
    z2 = second(a1)
    a2 = ac.sigmoid(z2)
    z3 = linear([inputs["w3"]])(a2)
    a3 = ac.sigmoid(z3)
    output = a3[0].data
    rounded = round(output, PRINTED_DECIMALS)
    exact, printed = (
        Worksheet.parse(LOG_LOSS.format(a=a, y=inputs["y"])).values for a in (output, rounded)
    )
    return {
        "z1": z1[0].data, "a1": a1[0].data, "z2": numbers(z2), "a2": numbers(a2), "z3": z3[0].data,
        "a3": output, "loss": exact["natural"].data, "loss_base10": exact["base10"].data,
        "loss_from_printed_output_natural": printed["natural"].data,
        "loss_from_printed_output_base10": printed["base10"].data,
    }  # fmt: skip


DROPOUT = """
h = {h}
plain = {keep}*h
scaled = {keep}*h/(1 - {rate})
P = dot({upstream}, plain)
S = dot({upstream}, scaled)
"""


@solves("004.dropout", gradients=["grad_plain", "grad_scaled"])
def dropout(inputs: Inputs) -> Answers:
    of = Worksheet.parse(DROPOUT.format(**inputs)).values
    return {
        "train_plain": numbers(of["plain"]),
        "train_scaled": numbers(of["scaled"]),
        "test": nn.Dropout(inputs["rate"]).eval()(inputs["h"]),
        "grad_plain": gradient(of["P"], of["h"]),
        "grad_scaled": gradient(of["S"], of["h"]),
    }


# --- convolution ------------------------------------------------------------------------------


@solves("004.conv-3x3", gradients=["dsumY_dK", "dsumY_dX"])
def conv_3x3(inputs: Inputs) -> Answers:
    X = nn.parameter(inputs["X"], "X")
    layer = convolution([[inputs["K"]]])
    [Y] = layer(X[None])
    [flipped] = convolution([[inputs["K"]]], flip=True)(X[None])
    total = ac.sum(Y.ravel())
    return {
        "Y": numbers(Y),
        "dsumY_dK": gradient(total, layer.weight[0, 0]),
        "dsumY_dX": gradient(total, X),
        "true_convolution": numbers(flipped),
    }


@solves("004.conv-6x6")
def conv_6x6(inputs: Inputs) -> Answers:
    return {
        f"{name}_stride_{stride}": numbers(
            convolution([[inputs[name]]], stride=stride)([inputs["X"]])[0]
        )
        for name in ("filter_1", "filter_2")
        for stride in (1, 2, 3)
    }


@solves("004.size-formulas")
def size_formulas(inputs: Inputs) -> Answers:
    padding, stride = zip(*inputs["cases"], strict=True)
    of = packaged("004.size-formulas", n=inputs["n"], f=inputs["f"], p=padding, s=stride)
    return {
        "right": numbers(of["right"]),
        "as_printed": numbers(of["printed"]),
        "plain_no_stride": of["plain"].data,
    }


@solves("004.padding")
def padding(inputs: Inputs) -> Answers:
    of = packaged("004.padding", **inputs)
    return {"padded": of["padded"].data, "added": of["added"].data}


@solves("004.pixel-use")
def pixel_use(inputs: Inputs) -> Answers:
    return {"uses": nn.pixel_use((inputs["n"], inputs["n"]), inputs["f"])}


@solves("004.same-and-valid")
def same_and_valid(inputs: Inputs) -> Answers:
    n, f = inputs["n"], inputs["f"]
    return {name: nn.conv2d_shape((1, n, n), 1, f, padding=name)[1] for name in ("same", "valid")}


@solves("004.conv-volume")
def conv_volume(inputs: Inputs) -> Answers:
    return {"Y": numbers(convolution(inputs["K"], inputs["bias"])(inputs["X"]))}


@solves("004.pooling", gradients=["dsum_max_dM1", "dsum_avg_dM1"])
def pooling(inputs: Inputs) -> Answers:
    k, s = inputs["k"], inputs["s"]
    layers = {"max": nn.MaxPool2d(k, s), "avg": nn.AvgPool2d(k, s), "min": nn.MinPool2d(k, s)}
    pooled = {
        f"{name}_{kind}": layer([inputs[name]])[0]
        for name in ("M1", "M2")
        for kind, layer in layers.items()
    }
    M1 = nn.parameter(inputs["M1"], "M1")
    slopes = {
        f"dsum_{kind}_dM1": gradient(ac.sum(layers[kind](M1[None]).ravel()), M1)
        for kind in ("max", "avg")
    }
    return pooled | slopes


@solves("004.flatten")
def flatten(inputs: Inputs) -> Answers:
    return {"flat": nn.Flatten(0)(inputs["M"])}


@solves("004.cnn-dimensions")
def cnn_dimensions(inputs: Inputs) -> Answers:
    shape = (inputs["channels"], inputs["n"], inputs["n"])
    shapes, counts = [], []
    for size, number, stride, padding in inputs["layers"]:
        counts.append(nn.conv_parameter_count(shape[0], number, size))
        shape = nn.conv2d_shape(shape, number, size, stride, padding)
        shapes.append([*shape[1:], shape[0]])
    flat = nn.Flatten(0)(np.zeros(shape))
    return {"shapes": shapes, "flattened": flat.size, "parameters_with_bias": counts}


@solves("004.cnn-small", gradients=["dscores", "dW", "db", "dflat", "dK", "dk_bias"])
def cnn_small(inputs: Inputs) -> Answers:
    filters = convolution(np.array(inputs["K"])[:, None], inputs["k_bias"])
    dense = linear(inputs["W"], inputs["b"])
    pooled = nn.Sequential(filters, nn.ReLU(), nn.MaxPool2d(2))([inputs["X"]])
    flat = nn.Flatten(0)(pooled)
    scores = dense(flat)
    loss = nn.cross_entropy(scores, inputs["label"])
    return {
        "pooled": numbers(pooled), "flat": numbers(flat), "scores": numbers(scores),
        "softmax": nn.Softmax(0)(numbers(scores)), "loss": loss.data,
        "dscores": gradient(loss, scores),
        "dW": gradient(loss, dense.weight), "db": gradient(loss, dense.bias),
        "dflat": gradient(loss, flat),
        "dK": gradient(loss, filters.weight[:, 0]), "dk_bias": gradient(loss, filters.bias),
    }  # fmt: skip


@solves("004.grey-scale")
def grey_scale(inputs: Inputs) -> Answers:
    return {
        "normalised": nn.grey_scale(inputs["pixels"]),
        "usual_to_file_convention": nn.grey_scale(inputs["pixels"], zero="white"),
    }
