"""How wide a formula in TeX is, about, and where it may be broken into lines.

This reads the TeX that `latex` writes, no more of the language than that. Widths are in em of
Computer Modern, rounded up: a line that is judged to fit does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

__all__ = ["MOST_FACTORS", "Room", "filled", "kinds_outside", "width"]

MOST_FACTORS = 4  # of a product in one line
SMALL = 0.75  # of a subscript or exponent
TALL_BRACKETS = 1.2  # a pair, and the space around it
LEVELS = 6  # how hard a formula is cut, from between its terms to anywhere

Kind = Literal["", "relation", "sign", "dot", "slash", "comma", "open", "close"]

_TOKEN = re.compile(r"\\begin\{(\w+)\}|\\end\{\w+\}|\\[A-Za-z]+ ?|\\.|[^\\]", re.DOTALL)
_KINDS: dict[str, Kind] = {
    "=": "relation", r"\approx": "relation", r"\leftarrow": "relation",
    "+": "sign", "-": "sign", r"\cdot": "dot", r"\odot": "dot", ",": "comma", "/": "slash",
    "(": "open", "[": "open", r"\lvert": "open", ")": "close", "]": "close", r"\rvert": "close",
}  # fmt: skip
_SPACES = {"relation": 0.56, "sign": 0.45, "dot": 0.45, "comma": 0.17}
_WIDTHS = {
    "=": 0.78, r"\approx": 0.78, r"\leftarrow": 1.0, "+": 0.78, "-": 0.78, r"\cdot": 0.28,
    r"\odot": 0.78, r"\quad": 1.0, r"\qquad": 2.0, r"\infty": 1.0, r"\vert": 0.28, "~": 0.34,
    r"\biggl": 0.3, r"\biggr": 0.3, r"\Biggl": 0.35, r"\Biggr": 0.35,
    "(": 0.39, ")": 0.39, "[": 0.28, "]": 0.28, ",": 0.28, ".": 0.28, " ": 0.0, "m": 0.88,
    "w": 0.72, "M": 0.97, "W": 0.95, "i": 0.35, "j": 0.42, "l": 0.3, "&": 0.0,
    r"\max": 1.95, r"\min": 1.8, r"\exp": 1.6, r"\ln": 0.95, r"\log": 1.35, r"\tanh": 2.2,
    r"\arcsin": 3.0, r"\arccos": 3.0, r"\arctan": 3.1, r"\sinh": 2.0, r"\cosh": 2.1,
    r"\cdots": 1.3, r"\vdots": 0.3, r"\ddots": 1.3, r"\textstyle": 0.0, r"\sum": 1.5,
    r"\sin": 1.3, r"\cos": 1.4, r"\tan": 1.5, r"\lvert": 0.28, r"\rvert": 0.28,
}  # fmt: skip
_HOLDERS = {  # macros with one argument, and what they add to its width
    r"\mathrm": 0.0, r"\mathit": 0.0, r"\mathtt": 0.0, r"\operatorname": 0.17, r"\text": 0.0,
    r"\hat": 0.0, r"\bar": 0.0, r"\tilde": 0.0, r"\dot": 0.0, r"\acute": 0.0, r"\grave": 0.0,
    r"\ddot": 0.0, r"\check": 0.0, r"\breve": 0.0, r"\sqrt": 0.9, r"\underline": 0.0,
}  # fmt: skip


class Atom(NamedTuple):
    """A sign of the outermost level with all it holds."""

    text: str
    width: float
    kind: Kind


@lru_cache(maxsize=4096)
def width(tex: str) -> float:
    r"""The width of a formula in em.

    >>> width("a + b") < width(r"\mathit{apple} + b") < width(r"\frac{\mathit{apple}}{b} + b")
    True
    """
    return sum(atom.width for atom in _atoms(tex))


def kinds_outside(tex: str) -> set[str]:
    r"""The kinds of sign that stand in a formula outside brackets.

    >>> kinds_outside(r"(a + b) \cdot c")
    {'dot'}
    """
    found: set[str] = set()
    depth = 0
    for atom in _atoms(tex):
        depth += (atom.kind == "open") - (atom.kind == "close")
        if depth == 0 and atom.kind not in ("", "close"):
            found.add(atom.kind)
    return found


def _atoms(tex: str) -> list[Atom]:
    tokens = [(match[0], match[1]) for match in _TOKEN.finditer(tex)]
    found: list[Atom] = []
    place = 0
    while place < len(tokens):
        atom, place = _atom(tokens, place)
        unary = atom.text.strip() == "-" and (not found or found[-1].kind not in ("", "close"))
        if unary:  # a minus in front, and no place to break
            atom = Atom(atom.text, _WIDTHS["-"], "")
        if found and atom.kind == "" and not atom.text.strip():  # a blank belongs to what precedes
            found[-1] = found[-1]._replace(text=found[-1].text + atom.text)
        else:
            found.append(atom)
    return found


def _atom(tokens: list[tuple[str, str | None]], place: int) -> tuple[Atom, int]:
    token, environment = tokens[place]
    name = token.strip()
    place += 1
    if environment:
        return _matrix(tokens, place, token)
    if token == "{":
        inside, place = _group(tokens, place - 1)
        return Atom(f"{{{inside}}}", width(inside), ""), place
    if token in ("^", "_"):
        inside, place = _group(tokens, place)
        return Atom(f"{token}{{{inside}}}", SMALL * width(inside), ""), place
    if name == r"\left":
        return _held_together(tokens, place - 1)
    if name in (r"\frac", r"\dfrac", r"\underbrace"):
        first, place = _group(tokens, place)
        if name == r"\underbrace":
            place += 1  # the _ after it
        second, place = _group(tokens, place)
        joint, small = ("", 1.0) if name != r"\underbrace" else ("_", SMALL)
        wide = max(width(first), small * width(second)) + 0.3
        return Atom(f"{token}{{{first}}}{joint}{{{second}}}", wide, ""), place
    if name == r"\hspace":
        inside, place = _group(tokens, place)
        return Atom(f"{token}{{{inside}}}", float(inside.removesuffix("em")), ""), place
    if name in _HOLDERS:
        inside, place = _group(tokens, place)
        wide = _words(inside) if name == r"\text" else width(inside)
        return Atom(f"{token}{{{inside}}}", wide + _HOLDERS[name], ""), place
    kind = _KINDS.get(name, "")
    return Atom(token, _sign_width(name or token) + _SPACES.get(kind, 0.0), kind), place


def _sign_width(sign: str) -> float:
    if sign in _WIDTHS:
        return _WIDTHS[sign]
    if sign.startswith("\\"):
        return 0.75
    return 0.76 if sign.isupper() else 0.5 if sign.isdigit() else 0.6


def _words(words: str) -> float:
    return 0.5 * len(re.sub(r"\\[A-Za-z]+|[\\{}$]", "", words))


def _group(tokens: list[tuple[str, str | None]], place: int) -> tuple[str, int]:
    """What stands in the braces that open at `place`, or a single sign; and the place after."""
    if tokens[place][0] != "{":
        return tokens[place][0], place + 1
    depth, start = 0, place
    while True:
        depth += (tokens[place][0] == "{") - (tokens[place][0] == "}")
        place += 1
        if depth == 0:
            return "".join(token for token, _ in tokens[start + 1 : place - 1]), place


def _matrix(tokens: list[tuple[str, str | None]], place: int, opening: str) -> tuple[Atom, int]:
    """A matrix: its columns are as wide as their widest entries."""
    rows, body = [[""]], ""
    while not tokens[place][0].startswith(r"\end"):
        token = tokens[place][0]
        body += token
        if token == "&":
            rows[-1].append("")
        elif token.strip() in (r"\\", r"\cr"):
            rows.append([""])
        else:
            rows[-1][-1] += token
        place += 1
    columns = [max(map(width, column)) for column in zip(*rows, strict=False)]
    wide = sum(columns) + len(columns) + 0.5
    return Atom(opening + body + tokens[place][0], wide, ""), place + 1


def _held_together(tokens: list[tuple[str, str | None]], place: int) -> tuple[Atom, int]:
    """What stands between \\left and its \\right, with the two brackets."""
    depth, start = 0, place
    while True:
        name = tokens[place][0].strip()
        depth += (name == r"\left") - (name == r"\right")
        place += 1
        if depth == 0:
            break
    inside = "".join(token for token, _ in tokens[start + 2 : place - 1])
    whole = "".join(token for token, _ in tokens[start : place + 1])
    return Atom(whole, width(inside) + TALL_BRACKETS, ""), place + 1


# --- breaking ---------------------------------------------------------------------------------


class _Piece(NamedTuple):
    text: str
    width: float
    first: bool  # stands at the beginning of a line
    is_sign: bool  # begins with a sign between two operands


class Room(NamedTuple):
    """How much fits in a line: em, and characters of TeX."""

    em: float
    characters: int = 100_000


def filled(parts: Iterable[str], room: Room) -> list[str]:
    r"""The parts of a chain ("= 2·y", "= 1", …) in lines that fit.

    A line is broken before a relation, else before a term, else before a factor or after a comma,
    and a product after its fourth factor. A part that must be cut begins a line.

    >>> filled(["a", "= b + c", "= d"], Room(4.0))
    ['a', '= b + c', '= d']
    """
    lines: list[str] = []
    line, used = "", 0.0
    for part in parts:
        pieces = _pieces(part, room)
        for i, piece in enumerate(pieces):
            full = used + piece.width > room.em or len(line) + len(piece.text) > room.characters
            if line and (piece.first or full or (i == 0 and len(pieces) > 1)):
                lines.append(line.strip())
                line, used = "", 0.0
            line += (piece.text if line else _begun(piece)) + " "
            used += piece.width
    return [*lines, line.strip()]


def _begun(piece: _Piece) -> str:
    """A piece at the beginning of a line: TeX must be told which sign has two operands."""
    if piece.is_sign:
        return f"{{}} {piece.text}"
    return "{-}" + piece.text[1:] if piece.text.startswith("-") else piece.text


def _pieces(part: str, room: Room) -> list[_Piece]:
    """The part, cut no more than it must be."""
    pieces = [*_by_factors(_atoms(part))]
    for level in range(LEVELS):
        pieces = [
            smaller
            for piece in pieces
            for smaller in ([piece] if _fits(piece[0], room) else _cut(piece, level))
        ]
    return [
        _Piece(
            "".join(atom.text for atom in atoms).strip(),
            _measure(atoms),
            first,
            bool(atoms) and atoms[0].kind in ("sign", "dot"),
        )
        for atoms, first in pieces
    ]


def _fits(atoms: list[Atom], room: Room) -> bool:
    return _measure(atoms) <= room.em and sum(len(a.text) for a in atoms) <= room.characters


def _measure(atoms: list[Atom]) -> float:
    return sum(atom.width for atom in atoms)


def _by_factors(atoms: list[Atom]) -> Iterator[tuple[list[Atom], bool]]:
    """Cut outside brackets before every fifth factor of a product."""
    depth = factors = start = 0
    first = False
    for i, atom in enumerate(atoms):
        depth += (atom.kind == "open") - (atom.kind == "close")
        if depth == 0 and atom.kind in ("sign", "relation"):
            factors = 0
        if depth == 0 and atom.kind == "dot":
            factors += 1
            if factors == MOST_FACTORS:
                yield atoms[start:i], first
                start, first, factors = i, True, 0
    yield atoms[start:], first


def _cut(piece: tuple[list[Atom], bool], level: int) -> Iterator[tuple[list[Atom], bool]]:
    """Cut at terms (level 0), factors (1), then the same and commas ever deeper in brackets."""
    atoms, first = piece
    deepest, factors = divmod(level, 2)
    if level == LEVELS - 1:
        deepest = len(atoms)
    depth = start = 0
    for i, atom in enumerate(atoms):
        depth += (atom.kind == "open") - (atom.kind == "close")
        after_comma = i > 0 and atoms[i - 1].kind == "comma" and level > 0
        before = atom.kind == "sign" or (bool(factors) and atom.kind in ("dot", "slash"))
        if i > start and depth <= deepest and (before or after_comma):
            yield atoms[start:i], first
            start, first = i, False
    yield atoms[start:], first
