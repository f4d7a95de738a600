"""The catalogue's 102 worked examples, computed through the public interface."""

from __future__ import annotations

import ast
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.catalogue import seconds, solutions  # noqa: F401  (they enter all that there are)
from tests.catalogue.judging import differences, flat_numbers
from tests.catalogue.registry import SECONDS, SOLUTIONS

HERE = Path(__file__).parent
EXAMPLES: dict[str, dict[str, Any]] = {
    example["id"]: example for example in json.loads((HERE / "examples.json").read_text("utf-8"))
}
SYSTEMS = json.loads((HERE / "systems.json").read_text("utf-8"))
ALLOWED_IMPORTS = {"__future__", "autograd_core", "collections", "itertools", "math", "nn",
                   "numpy", "typing", "viz"}  # fmt: skip
ALLOWED_HERE = {"tests.catalogue.registry", "tests.catalogue.solutions.common"}
# Keys that are a run of another library: recomputed by calling it, in test_library_runs.py.
LIBRARY_RUNS = {
    "003.sklearn-and": {
        "coef_of_printed_call_sklearn_1_9_1", "intercept_of_printed_call_sklearn_1_9_1",
    },
    "003.try-gates": {"printed_call_predictions"},
}  # fmt: skip


def params() -> list[Any]:
    """Each example, marked with the systems that it shows."""
    return [
        pytest.param(
            name,
            marks=[pytest.mark.system(s["id"]) for s in SYSTEMS if name in s["examples"]],
            id=name,
        )
        for name in EXAMPLES
    ]


def solved(name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return SOLUTIONS[name].solve(copy.deepcopy(inputs))


def expected(name: str) -> dict[str, Any]:
    left_out = LIBRARY_RUNS.get(name, set())
    return {k: v for k, v in EXAMPLES[name]["expected"].items() if k not in left_out}


def test_every_example_is_solved_twice() -> None:
    assert len(EXAMPLES) == 102
    assert set(SOLUTIONS) == set(EXAMPLES)
    assert set(SECONDS) == set(EXAMPLES)


@pytest.mark.parametrize("name", params())
def test_the_numbers_are_the_catalogues(name: str) -> None:
    example = EXAMPLES[name]
    found = solved(name, example["inputs"])
    wrong = differences(found, expected(name), example["check_rtol"], example["inputs"])
    assert not list(wrong)


@pytest.mark.parametrize("name", [name for name, e in EXAMPLES.items() if e["tolerance"]])
def test_printed_figures_hold_unless_they_are_contradicted(name: str) -> None:
    example = EXAMPLES[name]
    found = solved(name, example["inputs"])
    for key, tolerance in example["tolerance"].items():
        if key in LIBRARY_RUNS.get(name, ()):
            continue
        ours: Any = found
        for part in key.split("."):
            ours = ours[part]
        says = json.loads(example["document_says"][key])
        pairs = list(zip(flat_numbers(ours), flat_numbers(says), strict=True))
        # Of words none may differ.
        off = max(abs(a - b) for a, b in pairs) if pairs else float(ours != says)
        assert (off > tolerance) == (key in example["disagrees"]), key


@pytest.mark.oracle
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_second_instance(name: str) -> None:
    inputs, answers = SECONDS[name]()
    assert inputs != EXAMPLES[name]["inputs"]
    wrong = differences(solved(name, inputs), answers, 1e-9, inputs)
    assert not list(wrong)


@pytest.mark.parametrize(
    "source", sorted((HERE / "solutions").glob("[!_]*.py")), ids=lambda p: p.stem
)
def test_solutions_use_our_packages_and_numpy_only(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module in ALLOWED_HERE:
                continue
        else:
            continue
        assert {name.partition(".")[0] for name in names} <= ALLOWED_IMPORTS
