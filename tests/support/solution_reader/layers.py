"""Judging the two sweeps by layers: a line for each array, in matrix notation.

The named depth of the same problem is the witness here: its program knows every element, and what
flows from one to another. A formula on arrays must come to the same numbers, entry by entry.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np

from .layout import NO_PATTERN, Chain, Row, Section, chain_of
from .program import Program
from .sweeps import Sweeps, with_own

__all__ = ["LayerSweeps"]


class LayerSweeps(Sweeps):
    """Reads FORWARD and BACKWARD of the depth `layer`; all else is as at the named depth."""

    def __init__(self, digits: int, named: Program) -> None:
        super().__init__(digits)
        self.named = named
        self.units: dict[str, str] = {}  # by element: the array or quantity that has a line

    def problem(self, section: Section) -> None:
        super().problem(section)
        if self.program.leaves != self.named.leaves:
            self.complain("with", "other numbers than at the named depth")
        self.program = self.named

    def unit(self, name: str) -> str:
        """The array that an element is shown in, or the quantity itself."""
        return self.units.get(name, name)

    # --- forward ------------------------------------------------------------------------------

    def forward(self, section: Section) -> None:
        program = self.program
        known = program.known()
        stems = {name.partition("[")[0] for name in program.leaves}
        self.take(stem for stem in stems if set(program.flat([stem])) <= set(program.leaves))
        for row in section.rows:
            shape, text = _shape(self.numbered(row))
            chain = chain_of(text)
            name = chain.subject
            if name not in known or not set(program.flat([name])) <= set(program.formulas):
                self.complain(row, f"{name} is no quantity that is computed at the named depth")
                continue
            if any(self.unit(one) != one or one in self.units for one in program.flat([name])):
                self.complain(row, f"{name} comes twice")
            self.take([name])
            self.array(row, chain, shape, program.value(name))
        if missing := [n for n in program.formulas if n not in self.units]:
            self.complain("FORWARD", f"no line for {', '.join(missing)}")

    def take(self, names: Any) -> None:
        for name in names:
            self.units |= dict.fromkeys(self.program.flat([name]), name)

    def array(self, row: Row, chain: Chain, shape: str, true: Any) -> None:
        """A line's formula, its shape, and the words where it has no formula."""
        self.has_shape(row, shape, true)
        self.chain(row, chain, true, self.scope())
        if row.words != NO_PATTERN * (len(chain.parts) == 1):
            self.complain(row, f"words {row.words!r}")

    def has_shape(self, row: Row, shape: str, true: Any) -> None:
        if shape != size(true):
            self.complain(row, f"the shape {shape} where {size(true)} is due")

    # --- backward -----------------------------------------------------------------------------

    def backward(self, section: Section) -> None:
        due = self.units_due()
        seen: set[str] = set()
        for row, own in with_own(section.rows):
            if row is None:
                self.complain(own[0], "belongs to no numbered line")
                continue
            shape, text = _shape(self.numbered(row))
            meet = re.fullmatch(r"(\S+) +(\w+) branches meet at (\S+): add them", text)
            chain = chain_of(text)
            subject = self.derivative_in(meet[1] if meet else chain.subject)
            if subject is None or subject.direct or subject.by in seen:
                self.complain(row, "no new derivative of the output")
                continue
            self.root = self.root or subject.name
            due = due or {self.root: set()}
            unit = subject.by
            seen.add(unit)
            if subject.name != self.root or unit not in due:
                self.complain(row, "nobody asked for this derivative")
            elif unit == self.root:
                if chain.parts != ("1",) or chain.signs != ("=",) or own:
                    self.complain(row, "the output's derivative by itself is 1")
            elif meet:
                self.has_shape(row, shape, self.flow_of_all(unit))
                self.flows(row, unit, meet, own, due[unit])
            elif len(due[unit]) != 1 or own:
                self.complain(row, f"{len(due[unit])} branches meet here")
            else:
                self.array(row, chain, shape, self.flow(unit, next(iter(due[unit]))))
        if missing := set(due) - seen:
            self.complain("BACKWARD", f"no line for {', '.join(sorted(missing))}")

    def units_due(self) -> dict[str, set[str]]:
        """The units on a way to what is asked, and through which others each is reached."""
        due: dict[str, set[str]] = {}
        for name, vias in self.due().items():
            due.setdefault(self.unit(name), set()).update(map(self.unit, vias))
        return due

    def flow(self, unit: str, via: str) -> Any:
        """What one consumer contributes to the derivative by each element."""
        program, due = self.program, self.due_elements
        vias = set(program.flat([via]))

        def contribution(name: str) -> Decimal:
            through = vias.intersection(due.get(name, ()))
            added = (
                program.contribution(program.total(self.root, one), one, name) for one in through
            )
            return sum(added, Decimal(0))

        return program.mapped(unit, contribution)

    @property
    def due_elements(self) -> dict[str, set[str]]:
        if not hasattr(self, "_due"):
            self._due = self.due()
        return self._due

    def flows(
        self, row: Row, unit: str, meet: re.Match[str], own: list[Row], due: set[str]
    ) -> None:
        """One line through each consumer, then their sum."""
        self.meeting(row, unit, meet, len(due))
        terms, vias = [], set()
        while own and (match := re.fullmatch(r"through (\S+) +(.+)", own[0].text.strip())):
            line = own.pop(0)
            via = match[1]
            if via not in due or via in vias:
                self.complain(line, f"{via} is no other branch into {unit}")
                continue
            vias.add(via)
            terms.append(self.flow(unit, via))
            self.array(line, chain_of(f"= {match[2]}"), size(terms[-1]), terms[-1])
        if vias != due:
            self.complain(row, f"no branch through {', '.join(sorted(due - vias))}")
            return
        self.added(row, own, terms, self.flow_of_all(unit))

    def flow_of_all(self, unit: str) -> Any:
        return self.program.mapped(unit, lambda name: self.program.total(self.root, name))


def _shape(text: str) -> tuple[str, str]:
    """A line without the shape of its array, 3×2, which stands in front."""
    match = re.match(r"(\d+(?:×\d+)*) {2,}", text)
    return (match[1], text[match.end() :]) if match else ("", text)


def size(array: Any) -> str:
    """3×2 of a matrix; a vector is a column, 3×1."""
    shape = np.shape(array)
    return "×".join(map(str, (*shape, 1) if len(shape) == 1 else shape))
