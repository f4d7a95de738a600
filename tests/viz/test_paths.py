"""Derivatives along paths: against PyTorch, a quantity by itself, too many paths."""

from __future__ import annotations

import re

import pytest

from autograd_core.worksheet import Worksheet
from tests.support.against_torch import torch
from viz import explain
from viz.paths import MOST_PATHS


def asked(text: str) -> list[str]:
    found = explain(Worksheet.parse(text)).text(300)
    section = found[found.index("ASKED FOR") : found.index("CHECK")]
    return [re.sub(" +", " ", line).strip() for line in section.strip().splitlines()[1:]]


def test_a_quantity_by_itself() -> None:
    assert asked("x = 2; y = x*x; L = y*y; derivative(L, L); derivative(y, y)") == [
        "dL/dL = 1", "dy/dy = 1",
    ]  # fmt: skip


def test_arrays_entry_by_entry() -> None:
    """Only the pairs that depend on each other: dy[0]/dx[1] is 0 and not written."""
    assert asked("x = [1, 2]; y = x*[3, 4]; L = sum(y); derivative(y, x)") == [
        "dy[0]/dx[0] = ∂y[0]/∂x[0] = 3", "dy[1]/dx[1] = ∂y[1]/∂x[1] = 4",
    ]  # fmt: skip


@pytest.mark.oracle
def test_a_jacobian_is_pytorchs() -> None:
    t = torch()
    W = t.tensor([[1.0, 2.0], [3.0, 5.0]], dtype=t.float64)
    x = t.tensor([0.5, -0.25], dtype=t.float64)
    jacobian = t.autograd.functional.jacobian(lambda v: W @ t.tanh(W @ v), x)
    text = "W = [[1, 2], [3, 5]]; x = [0.5, -0.25]; h = tanh(W @ x); y = W @ h; L = sum(y)"
    lines = asked(text + "; derivative(y, x)")
    assert len(lines) == 4
    for line, expected in zip(lines, jacobian.flatten().tolist(), strict=True):
        shown = line.rpartition("= ")[2].replace("−", "-")
        assert float(shown) == pytest.approx(expected, rel=1e-3)


def test_paths_that_meet_are_added() -> None:
    [line] = asked("x = 2; a = x*3; b = x*5; y = a*b; L = y; derivative(y, x)")
    assert line == "dy/dx = ∂y/∂a·∂a/∂x + ∂y/∂b·∂b/∂x = 10·3 + 6·5 = 60"


def test_at_a_fork_paths_stand_in_the_order_of_the_forward_pass() -> None:
    [line] = asked("x = 2; a = x*3; b = x*5; y = b*a; L = y; derivative(y, x)")
    assert line == "dy/dx = ∂y/∂a·∂a/∂x + ∂y/∂b·∂b/∂x = 10·3 + 6·5 = 60"


def test_a_table_has_no_column_for_a_use_elsewhere() -> None:
    """w stands in y too, on which C does not depend."""
    text = "w = 3; y = w**2; a = 2*w; b = 5*w; C = a + b; L = C*y; paths(C, w, by=[a, b])"
    found = explain(Worksheet.parse(text)).text(100)
    table = found[found.index("PATHS") :].splitlines()[1:5]
    assert [line.split() for line in table] == [
        ["dC/dw", "through", "a", "through", "b", "sum"],
        ["a", "2", "0", "2"], ["b", "0", "5", "5"], ["sum", "2", "5", "7"],
    ]  # fmt: skip


def test_too_many_paths_are_counted_not_written() -> None:
    """Each of six steps has two ways: 64."""
    steps = "; ".join(f"p{i} = 2*x{i}; q{i} = 3*x{i}; x{i + 1} = p{i} + q{i}" for i in range(6))
    [line] = asked(f"x0 = 1; {steps}; L = x6; derivative(x6, x0)")
    assert line == f"dx6/dx0 = 15625 the sum over more than {MOST_PATHS} paths"
