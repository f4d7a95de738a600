"""Judging UPDATE: the rule's lines are worked out step by step, as they are printed.

The state (m, v, …) starts at 0. Steps that are not written out follow the lines of the next one
that is, with its own number in the exponents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from .chains import Scope
from .formulas import NAME, NotAFormula, Tree, parse
from .layout import Chain, Row, Section, chain_of
from .program import Program
from .sweeps import Sweeps
from .values import evaluate

__all__ = ["Updates"]

_PARAMETER = re.compile(rf"({NAME}) = (\S+?)(?:, |$)")


@dataclass
class _Step:
    number: int
    loss: Row | None = None
    rows: list[tuple[Row, Chain]] = field(default_factory=list)


class _Run:
    """A descent under way: hyperparameters, state, and the problem as it stands."""

    def __init__(self, sweeps: Sweeps, note: Mapping[str, Decimal]) -> None:
        self.sweeps = sweeps
        self.note = note
        self.state: dict[str, Any] = {}
        self.program: Program = sweeps.program

    def scope(self, subjects: set[str]) -> Scope:
        own = {**dict.fromkeys(subjects, Decimal(0)), **self.state, **self.note}
        program = self.program

        def name(one: str) -> Any:
            return own[one] if one in own else program.value(one)

        return Scope(
            program.known() | set(own), name, lambda d: self.sweeps.derivative(program, d)
        )


class Updates:
    """Reads the UPDATE sections of a solution; `values` holds each parameter after every step."""

    def __init__(self, sweeps: Sweeps) -> None:
        self.sweeps = sweeps
        self.complain = sweeps.complain
        self.values: dict[str, list[Decimal]] = {}

    def section(self, section: Section) -> None:
        note = self.note(section.note)
        run = _Run(self.sweeps, note)
        steps = list(self.steps(section.rows))
        done = 0
        subjects = [[chain.subject for _, chain in step.rows] for step in steps]
        if any(names != subjects[0] for names in subjects):
            self.complain("UPDATE", "the steps have not the same lines")
        for step in steps:
            for number in range(done + 1, step.number):
                self.unwritten(run, step, number)
            self.written(run, step)
            done = step.number

    def note(self, text: str) -> dict[str, Decimal]:
        """η = 0.1, β₁ = 0.9, …"""
        found = {}
        for match in _PARAMETER.finditer(text):
            tree = self.sweeps.reads_number("UPDATE", match[2])
            if tree is not None:
                found[match[1]] = tree.number
        if _PARAMETER.sub("", text) or "η" not in found:
            self.complain("UPDATE", f"{text!r} gives no rate")
        return found

    def steps(self, rows: list[Row]) -> Iterator[_Step]:
        """The rows of each step that is written out."""
        step = _Step(1)
        for row in rows:
            match = re.fullmatch(r" {5}step (\d+) +(\S.*)", row.text)
            if match is None:
                step.rows.append((row, chain_of(row.text)))
                continue
            if step.loss:
                yield step
            elif step.rows or int(match[1]) != 1:
                self.complain(row, "step 1 is due")
            if step.loss and int(match[1]) <= step.number:
                self.complain(row, f"not after step {step.number}")
            step = _Step(int(match[1]), row)
        yield step

    def written(self, run: _Run, step: _Step) -> None:
        """Judge the lines of a step, and take it."""
        sweeps, program = self.sweeps, run.program
        if step.loss is not None:
            chain = chain_of(step.loss.text.strip().partition("  ")[2])
            if chain.subject != sweeps.root or len(chain.parts) != 1:
                self.complain(step.loss, f"{sweeps.root} is due")
            else:
                sweeps.chain(step.loss, chain, program.values[sweeps.root], sweeps.scope(program))
        new: dict[str, Decimal] = {}
        for row, chain in step.rows:
            value = self.result(run, step, row, chain, step.number)
            if value is None:
                continue
            sweeps.chain(row, chain, value, run.scope(_states(step, program)), allowed="←")
            self.keep(run, chain.subject, value, new, row)
        self.moved(run, new, step)

    def unwritten(self, run: _Run, step: _Step, number: int) -> None:
        new: dict[str, Decimal] = {}
        for row, chain in step.rows:
            value = self.result(run, step, row, chain, number)
            if value is not None:
                self.keep(run, chain.subject, value, new, row)
        self.moved(run, new, step)

    def result(self, run: _Run, step: _Step, row: Row, chain: Chain, number: int) -> Any:
        """What the line's formula in symbols comes to in the step of that number."""
        scope = run.scope(_states(step, run.program))
        try:
            tree = parse(chain.parts[0] if chain.parts else "", scope.known)
            return evaluate(_at(tree, run.note, step.number, number), scope.name, scope.derivative)
        except NotAFormula as problem:
            self.complain(row, str(problem))
            return None

    def keep(
        self, run: _Run, subject: str, value: Any, new: dict[str, Decimal], row: Row
    ) -> None:
        program = run.program
        if subject in new:
            self.complain(row, f"{subject} comes twice in a step")
        if subject not in program.known():
            run.state[subject] = value
            return
        names = program.flat([subject])
        numbers = value.ravel().tolist() if hasattr(value, "ravel") else [value]
        if len(names) != len(numbers) or not set(names) <= set(program.leaves):
            self.complain(row, f"{subject} is no parameter of this shape")
            return
        new.update(zip(names, numbers, strict=True))

    def moved(self, run: _Run, new: dict[str, Decimal], step: _Step) -> None:
        if not new:
            self.complain(step.loss or "UPDATE", "no parameter changes")
            return
        for name, number in new.items():
            self.values.setdefault(name, []).append(number)
        run.program = run.program.replay(new)


def _states(step: _Step, program: Program) -> set[str]:
    """What the rule's lines compute besides the parameters."""
    return {chain.subject for _, chain in step.rows} - program.known()


def _at(tree: Tree, note: Mapping[str, Decimal], printed: int, number: int) -> Tree:
    """The formula of one step in another: βᵗ has its own t, and so has (t − 1)·κ."""
    if printed == number:
        return tree
    parts = tuple(_at(part, note, printed, number) for part in tree.parts)
    match tree:
        case Tree("^", (Tree("name") as base, Tree("number"))) if base.name in note:
            return replace(tree, parts=(base, _count(number)))
        case Tree("·", (Tree("number"), Tree("name", name="κ") as rate)):
            return replace(tree, parts=(_count(number - 1), rate))
    return replace(tree, parts=parts)


def _count(number: int) -> Tree:
    return Tree("number", number=Decimal(number))
