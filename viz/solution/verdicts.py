"""The last section of a solution: what finite differences say of the gradients."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from autograd_core.blocks import Block
from autograd_core.check import GradientCheck, check_direction, check_leaves
from autograd_core.expression import Derivative, Expression, Quantity
from autograd_core.graph import topological_order
from autograd_core.value import Value

from ..digits import RESULT_DIGITS, rounded
from ..document import Row, Section
from .measured import measured, one_digit
from .setting import Setting

__all__ = ["Checks", "verdict_row"]

MOST_CHECKED = 20_000  # gradients × operations that are measured one by one


class Checks:
    """The checks of all gradients; `verdicts` has their outcomes by variable."""

    def __init__(self, setting: Setting) -> None:
        self.checks = _checks(setting)
        self.rows = tuple(_rows(setting, self.checks))
        self.verdicts: dict[str, str] = {
            label if isinstance(label, str) else setting.names(label): check.verdict
            for label, check in self.checks
        }

    def section(self, most: int | None) -> Section:
        """The section in so many lines at most."""
        rows = self.rows
        if most is not None and len(rows) > most:
            rows = _shortened(rows, self.checks, most)
        note = ("central differences, their own error estimate in brackets",)
        return Section("CHECK", note, rows)


def _shortened(
    rows: tuple[Row, ...], checks: list[tuple[Value | str, GradientCheck]], most: int
) -> tuple[Row, ...]:
    """The first rows, and how all the checks came out."""
    counts = Counter(_word(check) for _, check in checks)
    summary = ", ".join(f"{count:,} {word}" for word, count in counts.most_common())
    return (*rows[: max(1, most - 1)], Row(words=(f"… of {len(checks):,} gradients {summary}",)))


def _word(check: GradientCheck) -> str:
    return "OK" if check.verdict == "ok" else check.verdict


def _checks(setting: Setting) -> list[tuple[Value | str, GradientCheck]]:
    """One check per gradient; of a large problem one for all of them together."""
    root, wrt = setting.root, setting.trace.wrt
    if len(wrt) * len(topological_order(root)) <= MOST_CHECKED:
        return [(check.input, check) for check in check_leaves(root, wrt)]
    return [(f"all {len(wrt)} along one direction", check_direction(root, wrt))]


def _rows(setting: Setting, checks: list[tuple[Value | str, GradientCheck]]) -> Iterator[Row]:
    """One row per gradient; by layer one for a whole array whose gradients are all right."""
    by_node = {label: check for label, check in checks if isinstance(label, Value)}
    for unit in setting.units(by_node):
        many = isinstance(unit, Block) and unit.nodes.size > 1
        if many and all(by_node[n].verdict == "ok" for n in unit.nodes.flat):
            label = Derivative(unit.data, of=setting.root, by=unit)
            largest = max(by_node[n].error for n in unit.nodes.flat)
            yield Row(label=(label,), words=(
                f"all {unit.nodes.size} gradients (±{one_digit(largest)} at most) OK",
            ))  # fmt: skip
        else:
            nodes = unit.nodes.flat if isinstance(unit, Block) else [unit]
            yield from (verdict_row(setting, by_node[node], node) for node in nodes)
    for of, check in checks:
        if isinstance(of, str):
            yield verdict_row(setting, check, of)


def verdict_row(setting: Setting, check: GradientCheck, of: Value | str) -> Row:
    label = (of,) if isinstance(of, str) else (Derivative(0.0, of=setting.root, by=of),)
    if check.verdict == "kink":
        return Row(label=label, words=(
            "at a kink: the slopes are ", _rough(check.left), " on the left and ",
            _rough(check.right), " on the right; by convention ",
            _rough(check.analytic), " is used",
        ))  # fmt: skip
    verdict = _word(check)
    if not math.isfinite(check.numeric):
        return Row(label=label, words=(f"could not be measured: {verdict}",))
    shown = measured(check.numeric, check.error)
    return Row(label=label, words=(f"{shown} (±{one_digit(check.error)}) {verdict}",))


def _rough(slope: float | None) -> Expression:
    """A measured slope to four digits."""
    return Quantity(rounded(slope or 0.0, RESULT_DIGITS))
