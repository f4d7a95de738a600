"""Gates and nets of threshold units against truth tables by Python's own operators."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from nn import (
    StepNet,
    linear_separation,
    logic_gate,
    parity_net,
    region_net,
    threshold_gate,
    truth_table,
    xor_net,
)

TRUTH: dict[str, Any] = {
    "AND": all,
    "OR": any,
    "NAND": lambda xs: not all(xs),
    "NOR": lambda xs: not any(xs),
}


@pytest.mark.parametrize("name", [*TRUTH])
@pytest.mark.parametrize("inputs", [1, 2, 3, 5])
def test_gates_of_any_number_of_inputs(name: str, inputs: int) -> None:
    table = truth_table(logic_gate(name, inputs))
    corners = itertools.product((0, 1), repeat=inputs)
    assert table.tolist() == [[*xs, int(TRUTH[name](xs))] for xs in corners]


@pytest.mark.system("S003-11")
@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("AND", (1, 1, -1.5)), ("OR", (1, 1, -0.5)), ("NAND", (-1, -1, 1.5)),
        ("nor", (-1, -1, 0.5)), ("NOT", (-1, 0.5)),
    ],
)  # fmt: skip
def test_the_weights_of_the_gates(name: str, weights: tuple[float, ...]) -> None:
    assert tuple(p.data for p in logic_gate(name).parameters()) == weights


def test_not() -> None:
    assert truth_table(logic_gate("NOT")).tolist() == [[0, 1], [1, 0]]


def test_which_gates_a_single_unit_can_be() -> None:
    """14 of the 16 of two inputs and 104 of the 256 of three; each unit has the table asked for."""
    for inputs, count in ((2, 14), (3, 104)):
        found = 0
        for table in itertools.product((0, 1), repeat=2**inputs):
            unit = threshold_gate(table)
            if unit is not None:
                found += 1
                assert tuple(truth_table(unit)[:, -1]) == table
        assert found == count
    assert threshold_gate([0, 1, 1, 0]) is None
    assert threshold_gate([1, 0, 0, 1]) is None


@pytest.mark.system("S000-12", "S003-12")
@pytest.mark.parametrize("hidden", [("AND", "OR"), ("OR", "NAND")])
def test_exclusive_or(hidden: tuple[str, str]) -> None:
    net = xor_net(hidden)
    for a, b in itertools.product((0, 1), repeat=2):
        units, [y] = net.activations([a, b])
        assert [h.data for h in units] == [int(TRUTH[name]((a, b))) for name in hidden]
        assert y.data == a ^ b


@pytest.mark.system("S000-12")
def test_the_weights_of_exclusive_or() -> None:
    named = xor_net().state_dict()
    assert named["layers.0.weight"].tolist() == [[1, 1], [1, 1]]
    assert named["layers.0.bias"].tolist() == [-1.5, -0.5]
    assert named["layers.1.weight"].tolist() == [[-1, 1]]
    assert named["layers.1.bias"].tolist() == [-0.5]


@pytest.mark.system("S000-14")
@pytest.mark.parametrize("construction", ["pairs", "counting"])
@pytest.mark.parametrize("inputs", [2, 3, 4, 5, 6, 7, 8])
def test_parity_on_every_input(inputs: int, construction: Any) -> None:
    table = truth_table(parity_net(inputs, construction))
    assert len(table) == 2**inputs
    assert all(row[-1] == sum(row[:-1]) % 2 for row in table.tolist())


@pytest.mark.system("S000-14")
@pytest.mark.parametrize(
    ("inputs", "hidden"),
    [(2, [2]), (4, [4, 2, 2]), (8, [8, 4, 4, 2, 2]), (16, [16, 8, 8, 4, 4, 2, 2])],
)
def test_the_sizes_of_parity_by_pairs(inputs: int, hidden: list[int]) -> None:
    """2·log₂ n − 1 hidden layers, 3n − 4 hidden units."""
    widths = parity_net(inputs).widths
    assert widths == [*hidden, 1]
    assert len(hidden) == 2 * (inputs.bit_length() - 1) - 1
    assert sum(hidden) == 3 * inputs - 4


@pytest.mark.system("S000-13")
def test_three_inputs_chain_two_exclusive_ors() -> None:
    """For 1, 1, 1: the first exclusive or is 0; then OR is 1, AND is 0 and the output 1."""
    layers = parity_net(3).activations([1, 1, 1])
    assert [h.data for h in layers[1]] == [0, 1]  # x1 ⊕ x2, and x3 passed on
    assert [h.data for h in layers[2]] == [0, 1]  # AND, OR
    assert [y.data for y in layers[3]] == [1]


def test_parity_by_counting() -> None:
    net = parity_net(3, "counting")
    for xs in itertools.product((0, 1), repeat=3):
        assert [h.data for h in net.activations(xs)[0]] == [sum(xs) >= k for k in (1, 2, 3)]


def test_two_hidden_units_are_too_few_for_three_inputs() -> None:
    """With any two of the 104 units, the output unit finds parity's classes inseparable."""
    corners = list(itertools.product((0, 1), repeat=3))
    parity = [sum(xs) % 2 for xs in corners]
    tables = [
        t for t in itertools.product((0, 1), repeat=8) if linear_separation(corners, t).separable
    ]
    assert len(tables) == 104
    mixed = 0
    for first, second in itertools.combinations(tables, 2):
        cells: dict[tuple[int, int], set[int]] = {}
        for cell, value in zip(zip(first, second, strict=True), parity, strict=True):
            cells.setdefault(cell, set()).add(value)
        if any(len(values) > 1 for values in cells.values()):
            mixed += 1  # two corners that the hidden units cannot tell apart
        else:
            points, y = zip(*((c, v.pop()) for c, v in cells.items()), strict=True)
            assert not linear_separation(points, y).separable
    assert 0 < mixed <= 104 * 103 // 2


def box(
    left: float, right: float, low: float, high: float
) -> list[tuple[tuple[float, ...], float]]:
    return [((1, 0), -left), ((-1, 0), right), ((0, 1), -low), ((0, -1), high)]


@pytest.mark.system("S003-14")
def test_two_boxes() -> None:
    """Half-planes, then boxes, then their union; the boundary belongs to it."""
    net = region_net([box(0, 1, 0, 1), box(2, 3, 1, 2)])
    assert net.widths == [8, 2, 1]
    points = [[0.5, 0.5], [2.5, 1.5], [1.5, 0.5], [0.5, 1.5], [2.5, 0.5], [1, 1], [3.1, 1.5]]
    _, second, output = net.activations(points)
    assert [[h.data for h in row] for row in second] == [
        [1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [1, 0], [0, 0],
    ]  # fmt: skip
    assert [y.data for [y] in output] == [1, 1, 0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: logic_gate("XOR"), r"no single unit is XOR: take a net, xor_net\(\)"),
        (lambda: logic_gate("maybe"), "AND, OR, NAND, NOR or NOT; got 'maybe'"),
        (lambda: logic_gate("AND", 0), "AND: inputs is at least 1; got 0"),
        (lambda: logic_gate("NOT", 3), "NOT has one input; got 3"),
        (lambda: threshold_gate([0, 1, 1]), "2ⁿ outputs"),
        (lambda: threshold_gate([0, 2]), "2ⁿ outputs"),
        (lambda: xor_net(("NOR", "AND")), "hidden is"),
        (lambda: parity_net(1), "inputs is at least 2; got 1"),
        (lambda: parity_net(4, "wide"), "construction is"),  # type: ignore[arg-type]
        (lambda: region_net([]), "at least one piece"),
        (lambda: region_net([[]]), "at least one piece"),
        (lambda: truth_table(StepNet([[([1.0] * 17, 0.0)]])), "at most 16 inputs; got 17"),
    ],
)
def test_errors(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
