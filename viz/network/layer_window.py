"""The window of one output pixel of a convolution or pooling layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..inputs import Numbers, numbers, whole_number
from .convolution import WindowPicture
from .reading import NetworkModule, Stage, kind_of, outputs
from .weights import number_text
from .window import Window, convolution_window, image_of, place_in, pooling_window

__all__ = ["has_window", "layer_window"]

DETECTOR = "PatternDetector"
REDUCTIONS = {"AvgPool2d": "mean", "MaxPool2d": "max", "MinPool2d": "min"}
KINDS = {"Conv2d", DETECTOR, *REDUCTIONS}


def has_window(module: NetworkModule) -> bool:
    """True for a layer whose output pixels each come from a window of the input."""
    return kind_of(module, KINDS) is not None


def layer_window(stage: Stage, values: Any, at: Any, digits: int) -> WindowPicture:
    """The picture of the pixel `at`, (row, column) or (map, row, column), of a layer's output.

    Raises ValueError for a map or a pixel that the output does not have.
    """
    module: Any = stage.module
    kind = kind_of(module, KINDS)
    image = image_of("values", values)
    made = image_of("the output", outputs([stage], image[0] if kind == DETECTOR else image)[-1])
    index, place = _split(at, made)
    note = ""
    if kind == DETECTOR:
        weight = numbers("the weight", module.weight, "(h, w)", 2)
        window = convolution_window(image, weight, place, module.bias.data)
        score, result = (number_text(float(v), digits) for v in (window.pixel, made[index][place]))
        note = f"the detector gives step({score}) = {result}"
    elif kind == "Conv2d":
        window = _convolved(module, image, index, place)
        note = "the filter is turned round, as true convolution has it" if module.flip else ""
    else:
        assert kind is not None
        window = _pooled(module, REDUCTIONS[kind], image[index][None], made[index], place)
    name = stage.kind if len(made) == 1 else f"{stage.kind}, map {index}"
    return WindowPicture(window, digits, name, note)


def _split(at: Any, made: Numbers) -> tuple[int, tuple[int, int]]:
    """The map and the pixel in it."""
    if isinstance(at, tuple) and len(at) == 3:
        return whole_number("the map in at", at[0], 0, len(made) - 1), place_in(
            made.shape[1:], at[1:]
        )
    return 0, place_in(made.shape[1:], at)


def _convolved(module: Any, image: Numbers, index: int, at: tuple[int, int]) -> Window:
    """One map of a convolution layer: its filter, and of a group the group's own channels."""
    weight = np.array(module.weight, object)
    kernel = numbers(f"weight[{index}]", weight[index], "(C, kh, kw)", 3)
    bias = 0.0 if module.bias is None else float(module.bias[index].data)
    first = index // (len(weight) // module.groups) * len(kernel)
    return convolution_window(
        image[first : first + len(kernel)], kernel, at, bias, module.stride, module.padding,
        module.dilation, module.padding_mode, module.flip,
    )  # fmt: skip


def _pooled(module: Any, total: str, image: Numbers, made: Numbers, at: tuple[int, int]) -> Window:
    """One map of a pooling layer."""
    divisor = getattr(module, "divisor_override", None)
    return pooling_window(
        image, made, at, module.kernel_size, module.stride, module.padding,
        getattr(module, "dilation", 1), f"1/{divisor}·sum" if divisor else total,
        blank=not getattr(module, "count_include_pad", False),
    )  # fmt: skip
