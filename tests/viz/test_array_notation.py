"""Formulas on arrays and of options, written so that they are read as they are meant."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_core import TABLE, Worksheet
from autograd_core.blocks import elementwise, matmul
from autograd_core.expression import Application, Expression, Number, Symbol
from viz import explain
from viz.notation import Text, Writer

A = Symbol(np.array([1.0, 2.0]), name="a")
B = Symbol(np.array([3.0, 4.0]), name="b")
M = Symbol(np.array([[1.0, 2.0], [3.0, 4.0]]), name="M")
S = Symbol(2.0, name="s")


def of(name: Any, *operands: Expression) -> Application:
    op = TABLE[name] if isinstance(name, str) else name
    return Application(np.zeros(2), op=op, operands=operands)


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (of("mul", A, B), "a ⊙ b"),  # a·b would be a number
        (of("mul", S, A), "s·a"),
        (of("div", of("mul", of("mul", S, A), B), A), "s·a ⊙ b/a"),
        (of(elementwise, A, of("mul", S, B)), "a ⊙ (s·b)"),  # not (a ⊙ s)·b
        (of(elementwise, A, of("div", Number(1.0), B)), "a ⊙ (1/b)"),
        (of(elementwise, of("mul", S, A), B), "s·a ⊙ b"),
        (of(matmul, M, of("div", A, B)), "M·(a/b)"),
        (of("prod", A), "prod(a)"),
        (of("logsumexp", A), "ln(sum(exp(a)))"),
        (of("logsumexp", Symbol(200.0, name="h"), S), "logsumexp(h, s)"),
        (of("logsumexp", S, S, S, S, S), "logsumexp(s, s, s, s, s)"),
        (of("hardtanh", S, Number(-1.0), Number(2.0)), "hardtanh(s, low=−1, high=2)"),
        (of("hardtanh", S, Number(-1.0), Number(1.0)), "hardtanh(s)"),
    ],
)
def test_formulas(formula: Expression, written: str) -> None:
    assert Writer(Text(), str).write(formula, 15) == written


def lines(text: str, **options: Any) -> list[str]:
    printed = explain(Worksheet.parse(text), **options).text(200)
    return [" ".join(line.split()) for line in printed.split("\n")]


def test_a_derivative_along_one_edge_shows_its_formula() -> None:
    found = lines("x = 3; m = abs(x - 5)/2; L = x*m; derivative(m, x)")
    assert "dm/dx = ∂m/∂x = −0.5 ∂m/∂x = −1/2 = −0.5, since x − 5 < 0" in found


def test_a_measured_slope_keeps_its_zeros() -> None:
    found = lines("x = 1; L = max(x, 2 - x) + 0.00004*x")
    [line] = [line for line in found if "kink" in line]
    assert "the slopes are −1.000 on the left and 1.000 on the right" in line

