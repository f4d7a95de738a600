"""Exact fractions: every rational row against Python's own, every printed line from its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction as F
from math import nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import TABLE, Value, Worksheet
from autograd_core.expression import Quantity
from autograd_core.rationals import LONGEST, Irrational, Rationals, typed_fraction
from autograd_core.tracing import Trace
from tests.support.printed_chains import chains_in, exactly, inexact
from viz import explain

# Each rational row once more, on Python's fractions.
ROWS: dict[str, Callable[..., F]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "flow": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "square": lambda a: a**2,
    "reciprocal": lambda a: 1 / a,
    "identity": lambda a: a,
    "relu": lambda a: max(a, F(0)),
    "relu6": lambda a: min(max(a, F(0)), F(6)),
    "leaky_relu": lambda a, slope: a if a > 0 else slope * a,
    "hardtanh": lambda a, low, high: min(max(a, low), high),
    "clip": lambda a, low, high: min(max(a, low), high),
    "abs": abs,
    "sign": lambda a: F((a > 0) - (a < 0)),
    "step": lambda a, at_zero: at_zero if a == 0 else F(a > 0),
    "equal": lambda a, b: F(a == b),
    "where": lambda c, a, b: a if c else b,
    "max": lambda *xs: max(xs),
    "first_max": lambda *xs: max(xs),
    "min": lambda *xs: min(xs),
    "sum": lambda *xs: sum(xs, F(0)),
    "mean": lambda *xs: sum(xs, F(0)) / len(xs),
    "prod": lambda a, b, c: a * b * c,
    "detach": lambda a: a,
    "floor": lambda a: F(a.numerator // a.denominator),
    "mod": lambda a, b: a % b,
    "softsign": lambda a: a / (1 + abs(a)),
    "hardsigmoid": lambda a: F(0) if a < -3 else F(1) if a > 3 else (a + 3) / 6,
    "hardswish": lambda a: F(0) if a < -3 else a if a > 3 else a * (a + 3) / 6,
    "dot": lambda u, v, x, y, b: u * x + v * y + b,
}
OPERANDS = {
    "leaky_relu": 2, "hardtanh": 3, "clip": 3, "step": 2, "where": 3, "max": 3, "first_max": 3,
    "min": 3, "sum": 4, "mean": 3, "prod": 3, "dot": 5, "add": 2, "sub": 2, "mul": 2, "flow": 2,
    "div": 2, "equal": 2, "mod": 2,
}  # fmt: skip
NUMBERS = [F(0), F(1, 3), F(-5, 7), F(13, 2), F(-1), F(1, 10), F(-9, 2)]


def read(node: Value) -> F:
    value = Rationals(Trace(node))(Quantity(node.data, of=node)).value
    assert isinstance(value, F)
    return value


@pytest.mark.parametrize("name", ROWS)
def test_a_rational_row(name: str) -> None:
    count = OPERANDS.get(name, 1)
    compared = 0
    for start in range(len(NUMBERS)):
        operands = [NUMBERS[(start * (i + 1) + i) % len(NUMBERS)] for i in range(count)]
        if name in ("hardtanh", "clip"):
            operands[1:] = sorted(operands[1:])
        try:
            due = ROWS[name](*operands)
        except ZeroDivisionError:
            continue
        if name == "dot":
            u, v, x, y, b = (Value(float(o)) for o in operands)
            node = TABLE["dot"]([u, v], [x, y], b)
        else:
            node = TABLE[name](*(Value(float(o)) for o in operands))
        assert read(node) == due
        compared += 1
    assert compared >= 5


@pytest.mark.parametrize("exponent", [0, 1, 2, -1, -3, 7])
def test_whole_powers(exponent: int) -> None:
    assert read(Value(2 / 3) ** float(exponent)) == F(2, 3) ** exponent


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("L = sigmoid(x)", "sigmoid gives no fractions"),
        ("L = x + exp(x)", "exp gives no fractions"),
        ("L = x**0.5", r"\(1/4\)\^\(1/2\) is no fraction"),
        ("L = tanh(x)*0", "tanh gives no fractions"),
        ("u = log(1 + x); L = x", "log gives no fractions"),
    ],
)
def test_what_has_no_fraction_is_refused_by_name(text: str, name: str) -> None:
    with pytest.raises(Irrational, match=name + ": ask for decimals instead"):
        explain(Worksheet.parse(f"x = 0.25; {text}"), fractions=True)


def test_a_users_own_row_is_not_taken_for_ours() -> None:
    from autograd_core import Op

    cube = Op("relu", lambda x: x * x * x, lambda x, y: (3.0 * x * x,))
    with pytest.raises(Irrational, match="relu gives no fractions"):
        read(cube(Value(2.0)))


# --- what was typed ---------------------------------------------------------------------------


@given(st.fractions(-100, 100, max_denominator=10_000))
def test_a_simple_fraction_is_found_again(fraction: F) -> None:
    assert typed_fraction(float(fraction)) == fraction


@given(st.decimals(-1000, 1000, places=11).map(str))
def test_a_typed_decimal_is_itself(text: str) -> None:
    assert typed_fraction(float(text)) == F(text)


@pytest.mark.parametrize("number", [5e-324, 1e-300, -2.5e-17, 1e300, 123456789.0])
def test_large_and_small_numbers(number: float) -> None:
    assert typed_fraction(number) == F(repr(number))


def test_binary_noise_is_not_what_was_typed() -> None:
    assert typed_fraction(0.1 + 0.2) == F(3, 10)
    assert typed_fraction(nextafter(0.5, 1.0)) == F(1, 2)
    assert typed_fraction(0.5 + 1e-12) == F("0.500000000001")


# --- printed ----------------------------------------------------------------------------------

PROBLEMS = {
    "squares": "w = 2; x = 0.1; b = 1/3; z = w*x + b; L = (z - 1)**2/2",
    "shared": "x = 1/3; y = 0.4; a = x/y; b = a - x*y; c = a*b + 1/x; L = c**2/b",
    "kinks": "x = -1/3; y = 2.5; a = relu(x) + abs(y); L = max(x, y, 0.5)*a + min(x, y)**3",
    "routes": "x = 2/3; a = x**2; b = a*x + 1/2; L = a*b; paths(L, x); derivative(b, x)",
    "table": "w = 2/3; h = w*3/2; k = w*h; p = k - 1; q = h**2; L = p + q; paths(L, w, by=[p, q])",
    "steps": "x = 7/3; y = 0.4; a = floor(x) + mod(x, y); b = softsign(x)*a; L = hardswish(b)*b",
    "vectors": "W = [[1/3, 0.2], [2, -1]]; x = [0.5, 3]; z = W @ x; L = sum(z*z)/2",
    "descent": "w = 2; b = 0.5; x = 3; L = (w*x + b - 9)**2; update(L, w, b, lr=0.025, steps=3)",
    "momentum": 'w = 1/3; L = (w*3 - 2)**2; update(L, w, lr=0.05, steps=3, rule="momentum")',
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_printed_line_is_exact(name: str) -> None:
    found = explain(Worksheet.parse(PROBLEMS[name]), fractions=True, again=True).text(10_000)
    above = found[: found.index("CHECK")]
    assert inexact(above) == []
    results = [chain.result for chain in chains_in(above) if chain.numeric]
    assert len(results) > 8
    assert not any("." in result or "≈" in result for result in results)


def descended(steps: int) -> tuple[list[F], list[F]]:
    """The problem "descent" by hand: L before each step, w after each."""
    w, b, losses, weights = F(2), F(1, 2), [], []
    for _ in range(steps):
        error = 3 * w + b - 9
        losses.append(error**2)
        w, b = w - F(1, 40) * 6 * error, b - F(1, 40) * 2 * error
        weights.append(w)
    return losses, weights


def test_every_step_of_an_update_has_its_own_numbers() -> None:
    found = explain(Worksheet.parse(PROBLEMS["descent"]), fractions=True, again=True).text(10_000)
    update = found[found.index("UPDATE") : found.index("FORWARD AGAIN")]
    losses, weights = descended(3)
    shown = {"L": [], "w": []}  # type: dict[str, list[F]]
    for chain in chains_in(update):
        if chain.subject in shown:
            shown[chain.subject].append(exactly(chain.numeric[-1]))
    assert shown == {"L": losses, "w": weights}
    again = found[found.index("FORWARD AGAIN") : found.index("CHECK")]
    [*_, last] = chains_in(again)
    w, b = weights[-1], F(1, 2) + (weights[-1] - 2) / 3
    assert exactly(last.numeric[-1]) == (3 * w + b - 9) ** 2


def test_decimals_remain_where_a_rule_has_a_root() -> None:
    text = 'w = 2; L = (w*3 - 9)**2; update(L, w, lr=0.1, steps=2, rule="adam")'
    found = explain(Worksheet.parse(text), fractions=True).text(10_000)
    update = re.sub(" +", " ", found[found.index("UPDATE") : found.index("CHECK")])
    assert "m ← β₁·m + (1 − β₁)·dL/dw = (9/10)·0 + (1 − 9/10)·(−18) = −9/5" in update
    assert "≈" not in update
    assert not re.search(r"10¹\d", found)  # no fraction of 15 digits


def test_a_fraction_too_long_to_be_read_is_a_decimal() -> None:
    found = explain(Worksheet.parse("x = 0.123456789; L = x**3"), fractions=True).text(10_000)
    assert "with   x = 123456789/1000000000" in found
    assert "L = x³ = 0.12346³ = 0.001882" in found


@pytest.mark.parametrize(
    "text",
    [
        "a0 = 0.5\n" + "\n".join(f"a{i + 1} = a{i}*a{i}" for i in range(60)) + "\nL = a60",
        "x = 1.0001\na = x**1000\nL = a**1000",
    ],
)
def test_fractions_that_explode_are_refused_in_time(text: str) -> None:
    with pytest.raises(Irrational, match="ask for decimals instead"):
        explain(Worksheet.parse(text), fractions=True)


def test_the_longest_fraction() -> None:
    bits = LONGEST // 2
    x = Value(0.5, "x")
    assert read(x ** float(bits)) == F(1, 2**bits)


def test_a_formula_of_another_graph_has_no_fractions() -> None:
    inside, outside = Value(1.0, "x"), Value(2.0, "y")
    reading = Rationals(Trace(inside * 2.0))
    with pytest.raises(Irrational, match="no part of the trace"):
        reading(Quantity(2.0, of=outside))

