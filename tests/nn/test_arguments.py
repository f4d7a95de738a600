"""What is said of arguments that cannot be, and where random numbers come from."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from nn.arguments import (
    check_at_zero,
    check_probability,
    check_size,
    generator,
    shape_text,
    whole_number,
)


@pytest.mark.parametrize("size", [1, 7, np.int64(3)])
def test_sizes(size: Any) -> None:
    assert type(check_size("Layer", "width", size)) is int
    assert check_size("Layer", "width", size) == int(size)


@pytest.mark.parametrize("size", [2.0, "2", None, True, [2], np.float64(2)])
def test_what_is_no_whole_number(size: Any) -> None:
    with pytest.raises(TypeError, match="Layer: width is a whole number, not"):
        check_size("Layer", "width", size)


def test_a_size_that_is_too_small() -> None:
    with pytest.raises(ValueError, match="Layer: width is at least 1; got 0"):
        check_size("Layer", "width", 0)
    assert check_size("Layer", "shift", -2, least=-2) == -2
    with pytest.raises(ValueError, match="Layer: shift is at least -2; got -3"):
        check_size("Layer", "shift", -3, least=-2)


def test_whole_numbers_may_be_negative() -> None:
    assert whole_number("Layer", "dim", np.int8(-3)) == -3
    for wrong in (0.5, "1", None, False, np.True_):
        with pytest.raises(TypeError, match=f"^Layer: dim is a whole number, not {wrong!r}$"):
            whole_number("Layer", "dim", wrong)


def test_the_step_at_zero() -> None:
    assert [check_at_zero("Unit", n) for n in (0, 1, True)] == [0, 1, 1]
    for wrong in (2, -1, 0.5, "1", None):
        with pytest.raises(ValueError, match=r"^Unit: at_zero is 0 or 1"):
            check_at_zero("Unit", wrong)


def test_probabilities() -> None:
    assert [check_probability("Layer", "p", p) for p in (0, 0.5, 1)] == [0.0, 0.5, 1.0]
    for p in (-1e-9, 1.0 + 1e-9, float("nan")):
        with pytest.raises(ValueError, match="Layer: p is a probability"):
            check_probability("Layer", "p", p)


def test_the_source_of_random_numbers() -> None:
    assert generator(5).random() == random.Random(5).random()
    random.seed(5)
    assert generator().random() == random.Random(5).random()
    for seed in (0.5, "5", True):
        with pytest.raises(TypeError, match="a seed is a whole number or None"):
            generator(seed)  # type: ignore[arg-type]


@pytest.mark.parametrize(("shape", "text"), [((), "a single number"), ((3,), "3"), ((2, 3), "2×3")])
def test_shapes_in_words(shape: tuple[int, ...], text: str) -> None:
    assert shape_text(shape) == text
