"""Names, arrays and numbers from outside, against NumPy."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from autograd_core.bindings import MOST_AXES, element_name
from autograd_core.errors import WorksheetError
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

A = np.array([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]])
B = np.array([[2.0, 1.0, -0.5], [-1.0, 4.0, 0.75]])
C = np.array([[0.5, -1.0], [2.0, 3.0], [1.0, -0.25]])
S = np.array([[1.0, 2.0], [3.0, 5.0]])
V = np.array([2.0, -1.0, 0.5])
U = np.array([1.0, 3.0])
ROW, COLUMN, ONE = np.array([[1.0, -2.0, 4.0]]), np.array([[3.0], [5.0]]), np.array([[7.0]])
T = np.arange(12.0).reshape(2, 3, 2)
ARRAYS = {"A": A, "B": B, "C": C, "S": S, "V": V, "U": U, "ROW": ROW, "COLUMN": COLUMN,
          "ONE": ONE, "T": T}  # fmt: skip


def typed(arrays: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {array.tolist()}" for name, array in arrays.items())


def numbers(value: Any) -> Any:
    if isinstance(value, Value):
        return value.data
    return np.array([node.data for node in value.flat]).reshape(value.shape)


# --- arithmetic, shapes and entries -----------------------------------------------------------

EXPRESSIONS = [
    # in a worksheet, in NumPy
    ("A + B", A + B), ("A - B", A - B), ("A*B", A * B), ("A/B", A / B), ("-A", -A),
    ("(B*B)**A", (B * B) ** A), ("2*A - 1", 2 * A - 1), ("1/A", 1 / A), ("A**2", A**2),
    ("A + V", A + V), ("V + A", V + A), ("A*ROW", A * ROW), ("A + COLUMN", A + COLUMN),
    ("ROW + COLUMN", ROW + COLUMN), ("A - ONE", A - ONE), ("V*ONE", V * ONE),
    ("V[0]*A", V[0] * A), ("T + U", T + U), ("T*C", T * C),
    ("A @ V", A @ V), ("U @ A", U @ A), ("A @ C", A @ C), ("C @ A", C @ A), ("S @ S", S @ S),
    ("S @ U", S @ U), ("U @ S", U @ S), ("V @ V", V @ V), ("ROW @ C", ROW @ C),
    ("ROW @ V", ROW @ V), ("COLUMN @ ROW", COLUMN @ ROW), ("ONE @ ROW", ONE @ ROW),
    ("transpose(A) @ U", A.T @ U), ("S @ transpose(S)", S @ S.T), ("2*S @ U + U", 2 * S @ U + U),
    ("-S @ U", -S @ U), ("S @ U*U", (S @ U) * U), ("S*S @ U", (S * S) @ U),
    ("A[0]", A[0]), ("A[1, 2]", A[1, 2]), ("A[-1, -3]", A[-1, -3]), ("A[:, 1]", A[:, 1]),
    ("A[0, 1:]", A[0, 1:]), ("A[:, :2]", A[:, :2]), ("A[1][0]", A[1][0]), ("A[:1]", A[:1]),
    ("V[1:3]", V[1:3]), ("V[-2:]", V[-2:]), ("V[0:9]", V[0:9]), ("T[1]", T[1]),
    ("T[:, 2, 1]", T[:, 2, 1]), ("(A + B)[0, 0]", (A + B)[0, 0]), ("(A @ C)[:, 0]", (A @ C)[:, 0]),
    ("[V[0], 2*V[1], 5]", [V[0], 2 * V[1], 5]), ("[V, 2*V]", [V, 2 * V]), ("[U[0]]", [U[0]]),
    ("[[U[1], 1], [2, U[0]]]", [[U[1], 1], [2, U[0]]]), ("[A, B]", [A, B]),
    ("sum(V)", V.sum()), ("sum(A, axis=0)", A.sum(0)), ("sum(A, axis=1)", A.sum(1)),
    ("sum(A, axis=-1)", A.sum(-1)), ("mean(A, axis=0)", A.mean(0)), ("max(A, axis=1)", A.max(1)),
    ("min(T, axis=1)", T.min(1)), ("prod(V)", V.prod()), ("max(V)", V.max()),
    ("max(A, B)", np.maximum(A, B)), ("min(A, 0.3)", np.minimum(A, 0.3)), ("sum(V, 2*V)", 3 * V),
    ("dot(V, 2*V, 1)", V @ (2 * V) + 1), ("outer(U, V)", np.outer(U, V)),
    ("flatten(A)", A.ravel()), ("concat(V, U)", np.concatenate([V, U])),
    ("tanh(A)", np.tanh(A)), ("exp(V)/sum(exp(V))", np.exp(V) / np.exp(V).sum()),
    ("softmax(V)", np.exp(V) / np.exp(V).sum()), ("where(step(V), V, 0)", np.where(V > 0, V, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS, ids=[t for t, _ in EXPRESSIONS])
def test_expressions_are_numpys(text: str, expected: Any) -> None:
    sheet = Worksheet.parse(f"{typed(ARRAYS)}\ny = {text}\nL = V[0]; output(L)")
    found = sheet.values["y"]
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(numbers(found), expected, rtol=1e-14)


def test_random_shapes_fit_where_numpys_do() -> None:
    """Every pair of twelve shapes, sizes 1 among them, added, multiplied and as matrices."""
    rng = np.random.default_rng(4)
    sizes = [(), (1,), (2,), (3,), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (1, 3), (3, 1)]
    for a in sizes:
        for b in sizes:
            x, y = rng.normal(size=a).round(2), rng.normal(size=b).round(2)
            for sign, compute in (("+", np.add), ("*", np.multiply), ("@", np.matmul)):
                text = f"x = {x.tolist()}; y = {y.tolist()}; z = x {sign} y; L = 1"
                try:
                    expected = compute(x, y)
                except ValueError:
                    with pytest.raises(WorksheetError, match=r"fit|needs shapes"):
                        Worksheet.parse(text)
                    continue
                found = numbers(Worksheet.parse(text).values["z"])
                np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)


# --- what carries which name ------------------------------------------------------------------


def test_entries_are_named_by_their_place() -> None:
    sheet = Worksheet.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z)")
    assert [node.name for node in sheet.assigned] == [
        "W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "x[0]", "x[1]", "z[0]", "z[1]", "L",
    ]  # fmt: skip
    assert sheet.nodes["W[1, 0]"].data == 3.0
    assert sheet.nodes["z[1]"] is sheet.values["z"][1]
    assert [node.is_leaf for node in sheet.assigned] == [True] * 6 + [False] * 3


def test_a_second_name_for_an_entry_or_an_array_is_an_identity() -> None:
    sheet = Worksheet.parse("x = [1, 2]; a = x[0]; y = x; z = [x[1], x[1], a]; L = sum(z)")
    for name, source in (("a", "x[0]"), ("y[1]", "x[1]"), ("z[0]", "x[1]"), ("z[2]", "a")):
        node = sheet.nodes[name]
        assert node.op is not None
        assert node.op.name == "identity"
        assert node.operands == (sheet.nodes[source],)
    assert sheet.nodes["z[0]"] is not sheet.nodes["z[1]"]


def test_one_unnamed_node_in_two_places_is_two_entries() -> None:
    """transpose and broadcasting repeat nodes; each entry has a node of its own all the same."""
    sheet = Worksheet.parse("x = [1, 2]; y = [2*x, x]; s = 3*x[0]; z = [s, s]; L = sum(z)")
    nodes = [*sheet.values["y"].flat, *sheet.values["z"].flat]
    assert len(set(nodes)) == len(nodes)


def test_numbers_in_a_computed_array_are_leaves() -> None:
    sheet = Worksheet.parse("x = [1, 2]; y = [x[0], 5]; L = y[0]*y[1]")
    assert [node.name for node in sheet.wrt] == ["x[0]", "y[1]"]


@pytest.mark.parametrize("name", ["dot", "sum", "softmax", "max", "matmul", "given", "lr", "True"])
def test_names_of_functions_may_be_taken(name: str) -> None:
    sheet = Worksheet.parse(f"{name} = [3, 4]; L = 2*{name}[1] + sum({name})*max({name}[0], 1)")
    assert sheet.output.data == 8.0 + 7.0 * 3.0


@pytest.mark.parametrize("name", ["α", "alpha_1", "ŷ", "y\u0302", "θ'", "x_hat", "重み", "W₁", "Ω"])
def test_other_letters_have_entries_too(name: str) -> None:
    sheet = Worksheet.parse(f"{name} = [[1, 2], [3, 4]]; L = {name}[1, 0]*2", {f"{name}[1,0]": 9})
    assert sheet.output.data == 18.0


# --- numbers from outside ---------------------------------------------------------------------

SHEET = "W = [[1, 2], [3, 4]]; x = [1, 2]; z = W @ x; L = sum(z)"


@pytest.mark.parametrize(
    ("values", "output"),
    [
        ({"W": [[1, 1], [1, 1]]}, 6.0),
        ({"W": ((1, 1), (1, 1))}, 6.0),
        ({"W": np.eye(2)}, 3.0),
        ({"W": np.eye(2, dtype=int)}, 3.0),
        ({"W": [[1, 1]]}, 3.0),
        ({"W[0,1]": 7}, 26.0),
        ({"W[0, 1]": np.float32(7)}, 26.0),
        ({"W[ 0 ,1 ]": 7.0}, 26.0),
        ({"W": [[0, 0], [0, 0]], "W[1, 1]": 5}, 10.0),
        ({"x": [2, 0], "x[1]": True}, 14.0),
    ],
)
def test_numbers_replace_arrays_and_entries(values: dict[str, Any], output: float) -> None:
    assert Worksheet.parse(SHEET, values).output.data == output


def test_arrays_may_come_from_outside_alone() -> None:
    values = {"W": np.array([[1.0, 2.0], [3.0, 4.0]]), "x": [1, 2], "x[0]": 7}
    sheet = Worksheet.parse("L = sum(W @ x)", values)
    assert sheet.output.data == (1 + 3) * 7 + (2 + 4) * 2
    assert [node.name for node in sheet.assigned][-3:] == ["x[0]", "x[1]", "L"]


def test_an_array_from_outside_can_be_descended() -> None:
    """Replayed with its entries: the second step must start where the first one ended."""
    sheet = Worksheet.parse("L = sum(x*x)", {"x": [1, 2]})
    again = sheet.replay({"x[0]": 0.5, "x[1]": 3.0})
    assert again.output.data == 9.25


def test_of_a_name_assigned_twice_the_last_is_replaced() -> None:
    text = "x = 2; y = x*x; x = 3; L = y + x"
    assert Worksheet.parse(text, {"x": 10.0}).output.data == 14.0
    text = "x = [2]; y = x*x; x = [3]; L = sum(y + x)"
    assert Worksheet.parse(text, {"x[0]": 10.0}).output.data == 14.0


def nested(depth: int) -> Any:
    inner: Any = 1.0
    for _ in range(depth):
        inner = [inner]
    return inner


def endless() -> list[Any]:
    inner: list[Any] = []
    inner.append(inner)
    return inner


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"W": [[1, 2], [3]]}, "the rows of a matrix have one length: row 2 has 1 entry and row 1"),
        ({"W": [1, [2]]}, "entry 1 is a number and entry 2 a list"),
        ({"W": []}, "a list has at least one entry, as in [1, 2]"),
        ({"W": [[], []]}, "a list has at least one entry"),
        ({"W": np.zeros((0, 2))}, "a list has at least one entry"),
        ({"W": [[1, float("nan")], [1, 2]]}, "nan is not finite: give a finite number"),
        ({"W[0,0]": float("inf")}, "inf is not finite"),
        ({"x": 10**400}, "inf is not finite"),
        ({"x": "2"}, "give a number or a list of numbers, not str"),
        ({"x": None}, "give a number or a list of numbers, not NoneType"),
        ({"x": {"a": 1}}, "not dict"),
        ({"x": [1, "__import__('os')"]}, "not str"),
        ({"x": 1 + 2j}, "not complex"),
        ({"x": Value(1.0)}, "not Value"),
        ({"x": np.array(["a", "b"])}, "not str"),
        ({"x": np.ones((101, 100))}, "an array has at most 10000 entries"),
        ({"x": [1] * 10_001}, "a list has at most 10000 entries"),
        ({"x": nested(MOST_AXES + 1)}, f"lists nest at most {MOST_AXES} deep"),
        ({"x": nested(500)}, f"lists nest at most {MOST_AXES} deep"),
        ({"x": endless()}, f"lists nest at most {MOST_AXES} deep"),
        ({"W[0,1]": [1]}, "W[0,1] is one entry: give it one number, not a list"),
        ({"W[5,5]": 7}, "W[5, 5] is given a number but not used"),
        ({"W[0]": 7}, "W[0] is given a number but not used"),
        ({"W[0,-1]": 7}, "W[0, -1] is given a number but not used"),
        ({"W[0,1": 7}, "but not used"),
        ({"z[0]": 1}, "z[0] is computed here, so it cannot be given a number"),
        ({"z": [1, 2]}, "z is computed here, so it cannot be given a number"),
        ({"v": 1}, "v is given a number but not used"),
        ({"v": [1, 2], "v[0]": 2}, "v is given a number but not used"),
        ({"sin": 1}, "sin is given a number but not used"),
        ({"x y": 1}, "x y is given a number but not used"),
        ({"": 1}, "a number is given without a name, as in w=2"),
        ({"W": 5}, "needs shapes"),
    ],
)  # fmt: skip
def test_mistaken_numbers_from_outside(values: dict[str, Any], message: str) -> None:
    start = time.perf_counter()
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(SHEET, values)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert time.perf_counter() - start < 2.0


@pytest.mark.parametrize(
    ("typed_name", "name"),
    [("W[0,1]", "W[0, 1]"), ("W[0, 1]", "W[0, 1]"), ("x[ 2 ]", "x[2]"),
     ("T[0,\t1 ,2]", "T[0, 1, 2]"), ("y\u0302[0]", "ŷ[0]"), ("a,b", "a,b")],
)  # fmt: skip
def test_names_of_entries(typed_name: str, name: str) -> None:
    assert element_name(typed_name) == name


# --- mistakes with arrays ---------------------------------------------------------------------

MISTAKES = [
    ("W = [[1, 2], [3]]; L = 1", 5, "the rows of a matrix have one length: row 2 has 1 entry"),
    ("x = [1, [2]]; L = 1", 5, "entry 1 is a number and entry 2 a list"),
    ("x = [[1], 2]; L = 1", 5, "entry 1 is a list and entry 2 a number"),
    ("x = [[[1], [2]], [[3]]]; L = 1", 5, "row 2 has 1×1 entries and row 1 has 2×1 entries"),
    ("x = [1, 2]; L = x[2]", 18, "there is no entry 2: indices run from 0 to 1"),
    ("x = [1, 2]; L = x[-3]", 18, "there is no entry -3: indices run from 0 to 1"),
    ("x = [1, 2]; L = x[" + "9" * 39 + "]", 18, "indices run from 0 to 1"),
    ("x = [1, 2]; L = x[0, 0]", 18, "an entry of this array has one index, not 2"),
    ("x = [[1, 2]]; L = x[0, 0, 0]", 20, "an entry of this array has 2 indices, not 3"),
    ("x = [1, 2]; L = sum(x[5:])", 22, "this range has no entries"),
    ("x = [1, 2]; L = sum(x[1:0])", 22, "this range has no entries"),
    ("x = 2; L = x[0]", 13, "this is a single number; it has no entries"),
    ("L = 2[0]", 6, "this is a single number; it has no entries"),
    ("x = [1, 2]; L = x[0][0]", 21, "this is a single number; it has no entries"),
    ("x = " + "[" * (MOST_AXES + 1) + "1" + "]" * (MOST_AXES + 1) + "; L = 1", 5, "nest at most"),
    ("x = " + "[" * 90 + "1" + "]" * 90 + "; L = 1", 4 + 90 - MOST_AXES, "lists nest at most"),
    ("x = [" + "1," * 10_001 + "]; L = 1", 5, "a list has at most 10000 entries"),
    ("x = [" + "1," * 6000 + "]; y = [x, x]; L = 1", 12_013, "a list has at most 10000 entries"),
    ("x = [1, 2]; L = y[0]", 17, "y has no value"),
    ("L = [sin, 2]", 6, "sin is a function: write sin(…)"),
]


@pytest.mark.parametrize(("text", "column", "message"), MISTAKES, ids=[m[0][:40] for m in MISTAKES])
def test_mistakes_with_arrays(text: str, column: int, message: str) -> None:
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(text)
    assert message in str(caught.value)
    assert (caught.value.line, caught.value.column) == (1, column)
