"""Random walks through all that Python code can do to the engine in C; see tests/support/mischief.

After each the nodes that are left are whole, nothing is left over, and no error was lost. The
sanitizers run it too (`make sanitize`).
"""

from __future__ import annotations

import gc
import math
import os
from typing import Any

import numpy as np
import pytest

from autograd_core.backward import adjoints
from tests.support.mischief import Walk
from tests.support.native_engine import assert_nothing_leaks, needs_native, nodes

pytestmark = needs_native

WALKS = int(os.environ.get("AUTOGRAD_CORE_WALKS", "60"))


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def assert_whole(roots: list[Any]) -> None:
    """The sweep in C gives what the one in Python gives. (A node whose saved state was nonsense may
    have no partial derivatives in its constants.)"""
    for root in roots:
        try:
            expected = adjoints(root)
        except (AttributeError, TypeError, ValueError):
            root.backward()
            continue
        for node in expected:
            node.grad = 0.0
        root.backward()
        assert all(same(node.grad, adjoint) for node, adjoint in expected.items())


def walk(seed: int, steps: int = 120) -> None:
    walk = Walk(seed)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            walk.step()
    roots, walk.nodes = walk.nodes, []
    walk.end()
    assert walk.broken == []
    assert_whole(roots)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("seed", range(WALKS))
def test_a_walk_leaves_whole_graphs_and_no_node_behind(seed: int) -> None:
    gc.collect()
    before = nodes()
    walk(seed)
    gc.collect()
    assert nodes() == before


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
def test_walks_leave_nothing_behind() -> None:
    assert_nothing_leaks(lambda: walk(1000), repetitions=25)
