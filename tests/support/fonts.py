"""How wide the letters are that this machine gives Graphviz: pictures are laid out for Helvetica's.

    BREADTH            of the digits here over Helvetica's: 1 with Helvetica, Arial, Liberation
                       Sans or Nimbus Sans, 1.25 where DejaVu Sans is all there is
    needs_fonts        for tests that look at where letters stand
    needs_helvetica    for those that know how wide they are
"""

from __future__ import annotations

import json

import pytest

from viz.drawing.source import FONT
from viz.render import NoRenderer, render

__all__ = ["BREADTH", "needs_fonts", "needs_helvetica"]

LETTERS, SIZE = 100, 11
HELVETICA = 0.556 * SIZE  # points, of a digit


def width_of_a_digit() -> float:
    label = "0" * LETTERS
    source = f'graph {{ a [shape=plain, fontname="{FONT}", fontsize={SIZE}, label="{label}"] }}'
    [node] = json.loads(render(source, "json"))["objects"]
    return float(node["width"]) * 72.0 / LETTERS


def has_fonts() -> bool:
    try:
        render("graph { a }", "png")
    except NoRenderer:
        return False
    return True


BREADTH = width_of_a_digit() / HELVETICA
needs_fonts = pytest.mark.skipif(not has_fonts(), reason="no font is installed")
needs_helvetica = pytest.mark.skipif(
    BREADTH > 1.02, reason="no font of Helvetica's widths is installed (fonts-liberation has one)"
)
