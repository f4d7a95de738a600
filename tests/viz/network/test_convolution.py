"""The picture of one output pixel: the numbers in its squares, its frames, its arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from tests.support.fonts import needs_helvetica
from tests.support.shapes import Drawn, read_shapes
from viz import draw_convolution, draw_network

IMAGE = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
KERNEL = [[0, 1], [2, 3]]


def texts(picture: Drawn, kind: str) -> list[str]:
    """The numbers in the squares of a grid, row by row."""
    return [shape.texts[0] for shape in picture.of(kind)]


@pytest.mark.system("S001-17", "S004-17")
def test_every_grid_and_the_products_by_hand() -> None:
    picture = read_shapes(draw_convolution(IMAGE, KERNEL, (1, 0)).svg())
    assert texts(picture, "input") == list("012345678")
    assert texts(picture, "filter") == list("0123")
    assert texts(picture, "products") == ["0", "4", "12", "21"]  # 0·3, 1·4, 2·6, 3·7
    assert texts(picture, "output") == ["19", "25", "37", "43"]
    assert "output[1, 0] = 0·3 + 1·4 + 2·6 + 3·7 = 37" in picture.caption


def test_signs_and_bias_in_the_arithmetic() -> None:
    picture = read_shapes(draw_convolution([[-1, 2]], [[3, -4]], bias=-0.5).svg())
    assert "output[0, 0] = 3·(−1) − 4·2 − 0.5 = −11.5" in picture.caption
    picture = read_shapes(draw_convolution([[1]], [[2]], bias=0.25).svg())
    assert "= 2·1 + 0.25 = 2.25" in picture.caption


def test_what_does_not_come_out_is_said() -> None:
    def caption(pixel: float) -> str:
        return read_shapes(draw_convolution([[pixel]], [[pixel]]).svg()).caption

    assert "= 0.667·0.667 ≈ 0.444" in caption(2 / 3)  # 0.667² = 0.444889
    assert "= 0.333·0.333 = 0.111" in caption(1 / 3)  # 0.333² = 0.110889


def test_frames_are_around_the_window_and_its_pixel() -> None:
    picture = read_shapes(draw_convolution(IMAGE, KERNEL, (1, 0)).svg())
    window, pixel = picture.of("window")
    cells = picture.of("input")
    inside = [cells[k].box for k in (3, 4, 6, 7)]
    bounds = (
        min(b[0] for b in inside), min(b[1] for b in inside),
        max(b[2] for b in inside), max(b[3] for b in inside),
    )  # fmt: skip
    assert window.box == pytest.approx(bounds, abs=0.1)
    assert pixel.box == pytest.approx(picture.of("output")[2].box, abs=0.1)


def test_padding_is_told_apart() -> None:
    picture = read_shapes(draw_convolution(IMAGE, KERNEL, padding=1).svg())
    assert len(picture.of("padding")) == 25 - 9
    assert {shape.fill for shape in picture.of("padding")} == {"#fefefe"}
    assert "padding" in picture.caption
    assert "padding" not in read_shapes(draw_convolution(IMAGE, KERNEL).svg()).caption


@pytest.mark.system("S001-12", "S001-13")
def test_channels_stand_one_above_the_other() -> None:
    picture = read_shapes(draw_convolution([IMAGE, IMAGE], [KERNEL, KERNEL], (0, 0)).svg())
    assert len(picture.of("input")) == 18
    assert len(picture.of("products")) == 8
    assert texts(picture, "output")[0] == "38"
    headings = [shape.texts[0] for shape in picture.of("heading")]
    assert headings.count("input, channel 1") == 1


def test_a_long_sum_is_counted() -> None:
    picture = read_shapes(draw_convolution(np.ones((4, 4)), np.ones((4, 4))).svg())
    assert "= the sum of 16 products = 16" in picture.caption


def test_true_convolution_says_so() -> None:
    assert "turned round" in read_shapes(draw_convolution(IMAGE, KERNEL, flip=True).svg()).caption


@needs_helvetica
def test_squares_do_not_overlap_and_hold_their_numbers() -> None:
    numbers = 0
    rng = np.random.default_rng(1)
    for scale in (1.0, 1e-3, 1e4):
        picture = draw_convolution(scale * rng.normal(size=(2, 7, 6)), rng.normal(size=(2, 3, 3)))
        found = read_shapes(picture.svg())
        kinds = {"input", "filter", "products", "output"}
        squares = [shape for shape in found.shapes if shape.kinds & kinds]
        assert len({shape.box for shape in squares}) == len(squares)
        for shape in squares:
            for a, b, c, d in shape.text_boxes:
                numbers += 1
                assert shape.box[0] <= a
                assert c <= shape.box[2]
                assert shape.box[1] <= b
                assert d <= shape.box[3]
            assert all(size >= 8.0 for size in shape.sizes)
    assert numbers > 100


def test_too_many_squares_are_refused() -> None:
    with pytest.raises(ValueError, match="squares"):
        draw_convolution(np.zeros((80, 80)), [[1.0]]).svg()


# --- layers -------------------------------------------------------------------------------------


def test_a_layer_with_two_filters() -> None:
    layer = nn.Conv2d(1, 2, 2, seed=0)
    layer.load_state_dict({"weight": [[KERNEL], [[[1, 0], [0, -1]]]], "bias": [0.0, 0.5]})
    picture = read_shapes(draw_network(layer, [IMAGE], at=(1, 0, 1)).svg())
    assert texts(picture, "filter") == ["1", "0", "0", "−1"]
    assert texts(picture, "output") == ["−3.5"] * 4  # x − (x + 4) + 0.5
    assert "output[0, 1] = 1·1 + 0·2 + 0·4 − 1·5 + 0.5 = −3.5" in picture.caption


def test_a_group_sees_its_own_channels() -> None:
    layer = nn.Conv2d(2, 4, 1, groups=2, bias=False, seed=0)
    layer.load_state_dict({"weight": np.array([1.0, 2.0, 3.0, 4.0]).reshape(4, 1, 1, 1)})
    image = [[[10.0]], [[100.0]]]
    results = [
        texts(read_shapes(draw_network(layer, image, at=(k, 0, 0)).svg()), "output")[0]
        for k in range(4)
    ]
    assert results == ["10", "20", "300", "400"]


@pytest.mark.parametrize(
    "options",
    [
        {"stride": 2, "padding": 1},
        {"padding": "same", "padding_mode": "reflect"},
        {"dilation": 2, "padding": ((1, 0), (2, 1)), "flip": True},
    ],
)
def test_a_layer_shows_what_it_computes(options: dict[str, object]) -> None:
    layer = nn.Conv2d(2, 3, 3, seed=5, **options)  # type: ignore[arg-type]
    image = np.arange(72.0).reshape(2, 6, 6) % 7.0
    wanted = layer(image)[2]
    picture = read_shapes(draw_network(layer, image, at=(2, 0, 1), digits=2).svg())
    shown = [
        float(shape.tip.partition("= ")[2].replace("−", "-")) for shape in picture.of("output")
    ]
    assert shown == pytest.approx([v.data for v in wanted.flat], rel=0.05)


@pytest.mark.parametrize(
    ("layer", "wanted", "arithmetic"),
    [
        (nn.MaxPool2d(2), ["4", "6", "12", "14"], "= max(8, 9, 11, 12) = 12"),
        (nn.MinPool2d(2), ["0", "2", "8", "10"], "= min(8, 9, 11, 12) = 8"),
        (nn.AvgPool2d(2), ["2", "4", "10", "12"], "= mean(8, 9, 11, 12) = 10"),
        (nn.AvgPool2d(2, divisor_override=2), None, "= 1/2·sum(8, 9, 11, 12) = 20"),
    ],
)
def test_pooling(layer: nn.Module, wanted: list[str] | None, arithmetic: str) -> None:
    image = [[[0, 1, 2, 3], [3, 4, 5, 6], [8, 9, 10, 11], [11, 12, 13, 14]]]
    picture = read_shapes(draw_network(layer, image, at=(1, 0)).svg())
    if wanted is not None:
        assert texts(picture, "output") == wanted
    assert f"output[1, 0] {arithmetic}" in picture.caption
    assert picture.of("filter") == []


def test_padding_of_a_maximum_holds_no_number() -> None:
    image = [[[-5, -6], [-7, -8]]]
    picture = read_shapes(draw_network(nn.MaxPool2d(2, padding=1), image).svg())
    assert all(shape.texts == () for shape in picture.of("padding"))
    assert "= max(−5) = −5" in picture.caption
    picture = read_shapes(draw_network(nn.AvgPool2d(2, padding=1), image).svg())
    assert all(shape.texts == ("0",) for shape in picture.of("padding"))
    assert "= mean(0, 0, 0, −5) = −1.25" in picture.caption


def test_a_pattern_detector_takes_the_step_of_its_score() -> None:
    corner = nn.PatternDetector([[1, 1], [1, 0]])
    picture = read_shapes(draw_network(corner, [[0, 1, 1], [0, 1, 0]], at=(0, 1)).svg())
    assert texts(picture, "output") == ["−3", "0"]
    assert "the detector gives step(0) = 1" in picture.caption


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="one Conv2d or pooling layer"):
        draw_network(nn.MLP(2, [1]), [[1.0]], style="window")
    with pytest.raises(ValueError, match="give values, an image"):
        draw_network(nn.MaxPool2d(2), style="window")
    with pytest.raises(ValueError, match="the map in at"):
        draw_network(nn.MaxPool2d(2), [[[1.0, 2.0], [3.0, 4.0]]], at=(1, 0, 0))
