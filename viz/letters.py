"""How a name is read as mathematics: Greek letters, accents, primes, subscripts, indices.

Only the reading stands here; each dialect of `notation` writes the pieces in its own way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .digits import RAISED

__all__ = ["AsTyped", "Letters", "letters", "pretty_name"]


class AsTyped(str):
    """A name that is not typeset, since another one would then look like it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Letters:
    """The pieces of a name: ŵ2_t′[0] is stem w, accents (hat), digits 2, subscripts (t), …

    `stem` holds letters, a Greek name replaced by its letter; `digits` follow it directly.
    `accents` are names: "hat", "bar", "tilde", "dot". `index` is what stands in brackets. `copy`
    numbers the later of many quantities with one name: h⁽⁵⁾.
    """

    stem: str
    accents: tuple[str, ...] = ()
    digits: str = ""
    subscripts: tuple[str, ...] = ()
    primes: int = 0
    copy: str = ""
    index: str = ""


_GREEK = {
    name: chr(code)
    for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA))
    if (words := unicodedata.name(chr(code), "").split())
    and words[-2:-1] == ["LETTER"]
    for name in [words[-1].lower() if words[1] == "SMALL" else words[-1].capitalize()]
}
_GREEK["lambda"] = _GREEK.pop("lamda")
_GREEK["Lambda"] = _GREEK.pop("Lamda")
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_COMBINING = {sign: name for name, sign in ACCENTS.items()}
_NAME = re.compile(
    r"(?P<head>.*?)(?P<primes>['′]*)(?:\[(?P<index>[^\[\]]*)\])?"
    r"(?:(?P<later>′*)|⁽(?P<copy>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾)",
    re.S,
)
_PLAIN = {raised: plain for plain, raised in RAISED.items()}
_LOWERED = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


@lru_cache(typed=True, maxsize=4096)
def letters(name: str) -> Letters:
    """Read a name.

    >>> letters("y_hat"), letters("theta2_t'[1]")  # doctest: +NORMALIZE_WHITESPACE
    (Letters(stem='y', accents=('hat',), digits='', subscripts=(), primes=0, copy='', index=''),
     Letters(stem='θ', accents=(), digits='2', subscripts=('t',), primes=1, copy='', index='1'))
    """
    if isinstance(name, AsTyped):
        return Letters(name)
    match = _NAME.fullmatch(name)
    assert match is not None
    head, index = match["head"], match["index"] or ""
    primes = len(match["primes"]) + len(match["later"] or "")
    copy = (match["copy"] or "").translate(_PLAIN)
    first, *rest = head.split("_")
    plain = first.rstrip("0123456789")
    if not plain or not all(rest):
        return Letters(head, primes=primes, copy=copy, index=index)
    stem = _GREEK.get(plain, plain)
    accents: list[str] = []
    bare = unicodedata.normalize("NFD", stem)
    if len(bare) == 2 and bare[1] in _COMBINING:  # a typed ŷ
        stem, accents = bare[0], [_COMBINING[bare[1]]]
    subscripts = []
    for word in rest:
        if word in ACCENTS and len(stem) == 1:
            accents.append(word)
        else:
            subscripts.append(word)
    digits = first[len(plain) :]
    return Letters(stem, tuple(accents), digits, tuple(subscripts), primes, copy, index)


@lru_cache(typed=True, maxsize=4096)
def pretty_name(name: str) -> str:
    """A name as mathematics writes it in plain text.

    >>> [pretty_name(n) for n in ("alpha_1", "theta2", "y_hat", "w2_0", "z[1]", "W_xh")]
    ['α₁', 'θ2', 'ŷ', 'w2₀', 'z[1]', 'Wₓₕ']
    """
    piece = letters(name)
    text = unicodedata.normalize("NFC", piece.stem + "".join(ACCENTS[a] for a in piece.accents))
    text += piece.digits
    for subscript in piece.subscripts:
        lowered = subscript.translate(_LOWERED)
        if any(sign in lowered for sign in subscript):  # not all of it can be lowered
            lowered = f"_{subscript}"
        text += lowered
    index = piece.index.replace(", ", ",")  # W[0,1] is one word: no line is broken in it
    if piece.copy:
        text += f"⁽{piece.copy.translate(RAISED)}⁾"
    return text + "′" * piece.primes + (f"[{index}]" if index else "")
