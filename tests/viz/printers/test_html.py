"""The page of a worked solution: the text printer's numbers, well-formed, small, inert."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from autograd_core import Value, Worksheet
from autograd_core.expression import Blank, Number, Quantity
from autograd_core.graph import topological_order
from autograd_core.tracing import Depth
from viz import draw, explain
from viz.document import Chain, Document, Part, Row, Section, Table
from viz.explanation import Explanation
from viz.library import packaged_worksheets, worksheet_text
from viz.names import Names
from viz.printers.html import framed, print_html
from viz.printers.text import print_text

PROBLEMS = {name: worksheet_text(name) for name in packaged_worksheets()} | {
    "adam": """w = 2; b = -1; x = 3; t = 1e-3; y = w*x + b; L = (y - t)**2
        given(x, t); update(L, w, b, lr=0.1, steps=3, rule="adam")""",
    "reasons": """x = 0.5; yy = -1.5; w_1 = 2; mu_2 = 3; tiny = 1e-30
        q = relu(x)/(1 + abs(yy))*sqrt(mu_2); r = log10(mu_2)**-2 + x**w_1
        L = max(min(x, yy, w_1*x), relu(x), abs(yy), max(x, x)) + r*exp(-x**2/2)/tiny*q + q*tiny
        derivative(r, x)""",
    "vectors": """W = [[0.5, -1, 2], [1.5, 0.25, -0.75]]; x = [1, 2, -1]; b = [0.1, -0.2]
        z = W @ x + b; p = softmax(z); L = -log(p[1]) + sum(flatten(W*W))/10; given(x)
        update(L, W, b, lr=0.1, rule="momentum", momentum=0.9, steps=2)""",
    "kink": "x = 0; L = abs(x/3) + 2*x",
    "long": "\n".join(f"w{i} = {i}.25" for i in range(20)) + "\nL = max("
        + ", ".join(f"w{i}" for i in range(20)) + ") - "
        + "*".join(f"w{i}" for i in range(9)) + "\nderivative(L, w3)",
}  # fmt: skip


# Every problem at the named depth; at the others, which print the same kinds of row, every seventh.
Case = tuple[str, Depth]
CASES: list[Case] = [
    *((name, "named") for name in PROBLEMS),
    *((name, depth) for name in list(PROBLEMS)[::7] for depth in ("layer", "operation")),
    ("004.cnn-small", "layer"),
]


@cache
def solution(case: Case) -> Explanation:
    name, depth = case
    return explain(Worksheet.parse(PROBLEMS[name]), depth=depth, lines=None)


@cache
def page(case: Case) -> str:
    return print_html(solution(case).document)


@cache
def tree(case: Case) -> ElementTree.Element:
    return parsed(page(case))


def document(name: str) -> Document:
    return solution((name, "named")).document


def parsed(page: str) -> ElementTree.Element:
    """The page read as XML, which is stricter than HTML."""
    return ElementTree.fromstring(page)


# --- what is seen, read back ------------------------------------------------------------------

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")


def seen(element: ElementTree.Element) -> str:
    """What a reader sees, in reading order; names and their digits as one word."""
    parts = [seen(child) for child in element]
    match element.tag:
        case "msub" | "msubsup":
            return f" {parts[0]}_{re.sub('[ ,]', '', parts[1])} "
        case "mn" | "mtext" | "mo":
            return f" {element.text} "
        case "mi":
            return f" {element.text}"
        case "b":  # the line's number stands in a column of its own
            return f"{element.text} "
    text = element.text or ""
    return text + "".join(
        part + (child.tail or "") for part, child in zip(parts, element, strict=True)
    )


def tokens(line: str) -> list[str]:
    """The numbers, minus signs and relations of a line; the digits of names are none."""
    return re.findall(r"[=≈←−]|(?<![\w.])\d+(?:\.\d+)?", line)


def read_text(line: str) -> list[str]:
    return tokens(re.sub("[⁰¹²³⁴-⁹⁻]+", lambda m: " " + m[0].translate(_RAISED), line))


def rows(page: ElementTree.Element) -> list[tuple[str, str]]:
    """Of every row what is heard and what is seen; a table's rows are heard as they are seen."""
    found = []
    for li in page.iter("li"):
        if li[0].tag == "span":
            found.append(("".join(li[0].itertext()), seen(li[1])))
        for table_row in li.iterfind("div/table/*/tr"):
            cells = " ".join(map(seen, table_row))
            found.append((cells, cells))
    return found


@cache
def text_rows(case: Case) -> list[str]:
    """The text printer's lines without the problem at the top, headings and blank lines."""
    printed = print_text(solution(case).document, 100_000).partition("\n\n")[2].split("\n")
    return [line for line in printed if re.match(r" |\d{3}", line)]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_every_row_has_the_numbers_of_the_text(case: Case) -> None:
    printed = text_rows(case)
    found = rows(tree(case))
    assert len(found) == len(printed)
    for line, (_, visible) in zip(printed, found, strict=True):
        assert tokens(visible) == read_text(line), (line, visible)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_every_row_can_be_heard(case: Case) -> None:
    """The hidden line of a row is the text printer's, the blanks aside."""
    found = rows(tree(case))
    for line, (heard, visible) in zip(text_rows(case), found, strict=True):
        if heard == visible:  # a row of a table, whose formulas are read out as such
            continue
        assert re.sub(r"[\s;]", "", heard) == re.sub(r"[\s;]", "", line)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_what_goes_in_and_what_is_asked(case: Case) -> None:
    [terms] = tree(case).iter("dl")
    printed = print_text(solution(case).document, 100_000).partition("\n\n")[0]
    assert tokens(seen(terms)) == read_text(printed)


def test_the_verdict_is_a_word() -> None:
    page = print_html(document("000.toy-elu"))
    assert page.count('<strong class="OK">OK</strong>') == 4
    assert "at a kink: the slopes are" in print_html(document("kink"))


def test_headings_notes_and_branches() -> None:
    page = parsed(print_html(document("000.toy-elu")))
    titles = ["".join(h.itertext()) for h in page.iter("h2")]
    assert [title.split("  ")[0] for title in titles] == [
        "Problem", "Forward", "Backward upstream × local derivative", "Asked for", "Update η=0.1",
        "Check central differences, their own error estimate in brackets",
    ]  # fmt: skip
    [branch] = [li for li in page.iter("li") if li.get("id") == "step-14"]
    [below] = branch.iter("ul")
    assert [li[0].text.split()[0] for li in below if li[0].text] == ["through", "through", "sum"]


# --- the page itself --------------------------------------------------------------------------


class Outline(HTMLParser):
    """Checks as an HTML parser sees it: every element closed in order, ids only once."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_page_is_well_formed_and_needs_nothing(case: Case) -> None:
    is_well_formed(page(case))


@pytest.mark.parametrize("name", list(PROBLEMS)[::7])
def test_so_is_a_page_with_its_graph(name: str) -> None:
    drawn = print_html(document(name), draw(Worksheet.parse(PROBLEMS[name])).svg())
    assert "<svg" in drawn
    is_well_formed(drawn)


def is_well_formed(page: str) -> None:
    root = parsed(page)
    assert root.get("lang") == "en"
    assert root.findtext("head/title")
    assert page.startswith("<!DOCTYPE html>\n")
    seen = outline(page)
    assert len(set(seen.ids)) == len(seen.ids)
    names = {attribute for attribute, _ in seen.attributes}
    assert not names & {"src", "href", "srcset", "data", "action", "ping"}
    assert not any(attribute.startswith("on") for attribute in names)
    assert not seen.tags & {"script", "link", "iframe", "img", "object", "embed", "base"}
    assert not re.search(r"http|url\(|@import|//", page)


def test_rows_keep_their_ids() -> None:
    page = outline(print_html(document("000.toy-elu")))
    numbered = [f"step-{i}" for i in range(1, 15)]
    branches = ["step-14-b9", "step-14-b10"]  # by the ids of their steps
    assert [key for key in page.ids if key.startswith("step-")] == [*numbered, *branches]
    keyed = Section("ASKED FOR", rows=(Row(key="f1", words=("one",)), Row(words=("two",))))
    assert outline(print_html(Document((keyed,), Names([])))).ids == ["step-f1"]


def net() -> Worksheet:
    """A net of 40 nodes: two inputs, three tanh neurons, one output, squared error."""
    lines = ["x0 = 0.5", "x1 = -1.25", "t = 0.3"]
    for i in range(3):
        lines += [f"w{i}0 = 0.{i + 2}5", f"w{i}1 = -0.{i + 3}5", f"b{i} = 0.{i + 1}"]
        lines += [f"v{i} = 1.{i}", f"h{i} = tanh(w{i}0*x0 + w{i}1*x1 + b{i})"]
    lines += ["c = 0.7", "y = tanh(v0*h0 + v1*h1 + v2*h2 + c)", "L = (y - t)**2"]
    return Worksheet.parse("\n".join(lines))


def test_forty_nodes_fit_in_a_hundred_kilobytes() -> None:
    sheet = net()
    assert len(topological_order(sheet.output)) == 40
    page = print_html(explain(sheet).document, draw(sheet).svg())
    assert "<figure" in page
    assert len(page.encode()) < 100_000


def test_the_title_is_the_first_comment() -> None:
    for text, title in (
        ("# A < B & C.\nx = 2; L = x", "A &lt; B &amp; C"),
        ("#\nx = 2; L = x", "Worked solution"),
        ("x = 2; L = x # y", "Worked solution"),
    ):
        page = print_html(explain(Worksheet.parse(text)).document)
        assert f"<title>{title}</title>" in page
        assert f"<h1>{title}</h1>" in page


def test_the_worksheet_stands_as_typed() -> None:
    typed = "x = 2  # <b> & \"quotes\" \u202e\x00\n\n\tL = x*x\n"
    page = parsed(print_html(Document((), Names([]), typed)))
    [pre] = page.iter("pre")
    assert pre.text == 'x = 2  # <b> & "quotes" \ufffd\ufffd\n\n    L = x*x'
    assert list(parsed(print_html(Document((), Names([])))).iter("aside")) == []


# --- hostile names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>", "</math></li><img src=x onerror=alert(1)>", "a\"b'c&d",
        "&lt;script&gt;", "]]>", "a\u202eb\u200f", "שלום", "a\x00\x1b[31m\nb\r", "\ud800",
        "x" * 10_000, "</style><script>", "--><b>",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_name_is_text_wherever_it_stands(name: str) -> None:
    x = Value(2.0, name)
    solution = explain((x * x - 3.0).named(f"L{name}"))
    page = solution.html()
    plain = outline(explain((Value(2.0, "x") ** 2.0 - 3.0).named("L")).html())
    seen = outline(page)
    assert seen.tags <= plain.tags | {"msub", "mtext", "mrow", "msup"}
    assert len(set(seen.ids)) == len(seen.ids)
    parsed(page)
    assert all(c.isprintable() or c == "\n" for c in page)
    page.encode("utf-8")


def test_words_and_labels_are_text() -> None:
    row = Row(label=("<a>",), words=("<b> & </li>",), key='"><i>', rule="<u>")
    table = Table(("<c>",), (("<d>",),), ((("<e>",), (("<f>",),)),))
    shown = Section("<H>", ("<n>",), (row, Row(words=("t",), table=table)))
    page = outline(print_html(Document((shown,), Names([]))))
    assert not page.tags & {"a", "c", "d", "e", "f", "n", "u"}
    assert page.ids == ['step-"><i>']


# --- pieces of a document ---------------------------------------------------------------------


def shown(*rows: Row) -> str:
    return print_html(Document((Section("A", rows=rows),), Names([])))


def test_tables_have_headings() -> None:
    table = Table(
        ("t",), (("one",), ("two",)), ((("a",), ((Number(1.5),), (Number(-2.0),))),)
    )  # fmt: skip
    page = parsed(shown(Row(words=("a table",), table=table)))
    [found] = page.iter("table")
    headings = [(th.get("scope"), "".join(th.itertext())) for th in found.iter("th")]
    assert headings == [("col", "one"), ("col", "two"), ("row", "a")]
    assert ["".join(td.itertext()) for td in found.iter("td")] == ["t", "1.5", "−2"]


def test_words_beside_a_chain() -> None:
    """0·∞ counts as 0 here: said behind the local derivative, or alone beside the chain."""
    chain = Chain(None, (Part("=", Number(2.0), True, 4),))
    words = ("a word",)
    for row in (Row(chain=chain, words=words), Row(chain=chain, aside=chain, words=words)):
        [(heard, visible)] = rows(parsed(shown(row)))
        assert heard.endswith("; a word")
        assert "a word" in visible
        assert tokens(visible) == ["=", "2"] * (1 + bool(row.aside))


def test_a_blank_is_shown_with_its_label() -> None:
    part = Part("=", Blank(2.0, label="(1)"), True, 4)
    page = shown(Row(1, chain=Chain(Quantity(1.0), (part,))))
    assert '<mtext style="border:1px solid">(1)' in page
    assert "= (1)____</span>" in page


# --- frames -----------------------------------------------------------------------------------


def test_a_frame_holds_the_page_and_runs_no_script() -> None:
    page = print_html(document("002.xyz"))
    frame = outline(framed(page, 30))
    attributes = dict(frame.attributes)
    assert frame.tags == {"iframe"}
    assert attributes["srcdoc"] == page
    assert attributes["sandbox"] == "allow-same-origin"
    assert attributes["style"] == "width:100%;height:102em;border:0"
