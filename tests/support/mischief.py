"""A random walk through everything that Python code can do to nodes, also while C is at work.

Operations, names, numbers and subclasses call back into the walk: rules that return what is no
number, `__float__` that changes the list being read, `__del__` that makes nodes, and so on.
"""

from __future__ import annotations

import copy
import gc
import pickle
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

import autograd_core as ac
from autograd_core import Op, Value, detect_anomaly, no_grad, scope
from autograd_core.label import Label
from autograd_core.op import run
from autograd_core.table import TABLE

FIXED = [op for op in TABLE.values() if not op.variadic]
MANY = [op for op in TABLE.values() if op.variadic and op.name != "dot"]
DEPTH = 3  # of calls back within each other
MOST_CALLS = 300  # back in one walk


class Mischief(Exception):
    """What a callback raises."""


class Walk:
    """Nodes, and things to do with them; `broken` gathers errors that must never be."""

    def __init__(self, seed: int) -> None:
        self.rnd = random.Random(seed)
        self.nodes: list[Any] = [Value(2.0, "x"), Value(-0.5)]
        self.blocks: list[Any] = []
        self.replaced: list[tuple[Op, str, Any]] = []
        self.broken: list[BaseException] = []
        self.depth = self.calls = 0
        self.actions = [
            getattr(self, name) for name in sorted(vars(Walk)) if name.startswith("do_")
        ]

    # --- the walk ------------------------------------------------------------------------------

    def step(self) -> None:
        """One action. Errors are what it should end with; a SystemError is a bug of the engine."""
        try:
            result = self.rnd.choice(self.actions)()
        except (SystemError, KeyboardInterrupt) as problem:
            self.broken.append(problem)
        except Exception:
            pass
        else:
            self.keep(result)

    def keep(self, result: Any) -> None:
        for node in result.ravel()[:3] if isinstance(result, np.ndarray) else [result]:
            if isinstance(node, Value):
                self.nodes.append(node)
        while len(self.nodes) > 24:
            del self.nodes[self.rnd.randrange(len(self.nodes))]

    def back(self) -> None:
        """What a callback does, now and then."""
        if self.depth < DEPTH and self.calls < MOST_CALLS and self.rnd.random() < 0.5:
            self.calls += 1
            self.depth += 1
            try:
                self.step()
            finally:
                self.depth -= 1

    def end(self) -> None:
        """Switches back, rules as they were, nothing kept."""
        self.depth = DEPTH  # the callbacks of what is dropped do nothing
        while self.blocks:
            self.blocks.pop().__exit__()
        while self.replaced:
            setattr(*self.replaced.pop())
        self.nodes.clear()
        self.actions.clear()

    # --- what it takes -------------------------------------------------------------------------

    def node(self) -> Any:
        return self.rnd.choice(self.nodes) if self.nodes else Value(1.0)

    def odd(self) -> Any:
        kinds: list[Callable[[], Any]] = [
            lambda: Decimal(1), lambda: "1.5", lambda: None, lambda: 1j, lambda: 10**400,
            lambda: np.ones(1), lambda: np.array([self.node()], object), lambda: b"12345678",
            lambda: memoryview(b"12345678").cast("d"), lambda: np.float32(0.5), lambda: True,
            lambda: Fraction(1, 3), lambda: [self.node()], lambda: object(), lambda: Value,
            lambda: Odd(self), lambda: Odd(self), lambda: np.bool_(True), lambda: -1,
            lambda: float("nan"), lambda: self.special(), lambda: np.array(2.0),
        ]  # fmt: skip
        return self.rnd.choice(kinds)()

    def operand(self) -> Any:
        return self.rnd.choices(
            [self.node, lambda: self.rnd.uniform(-2, 2), lambda: 3, self.odd], [6, 2, 1, 1.5]
        )[0]()

    def operands(self, most: int = 6) -> list[Any]:
        return [self.operand() for _ in range(self.rnd.randint(0, most))]

    def name(self) -> Any:
        return self.rnd.choice(["x", "a_1", "", None, 3, ("t",), Name("n").of(self)])

    def special(self) -> Any:
        """An instance of a subclass."""
        kind = self.rnd.choice([Dying, Slotted, Proud])
        value = kind(self.rnd.uniform(-2, 2))
        if kind is Dying:
            value.walk = self
        return value

    def vector(self, items: list[Any]) -> Any:
        forms: list[Callable[[], Any]] = [
            lambda: items, lambda: tuple(items), lambda: np.array([*items, None], object)[:-1],
            lambda: np.array([None, *items], object)[:0:-1], lambda: self.generator(items),
            lambda: np.empty(len(items), object), lambda: np.ones(len(items))[::-1],
            lambda: np.ones(len(items), np.float32), lambda: memoryview(bytes(8 * len(items))),
            lambda: memoryview(bytes(8 * len(items))).cast("d"), lambda: Subclassed(items),
            lambda: np.repeat(np.array([*items, None], object), 2)[:-2:2],
            lambda: bytes(len(items)), lambda: np.ones((len(items), 2)),
            lambda: np.broadcast_to(1.5, len(items)),
        ]  # fmt: skip
        return self.rnd.choices(forms, [6, 3, 4, 2, *[1] * (len(forms) - 4)])[0]()

    def generator(self, items: list[Any]) -> Iterator[Any]:
        for item in items:
            self.back()
            yield item
            if self.rnd.random() < 0.1:
                raise Mischief

    def result(self, right: Any) -> Any:
        """What a rule returns: mostly what it should."""
        if self.depth == DEPTH:
            return right
        self.back()
        if self.rnd.random() < 0.1:
            raise Mischief
        wrong = ["1", None, 1j, 10**400, [], self.node(), Odd(self), (1.0,), (1.0,) * 7, iter([1])]
        return right if self.rnd.random() < 0.7 else self.rnd.choice(wrong)

    # --- what it does --------------------------------------------------------------------------

    def do_leaf(self) -> Any:
        return self.rnd.choice([Value, Value, Slotted])(self.operand(), self.name())

    def do_special(self) -> Any:
        return self.special()

    def do_operator(self) -> Any:
        a, b = self.rnd.sample([self.node(), self.operand()], 2)
        sign = self.rnd.choice("+-*/%^<=@")
        if sign == "^":
            return pow(a, b) if self.rnd.random() < 0.8 else pow(a, b, 3)
        operations = {
            "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b,
            "%": lambda: a % b, "<": lambda: a < b, "=": lambda: a == b, "@": lambda: a @ b,
        }  # fmt: skip
        return operations[sign]()

    def do_row(self) -> Any:
        op = self.rnd.choice(FIXED)
        operands = [self.operand() for _ in op.operand_names]
        if self.rnd.random() < 0.1:
            return op(*operands[1:], **{op.operand_names[0]: operands[0]})
        return op(*operands) if self.rnd.random() < 0.9 else run(op, tuple(self.operands()))

    def do_method(self) -> Any:
        name = self.rnd.choice([name for name in dir(Value) if not name.startswith("__")])
        attribute = getattr(self.node(), name)
        return attribute(*self.operands(2)) if callable(attribute) else attribute

    def do_many(self) -> Any:
        op, items = self.rnd.choice(MANY), self.operands()
        if self.rnd.random() < 0.3:
            return op(*items)
        return op(self.vector(items), **({"axis": 0} if self.rnd.random() < 0.1 else {}))

    def do_dot(self) -> Any:
        w, x = self.operands(), self.operands()
        if self.rnd.random() < 0.9:
            x = x[: len(w)]
            w = w[: len(x)]
        rest = [self.operand()] * (self.rnd.random() < 0.6)
        return ac.dot(self.vector(w), self.vector(x), *rest)

    def do_wide(self) -> Any:
        """More operands than have room on the stack of C."""
        nodes = [self.node() for _ in range(300)]
        numbers = self.rnd.choice([[1.5] * 300, nodes[::-1], np.ones(300)])
        return self.rnd.choice([lambda: ac.dot(nodes, numbers), lambda: ac.sum(nodes)])()

    def do_own_row(self) -> Any:
        op = Op(
            "own",
            lambda a, b=1.0: self.result(a),
            lambda a, b, y: self.result((b, a)),
        )
        made = op(*[self.operand() for _ in range(self.rnd.randint(1, 2))])
        if isinstance(made, Value) and self.rnd.random() < 0.5:
            self.keep(made)
            made.partials  # noqa: B018
        return made

    def do_replace(self) -> None:
        op, which = self.rnd.choice([*TABLE.values()]), self.rnd.choice(["forward", "partials"])
        rule = getattr(op, which)
        self.replaced.append((op, which, rule))
        setattr(op, which, lambda *operands: (self.back(), rule(*operands))[1])

    def do_put_back(self) -> None:
        if self.replaced:
            setattr(*self.replaced.pop())

    def do_array(self) -> Any:
        array = np.array([self.node() for _ in range(2)], object)
        other = self.rnd.choice([self.node, lambda: array, lambda: np.arange(2.0), lambda: 2])()
        return self.rnd.choice([lambda: array * other, lambda: other - array])()

    def do_backward(self) -> None:
        self.node().backward()

    def do_set(self) -> None:
        name = self.rnd.choice(["data", "grad", "label", "op", "operands", "partials", "weight"])
        value = self.rnd.choice(
            [self.operand, lambda: None, lambda: Label(Name("l").of(self)), lambda: Label()]
        )()
        setattr(self.node(), name, value)

    def do_delete(self) -> None:
        delattr(self.node(), self.rnd.choice(["data", "grad", "label", "op", "operands"]))

    def do_name(self) -> None:
        self.node().named(self.name())

    def do_init(self) -> None:
        self.node().__init__(self.operand(), self.name())

    def do_state(self) -> Any:
        count = self.rnd.choice([0, 1, 1, 2, 3, 5, 300])
        blank = self.rnd.choice([Value, Slotted])._blank(count)
        node = blank if self.rnd.random() < 0.8 else self.node()
        if self.rnd.random() < 0.1:
            self.keep(blank * 2.0)
        plain = [self.rnd.choice([self.node(), 1.5]) for _ in range(count)]
        operands = tuple(plain if self.rnd.random() < 0.8 else self.operands())
        partials = [self.rnd.choice([1.0, 0.5, Odd(self)]) for _ in operands]
        op = self.rnd.choice([*TABLE.values(), Op("own", float, lambda x, y: (1.0,)), None, "op"])
        label = self.rnd.choice([None, Label("x"), Label(Name("l").of(self)), "label"])
        own = self.rnd.choice([None, None, {"unit": "m"}, (1,), Odd(self)])
        number = self.rnd.choice([1.0, 2, Odd(self), "1"])
        node.__setstate__((number, 0.0, op, operands, tuple(partials), label, own))
        return node

    def do_copy(self) -> Any:
        with_pickle = self.rnd.random() < 0.5
        node = self.node()
        return pickle.loads(pickle.dumps(node)) if with_pickle else copy.deepcopy(node)

    def do_class(self) -> None:
        self.node().__class__ = self.rnd.choice([Value, Slotted, Dying, int, Op])

    def do_new(self) -> Any:
        ways: list[Callable[[], Any]] = [
            lambda: Value.__new__(Value), lambda: Slotted.__new__(Slotted, "odd"),
            lambda: object.__new__(Value), lambda: Value.__new__(int), lambda: Value._blank(-1),
            lambda: Value._blank(2**31), lambda: type(ac.tanh)("t", float, lambda x, y: (1.0,)),
        ]  # fmt: skip
        return self.rnd.choice(ways)()

    def do_look(self) -> Any:
        node = self.node()
        return [repr(node), f"{node:.2f}", node.operands, node.partials, node.label, hash(node)]

    def do_switch(self) -> None:
        if self.blocks and self.rnd.random() < 0.6:
            self.blocks.pop(self.rnd.randrange(len(self.blocks))).__exit__()
            return
        kind = self.rnd.choice([no_grad, detect_anomaly, lambda: scope(Name("s").of(self))])
        self.blocks.append(kind())
        self.blocks[-1].__enter__()

    def do_forget(self) -> None:
        for _ in range(self.rnd.randint(1, 5)):
            if self.nodes:
                del self.nodes[self.rnd.randrange(len(self.nodes))]

    def do_chain(self) -> Any:
        node = self.node()
        for _ in range(200):
            node = node * 0.5 + 1.0
        return node

    def do_collect(self) -> None:
        gc.collect(0)


# --- what calls back -----------------------------------------------------------------------------


@Real.register
class Odd:
    """A number that does something before it tells itself."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def __float__(self) -> float:
        self.walk.back()
        if self.walk.rnd.random() < 0.1:
            raise Mischief
        return 0.25

    def __bool__(self) -> bool:
        self.walk.back()
        return self.walk.rnd.random() < 0.5


class Name(str):
    """A name that does something when it is dropped."""

    walk: Walk | None = None

    def of(self, walk: Walk) -> Name:
        self.walk = walk
        return self

    def __del__(self) -> None:
        if self.walk is not None:
            self.walk.back()

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)


class Dying(Value):
    """A leaf that does something when it is dropped."""

    walk: Walk | None = None

    def __del__(self) -> None:
        if self.walk is not None:
            self.walk.back()

    def __getstate__(self) -> tuple[Any, ...]:
        return *super().__getstate__()[:-1], None


class Slotted(Value):
    """A leaf with a place of its own and weak references, and without a dictionary."""

    __slots__ = ("__weakref__", "own")


class Proud(Value):
    """A leaf with operators of its own."""

    def __radd__(self, other: Any) -> Any:
        return other.__add__(Value(self.data))

    def __mul__(self, other: Any) -> Any:
        return NotImplemented

    def __lt__(self, other: Any) -> Any:
        raise Mischief


class Subclassed(list):  # type: ignore[type-arg]
    """A list that C has to read through its iterator."""
