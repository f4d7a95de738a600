"""Errors get the layer's name once, from the innermost module that they pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn import Linear, Module, Sequential
from nn.errors import errors_of, name_error, wrong_shape


class Fails(Module):
    """Raises what it is given."""

    def forward(self, error: Exception) -> Any:
        raise error

    def describe(self) -> str:
        return "always"


class Outer(Module):
    def __init__(self) -> None:
        self.inner = Fails()

    def forward(self, error: Exception) -> Any:
        return self.inner(error)


@pytest.mark.parametrize("kind", [TypeError, ValueError, IndexError])
def test_the_innermost_layer_is_named(kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        Outer()(kind("no number"))
    assert str(caught.value) == "inner: Fails(always): no number"
    assert type(caught.value) is kind


@pytest.mark.parametrize("error", [KeyError("w"), RuntimeError("late"), UnicodeError("bytes")])
def test_other_errors_pass_as_they_are(error: Exception) -> None:
    before = str(error)
    with pytest.raises(type(error)) as caught:
        Outer()(error)
    assert caught.value is error
    assert str(error) == before


def test_a_second_call_is_named_anew() -> None:
    net = Sequential(Linear(2, 2, seed=0), Linear(3, 1, seed=0))
    for _ in range(2):
        with pytest.raises(ValueError, match=r"^linear 1: Linear\(.*\): expected \(…, 3\); got 2$"):
            net([1.0, 2.0])


def test_in_a_block() -> None:
    with pytest.raises(ValueError, match=r"^Conv2d: stride is 0$"), errors_of("Conv2d"):
        raise ValueError("stride is 0")
    with (
        pytest.raises(ValueError, match=r"^inner: bad$"),
        errors_of("outer"),
        errors_of("inner"),
    ):
        raise ValueError("bad")


def test_the_words() -> None:
    assert str(wrong_shape("(…, 2)", np.zeros((4, 3)))) == "expected (…, 2); got 4×3"
    assert str(wrong_shape("(2,)", 1.0, "; give a list")) == (
        "expected (2,); got a single number; give a list"
    )
    error = ValueError("two", "arguments")
    name_error(error, "Layer")
    assert str(error) == "Layer: ('two', 'arguments')"
