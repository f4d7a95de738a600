"""Formulas that are misprinted or left incomplete, computed as printed and put right."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ac
import nn
from autograd_core import Worksheet, gradient
from tests.catalogue.corrections.registry import Computed, corrects, inputs_of, solved

# --- a small net in rows, and convolution (E001) ------------------------------------------------

NET_IN_ROWS = """
x_hat = [[1, 0, 1]]
alpha = [[0, 1, 2], [2, 1, 0], [0, 2, 0]]
a = x_hat @ transpose(alpha)
y_hat = sum(flatten(tanh(a)*[1, 2, 2]))
l = (y_hat - 3)**2/2
"""


@corrects(
    "E001-04",
    printed={"dl_dalpha": [["-0.223459"]]},
    right={"dl_dalpha": [["-0.007624", 0, "-0.007624"], ["-0.015249", 0, "-0.015249"],
                         ["-0.215835", 0, "-0.215835"]]},
)  # fmt: skip
def columns_rule_for_rows() -> Computed:
    """In rows (dl/da)·x̂ᵀ is a single number; (dl/da)ᵀ·x̂ has an entry for each weight."""
    of = Worksheet.parse(NET_IN_ROWS).values
    dl_da, x_hat = gradient(of["l"], of["a"]), [[1.0, 0.0, 1.0]]
    right = gradient(of["l"], of["alpha"])
    assert np.allclose(ac.matmul(dl_da.T, x_hat), right, rtol=1e-14)
    return Computed({"dl_dalpha": right}, {"dl_dalpha": ac.matmul(dl_da, np.transpose(x_hat))})


@corrects("E001-07", printed={"size": [6, 5, 3]}, right={"size": [6, 5, 1]})
def channels_are_summed() -> Computed:
    """Height, width, channels; as many channels as the image has only if each has its kernel."""
    sizes = solved("001.output-size-steps")
    return Computed({"size": sizes["volume_summed"]}, {"size": sizes["volume_depthwise"]})


# --- activations (E002, E003) -------------------------------------------------------------------


@corrects(
    "E002-18",
    printed={"at_2": "1.0373147", "at_half": "2.1639534"},
    right={"at_2": "0.9640276", "at_half": "0.4621172"},
)
def tanh_upside_down() -> Computed:
    """The printed fraction is coth, beyond 1 everywhere; tanh is its reciprocal."""
    x = {"at_2": 2.0, "at_half": 0.5}
    coth = "y = (exp(x) + exp(-x))/(exp(x) - exp(-x))"
    printed = {name: Worksheet.parse(coth, {"x": at}).output.data for name, at in x.items()}
    return Computed({name: ac.tanh(at) for name, at in x.items()}, printed)


@corrects("E003-14", printed={"slope": "0.534446645"}, right={"slope": "0.196611933"})
def middle_of_a_derivation() -> Computed:
    """The slope of the sigmoid at 1, which is the line before the misprint and the line after."""
    of = Worksheet.parse("x = 1; d = 1 + exp(-x); s = 1/d; q = 1/d**2; p = d/d**2 - q").values
    assert abs(of["p"].data - gradient(of["s"], of["x"])) < 1e-15
    return Computed({"slope": of["p"].data}, {"slope": of["q"].data})


# --- learning rules (E003) ----------------------------------------------------------------------


@corrects(
    "E003-02",
    printed={"weights": [2, 2], "updates": 1},
    right={"weights": [1, 2], "updates": 2},
)
def threshold_learns_too() -> Computed:
    """From w = (1, 1), θ = 2.5; after two updates θ is back where it was, and w is not (2, 2)."""
    samples, targets = [[0, 1], [1, 1], [0, 0], [1, 0]], [0, 1, 0, 0]

    def learnt(train_bias: bool) -> dict[str, Any]:
        unit = nn.Perceptron(2, weights=[1, 1], threshold=2.5, at_zero=1)
        history = unit.fit(samples, targets, train_bias=train_bias)
        assert history.converged
        assert unit.b.data == -2.5
        return {"weights": [w.data for w in unit.w], "updates": history.updates}

    return Computed(learnt(train_bias=True), learnt(train_bias=False))


@corrects(
    "E003-16",
    printed={"points": [["1.800000003", "3.244948973"], ["1.644813889", "3.463246597"]]},
    right={"points": [["1.996837723", "3.003162277"], ["1.993595729", "3.006408324"]]},
)
def adadelta_without_its_averages() -> Computed:
    points = solved("003.adadelta")
    return Computed(
        {"points": points["points_real"][:2]}, {"points": points["points_as_printed"][:2]}
    )


@corrects(
    "E003-17",
    printed={"points": [["0.735089036", "1.102633504"], ["0.181726738", "0.272590081"]]},
    right={"points": [["1.900000000", "3.100000000"], ["1.800166486", "3.200072014"]]},
)
def adam_with_a_gradient_too_many() -> Computed:
    points = solved("003.adam")
    return Computed(
        {"points": points["points_real"][:2]}, {"points": points["points_as_printed"][:2]}
    )


# --- costs and layers (E004) --------------------------------------------------------------------


@corrects(
    "E004-03",
    printed={"cost": "0.166666667", "of_errors_that_cancel": 0},
    right={"cost": 0.25, "of_errors_that_cancel": 4},
)
def cost_without_its_square() -> Computed:
    """As printed it is the mean bias error, and 0 for the errors 2 and −2."""
    costs, errors = solved("004.cost-functions"), ([2.0, -2.0], [0.0, 0.0])
    return Computed(
        {"cost": costs["mean_squared"], "of_errors_that_cancel": nn.mse_loss(*errors)},
        {"cost": costs["regression_as_printed"],
         "of_errors_that_cancel": nn.mean_bias_error(*errors)},
    )  # fmt: skip


@corrects(
    "E004-04",
    printed={"db1": "0.01576682095", "with_cross_entropy": "0.01576682095"},
    right={"db1": "0.02041619239", "with_cross_entropy": "-0.03135639938"},
)
def activation_for_its_derivative() -> Computed:
    """With a instead of da it does not even depend on the cost."""
    answers = solved("004.layer-recursion-single")
    names = {"db1": "squared", "with_cross_entropy": "bce"}
    return Computed(*(
        {key: answers[cost][which] for key, cost in names.items()}
        for which in ("db1", "db1_as_printed")
    ))  # fmt: skip


LAYER = """
a = [3, 5]
W = [[3, 5], [7, 11]]
dz = [1, 2]
given(dz)
z = W @ a
C = dot(dz, z)
"""


@corrects(
    "E004-06",
    printed={"da": [13, 29], "fits_2_3_2": False},
    right={"da": [17, 27], "fits_2_3_2": True},
)
def weights_indexed_the_other_way() -> Computed:
    """Where the widths differ, the printed sum asks for a neuron that is not there."""
    of = Worksheet.parse(LAYER).values
    W, dz = np.array([[3.0, 5.0], [7.0, 11.0]]), [1.0, 2.0]
    wide = np.array(inputs_of("004.backprop-one-example")["W2"])  # from 3 neurons to 2
    return Computed(
        {"da": gradient(of["C"], of["a"]), "fits_2_3_2": fits(wide.T, dz)},
        {"da": ac.matmul(W, dz), "fits_2_3_2": fits(wide, dz)},
    )


def fits(matrix: Any, vector: Any) -> bool:
    try:
        return len(ac.matmul(matrix, vector)) == 3
    except ValueError:
        return False


@corrects(
    "E004-07",
    printed={"dW": [3, 10]},
    right={"dW": [[3, 5], [6, 10]]},
)
def outer_product() -> Computed:
    """dz·a entry by entry has one number for each neuron, dz·aᵀ one for each weight."""
    of = Worksheet.parse(LAYER).values
    return Computed(
        {"dW": gradient(of["C"], of["W"])}, {"dW": np.array([1.0, 2.0]) * np.array([3.0, 5.0])}
    )


@corrects(
    "E004-14",
    printed={"sizes": [10, 5, 12, 6, 14], "padding_1": 12},
    right={"sizes": [4, 2, 6, 3, 8], "padding_1": 6},
)
def filter_size_is_subtracted() -> Computed:
    """6×6 images and 3×3 filters; with padding 1 the size stays, as the notes say themselves."""
    sizes = solved("004.size-formulas")
    of = Worksheet.parse("n = 6; r = (n - 3 + 2)/1 + 1; p = (n + 3 + 2)/1 + 1").values
    assert solved("004.same-and-valid")["same"] == of["r"].data
    return Computed(
        {"sizes": sizes["right"], "padding_1": of["r"].data},
        {"sizes": sizes["as_printed"], "padding_1": of["p"].data},
    )


@corrects(
    "E004-28",
    printed={"dz": [0, 0, "-0.334759044"]},
    right={"dz": ["0.090030573", "0.244728471", "-0.334759044"]},
)
def softmax_is_not_elementwise() -> Computed:
    """The rule dŷ·a′ sees the diagonal of the Jacobian only."""
    answers = solved("004.softmax-last-layer")
    return Computed({"dz": answers["dz"]}, {"dz": answers["dz_by_printed_rule"]})
