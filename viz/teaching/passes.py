"""The passes of a problem: its numbers before the first update, and after each.

Pass 1 has the numbers as typed. Pass k + 1 has the parameters as the worksheet's update leaves
them after k steps; a problem without an update has one pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograd_core.backward import adjoints
from autograd_core.expression import Application, Expression, Number, Quantity
from autograd_core.graph import topological_order
from autograd_core.tracing import Trace
from autograd_core.update_rules import RULES
from autograd_core.value import Value
from autograd_core.worksheet import Update, Worksheet

from ..digits import AS_TYPED
from ..letters import pretty_name
from ..names import Names
from ..notation import Text, Writer

__all__ = ["Pass", "Passes", "depends"]

LONGEST = 120  # characters of a formula in a sentence


@dataclass(frozen=True)
class Pass:
    """One pass: the graph with its names. `states` are the update rule's, before its step."""

    root: Value
    sheet: Worksheet | None = None
    states: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def trace(self) -> Trace:
        return Trace(self.root, also=self.sheet.assigned if self.sheet else ())

    @cached_property
    def names(self) -> Names:
        return Names(self.trace.landmarks)

    @cached_property
    def quantities(self) -> dict[str, Value]:
        """Every quantity by its name in print, and as it was typed."""
        found = {self.names(node): node for node in self.trace.landmarks}
        for name in list(found):
            found.setdefault(pretty_name(name), found[name])
        return found

    @cached_property
    def direct(self) -> dict[Value, dict[Value, tuple[float, Expression]]]:
        """For each quantity its direct derivatives by those in its formula."""
        return {node: self.trace.direct(node) for node in self.trace.landmarks if not node.is_leaf}

    @cached_property
    def inside(self) -> dict[Value, Value]:
        """For each operation, in order, the quantity whose formula it belongs to."""
        owner: dict[Value, Value] = {}
        for node in reversed(topological_order(*self.trace.landmarks)):
            if not node.is_leaf:
                mine = node if self.trace.is_landmark(node) else owner[node]
                owner[node] = mine
                for operand in node.operands:
                    if not isinstance(operand, float):
                        owner.setdefault(operand, mine)
        return {node: owner[node] for node in reversed(owner) if not node.is_leaf}

    @cached_property
    def uses(self) -> dict[Value, dict[Value, list[Value]]]:
        """For each quantity and each formula it stands in, the operations it goes into."""
        found: dict[Value, dict[Value, list[Value]]] = {}
        for part, owner in self.inside.items():
            for operand in dict.fromkeys(part.operands):
                if not isinstance(operand, float) and self.trace.is_landmark(operand):
                    found.setdefault(operand, {}).setdefault(owner, []).append(part)
        return found

    @cached_property
    def gradients(self) -> dict[Value, float]:
        """d output / d node for every node."""
        return adjoints(self.root)

    # --- how it is written --------------------------------------------------------------------

    @cached_property
    def writer(self) -> Writer:
        return Writer(Text(), self.names)

    def text(self, operand: Value | float) -> str:
        """A quantity by its name, an unnamed one by its formula in names."""
        if isinstance(operand, float):
            return self._written(Number(operand))
        return self._written(self._shown(operand))

    def formula(self, node: Value) -> str:
        """What a node is computed from: its operation on its operands."""
        return self._written(self._applied(node))

    def _written(self, formula: Expression) -> str:
        written = self.writer.write(formula, AS_TYPED)
        return written if len(written) <= LONGEST else f"{written[:LONGEST]}…"

    def _shown(self, operand: Value | float) -> Expression:
        if isinstance(operand, float):
            return Number(operand)
        if self.trace.is_landmark(operand) or operand.is_leaf:
            return Quantity(operand.data, of=operand)
        return self._applied(operand)

    def _applied(self, node: Value) -> Expression:
        """Recursion ends soon: between quantities a formula has at most some 120 characters."""
        assert node.op is not None
        return Application(node.data, op=node.op, operands=tuple(map(self._shown, node.operands)))


class Passes:
    """The passes of a problem, each made when it is asked for; they count from 1.

    >>> passes = Passes(Worksheet.parse("w = 2; L = w**2; update(L, w, lr=0.1, steps=2)"))
    >>> [passes[k].root.data for k in (1, 2)], passes.updated("w", 1), passes.last
    ([4.0, 2.5600000000000005], 1.6, 3)
    """

    def __init__(self, problem: Value | Worksheet) -> None:
        sheet = problem if isinstance(problem, Worksheet) else None
        root = problem.output if isinstance(problem, Worksheet) else problem
        self.sheet = sheet
        self._made = [Pass(root, sheet)]

    @property
    def last(self) -> int:
        """The number of the pass after the last step; 1 where no update, or several, are asked."""
        return 1 + (self._updates[0].steps if len(self._updates) == 1 else 0)

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the update changes from pass to pass."""
        return self._updates[0].parameters if len(self._updates) == 1 else ()

    @property
    def _updates(self) -> list[Update]:
        return self.sheet.updates if self.sheet else []

    def __getitem__(self, number: int) -> Pass:
        while len(self._made) < number:
            self._step()
        return self._made[number - 1]

    def update_of(self, name: str) -> Update | None:
        """The update that changes a parameter; None where none or several do."""
        found = [update for update in self._updates if name in update.parameters]
        return found[0] if len(found) == 1 else None

    def updated(self, name: str, step: int, gradient: float | None = None) -> float:
        """The parameter after a step of its update; another gradient may be put in."""
        return self._applied(name, step, gradient)[0]

    def _applied(self, name: str, step: int, gradient: float | None) -> tuple[float, Any]:
        update = self.update_of(name)
        assert update is not None
        here = self[step]
        assert here.sheet is not None
        node = here.sheet.nodes[name]
        if gradient is None:
            gradient = here.gradients[node]
        options = {**update.options, "lr": update.lr}
        return RULES[update.rule](node.data, gradient, here.states.get(name), **options)

    def _step(self) -> None:
        number = len(self._made)
        here = self._made[-1]
        assert here.sheet is not None
        results = {name: self._applied(name, number, None) for name in self.parameters}
        sheet = here.sheet.replay({name: value for name, (value, _) in results.items()})
        states = {name: state for name, (_, state) in results.items()}
        self._made.append(Pass(sheet.output, sheet, states))


def depends(of: Value, by: Value) -> bool:
    """True where the first quantity is computed from the second."""
    return by in topological_order(of)
