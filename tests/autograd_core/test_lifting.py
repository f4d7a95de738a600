"""From elements to arrays: which families of formulas are one formula, and which are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_core.blocks import blocks_of
from autograd_core.expression import Application, Expression, Number, Quantity
from autograd_core.lifting import Lifted, contract, join, lift
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.worksheet import Worksheet


def shown(e: Expression) -> str:
    """The tree as text: matmul(W, x)."""
    match e:
        case Application():
            return f"{e.op.name}({', '.join(map(shown, e.operands))})"
        case Quantity() if e.of is not None:
            return str(e.of.name)
    return str(np.asarray(e.value).tolist())


ARRAYS = """W = [[1, 2], [3, 5]]; M = [[1, 2, 3], [4, 5, 7]]; x = [0.5, -2]; v = [1, 2, 4]
b = [2]; k = [[4]]; w = 3; R = [[1, 2]]; C = [[3], [4]]
"""


def lifted(expression: str, output: str = "sum(flatten(y))") -> Lifted | None:
    """The formula of y = expression, if it is one."""
    sheet = Worksheet.parse(f"{ARRAYS}y = {expression}\nL = {output}")
    trace = Trace(sheet.output, depth="layer", also=sheet.assigned)
    places = {
        node: (block, index)
        for block in blocks_of(trace.landmarks)
        for index, node in np.ndenumerate(block.nodes)
    }
    nodes = np.asarray(sheet.values["y"], dtype=object)
    family = np.empty(nodes.shape, dtype=object)
    for index, node in np.ndenumerate(nodes):
        family[index] = trace.formula(node)
    found = lift(family, places)
    if found is not None and found.axes == tuple(range(nodes.ndim)):
        numbers = np.array([node.data for node in nodes.flat]).reshape(nodes.shape)
        np.testing.assert_allclose(found.formula.value, numbers, rtol=1e-14)
    return found


@pytest.mark.parametrize(
    ("expression", "formula"),
    [
        ("W @ x", "matmul(W, x)"),
        ("x @ W", "matmul(transpose(W), x)"),
        ("transpose(W) @ x", "matmul(transpose(W), x)"),
        ("W @ W", "matmul(W, W)"),
        ("W @ transpose(W)", "matmul(W, transpose(W))"),
        ("transpose(W) @ W", "matmul(transpose(W), W)"),
        ("M @ v", "matmul(M, v)"),
        ("transpose(M) @ x", "matmul(transpose(M), x)"),
        ("W + transpose(W)", "add(W, transpose(W))"),
        ("W*transpose(W)", "elementwise(W, transpose(W))"),
        ("W @ x + x", "add(matmul(W, x), x)"),
        ("tanh(W @ x + w)", "tanh(add(matmul(W, x), w))"),
        ("M + v", "add(M, v)"),
        ("M*v", "elementwise(M, v)"),
        ("w*M", "mul(w, M)"),
        ("x/w - 1", "sub(div(x, w), 1.0)"),
        ("[x[0]*x[1], x[1]*x[1]]", "mul(x, x[1])"),
        ("outer(x, v)", "outer(x, v)"),
        ("outer(x, x)", "outer(x, x)"),
        ("max(x, 2*x, 0)", "max(x, mul(2.0, x), 0.0)"),
        ("sum(M, axis=0)", "column_sums(M)"),
        ("sum(M, axis=1)", "row_sums(M)"),
        ("max(W, axis=0)", "column_max(W)"),
        ("mean(W*W, axis=1)", "row_mean(elementwise(W, W))"),
        ("x*sum(v)", "mul(x, None)"),
        ("x - v[1]", "sub(x, v[1])"),
        ("x*[5, 6]", "elementwise(x, [5.0, 6.0])"),
        ("x + [5, 5]", "add(x, 5.0)"),
        # axes of one entry
        ("b + b", "add(b, b)"), ("b*w", "mul(b, w)"), ("k @ b", "matmul(k, b)"),
        ("R @ x + b", "add(matmul(R, x), b)"), ("C @ b", "matmul(C, b)"),
        ("x*b", "mul(x, b[0])"), ("R @ W", "matmul(R, W)"), ("W @ C", "matmul(W, C)"),
        ("R @ transpose(R)", "matmul(R, transpose(R))"),
        ("k*k", "elementwise(k, k)"),
    ],
)  # fmt: skip
def test_families_that_are_one_formula(expression: str, formula: str) -> None:
    found = lifted(expression)
    assert found is not None
    assert shown(found.formula) == formula


@pytest.mark.parametrize(
    ("expression", "formula"),
    [("x @ x", "matmul(x, x)"), ("dot(x, x, w)", "add(matmul(x, x), w)"),
     ("sum(x)", "sum(x)"), ("sum(v*v)", "sum(elementwise(v, v))"),
     ("sum(flatten(W*W))", "sum(elementwise(W, W))"), ("logsumexp(v)", "logsumexp(v)"),
     ("v[0]*v[1]", "mul(v[0], v[1])"), ("sum(v[0], v[1])", "sum(v[0], v[1])")],
)  # fmt: skip
def test_single_quantities(expression: str, formula: str) -> None:
    found = lifted(expression, "2*y")
    assert found is not None
    assert found.axes == ()
    assert shown(found.formula) == formula


@pytest.mark.parametrize(
    "expression",
    ["[x[1], x[0]]", "[x[0], 2*x[1]]", "[x[0], 5]", "v[1:]", "[W[0, 0], W[1, 1]]", "W[0]*x[0]",
     "[tanh(x[0]), sigmoid(x[1])]", "[x[0] + w, x[1] + 1]", "[x[0]*x[1], x[1]*x[0]]", "W[:, 0]",
     "[v[0], v[1], v[1]]", "[x[0]**2, x[1]**3]*w + [x[0], v[0]]"],
)  # fmt: skip
def test_families_without_a_pattern(expression: str) -> None:
    found = lifted(expression)
    assert found is None or found.axes != (0,)


def test_numbers() -> None:
    same = np.array([Number(2.0), Number(2.0)], dtype=object)
    assert lift(same, {}) == Lifted(Number(2.0))
    mixed = lift(np.array([Number(2.0), Number(3.0)], dtype=object), {})
    assert mixed is not None
    assert mixed.axes == (0,)
    np.testing.assert_array_equal(mixed.formula.value, [2.0, 3.0])


def test_unknown_members_count_nothing() -> None:
    """Behind a relu that is off: what is known must settle the places, or there is no formula."""
    sheet = Worksheet.parse(ARRAYS + "L = sum(x)")
    [block] = blocks_of(sheet.values["x"])
    places = {node: (block, index) for index, node in np.ndenumerate(block.nodes)}
    x = [Quantity(node.data, of=node) for node in block.nodes]

    def axes(members: Any) -> tuple[int, ...] | None:
        family = np.empty((2, 2), dtype=object)
        family[:] = members
        found = lift(family, places)
        return found.axes if found else None

    assert axes([[x[0], x[1]], [None, None]]) == (1,)
    assert axes([[x[0], None], [x[1], None]]) == (0,)
    assert axes([[None, x[1]], [None, None]]) == (1,)
    assert axes([[None, None], [x[1], None]]) == (0,)
    assert axes([[x[0], None], [None, None]]) is None
    assert axes([[x[0], None], [None, x[1]]]) is None
    assert axes([[None, None], [None, None]]) is None


def test_contractions() -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)

    def part(array: Any, *axes: int) -> Lifted:
        return Lifted(Quantity(array), axes)

    for left, right in (
        (part(a, 0, 2), part(b, 2, 1)), (part(a.T, 2, 0), part(b, 2, 1)),
        (part(a, 0, 2), part(b.T, 1, 2)), (part(b, 2, 1), part(a, 0, 2)),
    ):  # fmt: skip
        found = contract(left, right, 2)
        assert found is not None
        assert found.axes == (0, 1)
        np.testing.assert_array_equal(found.formula.value, a @ b)
    assert contract(part(a, 0, 2), part(a, 0, 2), 2) is None


def test_joining_keeps_axes_apart() -> None:
    x, y = Lifted(Quantity(np.ones(2)), (0,)), Lifted(Quantity(np.ones(2)), (1,))
    square = Lifted(Quantity(np.ones((2, 2))), (0, 1))
    assert join(TABLE["add"], [x, y]) is None
    assert join(TABLE["add"], [square, x]) is None
    assert join(TABLE["add"], [x, None]) is None
    found = join(TABLE["mul"], [y, x])
    assert found is not None
    assert found.axes == (0, 1)
    found = join(TABLE["sub"], [y, square])
    assert found is not None
    assert found.axes == (0, 1)


def slope_of_w(count: int) -> tuple[Expression, Lifted | None]:
    """d mean((w·x − y)²) / dw over so many examples: its formula, and the lifted one."""
    numbers = ", ".join(str(i / 8) for i in range(count))
    text = f"w = 2; x = [{numbers}]; y = [{numbers}]; L = mean((w*x - y)**2)"
    trace = Trace(Worksheet.parse(text).output, depth="layer")
    places = {
        node: (block, index)
        for block in blocks_of(trace.landmarks)
        for index, node in np.ndenumerate(block.nodes)
    }
    [w] = [node for node in trace.landmarks if node.name == "w"]
    family = np.empty((), dtype=object)
    family[()] = trace.direct(trace.root)[w][1]
    return family[()], lift(family, places)


@pytest.mark.parametrize("count", [10, 32, 64, 1000])
def test_the_slope_of_what_every_example_has_is_a_sum_over_the_examples(count: int) -> None:
    _, found = slope_of_w(count)
    assert found is not None
    assert found.axes == ()
    assert shown(found.formula).startswith("sum(")
    assert shown(found.formula).count("sub(mul(w, x), y)") == 1
    x = np.arange(count) / 8
    np.testing.assert_allclose(found.formula.value, np.mean(2 * (2 * x - x) * x), rtol=1e-13)


def test_a_formula_of_many_terms_is_not_deep() -> None:
    """What walks through formulas recursively must not fail at a thousand examples."""
    formula, _ = slope_of_w(1000)
    deepest, waiting = 0, [(formula, 1)]
    while waiting:
        part, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(part, Application):
            waiting += [(operand, depth + 1) for operand in part.operands]
    assert deepest < 100
