"""How names are read as mathematics."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import Value, Worksheet
from viz import explain
from viz.document import Names
from viz.letters import AsTyped, Letters, letters, pretty_name


@pytest.mark.parametrize(
    ("name", "pretty"),
    [
        ("w", "w"), ("w1", "w1"), ("w_1", "w₁"), ("w10_2", "w10₂"), ("W_xh", "Wₓₕ"),
        ("theta", "θ"), ("theta2_t", "θ2ₜ"), ("Theta", "Θ"), ("lambda", "λ"), ("Omega_0", "Ω₀"),
        ("alphabet", "alphabet"), ("eta", "η"), ("beta", "β"), ("zeta_eta", "ζₑₜₐ"),
        ("y_hat", "ŷ"), ("x_bar_1", "x̄₁"), ("theta_hat", "θ̂"), ("a_tilde", "ã"), ("x_dot", "ẋ"),
        ("loss_hat", "lossₕₐₜ"), ("ŷ_0", "ŷ₀"), ("W_q", "W_q"), ("L_CE", "L_CE"),
        ("x'", "x′"), ("x′′", "x′′"), ("x_1'", "x₁′"),
        ("x[0]", "x[0]"), ("W[0, 1]", "W[0,1]"), ("W_xh[0, 1]", "Wₓₕ[0,1]"), ("y_hat[2]", "ŷ[2]"),
        ("x'[0]", "x′[0]"), ("x[0]′", "x′[0]"), ("alpha_1[0, 2]", "α₁[0,2]"),
        ("_x", "_x"), ("x__1", "x__1"), ("x_", "x_"), ("重み", "重み"), ("x₀", "x₀"), ("1", "1"),
    ],
)  # fmt: skip
def test_names_in_plain_text(name: str, pretty: str) -> None:
    assert pretty_name(name) == unicodedata.normalize("NFC", pretty)


def test_the_pieces() -> None:
    assert letters("w2_t_hat'[0, 1]") == Letters(
        "w", ("hat",), "2", ("t",), primes=1, index="0, 1"
    )
    assert letters("x[0]′") == Letters("x", primes=1, index="0")
    assert letters(AsTyped("theta_1")) == Letters("theta_1")


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.one_of(st.text(min_size=1), st.from_regex(r"[a-z_]{1,8}\d?_?[a-z0-9]?'?(\[\d\])?")))
def test_any_name_is_read(name: str) -> None:
    assert pretty_name(name)
    assert pretty_name(AsTyped(name)) == unicodedata.normalize("NFC", name)


def test_what_looks_alike_stays_as_typed() -> None:
    """theta and θ, y_hat and ŷ: both as they were typed, entries and whole arrays too."""
    text = "theta = [1, 2]; θ = [3, 4]; y_hat = 5; ŷ = 6; L = sum(theta*θ)*y_hat*ŷ"
    for depth in ("named", "layer"):
        found = explain(Worksheet.parse(text), depth=depth).text(200)  # type: ignore[arg-type]
        assert "theta = [1, 2], θ = [3, 4], y_hat = 5, ŷ = 6" in found
    assert "L = sum(theta ⊙ θ)·y_hat·ŷ" in found
    assert "dL/dtheta" in found
    assert "dL/dθ" in found


def test_arrays_of_one_name_are_primed() -> None:
    text = "x = [1, 2]; x = [3*x[0], 4*x[1]]; x = 2*x; L = sum(x)"
    found = explain(Worksheet.parse(text), depth="layer").text(200)
    assert "x′′ = 2·x′" in found
    assert "dL/dx′′ = dL/dL·[1, 1]" in found
    assert "dL/dx′  = 2·dL/dx′′" in found
    assert "dL/dx   = dL/dx′ ⊙ [3, 4]" in found


def test_unnamed_nodes_are_counted_past_names_that_exist() -> None:
    nodes = [Value(1.0, "u1"), Value(2.0), Value(3.0, "u2[0]"), Value(4.0), Value(5.0, "w")]
    names = Names([*nodes, Value(6.0, "w")])
    assert [names(node) for node in nodes] == ["u1", "u3", "u2[0]", "u4", "w"]
