"""Judging one line: symbol = formula in symbols = with numbers = worked out = result.

    part in symbols   its value, to 50 digits, is the printed result to the last place
    part in numbers   is the part in symbols with numbers in place of names, then of whole terms,
                      each right to its own last place; worked out from those digits it rounds to
                      the printed result, unless the sign before the result is ≈
    result            has the digits that were asked for, or is exact
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import numpy as np

from .formulas import NotAFormula, Tree, entries, parse, subtrees
from .layout import Chain
from .values import evaluate

__all__ = ["NOISE", "NOTHING", "Enough", "Judge", "Scope", "close", "flat", "numbers_of"]

NOTHING = Decimal("1e-25")  # what remains of a zero
NOISE = Decimal("1e-12")  # what double precision may lose on the way, relative
CLOSE = Decimal("1e-9")  # two formulas that are the same quantity, relative
CALCULATOR = Context(prec=15)


@dataclass(frozen=True)
class Scope:
    """What the names in a line stand for."""

    known: Container[str]
    name: Callable[[str], Any]
    derivative: Callable[[Tree], Any] | None = None

    def value(self, tree: Tree) -> Any:
        return evaluate(tree, self.name, self.derivative)


class Enough(Exception):
    """There is a complaint, and more are not asked for."""


class Judge:
    """Collects complaints about lines."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.complaints: list[str] = []
        self.one_is_enough = False

    def complain(self, line: object, why: str) -> None:
        self.complaints.append(f"{line}: {why}")
        if self.one_is_enough:
            raise Enough

    # --- numbers ------------------------------------------------------------------------------

    def stands_for(self, shown: Tree, true: Any, digits: int | None = None) -> bool:
        """A printed number, or each of an array, is the true one to its last place.

        One of fewer digits than were asked for is exact.
        """
        if np.shape(_literal(shown)) != np.shape(true):
            return False
        least = self.digits if digits is None else digits
        pairs = zip(entries(shown), numbers_of(true), strict=True)
        return all(_is(one, number, least) for one, number in pairs)

    def reads(self, line: object, text: str, known: Container[str] = ()) -> Tree | None:
        try:
            return parse(text, known)
        except NotAFormula as problem:
            self.complain(line, f"{text!r}: {problem}")
            return None

    def reads_number(self, line: object, text: str) -> Tree | None:
        tree = self.reads(line, text)
        if tree is not None and not _is_literal(tree):
            self.complain(line, f"{text} is no number")
            return None
        return tree

    # --- a chain ------------------------------------------------------------------------------

    def chain(
        self, line: object, chain: Chain, true: Any, scope: Scope, allowed: str = "="
    ) -> None:
        """Judge a chain's parts against each other, the result, and the true value."""
        if not chain.parts:
            self.complain(line, "there is no formula")
            return
        self.signs(line, chain, allowed)
        trees = [self.reads(line, part, scope.known) for part in chain.parts]
        found = [tree for tree in trees if tree is not None]
        if len(found) < len(trees):
            return
        *parts, result = found
        if not _is_literal(result):
            self.complain(line, f"the result is no number: {chain.parts[-1]}")
            return
        if not self.stands_for(result, true):
            self.complain(line, f"{chain.parts[-1]} where {_said(true)} is right")
        symbols: Tree | None = None
        numbers: list[tuple[Tree, str]] = []
        for tree, text in zip(parts, chain.parts, strict=False):
            if any(t.head in ("name", "derivative") for t in subtrees(tree)):
                if symbols is not None or numbers:
                    self.complain(line, "the symbols come once, and first")
                symbols = tree
                self.in_symbols(line, tree, text, true, scope)
                continue
            if symbols is not None and not self.follows(tree, symbols, scope, bool(numbers)):
                self.complain(line, f"{text} does not follow from the part in symbols")
            if tree.head == "number" and "(" not in text and tree.number != 0:
                self.complain(line, f"{text} is a result and stands in the middle")
            numbers.append((tree, text))
        if symbols is not None and not _is_bare(symbols) and not numbers:
            self.complain(line, "no part with numbers")
        self.on_a_calculator(line, numbers, result, chain.signs[-1:] == ("≈",))

    def signs(self, line: object, chain: Chain, allowed: str) -> None:
        *signs, last = chain.signs or ("=",)
        first = signs[0] if signs else last
        if last not in ("=", "≈", allowed) or any(s != "=" for s in signs[1:]):
            self.complain(line, "only the last sign may be ≈")
        if first != allowed and (signs or last != "≈"):
            self.complain(line, f"{first} where {allowed} is due")
        if any(a == b for a, b in zip(chain.parts, chain.parts[1:], strict=False)):
            self.complain(line, "a part repeats the one before")

    def in_symbols(self, line: object, tree: Tree, text: str, true: Any, scope: Scope) -> None:
        try:
            value = scope.value(tree)
        except NotAFormula as problem:
            self.complain(line, str(problem))
            return
        if not _same_shape(value, true):
            self.complain(line, f"{text} has the shape {np.shape(value)}, not {np.shape(true)}")
        elif not all(map(close, numbers_of(value), numbers_of(true))):
            self.complain(line, f"{text} is {_said(value)}, not {_said(true)}")

    def on_a_calculator(
        self, line: object, parts: list[tuple[Tree, str]], result: Tree, rough: bool
    ) -> None:
        """Each part, worked out from the digits printed, rounds to the result printed."""
        fits = []
        for tree, text in parts:
            try:
                value = evaluate(tree, _no_name)
            except NotAFormula as problem:
                self.complain(line, str(problem))
                return
            same = _same_shape(value, _literal(result))
            fits.append(same and all(map(_rounds_to, numbers_of(value), entries(result))))
            if not same or (not fits[-1] and not rough):
                self.complain(line, f"{text} is {_said(value)} on a calculator")
        if rough and all(fits):
            self.complain(line, "≈ where everything comes out")

    def follows(self, numbers: Tree, symbols: Tree, scope: Scope, whole_terms: bool) -> bool:
        """True where `numbers` is `symbols` with the right numbers for names.

        With `whole_terms` a number may stand for a whole term, as when a formula is worked out.
        """
        if _is_literal(numbers):
            if not whole_terms and not _is_bare(symbols):
                return False
            try:
                return self.stands_for(numbers, scope.value(symbols))
            except NotAFormula:
                return False
        if numbers.head == symbols.head == "neg":
            return self.follows(numbers.parts[0], symbols.parts[0], scope, whole_terms)
        ours, theirs = flat(numbers), flat(symbols)
        return [sign for sign, _ in ours] == [sign for sign, _ in theirs] and all(
            self.follows(n, s, scope, whole_terms)
            for (_, n), (_, s) in zip(ours, theirs, strict=True)
        )


# --- numbers ----------------------------------------------------------------------------------


def _no_name(name: str) -> Any:
    raise NotAFormula(f"{name} stands among numbers")


def _same_shape(a: Any, b: Any) -> bool:
    """Whether two arrays have one shape; a vector, the sums of rows say, is a column."""
    shapes = {np.shape(a), np.shape(b)}
    short, *long = sorted(shapes, key=len)
    return not long or (len(short) == 1 and long == [(*short, 1)])


def numbers_of(value: Any) -> Iterator[Decimal]:
    """The numbers of an array in order; a number by itself."""
    return iter(value.ravel().tolist()) if hasattr(value, "ravel") else iter([value])


def _is_literal(tree: Tree) -> bool:
    """A number, or an array of numbers."""
    return all(part.head in ("number", "array") for part in subtrees(tree))


def _is_bare(tree: Tree) -> bool:
    """One name or number, perhaps with a minus: nothing to put numbers into."""
    bare = tree.parts[0] if tree.head == "neg" else tree
    return not bare.parts or _is_literal(bare)


def _literal(tree: Tree) -> Any:
    return evaluate(tree, _no_name)


def _is(shown: Tree, true: Decimal, least: int) -> bool:
    if not (true.is_finite() and shown.number.is_finite()):
        return bool(shown.number == true)
    slack = NOTHING + NOISE * max(abs(true), abs(shown.number))
    return abs(shown.number - true) <= (shown.half if shown.digits >= least else 0) + slack


def close(a: Decimal, b: Decimal) -> bool:
    if not (a.is_finite() and b.is_finite()):
        return bool(a == b)
    return abs(a - b) <= NOTHING + CLOSE * max(abs(a), abs(b))


def _rounds_to(value: Decimal, shown: Tree) -> bool:
    if not value.is_finite():
        return bool(value == shown.number)
    return abs(CALCULATOR.plus(value) - shown.number) <= shown.half


def _said(value: Any) -> str:
    return ", ".join(f"{number:.12g}" for number in numbers_of(value))


# --- the terms of a formula -------------------------------------------------------------------

_GROUPS = {"+": ("+", "+"), "−": ("+", "−"), "·": ("·", "·"), "/": ("·", "/"), "⊙": ("⊙", "⊙")}
_OPPOSITE = str.maketrans("+−·/", "−+/·")


def flat(tree: Tree) -> list[tuple[str, Tree]]:
    """The terms of a sum or the factors of a product, however they are bracketed.

    Anything else gives its operands. Each comes with the sign before it.
    """
    if tree.head not in _GROUPS:
        return [(tree.head, part) for part in tree.parts]
    found = []
    for sign, part in zip(_GROUPS[tree.head], tree.parts, strict=True):
        if _GROUPS.get(part.head, " ")[0] == _GROUPS[tree.head][0]:
            turned = sign in "−/"
            found += [(s.translate(_OPPOSITE) if turned else s, p) for s, p in flat(part)]
        else:
            found.append((sign, part))
    return found
