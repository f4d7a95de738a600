"""A drawing inside a page: its ids apart from the page's, nothing that acts, the same curves."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from autograd_core import Worksheet
from viz import draw
from viz.library import worksheet_text
from viz.printers.inline_svg import inline_svg

DRAWING = draw(Worksheet.parse(worksheet_text("000.toy-elu"))).svg()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ('<g id="a"/>', "<g/>"),
        ('<g id="a"/><use href="#a"/>', '<g id="p-a"/><use href="#p-a"/>'),
        ('<path id="a"/><g fill="url(#a)"/>', '<path id="p-a"/><g fill="url(#p-a)"/>'),
        ('<g onclick="f()" ONLOAD="f()"/>'.replace("ONLOAD", "onload"), "<g/>"),
        ("<script>f()</script><g/>", "<g/>"),
        ("<style>* {color: red}</style>", ""),
        ("<foreignObject><b>x</b></foreignObject>", ""),
        ('<g style="color: red" class="node"/>', '<g class="node"/>'),
        ('<use href="https://example.org/x"/>', "<use/>"),
        ('<a href="javascript:f()"><text>x</text></a>', "<a><text>x</text></a>"),
        ('<g fill="url(https://example.org)"/>', "<g/>"),
        ('<g fill="url(#a) url(x)"/>', "<g/>"),
        ("<text>a &lt; b &amp; c</text>", "<text>a &lt; b &amp; c</text>"),
        ('<g title="&quot;&lt;"/>', '<g title="&quot;&lt;"/>'),
        ('<a xlink:title="x &lt; 1"><path/></a>', "<g><title>x &lt; 1</title><path/></g>"),
        ("<g><title>n0</title><path/></g>", "<path/>"),
        ('<text x="1.25" y="-2.0" text-anchor="start">t</text>', '<text x="1.2" y="-2">t</text>'),
        ('<text text-anchor="end">t</text>', '<text text-anchor="end">t</text>'),
        ('<polygon points="0.26,1 -3.14,1.99"/>', '<polygon points="0.3,1 -3.1,2"/>'),
    ],
)  # fmt: skip
def test_what_is_kept(inside: str, kept: str) -> None:
    svg = f'<svg {NAMESPACES} width="9pt">{inside}</svg>'
    whole = f'<svg width="9pt">{kept}</svg>' if kept else '<svg width="9pt"/>'
    assert inline_svg(svg, "p-") == whole


NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    ("path", "shorter"),
    [
        ("M10,20C10,20 15.5,20 15.5,20", "M10,20c0,0 5.5,0 5.5,0"),
        ("M1.04,-2.06C1,-2 3,-4 5,-6 5,-7 5,-8 6,-9", "M1,-2.1c0,0.1 2,-1.9 4,-3.9 0,-1 0,-2 1,-3"),
        ("M0,0L1,1", "M0,0L1,1"),
        ("m0,0c1,1 2,2 3,3", "m0,0c1,1 2,2 3,3"),
        ("", ""),
    ],
)
def test_curves_count_from_point_to_point(path: str, shorter: str) -> None:
    assert inline_svg(f'<svg><path d="{path}"/></svg>', "") == f'<svg><path d="{shorter}"/></svg>'


def numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?[\d.]+", text)]


def ends(path: str) -> list[tuple[float, float]]:
    """Where the curves of a path end, whichever way they count."""
    parts = numbers(path)
    points = list(zip(parts[::2], parts[1::2], strict=True))
    if "c" not in path:
        return points[::3]
    found = [points[0]]
    for x, y in points[3::3]:
        found.append((found[-1][0] + x, found[-1][1] + y))
    return found


def test_a_drawing_keeps_its_curves_and_words() -> None:
    before = ElementTree.fromstring(DRAWING)
    after = ElementTree.fromstring(inline_svg(DRAWING, "p-"))
    assert len(inline_svg(DRAWING, "p-")) < 0.75 * len(DRAWING)
    old, new = ([e for e in tree.iter() if e.tag.endswith("path")] for tree in (before, after))
    assert len(old) == len(new) > 20
    for one, other in zip(old, new, strict=True):
        for a, b in zip(ends(one.attrib["d"]), ends(other.attrib["d"]), strict=True):
            assert abs(a[0] - b[0]) < 0.06
            assert abs(a[1] - b[1]) < 0.06
    words = [str(e.text).strip() for e in before.iter(f"{SVG}text")]
    assert words == [e.text for e in after.iter("text")]
    tips = [title.text for title in after.iter("title")]
    assert "x = 2; dL/dx = (−4)·2 + 0·0.1 + (−8)·2 = −24" in tips
    assert not any(re.fullmatch("n[0-9]+", str(tip)) for tip in tips)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("<svg><g></svg>", "not well-formed SVG"), ("<p/>", "outermost element is p"), ("", "SVG")],
)
def test_what_is_no_svg_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        inline_svg(text, "p-")
