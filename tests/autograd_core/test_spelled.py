"""The derivatives of functions that choose: what is taken, and why."""

from __future__ import annotations

import pytest

from autograd_core import TABLE, Value
from autograd_core.expression import Expression, Number, Quantity, Reason, reasons_of
from autograd_core.spelled import local_derivatives


def quantity(number: float, name: str) -> Quantity:
    return Quantity(number, of=Value(number, name))


def slopes(name: str, *numbers: float) -> tuple[Expression, ...]:
    op = TABLE[name]
    operands = tuple(quantity(x, f"x{i}") for i, x in enumerate(numbers))
    return local_derivatives(op, operands, quantity(op.forward(*numbers), "y"))


def said(reason: Reason) -> tuple[str, str, int, list[str]]:
    """The kind, what it is about, how many tie, what it is compared with."""
    about = reason.subject.of.name if isinstance(reason.subject, Quantity) else "y"
    return reason.kind, about, reason.ties, [e.of.name for e in reason.than]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "numbers", "values", "reason"),
    [
        ("max", (1.0, 3.0), (0.0, 1.0), ("largest", "x1", 1, ["x0"])),
        ("max", (1.0, 3.0, 2.0), (0.0, 1.0, 0.0), ("largest", "x1", 1, [])),
        ("min", (3.0, 1.0, 1.0), (0.0, 0.5, 0.5), ("smallest", "x1", 2, [])),
        ("first_max", (1.0, 3.0, 2.0), (0.0, 1.0, 0.0), ("largest", "x1", 1, [])),
        ("first_max", (1.0, 3.0, 3.0), (0.0, 1.0, 0.0), ("first", "x1", 1, [])),
        ("clip", (2.0, 1.0, 3.0), (1.0, 0.0, 0.0), ("within", "x0", 1, ["x1", "x2"])),
        ("clip", (1.0, 1.0, 3.0), (1.0, 0.0, 0.0), ("within", "x0", 1, ["x1", "x2"])),
        ("clip", (0.0, 1.0, 3.0), (0.0, 1.0, 0.0), ("below", "x0", 1, ["x1"])),
        ("clip", (4.0, 1.0, 3.0), (0.0, 0.0, 1.0), ("above", "x0", 1, ["x2"])),
        ("floor", (2.5,), (0.0,), ("flat", "y", 1, [])),
        ("sign", (2.5,), (0.0,), ("flat", "y", 1, [])),
    ],
)
def test_what_is_taken_and_why(
    name: str, numbers: tuple[float, ...], values: tuple[float, ...], reason: tuple[object, ...]
) -> None:
    found = slopes(name, *numbers)
    assert tuple(slope.value for slope in found) == values
    assert [[said(r) for r in reasons_of(slope)] for slope in found] == [[reason]] * len(values)


def test_a_mean_is_spelled_as_a_fraction() -> None:
    third, *_ = slopes("mean", 1.0, 2.0, 4.0)
    assert third.operands == (Number(1.0), Number(3.0))  # type: ignore[attr-defined]


def test_no_reason_for_what_is_no_number() -> None:
    nan = float("nan")
    assert all(not reasons_of(slope) for slope in slopes("max", nan, nan))


def test_a_reason_outlives_the_products_that_are_tidied() -> None:
    """∂(|x|/2)/∂x = 1/2, since x > 0, also after a factor 1 more."""
    [slope] = slopes("abs", 2.0)
    half = TABLE["div"](Number(1.0), Number(2.0))
    product = TABLE["mul"](TABLE["mul"](half, slope), Number(1.0))
    assert [said(r)[:2] for r in reasons_of(product)] == [("positive", "x0")]
