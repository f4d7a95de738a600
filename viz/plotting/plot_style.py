"""How the pictures look: page width, type, colours, line styles, legends.

Everything is set on the picture itself, so that neither a style sheet nor a colour theme changes
it. Colours are those of Okabe and Ito (2008), which people with any colour vision tell apart; a
line style or a marker always says the same once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = [
    "COLOURS", "GREY", "HATCHES", "INK", "MARKERS", "MOST_CURVES", "PAGE", "TINTS", "TYPE",
    "curve_style", "dress", "legend_below", "new_picture", "plain",
]  # fmt: skip

PAGE = 6.5  # inches, the text of an A4 or letter page
TYPE = 9.0  # points
INK, GREY = "black", "#999999"

# Blue, vermilion, green, purple, orange, sky blue; their yellow is lost on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "black")
# One part of each in four of white: the areas behind points.
TINTS = ("#CCE3F0", "#F7DFCC", "#CCECE3", "#F5E4ED", "#FAECCC", "#DDF0FB", "#CCCCCC")
HATCHES = ("", "//", "\\\\", "..", "xx", "--", "||")  # on the tints, in white
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # one for each class of points

_LINES = ("-", "--", "-.", ":")
_ON_LINES = ("", "s", "^", "D")  # a circle marks a jump
MOST_CURVES = len(_LINES) * len(_ON_LINES)

LEGEND_SIGNS = 88  # of type, in one row of a legend
ADVICE = 'pictures of numbers need matplotlib: pip install "autograd-core[plot]"'


def new_picture(width: float, height: float) -> Figure:
    """An empty picture, so many inches wide and high.

    Raises ImportError, in one line that says how to repair it, where matplotlib is missing.
    """
    if find_spec("matplotlib") is None:
        raise ImportError(ADVICE)
    from .picture import Picture

    return Picture(figsize=(width, height), layout="constrained")


def curve_style(i: int, points: int) -> dict[str, Any]:
    """Colour, dashes and markers of the i-th curve; without the colour they differ still.

    >>> curve_style(0, 100)["linestyle"], curve_style(5, 100)["marker"]
    ('-', 's')
    """
    if i >= MOST_CURVES:
        raise ValueError(
            f"more than {MOST_CURVES} curves cannot be told apart: draw the others in a second one"
        )
    return {
        "color": COLOURS[i % len(COLOURS)],
        "linestyle": _LINES[i % len(_LINES)],
        "linewidth": 1.6,
        "marker": _ON_LINES[i // len(_LINES)] or ("s" if points == 1 else ""),
        "markersize": 5.0,
        "markevery": max(1, points // 8),
    }


def dress(axes: Axes, x: str, y: str) -> None:
    """Name both axes; black on white, a light grid below the data."""
    axes.set_facecolor("white")
    axes.set_axisbelow(True)
    axes.grid(True, color="#DDDDDD", linewidth=0.6, linestyle="-")
    axes.tick_params(colors=INK, labelcolor=INK, labelsize=TYPE, which="both")
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.8)
    plain(axes.xaxis.label, x)
    plain(axes.yaxis.label, y)


def plain(text: Text, string: str) -> None:
    """Write a string as it stands: a $ is a $."""
    text.set_parse_math(False)
    text.set_usetex(False)
    text.set_text(string)
    text.set_fontsize(TYPE)
    text.set_color(INK)


def legend_below(figure: Figure, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """A legend under the axes, where it hides no data; the picture grows by its rows."""
    widest = max(map(len, labels)) + 8  # the line before the label, the gap after it
    columns = max(1, min(len(labels), LEGEND_SIGNS // widest))
    rows = -(-len(labels) // columns)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + 0.2 * rows + 0.1)
    # Matplotlib leaves out a label that starts with "_", so each gets its words afterwards.
    legend = figure.legend(
        handles, ["-"] * len(labels), loc="outside lower center", ncols=columns,
        frameon=False, handlelength=3.0, fontsize=TYPE,
    )  # fmt: skip
    for text, label in zip(legend.get_texts(), labels, strict=True):
        plain(text, label)
