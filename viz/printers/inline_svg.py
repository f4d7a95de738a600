"""Putting a drawing into a page: its ids made the page's own, and nothing in it that acts.

It is also made shorter, by a third: numbers lose what is finer than a pixel, and curves count
from point to point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

__all__ = ["inline_svg"]

_LEFT_OUT = {
    "script", "foreignObject", "style", "animate", "set",  # act on the page
    "title",  # Graphviz calls each node by its key; what it is for stands in a link's title
}  # fmt: skip
_TIP = "{http://www.w3.org/1999/xlink}title"
_OF_THE_PAGE = {"style", "font-family"}  # the page sets the fonts
USUAL_SIZE = "11"  # of a drawing's words: page.css sets it
_POINT_PART = re.compile(r"-?\d+(?:\.\d+)?")
_CURVES = re.compile(r"M(\S+?,\S+?)C((?:\S+?,\S+ ?)+)")  # as Graphviz writes them
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline_svg(svg: str, prefix: str) -> str:
    """The `<svg>` element of an SVG text, to stand in HTML; ids that it uses get the prefix.

    Scripts, styles, handlers and links to elsewhere are left out: they would act on the whole
    page. What Graphviz writes as a link's title becomes a `<title>`, which browsers show as a tip.
    Raises `ValueError` for what is no SVG.

    >>> inline_svg('<svg><g id="a" onclick="b()"/><use href="#a"/></svg>', "p-")
    '<svg><g id="p-a"/><use href="#p-a"/></svg>'
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as problem:
        raise ValueError(f"the picture is not well-formed SVG ({problem})") from None
    if _local(root.tag) != "svg":
        raise ValueError(f"the picture is not SVG: its outermost element is {_local(root.tag)}")
    return _Writing(root, prefix).text()


class _Writing:
    """One drawing on its way into a page."""

    def __init__(self, root: ElementTree.Element, prefix: str) -> None:
        self.root = root
        self.prefix = prefix
        values = [value for element in root.iter() for value in element.attrib.values()]
        inside = (_REFERENCE.findall(value) for value in values)
        self.referred = {value[1:] for value in values if value.startswith("#")}.union(*inside)

    def text(self) -> str:
        return "".join(self.element(self.root))

    def element(self, element: ElementTree.Element) -> Iterator[str]:
        tag = _local(element.tag)
        attributes = "".join(
            f' {name}="{escape(value)}"' for name, value in self.attributes(element)
        )
        inside = escape((element.text or "").strip(), quote=False)
        if tip := element.get(_TIP):
            tag, inside = "g", f"<title>{escape(tip, quote=False)}</title>{inside}"
        children = [child for child in element if _local(child.tag) not in _LEFT_OUT]
        if not (inside or children):
            yield f"<{tag}{attributes}/>"
            return
        if tag == "g" and not (inside or attributes):  # had an id that nothing refers to
            for child in children:
                yield from self.element(child)
            return
        yield f"<{tag}{attributes}>{inside}"
        for child in children:
            yield from self.element(child)
            yield escape((child.tail or "").strip(), quote=False)
        yield f"</{tag}>"

    def attributes(self, element: ElementTree.Element) -> Iterator[tuple[str, str]]:
        for full, value in element.attrib.items():
            name = _local(full)
            if name == "id":
                if value in self.referred:
                    yield name, self.prefix + value
            elif name == "href":
                if value.startswith("#"):
                    yield name, f"#{self.prefix}{value[1:]}"
            elif name == "d":
                yield name, _relative(value)
            elif name in ("points", "x", "y", "font-size", "stroke-width"):
                shorter = _POINT_PART.sub(lambda part: _tenths(_in_tenths(part[0])), value)
                if (name, shorter) != ("font-size", USUAL_SIZE):
                    yield name, shorter
            elif not (name.startswith("on") or name in _OF_THE_PAGE or "}" in full
                      or (name, value) == ("text-anchor", "start")):  # which it is anyway
                inner = _REFERENCE.sub(rf"url(#{self.prefix}\1)", value)
                if "url(" not in inner.replace(f"url(#{self.prefix}", ""):  # not from elsewhere
                    yield name, inner


def _local(name: str) -> str:
    """The name without its namespace, which HTML does not write."""
    return name.rpartition("}")[2]


# --- curves -----------------------------------------------------------------------------------


def _relative(path: str) -> str:
    """Graphviz's M start C curve curve … with each curve counted from where it begins."""
    if not _CURVES.fullmatch(path):
        return path
    numbers = [_in_tenths(part) for part in _POINT_PART.findall(path)]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    x, y = points[0]
    steps = []
    for i in range(1, len(points), 3):
        steps += [f"{_tenths(a - x)},{_tenths(b - y)}" for a, b in points[i : i + 3]]
        x, y = points[i : i + 3][-1]
    return f"M{_tenths(points[0][0])},{_tenths(points[0][1])}c{' '.join(steps)}"


def _in_tenths(number: str) -> int:
    return round(10.0 * float(number))


def _tenths(number: int) -> str:
    return f"{number / 10:.1f}".removesuffix(".0")
