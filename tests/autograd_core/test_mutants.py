"""A test of the tests: every row with a mistake in it breaks a law that the right row obeys."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from autograd_core import flow, where
from autograd_core.op import Op
from autograd_core.table import TABLE
from tests.support import laws
from tests.support.mutants import altered, mutants

ROWS = [pytest.param(op, id=name) for name, op in TABLE.items()]


def breaks(law: Callable[[Op], None], op: Op) -> bool:
    try:
        law(op)
    except AssertionError:
        return True
    return False


@cache
def laws_obeyed_by(op: Op) -> tuple[Callable[[Op], None], ...]:
    """So that a mutant of a row which is wrong itself is not counted as caught."""

    def obeys(law: Callable[[Op], None]) -> bool:
        try:
            law(op)
        except Exception:
            return False
        return True

    return tuple(filter(obeys, laws.LAWS))


@pytest.mark.parametrize("op", ROWS)
def test_no_mutant_of_a_row_survives(op: Op) -> None:
    survivors = [
        what
        for what, mutant in mutants(op)
        if not any(breaks(law, mutant) for law in laws_obeyed_by(op))
    ]
    assert survivors == []


@pytest.mark.parametrize("op", ROWS)
def test_every_nonzero_partial_of_a_row_has_mutants(op: Op) -> None:
    made = [what for what, _ in mutants(op)]
    for i in range(max(laws.arities(op))):
        sample = [point for point in laws.points(op, hard=False) if len(point) > i]
        if any(op.partials(*point, op.forward(*point))[i] for point in sample):
            assert f"partial {i} of the other sign" in made
            assert f"partial {i} 0.1 % too large" in made


@pytest.mark.parametrize("op", [TABLE["max"], TABLE["min"]])
def test_a_tie_that_goes_to_the_first_operand_is_caught(op: Op) -> None:
    def first(*xs: Any) -> Any:
        slopes = op.partials(*xs)
        best = next(i for i, p in enumerate(slopes) if p != 0.0)
        return tuple(float(i == best) for i in range(len(slopes)))

    laws.ties_share_equally(op)
    assert breaks(laws.ties_share_equally, altered(op, partials=first))


def test_a_law_catches_a_partial_that_lost_its_digits() -> None:
    """1 − y² is the slope of tanh and has no digits left at 8: only the ulps tell."""
    op = TABLE["tanh"]
    textbook = altered(op, partials=op.spelled)
    assert breaks(laws.partials_match_definition, textbook)
    assert not breaks(laws.rules_without_rounding_match_definition, textbook)


def test_a_law_catches_a_rule_that_raises_outside_the_domain() -> None:
    op = TABLE["div"]
    strict = altered(op, forward=lambda a, b: a / b if b else 1.0 / b)
    with pytest.raises(ZeroDivisionError):
        laws.rules_are_total(strict)


def test_a_law_catches_a_row_that_swallows_nan() -> None:
    op = TABLE["relu"]
    assert breaks(laws.nan_propagates, altered(op, forward=lambda x: x if x > 0.0 else 0.0))


def test_a_law_catches_a_wrong_second_derivative() -> None:
    """A rule whose number is right on floats but whose own slope is lost on Values."""
    op = TABLE["exp"]
    detached = altered(op, partials=lambda x, y: (getattr(y, "data", y),))
    assert breaks(laws.second_derivatives_match_definition, detached)


def test_a_law_catches_a_branch_that_only_floats_can_take() -> None:
    op = TABLE["mul"]
    pruned = altered(op, partials=lambda a, b, y: (where(a, b, flow(0.0, b)), a))
    assert breaks(laws.partials_match_definition, pruned)
