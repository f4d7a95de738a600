"""Solutions of the examples 000.*: formulas and convolution; nets of steps are in `s000_steps`."""

from __future__ import annotations

from typing import Any

import numpy as np

import nn
from autograd_core import Worksheet, conv2d, gradient, output_size
from nn.optim import SGD
from tests.catalogue.registry import Answers, Inputs, solves
from tests.catalogue.solutions.common import numbers
from viz.library import worksheet_text

# --- one input, two branches ------------------------------------------------------------------

# x_y and x_z are x as each branch has it, so that the slopes by them are those of one path.
TOY = """
x_y = x
x_z = x
y = sigmoid(4 - 2*x_y)
z = max(0.1*x_z, 2*x_z)
pre = w1*y + w2*z + w3
o = elu(pre)
L = (o - o_target)**2
"""
SLOPES = ("dL_do", "do_dpre", "do_dy", "do_dz", "dy_dx", "dz_dx", "dL_dy", "dL_dz", "dL_dx",
          "dL_dw1", "dL_dw2", "dL_dw3")  # fmt: skip
WEIGHTS = ("w1", "w2", "w3")
FROM_SLOPES = (*SLOPES, "dL_dx_via_y", "dL_dx_via_z", *(f"{w}_new" for w in WEIGHTS))


@solves("000.toy-elu.second-pass", gradients=FROM_SLOPES)
@solves("000.toy-elu", gradients=FROM_SLOPES)
def toy_elu(inputs: Inputs) -> Answers:
    """The slope by x along each path, and by x itself: the sum of both."""
    rate = inputs.pop("lr")
    values = Worksheet.parse(TOY, inputs).values

    def slope(of: str, by: str) -> Any:
        return gradient(values[of], values[by])

    answers = {name: values[name].data for name in ("y", "z", "pre", "o", "L")}
    for name in SLOPES:
        of, by = name.split("_")
        answers[name] = slope(of[1:], by[1:])
    answers |= {"dL_dx_via_y": slope("L", "x_y"), "dL_dx_via_z": slope("L", "x_z")}
    values["L"].backward()
    SGD([values[name] for name in WEIGHTS], lr=rate).step()
    return answers | {f"{name}_new": values[name].data for name in WEIGHTS}


@solves("000.plots")
def plots(inputs: Inputs) -> Answers:
    values = Worksheet.parse(worksheet_text("000.plots"), inputs).values
    return {name: numbers(values[name]) for name in ("y", "z")}


# --- softmax and cross entropy ----------------------------------------------------------------

ENTROPIES = """
q = softmax(y)
H_onehot = cross_entropy(y, p_onehot)
H_soft = cross_entropy(y, p_soft)
H_unnormalised = cross_entropy(y, p_unnormalised)
H_onehot_log10 = -sum(p_onehot*log10(q))
output(H_onehot)
"""
TARGETS = ("onehot", "soft", "unnormalised")


@solves("000.softmax-cross-entropy", gradients=[f"grad_{t}" for t in (*TARGETS, "onehot_log10")])
def softmax_cross_entropy(inputs: Inputs) -> Answers:
    """The loss of scores is one fused operation; with another base it is written out."""
    values = Worksheet.parse(ENTROPIES, inputs).values
    slopes = {
        f"grad_{name}": gradient(values[f"H_{name}"], values["y"])
        for name in (*TARGETS, "onehot_log10")
    }
    losses = {f"loss_{name}": values[f"H_{name}"].data for name in TARGETS}
    return {"q": numbers(values["q"]), **losses, **slopes}


# --- the arithmetic of convolution ------------------------------------------------------------


@solves("000.conv-output")
def conv_output(inputs: Inputs) -> Answers:
    return {"n_out": output_size(inputs["n"], inputs["k"], inputs["s"], inputs["p"])}


@solves("000.same-padding")
def same_padding(inputs: Inputs) -> Answers:
    """The padding of one side; for odd kernels both sides have the same."""

    def padding(kernel: int) -> int:
        return nn.same_padding(inputs["n"], kernel, inputs["s"])[0]

    return {"p": padding(inputs["k"]), "p_by_kernel": [padding(k) for k in inputs["kernels"]]}


@solves("000.layers-until-nothing")
def layers_until_nothing(inputs: Inputs) -> Answers:
    kernel = inputs["k"]
    sizes = nn.sizes_until_nothing(inputs["n"], kernel)
    return {
        "first": sizes[0],
        "second": sizes[1],
        "last_nonempty": sizes[-1],
        "layers_with_output": len(sizes),
        "layer_without_output": len(sizes) + 1,
        "size_formula_at_last": output_size(sizes[-1], kernel),
        "other_first_empty_layer": [
            len(nn.sizes_until_nothing(n, kernel)) + 1 for n in inputs["other_n"]
        ],
    }


# --- detectors of patterns --------------------------------------------------------------------


@solves("000.filter-corner")
@solves("000.filter-diagonal")
@solves("000.filter-vertical")
def pattern_filter(inputs: Inputs) -> Answers:
    """A filter on every patch that there is: the scores are those of a convolution."""
    weight, bias = np.array(inputs["filter"], float), inputs["bias"]
    patches = nn.binary_patches(*weight.shape)
    scores = conv2d(patches[:, None], weight[None, None], [bias])
    return {
        "patches": len(patches),
        "fires_inclusive": nn.responding_patches(weight, bias).tolist(),
        "fires_strict": nn.responding_patches(weight, bias, at_zero=0.0).tolist(),
        "max_score": scores.max(),
        "fires_with_bias_plus_half": nn.responding_patches(weight, bias + 0.5).tolist(),
    }


@solves("000.matched-filter")
def matched_filter(inputs: Inputs) -> Answers:
    """Every pattern's filter on every patch: `scores` has a row for each filter."""
    patches = nn.binary_patches(1, inputs["bits"])
    filters = [nn.matched_filter(pattern) for pattern in patches]
    scores = np.array([np.tensordot(patches, weight, axes=2) + bias for weight, bias in filters])
    mismatches = np.abs(patches[:, None] - patches).sum(axis=(2, 3))
    alone = [
        np.array_equal(nn.responding_patches(*filter), [pattern])
        for filter, pattern in zip(filters, patches, strict=True)
    ]
    return {
        "patterns": len(patches),
        "every_filter_fires_on_its_pattern_only": all(alone),
        "score_is_minus_mismatches": np.array_equal(scores, -mismatches),
    }
