"""One line of a solution: symbol = rule in symbols = with numbers = result.

Every chain comes out on a calculator: its result has 4 digits, its operands from 4 up, until each
part, computed from the digits printed, rounds to the result printed. Where none does, the last
sign is ≈. Constants stand as they were typed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from autograd_core.expression import (
    Application,
    Expression,
    Quantity,
    reasons_of,
)
from autograd_core.lifting import on_arrays
from autograd_core.rationals import Irrational, Rationals
from autograd_core.table import TABLE
from autograd_core.tracing import Trace
from autograd_core.value import Value

from ..arrays import entries_of
from ..digits import AS_TYPED, RESULT_DIGITS, half_unit, rounded
from ..document import Chain, Part
from ..notation import Text, Writer, is_number

__all__ = ["Chains"]

LARGEST_FRACTION = 10**12  # numerators and denominators stay below it


class Chains:
    """Makes chains whose results have at least so many significant digits.

    `rationals`, where it is given, turns formulas into formulas of exact fractions; where an
    operation has none, or they are too long to be read, decimals remain.
    """

    def __init__(
        self,
        names: Callable[[Any], str],
        digits: int = RESULT_DIGITS,
        rationals: Callable[[Expression], Expression] | None = None,
    ) -> None:
        self.names = names
        self.digits = digits
        self.rationals = rationals
        self.writer = Writer(Text(), names)  # to see which parts would repeat in print

    def chain(
        self,
        subject: Expression | None,
        formula: Expression,
        value: Any,
        link: str = "=",
        reasons: bool = False,
    ) -> Chain:
        """subject = formula = formula with numbers = worked out further = value."""
        formula, value = self.exact(formula, value)
        numeric: list[Expression] = []
        while isinstance(formula, Application) and formula.op is TABLE["identity"]:
            [formula] = formula.operands  # b = a
        if isinstance(formula, Application):
            further = None if _speaks_of_arrays(formula) else _work_out(formula)
            numeric = [formula] if further is None else [formula, further]
        digits, exact = self.digits, True
        if not isinstance(value, Fraction):
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

    def sum_of(self, formulas: Iterable[Expression]) -> Application:
        """The sum of what the formulas come to, each worked out."""
        formulas = list(formulas)
        values = [self.exact(formula, formula.value)[1] for formula in formulas]
        if not all(isinstance(value, Fraction) for value in values):
            values = [formula.value for formula in formulas]
        terms = [*map(Quantity, values)]
        return Application(sum(t.value for t in terms), op=TABLE["sum"], operands=tuple(terms))

    def exact(self, formula: Expression, value: Any) -> tuple[Expression, Any]:
        """The formula and its value in fractions, where these are wanted and there are any."""
        if self.rationals is not None:
            with suppress(Irrational):
                exact = self.rationals(formula)
                if max(map(_size, _numbers(exact))) < LARGEST_FRACTION:
                    return exact, exact.value
        return formula, value

    def reading(self, trace: Trace, called: Sequence[Value] = ()) -> Chains:
        """The same for another trace, whose own numbers the fractions are (see `Rationals`)."""
        if self.rationals is None:
            return self
        try:
            return Chains(self.names, self.digits, Rationals(trace, called))
        except Irrational:
            return Chains(self.names, self.digits)


# --- choosing digits --------------------------------------------------------------------------


def _choose_digits(parts: Sequence[Expression], value: Any, fewest: int) -> tuple[int, bool]:
    """The fewest digits of the operands at which every part comes out as the value printed."""
    shown = [rounded(number, fewest) for number in entries_of(value)]
    for digits in range(fewest, AS_TYPED + 1):
        results = ((entries_of(_from_print(part, digits)), shown) for part in parts)
        if all(all(map(_comes_out, *pair)) for pair in results):
            return digits, True
    return fewest, False


def _comes_out(result: float, shown: Decimal) -> bool:
    if not (math.isfinite(result) and shown.is_finite()):
        return False
    # To 15 digits the result is what decimal arithmetic gives, free of binary rounding.
    return abs(rounded(result, AS_TYPED) - shown) <= half_unit(shown)


def _from_print(e: Expression, digits: int) -> Any:
    """The formula's value computed from the digits that are printed."""
    if isinstance(e, Application):
        values = [_from_print(o, digits) for o in e.operands]
        if hasattr(e.value, "shape") or any(hasattr(value, "shape") for value in values):
            return on_arrays(e.op, values)
        return e.op.forward(*values)
    if hasattr(e.value, "shape"):
        printed = e.value.copy()
        printed.flat = [float(rounded(number, digits)) for number in e.value.flat]
        return printed
    return float(rounded(e.value, digits))


def _numbers(e: Expression) -> Iterator[Fraction]:
    """Every number that the formula shows, its result among them."""
    yield Fraction(e.value)
    for operand in e.operands if isinstance(e, Application) else ():
        yield from _numbers(operand)


def _size(fraction: Fraction) -> int:
    return max(abs(fraction.numerator), fraction.denominator)


def _has_symbols(e: Expression) -> bool:
    if isinstance(e, Application):
        return any(map(_has_symbols, e.operands))
    return not is_number(e)


def _speaks_of_arrays(e: Expression) -> bool:
    operands = e.operands if isinstance(e, Application) else ()
    return hasattr(e.value, "shape") or any(map(_speaks_of_arrays, operands))


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
        further = replace(formula, operands=tuple(
            Quantity(o.value) if isinstance(o, Application) else o for o in formula.operands
        ))  # fmt: skip
    if not isinstance(further, Application) or further.operands == formula.operands:
        return None
    if further.op is TABLE["neg"] and is_number(further.operands[0]):
        return None  # the result itself
    return further


def _without_functions(e: Expression) -> Expression:
    if not isinstance(e, Application):
        return e
    if e.op not in _ARITHMETIC:
        return Quantity(e.value)
    return Application(e.value, op=e.op, operands=tuple(map(_without_functions, e.operands)))
