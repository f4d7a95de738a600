"""Saving and copying a graph of any depth: how `pickle` and `copy.deepcopy` see a node.

Both follow references by recursion, which ends near a thousand operations. So a node hands over
the nodes it depends on as one flat list, operands first; while that list is being written, each
of its nodes names only its own operands, which have been written already. Sharing survives:
two results saved together still share their leaves.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from .graph import topological_order

__all__ = ["Below", "reduce"]


class _Progress(threading.local):
    """The ids of the nodes that a flat list is writing right now, in this thread."""

    def __init__(self) -> None:
        self.ids: set[int] = set()


_in_progress = _Progress()


class Below:
    """The nodes under a root, as a list that pickles and copies one node after the other."""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._one_by_one()

    def _one_by_one(self) -> Iterator[Any]:
        ids = {id(node) for node in self.nodes} - _in_progress.ids
        _in_progress.ids.update(ids)
        try:
            yield from self.nodes
        finally:
            _in_progress.ids.difference_update(ids)


def reduce(node: Any) -> tuple[Any, ...]:
    """The pieces from which `pickle` and `copy.deepcopy` rebuild a node."""
    state = node.__getstate__()
    if not node.operands or id(node) in _in_progress.ids:
        return _blank, (type(node), len(node.operands)), state
    below = Below(topological_order(node)[:-1])
    return _rebuild, (type(node), len(node.operands), below), state


def _blank(kind: Any, operands: int) -> Any:
    return kind._blank(operands)


def _rebuild(kind: Any, operands: int, below: list[Any]) -> Any:
    """A blank node; `below` needed only to exist before the state that refers to it."""
    return kind._blank(operands)
