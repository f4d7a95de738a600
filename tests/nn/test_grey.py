"""Grey scales: the figures of the notes, in both conventions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn import grey_scale, inverted
from tests.support.against_torch import as_values, grads, numbers

PIXELS = [0, 51, 128, 255]


@pytest.mark.system("S004-16")
@pytest.mark.conflict("X-12")
def test_both_conventions() -> None:
    assert grey_scale(PIXELS) == pytest.approx([0.0, 0.2, 0.5019607843, 1.0], abs=1e-10)
    white = grey_scale(PIXELS, zero="white")
    assert white == pytest.approx([1.0, 0.8, 0.4980392157, 0.0], abs=1e-10)
    assert inverted(grey_scale(PIXELS)).tolist() == white.tolist()
    assert inverted(white) == pytest.approx(grey_scale(PIXELS), abs=1e-15)


def test_any_shape_and_another_white() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    assert grey_scale(image, largest=16).tolist() == (image / 16).tolist()
    assert grey_scale(image, "white", 16).tolist() == ((16 - image.astype(int)) / 16).tolist()


def test_values_pass_through() -> None:
    x = as_values([0.25, 1.0])
    y = inverted(x)
    assert numbers(y).tolist() == [0.75, 0.0]
    y[0].backward()
    assert grads(x).tolist() == [-1.0, 0.0]


@pytest.mark.parametrize(
    ("pixels", "options", "message"),
    [
        ([0, 256], {}, "between 0 and 255; got 256"),
        ([[0, -1]], {}, "between 0 and 255; got -1"),
        ([float("nan")], {}, "got nan"),
        ([17], {"largest": 16}, "between 0 and 16; got 17"),
        ([0], {"zero": "grey"}, '"black" or "white"; not \'grey\''),
    ],
)
def test_what_is_no_image(pixels: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        grey_scale(pixels, **options)
