"""What LeakSanitizer finds after random programs: blocks without owner that the engine in C took.

    python -m tests.support.leaks        (under libasan, with detect_leaks=1; see .ci/sanitize)

The search is made while Python is alive, when all that is still in use has an owner. Blocks that
Python or NumPy lost by themselves, without a frame of the engine, are theirs to explain.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import gc
import os
import random
import re
import sys
import tempfile

from autograd_core import Op, Value, engine, scope
from tests.support.two_engines import Machine, program

PROGRAMS = 150


class Weight(Value):
    """A subclass with attributes."""


def work() -> None:
    """Programs, and the errors that a node can meet while it is made."""
    for seed in range(PROGRAMS):
        machine = Machine(Value, Weight)
        for _ in machine.run(program(random.Random(seed))):
            pass
        copy.deepcopy(machine.nodes)
    wrong = [
        Op("wrong", lambda x: "1", lambda x, y: (1.0,)),
        Op("wrong", lambda x: x, lambda x, y: (1.0, 2.0)),
        Op("wrong", lambda x: x, lambda x, y: (None,)),
    ]
    for op in wrong:
        with contextlib.suppress(TypeError, ValueError), scope("s"):
            op(Value(1.0, "x"))
    for count in (1, 2, 600):
        operands, partials = (Value(1.0),) * count, ("1",) * count
        with contextlib.suppress(TypeError):
            Value._blank(count).__setstate__((1.0, 0.0, wrong[0], operands, partials, None, None))


def lost() -> str:
    """The report of LeakSanitizer, which goes to the file descriptor of errors."""
    search = ctypes.CDLL(None).__lsan_do_recoverable_leak_check
    with tempfile.TemporaryFile("w+") as file:
        sys.stderr.flush()
        terminal = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            search()
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
        file.seek(0)
        return file.read()


if __name__ == "__main__":
    assert engine == "native"
    work()
    gc.collect()
    report = lost()
    if "fatal error" in report:
        sys.exit(report)
    leaks = [block for block in report.split("\n\n") if re.search(r"leak of \d+ byte", block)]
    ours = [block for block in leaks if "engine.abi3.so" in block or "_native" in block]
    print(f"{len(leaks)} kinds of lost blocks, {len(ours)} with a frame of the engine")
    if ours:
        print("\n\n".join(ours[:20]))
    os._exit(bool(ours))  # without the search at the end of the process
