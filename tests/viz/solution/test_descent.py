"""Updates step by step: every rule and option against torch.optim, read from the page too."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from autograd_core.errors import DomainError
from autograd_core.worksheet import Worksheet
from tests.support.against_torch import torch
from tests.support.array_formulas import read_formula
from viz import explain
from viz.printers.text import print_text
from viz.solution.derivation import derive

PROBLEM = """W = [[1.5, -2], [0.25, 3]]; x = [0.5, -1]; b = 0.75; given(x)
z = tanh(W @ x + b); L = sum(z*z) + 0.1*b**2 + 0.05*sum(flatten(W*W))
"""

RULES: list[tuple[str, str, dict[str, Any]]] = [
    # the rule's options in a worksheet; the optimizer and its arguments in PyTorch
    ('rule="sgd"', "SGD", {}),
    ("momentum=0.9", "SGD", {"momentum": 0.9}),
    ('rule="momentum"', "SGD", {"momentum": 0.9}),
    ('rule="momentum", momentum=0.5', "SGD", {"momentum": 0.5}),
    ('rule="nesterov"', "SGD", {"momentum": 0.9, "nesterov": True}),
    ("momentum=0.8, nesterov=True", "SGD", {"momentum": 0.8, "nesterov": True}),
    ("momentum=0.8, dampening=0.3", "SGD", {"momentum": 0.8, "dampening": 0.3}),
    ("weight_decay=0.1", "SGD", {"weight_decay": 0.1}),
    ('rule="adagrad"', "Adagrad", {}),
    ('rule="adagrad", lr_decay=0.5', "Adagrad", {"lr_decay": 0.5}),
    ('rule="adagrad", initial_accumulator_value=0.2, eps=0.01, weight_decay=0.1', "Adagrad",
     {"initial_accumulator_value": 0.2, "eps": 0.01, "weight_decay": 0.1}),
    ('rule="rmsprop"', "RMSprop", {}),
    ('rule="rmsprop", alpha=0.5, eps=0.001', "RMSprop", {"alpha": 0.5, "eps": 0.001}),
    ('rule="rmsprop", centered=True', "RMSprop", {"centered": True}),
    ('rule="rmsprop", momentum=0.9, weight_decay=0.1', "RMSprop",
     {"momentum": 0.9, "weight_decay": 0.1}),
    ('rule="rmsprop", momentum=0.5, centered=True, alpha=0.8', "RMSprop",
     {"momentum": 0.5, "centered": True, "alpha": 0.8}),
    ('rule="adadelta"', "Adadelta", {}),
    ('rule="adadelta", rho=0.5, eps=0.01, weight_decay=0.1', "Adadelta",
     {"rho": 0.5, "eps": 0.01, "weight_decay": 0.1}),
    ('rule="adam"', "Adam", {}),
    ('rule="adam", betas=[0.9, 0.99]', "Adam", {"betas": (0.9, 0.99)}),
    ('rule="adam", betas=[0, 0.5], eps=0.01', "Adam", {"betas": (0.0, 0.5), "eps": 0.01}),
    ('rule="adam", weight_decay=0.1', "Adam", {"weight_decay": 0.1}),
    ('rule="amsgrad", betas=[0.5, 0.6]', "Adam", {"amsgrad": True, "betas": (0.5, 0.6)}),
    ('rule="adam", amsgrad=True', "Adam", {"amsgrad": True}),
    ('rule="adamw"', "AdamW", {}),
    ('rule="adamw", weight_decay=0.3, amsgrad=1', "AdamW", {"weight_decay": 0.3, "amsgrad": True}),
]  # fmt: skip
STEPS = 7


def in_torch(optimizer: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    """W, b and their gradients before each step, and W and b after the last."""
    t = torch()
    W = t.tensor([[1.5, -2.0], [0.25, 3.0]], dtype=t.float64, requires_grad=True)
    b = t.tensor(0.75, dtype=t.float64, requires_grad=True)
    x = t.tensor([0.5, -1.0], dtype=t.float64)
    steps = getattr(t.optim, optimizer)([W, b], lr=0.1, **options)
    found = []
    for _ in range(STEPS + 1):
        steps.zero_grad()
        z = t.tanh(W @ x + b)
        L = (z * z).sum() + 0.1 * b**2 + 0.05 * (W * W).sum()
        L.backward()
        found.append({
            "W": W.detach().numpy().copy(), "b": b.item(), "L": L.item(),
            "dL/dW": W.grad.numpy().copy(), "dL/db": b.grad.item(),
        })  # fmt: skip
        steps.step()
    return found


@pytest.mark.oracle
@pytest.mark.parametrize(("typed", "optimizer", "options"), RULES, ids=[r[0] for r in RULES])
def test_every_rule_is_pytorchs(typed: str, optimizer: str, options: dict[str, Any]) -> None:
    expected = in_torch(optimizer, options)
    update = f"update(L, W, b, lr=0.1, steps={STEPS}, print_every={STEPS}, {typed})"
    sheet = Worksheet.parse(PROBLEM + update)
    updates = derive(sheet).updates
    for step in (1, 2, 7):
        after = expected[step]
        assert updates["b"][step - 1] == pytest.approx(after["b"], rel=1e-9)
        for index in np.ndindex(2, 2):
            name = f"W[{index[0]}, {index[1]}]"
            assert updates[name][step - 1] == pytest.approx(after["W"][index], rel=1e-9)


def values_along(lines: list[str], numbers: dict[str, Any]) -> dict[str, Any]:
    """Read the lines `name ← formula = … = value` in order; every formula must give the value.

    What a line computes replaces what its name stood for, as in the program that it describes.
    """
    for line in lines:
        subject, formulas = re.split(" +← ", line.strip())
        parts = [read_formula(part, numbers) for part in re.split(" [=≈] ", formulas)]
        for part in parts:
            np.testing.assert_allclose(part, parts[-1], rtol=1e-9, atol=1e-12, err_msg=line)
        numbers[subject] = parts[-1]
    return numbers


@pytest.mark.oracle
@pytest.mark.parametrize(("typed", "optimizer", "options"), RULES, ids=[r[0] for r in RULES])
def test_every_printed_line_is_a_step_of_the_program(
    typed: str, optimizer: str, options: dict[str, Any]
) -> None:
    """The letters' values are printed above; the state begins at 0; then line after line."""
    expected = in_torch(optimizer, options)
    sheet = Worksheet.parse(f"{PROBLEM}update(L, W, b, lr=0.1, steps={STEPS}, {typed})")
    text = print_text(derive(sheet, depth="layer", digits=15), 100_000)
    section = re.sub(" +", " ", text[text.index("UPDATE") : text.index("CHECK")])
    head, *lines = section.strip().splitlines()
    letters = dict(item.split(" = ") for item in head.removeprefix("UPDATE").strip().split(", "))
    numbers: dict[str, Any] = {name: read_formula(text, {}) for name, text in letters.items()}
    step = -1
    for line in lines:
        if match := re.match(r" *step \d +L +[=] (.*)", line):
            step += 1
            assert read_formula(match[1], {}) == pytest.approx(expected[step]["L"], rel=1e-9)
            known = {**numbers, **{k: expected[step][k] for k in ("W", "b", "dL/dW", "dL/db")}}
            for name in ("v", "m", "u", "b"):
                start = options.get("initial_accumulator_value", 0.0) if name == "v" else 0.0
                known.setdefault(f"{name}_W", start)
                known.setdefault(f"{name}_b", start)
        else:
            known = values_along([line], known)
            numbers |= {k: v for k, v in known.items() if re.fullmatch(r"\w+_\w", k)}
    assert step == STEPS - 1
    np.testing.assert_allclose(known["W"], expected[STEPS]["W"], rtol=1e-9)
    assert known["b"] == pytest.approx(expected[STEPS]["b"], rel=1e-9)


# --- what is shown ----------------------------------------------------------------------------


def update_lines(text: str, **options: Any) -> list[str]:
    found = explain(Worksheet.parse(text), **options).text(200)
    start = found.index("UPDATE")
    end = min(i for word in ("CHECK", "FORWARD AGAIN") if (i := found.find(word, start)) > 0)
    return [re.sub(" +", " ", line).strip() for line in found[start:end].strip().splitlines()]


def test_single_entries_are_updated() -> None:
    text = "W = [[1, 2], [3, 4]]; x = [1, 2]; z = W @ x; L = sum(z*z); update(L, W[0, 1], lr=0.1)"
    for depth in ("named", "layer"):
        assert update_lines(text, depth=depth) == [
            "UPDATE η = 0.1", "W[0,1] ← W[0,1] − η·dL/dW[0,1] = 2 − 0.1·20 = 0",
        ]  # fmt: skip


def test_a_column_is_no_matrix() -> None:
    text = "W = [[1, 2], [3, 4]]; L = sum(W @ [1, 2]); update(L, W[:, 0], lr=0.5)"
    assert update_lines(text, depth="layer")[1:] == [
        "W[0,0] ← W[0,0] − η·dL/dW[0,0] = 1 − 0.5·1 = 0.5",
        "W[1,0] ← W[1,0] − η·dL/dW[1,0] = 3 − 0.5·1 = 2.5",
    ]


def test_several_updates_each_start_from_the_worksheet() -> None:
    text = "w = 2; L = w**2; update(L, w, lr=0.1); update(L, w, lr=0.25)"
    found = explain(Worksheet.parse(text)).text(200)
    assert "w ← w − η·dL/dw = 2 − 0.1·4 = 1.6" in found
    assert "w ← w − η·dL/dw = 2 − 0.25·4 = 1" in found


def test_print_every_shows_the_first_the_multiples_and_the_last() -> None:
    text = "w = 2; L = w**2; update(L, w, lr=0.1, steps=8, print_every=3)"
    assert [line.split()[1] for line in update_lines(text) if line.startswith("step")] == [
        "1", "3", "6", "8",
    ]  # fmt: skip
    assert len(explain(Worksheet.parse(text)).document.updates["w"]) == 8


def test_what_comes_from_outside_is_stepped_too() -> None:
    """w² from 2 with η = 0.25: halved in each step."""
    for text, values in (("L = w**2", {"w": 2.0}), ("L = sum(w*w)", {"w": [2.0]})):
        sheet = Worksheet.parse(f"{text}; update(L, w, lr=0.25, steps=3)", values)
        [numbers] = explain(sheet).document.updates.values()
        assert numbers == [1.0, 0.5, 0.25]


def test_of_a_name_assigned_twice_the_last_is_stepped() -> None:
    """L = y + x² with y = 4 from the first x; the later x goes 3, 1.5, 0.75 and y stays."""
    sheet = Worksheet.parse("x = 2; y = 2*x; x = 3; L = y + x**2; update(L, x, lr=0.25, steps=2)")
    document = explain(sheet).document
    assert document.updates["x"] == [1.5, 0.75]
    text = "x = 2; y = 2*x; x = 3; L = y + x**2; update(L, x, lr=0.25, steps=2)"
    assert "step 2 L = 6.25" in " ".join(update_lines(text))


def test_entries_that_the_output_does_not_use_stay() -> None:
    sheet = Worksheet.parse("E = [[1, 2], [3, 4]]; L = sum(E[1]*E[1]); update(L, E, lr=0.5)")
    updates = explain(sheet, depth="layer").document.updates
    assert updates == {"E[0, 0]": [1.0], "E[0, 1]": [2.0], "E[1, 0]": [0.0], "E[1, 1]": [0.0]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v = 3; L = v**2; update(L, v, lr=0.5, momentum=0.5)", "v′ ← dL/dv = 6"),
        ("eta = 3; L = eta**2; update(L, eta, lr=0.5)", "η ← η − η′·dL/dη = 3 − 0.5·6 = 0"),
        ("θ = 3; μ = 2; L = μ*θ**2; update(L, θ, lr=0.5, momentum=0.5)", "η = 0.5, μ′ = 0.5"),
        ("beta_1 = 3; L = beta_1**2; update(L, beta_1, lr=1, rule='adam')", "β₁′ = 0.9, β₂ = 0.9"),
        ("m = [3]; L = sum(m*m); update(L, m, lr=1, rule='adam')", "m′ ← β₁·m′ + (1 − β₁)·dL/dm"),
    ],
)
def test_letters_that_the_problem_uses_are_primed(text: str, expected: str) -> None:
    depth = "layer" if "[" in text else "named"
    assert expected in " | ".join(update_lines(text, depth=depth))


def test_a_step_into_the_infinite_is_refused() -> None:
    text = "w = 2; L = w**4; update(L, w, lr=1e200, steps=3)"
    with pytest.raises(DomainError, match=r"after step 1 of the update: .* try a smaller lr"):
        explain(Worksheet.parse(text))
