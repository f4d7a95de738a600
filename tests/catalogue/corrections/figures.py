"""Figures that arithmetic contradicts, with the slip that leads to them where one does."""

from __future__ import annotations

import math
from typing import Any

import nn
from autograd_core import Worksheet, gradient
from tests.catalogue.corrections.registry import Computed, corrects, inputs_of, solved
from tests.catalogue.solutions.common import numbers

# --- a recurrent node (E000) --------------------------------------------------------------------


@corrects("E000-17", printed={"y": [-1, 1, -3, -1]}, right={"y": [-2, 2, -6, -2]})
def both_weights_are_two() -> Computed:
    """What is printed belongs to an output weight of 1; the node decides alike with both."""
    as_said, with_one = solved("000.rnn-a"), solved("000.rnn-a", v=1)
    assert numbers(as_said["detects_literal"]) == numbers(with_one["detects_literal"])
    return Computed({"y": as_said["y_literal"]}, {"y": with_one["y_literal"]})


@corrects("E000-19", printed={"terms": [1, -1, -1]}, right={"terms": [2, -2, -1]})
def terms_of_the_last_line() -> Computed:
    """Two ones in a row; without the input's weight the terms are others and their sum is not."""
    sheet = "now = u*1; before = w*u*1; bias = b; y = now + before + bias"
    given = {name: inputs_of("000.rnn-a")[name] for name in "uwb"}
    right = Worksheet.parse(sheet, given).values
    printed = Worksheet.parse(sheet, given | {"u": 1.0}).values
    assert right["y"].data == printed["y"].data == -1.0
    return Computed(*({"terms": numbers([of[name] for name in ("now", "before", "bias")])}
                      for of in (right, printed)))  # fmt: skip


# --- a small net by hand (E001) -----------------------------------------------------------------

READ_OUT = "z = {z}; y_hat = z + 2*z; e = y_hat - 3; l = e**2/2; output(l)"


def read_out(z: float) -> dict[str, Any]:
    """The output z₁ + 2·z₂ with both activations equal and the third 0, its error and its loss."""
    of = Worksheet.parse(READ_OUT.format(z=z)).values
    return {"y_hat": of["y_hat"].data, "loss": of["l"].data, "residual": of["e"].data}


@corrects(
    "E001-02",
    printed={"y_hat": "2.89209", "loss": "0.005822284", "residual": "-0.10791"},
    right={"y_hat": "2.89208", "loss": "0.005823067", "residual": "-0.10792"},
)
def tanh_carried_with_five_digits() -> Computed:
    answers = solved("001.vector-0-1")
    [first, second, third] = answers["z"]
    assert (first, third) == (second, 0.0)
    right = {name: answers[name] for name in ("y_hat", "loss", "residual")}
    return Computed(right, read_out(round(first, 5)))


@corrects("E001-03", printed={"slope": "-0.10402"}, right={"slope": "-0.10404"})
def residual_times_activation() -> Computed:
    """Two rounded factors, −0.10791·0.96403 = −0.1040285, of which the last digits are cut off."""
    return Computed({"slope": solved("001.vector-0-1")["dl_dbeta"][1]})


@corrects(
    "E001-05",
    printed={"tanh_8": "0.9999", "y_hat": "4.997316"},
    right={"tanh_8": "1.0000", "y_hat": "4.997317"},
)
def cut_instead_of_rounded() -> Computed:
    right = {
        "tanh_8": solved("001.tanh-table")["tanh_8"],
        "y_hat": solved("001.vector-2-3")["y_hat"],
    }
    cut = {"tanh_8": cut_off(right["tanh_8"], 4), "y_hat": cut_off(right["y_hat"], 6)}
    return Computed(right, cut)


def cut_off(number: float, digits: int) -> float:
    """The number without what follows so many decimals."""
    return math.trunc(number * 10**digits) / 10**digits


@corrects(
    "E001-06",
    printed={"vector": "8.992e-7", "matrix_0": "8.998e-7", "matrix_2": "2.698e-6"},
    right={"vector": "8.9907e-7", "matrix_0": "8.9907e-7", "matrix_2": "2.6972e-6"},
)
def one_minus_a_square_that_is_nearly_one() -> Computed:
    """The slope 1 − z² from ten decimals of z; the input's entries, 1 and 3, multiply it."""
    answers = solved("001.vector-2-3")
    lost = answers["dl_da_1_by_cancellation"]
    right = {"vector": answers["dl_da_1"], "matrix_0": answers["dl_dalpha_10"],
             "matrix_2": answers["dl_dalpha_12"]}  # fmt: skip
    # 8.998 is 8.992 misprinted: the first entry is the vector's, times 1.
    return Computed(right, {"vector": lost, "matrix_2": 3.0 * lost})


# --- a program's data (E002) --------------------------------------------------------------------


@corrects(
    "E002-12",
    printed={"targets": [0, 0, 0, 0], "learns": [0, 0, 0, 0]},
    right={"targets": [0, 1, 1, 0], "learns": [0, 1, 1, 0]},
)
def targets_of_the_eleven_lines() -> Computed:
    """Each after a tenth of its rounds: what the outputs round to."""

    def trained(example: str) -> dict[str, Any]:
        final = solved(example, iterations=1000)["l2_final"]
        learns = [round(output) for [output] in final]
        return {"targets": inputs_of(example)["Y"], "learns": learns}

    return Computed(trained("002.net11-xor"), trained("002.net11-as-printed"))


# --- slides (E003) ------------------------------------------------------------------------------


@corrects(
    "E003-06",
    printed={"point_2": ["1.24", "3.72"], "point_3": ["1.008", "3.792"]},
    right={"point_2": ["1.28", "4.32"], "point_3": ["1.024", "5.184"]},
)
def second_and_third_point_of_a_descent() -> Computed:
    path = nn.descend(lambda x, y: x**2 - y**2, [2.0, 3.0], 0.1, 3)
    return Computed({f"point_{k}": path.points[k].tolist() for k in (2, 3)})


TWO_NEURONS = """
x = 0.1; w1 = {w1}; theta1 = 0.4; w2 = 0.45; theta2 = {theta2}; y = 0.25
z1 = w1*x + theta1
a1 = sigmoid(z1)
z2 = w2*a1 + theta2
a2 = sigmoid(z2)
E = (a2 - y)**2/2
"""


def two_neurons(w1: float = 0.15, theta2: float = 0.62) -> dict[str, Any]:
    """Every number of the net, its slopes, and the parameters after a step with the rate 1."""
    of = Worksheet.parse(TWO_NEURONS.format(w1=w1, theta2=theta2)).values
    found = {name: node.data for name, node in of.items()}
    for name in ("w1", "theta1", "w2", "theta2"):
        slope = gradient(of["E"], of[name])
        found |= {f"d_{name}": slope, f"{name}_new": of[name].data - slope}
    return found


CARRIED_ON = {
    "z2": "0.45*{a1} + 0.62",
    "a2": "sigmoid({z2})",
    "d_theta2": "({a2} - 0.25)*{a2}*(1 - {a2})",
}
CUT = {"a1": 4, "z2": 3, "a2": 4, "d_theta2": 4, "w1_new": 3, "theta1_new": 3}  # decimals kept


@corrects(
    "E003-08",
    printed={"a1": "0.6022", "z2": "0.890", "a2": "0.7088", "d_theta2": "0.0946",
             "w1_new": "0.148", "theta1_new": "0.389"},
    right={"a1": "0.6023", "z2": "0.891", "a2": "0.7091", "d_theta2": "0.0947",
           "w1_new": "0.149", "theta1_new": "0.390"},
)  # fmt: skip
def digits_cut_and_carried_on() -> Computed:
    """Each number is worked out from the one before as it was cut, and cut again."""
    right = two_neurons()
    cut = {name: cut_off(right[name], digits) for name, digits in CUT.items()}
    for name, formula in CARRIED_ON.items():
        node = Worksheet.parse(f"{name} = {formula.format(**cut)}").values[name]
        cut[name] = cut_off(node.data, CUT[name])
    return Computed({name: right[name] for name in CUT}, cut)


@corrects(
    "E003-09",
    printed={"first_product": "0.0015", "z1": "0.4015", "z2_sum": "0.901"},
    right={"first_product": "0.0150", "z1": "0.4150", "z2_sum": "0.891"},
)
def two_parameters_misprinted() -> Computed:
    """0.015 is the product w₁·x already; with 0.63 for θ₂ the next line would be 0.901."""

    def lines(w1: float, **other: float) -> dict[str, Any]:
        of = two_neurons(w1)
        second = two_neurons(**other)["z2"]
        return {"first_product": of["w1"] * of["x"], "z1": of["z1"], "z2_sum": second}

    return Computed(lines(0.15), lines(0.015, theta2=0.63))


@corrects(
    "E003-10",
    printed={"theta1_step": "0.102", "theta1_new": "0.298", "theta2_step": "0.094"},
    right={"theta1_step": "0.0102", "theta1_new": "0.390", "theta2_step": "0.0947"},
)
def a_zero_lost_and_a_digit_cut() -> Computed:
    """The printed result of the first line was computed with 0.0102 after all."""
    right = two_neurons()
    steps = {"theta1_step": right["d_theta1"], "theta1_new": right["theta1_new"],
             "theta2_step": right["d_theta2"]}  # fmt: skip
    lost = 10.0 * right["d_theta1"]
    printed = {"theta1_step": lost, "theta1_new": right["theta1"] - lost,
               "theta2_step": cut_off(right["d_theta2"], 3)}  # fmt: skip
    return Computed(steps, printed)


# --- a forward pass and a convolution (E004) ----------------------------------------------------


@corrects("E004-09", printed={"loss": "0.337242168"}, right={"loss": "0.776528789"})
def logarithm_of_base_ten() -> Computed:
    """Both from the output as it is printed, 0.54; from the exact one the loss is 0.7783426."""
    of = Worksheet.parse("a = 0.54; C = -log(1 - a); D = -log10(1 - a)").values
    assert round(solved("004.numerical-1-as-computed")["loss"], 7) == 0.7783426
    return Computed({"loss": of["C"].data}, {"loss": of["D"].data})


@corrects(
    "E004-10",
    printed={"z1": "0.2", "a1": "0.5498", "a3": "0.5408", "loss": "0.7783"},
    right={"z1": "1.0", "a1": "0.7311", "a3": "0.5419", "loss": "0.7808"},
)
def two_sets_of_inputs() -> Computed:
    """What is stated, x = 10 and w = 0.1, and what is computed with, x·w = 0.2."""

    def asked(example: str) -> dict[str, Any]:
        answers = solved(example)
        return {name: answers[name] for name in ("z1", "a1", "a3", "loss")}

    return Computed(asked("004.numerical-1-as-stated"), asked("004.numerical-1-as-computed"))


@corrects(
    "E004-13",
    printed={"map": [[3, -1], [3, 1]]},
    right={"map": [[3, -3], [-3, 0]]},
)
def stride_two_is_not_stride_three() -> Computed:
    """With stride 3 come the four corners that are printed, but for the last one's sign."""
    maps = solved("004.conv-6x6")
    assert maps["filter_1_stride_3"] == [[3, -1], [3, -1]]
    return Computed({"map": maps["filter_1_stride_2"]})
