"""The pictures of docs/drawings.md and of the README, made by the page's own commands and code.

`python -m tests.support.drawings_page` writes them.
"""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from viz.cli import main

__all__ = ["PAGES", "write_pictures"]

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "docs" / "drawings.md", ROOT / "README.md")
_COMMAND = re.compile(r"autograd-core draw .*?-o docs/images/\w[\w-]*\.svg")
BY_CODE = ("folded", "xor", "unrolled", "pixel")  # variables of the page's code, and pictures


def write_pictures(folder: Path) -> Iterator[str]:
    """Write each picture into the folder; gives their names."""
    for page in PAGES:
        for command in _COMMAND.findall(page.read_text("utf-8")):
            *words, picture = shlex.split(command)[1:]
            name = Path(picture).name
            assert main([*words, str(folder / name)]) == 0, command
            yield name
    drawn: dict[str, object] = {}
    for part in doctest.DocTestParser().get_examples(PAGES[0].read_text("utf-8")):
        exec(compile(part.source, "drawings.md", "single"), drawn)  # our own text
    for name in BY_CODE:
        drawn[name].save(folder / f"{name}.svg")  # type: ignore[attr-defined]
        yield f"{name}.svg"


if __name__ == "__main__":
    for name in write_pictures(ROOT / "docs" / "images"):
        print(name)
