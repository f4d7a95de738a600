"""One or many inputs, one or many outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from nn import (
    GRUCell,
    LSTMCell,
    RNNCell,
    many_to_many,
    many_to_one,
    one_to_many,
    one_to_one,
    unroll,
)
from tests.support.against_torch import as_values, numbers, torch
from tests.support.catalogue import example
from tests.support.modules import double, drawn


@pytest.mark.system("S004-35")
def test_the_four_kinds_with_one_scalar_cell() -> None:
    given, expected = example("004.rnn-kinds")
    cell = RNNCell(1, 1)
    cell.load_state_dict({
        "weight_ih": [[given["wxh"]]], "weight_hh": [[given["whh"]]], "bias_ih": [given["bh"]],
        "bias_hh": [0.0],
    })  # fmt: skip

    def readout(h: Any) -> Any:
        return given["woh"] * h + given["bo"]

    xs, a0 = [[x] for x in given["x"]], [given["a0"]]
    found = {
        "one_to_one": one_to_one(cell, readout, xs[0], a0)[0],
        "one_to_many_feeding_back": one_to_many(cell, readout, xs[0], given["steps_out"], a0)[:, 0],
        "many_to_one": many_to_one(cell, readout, xs, a0)[0],
        "many_to_many": many_to_many(cell, readout, xs, a0)[:, 0],
    }
    for kind, numbers_expected in expected.items():
        assert numbers(found[kind]) == pytest.approx(numbers_expected, rel=1e-12), kind


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
def test_outputs_fed_back_are_pytorchs(kind: str) -> None:
    """A batch, a matrix as readout, gradients through every step that was fed back."""
    t = torch()
    cell = {"RNNCell": RNNCell, "LSTMCell": LSTMCell, "GRUCell": GRUCell}[kind](2, 3, seed=1)
    theirs = double(getattr(t.nn, kind)(2, 3), cell)
    w, x = drawn(3, 3, 2), drawn(4, 4, 2)
    weight = as_values(w)
    out = one_to_many(cell, lambda h: ac.matmul(h, weight), x, steps=3)
    state, fed, expected = None, t.tensor(x), []
    tensor = t.tensor(w, requires_grad=True)
    for _ in range(3):
        state = theirs(fed, state)
        fed = (state[0] if kind == "LSTMCell" else state) @ tensor
        expected.append(fed)
    np.testing.assert_allclose(numbers(out), t.stack(expected).detach().numpy(), rtol=1e-10)
    ac.sum(ac.square(out).ravel().tolist()).backward()
    t.stack(expected).square().sum().backward()
    np.testing.assert_allclose(
        [v.grad for v in weight.ravel()], tensor.grad.numpy().ravel(), rtol=1e-10
    )
    for name, p in cell.named_parameters():
        slope = getattr(theirs, name).grad.numpy()
        np.testing.assert_allclose([v.grad for v in p.ravel()], slope.ravel(), rtol=1e-10)


def test_an_encoder_and_a_decoder() -> None:
    encoder, decoder = LSTMCell(2, 3, seed=1), LSTMCell(1, 3, seed=2)
    last = unroll(encoder, drawn(0, 4, 2))[-1]
    out = one_to_many(decoder, lambda h: h[:1], [0.0], steps=5, hx=last)
    out[4, 0].backward()
    assert out.shape == (5, 1)
    assert all(v.grad for v in encoder.weight_ih.ravel())


@pytest.mark.parametrize("cell", [RNNCell(1, 2, seed=0), LSTMCell(1, 2, seed=0)])
def test_outputs_have_names_and_scopes(cell: Any) -> None:
    def readout(h: Any) -> Any:
        return 2.0 * h[:1]

    for out in (
        many_to_many(cell, readout, [[1.0], [2.0]]),
        one_to_many(cell, readout, [1.0], steps=2),
    ):
        assert [y.name for y in out[:, 0]] == ["y_0[0]", "y_1[0]"]
        assert [y.scope for y in out[:, 0]] == [("step 0",), ("step 1",)]
    [last] = many_to_one(cell, readout, [[1.0], [2.0]])
    assert (last.name, last.scope) == ("y_1[0]", ("step 1",))
    nodes = {node.name for node in ac.topological_order(last)}
    assert {"h_0[0]", "h_1[0]"} <= nodes
    assert not any(name.startswith("y_0") for name in nodes if name)


def test_a_neuron_may_read_the_state() -> None:
    out = many_to_many(RNNCell(1, 2, seed=0), lambda h: h[0] + h[1], [[1.0], [2.0]])
    assert out.shape == (2,)
    assert out[1].name == "y_1"


def test_wrong_calls() -> None:
    cell = RNNCell(2, 3)
    with pytest.raises(ValueError, match="one_to_many: steps is at least 1; got 0"):
        one_to_many(cell, lambda h: h[:2], [1.0, 2.0], steps=0)
    with pytest.raises(ValueError, match=r"RNNCell\(2, 3\): .*; got 3"):
        one_to_many(cell, lambda h: h, [1.0, 2.0], steps=2)
    with pytest.raises(ValueError, match="at least one time step"):
        many_to_one(cell, lambda h: h, [])
