"""Judging the two sweeps by layers: a line for each array, in matrix notation.

The formulas on arrays are taken apart into those of their entries, and so they make up a program
that knows every element, and what flows from one to another. Where a line has no formula, the named
depth of the same problem has those of its entries.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from .chains import close
from .decimals import NAN
from .expansion import expanded
from .formulas import NAME, NotAFormula, Tree, element, names_in
from .layout import NO_PATTERN, Chain, Row, Section, chain_of
from .program import Program
from .sweeps import Sweeps, with_own

__all__ = ["LayerSweeps"]


class LayerSweeps(Sweeps):
    """Reads FORWARD and BACKWARD of the depth `layer`; all else is as at the named depth."""

    def __init__(self, digits: int, named: Program) -> None:
        super().__init__(digits)
        self.named = named
        self.own: dict[Tree, str] = {}  # this depth's unnamed quantities by what they are
        self.units: dict[str, str] = {}  # by element: the array or quantity that has a line

    def problem(self, section: Section) -> None:
        super().problem(section)
        if self.program.leaves != self.named.leaves:
            self.complain("with", "other numbers than at the named depth")

    def unit(self, name: str) -> str:
        """The array that an element is shown in, or the quantity itself."""
        return self.units.get(name, name)

    # --- forward ------------------------------------------------------------------------------

    def forward(self, section: Section) -> None:
        program = self.program
        stems = {name.partition("[")[0] for name in program.leaves}
        self.units = {one: stem for stem in stems for one in program.flat([stem])}
        self.units = {one: stem for one, stem in self.units.items() if one in program.leaves}
        for row in section.rows:
            shape, text = _shape(self.numbered(row))
            chain = chain_of(text)
            name = chain.subject
            entries = self.entries(row, chain) if re.fullmatch(NAME, name) else None
            used = {n for formula in (entries or {}).values() for n in names_in(formula)}
            if not entries or not used.isdisjoint(entries) or not used <= program.values.keys():
                self.complain(row, f"{name} has no formula in quantities that stand above")
                continue
            if any(one in program.values for one in entries):
                self.complain(row, f"{name} is no new quantity")
                continue
            for one, formula in entries.items():
                program.add_formula(one, formula)
                self.units[one] = name
                if _is_unnamed(one):
                    self.own[self.written_out(formula, program)] = one
                if not _is_unnamed(one) and not close(
                    program.values[one], self.named.values.get(one, NAN)
                ):
                    self.complain(row, f"{one} is another number at the named depth")
            program.forget_shapes()
            self.array(row, chain, shape, program.value(name))
        missing = [n for n in self.named.formulas if n not in self.units and not _is_unnamed(n)]
        if missing:
            self.complain("FORWARD", f"no line for {', '.join(missing)}")

    def entries(self, row: Row, chain: Chain) -> dict[str, Tree] | None:
        """The formula of each entry, by its name."""
        program, name = self.program, chain.subject
        if len(chain.parts) < 2:
            result = self.reads(row, chain.parts[0]) if chain.parts else None
            names = [name] if _is_unnamed(name) else self.named.flat([name])
            found = {one: self.counterpart(one, result) for one in names}
            return {one: self.in_own_terms(f) for one, f in found.items() if f} or None
        tree = self.reads(row, chain.parts[0], program.known())
        if tree is None:
            return None
        try:
            formulas = expanded(tree, self.named_elements)
        except NotAFormula as problem:
            self.complain(row, str(problem))
            return None
        if isinstance(formulas, Tree):
            return {name: formulas}
        return {element(name, index): one for index, one in np.ndenumerate(formulas)}

    def named_elements(self, name: str) -> Any:
        names = self.program.elements(name)
        if not names.ndim:
            return Tree("name", name=name)
        return np.frompyfunc(lambda one: Tree("name", name=one), 1, 1)(names)

    def array(self, row: Row, chain: Chain, shape: str, true: Any) -> None:
        """A line's formula, its shape, and the words where it has no formula."""
        self.has_shape(row, shape, true)
        self.chain(row, chain, true, self.scope())
        if row.words != NO_PATTERN * (len(chain.parts) == 1):
            self.complain(row, f"words {row.words!r}")

    # --- unnamed quantities -------------------------------------------------------------------

    def written_out(self, formula: Tree, program: Program) -> Tree:
        """The formula without unnamed quantities (u1, …), which differ from depth to depth."""
        if formula.head == "name" and _is_unnamed(formula.name):
            return self.written_out(program.formulas[formula.name], program)
        parts = tuple(self.written_out(part, program) for part in formula.parts)
        return replace(formula, parts=parts) if parts else formula

    def in_own_terms(self, formula: Tree) -> Tree:
        """A formula of the named depth with the unnamed quantities that this depth has."""
        if own := self.own.get(self.written_out(formula, self.named)):
            return Tree("name", name=own)
        if formula.head == "name" and _is_unnamed(formula.name):
            return self.in_own_terms(self.named.formulas[formula.name])
        if not formula.parts:
            return formula
        found = replace(formula, parts=tuple(map(self.in_own_terms, formula.parts)))
        if id(formula) in self.named.first:
            self.program.first.add(id(found))
        return found

    def counterpart(self, name: str, result: Tree | None) -> Tree | None:
        """The named depth's formula of a quantity; of an unnamed one by its value."""
        named = self.named.formulas
        if not _is_unnamed(name):
            return named.get(name)
        for one, formula in named.items():
            if result is not None and self.stands_for(result, self.named.values[one]):
                return formula
        return None

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


def _is_unnamed(name: str) -> bool:
    return re.fullmatch(r"u\d+(?:\[[\d,]+\])?", name) is not None


def _shape(text: str) -> tuple[str, str]:
    """A line without the shape of its array, 3×2, which stands in front."""
    match = re.match(r"(\d+(?:×\d+)*) {2,}", text)
    return (match[1], text[match.end() :]) if match else ("", text)


def size(array: Any) -> str:
    """3×2 of a matrix; a vector is a column, 3×1."""
    shape = np.shape(array)
    return "×".join(map(str, (*shape, 1) if len(shape) == 1 else shape))
