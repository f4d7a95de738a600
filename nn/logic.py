"""Logic by threshold units: gates of one unit, and nets of units for what one unit cannot do.

True is 1 and false is 0. A unit is step(w·x + b), strict (1 only above 0) unless `at_zero=1`. All
weights are set by hand; the constructions compute parity, whose truth table no single unit has.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from .arguments import check_size
from .perceptron import Perceptron
from .separability import linear_separation
from .step_net import StepNet, Unit

__all__ = [
    "logic_gate", "parity_net", "region_net", "threshold_gate", "truth_table", "xor_net",
]  # fmt: skip

MOST_INPUTS = 16  # of a truth table, whose rows double with each


# --- one unit -----------------------------------------------------------------------------------


def logic_gate(name: str, inputs: int = 2) -> Perceptron:
    """The unit of AND, OR, NAND or NOR of any number of inputs, or of NOT of one.

    n inputs with the weights 1 and b = ½ − n make AND, b = −½ OR; the opposite signs NAND and NOR.
    Raises ValueError for XOR and XNOR, which no single unit is, and for other names.

    Source: W. McCulloch and W. Pitts, Bull. Math. Biophysics 5 (1943), 115–133.

    >>> logic_gate("NAND").predict([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()
    [1, 1, 1, 0]
    """
    key = name.upper()
    if key in ("XOR", "XNOR"):
        raise ValueError(f"no single unit is {key}: take a net, xor_net() or parity_net(n)")
    if key not in ("AND", "OR", "NAND", "NOR", "NOT"):
        raise ValueError(f"a gate is AND, OR, NAND, NOR or NOT; got {name!r}")
    if key == "NOT":
        inputs = 1 if inputs == 2 else inputs  # 2 is what the other gates have
    inputs = check_size(key, "inputs", inputs)
    if key == "NOT" and inputs > 1:
        raise ValueError(f"NOT has one input; got {inputs}")
    weights, bias = _unit(key, range(inputs), inputs)
    return Perceptron(inputs, weights=weights, bias=bias)


def threshold_gate(table: Sequence[int]) -> Perceptron | None:
    """The unit with a given truth table, or None where no unit has it: decided exactly.

    table : the outputs, 0 or 1, for the inputs 00…0, 00…1, …, 11…1; 2ⁿ of them for n inputs.

    >>> threshold_gate([0, 1, 1, 1]) is not None, threshold_gate([0, 1, 1, 0]) is None
    (True, True)
    """
    inputs = len(table).bit_length() - 1
    if inputs < 1 or len(table) != 2**inputs or not set(table) <= {0, 1}:
        raise ValueError(
            f"a truth table of n inputs has 2ⁿ outputs, each 0 or 1; got {list(table)}"
        )
    found = linear_separation(_corners(inputs), table)
    if found.weights is None or found.bias is None:
        return None
    return Perceptron(inputs, weights=[float(w) for w in found.weights], bias=float(found.bias))


def _unit(kind: str, which: Sequence[int], inputs: int) -> Unit:
    """The gate of some of the inputs; the others have the weight 0."""
    ones = [1.0 if i in which else 0.0 for i in range(inputs)]
    lowest = {"AND": len(which), "OR": 1, "NAND": len(which), "NOR": 1, "NOT": 1}[kind]
    if kind in ("AND", "OR"):
        return ones, 0.5 - lowest
    return [0.0 - w for w in ones], lowest - 0.5


# --- nets of units ------------------------------------------------------------------------------


def xor_net(hidden: tuple[str, str] = ("AND", "OR")) -> StepNet:
    """Exclusive or with two hidden units: OR and not AND, or, by NAND, OR and NAND.

    hidden : ("AND", "OR") or ("OR", "NAND"), the hidden units in this order.

    Source: M. Minsky and S. Papert, Perceptrons (1969): one layer does not do.

    >>> truth_table(xor_net()).tolist()
    [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    """
    outputs = {("AND", "OR"): ((-1.0, 1.0), -0.5), ("OR", "NAND"): ((1.0, 1.0), -1.5)}
    if hidden not in outputs:
        raise ValueError(f'hidden is ("AND", "OR") or ("OR", "NAND"); got {hidden!r}')
    return StepNet([[_unit(kind, range(2), 2) for kind in hidden], [outputs[hidden]]])


def parity_net(inputs: int, construction: Literal["pairs", "counting"] = "pairs") -> StepNet:
    """The net that is 1 where an odd number of its inputs is 1.

    "pairs": exclusive or of neighbours, then of their results, and so on. For n = 2ᵏ that makes
    2·log₂ n − 1 hidden layers of n, n/2, n/2, …, 2, 2 units, 3n − 4 in all; an input left without
    a neighbour is passed on by a unit of its own. "counting": one hidden layer of n units, unit k
    telling whether at least k inputs are 1, weighted +1, −1, +1, …

    Source: for one layer, M. Minsky and S. Papert, Perceptrons (1969).

    >>> parity_net(4).widths, parity_net(4, "counting").widths
    ([4, 2, 2, 1], [4, 1])
    """
    inputs = check_size("parity_net", "inputs", inputs, least=2)
    if construction == "counting":
        counting = [([1.0] * inputs, 0.5 - k) for k in range(1, inputs + 1)]
        signs = [1.0 if k % 2 == 0 else -1.0 for k in range(inputs)]
        return StepNet([counting, [(signs, -0.5)]])
    if construction != "pairs":
        raise ValueError(f'construction is "pairs" or "counting"; got {construction!r}')
    layers: list[list[Unit]] = []
    width = inputs
    while width > 1:
        layers += _paired(width)
        width = len(layers[-1])
    return StepNet(layers)


def _paired(width: int) -> list[list[Unit]]:
    """Two layers: AND and OR of each pair of inputs, then OR and not AND of each of these."""
    first = [_unit(k, (i, i + 1), width) for i in range(0, width - 1, 2) for k in ("AND", "OR")]
    second: list[Unit] = []
    between = len(first) + width % 2
    for i in range(0, len(first), 2):
        weights = [0.0] * between
        weights[i : i + 2] = [-1.0, 1.0]
        second.append((weights, -0.5))
    if width % 2:
        first.append(_unit("OR", (width - 1,), width))
        second.append(_unit("OR", (between - 1,), between))
    return [first, second]


def region_net(pieces: Sequence[Sequence[Unit]]) -> StepNet:
    """The net that is 1 in a union of convex pieces: half-planes, then pieces, then any of them.

    pieces : for each piece its half-planes (weights, bias), the points with w·x + b ≥ 0; a piece
    is what its half-planes share, the boundary included.

    Source: R. Lippmann, IEEE ASSP Magazine 4 (1987), 4–22.

    >>> strip = [((1.0, 0.0), 0.0), ((-1.0, 0.0), 1.0)]  # 0 ≤ x ≤ 1
    >>> net = region_net([strip])
    >>> [net([x, 7.0])[0].data for x in (-0.1, 0.0, 1.0, 1.1)]
    [0.0, 1.0, 1.0, 0.0]
    """
    if not pieces or not all(pieces):
        raise ValueError("a region has at least one piece, and each piece a half-plane")
    half_planes = [unit for piece in pieces for unit in piece]
    starts = itertools.accumulate((len(piece) for piece in pieces), initial=0)
    combined = [
        _unit("AND", range(start, start + len(piece)), len(half_planes))
        for start, piece in zip(starts, pieces, strict=False)  # the last start is the end
    ]
    return StepNet(
        [half_planes, combined, [_unit("OR", range(len(pieces)), len(pieces))]], at_zero=1
    )


def truth_table(unit: Perceptron | StepNet) -> Any:
    """Every input of zeros and ones with what comes out: (2ⁿ, n + outputs) whole numbers.

    Raises ValueError for more than 16 inputs.

    >>> truth_table(logic_gate("NOT")).tolist()
    [[0, 1], [1, 0]]
    """
    inputs = unit.inputs if isinstance(unit, StepNet) else len(unit.w)
    if inputs > MOST_INPUTS:
        raise ValueError(f"a truth table has at most {MOST_INPUTS} inputs; got {inputs}")
    corners = _corners(inputs)
    outputs = unit(corners).reshape(len(corners), -1)
    return np.array(
        [[*x, *(y.data for y in ys)] for x, ys in zip(corners, outputs, strict=True)], dtype=int
    )


def _corners(inputs: int) -> list[tuple[float, ...]]:
    return list(itertools.product((0.0, 1.0), repeat=inputs))
