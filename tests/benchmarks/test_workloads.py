"""Every workload, small: its value and gradient on all sides, and the number of its operations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_core import topological_order
from benchmarks.sides import Floats, agree, agrees_with_differences, ours
from benchmarks.workloads import (
    FLOATS,
    Workload,
    chain,
    expression,
    image,
    perceptron,
    sums_and_products,
    windows,
)

SMALL = {
    "expression": expression(repeats=2),
    "sums and products": sums_and_products(repeats=2),
    "chain": chain(40),
    "perceptron": perceptron(points=6, hidden=3),
    "perceptron, dot": perceptron(points=6, hidden=3, dots=True),
    "perceptron, rows": perceptron(points=6, hidden=3, dots=True, numpy_rows=True),
    "image": image(size=5, kernel=2, filters=2, classes=3),
    "image, dot": image(size=5, kernel=2, filters=2, classes=3, dots=True),
}


@pytest.fixture(params=SMALL)
def workload(request: pytest.FixtureRequest) -> Workload:
    return SMALL[request.param]


def test_ours_finds_the_value_of_plain_floats_and_its_slopes(workload: Workload) -> None:
    floats, graphs = Floats(workload), ours(workload)
    floats()
    graphs()
    assert math.isclose(graphs.value, floats.value, rel_tol=1e-12)
    assert floats.value == workload.on_floats(workload.numbers)
    step = 1e-6
    for i, derivative in enumerate(graphs.gradient):
        ends = []
        for moved in (-step, step):
            point = list(workload.numbers)
            point[i] += moved
            ends.append(workload.on_floats(point))
        assert derivative == pytest.approx((ends[1] - ends[0]) / (2.0 * step), rel=1e-6, abs=1e-8)


def test_the_graph_has_so_many_operations(workload: Workload) -> None:
    graphs = ours(workload)
    nodes = topological_order(graphs.body(*graphs.arguments))
    assert sum(not node.is_leaf for node in nodes) == workload.operations
    leaves = {node for node in nodes if node.is_leaf}
    assert leaves == set(graphs.leaves)


def test_a_side_runs_code_of_its_own(workload: Workload) -> None:
    codes = [workload.body(FLOATS).__code__ for _ in range(2)]
    assert codes[0] == codes[1]
    assert codes[0] is not codes[1]


def test_the_gradient_is_that_of_one_evaluation() -> None:
    graphs = ours(expression(repeats=8))
    graphs()
    once = graphs.gradient
    graphs()
    assert graphs.gradient == pytest.approx(once, rel=1e-14)
    assert [leaf.grad for leaf in graphs.leaves] == pytest.approx([16.0 * g for g in once])


def test_the_same_loss_from_dot_nodes() -> None:
    for scalar, others in (("perceptron", ("dot", "rows")), ("image", ("dot",))):
        first = ours(SMALL[scalar])
        first()
        for other in others:
            side = ours(SMALL[f"{scalar}, {other}"])
            side()
            agree(other, side, first)
            floats = Floats(SMALL[f"{scalar}, {other}"])
            floats()
            agree(other, floats, first)


def test_the_rows_are_object_arrays_made_once() -> None:
    layers, _ = ours(SMALL["perceptron, rows"]).arguments
    rows = [weights for layer in layers for weights, _ in layer]
    assert all(isinstance(row, np.ndarray) and row.dtype == object for row in rows)


# --- by other definitions -----------------------------------------------------------------------


def test_the_chain_is_a_geometric_series() -> None:
    length, ratio, term = 400, 0.999999, 0.001
    side = ours(chain(length))
    side()
    power = ratio ** (length // 2)
    assert side.value == pytest.approx(power + term * (1.0 - power) / (1.0 - ratio), rel=1e-9)
    assert side.gradient == [pytest.approx(power, rel=1e-12)]


def test_windows_are_those_of_numpy() -> None:
    pixels = np.arange(30.0).reshape(5, 6)
    expected = np.lib.stride_tricks.sliding_window_view(pixels, (3, 3)).reshape(-1, 9)
    assert windows(pixels.tolist(), 3) == expected.tolist()


def expression_in_torch(a: Any, b: Any) -> Any:
    import torch

    c, d = torch.tanh(a + b), a * b - b * b
    e = torch.relu(d - c) + a / 2.0
    f = torch.tanh(c * e) ** 2
    g = torch.relu(b - a) / (1.0 + f)
    return ((e - g) * torch.tanh(d / 4.0)) ** 2 + torch.relu(c * g) - f


def sums_and_products_in_torch(a: Any, b: Any) -> Any:
    import torch

    c = 4.0 * (a + b) + 3.0 - torch.tanh(a)
    d = 4.0 * (3.0 * (a * b + b**3) + torch.tanh(a + b)) + torch.relu(b - a)
    e = c - d
    return e**2 / 2.0 + 10.0 / e**2


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "theirs"),
    [("expression", expression_in_torch), ("sums and products", sums_and_products_in_torch)],
)
def test_an_expression_in_torch(name: str, theirs: Callable[[Any, Any], Any]) -> None:
    import torch

    a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (-1.5, 2.0))
    y = theirs(a, b)
    y.backward()
    side = ours(SMALL[name])
    side()
    assert side.value == pytest.approx(y.item(), rel=1e-12)
    assert side.gradient == pytest.approx([a.grad.item(), b.grad.item()], rel=1e-12)


@pytest.mark.oracle
def test_the_perceptron_in_torch() -> None:
    import torch

    from nn.data import moons

    workload = SMALL["perceptron"]
    leaves = torch.tensor(workload.numbers, dtype=torch.float64, requires_grad=True)
    place = 0

    def affine(x: Any, high: int) -> Any:
        nonlocal place
        wide = x.shape[1]
        rows = leaves[place : place + (wide + 1) * high].reshape(high, wide + 1)
        place += (wide + 1) * high
        return torch.nn.functional.linear(x, rows[:, :-1], rows[:, -1])

    points, classes = (torch.tensor(part) for part in moons(6, seed=1))
    hidden = torch.relu(affine(torch.relu(affine(points, 3)), 3))
    scores = affine(hidden, 1)[:, 0]
    loss = torch.relu(1.0 - (2.0 * classes - 1.0) * scores).mean() + 1e-4 * (leaves**2).sum()
    loss.backward()
    side = ours(workload)
    side()
    assert side.value == pytest.approx(loss.item(), rel=1e-12)
    assert side.gradient == pytest.approx(leaves.grad.tolist(), rel=1e-10, abs=1e-14)


@pytest.mark.oracle
def test_the_image_in_torch() -> None:
    import random

    import torch

    workload, filters, classes = SMALL["image"], 2, 3
    draw = random.Random(1)
    pixels = torch.tensor([[draw.random() for _ in range(5)] for _ in range(5)]).double()
    leaves = torch.tensor(workload.numbers, dtype=torch.float64, requires_grad=True)
    kernels = leaves[: filters * 5].reshape(filters, 5)
    rows = leaves[filters * 5 :].reshape(classes, -1)
    weights = kernels[:, :-1].reshape(filters, 1, 2, 2)
    maps = torch.relu(torch.nn.functional.conv2d(pixels[None, None], weights, kernels[:, -1]))
    scores = rows[:, :-1] @ maps.flatten() + rows[:, -1]
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(classes // 2))
    loss.backward()
    side = ours(workload)
    side()
    assert side.value == pytest.approx(loss.item(), rel=1e-7)
    assert side.gradient == pytest.approx(leaves.grad.tolist(), rel=1e-6, abs=1e-9)


# --- the comparison itself ----------------------------------------------------------------------


def test_a_wrong_gradient_is_noticed() -> None:
    workload = SMALL["perceptron"]
    first, second = ours(workload), ours(workload)
    first()
    second()
    agree("the same", second, first)
    gradient = list(first.gradient)
    agrees_with_differences(gradient, workload.numbers, workload.on_floats)
    largest = max(range(len(gradient)), key=lambda i: abs(gradient[i]))
    second.leaves[largest].grad *= 1.0 + 1e-6
    with pytest.raises(AssertionError, match="second"):
        agree("second", second, first)
    gradient[largest] *= 1.001
    with pytest.raises(AssertionError):
        agrees_with_differences(gradient, workload.numbers, workload.on_floats)


def test_a_wrong_value_is_noticed() -> None:
    first, second = ours(SMALL["image"]), Floats(SMALL["image"])
    first()
    second()
    second.value += 1e-8
    with pytest.raises(AssertionError, match="floats"):
        agree("floats", second, first)
