"""The forward and backward sweep of a graph as data: every step's numbers and formulas, no text.

A trace shows a graph at a depth. At depth *operation* every node is a step. At depth *named* a
step computes one named quantity, through the unnamed nodes between: those *landmarks* are the
leaves, the named nodes, the output, unnamed nodes with more than one consumer, and nodes where a
formula would grow too long to read. Between landmarks derivatives are *direct* (∂): products of
the partials along the unnamed nodes, summed over the ways that lead there.

Depth *layer* is *named* for formulas on whole arrays (`layers`): there a sum over an array is
written once, and counts as its longest term in the length of a formula.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, overload

from .backward import adjoints
from .expression import (
    Application,
    Derivative,
    Expression,
    Number,
    Quantity,
    application,
)
from .graph import consumer_counts, topological_order
from .op import Op
from .spelled import local_derivatives
from .stale import require_fresh
from .table import TABLE
from .value import Value

__all__ = ["Depth", "Step", "Trace", "trace"]

Depth = Literal["operation", "named", "layer"]

RECENT = 512  # formulas that are kept, since edges come in runs
LONGEST_FORMULA = 120  # characters; longer ones are cut into named parts
DEEPEST = 50  # terms that are added one after the other


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a sweep.

    A forward step computes `node`: `formula` = `value`. A backward step follows one edge, from
    the consumer `via` into `node`: `formula` is upstream · local, `contribution` its value,
    `total` the sum of the contributions up to here (after the last edge, the adjoint of `node`).
    The output's own backward step has no consumer: its derivative by itself is 1.

    `rule` names what the step applies: "evaluate", "seed", "chain", or "branch" for one of
    several edges whose contributions add up. `masked` marks 0·∞, counted as 0.
    """

    id: str
    sweep: Literal["forward", "backward"]
    node: Value
    op: Op | None
    rule: Literal["evaluate", "seed", "chain", "branch"]
    formula: Expression
    value: float
    via: Value | None = None
    upstream: float | None = None
    local: float | None = None
    local_formula: Expression | None = None
    contribution: float | None = None
    total: float | None = None
    masked: bool = False


class Trace(Sequence[Step]):
    """The steps of both sweeps, forward then backward, each made when it is asked for.

    `trace[i]` and iteration give `Step`s; `landmarks` the nodes that are shown, in order;
    `adjoint(node)` the derivative of the output by a landmark. Made by `trace(root)`, which has
    an example. A trace belongs to the moment it was made: it does not follow later changes.
    """

    def __init__(
        self,
        root: Value,
        wrt: Sequence[Value] | None = None,
        depth: Depth = "named",
        also: Sequence[Value] = (),
    ) -> None:
        if depth not in ("operation", "named", "layer"):
            raise ValueError(f"a trace has depth 'operation', 'named' or 'layer', not {depth!r}")
        if not isinstance(root, Value):
            raise TypeError(f"a trace explains a Value, not {type(root).__name__}")
        order = topological_order(*also, root)
        require_fresh(order)
        missing = set(wrt or ()).difference(order)
        if missing:
            name = next(iter(missing)).name or "a node of wrt"
            raise ValueError(f"{name} is not in the graph of {root.name or 'the output'}")
        self.root = root
        self.depth = depth
        gradients = adjoints(root)
        shown = _landmarks(order, depth, {root, *also, *(wrt or ())})
        # In topological order; also says which nodes are landmarks.
        self._adjoint = {node: gradients.get(node, 0.0) for node in order if node in shown}
        self.wrt = (
            [node for node in self._adjoint if node.is_leaf and node in gradients]
            if wrt is None
            else list(dict.fromkeys(wrt))
        )
        # Landmarks by number, the inner nodes first; numbers take less room than references.
        inner = [node for node in self._adjoint if not node.is_leaf]
        self._forward_steps = len(inner)
        self._numbered = (*inner, *(node for node in self._adjoint if node.is_leaf))
        number = {node: i for i, node in enumerate(self._numbered)}
        self._nodes = array("i", [number[root]])  # of each backward step
        self._consumers = array("i", [-1])  # likewise; that of the output has none
        for node, consumer in self._backward_edges(gradients):
            self._nodes.append(number[node])
            self._consumers.append(number[consumer])
        self._recent: dict[Value, _Formula] = {}  # the last few formulas: edges come in runs
        self._running = (0, 0.0)  # the last backward step made, and its total

    @property
    def landmarks(self) -> list[Value]:
        """The nodes that the trace shows by themselves, in topological order."""
        return list(self._adjoint)

    @property
    def computed(self) -> tuple[Value, ...]:
        """The nodes of the forward steps, in their order."""
        return self._numbered[: self._forward_steps]

    @property
    def reached(self) -> list[tuple[Value, range]]:
        """The nodes of the backward sweep in its order, each with the places of its steps."""
        found: list[tuple[Value, range]] = []
        start = 0
        for i in range(1, len(self._nodes) + 1):
            if i == len(self._nodes) or self._nodes[i] != self._nodes[start]:
                places = range(self._forward_steps + start, self._forward_steps + i)
                found.append((self._numbered[self._nodes[start]], places))
                start = i
        return found

    def consumer(self, place: int) -> Value | None:
        """The node that a backward step comes from; None for the output's own step."""
        i = self._consumers[place - self._forward_steps]
        return None if i < 0 else self._numbered[i]

    def adjoint(self, node: Value) -> float:
        """d output / d node, for a landmark; 0 where the output does not depend on it."""
        return self._adjoint[node]

    def is_landmark(self, node: Value) -> bool:
        """True for a node that the trace shows by itself."""
        return node in self._adjoint

    def formula(self, node: Value) -> Expression:
        """What a landmark is computed from, in landmarks: the right side of its forward step."""
        return self._formula(node).expression

    def operands(self, node: Value) -> list[Value]:
        """The landmarks in a landmark's formula."""
        return list(_direct_operands(node, self._adjoint))

    def direct(self, consumer: Value) -> dict[Value, tuple[float, Expression]]:
        """∂consumer/∂n for each landmark n in its formula: the number and its formula."""
        return self._formula(consumer).derivatives

    def __len__(self) -> int:
        return self._forward_steps + len(self._nodes)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"a trace of {len(self)} steps has no step {index}")
        if index < self._forward_steps:
            return self._forward_step(index)
        return self._backward_step(index - self._forward_steps)

    def forward(self) -> Iterator[Step]:
        """The steps of the forward sweep."""
        return map(self._forward_step, range(self._forward_steps))

    def backward(self) -> Iterator[Step]:
        """The steps of the backward sweep, edge by edge; a node's edges stand together."""
        return map(self._backward_step, range(len(self._nodes)))

    # --- making one step ----------------------------------------------------------------------

    def _forward_step(self, i: int) -> Step:
        node = self._numbered[i]
        formula = self._formula(node).expression
        return Step(f"f{i + 1}", "forward", node, node.op, "evaluate", formula, node.data)

    def _backward_step(self, i: int) -> Step:
        node = self._numbered[self._nodes[i]]
        key = f"b{i + 1}"
        if i == 0:
            one = Number(1.0)
            return Step(key, "backward", node, None, "seed", one, 1.0, contribution=1.0, total=1.0)
        via = self._numbered[self._consumers[i]]
        first = self._nodes[i - 1] != self._nodes[i]
        last = i + 1 == len(self._nodes) or self._nodes[i + 1] != self._nodes[i]
        contribution = self._contribution(i)
        total = self._adjoint[node] if last else contribution + self._total_before(i)
        self._running = (i, total)
        local, local_formula = self.direct(via)[node]
        upstream = self._adjoint[via]
        return Step(
            key,
            "backward",
            node,
            via.op,
            "chain" if first and last else "branch",
            application(
                TABLE["mul"],
                Derivative(upstream, of=self.root, by=via),
                Derivative(local, of=via, by=node, direct=True),
            ),
            contribution,
            via,
            upstream,
            local,
            local_formula,
            contribution,
            total,
            self._formula(via).masked(node, upstream),
        )

    def _total_before(self, i: int) -> float:
        """The sum of the same node's contributions before step i; free when read in order."""
        if self._running[0] == i - 1 and self._nodes[i - 1] == self._nodes[i]:
            return self._running[1]
        total = 0.0
        while self._nodes[i - 1] == self._nodes[i]:
            i -= 1
            total += self._contribution(i)
        return total

    def _contribution(self, i: int) -> float:
        via = self._numbered[self._consumers[i]]
        local, _ = self.direct(via)[self._numbered[self._nodes[i]]]
        return TABLE["flow"].forward(self._adjoint[via], local)

    # --- the graph between landmarks ----------------------------------------------------------

    def _formula(self, node: Value) -> _Formula:
        formula = self._recent.pop(node, None) or _Formula(node, self._adjoint)
        self._recent[node] = formula
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        return formula

    def _backward_edges(self, gradients: dict[Value, float]) -> Iterator[tuple[Value, Value]]:
        """(node, consumer) for every edge on a way from the output to a node of `wrt`.

        A node comes when all its consumers are done. Of those that become ready together, leaves
        come first: a reader wants w's gradient beside the line it follows from.
        """
        leading = set(self.wrt)
        below: dict[Value, list[Value]] = {}
        waiting: dict[Value, int] = {}
        for node in self._adjoint:
            if node not in gradients:
                continue
            below[node] = [n for n in _direct_operands(node, self._adjoint) if n in leading]
            if below[node]:
                leading.add(node)
            for operand in below[node]:
                waiting[operand] = waiting.get(operand, 0) + 1
        consumers: dict[Value, list[Value]] = {}
        ready = deque([self.root])
        while ready:
            consumer = ready.popleft()
            complete = []
            for node in below[consumer]:
                consumers.setdefault(node, []).append(consumer)
                waiting[node] -= 1
                if waiting[node] == 0:
                    complete.append(node)
            for node in sorted(complete, key=lambda node: not node.is_leaf):
                yield from ((node, via) for via in consumers.pop(node))
                if not node.is_leaf:
                    ready.append(node)


def trace(
    root: Value,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    also: Sequence[Value] = (),
) -> Trace:
    """Trace how `root` was computed and how its gradient flows back.

    wrt : the nodes whose gradients are wanted (default: every leaf). depth : "named" shows the
    named quantities, "layer" the same for formulas on whole arrays, "operation" every node.
    also : further nodes to show in the forward sweep, in the order wanted. Raises `StaleGraph`
    where a leaf changed since. `.grad` is not touched.

    >>> w, x = Value(2.0, "w"), Value(3.0, "x")
    >>> for step in trace((w * x - 1.0).named("L")):
    ...     print(step.id, step.node.name, step.value)
    f1 L 5.0
    b1 L 1.0
    b2 w 3.0
    b3 x 2.0
    """
    return Trace(root, wrt, depth, also)


_ONE = Number(1.0)


class _Formula:
    """A landmark's formula in landmarks, and its direct derivatives; both made when needed."""

    def __init__(self, node: Value, landmarks: dict[Value, float]) -> None:
        self.node = node
        self._landmarks = landmarks
        self._parts: dict[Value, Expression] = {}
        self._inside = _inside(node, landmarks)
        for part in self._inside:
            assert part.op is not None
            operands = tuple(self._shown(o) for o in part.operands)
            self._parts[part] = Application(part.data, op=part.op, operands=operands)
        self.expression: Expression = self._parts.get(node) or Quantity(node.data, of=node)
        self._derivatives: dict[Value, tuple[float, Expression]] | None = None
        self._masked: set[Value] = set()  # reached through 0·∞, counted as 0

    def _shown(self, operand: Value | float) -> Expression:
        if isinstance(operand, float):
            return Number(operand)
        return self._parts.get(operand) or Quantity(operand.data, of=operand)

    @property
    def derivatives(self) -> dict[Value, tuple[float, Expression]]:
        """For each landmark in the formula: ∂node/∂landmark as number and as formula."""
        if self._derivatives is None:
            self._derivatives = self._differentiate()
        return self._derivatives

    def masked(self, node: Value, upstream: float) -> bool:
        """True where 0·∞ counted as 0 on the way from this landmark's adjoint to the node."""
        infinite = upstream == 0.0 and not math.isfinite(self.derivatives[node][0])
        return infinite or node in self._masked

    def _differentiate(self) -> dict[Value, tuple[float, Expression]]:
        flow = TABLE["flow"]
        terms: dict[Value, list[tuple[float, Expression]]] = {self.node: [(1.0, _ONE)]}
        for part in reversed(self._inside):
            assert part.op is not None
            number, formula = _added(terms.pop(part))
            output = Quantity(part.data, of=part) if part is self.node else self._parts[part]
            operands = tuple(self._shown(o) for o in part.operands)
            spelled = local_derivatives(part.op, operands, output)
            for operand, partial, local in zip(part.operands, part.partials, spelled, strict=True):
                if isinstance(operand, float):
                    continue
                one = number == 1.0 and formula == _ONE  # nothing to multiply by
                added = (partial, local) if one else (number * partial, flow(formula, local))
                if number == 0.0:  # the strong zero
                    added = 0.0, added[1]
                if part in self._masked or (number == 0.0 and not math.isfinite(partial)):
                    self._masked.add(operand)
                terms.setdefault(operand, []).append(added)
        return {operand: _added(added) for operand, added in terms.items()}


def _added(terms: list[tuple[float, Expression]]) -> tuple[float, Expression]:
    """The sum of numbers and of their formulas, which of many is no deeper than need be."""
    if len(terms) > DEEPEST:
        middle = len(terms) // 2
        terms = [_added(terms[:middle]), _added(terms[middle:])]
    return reduce(lambda a, b: (a[0] + b[0], a[1] + b[1]), terms)


def _inside(node: Value, landmarks: dict[Value, float]) -> list[Value]:
    """The node and the unnamed nodes of its formula, operands first."""
    order: list[Value] = []
    path: list[tuple[Value, Iterator[Any]]] = [(node, iter(node.operands))]
    while path:
        part, operands = path[-1]
        for operand in operands:
            if type(operand) is not float and operand not in landmarks:
                path.append((operand, iter(operand.operands)))
                break
        else:
            if part.op is not None:
                order.append(part)
            path.pop()
    return order


def _direct_operands(node: Value, landmarks: dict[Value, float]) -> Iterable[Value]:
    """The landmarks in a landmark's formula, each once, from left to right."""
    found: dict[Value, None] = {}
    waiting = list(reversed(node.operands))
    while waiting:
        operand = waiting.pop()
        if isinstance(operand, float):
            continue
        if operand in landmarks:
            found[operand] = None
        else:
            waiting.extend(reversed(operand.operands))
    return found


def _landmarks(order: list[Value], depth: Depth, asked: set[Value]) -> set[Value]:
    """The nodes that a trace of that depth shows by themselves, those asked for among them."""
    if depth == "operation":
        return set(order)
    consumers = consumer_counts(*order)
    shown = {n for n in order if n.is_leaf or n.name is not None or consumers[n] > 1}
    shown |= asked
    width: dict[Value, int] = {}  # how long each unnamed node's formula prints, roughly
    for node in order:
        parts = [] if node.op is None else [o for o in node.operands if not isinstance(o, float)]
        inner = sorted((part for part in parts if part not in shown), key=width.__getitem__)
        printed = 0 if node.op is None else _printed(node, width, depth)
        while inner and printed > LONGEST_FORMULA:
            longest = inner.pop()
            shown.add(longest)
            printed -= width[longest] - 2  # u1, u2, …
            width[longest] = 2
        width[node] = len(node.name or "u1") if node in shown else printed
        for part in inner:
            del width[part]  # it has one consumer, and this was it
    return shown


def _printed(node: Value, width: dict[Value, int], depth: Depth) -> int:
    assert node.op is not None
    sizes = [len(f"{o:g}") if isinstance(o, float) else width[o] for o in node.operands]
    if depth == "layer" and node.op.variadic:  # a sum over an array is written once
        return len(node.op.symbol) + max(sizes) + 6
    return len(node.op.symbol) + sum(sizes) + 3 * len(sizes)
