"""Printed formulas, read and evaluated with mpmath: the grammar that the line checker knows.

    sum       product + product − product …
    product   signed · signed / signed mod signed …      from left to right
    signed    −signed | power
    power     atom², atom⁻¹, atom^atom
    atom      12.5 | 1.5·10⁻⁷ | name | dL/dx | ∂L/∂x | f(sum, …) | (sum) | |sum|

Nothing of the packages is used here: what a function means is written down once more.
"""

from __future__ import annotations

import inspect
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import mpmath

__all__ = [
    "PIECES", "NotAFormula", "Real", "Tree", "evaluate", "flat", "mp", "names_in", "parsed",
    "plain", "subtrees",
]  # fmt: skip

mp = mpmath.mp.clone()
mp.dps = 80

Real = Any  # an mpf


# --- formulas ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tree:
    """A formula: `head` is "number", "name", "derivative", or an operation on `parts`."""

    head: str
    parts: tuple[Tree, ...] = ()
    name: str = ""  # of a name; of the derivative's numerator
    by: str = ""
    direct: bool = False
    number: Real = None
    half: Real = field(default=None, compare=False)  # half a unit of the last printed place
    digits: int = field(default=0, compare=False)  # significant digits printed


@lru_cache(maxsize=20_000)
def numeral(text: str) -> Tree:
    """A printed number, 0.0910, 12346 or 1.5·10⁻⁷."""
    mantissa, _, power = text.partition("·10")
    exponent = int(power.translate(_LEVEL)) if power else 0
    decimals = len(mantissa.partition(".")[2])
    return Tree(
        "number",
        number=mp.mpf(f"{mantissa}e{exponent}"),
        half=mp.mpf(f"0.5e{exponent - decimals}"),
        digits=len(mantissa.replace(".", "").lstrip("0")),
    )


_LEVEL = str.maketrans(
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789-0123456789aehijklmnoprstuvx"
)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_LOWERED = "₀-₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_ACCENTS = {"\u0302": "_hat", "\u0304": "_bar", "\u0303": "_tilde"}


def plain(name: str) -> str:
    """A printed name as one types it: θ1 → theta1, w2₀ → w2_0, ŷ → y_hat."""
    written = ""
    for sign in unicodedata.normalize("NFD", name):
        spelled = unicodedata.name(sign, "").partition(" LETTER ")
        if sign in _ACCENTS:
            written += _ACCENTS[sign]
        elif spelled[0] == "GREEK SMALL":
            written += spelled[2].lower().replace("lamda", "lambda")
        elif spelled[0] == "GREEK CAPITAL":
            written += spelled[2].capitalize().replace("Lamda", "Lambda")
        else:
            written += sign
    return re.sub(f"[{_LOWERED}]+", lambda m: "_" + m[0].translate(_LEVEL), written)


# --- evaluating -------------------------------------------------------------------------------


def _divided(a: Real, b: Real) -> Real:
    if b == 0:
        return mp.nan if a == 0 else mp.inf * a
    return a / b


def _real(x: Real) -> Real:
    """A power of a negative base, or the root of a negative number, is no real number."""
    return mp.nan if mp.im(x) else mp.re(x)


def _power(a: Real, b: Real) -> Real:
    return mp.inf if a == 0 and b < 0 else _real(a**b)


def _logarithm(x: Real) -> Real:
    if x <= 0:
        return mp.ninf if x == 0 else mp.nan
    return mp.log(x)


SMOOTH: dict[str, Callable[..., Real]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": _divided,
    "pow": _power,
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "sum": lambda *xs: mp.fsum(xs),
    "mean": lambda *xs: mp.fsum(xs) / len(xs),
    "exp": lambda x: mp.exp(x),
    "expm1": lambda x: mp.expm1(x),
    "log": _logarithm,
    "log2": lambda x: _logarithm(x) / mp.log(2),
    "log10": lambda x: _logarithm(x) / mp.log(10),
    "sqrt": lambda x: _real(mp.sqrt(x)),
    "tanh": lambda x: mp.tanh(x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
}

# Functions of pieces: which piece the operands are on, and its formula.
PIECES: dict[str, tuple[Callable[..., Any], Callable[..., Real]]] = {
    "relu": (lambda x: x > 0, lambda on, x: x if on else mp.mpf(0)),
    "elu": (
        lambda x, alpha=1: x >= 0,
        lambda on, x, alpha=1: x if on else alpha * mp.expm1(x),
    ),
    "abs": (lambda x: mp.sign(x), lambda sign, x: sign * x),
    "sign": (lambda x: mp.sign(x), lambda sign, x: sign),
    "step": (
        lambda x, at_zero=0: mp.sign(x),
        lambda sign, x, at_zero=0: at_zero if sign == 0 else mp.mpf(sign > 0),
    ),
    "floor": (lambda x: mp.floor(x), lambda floor, x: floor),
    "mod": (lambda a, b: mp.floor(_divided(a, b)), lambda floor, a, b: a - b * floor),
    "where": (lambda c, a, b: c != 0, lambda taken, c, a, b: a if taken else b),
    "max": (
        lambda *xs: [i for i, x in enumerate(xs) if x == max(xs)],
        lambda best, *xs: mp.fsum(xs[i] for i in best) / len(best) if best else mp.nan,
    ),
    "min": (
        lambda *xs: [i for i, x in enumerate(xs) if x == min(xs)],
        lambda best, *xs: mp.fsum(xs[i] for i in best) / len(best) if best else mp.nan,
    ),
}
CALLED = {"σ": "sigmoid", "ln": "log", "log₂": "log2", "log₁₀": "log10", "√": "sqrt"}
_INFIX = ("add", "sub", "mul", "div", "pow", "neg", "identity", "log", "log2", "log10", "sqrt")
CALLED |= {name: name for name in (*SMOOTH, *PIECES) if name not in _INFIX}


def evaluate(
    tree: Tree,
    names: Mapping[str, Real],
    pieces: dict[int, Any] | None = None,
    derivative: Callable[[str, str, bool], Real] | None = None,
) -> Real:
    """The formula's value; `pieces` holds on to the pieces chosen when it was empty."""
    match tree.head:
        case "number":
            return tree.number
        case "name":
            return names[tree.name]
        case "derivative":
            assert derivative is not None
            return derivative(tree.name, tree.by, tree.direct)
    operands = [evaluate(part, names, pieces, derivative) for part in tree.parts]
    if tree.head in SMOOTH:
        return SMOOTH[tree.head](*operands)
    choose, piece = PIECES[tree.head]
    if pieces is None:
        return piece(choose(*operands), *operands)
    if id(tree) not in pieces:
        pieces[id(tree)] = choose(*operands)
    return piece(pieces[id(tree)], *operands)


def names_in(tree: Tree) -> Iterator[str]:
    """The quantities that a formula uses."""
    if tree.head == "name":
        yield tree.name
    for part in tree.parts:
        yield from names_in(part)


def subtrees(tree: Tree) -> Iterator[Tree]:
    yield tree
    for part in tree.parts:
        yield from subtrees(part)


_GROUPS = {"add": ("+", "+"), "sub": ("+", "-"), "mul": ("*", "*"), "div": ("*", "/")}
_OPPOSITE = str.maketrans("+-*/", "-+/*")


def flat(tree: Tree) -> list[tuple[str, Tree]]:
    """The terms of a sum or the factors of a product, however they are bracketed.

    Anything else gives its operands. Each comes with the sign before it.
    """
    if tree.head not in _GROUPS:
        return [(tree.head, part) for part in tree.parts]
    found = []
    for sign, part in zip(_GROUPS[tree.head], tree.parts, strict=True):
        if _GROUPS.get(part.head, " ")[0] == _GROUPS[tree.head][0]:
            turned = sign in "-/"
            found += [(s.translate(_OPPOSITE) if turned else s, p) for s, p in flat(part)]
        else:
            found.append((sign, part))
    return found


# --- reading a formula ------------------------------------------------------------------------

_NUMBER = re.compile(rf"∞|\d+(?:\.\d+)?(?:·10[{_RAISED}]+)?")
_NAME = re.compile(
    rf"(?:(?![{_RAISED}\d])[\w√])(?:(?![{_RAISED}])[\w′\u0302-\u0304])*(?:\[[\d, ]+\])?"
)
_DERIVATIVE = re.compile(rf"([d∂])({_NAME.pattern})/\1({_NAME.pattern})")
_OPTION = re.compile(r"(?:at_zero|alpha|slope|low|high)=")
_SUPERSCRIPT = re.compile(rf"[{_RAISED}]+")


def _negative(number: Tree) -> Tree:
    return Tree("number", number=-number.number, half=number.half, digits=number.digits)


class NotAFormula(Exception):
    """What stands there is no formula of the printed language."""


class _Formula:
    """Parses one printed formula; `known` are the names that exist."""

    def __init__(self, text: str, known: frozenset[str]) -> None:
        self.text = text
        self.known = known
        self.at = 0

    def read(self) -> Tree:
        tree = self.sum()
        if self.at < len(self.text):
            raise NotAFormula(f"{self.text[self.at :]!r} is left over")
        return tree

    def take(self, sign: str) -> bool:
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) * found
        return found

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise NotAFormula(f"{sign!r} is missing before {self.text[self.at :]!r}")

    def sum(self) -> Tree:
        tree = self.product()
        while True:
            if self.take(" + "):
                tree = Tree("add", (tree, self.product()))
            elif self.take(" − "):
                tree = Tree("sub", (tree, self.product()))
            else:
                return tree

    def product(self) -> Tree:
        tree = self.signed()
        while True:
            for sign, head in (("·", "mul"), ("/", "div"), (" mod ", "mod")):
                if self.take(sign):
                    tree = Tree(head, (tree, self.signed()))
                    break
            else:
                return tree

    def signed(self) -> Tree:
        if not self.take("−"):
            return self.power()
        inner = self.signed()
        return _negative(inner) if inner.head == "number" else Tree("neg", (inner,))

    def power(self) -> Tree:
        base = self.atom()
        if match := _SUPERSCRIPT.match(self.text, self.at):
            self.at = match.end()
            sign, digits = match[0].startswith("⁻"), match[0].removeprefix("⁻")
            exponent = numeral(digits.translate(_LEVEL))
            return Tree("pow", (base, _negative(exponent) if sign else exponent))
        if self.take("^"):
            return Tree("pow", (base, self.atom()))
        return base

    def atom(self) -> Tree:
        if self.take("("):
            tree = self.sum()
            self.need(")")
            return tree
        if self.take("|"):
            tree = self.sum()
            self.need("|")
            return Tree("abs", (tree,))
        if match := _NUMBER.match(self.text, self.at):
            return self.number(match)
        if match := _DERIVATIVE.match(self.text, self.at):
            of, by = plain(match[2]), plain(match[3])
            if of in self.known and by in self.known:
                self.at = match.end()
                return Tree("derivative", name=of, by=by, direct=match[1] == "∂")
        if match := _NAME.match(self.text, self.at):
            self.at = match.end()
            if match[0] in CALLED and self.take("("):
                return self.call(CALLED[match[0]])
            if plain(match[0]) in self.known:
                return Tree("name", name=plain(match[0]))
            raise NotAFormula(f"{match[0]} is no quantity of the worksheet")
        raise NotAFormula(f"a number or a name is missing before {self.text[self.at :]!r}")

    def number(self, match: re.Match[str]) -> Tree:
        if match[0] == "∞":
            self.at = match.end()
            return Tree("number", number=mp.inf, half=mp.mpf(0), digits=99)
        text = match[0]
        mantissa, _, power = text.partition("·10")
        if power and (float(mantissa) >= 10 or -5 < int(power.translate(_LEVEL)) < 15):
            text = mantissa  # a product with a power of ten, no number in scientific notation
        self.at += len(text)
        if re.match(r"[\d.]", self.text[self.at : self.at + 1]):
            raise NotAFormula(f"{self.text[self.at :]!r} follows a number")
        if text.startswith("0") and text[1:2].isdigit():
            raise NotAFormula(f"{text} begins with a 0")
        return numeral(text)

    def call(self, head: str) -> Tree:
        operands = [self.sum()]
        while self.take(", "):
            if option := _OPTION.match(self.text, self.at):
                self.at = option.end()
            operands.append(self.sum())
        self.need(")")
        fewest, most = _takes(SMOOTH.get(head) or PIECES[head][0])
        if not fewest <= len(operands) <= most:
            raise NotAFormula(f"{head} does not take {len(operands)} operands")
        return Tree(head, tuple(operands))


def _takes(function: Callable[..., Real]) -> tuple[int, float]:
    """How many operands a function takes, at least and at most."""
    parameters = inspect.signature(function).parameters.values()
    many = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    needed = sum(p.default is p.empty and p.kind is not p.VAR_POSITIONAL for p in parameters)
    return needed + many, math.inf if many else len(parameters)


@lru_cache(maxsize=20_000)
def parsed(text: str, known: frozenset[str] = frozenset()) -> Tree:
    """A printed formula, in which the `known` names may stand; raises `NotAFormula`."""
    return _Formula(text, known).read()
