"""Which tests need the engine in C, and that what they do leaves nothing behind."""

from __future__ import annotations

import gc
import sys
from array import array
from collections.abc import Callable
from typing import Any

import pytest

from autograd_core.engines import native
from autograd_core.label import Label
from autograd_core.table import TABLE

needs_native = pytest.mark.skipif(native is None, reason="the tests run on the reference")

SHARED = [*TABLE.values(), *map(type, TABLE.values()), Label, float, tuple]


def nodes() -> int:
    """How many nodes the engine in C keeps alive."""
    alive: int = native.memory()["nodes"]
    return alive


def assert_nothing_leaks(action: Callable[[], object], *shared: Any, repetitions: int = 40) -> None:
    """Repeat `action`: nodes, blocks of memory and references on `shared` do not become more.

    A leak is at least one for each repetition, each time. Caches of Python's own grow too, once.
    """
    watched = (*SHARED, *shared)

    def held() -> array[int]:  # (a list would hold an object for each number)
        gc.collect()
        return array("q", [sys.getallocatedblocks(), *map(sys.getrefcount, watched)])

    action()
    for _ in range(4):
        before, alive = held(), nodes()
        for _ in range(repetitions):
            action()
        grown = [now - then for then, now in zip(before, held(), strict=True)]
        assert nodes() == alive
        if max(map(abs, grown)) < repetitions:
            return
    raise AssertionError(f"{grown[0]} blocks, references {[g for g in grown[1:] if g]}")
