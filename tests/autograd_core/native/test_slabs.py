"""How the engine in C holds its nodes: those with very many operands, and large graphs' memory."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_core as ac
from autograd_core import Op, Value, no_grad
from autograd_core.engines import native
from tests.support.native_engine import assert_nothing_leaks, needs_native

pytestmark = needs_native

ROOT = Path(__file__).parents[3]
own = Op("own", lambda a, b: a + b, lambda a, b, y: (1.0, 1.0))


# --- many operands: more than 16 bits count, more than a cell holds -------------------------------

LENGTHS = [251, 252, 65_533, 65_534, 65_535, 65_536, 70_000]


@pytest.mark.parametrize("n", LENGTHS)
def test_a_maximum_of_many(n: int) -> None:
    x = Value(3.0)
    y = ac.max([1.0] * (n - 1) + [x])
    assert (y.data, len(y.operands), y.operands[-1]) == (3.0, n, x)
    y.backward()
    assert (x.grad, y.partials[-1], len(y.partials)) == (1.0, 1.0, n)


@pytest.mark.parametrize("n", LENGTHS)
def test_dot_products_of_many(n: int) -> None:
    w, x = Value(0.5), Value(-2.0)
    for entry, number in ((3.0, 3.0), (x, -2.0)):
        w.grad = 0.0
        y = ac.dot([w] * n, [entry] * n, 1.0)
        assert y.operands == (w,) * n + (entry,) * n + (1.0,)
        assert y.partials == (number,) * n + (0.5,) * n + (1.0,)
        y.backward()
        assert w.grad == n * number


@pytest.mark.parametrize("n", LENGTHS)
def test_many_operands_are_saved_and_forgotten(n: int) -> None:
    x = Value(3.0)
    with no_grad():
        alone = ac.max([x] * n)
    assert (alone.data, alone.op, alone.operands) == (3.0, None, ())
    again = copy.deepcopy(ac.max([1.0] * (n - 1) + [x]))
    assert (again.op, len(again.operands)) == (ac.max, n)
    again.backward()
    assert again.operands[-1].grad == 1.0


def test_nothing_of_them_leaks() -> None:
    assert_nothing_leaks(lambda: test_many_operands_are_saved_and_forgotten(65_535))


def test_the_operation_of_a_user_stands_behind_the_operands() -> None:
    x = Value(3.0)
    y = own(x, x)
    y.backward()
    assert (y.op, x.grad) == (own, 2.0)
    Value.__init__(y, 1.0)  # a leaf now: its words are used by the sweep
    assert (y.op, y.operands) == (None, ())
    z = y * y
    z.backward()
    z.backward()
    assert (y.grad, y.op) == (4.0, None)


# --- large graphs ---------------------------------------------------------------------------------

GRAPHS = """
from autograd_core import Value
from autograd_core._native.engine import memory

def chain(n):
    y = x = Value(1.0)
    for _ in range(n // 2):
        y = y * 0.999999 + 0.001
    y.backward()

def taken():
    return memory()["taken"] // 2**20

print(taken())
for _ in range(3):
    chain(3_000_000)
    print(taken())
for length, graphs in ((1_000_000, 30), (3_000_000, 2), (400, 40_000)):
    for _ in range(graphs):
        chain(length)
    print(taken())
"""


def has_slabs() -> bool:
    leaf = Value(1.0)
    return native is not None and native.memory()["bytes"] >= leaf.__sizeof__()


@pytest.mark.skipif(not has_slabs(), reason="the sanitizers' build has no slabs")
def test_a_large_graph_is_given_back_and_its_like_are_kept_for_a_while() -> None:
    """3,000,000 nodes of 80 bytes are 230 MB; 128 MB stay in any case."""
    found = subprocess.run(
        [sys.executable, "-c", GRAPHS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, first, second, third, smaller, again, tiny = map(int, found.stdout.split())
    assert before <= 2
    assert 128 <= first <= 132
    assert 226 <= second <= 236
    assert third == second == again
    assert 128 <= smaller <= 132
    assert 128 <= tiny <= 132  # graphs that never take a slab
