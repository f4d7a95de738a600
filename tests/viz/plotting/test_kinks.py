"""Sampled functions against mpmath, and their jumps against calculus."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest

import autograd_core as ac
from tests.support.definitions import definition_of
from viz.plotting.kinks import sample


@pytest.mark.parametrize("name", ["relu", "tanh", "elu", "selu", "gelu", "hardswish", "softplus"])
def test_values_and_slopes_are_those_of_the_definition(name: str) -> None:
    row = ac.TABLE[name]
    definition, options = definition_of(row), row.defaults.values()

    def f(x: Any) -> Any:
        return definition(x, *options)

    curve = sample(row, -4.0, 5.0)
    kinks = [jump.x for jump in curve.slope_jumps]
    for x, value, slope in list(zip(curve.x, curve.values, curve.slopes, strict=True))[::23]:
        assert value == pytest.approx(float(f(mpmath.mpf(float(x)))), abs=1e-13)
        if all(abs(x - kink) > 1e-3 for kink in kinks) and abs(x) > 1e-3:
            assert slope == pytest.approx(float(mpmath.diff(f, mpmath.mpf(float(x)))), abs=1e-9)


@pytest.mark.parametrize(
    ("f", "places", "limits", "values"),
    [
        (ac.relu, [0.0], [(0, 1)], [0]),
        (ac.abs, [0.0], [(-1, 1)], [0]),
        (ac.tanh, [], [], []),
        (ac.elu, [], [], []),  # alpha = 1: smooth at 0
        (lambda x: ac.elu(x, alpha=0.25), [0.0], [(0.25, 1)], [1]),
        (ac.selu, [0.0], [(1.7580993408473766, 1.0507009873554805)], [1.7580993408473766]),
        (ac.hardtanh, [-1.0, 1.0], [(0, 1), (1, 0)], [0, 0]),
        (lambda x: ac.relu(3.0 * x - 1.0), [1 / 3], [(0, 3)], None),
        (lambda x: ac.relu(ac.relu(x - 1.0) - 0.5), [1.5], [(0, 1)], [0]),
        (lambda x: ac.max(x, 2.0 * x, 1.0), [0.5], [(0, 2)], [1]),  # a tie is shared
        (lambda x: 2.0, [], [], []),
        (lambda x: ac.where(0.0, x, 2.0 * x), [], [], []),  # a kink quantity that is 0 throughout
    ],
)
def test_jumps_of_slopes(f: Any, places: Any, limits: Any, values: Any) -> None:
    curve = sample(f, -4.9, 5.0)
    assert [jump.x for jump in curve.slope_jumps] == pytest.approx(places, abs=1e-12)
    found = [(jump.left, jump.right) for jump in curve.slope_jumps]
    np.testing.assert_allclose(np.array(found), np.array(limits), atol=1e-7)
    if values is not None:
        assert [jump.value for jump in curve.slope_jumps] == pytest.approx(values)
    assert curve.value_jumps == []


def test_a_jump_interrupts_the_line_and_is_exact() -> None:
    curve = sample(ac.step, -4.9, 5.0)
    [jump] = curve.value_jumps
    assert jump == (0.0, 0.0, 1.0, 0.0)
    assert curve.slope_jumps == []
    assert curve.x[np.isnan(curve.values)].tolist() == [0.0]
    assert set(curve.values[~np.isnan(curve.values)]) == {0.0, 1.0}


def test_sign_jumps_to_its_value_in_the_middle() -> None:
    assert sample(ac.sign, -1.0, 2.0).value_jumps == [(0.0, -1.0, 1.0, 0.0)]


def test_floor_jumps_at_every_whole_number_inside() -> None:
    assert [j.x for j in sample(ac.floor, -1.7, 3.0).value_jumps] == [-1.0, 0.0, 1.0, 2.0]


def test_what_is_not_finite_is_left_out() -> None:
    curve = sample(ac.log, -1.0, 1.0)
    assert np.isnan(curve.values[curve.x <= 0.0]).all()
    np.testing.assert_allclose(curve.values[curve.x > 0.0], np.log(curve.x[curve.x > 0.0]))


def test_no_grad_around_it_changes_nothing() -> None:
    with ac.no_grad():
        assert np.nanmax(sample(ac.sigmoid, -1.0, 1.0).slopes) == 0.25


def test_a_function_returns_one_number() -> None:
    with pytest.raises(TypeError, match="returned list: return one number"):
        sample(lambda x: [x, x], 0.0, 1.0)


def test_the_quantity_of_a_kink_may_change_its_place() -> None:
    """A Python branch makes other graphs on both sides; what they share is compared."""
    curve = sample(lambda x: ac.relu(x) if x.data < 1.0 else 1.0 * x, -2.0, 2.0)
    assert [jump.x for jump in curve.slope_jumps] == [0.0]
    assert math.isclose(float(np.nanmax(curve.slopes)), 1.0)
