"""Which lines a worked solution has, in which words, with how many digits."""

from __future__ import annotations

import math
import re

import pytest

from autograd_core import DomainError, StaleGraph, Value, Worksheet
from autograd_core.errors import AutogradError
from tests.support.line_checker import check_solution
from viz import explain
from viz.solution.paths import MOST_PATHS


def solution(text: str, **options: object) -> str:
    return explain(Worksheet.parse(text), **options).text(200)  # type: ignore[arg-type]


def lines(text: str, **options: object) -> list[str]:
    """The printed lines, runs of blanks made one."""
    return [re.sub(" +", " ", line).strip() for line in solution(text, **options).split("\n")]


def checked(text: str, **options: object) -> list[str]:
    """The same, after the line checker found nothing to complain about."""
    assert check_solution(solution(text, **options), text, digits=options.get("digits", 4)) == []
    return lines(text, **options)


# --- digits -----------------------------------------------------------------------------------


def test_digits_rise_until_the_line_comes_out() -> None:
    """0.4591·0.2063 would be 0.0947123, printed 0.09471: five digits are needed for 0.09470."""
    found = checked("a = 0.45910243; b = 0.20627617; L = a*b")
    assert "1 L = a·b = 0.45910·0.20628 = 0.09470" in found


@pytest.mark.parametrize("digits", [1, 2, 3, 6, 9, 12, 15])
def test_results_have_the_digits_asked_for(digits: int) -> None:
    text = "x = 0.7; y = exp(x)/3; L = y**2"
    found = checked(text, digits=digits)
    shown = next(line.split()[-1] for line in found if line.startswith("1 y"))
    assert shown == f"{math.exp(0.7) / 3:.{digits}f}"
    assert digits == 15 or not any("≈" in line for line in found)


def test_where_no_digits_suffice_the_sign_is_approximate() -> None:
    """1 − σ(40) is 4.2·10⁻¹⁸, but 15 digits of σ(40) are 1."""
    found = checked("x = 40; s = sigmoid(x); L = 2*s")
    [line] = [line for line in found if line.startswith("5 ")]
    assert line.endswith("∂s/∂x = s·(1 − s) = 1·(1 − 1) ≈ 4.248·10⁻¹⁸")
    assert line.startswith("5 dL/dx = dL/ds·∂s/∂x = 2·4.2484·10⁻¹⁸ = 8.497·10⁻¹⁸ ")


@pytest.mark.parametrize("result", [10.0, 100.0, 1000.0, 10000.0, 120000.0])
@pytest.mark.parametrize("a", [3.14159265, 123.4567, 0.0271828])
def test_a_round_result_is_exact_to_its_last_zero(a: float, result: float) -> None:
    """10000 ends at the ones: 123.5·81.00 = 10003.5 may not stand before it."""
    checked(f"a = {a}; b = {result / a!r}; L = a*b")


def test_constants_stand_as_they_were_typed() -> None:
    found = checked("x = 0.123456789012; L = 3.14159265*x + 1e-7")
    assert "with x = 0.123456789012" in found
    assert "1 L = 3.14159265·x + 1·10⁻⁷ = 3.1416·0.12346 + 1·10⁻⁷ = 0.3879" in found


# --- chains -----------------------------------------------------------------------------------


def test_a_middle_that_repeats_is_dropped() -> None:
    found = checked("x = 2; y = x; L = -y")
    assert "1 y = x = 2" in found
    assert "2 L = −y = −2" in found


def test_functions_are_worked_out_before_the_result() -> None:
    found = checked("a = 2; b = 3; L = a*exp(b - 1) + sqrt(a + 2)*b")
    assert found[found.index("FORWARD") + 1] == (
        "1 L = a·exp(b − 1) + √(a + 2)·b = 2·exp(3 − 1) + √(2 + 2)·3 = 2·7.389 + 2·3 = 20.78"
    )


def test_a_local_derivative_takes_a_branch_and_says_why() -> None:
    found = checked("x = -2; y = 3; z = abs(x); m = max(x, y, z); L = elu(x)*m + relu(y)*relu(x)")
    assert "∂z/∂x = −1, since x < 0" in " ".join(found)
    assert "∂m/∂z = 0, since y is the largest" in " ".join(found)
    assert "∂m/∂y = 1, since y is the largest" in " ".join(found)
    found = checked("x = 2; y = 3; L = min(x, y)")
    assert any(line.endswith("∂L/∂x = 1, since x is the smaller") for line in found)


def test_ties_share_and_say_so() -> None:
    found = checked("a = 1; b = 1; c = 0; L = max(a, b, c)")
    assert any("∂L/∂a = 0.5, since 2 operands tie and share the gradient" in f for f in found)
    assert any("∂L/∂c = 0, since 2 operands tie and share the gradient" in f for f in found)


def test_ties_share_inside_a_formula() -> None:
    found = " ".join(checked("a = 1; b = 1; y = 3; L = y*max(a, b) + 2*y*min(a, b + 1)"))
    assert "∂L/∂a = 2·y + 0.5·y = 2·3 + 0.5·3 = 7.5" in found
    assert "∂L/∂b = 0.5·y = 0.5·3 = 1.5" in found


@pytest.mark.parametrize(
    ("text", "left", "right", "used"),
    [
        ("x = 0; L = abs(x)", "−1", "1", "0"),
        ("x = 0; L = relu(x)", "0", "1", "0"),
        ("x = 3; L = max(x, 3)", "0", "1", "0.5"),
        ("x = 0; L = 2*elu(x, 0.5)", "1.000", "2", "2"),
        ("x = 0; L = abs(x/3)", "−0.3333", "0.3333", "0"),
    ],
)
def test_a_kink_shows_both_slopes_and_the_convention(
    text: str, left: str, right: str, used: str
) -> None:
    for width in (60, 80, 120):
        assert check_solution(explain(Worksheet.parse(text)).text(width), text) == []
    [line] = [line for line in checked(text) if "kink" in line]
    assert line == (
        f"dL/dx at a kink: the slopes are {left} on the left and {right} on the right; "
        f"by convention {used} is used"
    )


def test_zero_times_infinity_is_marked() -> None:
    found = lines("x = 0; y = 3; z = sqrt(x); L = (y - 3)*z")
    assert any("dL/dx" in line and "0·∞" in line for line in found)
    assert "0·∞ counts as 0 here" in " ".join(found)
    assert "dL/dx could not be measured: undetermined" in found


def test_long_formulas_are_cut_into_named_parts() -> None:
    text = "a = 1.5; b = 2.5\nL = " + " + ".join(f"sigmoid(a*b*0.{i} + a)" for i in range(1, 30))
    found = checked(text)
    forward = found[
        found.index("FORWARD") + 1 : found.index("BACKWARD upstream × local derivative")
    ]
    assert len([line for line in forward if " = " in line]) > 2
    assert forward[0].startswith("1 u1 = ")
    assert max(len(line.split(" = ")[1]) for line in forward if line) < 200


def test_a_name_given_by_the_user_is_not_given_again() -> None:
    found = checked("u1 = 2; u3 = 4; L = sigmoid(u1*3) + u3", depth="operation")
    assert [line.split()[1] for line in found if re.match(r"\d+ \w+ = ", line)] == ["u2", "u4", "L"]


def test_a_name_assigned_twice_is_primed() -> None:
    found = checked("x = 2; y = x*x; x = 3; L = y*x")
    assert "with x = 2, x′ = 3" in found
    assert "2 L = y·x′ = 4·3 = 12" in found


# --- what is asked ----------------------------------------------------------------------------


def test_a_derivative_is_a_sum_over_paths() -> None:
    found = checked("x = 2; a = x*3; b = x + a; c = a*b; L = c; derivative(c, x); derivative(b, a)")
    asked = found[found.index("ASKED FOR") :]
    [line] = [line for line in asked if line.startswith("dc/dx = ")]
    _, symbols, numbers, result = line.split(" = ")
    assert set(symbols.split(" + ")) == {"∂c/∂a·∂a/∂x", "∂c/∂b·∂b/∂a·∂a/∂x", "∂c/∂b·∂b/∂x"}
    assert sorted(numbers.split(" + ")) == ["6·1", "6·1·3", "8·3"]
    assert result == "48"
    assert "db/da = ∂b/∂a = 1" in asked


def test_many_paths_are_counted_not_shown() -> None:
    doubling = "\n".join(f"a{i + 1} = a{i} + a{i}*a0" for i in range(7))
    text = f"a0 = 1.5\n{doubling}\nL = a7; derivative(a7, a0); derivative(a4, a1)"
    found = checked(text)
    asked = found[found.index("ASKED FOR") :]
    assert sum("the sum over more than 32 paths" in line for line in asked) == 0
    chain = "\n".join(f"b{i + 1} = b{i} + a{i}\na{i + 1} = b{i}*a{i}" for i in range(8))
    found = checked(f"a0 = 0.5; b0 = 0.25\n{chain}\nL = a8 + b8; derivative(a8, a0)")
    asked = found[found.index("ASKED FOR") :]
    assert f"the sum over more than {MOST_PATHS} paths" in asked[1]


def test_a_derivative_of_what_the_output_does_not_use() -> None:
    found = checked("x = 2; p = x**3; q = 5*p; L = 3*x; output(L); derivative(q, x)")
    assert "dq/dx = ∂q/∂p·∂p/∂x = 5·12 = 60" in found


def test_update_steps_show_the_new_output() -> None:
    found = checked("w = 2; x = 3; L = (w*x - 1)**2; given(x); update(L, w, lr=0.01, steps=3)")
    assert "step 1 L = 25" in found
    assert "w ← w − η·dL/dw = 2 − 0.01·30 = 1.7" in found
    assert "step 2 L = 16.81" in found
    assert "w ← w − η·dL/dw = 1.7 − 0.01·24.6 = 1.454" in found
    assert "step 3 L = 11.3" in " ".join(found)


def test_two_updates_start_from_the_same_point() -> None:
    found = checked("w = 2; L = w**2; update(L, w, lr=0.1); update(L, w, lr=0.25)")
    assert "w ← w − η·dL/dw = 2 − 0.1·4 = 1.6" in found
    assert "w ← w − η·dL/dw = 2 − 0.25·4 = 1" in found


def test_an_update_that_overflows_is_refused() -> None:
    with pytest.raises(AutogradError):
        solution("w = 2; L = 3*w**2; update(L, w, lr=1e308)")


@pytest.mark.parametrize("text", ["L = 1", "x = 0.5", "x = 1; L = 2", "x = 2; y = x*x; z = 3"])
def test_an_output_without_formula_is_right(text: str) -> None:
    """The derivative of a quantity by itself is 1, and nothing is wrong with that."""
    assert set(explain(Worksheet.parse(text)).verdicts.values()) <= {"ok"}


@pytest.mark.parametrize("name", ["x", "w", "y", "L"])
def test_any_quantity_can_be_asked_for(name: str) -> None:
    """Also one that is computed, the output itself, and others than an update asks for."""
    sheet = Worksheet.parse("w = 2; x = 3; y = w*x; L = y**2; update(L, w, lr=0.1)")
    found = explain(sheet, wrt=[sheet.values[name]])
    assert found.verdicts == {name: "ok"}
    assert "w ← w − η·dL/dw = 2 − 0.1·36" in found.text()


# --- Python's graphs --------------------------------------------------------------------------


def test_a_graph_built_in_python() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    h = w * x
    y = (h + h * h).named("y")
    found = [re.sub(" +", " ", line).strip() for line in explain(y, wrt=[w]).text(120).split("\n")]
    assert "1 u1 = w·x = 2·3 = 6" in found
    assert "2 y = u1 + u1·u1 = 6 + 6·6 = 42" in found
    assert "4 dy/du1 = dy/dy·∂y/∂u1 = 1·13 = 13 ∂y/∂u1 = 1 + u1 + u1 = 1 + 6 + 6 = 13" in found
    assert "5 dy/dw = dy/du1·∂u1/∂w = 13·3 = 39 ∂u1/∂w = x = 3" in found
    assert not any("dy/dx" in line for line in found)


def test_grad_is_left_alone_and_a_stale_graph_refused() -> None:
    w = Value(2.0, "w")
    y = (w * w).named("y")
    w.grad = 7.0
    explain(y)
    assert w.grad == 7.0
    w.data = 3.0
    with pytest.raises(StaleGraph, match="w changed"):
        explain(y)


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(DomainError):
        explain(Value(0.0, "x").sqrt())


def test_unknown_depth() -> None:
    with pytest.raises(ValueError, match="depth"):
        explain(Value(1.0) * 2.0, depth="deep")  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [30, 300, 1200])
def test_many_branches(count: int) -> None:
    """A weight shared a thousand times, as over time steps, is summed without recursion."""
    x = Value(1.5, "x")
    total = Value(0.0, "c") * 1.0
    for i in range(count):
        total = total + (x * float(i)).named(f"a{i}")
    text = explain(total.named("L"), wrt=[x], lines=None).text()
    assert f"{count} branches meet at x: add them" in text
    assert f"= {count * (count - 1) // 2}" in text


@pytest.mark.parametrize("length", [30, 300, 1200])
def test_a_long_path(length: int) -> None:
    chain = "\n".join(f"a{i} = a{i - 1}*1.01" for i in range(1, length + 1))
    text = solution(f"a0 = 1\n{chain}\nL = a{length}; derivative(L, a1)")
    result = 1.01 ** (length - 1)
    assert f"= {result:.0f}\n" in text or f"= {result:.4g}\n" in text


def test_the_same_twice() -> None:
    text = "x = 0.3; y = tanh(x)*x; L = y/x + y"
    assert solution(text) == solution(text)


def test_the_second_step_of_a_rule_with_state_shows_the_state() -> None:
    """By hand: v = 24² + 22.2² = 1068.84, w = 2.1 + 0.1·22.2/√1068.84 = 2.1679."""
    text = solution('w = 2; L = (w*3 - 10)**2; update(L, w, lr=0.1, steps=2, rule="adagrad")')
    update = text[text.index("UPDATE") : text.index("CHECK")]
    assert "v ← v + (dL/dw)² = 576 + (−22.20)²" in update
    assert "= 2.168" in update
    assert "≈" not in update
