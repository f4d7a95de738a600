"""Pictures read back from their SVG, numbers from their print, and graphs to draw.

    parts(svg)                     the groups of an SVG: what stands in each, in which colours
    prints(text, number)           the digits are the number, rounded in its last printed place
    packaged(name, style)          the drawing of a packaged worksheet
    layout_of(diagram), graphviz_of(diagram)    where Graphviz puts everything, laid out once
    grown(nodes, seed), perceptron(sizes)    graphs with scopes and arrays, without either

The SVG and the numbers are read with nothing of the packages.
"""

from __future__ import annotations

import json
import math
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import autograd_core as ac
from autograd_core import Value, Worksheet
from tests.support.formulas import numeral
from viz import Diagram, draw
from viz.drawing.content import Item
from viz.drawing.layout import Layout, read_layout
from viz.library import worksheet_text
from viz.render import render

__all__ = [
    "Part", "Text", "frames", "graphviz_of", "grown", "item_of", "layout_of", "packaged", "pad",
    "parsed", "parts", "perceptron", "prints", "sheet_of", "texts",
]  # fmt: skip

SVG = "{http://www.w3.org/2000/svg}"
TIP = "{http://www.w3.org/1999/xlink}title"


@dataclass(frozen=True)
class Text:
    """A line of text as an SVG shows it."""

    words: str
    colour: str
    size: float
    bold: bool
    at: tuple[float, float]


@dataclass(frozen=True)
class Part:
    """A node, an edge, a cluster or the graph itself; `widths` are those of its strokes."""

    kind: str
    classes: tuple[str, ...]
    key: str
    texts: tuple[Text, ...]
    tip: str
    widths: tuple[float, ...]

    @property
    def words(self) -> list[str]:
        return [text.words for text in self.texts if text.words]


def parsed(svg: str) -> ET.Element:
    """The picture as XML; a picture that is not well formed fails here."""
    return ET.fromstring(svg)


def texts(svg: str) -> list[str]:
    """Every line of text in the picture."""
    return ["".join(element.itertext()).strip() for element in parsed(svg).iter(f"{SVG}text")]


def parts(svg: str) -> list[Part]:
    """The nodes, edges and clusters of the picture."""
    return [
        _part(group, *classes)
        for group in parsed(svg).iter(f"{SVG}g")
        if (classes := (group.get("class") or "").split()) and classes[0] != "graph"
    ]


def _part(group: ET.Element, kind: str, *classes: str) -> Part:
    strokes = [e for e in group.iter() if e.get("stroke", "none") not in ("none", "transparent")]
    return Part(
        kind,
        classes,
        group.findtext(f"{SVG}title") or "",
        tuple(map(_text, group.iter(f"{SVG}text"))),
        next((e.get(TIP, "") for e in group.iter(f"{SVG}a")), ""),
        tuple(float(e.get("stroke-width", 1.0)) for e in strokes),
    )


def _text(element: ET.Element) -> Text:
    return Text(
        "".join(element.itertext()).strip(),
        element.get("fill", "black"),
        float(element.get("font-size", 0.0)),
        element.get("font-weight") == "bold",
        (float(element.get("x", 0.0)), float(element.get("y", 0.0))),
    )


def prints(text: str, number: float, digits: int = 4) -> bool:
    """True for the number with so many digits or more, or with all that it has."""
    negative = text.startswith("−")
    shown = numeral(text.removeprefix("−"))
    size = -number if negative else number
    if size < 0.0 or (size == 0.0 and negative):
        return False
    exact = math.isclose(float(shown.number), size, rel_tol=1e-12)
    return exact or (shown.digits >= digits and abs(shown.number - size) <= shown.half * (1 + 1e-9))


# --- pictures, made once ----------------------------------------------------------------------


@lru_cache
def sheet_of(name: str) -> Worksheet:
    return Worksheet.parse(worksheet_text(name))


@lru_cache
def packaged(name: str, style: str) -> Diagram:
    """The drawing of a packaged worksheet."""
    return draw(sheet_of(name), style=style)  # type: ignore[arg-type]


@lru_cache
def graphviz_of(diagram: Diagram) -> dict[str, Any]:
    """The picture as Graphviz lays it out: objects with keys, edges between them."""
    return json.loads(render(diagram.dot, "json"))


@lru_cache
def layout_of(diagram: Diagram) -> Layout:
    """The same as the package reads it."""
    return read_layout(json.dumps(graphviz_of(diagram)))


def frames(diagram: Diagram) -> dict[str, set[str]]:
    """The keys of the nodes in each cluster."""
    objects = graphviz_of(diagram).get("objects", [])
    keys = {o["_gvid"]: o["name"] for o in objects}
    return {o["name"]: {keys[i] for i in o["nodes"]} for o in objects if "nodes" in o}


def pad(diagram: Diagram) -> float:
    """The paper around the picture, in points."""
    return 72.0 * float(graphviz_of(diagram)["pad"])


def item_of(diagram: Diagram, key: str) -> Item:
    """The node or the box that a key stands for; n7o is the operation of n7."""
    return diagram.scene.items[int(re.fullmatch(r"n(\d+)o?", key)[1])]  # type: ignore[index]


# --- graphs -----------------------------------------------------------------------------------


def grown(nodes: int, seed: int, grouped: bool = True) -> Value:
    """A random graph of exactly so many nodes; with scopes, names and arrays where `grouped`."""
    choose = random.Random(seed)
    leaves = [Value(round(choose.uniform(-2.0, 2.0), 3)) for _ in range(max(1, nodes // 4))]
    ac.name_array(leaves[: len(leaves) // 2], "w") if grouped else None
    found, unused = list(leaves), list(leaves)
    paths: list[list[str]] = [[], ["a"], ["a", "b"], ["a", "c"], ["d"]] if grouped else [[]]
    path = paths[0]
    while len(found) < nodes:
        if nodes - len(found) < len(unused):  # from now on two for one
            pair = [unused.pop(), unused.pop()]
        else:
            pair = [unused.pop(choose.randrange(len(unused))), choose.choice(found[-9:])]
        if len(found) % 6 == 0:
            path = choose.choice(paths)
        node = _joined(pair, path, choose)
        if grouped and choose.random() < 0.3:
            node.named(f"v{len(found)}")
        found.append(node)
        unused.append(node)
        unused = [n for n in unused if n not in pair or n is node]
    return found[-1].named("root") if found[-1].name is None else found[-1]


def _joined(pair: Sequence[Value], path: list[str], choose: random.Random) -> Value:
    if path:
        with ac.scope(path[0]):
            return _joined(pair, path[1:], choose)
    return choose.choice([ac.mean, ac.max, ac.min, ac.arctan2])(*pair)


def perceptron(sizes: Sequence[int], seed: int = 1) -> Value:
    """The squared error of a multilayer perceptron, each layer and neuron a scope of its own."""
    choose = random.Random(seed)
    signals = [Value(choose.uniform(-1.0, 1.0)) for _ in range(sizes[0])]
    ac.name_array(signals, "x")
    for layer, width in enumerate(sizes[1:]):
        with ac.scope(f"layer {layer}"):
            signals = list(_neurons(signals, width, choose))
        ac.name_array(signals, f"h{layer}")
    return (ac.mean(signals) - 1.0).pow(2.0).named("L")


def _neurons(signals: list[Value], width: int, choose: random.Random) -> Iterator[Value]:
    for neuron in range(width):
        with ac.scope(f"neuron {neuron}"):
            weights = [Value(choose.uniform(-1.0, 1.0)) for _ in signals]
            ac.name_array(weights, "w")
            yield ac.dot(weights, signals, Value(0.1, "b")).tanh()
