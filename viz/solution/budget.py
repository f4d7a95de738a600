"""What a long solution leaves out: whole runs of lines by scope, and a line that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..document import Row, Section, Words

__all__ = ["MOST_EDGES", "MOST_LINES", "Gap", "Listing", "gap_row", "limited", "select", "shares"]

MOST_LINES = 200
MOST_EDGES = 5  # of a node where many meet, in a solution that is cut


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

    >>> list(select(["a", "a", "a", "a", "b", "b", "b", "b"], 6))
    [0, 1, Gap(scope='a', count=2), 4, 5, Gap(scope='b', count=2)]
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
    return Row(words=(f"… {gap.count:,} more{of}",))


@dataclass(frozen=True, slots=True)
class Listing:
    """A section whose rows are made one by one, and only those that are shown.

    scopes : the scope of each row. sizes : how many lines each takes in full. make : row i, in so
    many lines at most where a number is given.
    """

    title: str
    scopes: Sequence[str]
    sizes: Sequence[int]
    make: Callable[[int, int | None], Row]
    note: Words = ()

    @property
    def lines(self) -> int:
        """The lines of the whole section."""
        return sum(self.sizes)

    def section(self, most: int | None) -> Section:
        """The section, in about so many lines at most."""
        if most is None or self.lines <= most:
            rows = tuple(self.make(i, None) for i in range(len(self.scopes)))
            return Section(self.title, self.note, rows)
        heights = [min(size, MOST_EDGES + 3) for size in self.sizes]
        items = max(2, most * len(heights) // sum(heights))
        shown = select(self.scopes, items)
        return Section(self.title, self.note, tuple(
            gap_row(item) if isinstance(item, Gap) else self.make(item, MOST_EDGES)
            for item in shown
        ))  # fmt: skip


def limited(rows: Iterable[Row], count: int, most: int | None) -> Iterator[Row]:
    """The first rows of so many, and a line for the others; those are not even made."""
    if most is None or count <= most:
        yield from rows
    else:
        yield from islice(rows, max(1, most - 1))
        yield gap_row(Gap("", count - max(1, most - 1)))
