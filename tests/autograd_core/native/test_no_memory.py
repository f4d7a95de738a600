"""Where memory ends: MemoryError and nothing else, whole graphs, and nothing lost."""

from __future__ import annotations

import copy
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import autograd_core as ac
from autograd_core import Op, Value, no_grad, scope
from autograd_core.label import Label
from tests.support.native_engine import needs_native, nodes

pytestmark = needs_native

_testcapi = pytest.importorskip("_testcapi", reason="this Python comes without its test modules")
ROOT = Path(__file__).parents[3]

x, w = Value(2.0, "x"), Value(-0.5)
wide = ac.dot([x] * 40, [w] * 40)
own = Op("own", lambda a, b=1.0: a + b, lambda a, b, y: (1.0, 1.0))
hidden = scope("hidden")
Weight = type("Weight", (Value,), {})


def in_scope() -> object:
    node = x * 2.0
    return node.label


def state() -> None:
    Value._blank(2).__setstate__((1.0, 0.0, own, (x, 2.0), (1.0, 1.0), Label("y"), None))


def set_data() -> None:
    Value(1.0).data = 3


ACTIONS: dict[str, Callable[[], object]] = {
    "a leaf": lambda: Value(1.0, "leaf"),
    "a leaf of a subclass": lambda: Weight(1.0, name="leaf"),
    "a number": lambda: x + 10**30,
    "a sum": lambda: x + w,
    "a fraction": lambda: x * ac.Value(0.5) - True,
    "a row": lambda: ac.elu(x, alpha=w),
    "an option": lambda: ac.leaky_relu(w),
    "three operands": lambda: ac.where(x, w, 1.0),
    "a method": lambda: x.elu(alpha=0.5).tanh(),
    "a row without a rule in C": lambda: ac.hypot(x, w),
    "a row of the user": lambda: own(x),
    "many": lambda: ac.max([x, w, 1]),
    "a generator": lambda: ac.max(v for v in (x, w)),
    "a dot": lambda: ac.dot([x, w], (1.0, 2.0), w),
    "a wide dot": lambda: ac.dot([x] * 300, [w] * 300),
    "dot products": lambda: ac.dot.products([[x] * 9, [w] * 9], [[1.0] * 9, (x,) * 9], [w, 0.0]),
    "operands": lambda: wide.operands,
    "partials": lambda: wide.partials,
    "partials of constants": lambda: own(x, 5.0).partials,
    "a label": in_scope,
    "data": set_data,
    "a state": state,
    "a comparison": lambda: (x < 1, x == w, hash(x), repr(x)),
    "backward": wide.backward,
    "a copy": lambda: copy.deepcopy(wide),
}


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="CPython 3.12 itself crashes where {**a, **b} has no memory"
)
@pytest.mark.parametrize("switch", ["plain", "scope", "no_grad"])
@pytest.mark.parametrize("name", ACTIONS)
def test_where_python_has_no_memory_left(name: str, switch: str) -> None:
    """Each allocation of an action fails in its turn."""
    action = ACTIONS[name]
    block = {"plain": None, "scope": scope("s"), "no_grad": no_grad()}[switch]
    if block is not None:
        block.__enter__()
    try:
        action()
        gc.collect()
        gc.disable()
        before = nodes()
        for start in range(60):
            _testcapi.set_nomemory(start, start + 1)
            try:
                action()
            except MemoryError:
                pass
            finally:
                _testcapi.remove_mem_hooks()
        assert nodes() == before
    finally:
        gc.enable()
        if block is not None:
            block.__exit__()
    wide.backward()
    assert (wide.data, wide.operands[0], wide.operands[-1]) == (-40.0, x, 0.0)


SCRIPT = """
import resource, sys
from autograd_core import Value, dot
from autograd_core.engines import native

def deep(node):
    for _ in range(10**8):
        node = node * 0.5 + 1.0

pages = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = pages + 150 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
start = native.memory()["nodes"]
x = Value(1.0)
for _ in range(3):
    for work in (lambda: deep(x), lambda: [dot([x] * 5000, [x] * 5000) for _ in range(10**6)]):
        try:
            work()
        except MemoryError:
            pass
        else:
            sys.exit("there was memory enough")
        assert native.memory()["nodes"] == start + 1, native.memory()
y = (x * 3.0).tanh() + x
y.backward()
print(y.data, x.grad)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.skipif("asan" in os.environ.get("LD_PRELOAD", ""), reason="it maps terabytes")
def test_where_the_system_has_no_memory_left() -> None:
    command = [sys.executable, "-c", SCRIPT]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    leaf = Value(1.0)
    y = (leaf * 3.0).tanh() + leaf
    y.backward()
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.split() == [str(y.data), str(leaf.grad)]
