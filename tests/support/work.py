"""How much work a call does, counted instead of timed: the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def work(call: Callable[[], Any]) -> int:
    """The number of Python instructions that the call executes."""
    count = 0

    def watch(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode":
            count += 1
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def growth(make: Callable[[int], Callable[[], Any]], size: int) -> float:
    """How many times the work grows as the size grows fourfold: 4 is linear, 16 quadratic."""
    small, large = make(size), make(4 * size)
    return work(large) / work(small)
