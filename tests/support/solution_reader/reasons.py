"""Judging the reasons for a derivative: each names a part of the formula, and is true of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from .decimals import PIECES
from .formulas import NAME, NotAFormula, Tree, parse, subtrees
from .program import Program
from .values import evaluate

__all__ = ["holds", "take_first"]

_COMPARED = re.compile(r"(.+) ([<>=]) (\S.*)")
_WITHIN = re.compile(r"(.+) ≤ (.+) ≤ (.+)")
_TIED = re.compile(r"(\d+) operands tie and share the gradient")
_FLAT = re.compile(r"(step|sign|floor) is flat between its jumps")
_BEST = re.compile(
    r"(?P<one>.+) is (?:the (?:(?P<first>first of the )?(?P<most>largest|smallest)|larger|smaller)"
    r"|(?:larger|smaller) than (?P<rival>.+))"
)
_OF_ONE = {"relu", "leaky_relu", "elu", "|", "sign", "step", "where"}  # they look at one sign
_LIMITED = {"relu6", "hardtanh", "hardsigmoid", "clip"}


def take_first(program: Program, asides: Iterable[str]) -> None:
    """Where a line says that the first of equal operands is taken, it alone is."""
    for aside in asides:
        match = re.match(rf"∂({NAME})/∂", aside)
        formula = program.formulas.get(match[1]) if match else None
        if formula is not None and " is the first of the " in aside:
            program.take_first(part for part in subtrees(formula) if part.head in ("max", "min"))


def holds(reason: str, program: Program, via: str) -> bool:
    """Whether it is a reason for what the formula of `via` does."""
    choices = [part for part in subtrees(program.formulas[via]) if part.head in PIECES]
    if match := _TIED.fullmatch(reason):
        return any(
            part.head in ("max", "min") and len(program.pieces[id(part)]) == int(match[1])
            for part in choices
        )
    if match := _FLAT.fullmatch(reason):
        return any(part.head == match[1] for part in choices)
    try:
        if match := _WITHIN.fullmatch(reason):
            low, x, high = (parse(text, program.values) for text in match.groups())
            inside = _value(program, low) <= _value(program, x) <= _value(program, high)
            return inside and any(part.parts == (x, low, high) for part in choices)
        if match := _COMPARED.fullmatch(reason):
            a, b = (parse(match[i], program.values) for i in (1, 3))
            return _compares(program, choices, a, match[2], b)
        if match := _BEST.fullmatch(reason):
            return any(_is_best(program, part, match) for part in choices)
    except NotAFormula:
        return False
    return False


def _value(program: Program, tree: Tree) -> Decimal:
    value: Decimal = evaluate(tree, program.values.__getitem__)
    return value


def _compares(program: Program, choices: list[Tree], a: Tree, sign: str, b: Tree) -> bool:
    x, y = _value(program, a), _value(program, b)
    if not {"<": x < y, "=": x == y, ">": x > y}[sign]:
        return False
    return any(_looks_at(part, a, b) for part in choices)


def _looks_at(part: Tree, a: Tree, b: Tree) -> bool:
    """Whether the function chooses by comparing these."""
    if part.head in _OF_ONE:
        return part.parts[0] == a and b.head == "number" and b.number == 0
    if part.head == "clip":
        return part.parts[0] == a and b in part.parts[1:]
    return part.head in _LIMITED and part.parts[0] in subtrees(a)


def _is_best(program: Program, part: Tree, match: re.Match[str]) -> bool:
    """x is the largest, or smallest, of the operands: alone, or the first of several."""
    head = "max" if " larg" in match[0] else "min"
    one = parse(match["one"], program.values)
    if part.head != head or one not in part.parts:
        return False
    if program.pieces[id(part)] != [part.parts.index(one)]:
        return False
    if match["rival"]:
        return set(part.parts) == {one, parse(match["rival"], program.values)}
    values = [_value(program, operand) for operand in part.parts]
    best = max(values) if head == "max" else min(values)
    several = len(part.parts) > 2 or (len(part.parts) == 2 and bool(match["first"]))
    return bool(match["most"]) == several and bool(match["first"]) == (values.count(best) > 1)
