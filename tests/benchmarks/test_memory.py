"""What is said about memory: counted twice as much for twice as much, and given back."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from benchmarks.chains import cost_by_length
from benchmarks.memory import LENGTH, STATM, allocated, bytes_per_operation, resident, training
from benchmarks.sides import ours
from benchmarks.workloads import perceptron

ROOT = Path(__file__).parents[2]
NODE = 40  # bytes: a count, a type, a number, a gradient and an operand are in each

on_linux = pytest.mark.skipif(not STATM.exists(), reason="no /proc/self/statm")


def test_bytes_for_an_operation_do_not_depend_on_the_size() -> None:
    small, large = (bytes_per_operation(perceptron(points, 8)) for points in (60, 120))
    assert NODE <= small <= 400
    assert small == pytest.approx(large, rel=0.1)
    assert not tracemalloc.is_tracing()


def test_what_a_graph_holds_is_counted_and_given_back() -> None:
    workload = perceptron(100, 8)
    side = ours(workload)
    side.body(*side.arguments)  # whatever is made once
    tracemalloc.start()
    try:
        before = allocated()
        loss = side.body(*side.arguments)
        held = allocated() - before
        del loss
        left = allocated() - before
    finally:
        tracemalloc.stop()
    assert held >= NODE * workload.operations
    assert abs(left) < 0.1 * held  # Python keeps thousands of tuples for the next graph


@on_linux
def test_a_large_graph_shows_in_the_resident_memory_and_goes() -> None:
    code = "from benchmarks.memory import LENGTH, given_back; print(*given_back(LENGTH))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, during, after = map(int, found.stdout.split())
    assert during - before >= NODE * LENGTH
    assert after - before < (during - before) / 2


@on_linux
def test_resident_memory_is_in_bytes() -> None:
    before = resident()
    block = bytearray(b"1") * 50_000_000
    assert resident() - before == pytest.approx(len(block), rel=0.1)


@on_linux
def test_training_changes_the_parameters() -> None:
    workload = perceptron(6, 3)
    side = ours(workload)
    seen = list(training(side, 3))
    assert [step for step, _ in seen] == [0, 1, 2, 3]
    assert side.value < workload.on_floats(workload.numbers)
    before_last = [p.data + 0.05 * p.grad for p in side.leaves]
    assert side.value == pytest.approx(workload.on_floats(before_last), rel=1e-12)


def test_the_cost_of_chains_is_over_the_shortest() -> None:
    costs = cost_by_length([10, 1_000], rounds=1)
    assert list(costs) == [10, 1_000]
    assert costs[10].median == 1.0
    assert costs[1_000].seconds > 0.0
