"""Errors that say in which layer they arose.

`Module.__call__` and the constructors put the layer in front of the message, so that a layer's own
checks say only what was expected and what was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .arguments import shape_text

__all__ = ["errors_of", "name_error", "wrong_shape"]

NAMED = (TypeError, ValueError, IndexError)  # exactly these: a subclass may build its own message


def name_error(error: BaseException, layer: str) -> None:
    """Put the layer in front of an error's message; the first to do so, the innermost, has the say.

    >>> error = ValueError("expected 2; got 3")
    >>> name_error(error, "Linear(2, 1)")
    >>> name_error(error, "Sequential()")
    >>> print(error)
    Linear(2, 1): expected 2; got 3
    """
    if type(error) in NAMED and "layer" not in vars(error):
        vars(error)["layer"] = layer
        error.args = (f"{layer}: {error}",)


@contextmanager
def errors_of(layer: str) -> Iterator[None]:
    """Name the layer in a TypeError, ValueError or IndexError from inside the block.

    >>> with errors_of("Conv2d"):
    ...     raise ValueError("stride is at least 1; got 0")
    Traceback (most recent call last):
    ...
    ValueError: Conv2d: stride is at least 1; got 0
    """
    try:
        yield
    except NAMED as error:
        name_error(error, layer)
        raise


def wrong_shape(expected: str, given: Any, repair: str = "") -> ValueError:
    """The error for an input of another shape than the layer takes.

    >>> wrong_shape("(2,) or (batch, 2)", [[1.0, 2.0, 3.0]])
    ValueError('expected (2,) or (batch, 2); got 1×3')
    """
    return ValueError(f"expected {expected}; got {shape_text(np.shape(given))}{repair}")
