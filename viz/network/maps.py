"""What passes through a chain of layers: images as grids of grey, vectors as columns of squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..drawing.themes import Colours
from ..inputs import Numbers
from .boxes import shape_text
from .canvas import SMALL, Canvas, Line
from .grids import draw_grid, require_room
from .reading import Stage

__all__ = ["MapPicture"]

HEIGHT = 330.0  # points, of the longest column
LARGEST_SIDE, SMALLEST_SIDE = 26.0, 3.0
VECTOR_SIDE = 32.0
GAP, BETWEEN = 74.0, 12.0  # between stages, and between the maps of one
MOST_MAPS, MOST_ENTRIES = 4, 10
MOST_STAGES = 16


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The picture of a chain of layers and of `values`: the input and what each layer makes."""

    chain: Sequence[Stage]
    values: Sequence[Numbers]
    digits: int

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        drawn = [self.values[0], *self.values[1 : MOST_STAGES + 1]]
        require_room(grid for value in drawn for grid in _grids(value))
        widths = [_width(value) for value in drawn]
        canvas = Canvas(colours, self._caption(), sum(widths) + GAP * len(widths))
        x = 0.0
        for k, (value, width) in enumerate(zip(drawn, widths, strict=True)):
            centre = x + 0.5 * width
            self._heading(canvas, k, value, centre)
            self._draw(canvas, k, value, centre)
            if k:
                self._arrow(canvas, k, x)
            x += width + GAP
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        return f"{len(self.chain)} layer{'' if len(self.chain) == 1 else 's'} and their outputs"

    def _heading(self, canvas: Canvas, k: int, value: Numbers, x: float) -> None:
        title = self.chain[k - 1].kind if k else "input"
        colours = canvas.colours
        lines = [Line(title, colours.ink, bold=True)]
        lines.append(Line(shape_text(value.shape), colours.value, SMALL))
        canvas.words((x, 0.5 * HEIGHT + 36.0), lines, "heading", self._tip(k))

    def _tip(self, k: int) -> str:
        return f"{self.chain[k - 1].title}({self.chain[k - 1].module.describe()})" if k else "input"

    def _draw(self, canvas: Canvas, k: int, value: Numbers, x: float) -> None:
        """The maps of a stage above each other, or its vector as a column."""
        grids, side = _grids(value), _side(value)
        left_out = _parts(value) - len(grids) if value.ndim == 3 else value.size - grids[0].size
        pitch = side * grids[0].shape[0] + BETWEEN
        for c, grid in enumerate(grids):
            y = pitch * (0.5 * (len(grids) - 1) - c)
            name = f"map {c} of {self._tip(k)}" if value.ndim == 3 else self._tip(k)
            draw_grid(canvas, name, grid, (x, y), side, self.digits)
        if left_out:
            bottom = -0.5 * (pitch * len(grids) - BETWEEN) - 12.0
            canvas.words((x, bottom), [Line(f"⋮ {left_out} more", canvas.colours.aside, SMALL)],
                         "left-out")  # fmt: skip

    def _arrow(self, canvas: Canvas, k: int, x: float) -> None:
        middle = 0.0
        ends = [(x - GAP + 8.0, middle), (x - 8.0, middle)]
        keys = [f"a{k}_{end}" for end in ("tail", "head")]
        for key, at in zip(keys, ends, strict=True):
            canvas.point(key, at)
        canvas.edge(keys[0], keys[1], "flow", self._tip(k))

    def _caption(self) -> list[str]:
        lines = ["in each grid the lighter the larger"]
        shown = [_drawn(value) for value in self.values[: MOST_STAGES + 1]]
        total, drawn = sum(value.size for value in self.values), sum(shown)
        if drawn < total:
            lines.append(f"{drawn:,} of {total:,} numbers are drawn")
        return lines


def _parts(value: Numbers) -> int:
    return len(value) if value.ndim == 3 else 1


def _grids(value: Numbers) -> list[Numbers]:
    """The arrays (rows, columns) that are drawn of a value."""
    if value.ndim == 3:
        return list(value[:MOST_MAPS])
    if value.ndim == 2:
        return [value]
    return [value.reshape(-1)[:MOST_ENTRIES, None]]


def _drawn(value: Numbers) -> int:
    return sum(grid.size for grid in _grids(value))


def _side(value: Numbers) -> float:
    grids = _grids(value)
    rows = sum(len(grid) for grid in grids)
    if value.ndim < 2:
        return VECTOR_SIDE
    room = HEIGHT - BETWEEN * (len(grids) - 1)
    return max(SMALLEST_SIDE, min(LARGEST_SIDE, room / rows))


def _width(value: Numbers) -> float:
    return _side(value) * float(_grids(value)[0].shape[1])
