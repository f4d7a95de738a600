"""`Picture`: a drawing in the colours of a theme, shown and saved in every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .drawing.layout import read_layout
from .drawing.themes import THEMES, Colours, Theme, with_stylesheet
from .drawing.tikz import BACKSLASH, print_tikz, tikz_document
from .render import render

__all__ = ["DPI", "ENDINGS", "Picture"]

DPI = 144  # of PNG pictures
ENDINGS = ".svg, .png, .pdf, .tex or .dot"


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
        self.summary = summary
        self.theme: Theme = theme
        # Written at once: a picture shows the moment at which it was made.
        self._light = source(THEMES["light"])
        self._themed = self._light if theme in ("auto", "light") else source(THEMES[theme])

    @property
    def dot(self) -> str:
        """The source for Graphviz."""
        return self._themed

    def svg(self) -> str:
        """The picture as SVG text; its stylesheet has every theme, its class says which.

        Raises `NoRenderer` with one line of advice where nothing on this machine can draw.
        """
        return with_stylesheet(render(self._light, "svg").decode("utf-8"), self.theme)

    def png(self) -> bytes:
        """The picture as PNG, at 144 dots per inch."""
        return render(self.dot.replace("{", f"{{\n\tgraph [dpi={DPI}]", 1), "png")

    def pdf(self) -> bytes:
        """The picture as PDF, one page of its size."""
        return render(self.dot, "pdf")

    def tikz(self, complete: bool = False) -> str:
        """The picture as a `tikzpicture` no larger than a page; `complete`: a document of its own.

        Raises `NoRenderer` where nothing on this machine can lay it out.
        """
        printed = tikz_document if complete else print_tikz
        # Graphviz's JSON doubles a backslash and counts it once: a twin of the sign stands in.
        source = self.dot.replace("\\\\", BACKSLASH)
        return printed(read_layout(render(source, "json")), THEMES[self.theme])

    def save(self, path: str | Path) -> Path:
        """Write the picture as the file's ending says: .svg, .png, .pdf, .tex or .dot.

        A .tex file is a document with a `tikzpicture`, a .dot file the source for Graphviz. Raises
        ValueError for any other ending.
        """
        path = Path(path)
        match path.suffix.lower():
            case ".dot":
                path.write_text(self.dot, encoding="utf-8")
            case ".svg":
                path.write_text(self.svg(), encoding="utf-8")
            case ".tex":
                path.write_text(self.tikz(complete=True), encoding="utf-8")
            case ".png":
                path.write_bytes(self.png())
            case ".pdf":
                path.write_bytes(self.pdf())
            case _:
                raise ValueError(f"a picture's file ends in {ENDINGS}, not {path.suffix!r}")
        return path

    def __repr__(self) -> str:
        return f"<Picture, {self.summary}>"

    def _repr_svg_(self) -> str:
        return self.svg()
