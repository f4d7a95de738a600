"""The rules in C give the numbers of table.py, bit for bit.

Here they are compiled without the engine. What a row of table.py says is the truth (on the engine
in C its partials call other rows in C, each of which has its own forward rule in Python here). A
row that C lacks takes the slower path through Python, and its test is skipped.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from autograd_core.op import Op
from autograd_core.table import TABLE
from tests.support import native_rules
from tests.support.native_rules import Floats, Rules

# `detach` makes a leaf; `math.hypot` is an algorithm of Python's own.
THROUGH_PYTHON = {"detach", "arctan2", "arcsinh", "hypot"}

# Partials that are 0 everywhere, where no mutant can differ.
ALWAYS_ZERO = {
    ("step", 0), ("sign", 0), ("floor", 0), ("equal", 0), ("equal", 1), ("where", 0),
}  # fmt: skip

pytestmark = pytest.mark.skipif(native_rules.compiler() is None, reason="there is no C compiler")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    return cache(partial(native_rules.compile_rules, tmp_path_factory.mktemp("rules")))


@pytest.fixture(scope="session")
def rules(build: Callable[..., Path]) -> Rules:
    return Rules(build())


def in_python(op: Op, points: Floats) -> tuple[Floats, Floats]:
    """The values and partials of table.py."""
    values, partials = np.empty(len(points)), np.empty_like(points)
    for i, operands in enumerate(points.tolist()):
        values[i] = y = op.forward(*operands)
        partials[i] = op.partials(*operands, y)
    return values, partials


@cache
def hard_points_in_python(name: str, operands: int) -> list[tuple[Floats, Floats, Floats]]:
    return [
        (points, *in_python(TABLE[name], points))
        for points in native_rules.hard_points(name, operands)
    ]


def differ(ours: Floats, theirs: Floats) -> np.ndarray:
    """Where two arrays are not the same doubles; all NaN are the same, 0 and −0 are not."""
    same_bits = ours.view(np.uint64) == theirs.view(np.uint64)
    return ~(same_bits | (np.isnan(ours) & np.isnan(theirs)))


@pytest.mark.parametrize("name", [name for name in TABLE if name not in THROUGH_PYTHON])
def test_a_row_gives_the_numbers_of_table_py(rules: Rules, name: str) -> None:
    if name not in rules.operands:
        pytest.skip(f"C has no row {name}: it runs through Python")
    for points in native_rules.all_points(name, rules.operands[name]):
        values, answered, partials = rules.evaluate(name, points)
        true_values, true_partials = in_python(TABLE[name], points)
        wrong = answered & differ(values, true_values)
        assert not wrong.any(), (points[wrong][0], values[wrong][0], true_values[wrong][0])
        wrong = differ(partials, true_partials).any(axis=1)
        assert not wrong.any(), (points[wrong][0], partials[wrong][0], true_partials[wrong][0])
        sizes = np.abs(points[~answered])  # with ordinary numbers C needs no help
        assert (((sizes > 0.0) & (sizes < 1e-140)) | (sizes > 1e140)).any(axis=1).all()


@pytest.mark.parametrize("name", ["sum", "mean"])
def test_where_fsum_overflows_on_the_way_the_error_is_left_to_python(
    rules: Rules, name: str
) -> None:
    """The sum from left to right is 0, what Python takes for its exact sum overflows."""
    largest = sys.float_info.max
    operands = (largest, 2.0**969, 2.0**969, -largest)
    with pytest.raises(OverflowError):
        TABLE[name].forward(*operands)
    [answered] = rules.evaluate(name, np.array([operands]))[1]
    assert not answered


def test_the_rows_are_those_of_table_py_in_its_order(rules: Rules) -> None:
    assert THROUGH_PYTHON.isdisjoint(rules.operands)
    assert [*rules.operands] == [name for name in TABLE if name in rules.operands]
    for name, operands in rules.operands.items():
        assert operands == len(TABLE[name].operand_names)


def found_wrong(rules: Rules, name: str) -> tuple[bool, bool]:
    """Whether a value, and whether a partial, of the row differs from table.py's."""
    value = slope = False
    for points, values, partials in hard_points_in_python(name, rules.operands[name]):
        ours, answered, slopes = rules.evaluate(name, points)
        value = value or bool((answered & differ(ours, values)).any())
        slope = slope or bool(differ(slopes, partials).any())
    return value, slope


def test_a_value_that_is_wrong_in_its_last_bit_is_found_in_every_row(
    build: Callable[..., Path],
) -> None:
    mutant = Rules(build("-DMUTANT_FORWARD"))
    found = {name: found_wrong(mutant, name) for name in mutant.operands}
    assert found == dict.fromkeys(mutant.operands, (True, False))


@pytest.mark.parametrize("i", [0, 1, 2])
def test_a_partial_that_is_wrong_in_its_last_bit_is_found_in_every_row(
    build: Callable[..., Path], i: int
) -> None:
    mutant = Rules(build(f"-DMUTANT_PARTIAL={i}"))
    rows = [name for name, operands in mutant.operands.items() if operands == 0 or operands > i]
    found = {name: found_wrong(mutant, name) for name in rows}
    assert found == {name: (False, (name, i) not in ALWAYS_ZERO) for name in rows}


def test_no_rule_has_undefined_behaviour(build: Callable[..., Path]) -> None:
    """In a process of its own: the sanitizer ends it at the first finding."""
    try:
        library = build("-fsanitize=undefined", "-fno-sanitize-recover")
    except subprocess.CalledProcessError:
        pytest.skip("the compiler has no sanitizer")
    script = (
        "import sys; from tests.support.native_rules import Rules, all_points\n"
        "rules = Rules(sys.argv[1])\n"
        "for name, operands in rules.operands.items():\n"
        "    for points in all_points(name, operands): rules.evaluate(name, points)\n"
    )
    command = [sys.executable, "-c", script, str(library)]
    run = subprocess.run(command, cwd=native_rules.ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
