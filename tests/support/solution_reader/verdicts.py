"""Judging CHECK: what was measured agrees with the derivatives above."""

from __future__ import annotations

import re
from decimal import Decimal

from .chains import NOISE
from .formulas import Tree
from .layout import Row, Section
from .program import STEP
from .sweeps import Sweeps

__all__ = ["NOTE", "verdicts"]

NOTE = "central differences, their own error estimate in brackets"
_NUMBER = r"−?\d[\d.]*(?:e[+−]?\d+)?"
_MEASURED = re.compile(rf"({_NUMBER}) \(±({_NUMBER})\) (\w+)")
_KINK = re.compile(
    r"at a kink: the slopes are (\S+) on the left and (\S+) on the right; "
    r"by convention (\S+) is used"
)
_LARGEST_ERROR = Decimal("1e-3")  # relative; beyond it a measurement says nothing


def verdicts(sweeps: Sweeps, section: Section) -> None:
    """One line for each derivative asked for, or for all elements of one."""
    if section.note != NOTE:
        sweeps.complain("CHECK", section.note)
    seen: list[str] = []
    for row in section.rows:
        label, _, rest = row.text.strip().partition("  ")
        if match := re.fullmatch(r"all (\d+) along one direction", label):
            _together(sweeps, row, rest.strip(), int(match[1]), len(section.rows) == 1)
            return
        subject = sweeps.derivative_in(label)
        if subject is None or subject.direct or subject.name != sweeps.root:
            sweeps.complain(row, "no derivative of the output")
            continue
        names = sweeps.program.flat([subject.by])
        seen += names
        if len(names) > 1:
            _array(sweeps, row, rest.strip(), names)
        else:
            _single(sweeps, row, rest.strip(), names[0])
    due = sweeps.program.flat(sweeps.wrt)
    if seen != due:
        sweeps.complain("CHECK", f"{seen} where {due} are due")


def _array(sweeps: Sweeps, row: Row, text: str, names: list[str]) -> None:
    match = re.fullmatch(rf"all (\d+) gradients \(±({_NUMBER}) at most\) OK", text)
    largest = max(abs(sweeps.program.total(sweeps.root, name)) for name in names)
    if match is None or int(match[1]) != len(names):
        sweeps.complain(row, f"{len(names)} gradients were to be checked")
    elif _decimal(match[2]) > _LARGEST_ERROR * max(largest, _size(sweeps)):
        sweeps.complain(row, "so large an error is no check")


def _single(sweeps: Sweeps, row: Row, text: str, name: str) -> None:
    true = sweeps.program.total(sweeps.root, name)
    if text == "could not be measured: undetermined":
        return
    if match := _KINK.fullmatch(text):
        numbers = [sweeps.reads_number(row, number) for number in match.groups()]
        slopes = (*_one_sided(sweeps, name), true)
        if not all(_about(sweeps, *pair) for pair in zip(numbers, slopes, strict=True)):
            said = ", ".join(f"{slope:.8g}" for slope in slopes)
            sweeps.complain(row, f"the slopes are {said}")
        return
    match = _MEASURED.fullmatch(text)
    if match is None:
        sweeps.complain(row, "not a verdict")
        return
    measured, error = map(_decimal, match.groups()[:2])
    place = Decimal((0, (5,), int(measured.as_tuple().exponent) - 1))
    agrees = abs(measured - true) <= 4 * error + place + NOISE * abs(true)
    agrees = agrees and error <= _LARGEST_ERROR * max(abs(true), _size(sweeps))
    if match[3] not in ("OK", "undetermined") or (match[3] == "OK" and not agrees):
        sweeps.complain(row, f"{true:.12g} is right")


def _size(sweeps: Sweeps) -> Decimal:
    """Σ |gradient · value|: how large the numbers of the problem are."""
    totals, values = sweeps.program.totals(sweeps.root), sweeps.program.values
    return max(Decimal("1e-6"), sum(abs(g * values[n]) for n, g in totals.items()))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def _about(sweeps: Sweeps, shown: Tree | None, slope: Decimal) -> bool:
    """A measured number is right to its last place, or to what a measurement carries."""
    if shown is None:
        return True
    half = shown.half if shown.digits >= sweeps.digits else 0
    return abs(shown.number - slope) <= half + Decimal("1e-6") * (1 + abs(slope))


def _one_sided(sweeps: Sweeps, name: str) -> tuple[Decimal, Decimal]:
    program, root = sweeps.program, sweeps.root
    x = program.leaves[name]
    left, right = (program.replay({name: x + h}).values[root] for h in (-STEP, STEP))
    return (program.values[root] - left) / STEP, (right - program.values[root]) / STEP


def _together(sweeps: Sweeps, row: Row, text: str, count: int, alone: bool) -> None:
    """Of a large problem one measurement, along a direction of numbers from 0.5 to 1.5."""
    names = sweeps.program.flat(sweeps.wrt)
    match = re.fullmatch(rf"({_NUMBER}) \(±{_NUMBER}\) (?:OK|undetermined)", text)
    gradients = (abs(sweeps.program.total(sweeps.root, name)) for name in names)
    most = Decimal("1.5") * sum(gradients, Decimal(0))
    if count != len(names) or not alone:
        sweeps.complain(row, f"{len(names)} gradients are to be checked")
    if match is None or abs(_decimal(match[1])) > most:
        sweeps.complain(row, "not a verdict")
