"""Finding a problem: a packaged worksheet's name, a file, or standard input."""

from __future__ import annotations

import difflib
import sys
from importlib import resources
from pathlib import Path

__all__ = ["packaged_worksheets", "read_problem", "worksheet_text"]

LARGEST_FILE = 400_000  # bytes; four for each character that a worksheet may have


def packaged_worksheets() -> list[str]:
    """The names of the worksheets that come with the package, in order.

    >>> "000.toy-elu" in packaged_worksheets()
    True
    """
    files = (resources.files("viz") / "worksheets").iterdir()
    return sorted(f.name.removesuffix(".txt") for f in files if f.name.endswith(".txt"))


def worksheet_text(name: str) -> str:
    """The text of a packaged worksheet."""
    return (resources.files("viz") / "worksheets" / f"{name}.txt").read_text("utf-8")


def read_problem(problem: str) -> str:
    """The text of PROBLEM: a packaged worksheet's name, a file, or - for standard input.

    Raises `ValueError` or `OSError` with a message of one line.
    """
    if problem == "-":
        if sys.stdin is None:
            raise ValueError("standard input is closed")
        return _decoded(sys.stdin.buffer.read(LARGEST_FILE + 1), "standard input")
    names = packaged_worksheets()
    if problem in names:
        return worksheet_text(problem)
    path = Path(problem)
    if not path.is_file():
        near = difflib.get_close_matches(problem, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `autograd-core examples` lists them"
        raise ValueError(f"{problem} is neither a file nor a packaged worksheet{hint}")
    with path.open("rb") as file:
        return _decoded(file.read(LARGEST_FILE + 1), problem)


def _decoded(data: bytes, source: str) -> str:
    if len(data) > LARGEST_FILE:
        raise ValueError(f"{source} is larger than {LARGEST_FILE} bytes")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"{source} is not UTF-8 text (byte {error.start + 1})") from None
