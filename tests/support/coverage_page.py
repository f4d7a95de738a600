"""docs/coverage.md: every system and worked example of the sources, and what shows it.

`python -m tests.support.coverage_page` runs the tests that carry a marker of systems and writes the
page from those that pass.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from tests.support.links import example_links, heading_link, name_link
from tests.support.system_markers import Shown, shown

__all__ = ["EXAMPLES", "PAGE", "PLACES", "SYSTEMS", "page"]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
CATALOGUE = ROOT / "tests" / "catalogue"
EXAMPLES: list[dict[str, Any]] = json.loads((CATALOGUE / "examples.json").read_text("utf-8"))
SYSTEMS: list[dict[str, Any]] = json.loads((CATALOGUE / "systems.json").read_text("utf-8"))
PLACES = tomllib.loads((CATALOGUE / "coverage.toml").read_text("utf-8"))
SOLVED = "tests/catalogue/test_examples.py"  # its cases are the examples

INTRODUCTION = """\
# Coverage

Five sources on networks stand behind this project: a blog, a recitation, a lecture's summary,
slides, notes. What they describe or compute was listed as {systems} *systems* and {examples}
*worked examples*, in words of our own and with every figure computed anew. Here is where each of
them lives, and what shows it.

- [Worked examples](#worked-examples)
- [Systems](#systems)
- [Where the sources disagree](#where-the-sources-disagree)

The page is made from the tests: a test that shows a system says so by a marker. Another test
compares the page with the markers. After a change `python -m tests.support.coverage_page` runs the
marked tests and writes the page from those that pass.
"""
ABOUT_EXAMPLES = """\
## Worked examples

A worksheet is solved by `autograd-core explain` and its name. What is no formula (a search, a
program, a training run) is solved in Python alone. All {examples} have a solution in Python: its
numbers are compared with the listed ones, and it has to solve a second problem of the same kind,
whose answers come from elsewhere.
"""
ABOUT_SYSTEMS = """\
## Systems

Under *shown by* come the worked examples first, then other tests. A number before a colon is a
notebook.
"""
ABOUT_CONFLICTS = """\
## Where the sources disagree

Each choice is made once, for all packages, and held by tests. What is wrong in the sources, rather
than another choice, is told in [a notebook](../notebooks/11_what_the_sources_got_wrong.ipynb).
"""


def page(tests: Sequence[Shown]) -> str:
    """The whole page, from the tests that show something."""
    counts = {"systems": len(SYSTEMS), "examples": len(EXAMPLES)}
    parts = [INTRODUCTION.format(**counts), ABOUT_EXAMPLES.format(**counts), *_examples()]
    parts += [ABOUT_SYSTEMS, *_systems(tests), ABOUT_CONFLICTS, _conflicts(tests)]
    return "\n".join(parts)


# --- the tables -------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _examples() -> Iterator[str]:
    for number, title in PLACES["sources"].items():
        rows = [
            (f"`{one['id']}`", _plain(one["title"]), _links(example_links(one["id"])))
            for one in EXAMPLES
            if one["id"].startswith(number)
        ]
        yield f"### {len(rows)} examples of {number}\n\n{title}.\n"
        yield _table(["example", "what it is", "where"], rows)


def _systems(tests: Sequence[Shown]) -> Iterator[str]:
    for number, title in PLACES["sources"].items():
        rows = [
            (name, _plain(one["text"]), _lives(where["lives"]), *_evidence(name, where, tests))
            for one in SYSTEMS
            for name, where in [(one["id"], PLACES["systems"][one["id"]])]
            if name.startswith(f"S{number}")
        ]
        yield f"### {len(rows)} systems of {number}\n\n{title}.\n"
        yield _table(["", "system", "lives in", "read", "shown by"], rows)


def _conflicts(tests: Sequence[Shown]) -> str:
    rows = [
        (
            name,
            f"**{_plain(one['about'])}**: {_plain(one['sources'])}",
            one["choice"],
            *_evidence(name, one, tests),
        )
        for name, one in PLACES["conflicts"].items()
    ]
    return _table(["", "what the sources have", "the choice", "read", "held by"], rows)


# --- cells ------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """The text with nothing in it that Markdown would read as markup."""
    return re.sub(r"([\\`*_|<>\[\]~])", r"\\\1", text)


def _links(found: Iterable[tuple[str, str]]) -> str:
    """Label and path of each, from the page's place."""
    return ", ".join(f"[{label}]({relpath(path, 'docs')})" for label, path in found)


def _lives(names: Sequence[str]) -> str:
    return _links((f"`{name}`", name_link(name)) for name in names) or "documentation only"


def _evidence(name: str, where: dict[str, Any], tests: Sequence[Shown]) -> tuple[str, str]:
    """What to read about a system or a choice, and what shows it."""
    read = _links((_plain(label), link) for label, link in map(heading_link, where["read"]))
    found = [test for test in tests if name in test.ids]
    solved = {test.case for test in found if test.file == SOLVED}
    shows = [
        (f"`{one['id']}`", example_links(one["id"])[0][1])
        for one in EXAMPLES
        if one["id"] in solved
    ]
    others = {(test.file, test.function) for test in found if test.file != SOLVED}
    shows += [(_plain(f"{Path(file).stem}: {_words(test)}"), file) for file, test in sorted(others)]
    return read, _links(shows)


def _words(function: str) -> str:
    return function.removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(shown(run=True)), "utf-8")
    print(PAGE)
