"""Reading the numbers back from a printed row, in text and in TeX, whatever the layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from viz.document import Document, Row, Section

__all__ = ["numbers_in_tex", "numbers_in_text", "single_rows"]

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*′*(?:\[\d+(?:,\d+)*\])?")
_LENGTHS = re.compile(
    r"\\(?:setlength|rule|renewcommand)\{.*?\}\{.*?\}|\\hspace\{.*?\}|\[3pt\]"
)
_TEX_INDEX = re.compile(r"(?<=[\w}'])\[\d+(?:\{,\}\d+)*\]")


def single_rows(document: Document) -> Iterator[tuple[Row, Document]]:
    """Each row of the document, and those below, as a document by itself."""
    for section in document.sections:
        waiting = list(section.rows)
        while waiting:
            row = waiting.pop()
            waiting += row.below
            alone = Row(row.number, row.label, row.chain, row.aside, row.words, table=row.table)
            yield row, Document((Section("", rows=(alone,)),), document.names)


def numbers_in_text(printed: str) -> Counter[str]:
    """The numbers of a row in plain text, and how many minus signs it has."""
    printed = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: f" {found[0].translate(_RAISED)} ", printed)
    return _counted(_NAME.sub("", printed), "−")


def numbers_in_tex(printed: str) -> Counter[str]:
    """The same of a row in LaTeX or Markdown: names and their subscripts are no numbers."""
    printed = _LENGTHS.sub("", printed)
    printed = re.sub(r"(?m)(?<!\\)%.*|^\|:?-.*|^- |\\(?:begin|end)\{.*?\}", "", printed)
    printed = _TEX_INDEX.sub("", printed.replace(" _", "_"))
    # The number under a brace follows two closing braces, a name's subscript at most one.
    printed = re.sub(r"(?<!\}\})_\{(?:[^{}]|\{[^{}]*\})*\}", "", printed)
    printed = re.sub(r"\\(?:mathit|mathtt|mathrm|operatorname)\{[^{}]*\}", "", printed)
    return _counted(re.sub(r"\\text\{([^{}]*)\}", r"\1", printed), "-", "−")


def _counted(printed: str, *minus: str) -> Counter[str]:
    numbers = Counter(_NUMBER.findall(printed))
    numbers["−"] = sum(printed.count(sign) for sign in minus)
    return numbers
