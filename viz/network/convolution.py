"""One pixel of a convolution or a pooling: input, filter, products, the pixel in the output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..digits import rounded
from ..drawing.themes import Colours
from ..inputs import Numbers
from .canvas import SMALL, Canvas, Line
from .grids import draw_grid, require_room
from .weights import number_text
from .window import Window

__all__ = ["WindowPicture"]

PAGE_OF_CELLS = 640.0  # points for the squares of all grids side by side
LARGEST_SIDE, SMALLEST_SIDE = 34.0, 6.0
GAP, BETWEEN = 46.0, 34.0  # between grids, sideways and down
MOST_TERMS = 10  # of a sum or a maximum that is written out


@dataclass(frozen=True, slots=True)
class WindowPicture:
    """The picture of a window; `name` is what computes, `note` what else the caption says."""

    window: Window
    digits: int
    name: str = "convolution"
    note: str = ""

    def source(self, colours: Colours) -> str:
        """The picture as DOT text."""
        grids = list(self._columns())
        require_room([self.window.image, self.window.output])
        side = self._side([width for _, _, width in grids])
        canvas = Canvas(colours, self._caption(), PAGE_OF_CELLS)
        x = 0.0
        for title, sign, width in grids:
            centre = x + 0.5 * side * width
            if sign:
                line = Line(sign, colours.ink, 16)
                canvas.words((x - 0.5 * GAP, 0.0), [line], "sign")
            self._draw(canvas, title, centre, side)
            x += side * width + GAP
        return canvas.source

    @property
    def summary(self) -> str:
        """What is drawn, for `repr`."""
        i, j = self.window.at
        return f"{self.name}, output pixel ({i}, {j})"

    # --- grids --------------------------------------------------------------------------------

    def _columns(self) -> Iterator[tuple[str, str, int]]:
        """Each grid's title, the sign before it, and how many squares wide it is."""
        window = self.window
        yield "input", "", window.image.shape[2]
        if window.kernel is not None:
            yield "filter", "∗", window.kernel.shape[2]
            yield "products", "▸", window.kernel.shape[2]
        yield "output", "Σ" if window.kernel is not None else "▸", window.output.shape[1]

    def _side(self, widths: list[int]) -> float:
        return max(SMALLEST_SIDE, min(LARGEST_SIDE, PAGE_OF_CELLS / sum(widths)))

    def _draw(self, canvas: Canvas, title: str, x: float, side: float) -> None:
        window = self.window
        maps: Numbers = {
            "input": lambda: window.image,
            "filter": lambda: window.kernel,
            "products": lambda: window.products,
            "output": lambda: window.output[None],
        }[title]()  # type: ignore[assignment, no-untyped-call]
        pitch = side * max(m.shape[1] for m in self._stacked) + BETWEEN
        for c, values in enumerate(maps):
            y = pitch * (0.5 * (len(maps) - 1) - c)
            marked = {"input": window.cells, "output": [window.at]}.get(title, ())
            padding = window.padding if title == "input" else ()
            draw_grid(
                canvas, title, values, (x, y), side, self.digits, padding, marked, title,
                window.blank,
            )  # fmt: skip
            name = title if len(maps) == 1 else f"{title}, channel {c}"
            above = y + 0.5 * side * values.shape[0] + 12.0
            canvas.words((x, above), [Line(name, canvas.colours.aside, SMALL)], "heading")

    @property
    def _stacked(self) -> list[Numbers]:
        """The grids that stand above each other, one for each channel."""
        window = self.window
        return [*window.image, *(() if window.kernel is None else window.kernel)]

    # --- words --------------------------------------------------------------------------------

    def _caption(self) -> list[str]:
        window = self.window
        i, j = window.at
        lines = [f"output[{i}, {j}] {self._arithmetic()}", self.note]
        lines.append("in a frame: the window of the input, and the pixel that it gives; in each "
                     "grid the lighter the larger")  # fmt: skip
        if window.padding:
            lines.append("white around the input: its padding")
        return lines

    def _arithmetic(self) -> str:
        """= 1·2 + 0·(−1) + … + b = 2."""
        window = self.window
        result = number_text(window.pixel, self.digits)
        if window.kernel is None:
            counted = [c for c in window.cells if not (window.blank and c in window.padding)]
            values = [window.image[0][cell] for cell in counted]
            shown = ", ".join(number_text(float(v), self.digits) for v in values)
            if len(values) > MOST_TERMS:
                shown = f"{len(values)} numbers"
            return f"= {window.total}({shown}) = {result}"
        weights, pixels = window.kernel.flatten(), window.seen.flatten()
        terms = [
            f"{number_text(float(w), self.digits)}·{_bracketed(float(x), self.digits)}"
            for w, x in zip(weights, pixels, strict=True)
        ]
        shown = terms[0] + "".join(
            f" + {term}" if term[0] != "−" else f" − {term[1:]}" for term in terms[1:]
        )
        if len(terms) > MOST_TERMS:
            shown = f"the sum of {len(terms)} products"
        if window.bias:
            bias = number_text(abs(window.bias), self.digits)
            shown += f" {'−' if window.bias < 0.0 else '+'} {bias}"
        return f"= {shown} {self._relation(len(terms))} {result}"

    def _relation(self, terms: int) -> str:
        """= where the printed numbers come to the printed result, else ≈."""
        window = self.window
        assert window.kernel is not None
        if terms > MOST_TERMS:
            return "="
        weights, pixels, [bias] = (
            [float(rounded(float(v), self.digits)) for v in numbers]
            for numbers in (window.kernel.flat, window.seen.flat, [window.bias])
        )
        printed = sum(w * x for w, x in zip(weights, pixels, strict=True)) + bias
        same = number_text(printed, self.digits) == number_text(window.pixel, self.digits)
        return "=" if same else "≈"


def _bracketed(value: float, digits: int) -> str:
    text = number_text(value, digits)
    return f"({text})" if text.startswith("−") else text
