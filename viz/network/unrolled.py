"""A recurrent net unrolled: a column for each time step, the same weights in all of them.

The weights are written once, where each is used first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..drawing.direction import LETTER
from ..drawing.style import NUMBER
from ..drawing.themes import Colours
from ..inputs import Numbers
from ..letters import pretty_name
from .canvas import SMALL, Canvas, Line, Point
from .recurrence import Recurrence
from .rolled import weight_name
from .weights import number_text

__all__ = ["UnrolledPicture"]

BOX: Point = (70.0, 40.0)
LEVEL = 92.0  # from box to box, upwards
STEP, STEP_OF_TWO = 220.0, 260.0  # from one time step to the next, in one direction or two
SIDE = 70.0  # how far each of two directions stands aside
WIDEST = 120.0  # of a box


@dataclass(frozen=True, slots=True)
class UnrolledPicture:
    """The picture of so many time steps; `sequence` are inputs, `states` and `outputs` what comes.

    All three are None, or hold one array for each step.
    """

    net: Recurrence
    steps: int
    digits: int
    sequence: Sequence[Numbers] | None = None
    states: Sequence[Numbers] | None = None
    outputs: Sequence[Numbers] | None = None

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        canvas = Canvas(colours, self._caption(), self._step * self.steps)
        for t in range(self.steps):
            self._column(canvas, t)
        for layer, direction in self._rows:
            self._through_time(canvas, layer, direction)
        self._weight_names(canvas)
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        return f"a recurrent net, {self.steps} time step{'' if self.steps == 1 else 's'}"

    @property
    def _rows(self) -> list[tuple[int, int]]:
        return [(la, d) for la in range(self.net.layers) for d in range(self.net.directions)]

    def _at(self, layer: int, direction: int, t: int) -> Point:
        rows = self.net.directions * layer + direction + 1
        apart = SIDE if self.net.directions > 1 else 0.0
        return self._step * t + apart * (2 * direction - 1), LEVEL * rows

    @property
    def _step(self) -> float:
        return STEP if self.net.directions == 1 else STEP_OF_TWO

    @property
    def _top(self) -> float:
        return LEVEL * (self.net.layers * self.net.directions + 1)

    # --- one time step ------------------------------------------------------------------------

    def _column(self, canvas: Canvas, t: int) -> None:
        x = self._step * t
        given = None if self.sequence is None else self.sequence[t]
        self._box(canvas, f"x{t}", (x, 0.0), f"x_{t}", given, "input")
        below = [f"x{t}"]
        for layer in range(self.net.layers):
            last = layer == self.net.layers - 1
            keys = []
            for direction in range(self.net.directions):
                keys.append(f"h{layer}_{direction}_{t}")
                state = self._state(t, direction) if last else None
                name = f"h{layer + 1 if self.net.layers > 1 else ''}_{t}"
                at = self._at(layer, direction, t)
                self._box(canvas, keys[-1], at, name, state, "cell", "←" * direction)
            for tail in below:
                for head in keys:
                    canvas.edge(tail, head, "wire", f"step {t}")
            below = keys
        if self.net.readout:
            made = None if self.outputs is None else self.outputs[t]
            self._box(canvas, f"y{t}", (x, self._top), f"y_{t}", made, "output")
            for tail in below:
                canvas.edge(tail, f"y{t}", "wire", f"step {t}")

    def _state(self, t: int, direction: int) -> Numbers | None:
        if self.states is None:
            return None
        first = direction * self.net.hidden_size
        return self.states[t][first : first + self.net.hidden_size]

    def _box(
        self, canvas: Canvas, key: str, at: Point, name: str, values: Numbers | None, kind: str,
        mark: str = "",
    ) -> None:  # fmt: skip
        colours = canvas.colours
        tip = pretty_name(name) + mark
        lines = [Line(tip, colours.ink, bold=True)]
        width = BOX[0]
        if values is not None:
            shown = [number_text(float(v), self.digits) for v in values]
            tip = f"{tip} = {', '.join(shown)}"
            text = _fitting(shown)
            lines.append(Line(text, colours.value, SMALL))
            width = max(width, _width(text))
        fill = None if kind == "cell" else colours.paper
        canvas.box(key, at, (width, BOX[1]), lines, kind, tip, fill)

    # --- from step to step --------------------------------------------------------------------

    def _through_time(self, canvas: Canvas, layer: int, direction: int) -> None:
        steps = range(self.steps - 1)
        for t in steps:
            ends = f"h{layer}_{direction}_{t}", f"h{layer}_{direction}_{t + 1}"
            tail, head = ends if direction == 0 else ends[::-1]
            canvas.edge(tail, head, "time", "the state goes on to the next step")

    def _weight_names(self, canvas: Canvas) -> None:
        """The weights' names and shapes, once each, at the first step."""
        net = self.net
        rows = net.gates * net.hidden_size
        for layer, direction in self._rows:
            x, y = self._at(layer, direction, 0)
            inputs = net.input_size if layer == 0 else net.hidden_size * net.directions
            below = 0.0 if layer == 0 else x
            name = weight_name("ih", layer, net.layers, direction)
            self._note(canvas, (0.5 * (x + below), y - 0.5 * LEVEL), f"{name} {rows}×{inputs}")
            if self.steps > 1:
                name = weight_name("hh", layer, net.layers, direction)
                size = f"{rows}×{net.hidden_size}"
                self._note(canvas, (x + 0.5 * self._step, y + 10.0), f"{name} {size}")
        if net.readout:
            size = f"{net.readout[0].units}×{net.readout[0].inputs}"
            self._note(canvas, (0.0, self._top - 0.5 * LEVEL), f"V {size}")

    def _note(self, canvas: Canvas, at: Point, text: str) -> None:
        canvas.words(at, [Line(text, canvas.colours.value, SMALL)], "weight")

    def _caption(self) -> list[str]:
        state = "the states h and c are" if self.net.has_memory else "the state is"
        lines = [
            f"{self.net.title}: every column is a time step and has the same weights, which are "
            f"named in the first one; before the first step {state} 0"
        ]
        if self.net.gates > 1:
            lines.append(f"a weight holds the rows of {self.net.gates} gates")
        return lines


def _fitting(numbers: Sequence[str]) -> str:
    """As many of the numbers as the widest box holds, at least one."""
    texts = [", ".join([*numbers[:k], "…"]) for k in range(len(numbers) - 1, 0, -1)]
    texts = [", ".join(numbers), *texts]
    return next((text for text in texts if _width(text) <= WIDEST), texts[-1])


def _width(text: str) -> float:
    """The estimated width of a box around small type."""
    return LETTER * SMALL / NUMBER * len(text) + 12.0
