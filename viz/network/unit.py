"""One unit in its parts: inputs, weights, bias, the sum, the function, the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..drawing.themes import Colours
from ..inputs import Numbers
from ..letters import pretty_name
from .canvas import SMALL, Canvas, Line, Point
from .dense import Dense
from .weights import Connection, connect, legend, number_text, value_line

__all__ = ["UnitPicture"]

RADIUS, PITCH = 21.0, 60.0
SUM_X, FUNCTION_X, OUTPUT_X = 190.0, 300.0, 400.0
MOST_TERMS = 6  # of the sum that the caption writes out


@dataclass(frozen=True, slots=True)
class UnitPicture:
    """The picture of a layer of one neuron; `values` are the inputs and the output.

    note : what else the caption says, such as the labels of a classifier.
    """

    layer: Dense
    values: Sequence[Numbers] | None
    digits: int
    note: str = ""

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        canvas = Canvas(colours, self._caption(), OUTPUT_X)
        for i, at in enumerate(self._places()):
            self._draw_input(canvas, i, at)
        self._draw_body(canvas)
        connections = list(self._connections())
        connect(canvas, connections, self._largest, self.digits, RADIUS, zeros=True)
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        return f"a unit with {self.layer.inputs} inputs"

    @property
    def _biased(self) -> bool:
        return self.layer.bias is not None

    @property
    def _weights(self) -> list[float]:
        """The weights of the inputs, then the bias, a weight on a constant 1."""
        bias = [] if self.layer.bias is None else [float(self.layer.bias[0])]
        return [*map(float, self.layer.weight[0]), *bias]

    @property
    def _largest(self) -> float:
        return max(map(abs, self._weights)) or 1.0

    def _places(self) -> list[Point]:
        rows = len(self._weights)
        return [(0.0, PITCH * (0.5 * (rows - 1) - i)) for i in range(rows)]

    # --- shapes -------------------------------------------------------------------------------

    def _draw_input(self, canvas: Canvas, i: int, at: Point) -> None:
        colours = canvas.colours
        if i == self.layer.inputs:
            lines = [Line("1", colours.ink, bold=True), Line("bias", colours.aside, SMALL)]
        elif self.values is None:
            lines = [Line(pretty_name(f"x_{i}"), colours.ink)]
        else:
            value = number_text(float(self.values[0][i]), self.digits)
            name = Line(pretty_name(f"x_{i}"), colours.aside, SMALL)
            lines = [value_line(value, colours), name]
        kind = "bias" if i == self.layer.inputs else "input"
        canvas.circle(f"x{i}", at, RADIUS, lines, kind, fill=colours.paper)

    def _draw_body(self, canvas: Canvas) -> None:
        colours, middle = canvas.colours, 0.0
        total = [Line("Σ", colours.ink, 14)]
        if self.values is not None:
            total.append(Line(number_text(self._sum, self.digits), colours.value, SMALL, True))
        canvas.circle("sum", (SUM_X, middle), 1.2 * RADIUS, total, "neuron", self._formula())
        function = self.layer.function or "identity"
        width = max(54.0, 7.0 * len(function) + 16.0)
        canvas.box("function", (FUNCTION_X, middle), (width, 36.0), [Line(function, colours.ink)],
                   "function")  # fmt: skip
        output = [Line("y", colours.ink)]
        if self.values is not None:
            value = number_text(float(self.values[1][0]), self.digits)
            output = [value_line(value, colours), Line("y", colours.aside, SMALL)]
        canvas.circle("y", (OUTPUT_X, middle), RADIUS, output, "output", fill=colours.paper)
        canvas.edge("sum", "function", "wire")
        canvas.edge("function", "y", "wire")

    def _connections(self) -> Iterator[Connection]:
        for i, (weight, at) in enumerate(zip(self._weights, self._places(), strict=True)):
            name = "b" if i == self.layer.inputs else pretty_name(f"w_{i}")
            yield Connection(f"x{i}", "sum", at, (SUM_X, 0.0), weight, name)

    # --- words --------------------------------------------------------------------------------

    @property
    def _sum(self) -> float:
        assert self.values is not None
        inputs = [*map(float, self.values[0]), *([1.0] if self._biased else [])]
        return sum(w * x for w, x in zip(self._weights, inputs, strict=True))

    def _formula(self) -> str:
        """y = step(w₀·x₀ + w₁·x₁ + b) with the weights' numbers."""
        terms = []
        for i, weight in enumerate(self._weights):
            size = number_text(abs(weight), self.digits)
            term = pretty_name(f"x_{i}") if i < self.layer.inputs else size
            if i < self.layer.inputs and size != "1":
                term = f"{size}·{term}"
            if weight:
                terms.append(f"{'−' if weight < 0.0 else '+'} {term}")
        first, *rest = terms or ["0"]
        total = " ".join([first.removeprefix("+ ").replace("− ", "−"), *rest])
        return f"y = {self.layer.function}({total})"

    def _caption(self) -> list[str]:
        formula = self._formula() if len(self._weights) <= MOST_TERMS else ""
        dotted = ", dotted where it is 0" if 0.0 in self._weights else ""
        return [formula, self.note, legend(self._largest, self.digits) + dotted]
