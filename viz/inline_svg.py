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
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline_svg(svg: str, prefix: str) -> str:
    """The `<svg>` element of an SVG text, each id with the prefix, to stand in HTML.

    Scripts, styles, handlers and links to elsewhere are left out: they would act on the whole
    page. What Graphviz writes as a link's title becomes a `<title>`, which browsers show as a tip.
    Raises `ValueError` for what is no SVG.

    >>> inline_svg('<svg xmlns="http://www.w3.org/2000/svg"><g id="a" onclick="b()"/></svg>', "p-")
    '<svg><g id="p-a"/></svg>'
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as problem:
        raise ValueError(f"the picture is not well-formed SVG ({problem})") from None
    if _local(root.tag) != "svg":
        raise ValueError(f"the picture is not SVG: its outermost element is {_local(root.tag)}")
    return "".join(_written(root, prefix))


def _written(element: ElementTree.Element, prefix: str) -> Iterator[str]:
    tag = _local(element.tag)
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in _attributes(element, prefix)
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
        yield from _written(child, prefix)
        yield escape((child.tail or "").strip(), quote=False)
    yield f"</{tag}>"


def _attributes(element: ElementTree.Element, prefix: str) -> Iterator[tuple[str, str]]:
    for full, value in element.attrib.items():
        name = _local(full)
        if name == "id":
            yield name, prefix + value
        elif name == "href":
            if value.startswith("#"):
                yield name, f"#{prefix}{value[1:]}"
        elif not (name.startswith("on") or name in ("style", "font-family") or "}" in full):
            inner = _REFERENCE.sub(rf"url(#{prefix}\1)", value)
            if "url(" not in inner.replace(f"url(#{prefix}", ""):  # nothing from the network
                yield name, inner


def _local(name: str) -> str:
    """The name without its namespace, which HTML does not write."""
    return name.rpartition("}")[2]
