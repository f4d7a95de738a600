"""Formulas of recurrent nets, computed as printed and put right."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import autograd_core as ac
import nn
from autograd_core import Worksheet, gradient
from tests.catalogue.corrections.registry import Computed, corrects, inputs_of, solved
from viz.library import worksheet_text

# --- bit detectors (E000) -----------------------------------------------------------------------


@corrects(
    "E000-18",
    printed={"constant": -2, "fires": [False, True, False, False]},
    right={"constant": 2, "fires": [True, True, False, True]},
)
def bias_goes_through_the_recurrent_weight() -> Computed:
    """V·w·b, not V·b: so the node with b = −1 fires wrongly, and b = +1 is needed."""
    answers = solved("000.rnn-a")

    def of(y: str) -> dict[str, Any]:  # the constant is what the node gives for zeros
        return {"constant": answers[y][0], "fires": [number > 0.0 for number in answers[y]]}

    assert of("y_bias_in_previous_state_b_plus_1")["fires"] == [False, True, False, False]
    return Computed(of("y_bias_in_previous_state"), of("y_literal"))


FAILING = {"01": [1, 0, 0], "111": [1, 0, 0, 0, 0], "same": [0, 0, 0]}


@corrects(
    "E000-22",
    printed={"01": 1, "111": 1, "same": 0},
    right={"01": 0, "111": 0, "same": 1},
)
def state_that_forgets_nothing() -> Computed:
    """What the linear nodes answer when nothing is dropped, and nodes with steps."""
    linear = {
        "01": ac.step(2.0 * (linear_state(FAILING["01"], 2.0, -1.0) - 1.0)),
        "111": ac.step(linear_state(FAILING["111"], 1.0, 2.0) - 13.0),
        "same": 1.0 - ac.mod(linear_state(FAILING["same"], 1.0, 1.0, bias=1.0), 2.0),
    }
    steps = {task: nn.bit_detector(task)(bits)[-1].data for task, bits in FAILING.items()}
    return Computed(steps, linear)


def linear_state(bits: Sequence[int], u: float, w: float, bias: float = 0.0) -> float:
    """sₜ = u·xₜ + w·sₜ₋₁ + b after the last bit."""

    state: Any = [0.0]
    for bit in bits:
        state = nn.rnn_cell([bit], state, [[u]], [[w]], [bias], nonlinearity="identity")
    return float(state[0])


# --- two layers (E004) --------------------------------------------------------------------------


@corrects(
    "E004-16",
    printed={"layer_2": ["-0.1633433929", "0.1017330925"]},
    right={"layer_2": ["-0.1633433929", "-0.1076133131"]},
)
def second_layer_remembers_itself() -> Computed:
    return Computed({"layer_2": second_layer(own_state=True)},
                    {"layer_2": second_layer(own_state=False)})  # fmt: skip


def second_layer(own_state: bool) -> list[float]:
    """The second layer's states; it goes on from its own state, or from the first layer's."""
    of = inputs_of("004.rnn-stacked")
    first, second, states = [of["h1"]], [of["h2"]], []
    for x in of["x"]:
        before = second if own_state else first
        first = nn.rnn_cell([x], first, [[of["w1"]]], [[of["r1"]]], [of["b1"]])
        second = nn.rnn_cell(first, before, [[of["w2"]]], [[of["r2"]]], [of["b2"]])
        states.append(second[0])
    return states


# --- back through time (E004) -------------------------------------------------------------------

STEPS = (1, 2, 3)


def three_steps() -> dict[str, Any]:
    """A cell over three steps with a loss at each: the quantities of the packaged worksheet."""
    return Worksheet.parse(worksheet_text("004.bptt-3")).values


def between_states(of: dict[str, Any], late: int, early: int) -> float:
    """The product of ∂aⱼ/∂aⱼ₋₁ from j = early + 1 to late."""
    return math.prod(gradient(of[f"a_{j}"], of[f"a_{j - 1}"]) for j in range(early + 1, late + 1))


def double_sum(of: dict[str, Any], local: Callable[[int], float]) -> float:
    """Σₜ Σₖ≤ₜ dC/dŷₜ · ∂ŷₜ/∂aₜ · (product of ∂aⱼ/∂aⱼ₋₁ from j = k + 1 to t) · local(k)."""
    return sum(
        into_state(of, t) * between_states(of, t, k) * local(k)
        for t in STEPS
        for k in range(1, t + 1)
    )


def into_state(of: dict[str, Any], t: int) -> float:
    """dC/dŷₜ · ∂ŷₜ/∂aₜ, the error that step t's own loss sends into its state."""
    return float(gradient(of["C"], of[f"y_hat_{t}"])) * gradient(of[f"y_hat_{t}"], of[f"a_{t}"])


@corrects(
    "E004-17",
    printed={"bias": ["0.3658455718", "0.3887008441", "0.1260863322"]},
    right={"bias": ["0.8806327481"]},
)
def one_bias_for_all_times() -> Computed:
    """A bias for each time step has a slope for each; the shared bias has their sum."""
    of = three_steps()
    # the slope by zₖ is that by a bias of step k alone
    each = [gradient(of["C"], of[f"z_{k}"]) for k in STEPS]
    return Computed({"bias": [gradient(of["C"], of["bh"])]}, {"bias": each})


@corrects(
    "E004-18",
    printed={"slopes": [0, 0, "1.2"]},
    right={"slopes": ["1.2", "1.2", "1.2"]},
)
def early_outputs_do_not_know_late_states() -> Computed:
    """Each output by the last state, and by its own."""
    of = three_steps()
    by_last = [gradient(of[f"y_hat_{t}"], of["a_3"]) for t in STEPS]
    by_own = [gradient(of[f"y_hat_{t}"], of[f"a_{t}"]) for t in STEPS]
    return Computed({"slopes": by_own}, {"slopes": by_last})


@corrects(
    "E004-19",
    printed={"from_3_to_1": "0.3754585332", "terms": 4},
    right={"from_3_to_1": "0.4646172195", "terms": 3},
)
def limits_of_the_product() -> Computed:
    """The way from the third state to the first, by the inner index as printed (T = 3, t = 2).

    The sum as printed starts at a step 0, which has a state but no output and no loss. The right
    double sum is the gradient.
    """
    of = three_steps()
    last, t = 3, 2
    indices = [(last - j + 1, last - j) for j in range(last - t + 1, last + 1)]
    printed = math.prod(gradient(of[f"a_{late}"], of[f"a_{early}"]) for late, early in indices)
    total = double_sum(of, lambda k: slope_of_state(of, k) * of[f"a_{k - 1}"].data)
    assert math.isclose(total, gradient(of["C"], of["whh"]), rel_tol=1e-14)
    return Computed(
        {"from_3_to_1": between_states(of, 3, 1), "terms": len(STEPS)},
        {"from_3_to_1": printed, "terms": len(range(0, last + 1))},
    )


def slope_of_state(of: dict[str, Any], k: int) -> float:
    return float(gradient(of[f"a_{k}"], of[f"z_{k}"]))


@corrects("E004-20", printed={"dwhh": "0.191563223"}, right={"dwhh": "0.207932077"})
def every_loss_counts() -> Computed:
    """Two steps with a loss at both, and with the last loss alone, which is many to one."""
    return Computed(
        {"dwhh": solved("004.bptt-2")["dwhh"]}, {"dwhh": solved("004.bptt-2-last")["dwhh"]}
    )


@corrects("E004-21", printed={"dwoh": "0.447289222"}, right={"dwoh": "0.267745949"})
def output_weight_without_product() -> Computed:
    """No state lies between the output weight and the loss of its step."""
    of = three_steps()
    error = {t: gradient(of["C"], of[f"y_hat_{t}"]) for t in STEPS}
    printed = sum(
        error[t] * between_states(of, t, k) * of[f"a_{k}"].data
        for t in STEPS
        for k in range(1, t + 1)
    )
    return Computed({"dwoh": gradient(of["C"], of["woh"])}, {"dwoh": printed})


@corrects("E004-22", printed={"dbh": "0.587451570"}, right={"dbh": "0.880632748"})
def bias_with_product() -> Computed:
    """Without the product only the way through the present state is left."""
    of = three_steps()
    total = double_sum(of, lambda k: slope_of_state(of, k))
    assert math.isclose(total, gradient(of["C"], of["bh"]), rel_tol=1e-14)
    direct = sum(into_state(of, t) * slope_of_state(of, t) for t in STEPS)
    return Computed({"dbh": total}, {"dbh": direct})
