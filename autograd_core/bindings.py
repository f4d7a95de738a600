"""The names of a worksheet with their values, and how its postfix code is run on them.

A value is a number, a `Value`, or a NumPy array of these. Assigning a plain number makes a leaf,
an array of numbers an array of leaves; assigning what has a name already makes identity nodes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from .errors import WorksheetError
from .graph import consumer_counts
from .naming import name_array
from .syntax import Code, Instruction, Statement
from .table import identity
from .value import Value
from .vocabulary import CONSTANTS, LARGEST_ARRAY, call, function_names, unknown

__all__ = ["Bindings", "element_name"]

MOST_OPERATIONS = 10_000
MOST_AXES = 8


def element_name(name: str) -> str:
    """The name of an array's entry as nodes carry it: W[0,1] is W[0, 1]."""
    head, bracket, index = unicodedata.normalize("NFC", name).partition("[")
    return head + bracket + "".join(index.split()).replace(",", ", ")


class Bindings:
    """Names and what they stand for, in the order of their assignments.

    values : name → Value or array of Values, the latest. nodes : the same entry by entry, W[0, 1]
    too. assigned : every node that was given a name. `changes` are numbers from outside, by the
    names of quantities or entries; they replace those of the name's last assignment.
    """

    def __init__(self, statements: Sequence[Statement], changes: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        self.nodes: dict[str, Value] = {}
        self.assigned: list[Value] = []
        self.operations = 0
        self._results: list[Any] = []  # arrays that were computed on the way, operands first
        self.changes = {
            element_name(name): _from_outside(name, number) for name, number in changes.items()
        }
        self.applied: set[str] = set()  # changes of entries that were found
        self._last = {s.name: s for s in statements if s.kind == "assign"}
        for name, number in self.changes.items():
            if "[" not in name and name not in self._last:
                self._keep(name, number)

    def assign(self, statement: Statement) -> None:
        """Run an assignment."""
        result = self.run(statement.code)
        name = statement.name
        if name in self.changes and self._last[name] is statement:
            if not all(isinstance(item, float) for item in _entries(result)):
                raise WorksheetError(
                    f"{name} is computed here, so it cannot be given a number",
                    statement.line,
                    statement.column,
                )
            result = self.changes[name]
        self._keep(name, result, statement)

    def _keep(self, name: str, result: Any, statement: Statement | None = None) -> None:
        if hasattr(result, "shape"):
            result = result.astype(object)
            seen: set[Value] = set()
            for index, item in _indexed(result):
                key = f"{name}[{', '.join(map(str, index))}]"
                result[index] = node = self._node(key, item, item in seen, statement)
                seen.add(node)
            name_array(result, name)
            for node in result.flat:
                self.nodes[str(node.name)] = node
        else:
            result = self.nodes[name] = self._node(name, result, False, statement).named(name)
        self.values[name] = result
        self.assigned.extend(_entries(result))

    def _node(self, key: str, item: Any, taken: bool, statement: Statement | None) -> Value:
        """The node to be named: a leaf for a number, an identity for what has a name."""
        changed = key in self.changes and (
            statement is None or self._last[statement.name] is statement
        )
        if not isinstance(item, Value):
            if changed:
                if "[" in key:
                    self.applied.add(key)
                item = self.changes[key]
            return Value(float(item))
        if changed:
            assert statement is not None  # what comes from outside is not computed
            raise WorksheetError(
                f"{key} is computed here, so it cannot be given a number",
                statement.line,
                statement.column,
            )
        if item.name is not None or taken:  # b = a
            return identity(item)  # type: ignore[no-any-return]
        return item

    def name_shared(self) -> None:
        """Name the arrays inside formulas whose entries are used more than once: u1, u2, …

        In W @ tanh(z) every row of W meets the same entries of tanh(z).
        """
        if not self._results:
            return
        consumers = consumer_counts(*self.assigned)
        counter = 0
        for array in self._results:
            nodes = {node for node in array.flat if isinstance(node, Value) and node.name is None}
            if len(nodes) < array.size or all(consumers.get(node, 0) < 2 for node in nodes):
                continue
            counter += 1
            while f"u{counter}" in self.values:
                counter += 1
            name_array(array, f"u{counter}")

    # --- running code -------------------------------------------------------------------------

    def run(self, code: Code) -> Any:
        """The value of an expression; raises `WorksheetError` at the place of the mistake."""
        stack: list[Any] = []
        for instruction in code:
            match instruction.kind:
                case "number":
                    stack.append(instruction.number)
                case "word":
                    stack.append(instruction.name)
                case "name":
                    stack.append(self.look_up(instruction))
                case kind:
                    at = len(stack) - (instruction.count or 1)
                    operands = stack[at:]
                    del stack[at:]
                    try:
                        if kind == "list":
                            stack.append(_stacked(operands))
                        elif kind == "index":
                            stack.append(_entry(operands[0], instruction.index))
                        else:
                            stack.append(self._apply(instruction, operands))
                    except (ValueError, TypeError) as problem:
                        raise WorksheetError(
                            str(problem), instruction.line, instruction.column
                        ) from None
        [result] = stack
        return result

    def look_up(self, instruction: Instruction) -> Any:
        """What a name stands for."""
        name = instruction.name
        if name in self.values:
            return self.values[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in self._last:
            problem = f"{name} is used before it is assigned"
        elif name in function_names():
            problem = f"{name} is a function: write {name}(…)"
        else:
            problem = unknown(f"{name} has no value", name, self._last)
            problem += f" (give it one: {name} = …)"
        raise WorksheetError(problem, instruction.line, instruction.column)

    def _apply(self, instruction: Instruction, operands: list[Any]) -> Any:
        options = instruction.options
        plain = len(operands) - len(options)
        for option in options:
            if options.count(option) > 1:
                raise ValueError(f"{instruction.name} is given {option} twice")
        for word in operands[:plain]:
            if isinstance(word, str):
                raise ValueError(f"{instruction.name} takes numbers, not the word {word!r}")
        result = call(
            instruction.name, operands[:plain], dict(zip(options, operands[plain:], strict=True))
        )
        self.operations += max(1, math.prod(getattr(result, "shape", ())))
        if self.operations > MOST_OPERATIONS:
            raise ValueError(f"more than {MOST_OPERATIONS} operations")
        if hasattr(result, "shape"):
            self._results.append(result)
        return float(result) if isinstance(result, float) else result


# --- arrays -----------------------------------------------------------------------------------


def _entries(result: Any) -> list[Any]:
    """The numbers or Values of a value, in order."""
    return list(result.flat) if hasattr(result, "shape") else [result]


def _indexed(array: Any) -> list[tuple[tuple[int, ...], Any]]:
    import numpy as np

    return list(np.ndenumerate(array))


def _from_outside(name: str, number: Any) -> Any:
    """A number given to a name, or nested lists of them, as floats."""
    if not name:
        raise WorksheetError("a number is given without a name, as in w=2", 1, 1)
    try:
        found = _plain(number)
    except (TypeError, ValueError) as problem:
        raise WorksheetError(f"the number given to {name}: {problem}", 1, 1) from None
    if "[" in name and not isinstance(found, float):
        raise WorksheetError(f"{name} is one entry: give it one number, not a list", 1, 1)
    return found


def _plain(number: Any, depth: int = 0) -> Any:
    """A number, nested lists or an array, as floats."""
    if math.prod(getattr(number, "shape", ())) > LARGEST_ARRAY:
        raise ValueError(f"an array has at most {LARGEST_ARRAY} entries")
    if hasattr(number, "tolist"):
        number = number.tolist()
    if isinstance(number, (list, tuple)):
        if not number:
            raise ValueError("a list has at least one entry, as in [1, 2]")
        _require_axes(depth + 1)
        if len(number) > LARGEST_ARRAY:
            raise ValueError(f"a list has at most {LARGEST_ARRAY} entries")
        return _stacked([_plain(item, depth + 1) for item in number])
    if not isinstance(number, Real):
        raise TypeError(f"give a number or a list of numbers, not {type(number).__name__}")
    try:
        result = float(number)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ValueError(f"{result} is not finite: give a finite number")
    return result


def _require_axes(count: int) -> None:
    if count > MOST_AXES:
        raise ValueError(f"lists nest at most {MOST_AXES} deep")


def _stacked(items: list[Any]) -> Any:
    """A list of numbers, or of arrays of one shape, as one array."""
    import numpy as np

    shapes = [getattr(item, "shape", ()) for item in items]
    for i, shape in enumerate(shapes):
        if len(shape) != len(shapes[0]):
            first, other = (("a list" if s else "a number") for s in (shapes[0], shape))
            raise ValueError(f"entry 1 is {first} and entry {i + 1} {other}")
        if shape != shapes[0]:
            counts = f"row {i + 1} has {_count(shape)} and row 1 has {_count(shapes[0])}"
            raise ValueError(f"the rows of a matrix have one length: {counts}")
    _require_axes(1 + len(shapes[0]))
    if len(items) * math.prod(shapes[0]) > LARGEST_ARRAY:
        raise ValueError(f"a list has at most {LARGEST_ARRAY} entries")
    array = np.empty((len(items), *shapes[0]), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    plain = all(isinstance(item, float) for item in array.flat)
    return array.astype(float) if plain else array


def _count(shape: tuple[int, ...]) -> str:
    words = "×".join(map(str, shape))
    return f"{words} {'entry' if words == '1' else 'entries'}"


def _entry(array: Any, index: tuple[int | slice, ...]) -> Any:
    """array[index], a number, a Value or an array."""
    if isinstance(array, str) or not getattr(array, "shape", ()):
        raise ValueError("this is a single number; it has no entries")
    if len(index) > array.ndim:
        axes = "one index" if array.ndim == 1 else f"{array.ndim} indices"
        raise ValueError(f"an entry of this array has {axes}, not {len(index)}")
    for at, size in zip(index, array.shape, strict=False):
        if isinstance(at, int) and not -size <= at < size:
            raise ValueError(f"there is no entry {at}: indices run from 0 to {size - 1}")
    result = array[index]
    if getattr(result, "size", 1) == 0:
        raise ValueError("this range has no entries")
    return float(result) if isinstance(result, float) else result
