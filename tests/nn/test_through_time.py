"""Truncated back-propagation through time, and the size of gradients over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from nn import GRU, LSTM, RNN, LSTMCell, gradient_norms, truncated, unroll
from tests.support.against_torch import grads, numbers, torch, weighted_sum
from tests.support.catalogue import example
from tests.support.modules import double, drawn
from viz import plot_gradient_sizes

LAYERS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


@pytest.mark.oracle
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("steps", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("batch", [None, 2])
def test_the_truncated_gradient_is_pytorchs(kind: str, steps: int, batch: int | None) -> None:
    t = torch()
    x, target = drawn(1, batch, 5, 2), drawn(2, batch, 5, 3)
    ours = LAYERS[kind](2, 3, 2, batch_first=True, seed=4)
    theirs = double(getattr(t.nn, kind)(2, 3, 2, batch_first=True), ours)
    seen = []
    for times, output, _ in truncated(ours, x, steps):
        seen.append(times)
        ac.mse_loss(output, target[..., times, :], reduction="sum").backward()
    state: Any = None
    for start in range(0, 5, steps):
        chunk = slice(start, start + steps)
        output, state = theirs(t.tensor(x[..., chunk, :]), state)
        (output - t.tensor(target[..., chunk, :])).square().sum().backward()
        state = tuple(s.detach() for s in state) if kind == "LSTM" else state.detach()
    assert [i for times in seen for i in range(5)[times]] == [0, 1, 2, 3, 4]
    slopes = {name: p.grad.numpy() for name, p in theirs.named_parameters()}
    for name, parameter in ours.named_parameters():
        np.testing.assert_allclose(grads(parameter), slopes[name], rtol=1e-10, err_msg=name)


def test_one_chunk_is_the_whole_and_shorter_ones_lose_paths() -> None:
    x, net = drawn(1, 6, 2), RNN(2, 3, seed=4)

    def slopes(steps: int) -> Any:
        net.zero_grad()
        for _, output, _ in truncated(net, x, steps):
            ac.sum(output.ravel().tolist()).backward()
        return grads(net.weight_hh_l0)

    def whole() -> Any:
        net.zero_grad()
        ac.sum(net(x)[0].ravel().tolist()).backward()
        return grads(net.weight_hh_l0)

    np.testing.assert_allclose(slopes(6), whole(), rtol=1e-13)
    assert np.abs(slopes(2) - whole()).max() > 1e-3
    values = [numbers(output) for _, output, _ in truncated(net, x, 4)]
    np.testing.assert_array_equal(np.concatenate(values), numbers(net(x)[0]))


def test_weights_may_change_between_chunks() -> None:
    """A chunk is computed when it is asked for, with the weights of that moment."""
    net, x = RNN(1, 1, seed=4), [[1.0], [0.0]]
    chunks = truncated(net, x, 1, [[0.5]])
    _, _, state = next(chunks)
    net.weight_hh_l0[0, 0].data = 0.0
    net.bias_ih_l0[0].data = net.bias_hh_l0[0].data = 0.25
    _, output, _ = next(chunks)
    assert numbers(output).item() == pytest.approx(np.tanh(0.5), rel=1e-15)
    output[0, 0].backward()
    assert state[0, 0].grad == 0.0  # no path leads back into the first chunk


def test_wrong_calls_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="truncated: steps is at least 1; got 0"):
        truncated(RNN(1, 1), [[1.0]], 0)
    with pytest.raises(ValueError, match="use bidirectional=False"):
        truncated(RNN(1, 1, bidirectional=True), [[1.0]], 2)


def test_norms_are_those_of_the_sensitivities() -> None:
    """dL/dhₜ by central differences: L of the rest of the sequence, run from a moved hₜ."""
    net, x = GRU(2, 3, seed=1), drawn(0, 5, 2)

    def run(start: Any, inputs: Any) -> Any:
        return net(inputs, start)[0]

    output = run(np.zeros((1, 3)), x)
    weighted_sum(output[-1]).backward()
    found = gradient_norms(output)
    for t in range(5):
        state = numbers(output[t])
        slopes = []
        for i in range(3):
            ends = []
            for sign in (1.0, -1.0):
                moved = state.copy()
                moved[i] += sign * 1e-5
                last = run(moved[None], x[t + 1 :])[-1] if t < 4 else moved
                ends.append(weighted_sum(numbers(last)))
            slopes.append((ends[0] - ends[1]) / 2e-5)
        assert found[t] == pytest.approx(np.linalg.norm(slopes), rel=1e-7)


@pytest.mark.system("S004-36")
def test_gradients_vanish_with_sigmoids_and_explode_with_large_weights() -> None:
    _, expected = example("004.vanishing-exploding")
    vanishing = RNN(1, 1, bias=False, nonlinearity="sigmoid")
    vanishing.load_state_dict({"weight_ih_l0": [[0.0]], "weight_hh_l0": [[1.0]]})
    exploding = RNN(1, 1, bias=False, nonlinearity="identity")
    exploding.load_state_dict({"weight_ih_l0": [[1.0]], "weight_hh_l0": [[1.5]]})
    sizes = {}
    for name, net, steps in (("σ", vanishing, 10), ("1.5", exploding, 50)):
        output, _ = net(np.zeros((steps + 1, 1)))
        output[-1, 0].backward()
        sizes[name] = gradient_norms(output)
        assert len(sizes[name]) == steps + 1
    assert sizes["σ"][0] < expected["best_case_sigmoid_product"]  # ten slopes, each at most 1/4
    assert sizes["1.5"][0] == pytest.approx(expected["exploding_product"], rel=1e-12)
    lines = plot_gradient_sizes(sizes).axes[0].lines
    for line, norms in zip(lines, sizes.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), norms)


def test_states_of_an_lstm_cell_and_constants() -> None:
    states = unroll(LSTMCell(1, 2, seed=0), [[1.0], [2.0], [3.0]])
    states[-1][0][1].backward()
    norms = gradient_norms(states)
    assert norms[2] == 1.0
    assert norms[0] == pytest.approx(float(np.linalg.norm(grads(states[0][0]))), rel=1e-15)
    assert gradient_norms([np.zeros(2)]) == [0.0]
