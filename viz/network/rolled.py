"""A recurrent net with its loop: the state that leaves it comes back one step later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..drawing.themes import Colours
from ..letters import pretty_name
from .canvas import SMALL, Canvas, Line, Point
from .recurrence import Recurrence

__all__ = ["RolledPicture", "weight_name"]

BOX: Point = (96.0, 44.0)
LEVEL, APART = 110.0, 330.0  # from box to box, upwards and between two directions
LOOP = 62.0  # how far a loop swings out


@dataclass(frozen=True, slots=True)
class RolledPicture:
    """The picture of a recurrent net with a loop edge for each layer and direction."""

    net: Recurrence

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        canvas = Canvas(colours, self._caption(), 2.0 * APART)
        self._end(canvas, "x", (0.0, 0.0), "x_t", self.net.input_size)
        below = ["x"]
        for layer in range(self.net.layers):
            keys = []
            for direction in range(self.net.directions):
                keys.append(self._cell(canvas, layer, direction))
                for tail in below:
                    canvas.edge(tail, keys[-1], "wire")
                self._beside_edge(canvas, layer, direction)
            below = keys
        top = LEVEL * (self.net.layers + 1)
        for k, readout in enumerate(self.net.readout):
            lines = [Line(readout.function or "Σ", colours.ink)]
            canvas.box(f"r{k}", (0.0, top), BOX, lines, "readout", readout.title)
            for tail in below:
                canvas.edge(tail, f"r{k}", "wire")
            size = f"{readout.units}×{readout.inputs}"
            canvas.words((0.0, top - 0.5 * LEVEL), [Line(f"V {size}", colours.value, SMALL)])
            below, top = [f"r{k}"], top + LEVEL
        name = "y_t" if self.net.readout else "h_t"
        made = self.net.readout[-1].units if self.net.readout else self._width
        self._end(canvas, "y", (0.0, top), name, made)
        for tail in below:
            canvas.edge(tail, "y", "wire")
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        return f"a recurrent net, {self.net.layers * self.net.directions} with a loop"

    @property
    def _width(self) -> int:
        return self.net.hidden_size * self.net.directions

    def _cell(self, canvas: Canvas, layer: int, direction: int) -> str:
        """One layer in one direction: its box and its loop."""
        net, colours = self.net, canvas.colours
        x = APART * (direction - 0.5 * (net.directions - 1))
        y = LEVEL * (layer + 1)
        key = f"h{layer}_{direction}"
        lines = [Line(net.kind, colours.ink, bold=True)]
        lines.append(Line(f"{net.hidden_size} units", colours.aside, SMALL))
        canvas.box(key, (x, y), BOX, lines, "cell", net.title)
        right, half = x + 0.5 * BOX[0], 0.25 * BOX[1]
        points = [
            (right, y + half), (right + LOOP, y + 3.0 * half), (right + LOOP, y - 3.0 * half),
            (right, y - half),
        ]  # fmt: skip
        canvas.curve(key, key, points, "loop", "the state, one step later")
        size = f"{net.gates * net.hidden_size}×{net.hidden_size}"
        later = "one step later" if direction == 0 else "one step earlier"
        words = [
            Line(f"{weight_name('hh', layer, net.layers, direction)} {size}", colours.value, SMALL),
            Line(f"h{', c' if net.has_memory else ''}: {later}", colours.aside, SMALL),
        ]
        canvas.words((right + LOOP + 38.0, y), words)
        return key

    def _beside_edge(self, canvas: Canvas, layer: int, direction: int) -> None:
        net = self.net
        inputs = net.input_size if layer == 0 else self._width
        name = weight_name("ih", layer, net.layers, direction)
        x = APART * (direction - 0.5 * (net.directions - 1))
        text = f"{name} {net.gates * net.hidden_size}×{inputs}"
        place = (0.5 * x if layer == 0 else x, LEVEL * (layer + 0.5))
        canvas.words(place, [Line(text, canvas.colours.value, SMALL)])

    def _end(self, canvas: Canvas, key: str, at: Point, name: str, size: int) -> None:
        lines = [Line(pretty_name(name), canvas.colours.ink)]
        lines.append(Line(f"{size}", canvas.colours.aside, SMALL))
        canvas.circle(key, at, 20.0, lines, "end", fill=canvas.colours.paper)

    def _caption(self) -> Sequence[str]:
        parts = ["the loop brings the state back at the next time step"]
        if self.net.gates > 1:
            parts.append(f"a weight holds the rows of {self.net.gates} gates")
        return ["; ".join(parts)]


def weight_name(which: str, layer: int, layers: int, direction: int = 0) -> str:
    """W_ih of the only layer, W2_hh of the second; with a mark, ←, against the direction of time.

    >>> weight_name("ih", 0, 1), weight_name("hh", 1, 2, 1)
    ('W_ih', 'W2_hh←')
    """
    return f"W{layer + 1 if layers > 1 else ''}_{which}{'←' if direction else ''}"
