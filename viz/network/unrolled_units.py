"""A small Elman net unrolled unit by unit: circles, weights as lines, a column for each time step.

The numbers of the weights stand once, where each is used first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..drawing.themes import Colours
from ..inputs import Numbers
from ..letters import pretty_name
from .canvas import SMALL, Canvas, Line, Point
from .recurrence import Recurrence
from .weights import Connection, connect, legend, number_text, value_line, zeros_left_out

__all__ = ["UnrolledUnitsPicture", "fits_units"]

MOST_UNITS = 4  # of one kind in a time step
MOST_CIRCLES = 120
RADIUS, PITCH = 20.0, 62.0
NEAREST, FURTHER = 110.0, 45.0  # inputs stand left, outputs right of the state
SLOPE = 0.4  # sideways for each step upwards: flat enough for lines to pass beside the circles
BETWEEN = 70.0  # one step and the next


def fits_units(net: Recurrence, steps: int) -> bool:
    """True for an Elman net that is small enough to show every weight."""
    sizes = [net.input_size, net.hidden_size, *(layer.units for layer in net.readout)]
    return (
        net.state_weight is not None
        and len(net.readout) <= 1
        and max(sizes) <= MOST_UNITS
        and steps * sum(sizes) <= MOST_CIRCLES
    )


@dataclass(frozen=True, slots=True)
class UnrolledUnitsPicture:
    """The picture of so many time steps; `values` are inputs, states and outputs of each step."""

    net: Recurrence
    steps: int
    digits: int
    values: Sequence[Sequence[Numbers]] | None = None

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        canvas = Canvas(colours, self._caption(), self._step * self.steps)
        for t in range(self.steps):
            heading = [Line(f"step {t}", colours.ink, bold=True)]
            canvas.words((self._step * t, self._top + RADIUS + 34.0), heading, "heading")
            for row, size in enumerate(self._sizes):
                for unit in range(size):
                    self._circle(canvas, t, row, unit)
        for t in range(self.steps):
            for k, bundle in enumerate(self._bundles(t)):
                first = t == (1 if k == 1 else 0)
                connect(canvas, bundle, self._largest, self.digits, RADIUS, numbers=first,
                        kind="weight" if first else "weight tied")  # fmt: skip
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        return f"a recurrent net, {self.steps} time step{'' if self.steps == 1 else 's'}, its units"

    @property
    def _sizes(self) -> list[int]:
        """How many inputs, units of the state, and outputs a step has."""
        return [
            self.net.input_size, self.net.hidden_size, *(layer.units for layer in self.net.readout)
        ]  # fmt: skip

    @property
    def _top(self) -> float:
        outputs = self._sizes[2] if self.net.readout else 0
        return PITCH * (0.5 * (self.net.hidden_size - 1) + outputs)

    @property
    def _step(self) -> float:
        rows = [row for row in range(len(self._sizes)) if row != 1]
        return BETWEEN + sum(self._aside(row) + FURTHER * (self._sizes[row] - 1) for row in rows)

    @property
    def _largest(self) -> float:
        return max(float(abs(w).max()) for w in self._matrices) or 1.0

    @property
    def _matrices(self) -> list[Numbers]:
        found = [self.net.input_weight, self.net.state_weight]
        found += [layer.weight for layer in self.net.readout]
        return [matrix for matrix in found if matrix is not None]

    # --- circles ------------------------------------------------------------------------------

    def _at(self, t: int, row: int, unit: int) -> Point:
        """Inputs stand below and left of the state, outputs above it and to the right."""
        half = PITCH * 0.5 * (self.net.hidden_size - 1)
        if row == 0:
            further = FURTHER * (self._sizes[0] - 1 - unit)
            return self._step * t - self._aside(0) - further, -half - PITCH * (unit + 1)
        if row == 1:
            return self._step * t, half - PITCH * unit
        above = PITCH * (self._sizes[2] - unit)
        return self._step * t + self._aside(2) + FURTHER * unit, half + above

    def _aside(self, row: int) -> float:
        """How far the nearest input or output stands from the state."""
        return max(NEAREST, SLOPE * PITCH * (self._sizes[1] - 1 + self._sizes[row]))

    def _circle(self, canvas: Canvas, t: int, row: int, unit: int) -> None:
        colours, net = canvas.colours, self.net
        letter = "xhy"[row]
        number = f"[{unit}]" if self._sizes[row] > 1 else ""
        name = pretty_name(f"{letter}_{t}{number}")
        lines = [Line(name, colours.ink, SMALL)]
        if self.values is not None:
            value = number_text(float(self.values[t][row][unit]), self.digits)
            lines = [value_line(value, colours), Line(name, colours.aside, 9)]
        at = self._at(t, row, unit)
        kind = ("input", "neuron", "output")[row]
        function = (net.function, net.readout[0].function if net.readout else "")[max(row - 1, 0)]
        canvas.circle(self._key(t, row, unit), at, RADIUS, lines, kind,
                      f"{name}{f': {function}' if row and function else ''}",
                      fill=colours.paper if row == 0 else None)  # fmt: skip
        bias = (None, net.bias, net.readout[0].bias if net.readout else None)[row]
        if t == 0 and bias is not None and bias[unit]:
            text = f"b {number_text(float(bias[unit]), self.digits)}"
            canvas.words((at[0], at[1] + RADIUS + 8.0), [Line(text, colours.aside, SMALL)], "bias")

    def _key(self, t: int, row: int, unit: int) -> str:
        return f"{'xhy'[row]}{t}_{unit}"

    # --- weights ------------------------------------------------------------------------------

    def _bundles(self, t: int) -> Iterator[list[Connection]]:
        """The weights into a step: from its inputs, from the state before, and to its outputs."""
        yield self._bundle((t, 0), (t, 1), self.net.input_weight, "W_ih")
        yield self._bundle((t - 1, 1), (t, 1), self.net.state_weight, "W_hh") if t else []
        if self.net.readout:
            yield self._bundle((t, 1), (t, 2), self.net.readout[0].weight, "V")

    def _bundle(
        self, tail: tuple[int, int], head: tuple[int, int], weight: Numbers | None, name: str
    ) -> list[Connection]:
        assert weight is not None
        return [
            Connection(
                self._key(*tail, source), self._key(*head, unit), self._at(*tail, source),
                self._at(*head, unit), float(weight[unit, source]), f"{name}[{unit}, {source}]",
            )
            for unit in range(len(weight))
            for source in range(weight.shape[1])
        ]  # fmt: skip

    def _caption(self) -> list[str]:
        functions = [f"hₜ = {self.net.function}(…)"]
        functions += [f"yₜ = {layer.function or ''}(…)" for layer in self.net.readout]
        return [
            f"{self.net.title}: {', '.join(functions)}; every step has the same weights, their "
            "numbers stand at the first use; before the first step the state is 0",
            legend(self._largest, self.digits),
            zeros_left_out(sum(int((w == 0.0).sum()) for w in self._matrices)),
        ]
