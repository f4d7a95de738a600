"""Ctrl-C that waits for the end of an update, so that no update is left half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Interrupts"]


class Interrupts:
    """While this `with` block runs, Ctrl-C inside `held()` acts when `held()` ends.

    Anywhere else it acts at once, as before. In a thread other than the main one, where Python
    delivers no signals, and where the program ignores Ctrl-C, nothing is changed.

    >>> import signal
    >>> steps = []
    >>> try:
    ...     with Interrupts() as interrupts, interrupts.held():
    ...         steps.append(1)
    ...         signal.raise_signal(signal.SIGINT)  # what Ctrl-C does
    ...         steps.append(2)
    ... except KeyboardInterrupt:
    ...     print("interrupted after", steps)
    interrupted after [1, 2]
    """

    def __init__(self) -> None:
        self._previous: Any = None
        self._holding = False
        self._pending = False

    def __enter__(self) -> Interrupts:
        handler = signal.getsignal(signal.SIGINT)
        if callable(handler) and threading.current_thread() is threading.main_thread():
            self._previous = handler
            signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    @contextmanager
    def held(self) -> Iterator[None]:
        """What runs inside is finished before Ctrl-C is heard."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
            if self._pending:
                self._pending = False
                self._previous(signal.SIGINT, None)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._holding:
            self._pending = True
        else:
            self._previous(number, frame)
