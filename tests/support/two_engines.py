"""Random programs run on the engine in C and on the reference, and all that can be seen of them.

Written in terms of a class `Value`, of which both engines have one. The rows are the same objects
for both: what a call does depends on the operands alone.
"""

from __future__ import annotations

import copy
import operator
import random
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from typing import Any

import numpy as np

from autograd_core import DomainError, detect_anomaly, no_grad, scope, topological_order
from autograd_core.modes import recording
from autograd_core.op import Op
from autograd_core.table import TABLE

Program = list[tuple[Any, ...]]
Seen = Any  # strings, numbers and tuples of them

OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "**": operator.pow, "%": operator.mod, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "//": operator.floordiv, "@": operator.matmul, "divmod": divmod,
}  # fmt: skip
UNARY: dict[str, Callable[[Any], Any]] = {
    "-": operator.neg, "+": operator.pos, "abs": abs, "detach": lambda v: v.detach(),
    "float": float, "int": int, "bool": bool, "round": round, "hash": lambda v: hash(v) == hash(v),
    "format": lambda v: f"{v:.3e}", "deepcopy": copy.deepcopy, "copy": copy.copy,
    "sum": lambda v: sum([v, v]),
}  # fmt: skip


def spread(items: list[Any]) -> Any:
    """An array with something else after each item."""
    return np.array([entry for item in items for entry in (item, None)], object)


FORMS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list, "tuple": tuple, "generator": iter,
    "array": lambda items: np.array(items, object),
    "reversed view": lambda items: np.array(items[::-1], object)[::-1],
    "strided view": lambda items: spread(items)[::2],
    "column": lambda items: np.array([[item, 0.0] for item in items], object)[:, 0],
}  # fmt: skip


# A user's rows: one with an option, one that is careless about the types of what it returns.
twice = Op("twice", lambda x, by=2.0: by * x, lambda x, by, y: (by, x))
careless = Op("careless", lambda x: 3, lambda x, y: [np.float32(0.5)])
ROWS = {**TABLE, "twice": twice, "careless": careless}


# --- programs ------------------------------------------------------------------------------------


def number(rnd: random.Random) -> float:
    special = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e308, -1e308, 5e-324, float("inf"), float("nan")]
    return rnd.choice(special) if rnd.random() < 0.2 else round(rnd.uniform(-3.0, 3.0), 3)


def constant(rnd: random.Random) -> Any:
    kinds: list[Callable[[], Any]] = [
        lambda: number(rnd), lambda: number(rnd), lambda: rnd.randint(-3, 3),
        lambda: rnd.choice([10**30, -(2**63), 10**400]), lambda: Fraction(rnd.randint(-9, 9), 7),
        lambda: np.float64(number(rnd)), lambda: np.float32(rnd.uniform(-2, 2)),
        lambda: np.int64(rnd.randint(-3, 3)), lambda: rnd.random() < 0.5,
        lambda: np.bool_(rnd.random() < 0.5), lambda: rnd.choice([None, "1.5", 1j, b"1", [1.0]]),
    ]  # fmt: skip
    return rnd.choice(kinds[:7] if rnd.random() < 0.7 else kinds)()


def operand(rnd: random.Random, chance: float = 0.2) -> tuple[str, Any]:
    """A node, by a number that is taken modulo the nodes there are, or a constant."""
    if rnd.random() < chance:
        return "constant", constant(rnd)
    return "node", rnd.choice([rnd.randrange(1000), -1, -2])


def step(rnd: random.Random) -> tuple[Any, ...]:
    kind = rnd.choices(
        ["leaf", "binary", "unary", "row", "method", "variadic", "dot", "products", "array", "set",
         "grad", "name", "zero", "backward", "init"],
        [3, 10, 3, 8, 5, 6, 4, 2, 2, 1, 1, 1, 1, 2, 0.3],
    )[0]  # fmt: skip
    fixed = [op.name for op in ROWS.values() if not op.variadic]
    many = [op.name for op in ROWS.values() if op.variadic and op.name != "dot"]
    one = lambda chance=0.2: operand(rnd, chance)  # noqa: E731
    some = lambda least=0: [one() for _ in range(rnd.randint(least, 4))]  # noqa: E731
    if kind == "leaf":
        data = number(rnd) if rnd.random() < 0.8 else constant(rnd)
        return kind, data, rnd.choice([None, None, "x", "w", "", 3]), rnd.random() < 0.2
    if kind == "binary":
        sides = rnd.sample([one(0.0), one(0.4)], 2)  # of two plain integers a power has no end
        return kind, rnd.choice([*OPERATORS, *"++--**/"]), *sides
    if kind == "unary":
        return kind, rnd.choice([*UNARY]), one(0.0)
    if kind == "row":
        name = rnd.choice(fixed)
        count = len(ROWS[name].operand_names) + (rnd.random() < 0.05)
        given = [one() for _ in range(count)]
        options = {}
        if ROWS[name].defaults and rnd.random() < 0.5:
            last = given.pop()
            if rnd.random() < 0.5:
                options = {ROWS[name].operand_names[-1]: last}
        return kind, name, given, options
    if kind == "method":
        name = rnd.choice([name for name in fixed if len(ROWS[name].operand_names) < 3])
        count = len(ROWS[name].operand_names) - 1
        return kind, name, one(0.0), [one() for _ in range(count)]
    if kind == "variadic":
        return kind, rnd.choice(many), rnd.choice([*FORMS, "arguments"]), some()
    if kind == "dot":
        w = some()
        x = [one() for _ in w] if rnd.random() < 0.9 else some()
        forms = rnd.choice([*FORMS]), rnd.choice([*FORMS])
        return kind, forms, w, x, [one()] if rnd.random() < 0.6 else []
    if kind == "products":
        length = rnd.randint(0, 3)
        row = lambda: [one() for _ in range(length + (rnd.random() < 0.02))]  # noqa: E731
        weights, inputs = ([row() for _ in range(rnd.randint(0, 3))] for _ in range(2))
        biases = [one(0.5) for _ in range(len(weights) + (rnd.random() < 0.05))]
        return kind, rnd.choice([*FORMS] + ["list"] * 8), weights, inputs, biases
    if kind == "array":
        return kind, rnd.choice("+-*/"), some(1), one(0.0), rnd.random() < 0.5
    if kind in ("set", "grad"):
        return kind, one(0.0), number(rnd) if rnd.random() < 0.8 else constant(rnd)
    if kind == "name":
        return kind, one(0.0), rnd.choice(["a", "b", "a_1", "", None, ("t",)])
    if kind == "zero":
        return kind, [one(0.0) for _ in range(3)]
    return (kind, one(0.0), number(rnd)) if kind == "init" else (kind, one(0.0))


def program(rnd: random.Random) -> Program:
    """Steps, each with the `with` blocks around it."""
    steps: Program = [("leaf", number(rnd), "x", False), ("leaf", number(rnd), None, False)]
    for _ in range(rnd.randint(1, 25)):
        blocks = [name for name in ("no_grad", "recording", "detect_anomaly", "hidden", "neuron")
                  if rnd.random() < 0.06]  # fmt: skip
        steps.append((*step(rnd), blocks))
    return [s if isinstance(s[-1], list) else (*s, []) for s in steps]


# --- running -------------------------------------------------------------------------------------


def block(name: str) -> Any:
    blocks = {"no_grad": no_grad, "recording": recording, "detect_anomaly": detect_anomaly}
    return blocks[name]() if name in blocks else scope(name)


class Machine:
    """One engine at work: the nodes it has made so far, in order."""

    def __init__(self, value: type, weight: type) -> None:
        self.value, self.weight = value, weight
        self.nodes: list[Any] = []

    def get(self, chosen: tuple[str, Any]) -> Any:
        kind, what = chosen
        return what if kind == "constant" else self.nodes[what % len(self.nodes)]

    def all(self, chosen: list[tuple[str, Any]]) -> list[Any]:
        return [self.get(one) for one in chosen]

    def do(self, kind: str, *step: Any) -> Any:
        if kind == "leaf":
            data, name, special = step
            return (self.weight if special else self.value)(data, name)
        if kind == "binary":
            return OPERATORS[step[0]](self.get(step[1]), self.get(step[2]))
        if kind == "unary":
            return UNARY[step[0]](self.get(step[1]))
        if kind == "row":
            options = {name: self.get(one) for name, one in step[2].items()}
            return ROWS[step[0]](*self.all(step[1]), **options)
        if kind == "method":
            return getattr(self.get(step[1]), step[0])(*self.all(step[2]))
        if kind == "variadic":
            items = self.all(step[2])
            if step[1] == "arguments":
                return ROWS[step[0]](*items)
            return ROWS[step[0]](FORMS[step[1]](items))
        if kind == "dot":
            (form, other), w, x, b = step
            return ROWS["dot"](FORMS[form](self.all(w)), FORMS[other](self.all(x)), *self.all(b))
        if kind == "products":
            form, weights, inputs, biases = step
            rows, vectors = ([FORMS[form](self.all(v)) for v in vs] for vs in (weights, inputs))
            return ROWS["dot"].products(rows, vectors, self.all(biases))
        if kind == "array":
            sides = np.array(self.all(step[1]), object), self.get(step[2])
            return OPERATORS[step[0]](*(sides if step[3] else sides[::-1]))
        node = self.get(step[0]) if kind != "zero" else None
        if kind == "set":
            node.data = step[1]
        elif kind == "grad":
            node.grad = float(step[1])
        elif kind == "name":
            node.named(step[1])
        elif kind == "zero":
            for node in self.all(step[0]):
                node.grad = 0.0
        elif kind == "backward":
            node.backward()
        elif kind == "init":
            node.__init__(step[1])
        return None

    def run(self, program: Program) -> Iterator[Seen]:
        """What can be seen after each step: of what it made all, of the rest what may change."""
        for *step, blocks in program:
            try:
                with ExitStack() as stack, np.errstate(all="ignore"):
                    for name in blocks:
                        stack.enter_context(block(name))
                    result = self.do(*step)
            except Exception as problem:
                yield self.error(problem)
                continue
            result = result.ravel().tolist() if isinstance(result, np.ndarray) else result
            made = result if isinstance(result, list) else [result]
            new = [node for node in made if isinstance(node, self.value)]
            copied = step[:2] == ["unary", "deepcopy"]
            result = [self.seen(one, copied) for one in made]
            self.nodes += [node for node in new if not self.knows(node)]
            yield result, [self.state(node) for node in self.nodes]
        order = topological_order(*self.nodes)
        yield [self.graph_of(node, order) for node in order]

    def knows(self, node: Any) -> bool:
        return any(node is old for old in self.nodes)

    # --- what is seen ------------------------------------------------------------------------

    def error(self, problem: Exception) -> Seen:
        node = problem.node if isinstance(problem, DomainError) else None
        return type(problem).__name__, str(problem), node if node is None else self.seen(node)

    def seen(self, result: Any, copied: bool = False) -> Seen:
        if not isinstance(result, self.value):
            return type(result).__name__, bits(result) if type(result) is float else repr(result)
        operands = [bits(o) if isinstance(o, float) else self.state(o) for o in result.operands]
        slopes = self.slopes(result, with_constants=not (copied or self.knows(result)))
        kinds = (
            type(result).__name__,
            type(result.operands).__name__,
            type(result.partials).__name__,
        )
        return kinds, self.state(result), operands, slopes

    def state(self, node: Any) -> Seen:
        place = node.label and (node.label.place, str(node.label.previous))
        return (
            bits(node.data), bits(node.grad), node.op and node.op.name, node.is_leaf, node.name,
            node.scope, repr(node), place,
        )  # fmt: skip

    def graph_of(self, node: Any, order: list[Any]) -> Seen:
        """A node with its operands by place."""
        place = {n: i for i, n in enumerate(order)}
        return (
            type(node).__name__,
            self.state(node),
            [bits(o) if isinstance(o, float) else place[o] for o in node.operands],
            self.slopes(node, with_constants=False),
        )

    def slopes(self, node: Any, with_constants: bool) -> list[str]:
        """The partials. (C computes those in constants when asked for, from the leaves as they are
        then: those of an older node may differ.)"""
        return [
            bits(partial)
            for operand, partial in zip(node.operands, node.partials, strict=True)
            if with_constants or not isinstance(operand, float)
        ]


def bits(x: Any) -> str:
    """A float as what it is, 0 and −0 apart and all NaN alike."""
    if type(x) is not float:
        return f"{type(x).__name__}: {x!r}"
    return "nan" if x != x else struct.pack(">d", x).hex()
