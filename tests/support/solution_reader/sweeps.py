"""Judging what is given and the two sweeps, a line for each quantity or edge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from .chains import Judge, Scope
from .decimals import PIECES
from .formulas import NAME, NotAFormula, Tree, parse, subtrees
from .layout import MASKED, PATHS, Chain, Row, Section, chain_of
from .program import Program
from .reasons import holds, take_first

__all__ = ["MOST_PATHS", "Sweeps", "terms_of", "with_own"]

_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ITEM = re.compile(rf", (?={NAME} = )")
MOST_PATHS = 32


class Sweeps(Judge):
    """Reads the sections from the top; `program` grows with the lines of FORWARD."""

    def __init__(self, digits: int) -> None:
        super().__init__(digits)
        self.program = Program()
        self.root = ""
        self.given: list[str] = []
        self.wrt: list[str] = []  # what is asked for, arrays by their names
        self.pairs: list[tuple[str, str]] = []  # of ASKED FOR
        self.lines = 0

    def scope(self, program: Program | None = None) -> Scope:
        program = program or self.program
        return Scope(program.known(), program.value, lambda d: self.derivative(program, d))

    def derivative(self, program: Program, tree: Tree) -> Any:
        """The number that dL/dx or ∂L/∂x stands for."""
        of, by = tree.name, tree.by
        if tree.direct and by not in program.uses.get(of, ()):
            raise NotAFormula(f"the formula of {of} does not contain {by}")
        if tree.direct:
            return program.direct(of, by)
        if of not in program.values:
            raise NotAFormula(f"{of} is no single quantity")
        return program.mapped(by, lambda one: program.total(of, one))

    def derivative_in(self, text: str) -> Tree | None:
        """The text as one derivative."""
        try:
            tree = parse(text, self.program.known())
        except NotAFormula:
            return None
        return tree if tree.head == "derivative" else None

    # --- what is given ------------------------------------------------------------------------

    def problem(self, section: Section) -> None:
        """The numbers that go in; what else is said there waits for FORWARD."""
        found: dict[str, str] = {}
        for row in section.rows:
            label, _, rest = row.text.strip().partition(" ")
            if label in found:
                self.complain(row, f"{label} comes twice")
            found[label] = rest.strip()
        if list(found) != [name for name in ("with", "given", "asked") if name in found]:
            self.complain("problem", f"lines {list(found)}")
        for item in _ITEM.split(found.get("with", "")):
            name, _, number = item.partition(" = ")
            tree = self.reads_number(f"with {item}", number)
            if name and tree is not None:
                self.leaf(name, tree)
        self.given = [name for name in found.get("given", "").split(", ") if name]
        self._asked = [name for name in found.get("asked", "").split(", ") if name]

    def leaf(self, name: str, tree: Tree, index: tuple[int, ...] = ()) -> None:
        """A number, or the numbers of an array one by one."""
        if tree.head == "array":
            for i, part in enumerate(tree.parts):
                self.leaf(name, part, (*index, i))
            return
        at = f"{name}[{','.join(map(str, index))}]" if index else name
        if at in self.program.leaves:
            self.complain(f"with {at}", "comes twice")
        self.program.add_leaf(at, tree.number)

    def asked(self) -> None:
        """The names in the problem section are those of quantities."""
        known = self.program.known()
        for name in self.given:
            if name not in known or not set(self.program.flat([name])) <= set(self.program.leaves):
                self.complain("given", f"{name} is no number that goes in")
        for text in self._asked:
            tree = self.derivative_in(text)
            if tree is None or tree.direct or (self.root and tree.name != self.root):
                self.complain("asked", text)
                continue
            self.root = tree.name
            self.wrt.append(tree.by)
        if len(set(self.wrt)) < len(self.wrt):
            self.complain("asked", "a derivative comes twice")

    # --- forward ------------------------------------------------------------------------------

    def forward(self, section: Section) -> None:
        """Each quantity from those above it."""
        for row in section.rows:
            chain = chain_of(self.numbered(row))
            name = chain.subject
            if not re.fullmatch(NAME, name) or name in self.program.values:
                self.complain(row, f"{name} is no new quantity")
                continue
            tree = self.reads(row, chain.parts[0], self.program.values) if chain.parts else None
            if tree is None:
                self.program.add_leaf(name, Decimal("NaN"))
                continue
            try:
                self.program.add_formula(name, tree)
            except NotAFormula as problem:
                self.complain(row, str(problem))
                self.program.add_leaf(name, Decimal("NaN"))
                continue
            self.chain(row, chain, self.program.values[name], self.scope_of_values())

    def scope_of_values(self) -> Scope:
        return Scope(self.program.values, self.program.values.__getitem__)

    def numbered(self, row: Row) -> str:
        """The row behind its number, which is the next one."""
        self.lines += 1
        number, _, rest = row.text.strip().partition("  ")
        if number != str(self.lines):
            self.complain(row, f"number {number} where {self.lines} is due")
        return rest.strip()

    # --- backward -----------------------------------------------------------------------------

    def backward(self, section: Section) -> None:
        """The derivative of the output by all that leads to what is asked."""
        for row in section.rows:
            take_first(self.program, row.asides)
        due = self.due()
        seen: set[str] = set()
        for row, own in with_own(section.rows):
            if row is None:
                self.complain(own[0], "belongs to no numbered line")
                continue
            text = self.numbered(row)
            meet = re.fullmatch(r"(\S+) +(\w+) branches meet at (\S+): add them", text)
            chain = chain_of(text)
            subject = self.derivative_in(meet[1] if meet else chain.subject)
            if subject is None or subject.direct or subject.by in seen:
                self.complain(row, "no new derivative of the output")
                continue
            self.root = self.root or subject.name
            due = due or {self.root: set()}
            node = subject.by
            seen.add(node)
            if subject.name != self.root or node not in due:
                self.complain(row, "nobody asked for this derivative")
            elif node == self.root:
                if chain.parts != ("1",) or chain.signs != ("=",) or own or row.asides:
                    self.complain(row, "the output's derivative by itself is 1")
            elif meet:
                self.branches(row, node, meet, own, due[node])
            elif len(due[node]) != 1 or own:
                self.complain(row, f"{len(due[node])} branches meet here")
            else:
                self.edge(row, chain, next(iter(due[node])), node)
        if missing := set(due) - seen:
            self.complain("BACKWARD", f"no line for {', '.join(sorted(missing))}")

    def due(self) -> dict[str, set[str]]:
        """Each quantity on a way from the output to one that is asked, and its consumers there."""
        if not self.root:
            return {}
        program = self.program
        asked = set(program.flat(self.wrt))
        reached = program.below(self.root)
        leads = set(asked)
        for name in program.formulas:
            if leads.intersection(program.uses[name]):
                leads.add(name)
        due: dict[str, set[str]] = {name: set() for name in leads & reached}
        for via in reached.intersection(program.formulas):
            for name in program.uses[via]:
                if name in due:
                    due[name].add(via)
        if unreached := asked - reached:
            self.complain("asked", f"{self.root} does not depend on {', '.join(unreached)}")
        return {self.root: set(), **due}

    def edge(self, row: Row, chain: Chain, via: str, node: str) -> None:
        """upstream · local = …, and the local derivative beside or below it."""
        root, program = self.root, self.program
        upstream, local = program.total(root, via), program.direct(via, node)
        form = Tree("·", (
            Tree("derivative", name=root, by=via),
            Tree("derivative", name=via, by=node, direct=True),
        ))  # fmt: skip
        known = program.known()
        if not chain.parts or self.reads(row, chain.parts[0], known) != form:
            self.complain(row, f"not d{root}/d{via}·∂{via}/∂{node}")
        masked = upstream == 0 and not local.is_finite()
        scope = self.scope()
        if masked:
            scope = Scope(known, program.value, lambda d: Decimal(0))
        self.chain(row, chain, program.contribution(upstream, via, node), scope)
        if len(row.asides) != 1:
            self.complain(row, f"{len(row.asides)} local derivatives beside it")
        for aside in row.asides:
            self.local(row, aside, via, node, local)
        if row.words != MASKED * masked:
            self.complain(row, f"words {row.words!r}")

    def local(self, row: Row, text: str, via: str, node: str, local: Decimal) -> None:
        """∂via/∂node = … = number, since …"""
        formulas, _, why = text.partition(", since ")
        chain = chain_of(formulas)
        subject = self.derivative_in(chain.subject)
        if subject is None or (subject.name, subject.by, subject.direct) != (via, node, True):
            self.complain(row, f"{chain.subject} where ∂{via}/∂{node} is due")
        self.chain(f"{row} | {text}", chain, local, self.scope())
        for reason in re.split(r" and (?!share)", why) if why else ():
            if not holds(reason, self.program, via):
                self.complain(f"{row} | {text}", f"{reason!r} does not hold")

    def branches(
        self, row: Row, node: str, meet: re.Match[str], own: list[Row], due: set[str]
    ) -> None:
        """One line through each consumer, then their sum."""
        self.meeting(row, node, meet, len(due))
        terms = []
        vias = []
        while own and (match := re.fullmatch(r"through (\S+) +(.+)", own[0].text.strip())):
            line = own.pop(0)
            via = match[1]
            if via not in due or via in vias:
                self.complain(line, f"{via} is no other branch into {node}")
                continue
            vias.append(via)
            self.edge(line, chain_of(f"= {match[2]}"), via, node)
            total = self.program.total(self.root, via)
            terms.append(self.program.contribution(total, via, node))
        if set(vias) != due:
            self.complain(row, f"no branch through {', '.join(sorted(due - set(vias)))}")
            return
        self.added(row, own, terms, self.program.total(self.root, node))

    def meeting(self, row: Row, node: str, meet: re.Match[str], count: int) -> None:
        said = _COUNTS.index(meet[2]) + 2 if meet[2] in _COUNTS else meet[2]
        if count < 2 or str(said) != str(count) or (count <= 10) != (meet[2] in _COUNTS):
            self.complain(row, f"{count} branches meet")
        if meet[3] != node:
            self.complain(row, f"they meet at {node}")

    def added(self, row: Row, own: list[Row], terms: Sequence[Any], total: Any) -> None:
        """sum  a + b + c = total, the contributions in order."""
        if len(own) != 1 or not own[0].text.strip().startswith("sum "):
            self.complain(row, "the branches are not added up")
            return
        [line] = own
        chain = chain_of("= " + line.text.strip().removeprefix("sum").strip())
        self.chain(line, chain, total, self.scope_of_values())
        shown = terms_of(self.reads(line, chain.parts[0])) if chain.parts else []
        fits = len(shown) == len(terms) and all(map(self.stands_for, shown, terms))
        if not fits:
            self.complain(line, "the terms are not the branches' contributions in order")

    # --- asked for ----------------------------------------------------------------------------

    def asked_for(self, section: Section) -> None:
        """Derivatives by the chain rule along every way."""
        for row in section.rows:
            chain = chain_of(row.text)
            subject = self.derivative_in(chain.subject)
            if subject is None or subject.direct or subject.name not in self.program.formulas:
                self.complain(row, "no derivative of what is computed")
                continue
            of, by = subject.name, subject.by
            self.pairs.append((of, by))
            total = self.program.total(of, by)
            paths = self.program.paths(of, by)
            if paths > MOST_PATHS:
                if row.words != PATHS or len(chain.parts) != 1:
                    self.complain(row, f"{paths} paths")
                self.chain(row, chain, total, self.scope())
                continue
            first = self.reads(row, chain.parts[0], self.program.known()) if chain.parts else None
            if row.words or first is None or not self.are_paths(first, of, by, paths):
                self.complain(row, f"{paths} different paths are due")
            self.chain(row, chain, total, self.scope())
            self.single(row, of, by, paths == 1 and by in self.program.uses[of])

    def single(self, row: Row, of: str, by: str, alone: bool) -> None:
        """A derivative along one edge has its formula beside it, unless that is a number."""
        slope = self.program.direct(of, by) if alone else Decimal("0.5")
        chooses = any(part.head in PIECES for part in subtrees(self.program.formulas[of]))
        bare = alone and not row.asides and slope == slope.to_integral_value() and not chooses
        if len(row.asides) != alone and not bare:
            self.complain(row, f"{len(row.asides)} local derivatives beside it")
        for aside in row.asides:
            self.local(row, aside, of, by, self.program.direct(of, by))

    def are_paths(self, tree: Tree, of: str, by: str, count: int) -> bool:
        """The terms of a sum are products of derivatives along different ways."""
        found = set()
        for term in terms_of(tree):
            factors = [factor for _, factor in _factors(term)]
            if not all(f.head == "derivative" and f.direct for f in factors):
                return False
            path = (factors[0].name, *(factor.by for factor in factors))
            joined = all(f.name == name for f, name in zip(factors, path, strict=False))
            if not joined or (path[0], path[-1]) != (of, by):
                return False
            found.add(path)
        return len(found) == count


def _factors(tree: Tree) -> list[tuple[str, Tree]]:
    if tree.head != "·":
        return [("·", tree)]
    return [*_factors(tree.parts[0]), ("·", tree.parts[1])]


def terms_of(tree: Tree | None) -> list[Tree]:
    """The terms of a + b + c, from left to right."""
    terms: list[Tree] = []
    while tree is not None and tree.head == "+":
        terms.insert(0, tree.parts[1])
        tree = tree.parts[0]
    return [tree, *terms] if tree is not None else terms


def with_own(rows: Iterable[Row]) -> Iterable[tuple[Row | None, list[Row]]]:
    """Each numbered row with the lines that belong to it."""
    found: list[tuple[Row | None, list[Row]]] = []
    for row in rows:
        if row.text[:5].strip():
            found.append((row, []))
        elif found:
            found[-1][1].append(row)
        else:
            found.append((None, [row]))
    return found


