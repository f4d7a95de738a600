"""Solutions of the examples 000.*: steps, logic, and recurrent nodes that watch bits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

import nn
from autograd_core import Value, Worksheet, gradient, mod, no_grad, step
from nn.bit_detectors import BitWeights
from tests.catalogue.registry import Answers, Inputs, solves
from tests.catalogue.solutions.common import numbers
from viz.library import worksheet_text

Bits = tuple[int, ...]


def all_bits(length: int) -> list[Bits]:
    return list(itertools.product((0, 1), repeat=length))


@solves("000.step")
def step_function(inputs: Inputs) -> Answers:
    values = Worksheet.parse(worksheet_text("000.step"), inputs).values
    return {name: numbers(values[name]) for name in ("strict", "inclusive")}


# --- logic ------------------------------------------------------------------------------------


@solves("000.xor2")
def xor2(inputs: Inputs) -> Answers:
    hidden = list(zip(inputs["W_hidden"], inputs["b_hidden"], strict=True))
    net = nn.StepNet([hidden, [(inputs["w_out"], inputs["b_out"])]])
    corners = all_bits(net.inputs)
    return {"table": numbers(np.hstack([corners, *net.activations(corners)]))}


@solves("000.xor2.not-separable")
def not_separable(inputs: Inputs) -> Answers:
    """How many gates the neurons of the grid realise, and which gates no neuron does."""
    weights, thresholds = inputs["weights"], inputs["thresholds"]
    neurons = [
        nn.Perceptron(2, weights=pair, threshold=threshold)
        for pair in itertools.product(weights, repeat=2)
        for threshold in thresholds
    ]
    realised = {tuple(neuron.predict(all_bits(2))) for neuron in neurons}
    impossible = [gate for gate in all_bits(4) if nn.threshold_gate(gate) is None]
    return {
        "separable_count": len(realised),
        "not_separable": ["".join(map(str, gate)) for gate in impossible],
    }


@solves("000.xor3")
def xor3(inputs: Inputs) -> Answers:
    """The last block has an AND and an OR of the last bit and the parity of those before."""
    net = nn.parity_net(len(inputs["example"]))
    _, pairs, *_, last_block, output = numbers(net.activations(inputs["example"]))
    both, any_of = last_block
    return {
        "table": nn.truth_table(net).tolist(),
        "example_first_xor": pairs[0],
        "example_h1": any_of,
        "example_h2": both,
        "example_y": output[0],
    }


@solves("000.xor3.single-layer")
def xor3_single_layer(inputs: Inputs) -> Answers:
    """Counting units; and a search for parity among all nets with two hidden units."""
    counting = [([1, 1, 1], -threshold) for threshold in inputs["hidden_thresholds"]]
    net = nn.StepNet([counting, [(inputs["w_out"], inputs["b_out"])]])
    of_two, of_three = threshold_functions(2), threshold_functions(3)
    parity = nn.truth_table(nn.parity_net(3))[:, -1]
    # unit[f, g] has the output for each corner of a net with the hidden units f and g
    which_row = 2 * of_three[:, None] + of_three
    return {
        "table": nn.truth_table(net).tolist(),
        "threshold_functions_of_three": len(of_three),
        "threshold_functions_of_two": len(of_two),
        "two_hidden_units_suffice": any(
            bool((unit[which_row] == parity).all(axis=-1).any()) for unit in of_two
        ),
    }


def threshold_functions(inputs: int) -> Any:
    """The truth tables of all units of so many inputs, one a row."""
    return np.array([gate for gate in all_bits(2**inputs) if nn.threshold_gate(gate) is not None])


@solves("000.parity-sizes")
def parity_sizes(inputs: Inputs) -> Answers:
    answers: Answers = {}
    for n in inputs["n"]:
        hidden = nn.parity_net(n).widths[:-1]
        answers[f"hidden_layers_n{n}"] = len(hidden)
        answers[f"hidden_widths_n{n}"] = hidden
        answers[f"hidden_units_n{n}"] = sum(hidden)
    return answers


@solves("000.parity-net")
def parity_net(inputs: Inputs) -> Answers:
    answers: Answers = {}
    for n in inputs["n"]:
        net = nn.parity_net(n)
        *bits, outputs = nn.truth_table(net).T
        answers[f"outputs_n{n}"] = outputs.tolist()
        answers[f"hidden_widths_n{n}"] = net.widths[:-1]
        answers[f"errors_n{n}"] = int(np.sum(outputs != np.sum(bits, axis=0) % 2))
    return answers


# --- recurrent nodes, linear ------------------------------------------------------------------


def linear_state(
    sequences: Sequence[Sequence[Any]], u: float, w: float, first: float = 0.0, later: float = 0.0
) -> Any:
    """sₜ = u·xₜ + w·sₜ₋₁ + b after the last bit of each sequence, b = `first`, then `later`."""

    def cell(x: Any, state: Any, label: str) -> Any:
        bias = later
        if state is None:
            state, bias = np.zeros((len(x), 1)), first
        return nn.rnn_cell(x, state, [[u]], [[w]], [bias], nonlinearity="identity", label=label)

    return nn.unroll(cell, list(np.transpose(sequences)[..., None]))[-1][:, 0]


def first_failing(
    window: int, says: Callable[[list[Bits]], Any], wanted: Callable[[Bits], bool]
) -> list[int]:
    """The shortest sequence, from a full window on, that a node's last answer is wrong about."""
    return next(
        list(bits)
        for sequences in map(all_bits, itertools.count(window))
        for bits, answer in zip(sequences, says(sequences), strict=True)
        if answer != wanted(bits)
    )


def one_after_zero(bits: Bits) -> bool:
    return (0, *bits)[-2:] == (0, 1)


def three_ones(bits: Bits) -> bool:
    return (0, 0, *bits)[-3:] == (1, 1, 1)


def like_the_last(bits: Bits) -> bool:
    present = bits[-1]
    return (0, *bits)[-2] == present


@solves("000.rnn-a")
def rnn_a(inputs: Inputs) -> Answers:
    """y = v·(s + b); or v·s, with b in the state before, where it is also tried as +1."""
    u, v, w, b, pairs = (inputs[name] for name in ("u", "v", "w", "b", "order"))

    def literal(sequences: Sequence[Any]) -> Any:
        return v * (linear_state(sequences, u, w) + b)

    def with_state_bias(bias: float) -> Any:
        return v * linear_state(pairs, u, w, first=bias)

    y1, y2, y3 = linear_state(pairs, u, w) + b, with_state_bias(b), with_state_bias(1.0)
    return {
        "y_literal": literal(pairs),
        "detects_literal": step(literal(pairs)),
        "y_as_evaluated": y1,
        "detects": step(y1),
        "y_bias_in_previous_state": y2,
        "detects_bias_in_previous_state": step(y2),
        "y_bias_in_previous_state_b_plus_1": y3,
        "detects_b_plus_1": step(y3),
        "untruncated_first_failing_sequence": first_failing(
            2, lambda sequences: step(literal(sequences)), one_after_zero
        ),
    }


@solves("000.rnn-b", gradients=["coefficients"])
def rnn_b(inputs: Inputs) -> Answers:
    """Y = V·s + b. Windows are listed from the present bit back; time runs the other way."""

    def response(sequences: Sequence[Any]) -> Any:
        return inputs["V"] * linear_state(sequences, inputs["U"], inputs["W"]) + inputs["b"]

    def scores(length: int) -> dict[Bits, float]:
        windows = all_bits(length)
        return dict(zip(windows, response([window[::-1] for window in windows]), strict=True))

    def fires(scored: dict[Bits, float], above: float = 0.0, at_zero: float = 0.0) -> Any:
        return [list(window) for window, y in scored.items() if step(y - above, at_zero)]

    of_four, of_three = scores(4), scores(3)
    past = [Value(1.0) for _ in range(4)]
    wanted = {(0, 1, 1, 1), (1, 1, 1, 1)}
    return {
        "coefficients": gradient(response([past])[0], past[::-1]),
        "Y_prev111_now0": of_four[0, 1, 1, 1],
        "Y_prev111_now1": of_four[1, 1, 1, 1],
        "largest_other": best_without(of_four, wanted),
        "fires_strict": fires(of_four),
        "fires_inclusive": fires(of_four, at_zero=1.0),
        "untruncated_first_failing_sequence": first_failing(
            4, lambda sequences: step(response(sequences)), lambda bits: three_ones(bits[:-1])
        ),
        # with a bias as this one: the best of the other windows comes to 0
        "present_and_two_before_fires": fires(of_three, best_without(of_three, {(1, 1, 1)})),
    }


def best_without(scored: dict[Bits, float], windows: Iterable[Bits]) -> float:
    return max(y for window, y in scored.items() if window not in windows)


@solves("000.rnn-c")
def rnn_c(inputs: Inputs) -> Answers:
    """A sum of bits and biases; it is read by whether it is even. The source's v is not used."""
    u, w, b1, b2 = (inputs[name] for name in ("u", "w", "b1", "b2"))

    def is_even(sums: Any) -> Any:
        return 1.0 - mod(sums, 2.0)

    sums = linear_state(inputs["order"], u, w, b1, b2)
    return {
        "s": sums,
        "output": is_even(sums),
        "untruncated_first_failing_sequence": first_failing(
            2, lambda sequences: is_even(linear_state(sequences, u, w, b1, b2)), like_the_last
        ),
    }


# --- recurrent nets of steps ------------------------------------------------------------------

TASKS = {"a": one_after_zero, "b": three_ones, "c": like_the_last}


@solves("000.rnn-untruncated")
def rnn_untruncated(inputs: Inputs) -> Answers:
    """The three nets on a sample, and on every sequence up to the largest length."""
    answers: Answers = {}
    for letter, wanted in TASKS.items():
        given = inputs[letter]
        detector = nn.BitDetector(BitWeights(*(given[name] for name in ("U", "W", "b", "V", "c"))))
        answers[f"sample_{letter}"] = numbers(detector(inputs["sample"]))
        wrong = wrong_beginnings(detector, all_bits(inputs["max_length"]), wanted)
        answers[f"wrong_sequences_{letter}"] = len(wrong)
    return answers


def wrong_beginnings(
    detector: nn.BitDetector, sequences: list[Bits], wanted: Callable[[Bits], bool]
) -> set[Bits]:
    """The beginnings of the sequences, and these themselves, after which the answer is wrong."""
    with no_grad():
        answers = numbers(detector(np.transpose(sequences)))
    return {
        bits[:t]
        for t, after in enumerate(answers, 1)
        for bits, answer in zip(sequences, after, strict=True)
        if answer != wanted(bits[:t])
    }
