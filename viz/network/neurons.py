"""Neurons as circles in columns, a layer each, and weights as lines between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..drawing.direction import PAGE
from ..drawing.themes import Colours
from ..inputs import Numbers
from ..letters import pretty_name
from .canvas import SMALL, Canvas, Line, Point
from .dense import Dense
from .weights import Connection, connect, legend, number_text, value_line, zeros_left_out

__all__ = ["MOST_LAYERS", "MOST_UNITS", "NeuronPicture"]

MOST_UNITS = 12  # of a column; of a longer one the first ones and the last are drawn
RADIUS, PITCH = 21.0, 64.0
NARROWEST, WIDEST = 90.0, 165.0  # from column to column
MOST_LAYERS = 24
SLOPE = 0.3  # of a picture's height, that its columns are apart at least if there is room


@dataclass(frozen=True, slots=True)
class _Column:
    """The neurons of a layer that are drawn: their indices; of `size` in all."""

    title: str
    size: int
    drawn: tuple[int, ...]
    x: float

    def y(self, row: int) -> float:
        """The height of a row: one more is left free where neurons are left out."""
        gap = len(self.drawn) < self.size
        rows = len(self.drawn) + gap
        if gap and row == len(self.drawn) - 1:
            row += 1
        return PITCH * (0.5 * (rows - 1) - row)


@dataclass(frozen=True, slots=True)
class NeuronPicture:
    """The picture of dense layers; `values` are the inputs and the outputs of each layer."""

    layers: Sequence[Dense]
    values: Sequence[Numbers] | None
    digits: int

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        columns = self._columns()
        canvas = Canvas(colours, self._caption(columns), columns[-1].x + 2.0 * RADIUS)
        for k, column in enumerate(columns):
            self._draw_column(canvas, k, column)
        for k, layer in enumerate(self.layers):
            bundle = list(self._connections(k, layer, columns))
            connect(canvas, bundle, self._largest, self.digits, RADIUS)
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        sizes = [self.layers[0].inputs, *(layer.units for layer in self.layers)]
        return f"neurons {'-'.join(map(str, sizes))}"

    @property
    def _largest(self) -> float:
        return max(float(abs(layer.weight).max()) for layer in self.layers) or 1.0

    # --- columns ------------------------------------------------------------------------------

    def _columns(self) -> list[_Column]:
        count = len(self.layers)
        sizes = [self.layers[0].inputs, *(layer.units for layer in self.layers)]
        height = PITCH * max(map(len, map(_drawn, sizes)))
        room = (PAGE - 4.0 * RADIUS) / count
        step = max(NARROWEST, min(room, max(WIDEST, SLOPE * height)))
        titles = ["input", *(f"hidden {k}" for k in range(1, count)), "output"]
        titles = ["input", "hidden", "output"] if count == 2 else titles
        return [
            _Column(title, size, _drawn(size), k * step)
            for k, (title, size) in enumerate(zip(titles, sizes, strict=True))
        ]

    def _draw_column(self, canvas: Canvas, k: int, column: _Column) -> None:
        colours = canvas.colours
        top = column.y(0) + RADIUS + (34.0 if k else 22.0)
        size = f"{column.size} units" if len(column.drawn) < column.size else ""
        heading = [Line(column.title, colours.ink, bold=True)]
        heading += [Line(size, colours.aside, SMALL)] if size else []
        canvas.words((column.x, top), heading, "heading", self._heading_tip(k))
        for row, unit in enumerate(column.drawn):
            self._draw_unit(canvas, k, unit, (column.x, column.y(row)))
        if size:
            hidden = column.size - len(column.drawn)
            middle = 0.5 * (column.y(len(column.drawn) - 2) + column.y(len(column.drawn) - 1))
            dots = [Line("⋮", colours.ink), Line(f"{hidden} more", colours.aside, SMALL)]
            canvas.words((column.x, middle), dots, "left-out")

    def _draw_unit(self, canvas: Canvas, k: int, unit: int, at: Point) -> None:
        colours, layer = canvas.colours, self.layers[k - 1] if k else None
        name = pretty_name(f"x_{unit}") if layer is None else layer.function or "Σ"
        lines = [Line(name, colours.ink)]
        if self.values is not None:
            value = number_text(float(self.values[k][unit]), self.digits)
            lines = [value_line(value, colours), Line(name, colours.aside, SMALL)]
        canvas.circle(
            f"u{k}_{unit}", at, RADIUS, lines, "input" if layer is None else "neuron",
            self._unit_tip(k, unit), fill=colours.paper if layer is None else None,
        )  # fmt: skip
        if layer is not None and layer.bias is not None and layer.bias[unit]:
            bias = number_text(float(layer.bias[unit]), self.digits)
            above = (at[0], at[1] + RADIUS + 8.0)
            canvas.words(above, [Line(f"b {bias}", colours.aside, SMALL)], "bias")

    def _heading_tip(self, k: int) -> str:
        return self.layers[k - 1].title if k else f"{self.layers[0].inputs} inputs"

    def _unit_tip(self, k: int, unit: int) -> str:
        name = f"{self.layers[k - 1].title}, neuron {unit}" if k else f"input {unit}"
        if self.values is None:
            return name
        return f"{name}: {number_text(float(self.values[k][unit]), self.digits)}"

    # --- weights ------------------------------------------------------------------------------

    def _connections(
        self, k: int, layer: Dense, columns: Sequence[_Column]
    ) -> Iterator[Connection]:
        before, after = columns[k], columns[k + 1]
        for row, unit in enumerate(after.drawn):
            for below, source in enumerate(before.drawn):
                yield Connection(
                    f"u{k}_{source}", f"u{k + 1}_{unit}",
                    (before.x, before.y(below)), (after.x, after.y(row)),
                    float(layer.weight[unit, source]), f"{layer.title}: w[{unit}, {source}]",
                )  # fmt: skip

    def _caption(self, columns: Sequence[_Column]) -> list[str]:
        found = [legend(self._largest, self.digits)]
        if any(layer.bias is not None and layer.bias.any() for layer in self.layers):
            found.append("above a circle its bias b")
        if self.values is not None:
            found.append("in a circle its value")
        lines = ["; ".join(found)]
        lines.append(zeros_left_out(sum(int((w.weight == 0.0).sum()) for w in self.layers)))
        total, drawn = sum(c.size for c in columns), sum(len(c.drawn) for c in columns)
        if drawn < total:
            lines.append(f"{drawn:,} of {total:,} circles are drawn, at ⋮ stand the others")
        return lines


def _drawn(size: int) -> tuple[int, ...]:
    """The neurons of a column that are drawn."""
    if size <= MOST_UNITS:
        return tuple(range(size))
    return (*range(MOST_UNITS - 2), size - 1)
