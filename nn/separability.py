"""Linear separability, decided exactly.

Two finite classes of points are linearly separable if some weights w and bias b give w·x + b > 0
for every point of the one class and < 0 for every point of the other. By Gordan's theorem exactly
one of two things exists: such weights, or multipliers λ ≥ 0, not all zero, for which the signed
points cancel, Σ λᵢ·yᵢ·(xᵢ, 1) = 0: a point that lies in the convex hulls of both classes. Here the
one or the other is found in whole numbers, so the answer needs no tolerance, and it is its own
proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from autograd_core.functions import as_array

__all__ = ["Separation", "linear_separation"]


@dataclass(frozen=True)
class Separation:
    """The answer with its proof, all in exact fractions.

    weights, bias : where `separable`, yᵢ·(w·xᵢ + b) > 0 for every example; else None.
    multipliers : where not, one λ ≥ 0 for each example; they sum to 1. Else None.
    """

    separable: bool
    weights: tuple[Fraction, ...] | None
    bias: Fraction | None
    multipliers: tuple[Fraction, ...] | None


def linear_separation(x: Any, y: Any, bias: float | None = None) -> Separation:
    """Decide whether weights w (and a bias b) exist with w·x + b > 0 exactly where y > 0.

    x : (examples, inputs). y : (examples,); positive numbers are the one class, the rest the
    other. bias : None leaves it free; a number keeps it there and asks for weights alone.

    The rule is exact for the floats given. The work grows with examples · inputs² and with the
    digits of the numbers: thousands of points in the plane are quick, hundreds of inputs are not.
    Raises ValueError for other shapes and for numbers that are not finite.

    Source: P. Gordan, Math. Ann. 6 (1873), 23–28; the simplex method with R. Bland's rule, Math.
    Oper. Res. 2 (1977), 103–107; in integers, J. Edmonds, J. Res. NBS 71B (1967), 241–245.

    >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> linear_separation(corners, [0, 0, 0, 1]).separable
    True
    >>> print(*linear_separation(corners, [0, 1, 1, 0]).multipliers)  # both diagonals' middle
    1/4 1/4 1/4 1/4
    """
    points, positive = _points(x), as_array(y).astype(float) > 0.0
    if positive.shape != points.shape[:1]:
        raise ValueError(
            f"there is one label for each example; got {len(points)} examples "
            f"and labels of shape {positive.shape}"
        )
    last = 1.0 if bias is None else float(bias)
    signed = [
        [Fraction(v) if up else -Fraction(v) for v in (*row, last)]
        for row, up in zip(points.tolist(), positive.tolist(), strict=True)
    ]
    if bias is not None:  # weights up to a factor s > 0: s is one more unknown, with s > 0 asked
        signed.append([Fraction(0)] * points.shape[1] + [Fraction(1)])
    vector, multipliers = _gordan(signed)
    if vector is None:
        total = sum(multipliers[: len(points)])
        shares = tuple(multiplier / total for multiplier in multipliers[: len(points)])
        return Separation(False, None, None, shares)
    scale = 1 / vector[-1] if bias is not None else Fraction(1)
    weights = tuple(v * scale for v in vector[:-1])
    return Separation(True, weights, vector[-1] if bias is None else Fraction(bias), None)


def _points(x: Any) -> Any:
    points = as_array(x).astype(float)
    if points.ndim != 2 or points.size == 0:
        raise ValueError(
            f"the examples are rows, shape (examples, inputs); got shape {points.shape}"
        )
    if not np.isfinite(points).all():
        raise ValueError("every number of the examples is finite; these hold NaN or infinity")
    return points


def _gordan(rows: Sequence[Sequence[Fraction]]) -> tuple[list[Fraction] | None, list[Fraction]]:
    """A vector v with a·v > 0 for every row a; or None and λ ≥ 0, not all 0, with Σ λ·a = 0.

    The first phase of the simplex method on Σ λ·a = 0, Σ λ = 1: one artificial unknown for each
    equation, their sum made as small as it gets. Zero: λ is found. More: the prices of the
    equations are v.
    """
    scales = [lcm(*(entry.denominator for entry in row)) for row in rows]
    columns = [
        [int(entry * scale) for entry in row] + [1] for row, scale in zip(rows, scales, strict=True)
    ]
    equations, unknowns = len(columns[0]), len(columns)
    table = np.zeros((equations + 1, unknowns + equations + 1), dtype=object)
    table[:-1, :unknowns] = np.array(columns, dtype=object).T
    table[:-1, unknowns:-1] = np.eye(equations, dtype=int).astype(object)
    table[equations - 1, -1] = 1
    table[-1] = -table[:-1].sum(axis=0)  # what each unknown would change the sum by
    table[-1, unknowns:-1] = 0
    basis = [unknowns + i for i in range(equations)]
    denominator = _minimise(table, basis, unknowns)
    if table[-1, -1] != 0:
        prices = [denominator - entry for entry in table[-1, unknowns:-1]]
        return [Fraction(-price, denominator) for price in prices[:-1]], []
    found = dict(zip(basis, table[:-1, -1], strict=True))
    return None, [Fraction(found.get(j, 0)) * scale for j, scale in enumerate(scales)]


def _minimise(table: Any, basis: list[int], unknowns: int) -> int:
    """Exchange unknowns until the last row has no negative entry; the common denominator.

    Every entry stands over one denominator, the last pivot, and stays a whole number.
    """
    denominator = 1
    while True:
        # Bland's rule, the first column and the lowest unknown, cannot go round in circles.
        column = next((j for j in range(unknowns) if table[-1, j] < 0), None)
        if column is None:
            return denominator
        candidates = [i for i in range(len(basis)) if table[i, column] > 0]
        row = min(candidates, key=lambda i: (Fraction(table[i, -1], table[i, column]), basis[i]))
        pivot = table[row, column]
        for i in range(len(table)):
            if i != row:
                table[i] = (table[i] * pivot - table[row] * table[i, column]) // denominator
        basis[row], denominator = column, pivot
