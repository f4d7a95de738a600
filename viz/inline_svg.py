"""Putting a drawing into a page: its ids made the page's own, and nothing in it that acts."""

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
_COORDINATES = {"d", "points", "x", "y"}
_DECIMALS = re.compile(r"(\.\d)\d+")  # a tenth of a point is finer than a pixel
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
            elif name in _COORDINATES:
                yield name, _DECIMALS.sub(r"\1", value)
            elif not (name.startswith("on") or name in _OF_THE_PAGE or "}" in full):
                inner = _REFERENCE.sub(rf"url(#{self.prefix}\1)", value)
                if "url(" not in inner.replace(f"url(#{self.prefix}", ""):  # not from elsewhere
                    yield name, inner


def _local(name: str) -> str:
    """The name without its namespace, which HTML does not write."""
    return name.rpartition("}")[2]
