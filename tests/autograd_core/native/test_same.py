"""Random programs on both engines, side by side in one process: nothing to be seen differs."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import reference, value
from tests.support.native_engine import needs_native
from tests.support.two_engines import Machine, program

pytestmark = needs_native


class _Native(value.Value):
    """A subclass of one engine's Value …"""


class _Reference(reference.Value):
    """… and the same one of the other's."""


_Native.__name__ = _Reference.__name__ = "Weight"


@settings(derandomize=True, deadline=None, max_examples=600, database=None)
@given(st.integers(0, 2**64).map(random.Random))
def test_both_engines_do_the_same(rnd: random.Random) -> None:
    steps = program(rnd)
    native = Machine(value.Value, _Native).run(steps)
    python = Machine(reference.Value, _Reference).run(steps)
    for done, (ours, theirs) in enumerate(zip(native, python, strict=True)):
        assert ours == theirs, steps[: done + 1]
