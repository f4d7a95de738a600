"""A worked solution for programs, as JSON: every number with all its digits.

    output      the name of the quantity that gradients are taken of
    values      name: number, for every quantity that the solution names
    gradients   name: d output / d name, likewise
    updates     parameter: [its value after each step]
    verdicts    name: "ok", "wrong", "kink" or "undetermined"
    steps       the lines of both sweeps, in the solution's order

Elements w[0], w[1], … of one array stand together, as a nested list under its name, unless a list
would not show their indices. What a step does not have, and what is not finite (a slope at 0·∞),
is null. A formula of more than 200 characters ends in …; a number is never cut. Of a solution that
was cut to so many lines the first entries and the first steps of each scope are kept, and `omitted`
tells how many are not.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograd_core.tracing import Step, Trace
from autograd_core.value import Value

from ..digits import AS_TYPED
from ..document import Document
from ..names import Names
from ..notation import Text, Writer
from ..solution.budget import select
from ..solution.sweeps import scope_of

__all__ = ["print_json"]

LONGEST_FORMULA = 200  # characters; the rest of a longer one is left out
LONGEST_LINE = 299  # and a comma
_MAPPINGS = ("values", "gradients", "updates", "verdicts")
_STRING_OR_OTHER = re.compile(r'"(?:[^"\\]|\\.)*"|[^"]+')


def print_json(document: Document) -> str:
    """The solution as a JSON object, one step a line where it fits.

    Raises `ValueError` for a document that was put together by hand and has no trace.

    >>> from ..solution.derivation import derive
    >>> json.loads(print_json(derive(2.0 * Value(3.0, "x"))))["gradients"]["x"]
    2.0
    """
    sweep = document.trace
    if sweep is None:
        raise ValueError("the document has no trace to report: explain(problem) makes one that has")
    names, writer = document.names, Writer(Text(), document.names)
    report: dict[str, Any] = {
        "output": names(sweep.root),
        "values": _by_name({node: node.data for node in sweep.landmarks}, names),
        "gradients": _by_name({node: sweep.adjoint(node) for node in sweep.landmarks}, names),
        "updates": {name: list(numbers) for name, numbers in document.updates.items()},
        "verdicts": dict(document.verdicts),
    }
    places: Sequence[int] = range(len(sweep))
    if document.cut is not None:
        room = document.cut // 6
        places = [i for i in select(_scopes(sweep), 2 * room) if isinstance(i, int)]
        whole = {key: len(report[key]) for key in _MAPPINGS} | {"steps": len(sweep)}
        for key in _MAPPINGS:
            report[key] = _first(report[key], room * LONGEST_LINE)
        kept = {key: len(report[key]) for key in _MAPPINGS} | {"steps": len(places)}
        report["omitted"] = {key: whole[key] - kept[key] for key in whole}
    head = [f"{_dumped(key)}: {_dumped(value)}" for key, value in report.items()]
    shown = (sweep[place] for place in places)
    steps = ",\n".join(_wrapped(_dumped(step)) for step in _steps(shown, names, writer))
    return "{\n" + ",\n".join(map(_wrapped, head)) + f',\n"steps": [\n{steps}\n]\n}}\n'


def _scopes(sweep: Trace) -> list[str]:
    """The scope of each step's node."""
    backward = (node for node, places in sweep.reached for _ in places)
    return [scope_of(node) for node in (*sweep.computed, *backward)]


def _first(mapping: dict[str, Any], characters: int) -> dict[str, Any]:
    """As many entries as have room."""
    kept: dict[str, Any] = {}
    for key, value in mapping.items():
        characters -= len(_dumped(key)) + len(_dumped(value)) + 4
        if characters < 0:
            break
        kept[key] = value
    return kept


def _steps(steps: Iterable[Step], names: Names, writer: Writer) -> Iterator[dict[str, Any]]:
    for step in steps:
        local = step.local_formula
        yield {
            "id": step.id,
            "sweep": step.sweep,
            "node": names(step.node),
            "operation": step.op.name if step.op else None,
            "rule": step.rule,
            "formula": _short(writer.write(step.formula, AS_TYPED)),
            "substituted": _short(writer.write(step.formula, AS_TYPED, numbers=True)),
            "value": step.value,
            "upstream": step.upstream,
            "local": step.local,
            "local_formula": None if local is None else _short(writer.write(local, AS_TYPED)),
            "contribution": step.contribution,
            "total": step.total,
            "path": _path(step, names),
        }


def _path(step: Step, names: Names) -> list[str]:
    """The edge that a backward step follows, the consumer first."""
    return [names(step.via), names(step.node)] if step.via is not None else []


def _short(formula: str) -> str:
    return formula if len(formula) <= LONGEST_FORMULA else f"{formula[: LONGEST_FORMULA - 1]}…"


# --- arrays -----------------------------------------------------------------------------------

Elements = dict[tuple[int, ...], float]


def _by_name(numbers: dict[Value, float], names: Names) -> dict[str, Any]:
    """Each number under its name; the elements of an array, if all are there, under the array's."""
    arrays: dict[str, Elements] = {}
    for node, number in numbers.items():
        if key := _array(node, names):
            name, index = key
            arrays.setdefault(name, {})[index] = number
    nested = {name: _nested(elements) for name, elements in arrays.items()}
    taken = {names(node) for node in numbers}
    found: dict[str, Any] = {}
    for node, number in numbers.items():
        key = _array(node, names)
        if key and key[0] not in taken and nested[key[0]] is not None:
            found[key[0]] = nested[key[0]]
        else:
            found[names(node)] = number
    return found


def _array(node: Value, names: Names) -> tuple[str, tuple[int, ...]] | None:
    """The array's name, with the primes of the element's, and the index; None for a scalar."""
    if node.label is None or not node.label.place:
        return None
    array, index = node.label.place
    name = names(node)
    return array + "′" * (len(name) - len(name.rstrip("′"))), index


def _nested(elements: Elements) -> Any:
    """The elements as nested lists, counted from 0; None where one is missing."""
    if () in elements:
        return elements[()] if len(elements) == 1 else None
    parts: dict[int, Elements] = {}
    for index, number in elements.items():
        parts.setdefault(index[0], {})[index[1:]] = number
    lists = [_nested(parts[i]) for i in sorted(parts)]
    complete = sorted(parts) == list(range(len(parts))) and None not in lists
    return lists if complete else None


# --- layout -----------------------------------------------------------------------------------


def _dumped(item: Any) -> str:
    text = json.dumps(_finite(item), ensure_ascii=False, allow_nan=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _finite(item: Any) -> Any:
    match item:
        case dict():
            return {key: _finite(value) for key, value in item.items()}
        case list():
            return list(map(_finite, item))
        case float() if not math.isfinite(item):
            return None
    return item


def _wrapped(text: str) -> str:
    """The text with line ends after commas, no line too long where there is one."""
    lines = [""]
    for token in _STRING_OR_OTHER.findall(text):
        pieces = [token] if token.startswith('"') else re.split(r"(?<=,) ", token)
        for i, piece in enumerate(pieces):
            if i:
                lines.append(" " + piece)
            else:
                lines[-1] += piece
    return "\n".join(_filled(lines))


def _filled(pieces: list[str]) -> Iterator[str]:
    """The pieces in lines as long as may be."""
    line = pieces[0]
    for piece in pieces[1:]:
        if len(line) + len(piece) > LONGEST_LINE:
            yield line
            line = piece
        else:
            line += piece
    yield line
