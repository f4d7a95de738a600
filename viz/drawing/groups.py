"""Which nodes of a graph are drawn, and which stand together in a closed box.

Nodes belong to scopes, scopes to scopes, elements to arrays: a tree. A picture has room for so
many items, its budget; a graph that fits is drawn whole. Of a larger one every group is closed at
first; then groups are opened, outer ones before inner ones, as long as there is room.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from autograd_core.value import Value

__all__ = ["Group", "arrange", "nodes_of", "shown_in"]

DEEPEST = 12  # scopes inside scopes; frames further inside would have no room
SAMPLES = 8  # of many nodes side by side
WIRES_AN_ITEM = 1.9  # on average; more of them are a tangle

Users = dict[Value, list[Value]]


@dataclass(eq=False)
class Group:
    """Nodes that belong together: those of a scope, of an array, or what there is no room for.

    `members` are nodes and groups in the order of the graph, `size` counts the nodes in all of
    them. A closed group is one box in the picture.
    """

    label: str
    kind: Literal["graph", "scope", "array", "rest"]
    members: list[Value | Group] = field(default_factory=list)
    size: int = 0
    closed: bool = False

    def groups(self) -> list[Group]:
        """The groups directly inside."""
        return [member for member in self.members if isinstance(member, Group)]


def nodes_of(group: Group) -> Iterator[Value]:
    """Every node inside, at any depth."""
    waiting = deque(group.members)
    while waiting:
        member = waiting.popleft()
        if isinstance(member, Group):
            waiting.extendleft(reversed(member.members))
        else:
            yield member


def arrange(
    order: list[Value],
    budget: int | None,
    collapse: Collection[str] = (),
    kept: Iterable[Value] = (),
) -> Group:
    """The tree of a graph's scopes with at most `budget` items open; all of them where it is None.

    order : the nodes, operands first, the output last. collapse : scopes to be closed whatever
    room there is, by their names. kept : nodes to be drawn by themselves where a group is so large
    that only some are. Raises `ValueError` for a scope that does not exist.
    """
    top = _scopes(order)
    _close(top, collapse)
    if budget is not None and _drawn(top) > budget:
        _fit(top, order, budget, set(kept))
    return top


def _scopes(order: list[Value]) -> Group:
    top = Group("", "graph")
    by_path: dict[tuple[str, ...], Group] = {(): top}
    for node in order:
        path = node.label.scope[:DEEPEST] if node.label else ()
        group = by_path.get(path)
        if group is None:
            group = top
            for depth in range(1, len(path) + 1):
                inner = by_path.get(path[:depth])
                if inner is None:
                    inner = by_path[path[:depth]] = Group(path[depth - 1], "scope")
                    group.members.append(inner)
                group = inner
        group.members.append(node)
    for path in sorted(by_path, key=len, reverse=True):
        group = by_path[path]
        group.size = sum(m.size if isinstance(m, Group) else 1 for m in group.members)
    return top


def _close(top: Group, names: Collection[str]) -> None:
    missing = set(names)
    known: dict[str, None] = {}
    waiting = top.groups()
    while waiting:
        group = waiting.pop()
        known[group.label] = None
        if group.label in names:
            group.closed = True
            missing.discard(group.label)
        waiting.extend(group.groups())
    if missing:
        scopes = ", ".join(sorted(known)) or "none; name some with `with scope(name):`"
        raise ValueError(f"there is no scope {min(missing)!r} to collapse; scopes here: {scopes}")


def _drawn(group: Group) -> int:
    """How many items stand in the picture."""
    waiting, count = [group], 0
    while waiting:
        for member in waiting.pop().members:
            if isinstance(member, Group) and not member.closed:
                waiting.append(member)
            else:
                count += 1
    return count


def _fit(top: Group, order: list[Value], budget: int, kept: set[Value]) -> None:
    """Close every group, then open them from outside in while items and wires stay few enough.

    The scopes inside one group open together: half of a layer's neurons as boxes and half as
    nodes would look like two kinds. Layers, which have scopes inside, may differ. Then come
    arrays of results, those near the output first, and last arrays of leaves, such as weights.
    """
    everything = [top]
    for group in everything:
        everything.extend(group.groups())
    forced = {group for group in everything if group.closed}
    for group in everything[1:]:
        group.closed = True
    users = _users(order)
    _gather(top, budget, kept, users)
    drawn = len(top.members)
    whole = [top]  # the groups that are open
    for kind in ("scope", "results", "leaves"):
        for outer in whole:  # grows
            inner = [g for g in outer.groups() if _kind(g) == kind and g not in forced]
            for group in inner:
                _gather(group, budget, kept, users)
            several = [inner]
            if kind == "results" or any(group.groups() for group in inner):
                several += [[group] for group in reversed(inner)]
            for together in several:
                added = sum(len(group.members) - 1 for group in together if group.closed)
                if drawn + added <= budget and _open(together, top, order, budget):
                    drawn += added
                    whole += [group for group in together if group not in whole]


def _kind(group: Group) -> str:
    if group.kind != "array":
        return group.kind
    leaves = all(isinstance(member, Value) and member.is_leaf for member in group.members)
    return "leaves" if leaves else "results"


def _open(groups: list[Group], top: Group, order: list[Value], budget: int) -> bool:
    """Open the groups; close them again where that gives more wires than one can follow."""
    for group in groups:
        group.closed = False
    few = _pairs(top, order) <= WIRES_AN_ITEM * budget
    for group in groups:
        group.closed = not few
    return few


def shown_in(top: Group) -> dict[Value, Value | Group]:
    """What each node is drawn as: itself, or the closed group that it stands in."""
    found: dict[Value, Value | Group] = {}
    waiting = [top]
    while waiting:
        for member in waiting.pop().members:
            if isinstance(member, Value):
                found[member] = member
            elif member.closed:
                found.update(dict.fromkeys(nodes_of(member), member))
            else:
                waiting.append(member)
    return found


def _pairs(top: Group, order: list[Value]) -> int:
    """How many pairs of items have a wire between them."""
    items = shown_in(top)
    return len({
        (items[operand], items[node])
        for node in order
        for operand in node.operands
        if isinstance(operand, Value)
    })  # fmt: skip


def _users(order: list[Value]) -> Users:
    found: Users = {node: [] for node in order}
    for node in order:
        for operand in node.operands:
            if isinstance(operand, Value):
                found[operand].append(node)
    return found


def _gather(group: Group, budget: int, kept: set[Value], users: Users) -> None:
    """Put together arrays, and where that is not enough what is far from the group's end.

    A loss over a batch is understood from its end, so the nodes nearest to the output stay.
    """
    if group.kind == "graph" or (group.kind == "scope" and len(group.members) > budget):
        _gather_arrays(group, users)
    if len(group.members) <= budget:
        return
    inner = group.groups()[: budget // 2]
    nodes = [member for member in group.members if isinstance(member, Value)]
    shown: set[Value | Group] = {*inner, *_nearest(nodes, budget - len(inner) - 1, kept)}
    rest = Group("", "rest", [m for m in group.members if m not in shown], closed=True)
    rest.size = sum(m.size if isinstance(m, Group) else 1 for m in rest.members)
    rest.label = f"{rest.size:,} more"
    group.members = [rest, *(m for m in group.members if m in shown)]


def _nearest(nodes: list[Value], room: int, kept: set[Value]) -> dict[Value, None]:
    """The nodes at the end of the group and those that lead there, level by level.

    Of a level that there is no room for, such as the terms of a long sum, a few are followed
    down, then a few more while half of the room is empty.
    """
    inside = set(nodes)
    used = {operand for node in nodes for operand in node.operands}
    later: list[Value] = []
    level = [node for node in nodes if node not in used]
    shown: dict[Value, None] = {}
    while level and len(shown) < room:
        left = room - len(shown)
        level.sort(key=lambda node: (node not in kept, node.is_leaf))
        if len(level) > left or later:
            few = min(left, SAMPLES)
            level, later = level[:few], level[few:] + later
        shown.update(dict.fromkeys(level))
        below = [o for node in level for o in node.operands if o in inside and o not in shown]
        level = list(dict.fromkeys(o for o in below if isinstance(o, Value)))
        if not level and len(shown) < room // 2:
            level, later = [node for node in later if node not in shown], []
    return shown


def _gather_arrays(group: Group, users: Users) -> None:
    """Close each array, with the unnamed steps that lead to its elements and nowhere else."""
    array_of: dict[Value, str] = {}
    for member in reversed(group.members):
        if isinstance(member, Group):
            continue
        place = member.label.place if member.label else None
        if place is not None and place[1]:
            array_of[member] = place[0]
        elif member.name is None and not member.is_leaf:
            leads_to = {array_of.get(user) for user in users[member]}
            if len(leads_to) == 1 and (name := leads_to.pop()) is not None:
                array_of[member] = name
    arrays: dict[str, Group] = {}
    members: list[Value | Group] = []
    for member in group.members:
        if isinstance(member, Group) or member not in array_of:
            members.append(member)
            continue
        name = array_of[member]
        array = arrays.get(name)
        if array is None:
            array = arrays[name] = Group(name, "array", closed=True)
            members.append(array)
        array.members.append(member)
        array.size += 1
    group.members = [
        m.members[0] if isinstance(m, Group) and m.kind == "array" and m.size == 1 else m
        for m in members
    ]
