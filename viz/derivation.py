"""Turning a trace into a worked solution: which lines, in which words, with how many digits.

Every chain "symbol = rule in symbols = with numbers = result" comes out on a calculator: its result
has 4 digits, its operands from 4 up, until each part, computed from the digits printed, rounds to
the result printed. Where none does, the last sign is ≈. Constants stand as they were typed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

from autograd_core import modes
from autograd_core.check import GradientCheck, check_direction, check_leaves
from autograd_core.errors import DomainError
from autograd_core.expression import (
    Application,
    Derivative,
    Expression,
    Number,
    Quantity,
    Symbol,
    application,
    reasons_of,
)
from autograd_core.graph import topological_order
from autograd_core.table import TABLE
from autograd_core.tracing import Depth, Step, Trace, trace
from autograd_core.update_rules import RULES
from autograd_core.value import Value
from autograd_core.worksheet import Update, Worksheet

from .digits import AS_TYPED, half_unit, rounded
from .document import Chain, Document, Names, Part, Row, Section
from .notation import Text, Writer

__all__ = ["derive"]

FEWEST_DIGITS = 4
MOST_PATHS = 32
MOST_CHECKED = 20_000  # gradients × operations that are measured one by one
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def derive(
    problem: Value | Worksheet,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    digits: int = FEWEST_DIGITS,
) -> Document:
    """The worked solution of a graph or a worksheet.

    wrt : the quantities whose gradients are wanted. depth : see `autograd_core.trace`. digits :
    the least number of significant digits. Raises `DomainError` where a gradient is not a finite
    number and `StaleGraph` where a leaf changed.
    """
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if wrt is None and sheet is not None:
        wrt = sheet.wrt
    with modes.detect_anomaly():
        sweep = trace(root, wrt, depth, sheet.assigned if sheet else ())
    return _Derivation(sweep, sheet, digits).document()


class _Derivation:
    """One trace on its way to a document."""

    def __init__(self, sweep: Trace, sheet: Worksheet | None, digits: int) -> None:
        self.trace = sweep
        self.root = sweep.root
        self.sheet = sheet
        self.digits = digits
        self.names = Names(sweep.landmarks)
        self.writer = Writer(Text(), self.names)  # to see which parts would repeat in print
        self.lines = 0
        self.updates: dict[str, list[float]] = {}

    def document(self) -> Document:
        checks = self.checks()
        sections = [
            self.problem(),
            Section("FORWARD", rows=tuple(self.forward())),
            Section(
                "BACKWARD", ("upstream × local derivative",), tuple(self.backward())
            ),
        ]
        if self.sheet and self.sheet.derivatives:
            sections.append(Section("ASKED FOR", rows=tuple(self.asked_for())))
        for update in self.sheet.updates if self.sheet else ():
            rate = Symbol(update.lr, name="eta")
            sections.append(
                Section("UPDATE", (rate, " = ", Number(update.lr)), tuple(self.update(update)))
            )
        sections.append(
            Section(
                "CHECK",
                ("central differences, their own error estimate in brackets",),
                tuple(self.check(check, label) for label, check in checks),
            )
        )
        verdicts = {
            label if isinstance(label, str) else self.names(label): check.verdict
            for label, check in checks
        }
        text = self.sheet.text if self.sheet else ""
        shown = tuple(section for section in sections if section.rows)
        return Document(shown, self.names, text, verdicts, self.updates, self.trace)

    # --- chains -------------------------------------------------------------------------------

    def chain(
        self,
        subject: Expression | None,
        formula: Expression,
        value: float,
        link: str = "=",
        reasons: bool = False,
    ) -> Chain:
        """subject = formula = formula with numbers = worked out further = value."""
        numeric: list[Expression] = []
        while isinstance(formula, Application) and formula.op is TABLE["identity"]:
            [formula] = formula.operands  # b = a
        if isinstance(formula, Application):
            further = _work_out(formula)
            numeric = [formula] if further is None else [formula, further]
        digits, exact = _choose_digits(numeric, value, self.digits)
        shown: list[tuple[Expression, bool, int]] = []
        if _has_symbols(formula):
            shown.append((formula, False, AS_TYPED))
        shown += [(part, True, digits) for part in numeric]
        shown.append((Quantity(value), True, self.digits))
        texts = [self.writer.write(part, digits, plain) for part, plain, digits in shown]
        shown = [part for i, part in enumerate(shown) if texts[i] not in texts[i + 1 : i + 2]]
        signs = [link if subject else "", *["="] * len(shown)]
        if not exact:
            signs[len(shown) - 1] = "≈"
        parts = tuple(Part(sign, *part) for sign, part in zip(signs, shown, strict=False))
        return Chain(subject, parts, reasons_of(formula) if reasons else ())

    def derivative(self, node: Value) -> Derivative:
        return Derivative(self.trace.adjoint(node), of=self.root, by=node)

    def number(self) -> int:
        self.lines += 1
        return self.lines

    # --- the problem --------------------------------------------------------------------------

    def problem(self) -> Section:
        """The numbers that go in, and what is asked."""
        rows = []
        leaves = [node for node in self.trace.landmarks if node.is_leaf]
        if self.sheet:
            leaves = [node for node in self.sheet.assigned if node.is_leaf]
        if leaves:
            rows.append(Row(label=("with",), words=_listed(
                (Quantity(leaf.data, of=leaf), " = ", Quantity(leaf.data)) for leaf in leaves
            )))  # fmt: skip
        if self.sheet and self.sheet.given:
            given = ((Quantity(node.data, of=node),) for node in self.sheet.given)
            rows.append(Row(label=("given",), words=_listed(given)))
        if self.trace.wrt:
            asked = ((Derivative(0.0, of=self.root, by=node),) for node in self.trace.wrt)
            rows.append(Row(label=("asked",), words=_listed(asked)))
        return Section("", rows=tuple(rows))

    # --- the two sweeps -----------------------------------------------------------------------

    def forward(self) -> Iterator[Row]:
        for step in self.trace.forward():
            subject = Quantity(step.value, of=step.node)
            yield Row(self.number(), chain=self.chain(subject, step.formula, step.value))

    def backward(self) -> Iterator[Row]:
        for node, steps in groupby(self.trace.backward(), lambda step: step.node):
            yield self.gradient(node, list(steps))

    def gradient(self, node: Value, steps: list[Step]) -> Row:
        """The derivative of the output by one node: one edge, or a sum over several."""
        subject = self.derivative(node)
        first = steps[0]
        if first.rule == "seed":
            return Row(self.number(), chain=self.chain(subject, first.formula, 1.0))
        if len(steps) == 1:
            return Row(
                self.number(),
                chain=self.chain(subject, first.formula, first.value),
                aside=self.local(first),
                words=_masked(first),
            )
        count = _COUNTS[len(steps)] if len(steps) < len(_COUNTS) else str(len(steps))
        edges = tuple(
            Row(
                label=("through ", Quantity(0.0, of=step.via)),
                chain=self.chain(None, step.formula, step.value),
                aside=self.local(step),
                words=_masked(step),
            )
            for step in steps
        )
        terms = application(TABLE["sum"], *(Quantity(step.value) for step in steps))
        total = steps[-1].total
        assert total is not None
        return Row(
            self.number(),
            chain=Chain(subject, ()),
            words=(f"{count} branches meet at ", Quantity(0.0, of=node), ": add them"),
            below=(*edges, Row(label=("sum",), chain=self.chain(None, terms, total))),
        )

    def local(self, step: Step) -> Chain:
        assert step.local_formula is not None
        assert step.local is not None
        subject = Derivative(step.local, of=step.via, by=step.node, direct=True)
        return self.chain(subject, step.local_formula, step.local, reasons=True)

    # --- what else was asked ------------------------------------------------------------------

    def asked_for(self) -> Iterator[Row]:
        assert self.sheet is not None
        for of, by in self.sheet.derivatives:
            paths = list(self.paths(of, by))
            subject = Derivative(0.0, of=of, by=by)
            if len(paths) > MOST_PATHS:
                inner = Trace(of, [by])
                yield Row(
                    chain=self.chain(subject, Quantity(inner.adjoint(by)), inner.adjoint(by)),
                    words=(f"the sum over more than {MOST_PATHS} paths",),
                )
                continue
            products = [self.product(path) for path in paths]
            formula = products[0] if len(products) == 1 else application(TABLE["sum"], *products)
            yield Row(chain=self.chain(subject, formula, formula.value))

    def paths(self, of: Value, by: Value) -> Iterator[list[Value]]:
        """Every way from `of` down to `by` along landmarks, up to one more than can be shown."""
        leads = {by}
        for node in self.trace.landmarks:
            if not node.is_leaf and any(n in leads for n in self.trace.direct(node)):
                leads.add(node)
        found = 0
        waiting = [[of]]
        while waiting and found <= MOST_PATHS:
            path = waiting.pop()
            if path[-1] is by:
                found += 1
                yield path
                continue
            below = [n for n in self.trace.direct(path[-1]) if n in leads]
            waiting.extend([*path, node] for node in reversed(below))

    def product(self, path: list[Value]) -> Expression:
        factors = [
            Derivative(self.trace.direct(of)[by][0], of=of, by=by, direct=True)
            for of, by in pairwise(path)
        ]
        return factors[0] if len(factors) == 1 else application(TABLE["prod"], *factors)

    # --- updates ------------------------------------------------------------------------------

    def update(self, update: Update) -> Iterator[Row]:
        """The rule applied to each parameter; with several steps, the forward pass between."""
        assert self.sheet is not None
        rule = RULES[update.rule]
        rate = Symbol(update.lr, name="eta")
        sheet, sweep = self.sheet, self.trace
        states: dict[str, Any] = dict.fromkeys(update.parameters)
        for step in range(1, update.steps + 1):
            if update.steps > 1:
                yield Row(
                    label=(f"step {step}",),
                    chain=self.chain(
                        Quantity(sheet.output.data, of=self.root),
                        Number(sheet.output.data),
                        sheet.output.data,
                    ),
                )
            changed = {}
            for name in update.parameters:
                node = self.sheet.values[name]
                value = sheet.values[name].data
                parameter = Quantity(value, of=node)
                gradient = Derivative(
                    sweep.adjoint(sheet.values[name]), of=self.root, by=node
                )
                formula, _ = rule(parameter, gradient, states[name], lr=rate)
                changed[name], states[name] = rule(
                    value, gradient.value, states[name], lr=update.lr
                )
                if not math.isfinite(changed[name]):
                    raise DomainError(f"the update of {name} is {changed[name]}")
                self.updates.setdefault(self.names(node), []).append(changed[name])
                yield Row(chain=self.chain(parameter, formula, changed[name], link="←"))
            if step < update.steps:
                sheet = sheet.replay(changed)
                with modes.detect_anomaly():
                    sweep = Trace(sheet.output, sheet.wrt)

    # --- the check ----------------------------------------------------------------------------

    def checks(self) -> list[tuple[Value | str, GradientCheck]]:
        """One check per gradient; of a large problem one for all of them together."""
        wrt = self.trace.wrt
        if len(wrt) * len(topological_order(self.root)) <= MOST_CHECKED:
            return [(check.input, check) for check in check_leaves(self.root, wrt)]
        return [(f"all {len(wrt)} along one direction", check_direction(self.root, wrt))]

    def check(self, check: GradientCheck, of: Value | str) -> Row:
        label = (of,) if isinstance(of, str) else (Derivative(0.0, of=self.root, by=of),)
        if check.verdict == "kink":
            return Row(label=label, words=(
                "at a kink: the slopes are ", _rough(check.left), " on the left and ",
                _rough(check.right), " on the right; by convention ",
                Quantity(check.analytic), " is used",
            ))  # fmt: skip
        verdict = "OK" if check.verdict == "ok" else check.verdict
        if not math.isfinite(check.numeric):
            return Row(label=label, words=(f"could not be measured: {verdict}",))
        shown = _measured(check.numeric, check.error)
        return Row(label=label, words=(f"{shown} (±{_one_digit(check.error)}) {verdict}",))


# --- choosing digits --------------------------------------------------------------------------


def _choose_digits(parts: Sequence[Expression], value: float, fewest: int) -> tuple[int, bool]:
    """The fewest digits of the operands at which every part comes out as the value printed."""
    shown = rounded(value, fewest)
    for digits in range(fewest, AS_TYPED + 1):
        if all(_comes_out(part, shown, digits) for part in parts):
            return digits, True
    return fewest, False


def _comes_out(part: Expression, shown: Decimal, digits: int) -> bool:
    result = _from_print(part, digits)
    if not (math.isfinite(result) and shown.is_finite()):
        return False
    # To 15 digits the result is what decimal arithmetic gives, free of binary rounding.
    return abs(rounded(result, AS_TYPED) - shown) <= half_unit(shown)


def _from_print(e: Expression, digits: int) -> float:
    """The formula's value computed from the digits that are printed."""
    if isinstance(e, Application):
        return e.op.forward(*(_from_print(o, digits) for o in e.operands))
    return float(rounded(e.value, digits))


def _is_number(e: Expression) -> bool:
    return isinstance(e, Number) or (isinstance(e, Quantity) and e.of is None)


def _has_symbols(e: Expression) -> bool:
    if isinstance(e, Application):
        return any(map(_has_symbols, e.operands))
    return not _is_number(e)


_ARITHMETIC = {
    TABLE[name]
    for name in ("add", "sub", "mul", "div", "neg", "flow", "sum", "prod", "dot", "identity")
}


def _work_out(formula: Application) -> Expression | None:
    """The formula with its inner parts worked out, σ(4 − 2·2) to σ(0); None if nothing is left.

    Of a function the operands are worked out, of arithmetic every function in it. What remains is
    what the last line of a calculation on paper shows.
    """
    if formula.op in _ARITHMETIC:
        further: Expression = _without_functions(formula)
    else:
        further = application(
            formula.op,
            *(Quantity(o.value) if isinstance(o, Application) else o for o in formula.operands),
        )
    if not isinstance(further, Application) or further.operands == formula.operands:
        return None
    if further.op is TABLE["neg"] and _is_number(further.operands[0]):
        return None  # the result itself
    return further


def _without_functions(e: Expression) -> Expression:
    if not isinstance(e, Application):
        return e
    if e.op not in _ARITHMETIC:
        return Quantity(e.value)
    return Application(e.value, op=e.op, operands=tuple(map(_without_functions, e.operands)))


# --- words ------------------------------------------------------------------------------------


def _rough(slope: float | None) -> Expression:
    """A measured slope to four digits."""
    return Quantity(float(rounded(slope or 0.0, FEWEST_DIGITS)))


def _listed(items: Any) -> tuple[str | Expression, ...]:
    """a, b, c"""
    words: list[str | Expression] = []
    for item in items:
        if words:
            words.append(", ")
        words.extend(item)
    return tuple(words)


def _masked(step: Step) -> tuple[str, ...]:
    return ("0·∞ counts as 0 here",) if step.masked else ()


def _measured(value: float, error: float) -> str:
    """A measured number: seven digits or six decimals, and no more than its error allows."""
    exponent = math.floor(math.log10(abs(value))) if value else 0
    decimals = max(6, 6 - exponent)
    if error > 0.0:
        decimals = min(decimals, max(0, -math.floor(math.log10(error))))
    if -7 <= exponent < 15:
        return f"{value:.{decimals}f}".replace("-", "−")
    return f"{value:.6e}".replace("-", "−")


def _one_digit(error: float) -> str:
    if error == 0.0:
        return "0"
    mantissa, exponent = f"{error:.0e}".split("e")
    if int(exponent) == 0:
        return mantissa
    return f"{mantissa}e{int(exponent)}".replace("-", "−")
