"""The worksheet's own text above its solution: long lines broken, a very long text cut."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["excerpt"]

LONGEST_LINE = 200  # characters


def excerpt(text: str, most: int | None = None) -> str:
    """The text in so many lines at most, the last of which says how many are left out.

    A long line is broken after a comma inside brackets, where a worksheet may be; in a text that
    is cut, what cannot be broken ends in "…".

    >>> print(excerpt("a = 1\\nb = 2\\nc = 3\\nL = a*b*c", 3))
    a = 1
    b = 2
    # … 2 more lines
    """
    lines = [piece for line in text.split("\n") for piece in _broken(line)]
    if most is None:
        return "\n".join(lines)
    if len(lines) > most:
        kept = max(1, most - 1)
        lines[kept:] = [f"# … {len(lines) - kept:,} more lines"]
    return "\n".join(map(_shortened, lines))


def _broken(line: str) -> Iterator[str]:
    """The line in pieces that a worksheet reads as the whole."""
    code, remark, rest = line.partition("#")
    start = depth = 0
    for i, sign in enumerate(code if len(line) > LONGEST_LINE else ""):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth > 0 and i - start > LONGEST_LINE * 3 // 4:
            yield code[start : i + 1]
            start = i + 1
    yield code[start:] + remark + rest


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
