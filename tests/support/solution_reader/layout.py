"""From the lines of a printed solution to its rows: sections found, wrapped lines joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = [
    "MASKED", "NO_PATTERN", "PATHS", "Chain", "Row", "Section", "chain_of", "columns", "layout",
]  # fmt: skip

MASKED = "0·∞ counts as 0 here"
NO_PATTERN = "entry by entry at the named depth"
PATHS = "the sum over more than 32 paths"


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


@dataclass
class Row:
    """A row of a solution: its own formula, then what stands beside or below it."""

    text: str
    asides: list[str] = field(default_factory=list)
    words: str = ""

    def __str__(self) -> str:
        return "   ".join([self.text.strip(), *self.asides, *([self.words] if self.words else [])])


@dataclass
class Section:
    title: str
    note: str = ""
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Chain:
    """subject = part = part = result, as it stands there."""

    subject: str
    signs: tuple[str, ...]
    parts: tuple[str, ...]


def chain_of(text: str) -> Chain:
    subject, *rest = re.split(r"(?:^|\s+)([=≈←])\s+", text.strip())
    return Chain(subject, tuple(rest[::2]), tuple(rest[1::2]))


_TITLE = re.compile(r"(FORWARD|BACKWARD|ASKED FOR|PATHS|UPDATE|CHECK)(?: {3}(\S.*))?")
_STARTS = {  # what the first line of a row looks like
    "": re.compile(r" {5}(?:with|given|asked) "),
    "FORWARD": re.compile(r" {0,2}\d+  +\S"),
    "BACKWARD": re.compile(r" {0,2}\d+  +\S| {7}(?:through \S+ |sum  )"),
    "ASKED FOR": re.compile(r" {5}d\S+(?: |$)"),
    "PATHS": re.compile(r" {5}\S| {7}\S"),
    "UPDATE": re.compile(r" {5}step \d+ | {5,}[^\W\d]\S*(?: +← |$)"),
    "CHECK": re.compile(r" {5}(?:d\S+|all \d+ along one direction)(?: |$)"),
}
_ASIDE = re.compile(r" {6,}∂\S+(?: [=≈] |$)")
_GLUED = "·)"  # what follows its line before without a blank


def layout(printed: str, complain: Callable[[object, str], None]) -> list[Section]:
    """The sections with their rows; complains of a line that belongs to none."""
    sections = [Section("")]
    before = ""
    for line in printed.split("\n"):
        if not line.strip():
            before = ""
            continue
        if line != line.rstrip():
            complain(line, "blanks at the end")
        if not before and (match := _TITLE.fullmatch(line)):
            sections.append(Section(match[1], match[2] or ""))
        else:
            _add(sections[-1], line, before, complain)
        before = line
    for section in sections:
        for row in section.rows:
            _take_apart(row, section.title in ("BACKWARD", "ASKED FOR"))
    return sections


def _add(
    section: Section, line: str, before: str, complain: Callable[[object, str], None]
) -> None:
    rows = section.rows
    torn = bool(rows) and _is_torn(rows[-1].asides[-1] if rows[-1].asides else rows[-1].text)
    numbered = bool(line[:5].strip())
    if _STARTS[section.title].match(line) and (numbered or not torn):
        rows.append(Row(line))
    elif not rows or not line.startswith(" " * 6):
        complain(line, "not a line of a worked solution")
    elif line.strip() in (NO_PATTERN, MASKED, PATHS):
        rows[-1].words = line.strip()
    elif _ASIDE.match(line) and section.title in ("BACKWARD", "ASKED FOR") and not torn:
        rows[-1].asides.append(line.strip())
    else:
        _continue(rows[-1], line.strip())


def _is_torn(text: str) -> bool:
    """A row that cannot end here: a bracket is open, or a list goes on."""
    opened, closed = (sum(map(text.count, signs)) for signs in ("([", ")]"))
    return opened > closed or text.endswith(",")


def _continue(row: Row, rest: str) -> None:
    glued = rest if rest[0] in _GLUED else f" {rest}"
    if row.asides:
        row.asides[-1] += glued
    else:
        row.text += glued


def _take_apart(row: Row, derivatives: bool) -> None:
    """The local derivative beside a line, and the words behind either."""
    text, gap, aside = row.text.partition("   ∂")
    if gap and derivatives:
        row.text = text
        row.asides.insert(0, f"∂{aside}")
    for words in (MASKED, NO_PATTERN, PATHS):
        if row.text.endswith(f"   {words}"):
            row.text, row.words = row.text.removesuffix(words).rstrip(), words
        for i, one in enumerate(row.asides):
            if one.endswith(f"; {words}"):
                row.asides[i], row.words = one.removesuffix(f"; {words}"), words
