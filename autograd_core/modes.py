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
_active: list[list[Any]] = []  # the open blocks: each switch, and the mode around it
_changes = 0  # how often a block has begun or ended
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
        block = [self, PLAIN]
        try:
            with _lock:
                change = _next_change()
                block[1] = around = current or PLAIN
                mode = self.over(around)
                _active.append(block)
                _let_hold(mode, change)
        except BaseException:  # no memory, or a key pressed: the block does not begin
            with _lock:
                if _block_of(self) is block:
                    _end(block)
            raise

    def __exit__(self, *_: object) -> None:
        with _lock:
            block = _active[-1] if _active else None
            if block is None or block[0] is not self:
                block = _block_of(self)
            if block is not None:
                _end(block)

    def over(self, mode: Mode) -> Mode:
        """The mode inside this block, where `mode` holds around it."""
        recording, anomalies, names = mode
        settings = self.settings
        return Mode(
            settings.get("recording", recording),
            settings.get("anomalies", anomalies),
            names if self.within is None else (*names, self.within),
        )


def _next_change() -> int:
    global _changes
    _changes += 1
    return _changes


def _block_of(switch: _Switch) -> list[Any] | None:
    """The innermost block of a switch, None if it has none open."""
    while True:
        change, found = _changes, None
        for block in _active:  # (one that ends meanwhile may hide another from the loop)
            if block[0] is switch:
                found = block
        if change == _changes:
            return found


def _end(block: list[Any]) -> None:
    change = _next_change()
    last = block is _active[-1]
    _active.remove(block)
    _let_hold(block[1] if last else None, change)


def _let_hold(mode: Mode | None, change: int) -> None:
    """Let a mode hold, None for what the open blocks make, and tell the listeners.

    Garbage may be collected at any point here, and with a generator the block it has open ends: if
    another change came between, the blocks that are open at last decide.
    """
    global current
    while True:
        if mode is None or change != _changes:
            change, mode = _changes, PLAIN
            for block in _active:
                block[1] = mode
                mode = block[0].over(mode)
        current = None if mode == PLAIN else mode
        for listener in _listeners:
            listener(current)
        if change == _changes:
            return


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
