"""`Picture`: a DOT text in the colours of a theme, shown and saved in every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .drawing.themes import THEMES, Colours, Theme, with_stylesheet
from .render import render

__all__ = ["DPI", "Picture"]

DPI = 144  # of PNG pictures


class Picture:
    """A drawing: `.dot` is its source, `.svg()` the picture, `.save(path)` a file.

    source : the DOT text for given colours. summary : what is in it, for `repr`.

    >>> Picture(lambda colours: f'digraph {{ bgcolor="{colours.paper}" }}', "nothing").dot
    'digraph { bgcolor="#fefefe" }'
    """

    def __init__(
        self, source: Callable[[Colours], str], summary: str, theme: Theme = "auto"
    ) -> None:
        if theme not in THEMES:
            raise ValueError(f"theme is one of {', '.join(map(repr, THEMES))}; got {theme!r}")
        self._source = source
        self.summary = summary
        self.theme: Theme = theme

    @property
    def dot(self) -> str:
        """The source for Graphviz."""
        return self._source(THEMES[self.theme])

    def svg(self) -> str:
        """The picture as SVG text; its stylesheet has every theme, its class says which.

        Raises `NoRenderer` with one line of advice where nothing on this machine can draw.
        """
        light = render(self._source(THEMES["light"]), "svg").decode("utf-8")
        return with_stylesheet(light, self.theme)

    def png(self) -> bytes:
        """The picture as PNG, at 144 dots per inch."""
        return render(self.dot.replace("{", f"{{\n\tgraph [dpi={DPI}]", 1), "png")

    def pdf(self) -> bytes:
        """The picture as PDF, one page of its size."""
        return render(self.dot, "pdf")

    def save(self, path: str | Path) -> Path:
        """Write the picture as the file's ending says: .svg, .png, .pdf, or .dot for the source.

        Raises ValueError for any other ending.
        """
        path = Path(path)
        writers: dict[str, Callable[[], str | bytes]] = {
            ".svg": self.svg, ".png": self.png, ".pdf": self.pdf, ".dot": lambda: self.dot,
        }  # fmt: skip
        if path.suffix.lower() not in writers:
            raise ValueError(f"a picture's file ends in {', '.join(writers)}, not {path.suffix!r}")
        content = writers[path.suffix.lower()]()
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def __repr__(self) -> str:
        return f"<Picture, {self.summary}>"

    def _repr_svg_(self) -> str:
        return self.svg()
