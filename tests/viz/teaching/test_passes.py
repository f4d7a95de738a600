"""The passes of a problem, judged by figures worked out by hand."""

from __future__ import annotations

import pytest

from autograd_core import Value, Worksheet
from viz.teaching.passes import Pass, Passes, depends

TWO_STEPS = "w = 1; x = 3; given(x); L = (w*x - 1)**2; update(L, w, lr=0.1, steps=2, rule={})"


def test_gradient_descent() -> None:
    """dL/dw = 2·(3w − 1)·3: 12 at w = 1, and at w = −0.2 it is −9.6."""
    passes = Passes(Worksheet.parse(TWO_STEPS.format('"sgd"')))
    assert passes.last == 3
    assert passes.parameters == ("w",)
    assert [passes[k].quantities["w"].data for k in (1, 2, 3)] == pytest.approx([1, -0.2, 0.76])
    assert [passes[k].root.data for k in (1, 2)] == pytest.approx([4, 1.6**2])
    assert passes.updated("w", 2) == pytest.approx(0.76)
    assert passes.updated("w", 2, gradient=-9.6) == pytest.approx(0.76)
    assert passes.updated("w", 1, gradient=0.0) == 1.0


def test_a_rule_with_a_state_goes_on_from_step_to_step() -> None:
    """AdaGrad: w ← w − 0.1·g/√(Σg²); the first step is 0.1 long."""
    passes = Passes(Worksheet.parse(TWO_STEPS.format('"adagrad"')))
    second = 6.0 * (3.0 * 0.9 - 1.0)  # 10.2
    length = 0.1 * second / (12.0**2 + second**2) ** 0.5
    assert passes[2].quantities["w"].data == pytest.approx(0.9)
    assert passes[3].quantities["w"].data == pytest.approx(0.9 - length)


def test_problems_without_one_update_have_one_pass() -> None:
    several = "w = 1; L = w**2; update(L, w, lr=0.1); update(L, w, lr=0.2)"
    for problem in (Worksheet.parse("w = 1; L = w**2"), Worksheet.parse(several), Value(1.0)):
        passes = Passes(problem)
        assert (passes.last, passes.parameters, passes.update_of("w")) == (1, (), None)


def test_formulas_in_names() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    inner = w * x
    outer = (inner + 1.0) * 2.0
    here = Pass(outer.named("y"))
    assert here.text(outer) == "y"
    assert here.text(inner) == "w·x"
    assert here.text(4.0) == "4"
    assert here.formula(outer) == "(w·x + 1)·2"
    assert here.inside == dict.fromkeys(here.inside, outer)
    assert here.uses == {w: {outer: [inner]}, x: {outer: [inner]}}


def test_dependence() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    assert depends(x * w, x)
    assert not depends(x * x, w)
