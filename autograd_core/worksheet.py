"""Worksheets: a problem typed as plain mathematics becomes named nodes, safely.

    x = 2                        a number: a leaf
    y = sigmoid(4 - 2*x)         a formula: a named node
    given(t)                     t is data: no gradient is asked for
    output(L)                    default: the last assignment
    derivative(o, y)             shown as well; derivative(L, x) asks for dL/dx
    update(L, w, lr=0.1)         a step of gradient descent

Nothing is executed: the text is parsed (`syntax`) and its postfix code is run on the table's rows.
Every mistake is a `WorksheetError` with line, column and repair.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import WorksheetError
from .graph import topological_order
from .syntax import Code, Instruction, Statement, parse_statements
from .table import TABLE
from .update_rules import RULES
from .value import Value

__all__ = ["Update", "Worksheet"]

MOST_OPERATIONS = 10_000
MOST_STEPS = 1_000
MOST_STEP_OPERATIONS = 100_000

# Rows that a worksheet writes otherwise, or that are no function of plain numbers.
_NO_FUNCTIONS = {"flow", "equal", "identity", "dot"}
FUNCTIONS = {name: row for name, row in TABLE.items() if name not in _NO_FUNCTIONS}
CONSTANTS = {"pi": math.pi}
_HINTS = {"ln": "the natural logarithm is log(x)", "e": "the exponential function is exp(x)"}


@dataclass(frozen=True, slots=True)
class Update:
    """`update(L, w, …, lr=0.1, steps=1, rule="sgd")`, with the parameters' names."""

    parameters: tuple[str, ...]
    lr: float
    steps: int
    rule: str


class Worksheet:
    """A parsed problem: its named quantities, and what is asked about them.

    Attributes
    ----------
    text : the worksheet as typed.
    values : every name with the node it stands for at the end.
    assigned : the nodes in the order of their assignments.
    output : the quantity that gradients are taken of.
    wrt : the leaves whose gradients are asked for: those named in `update` and
        `derivative(output, …)`, else all that are not given.
    given : the leaves marked as data.
    derivatives : further pairs (of, by) that are asked for.
    updates : the updates, in order.

    >>> sheet = Worksheet.parse("w = 2; x = 3; L = (w*x - 1)**2")
    >>> sheet.output.data
    25.0
    """

    def __init__(self, text: str, statements: list[Statement], changes: Mapping[str, float]):
        self.text = text
        self.values: dict[str, Value] = {}
        self.assigned: list[Value] = []
        self.given: list[Value] = []
        self.derivatives: list[tuple[Value, Value]] = []
        self.updates: list[Update] = []
        self._statements = statements
        self._changes = dict(changes)
        self._operations = 0
        self._assigned_somewhere = {s.name for s in statements if s.kind == "assign"}
        for name in self._changes:
            if name not in self._assigned_somewhere:
                self._assign(name, self._changes[name])
        for statement in statements:
            if statement.kind == "assign":
                self._assign(statement.name, self._run(statement.code), statement)
        self.output = self._find_output()
        for statement in statements:
            self._direct(statement)
        self.wrt = self._find_wrt()

    @classmethod
    def parse(cls, text: str, values: Mapping[str, float] | None = None) -> Worksheet:
        """Read a worksheet; `values` gives or replaces the numbers of names.

        Raises `WorksheetError` naming line, column and repair.

        >>> Worksheet.parse("L = w**2", {"w": 3.0}).output.data
        9.0
        """
        sheet = cls(text, parse_statements(text), values or {})
        sheet._require_used(values or {})
        return sheet

    def replay(self, values: Mapping[str, float]) -> Worksheet:
        """The same problem with other numbers: the forward pass after an update."""
        return Worksheet(self.text, self._statements, {**self._changes, **values})

    # --- expressions --------------------------------------------------------------------------

    def _assign(
        self, name: str, result: Value | float, statement: Statement | None = None
    ) -> None:
        if isinstance(result, float):
            if name in self._changes:
                result = self._changes[name]
            result = Value(result)
        elif name in self._changes:
            assert statement is not None
            raise WorksheetError(
                f"{name} is computed here, so it cannot be given a number",
                statement.line,
                statement.column,
            )
        elif result.name is not None:  # b = a
            result = TABLE["identity"](result)
        assert isinstance(result, Value)
        self.values[name] = result.named(name)
        self.assigned.append(result)

    def _run(self, code: Code) -> Value | float:
        stack: list[Value | float] = []
        for instruction in code:
            match instruction.kind:
                case "number":
                    stack.append(instruction.number)
                case "name":
                    stack.append(self._look_up(instruction))
                case _:
                    operands = stack[len(stack) - instruction.count :]
                    del stack[len(stack) - instruction.count :]
                    stack.append(self._apply(instruction, operands))
        [result] = stack
        return result

    def _look_up(self, instruction: Instruction) -> Value | float:
        name = instruction.name
        if name in self.values:
            return self.values[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in self._assigned_somewhere:
            problem = f"{name} is used before it is assigned"
        elif name in FUNCTIONS:
            problem = f"{name} is a function: write {name}(…)"
        else:
            problem = _unknown(f"{name} has no value", name, self._assigned_somewhere)
            problem += f" (give it one: {name} = …)"
        raise WorksheetError(problem, instruction.line, instruction.column)

    def _apply(self, instruction: Instruction, operands: list[Value | float]) -> Value | float:
        name, line, column = instruction.name, instruction.line, instruction.column
        self._operations += 1
        if self._operations > MOST_OPERATIONS:
            raise WorksheetError(f"more than {MOST_OPERATIONS} operations", line, column)
        row = FUNCTIONS.get(name)
        if row is None:
            raise WorksheetError(
                _unknown(f"there is no function {name}", name, FUNCTIONS), line, column
            )
        plain = len(operands) - len(instruction.options)
        options = dict(zip(instruction.options, operands[plain:], strict=True))
        for option in options:
            if instruction.options.count(option) > 1:
                raise WorksheetError(f"{name} is given {option} twice", line, column)
        try:
            if row.variadic:
                if options:
                    raise TypeError(f"{name} has no options")
                bound: tuple[Any, ...] = tuple(operands)
            else:
                bound = row.bind(tuple(operands[:plain]), options)
        except TypeError as problem:
            raise WorksheetError(str(problem), line, column) from None
        result: Value | float = row(*bound)
        number = result if isinstance(result, float) else result.data
        if not math.isfinite(number):
            numbers = [o if isinstance(o, float) else o.data for o in bound]
            raise WorksheetError(_domain_problem(name, numbers, number), line, column)
        return result

    # --- directives ---------------------------------------------------------------------------

    def _find_output(self) -> Value:
        output: Value | None = None
        for statement in self._statements:
            if statement.kind == "output":
                [output] = self._named(statement, exactly=1)
            elif statement.kind == "assign" and output is None:
                last = statement.name
        if output is not None:
            return output
        if not self._assigned_somewhere:
            raise WorksheetError("nothing is computed: write name = expression", 1, 1)
        return self.values[last]

    def _direct(self, statement: Statement) -> None:
        match statement.kind:
            case "given":
                for value in self._named(statement):
                    self._require_leaf(value, statement, "given")
                    self.given.append(value)
            case "derivative":
                of, by = self._named(statement, exactly=2)
                self._require_dependence(of, by, statement)
                if of is not self.output or not by.is_leaf:
                    self.derivatives.append((of, by))
            case "update":
                self._update(statement)
        if statement.kind not in ("assign", "update") and statement.options:
            self._refuse_option(statement, statement.options[0][0], ())

    def _update(self, statement: Statement) -> None:
        of, *parameters = self._named(statement)
        if of is not self.output:
            raise WorksheetError(
                f"update descends the output {self.output.name}, not {of.name}; "
                f"output({of.name}) would make that the output",
                statement.line,
                statement.column,
            )
        if not parameters:
            raise WorksheetError(
                f"update({of.name}, …) names no parameter", statement.line, statement.column
            )
        for value in parameters:
            self._require_leaf(value, statement, "update")
            self._require_dependence(of, value, statement)
        options: dict[str, Any] = {"steps": 1.0, "rule": "sgd"}
        for name, value_of in statement.options:
            if name not in ("lr", "steps", "rule"):
                self._refuse_option(statement, name, ("lr", "steps", "rule"))
            options[name] = value_of if isinstance(value_of, str) else self._plain(value_of)
        if not isinstance(options.get("lr"), float):
            raise WorksheetError(
                "update needs a learning rate, as in lr=0.1", statement.line, statement.column
            )
        steps = options["steps"]
        if not isinstance(steps, float) or not steps.is_integer() or not 1 <= steps <= MOST_STEPS:
            raise WorksheetError(
                f"steps is a whole number from 1 to {MOST_STEPS}", statement.line, statement.column
            )
        if options["rule"] not in RULES:
            raise WorksheetError(
                _unknown(f"there is no rule {options['rule']!r}", str(options["rule"]), RULES),
                statement.line,
                statement.column,
            )
        if steps * self._operations > MOST_STEP_OPERATIONS:
            raise WorksheetError(
                f"{int(steps)} steps of {self._operations} operations are too many; "
                f"at most {MOST_STEP_OPERATIONS} are worked out",
                statement.line,
                statement.column,
            )
        names = tuple(str(value.name) for value in parameters)
        self.updates.append(Update(names, options["lr"], int(steps), options["rule"]))

    def _plain(self, code: Code) -> float:
        result = self._run(code)
        return result if isinstance(result, float) else result.data

    def _named(self, statement: Statement, exactly: int | None = None) -> list[Value]:
        """The nodes that a directive's arguments name."""
        if exactly is not None and len(statement.arguments) != exactly:
            raise WorksheetError(
                f"{statement.kind} takes {exactly} name{'s' if exactly > 1 else ''}",
                statement.line,
                statement.column,
            )
        if not statement.arguments:
            raise WorksheetError(
                f"{statement.kind}() names nothing", statement.line, statement.column
            )
        found = []
        for code in statement.arguments:
            value = self._look_up(code[0]) if code[0].kind == "name" else None
            if len(code) > 1 or not isinstance(value, Value):
                raise WorksheetError(
                    f"{statement.kind} takes names of quantities", code[0].line, code[0].column
                )
            found.append(value)
        return found

    def _require_leaf(self, value: Value, statement: Statement, use: str) -> None:
        if not value.is_leaf:
            raise WorksheetError(
                f"{value.name} is computed; {use} takes quantities that are assigned a number",
                statement.line,
                statement.column,
            )

    def _require_dependence(self, of: Value, by: Value, statement: Statement) -> None:
        if by not in topological_order(of):
            raise WorksheetError(
                f"{of.name} does not depend on {by.name}", statement.line, statement.column
            )

    def _refuse_option(self, statement: Statement, name: str, known: Iterable[str]) -> None:
        raise WorksheetError(
            _unknown(f"{statement.kind} has no option {name}", name, known),
            statement.line,
            statement.column,
        )

    def _require_used(self, values: Mapping[str, float]) -> None:
        """Numbers given from outside must belong to names that the worksheet has."""
        mentioned = self._assigned_somewhere | {
            instruction.name
            for statement in self._statements
            for code in (statement.code, *statement.arguments)
            for instruction in code
            if instruction.kind == "name"
        }
        for name in values:
            if name not in mentioned:
                raise WorksheetError(
                    _unknown(f"{name} is given a number but not used", name, mentioned), 1, 1
                )

    def _find_wrt(self) -> list[Value]:
        asked = {name for update in self.updates for name in update.parameters}
        for statement in self._statements:
            if statement.kind == "derivative":
                of, by = self._named(statement)
                if of is self.output and by.is_leaf:
                    asked.add(str(by.name))
        reached = set(topological_order(self.output))
        return [
            value
            for value in self.assigned
            if value.is_leaf
            and value in reached
            and (value.name in asked if asked else value not in self.given)
        ]


def _unknown(problem: str, name: str, known: Iterable[str]) -> str:
    """The problem, with a hint or the nearest known name."""
    if name in _HINTS:
        return f"{problem}: {_HINTS[name]}"
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"{problem}; did you mean {near[0]}?" if near else problem


def _domain_problem(operation: str, numbers: list[float], result: float) -> str:
    shown = ", ".join(f"{number:g}" for number in numbers)
    if operation in ("div", "mod") and numbers[1] == 0.0:
        return f"division by zero: {numbers[0]:g}/{numbers[1]:g}"
    if operation in ("log", "log2", "log10") and numbers[0] <= 0.0:
        return f"{operation}({shown}): a logarithm needs a positive number"
    if operation == "sqrt":
        return f"sqrt({shown}): no real number has a negative square"
    if operation == "pow" and numbers[0] < 0.0 and not numbers[1].is_integer():
        return f"({numbers[0]:g})**{numbers[1]:g} is not a real number"
    if operation == "pow" and numbers[0] == 0.0:
        return f"division by zero: 0**({numbers[1]:g})"
    if math.isnan(result):
        return f"{operation}({shown}) is not a real number"
    return f"{operation}({shown}) is too large for a floating-point number"
