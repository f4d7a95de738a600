"""Every line that is printed comes out again, worked out by a reader that knows nothing of ours.

All packaged worksheets at the named and the layer depth, some at the operation depth; generated
ones on arrays, with every optimizer. (`test_solutions` has generated ones on single quantities.)
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from autograd_core import Worksheet
from autograd_core.backward import adjoints
from tests.support.generated_sheets import KINDS, generated_sheet
from tests.support.solution_reader import Solution, read_solution
from viz import explain
from viz.explanation import Explanation
from viz.letters import pretty_name
from viz.library import packaged_worksheets, worksheet_text

pytestmark = pytest.mark.usefixtures("undrawn")

OPERATION = [
    "000.toy-elu", "000.rnn-a", "000.softmax-cross-entropy", "001.conv-b", "001.vector-0-1",
    "002.svm-sum", "002.composite-gate", "003.adam", "003.cce", "003.losses", "004.bptt-2",
    "004.pooling", "004.rnn-vector",
]  # fmt: skip
GENERATED = 105  # of each kind 15


def solved(text: str, depth: Any) -> Explanation:
    return explain(Worksheet.parse(text), depth=depth, lines=None)


@cache
def read_named(text: str) -> tuple[Solution, Explanation]:
    solution = solved(text, "named")
    return read_solution(solution.text(80)), solution


def is_the_same_problem(read: Solution, solution: Explanation, sheet: Worksheet) -> None:
    """What is printed is about the worksheet's quantities: values, derivatives, updates."""
    gradients = adjoints(sheet.output)
    for name, node in sheet.nodes.items():
        shown = pretty_name(name)
        assert float(read.program.values[shown]) == pytest.approx(node.data, rel=1e-9, abs=1e-14)
        if node in gradients and read.root:
            total = float(read.program.total(read.root, shown))
            assert total == pytest.approx(gradients[node], rel=1e-9, abs=1e-12), name
    assert read.program.flat(read.wrt) == [pretty_name(str(leaf.name)) for leaf in sheet.wrt]
    updates = {pretty_name(n): numbers for n, numbers in solution.document.updates.items()}
    assert {n: list(map(float, numbers)) for n, numbers in read.updates.items()} == {
        name: pytest.approx(numbers, rel=1e-9, abs=1e-12) for name, numbers in updates.items()
    }


# --- the packaged worksheets ------------------------------------------------------------------


@pytest.mark.parametrize("name", packaged_worksheets())
def test_every_line_at_the_named_depth(name: str) -> None:
    read, solution = read_named(worksheet_text(name))
    assert read.complaints == []
    is_the_same_problem(read, solution, Worksheet.parse(worksheet_text(name)))


@pytest.mark.parametrize("name", packaged_worksheets())
def test_every_line_at_the_depth_of_layers(name: str) -> None:
    named, _ = read_named(worksheet_text(name))
    printed = solved(worksheet_text(name), "layer").text(80)
    assert read_solution(printed, named=named).complaints == []


@pytest.mark.parametrize("name", OPERATION)
def test_every_line_at_the_operation_depth(name: str) -> None:
    printed = solved(worksheet_text(name), "operation").text(80)
    assert read_solution(printed).complaints == []


# --- generated worksheets ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(GENERATED))
def test_every_line_of_a_generated_worksheet(seed: int) -> None:
    text = generated_sheet(seed)
    read, solution = read_named(text)
    assert read.complaints == []
    is_the_same_problem(read, solution, Worksheet.parse(text))
    layers = read_solution(solved(text, "layer").text(80), named=read)
    assert layers.complaints == []


@pytest.mark.parametrize("seed", range(GENERATED, GENERATED + 2 * len(KINDS)))
def test_every_operation_of_a_generated_worksheet(seed: int) -> None:
    printed = solved(generated_sheet(seed), "operation").text(80)
    assert read_solution(printed).complaints == []


def test_generated_worksheets_use_every_rule() -> None:
    """sgd with its options, and each rule by name."""
    texts = [generated_sheet(seed) for seed in range(GENERATED)]
    for rule in ("momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw"):
        assert any(rule in text for text in texts), rule
    assert sum("@" in text or "[" in text for text in texts) >= 60
