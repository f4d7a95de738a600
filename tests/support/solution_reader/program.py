"""The printed formulas as a program: numbers for some names, formulas for others, in order.

A derivative by a quantity within one formula is a central difference of that formula; one across
several is put together by the chain rule, edge by edge.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from .formulas import Tree, element, names_in, split_name, subtrees
from .values import Pieces, evaluate

__all__ = ["Program"]

STEP = Decimal("1e-18")  # of the differences: right to more than 30 digits


class Program:
    """Values to 50 digits; `pieces` says on which piece every function of pieces is."""

    def __init__(self) -> None:
        self.leaves: dict[str, Decimal] = {}
        self.formulas: dict[str, Tree] = {}
        self.values: dict[str, Decimal] = {}
        self.uses: dict[str, dict[str, None]] = {}
        self.pieces: Pieces = {}
        self.first: set[int] = set()  # the maxima of which the first of equal operands is taken
        self._direct: dict[tuple[str, str], Decimal] = {}
        self._total: dict[str, dict[str, Decimal]] = {}

    def add_leaf(self, name: str, number: Decimal) -> None:
        self.leaves[name] = self.values[name] = number

    def add_formula(self, name: str, formula: Tree) -> None:
        self.formulas[name] = formula
        self.uses[name] = dict.fromkeys(names_in(formula))
        self.values[name] = evaluate(formula, self.values.__getitem__, pieces=self.pieces)
        self.take_first(part for part in subtrees(formula) if id(part) in self.first)

    def take_first(self, maxima: Iterable[Tree]) -> None:
        """Of equal operands the first one alone is the largest, or smallest."""
        for part in maxima:
            self.first.add(id(part))
            self.pieces[id(part)] = self.pieces[id(part)][:1]

    def replay(self, changed: Mapping[str, Decimal]) -> Program:
        """The same formulas on other numbers."""
        program = Program()
        program.first = self.first
        for name, number in self.leaves.items():
            program.add_leaf(name, changed.get(name, number))
        for name, formula in self.formulas.items():
            program.add_formula(name, formula)
        return program

    # --- derivatives --------------------------------------------------------------------------

    def direct(self, of: str, by: str) -> Decimal:
        """∂of/∂by: within the formula of `of` alone, on the pieces it is on."""
        if (of, by) not in self._direct:
            formula = self.formulas[of]
            x, h = self.values[by], STEP * max(Decimal(1), abs(self.values[by]))
            named = {name: self.values[name] for name in self.uses[of]}
            above, below = (
                evaluate(formula, {**named, by: moved}.__getitem__, pieces=self.pieces)
                for moved in (x + h, x - h)
            )
            self._direct[of, by] = (above - below) / (2 * h)
        return self._direct[of, by]

    def totals(self, of: str) -> dict[str, Decimal]:
        """d of / d each quantity that it depends on: Σ over the consumers, the last one first."""
        if of not in self._total:
            totals = {of: Decimal(1)}
            for via in reversed(self.formulas):
                if via in totals:
                    for name in self.uses[via]:
                        added = self.contribution(totals[via], via, name)
                        totals[name] = totals.get(name, Decimal(0)) + added
            self._total[of] = totals
        return self._total[of]

    def contribution(self, upstream: Decimal, via: str, name: str) -> Decimal:
        """upstream · ∂via/∂name, where 0·∞ counts as 0."""
        return upstream * self.direct(via, name) if upstream else upstream

    def total(self, of: str, by: str) -> Decimal:
        return self.totals(of).get(by, Decimal(0))

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

    # --- arrays -------------------------------------------------------------------------------

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The arrays whose every element is a quantity, with their sizes."""
        found: dict[str, set[tuple[int, ...]]] = {}
        for stem, index in map(split_name, self.values):
            if index:
                found.setdefault(stem, set()).add(index)
        sizes = {
            stem: tuple(max(axis) + 1 for axis in zip(*at, strict=True))
            for stem, at in found.items()
        }
        return {s: size for s, size in sizes.items() if math.prod(size) == len(found[s])}

    def forget_shapes(self) -> None:
        """An array has been added."""
        self.__dict__.pop("shapes", None)

    def elements(self, name: str) -> Any:
        """The names of an array's elements, as an array; of a single quantity its own name."""
        if name not in self.shapes:
            return np.array(name, dtype=object)
        names = np.empty(self.shapes[name], dtype=object)
        for index in np.ndindex(self.shapes[name]):
            names[index] = element(name, index)
        return names

    def mapped(self, name: str, number: Any) -> Any:
        """number(element) for each element of an array, or of a single quantity."""
        names = self.elements(name)
        if not names.ndim:
            return number(name)
        result = np.empty(names.shape, dtype=object)
        for index, one in np.ndenumerate(names):
            result[index] = number(one)
        return result

    def value(self, name: str) -> Any:
        """A quantity's number, or an array's numbers."""
        return self.values[name] if name in self.values else self.mapped(name, self.values.get)

    def known(self) -> set[str]:
        return {*self.values, *self.shapes}

    def flat(self, names: Iterable[str]) -> list[str]:
        """The names with arrays taken apart."""
        return [one for name in names for one in self.elements(name).ravel().tolist()]
