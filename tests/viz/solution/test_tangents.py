"""The forward mode: every dn/dx against mpmath, every line on a calculator."""

from __future__ import annotations

import re

import pytest

from autograd_core import Value, Worksheet, tanh
from tests.support.formulas import mp, plain
from tests.support.printed_chains import Printed, chains_in, inexact, misfits
from tests.support.problems import read_worksheet
from viz import explain

PROBLEMS = {
    "branches": "x = 2; y = 3; a = x*y; b = a + x; c = a*b*x; L = c/b + x",
    "cells": "x = 0.3; w = -0.8; h1 = tanh(w*x); h2 = tanh(w*h1 + x); o = w*h2; L = (o - x)**2",
    "kinks": "x = -1; a = relu(x); b = abs(x)*a; c = max(x, b); L = c*elu(x)",
    "unreached": "x = 2; y = 3; a = y**2; b = a*x; p = x**3; L = b + y",
    "constants": "x = 1.5; a = 4 - 2*x; b = a**3; L = sigmoid(b/10)",
}


def section(problem: Worksheet | Value, by: Value, **options: object) -> str:
    found = explain(problem, tangent=by, **options).text(10_000)  # type: ignore[arg-type]
    [part] = [part for part in found.split("\n\n") if part.startswith("FORWARD MODE")]
    return part


def derivatives(part: str) -> dict[str, Printed]:
    return {plain(chain.subject): chain for chain in chains_in(part) if chain.subject[0] == "d"}


@pytest.mark.parametrize("by", ["x", "a"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_every_derivative_is_right(name: str, by: str) -> None:
    text = PROBLEMS[name]
    program = read_worksheet(text).program
    if by not in program.values:
        by = "h1"
    sheet = Worksheet.parse(text)
    part = section(sheet, sheet.nodes[by])
    assert misfits(part) == []
    found = derivatives(part)
    reached = [n for n in program.formulas if n != by and _depends(program.uses, n, by)]
    assert list(found) == [f"d{by}/d{by}", *(f"d{n}/d{by}" for n in reached)]
    for n in reached:
        number, true = found[f"d{n}/d{by}"].numeric[-1], program.total(n, by)
        assert abs(number.number - true) <= number.half + abs(true) * mp.mpf(10) ** -12, n


def _depends(uses: object, of: str, by: str) -> bool:
    below = uses.get(of, ())  # type: ignore[attr-defined]
    return by in below or any(_depends(uses, n, by) for n in below)


def test_a_sum_over_the_operands_in_their_order() -> None:
    sheet = Worksheet.parse(PROBLEMS["branches"])
    chain = derivatives(section(sheet, sheet.nodes["x"]))["dc/dx"]
    assert chain.parts == (
        "∂c/∂a·da/dx + ∂c/∂b·db/dx + ∂c/∂x·dx/dx", "16·3 + 12·4 + 48·1", "144",
    )  # fmt: skip


@pytest.mark.parametrize(("digits", "shown"), [(4, "1.000"), (6, "1.00000"), (9, "0.999999917")])
def test_values_beside_have_the_digits_of_the_forward_sweep(digits: int, shown: str) -> None:
    """tanh(8.5) is 0.99999991719…"""
    sheet = Worksheet.parse("x = 8.5; h = tanh(x); L = 2*h")
    part = section(sheet, sheet.nodes["x"], digits=digits)
    assert f"h = {shown} dh/dx" in re.sub(" +", " ", part)


def test_in_fractions() -> None:
    sheet = Worksheet.parse("x = 1/3; y = 0.4; a = x/y + x**2; L = a*x")
    part = section(sheet, sheet.nodes["x"], fractions=True)
    assert inexact(part) == []
    assert "a = 17/18" in part
    assert derivatives(part)["dL/dx"].result == "2"
    assert "." not in part


def test_by_a_node_without_a_name() -> None:
    x = Value(0.5, "x")
    inner = x * x
    out = (tanh(inner) + inner).named("L")
    found = derivatives(section(out, inner))
    assert list(found) == ["du1/du1", "dL/du1"]
    number = found["dL/du1"].numeric[-1]
    assert abs(number.number - (2 - mp.tanh(0.25) ** 2)) <= number.half


def test_by_a_node_of_another_graph() -> None:
    with pytest.raises(ValueError, match="y is not in the graph of L"):
        explain((Value(1.0, "x") * 2.0).named("L"), tangent=Value(1.0, "y"))
