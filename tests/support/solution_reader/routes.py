"""Judging PATHS: the ways from one quantity to another, one by one or in a table.

The entry of a term t and a use u of x is dL/dt·dt/du·∂u/∂x; rows and columns add up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from .chains import NOTHING
from .formulas import Tree
from .layout import Row, Section, chain_of
from .sweeps import MOST_PATHS, Sweeps, terms_of

__all__ = ["routes"]


def routes(sweeps: Sweeps, section: Section) -> None:
    """A section of all ways from the quantity in its title down to the other."""
    subject = sweeps.derivative_in(section.note)
    if subject is None or subject.direct or subject.name not in sweeps.program.formulas:
        sweeps.complain("PATHS", section.note)
        return
    paths = _Routes(sweeps, subject.name, subject.by)
    if section.rows and section.rows[0].text.startswith(" " * 7):
        paths.by_terms(section.rows)
    else:
        paths.one_by_one(section.rows)


class _Routes:
    def __init__(self, sweeps: Sweeps, of: str, by: str) -> None:
        self.sweeps = sweeps
        self.complain = sweeps.complain
        self.program = sweeps.program
        self.of, self.by = of, by

    # --- one by one ---------------------------------------------------------------------------

    def one_by_one(self, rows: Sequence[Row]) -> None:
        """A line for each way, L → p → x, and their sum."""
        seen: set[tuple[str, ...]] = set()
        products = []
        for row in rows:
            label, _, text = row.text.strip().partition("  ")
            chain = chain_of(f"= {text.strip()}")
            path = tuple(label.split(" → "))
            if label == "sum":
                self.total(row, products, last=row is rows[-1])
            elif len(path) < 2 or path in seen or (path[0], path[-1]) != (self.of, self.by):
                self.complain(row, "no new way")
            else:
                seen.add(path)
                form = self.product(path)
                if not chain.parts or self.sweeps.reads(row, chain.parts[0], self.names) != form:
                    self.complain(row, "not the product along that way")
                    continue
                products.append(self.sweeps.scope().value(form))
                self.sweeps.chain(row, chain, products[-1], self.sweeps.scope())
        due = self.program.paths(self.of, self.by)
        if len(seen) != due and due <= MOST_PATHS:
            self.complain("PATHS", f"{due} ways lead there")

    @property
    def names(self) -> set[str]:
        return self.program.known()

    def product(self, path: Sequence[str]) -> Tree:
        tree: Tree | None = None
        for of, by in pairwise(path):
            factor = Tree("derivative", name=of, by=by, direct=True)
            tree = factor if tree is None else Tree("·", (tree, factor))
        assert tree is not None
        return tree

    def total(self, row: Row, products: list[Decimal], last: bool) -> None:
        chain = chain_of("= " + row.text.strip().removeprefix("sum").strip())
        true = self.program.total(self.of, self.by)
        self.sweeps.chain(row, chain, true, self.sweeps.scope_of_values())
        shown = terms_of(self.sweeps.reads(row, chain.parts[0]))
        fits = len(shown) == len(products) and all(map(self.sweeps.stands_for, shown, products))
        if not fits or not last:
            self.complain(row, "not the sum of the ways above")

    # --- in a table ---------------------------------------------------------------------------

    def by_terms(self, rows: Sequence[Row]) -> None:
        """A row for each term, a column for each use; then each entry as a product."""
        table = [re.split(r" {3,}", r.text.strip()) for r in rows if r.text.startswith(" " * 7)]
        uses = [name for name in self.program.formulas if self.by in self.program.uses[name]]
        due = [f"d{self.of}/d{self.by}", *(f"through {use}" for use in uses), "sum"]
        terms = [line[0] for line in table[1:-1]]
        if table[0] != due or table[-1][0] != "sum" or not set(terms) <= set(self.program.values):
            self.complain("PATHS", f"{table[0]} where {due} is due")
            return
        values = [[self.entry(term, use) for use in uses] for term in terms]
        values.append([sum(column, Decimal(0)) for column in zip(*values, strict=True)])
        cells = [[self.cell(line, text) for text in line[1:]] for line in table[1:]]
        for line, texts, numbers in zip(cells, table[1:], values, strict=True):
            shown = [*numbers, sum(numbers, Decimal(0))]
            fits = len(line) == len(shown) and all(
                tree is not None and self.sweeps.stands_for(tree, true)
                for (tree, _), true in zip(line, shown, strict=True)
            )
            if not fits:
                self.complain(" ".join(texts), f"{[f'{n:.8g}' for n in shown]} is right")
                return
        columns = list(zip(*cells, strict=True))
        for line in (*cells[:-1], *columns[:-1]):
            self.adds_up(line)
        self.adds_up(cells[-1], columns[-1])
        self.entries([row for row in rows if not row.text.startswith(" " * 7)], terms, uses)

    def entry(self, term: str, use: str) -> Decimal:
        program = self.program
        outer, inner = program.total(self.of, term), program.total(term, use)
        return outer * inner * program.direct(use, self.by)

    def cell(self, line: object, text: str) -> tuple[Tree | None, bool]:
        """A number, and whether it stands there with ≈."""
        return self.sweeps.reads_number(line, text.removeprefix("≈ ")), text.startswith("≈ ")

    def adds_up(self, *lines: Sequence[tuple[Tree | None, bool]]) -> None:
        """The last cell of the lines is the sum of the others in each, or ≈ stands there."""
        total, rough = lines[0][-1]
        if total is None:
            return
        added = [sum((t.number for t, _ in line[:-1] if t), Decimal(0)) for line in lines]
        if any(abs(one - total.number) > total.half + NOTHING for one in added) != rough:
            self.complain("PATHS", f"the entries add up to {added}, not {total.number}")

    def entries(self, rows: Sequence[Row], terms: Sequence[str], uses: Sequence[str]) -> None:
        """C₂ through z₁ as a product, or a sum of products."""
        ways = [(t, u) for t in terms for u in uses if u in self.program.below(t)]
        seen = []
        for row in rows:
            match = re.fullmatch(r" {5}(\S+) through (\S+)  +(.+)", row.text)
            if match is None or (match[1], match[2]) not in ways:
                self.complain(row, "no entry of the table")
                continue
            seen.append((match[1], match[2]))
            chain = chain_of(f"= {match[3]}")
            true = self.entry(match[1], match[2])
            self.sweeps.chain(row, chain, true, self.sweeps.scope())
            tree = self.sweeps.reads(row, chain.parts[0], self.names)
            count = self.program.paths(self.of, match[1]) * self.program.paths(match[1], match[2])
            if tree is None or not self.sweeps.are_paths(tree, self.of, self.by, count):
                self.complain(row, f"{count} different ways are due")
        if seen and seen != ways:
            self.complain("PATHS", f"entries {seen} where {ways} are due")
