"""A worksheet once more: read with Python's own grammar, evaluated with mpmath.

    read_worksheet(text) -> its values at 80 digits, its gradients by central differences, updates

A derivative at a kink follows the conventions (relu′(0) = abs′(0) = 0, ties of a maximum share):
which piece a function is on is decided at the point and kept while the point is moved.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .formulas import Real, Tree, evaluate, mp, names_in

__all__ = ["Program", "Reference", "Update", "read_worksheet"]

STEP = mp.mpf(10) ** -30  # of the central differences: right to 50 digits


class Program:
    """Numbers for some names, formulas for others, in order; derivatives by differences."""

    def __init__(self, leaves: Mapping[str, Real], formulas: Mapping[str, Tree]) -> None:
        self.leaves = dict(leaves)
        self.formulas = dict(formulas)
        self.pieces: dict[int, Any] = {}
        self.values = self._run({})
        self.uses = {name: dict.fromkeys(names_in(f)) for name, f in self.formulas.items()}
        self._total: dict[str, dict[str, Real]] = {}
        self._direct: dict[tuple[str, str], Real] = {}

    def _run(self, moved: Mapping[str, Real]) -> dict[str, Real]:
        values = {**self.leaves, **{n: x for n, x in moved.items() if n in self.leaves}}
        for name, formula in self.formulas.items():
            if name in moved:
                values[name] = moved[name]
            else:
                values[name] = evaluate(formula, values, self.pieces)
        return values

    def total(self, of: str, by: str) -> Real:
        """d of / d by: every quantity after `by` follows."""
        if by not in self._total:
            x, h = self.values[by], STEP * max(1, abs(self.values[by]))
            above, below = self._run({by: x + h}), self._run({by: x - h})
            self._total[by] = {n: (above[n] - below[n]) / (2 * h) for n in above}
        return self._total[by][of]

    def direct(self, of: str, by: str) -> Real:
        """∂of/∂by: within the formula of `of` alone."""
        if (of, by) not in self._direct:
            x, h = self.values[by], STEP * max(1, abs(self.values[by]))
            above, below = (
                evaluate(self.formulas[of], {**self.values, by: moved}, self.pieces)
                for moved in (x + h, x - h)
            )
            self._direct[of, by] = (above - below) / (2 * h)
        return self._direct[of, by]

    def below(self, name: str) -> set[str]:
        """What a quantity depends on, itself included."""
        found, waiting = {name}, [name]
        while waiting:
            for used in self.uses.get(waiting.pop(), ()):
                if used not in found:
                    found.add(used)
                    waiting.append(used)
        return found

    def paths(self, of: str, by: str) -> int:
        """How many ways lead from `of` down to `by`."""
        ways = {by: 1}
        for name in self.formulas:
            if name != by:
                ways[name] = sum(ways.get(used, 0) for used in self.uses[name])
        return ways[of]


# --- the worksheet ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Update:
    parameters: tuple[str, ...]
    lr: Real
    steps: int


class Reference:
    """What a worksheet says, worked out with mpmath: values, gradients, updates."""

    def __init__(self, text: str, numbers: Mapping[str, Real]) -> None:
        self.given: list[str] = []
        self.derivatives: list[tuple[str, str]] = []
        self.updates: list[Update] = []
        self.order: list[str] = []
        self._called: dict[str, str] = {}  # a name assigned twice is primed the second time
        leaves: dict[str, Real] = {}
        formulas: dict[str, Tree] = {}
        directives = []
        output = ""
        typed = ast.parse(text).body
        assigned = {s.targets[0].id for s in typed if isinstance(s, ast.Assign)}  # type: ignore[attr-defined]
        for name, number in numbers.items():
            if name not in assigned:
                leaves[self._assign(name)] = mp.mpf(number)
        for statement in typed:
            if isinstance(statement, ast.Expr):
                directives.append(statement.value)
                continue
            assert isinstance(statement, ast.Assign)
            tree = self._tree(statement.value)
            target = statement.targets[0].id  # type: ignore[attr-defined]
            name = self._assign(target)
            if any(names_in(tree)):
                formulas[name] = tree
            else:
                leaves[name] = mp.mpf(numbers.get(target, evaluate(tree, {})))
            output = name
        for call in directives:
            assert isinstance(call, ast.Call)
            assert isinstance(call.func, ast.Name)
            arguments = [self._called[a.id] for a in call.args]  # type: ignore[attr-defined]
            if call.func.id == "output":
                [output] = arguments
            elif call.func.id == "given":
                self.given += arguments
            elif call.func.id == "derivative":
                self.derivatives.append((arguments[0], arguments[1]))
            else:
                options = {o.arg: o.value for o in call.keywords}
                steps = evaluate(self._tree(options["steps"]), {}) if "steps" in options else 1
                lr = evaluate(self._tree(options["lr"]), {})
                self.updates.append(Update(tuple(arguments[1:]), lr, int(steps)))
        self.output = output
        self.program = Program(leaves, formulas)
        self.values = self.program.values
        asked = {p for update in self.updates for p in update.parameters}
        asked |= {by for of, by in self.derivatives if of == output and by in leaves}
        self.derivatives = [
            (of, by) for of, by in self.derivatives if of != output or by not in leaves
        ]
        below = self.program.below(output)
        self.wrt = [
            name
            for name in self.order
            if name in leaves
            and name in below
            and (name in asked if asked else name not in self.given)
        ]

    def _assign(self, name: str) -> str:
        shown = name
        while shown in self.order:
            shown += "′"
        self.order.append(shown)
        self._called[name] = shown
        return shown

    def gradient(self, name: str) -> Real:
        """d output / d name."""
        return self.program.total(self.output, name)

    def updated(self, update: Update) -> Iterator[tuple[Program, dict[str, Real]]]:
        """For each step: the problem before it, and the parameters after it."""
        new: dict[str, Real] = {}
        program = self.program
        for step in range(update.steps):
            if step:
                program = Program({**program.leaves, **new}, program.formulas)
            new = {
                p: program.leaves[p] - update.lr * program.total(self.output, p)
                for p in update.parameters
            }
            yield program, new

    def _tree(self, node: Any) -> Tree:
        match node:
            case ast.Constant():
                return Tree("number", number=mp.mpf(repr(float(node.value))))
            case ast.Name(id="pi") if "pi" not in self._called:
                return Tree("number", number=mp.pi)
            case ast.Name():
                return Tree("name", name=self._called[node.id])
            case ast.UnaryOp(op=ast.USub()):
                return Tree("neg", (self._tree(node.operand),))
            case ast.UnaryOp(op=ast.UAdd()):
                return self._tree(node.operand)
            case ast.BinOp():
                head = {"Add": "add", "Sub": "sub", "Mult": "mul", "Div": "div", "Pow": "pow"}
                parts = (self._tree(node.left), self._tree(node.right))
                return Tree(head[type(node.op).__name__], parts)
            case ast.Call():
                operands = [*node.args, *(option.value for option in node.keywords)]
                return Tree(node.func.id, tuple(map(self._tree, operands)))
        raise ValueError(f"the checker does not know {ast.dump(node)}")


@lru_cache(maxsize=256)
def _reference(text: str, numbers: tuple[tuple[str, float], ...]) -> Reference:
    return Reference(text, {name: mp.mpf(repr(number)) for name, number in numbers})


def read_worksheet(text: str, numbers: Mapping[str, float] | None = None) -> Reference:
    """Read and evaluate a worksheet, with numbers given or replaced."""
    return _reference(text, tuple((numbers or {}).items()))
