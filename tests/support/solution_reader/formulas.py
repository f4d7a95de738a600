"""The grammar of printed formulas.

    sum       product + product − product …
    product   signed · signed / signed ⊙ signed …        from left to right
    signed    −signed | power
    power     atom², atom⁻¹, atom^atom, atomᵀ
    atom      12.5 | name | dL/dx | ∂L/∂x | f(sum, …, option=sum) | (sum) | |sum| | [sum, …]

A name may carry an index, W[0,1]. 1.5·10⁻⁷ by itself, or as an entry of an array, is one number.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import MethodDescriptorType as MethodDescriptor

from .decimals import ALONG, CONTEXT, MANY, PIECES, SMOOTH

__all__ = [
    "NAME", "NotAFormula", "Tree", "element", "entries", "names_in", "parse", "split_name",
    "subtrees",
]  # fmt: skip


class NotAFormula(Exception):
    """What stands there is no formula of the printed language."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A formula: `head` is "number", "name", "derivative", "array", or an operation on `parts`."""

    head: str
    parts: tuple[Tree, ...] = ()
    name: str = ""  # of a name; of the derivative's numerator
    by: str = ""
    direct: bool = False
    number: Decimal = Decimal(0)
    half: Decimal = field(default=Decimal(0), compare=False)  # of the last place printed
    digits: int = field(default=0, compare=False)  # significant digits printed


RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_LEVEL = str.maketrans(RAISED, "0123456789-")
_SIGN = rf"[^\W\dᵀ{RAISED}]"
_STEM = rf"{_SIGN}(?:[^\Wᵀ{RAISED}]|[\u0300-\u0307])*′*"
NAME = rf"{_STEM}(?:\[\d+(?:,\d+)*\])?"
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?|∞|NaN)|(?P<raised>[{RAISED}]+)|(?P<name>√|{NAME})"
    r"|(?P<derivative>∂)|(?P<sign> [+−⊙] |, |[-()\[\]|·/−^ᵀ=])"
)
_POWER = re.compile(rf"·10([{RAISED}]+)")
_DERIVATIVE = re.compile(rf"([d∂])({NAME})/\1({NAME})")
_CALLED = {*SMOOTH, *PIECES, *MANY, *ALONG} - {"|", "identity"}
OPTIONS = {
    "step": ("at_zero",), "elu": ("alpha",), "leaky_relu": ("slope",), "hardtanh": ("low", "high"),
}  # fmt: skip


def split_name(name: str) -> tuple[str, tuple[int, ...]]:
    """W[0,1] is W at 0, 1; a name without an index stands at ()."""
    stem, _, index = name.rstrip("]").partition("[")
    return stem, tuple(map(int, index.split(","))) if index else ()


def element(stem: str, index: tuple[int, ...]) -> str:
    return f"{stem}[{','.join(map(str, index))}]" if index else stem


def names_in(tree: Tree) -> Iterator[str]:
    """The quantities that a formula uses."""
    return (part.name for part in subtrees(tree) if part.head == "name")


def subtrees(tree: Tree) -> Iterator[Tree]:
    yield tree
    for part in tree.parts:
        yield from subtrees(part)


def entries(tree: Tree) -> Iterator[Tree]:
    """The numbers of an array in order; of a number itself."""
    if tree.head == "array":
        for part in tree.parts:
            yield from entries(part)
    else:
        yield tree


class _Formula:
    """Parses one printed formula; `known` are the names that exist."""

    def __init__(self, text: str, known: Container[str]) -> None:
        self.text = text
        self.known = known
        self.at = 0

    def read(self) -> Tree:
        tree = self.sum()
        if self.at < len(self.text):
            raise NotAFormula(f"{self.text[self.at :]!r} is left over")
        return tree

    def take(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise NotAFormula(f"{sign!r} is missing before {self.text[self.at :]!r}")

    def sum(self) -> Tree:
        tree = self.product()
        while True:
            if self.take(" + "):
                tree = _made("+", tree, self.product())
            elif self.take(" − "):
                tree = _made("−", tree, self.product())
            else:
                return tree

    def product(self) -> Tree:
        tree = self.factor()
        while True:
            if self.take("/"):  # a/1.5·10⁻⁷ would be a/1.5, times 10⁻⁷
                tree = _made("/", tree, self.signed())
            elif self.take("·"):
                tree = _made("·", tree, self.factor())
            elif self.take(" ⊙ "):
                tree = _made("⊙", tree, self.factor())
            else:
                return tree

    def factor(self) -> Tree:
        """1.5·10⁻⁷ is one number."""
        mantissa = self.signed()
        match = _POWER.match(self.text, self.at)
        if match is None or mantissa.head != "number" or not 1 <= abs(mantissa.number) < 10:
            return mantissa
        exponent = int(match[1].translate(_LEVEL))
        if -5 < exponent < 15:
            return mantissa
        self.at = match.end()
        return Tree(
            "number",
            number=mantissa.number.scaleb(exponent, CONTEXT),
            half=mantissa.half.scaleb(exponent, CONTEXT),
            digits=mantissa.digits,
        )

    def signed(self) -> Tree:
        return _negative(self.signed()) if self.take("−") else self.power()

    def power(self) -> Tree:
        base = self.atom()
        while True:
            raised = self.match("raised")
            if raised:
                exponent = self.numeral(raised.translate(_LEVEL).lstrip("-"))
                base = _made("^", base, _negative(exponent) if raised[0] == "⁻" else exponent)
            elif self.take("^"):
                base = _made("^", base, self.atom())
            elif self.take("ᵀ"):
                base = _made("ᵀ", base)
            else:
                return base

    def match(self, kind: str) -> str:
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup != kind:
            return ""
        self.at = match.end()
        return match[0]

    def atom(self) -> Tree:
        if self.take("("):
            tree = self.sum()
            self.need(")")
            return tree
        if self.take("|"):
            tree = self.sum()
            self.need("|")
            return _made("|", tree)
        if self.take("["):
            items = self.items("]")
            if len({_shape(item) for item in items}) > 1:
                raise NotAFormula("the rows of an array have different lengths")
            return _made("array", *items)
        if number := self.match("number"):
            return self.numeral(number)
        if match := _DERIVATIVE.match(self.text, self.at):
            d, of, by = match.groups()
            if of in self.known and by in self.known:
                self.at = match.end()
                return Tree("derivative", name=of, by=by, direct=d == "∂")
        if name := self.match("name"):
            if name in _CALLED and self.take("("):
                return self.call(name)
            if name in self.known:
                return Tree("name", name=name)
            raise NotAFormula(f"{name} is no quantity that stands above")
        raise NotAFormula(f"a number or a name is missing before {self.text[self.at :]!r}")

    def items(self, end: str) -> list[Tree]:
        items = [self.sum()]
        while self.take(", "):
            items.append(self.sum())
        self.need(end)
        return items

    def call(self, function: str) -> Tree:
        operands = [self.sum()]
        options = iter(OPTIONS.get(function, ()))
        while self.take(", "):
            if option := next(options, ""):
                self.need(f"{option}=")
            operands.append(self.sum())
        self.need(")")
        fewest, most = _takes(function)
        if not fewest <= len(operands) <= most:
            raise NotAFormula(f"{function} does not take {len(operands)} operands")
        return _made(function, *operands)

    def numeral(self, digits: str) -> Tree:
        if digits in ("∞", "NaN"):
            return Tree("number", number=Decimal(digits.replace("∞", "Infinity")), digits=99)
        if digits.startswith("0") and digits[1:2].isdigit():
            raise NotAFormula(f"{digits} begins with a 0")
        return _numeral(digits, 0)


@cache
def _numeral(digits: str, exponent: int) -> Tree:
    return Tree(
        "number",
        number=Decimal(digits).scaleb(exponent, CONTEXT),
        half=Decimal((0, (5,), exponent - len(digits.partition(".")[2]) - 1)),
        digits=len(digits.replace(".", "").lstrip("0")),
    )


def _made(head: str, *parts: Tree) -> Tree:
    return Tree(head, parts)


@cache
def _takes(function: str) -> tuple[int, float]:
    """How many operands a function takes, at least and at most."""
    if function in (*MANY, "max", "min"):
        return 1, math.inf
    if function in ALONG or isinstance(meaning := SMOOTH.get(function), MethodDescriptor):
        return 1, 1
    parameters = inspect.signature(meaning or PIECES[function][0]).parameters.values()
    needed = [p for p in parameters if p.default is p.empty]
    return len(needed), len(parameters)


def _negative(tree: Tree) -> Tree:
    if tree.head != "number":
        return _made("neg", tree)
    return Tree("number", number=-tree.number, half=tree.half, digits=tree.digits)


def _shape(tree: Tree) -> tuple[int, ...]:
    if tree.head != "array":
        return ()
    return (len(tree.parts), *_shape(tree.parts[0]))


def parse(text: str, known: Container[str]) -> Tree:
    """A printed formula in which the known names may stand; raises `NotAFormula`."""
    return _Formula(text, known).read()
