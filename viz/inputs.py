"""What a picture is drawn from: numbers and labels, checked before anything is drawn."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core.value import Value

__all__ = [
    "Numbers", "extent", "labels_for", "number", "numbers", "pairs", "printable", "whole_number",
]  # fmt: skip

Numbers = NDArray[np.float64]

MOST_NUMBERS = 1_000_000  # in one picture; more than it has dots
LARGEST = 1e100  # beyond that the arithmetic of axes overflows
LONGEST_LABEL = 60  # signs; longer ones are cut


def number(what: str, given: Any) -> float:
    """A finite number, from a number or a Value.

    >>> number("low", Value(-5.0))
    -5.0
    """
    return float(numbers(what, given, "a number", 0))


def whole_number(what: str, given: Any, least: int, most: int) -> int:
    """A whole number between two others, both included.

    >>> whole_number("resolution", 100, 2, 1000)
    100
    """
    try:
        result = operator.index(given)
    except TypeError:
        result = least - 1
    if not least <= result <= most:
        raise ValueError(f"{what} is {given!r}: give a whole number from {least} to {most}")
    return result


def numbers(what: str, given: Any, shape: str, *axes: int) -> Numbers:
    """The finite numbers of an array, of (nested) lists, or of Values in either.

    what, shape : what the errors call the data, and the shape that is asked for. axes : the
    numbers of axes that it may have.

    Raises TypeError for what is no number, ValueError for a wrong shape, for data that is empty
    or too large, and for NaN, ∞ and what is beyond ±10¹⁰⁰.

    >>> numbers("points", [[1, 2], [Value(3.0), 4.5]], "(n, 2)", 2)
    array([[1. , 2. ],
           [3. , 4.5]])
    """
    raw = np.asarray(given) if isinstance(given, np.ndarray) else _nested(what, given, shape)
    if raw.size > MOST_NUMBERS:
        raise ValueError(
            f"{what} holds {raw.size} numbers, more than a picture shows ({MOST_NUMBERS}): "
            "draw a part of them"
        )
    if raw.ndim not in axes or raw.size == 0:
        raise ValueError(f"{what} has the shape {raw.shape}: give {shape}")
    if raw.dtype.kind in "fiub":
        result = raw.astype(float)
    else:
        entries = [_plain(_place(what, at), raw[at]) for at in np.ndindex(raw.shape)]
        result = np.array(entries, dtype=float).reshape(raw.shape)
    for at in map(tuple, np.argwhere(~(np.abs(result) <= LARGEST)).tolist()):
        raise ValueError(
            f"{_place(what, at)} is {result[at]:g}: give finite numbers, of at most {LARGEST:g}"
        )
    return result


def pairs(what: str, given: Any) -> Numbers:
    """Points of the plane, an array of the shape (n, 2); raises as `numbers` does.

    >>> pairs("points", [(1, 2)])
    array([[1., 2.]])
    """
    found = numbers(what, given, "(n, 2), two coordinates for each point", 2)
    if found.shape[1] != 2:
        raise ValueError(
            f"{what} has the shape {found.shape}: give (n, 2), two coordinates for each point"
        )
    return found


def extent(coordinates: Numbers, margin: float, count: int, least: float = 0.0) -> Numbers:
    """So many places along an axis, from before the smallest coordinate to behind the largest.

    margin : the room on each side as a part of the coordinates' extent, which counts as `least`
    where it is smaller.

    >>> extent(np.array([1.0, 3.0]), 0.5, 3)
    array([0., 2., 4.])
    """
    low, high = coordinates.min(), coordinates.max()
    span = max(high - low, least) or 1.0
    middle = 0.5 * low + 0.5 * high
    return np.linspace(middle - (0.5 + margin) * span, middle + (0.5 + margin) * span, count)


def _nested(what: str, given: Any, shape: str) -> NDArray[Any]:
    """Lists in lists as an array of objects; entries stay what they are."""
    if isinstance(given, (str, bytes)) or (
        hasattr(given, "__iter__") and not hasattr(given, "__len__")
    ):
        raise TypeError(f"{what} is of the type {type(given).__name__}: give {shape}")
    try:
        return np.array(given, dtype=object)
    except ValueError:
        raise ValueError(f"the rows of {what} differ in length: give {shape}") from None


def _plain(place: str, entry: Any) -> float:
    if isinstance(entry, Value):
        return entry.data
    if isinstance(entry, (list, tuple)):
        raise ValueError(f"{place} differs in length from its neighbours: make all rows equal")
    if not isinstance(entry, Real):
        raise TypeError(f"{place} is of the type {type(entry).__name__}: give a number or a Value")
    try:
        return float(entry)
    except OverflowError:
        raise ValueError(f"{place} is too large for a float: draw its logarithm") from None


def _place(what: str, at: tuple[int, ...]) -> str:
    return f"{what}[{', '.join(map(str, at))}]" if at else what


def labels_for(
    what: str, given: Sequence[Any] | None, count: int, default: Sequence[str]
) -> list[str]:
    """One printable label for each of so many things.

    >>> labels_for("history", None, 2, ["run 1", "run 2"])
    ['run 1', 'run 2']
    """
    if given is None:
        return [printable(label) for label in default]
    if isinstance(given, str) or len(given) != count:
        found = "a string" if isinstance(given, str) else len(given)
        raise ValueError(f"give a list of {count} labels, one for each {what}; got {found}")
    return [printable(label) for label in given]


def printable(label: Any) -> str:
    """A label as one line that can be printed, cut where it is long.

    >>> printable("a" * 100) == "a" * 59 + "…", printable("two\\nlines")
    (True, 'two�lines')
    """
    text = "".join(sign if sign.isprintable() else "\ufffd" for sign in str(label))
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
