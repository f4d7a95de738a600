"""Any text as TeX: only ASCII comes out, and nothing in it is a command of the text's own."""

from __future__ import annotations

import re

import pytest

from viz.printers.tex_signs import greek, math, shortened, text

# Every macro that may stand for a character.
MACROS = {
    "backslash", "lbrace", "rbrace", "sim", "wedge", "vert", "ast", "cdot", "times", "div",
    "pm", "partial", "nabla", "infty", "odot", "surd", "Sigma", "approx", "neq", "leq", "geq",
    "leftarrow", "rightarrow", "ldots", "circ", "ell", "in", "text", "mathrm", "acute", "grave",
    "hat", "tilde", "bar", "breve", "dot", "ddot", "check", "textbackslash", "textasciitilde",
    "textasciicircum", "textless", "textgreater", "textbar", "char", "u", "v",
}  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "in_formula", "in_text"),
    [
        ("a", "a", "a"),
        ("7", "7", "7"),
        ("%", r"\%", r"\%"),
        ("#", r"\#", r"\#"),
        ("&", r"\&", r"\&"),
        ("$", r"\$", r"\$"),
        ("_", r"\_", r"\_"),
        ("{", r"\lbrace ", r"\{"),
        ("}", r"\rbrace ", r"\}"),
        ("^", r"{\wedge}", r"\textasciicircum{}"),
        ("~", r"{\sim}", r"\textasciitilde{}"),
        ("\\", r"\backslash ", r"\textbackslash{}"),
        ("|", r"\vert ", r"\textbar{}"),
        ("<", "{<}", r"\textless{}"),
        ("+", "{+}", "+"),
        (" ", "~", " "),
        ("θ", r"\theta ", r"$\theta $"),
        ("−", "{-}", "${-}$"),
        ("é", r"\acute{e}", r"\'{e}"),
        ("ü", r"\ddot{u}", r"\"{u}"),
        ("₂", "{}_{2}", "${}_{2}$"),
        ("中", r"\mathrm{U{+}4E2D}\,", r"U+4E2D\,"),
        ("\n", r"\mathrm{U{+}000A}\,", r"U+000A\,"),
        ("\x1b", r"\mathrm{U{+}001B}\,", r"U+001B\,"),
        ("\u202e", r"\mathrm{U{+}202E}\,", r"U+202E\,"),
    ],
)
def test_signs(sign: str, in_formula: str, in_text: str) -> None:
    assert math(sign) == in_formula
    assert text(sign) == in_text


@pytest.mark.parametrize(
    ("letters", "macros"),
    [
        ("αβγδζηθικλμνξπρτυχψω",
         "alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho tau upsilon chi "
         "psi omega"),
        ("εσςφ", "varepsilon sigma varsigma varphi"),
        ("ΓΔΘΛΞΠΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"),
    ],
)  # fmt: skip
def test_greek(letters: str, macros: str) -> None:
    assert [greek(letter) for letter in letters] == [f"\\{macro} " for macro in macros.split()]


def test_greek_letters_that_look_latin() -> None:
    assert [greek(letter) for letter in "ΑΒΧο"] == [
        r"\mathrm{A}", r"\mathrm{B}", r"\mathrm{X}", "o",
    ]  # fmt: skip


def test_every_character_is_harmless() -> None:
    """Balanced braces, ASCII, and no macro but those that stand for characters."""
    signs = [chr(code) for code in (*range(0x2FF), *range(0x2000, 0x2300))]
    known = MACROS | {greek(sign).strip(" \\") for sign in map(chr, range(0x391, 0x3CA))}
    for sign in [*signs, "\ud800", "\U0001f600", "\uffff"]:
        for written in (math(sign), text(sign)):
            assert written.isascii(), sign
            assert written.isprintable(), sign
            bare = re.sub(r"\\[^A-Za-z]", "", written)
            assert bare.count("{") == bare.count("}"), sign
            assert set(re.findall(r"\\([A-Za-z]+)", written)) <= known, sign
            assert not set("%#") & set(bare), sign


def test_short_names_stay() -> None:
    assert shortened("n" * 40) == "n" * 40
    assert shortened("begin" + "n" * 10_000 + "end").startswith("begin")
    assert shortened("begin" + "n" * 10_000 + "end").endswith("end")
    assert len(shortened("n" * 10_000)) == 40
