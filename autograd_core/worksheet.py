"""Worksheets: a problem typed as plain mathematics becomes named nodes, safely.

    x = 2                        a number: a leaf
    W = [[1, 2], [3, 4]]         a matrix of leaves W[0, 0], W[0, 1], …; a vector is [1, 2]
    y = sigmoid(4 - 2*x)         a formula: a named node
    z = W @ [x, y]               products of matrices, elementwise arithmetic, entries z[0]
    given(t)                     t is data: no gradient is asked for
    output(L)                    default: the last assignment
    derivative(o, y)             shown as well; derivative(L, x) asks for dL/dx
    derivative(L, x, y)          a second derivative
    paths(L, w, by=[L1, L2])     every way from L down to w, by the terms it leads through
    update(L, w, lr=0.1)         a step of gradient descent

Nothing is executed: the text is parsed (`syntax`) and its postfix code is run on what it names
(`bindings`, `vocabulary`). Every mistake is a `WorksheetError` with line, column and repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .bindings import Bindings
from .errors import WorksheetError
from .graph import topological_order
from .syntax import Statement, parse_statements
from .updates import Update, read_update
from .value import Value
from .vocabulary import unknown

__all__ = ["Update", "Worksheet"]

MOST_STEP_OPERATIONS = 100_000
MOST_DERIVATIVES = 100  # of one derivative(…) with arrays


class Worksheet:
    """A parsed problem: its named quantities, and what is asked about them.

    Attributes
    ----------
    text : the worksheet as typed.
    values : every name with the node it stands for at the end, or the array of nodes.
    nodes : the same by single quantities: w, W[0, 1].
    assigned : the nodes in the order of their assignments.
    output : the quantity that gradients are taken of.
    wrt : the leaves whose gradients are asked for: those named in `update` and
        `derivative(output, …)`, else all that are not given.
    given : the leaves marked as data.
    derivatives : further pairs (of, by) that are asked for.
    higher : derivatives of second and higher order: (of, by, by, …).
    routes : the ways between two quantities that are to be written out: (of, by, terms).
    updates : the updates, in order.

    >>> sheet = Worksheet.parse("w = 2; x = 3; L = (w*x - 1)**2")
    >>> sheet.output.data
    25.0
    """

    def __init__(self, text: str, statements: list[Statement], changes: Mapping[str, Any]):
        self.text = text
        self.given: list[Value] = []
        self.derivatives: list[tuple[Value, Value]] = []
        self.higher: list[tuple[Value, ...]] = []
        self.routes: list[tuple[Value, Value, list[Value]]] = []
        self.updates: list[Update] = []
        self._statements = statements
        self._changes = dict(changes)
        self._bindings = bindings = Bindings(statements, changes)
        for statement in statements:
            if statement.kind == "assign":
                bindings.assign(statement)
        bindings.name_shared()
        self.values: dict[str, Any] = bindings.values
        self.nodes: dict[str, Value] = bindings.nodes
        self.assigned: list[Value] = bindings.assigned
        self.output = self._find_output()
        self._reached = set(topological_order(self.output))
        for statement in statements:
            self._direct(statement)
        self.wrt = self._find_wrt()

    @classmethod
    def parse(cls, text: str, values: Mapping[str, Any] | None = None) -> Worksheet:
        """Read a worksheet; `values` gives or replaces the numbers of names.

        A name is that of a quantity, with a number or nested lists of numbers, or of an entry.
        Raises `WorksheetError` naming line, column and repair.

        >>> Worksheet.parse("L = w**2", {"w": 3.0}).output.data
        9.0
        """
        sheet = cls(text, parse_statements(text), values or {})
        sheet._require_used()
        return sheet

    def replay(self, values: Mapping[str, float]) -> Worksheet:
        """The same problem with other numbers: the forward pass after an update."""
        return Worksheet(self.text, self._statements, {**self._changes, **values})

    # --- directives ---------------------------------------------------------------------------

    def _find_output(self) -> Value:
        found = [s for s in self._statements if s.kind == "output"]
        assigned = [s for s in self._statements if s.kind == "assign"]
        if found:
            [output] = self._arguments(found[-1], 1, 1)
            statement, name = found[-1], found[-1].arguments[0][0].name
        elif assigned:
            statement, name = assigned[-1], assigned[-1].name
            output = self.values[name]
        else:
            raise WorksheetError("nothing is computed: write name = expression", 1, 1)
        if not isinstance(output, Value):
            raise _mistake(
                f"{name} has {output.size} entries; the output is one number, as in "
                f"L = sum({name}) or output({name}[0])",
                statement,
            )
        return output

    def _direct(self, statement: Statement) -> None:
        match statement.kind:
            case "given":
                for value in _flat(self._arguments(statement, 1)):
                    self._require_leaf(value, statement, "given")
                    self.given.append(value)
            case "derivative":
                self._derivative(statement)
            case "paths":
                self._paths(statement)
            case "update":
                self._update(statement)
        options = [name for name, _ in statement.options]
        if statement.kind not in ("assign", "paths", "update") and options:
            self._refuse_option(statement, options[0], ())
        for name in options:
            if options.count(name) > 1:
                raise _mistake(f"{statement.kind} is given {name} twice", statement)

    def _derivative(self, statement: Statement) -> None:
        arguments = self._arguments(statement, 2, 4)
        of, *by = (_flat([argument]) for argument in arguments)
        if len(of) * len(by[0]) > MOST_DERIVATIVES and of != [self.output]:
            raise _mistake(
                f"{len(of)}·{len(by[0])} derivatives; at most {MOST_DERIVATIVES} are written out",
                statement,
            )
        if len(by) > 1:
            if any(len(values) > 1 for values in (of, *by)):
                raise _mistake("a higher derivative is taken of and by single numbers", statement)
            self.higher.append((of[0], *(value for [value] in by)))
        for argument in arguments[1:]:
            pairs = self._dependent(of, argument, statement)
        if len(by) == 1:
            self.derivatives += [
                (top, bottom) for top, bottom in pairs
                if top is not self.output or not bottom.is_leaf
            ]  # fmt: skip

    def _paths(self, statement: Statement) -> None:
        of, by = self._arguments(statement, 2, 2)
        terms: list[Value] = []
        for name, code in statement.options:
            if name != "by":
                self._refuse_option(statement, name, ["by"])
            terms = _flat([self._bindings.run(code)])
        if not isinstance(of, Value) or not isinstance(by, Value):
            raise _mistake("paths lead from one number to one number, as in W[0, 1]", statement)
        self._dependent([of], by, statement)
        for term in terms:
            if not isinstance(term, Value) or term.name is None:
                raise _mistake("by is a list of names, as in by=[L1, L2]", statement)
            self._dependent([of], term, statement)
        self.routes.append((of, by, terms))

    def _update(self, statement: Statement) -> None:
        of, *parameters = self._arguments(statement, 1)
        if of is not self.output:
            name = statement.arguments[0][0].name
            raise _mistake(
                f"update descends the output {self.output.name}, not {name}; "
                f"output({name}) would make that the output",
                statement,
            )
        values = _flat(parameters)
        if not values:
            raise _mistake(f"update({of.name}, …) names no parameter", statement)
        named: set[Value] = set()
        for value in values:
            self._require_leaf(value, statement, "update")
            if value in named:
                raise _mistake(f"update names {value.name} twice", statement)
            named.add(value)
        for argument in parameters:
            self._dependent([of], argument, statement)
        options = {name: self._bindings.run(code) for name, code in statement.options}
        options = {n: v.data if isinstance(v, Value) else v for n, v in options.items()}
        try:
            update = read_update(tuple(str(value.name) for value in values), options)
        except ValueError as problem:
            raise _mistake(str(problem), statement) from None
        if update.steps * self._bindings.operations > MOST_STEP_OPERATIONS:
            raise _mistake(
                f"{update.steps} steps of {self._bindings.operations} operations are too many; "
                f"at most {MOST_STEP_OPERATIONS} are worked out",
                statement,
            )
        self.updates.append(update)

    def _arguments(self, statement: Statement, least: int, most: int | None = None) -> list[Any]:
        """The quantities, arrays or entries that a directive names."""
        kind, count = statement.kind, len(statement.arguments)
        if not count:
            raise _mistake(f"{kind}() names nothing", statement)
        if count < least or (most is not None and count > most):
            names = f"{least} name{'s' if least > 1 else ''}"
            raise _mistake(f"{kind} takes {names}", statement)
        found = []
        for code in statement.arguments:
            only_named = code[0].kind == "name" and all(i.kind == "index" for i in code[1:])
            value = self._bindings.run(code) if only_named else None
            if not isinstance(value, Value) and not hasattr(value, "flat"):
                raise WorksheetError(
                    f"{kind} takes names of quantities", code[0].line, code[0].column
                )
            found.append(value)
        return found

    # --- what is required ---------------------------------------------------------------------

    def _require_leaf(self, value: Value, statement: Statement, use: str) -> None:
        if not value.is_leaf:
            raise _mistake(
                f"{value.name} is computed; {use} takes quantities that are assigned a number",
                statement,
            )

    def _dependent(
        self, tops: list[Value], by: Any, statement: Statement
    ) -> list[tuple[Value, Value]]:
        """The pairs of which the first depends on the second; of arrays some pairs need not."""
        bottoms = _flat([by])
        found = []
        for top in tops:
            below = self._reached if top is self.output else set(topological_order(top))
            found += [(top, bottom) for bottom in bottoms if bottom in below]
        if not found:
            of, on = (f"{v[0].name}{', …' if len(v) > 1 else ''}" for v in (tops, bottoms))
            raise _mistake(f"{of} does not depend on {on}", statement)
        return found

    def _refuse_option(self, statement: Statement, name: str, known: Iterable[str]) -> None:
        raise _mistake(unknown(f"{statement.kind} has no option {name}", name, known), statement)

    def _require_used(self) -> None:
        """Numbers given from outside must belong to names that the worksheet has."""
        mentioned = {
            instruction.name
            for statement in self._statements
            for code in (statement.code, *statement.arguments)
            for instruction in code
            if instruction.kind == "name"
        } | {statement.name for statement in self._statements if statement.kind == "assign"}
        for name in self._bindings.changes:
            if name not in mentioned and name not in self._bindings.applied:
                problem = unknown(f"{name} is given a number but not used", name, mentioned)
                raise WorksheetError(problem, 1, 1)

    def _find_wrt(self) -> list[Value]:
        asked = {self.nodes[name] for update in self.updates for name in update.parameters}
        for statement in self._statements:
            if statement.kind == "derivative":
                of, *by = self._arguments(statement, 2)
                if of is self.output:
                    asked.update(value for value in _flat(by) if value.is_leaf)
        return [
            value
            for value in self.assigned
            if value.is_leaf
            and value in self._reached
            and (value in asked if asked else value not in self.given)
        ]


def _flat(arguments: Iterable[Any]) -> list[Value]:
    """Single quantities, the entries of arrays one by one."""
    values: list[Value] = []
    for argument in arguments:
        values.extend(argument.flat if hasattr(argument, "flat") else [argument])
    return values


def _mistake(problem: str, statement: Statement) -> WorksheetError:
    return WorksheetError(problem, statement.line, statement.column)
