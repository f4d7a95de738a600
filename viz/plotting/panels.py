"""Pictures of arrays as small images side by side: filters, feature maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..digits import raised, rounded
from ..inputs import Numbers, numbers
from .plot_style import INK, PAGE, TYPE, new_picture, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_feature_maps", "plot_filters"]

MOST_PANELS = 64
LARGEST_WRITTEN = 7  # rows or columns of an array whose numbers are written in
CELL = 0.4  # inches for a number of four signs
PANEL = 1.05  # inches, of an image without numbers
COLOUR_MAP = "PuOr_r"  # purple below 0, white at 0, orange above: safe for all colour vision


def plot_filters(weights: Any) -> Figure:
    """Draw the filters of a convolution as images, 0 white in all of them.

    weights : (height, width), (filters, height, width) or (out, in, height, width); numbers or
    Values. Each image stands under its index. The colours mean the same in every image; numbers
    are written in where an image has at most 7 rows and 7 columns.

    Raises ValueError for other shapes, for more than 64 images, and for numbers that are not
    finite.

    >>> picture = plot_filters([[[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    ...                         [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]])
    >>> [axes.get_title() for axes in picture.axes[:2]]
    ['[0]', '[1]']
    """
    shape = "(height, width), (filters, height, width) or (out, in, height, width)"
    return _images("weights", numbers("weights", weights, shape, 2, 3, 4), "weight")


def plot_feature_maps(maps: Any) -> Figure:
    """Draw feature maps, what the filters make of an image, 0 white in all of them.

    maps : (height, width) or (channels, height, width); numbers or Values. As `plot_filters`.

    Raises ValueError for other shapes, for more than 64 maps, and for numbers that are not finite.

    >>> picture = plot_feature_maps([[0.0, 1.5], [-0.25, 3.0]])
    >>> [text.get_text() for text in picture.axes[0].texts]
    ['0', '1.5', '−0.25', '3']
    """
    shape = "(height, width) or (channels, height, width)"
    return _images("maps", numbers("maps", maps, shape, 2, 3), "activation")


def _images(what: str, arrays: Numbers, quantity: str) -> Figure:
    """Every image of the last two axes, on one colour scale."""
    indices = list(np.ndindex(arrays.shape[:-2]))
    if len(indices) > MOST_PANELS:
        raise ValueError(
            f"{what} holds {len(indices)} images: draw at most {MOST_PANELS}, "
            f"as in {what}[:{MOST_PANELS // (len(indices) // len(arrays)) or 1}]"
        )
    height, width = arrays.shape[-2:]
    small = max(height, width) <= LARGEST_WRITTEN
    cell = CELL if small else PANEL / max(height, width)
    columns = _columns(arrays.shape[:-2], max(1, int((PAGE - 1.0) / (cell * width + 0.15))))
    rows = -(-len(indices) // columns)
    title = 0.25 if arrays.ndim > 2 else 0.0
    picture = new_picture(
        columns * (cell * width + 0.15) + 1.0, max(rows * (cell * height + 0.15 + title), 1.6)
    )
    panels = picture.subplots(rows, columns, squeeze=False)
    arrays, power = _scaled(arrays)
    most = float(np.abs(arrays).max()) or 1.0
    for i, axes in enumerate(panels.flat):
        if i >= len(indices):
            axes.remove()
            continue
        image = axes.imshow(
            arrays[indices[i]], cmap=COLOUR_MAP, vmin=-most, vmax=most, interpolation="nearest"
        )
        _frame(axes, list(indices[i]))
        if small:
            _write(axes, arrays[indices[i]], most)
    shown = list(panels.flat[: len(indices)])
    bar = picture.colorbar(image, ax=shown, shrink=0.9, fraction=0.08)
    bar.ax.tick_params(colors=INK, labelsize=TYPE)
    plain(bar.ax.yaxis.label, f"{quantity}, in units of 10{raised(power)}" if power else quantity)
    return picture


def _scaled(arrays: Numbers) -> tuple[Numbers, int]:
    """The numbers in units of a power of ten, where they would be too long to be written."""
    most = float(np.abs(arrays).max())
    if most == 0.0 or 0.1 <= most < 1000.0:
        return arrays, 0
    power = rounded(most, 1).adjusted()
    return arrays * 10.0 ** (-power / 2) * 10.0 ** (-power / 2), power


def _columns(shape: tuple[int, ...], fitting: int) -> int:
    """Images in a row: one row per output channel where that fits, else as many as fit."""
    row = shape[-1] if shape else 1
    return row if row <= fitting else fitting


def _frame(axes: Axes, index: list[int]) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.6)
    if index:
        plain(axes.title, str(index))


def _write(axes: Axes, image: Numbers, most: float) -> None:
    """The numbers on the cells, in white where the cell is dark."""
    for (row, column), number in np.ndenumerate(image):
        text = axes.text(column, row, "", ha="center", va="center")
        plain(text, _written(float(number), most))
        text.set_fontsize(TYPE - 1.0)
        if abs(number) > 0.65 * most:
            text.set_color("white")


def _written(number: float, most: float) -> str:
    """Four signs and a minus: as many decimals as the largest number leaves room for.

    Zeros at the end stay where rounding happened.
    """
    decimals = 2 if most < 9.995 else 1 if most < 99.95 else 0
    text = f"{number:.{decimals}f}"
    if decimals and float(text) == number:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") if float(text) else text.removeprefix("-")
