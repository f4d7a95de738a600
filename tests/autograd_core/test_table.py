"""Every law for every row of the table: a new row is covered as soon as it stands there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core.op import Op
from autograd_core.table import TABLE
from tests.support.laws import LAWS

ROWS = [pytest.param(op, id=name) for name, op in TABLE.items()]


@pytest.mark.parametrize("op", ROWS)
@pytest.mark.parametrize("law", [pytest.param(law, id=law.__name__) for law in LAWS])
def test_law(law: Callable[[Op], None], op: Op) -> None:
    law(op)


@pytest.mark.parametrize("op", ROWS)
def test_a_row_is_stored_under_its_own_name(op: Op) -> None:
    assert TABLE[op.name] is op


@pytest.mark.parametrize("op", ROWS)
def test_every_row_has_a_definition(op: Op) -> None:
    assert op.definition


@pytest.mark.parametrize("kind", [float, ac.Value])
def test_sums_that_cancel_keep_the_digits_that_are_left(kind: Any) -> None:
    def number(result: Any) -> float:
        return float(result.data if kind is ac.Value else result)

    big = 1e8 + 1.0
    terms = [kind(x) for x in (1e16, 1.0, -1e16)]
    assert number(ac.sum(*terms)) == 1.0
    assert number(ac.mean(*terms)) == 1.0 / 3.0
    w, x = [kind(big), kind(-1e8)], [kind(1e8 - 1.0), kind(1e8)]
    assert number(ac.dot(w, x)) == -1.0  # (10⁸ + 1)(10⁸ − 1) − 10¹⁶
    assert number(ac.dot(w, x, kind(1.0))) == 0.0
    assert number(ac.sum(kind(-0.0), kind(-0.0))) == 0.0


def test_sums_of_arrays_that_cancel_keep_them_too() -> None:
    columns = np.array([[1e16, 1.0, -1e16], [1.0, 2.0, 3.0], [3.0, -1e-20, -3.0]]).T
    assert ac.sum(*columns).tolist() == [1.0, 6.0, -1e-20]
    assert ac.sum(columns, axis=0).tolist() == [1.0, 6.0, -1e-20]
