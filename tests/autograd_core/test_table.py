"""Every law for every row of the table: a new row is covered as soon as it stands there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
