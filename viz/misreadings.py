"""How a single operation is commonly got wrong: its rule, altered, with words that say so.

A misreading replaces the local derivatives of one node, and where it is one of the forward pass
too, its value. Which misreadings an operation has stands in `_READERS`, by the row's name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_core.table import TABLE, div
from autograd_core.table import pow as power
from autograd_core.value import Value

from .passes import Pass

__all__ = ["Misreading", "misreadings"]

MOST_OPERANDS = 8  # of a maximum, each of which might be taken for the largest

Forward = Callable[..., float]
Partials = Callable[..., Sequence[float]]  # of the operands and the output, like a row's
Words = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Misreading:
    """An altered rule for a node. `forward` is None where only the derivative goes wrong.

    Misreadings of one `group` are the same mistake made at different places. With `backward`
    False nobody gets the derivative alone wrong in this way.
    """

    kind: str
    group: str
    node: Value
    words: Words
    partials: Partials
    forward: Forward | None = None
    backward: bool = True


def misreadings(here: Pass, node: Value) -> Iterator[Misreading]:
    """The common ways to get this node wrong, the likeliest first."""
    reader = _READERS.get(node.op.name) if node.op else None
    for number, (kind, words, partials, forward) in enumerate(reader(here, node) if reader else ()):
        assert node.op is not None
        group = f"{kind} {node.op.name} {number}"
        backward = (kind, node.op.name) != ("sign", "add")
        yield Misreading(kind, group, node, words, partials, forward, backward)


Entry = tuple[str, Words, Partials, Forward | None]
Reader = Callable[[Pass, Value], Iterator[Entry]]


# --- arithmetic -------------------------------------------------------------------------------


def _sub(here: Pass, node: Value) -> Iterator[Entry]:
    a, b = node.operands
    yield (
        "sign",
        lambda: f"{here.text(b)} is subtracted in {here.formula(node)}, so its derivative is −1",
        lambda a, b, y: (1.0, 1.0),
        None,
    )
    yield (
        "sign",
        lambda: f"{here.formula(node)} is taken with a plus",
        lambda a, b, y: (1.0, 1.0),
        lambda a, b: a + b,
    )
    yield (
        "swapped operands",
        lambda: f"{here.formula(node)} is taken the other way round, {here.text(b)} first",
        lambda a, b, y: (-1.0, 1.0),
        lambda a, b: b - a,
    )


def _add(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "sign",
        lambda: f"{here.formula(node)} is taken with a minus",
        lambda a, b, y: (1.0, -1.0),
        lambda a, b: a - b,
    )
    for i in range(2):
        yield (
            "missing term",
            lambda i=i: f"the term {here.text(node.operands[i])} of {here.formula(node)} is missing",  # type: ignore[misc]
            lambda a, b, y, i=i: (float(i != 0), float(i != 1)),
            lambda a, b, i=i: (b, a)[i],
        )


def _neg(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "sign",
        lambda: f"the minus of {here.formula(node)} is lost",
        lambda x, y: (1.0,),
        lambda x: x,
    )


def _mul(here: Pass, node: Value) -> Iterator[Entry]:
    a, b = node.operands
    if a is b:
        yield (
            "factor 2",
            lambda: f"the derivative of {here.formula(node)} has a 2: both factors depend on it",
            lambda a, b, y: (b, 0.0),
            None,
        )
        return
    for i, (factor, other) in enumerate(((a, b), (b, a))):
        if isinstance(factor, float):
            kind = "factor 2" if abs(factor) in (2.0, 0.5) and _is_square(other) else "missing factor"
            yield (
                kind,
                lambda c=factor: f"the factor {here.text(c)} of {here.formula(node)} is missing",  # type: ignore[misc]
                lambda a, b, y: (1.0, 1.0),
                lambda a, b, i=i: (b, a)[i],
            )
        elif not isinstance(other, float):
            yield (
                "swapped operands",
                lambda f=factor, o=other: (  # type: ignore[misc]
                    f"the derivative of {here.formula(node)} by {here.text(f)} is "
                    f"{here.text(o)}, not {here.text(f)}"
                ),
                lambda a, b, y, i=i: (a, a) if i == 0 else (b, b),
                None,
            )


def _is_square(operand: Value | float) -> bool:
    """True for a square, and for a sum or mean, which a squared error usually is."""
    if isinstance(operand, float) or operand.op is None:
        return False
    name, operands = operand.op.name, operand.operands
    if name == "pow":
        return operands[1] == 2.0 if isinstance(operands[1], float) else False
    return name in ("square", "sum", "mean", "add") or (name == "mul" and operands[0] is operands[1])


def _div(here: Pass, node: Value) -> Iterator[Entry]:
    a, b = node.operands
    if isinstance(b, float):
        kind, words = "missing factor", "the division by {} in {} is missing"
        if b.is_integer() and b > 1.0 and _terms(a, int(b)) == b:
            kind, words = "missing mean", "the division by {} that makes {} a mean is missing"
        elif b == 2.0 and _is_square(a):
            kind, words = "factor 2", "the half is missing: the division by {} in {}"
        yield (
            kind,
            lambda: words.format(here.text(b), here.formula(node)),
            lambda a, b, y: (1.0, 0.0),
            lambda a, b: a,
        )
        return
    yield (
        "sign",
        lambda: f"the derivative of {here.formula(node)} by {here.text(b)} has a minus",
        lambda a, b, y: (div(1.0, b), div(y, b)),
        None,
    )
    yield (
        "swapped operands",
        lambda: f"{here.formula(node)} is taken upside down",
        lambda a, b, y: (-div(b, a * a), div(1.0, a)),
        lambda a, b: div(b, a),
    )
    yield (
        "power",
        lambda: f"the derivative of {here.formula(node)} by {here.text(b)} has {here.text(b)}² below",
        lambda a, b, y: (div(1.0, b), -y),
        None,
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


def _raised(here: Pass, node: Value) -> Iterator[Entry]:
    exponent = node.operands[1] if len(node.operands) == 2 else 2.0
    if not isinstance(exponent, float) or exponent in (0.0, 1.0):
        return
    base = node.operands[0]
    n = exponent
    yield (
        "factor 2" if n == 2.0 else "missing factor",
        lambda: f"the factor {here.text(n)} is missing in the derivative of {here.formula(node)}",
        lambda x, *rest: (power(x, n - 1.0), 0.0),
        None,
    )
    yield (
        "power",
        lambda: f"the exponent is not lowered in the derivative of {here.formula(node)}",
        lambda x, *rest: (n * rest[-1], 0.0),
        None,
    )
    yield (
        "power",
        lambda: f"{here.formula(node)} is taken as {here.text(n)} times {here.text(base)}",
        lambda x, *rest: (n, 0.0),
        lambda x, *rest: n * x,
    )


def _mean(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "missing mean",
        lambda: f"{here.formula(node)} divides by {len(node.operands)}; a sum is taken",
        lambda *xs: (1.0,) * (len(xs) - 1),
        lambda *xs: sum(xs),
    )


def _sum(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "missing mean",
        lambda: f"{here.formula(node)} is a sum; a mean of {len(node.operands)} is taken",
        lambda *xs: (1.0 / (len(xs) - 1),) * (len(xs) - 1),
        lambda *xs: sum(xs) / len(xs),
    )


# --- functions --------------------------------------------------------------------------------

_BASES = {"log": "ln", "log2": "log₂", "log10": "log₁₀"}


def _log(here: Pass, node: Value) -> Iterator[Entry]:
    assert node.op is not None
    for name, symbol in _BASES.items():
        if name != node.op.name:
            row = TABLE[name]
            yield (
                "log base",
                lambda symbol=symbol: f"{here.formula(node)} is taken as {symbol}",  # type: ignore[misc]
                row.partials,
                row.forward,
            )


def _sqrt(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "factor 2",
        lambda: f"the 2 below is missing in the derivative of {here.formula(node)}",
        lambda x, y: (div(1.0, y),),
        None,
    )


def _exp(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "power",
        lambda: f"{here.formula(node)} is its own derivative; the rule for powers is applied",
        lambda x, y: (x * y / math.e,),
        None,
    )


def _sign_of_slope(here: Pass, node: Value) -> Iterator[Entry]:
    assert node.op is not None
    partials = node.op.partials
    yield (
        "sign",
        lambda: f"the derivative of {here.formula(node)} has the opposite sign",
        lambda *xs: tuple(-p for p in partials(*xs)),
        None,
    )


def _sigmoid(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "input for output",
        lambda: f"the derivative y·(1 − y) of {here.formula(node)} is computed with the input as y",
        lambda x, y: (x * (1.0 - x),),
        None,
    )
    yield (
        "missing factor",
        lambda: f"the derivative of y = {here.formula(node)} is y·(1 − y); 1 − y is missing",
        lambda x, y: (y,),
        None,
    )
    yield (
        "missing factor",
        lambda: f"the derivative of y = {here.formula(node)} is y·(1 − y); y is missing",
        lambda x, y: (1.0 - y,),
        None,
    )


def _tanh(here: Pass, node: Value) -> Iterator[Entry]:
    yield (
        "input for output",
        lambda: f"the derivative 1 − y² of {here.formula(node)} is computed with the input as y",
        lambda x, y: (1.0 - x * x,),
        None,
    )
    yield (
        "power",
        lambda: f"the derivative of y = {here.formula(node)} is 1 − y²; the square is missing",
        lambda x, y: (1.0 - y,),
        None,
    )


# --- kinks ------------------------------------------------------------------------------------

Branches = Sequence[tuple[float, float]]  # value and slope on each branch


def _exponential(x: float, alpha: float, width: float, scale: float) -> Branches:
    y = TABLE["exp"].forward(x / width)
    return (scale * x, scale), (scale * alpha * (y - 1.0), scale * alpha * y / width)


_SELU = TABLE["selu"].forward(1.0)
_SELU_ALPHA = -TABLE["selu"].forward(-1e3) / _SELU

_BRANCHES: dict[str, Callable[..., Branches]] = {
    "abs": lambda x: ((x, 1.0), (-x, -1.0)),
    "relu": lambda x: ((x, 1.0), (0.0, 0.0)),
    "relu6": lambda x: ((x, 1.0), (0.0, 0.0), (6.0, 0.0)),
    "leaky_relu": lambda x, slope: ((x, 1.0), (slope * x, slope)),
    "elu": lambda x, alpha: _exponential(x, alpha, 1.0, 1.0),
    "celu": lambda x, alpha: _exponential(x, alpha, alpha, 1.0),
    "selu": lambda x: _exponential(x, _SELU_ALPHA, 1.0, _SELU),
    "hardtanh": lambda x, low, high: ((x, 1.0), (low, 0.0), (high, 0.0)),
    "clip": lambda x, low, high: ((x, 1.0), (low, 0.0), (high, 0.0)),
    "hardsigmoid": lambda x: (((x + 3.0) / 6.0, 1.0 / 6.0), (0.0, 0.0), (1.0, 0.0)),
    "hardswish": lambda x: (
        (x * (x + 3.0) / 6.0, (2.0 * x + 3.0) / 6.0), (0.0, 0.0), (x, 1.0),
    ),
}  # fmt: skip


def _kinked(here: Pass, node: Value) -> Iterator[Entry]:
    assert node.op is not None
    branches = _BRANCHES[node.op.name]
    numbers = _numbers(node)
    slope = node.partials[0]
    for i, branch in enumerate(branches(*numbers)):
        if branch == (node.data, slope) or (branch[1] == slope == 0.0):
            continue
        yield (
            "kink branch",
            lambda: f"{here.formula(node)} is on its other branch: "
            f"{here.text(node.operands[0])} = {here.writer.number(numbers[0], 4)}",
            lambda *xs, i=i: (branches(*xs[:-1])[i][1], *[0.0] * (len(xs) - 2)),
            lambda *xs, i=i: branches(*xs)[i][0],
        )


def _extreme(here: Pass, node: Value) -> Iterator[Entry]:
    numbers = _numbers(node)
    taken = node.operands[numbers.index(node.data)]
    for i, operand in enumerate(node.operands[:MOST_OPERANDS]):
        if numbers[i] == node.data:
            continue
        yield (
            "kink branch",
            lambda o=operand: f"{here.formula(node)} is {here.text(taken)} here, not {here.text(o)}",  # type: ignore[misc]
            lambda *xs, i=i: [float(j == i) for j in range(len(xs) - 1)],
            lambda *xs, i=i: xs[i],
        )


def _numbers(node: Value) -> list[Any]:
    return [o if isinstance(o, float) else o.data for o in node.operands]


_READERS: dict[str, Reader] = {
    "sub": _sub, "add": _add, "neg": _neg, "mul": _mul, "div": _div,
    "pow": _raised, "square": _raised, "mean": _mean, "sum": _sum,
    "log": _log, "log2": _log, "log10": _log, "sqrt": _sqrt, "exp": _exp,
    "sin": _sign_of_slope, "cos": _sign_of_slope, "reciprocal": _sign_of_slope,
    "sigmoid": _sigmoid, "tanh": _tanh,
    "max": _extreme, "min": _extreme, "first_max": _extreme,
    **dict.fromkeys(_BRANCHES, _kinked),
}  # fmt: skip
