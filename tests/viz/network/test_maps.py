"""What passes through a chain of layers: the maps, the vectors, what is left out."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from tests.support.shapes import Drawn, read_shapes
from viz import draw_network


def drawn(module: nn.Module, image: object) -> Drawn:
    return read_shapes(draw_network(module, image, style="maps").svg())


@pytest.mark.system("S004-25", "S004-26")
def test_pooling_and_flattening_by_hand() -> None:
    net = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(0))
    picture = drawn(net, [[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]])
    shown = [shape.texts[0] for shape in picture.of("pixel")]
    assert shown == [*map(str, range(1, 17)), "6", "8", "14", "16", "6", "8", "14", "16"]
    headings = [shape.texts for shape in picture.of("heading")]
    assert headings == [("input", "1×4×4"), ("MaxPool2d", "1×2×2"), ("Flatten", "4")]
    assert len(picture.lines_of("flow")) == 2


def test_every_map_of_a_layer() -> None:
    layer = nn.Conv2d(1, 3, 2, bias=False, seed=0)
    kernels = np.array([[[1, 0], [0, 0]], [[0, 1], [0, 0]], [[0, 0], [0, -1]]])
    layer.load_state_dict({"weight": kernels[:, None]})
    picture = drawn(nn.Sequential(layer), [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
    shown = [shape.texts[0] for shape in picture.of("pixel")][9:]
    assert shown == ["1", "2", "4", "5", "2", "3", "5", "6", "−5", "−6", "−8", "−9"]


def test_what_is_left_out_is_counted() -> None:
    net = nn.Sequential(nn.Conv2d(1, 6, 1, seed=0), nn.Flatten(0))
    picture = drawn(net, np.arange(9.0).reshape(1, 3, 3))
    assert [shape.texts for shape in picture.of("left-out")] == [("⋮ 2 more",), ("⋮ 44 more",)]
    # 9 pixels, 4 of 6 maps of 9, 10 of 54
    assert len(picture.of("pixel")) == 9 + 36 + 10
    assert "55 of 117 numbers are drawn" in picture.caption


def test_squares_do_not_overlap() -> None:
    net = nn.Sequential(nn.Conv2d(1, 4, 3, seed=0), nn.AvgPool2d(2), nn.Flatten(0))
    squares = drawn(net, np.arange(64.0).reshape(1, 8, 8)).of("pixel")
    assert len({shape.box for shape in squares}) == len(squares)
    for i, shape in enumerate(squares):
        left, top, right, bottom = shape.box
        for other in squares[i + 1 :]:
            a, b, c, d = other.box
            assert right <= a + 0.02 or c <= left + 0.02 or bottom <= b + 0.02 or d <= top + 0.02


def test_too_large_an_image_is_refused() -> None:
    with pytest.raises(ValueError, match="squares"):
        drawn(nn.Sequential(nn.ReLU()), np.zeros((1, 100, 100)))


def test_without_an_image_there_is_nothing_to_show() -> None:
    with pytest.raises(ValueError, match="give values"):
        draw_network(nn.MaxPool2d(2), style="maps")
