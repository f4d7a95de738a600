"""What quantities are called in print, and by which conventions derivatives and indices stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Literal

from autograd_core.blocks import Block

from .digits import raised
from .letters import AsTyped, pretty_name

__all__ = ["Names", "TotalSign"]

TotalSign = Literal["d", "∂"]

MOST_PRIMES = 3


class Names:
    """What each node is called in print: its name, primed if given twice; u1, u2, … without one.

    Names that would look alike once typeset (theta1 and θ1) stay as they were typed. `total` is
    the sign of a derivative that counts every way (the direct one is always ∂), `base` the index
    of an array's first element.
    """

    def __init__(self, nodes: Iterable[Any], total: TotalSign = "d", base: int = 0) -> None:
        self.total = total
        self.base = base
        self._names: dict[Any, str] = {}
        nodes = list(nodes)
        taken = {node.name.partition("[")[0] for node in nodes if node.name}
        used: set[str] = set()
        repeats: Counter[str] = Counter()
        counter = 0
        for node in nodes:
            name = self._own(node)
            if name is None:
                counter += 1
                while f"u{counter}" in taken:
                    counter += 1
                name = f"u{counter}"
            if name in used:
                name = _repeated(name, used, repeats)
            used.add(name)
            self._names[node] = name
        self._tell_apart(pretty_name)

    def seen_as(self, look: Callable[[str], str]) -> Names:
        """The same names for a format where they look otherwise: w1 and w_1 are alike in LaTeX."""
        names = Names((), self.total, self.base)
        names._names = dict(self._names)
        names._tell_apart(look)
        return names

    def _own(self, node: Any) -> str | None:
        """The name given to the node, an element's index counted from the base."""
        place = node.label.place if self.base and node.label else None
        if place is None or not place[1]:
            return node.name  # type: ignore[no-any-return]
        return f"{place[0]}[{', '.join(str(i + self.base) for i in place[1])}]"

    def _tell_apart(self, look: Callable[[str], str]) -> None:
        looks = {name: look(name) for name in set(self._names.values())}
        alike = Counter(looks.values())
        for node, name in self._names.items():
            if alike[looks[name]] > 1:
                self._names[node] = AsTyped(name)

    def extend(self, nodes: Iterable[Any]) -> None:
        """Name further nodes; those that have a name in print keep it."""
        fresh = [node for node in nodes if node not in self._names]
        used = set(self._names.values())
        for node in fresh:
            name = self._own(node) or next(u for i in count(1) if (u := f"u{i}") not in used)
            if name in used:
                name = _repeated(name, used, Counter())
            used.add(name)
            self._names[node] = name

    def adopt(self, nodes: Iterable[Any], like: Iterable[Any]) -> None:
        """Call each of the nodes as its counterpart is called."""
        for node, counterpart in zip(nodes, like, strict=True):
            self._names[node] = self._names[counterpart]

    def __call__(self, node: Any) -> str:
        if isinstance(node, Block):  # of several arrays with one name, primed as its elements are
            name = self(node.nodes.flat[0])
            return type(name)(re.sub(r"\[[^\]]*\]", "", name, count=1))
        return self._names.get(node) or str(self._own(node))


def _repeated(name: str, used: set[str], repeats: Counter[str]) -> str:
    """w′, w′′, w′′′, w⁽⁴⁾, w⁽⁵⁾, … for names given before."""
    while True:
        repeats[name] += 1
        copy = repeats[name]
        other = name + ("′" * copy if copy <= MOST_PRIMES else f"⁽{raised(copy)}⁾")
        if other not in used:
            return other
