"""What the slips lead to, judged by hand: small problems, one slip each, and the whole list."""

from __future__ import annotations

import time

import pytest

from autograd_core import Worksheet
from viz import check_answers
from viz.teaching.answers import read_answer
from viz.teaching.passes import Passes
from viz.teaching.slips import slips


def numbers(text: str, asked: str, kind: str) -> set[float]:
    """The numbers that slips of a kind lead to, to nine digits."""
    passes = Passes(Worksheet.parse(text))
    question = read_answer(passes, f"{asked} 0.0").question
    return {float(f"{s.number:.9g}") for s in slips(passes, question) if s.kind == kind}


@pytest.mark.parametrize(
    ("text", "asked", "kind", "number"),
    [
        # paths: of three, one is missing or alone counted; two uses in one formula
        ("x = 2; a = x; b = 3*x; c = 5*x; L = a + b + c", "dL/dx =", "missing path", 8.0),
        ("x = 2; a = x; b = 3*x; c = 5*x; L = a + b + c", "dL/dx =", "missing path", 5.0),
        ("x = 2; L = 3*x + x**2 + 7*x", "dL/dx =", "missing path", 10.0),
        ("x = 2; L = 3*x + x**2 + 7*x", "dL/dx =", "missing path", 4.0),
        ("x = 3; L = x*x", "dL/dx =", "factor 2", 3.0),
        # means
        ("x = 3; y = 5; L = mean(x, y)", "L =", "missing mean", 8.0),
        ("x = 3; y = 5; L = sum(x, y)", "L =", "mean for sum", 4.0),
        ("x = 3; L = (x + 2 + x)/3", "L =", "missing mean", 8.0),
        ("x = 3; L = (x + 2 + x)/3", "dL/dx =", "missing mean", 2.0),
        # squares, roots, powers
        ("x = 3; L = (x + 1)**2/2", "dL/dx =", "factor 2", 8.0),
        ("x = 3; L = 0.5*(x + 1)**2", "L =", "factor 2", 16.0),
        ("x = 4; L = sqrt(x)", "dL/dx =", "factor 2", 0.5),
        ("x = 3; L = square(x)", "dL/dx =", "factor 2", 3.0),
        ("x = 3; L = x**2", "L =", "power", 6.0),
        ("x = 3; L = x**4", "dL/dx =", "power", 324.0),
        ("x = 1; L = exp(x)", "dL/dx =", "power", 1.0),
        ("x = 6; y = 2; L = x/y", "dL/dy =", "power", -3.0),
        # chains
        ("x = 3; L = (2*x + 1)**3", "dL/dx =", "inner derivative", 147.0),
        ("x = 2; w = 5; L = exp(w*x - 10)", "dL/dx =", "inner derivative", 1.0),
        ("x = 2; y = 3*x; L = 4*y**2", "dL/dx =", "missing factor", 48.0),
        ("x = 2; y = 3*x; L = 4*y**2", "dL/dx =", "missing factor", 3.0),
        ("x = 2; y = 3*x; L = 4*y**2", "dL/dx =", "missing factor", 36.0),
        # signs
        ("x = 2; y = 5; L = y - x", "dL/dx =", "sign", 1.0),
        ("x = 2; L = -x*3", "dL/dx =", "sign", 3.0),
        ("x = 2; y = 5; L = y - x", "L =", "sign", 7.0),
        ("x = 0; L = cos(x) + sin(x)", "dL/dx =", "sign", -1.0),
        # operands
        ("x = 2; y = 5; L = y - x", "L =", "swapped operands", -3.0),
        ("x = 2; y = 5; L = y/x", "dL/dx =", "swapped operands", 0.2),
        ("x = 2; y = 5; L = y*x", "dL/dx =", "swapped operands", 2.0),
        ("x = 2; y = 5; L = y + x", "L =", "missing term", 2.0),
        ("x = 2; y = 5; L = y - 3*x", "L =", "missing factor", 3.0),
        # functions
        ("x = 100; L = log10(x)", "dL/dx =", "log base", 0.01),
        ("x = 8; L = log(x)", "L =", "log base", 3.0),
        ("x = 0.5; L = log2(x)", "dL/dx =", "log base", 2.0),
        ("x = 0.5; L = sigmoid(x)", "dL/dx =", "input for output", 0.25),
        ("x = 0.5; L = tanh(x)", "dL/dx =", "input for output", 0.75),
        ("x = 0; L = sigmoid(x)", "dL/dx =", "missing factor", 0.5),
        # kinks
        ("x = -2; L = relu(x)", "dL/dx =", "kink branch", 1.0),
        ("x = 2; L = relu(3*x)", "L =", "kink branch", 0.0),
        ("x = -2; L = abs(x)", "dL/dx =", "kink branch", 1.0),
        ("x = 2; L = leaky_relu(x, 0.1)", "dL/dx =", "kink branch", 0.1),
        ("x = 0.5; L = elu(x, 2)", "dL/dx =", "kink branch", 3.29744254),  # 2·e^0.5
        ("x = 0.5; L = celu(x, 2)", "dL/dx =", "kink branch", 1.28402542),  # e^0.25
        ("x = -1; L = selu(x)", "L =", "kink branch", -1.05070099),
        ("x = 2; L = clip(x, -1, 1)", "dL/dx =", "kink branch", 1.0),
        ("x = 2; L = hardtanh(x)", "L =", "kink branch", 2.0),
        ("x = 9; L = relu6(x)", "L =", "kink branch", 9.0),
        ("x = 9; L = hardsigmoid(x)", "L =", "kink branch", 2.0),
        ("x = 9; L = hardswish(x)", "L =", "kink branch", 18.0),
        ("x = 2; y = 5; L = max(3*x, y)", "dL/dx =", "kink branch", 0.0),
        ("x = 2; y = 5; L = min(3*x, y)", "L =", "kink branch", 6.0),
        # time
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "dL/dw =", "stale value", 8.0),
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "step 2: L =", "stale value", 4.0),
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "step 2: dL/dw =", "stale value", 7.2),
        ("w = 2; x = 3; y = w*x; v = 5; L = v*y; update(L, w, v, lr=0.1)", "dL/dw =",
         "stale value", 13.2),  # v is 4.4 after the update
        ("w = 2; v = 5; L = v*w**2; update(L, w, v, lr=0.1)", "step 2: L =", "stale value", 0.0),
        # updates
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "w <-", "sign", 2.4),
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "w <-", "missing factor", -2.0),
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "w <-", "missing term", -0.4),
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "w <-", "stale value", 2.0),
        ("w = 2; L = w**2; update(L, w, lr=0.1)", "w <-", "factor 2", 1.8),
    ],
)  # fmt: skip
def test_each_slip_leads_to_its_number(text: str, asked: str, kind: str, number: float) -> None:
    assert number in numbers(text, asked, kind)


def test_a_slip_made_everywhere() -> None:
    """dL/dw = (2·1·2 + 2·4·3 + 2·10·7)/3 = 56; without every 2 it is 28."""
    text = "w = 1; L = mean((w*2 - 1)**2, (w*3 + 1)**2, (w*7 + 3)**2)"
    [found] = check_answers(Worksheet.parse(text), ["dL/dw = 28"])
    assert found.kind == "factor 2"
    assert "at each of 3 such places" in found.diagnosis


def test_one_place_is_named_where_it_explains_the_number_alone() -> None:
    """f = (p + q) + r: p + q left out, whatever happens in the sums that make up p."""
    sheet = Worksheet.parse("a = 1; p = a + 2; q = p + a; f = p + q + 8")
    [found] = check_answers(sheet, ["f = 8"])
    assert found.diagnosis.endswith("the term p + q of p + q + 8 is missing")


def test_a_slip_in_the_forward_pass_that_goes_on() -> None:
    """With b − a for a − b: y = −3, dL/da = 3y²·(−1) = −27, and rightly 27; L is −27, not 27."""
    sheet = Worksheet.parse("a = 5; b = 2; y = a - b; L = (y + 1)**3")
    [found] = check_answers(sheet, ["dL/da = -12"])  # 3·(−2)²·(−1)
    assert found.kind == "swapped operands"
    assert "from the forward pass on" in found.diagnosis


@pytest.mark.parametrize("answer", ["dL/db = 7", "L = 7.1234", "step 2: dL/dw0 = 3"])
def test_ten_thousand_operations_take_seconds(answer: str) -> None:
    lines = ["w0 = 0.3", "b = 0.1"]
    lines += [f"w{i} = tanh(w{i - 1} - b*{i % 7 + 1}) + w{i // 2}/{i + 1}" for i in range(1, 1650)]
    sheet = Worksheet.parse("\n".join([*lines, "L = w1649**2", "update(L, w0, lr=0.1)"]))
    started = time.perf_counter()
    [found] = check_answers(sheet, [answer])
    assert found.verdict == "wrong"
    assert time.perf_counter() - started < 15.0
