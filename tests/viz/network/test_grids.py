"""Numbers as squares of grey."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from viz.drawing.themes import THEMES
from viz.network.canvas import Canvas
from viz.network.grids import DARKEST, draw_grid, fitting, grey, require_room, shades


def luminance(level: int) -> float:
    """WCAG 2: relative luminance of a grey."""
    part = level * 17 / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def test_shades_keep_the_order() -> None:
    values = np.array([[-3.0, 0.0, 1.5], [9.0, 2.0, -3.0]])
    found = shades(values)
    assert found.min() == 0.0
    assert found.max() == 15.0
    assert found[0, 1] == 4.0  # 3/12 of 15 is 3.75
    order = np.argsort(values, axis=None, kind="stable")
    assert (np.diff(found.flatten()[order]) >= 0.0).all()


def test_equal_numbers_are_in_the_middle() -> None:
    assert set(shades(np.full((2, 2), -7.0)).flat) == {10.0}


def test_extremes_do_not_overflow() -> None:
    assert shades(np.array([[-1e100, 1e100]])).tolist() == [[0.0, 15.0]]


def test_no_grey_plays_a_part_in_a_theme() -> None:
    """A theme's colours are exchanged by the stylesheet: greys must stay."""
    assert {grey(level) for level in range(16)}.isdisjoint(asdict(THEMES["light"]).values())


@pytest.mark.parametrize("level", range(16))
def test_numbers_can_be_read_on_every_grey(level: int) -> None:
    paper = luminance(level)
    ink = 0.0 if level >= DARKEST else 1.0
    contrast = (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05)
    assert contrast >= 4.5


def test_digits_are_given_up_before_the_type_is_too_small() -> None:
    values = np.array([[0.12345, -1.5]])
    assert fitting(values, 60.0, 4) == (4, 11)
    digits, size = fitting(values, 30.0, 5)
    assert digits == 4
    assert size >= 8
    assert fitting(values, 8.0, 3)[1] == 0


def test_a_grid_of_small_squares_has_tips_and_no_numbers() -> None:
    canvas = Canvas(THEMES["light"])
    draw_grid(canvas, "x", np.array([[1.0, 2.0]]), (0.0, 0.0), 5.0, 3)
    assert 'tooltip="x[0, 1] = 2"' in canvas.source
    assert "FONT" not in canvas.source


def test_room() -> None:
    require_room([np.zeros((60, 100))])
    with pytest.raises(ValueError, match="6,001 squares"):
        require_room([np.zeros((60, 100)), np.zeros((1, 1))])
