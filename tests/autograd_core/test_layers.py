"""A trace by layers: order, whole gradients, and what flows through each consumer."""

from __future__ import annotations

import random
import time
from typing import Any

import numpy as np
import pytest

from autograd_core.backward import adjoints
from autograd_core.blocks import Block
from autograd_core.errors import AutogradError
from autograd_core.layers import Layers
from autograd_core.tracing import Trace
from autograd_core.worksheet import Worksheet
from tests.support.against_torch import torch


def layers_of(text: str, wrt: list[str] | None = None) -> Layers:
    sheet = Worksheet.parse(text)
    nodes = [sheet.nodes[name] for name in wrt] if wrt else sheet.wrt
    return Layers(Trace(sheet.output, nodes, "layer", sheet.assigned))


def unit(layers: Layers, name: str) -> Any:
    [found] = [u for u in layers.units if u.name == name]
    return found


NET = """W = [[1, 2], [3, 5]]; V = [[2, 1], [-1, 0.5]]; x = [0.5, -0.25]; given(x)
h = tanh(W @ x); o = V @ h + 1; L = sum(o*o)
"""


def test_operands_come_first() -> None:
    layers = layers_of(NET)
    assert [u.name for u in layers.units] == ["W", "V", "x", "h", "o", "L"]
    assert [u.name for u in layers.computed] == ["h", "o", "L"]
    assert [u.name for u in layers.reached] == ["L", "o", "h", "V", "W"]
    assert all(isinstance(u, Block) for u in layers.units if u.name != "L")


@pytest.mark.oracle
def test_gradients_and_flows_are_pytorchs() -> None:
    t = torch()
    W = t.tensor([[1.0, 2.0], [3.0, 5.0]], dtype=t.float64, requires_grad=True)
    V = t.tensor([[2.0, 1.0], [-1.0, 0.5]], dtype=t.float64, requires_grad=True)
    h = t.tanh(W @ t.tensor([0.5, -0.25], dtype=t.float64))
    o = V @ h + 1.0
    for tensor in (h, o):
        tensor.retain_grad()
    (o * o).sum().backward()
    layers = layers_of(NET)
    for name, tensor in (("W", W), ("V", V), ("h", h), ("o", o)):
        array = unit(layers, name)
        expected = tensor.grad.numpy()
        np.testing.assert_allclose(layers.adjoint(array), expected, rtol=1e-12)
        flows = [layers.flow(array, via, e) for via, e in layers.consumers(array).items()]
        np.testing.assert_allclose(sum(f.value for f in flows), expected, rtol=1e-12)
        for flow in flows:
            assert flow.formula is not None
            np.testing.assert_allclose(flow.formula.value, flow.value, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        (NET, ["W[0, 1]"]),
        (NET, ["V[1, 0]"]),
        ("x = [1, 2]; y = [x[0], 3*x[1]]; L = y[0]*y[1]", ["x[0]"]),
        ("t = 3; x = 2; y = [x, 5*t]; z = [y[0], y[1]*x]; L = z[0]*z[1]", ["x"]),
        ("A = [[1, 2], [3, 4]]; B = A*A; C = [B[0, 0], B[1, 1]*A[0, 1]]; L = C[0]", ["A[0, 0]"]),
    ],
)
def test_an_array_on_the_way_has_its_whole_gradient(text: str, wrt: list[str]) -> None:
    """dL/dz = [10, 22], also where only one of its entries leads to what is asked."""
    layers = layers_of(text, wrt)
    gradients = adjoints(layers.trace.root)
    for array in layers.reached:
        nodes = array.nodes.flat if isinstance(array, Block) else [array]
        expected = [gradients.get(node, 0.0) for node in nodes]
        np.testing.assert_allclose(np.ravel(layers.adjoint(array)), expected, rtol=1e-14)
        flows = [layers.flow(array, via, e) for via, e in layers.consumers(array).items()]
        if flows:
            np.testing.assert_allclose(
                np.ravel(sum(f.value for f in flows)), expected, rtol=1e-12
            )


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("x = [1, 2]; h = [x[0], 0]; L = sum(h)", ["x", "h"]),
        ("a = 2; b = a*3; x = [a, b]; L = sum(x)", ["x"]),
        # elements of one array that need each other through another quantity are no array
        ("a = [1, 2]; L = a[0]*a[1]", ["a"]),
    ],
)
def test_which_arrays_stand_as_one(text: str, blocks: list[str]) -> None:
    found = [u.name for u in layers_of(text).units if isinstance(u, Block)]
    assert found == blocks


def test_arrays_whose_elements_depend_on_each_other_stay_apart() -> None:
    """s[1] is computed from s[0]: there is no line that computes s at once."""
    from autograd_core import Value, name_array

    x = Value(2.0, "x")
    first = x * 3.0
    second = first * x
    name_array([first, second], "s")
    layers = Layers(Trace((first + second).named("L"), depth="layer"))
    assert [u.name for u in layers.units] == ["x", "s[0]", "s[1]", "L"]
    a, b = Value(1.0), x * 1.0
    p, q = a * b, b + a
    name_array([a, q], "u")
    name_array([p, b], "w")
    crossed = Layers(Trace((p * q).named("L"), depth="layer"))
    assert crossed.units[-1].name == "L"


@pytest.mark.parametrize(
    "text",
    [
        "x = [-800, 900, 0]; y = sigmoid(x); z = y*(1 - y); L = sum(z)",
        "x = [0, 1e-300]; y = x*1e-300; L = sum(y*y)",
        "x = [1e150, 1]; y = x*x; L = sum(y)/1e300",
        "x = [0, 0]; y = relu(x); w = max(x, 0); L = sum(y + w)",
        "x = [0, 2]; y = x**2; z = x**3*y; L = sum(z)",
        "z = [1000, -1000]; p = softmax(z); L = sum(p*p)",
        "z = [5, 1]; p = softmax(z); L = -log(p[1])",
        "x = [0.5, 1]; y = sqrt(x)*log(x); L = sum(y)",
    ],
)
def test_no_warning_and_no_nan(text: str) -> None:
    """Warnings are errors here; what a formula overflows on has no formula, or is refused."""
    try:
        layers = layers_of(text)
    except AutogradError:
        return
    for array in layers.units:
        formula = layers.formula(array)
        assert formula is None or np.isfinite(formula.value).all()
    for array in layers.reached:
        assert np.isfinite(layers.adjoint(array)).all()
        for via, edges in layers.consumers(array).items():
            assert np.isfinite(layers.flow(array, via, edges).value).all()


@pytest.mark.system("S002-09")
def test_large_layers_are_not_slow() -> None:
    rng = random.Random(3)

    def matrix(rows: int, columns: int) -> list[list[float]]:
        return [[round(rng.uniform(-1, 1), 2) for _ in range(columns)] for _ in range(rows)]

    [x] = matrix(1, 40)
    text = f"W = {matrix(40, 40)}; V = {matrix(40, 40)}; x = {x}; h = tanh(W @ x); o = V @ h"
    layers = layers_of(f"{text}; L = sum(o*o)")
    start = time.perf_counter()
    for array in layers.reached:
        for via, edges in layers.consumers(array).items():
            assert layers.flow(array, via, edges).formula is not None
    assert time.perf_counter() - start < 2.0
