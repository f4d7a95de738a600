"""What a long solution leaves out: whole runs of lines by scope, and a line that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from .document import Row

__all__ = ["MOST_LINES", "Gap", "gap_row", "limited", "select", "shares"]

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Gap:
    """So many lines that are left out, of one scope."""

    scope: str
    count: int


def shares(needs: Sequence[int], most: int) -> list[int]:
    """How many of `most` lines each section gets: what it needs, or an equal part of the rest.

    >>> shares([10, 500, 300, 3], 200)
    [10, 94, 93, 3]
    """
    got = [0] * len(needs)
    left = most
    hungry = [i for i, need in enumerate(needs) if need]
    while hungry and left:
        part = max(1, left // len(hungry))
        for i in list(hungry):
            more = min(part, needs[i] - got[i], left)
            got[i] += more
            left -= more
            if got[i] == needs[i]:
                hungry.remove(i)
    return got


def select(scopes: Sequence[str], most: int) -> Iterator[int | Gap]:
    """Which items of a list to show: the first few of each scope, then a gap for the others.

    Gaps count as lines. Scopes like "net.hidden.3" are shortened until there is room for each.

    >>> list(select(["a", "a", "a", "b", "b", "c"], 5))
    [0, Gap(scope='a', count=2), 3, Gap(scope='b', count=1), 5]
    """
    if len(scopes) <= most:
        yield from range(len(scopes))
        return
    sizes = Counter(scopes)
    depth = max((scope.count(".") for scope in sizes), default=0)
    while len(sizes) > most // 2:
        depth -= 1
        scopes = [".".join(scope.split(".")[: depth + 1]) for scope in scopes]
        sizes = Counter(scopes)
        if depth < 0:
            scopes = [""] * len(scopes)
            sizes = Counter(scopes)
            break
    names = list(sizes)
    quota = dict(zip(names, shares([sizes[name] for name in names], most), strict=True))
    shown: Counter[str] = Counter()
    for i, scope in enumerate(scopes):
        room = quota[scope] - (sizes[scope] > quota[scope])  # one line is the gap's
        shown[scope] += 1
        if shown[scope] <= room:
            yield i
        elif shown[scope] == room + 1:
            yield Gap(scope, sizes[scope] - room)


def gap_row(gap: Gap) -> Row:
    """The line that stands for what is left out."""
    of = f" of {gap.scope}" if gap.scope else ""
    lines = "line" if gap.count == 1 else "lines"
    return Row(words=(f"… {gap.count:,} more {lines}{of}",))


def limited(rows: Iterable[Row], count: int, most: int) -> Iterator[Row]:
    """The first rows of so many, and a line for the others; those are not even made."""
    if count <= most:
        yield from rows
    else:
        yield from islice(rows, most - 1)
        yield gap_row(Gap("", count - most + 1))
