"""Lines of whole arrays: read again as matrices, with the numbers that PyTorch has for the names.

Each problem is a list of assignments that are Python as well: the worksheet works them out one
way, PyTorch another. Then every printed formula, in symbols and with numbers, must have the value
of what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.worksheet import Worksheet
from tests.support.against_torch import torch
from tests.support.array_formulas import read_formula
from viz import explain

pytestmark = pytest.mark.usefixtures("undrawn")

Problem = dict[str, Any]  # name → nested list of numbers, or an expression
NO_PATTERN = "entry by entry at the named depth"


def in_torch(problem: Problem) -> dict[str, Any]:
    """Every name's number and, as dL/dname, the gradient of L by it."""
    tensors = torch()
    functions = {
        "sum": tensors.sum, "mean": tensors.mean, "tanh": tensors.tanh, "sigmoid": tensors.sigmoid,
        "relu": tensors.relu, "exp": tensors.exp, "log": tensors.log, "max": tensors.maximum,
        "flatten": tensors.flatten, "transpose": lambda a: a.T, "outer": tensors.outer,
        "softmax": lambda a: tensors.softmax(a, -1),
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, item in problem.items():
        if isinstance(item, str):
            text = re.sub(r"(sum|mean)\((\w+), axis=(\d)\)", r"tensors.\1(\2, \3)", item)
            found[name] = eval(text, {**functions, "tensors": tensors}, found)
        else:
            found[name] = tensors.tensor(item, dtype=tensors.float64, requires_grad=True)
        found[name].retain_grad()
    found["L"].backward()
    numbers: dict[str, Any] = {}
    for name, tensor in found.items():
        gradient = tensors.zeros_like(tensor) if tensor.grad is None else tensor.grad
        array, slope = tensor.detach().numpy(), gradient.numpy()
        numbers |= with_entries(name, array[()]) | with_entries(f"dL/d{name}", slope[()])
    return numbers


def with_entries(name: str, array: Any) -> dict[str, Any]:
    """The array by its name, and its entries by theirs."""
    return {name: array} | {
        f"{name}[{','.join(map(str, index))}]": float(array[index])
        for index in np.ndindex(np.shape(array)) if index
    }  # fmt: skip


def typed(problem: Problem) -> str:
    return "\n".join(f"{name} = {item}" for name, item in problem.items())


Line = tuple[str, str, list[str], bool]  # label, subject, formulas, whether a pattern was found


def printed(problem: Problem) -> Iterator[Line]:
    """The lines of both sweeps; of an edge the subject is empty and the label tells its way."""
    text = explain(Worksheet.parse(typed(problem)), depth="layer", digits=15).text(100_000)
    sweeps = text[text.index("FORWARD") : text.index("CHECK")]
    for line in sweeps.splitlines():
        match = re.fullmatch(
            r" *\d* +(?:(through \S+|sum|\d+(?:×\d+)+) +)?(d?L?/?\S+ (?:= )?.*)", line
        )
        if not match or "UPDATE" in line or "branches meet" in line or "BACKWARD" in line:
            continue
        label, rest = match[1] or "", re.sub(" +", " ", match[2])
        pattern = NO_PATTERN not in rest
        rest = rest.replace(NO_PATTERN, "").strip()
        first, *formulas = re.split(" [=≈] ", rest)
        if label.startswith("through") or label == "sum":
            yield label, "", [first, *formulas], pattern
        else:
            yield label, first, formulas, pattern


def check(problem: Problem) -> int:
    """Read every line; the number of formulas in symbols that were found.

    What PyTorch has no name for (u1, inside a formula) is what its own line says; the lines that
    use it are compared again.
    """
    numbers = in_torch(problem)
    found = 0
    ways: list[Any] = []
    for label, subject, formulas, pattern in printed(problem):
        values = [read_formula(formula, numbers) for formula in formulas]
        if subject not in numbers and subject:
            assert re.fullmatch(r"(dL/d)?u\d+", subject), subject
            numbers |= with_entries(subject, values[0])
        expected = numbers[subject] if subject else values[-1]
        if label == "sum":
            np.testing.assert_allclose(values[-1], sum(ways), rtol=1e-9, atol=1e-9)
            ways = []
        elif label.startswith("through"):
            ways.append(values[-1])
        for formula, value in zip(formulas, values, strict=True):
            assert np.shape(value) == np.shape(expected), (subject, formula)
            np.testing.assert_allclose(
                value, expected, rtol=1e-8, atol=1e-8, err_msg=f"{subject} = {formula}"
            )
        found += pattern and len(formulas) > 1
    return found


W, V, X, Y = [[1.0, 2.0], [3.0, 5.0]], [[2.0, 1.0], [-1.0, 0.5]], [0.5, -0.25], [1.5, 2.0]
M = [[1.0, -2.0, 0.5], [0.25, 3.0, 1.5]]
DENSE = {"W": W, "x": X, "b": Y}

PROBLEMS: dict[str, tuple[Problem, int]] = {
    # equal sizes everywhere: only the places tell what follows what
    "square matrix": ({**DENSE, "z": "W @ x + b", "L": "sum(z*z)"}, 6),
    "transposed": ({"W": W, "x": X, "z": "transpose(W) @ x", "L": "sum(z*z)"}, 5),
    "vector first": ({"W": W, "x": X, "z": "x @ W", "L": "sum(z*z)"}, 5),
    "two matrices": ({"W": W, "V": V, "Z": "W @ V", "L": "sum(flatten(Z*Z))"}, 5),
    "a matrix by itself": ({"W": W, "Z": "W @ W", "L": "sum(flatten(Z))"}, 3),
    "a matrix by its transposed": ({"W": W, "Z": "W @ transpose(W)", "L": "sum(flatten(Z))"}, 3),
    "entry by entry with its transposed": (
        {"W": W, "Z": "W*transpose(W) + transpose(W)", "L": "sum(flatten(Z*Z))"}, 3),
    "x · x": ({"x": X, "L": "x @ x"}, 2),
    "outer product": ({"x": X, "y": Y, "Z": "outer(x, y)", "L": "sum(flatten(Z*Z))"}, 5),
    "outer product by itself": ({"x": X, "Z": "outer(x, x)", "L": "sum(flatten(Z*Z))"}, 3),
    "rows are examples": (
        {"X": W, "W": V, "b": X, "Z": "X @ transpose(W) + b", "A": "sigmoid(Z)",
         "L": "mean(flatten(A*A))"}, 8),
    "rows are examples, in one line": (
        {"X": W, "W": V, "b": X, "A": "sigmoid(X @ W + b)", "L": "mean(flatten(A))"}, 6),
    "two layers": (
        {**DENSE, "V": V, "h": "tanh(W @ x + b)", "o": "sigmoid(V @ h)", "L": "sum((o - 1)**2)"},
        9),
    "one matrix in two layers": (
        {"W": W, "x": X, "h": "tanh(W @ x)", "o": "tanh(W @ h)", "L": "sum(o*o)"}, 9),
    "an array inside a formula": (
        {"W": W, "V": V, "x": X, "u1": "x*x", "z": "W @ u1 + V @ u1", "L": "sum(z)"}, 8),
    "two consumers": (
        {"x": X, "y": Y, "p": "x*y", "q": "x + 2*y", "L": "sum(p) + sum(q*q)"}, 11),
    "one array twice in a formula": ({"x": X, "z": "x*tanh(x) - x/2", "L": "sum(z)"}, 4),
    "products of sums": (
        {"x": X, "y": Y, "p": "x*y", "q": "x - y", "L": "sum(p)*sum(q)"}, 11),
    "quotients": (
        {"x": Y, "y": X, "z": "(x + y)/(x*y)", "q": "-x/y**2", "L": "sum(z) + sum(q)"}, 11),
    "a quotient in a product": (
        {"W": W, "x": X, "y": Y, "s": "x/y", "z": "W @ s", "L": "sum(z)"}, 8),
    "powers": ({"x": Y, "y": [2.0, 3.0], "z": "x**y", "q": "2**x", "L": "sum(z*q)"}, 9),
    "logarithms": ({"x": Y, "t": [0.0, 1.0], "L": "-sum(t*log(x))"}, 3),
    "numbers and arrays": ({"x": X, "w": 2.0, "z": "w*x + w", "L": "sum(z*z)/w"}, 7),
    "a number times a matrix": ({"W": M, "w": 2.0, "Z": "w*W - W", "L": "sum(flatten(Z))"}, 5),
    "maxima": ({"x": X, "y": Y, "z": "max(x, y)", "L": "sum(z*z)"}, 5),
    "a reduction of columns": ({"X": M, "m": "sum(X, axis=0)", "L": "sum(m*m)"}, 3),
    "a reduction of rows": ({"X": M, "m": "sum(X, axis=1)", "L": "sum(m*m)"}, 3),
    "means of rows": ({"X": W, "m": "mean(X, axis=1)", "L": "sum(m*m)"}, 3),
    "means of columns": ({"X": W, "m": "mean(X, axis=0)", "L": "sum(m*m)"}, 3),
    # relu that is off somewhere
    "a mask": (
        {"W": W, "x": X, "b": [0.25, -9.0], "h": "relu(W @ x + b)", "L": "sum(h*h)"}, 6),
    "a mask and a factor": (
        {"W": W, "x": X, "b": [9.0, -9.0], "h": "relu(W @ x + b)*b", "L": "sum(h)"}, 5),
    "a mask of a matrix": (
        {"X": [[1.0, 2.0], [-3.0, 4.0]], "W": V, "H": "relu(X @ W)", "L": "sum(flatten(H*H))"}, 4),
    "all off": ({"W": W, "x": X, "h": "relu(W @ x - 99)", "L": "sum(h*h)"}, 4),
    "saturated": (
        {"x": [-800.0, 900.0, 0.5], "p": "sigmoid(x)", "q": "tanh(x)", "L": "sum(p*q)"}, 8),
    # parts of arrays
    "entries": ({"x": [1.0, 2.0, 3.0], "L": "x[0]*x[1]"}, 1),
    "ranges": ({"x": [1.0, 2.0, 3.0], "y": "x[1:]*x[:2]", "L": "sum(y)"}, 2),
    "rows of a matrix": ({"W": W, "y": "W[0]*W[1]", "L": "sum(y)"}, 2),
    "columns of a matrix": ({"W": W, "y": "W[:, 0] - W[:, 1]", "L": "sum(y*y)"}, 2),
    # axes of one entry
    "one output": ({"W": [[1.0, 2.0]], "x": X, "b": [3.0], "z": "W @ x + b", "L": "sum(z*z)"}, 6),
    "one input": ({"W": [[1.0], [2.0]], "x": [3.0], "b": Y, "z": "W @ x + b", "L": "sum(z*z)"}, 6),
    "one of each": (
        {"W": [[2.0]], "x": [3.0], "b": [0.5], "z": "tanh(W @ x + b)", "L": "sum(z*z)"}, 5),
    "one example": (
        {"X": [[1.0, -1.0]], "W": V, "b": X, "Z": "X @ transpose(W) + b",
         "L": "sum(flatten(Z*Z))"}, 6),
    "one example, one output": (
        {"X": [[1.0, -1.0]], "W": [[0.5, 2.0]], "b": [2.0], "Z": "X @ transpose(W) + b",
         "L": "sum(flatten(Z*Z))"}, 4),
    "one row by one column": (
        {"R": [[1.0, 2.0]], "C": [[3.0], [4.0]], "Z": "R @ C", "O": "C @ R",
         "L": "sum(flatten(O)) + Z[0, 0]"}, 10),
    "a vector of one beside another": ({"x": X, "b": [2.0], "z": "x*b + b", "L": "sum(z)"}, 5),
}  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("name", PROBLEMS)
def test_every_line_reads_as_what_it_stands_for(name: str) -> None:
    """The number is that of lines with a formula: no fewer must be found, and no line more."""
    problem, formulas = PROBLEMS[name]
    assert check(problem) == formulas


# --- random problems --------------------------------------------------------------------------

NUMBERS = st.integers(-8, 8).map(lambda i: i / 4)
ACTIVATIONS = st.sampled_from(["tanh({})", "sigmoid({})", "relu({})", "{}", "exp({}/8)"])


def array(draw: st.DrawFn, *shape: int) -> Any:
    entries = draw(st.lists(NUMBERS, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return np.array(entries).reshape(shape).tolist()


@st.composite
def networks(draw: st.DrawFn) -> Problem:
    """Two layers with sizes from 1 to 3, of one vector or of examples in rows; one line or two."""
    inputs, hidden, outputs, batch = (draw(st.integers(1, 3)) for _ in range(4))
    rows = draw(st.booleans())
    problem: Problem = {
        "W1": array(draw, hidden, inputs), "b1": array(draw, hidden),
        "W2": array(draw, outputs, hidden), "x": array(draw, *([batch] * rows), inputs),
    }  # fmt: skip
    layer = "{} @ transpose({})" if rows else "{1} @ {0}"
    first = draw(ACTIVATIONS).format(f"({layer.format('x', 'W1')} + b1)")
    problem["h"] = first
    second = draw(ACTIVATIONS)
    inside = layer.format("h", "W2")
    if draw(st.booleans()):
        problem["z"] = inside
        inside = "z"
    problem["o"] = second.format(f"({inside})")
    other = "h" if hidden == outputs else "o"
    problem["e"] = draw(st.sampled_from(["o - 1", f"o - 0.25*{other}"]))
    problem["L"] = draw(st.sampled_from(["sum({0})", "mean({0})/2", "sum({0}) + 1"])).format(
        "flatten(e*e)"
    )
    return problem


@pytest.mark.oracle
@settings(derandomize=True, max_examples=25, deadline=None)
@given(networks())
def test_random_networks(problem: Problem) -> None:
    check(problem)


SHAPES = [(), (2,), (3,), (2, 2), (2, 3), (1,), (1, 2), (2, 1)]
PAIRS = ["{0} + {1}", "{0} - {1}", "{0}*{1}", "{0}/({1}*{1} + 1)", "2*{0}*{1} - {1}",
         "max({0}, {1})", "-{0}*tanh({1})"]  # fmt: skip
SINGLES = ["tanh({0})", "relu({0})", "{0}**2", "-{0}", "0.5*{0} + 1", "{0}*{0}*{0}", "exp(-{0}/9)",
           "sigmoid({0})*{0}", "1/({0}**2 + 1)"]  # fmt: skip
MATRICES = ["transpose({0})", "{0} @ transpose({0})", "sum({0}, axis=0)", "sum({0}, axis=1)",
            "{0}*sum(flatten({0}))"]  # fmt: skip


@st.composite
def programs(draw: st.DrawFn) -> Problem:
    """A few leaves of small shapes and formulas of what came before; everything flows into L."""
    problem: Problem = {}
    shapes: dict[str, tuple[int, ...]] = {}
    for i in range(draw(st.integers(1, 3))):
        shape = draw(st.sampled_from(SHAPES))
        problem[f"a{i}"] = array(draw, *shape) if shape else draw(NUMBERS)
        shapes[f"a{i}"] = shape
    for i in range(draw(st.integers(1, 4))):
        one, two = (draw(st.sampled_from(sorted(shapes))) for _ in range(2))
        forms = list(SINGLES)
        if len(shapes[one]) == 2:
            forms += MATRICES
        if () in (shapes[one], shapes[two]) or shapes[one] == shapes[two]:
            forms += PAIRS
        if shapes[one] and shapes[two] and shapes[one][-1] == shapes[two][0]:
            forms += ["{0} @ {1}"] * 6
        if len(shapes[one]) == len(shapes[two]) == 1:
            forms += ["outer({0}, {1})"] * 2
        text = draw(st.sampled_from(forms)).format(one, two)
        sample = {name: np.ones(shape) for name, shape in shapes.items()}
        problem[f"b{i}"] = text
        shapes[f"b{i}"] = np.shape(eval(text.replace("axis", " axis"), FUNCTIONS, sample))
    terms = [
        f"sum(flatten({name}))" if shape else name
        for name, shape in shapes.items() if name.startswith("b")
    ]  # fmt: skip
    problem["L"] = " + ".join(terms)
    return problem


FUNCTIONS: dict[str, Any] = {
    "tanh": np.tanh, "relu": np.abs, "exp": np.exp, "sigmoid": np.tanh, "max": np.maximum,
    "transpose": np.transpose, "sum": np.sum, "outer": np.outer, "flatten": np.ravel,
}  # fmt: skip


@pytest.mark.oracle
@settings(derandomize=True, max_examples=70, deadline=None)
@given(programs())
def test_random_programs(problem: Problem) -> None:
    check(problem)


def test_a_column_of_biases_is_repeated_along_the_examples() -> None:
    """Examples as columns: Z = W·X + b, and dL/db adds up the rows of dL/dZ."""
    sheet = Worksheet.parse(
        "X = [[0.5, 1, -0.3], [-1, 0.2, 0.8]]; W = [[0.1, -0.3], [0.5, 0.2]]\n"
        "b = [[0.05], [-0.1]]; Z = W @ X + b; L = sum(flatten(Z**2))"
    )
    text = explain(sheet, depth="layer").text(200)
    assert "Z = W·X + b = " in text
    assert "dL/db = row_sums(dL/dZ) = " in text
    assert "= [[0.54], [0.6]]" in text  # 2·(0.4 + 0.09 − 0.22) and 2·(−0.05 + 0.44 − 0.09)
    assert "entry by entry" not in text


def test_where_fractions_are_asked_of_arrays_decimals_stand() -> None:
    sheet = Worksheet.parse("x = [1, 2]; w = 3; y = w*x; L = sum(y)/7")
    text = re.sub(" +", " ", explain(sheet, depth="layer", fractions=True).text(200))
    assert "y = w·x = 3·[1, 2] = [3, 6]\n" in text
    assert "L = sum(y)/7 = sum([3, 6])/7 = 1.286\n" in text
    assert "dL/dL = 1\n" in text
