"""Filters and feature maps: one colour scale with 0 in its middle, numbers written in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib import colormaps

from autograd_core import Value
from viz import plot_feature_maps, plot_filters
from viz.plotting.panels import COLOUR_MAP


def images(figure: Any) -> list[Any]:
    return [axes.images[0] for axes in figure.axes if axes.images]


def written(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_the_arrays_on_one_scale_around_0() -> None:
    weights = [[[1, 0], [0, -1]], [[Value(2.0), 0], [0, -0.5]]]
    first, second = images(plot_filters(weights))
    assert first.get_array().tolist() == [[1, 0], [0, -1]]
    assert second.get_array().tolist() == [[2, 0], [0, -0.5]]
    assert first.get_clim() == second.get_clim() == (-2.0, 2.0)


def test_0_is_white_and_signs_are_told_apart_in_any_vision() -> None:
    """Purple and orange: both ends differ in blue by far, which no common deficiency removes."""
    low, middle, high = (np.array(colormaps[COLOUR_MAP](at)[:3]) for at in (0.0, 0.5, 1.0))
    assert middle.min() > 0.95
    assert low[2] - high[2] > 0.25


def test_filters_of_several_channels_stand_under_their_indices() -> None:
    figure = plot_filters(np.zeros((3, 2, 2, 2)))
    assert [axes.get_title() for axes in figure.axes if axes.images] == [
        "[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]", "[2, 0]", "[2, 1]",
    ]  # fmt: skip
    rows = [axes.get_subplotspec().rowspan.start for axes in figure.axes if axes.images]
    assert rows == [0, 0, 1, 1, 2, 2]


def test_many_images_wrap_at_the_width_of_a_page() -> None:
    figure = plot_feature_maps(np.ones((10, 20, 20)))
    assert len(images(figure)) == 10
    assert figure.get_size_inches()[0] <= 6.5
    assert max(axes.get_subplotspec().rowspan.start for axes in figure.axes if axes.images) > 0


@pytest.mark.parametrize(
    ("array", "texts", "unit"),
    [
        ([[1, -2], [0, 0.5]], ["1", "−2", "0", "0.5"], ""),
        ([[1 / 3, -0.004], [0.2, 0.996]], ["0.33", "0.00", "0.2", "1.00"], ""),
        ([[12.345, -0.25]], ["12.3", "−0.2"], ""),
        ([[123.45, -99.6]], ["123", "−100"], ""),
        ([[1.5e-7, -2e-8]], ["1.5", "−0.2"], "in units of 10⁻⁷"),
        ([[25000.0, -100.0]], ["2.5", "−0.01"], "in units of 10⁴"),
        ([[0.0]], ["0"], ""),
    ],
)
def test_numbers_that_are_written_in(array: Any, texts: list[str], unit: str) -> None:
    figure = plot_filters(array)
    assert written(figure.axes[0]) == texts
    assert figure.axes[-1].get_ylabel() == ", ".join(filter(None, ["weight", unit]))


def test_numbers_on_dark_cells_are_white() -> None:
    colours = [text.get_color() for text in plot_filters([[3.0, -3.0, 0.1]]).axes[0].texts]
    assert colours == ["white", "white", "black"]


@pytest.mark.parametrize(("side", "count"), [(7, 49), (8, 0)])
def test_large_images_carry_no_numbers(side: int, count: int) -> None:
    assert len(plot_feature_maps(np.eye(side)).axes[0].texts) == count


def test_written_numbers_stay_in_their_cells() -> None:
    array = np.where(np.indices((7, 7)).sum(axis=0) % 2, -1.0, 1.0) * 99.94
    figure = plot_filters(array)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    cell = axes.get_window_extent().width / 7
    assert max(text.get_window_extent().width for text in axes.texts) < cell


@pytest.mark.parametrize(
    ("draw", "given", "error", "message"),
    [
        (plot_filters, [1.0, 2.0], ValueError, r"weights has the shape \(2,\): give \(height,"),
        (plot_feature_maps, np.zeros((1, 1, 2, 2)), ValueError, r"maps has the shape \(1, 1, 2"),
        (plot_filters, np.zeros((65, 2, 2)), ValueError, r"65 images: .* as in weights\[:64\]"),
        (plot_filters, np.zeros((9, 8, 2, 2)), ValueError, r"72 images: .* as in weights\[:8\]"),
        (plot_filters, [[np.nan]], ValueError, r"weights\[0, 0\] is nan"),
        (plot_filters, [["a"]], TypeError, r"weights\[0, 0\] is of the type str"),
        (plot_filters, [[[1, 2], [3]]], ValueError, "weights.* differs? in length"),
    ],
)
def test_what_is_refused(draw: Any, given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        draw(given)
