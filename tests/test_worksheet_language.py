"""What docs/worksheets.md says of the language is so.

The lists are read from the page: what it names and nobody has tried here fails a test. What each
thing means is written down by hand.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd_core import Worksheet, WorksheetError, losses
from autograd_core.table import TABLE
from autograd_core.update_rules import RULES, hyperparameters
from autograd_core.updates import read_update
from autograd_core.vocabulary import function_names
from viz import explain
from viz.cli import main
from viz.solution.budget import MOST_LINES

PAGE = (Path(__file__).parent.parent / "docs" / "worksheets.md").read_text("utf-8")
SECTIONS = {s.partition("\n")[0]: s.partition("\n")[2] for s in re.split(r"^## ", PAGE, flags=re.M)}


def codes(text: str) -> list[str]:
    """What stands between single backquotes."""
    return re.findall(r"`([^`]+)`", text)


def first_cells(section: str) -> list[str]:
    """The first column of the section's table."""
    rows = [line.split(" | ")[0].strip("| ") for line in section.splitlines() if line[:1] == "|"]
    return rows[2:]


def solved(text: str, **options: Any) -> str:
    return explain(Worksheet.parse(text), **options).text()


# --- the example ------------------------------------------------------------------------------


def test_the_example() -> None:
    [text] = re.findall(r"^```\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    sheet = Worksheet.parse(text)
    assert sheet.output.name == "L"
    assert [node.name for node in sheet.given] == ["x[0]", "x[1]", "t"]
    assert {node.name.partition("[")[0] for node in sheet.wrt if node.name} == {"W", "b"}
    h = np.tanh([0.1 * 1 + 0.2 * 2, -0.3 * 1 + 0.4 * 2 + 0.1])
    assert sheet.output.data == pytest.approx((h[0] + 2 * h[1] - 1) ** 2, rel=1e-14)
    assert "UPDATE   η = 0.1" in solved(text)


# --- numbers, names, arrays -------------------------------------------------------------------

NAMES = {
    "w = 2": "w", "w = -1/3": "w", "[1, 2]": None, "[[1, 2], [3, 4]]": None, "alpha": "α",
    "x_1": "x₁", "y_hat": "ŷ", "ŷ": "ŷ", "w'": "w′", "dot = 3": "dot", "pi": "π", "e": None,
    "exp(x)": None, "b = a": None,
}  # fmt: skip


def test_the_pages_names_are_those_tried_here() -> None:
    assert set(codes(SECTIONS["Numbers, names, arrays"])) == set(NAMES)


@pytest.mark.parametrize(("code", "printed"), [(c, p) for c, p in NAMES.items() if p])
def test_names_are_leaves_and_print_as_said(code: str, printed: str) -> None:
    text = code if "=" in code else f"{code} = 3"
    sheet = Worksheet.parse(f"{text}; L = 2*{text.partition(' ')[0]}")
    assert sheet.wrt[0].is_leaf
    assert f"d{printed}" in explain(sheet).text()


def test_arrays_are_leaves_counted_from_nought() -> None:
    sheet = Worksheet.parse("x = [1, 2]; W = [[1, 2], [3, 4]]; L = sum(W @ x)")
    assert [leaf.name for leaf in sheet.wrt] == [
        "x[0]", "x[1]", "W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]",
    ]  # fmt: skip
    assert Worksheet.parse("A = [[[1, 2]]]; L = sum(flatten(A))").values["A"].shape == (1, 1, 2)


def test_pi_is_known_and_e_is_not() -> None:
    assert Worksheet.parse("x = 1; L = pi*x").output.data == math.pi
    assert Worksheet.parse("pi = 3; L = 2*pi").output.data == 6.0
    with pytest.raises(WorksheetError, match=r"exp\(x\)"):
        Worksheet.parse("x = 1; L = e*x")


def test_another_name_is_a_node_of_its_own() -> None:
    assert "b = a" in solved("a = 2; b = a; L = 3*b")


# --- operations -------------------------------------------------------------------------------

OPERANDS = "x = [0.5, 2]; X = [[1, 2], [3, 4]]; W = X; z = [0, 0]; a = 2; b = 3; L = sum(x); "
MEANINGS: dict[str, tuple[str, object]] = {  # how it is used, and what comes out
    "+ - * / **": ("a + b - a*b/a**2", 2 + 3 - 6 / 4),
    "@": ("W @ x", [4.5, 9.5]),
    "x[0]": ("x[0]", 0.5), "x[-1]": ("x[-1]", 2.0), "x[1:]": ("x[1:]", [2.0]),
    "W[1, 0]": ("W[1, 0]", 3.0), "X[:, 0]": ("X[:, 0]", [1.0, 3.0]),
    "sigmoid(x)": ("sigmoid(x)", [1 / (1 + math.exp(-0.5)), 1 / (1 + math.exp(-2))]),
    "elu(x, alpha=0.5)": ("elu(-x, alpha=0.5)", [0.5 * math.expm1(-0.5), 0.5 * math.expm1(-2)]),
    "step(x, at_zero=1)": ("step(z, at_zero=1)", [1.0, 1.0]),
    "max(a, b)": ("max(a, b)", 3.0), "sum(x)": ("sum(x)", 2.5), "mean(x)": ("mean(x)", 1.25),
    "logsumexp(z)": ("logsumexp(z)", math.log(2)),
    "sum(X, axis=0)": ("sum(X, axis=0)", [4.0, 6.0]),
    "math": ("fsum(x)", 2.5),
    "asin": ("asin(x[0])", math.asin(0.5)), "atan2": ("atan2(a, b)", math.atan2(2, 3)),
    "fabs": ("fabs(-a)", 2.0),
    "softmax": ("softmax([0, log(3)])", [0.25, 0.75]),
    "log_softmax": ("log_softmax([0, log(3)])", [math.log(0.25), math.log(0.75)]),
    "matmul": ("matmul(W, x)", [4.5, 9.5]),
    "transpose": ("transpose(X)", [[1.0, 3.0], [2.0, 4.0]]),
    "concat": ("concat(x, [7])", [0.5, 2.0, 7.0]),
    "outer": ("outer(x, [1, 10])", [[0.5, 5.0], [2.0, 20.0]]),
    "flatten": ("flatten(X)", [1.0, 2.0, 3.0, 4.0]),
    "conv1d": ("conv1d([[1, 2, 3]], [[[1, 10]]])", [[21.0, 32.0]]),
    "conv2d": ("conv2d([X], [[[[1, 0], [0, 10]]]])", [[[41.0]]]),
    "max_pool2d": ("max_pool2d([X], 2)", [[[4.0]]]),
    "avg_pool2d": ("avg_pool2d([X], 2)", [[[2.5]]]),
    "min_pool2d": ("min_pool2d([X], 2)", [[[1.0]]]),
    "dropout": ("dropout(x, 0, seed=3)", [0.5, 2.0]),
    "mse_loss": ("mse_loss(x, [0, 0])", 2.125),
    "half_squared_error": ("half_squared_error(x, [0, 0])", 2.125 / 2),
    "cross_entropy": ("cross_entropy([0, log(3)], [0, 1])", -math.log(0.75)),
    "binary_cross_entropy": ("binary_cross_entropy([0.5], [1])", math.log(2)),
    "hinge_loss": ("hinge_loss([0.25], [1])", 0.75),
    "autograd_core": ("l1_loss(x, [0, 0])", 1.25),
    'reduction="sum"': ('mse_loss(x, [0, 0], reduction="sum")', 4.25),
}  # fmt: skip


def test_the_pages_operations_are_those_tried_here() -> None:
    assert set(codes(SECTIONS["Operations"])) == set(MEANINGS)


@pytest.mark.parametrize("code", MEANINGS)
def test_an_operation_means_what_the_page_says(code: str) -> None:
    use, expected = MEANINGS[code]
    result = Worksheet.parse(f"{OPERANDS}r = {use}; output(L)").values["r"]
    numbers = [node.data for node in np.ravel(result)]
    assert numbers == pytest.approx(np.ravel(expected).tolist(), rel=1e-14, abs=1e-15)
    assert np.shape(result) == np.shape(expected)


def test_every_operation_and_every_loss_is_known() -> None:
    """Those aside that are the engine's own, or written otherwise (b = a)."""
    assert set(TABLE) - {"flow", "equal", "detach", "identity"} < function_names()
    assert set(losses.__all__) < function_names()


# --- what is asked ----------------------------------------------------------------------------

PROBLEM = (
    "x = 2; t = 1; w = 3; b = 1; y = w*x + b; o = y**2; C_1 = w*x; C_2 = w*t; C = C_1 + C_2; "
    "L = o + C\n"
)
SHOWN: dict[str, tuple[str, ...]] = {
    "given(x, t)": ("given  x, t\n", "asked  dL/dw, dL/db\n"),
    "output(L)": ("asked  dL/dx, dL/dt, dL/dw, dL/db\n",),
    "derivative(L, w)": ("asked  dL/dw\n",),
    "derivative(o, y)": ("do/dy = ∂o/∂y = 14 ", "asked  dL/dx, dL/dt, dL/dw, dL/db\n"),
    "derivative(L, x, y)": ("Lₓ = dL/dx\n", "dLₓ/dy  = dLₓ/dLₓ·∂Lₓ/∂y = 1·6 = 6 "),
    "paths(L, w)": (
        "L → o → y → w   ∂L/∂o·∂o/∂y·∂y/∂w = 1·14·2  = 28\n",
        "L → C → C₁ → w  ∂L/∂C·∂C/∂C₁·∂C₁/∂w = 1·1·2 = 2\n",
        "28 + 2 + 1                  = 31\n",
    ),
    "paths(C, w, by=[C_1, C_2])": (
        "dC/dw   through C₁   through C₂   sum\n",
        "C₁               2            0     2\n",
        "C₂               0            1     1\n",
        "sum              2            1     3\n",
    ),
    "update(L, w, b, lr=0.1)": (
        "w ← w − η·dL/dw = 3 − 0.1·31 = −0.1\n", "b ← b − η·dL/db = 1 − 0.1·14 = −0.4\n",
    ),
    'update(L, w, lr=0.1, steps=3, rule="adam", betas=[0.9, 0.99], print_every=1)': (
        "β₁ = 0.9, β₂ = 0.99,", "step 1  L = 58\n", "step 2", "step 3",
    ),
}  # fmt: skip


def test_the_pages_statements_are_those_tried_here() -> None:
    assert [cell.strip("`") for cell in first_cells(SECTIONS["What is asked"])] == list(SHOWN)


@pytest.mark.parametrize("statement", SHOWN)
def test_a_statement_shows_what_the_page_says(statement: str) -> None:
    printed = solved(PROBLEM + statement)
    for line in SHOWN[statement]:
        assert line in printed


def test_the_rules_are_those_of_the_page_with_their_options() -> None:
    text = SECTIONS["What is asked"]
    listed = codes(text[text.index("The rules are") :])
    options = listed[1 : listed.index("weight_decay") + 1]
    assert set(options) == set(hyperparameters("sgd")) - {"lr", "maximize"}
    rules = [listed[0], *listed[1 + len(options) :]]
    assert set(RULES) <= set(rules)
    for rule in rules:
        assert read_update(("w",), {"lr": 0.5, "rule": rule}).lr == 0.5
        text = f'w = 3; L = w**2; update(L, w, lr=0.5, rule="{rule}")'
        assert re.search("^ +w +← w ", solved(text), re.MULTILINE)
    with pytest.raises(ValueError, match="there is no rule"):
        read_update(("w",), {"lr": 0.5, "rule": "newton"})


def test_the_other_formulas_of_the_page_change_the_update() -> None:
    found = re.findall(r"`(\w+)=(True|False)` \(([^)]*)\)", SECTIONS["What is asked"])
    options = {(rule, name, on) for name, on, rules in found for rule in codes(rules)}
    assert {name for _, name, _ in options} == {
        "eps_inside_root", "squares_only", "bias_correction", "times_gradient",
    }  # fmt: skip
    for rule, name, on in {*options, ("sgd", "maximize", "True")}:
        assert hyperparameters(rule)[name] is (on == "False")
        asked = f'w = 3; L = w**2; update(L, w, lr=0.5, rule="{rule}"'
        assert solved(f"{asked}, {name}={on})") != solved(f"{asked})")


# --- how it is shown --------------------------------------------------------------------------

PROBLEM_OF_LAYERS = (
    "x = 2; v = [1, x]; W = [[1, 2], [3, 4]]; h = W @ v; L = sum(h*h)/3; update(L, W, lr=0.25)"
)
OPTIONS: dict[str, Callable[[str], bool]] = {  # is that shown?
    "--depth named": lambda out: "dL/dh[0]" in out,
    "--depth layer": lambda out: "  h = W·v = " in out,
    "--depth operation": lambda out: "dL/du1" in out,
    "--format text": lambda out: "\nFORWARD\n" in out,
    "--format markdown": lambda out: "\n## Forward\n" in out,
    "--format latex": lambda out: out.startswith("\\documentclass"),
    "--format html": lambda out: out.startswith("<!DOCTYPE html>"),
    "--format json": lambda out: out[0] == "{" and json.loads(out)["output"] == "L",
    "--fractions": lambda out: "= 1 − (1/4)·10/3 = 1/6" in re.sub(" +", " ", out),
    "--tangent x": lambda out: "FORWARD MODE" in out and "dL/dx" in out,
    "--again": lambda out: "\nFORWARD AGAIN   after the update\n" in out,
    "--digits 6": lambda out: "= 48.6667\n" in out,
    "--base 1": lambda out: "dL/dh[2]" in out and "h[0]" not in out,
    "--round-d": lambda out: "∂L/∂h[0]" in out and "dL" not in out,
}


def test_the_pages_options_are_those_tried_here() -> None:
    """`--depth named`, `layer`: what follows an option is another value of it."""
    listed: list[str] = []
    for cell in first_cells(SECTIONS["How it is shown"]):
        for code in codes(cell):
            option = listed[-1].partition(" ")[0] if listed else ""
            listed.append(code if code.startswith("--") else f"{option} {code}")
    assert listed == [*OPTIONS, "--all"]


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_shows_what_the_page_says(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    is_shown = OPTIONS[option]
    assert main(["explain", "-e", PROBLEM_OF_LAYERS, *option.split()]) == 0
    assert is_shown(capsys.readouterr().out)
    if option not in ("--depth named", "--format text"):  # those are what it does anyway
        assert main(["explain", "-e", PROBLEM_OF_LAYERS]) == 0
        plain = capsys.readouterr().out
        assert not is_shown(plain)


COUNT = 2 * MOST_LINES  # lines of each sweep: more than are shown of a small graph


def test_all_prints_every_line_of_a_long_solution(capsys: pytest.CaptureFixture[str]) -> None:
    text = "x0 = 1; " + "; ".join(f"x{i + 1} = x{i} + 1" for i in range(COUNT))
    for options, shown in (([], False), (["--all"], True)):
        assert main(["explain", "-e", text, *options]) == 0
        lines = capsys.readouterr().out
        assert (lines.count("\n") > 2 * COUNT) is shown
        assert f"x{COUNT // 2} = x{COUNT // 2 - 1} + 1" in re.sub(" +", " ", lines) or not shown


# --- limits -----------------------------------------------------------------------------------


LIMITS: dict[str, tuple[Callable[[int], str], int]] = {  # a worksheet of so many, and one more
    "characters": (lambda n: "w = 1; L = w*w #".ljust(n, "#"), 1),
    "operations": (lambda n: f"x = 1; L = x{' + 1' * n}", 1),
    "entries in an array": (lambda n: f"x = [{', '.join('1' * n)}]; L = x[0]*2", 1),
    "formulas within formulas … deep": (lambda n: f"x = 1; L = {'(' * (n - 1)}x{')' * (n - 1)}", 1),
    "steps of an update": (lambda n: f"w = 1; L = w*w; update(L, w, lr=0.1, steps={n})", 1),
    "operations in all its steps": (
        lambda n: f"w = 1; L = w{' + 1' * (n // 1000)}; update(L, w, lr=1, steps=1000)", 1000,
    ),
}  # fmt: skip


def listed_limits() -> dict[str, int]:
    """The page's limits: "10,000 operations" and "formulas within formulas 100 deep"."""
    text = re.sub(r"\s+|\([^)]*\)", " ", SECTIONS["Limits"]).strip().rstrip(".")
    found = re.findall(r"(formulas within formulas )?(\d[\d,]*) ([a-z ]+?)(?= *, | and |$)", text)
    return {
        f"{before}… {what}" if before else what: int(number.replace(",", ""))
        for before, number, what in found
    }


def test_the_pages_limits_are_those_tried_here() -> None:
    assert list(listed_limits()) == list(LIMITS)


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_is_where_the_page_says(limit: str) -> None:
    text, more = LIMITS[limit]
    most = listed_limits()[limit]
    assert Worksheet.parse(text(most)).output.data >= 1.0
    with pytest.raises(WorksheetError, match=r"(most|more than|from 1 to) "):
        Worksheet.parse(text(most + more))
