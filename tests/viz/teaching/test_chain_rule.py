"""The linear formula for one wrong local derivative, against sweeps that do all the work again."""

from __future__ import annotations

import random

import pytest

from autograd_core import Value, Worksheet, topological_order
from tests.support.random_graphs import OPERATIONS, Recipe, on_duals, on_values
from viz.teaching.chain_rule import ChainRule, evaluate_misread
from viz.teaching.misreading import Rule

SMOOTH = ("add", "sub", "mul", "scale", "minus", "div", "tanh", "sigmoid", "sum", "dot")


@pytest.mark.parametrize("seed", range(20))
def test_altering_one_node_is_a_sweep_with_it_altered(seed: int) -> None:
    choose = random.Random(seed)
    steps = []
    for i in range(3, 15):
        name = choose.choice(SMOOTH)
        places = tuple(choose.randrange(i) for _ in range(OPERATIONS[name][0]))
        steps.append((name, places, choose.uniform(-2.0, 2.0)))
    recipe = Recipe((0.5, -1.25, 2.0), tuple(steps))
    leaves, nodes = on_values(recipe)
    slopes = on_duals(recipe)[-1].slopes
    root = nodes[-1]
    for by, slope in zip(leaves, slopes, strict=True):
        if by not in topological_order(root):
            continue
        chain = ChainRule(root, by)
        assert chain.total == pytest.approx(float(slope), rel=1e-9, abs=1e-12)
        for node in chain.order:
            if not node.is_leaf:
                form = [(o, choose.uniform(-2, 2)) for o in node.operands if type(o) is not float]
                expected = chain.altered_everywhere({node: form})
                assert chain.altered(node, form) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_two_alterations_on_one_path_multiply() -> None:
    """y = (x²)²: without both factors 2 the derivative 4x³ is x³."""
    x = Value(3.0)
    inner = x * x
    outer = inner * inner
    chain = ChainRule(outer, x)
    forms = {inner: [(x, 3.0)], outer: [(inner, 9.0)]}
    assert (chain.total, chain.altered_everywhere(forms)) == (108.0, 27.0)


def test_a_mistake_in_the_forward_pass_goes_on() -> None:
    """With x − w for x + w in y, L = y² is 1 instead of 25, and dL/dw = −2·y is 2·(−1)·(−1)."""
    sheet = Worksheet.parse("x = 2; w = 3; y = x + w; L = y**2")
    y, w = sheet.values["y"], sheet.values["w"]
    wrong = Rule("sign", str, lambda a, b, y: (1.0, -1.0), lambda a, b: a - b)
    chain = ChainRule(sheet.output, w)
    values, partials = evaluate_misread(chain.order, {y: wrong})
    assert values == {y: -1.0, sheet.output: 1.0}
    assert chain.with_partials(partials) == 2.0


def test_other_numbers_for_leaves() -> None:
    sheet = Worksheet.parse("x = 2; w = 3; y = x + w; z = 2*x; L = y**2")
    w, y = sheet.values["w"], sheet.values["y"]
    values, partials = evaluate_misread(topological_order(sheet.output), {}, {w: 1.0})
    assert values == {w: 1.0, y: 3.0, sheet.output: 9.0}
    assert partials[sheet.output][0] == 6.0
