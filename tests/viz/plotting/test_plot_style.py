"""Colours that can be told apart, and text that stays text."""

from __future__ import annotations

import re

import pytest
from matplotlib.colors import to_rgb

from viz.plotting.plot_style import COLOURS, MARKERS, MOST_CURVES, TINTS, curve_style, legend_below

from viz.plotting.plot_style import dress, new_picture  # isort: skip


def test_curves_differ_without_colour() -> None:
    styles = [curve_style(i, 100) for i in range(MOST_CURVES)]
    assert len({(s["linestyle"], s["marker"]) for s in styles}) == MOST_CURVES
    with pytest.raises(ValueError, match="more than 16 curves"):
        curve_style(MOST_CURVES, 100)


def test_every_colour_has_a_tint_of_its_hue_and_a_marker() -> None:
    assert len(set(COLOURS)) == len(set(MARKERS)) == len(set(TINTS)) == len(COLOURS)
    for colour, tint in zip(COLOURS, TINTS, strict=True):
        mixed = [0.2 * c + 0.8 for c in to_rgb(colour)]
        assert to_rgb(tint) == pytest.approx(mixed, abs=0.003)


def luminance(colour: str) -> float:
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_black_on_tints_can_be_read() -> None:
    """WCAG: text needs a contrast of 4.5."""
    for tint in TINTS:
        assert (luminance(tint) + 0.05) / 0.05 > 4.5


@pytest.mark.parametrize(
    "hostile",
    [
        "$x$", "$", "$$", r"$\frac{1}{0}$", r"\input{/etc/passwd}", "_hidden", "<script>", "-->",
        "]]>", "&amp;", "%s {x} {0}", "a\nb", "a\x00b",
    ],
)  # fmt: skip
def test_labels_are_text(hostile: str) -> None:
    from viz import plot_loss

    figure = plot_loss([2.0, 1.0], labels=[hostile])
    [text] = figure.legends[0].get_texts()
    assert text.get_text() == re.sub(r"[\n\x00]", "\ufffd", hostile)
    assert not text.get_parse_math()
    assert not text.get_usetex()
    figure.draw_without_rendering()


def test_a_legend_lies_below_the_axes_and_inside_the_picture() -> None:
    figure = new_picture(6.5, 3.0)
    axes = figure.subplots()
    handles = [axes.plot([0, 1], [i, i])[0] for i in range(16)]
    dress(axes, "x", "y")
    legend_below(figure, handles, ["label " * 10] * 16)
    figure.draw_without_rendering()
    legend, plot = figure.legends[0].get_window_extent(), axes.get_tightbbox()
    assert legend.y1 <= plot.y0
    assert figure.bbox.x0 <= legend.x0 < legend.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= legend.y0
    assert axes.get_window_extent().height > 1.5 * figure.dpi
