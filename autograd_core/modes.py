"""Switches that change what creating a node or sweeping back does, each a `with` block.

They hold for the whole process. `current` is None while nothing is switched, so a node's
creation pays for all of them with one test. A block that ends takes back its own switch and no
other, in whatever order blocks end (generators and threads need not nest).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ContextDecorator
from typing import Any, NamedTuple

__all__ = ["Mode", "detect_anomaly", "no_grad", "recording", "scope", "unwatched"]


class Mode(NamedTuple):
    """The switches in force."""

    recording: bool = True
    anomalies: bool = False
    scope: tuple[str, ...] = ()


PLAIN = Mode()
current: Mode | None = None
_active: list[tuple[_Switch, Mode]] = []  # the open blocks, each with the mode around it
_listeners: list[Callable[[Mode | None], object]] = []
_lock = threading.RLock()  # a block begins or ends in one step, also among threads


def listen(listener: Callable[[Mode | None], object]) -> None:
    """Tell an engine that keeps `current` in another form of every change."""
    _listeners.append(listener)
    listener(current)


class _Switch(ContextDecorator):
    """A `with` block (or a decorator) under which some switches are set."""

    def __init__(self, within: str | None = None, **settings: Any) -> None:
        self.within = within
        self.settings = settings

    def _recreate_cm(self) -> _Switch:
        return _Switch(self.within, **self.settings)  # as a decorator: one for each call

    def __enter__(self) -> None:
        with _lock:
            _switch_to(self._begun(PLAIN if current is None else current))

    def __exit__(self, *_: object) -> None:
        with _lock:
            if _active and _active[-1][0] is self:
                _switch_to(_active.pop()[1])
            elif any(switch is self for switch, _ in _active):
                self._end_alone()

    def _begun(self, around: Mode) -> Mode:
        _active.append((self, around))
        return self.over(around)

    def _end_alone(self) -> None:
        """End before blocks that were begun inside this one, and go on."""
        later: list[_Switch] = []
        while _active[-1][0] is not self:
            later.append(_active.pop()[0])
        _, mode = _active.pop()
        for switch in reversed(later):
            mode = switch._begun(mode)
        _switch_to(mode)

    def over(self, mode: Mode) -> Mode:
        """The mode inside this block, where `mode` holds around it."""
        recording, anomalies, names = mode
        settings = self.settings
        return Mode(
            settings.get("recording", recording),
            settings.get("anomalies", anomalies),
            names if self.within is None else (*names, self.within),
        )


def _switch_to(mode: Mode) -> None:
    """Let a mode hold, and tell the listeners."""
    global current
    current = None if mode == PLAIN else mode
    for listener in _listeners:
        listener(current)


def no_grad() -> _Switch:
    """Compute without recording: results are leaves that remember no operands.

    >>> from autograd_core import Value
    >>> w = Value(2.0, "w")
    >>> with no_grad():
    ...     y = 3.0 * w
    >>> y.is_leaf
    True
    """
    return _Switch(recording=False)


def recording() -> _Switch:
    """Record again inside a `no_grad()` block: what differentiates a function needs its graph."""
    return _Switch(recording=True)


def unwatched() -> _Switch:
    """No `detect_anomaly()` inside: the sweep on nodes computes partials that nobody needs."""
    return _Switch(anomalies=False)


def detect_anomaly() -> _Switch:
    """Raise `DomainError` at the first value or gradient that is not a finite number.

    Without it the arithmetic is IEEE's: log(0) is −∞ and goes on. With it the error names the
    node, the operation, its operands and their values; in a backward sweep also a local
    derivative that is not finite while its upstream gradient is not zero.

    >>> from autograd_core import Value
    >>> with detect_anomaly():
    ...     y = Value(-3.0, "x").log()
    Traceback (most recent call last):
    ...
    autograd_core.errors.DomainError: log(x) is not a number at x = -3
    """
    return _Switch(anomalies=True)


def scope(name: str) -> _Switch:
    """Say where nodes belong: those created inside carry the name; scopes nest.

    Diagrams and traces group a graph by scope (a layer, a neuron, a time step).

    >>> from autograd_core import Value
    >>> with scope("hidden"), scope("neuron 0"):
    ...     y = Value(1.0).tanh()
    >>> y.scope
    ('hidden', 'neuron 0')
    """
    return _Switch(within=name)
