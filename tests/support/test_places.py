"""The reader of places, on a worksheet small enough to know every number by heart."""

from __future__ import annotations

import pytest

from autograd_core import Worksheet
from tests.support.places import Place, read_place

SHEET = Worksheet.parse("""
W = [[1, 2], [3, 4]]
x = [5, 6]
b = 7
s = W @ x
z = x**2
L = sum(s) + b*sum(z)
update(L, b, x, lr=0.5, steps=2, rule="momentum", momentum=0.5)
""")


@pytest.mark.parametrize(
    ("place", "numbers"),
    [
        ("b", 7.0),
        ("2.5", 2.5),
        ("W", [[1.0, 2.0], [3.0, 4.0]]),
        ("s", [17.0, 39.0]),
        ("W[1, 0]", 3.0),
        ("W[:, 1]", [2.0, 4.0]),
        ("W[0, 1:]", [2.0]),
        ("x[-1]", 6.0),
        ("dL/dx", [74.0, 90.0]),  # 1 + 3 + 2·7·5, 2 + 4 + 2·7·6
        ("dL/dW", [[5.0, 6.0], [5.0, 6.0]]),
        ("dL/dW[0, 1]", 6.0),
        ("dz/dx", [10.0, 12.0]),
        ("dz[1]/dx", [0.0, 12.0]),
        ("ds[0]/dW[0]", [5.0, 6.0]),
        ("-b * dL/db", -427.0),
        ("x * z", [125.0, 216.0]),
        ("W | x", [[1.0, 2.0, 5.0], [3.0, 4.0, 6.0]]),
        (["b", "x[0]"], [7.0, 5.0]),
        ([["b"], ["x[0]"]], [[7.0], [5.0]]),
        ("shape of W", [2.0, 2.0]),
        ("option lr", 0.5),
        ("option steps", 2.0),
        ("option momentum", 0.5),
        ("b after 0", 7.0),
        ("b after 1", -23.5),  # 7 − 0.5·61
        ("x[0] after 1", -32.0),  # 5 − 0.5·74
        # x is (−32, −39) now: the slope is 2545, the velocity 0.5·61 + 2545
        ("b after 2", -1311.25),
        ("L after 0", 483.0),
    ],
)
def test_places(place: Place, numbers: object) -> None:
    assert read_place(SHEET, place).tolist() == numbers


@pytest.mark.parametrize("place", ["nothing", "dL/dnothing", "b after two", "shape of nothing"])
def test_what_is_no_place(place: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        read_place(SHEET, place)
