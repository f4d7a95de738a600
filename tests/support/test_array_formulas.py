"""The reader of array formulas: what it reads, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.array_formulas import Unreadable, read_formula

NAMES: dict[str, Any] = {
    "W": np.array([[1.0, 2.0], [3.0, 5.0]]), "V": np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 4.0]]),
    "x": np.array([1.0, -2.0]), "y": np.array([3.0, 4.0]), "t": 2.0, "x′[0,1]": 9.0,
    "dL/dz": np.array([10.0, 20.0]), "ŷ": np.array([0.5, 0.25]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W·x", [-3.0, -7.0]), ("xᵀ", [1.0, -2.0]), ("Wᵀ·x", [-5.0, -8.0]),
        ("x·y", -5.0), ("xᵀ·y", -5.0),
        ("x·yᵀ", [[3.0, 4.0], [-6.0, -8.0]]), ("2·x·yᵀ", [[6.0, 8.0], [-12.0, -16.0]]),
        ("W·W", [[7.0, 12.0], [18.0, 31.0]]), ("W·(x ⊙ y)", [-13.0, -31.0]),
        ("W ⊙ W", [[1.0, 4.0], [9.0, 25.0]]), ("x + y − 1", [3.0, 1.0]), ("x/y·t", [2 / 3, -1.0]),
        ("W + x", [[2.0, 0.0], [4.0, 3.0]]), ("−x²", [-1.0, -4.0]), ("t^y", [8.0, 16.0]),
        ("sum(W)", 11.0), ("max(x, y)", [3.0, 4.0]), ("max(x)", 1.0), ("mean(x ⊙ y)", -2.5),
        ("column_sums(V)", [1.0, 1.0, 6.0]), ("row_max(V)", [2.0, 4.0]), ("row_sums(W)", [3, 8]),
        ("dL/dz ⊙ x", [10.0, -40.0]), ("(dL/dz)ᵀ·W·x", -170.0), ("x′[0,1]·x", [9.0, -18.0]),
        ("1.5·10⁻²·x", [0.015, -0.03]), ("[[1, −2], [0, 1]]·[1, 1]", [-1.0, 1.0]),
        ("relu(ŷ − 0.3)", [0.2, 0.0]), ("√(t + 2)", 2.0), ("|x|", [1.0, 2.0]), ("W·2·x", [-6, -14]),
    ],
)  # fmt: skip
def test_what_is_read(text: str, expected: Any) -> None:
    found = read_formula(text, NAMES)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize(
    "text",
    ["x·W", "V·x", "W ⊙ V", "x ⊙ t", "x + V", "V + x", "xᵀ + yᵀ", "W·xᵀ", "xᵀ·yᵀ", "q·x",
     "x·", "(x", "x y", "", "sum(", "sigma(x)", "[1, 2", "tᵀ", "row_sums(x)", "x[0]", "x)"],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_formula(text, NAMES)
