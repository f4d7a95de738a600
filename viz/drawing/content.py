"""The content of a picture, whatever its style: items, wires between them, and how all nest."""

from __future__ import annotations

from dataclasses import dataclass

from autograd_core.value import Value

from .groups import Group

__all__ = ["Item", "Scene", "Wire"]

Item = Value | Group


@dataclass(frozen=True, slots=True)
class Wire:
    """From an operand to the operation that uses it.

    Between two nodes there is a wire for each use, with its local derivative; between others one
    for all of them together, and `local` is None. `marked`: on a way from the variable that the
    picture follows.
    """

    tail: Item
    head: Item
    local: float | None
    count: int
    marked: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """The content of a picture.

    order : every node of the graph, operands first. top : the tree of groups, closed ones drawn
    as boxes. marked : the nodes between the variable `wrt` and the output; empty without one.
    """

    order: list[Value]
    gradients: dict[Value, float]
    top: Group
    items: list[Item]
    wires: list[Wire]
    wrt: Value | None
    marked: set[Value]

    @property
    def root(self) -> Value:
        return self.order[-1]

    @property
    def drawn(self) -> list[Value]:
        """The nodes that are drawn by themselves, operands first."""
        return [item for item in self.items if isinstance(item, Value)]

    @property
    def closed(self) -> list[Group]:
        """The groups that are drawn as one box each."""
        return [item for item in self.items if isinstance(item, Group)]

    @property
    def hidden(self) -> int:
        """How many nodes stand in closed groups; with those drawn they are all."""
        return sum(group.size for group in self.closed)
