"""The JSON of a solution: every number to its last bit, every step, nothing that is no JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from autograd_core import Value, Worksheet, name_array
from autograd_core.backward import adjoints
from tests.support.problems import read_worksheet
from viz import explain
from viz.document import Document
from viz.library import packaged_worksheets, worksheet_text
from viz.names import Names
from viz.printers.json_report import print_json

pytestmark = pytest.mark.usefixtures("undrawn")

TOY = worksheet_text("000.toy-elu")
KEYS = (
    "id", "sweep", "node", "operation", "rule", "formula", "substituted", "value", "upstream",
    "local", "local_formula", "contribution", "total", "path",
)  # fmt: skip


def no_constant(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")


def report(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text, parse_constant=no_constant)
    assert list(found) == ["output", "values", "gradients", "updates", "verdicts", "steps"]
    assert all(tuple(step) == KEYS for step in found["steps"])
    return found


def of(worksheet: str, **options: Any) -> dict[str, Any]:
    return report(explain(Worksheet.parse(worksheet), **options).json())


def test_the_toy_problem() -> None:
    found = of(TOY)
    assert found["output"] == "L"
    assert found["values"] == {
        "x": 2.0, "w1": 2.0, "w2": -1.0, "w3": 6.0, "t": -1.0, "y": 0.5, "z": 4.0, "pre": 3.0,
        "o": 3.0, "L": 16.0,
    }  # fmt: skip
    assert found["gradients"] == {
        "x": -24.0, "w1": 4.0, "w2": 32.0, "w3": 8.0, "t": -8.0, "y": 16.0, "z": -8.0, "pre": 8.0,
        "o": 8.0, "L": 1.0,
    }  # fmt: skip
    assert found["updates"] == {"w1": [1.6], "w2": [-4.2], "w3": [5.2]}
    assert found["verdicts"] == {"x": "ok", "w1": "ok", "w2": "ok", "w3": "ok"}
    steps = {step["id"]: tuple(step.values())[1:] for step in found["steps"]}
    assert len(steps) == 15
    nothing = (None,) * 5
    assert steps["f1"] == (
        "forward", "y", "sigmoid", "evaluate", "σ(4 − 2·x)", "σ(4 − 2·2)", 0.5, *nothing, [],
    )  # fmt: skip
    assert steps["b1"] == (
        "backward", "L", None, "seed", "1", "1", 1.0, None, None, None, 1.0, 1.0, [],
    )  # fmt: skip
    assert steps["b9"] == (
        "backward", "x", "sigmoid", "branch", "dL/dy·∂y/∂x", "16·(−0.5)", -8.0, 16.0, -0.5,
        "−2·y·(1 − y)", -8.0, -8.0, ["y", "x"],
    )  # fmt: skip
    assert steps["b10"] == (
        "backward", "x", "max", "branch", "dL/dz·∂z/∂x", "(−8)·2", -16.0, -8.0, 2.0, "2", -16.0,
        -24.0, ["z", "x"],
    )  # fmt: skip


def read(value: Any, number: Callable[[Value], float]) -> Any:
    """A quantity's number, or those of an array of quantities as nested lists."""
    if isinstance(value, Value):
        return number(value)
    return [read(item, number) for item in value]


def entry(found: dict[str, Any], name: str) -> Any:
    """What stands for a name or for an entry of an array, W[0, 1]."""
    if name in found:
        return found[name]
    array, *index = re.findall(r"[^\[\], ]+", name)
    number = found[array]
    for i in index:
        number = number[int(i)]
    return number


# At the other depths, which print the same trace or a longer one, every seventh.
@pytest.mark.parametrize(
    ("name", "depth"),
    [(name, "named") for name in packaged_worksheets()]
    + [(n, d) for n in packaged_worksheets()[::7] for d in ("operation", "layer")],
)
def test_every_number_has_all_its_bits(name: str, depth: Any) -> None:
    sheet = Worksheet.parse(worksheet_text(name))
    text = explain(sheet, depth=depth, lines=None).json()
    assert max(map(len, text.split("\n"))) <= 300
    found = report(text)
    gradients = adjoints(sheet.output)
    for key, value in sheet.values.items():
        assert found["values"][key] == read(value, lambda node: node.data)
        assert found["gradients"][key] == read(value, lambda node: gradients.get(node, 0.0))
    for step in found["steps"]:
        if step["sweep"] == "forward":
            assert step["value"] == entry(found["values"], step["node"])
        elif step["path"]:
            assert step["upstream"] == entry(found["gradients"], step["path"][0])
            assert step["contribution"] == step["upstream"] * step["local"]
    totals = {step["node"]: step["total"] for step in found["steps"] if step["total"] is not None}
    assert totals
    assert all(total == entry(found["gradients"], node) for node, total in totals.items())


def test_the_numbers_are_right() -> None:
    """Against 60 digits, where the printed digits would not do."""
    worksheet = "x = 0.7; w = -1.3; y = tanh(w*x)**3; L = exp(y)/x; update(L, w, lr=0.3)"
    found, exact = of(worksheet), read_worksheet(worksheet)
    for name in ("x", "w", "y", "L"):
        assert found["values"][name] == pytest.approx(float(exact.values[name]), rel=1e-15)
        assert found["gradients"][name] == pytest.approx(float(exact.gradient(name)), rel=1e-14)
    [new] = found["updates"]["w"]
    assert new == pytest.approx(-1.3 - 0.3 * float(exact.gradient("w")), rel=1e-15)


def test_updates_have_a_number_for_each_step() -> None:
    worksheet = "w = 2; b = 1; L = (w + b)**2; update(L, w, b, lr=0.25, steps=3)"
    # dL/dw = dL/db = 2·(w + b): 6, then 0.
    assert of(worksheet)["updates"] == {"w": [0.5, 0.5, 0.5], "b": [-0.5, -0.5, -0.5]}


def test_what_the_output_does_not_reach_and_what_is_data() -> None:
    found = of("x = 2; t = 3; unused = 5; given(t); L = x*t")
    assert found["values"] == {"x": 2.0, "t": 3.0, "unused": 5.0, "L": 6.0}
    assert found["gradients"] == {"x": 3.0, "t": 2.0, "unused": 0.0, "L": 1.0}
    assert [step["node"] for step in found["steps"]] == ["L", "L", "x"]


def test_kinks() -> None:
    assert of("x = 0; L = abs(x)")["verdicts"] == {"x": "kink"}


def test_a_slope_that_is_not_finite_is_null() -> None:
    x = Value(0.0, "x")
    solution = explain(((x**0.5).named("r") * 0.0).named("L"))
    assert math.isinf(solution.document.trace[-1].local or 0.0)  # type: ignore[index]
    last = report(solution.json())["steps"][-1]
    assert last["local"] is None
    assert last["contribution"] == 0.0


# --- names and arrays -------------------------------------------------------------------------


def test_repeated_names_are_primed() -> None:
    w, again = Value(2.0, "w"), Value(3.0, "w")
    found = report(explain((w * again).named("L")).json())
    assert found["values"] == {"w": 2.0, "w′": 3.0, "L": 6.0}
    assert found["gradients"] == {"w": 3.0, "w′": 2.0, "L": 1.0}


def elements(name: str, *numbers: Any, **options: Any) -> Any:
    def values(item: Any) -> Any:
        return [values(i) for i in item] if isinstance(item, tuple) else Value(item)

    return name_array(values(numbers), name, **options)


def test_arrays_are_nested_lists() -> None:
    (a, b), (c, d) = elements("W", (1.0, 2.0), (3.0, 4.0))
    x, y = elements("x", 5.0, 6.0)
    L = (a * x + b * y + c * d).named("L")
    found = report(explain(L).json())
    assert found["values"] == {"W": [[1.0, 2.0], [3.0, 4.0]], "x": [5.0, 6.0], "L": 29.0}
    assert found["gradients"] == {"W": [[5.0, 6.0], [4.0, 3.0]], "x": [1.0, 2.0], "L": 1.0}
    assert {step["node"] for step in found["steps"]} >= {"x[1]", "W[1, 0]"}


def test_two_arrays_of_one_name() -> None:
    first, second = elements("x", 1.0, 2.0), elements("x", 3.0, 4.0)
    L = (first[0] * first[1] + second[0] * second[1]).named("L")
    found = report(explain(L).json())
    assert found["values"] == {"x": [1.0, 2.0], "x′": [3.0, 4.0], "L": 14.0}


def test_elements_stay_apart_where_a_list_would_mislead() -> None:
    """One is missing, they count from 1, or a number has the array's name."""
    first, _, last = elements("x", 1.0, 2.0, 3.0)
    assert report(explain((first * last).named("L")).json())["values"] == {
        "x[0]": 1.0, "x[2]": 3.0, "L": 3.0,
    }  # fmt: skip
    one, two = elements("b", 1.0, 2.0, base=1)
    assert report(explain((one * two).named("L")).json())["values"] == {
        "b[1]": 1.0, "b[2]": 2.0, "L": 2.0,
    }  # fmt: skip
    zero, scalar = elements("w", 2.0)[0], Value(3.0, "w")
    assert report(explain((zero * scalar).named("L")).json())["values"] == {
        "w[0]": 2.0, "w": 3.0, "L": 6.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ['"', "\\", "\n", "\x00\u202e", "\ud800", "\ufeff", "</script>", "a, b", "x" * 10_000],
    ids=ascii,
)  # fmt: skip
def test_any_name_comes_back(name: str) -> None:
    text = explain((Value(2.0, name) * 3.0).named("L")).json()
    assert report(text)["values"] == {name: 2.0, "L": 6.0}
    assert all(c.isprintable() or c == "\n" for c in text)
    text.encode("utf-8")


# --- layout -----------------------------------------------------------------------------------


def test_a_step_has_a_line_and_no_line_is_long() -> None:
    text = explain(Worksheet.parse(TOY)).json()
    assert sum(line.startswith('{"id"') for line in text.split("\n")) == 15
    assert max(map(len, text.split("\n"))) <= 300
    many = "\n".join(f"w{i} = {i}.123456789" for i in range(60))
    product = "\nL = " + " + ".join(f"w{i}*w{i + 1}" for i in range(59))
    text = explain(Worksheet.parse(many + product), lines=None).json()
    report(text)
    longest = max(map(len, text.split("\n")))
    assert longest <= 300


def test_only_long_formulas_are_shortened() -> None:
    terms = " + ".join(f"{i}.123456789*x" for i in range(1, 8))
    found = of(f"x = 1.23456789; L = {terms}", depth="named")
    for step in found["steps"]:
        assert len(step["formula"]) <= 200
        assert len(step["substituted"]) <= 200
    wide = ", ".join(f"weight_number_{i}" for i in range(30))
    leaves = "; ".join(f"weight_number_{i} = {i}" for i in range(30))
    [largest, *_] = of(f"{leaves}; L = max({wide})")["steps"]
    assert largest["formula"].startswith("max(weight_number₀, ")
    assert largest["formula"].endswith("…")
    assert len(largest["formula"]) == 200
    assert largest["substituted"] == f"max({', '.join(map(str, range(30)))})"


def test_a_document_without_a_trace_is_refused() -> None:
    with pytest.raises(ValueError, match="no trace"):
        print_json(Document((), Names([])))
