"""The colours of a picture, by the part they play, and how a page exchanges them.

A picture is drawn in the light theme's colours, each of which stands for one part. The stylesheet
in an SVG maps them to another theme's by the class of its outermost element: `diagram light`,
`diagram dark`, `diagram print`, or `diagram auto`, which follows the reader's own setting. Blue
and vermilion stay apart for every kind of colour vision, and no part is told by colour alone.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Literal

__all__ = ["THEMES", "Colours", "Theme", "with_stylesheet"]

Theme = Literal["auto", "light", "dark", "print"]


@dataclass(frozen=True, slots=True)
class Colours:
    """ink: names, frames; aside: captions, wires; faint: what a followed variable leaves out."""

    paper: str
    card: str
    cluster: str
    frame: str
    ink: str
    value: str
    gradient: str
    local: str
    aside: str
    faint: str


LIGHT = Colours(
    paper="#fefefe", card="#f7f7f4", cluster="#f0f3f6", frame="#7a8797", ink="#1a1a1a",
    value="#0b5394", gradient="#a3410b", local="#5a3d7a", aside="#595959", faint="#6c6c6c",
)  # fmt: skip
DARK = Colours(
    paper="#15181d", card="#23272e", cluster="#1c2026", frame="#6b7a8a", ink="#ececea",
    value="#8cc4ff", gradient="#ffb27d", local="#cdb4f0", aside="#b3b8bf", faint="#8a9098",
)  # fmt: skip
PRINT = Colours(
    paper="#ffffff", card="#ffffff", cluster="#ffffff", frame="#808080", ink="#000000",
    value="#000000", gradient="#000000", local="#000000", aside="#000000", faint="#757575",
)  # fmt: skip
# What is drawn where nothing can exchange the colours later: "auto" is light there.
THEMES = {"auto": LIGHT, "light": LIGHT, "dark": DARK, "print": PRINT}

_ROLES = dict(zip(asdict(LIGHT).values(), asdict(LIGHT), strict=True))


def with_stylesheet(svg: str, theme: Theme) -> str:
    """The SVG with the class of its theme and the rules of all of them."""
    rules = [
        *_rules(".diagram.dark", DARK),
        *_rules(".diagram.print", PRINT),
        "@media (prefers-color-scheme: dark) {",
        *_rules(".diagram.auto", DARK),
        "}",
        "@media print {",
        *_rules(".diagram.auto", PRINT),
        "}",
    ]
    style = "<style>\n{}\n</style>".format("\n".join(rules))
    return re.sub(r"<svg([^>]*)>", rf'<svg class="diagram {theme}"\1>\n{style}', svg, count=1)


def _rules(selector: str, colours: Colours) -> list[str]:
    """One rule for each part, for what is filled with its colour and what is drawn in it."""
    wanted = asdict(colours)
    return [
        f'{selector} [{how}="{colour}"] {{ {how}: {wanted[role]} }}'
        for colour, role in _ROLES.items()
        for how in ("fill", "stroke")
    ]
