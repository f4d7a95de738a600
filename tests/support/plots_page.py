"""The picture of docs/plots.md: that page's own pictures on one sheet.

`python -m tests.support.plots_page` writes it.
"""

from __future__ import annotations

import doctest
import io
from pathlib import Path
from typing import Any

from PIL import Image

__all__ = ["PAGE", "PICTURE", "sheet"]

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = DOCS / "plots.md", DOCS / "images" / "plots.png"
ROWS = (("activations", "losses"), ("gradients", "filters"), ("regions", "descent"))
DPI, GAP = 84, 14


def figures() -> dict[str, Any]:
    """What the page's code defines."""
    code = doctest.script_from_examples(PAGE.read_text("utf-8"))
    scope: dict[str, Any] = {}
    exec(code, scope)  # our own text
    return scope


def sheet() -> bytes:
    """The pictures in rows of two, as a PNG of few colours."""
    drawn = figures()
    rows = [[_image(drawn[name]) for name in row] for row in ROWS]
    columns = [max(row[i].width for row in rows) for i in (0, 1)]
    heights = [max(image.height for image in row) for row in rows]
    size = sum(columns) + GAP, sum(heights) + GAP * (len(rows) - 1)
    page = Image.new("RGB", size, "white")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for i, image in enumerate(row):
            left = i * (columns[0] + GAP) + (columns[i] - image.width) // 2
            page.paste(image, (left, top + (height - image.height) // 2))
        top += height + GAP
    few = page.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _image(figure: Any) -> Image.Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    return Image.open(buffer).convert("RGB")


if __name__ == "__main__":
    PICTURE.write_bytes(sheet())
