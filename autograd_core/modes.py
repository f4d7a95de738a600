"""Switches that change what creating a node or sweeping back does, each a `with` block.

They hold for the whole process. `current` is None while nothing is switched, so a node's
creation pays for all of them with one test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

__all__ = ["detect_anomaly", "no_grad", "scope"]


@dataclass(frozen=True, slots=True)
class Mode:
    """The switches in force."""

    recording: bool = True
    anomalies: bool = False
    scope: tuple[str, ...] = ()


PLAIN = Mode()
current: Mode | None = None


@contextmanager
def _switched(mode: Mode) -> Iterator[None]:
    global current
    before = current
    current = None if mode == PLAIN else mode
    try:
        yield
    finally:
        current = before


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results are leaves that remember no operands.

    >>> from autograd_core import Value
    >>> w = Value(2.0, "w")
    >>> with no_grad():
    ...     y = 3.0 * w
    >>> y.is_leaf
    True
    """
    with _switched(replace(current or PLAIN, recording=False)):
        yield


@contextmanager
def detect_anomaly() -> Iterator[None]:
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
    with _switched(replace(current or PLAIN, anomalies=True)):
        yield


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Say where nodes belong: those created inside carry the name; scopes nest.

    Diagrams and traces group a graph by scope (a layer, a neuron, a time step).

    >>> from autograd_core import Value
    >>> with scope("hidden"), scope("neuron 0"):
    ...     y = Value(1.0).tanh()
    >>> y.scope
    ('hidden', 'neuron 0')
    """
    mode = current or PLAIN
    with _switched(replace(mode, scope=(*mode.scope, name))):
        yield
