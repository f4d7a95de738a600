"""The chains of a printed solution, subject = formula = formula with numbers = result.

    chains_in(text)        every chain in wide text, line by line
    misfits(text)          numeric parts that do not come out as the result printed after them
    inexact(text)          the same in exact fractions, where nothing may be rounded

Nothing of the packages is used: formulas are read by `formulas`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import floor
from operator import add, mod, mul, neg, sub, truediv

from .formulas import NotAFormula, Tree, evaluate, mp, parsed

__all__ = ["Printed", "chains_in", "exactly", "inexact", "misfits"]


@dataclass(frozen=True)
class Printed:
    """One chain: what it is about, its parts, and the sign before the last."""

    subject: str
    parts: tuple[str, ...]
    sign: str

    @property
    def result(self) -> str:
        return self.parts[-1]

    @property
    def numeric(self) -> list[Tree]:
        """The parts without a name in them, the result last."""
        return [tree for part in self.parts if (tree := _number(part)) is not None]


def chains_in(text: str) -> Iterator[Printed]:
    """Every chain, a row's own and that beside it."""
    for row in text.split("\n"):
        packed = re.sub(r" +(?=[=≈←] )", " ", row.strip())
        for piece in re.split(r" {2,}", packed):
            words = re.split(r" ([=≈←]) ", re.sub(r"(, since|; 0·∞) .*", "", piece))
            if len(words) > 1:
                first = _number(words[0]) is not None or "·" in words[0] or " + " in words[0]
                parts = tuple(words[0::2] if first else words[2::2])
                yield Printed("" if first else words[0], parts, words[-2])


def misfits(text: str) -> list[Printed]:
    """Chains with "=" whose numbers do not give the result, to half of its last place."""
    found = []
    for chain in chains_in(text):
        *before, result = chain.numeric or [None]
        if result is None or chain.sign == "≈":
            continue
        room = result.half * (1 + mp.mpf(10) ** -50)  # a tie may go either way
        if any(abs(evaluate(tree, {}) - result.number) > room for tree in before):
            found.append(chain)
    return found


def inexact(text: str) -> list[Printed]:
    """Chains whose parts are not one and the same fraction."""
    return [chain for chain in chains_in(text) if len(set(map(exactly, chain.numeric))) > 1]


_EXACT = {
    "add": add, "sub": sub, "mul": mul, "div": truediv, "neg": neg, "abs": abs,
    "max": max, "min": min, "relu": lambda x: max(x, Fraction(0)),
    "floor": floor, "mod": mod, "softsign": lambda x: x / (1 + abs(x)),
    "hardswish": lambda x: x * min(max((x + 3) / 6, Fraction(0)), Fraction(1)),
    "mean": lambda *xs: reduce(add, xs) / len(xs),
}  # fmt: skip


def exactly(tree: Tree) -> Fraction:
    """The formula's value as a fraction; a printed decimal counts as what stands there."""
    if tree.head == "number":
        return Fraction(mp.nstr(tree.number, 40))
    operands = [exactly(part) for part in tree.parts]
    if tree.head == "pow":
        assert operands[1].denominator == 1
        return Fraction(operands[0] ** int(operands[1]))
    return Fraction(_EXACT[tree.head](*operands))


def _number(part: str) -> Tree | None:
    try:
        return parsed(part)
    except NotAFormula:
        return None
