"""A reader that cannot complain proves nothing: single slips in printed solutions are reported."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest

from autograd_core import Worksheet
from tests.support.solution_reader import Solution, read_solution
from tests.support.solution_reader.expansion import expanded
from tests.support.solution_reader.formulas import NotAFormula, parse
from tests.support.solution_reader.values import evaluate
from viz import explain
from viz.library import worksheet_text


@cache
def printed(name: str, depth: Any) -> str:
    return explain(Worksheet.parse(worksheet_text(name)), depth=depth, lines=None).text(80)


@cache
def named(name: str) -> Solution:
    return read_solution(printed(name, "named"))


def complaints(text: str, name: str, depth: str) -> list[str]:
    """The first complaint, or none."""
    by_name = named(name) if depth == "layer" else None
    return read_solution(text, named=by_name, one_is_enough=True).complaints


# What is printed once, and a slip of one sign, one number or one name in it.
SLIPS = [
    # arrays: the transposition, the order of factors, one entry, brackets, shapes
    ("004.rnn-vector", "layer", "dC/da3  = Wohᵀ·dC/dŷ₃", "dC/da3  = Woh·dC/dŷ₃"),
    ("004.rnn-vector", "layer", "Whhᵀ·dC/dz3", "dC/dz3·Whhᵀ"),
    ("004.rnn-vector", "layer", "Whhᵀ·dC/dz3", "Wxhᵀ·dC/dz3"),
    ("004.rnn-vector", "layer", "Whhᵀ·dC/dz2", "Whhᵀ·dC/dz3"),
    ("004.rnn-vector", "layer", "dC/dz3·a2ᵀ", "a2·dC/dz3ᵀ"),
    ("004.rnn-vector", "layer", "dC/dz3·a2ᵀ", "dC/dz3·a2"),
    ("004.rnn-vector", "layer", "dC/da3 ⊙ (1 − a3²)", "dC/da3·(1 − a3²)"),
    ("004.rnn-vector", "layer", "dC/da3 ⊙ (1 − a3²)", "dC/da3 ⊙ (1 − a3)"),
    ("004.rnn-vector", "layer", "dC/da3 ⊙ (1 − a3²)", "dC/da3 ⊙ (1 − a2²)"),
    ("004.rnn-vector", "layer", "⊙ (1 − [0.5370, 0]²)", "⊙ 1 − [0.5370, 0]²"),
    ("004.rnn-vector", "layer", "dC/dŷ₁ = [0.3945]", "dC/dŷ₁ = [0.3946]"),
    ("004.rnn-vector", "layer", "z1 = Wxh·x1 + Whh·a0 + bh", "z1 = Wxh·x1 + Whh·a0 − bh"),
    ("004.rnn-vector", "layer", " 18  2×1  dC/da3", " 18  1×2  dC/da3"),
    ("004.rnn-vector", "layer", " 22  2×1  dC/da2", " 22  2×2  dC/da2"),
    ("004.rnn-vector", "layer", "all 4 gradients", "all 3 gradients"),
    ("002.two-layer", "layer", "dL/dz2·h1ᵀ", "dL/dz2·h1"),
    ("002.two-layer", "layer", "dL/dh1 = W2ᵀ·dL/dz2", "dL/dh1 = dL/dz2·W2ᵀ"),
    ("002.two-layer", "layer", "dL/dz2 = dL/ds ⊙ s ⊙ (1 − s)", "dL/dz2 = dL/ds ⊙ s ⊙ (1 + s)"),
    ("003.mini-batch", "layer", "sum(dE/de ⊙ x)", "mean(dE/de ⊙ x)"),
    ("003.mini-batch", "layer", "sum(dE/de ⊙ x)", "sum(dE/de ⊙ y)"),
    # updates: hyperparameters, the state, the exponent of the step, several steps
    ("003.adam", "named", "mₓ  ← β₁·mₓ + (1 − β₁)", "mₓ  ← β₂·mₓ + (1 − β₁)"),
    ("003.adam", "named", "x   ← x − η·mₓ/((1 − β₁²)", "x   ← x − η·mₓ/((1 − β₁³)"),
    ("003.adam", "named", "v_y + (1 − β₂)·(df/dy)²", "v_y + (1 − β₂)·(df/dx)²"),
    ("003.adam", "named", "β₂ = 0.999,", "β₂ = 0.998,"),
    ("003.momentum", "named", "vₓ  ← μ·vₓ + df/dx = 0.9·4", "vₓ  ← μ·vₓ + df/dy = 0.9·4"),
    ("003.momentum", "named", "x   ← x − η·vₓ = 1.6", "x   ← x + η·vₓ = 1.6"),
    ("003.momentum", "named", "step 2  f   = −10.4", "step 2  f   = −10.5"),
    ("003.momentum", "named", "step 3  f ", "step 2  f "),
    ("003.rmsprop", "named", "√(vₓ)", "√(v_y)"),
    # elements, branches, reasons, what was asked for, tables, the check
    ("002.svm-sum", "named", "s[1,0] − s[0,0]", "s[0,1] − s[0,0]"),
    ("002.svm-max", "named", "since m10 is the largest", "since m20 is the largest"),
    ("002.svm-sum", "named", "since m10 is the larger", "since m20 is the larger"),
    ("000.softmax-cross-entropy", "named", "three branches meet", "four branches meet"),
    ("003.losses", "named", "∂huber/∂u5·∂u5/∂u3·∂u3/∂ŷ[1]", "∂huber/∂u5·∂u5/∂u4·∂u3/∂ŷ[1]"),
    ("003.losses", "named", "= ∂mbe/∂ŷ[0] = 0.3333", "= ∂mbe/∂ŷ[0] = 0.3334"),
    ("004.bptt-2", "named", "0.016369            0   0.016369", "0.016369            0   0.016368"),
    ("004.bptt-2", "named", "∂C/∂C₂·∂C₂/∂ŷ₂·∂ŷ₂/∂a₂·∂a₂/∂z₂", "∂C/∂C₁·∂C₂/∂ŷ₂·∂ŷ₂/∂a₂·∂a₂/∂z₂"),
    ("002.softmax-scores", "named", "ln(exp(s[0,0]) + exp(s[1,0])", "ln(exp(s[0,0]) + exp(s[1,1])"),
    ("002.softmax-scores", "named", "exp(−2.040)", "exp(2.040)"),
    ("000.softmax-cross-entropy", "named", "−(p1[0]·ln(q[0])", "(p1[0]·ln(q[0])"),
    ("000.softmax-cross-entropy", "named", "dH1/dy[2]  −0.3347590", "dH1/dy[2]  −0.3347690"),
    ("000.step", "named", "step(x[0], at_zero=1)", "step(x[0], 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "depth", "right", "wrong"), SLIPS)
def test_a_slip_is_reported(name: str, depth: str, right: str, wrong: str) -> None:
    text = printed(name, depth)
    assert right in text
    assert complaints(text, name, depth) == []
    assert complaints(text.replace(right, wrong, 1), name, depth) != []


# --- slips anywhere ---------------------------------------------------------------------------

_PLACES = {
    r"[0-9]": lambda sign: str((int(sign) + 1) % 10),
    r"−": lambda sign: "+",
    r"[()|\[\]ᵀ]": lambda sign: "",
    r"·(?!10)": lambda sign: "/",
    r"⊙": lambda sign: "+",
}


def slips(text: str, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """So many of all slips of one sign, each with where it is."""
    claims = text[: text.index("CHECK")]
    places = [
        (match, change(match[0]))
        for pattern, change in _PLACES.items()
        for match in re.finditer(pattern, claims)
    ]
    for match, new in random.Random(seed).sample(places, count):
        before, after = text[: match.start()], text[match.end() :]
        yield f"{before[-30:]}[{match[0]}→{new}]{after[:15]}", before + new + after


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("004.rnn-vector", "layer"), ("002.two-layer", "layer"), ("003.mini-batch", "layer"),
        ("003.adam", "named"), ("003.adadelta", "named"), ("004.bptt-2", "named"),
    ],
)  # fmt: skip
def test_a_slip_anywhere_is_reported(name: str, depth: str) -> None:
    unnoticed = [
        where
        for where, text in slips(printed(name, depth), 5, 40)
        if not complaints(text, name, depth)
    ]
    assert unnoticed == []


def test_a_dropped_line_is_reported() -> None:
    """But for what is given, which nothing else in the solution repeats."""
    texts = (("003.adam", "named"), ("004.bptt-2", "named"), ("003.mini-batch", "layer"))
    for name, depth in texts:
        lines = printed(name, depth).split("\n")
        rows = [i for i, line in enumerate(lines) if line.strip()[:5] not in ("", "given")]
        shorter = {i: "\n".join(lines[:i] + lines[i + 1 :]) for i in rows}
        unnoticed = [lines[i] for i in rows if not complaints(shorter[i], name, depth)]
        assert unnoticed == []


# --- its own arithmetic -----------------------------------------------------------------------


class _Anything:
    def __contains__(self, name: object) -> bool:
        return True


def value(formula: str) -> Any:
    found = evaluate(parse(formula, _Anything()), lambda name: Decimal(len(name)))
    return found.tolist() if hasattr(found, "tolist") else found


@pytest.mark.parametrize(
    ("formula", "due"),
    [
        ("2 + 3·4 − 1", "13"), ("−2²", "-4"), ("(−2)²", "4"), ("2·3/4·5", "7.5"), ("2⁻¹", "0.5"),
        ("1.5·10⁻⁷", "1.5e-7"), ("2·1.5·10⁻⁷", "3e-7"), ("3/1.5·10⁻⁷", "2e-7"), ("|−3|·2", "6"),
        ("elu(1, alpha=0.5)", "1"), ("step(0, at_zero=1)", "1"), ("clip(3, 0, 1)", "1"),
        ("ln(exp(1) + exp(1)) − ln(2)", "1"), ("mod(−7, 3)", "2"), ("√(16)^0.5", "2"),
        ("sum([1, 2, 3])", "6"), ("mean([[1, 2], [3, 6]])", "3"), ("max([1, 4, 2])", "4"),
        ("[1, 2]·[3, 4]", "11"), ("mean(1, 2, 6)", "3"), ("prod([2, 3, 4])", "24"),
        ("log₂(8) + log₁₀(100)", "5"), ("erf(0) + gelu(0) + sin(0)", "0"), ("cos(0)", "1"),
    ],
)  # fmt: skip
def test_numbers(formula: str, due: str) -> None:
    assert abs(value(formula) - Decimal(due)) < Decimal("1e-25")


@pytest.mark.parametrize(
    ("formula", "due"),
    [
        ("[[1, 2], [3, 4]]·[5, 6]", [17, 39]),
        ("[[1, 2], [3, 4]]ᵀ·[5, 6]", [23, 34]),
        ("[5, 6]·[[1, 2], [3, 4]]", [23, 34]),
        ("[1, 2]·[3, 4]ᵀ", [[3, 4], [6, 8]]),
        ("[1, 2] ⊙ [3, 4]", [3, 8]),
        ("2·[1, 2] + 1", [3, 5]),
        ("[[1, 2], [3, 4]] − [1, 1]", [[0, 1], [2, 3]]),
        ("[1, 4]/2", [Decimal("0.5"), 2]),
        ("column_sums([[1, 2], [3, 4]])", [4, 6]),
        ("row_max([[1, 2], [3, 4]])", [2, 4]),
        ("[1, 2]·[[1, 2], [3, 4]]·[[1, 0], [0, 2]]", [7, 20]),
        ("relu([−1, 2])", [0, 2]),
        ("max([1, 5], [3, 4])", [3, 5]),
        ("[−1, 2]²", [1, 4]),
    ],
)
def test_arrays_follow_the_textbook(formula: str, due: Any) -> None:
    assert value(formula) == due
    entries = np.array(expanded(parse(formula, ()), str), dtype=object).ravel()
    apart = [evaluate(entry, str) for entry in entries]
    assert apart == np.array(due, dtype=object).ravel().tolist()


@pytest.mark.parametrize(
    "formula",
    [
        "", "2 +", "2 3", "(2", "2)", "2·", "·2", "02", "[1, 2", "[[1, 2], [3]]",
        "[1, 2]ᵀ + 1", "[1, 2] + [1, 2, 3]",
        "2 ⊙ [1, 2]", "[[1, 2]]·[1, 2, 3]", "elu(1, 0.5)", "mod(1)",
        "column_sums([1, 2])",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(NotAFormula):
        value(formula)
