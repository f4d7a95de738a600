"""Threads that make graphs at once: Python switches between them inside callbacks of the engine."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import autograd_core as ac
from autograd_core import Op, Value, detect_anomaly, modes, no_grad, scope
from tests.support.native_engine import needs_native, nodes

pytestmark = needs_native

THREADS, TURNS = 6, 60


@pytest.fixture(autouse=True)
def switch_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def together(*tasks: Callable[[], object]) -> None:
    """Run the tasks at once; the first error of any is raised."""
    errors: list[BaseException] = []

    def guarded(task: Callable[[], object]) -> None:
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


# A rule in Python: there threads change places while a node is half made.
slow = Op("slow", lambda a, b: sum([a, b]), lambda a, b, y: tuple(1.0 for _ in (a, b)))


def test_each_thread_has_right_gradients_below_shared_weights() -> None:
    def task() -> None:
        for turn in range(TURNS):
            x = Value(float(turn))
            y = ac.dot(weights, [x] * 5, slow(x, weights[0])) * x
            y.backward()
            assert y.data == 16.0 * turn * turn + turn
            assert x.grad == 32.0 * turn + 1.0

    gc.collect()
    weights = [Value(float(i + 1)) for i in range(5)]
    before = nodes()
    together(*[task] * THREADS)
    assert nodes() == before
    squares = sum(turn * turn for turn in range(TURNS))
    assert weights[1].grad == THREADS * squares


def test_one_graph_is_swept_by_many_threads() -> None:
    x = Value(2.0)
    y = x
    for _ in range(300):
        y = slow(y * 1.0, 0.0)
    together(*[lambda: [y.backward() for _ in range(TURNS)]] * THREADS)
    assert x.grad == THREADS * TURNS


def test_switches_of_threads_end_with_their_blocks() -> None:
    """They hold for the whole process, so what the others compute meanwhile is open."""

    def task() -> None:
        for turn in range(TURNS):
            with scope(f"s{turn % 3}"):
                y = slow(x, 1.0)
                with [no_grad, detect_anomaly][turn % 2]():
                    z = x * 2.0
                    assert z.data == 4.0
            assert all(name.startswith("s") for name in y.scope)

    x = Value(2.0)
    together(*[task] * THREADS)
    assert modes.current is None
    assert (x * 2.0).operands == (x, 2.0)
    assert (x * 2.0).label is None


def test_a_graph_is_freed_by_another_thread_while_callbacks_run() -> None:
    class Leaf(Value):
        def __del__(self) -> None:
            sum(range(100))

    def make() -> None:
        for _ in range(TURNS):
            graph: Any = Leaf(1.0)
            for _ in range(50):
                graph = graph * Leaf(1.0)
            shelf.append(graph)

    def drop() -> None:
        for _ in range(20 * TURNS):
            if shelf:
                shelf.pop()

    gc.collect()
    before = nodes()
    shelf: list[Any] = []
    together(make, drop, make, drop)
    shelf.clear()
    assert nodes() == before
