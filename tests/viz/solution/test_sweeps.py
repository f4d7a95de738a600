"""The order of the backward sweep in print."""

from __future__ import annotations

import re

from autograd_core import Worksheet
from viz import explain


def gradients(text: str) -> list[str]:
    """The quantities whose derivatives the numbered lines compute, in their order."""
    printed = explain(Worksheet.parse(text)).text(200)
    backward = printed[printed.index("BACKWARD") : printed.index("CHECK")]
    return re.findall(r"^ +\d+  dL/d(\S+)", backward, re.MULTILINE)


def test_the_entries_of_an_array_stand_together_and_in_order() -> None:
    text = "x = [1, 2, 3]; w = [4, 5]; y = w[0]*x[1]; z = y*w[1]*x[0]; L = z*x[2]"
    assert gradients(text) == ["L", "z", "y", "w[0]", "w[1]", "x[0]", "x[1]", "x[2]"]


def test_entries_that_are_computed_stay_where_they_are_due() -> None:
    text = "x = 2; h = [x, x**2]; y = h[0]*h[1]; L = y*h[1]"
    assert gradients(text) == ["L", "y", "h[0]", "h[1]", "x"]
