"""Drawn weights: their order, bound and names."""

from __future__ import annotations

import random

import numpy as np

from nn import GRU, LSTMCell
from nn.recurrent_weights import drawn_weights
from tests.support.against_torch import numbers


def test_weights_are_uniform_draws_in_pytorchs_order() -> None:
    """weight_ih, weight_hh, bias_ih, bias_hh, each row by row, all in ±1/√hidden_size."""
    source = random.Random(4)
    shapes = [(12, 2), (12, 3), (12,), (12,)]
    expected = [
        np.reshape([source.uniform(-(3**-0.5), 3**-0.5) for _ in range(int(np.prod(s)))], s)
        for s in shapes
    ]
    cell = LSTMCell(2, 3, seed=4)
    for array, right in zip(cell.state_dict().values(), expected, strict=True):
        np.testing.assert_array_equal(array, right)
    random.seed(4)
    for array, right in zip(LSTMCell(2, 3).state_dict().values(), expected, strict=True):
        np.testing.assert_array_equal(array, right)


def test_a_seed_leaves_pythons_random_alone() -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    GRU(2, 3, num_layers=2, seed=8)
    assert random.random() == expected


def test_each_gate_has_a_block_with_names_of_its_own() -> None:
    w_ih, w_hh, b_ih, b_hh = drawn_weights("rzn", 2, 3, True, random)
    assert [w.name for w in w_ih[:, 1]] == [
        f"W_i{gate}[{i}, 1]" for gate in "rzn" for i in range(3)
    ]
    assert (w_hh[4, 2].name, b_ih[5].name, b_hh[6].name) == ("W_hz[1, 2]", "b_iz[2]", "b_hn[0]")
    [w_ih, _] = drawn_weights("h", 2, 3, False, random, layer="2", ending="_reverse")
    assert w_ih[0, 1].name == "W2_ih_reverse[0, 1]"


def test_the_bound_is_reached() -> None:
    entries = numbers(drawn_weights("h", 200, 4, False, random.Random(0))[0])
    assert 0.49 < np.max(entries) < 0.5
    assert -0.5 < np.min(entries) < -0.49
