"""Programs that do not do what they are for, run as printed and put right."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ac
import nn
from autograd_core import Worksheet, WorksheetError, gradient
from tests.catalogue.corrections.registry import Computed, corrects, inputs_of, solved
from tests.catalogue.solutions.common import numbers

# --- detectors (E000) ---------------------------------------------------------------------------

FILTERS = ("000.filter-vertical", "000.filter-diagonal", "000.filter-corner")


@corrects(
    "E000-10",
    printed={"patches_found": [0, 0, 0]},
    right={"patches_found": [1, 1, 1]},
)
def step_of_the_definition() -> Computed:
    """With the step as it is defined no filter fires; half a unit more bias suits both steps."""
    answers = [solved(name) for name in FILTERS]
    assert all(a["fires_inclusive"] == a["fires_with_bias_plus_half"] for a in answers)
    return Computed(
        {"patches_found": [len(a["fires_with_bias_plus_half"]) for a in answers]},
        {"patches_found": [len(a["fires_strict"]) for a in answers]},
    )


# --- one gate for two products (E002) -----------------------------------------------------------


@corrects("E002-02", printed={"gradients": [7, 5, 7, 5]}, right={"gradients": [3, 2, 7, 5]})
def one_gate_used_twice() -> Computed:
    """x·y + u·v at 2, 3, 5, 7: the second use overwrites what the first has to remember."""

    def gradients(first: nn.Gate, second: nn.Gate) -> dict[str, Any]:
        first.forward(2.0, 3.0)
        second.forward(5.0, 7.0)
        return {"gradients": [*first.backward(1.0), *second.backward(1.0)]}

    gate = nn.MultiplyGate()
    return Computed(gradients(nn.MultiplyGate(), nn.MultiplyGate()), gradients(gate, gate))


# --- the hinge loss of three scores (E002) ------------------------------------------------------


@corrects(
    "E002-04",
    printed={"losses": [2.9, 1, 6.6], "sum": 10.5, "mean": 3.5},
    right={"losses": [2.9, 0, 6.6], "sum": 9.5, "mean": "3.1667"},
)
def true_class_as_its_own_rival() -> Computed:
    right, printed = solved("002.svm-max"), solved("002.svm-as-written")
    return Computed(
        {"losses": right["losses"], "sum": ac.sum(right["losses"]), "mean": right["data_loss"]},
        {"losses": printed["margins"], "sum": printed["data_loss_sum"],
         "mean": printed["data_loss_mean"]},
    )  # fmt: skip


@corrects(
    "E002-05",
    printed={"losses": [2.9, 0, 6.6], "mean": "3.1667"},
    right={"losses": [2.9, 0, 12.9], "mean": "5.2667"},
)
def largest_margin_or_all() -> Computed:
    def asked(example: str) -> dict[str, Any]:
        answers = solved(example)
        return {"losses": answers["losses"], "mean": answers["data_loss"]}

    return Computed(asked("002.svm-sum"), asked("002.svm-max"))


@corrects(
    "E002-06",
    printed={"of_the_sum": [[0, 0, 0], [1, 1, 1], [0, 0, 0]]},
    right={"of_the_sum": [[-1, 0, 0], [1, 0, 1], [0, 0, -1]]},
)
def true_class_has_a_slope() -> Computed:
    """Before the division by three examples; the second one costs nothing, so it has no slope."""
    right = np.array(solved("002.svm-max")["ddata_dW"], float)
    return Computed(
        {"of_the_sum": 3.0 * right}, {"of_the_sum": solved("002.svm-as-written")["dW_as_written"]}
    )


@corrects(
    "E002-07",
    printed={"first_row": [0, 0, 0], "second_row": [1, 1, 1]},
    right={"first_row": ["6.0667", "2.6000", "4.4000"],
           "second_row": ["10.5333", "9.8000", "5.3333"]},
)  # fmt: skip
def mean_and_penalty_have_slopes() -> Computed:
    def rows(of: Any) -> dict[str, Any]:
        return dict(zip(("first_row", "second_row"), np.array(of, float), strict=False))

    return Computed(
        rows(solved("002.svm-max")["dW"]), rows(solved("002.svm-as-written")["dW_as_written"])
    )


@corrects(
    "E002-08",
    printed={"index_of_rows": 73.04, "index_of_columns": 68.84},
    right={"index_of_rows": 89.54, "index_of_columns": 89.54},
)
def penalty_of_all_weights() -> Computed:
    """With two examples the loop meets two rows of W, or two columns, whichever its index means.

    With three it meets all, because all sizes are 3. The slope of the penalty is 2·W.
    """
    weight = nn.parameter(inputs_of("002.svm-max")["W"])
    all_squares = ac.sum((weight**2).ravel())
    assert np.array_equal(gradient(all_squares, weight), 2.0 * np.array(numbers(weight)))
    assert all_squares.data == solved("002.svm-as-written")["penalty"]
    parts = {"index_of_rows": weight[:2], "index_of_columns": weight[:, :2]}
    return Computed(
        dict.fromkeys(parts, all_squares.data),
        {name: ac.sum((part**2).ravel()).data for name, part in parts.items()},
    )


# --- names and targets of a net (E002) ----------------------------------------------------------


@corrects("E002-11", printed={"is_read": False}, right={"is_read": True})
def letters_scanned_as_digits() -> Computed:
    """A number cannot be given a value, in a worksheet as in Python."""
    return Computed(
        {"is_read": is_read("l1 = sigmoid(x)")}, {"is_read": is_read("11 = sigmoid(x)")}
    )


def is_read(line: str) -> bool:
    try:
        Worksheet.parse(line, {"x": 0.0})
    except WorksheetError:
        return False
    return True


# --- the two-layer net (E002) -------------------------------------------------------------------

ZEROS = {"dscores": [[0, 0, 0]] * 3, "dW2": [[0, 0]] * 3, "db1": [[0], [0]]}


@corrects(
    "E002-14",
    printed=ZEROS,
    right={
        "dscores": [["-0.668673", "0.312511", "0.340680"], ["0.379363", "-0.620262", "0.372222"],
                    ["0.289310", "0.307751", "-0.712902"]],
        "dW2": [["-0.024533", "-0.010091"], ["0.035007", "-0.017353"], ["-0.011795", "0.028996"]],
        "db1": [["0.009904"], ["0.004436"]],
    },
)  # fmt: skip
def backward_pass_that_was_left_out() -> Computed:
    """What is printed sets every gradient to 0. The rules in words give the engine's numbers."""
    answers = solved("002.two-layer")
    q, s, h1 = (np.array(answers[name]) for name in ("softmax", "scores", "h1"))
    dscores = q - np.eye(3)
    dz2 = dscores * s * (1.0 - s)
    dh1 = np.array(inputs_of("002.two-layer")["W2"]).T @ dz2
    dz1 = dh1 * h1 * (1.0 - h1)
    in_words = {"dscores": dscores, "dW2": dz2 @ h1.T, "db1": dz1.sum(axis=1, keepdims=True)}
    for name, by_rule in in_words.items():
        assert np.allclose(by_rule, np.array(answers[name], float), rtol=1e-12)
    return Computed(
        {name: answers[name] for name in ZEROS},
        {name: np.zeros_like(by_rule) for name, by_rule in in_words.items()},
    )


@corrects(
    "E002-15",
    printed={"loss_1": ["1.104649", "1.091035", "1.101591"], "second_runs": False},
    right={"loss_1": "1.104649", "second_runs": True},
)
def row_indexed_by_example() -> Computed:
    """With keepdims the denominators are a 1×3 row: its item 0 is all of it, an item 1 is not."""
    scores = np.array(solved("002.two-layer")["scores"])
    row = np.exp(scores).sum(axis=0, keepdims=True)

    def loss(denominator: Any, i: int) -> Any:
        return -ac.log(np.exp(scores[i, i]) / denominator)

    def runs(pick: Any) -> bool:
        try:
            return bool(loss(pick(1), 1) > 0.0)
        except IndexError:
            return False

    return Computed(
        {"loss_1": loss(row[0][0], 0), "second_runs": runs(lambda i: row[0][i])},
        {"loss_1": loss(row[0], 0), "second_runs": runs(lambda i: row[i])},
    )


@corrects("E002-17", printed={"loss": 15.8}, right={"loss": "0.4333"})
def classes_are_data() -> Computed:
    """The examples' classes are 1, 1, 0 here; as printed they are 0, 1, 2, and nothing is averaged.

    A mean over three: the first two cost nothing, the third 2.5 − 2.2 + 1 = 1.3.
    """
    scores = np.transpose(inputs_of("002.svm-sum")["W"])  # an example each row: X is the identity
    summed = nn.multiclass_hinge_loss(scores, [*range(3)], reduction="sum")
    return Computed({"loss": nn.multiclass_hinge_loss(scores, [1, 1, 0])}, {"loss": summed})
