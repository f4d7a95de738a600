"""Worksheets: what a problem means, and where each mistake in it is said to stand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import TABLE, WorksheetError
from autograd_core.bindings import MOST_OPERATIONS
from autograd_core.errors import AutogradError
from autograd_core.updates import MOST_STEPS, Update
from autograd_core.value import Value
from autograd_core.vocabulary import function_names
from autograd_core.worksheet import Worksheet
from tests.support.formulas import mp
from tests.support.problems import read_worksheet
from viz import explain

# --- what a worksheet means -------------------------------------------------------------------


def test_names_values_and_order() -> None:
    sheet = Worksheet.parse("w = 2; x = 3\ny = w*x\nL = y**2 - 1")
    assert {name: node.data for name, node in sheet.values.items()} == {
        "w": 2.0, "x": 3.0, "y": 6.0, "L": 35.0,
    }  # fmt: skip
    assert [node.name for node in sheet.assigned] == ["w", "x", "y", "L"]
    assert sheet.output is sheet.values["L"]
    assert sheet.values["w"].is_leaf
    assert not sheet.values["y"].is_leaf


def test_the_text_is_kept() -> None:
    assert Worksheet.parse("x = 1 # one").text == "x = 1 # one"


def test_constants_are_operands_and_constant_formulas_are_leaves() -> None:
    sheet = Worksheet.parse("x = 2*3 + 1; y = 4 - 2*x")
    assert sheet.values["x"].is_leaf
    assert sheet.values["x"].data == 7.0
    four, product = sheet.values["y"].operands
    assert four == 4.0
    assert isinstance(product, Value)
    assert product.operands[0] == 2.0


def test_pi_is_known_and_may_be_taken() -> None:
    assert Worksheet.parse("x = 2*pi").output.data == 2.0 * math.pi
    assert Worksheet.parse("pi = 3; x = 2*pi").output.data == 6.0


def test_a_second_name_is_a_node_of_its_own() -> None:
    sheet = Worksheet.parse("a = 2; b = a; L = a*b")
    a, b = sheet.values["a"], sheet.values["b"]
    assert b is not a
    assert b.op is TABLE["identity"]
    assert b.operands == (a,)
    assert (a.name, b.name) == ("a", "b")


def test_a_name_assigned_twice_means_the_later_from_then_on() -> None:
    sheet = Worksheet.parse("x = 2; y = x*x; x = 3; L = y + x")
    assert sheet.output.data == 7.0
    assert [node.data for node in sheet.assigned] == [2.0, 4.0, 3.0, 7.0]
    assert sheet.values["x"].data == 3.0


def inside(interval: Any, i: int) -> float:
    """A number of the interval, another for each operand."""
    low, high = interval
    if math.isfinite(low):
        return float(low + min(1.0, high - low) * (0.75 - i / 8))
    return float(high - 0.75 if math.isfinite(high) else 0.75 - i / 4)


@pytest.mark.parametrize("name", sorted(set(TABLE) & function_names() - {"dot"}))
def test_every_function_is_its_row(name: str) -> None:
    row = TABLE[name]
    count = len(row.operand_names) or 3
    domain = row.domain if isinstance(row.domain[0], tuple) else (row.domain,) * count
    operands = [inside(interval, i) for i, interval in enumerate(domain)][:count]
    names = "abc"[: len(operands)]
    numbers = "; ".join(f"{n} = {x}" for n, x in zip(names, operands, strict=True))
    sheet = Worksheet.parse(f"{numbers}; L = {name}({', '.join(names)})")
    assert sheet.output.data == row.forward(*operands)
    assert sheet.output.op is row


def test_rows_that_are_no_functions_of_a_worksheet() -> None:
    assert {"flow", "equal", "identity", "detach"}.isdisjoint(function_names())


def test_options_of_functions() -> None:
    def output(text: str) -> float:
        return Worksheet.parse(text).output.data

    assert output("x = -2; L = elu(x, alpha=0.5)") == TABLE["elu"].forward(-2.0, 0.5)
    assert output("x = -2; L = elu(x, 0.5)") == TABLE["elu"].forward(-2.0, 0.5)
    assert output("x = 0; L = step(x, at_zero=1)") == 1.0
    assert output("x = 0; L = step(x)") == 0.0
    assert output("a = 2; x = -1; L = elu(x, alpha=a/4)") == TABLE["elu"].forward(-1.0, 0.5)


# --- what is asked ----------------------------------------------------------------------------


@pytest.mark.system("S001-05")
@pytest.mark.parametrize(
    ("directives", "wrt"),
    [
        ("", "a b c"),
        ("given(b)", "a c"),
        ("given(b); given(a)", "c"),
        ("update(L, b, lr=1)", "b"),
        ("update(L, c, lr=1); update(L, a, lr=1)", "a c"),
        ("derivative(L, c)", "c"),
        ("derivative(L, c); update(L, a, lr=1)", "a c"),
        ("derivative(L, m)", "a b c"),
        ("derivative(m, a)", "a b c"),
        ("given(a); derivative(m, a)", "b c"),
        ("given(a); derivative(L, a)", "a"),
        ("output(m)", "a b"),
        ("output(m); given(a)", "b"),
    ],
)
def test_whose_gradients_are_asked_for(directives: str, wrt: str) -> None:
    sheet = Worksheet.parse(f"a = 1; b = 2; c = 3; m = a*b; L = m + c\n{directives}")
    assert [node.name for node in sheet.wrt] == wrt.split()


def test_what_the_output_does_not_use_is_not_asked_for() -> None:
    assert [n.name for n in Worksheet.parse("a = 1; b = 2; L = a*a; M = b; output(L)").wrt] == ["a"]


def test_the_output_may_be_chosen_anywhere() -> None:
    assert Worksheet.parse("output(m); a = 1; m = a*2; L = m*3").output.name == "m"


def test_derivatives_and_updates_are_kept_in_order() -> None:
    sheet = Worksheet.parse(
        "w = 1; x = 2; y = w*x; L = y*y\nderivative(L, y); derivative(y, w); derivative(L, w)\n"
        "update(L, w, lr=1/4); update(L, x, w, lr=w*x, steps=3, rule='sgd')"
    )
    assert [(of.name, by.name) for of, by in sheet.derivatives] == [("L", "y"), ("y", "w")]
    assert sheet.updates == [Update(("w",), 0.25, 1, "sgd"), Update(("x", "w"), 2.0, 3, "sgd")]


# --- other numbers ----------------------------------------------------------------------------


def test_numbers_replace_and_fill_in() -> None:
    sheet = Worksheet.parse("w = 2; L = w*x + b", {"x": 3.0, "w": 5.0, "b": 0.5})
    assert sheet.output.data == 15.5
    assert [node.name for node in sheet.assigned] == ["x", "b", "w", "L"]
    assert [node.name for node in sheet.wrt] == ["x", "b", "w"]


def test_replay_is_the_same_problem_with_other_numbers() -> None:
    sheet = Worksheet.parse("w = 2; L = w*x; given(x)", {"x": 3.0})
    again = sheet.replay({"w": 10.0})
    assert again.output.data == 30.0
    assert [node.name for node in again.wrt] == ["w"]
    assert sheet.output.data == 6.0


# --- mistakes ---------------------------------------------------------------------------------

BASE = "w = 2; x = 3; v = 1\ny = w*x\nL = y**2\n"

MISTAKES = [
    # text, line, column, a part of the message
    ("", 1, 1, "nothing is computed: write name = expression"),
    ("# only a comment\n\n", 1, 1, "nothing is computed"),
    (";;\n;", 1, 1, "nothing is computed"),
    ("L = x + foo; x = 1", 1, 5, "x is used before it is assigned"),
    ("x = 1\nL = x + foo", 2, 9, "foo has no value (give it one: foo = …)"),
    ("weight = 1\nL = wieght*2", 2, 5, "did you mean weight?"),
    ("x = x", 1, 5, "x is used before it is assigned"),
    ("a = b; b = a", 1, 5, "b is used before it is assigned"),
    ("a = 1; b = c + a; c = b", 1, 12, "c is used before it is assigned"),
    ("L = tanh", 1, 5, "tanh is a function: write tanh(…)"),
    ("L = 2*max + 1", 1, 7, "max is a function"),
    ("L = e**2", 1, 5, "the exponential function is exp(x)"),
    ("x = 1\nL = 3 + ln(x)", 2, 9, "the natural logarithm is log(x)"),
    ("L = sigmod(1)", 1, 5, "there is no function sigmod; did you mean sigmoid?"),
    ("L = 1 + os(1)", 1, 9, "there is no function os"),
    ("L = exec(1)", 1, 5, "there is no function exec"),
    ("L = dot(1, 2)", 1, 5, "dot takes two vectors, not a number and a number"),
    ("L = flow(1, 2)", 1, 5, "there is no function flow"),
    ("L = x(2); x = 1", 1, 5, "there is no function x"),
    ("L = 2 + tanh(1, 2)", 1, 9, "tanh(x) got 2 operands"),
    ("L = pow(2)", 1, 5, "pow(a, b) got 1 operands"),
    ("L = where(1, 2)", 1, 5, "where(c, a, b) got 2 operands"),
    ("L = elu(1, 2, 3)", 1, 5, "elu(x, alpha=1) got 3 operands"),
    ("L = elu(alpha=1)", 1, 5, "elu(x, alpha=1) got"),
    ("x = 1\nL = 2 + elu(x, beta=2)", 2, 9, "elu(x, alpha=1) has no free option 'beta'"),
    ("L = elu(1, 2, alpha=3)", 1, 5, "has no free option 'alpha'"),
    ("L = elu(1, alpha=2, alpha=3)", 1, 5, "alpha"),
    ("L = tanh(1, alpha=2)", 1, 5, "tanh(x) has no free option 'alpha'"),
    ("L = max(1, 2, axis=0)", 1, 5, "max along axis 0 needs one array"),
    ("a = 1; L = a/0", 1, 13, "division by zero: 1/0"),
    ("a = 1; b = 0\nL = a + 2*a/(b*3)", 2, 12, "division by zero: 2/0"),
    ("L = mod(1, 0)", 1, 5, "division by zero"),
    ("L = 0**-1", 1, 6, "division by zero: 0**(-1)"),
    ("z = 0; L = 2 + 1*z**-1.5", 1, 19, "division by zero: 0**(-1.5)"),
    ("L = (-8)**(1/3)", 1, 9, "(-8)**0.333333 is not a real number"),
    ("L = log(-1)", 1, 5, "log(-1): a logarithm needs a positive number"),
    ("L = 2*log10(1 - 1)", 1, 7, "log10(0): a logarithm needs a positive number"),
    ("L = log2(0)", 1, 5, "log2(0)"),
    ("x = 2\nL = 1 +\\\n sqrt(x)", 2, 8, "unexpected"),
    ("x = 2\nL = (1 +\n sqrt(-x))", 3, 2, "sqrt(-2)"),
    ("L = exp(1000)", 1, 5, "exp(1000) is too large for a floating-point number"),
    ("L = 9**9**9", 1, 6, "pow(9, 3.8742e+08) is too large"),
    ("L = 1e300*1e300", 1, 10, "mul(1e+300, 1e+300) is too large"),
    ("L = 1e308 + 1e308", 1, 11, "too large"),
    ("L = -1e308 - 1e308", 1, 12, "too large"),
    ("L = 1/1e-310", 1, 6, "too large"),
    ("L = sum(1e308, 1e308)", 1, 5, "too large"),
    ("L = " + "1+" * (MOST_OPERATIONS + 1) + "1", 1, 4 + 2 * (MOST_OPERATIONS + 1), "10000 op"),
    # directives
    ("output(L)", 1, 8, "L has no value"),
    ("given(x)", 1, 1, "nothing is computed"),
    ("given(x); y = 1", 1, 7, "x has no value"),
    (BASE + "output(L, y)", 4, 1, "output takes 1 name"),
    (BASE + "output()", 4, 1, "output() names nothing"),
    (BASE + "output(2*L)", 4, 8, "output takes names of quantities"),
    (BASE + "output(LL)", 4, 8, "LL has no value; did you mean L?"),
    (BASE + "output(L, best=1)", 4, 1, "output has no option best"),
    (BASE + "given()", 4, 1, "given() names nothing"),
    (BASE + "given(w, y)", 4, 1, "y is computed; given takes quantities that are assigned a n"),
    (BASE + "given(w, x + 1)", 4, 10, "given takes names of quantities"),
    (BASE + "given(2)", 4, 7, "given takes names of quantities"),
    (BASE + "given(pi)", 4, 7, "given takes names of quantities"),
    (BASE + "  given(w, q)", 4, 12, "q has no value"),
    (BASE + "given(w, a=1)", 4, 1, "given has no option a"),
    (BASE + "derivative(L)", 4, 1, "derivative takes 2 names"),
    (BASE + "derivative(L, w, w, w, w)", 4, 1, "derivative takes 2 names"),
    (BASE + "derivative()", 4, 1, "derivative() names nothing"),
    (BASE + "derivative(L, w + 1)", 4, 15, "derivative takes names of quantities"),
    (BASE + "derivative(y, L)", 4, 1, "y does not depend on L"),
    (BASE + "derivative(w, x)", 4, 1, "w does not depend on x"),
    (BASE + "derivative(L, v)", 4, 1, "L does not depend on v"),
    (BASE + "derivative(L, w, order=2)", 4, 1, "derivative has no option order"),
    (BASE + "update()", 4, 1, "update() names nothing"),
    (BASE + "update(lr=1)", 4, 1, "update() names nothing"),
    (BASE + "update(L, lr=1)", 4, 1, "update(L, …) names no parameter"),
    (BASE + "update(y, w, lr=1)", 4, 1, "update descends the output"),
    (BASE + "update(L, y, lr=1)", 4, 1, "y is computed; update takes quantities"),
    (BASE + "update(L, v, lr=1)", 4, 1, "L does not depend on v"),
    (BASE + "update(L, 2, lr=1)", 4, 11, "update takes names of quantities"),
    (BASE + "update(L, w)", 4, 1, "update needs a learning rate, as in lr=0.1"),
    (BASE + "update(L, w, lr='1')", 4, 1, "lr is a number"),
    (BASE + "update(L, w, lr=1/0)", 4, 18, "division by zero"),
    (BASE + "update(L, w, lr=rate)", 4, 17, "rate has no value"),
    (BASE + "update(L, w, learning_rate=1)", 4, 1, "update has no option learning_rate"),
    (BASE + "update(L, w, lr=1, step=2)", 4, 1, "update has no option step; did you mean steps?"),
    (BASE + "update(L, w, lr=1, steps=0)", 4, 1, f"steps is a whole number from 1 to {MOST_STEPS}"),
    (BASE + "update(L, w, lr=1, steps=1.5)", 4, 1, "steps is a whole number"),
    (BASE + "update(L, w, lr=1, steps=1001)", 4, 1, "steps is a whole number"),
    (BASE + "update(L, w, lr=1, steps=-1)", 4, 1, "steps is a whole number"),
    (BASE + "update(L, w, lr=1, steps='two')", 4, 1, "steps is a whole number"),
    (BASE + "update(L, w, lr=1, rule='sdg')", 4, 1, "there is no rule 'sdg'; did you mean sgd?"),
    (BASE + "update(L, w, lr=1, rule=2)", 4, 1, "a rule is a word in quotation marks, as in rule="),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    MISTAKES,
    ids=[repr(m[0].removeprefix(BASE))[:40] for m in MISTAKES],
)
def test_mistakes(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(text)
    assert message in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        ("x = 1; y = 2*x", {"y": 3.0}, "line 1, column 8: y is computed here"),
        ("x = 1; weight = 2*x", {"wieght": 3.0}, "wieght is given a number but not used; did you"),
        ("x = 1", {"L": 3.0}, "L is given a number but not used"),
    ],
)
def test_mistaken_numbers(text: str, values: dict[str, float], message: str) -> None:
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(text, values)
    assert message in str(caught.value)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_from_outside_are_finite(number: float) -> None:
    with pytest.raises(AutogradError):
        Worksheet.parse("L = w + 1", {"w": number})


def test_the_most_operations_are_allowed() -> None:
    sheet = Worksheet.parse("x = 1; L = " + "+".join("x" * (MOST_OPERATIONS + 1)))
    assert sheet.output.data == MOST_OPERATIONS + 1


def test_nothing_of_python_is_reachable() -> None:
    """Names of modules, builtins and dunders are unknown names like any other."""
    for name in ("os", "sys", "open", "eval", "exec", "print", "globals", "self", "Value"):
        with pytest.raises(WorksheetError, match=f"there is no function {name}"):
            Worksheet.parse(f"L = {name}(1)")
        with pytest.raises(WorksheetError, match=f"{name} has no value"):
            Worksheet.parse(f"L = {name}")


# --- against an evaluator of its own ----------------------------------------------------------


def test_values_equal_an_evaluation_at_eighty_digits() -> None:
    text = """
    a = 1.25; b = -0.5; c = 2
    p = a**3 - b*c/(1 + a) + -c**2
    q = tanh(p/10) + sigmoid(b) - elu(b, 0.7) + relu(-b)
    r = log(a) + log2(c) + log10(c) + sqrt(c) + exp(b) + expm1(b)
    s = max(a, b, c)*min(a, b) + abs(b)**1.5 + mod(7*a, c) + floor(a) + sign(b) + step(a)
    L = where(b, p, q)*sum(p, q, r) - s**-2
    """.replace("\n    ", "\n")
    sheet, reference = Worksheet.parse(text), read_worksheet(text)
    assert sheet.values.keys() == reference.values.keys()
    for name, node in sheet.values.items():
        assert node.data == pytest.approx(float(reference.values[name]), rel=1e-14), name
    sheet.output.backward()
    for name, node in sheet.values.items():
        exact = reference.gradient(name)
        assert abs(node.grad - exact) <= 1e-13 * max(1, mp.fabs(exact)), name


# --- arbitrary text ---------------------------------------------------------------------------

_LINES = st.sampled_from(
    ["x = 2", "y = 0.5", "x = -1", "L = x*y", "L = x/y", "z = x**y", "z = max(x, y)", "z = abs(x)",
     "w = sqrt(x)", "w = log(y)", "a = relu(x - 2)", "L = z*w + a", "b = a", "x = x", "given(x)",
     "output(z)", "derivative(L, x)", "derivative(z, y)", "update(L, x, lr=0.1)", "z = 0*x",
     "update(L, x, y, lr=1e300, steps=3)", "L = where(x, y, z)", "L = mod(x, y)", "L = floor(x/y)",
     "x' = 3", "L = exp(exp(x))", "t = elu(x, 0.1)", "L = (x - x)*sqrt(x - x)", "u1 = x + 1"]
)  # fmt: skip


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_LINES, max_size=9).map("\n".join)))
def test_any_text_is_refused_or_explained(text: str) -> None:
    """Whatever is typed: a WorksheetError, or a worksheet; and what is one can be explained."""
    try:
        sheet = Worksheet.parse(text)
    except WorksheetError:
        return
    try:
        solution = explain(sheet)
    except (AutogradError, ValueError) as problem:
        message, verdicts = str(problem), set()
    else:
        message, verdicts = "", set(solution.verdicts.values())
        assert solution.text()
    assert len(message.splitlines()) <= 1
    assert "wrong" not in verdicts


# --- arrays in directives ---------------------------------------------------------------------

ARRAYS = "h = 2; x = [1, 2]; q = [5, 6]; y = x*h; L = sum(y*y) + q[1]\n"


@pytest.mark.parametrize(
    ("directive", "derivatives"),
    [
        ("derivative(y, x)", ["y[0] x[0]", "y[1] x[1]"]),
        ("derivative(y, h)", ["y[0] h", "y[1] h"]),
        ("derivative(y[1], x)", ["y[1] x[1]"]),
        ("derivative(L, y)", ["L y[0]", "L y[1]"]),
        ("derivative(L, x)", []),
        ("derivative(L, q)", []),
        ("derivative(y, y)", ["y[0] y[0]", "y[1] y[1]"]),
    ],
)
def test_derivatives_of_arrays_are_those_that_depend(
    directive: str, derivatives: list[str]
) -> None:
    sheet = Worksheet.parse(ARRAYS + directive)
    assert [f"{of.name} {by.name}" for of, by in sheet.derivatives] == derivatives


def test_higher_derivatives_are_kept() -> None:
    sheet = Worksheet.parse(ARRAYS + "derivative(L, h, x[0]); derivative(L, h, h, h)")
    assert [[v.name for v in found] for found in sheet.higher] == [
        ["L", "h", "x[0]"], ["L", "h", "h", "h"],
    ]  # fmt: skip


ARRAY_MISTAKES = [
    ("derivative(y[0], x[1])", "y[0] does not depend on x[1]"),
    ("derivative(y, q)", "y[0], … does not depend on q[0], …"),
    ("derivative(L, q[0])", "L does not depend on q[0]"),
    ("derivative(L, x, x)", "a higher derivative is taken of and by single numbers"),
    ("derivative(y, h, h)", "a higher derivative is taken of and by single numbers"),
    ("derivative(L, h, q[0])", "L does not depend on q[0]"),
    ("output(y)", "y has 2 entries; the output is one number, as in L = sum(y) or output(y[0])"),
    ("given(y)", "y[0] is computed; given takes quantities"),
    ("given(y[0])", "y[0] is computed"),
    ("given(x[3])", "there is no entry 3"),
    ("given(x + 1)", "given takes names of quantities"),
    ("given([1])", "given takes names of quantities"),
    ("given(x, a=1, a=2)", "given has no option a"),
]


@pytest.mark.parametrize(("directive", "message"), ARRAY_MISTAKES)
def test_mistakes_with_arrays(directive: str, message: str) -> None:
    with pytest.raises(WorksheetError) as caught:
        Worksheet.parse(ARRAYS + directive)
    assert message in str(caught.value)
    assert caught.value.line == 2


def test_many_derivatives_of_arrays_are_refused_quickly() -> None:
    text = "x = [" + "1," * 60 + "]; y = x*2; z = y @ y; L = z\nderivative(y, x)"
    with pytest.raises(WorksheetError, match="60·60 derivatives; at most 100"):
        Worksheet.parse(text)
