"""Derivatives of second and higher order, every printed number: against mpmath and PyTorch."""

from __future__ import annotations

import re
from typing import Any

import pytest

from autograd_core.worksheet import Worksheet
from tests.support.against_torch import torch
from tests.support.formulas import mp, plain
from tests.support.printed_chains import Printed, chains_in, inexact, misfits
from viz import explain


def higher(text: str) -> list[str]:
    found = explain(Worksheet.parse(text)).text(200)
    section = found[found.index("HIGHER ORDER") : found.index("CHECK")]
    return [re.sub(" +", " ", line).strip() for line in section.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = 2; L = 3*x; derivative(L, x, x)",
         ["HIGHER ORDER Lₓ = dL/dx", "Lₓ = 3", "dLₓ/dx = 0 Lₓ does not depend on x"]),
        ("x = 2; L = 3*x; derivative(L, x, x, x)",
         ["HIGHER ORDER Lₓ = dL/dx, Lₓₓ = dLₓ/dx", "Lₓ = 3", "Lₓₓ = 0",
          "dLₓₓ/dx = 0 Lₓₓ does not depend on x"]),
        ("x = 2; y = 3; L = x*y; derivative(L, x, x)",
         ["HIGHER ORDER Lₓ = dL/dx", "Lₓ = y = 3", "dLₓ/dx = 0 Lₓ does not depend on x"]),
        ("x = [1, 2]; L = 3*x[0] + x[1]; derivative(L, x[0], x[1])",
         ["HIGHER ORDER Lₓ[0] = dL/dx[0]", "Lₓ[0] = 3",
          "dLₓ[0]/dx[1] = 0 Lₓ[0] does not depend on x[1]"]),
    ],
)  # fmt: skip
def test_of_what_is_constant_the_derivative_is_zero(text: str, lines: list[str]) -> None:
    assert higher(text) == lines


def test_of_entries() -> None:
    """L = x₀²·x₁ at (1, 2): the mixed derivative is 2·x₀ = 2."""
    lines = higher("x = [1, 2]; L = x[0]**2*x[1]; derivative(L, x[0], x[1])")
    assert any(line.startswith("dLₓ[0]/dx[1] = ") and "= 1·2 = 2" in line for line in lines)
    assert lines[-1].startswith("dLₓ[0]/dx[1] 2.000000 ")
    assert lines[-1].endswith(" OK")


# --- against independent derivatives ----------------------------------------------------------


def sections(text: str, **options: Any) -> list[list[Printed]]:
    """The chains of each HIGHER ORDER section."""
    found = explain(Worksheet.parse(text), **options).text(10_000)
    assert misfits(found) == []
    return [
        list(chains_in(part)) for part in found.split("\n\n") if part.startswith("HIGHER ORDER")
    ]


PROBLEMS: dict[str, tuple[str, Any, tuple[float, float]]] = {
    "product": ("L = exp(x*y) + x**2*sin(y)", lambda x, y: mp.exp(x * y) + x**2 * mp.sin(y),
                (0.5, 2.0)),
    "quotient": ("a = x**2*y; L = a/(x + y**2)", lambda x, y: x**2 * y / (x + y**2), (1.5, -2.0)),
    "cells": ("h = tanh(x*y + x); k = tanh(h*y); L = h*k + sigmoid(k - x)",
              lambda x, y: _cells(x, y), (0.3, 0.7)),
    "power": ("L = x**y + sqrt(x*y)", lambda x, y: x**y + mp.sqrt(x * y), (1.5, 2.5)),
    "logarithm": ("L = log(1 + x**2*y)*cos(y)", lambda x, y: mp.log(1 + x**2 * y) * mp.cos(y),
                  (0.4, 3.0)),
    "branches": ("L = relu(x*y + 3)**2 + elu(x - 3)*y + abs(y)*x**2",
                 lambda x, y: (x * y + 3) ** 2 + mp.expm1(x - 3) * y - y * x**2, (2.0, -1.0)),
    "largest": ("L = max(x*y, x**2)*y + softplus(x*y)",
                lambda x, y: x**2 * y + mp.log1p(mp.exp(x * y)), (2.0, -1.0)),
}  # fmt: skip


def _cells(x: Any, y: Any) -> Any:
    h = mp.tanh(x * y + x)
    k = mp.tanh(h * y)
    return h * k + 1 / (1 + mp.exp(x - k))


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("by", ["xx", "xy", "yx", "yy", "xxy", "yyy"])
def test_every_number_is_right(name: str, by: str) -> None:
    """The derivative itself, each slope before it, each line on a calculator."""
    formulas, f, (x, y) = PROBLEMS[name]
    [chains] = sections(f"x = {x}; y = {y}; {formulas}; derivative(L, {', '.join(by)})")
    slopes = {f"L_{by[:n]}": by[:n] for n in range(1, len(by))}
    due = {**slopes, f"dL_{by[:-1]}/d{by[-1]}": by}
    printed = {plain(chain.subject): chain for chain in chains if chain.numeric}
    for key, variables in due.items():
        found = printed.get(key) or _sum_after(chains)
        number = found.numeric[-1]
        true = mp.diff(f, (x, y), (variables.count("x"), variables.count("y")))
        assert abs(number.number - true) <= number.half + abs(true) * mp.mpf(10) ** -9, key


def _sum_after(chains: list[Printed]) -> Printed:
    """Where branches meet, the subject stands alone and the sum comes last of its lines."""
    return [chain for chain in chains if not chain.subject][-1]


@pytest.mark.oracle
def test_a_hessian_is_pytorchs() -> None:
    t = torch()
    point = t.tensor([0.5, -1.0, 2.0], dtype=t.float64)

    def f(v: Any) -> Any:
        return t.tanh(v[0] * v[1]) * v[2] + v[0] ** 2 * t.exp(v[1] / v[2])

    hessian = t.autograd.functional.hessian(f, point)
    text = "v = [0.5, -1, 2]; L = tanh(v[0]*v[1])*v[2] + v[0]**2*exp(v[1]/v[2])"
    pairs = [(i, j) for i in range(3) for j in range(3)]
    text += "".join(f"; derivative(L, v[{i}], v[{j}])" for i, j in pairs)
    found = explain(Worksheet.parse(text))
    checks = re.findall(r"(?m)^ +dLᵥ\[(\d)\]/dv\[(\d)\] +([−\d.]+) \(.*OK$", found.text(10_000))
    assert [(int(i), int(j)) for i, j, _ in checks] == pairs
    for i, j, number in checks:
        true = hessian[int(i), int(j)].item()
        assert float(number.replace("−", "-")) == pytest.approx(true, rel=1e-6)


def test_a_slope_is_written_out_once() -> None:
    first, second = sections("x = 3; y = 2; L = x**3*y; derivative(L, x, x); derivative(L, x, y)")
    assert [chain.subject for chain in first].count("Lₓ") == 2  # in the heading, and its formula
    assert [chain.subject for chain in second].count("Lₓ") == 1
    assert second[-2].result == "27"


def test_formulas_of_slopes_are_tidied() -> None:
    lines = higher("x = [1, 2]; L = x[0]**2*x[1]; derivative(L, x[0], x[1])")
    assert any("∂Lₓ[0]/∂x[1] = 2·x[0] = 2·1 = 2" in line for line in lines)
    assert not any("¹" in line for line in lines)


def test_indices_count_from_the_base() -> None:
    text = "x = [1, 2]; L = x[0]**2*x[1]; derivative(L, x[0], x[1])"
    [chains] = sections(text, base=1)
    assert chains[0] == Printed("Lₓ[1]", ("dL/dx[1]",), "=")
    assert {"Lₓ[1]", "dLₓ[1]/dLₓ[1]", "dLₓ[1]/dx[2]"} <= {chain.subject for chain in chains}


def test_a_name_that_the_problem_uses_is_primed() -> None:
    [chains] = sections("x = 1; L_x = 3*x; L = L_x**2*x; derivative(L, x, x)")
    assert chains[0].subject == "Lₓ′"
    assert chains[-1].result == "54"  # L = 9·x³


def test_in_fractions() -> None:
    text = "x = 1/3; y = 2; L = x**2*y/(x + y); derivative(L, x, y); derivative(L, x, x, y)"
    found = explain(Worksheet.parse(text), fractions=True).text(10_000)
    assert inexact(found) == []
    above = found[: found.index("CHECK")]
    results = [chain.result for chain in chains_in(above) if chain.numeric]
    assert "19/343" in results
    assert "648/2401" in results
    assert not any("." in result for result in results)


def test_a_kink_of_the_slope_is_told() -> None:
    """The slope of relu(x)², 2·relu(x), bends at 0."""
    lines = higher("x = 0; L = relu(x)**2; derivative(L, x, x)")
    [line] = [line for line in lines if "kink" in line]
    assert line == (
        "dLₓ/dx at a kink: the slopes are 0 on the left and 2 on the right; "
        "by convention 0 is used"
    )
