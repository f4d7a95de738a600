"""One line of a solution: symbol = rule in symbols = with numbers = result.

Every chain comes out on a calculator: its result has 4 digits, its operands from 4 up, until each
part, computed from the digits printed, rounds to the result printed. Where none does, the last
sign is ≈. Constants stand as they were typed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from autograd_core.expression import (
    Application,
    Expression,
    Number,
    Quantity,
    application,
    reasons_of,
)
from autograd_core.table import TABLE

from .digits import AS_TYPED, half_unit, rounded
from .document import Chain, Part
from .notation import Text, Writer

__all__ = ["FEWEST_DIGITS", "Chains"]

FEWEST_DIGITS = 4


class Chains:
    """Makes chains whose results have at least so many significant digits."""

    def __init__(self, names: Callable[[Any], str], digits: int = FEWEST_DIGITS) -> None:
        self.digits = digits
        self.writer = Writer(Text(), names)  # to see which parts would repeat in print

    def chain(
        self,
        subject: Expression | None,
        formula: Expression,
        value: float,
        link: str = "=",
        reasons: bool = False,
    ) -> Chain:
        """subject = formula = formula with numbers = worked out further = value."""
        numeric: list[Expression] = []
        while isinstance(formula, Application) and formula.op is TABLE["identity"]:
            [formula] = formula.operands  # b = a
        if isinstance(formula, Application):
            further = _work_out(formula)
            numeric = [formula] if further is None else [formula, further]
        digits, exact = _choose_digits(numeric, value, self.digits)
        shown: list[tuple[Expression, bool, int]] = []
        if _has_symbols(formula):
            shown.append((formula, False, AS_TYPED))
        shown += [(part, True, digits) for part in numeric]
        shown.append((Quantity(value), True, self.digits))
        texts = [self.writer.write(part, digits, plain) for part, plain, digits in shown]
        shown = [part for i, part in enumerate(shown) if texts[i] not in texts[i + 1 : i + 2]]
        signs = [link if subject else "", *["="] * len(shown)]
        if not exact:
            signs[len(shown) - 1] = "≈"
        parts = tuple(Part(sign, *part) for sign, part in zip(signs, shown, strict=False))
        return Chain(subject, parts, reasons_of(formula) if reasons else ())


# --- choosing digits --------------------------------------------------------------------------


def _choose_digits(parts: Sequence[Expression], value: float, fewest: int) -> tuple[int, bool]:
    """The fewest digits of the operands at which every part comes out as the value printed."""
    shown = rounded(value, fewest)
    for digits in range(fewest, AS_TYPED + 1):
        if all(_comes_out(part, shown, digits) for part in parts):
            return digits, True
    return fewest, False


def _comes_out(part: Expression, shown: Decimal, digits: int) -> bool:
    result = _from_print(part, digits)
    if not (math.isfinite(result) and shown.is_finite()):
        return False
    # To 15 digits the result is what decimal arithmetic gives, free of binary rounding.
    return abs(rounded(result, AS_TYPED) - shown) <= half_unit(shown)


def _from_print(e: Expression, digits: int) -> float:
    """The formula's value computed from the digits that are printed."""
    if isinstance(e, Application):
        return e.op.forward(*(_from_print(o, digits) for o in e.operands))
    return float(rounded(e.value, digits))


def _is_number(e: Expression) -> bool:
    return isinstance(e, Number) or (isinstance(e, Quantity) and e.of is None)


def _has_symbols(e: Expression) -> bool:
    if isinstance(e, Application):
        return any(map(_has_symbols, e.operands))
    return not _is_number(e)


_ARITHMETIC = {
    TABLE[name]
    for name in ("add", "sub", "mul", "div", "neg", "flow", "sum", "prod", "dot", "identity")
}


def _work_out(formula: Application) -> Expression | None:
    """The formula with its inner parts worked out, σ(4 − 2·2) to σ(0); None if nothing is left.

    Of a function the operands are worked out, of arithmetic every function in it. What remains is
    what the last line of a calculation on paper shows.
    """
    if formula.op in _ARITHMETIC:
        further: Expression = _without_functions(formula)
    else:
        further = application(
            formula.op,
            *(Quantity(o.value) if isinstance(o, Application) else o for o in formula.operands),
        )
    if not isinstance(further, Application) or further.operands == formula.operands:
        return None
    if further.op is TABLE["neg"] and _is_number(further.operands[0]):
        return None  # the result itself
    return further


def _without_functions(e: Expression) -> Expression:
    if not isinstance(e, Application):
        return e
    if e.op not in _ARITHMETIC:
        return Quantity(e.value)
    return Application(e.value, op=e.op, operands=tuple(map(_without_functions, e.operands)))
