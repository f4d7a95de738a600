"""Bit detectors on every sequence up to nine bits, judged by what the task says."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

import autograd_core as ac
from nn import BitDetector, bit_detector
from nn.bit_detectors import BIT_TASKS, BitWeights
from tests.support.against_torch import numbers
from tests.support.catalogue import example

LONGEST = 9

# What stands at the end of each beginning of the sequence; zeros stand before it.
SPECIFICATIONS: dict[str, Callable[[tuple[int, ...]], bool]] = {
    "01": lambda bits: ((0, *bits)[-2:]) == (0, 1),
    "111": lambda bits: ((0, 0, *bits)[-3:]) == (1, 1, 1),
    "same": lambda bits: len(set((0, *bits)[-2:])) == 1,
    "seen": lambda bits: 1 in bits,
    "odd": lambda bits: sum(bits) % 2 == 1,
}


@pytest.mark.system("S000-25", "S000-26", "S000-27")
@pytest.mark.parametrize("task", BIT_TASKS)
def test_every_sequence(task: str) -> None:
    """One batch of all sequences of nine bits; their beginnings are all the shorter ones."""
    sequences = list(product((0, 1), repeat=LONGEST))
    with ac.no_grad():
        found = numbers(bit_detector(task)(np.transpose(sequences)))
    for i, bits in enumerate(sequences):
        expected = [SPECIFICATIONS[task](bits[: t + 1]) for t in range(LONGEST)]
        assert found[:, i].tolist() == expected, bits


@pytest.mark.system("S000-28")
@pytest.mark.parametrize(("letter", "task"), [("a", "01"), ("b", "111"), ("c", "same")])
def test_the_weights_and_the_sample_of_the_source(letter: str, task: str) -> None:
    given, expected = example("000.rnn-untruncated")
    theirs = given[letter]
    assert BIT_TASKS[task]._asdict() == {
        "u": theirs["U"], "W": theirs["W"], "b": theirs["b"], "v": theirs["V"], "c": theirs["c"],
    }  # fmt: skip
    detector = bit_detector(task)
    assert numbers(detector.cell.weight_hh).tolist() == theirs["W"]
    assert numbers(detector.readout.bias).tolist() == [theirs["c"]]
    found = numbers(detector(given["sample"]))
    assert found.tolist() == expected[f"sample_{letter}"]


def test_units_stay_off_the_jump() -> None:
    """Every sum is half a unit or more away from 0, so either convention of step(0) will do."""
    for weights in BIT_TASKS.values():
        states = {(0,) * len(weights.u)}
        for _ in range(LONGEST):
            sums = {
                tuple(np.dot(weights.W, s) + np.multiply(weights.u, x) + weights.b)
                for s in states
                for x in (0, 1)
            }
            assert min(abs(z) for total in sums for z in total) == 0.5
            states = {tuple(int(z > 0.0) for z in total) for total in sums}
            assert min(abs(np.dot(weights.v, s) + weights.c) for s in states) == 0.5


def test_weights_of_ones_own() -> None:
    """A unit that turns the bit round: y = step(0.5 − x), read through a second step."""
    negation = BitDetector(BitWeights(u=[-1], W=[[0]], b=[0.5], v=[1]))
    assert numbers(negation([0, 1, 0])).tolist() == [1.0, 0.0, 1.0]
    assert negation.cell.weight_ih[0, 0].data == -1.0


def test_wrong_calls() -> None:
    with pytest.raises(ValueError, match="one of 01, 111, same, seen, odd; not '10'"):
        bit_detector("10")
    with pytest.raises(ValueError, match=r"\(time,\) or \(time, batch\); got 1×2×1"):
        bit_detector("seen")([[[1], [0]]])
    with pytest.raises(ValueError, match="at least one time step"):
        bit_detector("seen")([])
