"""Any text as TeX: what is special to TeX is escaped, what it may not know is spelled out.

Only ASCII comes out, so every TeX engine takes it: Greek and mathematical signs become macros, an
accented letter a letter under an accent, and any other character its code, U+4E2D.
"""

from __future__ import annotations

import unicodedata

__all__ = ["greek", "math", "shortened", "text"]

LONGEST_NAME = 40  # signs of a name that are shown
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

_ESCAPED = {sign: f"\\{sign}" for sign in "%#&$_{}"}
_TEXT = _ESCAPED | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\char34{}",
}  # fmt: skip
_MATH = _ESCAPED | {
    "\\": r"\backslash ", "{": r"\lbrace ", "}": r"\rbrace ", "~": r"{\sim}", "^": r"{\wedge}",
    "|": r"\vert ", "*": r"{\ast}", " ": "~", "<": r"{<}", ">": r"{>}", "'": r"{'}",
    "−": "{-}", "·": r"{\cdot}", "×": r"\times ", "÷": r"\div ", "±": r"\pm ", "∂": r"\partial ",
    "∇": r"\nabla ", "∞": r"\infty ", "⊙": r"\odot ", "√": r"\surd ", "∑": r"\Sigma ",
    "≈": r"\approx ", "≠": r"\neq ", "≤": r"\leq ", "≥": r"\geq ", "←": r"\leftarrow ",
    "→": r"\rightarrow ", "′": r"{'}", "…": r"\ldots ", "°": r"{}^{\circ}", "ℓ": r"\ell ",
    "∈": r"\in ", "–": r"\text{--}", "—": r"\text{---}",
}  # fmt: skip
_MATH |= {sign: f"{{}}_{{{digit}}}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_MATH |= {sign: f"{{}}^{{{digit}}}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}

# Combining accents: the macro in a formula and the one in text.
_ACCENTS = {
    "\u0300": (r"\grave", r"\`"), "\u0301": (r"\acute", r"\'"), "\u0302": (r"\hat", r"\^"),
    "\u0303": (r"\tilde", r"\~"), "\u0304": (r"\bar", r"\="), "\u0306": (r"\breve", r"\u"),
    "\u0307": (r"\dot", r"\."), "\u0308": (r"\ddot", r'\"'), "\u030c": (r"\check", r"\v"),
}  # fmt: skip

_ITS_OWN_MACRO = {"σ": "sigma", "ς": "varsigma", "ε": "varepsilon", "φ": "varphi"}
_CAPITALS = {"Γ", "Δ", "Θ", "Λ", "Ξ", "Π", "Σ", "Υ", "Φ", "Ψ", "Ω"}
_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))  # TeX has no macro for these


def greek(sign: str) -> str:
    """The macro of a Greek letter, "" for any other sign.

    >>> greek("θ"), greek("Δ"), greek("φ"), greek("A")
    ('\\\\theta ', '\\\\Delta ', '\\\\varphi ', '')
    """
    if sign in _ITS_OWN_MACRO:
        return f"\\{_ITS_OWN_MACRO[sign]} "
    if sign in _LATIN:
        return rf"\mathrm{{{_LATIN[sign]}}}" if sign != "ο" else "o"
    words = unicodedata.name(sign, "").split()
    if words[:1] != ["GREEK"] or len(words) != 4:
        return ""
    name = words[3].lower().replace("lamda", "lambda")
    if words[1] == "SMALL":
        return f"\\{name} "
    return f"\\{name.capitalize()} " if sign in _CAPITALS else ""


def math(words: str) -> str:
    """Text as part of a formula.

    >>> math("50%"), math("x_α"), math("é"), math("中")
    ('50\\\\%', 'x\\\\_\\\\alpha ', '\\\\acute{e}', '\\\\mathrm{U{+}4E2D}\\\\,')
    """
    return "".join(map(_math_sign, words))


def _math_sign(sign: str) -> str:
    if sign in _PLAIN:
        return sign
    if found := _MATH.get(sign) or greek(sign):
        return found
    if "!" <= sign <= "~":
        return f"{{{sign}}}"  # no space around a + inside a name
    letter, accent = _taken_apart(sign)
    if accent:
        return f"{_ACCENTS[accent][0]}{{{letter}}}"
    return rf"\mathrm{{U{{+}}{ord(sign):04X}}}\,"


def text(words: str) -> str:
    """Text outside formulas.

    >>> text("50% of {a_b}"), text("café"), text("2 × 3")
    ('50\\\\% of \\\\{a\\\\_b\\\\}', "caf\\\\'{e}", '2 $\\\\times $ 3')
    """
    return "".join(map(_text_sign, words))


def _text_sign(sign: str) -> str:
    if sign in _TEXT:
        return _TEXT[sign]
    if " " <= sign <= "~":
        return sign
    if found := _MATH.get(sign) or greek(sign):
        return f"${found}$"
    letter, accent = _taken_apart(sign)
    return f"{_ACCENTS[accent][1]}{{{letter}}}" if accent else rf"U+{ord(sign):04X}\,"


def _taken_apart(sign: str) -> tuple[str, str]:
    """é as e and its accent; the accent is "" where the sign is nothing of that kind."""
    bare = unicodedata.normalize("NFD", sign)
    if len(bare) == 2 and bare[0] in _PLAIN and bare[1] in _ACCENTS:
        return bare[0], bare[1]
    return sign, ""


def shortened(name: str) -> str:
    """A name of a reasonable length: of a longer one the beginning and the end.

    >>> shortened("a" * 50)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaa…aaaaaaaaaaaa'
    """
    if len(name) <= LONGEST_NAME:
        return name
    end = LONGEST_NAME // 3 - 1
    return f"{name[: LONGEST_NAME - end - 1]}…{name[-end:]}"
