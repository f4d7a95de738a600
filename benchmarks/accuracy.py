"""`make accuracy`: how exact every row is, against mpmath, as a table in Markdown.

Errors are in units of the last place (ulp) divided by the condition number at the point, which
mpmath computes too: 1 means as exact as rounding the operands allows.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from autograd_core.op import Op
from autograd_core.table import TABLE
from tests.support import definitions
from tests.support.definitions import is_normal, ulps
from tests.support.laws import LARGEST_CONDITION, PARTIAL_ULPS, VALUE_ULPS, points

TARGET = Path(__file__).parent.parent / "docs" / "accuracy.md"
EXACT_ENOUGH = 0.5  # ulp; below that a condition number need not be computed

_HEAD = f"""\
# Accuracy

How far each operation's value and partial derivatives lie from mpmath's at 60 digits, at the worst
point found over its domain: in units of the last place (ulp), divided by the condition number that
mpmath computes there, 10⁴ at most. The tests allow {VALUE_ULPS} for values and {PARTIAL_ULPS} for
partials. Printed by `make accuracy`; the last digits depend on the machine's C library
({{machine}}).

| operation | points | value | partials |
|---|---:|---:|---:|
"""


def main() -> None:
    """Print the table and keep it in docs/."""
    rows = []
    for name, op in TABLE.items():
        if sys.stderr.isatty():
            print(f"\r{name:20}\r", end="", file=sys.stderr, flush=True)
        rows.append(f"| `{name}` | {{}} | {{:.2f}} | {{:.2f}} |".format(*worst(op)))
    machine = f"{platform.system()}, {platform.machine()}, Python {platform.python_version()}"
    table = _HEAD.format(machine=machine) + "\n".join(rows) + "\n"
    print(table, end="")
    TARGET.write_text(table, encoding="utf-8")


def worst(op: Op) -> tuple[int, float, float]:
    """The number of points tried, and the largest errors of the value and of any partial."""
    count, of_value, of_partials = 0, 0.0, 0.0
    for point in points(op):
        exact = definitions.value(op, point)
        if not is_normal(exact):
            continue
        count += 1
        output = op.forward(*point)
        error = ulps(output, exact)
        if error > EXACT_ENOUGH:
            error = _amplified(error, definitions.condition(op, point))
        of_value = max(of_value, error)
        if op.kinks and 0.0 in op.kinks(*point):
            continue
        for i, partial in enumerate(op.partials(*point, output)):
            slope = definitions.slope(op, point, i)
            if slope is None or not is_normal(slope):
                continue
            error = ulps(partial, slope)
            if error > EXACT_ENOUGH:
                error = _amplified(error, definitions.slope_condition(op, point, i))
            of_partials = max(of_partials, error)
    return count, of_value, of_partials


def _amplified(error: float, condition: float) -> float:
    return error / min(condition, LARGEST_CONDITION)


if __name__ == "__main__":
    main()
