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
NOT_SEEN: dict[tuple[str, str], str] = {
    ("003.adagrad", "sub"): "a constant factor on all slopes of one direction; the rule divides by "
    "the root of their squares, so it cancels but for ε",
}
# Trainings whose gradients are those of the first round: one round is enough to break them.
SHORTER: dict[str, dict[str, Any]] = {
    "002.net11-as-printed": {"iterations": 1},
    "002.net11-xor": {"iterations": 1},
}


def keys_with_gradients() -> list[str]:
    return [name for name in EXAMPLES if name in SOLUTIONS and SOLUTIONS[name].gradients]


def solved(name: str) -> dict[str, Any]:
    inputs = copy.deepcopy(EXAMPLES[name]["inputs"])
    return SOLUTIONS[name].solve(inputs | SHORTER.get(name, {}))


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
        solved(name)
    finally:
        for row, rule in before.items():
            row.partials = rule
    return list(used)


def broken(row: Op) -> Callable[..., Any]:
    """The row's rule with every partial too large: p + (1 + p²)/1000, which p is nowhere."""
    right = row.partials
    return lambda *xs: tuple(p + 1e-3 * (1.0 + p * p) for p in right(*xs))


@pytest.mark.parametrize("name", keys_with_gradients())
def test_a_broken_row_breaks_the_gradients(name: str) -> None:
    example, solution = EXAMPLES[name], SOLUTIONS[name]
    unseen = []
    for row_name in rows_used(name):
        row = TABLE[row_name]
        with partials_replaced(row, broken(row)):
            found = solved(name)
        gradients = {key: example["expected"][key] for key in solution.gradients}
        answers = {key: found[key] for key in gradients}
        if not any(differences(answers, gradients, example["check_rtol"], example["inputs"])):
            unseen.append(row_name)
    assert sorted(unseen) == sorted(row for at, row in NOT_SEEN if at == name)
