"""`Picture`: a matplotlib figure that is saved as the same bytes every time.

It belongs to nobody but its owner: pyplot does not know it, and no setting of matplotlib is
changed, not even for a moment.
"""

from __future__ import annotations

import copy
import hashlib
import io
import os
import re
from typing import Any

from matplotlib.figure import Figure
from PIL import Image  # matplotlib brings it

__all__ = ["Picture"]

# What would differ from one day to the next.
_UNDATED: dict[str, dict[str, None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
_DIGEST = re.compile(r'\bid="[^"]*?([0-9a-f]{10})"')


class Picture(Figure):
    """A figure on white, dpi 144; a notebook shows it by itself.

    >>> picture = Picture(figsize=(1.0, 1.0))
    >>> first, second = io.BytesIO(), io.BytesIO()
    >>> picture.savefig(first, format="svg")
    >>> picture.savefig(second, format="svg")
    >>> first.getvalue() == second.getvalue()
    True
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"dpi": 144.0, "facecolor": "white", **options})

    def savefig(self, fname: Any, **options: Any) -> None:
        """Write the picture to a path or an open file, as matplotlib's `savefig` does.

        The format is the path's ending, or `format`. An SVG has no date, and its inner ids come
        from what is drawn; two of them fit on one page.
        """
        path = os.fspath(fname) if isinstance(fname, (str, os.PathLike)) else ""
        kind = str(options.get("format") or os.path.splitext(path)[1][1:] or "png").lower()
        options["metadata"] = {**_UNDATED.get(kind, {}), **(options.get("metadata") or {})}
        options = {"dpi": self.dpi, "facecolor": self.get_facecolor(), **options}
        page = copy.deepcopy(self)  # a layout begins where the one before ended: be the first again
        if kind != "svg":
            Figure.savefig(page, fname, **options)
            return
        buffer = io.BytesIO()
        Figure.savefig(page, buffer, **{**options, "format": kind})
        svg = _with_settled_ids(buffer.getvalue().decode("utf-8")).encode("utf-8")
        if path:
            with open(path, "wb") as file:
                file.write(svg)
        else:
            fname.write(svg)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """What a notebook shows, with the size on the screen in its own pixels (96 to the inch).

        Notebooks keep their pictures, so this one has 256 colours: less than half the bytes.
        """
        buffer, small = io.BytesIO(), io.BytesIO()
        self.savefig(buffer, format="png")
        with Image.open(buffer) as full:
            few = full.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(small, "png", optimize=True)
        width, height = self.get_size_inches()
        return small.getvalue(), {"width": round(96 * width), "height": round(96 * height)}


def _with_settled_ids(svg: str) -> str:
    """The SVG with ids that depend on its content: matplotlib ends each in ten random digits."""
    numbers = {digest: f"{i:010}" for i, digest in enumerate(dict.fromkeys(_DIGEST.findall(svg)))}
    if not numbers:
        return svg
    found = re.compile(rf'((?:\bid="|#)[^"#()]*?)({"|".join(numbers)})(?=["\)])')
    numbered = found.sub(lambda match: match[1] + numbers[match[2]], svg)
    salt = hashlib.sha256(numbered.encode("utf-8")).hexdigest()
    settled = {
        digest: hashlib.sha256((salt + number).encode("ascii")).hexdigest()[:10]
        for digest, number in numbers.items()
    }
    return found.sub(lambda match: match[1] + settled[match[2]], svg)
