"""Printing a document as one HTML page: no script, nothing from the network, formulas in MathML.

The worksheet stands at the left, the solution at the right. Each line is there twice: as MathML
for the eye, and as the plain text of `phrases`, which only a screen reader reads out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib import resources

from autograd_core.expression import Expression

from ..digits import AS_TYPED
from ..document import Chain, Document, Part, Row, Section, Table, Words
from ..notation import Text, Writer
from .inline_svg import inline_svg
from .mathml import MathML, pieces, printable
from .phrases import Phrases, because

__all__ = ["framed", "print_html"]

_VERDICT = re.compile(r"\b(OK|wrong|undetermined)$")


def print_html(document: Document, picture: str | None = None) -> str:
    """The whole document as a page; `picture` is an SVG text to show with it.

    The page opens from disk, in light and dark, on narrow screens and on paper. Raises
    `ValueError` for a picture that is no SVG.

    >>> from ..names import Names
    >>> print_html(Document((), Names([]), "# A line\\nL = w*x")).splitlines()[6]
    '<title>A line</title>'
    """
    page = _Page(document)
    sections = "\n".join(map(page.section, document.sections))
    drawn = f"{_figure(picture)}\n" if picture else ""
    problem = _problem(document.problem) if document.problem.strip() else ""
    style = (resources.files("viz.printers") / "page.css").read_text("utf-8")
    title = escape(_title(document))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>
{problem}<main>
{drawn}{sections}
</main>
</body>
</html>
"""


def framed(page: str, lines: int) -> str:
    """The page in a frame of its own, for a notebook: its styles and ids stay inside.

    The frame takes the height of the page where it may look inside, else room for so many lines.

    >>> framed("<p>", 30)[:24]
    '<iframe srcdoc="&lt;p&gt'
    """
    fit = "this.style.height=this.contentDocument.documentElement.scrollHeight+'px'"
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="allow-same-origin" title="Worked solution" '
        f'loading="eager" onload="{fit}" '
        f'style="width:100%;height:{3 * lines + 12}em;border:0"></iframe>'
    )


def _title(document: Document) -> str:
    """The worksheet's first line where that is a comment."""
    first = printable(document.problem.strip().partition("\n")[0].strip())
    if first.startswith("#") and first.strip("# "):
        return first.strip("# ").rstrip(".")
    return "Worked solution"


def _problem(text: str) -> str:
    lines = "\n".join(map(printable, text.strip("\n").expandtabs(4).split("\n")))
    typed = escape(lines, quote=False)
    return (
        '<aside aria-labelledby="problem">\n<h2 id="problem">Problem</h2>\n'
        f"<pre>{typed}</pre>\n</aside>\n"
    )


def _figure(picture: str) -> str:
    return (
        '<figure role="img" aria-label="The computation graph with its values and gradients">'
        f"{inline_svg(picture, 'graph-')}</figure>"
    )


class _Page:
    """The sections of one document."""

    def __init__(self, document: Document) -> None:
        self.writer = Writer(dialect := MathML(), document.names.seen_as(dialect.name))
        self.spoken = Phrases(Writer(Text(), document.names))

    def section(self, section: Section) -> str:
        if not section.title:
            return self.givens(section)
        title = escape(section.title.capitalize())
        note = f" <small>{self.words(section.note)}</small>" if section.note else ""
        kind = " beside" if any(row.aside for row in _all_rows(section.rows)) else ""
        rows = "\n".join(self.row(row, f"step-{row.number or row.key}") for row in section.rows)
        return (
            f'<section>\n<h2>{title}{note}</h2>\n<ol class="rows{kind}" role="list">\n'
            f"{rows}\n</ol>\n</section>"
        )

    def givens(self, section: Section) -> str:
        """What goes in and what is asked: a list of terms."""
        items = "\n".join(
            f"<dt>{self.words(row.label)}</dt><dd>{self.words(row.words)}</dd>"
            for row in section.rows
        )
        return f"<dl>\n{items}\n</dl>"

    # --- rows ---------------------------------------------------------------------------------

    def row(self, row: Row, key: str) -> str:
        """A line, and the lines below it."""
        name = f' id="{escape(key)}"' if row.number or row.key else ""
        said = escape(printable(self.spoken.line(row)), quote=False)
        line = (
            f'<span class="said">{said}</span><div aria-hidden="true">{self.cells(row)}</div>'
            if said
            else ""  # nothing but a table
        )
        below = "".join(
            self.row(inner, f"{key}-{inner.key or i}") for i, inner in enumerate(row.below, 1)
        )
        if below:
            below = f'\n<ul role="list">{below}</ul>'
        table = self.table(row.table) if row.table else ""
        return f"<li{name}>{line}{table}{below}</li>"

    def cells(self, row: Row) -> str:
        """Number | label and subject | relation | formula, and the same of what stands beside."""
        number = f'<b class="n">{row.number}</b>' if row.number else ""
        label = f"<i>{self.words(row.label)}</i> " if row.label else ""
        cells = number + self.chain(row.chain, label)
        words = self.verdict(row.words)
        if row.words and not (row.chain and row.chain.parts):
            return f'{cells}<span class="w">{words}</span>'
        if row.aside:
            why = f"; {words}" if row.words else ""
            return f'{cells}<div class="aside">{self.chain(row.aside, after=why)}</div>'
        return cells + (f'<div class="aside"><span class="w">{words}</span></div>' if words else "")

    def chain(self, chain: Chain | None, label: str = "", after: str = "") -> str:
        """subject | relation | formula relation formula …, since …"""
        subject = ""
        if chain and chain.subject:
            subject = self.writer.write(chain.subject, AS_TYPED)
        head = f'<span class="s">{label}{_math(subject)}</span>' if label else _math(subject, "s")
        if not (chain and chain.parts):
            return head
        relation = _math(f"<mo>{chain.parts[0].relation}</mo>", "r")
        last = len(chain.parts) - 1
        formulas = "".join(
            self.part(part, with_relation=i > 0, is_result=i == last)
            for i, part in enumerate(chain.parts)
        )
        alone = len(chain.reasons) == 1
        why = " and ".join(self.words(because(reason, alone)) for reason in chain.reasons)
        since = f', <span class="w">since {why}</span>' if why else ""
        return f'{head}{relation}<span class="f">{_closed(formulas + since + after)}</span>'

    def part(self, part: Part, with_relation: bool, is_result: bool) -> str:
        formula = self.writer.write(part.formula, part.digits, part.numbers)
        first, *rest = pieces(formula)
        if with_relation:
            first = f"<mo>{part.relation}</mo>{first}"
        if not rest:
            return _math(first, "v" if is_result else "")
        maths = "".join(map(_math, (first, *rest)))
        return f'<span class="p{" v" * is_result}">{maths}</span>'

    def table(self, table: Table) -> str:
        """The cells under their headings."""
        head = "".join(f'<th scope="col">{self.words(cell)}</th>' for cell in table.columns)
        rows = "".join(
            f'<tr><th scope="row">{self.words(label)}</th>'
            + "".join(f"<td>{self.words(cell)}</td>" for cell in cells)
            + "</tr>"
            for label, cells in table.rows
        )
        return (
            f'<div class="table"><table><thead><tr><td>{self.words(table.corner)}</td>{head}</tr>'
            f"</thead><tbody>{rows}</tbody></table></div>"
        )

    # --- words --------------------------------------------------------------------------------

    def words(self, words: Words) -> str:
        """Text and formulas; "x = 2" stays in one line."""
        return _closed("".join(map(self.word, words)))

    def word(self, word: str | Expression) -> str:
        if isinstance(word, str):
            return escape(printable(word), quote=False)
        return _math(self.writer.write(word, AS_TYPED))

    def verdict(self, words: Words) -> str:
        return _VERDICT.sub(r'<strong class="\1">\1</strong>', self.words(words))


def _math(markup: str, kind: str = "") -> str:
    return f'<math class="{kind}">{markup}</math>' if kind else f"<math>{markup}</math>"


def _closed(words: str) -> str:
    """Formulas with what no line may begin with: "x = 2, y" is x = 2, then y."""
    joined = re.sub(r"</math> (=|&[lg]t;) <math>", r"<mo>\1</mo>", words)
    return re.sub(r"</math>([,:;])", r"<mtext>\1</mtext></math>", joined)


def _all_rows(rows: Sequence[Row]) -> list[Row]:
    return [inner for row in rows for inner in (row, *_all_rows(row.below))]
