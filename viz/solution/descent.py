"""Updates written out: the rule's state, the parameters, the forward pass between two steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from autograd_core import modes
from autograd_core.blocks import Block
from autograd_core.errors import DomainError, WorksheetError
from autograd_core.expression import Derivative, Expression, Number, Quantity, Symbol
from autograd_core.tracing import Trace
from autograd_core.update_rules import RULES, hyperparameters
from autograd_core.updates import Update
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..arrays import entries_of
from ..document import Row, Section
from ..letters import pretty_name
from .budget import Gap, gap_row
from .setting import Setting, listed
from .sweeps import forward_listing

__all__ = ["Descent"]

# How the hyperparameters are written; the others are numbers.
_LETTERS = {
    "lr": "eta", "momentum": "mu", "alpha": "alpha", "rho": "rho", "eps": "epsilon",
    "weight_decay": "lambda", "dampening": "d", "lr_decay": "kappa",
}  # fmt: skip
_BETAS = ("beta_1", "beta_2")


class Descent:
    """One `update(…)` of a worksheet on its way into the document.

    After `rows()` was read, `values` holds each parameter's number after every step.
    """

    def __init__(self, setting: Setting, update: Update) -> None:
        assert setting.sheet is not None
        self.setting = setting
        self.update = update
        self.sheet: Worksheet = setting.sheet
        self.sweep: Trace = setting.trace
        self.chains = setting.chains
        self.values: dict[str, list[float]] = {name: [] for name in update.parameters}
        self.rule = RULES[update.rule]
        self.numbers = {**hyperparameters(update.rule), "lr": update.lr, **update.options}
        units = setting.gathered(setting.trace.landmarks)
        self._taken = {pretty_name(setting.names(unit)) for unit in units}
        self.symbols = {name: self._symbol(name, n) for name, n in self.numbers.items()}

    @property
    def lines(self) -> int:
        """About how many lines it takes."""
        update = self.update
        shown = min(update.steps, update.steps // update.print_every + 2)
        units = self._units()
        return shown * (2 * len(units) + (update.steps > 1))

    def section(self, most: int | None = None) -> Section:
        """The rows under the hyperparameters' values, so many at most."""
        symbols = [s for kept in self.symbols.values() for s in _parts(kept)]
        symbols.sort(key=lambda symbol: symbol is not self.symbols["lr"])  # η first
        letters = [symbol for symbol in symbols if isinstance(symbol, Symbol)]
        exact = (self.setting.chains.exact(symbol, symbol.value)[1] for symbol in letters)
        note = listed((s, " = ", Number(x)) for s, x in zip(letters, exact, strict=True))
        return Section("UPDATE", note, tuple(self.rows(most)))

    def _units(self) -> list[Value | Block]:
        assert self.setting.sheet is not None
        nodes = self.setting.sheet.nodes
        return self.setting.units(nodes[name] for name in self.update.parameters)

    def rows(self, most: int | None = None) -> Iterator[Row]:
        """Every step, or those that `print_every` asks for, the first and the last.

        The rows beyond `most` are not made; a line says of how many updates they are.
        """
        units = self._units()
        steps = self.update.steps
        room = math.inf if most is None else most
        left_out = 0
        states: list[Any] = [None] * len(units)
        for step in range(1, steps + 1):
            shown = step in (1, steps) or step % self.update.print_every == 0
            if shown and steps > 1 and room > 0:
                room -= 1
                yield self._loss(step)
            changed: dict[str, float] = {}
            for i, unit in enumerate(units):
                value = self._read(unit, lambda node: node.data)
                gradient = self._read(unit, self.sweep.adjoint)
                before = states[i]
                after, states[i] = self.rule(value, gradient, before, **self.numbers)
                named = dict(zip(_names(unit), entries_of(after), strict=True))
                for name, number in named.items():
                    if not math.isfinite(number):
                        raise DomainError(f"the update of {name} is {number} in step {step}")
                    self.values[name].append(number)
                if shown and room > 0:
                    written = self._written(unit, value, gradient, before, after)
                    room -= len(written)
                    yield from written
                elif shown:
                    left_out += 1
                changed |= named
            if step < steps:
                try:
                    self._replay(changed)
                except WorksheetError as problem:
                    raise DomainError(
                        f"after step {step} of the update: {problem}; try a smaller lr"
                    ) from None
        if left_out:
            yield gap_row(Gap("the updates", left_out))

    def _read(self, unit: Value | Block, read: Callable[[Value], float]) -> Any:
        """A number of the unit's node in the worksheet as it stands, or an array of them."""
        if isinstance(unit, Value):
            return read(self.sheet.nodes[str(unit.name)])
        numbers = unit.data
        numbers.flat = [read(self.sheet.nodes[name]) for name in _names(unit)]
        return numbers

    def again(self, most: int | None = None) -> Section:
        """The forward pass with the new parameters."""
        self._replay({name: numbers[-1] for name, numbers in self.values.items()})
        self.setting.names.adopt(self.sweep.landmarks, self.setting.trace.landmarks)
        forward = forward_listing(self.setting, self.sweep)
        section = replace(forward, title="FORWARD AGAIN", note=("after the update",)).section(most)
        return replace(section, rows=tuple(replace(row, number=None) for row in section.rows))

    def _replay(self, changed: dict[str, float]) -> None:
        """Both sweeps with the new parameters."""
        self.sheet = sheet = self.sheet.replay(changed)
        with modes.detect_anomaly():
            self.sweep = Trace(sheet.output, sheet.wrt, self.sweep.depth, sheet.assigned)
        self.chains = self.setting.chains.reading(self.sweep, self.setting.trace.landmarks)

    def _loss(self, step: int) -> Row:
        output = self.sheet.output.data
        subject = Quantity(output, of=self.setting.root)
        value = self.chains.exact(subject, output)[1]
        chain = self.chains.chain(subject, Quantity(value), value)
        return Row(label=(f"step {step}",), chain=chain)

    def _written(
        self, unit: Value | Block, value: Any, gradient: Any, before: Any, after: Any
    ) -> list[Row]:
        """The rule run on symbols: its state line by line, then the parameter."""
        parameter = Quantity(value, of=unit)
        slope = Derivative(gradient, of=self.setting.root, by=unit)
        ending = f"_{unit.name}" if len(self.update.parameters) > 1 else ""
        state = _Notebook(lambda key: self._free(key + ending), before or {})
        formula, _ = self.rule(parameter, slope, state, **self.symbols)
        lines: list[tuple[Expression, Expression, Any]] = [
            *((subject, kept, kept.value) for subject, kept in state.lines),
            (parameter, formula, after),
        ]
        return [Row(chain=self.chains.chain(*line, link="←")) for line in lines]

    def _symbol(self, name: str, number: Any) -> Any:
        """The letter of a hyperparameter that has one; a pair of them for betas."""
        if name == "betas":
            letters = map(self._free, _BETAS)
            return tuple(Symbol(n, name=letter) for n, letter in zip(number, letters, strict=True))
        if isinstance(number, float) and number and name in _LETTERS:
            return Symbol(number, name=self._free(_LETTERS[name]))
        return number

    def _free(self, name: str) -> str:
        """The name, primed where a quantity of the problem is called so."""
        while pretty_name(name) in self._taken:
            name += "′"
        return name


def _names(unit: Value | Block) -> list[str]:
    """The names of a unit's nodes."""
    return [str(node.name) for node in (unit.nodes.flat if isinstance(unit, Block) else [unit])]


class _Notebook(dict[str, Any]):
    """A rule's state that writes down what is put into it, and gives back a symbol for it."""

    def __init__(self, name: Callable[[str], str], state: dict[str, Any]) -> None:
        super().__init__()
        self.name = name
        self.lines: list[tuple[Symbol, Expression]] = []
        for key, value in state.items():
            self.setdefault(key, value)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """A number from the step before becomes the symbol of its name."""
        if key not in self:
            number = isinstance(default, float) or hasattr(default, "shape")
            super().__setitem__(key, self._symbol(key, default) if number else default)
        return self[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, Expression):
            symbol = self._symbol(key, value.value)
            self.lines.append((symbol, value))
            value = symbol
        super().__setitem__(key, value)

    def copy(self) -> _Notebook:
        return self  # the rule works on a copy of its state; here it writes into the notebook

    def _symbol(self, key: str, value: Any) -> Symbol:
        return Symbol(value, name=self.name(key))


def _parts(symbol: Any) -> tuple[Any, ...]:
    return symbol if isinstance(symbol, tuple) else (symbol,)
