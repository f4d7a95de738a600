"""Links into this repository: to a worked example, a public name, a heading. All raise for none."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograd_core import TABLE
from tests.catalogue import solutions  # noqa: F401  (it enters all that there are)
from tests.catalogue.registry import SOLUTIONS
from viz.library import packaged_worksheets

__all__ = ["example_links", "heading_link", "name_link"]

ROOT = Path(__file__).parents[2]
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def example_links(name: str) -> list[tuple[str, str]]:
    """Where an example can be seen: label and path of worksheet, solution, notebooks."""
    links = [("solution", _path(inspect.getfile(SOLUTIONS[name].solve)))]
    if name in packaged_worksheets():
        links.insert(0, ("worksheet", f"viz/worksheets/{name}.txt"))
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
    for path in _notebooks():
        if any(whole.search(text) for _, text in _cells(path)):
            links.append((f"notebook {Path(path).name[:2]}", path))
    return links


def name_link(name: str) -> str:
    """The file of a public name: `nn.Conv2d`, `autograd_core.sigmoid`, `nn.optim.SGD`."""
    package, *rest = name.split(".")
    found: Any = importlib.import_module(package)
    for part in rest:
        if part not in found.__all__ and part not in TABLE:  # max, sum: no names for `import *`
            raise ValueError(f"{name}: {found.__name__} has no public name {part}")
        found = getattr(found, part)
    if found is TABLE.get(rest[-1]):
        return "autograd_core/table.py"
    return _path(inspect.getfile(found))


def heading_link(place: str) -> tuple[str, str]:
    """Label and link of a heading: in a notebook ("02#Your turn") or in docs ("plots#Losses")."""
    name, _, heading = place.partition("#")
    if name.isdigit():
        [path] = [path for path in _notebooks() if Path(path).name.startswith(f"{name}_")]
        text = "\n".join(text for kind, text in _cells(path) if kind == "markdown")
        anchor = heading.replace(" ", "-")  # as Jupyter makes them
    else:
        path = f"docs/{name}.md"
        text = (ROOT / path).read_text("utf-8")
        anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")  # as GitHub
    if HEADING.findall(text).count(heading) != 1:
        raise ValueError(f"{path} has no heading {heading!r}, or more than one")
    return f"{name}: {re.sub(r'^[0-9]+ ', '', heading)}", f"{path}#{quote(anchor)}"


@cache
def _notebooks() -> list[str]:
    return [_path(str(path)) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]


@cache
def _cells(notebook: str) -> list[tuple[str, str]]:
    """Of each cell its kind and its text."""
    cells = json.loads((ROOT / notebook).read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def _path(file: str) -> str:
    return Path(file).resolve().relative_to(ROOT).as_posix()
