"""Reading numbers out of a worksheet by short descriptions, "places", kept as data.

    y        h[7]      X[:, 0]     a value, an entry, a slice        2       a number
    dL/dw    dL/dW[0, 1]           the derivative of L by w, from the engine's adjoints
    dz[0]/dx    dz/dx              of an entry; of a whole array it is that of its sum
    w after 3                      the value of w after three steps of the worksheet's update
    option lr                      an option of the update      shape of W     the shape of an array
    -a * b                         a product, entry by entry       a | b       columns side by side
    [a, b]                         several places, one after the other

Nothing here computes a formula: values and slopes are the engine's, steps are its update rules'.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from autograd_core import Worksheet, gradient
from autograd_core import sum as total
from autograd_core.backward import adjoints
from autograd_core.update_rules import RULES

__all__ = ["Place", "read_place"]

Place = str | list[Any]

_INDEX = r"(\[[-\d:, ]+\])?"
_DERIVATIVE = re.compile(rf"d(\w+){_INDEX}/d(\w+){_INDEX}")
_QUANTITY = re.compile(rf"(\w+){_INDEX}")


def read_place(sheet: Worksheet, place: Place) -> Any:
    """The numbers at a place, as a NumPy array of floats."""
    if isinstance(place, list):
        return np.array([read_place(sheet, part) for part in place])
    if " | " in place:
        return np.column_stack([read_place(sheet, part) for part in place.split(" | ")])
    result = np.array(1.0)
    for factor in place.removeprefix("-").split(" * "):
        result = result * _factor(sheet, factor)
    return -result if place.startswith("-") else result


def _factor(sheet: Worksheet, factor: str) -> Any:
    if factor.startswith("option "):
        [update] = sheet.updates
        options = {"lr": update.lr, "steps": update.steps, **update.options}
        return np.array(float(options[factor.removeprefix("option ")]))
    if factor.startswith("shape of "):
        return np.array(sheet.values[factor.removeprefix("shape of ")].shape, float)
    what, _, steps = factor.partition(" after ")
    if steps:
        sheet = _after(sheet, int(steps))
    if re.fullmatch(r"\d+(\.\d+)?", what):
        return np.array(float(what))
    if match := _DERIVATIVE.fullmatch(what):
        of, of_index, by, by_index = match.groups()
        top = np.array(sheet.values[of], object)[_index(of_index)]
        slopes = gradient(total(np.ravel(top)), sheet.values[by])
        return np.array(slopes, float)[_index(by_index)]
    match = _QUANTITY.fullmatch(what)
    assert match is not None, factor
    nodes = np.array(sheet.values[match[1]], object)
    numbers = np.array([node.data for node in nodes.ravel()]).reshape(nodes.shape)
    return numbers[_index(match[2])]


def _index(text: str | None) -> Any:
    """(0, slice(1, None)) of "[0, 1:]"."""
    if text is None:
        return ()
    parts = []
    for part in text.strip("[]").split(","):
        ends = [int(end) if end.strip() else None for end in part.split(":")]
        parts.append(slice(*ends) if ":" in part else ends[0])
    return tuple(parts)


def _after(sheet: Worksheet, steps: int) -> Worksheet:
    """The worksheet with its parameters after so many steps of its update."""
    [update] = sheet.updates
    states: dict[str, Any] = {}
    for _ in range(steps):
        slopes = adjoints(sheet.output)
        moved = {}
        for name in update.parameters:
            node = sheet.nodes[name]
            moved[name], states[name] = RULES[update.rule](
                node.data, slopes[node], states.get(name), lr=update.lr, **update.options
            )
        sheet = sheet.replay(moved)
    return sheet
