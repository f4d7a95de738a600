"""The worksheet's language: text to statements, each expression as postfix code.

    statement   name = expression | given(…) | output(…) | derivative(…) | paths(…)
                | update(…)
    separators  a new line or ;      comment  # to the end of the line
    expression  + - * / ** @ ( ), numbers, names, function(operand, …, option=number),
                lists [1, 2], [[1, 2], [3, 4]], and their entries x[0], W[1, 0], X[:, 0], x[1:]

Postfix code is run with a stack, so a sum of thousands of terms needs no recursion; brackets,
signs and powers nest at most `DEEPEST` levels. Nothing here evaluates anything.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import WorksheetError

__all__ = [
    "DIRECTIVES", "Code", "Instruction", "Statement", "parse_expression", "parse_statements",
]  # fmt: skip

LONGEST_TEXT = 100_000  # characters
LONGEST_NAME = 60
LONGEST_NUMBER = 40  # a float carries 17 digits
DEEPEST = 100
DIRECTIVES = ("given", "output", "derivative", "paths", "update")


@dataclass(frozen=True, slots=True)
class Instruction:
    """Push a number, a word or a name's value; or apply, list or index the top of the stack."""

    kind: str  # "number", "word", "name", "apply", "list", "index"
    line: int
    column: int
    name: str = ""
    number: float = 0.0
    count: int = 0  # operands to take off the stack, the options' values last
    options: tuple[str, ...] = ()
    index: tuple[int | slice, ...] = ()


Code = tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An assignment (`kind` is "assign", `name` its target) or a directive with its arguments."""

    kind: str
    line: int
    column: int
    name: str = ""
    code: Code = ()
    arguments: tuple[Code, ...] = ()
    options: tuple[tuple[str, Code], ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # "number", "name", "string", "end", or the sign itself
    text: str
    line: int
    column: int


_SAME = {"−": "-", "·": "*", "×": "*", "÷": "/", "⋅": "*", "–": "-"}
_SIGNS = re.compile(r"\*\*|==|[-+*/(),=@\[\]:]")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_STRING = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
_HINTS = {
    "^": "for a power write **, as in x**2",
    "|": "for an absolute value write abs(x)",
    "!": "there is no factorial",
    "<": "there are no comparisons; step(x), max(a, b) and where(step(x), a, b) choose",
    ">": "there are no comparisons; step(x), max(a, b) and where(step(x), a, b) choose",
    "{": "a list is written in square brackets, as in [1, 2]",
    "%": "the remainder is written mod(a, b)",
}


def parse_statements(text: str) -> list[Statement]:
    """The statements of a worksheet; raises `WorksheetError` with line and column."""
    if len(text) > LONGEST_TEXT:
        raise WorksheetError(f"a worksheet has at most {LONGEST_TEXT} characters", 1, 1)
    return list(_Parser(list(_tokens(text))).statements())


def parse_expression(text: str) -> Code:
    """The postfix code of one expression by itself; raises `WorksheetError`.

    >>> [instruction.name for instruction in parse_expression("2*w + 1")]
    ['2', 'w', 'mul', '1', 'add']
    """
    [statement, *more] = parse_statements(f"value = {text}")
    if more:
        raise WorksheetError("one expression is read here, not several statements", 1, 1)
    return statement.code


def _tokens(text: str) -> Iterator[Token]:
    depth = 0  # inside brackets a new line does not end a statement
    lines = unicodedata.normalize("NFC", text).split("\n")
    for number, line in enumerate(lines, start=1):
        at = 0
        while at < len(line):
            sign = line[at]
            if sign.isspace() or sign == "\ufeff":
                at += 1
                continue
            if sign == "#":
                break
            token = _token(line, at, number)
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.kind, 0)
            yield token
            at += len(token.text)
        if depth <= 0:
            yield Token("end", "", number, len(line) + 1)
            depth = 0
    yield Token("end", "", len(lines), len(lines[-1]) + 1)


def _token(line: str, at: int, number: int) -> Token:
    sign = _SAME.get(line[at], line[at])
    if sign == ";":
        return Token("end", ";", number, at + 1)
    if match := _NUMBER.match(line, at):
        return _number(line, match, number)
    if _starts_name(line[at]):
        end = at + 1
        while end < len(line) and _continues_name(line[end]):
            end += 1
        return _name(line[at:end], number, at + 1)
    if sign != line[at]:
        return Token(sign, line[at], number, at + 1)
    if match := _SIGNS.match(line, at):
        return Token(match[0], match[0], number, at + 1)
    if match := _STRING.match(line, at):
        return Token("string", match[0], number, at + 1)
    shown = repr(sign) if sign.isprintable() else f"U+{ord(sign):04X}"
    hint = _HINTS.get(sign)
    raise WorksheetError(f"unexpected {shown}" + (f": {hint}" if hint else ""), number, at + 1)


def _number(line: str, match: re.Match[str], number: int) -> Token:
    text, after = match[0], line[match.end() : match.end() + 1]
    if len(text) > LONGEST_NUMBER:
        raise WorksheetError(
            f"a number of {len(text)} characters; at most {LONGEST_NUMBER} are read",
            number,
            match.start() + 1,
        )
    if math.isinf(float(text)):
        raise WorksheetError(
            f"{text} is too large for a floating-point number", number, match.start() + 1
        )
    if after and _starts_name(after):
        raise WorksheetError(
            f"{text} and {after}… stand together: write a product as {text}*{after}…",
            number,
            match.end() + 1,
        )
    return Token("number", text, number, match.start() + 1)


def _name(text: str, number: int, column: int) -> Token:
    if text.startswith("__"):
        raise WorksheetError("a name does not begin with two underscores", number, column)
    if len(text) > LONGEST_NAME:
        raise WorksheetError(
            f"a name of {len(text)} characters; at most {LONGEST_NAME} are read", number, column
        )
    return Token("name", text, number, column)


def _starts_name(sign: str) -> bool:
    return sign.isalpha() or sign == "_"


def _continues_name(sign: str) -> bool:
    return (
        sign.isalpha() or sign == "_" or sign in "'′"
        or unicodedata.category(sign) in ("Nd", "Mn", "No")
    )  # fmt: skip


# how tightly an operator binds: (left, right); a larger number binds tighter
_BINARY = {"+": (1, 2, "add"), "-": (1, 2, "sub"), "*": (3, 4, "mul"), "/": (3, 4, "div"),
           "@": (3, 4, "matmul"), "**": (8, 7, "pow")}  # fmt: skip
_SIGN_BINDS = 5  # −x**2 is −(x**2), and 2**−1 is read


class _Parser:
    """Reads tokens by operator precedence (V. Pratt, POPL 1973)."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def fail(self, message: str, token: Token | None = None) -> WorksheetError:
        token = token or self.token
        return WorksheetError(message, token.line, token.column)

    def expect(self, kind: str, message: str) -> Token:
        if self.token.kind != kind:
            raise self.fail(message)
        return self.take()

    def statements(self) -> Iterator[Statement]:
        while self.at < len(self.tokens):
            if self.token.kind == "end":
                self.take()
                continue
            yield self.statement()
            if self.token.kind == "name":
                raise self.fail(f"{self.token.text!r} follows without an operator between")
            if self.token.kind in ("=", "=="):
                raise self.fail("a statement has one =, as in name = expression")
            self.expect("end", f"unexpected {self.token.text!r}")

    def statement(self) -> Statement:
        first = self.expect("name", f"a statement begins with a name, not {self.token.text!r}")
        if self.token.kind == "=":
            self.take()
            code: list[Instruction] = []
            self.expression(code, 0)
            return Statement("assign", first.line, first.column, first.text, tuple(code))
        if self.token.kind == "==":
            raise self.fail("an assignment has one =, as in name = expression")
        if self.token.kind == ":":
            raise self.fail("an assignment is written name = expression")
        if self.token.kind == "[":
            raise self.fail(
                f"an entry is not assigned alone: write all of them, {first.text} = [1, 2]"
            )
        if self.token.kind == "(" and first.text in DIRECTIVES:
            self.take()
            arguments, options = self.arguments()
            return Statement(
                first.text, first.line, first.column, arguments=arguments, options=options
            )
        raise self.fail(
            f"a statement is name = expression, or {', '.join(DIRECTIVES)} with brackets", first
        )

    def arguments(self) -> tuple[tuple[Code, ...], tuple[tuple[str, Code], ...]]:
        """What stands in the brackets of a call, up to the closing one; options come last."""
        arguments: list[Code] = []
        options: list[tuple[str, Code]] = []
        while self.token.kind != ")":
            option = self.option_name()
            if options and not option:
                raise self.fail("options come last")
            code: list[Instruction] = []
            if option and self.token.kind == "string":
                word = self.take()
                code.append(Instruction("word", word.line, word.column, word.text[1:-1]))
            else:
                self.expression(code, 0)
            if option:
                options.append((option, tuple(code)))
            else:
                arguments.append(tuple(code))
            self.comma_or_close(")")
        self.take()
        return tuple(arguments), tuple(options)

    def option_name(self) -> str:
        """The name in `name=` where one stands here, else nothing."""
        if self.token.kind != "name" or self.tokens[self.at + 1].kind != "=":
            return ""
        name = self.take().text
        self.take()
        return name

    def comma_or_close(self, close: str) -> None:
        if self.token.kind == ",":
            self.take()
        elif self.token.kind != close:
            if self.token.kind == "end":
                raise self.fail("a bracket is not closed")
            raise self.fail(f"expected , or {close} before {self.token.text!r}")

    def expression(self, code: list[Instruction], binding: int) -> None:
        """Append the postfix code of an expression whose operators bind at least so tightly."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"brackets, signs and powers nest at most {DEEPEST} deep")
        self.operand(code)
        while self.token.kind in _BINARY:
            left, right, row = _BINARY[self.token.kind]
            if left < binding:
                break
            sign = self.take()
            self.expression(code, right)
            code.append(Instruction("apply", sign.line, sign.column, row, count=2))
        if self.token.kind == ":":
            raise self.fail("unexpected ':': a worksheet has no lambda, only name = expression")
        self.depth -= 1

    def operand(self, code: list[Instruction]) -> None:
        self.first_of_operand(code)
        while self.token.kind == "[":
            code.append(self.index())

    def first_of_operand(self, code: list[Instruction]) -> None:
        """What an operand begins with: a number, a name, a call, a list, brackets, a sign."""
        token = self.take()
        line, column = token.line, token.column
        match token.kind:
            case "number":
                code.append(Instruction("number", line, column, token.text, float(token.text)))
            case "name" if self.token.kind == "(":
                self.take()
                self.call(code, token)
            case "name" if token.text == "lambda" and self.token.kind in ("name", ":"):
                raise self.fail("a worksheet has no lambda, only name = expression", token)
            case "name":
                code.append(Instruction("name", line, column, token.text))
            case "(":
                self.expression(code, 0)
                if self.token.kind == "end":
                    raise self.fail("a bracket is not closed", token)
                self.expect(")", f"expected ) before {self.token.text!r}")
            case "[":
                self.entries(code, token)
            case "-":
                self.expression(code, _SIGN_BINDS)
                code.append(Instruction("apply", line, column, "neg", count=1))
            case "+":
                self.expression(code, _SIGN_BINDS)
            case "end":
                raise self.fail("an expression is missing here", token)
            case _:
                raise self.fail(f"expected a number, a name or ( before {token.text!r}", token)

    def call(self, code: list[Instruction], name: Token) -> None:
        arguments, options = self.arguments()
        if not arguments and not options:
            raise self.fail(f"{name.text}() needs an operand", name)
        for part in (*arguments, *(value for _, value in options)):
            code.extend(part)
        code.append(
            Instruction(
                "apply", name.line, name.column, name.text,
                count=len(arguments) + len(options),
                options=tuple(option for option, _ in options),
            )
        )  # fmt: skip

    def entries(self, code: list[Instruction], bracket: Token) -> None:
        count = 0
        while self.token.kind != "]":
            self.expression(code, 0)
            count += 1
            self.comma_or_close("]")
        self.take()
        if count == 0:
            raise self.fail("a list has at least one entry, as in [1, 2]", bracket)
        code.append(Instruction("list", bracket.line, bracket.column, count=count))

    def index(self) -> Instruction:
        """[0], [1, 0], [:, 0], [1:3]: whole numbers and ranges, one for each axis."""
        bracket = self.take()
        index: list[int | slice] = []
        while self.token.kind != "]":
            start = self.whole_number()
            if self.token.kind == ":":
                self.take()
                index.append(slice(start, self.whole_number()))
            elif start is None:
                raise self.fail("an index is a whole number or a range, as in x[0] or x[1:3]")
            else:
                index.append(start)
            self.comma_or_close("]")
        self.take()
        if not index:
            raise self.fail("an index is missing, as in x[0]", bracket)
        return Instruction("index", bracket.line, bracket.column, index=tuple(index))

    def whole_number(self) -> int | None:
        """The whole number that stands here, with its sign; None where none does."""
        sign = self.take() if self.token.kind == "-" else None
        if self.token.kind != "number" or not self.token.text.isdecimal():
            if sign or self.token.kind == "number":
                raise self.fail("an index is a whole number, as in x[0]")
            return None
        number = int(self.take().text)
        return -number if sign else number
