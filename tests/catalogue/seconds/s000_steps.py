"""Second instances of the examples 000.*: steps, logic, recurrent nodes; counted out in Python."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from tests.catalogue.registry import Answers, Inputs, second

Bits = tuple[int, ...]


def all_bits(length: int) -> list[Bits]:
    return list(itertools.product((0, 1), repeat=length))


def total(weights: Sequence[float], bits: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, bits, strict=True))


@second("000.step")
def step_function() -> tuple[Inputs, Answers]:
    inputs = {"x": [-2.5, -1e-300, 0.0, 5e-324, 7.0]}
    return inputs, {"strict": [0, 0, 0, 1, 1], "inclusive": [0, 0, 1, 1, 1]}


# --- logic ------------------------------------------------------------------------------------


@second("000.xor2")
def xor2() -> tuple[Inputs, Answers]:
    """Three inputs: all of them, any of them; the output, any but not all."""
    inputs = {
        "W_hidden": [[1, 1, 1], [1, 1, 1]], "b_hidden": [-2.5, -0.5], "w_out": [-2, 1],
        "b_out": -0.25,
    }  # fmt: skip
    rows = [[*bits, all(bits), any(bits), any(bits) and not all(bits)] for bits in all_bits(3)]
    return inputs, {"table": [[int(entry) for entry in row] for row in rows]}


@second("000.xor2.not-separable")
def not_separable() -> tuple[Inputs, Answers]:
    """A grid that misses some gates; two diagonals that differ are what no neuron can tell."""
    weights, thresholds = [-1, 0, 1], [-0.5, 0.5]
    realised = {
        tuple(total(pair, bits) > threshold for bits in all_bits(2))
        for pair in itertools.product(weights, repeat=2)
        for threshold in thresholds
    }
    crossed = ["".join(map(str, f)) for f in all_bits(4) if f[0] == f[3] != f[1] == f[2]]
    return {"weights": weights, "thresholds": thresholds}, {
        "separable_count": len(realised),
        "not_separable": crossed,
    }


@second("000.xor3")
def xor3() -> tuple[Inputs, Answers]:
    """Five bits: four of them in pairs, then the fifth."""
    *before, last = example = [1, 0, 1, 1, 1]
    parity = sum(before) % 2
    return {"example": example}, {
        "table": [[*bits, sum(bits) % 2] for bits in all_bits(5)],
        "example_first_xor": int(example[0] != example[1]),
        "example_h1": parity | last,
        "example_h2": parity & last,
        "example_y": sum(example) % 2,
    }


@second("000.xor3.single-layer")
def xor3_single_layer() -> tuple[Inputs, Answers]:
    """Two counting units: at least one bit, but not all three."""
    inputs = {"hidden_thresholds": [0.5, 2.5], "w_out": [1, -1], "b_out": -0.5}
    of_two, of_three = small_threshold_functions(2), small_threshold_functions(3)
    parity = [sum(bits) % 2 for bits in all_bits(3)]
    return inputs, {
        "table": [[*bits, int(1 <= sum(bits) <= 2)] for bits in all_bits(3)],
        "threshold_functions_of_three": len(of_three),
        "threshold_functions_of_two": len(of_two),
        "two_hidden_units_suffice": any(
            all(unit[2 * a + b] == p for a, b, p in zip(f, g, parity, strict=True))
            for f, g in itertools.product(of_three, repeat=2)
            for unit in of_two
        ),
    }


def small_threshold_functions(inputs: int) -> set[Bits]:
    """Truth tables by weights from −2 to 2, which make every unit of up to three inputs."""
    sums = 2 * inputs
    return {
        tuple(int(total(weights, bits) > half + 0.5) for bits in all_bits(inputs))
        for weights in itertools.product(range(-2, 3), repeat=inputs)
        for half in range(-sums - 1, sums + 1)
    }


@second("000.parity-sizes")
def parity_sizes() -> tuple[Inputs, Answers]:
    """2·log₂ n − 1 layers, n, n/2, n/2, …, 2, 2, together 3n − 4."""
    answers: Answers = {}
    for n, widths in ((4, [4, 2, 2]), (32, [32, 16, 16, 8, 8, 4, 4, 2, 2])):
        answers[f"hidden_layers_n{n}"] = int(2 * math.log2(n) - 1)
        answers[f"hidden_widths_n{n}"] = widths
        answers[f"hidden_units_n{n}"] = 3 * n - 4
    return {"n": [4, 32]}, answers


@second("000.parity-net")
def parity_net() -> tuple[Inputs, Answers]:
    """Six inputs: three pairs, then a pair and one that is passed on, then a pair."""
    answers: Answers = {}
    for n, widths in ((2, [2]), (6, [6, 3, 3, 2, 2])):
        answers[f"outputs_n{n}"] = [number.bit_count() % 2 for number in range(2**n)]
        answers[f"hidden_widths_n{n}"] = widths
        answers[f"errors_n{n}"] = 0
    return {"n": [2, 6]}, answers


# --- recurrent nodes, linear ------------------------------------------------------------------


def fading(bits: Bits, u: float, w: float) -> float:
    """Σ u·wᵏ·x, k steps back."""
    return sum(u * w**k * bit for k, bit in enumerate(reversed(bits)))


def failing(window: int, is_wrong: Callable[[Bits], bool]) -> list[int]:
    sequences = (bits for length in range(window, 9) for bits in all_bits(length))
    return list(next(bits for bits in sequences if is_wrong(bits)))


def rises(bits: Bits) -> bool:
    return bits[-1] == 1 and (len(bits) == 1 or bits[-2] == 0)


def three_at_the_end(bits: Bits) -> bool:
    return len(bits) >= 3 and sum(bits[-3:]) == 3


def repeats(bits: Bits) -> bool:
    """The last bit is the one before it; before the first there is a 0."""
    return bits[-1] == (bits[-2] if len(bits) > 1 else 0)


@second("000.rnn-a")
def rnn_a() -> tuple[Inputs, Answers]:
    u, v, w, b, pairs = 3.0, 0.5, -2.0, -1.5, [[1, 1], [0, 1], [0, 0], [1, 0]]
    plain = [u * x1 + w * u * x0 for x0, x1 in pairs]
    literal, evaluated = [v * (s + b) for s in plain], [s + b for s in plain]
    before, one_before = [v * (s + w * b) for s in plain], [v * (s + w * 1.0) for s in plain]
    inputs = {"u": u, "v": v, "w": w, "b": b, "order": pairs, "order_means": "previous, present"}
    return inputs, {
        "y_literal": literal,
        "detects_literal": [int(y > 0) for y in literal],
        "y_as_evaluated": evaluated,
        "detects": [int(y > 0) for y in evaluated],
        "y_bias_in_previous_state": before,
        "detects_bias_in_previous_state": [int(y > 0) for y in before],
        "y_bias_in_previous_state_b_plus_1": one_before,
        "detects_b_plus_1": [int(y > 0) for y in one_before],
        "untruncated_first_failing_sequence": failing(
            2, lambda bits: (v * (fading(bits, u, w) + b) > 0) != rises(bits)
        ),
    }


@second("000.rnn-b")
def rnn_b() -> tuple[Inputs, Answers]:
    """Here the present bit counts most, so many windows fire that were not meant."""
    inputs = {"U": 4, "V": 2, "W": 0.5, "b": -6}
    factors = [8.0, 4.0, 2.0, 1.0]
    scores = {window: total(factors, window) - 6 for window in all_bits(4)}
    others = [y for window, y in scores.items() if window[1:] != (1, 1, 1)]
    shorter = {window: total(factors[:3], window) for window in all_bits(3)}
    best = max(y for window, y in shorter.items() if 0 in window)
    return inputs, {
        "coefficients": factors,
        "Y_prev111_now0": 1.0,
        "Y_prev111_now1": 9.0,
        "largest_other": max(others),
        "fires_strict": [list(window) for window, y in scores.items() if y > 0],
        "fires_inclusive": [list(window) for window, y in scores.items() if y >= 0],
        "untruncated_first_failing_sequence": failing(
            4, lambda bits: (2 * fading(bits, 4, 0.5) > 6) != three_at_the_end(bits[:-1])
        ),
        "present_and_two_before_fires": [list(window) for window, y in shorter.items() if y > best],
    }


@second("000.rnn-c")
def rnn_c() -> tuple[Inputs, Answers]:
    u, w, b1, b2, pairs = 3, -1, 4, 6, [[1, 0], [1, 1], [0, 0]]

    def state(bits: Bits) -> int:
        s = u * bits[0] + b1
        for bit in bits[1:]:
            s = u * bit + w * s + b2
        return s

    sums = [u * x1 + w * (u * x0 + b1) + b2 for x0, x1 in pairs]
    inputs = {"u": u, "v": 1, "w": w, "b1": b1, "b2": b2, "order": pairs}
    return inputs, {
        "s": sums,
        "output": [int(s % 2 == 0) for s in sums],
        "untruncated_first_failing_sequence": failing(
            2, lambda bits: (state(bits) % 2 == 0) != repeats(bits)
        ),
    }


# --- recurrent nets of steps ------------------------------------------------------------------


def run_steps(given: Inputs, bits: Sequence[int]) -> list[int]:
    """The output after each bit, unit by unit."""
    state: list[int] = [0] * len(given["U"])
    outputs = []
    for bit in bits:
        state = [
            int(total(row, state) + u * bit + b > 0)
            for row, u, b in zip(given["W"], given["U"], given["b"], strict=True)
        ]
        outputs.append(int(total(given["V"], state) + given["c"] > 0))
    return outputs


@second("000.rnn-untruncated")
def rnn_untruncated() -> tuple[Inputs, Answers]:
    """Net a says 1 after any 1, net b lets the middle bit be 0; net c is right, with other sums."""
    inputs: Inputs = {
        "a": {"W": [[0, 0], [0, 0]], "U": [1, 1], "b": [-0.5, -0.5], "V": [0, 1], "c": -0.5},
        "b": {"W": [[0, 0, 0], [1, 0, 0], [0, 2, 0]], "U": [1, 0, 1], "b": [-0.5, -0.5, -2.5],
              "V": [0, 0, 3], "c": -1.0},
        "c": {"W": [[0, 0, 0], [2, 0, 0], [-2, 0, 0]], "U": [2, 2, -2], "b": [-1, -3, 1],
              "V": [0, 1, 1], "c": -0.75},
        "max_length": 6, "sample": [1, 1, 0, 1, 1, 1, 0, 0],
    }  # fmt: skip
    answers: Answers = {}
    for letter, wanted in (("a", rises), ("b", three_at_the_end), ("c", repeats)):
        net = inputs[letter]
        sequences = (bits for length in range(1, 7) for bits in all_bits(length))
        answers[f"sample_{letter}"] = run_steps(net, inputs["sample"])
        answers[f"wrong_sequences_{letter}"] = sum(
            run_steps(net, bits)[-1] != wanted(bits) for bits in sequences
        )
    return inputs, answers
