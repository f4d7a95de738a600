"""The picture of docs/plots.md: that page's own pictures on one sheet.

`python -m tests.support.plots_page` writes it, with the code that it was drawn by inside.
"""

from __future__ import annotations

import doctest
import io
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

__all__ = ["PAGE", "PICTURE", "code", "sheet"]

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = DOCS / "plots.md", DOCS / "images" / "plots.png"
ROWS = (("activations", "losses"), ("gradients", "filters"), ("regions", "descent"))
DPI, GAP = 84, 14


def code() -> str:
    """The page's code."""
    parts = doctest.DocTestParser().get_examples(PAGE.read_text("utf-8"))
    return "".join(part.source for part in parts)


def sheet() -> bytes:
    """The pictures in rows of two, as a PNG of few colours."""
    drawn: dict[str, Any] = {}
    exec(code(), drawn)  # our own text
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
    source = PngInfo()
    source.add_itxt("Source", code(), zip=True)
    few.save(buffer, "PNG", optimize=True, pnginfo=source)
    return buffer.getvalue()


def _image(figure: Any) -> Image.Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    return Image.open(buffer).convert("RGB")


if __name__ == "__main__":
    PICTURE.write_bytes(sheet())
