"""Formulas that carry their numbers: what tidying writes, what it keeps, and why a branch."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import autograd_core as ac
from autograd_core import TABLE, Value, trace
from autograd_core.expression import (
    Application,
    Derivative,
    Expression,
    Number,
    Quantity,
    Symbol,
    application,
    reasons_of,
    tidied,
)
from autograd_core.op import Op
from autograd_core.spelled import local_derivatives

inf, nan = math.inf, math.nan


def written(e: Expression) -> str:
    """The formula with a bracket around every operation, so that its tree can be read."""
    match e:
        case Number():
            return f"{e.value:g}"
        case Quantity():
            return e.of.name
        case Symbol():
            return e.name
        case Derivative():
            return f"d{e.of.name}/d{e.by.name}"
        case Application(op=op, operands=operands) if op.infix and len(operands) == 2:
            return f"({written(operands[0])} {op.infix} {written(operands[1])})"
        case Application(op=op, operands=operands):
            return f"{op.name}({', '.join(map(written, operands))})"
    raise AssertionError(e)


def quantity(number: float, name: str) -> Quantity:
    return Quantity(number, of=Value(number, name))


def slopes(op: Op, *numbers: float) -> list[Expression]:
    operands = tuple(quantity(x, f"x{i}") for i, x in enumerate(numbers))
    return list(local_derivatives(op, operands, quantity(op.forward(*numbers), "y")))


def texts(op: Op, *numbers: float) -> list[str]:
    return [written(e) for e in slopes(op, *numbers)]


def why(e: Expression) -> list[tuple[str, str, int, int]]:
    return [(r.kind, written(r.subject), r.rivals, r.ties) for r in reasons_of(e)]


x, y, z = quantity(3.0, "x"), quantity(0.5, "y"), quantity(-2.0, "z")


# --- tidying ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (lambda: 1 * x, "x"),
        (lambda: x * 1.0, "x"),
        (lambda: x + 0, "x"),
        (lambda: 0 + x, "x"),
        (lambda: x - 0, "x"),
        (lambda: 0 - x, "neg(x)"),
        (lambda: -1 * x, "neg(x)"),
        (lambda: -(0 - x), "x"),
        (lambda: 0 * x, "0"),
        (lambda: x * 0.0, "0"),
        (lambda: ac.div(0.0, x), "0"),
        (lambda: ac.div(x, 1.0), "x"),
        (lambda: ac.div(x, x), "1"),
        (lambda: ac.pow(x, 1.0), "x"),
        (lambda: ac.pow(x, 0.0), "1"),
        (lambda: x * x, "(x ^ 2)"),
        (lambda: x * y * x, "((x ^ 2) * y)"),
        (lambda: ac.pow(x, 2.0) * x, "(x ^ 3)"),
        (lambda: ac.div(1.0, ac.pow(x, 2.0)) * x, "(1 / x)"),
        (lambda: 2 * x * 3, "(6 * x)"),
        (lambda: x * -2, "(-2 * x)"),
        (lambda: 0.1 * x * 3, "(0.3 * x)"),
        (lambda: ac.div(6.0, 2 * x), "(3 / x)"),
        (lambda: ac.div(x, 3.0), "(x / 3)"),
        (lambda: 2 + Number(3.0), "5"),
        (lambda: 0.1 + Number(0.2), "0.3"),
        (lambda: x + -2 * y, "(x - (2 * y))"),
        (lambda: x + -y, "(x - y)"),
        (lambda: ac.flow(1.0, x), "x"),
        (lambda: ac.flow(x, y), "(x * y)"),
        (lambda: ac.where(1.0, x, y), "x"),
        (lambda: ac.where(0.0, x, y), "y"),
        (lambda: ac.sum(x, y), "sum(x, y)"),
        (lambda: ac.tanh(x), "tanh(x)"),
        (lambda: -2 * y * (1 - y), "((-2 * y) * (1 - y))"),
    ],
)
def test_a_formula_is_tidied_as_a_person_would(formula: Any, expected: str) -> None:
    assert written(formula()) == expected


def test_decimals_are_added_and_multiplied_as_typed() -> None:
    assert (0.1 + Number(0.2)).value == 0.3
    assert (Number(0.1) * 3.0).value == 0.3
    assert (1.0 - Number(0.9)).value == 0.1


def test_a_formula_built_directly_is_not_tidied() -> None:
    assert written(application(TABLE["mul"], Number(1.0), x)) == "(1 * x)"
    assert written(application(TABLE["add"], x, Number(0.0))) == "(x + 0)"


def test_two_quantities_of_one_number_are_not_one() -> None:
    other = quantity(3.0, "other")
    assert written(x * other) == "(x * other)"
    assert written(x * quantity(3.0, "x")) == "(x * x)"


@pytest.mark.parametrize(
    ("name", "numbers", "expected"),
    [
        ("add", (1.0, 2.0), ["1", "1"]),
        ("sub", (1.0, 2.0), ["1", "-1"]),
        ("mul", (3.0, 2.0), ["x1", "x0"]),
        ("div", (3.0, 2.0), ["(1 / x1)", "neg((x0 / (x1 ^ 2)))"]),
        ("pow", (3.0, 2.5), ["(x1 * (x0 ^ (x1 - 1)))", "(y * log(x0))"]),
        ("exp", (0.5,), ["y"]),
        ("log", (0.5,), ["(1 / x0)"]),
        ("sqrt", (4.0,), ["(1 / (2 * y))"]),
        ("tanh", (0.5,), ["(1 - (y ^ 2))"]),
        ("sigmoid", (0.5,), ["(y * (1 - y))"]),
        ("elu", (-0.5, 2.0), ["(x1 * exp(x0))", "expm1(x0)"]),
        ("elu", (0.5, 2.0), ["1", "0"]),
        ("relu", (0.5,), ["1"]),
        ("abs", (-0.5,), ["-1"]),
        ("max", (1.0, 3.0, 2.0), ["0", "1", "0"]),
        ("min", (1.0, 3.0, 1.0), ["0.5", "0", "0.5"]),
        ("dot", (1.0, 2.0, 3.0, 4.0, 5.0), ["x2", "x3", "x0", "x1", "1"]),
        ("sum", (1.0, 2.0), ["1", "1"]),
    ],
)
def test_a_derivative_is_printed_as_a_textbook_does(name: str, numbers, expected) -> None:
    assert texts(TABLE[name], *numbers) == expected


def test_the_slope_of_a_power_with_a_typed_exponent() -> None:
    for exponent, expected in ((2.0, "(2 * x)"), (3.0, "(3 * (x ^ 2))"), (1.0, "1")):
        output = quantity(3.0**exponent, "y")
        slope, _ = local_derivatives(TABLE["pow"], (x, Number(exponent)), output)
        assert written(slope) == expected


# --- reasons ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "numbers", "expected"),
    [
        ("relu", (2.0,), ("positive", "x0", 0, 1)),
        ("relu", (-2.0,), ("negative", "x0", 0, 1)),
        ("relu", (0.0,), ("zero", "x0", 0, 1)),
        ("abs", (-2.0,), ("negative", "x0", 0, 1)),
        ("elu", (-2.0, 1.0), ("negative", "x0", 0, 1)),
        ("elu", (2.0, 1.0), ("positive", "x0", 0, 1)),
        ("max", (1.0, 3.0, 2.0), ("largest", "x1", 2, 1)),
        ("max", (3.0, 3.0, 2.0), ("largest", "x0", 2, 2)),
        ("min", (1.0, 3.0), ("smallest", "x0", 1, 1)),
    ],
)
def test_a_branch_taken_tells_its_reason(name: str, numbers, expected) -> None:
    for slope in slopes(TABLE[name], *numbers):
        assert why(slope) == [expected]


def test_a_reason_survives_tidying_and_is_told_once() -> None:
    [positive] = slopes(TABLE["relu"], 2.0)
    [negative] = slopes(TABLE["relu"], -2.0)
    assert why(positive * x) == [("positive", "x0", 0, 1)]
    assert why(negative * x + y) == [("negative", "x0", 0, 1)]
    assert why(ac.flow(x, negative)) == [("negative", "x0", 0, 1)]
    assert why(positive * positive + positive) == [("positive", "x0", 0, 1)]
    assert why(ac.div(positive, x)) == [("positive", "x0", 0, 1)]
    assert why(-positive) == [("positive", "x0", 0, 1)]
    assert why(ac.pow(x, positive)) == [("positive", "x0", 0, 1)]
    assert why(x - positive) == [("positive", "x0", 0, 1)]


def test_a_formula_without_a_branch_has_no_reason() -> None:
    assert why(x * y + 2) == []
    assert [why(e) for e in slopes(TABLE["tanh"], 0.5)] == [[]]


# --- numbers ----------------------------------------------------------------------------------


def worked_out(e: Expression) -> float:
    """The formula computed again from its parts."""
    if not isinstance(e, Application):
        return e.value
    return e.op.forward(*map(worked_out, e.operands))


def exact(e: Expression) -> Fraction:
    """The formula in exact fractions, with decimals as typed."""
    if isinstance(e, Number):
        return Fraction(Decimal(repr(e.value)))
    if not isinstance(e, Application):
        return Fraction(e.value)
    parts = [exact(o) for o in e.operands]
    match e.op.name, parts:
        case "add", [a, b]:
            return a + b
        case "sub", [a, b]:
            return a - b
        case "mul" | "flow", [a, b]:
            return a * b
        case "div", [a, b]:
            return a / b
        case "neg", [a]:
            return -a
        case "pow", [a, b]:
            assert b.denominator == 1
            return a ** int(b)
    raise AssertionError(e.op.name)


def random_formula(rnd: random.Random, depth: int) -> tuple[Any, Fraction]:
    """A formula made with the operators, and what it should be worth exactly."""
    if depth == 0 or rnd.random() < 0.15:
        if rnd.random() < 0.6:
            part = rnd.choice((x, y, z))
            return part, Fraction(part.value)
        number = rnd.choice((0.0, 1.0, -1.0, 2.0, 0.5, 0.1, -0.25, 3.0, 1.5))
        return Number(number), Fraction(Decimal(repr(number)))
    a, exact_a = random_formula(rnd, depth - 1)
    if rnd.random() < 0.15:
        return -a, -exact_a
    if rnd.random() < 0.2:
        n = rnd.choice((0, 1, 2, 3))
        return ac.pow(a, float(n)), exact_a**n
    b, exact_b = random_formula(rnd, depth - 1)
    match rnd.choice("+-**/"):
        case "+":
            return a + b, exact_a + exact_b
        case "-":
            return a - b, exact_a - exact_b
        case "*":
            return a * b, exact_a * exact_b
    return (ac.div(a, b), exact_a / exact_b) if exact_b else (a * b, exact_a * exact_b)


@pytest.mark.parametrize("seed", range(300))
def test_tidying_never_changes_what_a_formula_is_worth(seed: int) -> None:
    formula, expected = random_formula(random.Random(seed), 5)
    assert exact(formula) == expected, written(formula)
    assert worked_out(formula) == formula.value
    assert formula.value == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("special", [inf, -inf, nan, 5e-324, 1e308], ids=repr)
def test_special_constants_do_not_stop_a_formula(special: float) -> None:
    constant = Number(special)
    for formula in (
        lambda: constant * x, lambda: ac.div(x, constant), lambda: ac.div(constant, x),
        lambda: ac.div(1.0, constant * x), lambda: constant + 1.0, lambda: constant - constant,
        lambda: constant * constant, lambda: -constant, lambda: ac.pow(constant, 2.0),
        lambda: ac.div(1.0, Number(1e-200) * Number(1e-200) * x),
    ):  # fmt: skip
        assert isinstance(formula(), Expression)
    for operate in (lambda v: v / special, lambda v: v * special, lambda v: special / v):
        assert len(list(trace(operate(Value(3.0, "v"))))) == 3


@pytest.mark.parametrize("name", ["relu", "abs", "elu"])
def test_the_slope_at_nan_is_the_same_number_in_print(name: str) -> None:
    op = TABLE[name]
    numbers = (nan, *op.defaults.values())
    [got, *_] = slopes(op, *numbers)
    [expected, *_] = op.partials(*numbers, nan)
    assert got.value == expected or (math.isnan(got.value) and math.isnan(expected))


def test_a_quantity_stands_for_a_worked_out_part_too() -> None:
    part = Quantity(4.0)
    assert (part * 2.0).value == 8.0


def test_symbols_are_numbers_with_a_name() -> None:
    lr = Symbol(0.1, name="η")
    assert written(x - lr * y) == "(x - (η * y))"
    assert (x - lr * y).value == 3.0 - 0.1 * 0.5
    assert written(lr * lr) == "(η ^ 2)"


# --- formulas that were built, and then tidied ------------------------------------------------


def built(rnd: random.Random, depth: int) -> Expression:
    """A formula as a sweep builds it, untidied."""
    if depth == 0 or rnd.random() < 0.2:
        return rnd.choice((x, y, z, Number(rnd.choice((0.0, 1.0, -1.0, 2.0, 0.1)))))
    name = rnd.choice(("add", "sub", "mul", "div", "neg", "pow", "flow"))
    a = built(rnd, depth - 1)
    if name == "neg":
        return application(TABLE["neg"], a)
    if name == "pow":
        return application(TABLE["pow"], a, Number(float(rnd.randrange(4))))
    b = built(rnd, depth - 1)
    return application(TABLE["mul" if name == "div" and b.value == 0.0 else name], a, b)


@pytest.mark.parametrize("seed", range(300))
def test_tidied_is_worth_the_same_and_is_tidy(seed: int) -> None:
    formula = built(random.Random(seed), 4)
    once = tidied(formula)
    assert exact(once) == exact(formula), written(formula)
    assert once.value == worked_out(once)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (application(TABLE["mul"], Number(1.0), application(TABLE["pow"], x, Number(1.0))), "x"),
        (application(TABLE["mul"], Number(2.0), application(TABLE["mul"], x, Number(3.0))),
         "(6 * x)"),
        (application(TABLE["add"], application(TABLE["mul"], x, y), Number(0.0)), "(x * y)"),
        (application(TABLE["tanh"], application(TABLE["sub"], x, Number(0.0))), "tanh(x)"),
        (x, "x"),
    ],
)  # fmt: skip
def test_tidying_what_was_built(formula: Expression, expected: str) -> None:
    assert written(tidied(formula)) == expected


@pytest.mark.parametrize("seed", range(40))
def test_a_formula_and_itself_are_twice_it(seed: int) -> None:
    """Two formulas add up to twice one exactly where they print alike."""
    first, again = (ac.tanh(built(random.Random(seed), 3)) for _ in range(2))
    other = ac.tanh(built(random.Random(seed + 1000), 3))
    assert written(first + again) == f"(2 * {written(first)})"
    alike = written(first) == written(other)
    assert written(first + other).startswith("(2 * ") == alike


def test_alike_formulas_of_other_quantities_are_not_gathered() -> None:
    twin = quantity(3.0, "x")  # another node of the same name and value
    assert written(ac.tanh(x) + ac.tanh(twin)) == "(tanh(x) + tanh(x))"
    w, out = Value(1.0, "w"), Value(2.0, "L")
    slope = Derivative(2.0, of=out, by=w, direct=True)
    total = Derivative(2.0, of=out, by=w)
    assert written(ac.tanh(slope) + ac.tanh(slope)).startswith("(2 * ")
    assert not written(ac.tanh(slope) + ac.tanh(total)).startswith("(2 * ")
