"""Derivatives of second and higher order: where nothing is left to differentiate, too."""

from __future__ import annotations

import re

import pytest

from autograd_core.worksheet import Worksheet
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
