"""Re-evaluates every printed line of a worked solution, and imports nothing of ours.

    check_solution(printed, worksheet) -> what does not parse or does not reproduce, line by line

Two witnesses are heard. The worksheet itself (`problems`), evaluated with mpmath at 80 digits,
its derivatives central differences. And the printed lines (`formulas`), evaluated too, from the
symbols and from the digits that stand there:

    part in symbols   its value, at full precision, is the printed result to the last place
    part in numbers   is the part in symbols with numbers in place of names, then of whole terms,
                      each right to its own last place; worked out from those digits it rounds to
                      the printed result, unless the sign before the result is ≈
    result            has the digits that were asked for, or is exact

Nothing is skipped: a line that fits no rule is reported, and so is one that ought to be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .formulas import (
    PIECES,
    NotAFormula,
    Real,
    Tree,
    evaluate,
    flat,
    mp,
    names_in,
    parsed,
    plain,
    subtrees,
)
from .problems import STEP, Program, Reference, Update, read_worksheet

__all__ = ["check_solution", "columns"]

NOTHING = mp.mpf(10) ** -35  # what remains of a zero in differences
NOISE = mp.mpf(10) ** -12  # what double precision may lose on the way, relative
TIE = mp.mpf(10) ** -40  # a half of the last place rounds either way
MOST_PATHS = 32


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


# --- the lines --------------------------------------------------------------------------------

_TITLES = {
    "FORWARD": "",
    "BACKWARD": "upstream × local derivative",
    "ASKED FOR": "",
    "UPDATE": r"η = (?P<rate>\S+)",
    "CHECK": "central differences, their own error estimate in brackets",
}
_TITLE = re.compile("|".join(f"{t}(?:   {note})?" for t, note in _TITLES.items()))
_STARTS = {  # what the first line of a row looks like
    "": re.compile(r" {5}(?:with|given|asked) "),
    "FORWARD": re.compile(r" {0,2}\d+  \S"),
    "BACKWARD": re.compile(r" {0,2}\d+  \S| {7,}(?:through \S+ |sum  )| {7,}∂"),
    "ASKED FOR": re.compile(r" {5}d\S+(?: |$)"),
    "UPDATE": re.compile(r" {5}step \d+ | {5,}\S+(?: +← |$)"),
    "CHECK": re.compile(r" {5}(?:d\S+|all \d+ along one direction)(?: |$)"),
}
_CONTINUES = re.compile(r" {6,}(?:[=≈←+−] |·|\)|since )")
_SAID = re.compile(r" at a kink: |, since ")  # words, which break at any blank
_WORDS_TO_COUNT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MASKED = "0·∞ counts as 0 here"


@dataclass
class Line:
    """A row of the solution, its wrapped lines joined."""

    section: str
    text: str

    def __str__(self) -> str:
        return self.text.strip()


@dataclass(frozen=True)
class Chain:
    """subject = part = part = result, as it stands there."""

    subject: str
    signs: tuple[str, ...]
    parts: tuple[str, ...]


def _chain(text: str) -> Chain:
    subject, *rest = re.split(r"\s+([=≈←])\s+", text.strip())
    return Chain(subject, tuple(rest[::2]), tuple(rest[1::2]))


class _Checker:
    def __init__(self, printed: str, reference: Reference, digits: int) -> None:
        self.printed = printed
        self.reference = reference
        self.digits = digits
        self.complaints: list[str] = []
        self.rates: list[str] = []
        self.known: dict[str, Real] = dict(reference.values)
        self.program = reference.program

    def complain(self, line: object, why: str) -> None:
        self.complaints.append(f"{line}: {why}")

    # --- from text to rows --------------------------------------------------------------------

    def rows(self) -> dict[str, list[Line]]:
        """The rows of each section, UPDATE sections one after the other."""
        found: dict[str, list[Line]] = {"": []}
        section = ""
        for line in self.printed.split("\n"):
            if not line.strip():
                continue
            if line != line.rstrip():
                self.complain(line, "blanks at the end")
            if match := _TITLE.fullmatch(line):
                section = next(title for title in _TITLES if line.startswith(title))
                if section == "UPDATE":
                    self.rates.append(match["rate"] or "")
                    section = f"UPDATE {len(self.rates)}"
                if section in found:
                    self.complain(line, "the section comes twice")
                found.setdefault(section, [])
                continue
            rows = found[section]
            kind = section.partition(" ")[0] if section.startswith("UPDATE") else section
            if _STARTS[kind].match(line):
                rows.append(Line(section, line))
            elif rows and (
                _CONTINUES.match(line)
                or rows[-1].text.endswith(",")
                or (_SAID.search(rows[-1].text) and line.startswith(" " * 6))
            ):
                rest = line.lstrip()
                rows[-1].text += rest if rest[0] in "·)" else f" {rest}"
            else:
                self.complain(line, "not a line of a worked solution")
        return found

    def check(self) -> list[str]:
        rows = self.rows()
        updates = [f"UPDATE {i + 1}" for i in range(len(self.reference.updates))]
        asked = ["ASKED FOR"] if self.reference.derivatives else []
        expected = ["", "FORWARD", "BACKWARD", *asked, *updates, "CHECK"]
        if not self.reference.wrt:
            expected.remove("CHECK")
        if list(rows) != expected:
            self.complain("sections", f"{list(rows)} where {expected} are due")
            return self.complaints
        self.problem(rows[""])
        self.forward(rows["FORWARD"])
        self.backward(rows["BACKWARD"])
        if asked:
            self.asked_for(rows["ASKED FOR"])
        for i, update in enumerate(self.reference.updates):
            self.update(rows[updates[i]], update, self.rates[i])
        self.verdicts(rows.get("CHECK", []))
        return self.complaints

    # --- numbers ------------------------------------------------------------------------------

    def derivative(self, of: str, by: str, direct: bool) -> Real:
        if direct:
            if by not in self.program.uses.get(of, ()):
                raise NotAFormula(f"the formula of {of} does not contain {by}")
            return self.program.direct(of, by)
        return self.program.total(of, by)

    def true(self, tree: Tree) -> Real:
        return evaluate(tree, self.program.values, None, self.derivative)

    def stands_for(self, shown: Tree, true: Real, digits: int | None = None) -> bool:
        """A printed number is the true one to its last place; with few digits it is exact."""
        if mp.isnan(true) or mp.isinf(true) or mp.isinf(shown.number):
            return bool(shown.number == true)
        slack = NOTHING + NOISE * max(abs(true), abs(shown.number))
        exact = shown.digits < (self.digits if digits is None else digits)
        return bool(abs(shown.number - true) <= (0 if exact else shown.half) + slack)

    def reads(self, line: object, text: str) -> Tree | None:
        try:
            return parsed(text, frozenset(self.known))
        except NotAFormula as problem:
            self.complain(line, f"{text!r}: {problem}")
            return None

    def reads_number(self, line: object, text: str) -> Tree | None:
        tree = self.reads(line, text)
        if tree is not None and tree.head != "number":
            self.complain(line, f"{text} is no number")
            return None
        return tree

    def typed(self, line: object, text: str, true: Real) -> None:
        """A number that stands as it was typed."""
        tree = self.reads_number(line, text)
        if tree is not None and not self.stands_for(tree, true, 15):
            self.complain(line, f"{text} where {mp.nstr(true, 16)} is right")

    # --- a chain ------------------------------------------------------------------------------

    def chain(self, line: object, chain: Chain, true: Real, allowed: str = "=") -> None:
        """Check a chain's parts against each other, the result, and the true value."""
        *signs, last = chain.signs or ("",)
        first = signs[0] if signs else last
        if (last not in "=≈" and last != allowed) or any(s != "=" for s in signs[1:]):
            self.complain(line, "only the last sign may be ≈")
        if signs and first != allowed:
            self.complain(line, f"{first} where {allowed} is due")
        if any(a == b for a, b in zip(chain.parts, chain.parts[1:], strict=False)):
            self.complain(line, "a part repeats the one before")
        trees = [self.reads(line, part) for part in chain.parts]
        if not trees or any(tree is None for tree in trees):
            if not trees:
                self.complain(line, "there is no formula")
            return
        *parts, result = (tree for tree in trees if tree is not None)
        if result.head != "number":
            self.complain(line, f"the result is no number: {chain.parts[-1]}")
            return
        if not self.stands_for(result, true):
            self.complain(line, f"{chain.parts[-1]} where {mp.nstr(true, 12)} is right")
        symbols: Tree | None = None
        numbers = []
        for tree, text in zip(parts, chain.parts, strict=False):
            if any(t.head in ("name", "derivative") for t in subtrees(tree)):
                if symbols is not None or numbers:
                    self.complain(line, "the symbols come once, and first")
                symbols = tree
                self.in_symbols(line, tree, text, result)
                continue
            if symbols is not None and not self.follows(tree, symbols, whole_terms=bool(numbers)):
                self.complain(line, f"{text} does not follow from the part in symbols")
            if tree.head == "number" and "(" not in text and tree.number != 0:
                self.complain(line, f"{text} is a result and stands in the middle")
            numbers.append((tree, text))
        if symbols is not None and _bare(symbols).parts and not numbers:
            self.complain(line, "no part with numbers")
        found = [self.on_a_calculator(tree, result) for tree, _ in numbers]
        if last != "≈":
            for (_, text), (fits, value) in zip(numbers, found, strict=True):
                if not fits:
                    self.complain(line, f"{text} is {mp.nstr(value, 12)} on a calculator")
        elif all(fits for fits, _ in found):
            self.complain(line, "≈ where everything comes out")

    def in_symbols(self, line: object, tree: Tree, text: str, result: Tree) -> None:
        try:
            value = self.true(tree)
        except NotAFormula as problem:
            self.complain(line, str(problem))
            return
        masked = mp.isnan(value) and result.number == 0  # 0·∞ counts as 0
        if not masked and not self.stands_for(result, value):
            self.complain(line, f"{text} is {mp.nstr(value, 12)}")

    def on_a_calculator(self, tree: Tree, result: Tree) -> tuple[bool, Real]:
        """Whether a part, worked out from the digits printed, rounds to the result printed."""
        value = evaluate(tree, {})
        if not mp.isfinite(value):
            return bool(value == result.number), value
        shown = mp.mpf(mp.nstr(value, 15))  # what a calculator shows
        return bool(abs(shown - result.number) <= result.half + TIE * abs(value)), value

    def follows(self, numbers: Tree, symbols: Tree, whole_terms: bool) -> bool:
        """True where `numbers` is `symbols` with the right numbers for names.

        With `whole_terms` a number may stand for a whole term, as when a formula is worked out.
        """
        if numbers.head == "number":
            if not whole_terms and _bare(symbols).parts:
                return False
            try:
                return self.stands_for(numbers, self.true(symbols))
            except NotAFormula:
                return False
        if numbers.head == symbols.head == "neg":
            return self.follows(numbers.parts[0], symbols.parts[0], whole_terms)
        ours, theirs = flat(numbers), flat(symbols)
        return [sign for sign, _ in ours] == [sign for sign, _ in theirs] and all(
            self.follows(n, s, whole_terms) for (_, n), (_, s) in zip(ours, theirs, strict=True)
        )

    # --- sections -----------------------------------------------------------------------------

    def problem(self, rows: Sequence[Line]) -> None:
        found = {}
        for row in rows:
            label, _, rest = row.text.strip().partition(" ")
            if label in found:
                self.complain(row, f"{label} comes twice")
            found[label] = rest.strip()
        due = {"with": bool(self.program.leaves), "given": bool(self.reference.given),
               "asked": bool(self.reference.wrt)}  # fmt: skip
        if list(found) != [label for label, is_due in due.items() if is_due]:
            self.complain("problem", f"lines {list(found)}")
            return
        numbers = [item.split(" = ") for item in found.get("with", "").split(", ") if item]
        if [plain(name) for name, *_ in numbers] != [
            name for name in self.reference.order if name in self.program.leaves
        ]:
            self.complain("with", found.get("with", ""))
            return
        for name, *number in numbers:
            self.typed(f"with {name}", number[0] if number else "", self.known[plain(name)])
        given = [plain(name) for name in found.get("given", "").split(", ") if name]
        if given != self.reference.given:
            self.complain("given", str(given))
        root = self.reference.output
        asked = [self.derivative_names(d) for d in found.get("asked", "").split(", ") if d]
        if asked != [(root, name, False) for name in self.reference.wrt]:
            self.complain("asked", found.get("asked", ""))

    def derivative_names(self, text: str) -> tuple[str, str, bool] | None:
        try:
            tree = parsed(text, frozenset(self.known))
        except NotAFormula:
            return None
        return (tree.name, tree.by, tree.direct) if tree.head == "derivative" else None

    def forward(self, rows: Sequence[Line]) -> None:
        """The quantities in order; unnamed ones (u1, u2, …) are what their formula says."""
        formulas: dict[str, Tree] = {}
        chains = []
        values = dict(self.reference.program.leaves)
        for row in rows:
            chain = _chain(self.numbered(row, len(chains) + 1))
            name = plain(chain.subject)
            chains.append((row, name, chain))
            if name in formulas or name in self.reference.program.leaves:
                self.complain(row, f"{name} is computed twice")
                continue
            self.known.setdefault(name, None)
            tree = self.reads(row, chain.parts[0]) if chain.parts else None
            if tree is None or not set(names_in(tree)) <= set(values):
                self.complain(row, "no formula in quantities that stand above")
                formulas.pop(name, None)
                continue
            formulas[name] = tree
            values[name] = evaluate(tree, values)
        missing = [n for n in self.reference.program.formulas if n not in formulas]
        if missing:
            self.complain("FORWARD", f"no line computes {', '.join(missing)}")
            return
        computed = [name for name in formulas if name in self.reference.program.formulas]
        if computed != list(self.reference.program.formulas):
            self.complain("FORWARD", "the quantities stand in another order than typed")
        self.program = _printed_program(self.reference, tuple(formulas.items()))
        for row, name, chain in chains:
            if name not in self.program.values:
                continue
            true = self.reference.values.get(name, self.program.values[name])
            self.chain(row, chain, true)
        # The printed formulas are the worksheet's: same values, and same derivatives of the root.
        for name in self.reference.program.below(self.reference.output):
            ours = self.program.total(self.reference.output, name)
            theirs = self.reference.gradient(name)
            if abs(ours - theirs) > NOISE * max(1, abs(theirs)):
                self.complain("FORWARD", f"the formulas printed depend otherwise on {name}")
        self.steps = len(chains)

    def numbered(self, row: Line, due: int) -> str:
        number, _, rest = row.text.strip().partition("  ")
        if number != str(due):
            self.complain(row, f"number {number} where {due} is due")
        return rest

    def backward(self, rows: Sequence[Line]) -> None:
        if self.program is self.reference.program and self.complaints:
            return  # the forward lines are not there to follow
        root, program = self.reference.output, self.program
        reaches = program.below(root)
        leads = {n for n in reaches if program.below(n) & set(self.reference.wrt)}
        due = {n: {c for c in reaches if n in program.uses.get(c, ())} for n in leads if n != root}
        number = getattr(self, "steps", 0)
        seen: set[str] = set()
        waiting = list(rows)
        while waiting:
            row = waiting.pop(0)
            if not re.match(r" {0,2}\d", row.text):
                self.complain(row, "belongs to no numbered line")
                continue
            number += 1
            main, aside, words = _beside(self.numbered(row, number))
            own = []
            while waiting and not re.match(r" {0,2}\d", waiting[0].text):
                own.append(waiting.pop(0))
            match = re.fullmatch(r"(\S+) +(\w+) branches meet at (\S+): add them", main)
            chain = _chain(main)
            subject = self.derivative_names(match[1] if match else chain.subject)
            if subject is None or subject[0] != root or subject[2] or subject[1] in seen:
                self.complain(row, "no new derivative of the output")
                continue
            node = subject[1]
            seen.add(node)
            if node == root:
                if chain.parts != ("1",) or chain.signs != ("=",) or own or aside or words:
                    self.complain(row, "the output's derivative by itself is 1")
            elif node not in due:
                self.complain(row, "nobody asked for this derivative")
            elif match:
                self.branches(row, node, match, own, due[node])
            else:
                [via] = due[node] if len(due[node]) == 1 else [""]
                if not via:
                    self.complain(row, f"{len(due[node])} branches meet here")
                    continue
                asides = [aside] * bool(aside) + [str(line) for line in own]
                self.edge(row, chain, root, via, node, asides, words)
        if missing := ({root, *due} if due else {root}) - seen:
            self.complain("BACKWARD", f"no line for {', '.join(sorted(missing))}")

    def edge(
        self, row: Line, chain: Chain, root: str, via: str, node: str, asides: list[str], words: str
    ) -> Real:
        """upstream · local = …, and the local derivative beside or below it."""
        upstream, local = self.program.total(root, via), self.program.direct(via, node)
        masked = abs(upstream) < NOTHING and not mp.isfinite(local)
        product = mp.mpf(0) if masked else upstream * local
        form = Tree("mul", (
            Tree("derivative", name=root, by=via),
            Tree("derivative", name=via, by=node, direct=True),
        ))  # fmt: skip
        if not chain.parts or self.reads(row, chain.parts[0]) != form:
            self.complain(row, f"not d{root}/d{via}·∂{via}/∂{node}")
        self.chain(row, chain, product)
        if len(asides) != 1:
            self.complain(row, f"{len(asides)} local derivatives beside it")
        for aside in asides:
            text, _, after = aside.partition("; ")
            words = words or after
            self.local(row, text, via, node, local)
        if words != _MASKED * masked:
            self.complain(row, f"words {words!r}")
        return product

    def local(self, row: Line, text: str, via: str, node: str, local: Real) -> None:
        """∂via/∂node = … = number, since …"""
        formulas, _, why = text.partition(", since ")
        chain = _chain(formulas)
        if self.derivative_names(chain.subject) != (via, node, True):
            self.complain(row, f"{chain.subject} where ∂{via}/∂{node} is due")
        self.chain(f"{row} | {text}", chain, local)
        for reason in re.split(" and (?!share)", why) if why else ():
            if not self.holds(reason, self.program.formulas[via]):
                self.complain(f"{row} | {text}", f"{reason!r} does not hold")

    def holds(self, reason: str, formula: Tree) -> bool:
        """A reason names a part of the formula, and is true of it."""
        choices = [t for t in subtrees(formula) if t.head in PIECES]
        if match := re.fullmatch(r"(\d+) operands tie and share the gradient", reason):
            return any(
                t.head in ("max", "min") and len(self.program.pieces[id(t)]) == int(match[1])
                for t in choices
            )
        if match := re.fullmatch(r"(.+) ([<>=]) 0", reason):
            subject = self.reads(reason, match[1])
            if subject is None or not any(t.parts and t.parts[0] == subject for t in choices):
                return False
            return {-1: "<", 0: "=", 1: ">"}[int(mp.sign(self.true(subject)))] == match[2]
        if match := re.fullmatch(r"(.+) is the (larger|largest|smaller|smallest)", reason):
            subject = self.reads(reason, match[1])
            head = "max" if match[2].startswith("larg") else "min"
            return any(
                t.head == head
                and subject in t.parts
                and self.program.pieces[id(t)] == [t.parts.index(subject)]
                and (len(t.parts) == 2) == match[2].endswith("er")
                for t in choices
            )
        return False

    def branches(
        self, row: Line, node: str, words: re.Match[str], own: list[Line], due: set[str]
    ) -> None:
        root = self.reference.output
        count = dict(zip(_WORDS_TO_COUNT, range(2, 11), strict=True))
        if count.get(words[2], words[2]) not in (len(due), str(len(due))) or len(due) < 2:
            self.complain(row, f"{len(due)} branches meet")
        if plain(words[3]) != node:
            self.complain(row, f"they meet at {node}")
        terms = []
        vias = set()
        while own and (match := re.fullmatch(r" +through (\S+) +(.+)", own[0].text)):
            line = own.pop(0)
            via = plain(match[1])
            chain_text, aside, masked = _beside(match[2])
            asides = [aside] * bool(aside)
            while own and own[0].text.lstrip().startswith("∂"):
                asides.append(str(own.pop(0)))
            if via not in due or via in vias:
                self.complain(line, f"{via} is no other branch into {node}")
                continue
            vias.add(via)
            chain = _chain(f"sum = {chain_text}")
            terms.append(self.edge(line, chain, root, via, node, asides, masked))
        if vias != due:
            self.complain(row, f"no branch through {', '.join(sorted(due - vias))}")
            return
        if len(own) != 1 or not own[0].text.lstrip().startswith("sum  "):
            self.complain(row, "the branches are not added up")
            return
        chain = _chain("sum = " + str(own[0])[3:].strip())
        self.chain(own[0], chain, self.program.total(root, node))
        tree = self.reads(own[0], chain.parts[0])
        shown = []
        while tree is not None and tree.head == "add":
            shown.insert(0, tree.parts[1])
            tree = tree.parts[0]
        if tree is not None:
            shown.insert(0, tree)
        if len(shown) != len(terms) or not all(map(self.is_number, shown, terms)):
            self.complain(own[0], "the terms are not the branches' contributions in order")

    def is_number(self, tree: Tree, true: Real) -> bool:
        return tree.head == "number" and self.stands_for(tree, true)

    def asked_for(self, rows: Sequence[Line]) -> None:
        pairs = []
        for row in rows:
            main, _, words = _beside(row.text.strip())
            chain = _chain(main)
            names = self.derivative_names(chain.subject)
            if names is None or names[2]:
                self.complain(row, "no derivative")
                continue
            of, by, _ = names
            pairs.append((of, by))
            self.chain(row, chain, self.program.total(of, by))
            paths = self.program.paths(of, by)
            if paths > MOST_PATHS:
                if words != f"the sum over more than {MOST_PATHS} paths" or len(chain.parts) > 1:
                    self.complain(row, f"{paths} paths")
            elif words or len(self.reads_paths(row, chain)) != paths:
                self.complain(row, f"{paths} different paths are due")
        if pairs != self.reference.derivatives:
            self.complain("ASKED FOR", f"{pairs} where {self.reference.derivatives} are due")

    def reads_paths(self, row: Line, chain: Chain) -> set[tuple[str, ...]]:
        """The paths of a sum of products of direct derivatives, each as the names it passes."""
        names = self.derivative_names(chain.subject)
        tree = self.reads(row, chain.parts[0])
        found = set()
        terms = []
        while tree is not None and tree.head == "add":
            terms.append(tree.parts[1])
            tree = tree.parts[0]
        for term in [*terms, *([tree] if tree else [])]:
            factors = []
            while term.head == "mul":
                factors.insert(0, term.parts[1])
                term = term.parts[0]
            factors.insert(0, term)
            path = [factors[0].name, *(factor.by for factor in factors)]
            joined = all(f.direct and f.name == n for f, n in zip(factors, path, strict=False))
            if not joined or names is None or (path[0], path[-1]) != names[:2]:
                self.complain(row, f"no path: {' '.join(path)}")
            found.add(tuple(path))
        return found

    def update(self, rows: Sequence[Line], update: Update, rate: str) -> None:
        self.typed("UPDATE", rate, update.lr)
        waiting = list(rows)
        start = self.program
        for step, (program, new) in enumerate(self.reference.updated(update), start=1):
            self.program = program
            if update.steps > 1 and not self.step_line(waiting, step):
                break
            for name in update.parameters:
                row = waiting.pop(0) if waiting else Line("UPDATE", "the end")
                chain = _chain(row.text)
                form = f"{chain.subject} − η·d"
                if plain(chain.subject) != name or not chain.parts[0].startswith(form):
                    self.complain(row, f"no rule for {name}")
                    continue
                tree = self.reads(row, chain.parts[0].replace("η·", ""))
                slope = Tree("derivative", name=self.reference.output, by=name)
                if tree != Tree("sub", (Tree("name", name=name), slope)):
                    self.complain(row, "not parameter − rate · its gradient")
                    continue
                self.known["η"] = self.known["eta"] = None
                program.values["eta"] = update.lr
                self.chain(row, chain, new[name], allowed="←")
                del self.known["η"], self.known["eta"]
        if waiting:
            self.complain(waiting[0], "one line too many")
        self.program = start

    def step_line(self, waiting: list[Line], step: int) -> bool:
        row = waiting.pop(0) if waiting else Line("UPDATE", "the end")
        match = re.fullmatch(rf" {{5}}step {step} +(\S+) += (\S+)", row.text)
        if match is None or plain(match[1]) != self.reference.output:
            self.complain(row, f"step {step} is due")
            return False
        number = self.reads_number(row, match[2])
        if number and not self.stands_for(number, self.program.values[self.reference.output]):
            self.complain(row, "not the output's value")
        return True

    def verdicts(self, rows: Sequence[Line]) -> None:
        seen = []
        for row in rows:
            label, _, rest = row.text.strip().partition("  ")
            if match := re.fullmatch(r"all (\d+) along one direction", label):
                self.together(row, rest.strip(), int(match[1]), alone=len(rows) == 1)
                return
            names = self.derivative_names(label)
            if names is None or names[0] != self.reference.output or names[2]:
                self.complain(row, "no derivative of the output")
                continue
            seen.append(names[1])
            self.verdict(row, rest.strip(), names[1])
        if seen != self.reference.wrt:
            self.complain("CHECK", f"{seen} where {self.reference.wrt} are due")

    def verdict(self, row: Line, text: str, name: str) -> None:
        true = self.reference.gradient(name)
        if text == "could not be measured: undetermined":
            return
        if match := re.fullmatch(
            r"at a kink: the slopes are (\S+) on the left and (\S+) on the right; "
            r"by convention (\S+) is used", text,
        ):  # fmt: skip
            left, right, used = (self.reads_number(row, number) for number in match.groups())
            slopes = self.one_sided(name)
            for shown, slope in zip((left, right, used), (*slopes, true), strict=True):
                # measured: right to its last place, or to what a measurement carries
                if shown is None:
                    continue
                half = shown.half if shown.digits >= self.digits else 0
                if abs(shown.number - slope) > half + mp.mpf("1e-6") * (1 + abs(slope)):
                    self.complain(row, f"the slopes are {mp.nstr(slopes, 8)}, {mp.nstr(true, 8)}")
            return
        match = re.fullmatch(r"(−?\d[\d.]*(?:e[+−]?\d+)?) \(±(\d+(?:e[+−]?\d+)?)\) (\w+)", text)
        if match is None:
            self.complain(row, "not a verdict")
            return
        measured, error = (mp.mpf(n.replace("−", "-")) for n in match.groups()[:2])
        decimals = len(match[1].partition("e")[0].partition(".")[2])
        exponent = int(match[1].partition("e")[2].replace("−", "-") or 0)
        place = mp.mpf(f"0.5e{exponent - decimals}")
        agrees = abs(measured - true) <= 4 * error + place + NOISE * abs(true)
        program, root = self.reference.program, self.reference.output
        size = mp.fsum(abs(program.total(root, n) * x) for n, x in program.values.items())
        agrees = agrees and error <= mp.mpf("1e-3") * max(abs(true), size, mp.mpf("1e-6"))
        if match[3] not in ("OK", "undetermined") or (match[3] == "OK" and not agrees):
            self.complain(row, f"{mp.nstr(true, 12)} is right")

    def together(self, row: Line, text: str, count: int, alone: bool) -> None:
        """Of a large problem one measurement, along a direction of numbers from 0.5 to 1.5."""
        number = r"\d[\d.]*(?:e[+−]?\d+)?"
        match = re.fullmatch(rf"(−?{number}) \(±{number}\) (?:OK|undetermined)", text)
        most = mp.mpf("1.5") * mp.fsum(abs(self.reference.gradient(n)) for n in self.reference.wrt)
        if count != len(self.reference.wrt) or not alone:
            self.complain(row, f"{len(self.reference.wrt)} gradients are to be checked")
        if match is None or abs(mp.mpf(match[1].replace("−", "-"))) > most:
            self.complain(row, "not a verdict")

    def one_sided(self, name: str) -> tuple[Real, Real]:
        program, root = self.reference.program, self.reference.output
        x, h = program.values[name], STEP
        centre, left, right = (
            Program({**program.leaves, name: x + d}, program.formulas).values[root]
            for d in (0, -h, h)
        )
        return (centre - left) / h, (right - centre) / h


def _bare(tree: Tree) -> Tree:
    """The formula without a minus in front: what has no parts then is one name or number."""
    return tree.parts[0] if tree.head == "neg" else tree


def _beside(text: str) -> tuple[str, str, str]:
    """A line's own formula, the local derivative beside it, the words after it."""
    main, _, words = text.partition("   the sum over ")
    if words:
        return main.strip(), "", f"the sum over {words}"
    main, _, aside = text.partition("   ∂")
    if aside:
        return main.strip(), f"∂{aside}", ""
    if text.endswith("   " + _MASKED):
        return text.removesuffix(_MASKED).strip(), "", _MASKED
    return text.strip(), "", ""


@lru_cache(maxsize=512)
def _printed_program(reference: Reference, formulas: tuple[tuple[str, Tree], ...]) -> Program:
    return Program(reference.program.leaves, dict(formulas))


def check_solution(
    printed: str,
    worksheet: str,
    numbers: Mapping[str, float] | None = None,
    digits: int = 4,
) -> list[str]:
    """The printed lines that do not parse or do not reproduce, each with the reason.

    printed : a worked solution as text. worksheet : what it is the solution of. numbers : those
    given or replaced from outside. digits : the significant digits that were asked for.
    """
    return _Checker(printed, read_worksheet(worksheet, numbers), digits).check()
