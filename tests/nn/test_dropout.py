"""`Dropout`: what is left out, what is scaled, and which choices repeat."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from nn import Dropout
from tests.support.against_torch import as_values, grads, numbers


@pytest.mark.system("S004-37")
def test_by_hand() -> None:
    """p = 0.2 with the second of five left out: the rest times 1.25, the gradient likewise."""
    h, upstream = [1.0, 2.0, 3.0, 4.0, 5.0], [0.1, 0.2, 0.3, 0.4, 0.5]
    for seed in range(1000):
        layer = Dropout(0.2, seed=seed)
        x = as_values(h)
        y = layer(x)
        if [v.data != 0.0 for v in y] == [True, False, True, True, True]:
            break
    assert numbers(y).tolist() == [1.25, 0.0, 3.75, 5.0, 6.25]
    ac.dot(y.tolist(), upstream).backward()
    np.testing.assert_allclose(grads(x), [0.125, 0.0, 0.375, 0.5, 0.625], rtol=1e-15)
    assert layer.eval()(x) is x


def test_what_is_left_is_scaled_by_the_inverse() -> None:
    kept = Dropout(0.25, seed=0)(np.ones((200, 50)))
    assert set(kept.ravel()) == {0.0, 1.0 / 0.75}
    # 10000 choices: within four deviations of the share 0.75
    assert abs(np.mean(kept != 0.0) - 0.75) < 4.0 * (0.75 * 0.25 / 10000) ** 0.5


@pytest.mark.parametrize(("p", "expected"), [(0.0, [1.0, 2.0]), (1.0, [0.0, 0.0])])
def test_never_and_always(p: float, expected: list[float]) -> None:
    layer = Dropout(p)
    assert layer([1.0, 2.0]).tolist() == expected
    x = as_values([1.0, 2.0])
    ac.sum(layer(x).tolist()).backward()
    assert grads(x).tolist() == [1.0 - p] * 2


def choices(layer: Dropout, calls: int = 3) -> list[Any]:
    return [layer(np.ones(40)).tolist() for _ in range(calls)]


def test_choices_repeat_by_seed_and_differ_by_call() -> None:
    first = choices(Dropout(0.5, seed=3))
    assert first == choices(Dropout(0.5, seed=3))
    assert first != choices(Dropout(0.5, seed=4))
    assert first[0] != first[1]
    random.seed(11)
    from_global = choices(Dropout(0.5))
    random.seed(11)
    assert choices(Dropout(0.5)) == from_global


@pytest.mark.system("S004-37")
def test_evaluation_uses_up_no_choice() -> None:
    layer, twin = Dropout(0.5, seed=3), Dropout(0.5, seed=3)
    layer.eval()(np.ones(40))
    assert choices(layer.train()) == choices(twin)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match="Dropout: p is a probability, between 0 and 1"):
        Dropout(p)
