"""Random graphs with shared nodes, and an independent derivative of each at 50 digits.

A graph is described as data (`Recipe`); one reading builds it on Values, the other on dual numbers
of mpmath, with the derivatives of each operation written here by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp

import autograd_core as ac
from autograd_core import Value

DIGITS = 50


@dataclass(frozen=True)
class Recipe:
    """Numbers of the leaves, and steps (operation, places of its operands, a constant)."""

    leaves: tuple[float, ...]
    steps: tuple[tuple[str, tuple[int, ...], float], ...]


@dataclass(frozen=True)
class Dual:
    """A number and its derivatives by all leaves."""

    number: Any
    slopes: tuple[Any, ...]


def _combine(number: Any, parts: Sequence[tuple[Any, Dual]]) -> Dual:
    """The chain rule: Σ partial · slopes of the operand."""
    count = len(parts[0][1].slopes)
    return Dual(number, tuple(mp.fsum(p * d.slopes[i] for p, d in parts) for i in range(count)))


def _one(f: Callable[[Any], Any], slope: Callable[[Any, Any], Any]) -> Callable[..., Dual]:
    def apply(a: Dual) -> Dual:
        y = f(a.number)
        return _combine(y, [(slope(a.number, y), a)])

    return apply


def _choice(best: Callable[..., Any]) -> Callable[..., Dual]:
    def apply(*operands: Dual) -> Dual:
        y = best(o.number for o in operands)
        ties = [o for o in operands if o.number == y]
        return _combine(y, [(mp.mpf(1) / len(ties), o) for o in ties])

    return apply


def _power(a: Dual, c: float) -> Dual:
    base = 1 + a.number**2
    return _combine(base**c, [(c * base ** (c - 1) * 2 * a.number, a)])


# name → (on Values, on dual numbers); k is a constant. Arranged so that values stay moderate.
OPERATIONS: dict[str, tuple[int, Callable[..., Any], Callable[..., Dual]]] = {
    "add": (2, lambda k, a, b: a + b,
            lambda k, a, b: _combine(a.number + b.number, [(1, a), (1, b)])),
    "sub": (2, lambda k, a, b: a - b,
            lambda k, a, b: _combine(a.number - b.number, [(1, a), (-1, b)])),
    "mul": (2, lambda k, a, b: a * b,
            lambda k, a, b: _combine(a.number * b.number, [(b.number, a), (a.number, b)])),
    "scale": (1, lambda k, a: k * a, lambda k, a: _combine(k * a.number, [(k, a)])),
    "minus": (1, lambda k, a: k - a, lambda k, a: _combine(k - a.number, [(-1, a)])),
    "div": (2, lambda k, a, b: a / (1.0 + b * b),
            lambda k, a, b: _combine(a.number / (1 + b.number**2),
                                     [(1 / (1 + b.number**2), a),
                                      (-2 * a.number * b.number / (1 + b.number**2) ** 2, b)])),
    "power": (1, lambda k, a: (1.0 + a * a) ** k, lambda k, a: _power(a, k)),
    "square": (1, lambda k, a: a**2, lambda k, a: _combine(a.number**2, [(2 * a.number, a)])),
    "tanh": (1, lambda k, a: ac.tanh(a),
             lambda k, a: _one(mp.tanh, lambda x, y: mp.sech(x) ** 2)(a)),
    "sigmoid": (1, lambda k, a: ac.sigmoid(a),
                lambda k, a: _one(lambda x: 1 / (1 + mp.exp(-x)), lambda x, y: y * (1 - y))(a)),
    "exp": (1, lambda k, a: ac.exp(ac.tanh(a)),
            lambda k, a: _one(lambda x: mp.exp(mp.tanh(x)), lambda x, y: y * mp.sech(x) ** 2)(a)),
    "log": (1, lambda k, a: ac.log(1.0 + a * a),
            lambda k, a: _one(lambda x: mp.log(1 + x * x), lambda x, y: 2 * x / (1 + x * x))(a)),
    "sqrt": (1, lambda k, a: ac.sqrt(1.0 + a * a),
             lambda k, a: _one(lambda x: mp.sqrt(1 + x * x), lambda x, y: x / y)(a)),
    "elu": (1, lambda k, a: ac.elu(a),
            lambda k, a: _one(lambda x: x if x > 0 else mp.expm1(x),
                              lambda x, y: mp.mpf(1) if x >= 0 else mp.exp(x))(a)),
    "relu": (1, lambda k, a: ac.relu(a),
             lambda k, a: _one(lambda x: max(x, mp.mpf(0)), lambda x, y: mp.mpf(x > 0))(a)),
    "abs": (1, lambda k, a: abs(a), lambda k, a: _one(abs, lambda x, y: mp.sign(x))(a)),
    "max": (3, lambda k, *xs: ac.max(xs), lambda k, *xs: _choice(max)(*xs)),
    "min": (2, lambda k, *xs: ac.min(xs), lambda k, *xs: _choice(min)(*xs)),
    "sum": (4, lambda k, *xs: ac.sum(xs),
            lambda k, *xs: _combine(mp.fsum(x.number for x in xs), [(1, x) for x in xs])),
    "dot": (5, lambda k, a, b, c, d, e: ac.dot([a, b], [c, d], e),
            lambda k, a, b, c, d, e: _combine(
                a.number * c.number + b.number * d.number + e.number,
                [(c.number, a), (d.number, b), (a.number, c), (b.number, d), (1, e)])),
}  # fmt: skip


def on_values(recipe: Recipe) -> tuple[list[Value], list[Value]]:
    """The leaves and, per step, the node it made."""
    leaves = [Value(x, f"x{i}") for i, x in enumerate(recipe.leaves)]
    nodes: list[Value] = list(leaves)
    for name, places, constant in recipe.steps:
        nodes.append(OPERATIONS[name][1](constant, *(nodes[i] for i in places)))
    return leaves, nodes


def on_duals(recipe: Recipe, disturb: Callable[[], Any] | None = None) -> list[Dual]:
    """The same at 50 digits; `disturb()` is a relative error put into every number of a step."""
    with mp.workdps(DIGITS):
        count = len(recipe.leaves)
        nodes = [
            Dual(mp.mpf(x), tuple(mp.mpf(i == j) for j in range(count)))
            for i, x in enumerate(recipe.leaves)
        ]
        for name, places, constant in recipe.steps:
            node = OPERATIONS[name][2](mp.mpf(constant), *(nodes[i] for i in places))
            if disturb is not None:
                node = Dual(
                    node.number * (1 + disturb()), tuple(s * (1 + disturb()) for s in node.slopes)
                )
            nodes.append(node)
        return nodes
