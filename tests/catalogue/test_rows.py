"""Gradients of the catalogue's examples come from the table: a broken row breaks them.

Each example is solved once to see which rows' partials it asks for; then once with each of these
broken. Where its expected numbers hold gradients they must come out wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from autograd_core.op import Op
from autograd_core.table import TABLE
from tests.catalogue import seconds, solutions  # noqa: F401  (they enter all that there are)
from tests.catalogue.judging import differences
from tests.catalogue.registry import SOLUTIONS
from tests.catalogue.test_examples import EXAMPLES

# Rows whose partials an example asks for though none of its gradients depends on them, and why.
NOT_SEEN: dict[tuple[str, str], str] = {}


def keys_with_gradients() -> list[str]:
    return [name for name in EXAMPLES if name in SOLUTIONS and SOLUTIONS[name].gradients]


@contextmanager
def partials_replaced(row: Op, rule: Callable[..., Any]) -> Iterator[None]:
    before = row.partials
    row.partials = rule
    try:
        yield
    finally:
        row.partials = before


def rows_used(name: str) -> list[str]:
    """The rows whose partials are asked for while the example is solved."""
    used: dict[str, None] = {}

    def watched(row: Op) -> Callable[..., Any]:
        before = row.partials

        def rule(*xs: Any) -> Any:
            used[row.name] = None
            return before(*xs)

        return rule

    before = {row: row.partials for row in TABLE.values()}
    for row in before:
        row.partials = watched(row)
    try:
        SOLUTIONS[name].solve(copy.deepcopy(EXAMPLES[name]["inputs"]))
    finally:
        for row, rule in before.items():
            row.partials = rule
    return list(used)


def broken(row: Op) -> Callable[..., Any]:
    """The row's rule with every partial 0.1 % and a little too large, one of −1 as well."""
    right = row.partials
    return lambda *xs: tuple(1.001 * p + 1.37e-3 for p in right(*xs))


@pytest.mark.parametrize("name", keys_with_gradients())
def test_a_broken_row_breaks_the_gradients(name: str) -> None:
    example, solution = EXAMPLES[name], SOLUTIONS[name]
    unseen = []
    for row_name in rows_used(name):
        row = TABLE[row_name]
        with partials_replaced(row, broken(row)):
            found = solution.solve(copy.deepcopy(example["inputs"]))
        gradients = {key: example["expected"][key] for key in solution.gradients}
        answers = {key: found[key] for key in gradients}
        if not any(differences(answers, gradients, example["check_rtol"], example["inputs"])):
            unseen.append(row_name)
    assert sorted(unseen) == sorted(row for at, row in NOT_SEEN if at == name)
