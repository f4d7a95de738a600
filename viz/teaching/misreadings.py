"""How a single operation is commonly got wrong: its rule, altered, with words that say so.

A misreading replaces the local derivatives of one node, and where it is one of the forward pass
too, its value. Which misreadings an operation has stands in `_READERS`, by the row's name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from autograd_core.table import TABLE, div
from autograd_core.table import pow as power
from autograd_core.value import Value

from .kink_readings import KINK_READERS
from .misreading import Misreading, Reader, Rule
from .passes import Pass

__all__ = ["misreadings"]

MOST_TERMS = 100  # of a sum that may be meant as a mean


def misreadings(here: Pass, node: Value) -> Iterator[Misreading]:
    """The common ways to get this node wrong, the likeliest first.

    >>> x = Value(3.0, "x")
    >>> y = (x**2).named("y")
    >>> for reading in misreadings(Pass(y), y):
    ...     print(reading.rule.kind, reading.partials[0])
    factor 2 3.0
    power 18.0
    power 2.0
    """
    if node.op is not None and (reader := _READERS.get(node.op.name)):
        for number, rule in enumerate(reader(here, node)):
            yield Misreading(node, rule, f"{rule.kind} {node.op.name} {number}")


# --- arithmetic -------------------------------------------------------------------------------


def _sub(here: Pass, node: Value) -> Iterator[Rule]:
    _, b = node.operands
    yield Rule(
        "sign",
        lambda: f"{here.text(b)} is subtracted in {here.formula(node)}, so its derivative is −1",
        lambda a, b, y: (1.0, 1.0),
    )
    yield Rule(
        "sign",
        lambda: f"{here.formula(node)} is taken with a plus",
        lambda a, b, y: (1.0, 1.0),
        lambda a, b: a + b,
    )
    yield Rule(
        "swapped operands",
        lambda: f"{here.formula(node)} is taken the other way round, {here.text(b)} first",
        lambda a, b, y: (-1.0, 1.0),
        lambda a, b: b - a,
    )


def _add(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "sign",
        lambda: f"{here.formula(node)} is taken with a minus",
        lambda a, b, y: (1.0, -1.0),
        lambda a, b: a - b,
        backward=False,
    )
    for i, term in enumerate(node.operands):
        yield _without_term(here, node, i, term)


def _without_term(here: Pass, node: Value, i: int, term: Value | float) -> Rule:
    return Rule(
        "missing term",
        lambda: f"the term {here.text(term)} of {here.formula(node)} is missing",
        lambda a, b, y: (float(i != 0), float(i != 1)),
        lambda a, b: (b, a)[i],
    )


def _neg(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "sign",
        lambda: f"the minus of {here.formula(node)} is lost",
        lambda x, y: (1.0,),
        lambda x: x,
    )


def _mul(here: Pass, node: Value) -> Iterator[Rule]:
    a, b = node.operands
    if a is b:
        yield Rule(
            "factor 2",
            lambda: f"the derivative of {here.formula(node)} has a 2: both factors depend on it",
            lambda a, b, y: (b, 0.0),
        )
        return
    for i, (factor, other) in enumerate(((a, b), (b, a))):
        if isinstance(factor, float):
            yield _without_factor(here, node, i, factor)
        elif not isinstance(other, float):
            yield _own_factor(here, node, i)


def _without_factor(here: Pass, node: Value, i: int, factor: float) -> Rule:
    halves = abs(factor) in (2.0, 0.5) and _may_be_squared_error(node.operands[1 - i])
    return Rule(
        "factor 2" if halves else "missing factor",
        lambda: f"the factor {here.text(factor)} of {here.formula(node)} is missing",
        lambda a, b, y: (1.0, 1.0),
        lambda a, b: (b, a)[i],
    )


def _own_factor(here: Pass, node: Value, i: int) -> Rule:
    factor, other = node.operands[i], node.operands[1 - i]
    return Rule(
        "swapped operands",
        lambda: (
            f"the derivative of {here.formula(node)} by {here.text(factor)} is "
            f"{here.text(other)}, not {here.text(factor)}"
        ),
        lambda a, b, y: (a, a) if i == 0 else (b, b),
    )


def _may_be_squared_error(operand: Value | float) -> bool:
    """True for a square, and for a sum or mean, which a squared error usually is."""
    if isinstance(operand, float) or operand.op is None:
        return False
    name, operands = operand.op.name, operand.operands
    if name == "pow":
        return isinstance(operands[1], float) and operands[1] == 2.0
    if name == "mul":
        return operands[0] is operands[1]
    return name in ("square", "sum", "mean", "add")


def _div(here: Pass, node: Value) -> Iterator[Rule]:
    a, b = node.operands
    if isinstance(b, float):
        kind, words = "missing factor", "the division by {} in {} is missing"
        if b.is_integer() and 1.0 < b <= MOST_TERMS and _terms(a, int(b)) == b:
            kind, words = "missing mean", "the division by {} that makes {} a mean is missing"
        elif b == 2.0 and _may_be_squared_error(a):
            kind, words = "factor 2", "the half is missing: the division by {} in {}"
        yield Rule(
            kind,
            lambda: words.format(here.text(b), here.formula(node)),
            lambda a, b, y: (1.0, 0.0),
            lambda a, b: a,
        )
        return
    yield Rule(
        "sign",
        lambda: f"the derivative of {here.formula(node)} by {here.text(b)} has a minus",
        lambda a, b, y: (div(1.0, b), div(y, b)),
    )
    yield Rule(
        "swapped operands",
        lambda: f"{here.formula(node)} is taken upside down",
        lambda a, b, y: (-div(b, a * a), div(1.0, a)),
        lambda a, b: div(b, a),
    )
    yield Rule(
        "power",
        lambda: f"{here.text(b)}² is below in the derivative of {here.formula(node)}",
        lambda a, b, y: (div(1.0, b), -y),
    )


def _terms(node: Value | float, most: int) -> int:
    """How many terms a sum has, counted up to one more than `most`."""
    waiting: list[Value | float] = [node]
    count = 0
    while waiting and count <= most:
        part = waiting.pop()
        if isinstance(part, float) or part.op is None or part.op.name not in ("add", "sum"):
            count += 1
        else:
            waiting.extend(part.operands)
    return count


def _raised(here: Pass, node: Value) -> Iterator[Rule]:
    exponent = node.operands[1] if len(node.operands) == 2 else 2.0
    if not isinstance(exponent, float) or exponent in (0.0, 1.0):
        return
    base = node.operands[0]
    n = exponent
    yield Rule(
        "factor 2" if n == 2.0 else "missing factor",
        lambda: f"the factor {here.text(n)} is missing in the derivative of {here.formula(node)}",
        lambda x, *rest: (power(x, n - 1.0), *_zeros(rest)),
    )
    yield Rule(
        "power",
        lambda: f"the exponent is not lowered in the derivative of {here.formula(node)}",
        lambda x, *rest: (n * rest[-1], *_zeros(rest)),
    )
    yield Rule(
        "power",
        lambda: f"{here.formula(node)} is taken as {here.text(n)} times {here.text(base)}",
        lambda x, *rest: (n, *_zeros(rest)),
        lambda x, *rest: n * x,
    )


def _zeros(rest: tuple[float, ...]) -> list[float]:
    """The slopes in the exponent, if it is an operand; the last of the rest is the output."""
    return [0.0] * (len(rest) - 1)


def _mean(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "missing mean",
        lambda: f"{here.formula(node)} divides by {len(node.operands)}; a sum is taken",
        lambda *xs: (1.0,) * (len(xs) - 1),
        lambda *xs: sum(xs),
    )


def _sum(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "mean for sum",
        lambda: f"{here.formula(node)} is a sum; a mean of {len(node.operands)} is taken",
        lambda *xs: (1.0 / (len(xs) - 1),) * (len(xs) - 1),
        lambda *xs: sum(xs) / len(xs),
    )


# --- functions --------------------------------------------------------------------------------

_BASES = ("log", "log2", "log10")


def _log(here: Pass, node: Value) -> Iterator[Rule]:
    assert node.op is not None
    for name in _BASES:
        if name != node.op.name:
            yield _other_base(here, node, name)


def _other_base(here: Pass, node: Value, name: str) -> Rule:
    row = TABLE[name]
    return Rule(
        "log base",
        lambda: f"{here.formula(node)} is taken as {row.symbol}",
        row.partials,
        row.forward,
    )


def _sqrt(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "factor 2",
        lambda: f"the 2 below is missing in the derivative of {here.formula(node)}",
        lambda x, y: (div(1.0, y),),
    )


def _exp(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "power",
        lambda: f"{here.formula(node)} is its own derivative; the rule for powers is applied",
        lambda x, y: (x * y / math.e,),
    )


def _sign_of_slope(here: Pass, node: Value) -> Iterator[Rule]:
    assert node.op is not None
    partials = node.op.partials
    yield Rule(
        "sign",
        lambda: f"the derivative of {here.formula(node)} has the opposite sign",
        lambda *xs: tuple(-p for p in partials(*xs)),
    )


def _sigmoid(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "input for output",
        lambda: f"the derivative y·(1 − y) of {here.formula(node)} is computed with the input as y",
        lambda x, y: (x * (1.0 - x),),
    )
    yield Rule(
        "missing factor",
        lambda: f"the derivative of y = {here.formula(node)} is y·(1 − y); 1 − y is missing",
        lambda x, y: (y,),
    )
    yield Rule(
        "missing factor",
        lambda: f"the derivative of y = {here.formula(node)} is y·(1 − y); y is missing",
        lambda x, y: (1.0 - y,),
    )


def _tanh(here: Pass, node: Value) -> Iterator[Rule]:
    yield Rule(
        "input for output",
        lambda: f"the derivative 1 − y² of {here.formula(node)} is computed with the input as y",
        lambda x, y: (1.0 - x * x,),
    )
    yield Rule(
        "power",
        lambda: f"the derivative of y = {here.formula(node)} is 1 − y²; the square is missing",
        lambda x, y: (1.0 - y,),
    )


_READERS: dict[str, Reader] = {
    "sub": _sub, "add": _add, "neg": _neg, "mul": _mul, "div": _div,
    "pow": _raised, "square": _raised, "mean": _mean, "sum": _sum,
    "log": _log, "log2": _log, "log10": _log, "sqrt": _sqrt, "exp": _exp,
    "sin": _sign_of_slope, "cos": _sign_of_slope, "reciprocal": _sign_of_slope,
    "sigmoid": _sigmoid, "tanh": _tanh,
    **KINK_READERS,
}  # fmt: skip
