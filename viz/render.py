"""Rendering DOT text to a picture: the first of three ways that this machine has.

pygraphviz carries Graphviz inside its wheel; without it a `dot` program on the PATH serves,
through the package graphviz; with neither there is still the DOT text, and one line of advice.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import threading
from collections.abc import Iterator

import graphviz

__all__ = ["FORMATS", "NoRenderer", "render"]

FORMATS = ("svg", "png", "pdf", "json")

ADVICE = (
    "no Graphviz to draw with: install the package pygraphviz or the program dot, "
    "or paste the DOT text into any Graphviz viewer"
)
FONTLESS = (
    "this machine has no font, and the letters of a {} would be empty boxes: install one "
    "(on Debian: apt install fonts-liberation), or save an SVG, which its reader's fonts draw"
)


class NoRenderer(RuntimeError):
    """Neither pygraphviz nor `dot` is there, or no font; the DOT text can still be saved."""

    def __init__(self, advice: str = ADVICE) -> None:
        super().__init__(advice)


def render(dot: str, format: str = "svg") -> bytes:
    """The picture of a DOT text, as SVG, PNG or PDF.

    Raises ValueError for another format, `NoRenderer` where nothing here can draw it.

    >>> render("digraph { a -> b }").startswith(b"<?xml")
    True
    """
    if format not in FORMATS:
        raise ValueError(f"a picture is {', '.join(FORMATS)}, not {format!r}")
    if format in ("png", "pdf") and not _letters_differ():
        raise NoRenderer(FONTLESS.format(format.upper()))
    return _drawn(dot, format)


@functools.cache
def _letters_differ() -> bool:
    """False on a machine without fonts, where every letter is the same empty box."""
    one, other = (_drawn(f"graph {{ {letter} [shape=plain] }}", "png") for letter in "HI")
    return one != other


def _drawn(dot: str, format: str) -> bytes:
    try:
        import pygraphviz
    except ImportError:
        try:
            return bytes(graphviz.Source(dot).pipe(format=format, quiet=True))
        except graphviz.ExecutableNotFound:
            raise NoRenderer from None
    with _quiet(), pygraphviz.AGraph(string=dot) as graph:
        picture: bytes = graph.draw(format=format, prog="dot")
    return picture


_stderr = threading.Lock()  # descriptor 2 belongs to the whole process


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Graphviz's font library prints remarks about the machine's font files; keep them away."""
    with _stderr:
        saved = os.dup(2)
        try:
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
            with contextlib.redirect_stderr(io.StringIO()):
                yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
