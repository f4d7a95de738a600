"""Grey images as numbers from 0 to 1, in the two conventions there are.

Image files hold whole numbers from 0 to 255, and 0 is black: a larger number is more light. On
paper 0 is often white and 1 black: a larger number is more ink. One is 1 minus the other. (With
zeros around the image, padding is black in the first convention and white in the second.)
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from autograd_core.functions import as_array

__all__ = ["grey_scale", "inverted"]


def grey_scale(
    pixels: Any, zero: Literal["black", "white"] = "black", largest: float = 255.0
) -> Any:
    """Pixels from 0 (black) to `largest` (white) as numbers from 0 to 1: p/255, or 1 − p/255.

    pixels : an array of any shape; a colour image is three of them, (3, H, W). zero : what 0
    stands for in the result, "black" (a larger number is lighter) or "white" (darker).

    Errors: ValueError for pixels outside the range, or another word for zero.

    >>> grey_scale([0, 51, 255]), grey_scale([0, 51, 255], zero="white")
    (array([0. , 0.2, 1. ]), array([1. , 0.8, 0. ]))
    """
    if zero not in ("black", "white"):
        raise ValueError(f'zero is "black" or "white"; not {zero!r}')
    image = np.asarray(pixels, dtype=float)
    outside = image[~((image >= 0.0) & (image <= largest))]
    if outside.size:
        raise ValueError(
            f"pixels lie between 0 and {largest:g}; got {outside[0]:g} (`largest` is the white)"
        )
    light = image / largest
    return light if zero == "black" else 1.0 - light


def inverted(image: Any) -> Any:
    """1 − g: an image in the other convention, or its negative.

    image : numbers or Values from 0 to 1, in any shape.

    >>> inverted([0.0, 0.25, 1.0])
    array([1.  , 0.75, 0.  ])
    """
    return 1.0 - as_array(image)
