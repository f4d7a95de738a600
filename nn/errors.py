"""Errors that say in which layer they arose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["errors_of"]


@contextmanager
def errors_of(layer: str, function: str = "") -> Iterator[None]:
    """Put the layer in front of the message of a ValueError from inside the block.

    function : the name of the function that the layer calls, left out of the message.

    >>> with errors_of("Conv2d(1, 8)"):
    ...     raise ValueError("stride is at least 1; got 0")
    Traceback (most recent call last):
    ...
    ValueError: Conv2d(1, 8): stride is at least 1; got 0
    """
    try:
        yield
    except ValueError as problem:
        message = str(problem).removeprefix(f"{function}: ")
        raise ValueError(f"{layer}: {message}") from None
