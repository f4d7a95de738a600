"""From the formulas of an array's elements to one of the array: z[i] = Σ w[i, k]·x[k] + b[i] for
every i becomes z = W·x + b.

A *family* is an array of expression trees, one for each index. Where its members differ only in the
elements that they name, and these follow the index, the family is one tree on whole arrays. What
does not fit stays as it is: `lift` returns None. A member may be None: whatever it is, it counts
nothing, as behind a relu that is off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from .blocks import Block, along, elementwise, matmul, outer, transpose
from .expression import Application, Derivative, Expression, Number, Quantity
from .op import Op
from .table import TABLE
from .value import Value

__all__ = ["Lifted", "Places", "apply", "contract", "join", "lift", "on_arrays"]

LARGEST_COUNT = 8  # operands of a maximum or a sum of arrays

Index = tuple[int, ...]
Places = Mapping[Value, tuple[Block, Index]]  # where each element stands


@dataclass(frozen=True, slots=True)
class Lifted:
    """A formula on arrays; its own axis number a follows the family's axis `axes[a]`."""

    formula: Expression
    axes: tuple[int, ...] = ()


def lift(family: Any, places: Places) -> Lifted | None:
    """The family as one formula, or None where its members differ by more than their places."""
    members = _known(family)
    first = members[0] if members else None
    if any(type(member) is not type(first) for member in members):
        return None
    match first:
        case Number():
            return _numbers(family, Number)
        case Quantity(of=None):
            return _numbers(family, Quantity)
        case Quantity():
            return _elements(family, lambda member: member.of, places)
        case Derivative():
            if len({(m.of, m.direct) for m in members}) > 1:
                return None
            return _elements(family, lambda member: member.by, places)
        case Application():
            return _applications(family, members, places)
    return None


def _known(family: Any) -> list[Any]:
    return [member for member in family.flat if member is not None]


def _applications(family: Any, members: list[Application], places: Places) -> Lifted | None:
    op, count = members[0].op, len(members[0].operands)
    if any(member.op is not op or len(member.operands) != count for member in members):
        return None
    if family.ndim and len(members) > 1 and all(member == members[0] for member in members):
        return lift(_alone(members[0]), places)
    if op is TABLE["dot"]:
        return _dot(family, places)
    found = _reduction(family, places) if op.variadic else None
    if found is not None or count > LARGEST_COUNT:
        return found
    if op is TABLE["add"] and not family.ndim:
        found = _long_sum(members[0], places)
        if found is not None:
            return found
    parts = [lift(_operand(family, i), places) for i in range(count)]
    if op is TABLE["prod"]:  # x ⊙ y, where x·y would be read as the product of two vectors
        return reduce(lambda a, b: a and b and join(TABLE["mul"], [a, b]), parts)
    return join(op, parts)


def _alone(member: Expression) -> Any:
    """A family of one member, without an index."""
    family = np.empty((), dtype=object)
    family[()] = member
    return family


def join(op: Op, parts: Sequence[Lifted | None]) -> Lifted | None:
    """An elementwise operation; parts that lack axes are repeated along them, as NumPy does."""
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    if op is TABLE["mul"] and sorted(len(part.axes) for part in found) == [1, 1]:
        (a, b) = sorted(found, key=lambda part: part.axes)
        if a.axes != b.axes:
            return Lifted(apply(outer, a.formula, b.formula), a.axes + b.axes)
    if len({part.axes for part in found if part.axes}) > 1:
        found = [_in_order(part) for part in found]
        axes = tuple(sorted({axis for part in found for axis in part.axes}))
    else:
        axes = max(part.axes for part in found)
    if any(part.axes != axes[len(axes) - len(part.axes) :] for part in found):
        return None
    return Lifted(apply(op, *(part.formula for part in found)), axes)


def contract(a: Lifted, b: Lifted, axis: int) -> Lifted | None:
    """Σ a·b over one axis that both have, as a product of matrices and vectors."""
    free = [tuple(x for x in part.axes if x != axis) for part in (a, b)]
    if any(len(axes) > 1 for axes in free) or free[0] == free[1] != ():
        return None
    if free[1] and (not free[0] or free[1] < free[0]):  # the result's first axis, or its only one
        a, b, free = b, a, free[::-1]
    left = a.formula if a.axes[-1] == axis else apply(transpose, a.formula)
    right = b.formula if b.axes[0] == axis else apply(transpose, b.formula)
    if left.value.shape[-1] != right.value.shape[0]:  # one of them is repeated along the axis
        return None
    return Lifted(apply(matmul, left, right), (*free[0], *free[1]))


def apply(op: Op, *operands: Expression) -> Application:
    """The operation on these formulas, with its value worked out on arrays."""
    values = [operand.value for operand in operands]
    if op is TABLE["mul"] and all(np.ndim(v) for v in values):
        op = elementwise
    return Application(on_arrays(op, values), op=op, operands=operands)


def on_arrays(op: Op, values: Sequence[Any]) -> Any:
    """The operation on arrays of numbers, elementwise; of one array a reduction takes all."""
    if op.variadic and len(values) == 1:
        values = [np.ravel(values[0])]
    with np.errstate(all="ignore"):  # an overflow is found when the value is compared
        result = op(*values)
    return result if np.ndim(result) else float(result)


# --- leaves -----------------------------------------------------------------------------------


def _numbers(family: Any, kind: type[Number] | type[Quantity]) -> Lifted | None:
    values = [member.value for member in _known(family)]
    if all(value == values[0] for value in values):
        return Lifted(kind(float(values[0])))
    if len(values) < family.size:
        return None
    return Lifted(Quantity(np.array(values).reshape(family.shape)), tuple(range(family.ndim)))


def _elements(family: Any, node_of: Callable[[Any], Value], places: Places) -> Lifted | None:
    """Elements of one array, whose places follow the family's index; or one node throughout."""
    members = _known(family)
    nodes = [node_of(member) for member in members]
    at = [index for index, member in np.ndenumerate(family) if member is not None]
    to = [places[node] for node in nodes if node in places]
    axes = None
    if len(to) == len(at) and all(block is to[0][0] for block, _ in to):
        axes = _axes(family.shape, at, [index for _, index in to], to[0][0].shape)
    if axes is None:
        plain = isinstance(members[0], Quantity) and len(members) == family.size
        if plain and all(node.is_leaf and not node.name and node not in places for node in nodes):
            return _unnamed(family, nodes)
        one = len(members) == family.size and all(node is nodes[0] for node in nodes)
        return Lifted(members[0]) if one else None
    block = to[0][0]
    if not isinstance(members[0], Derivative):
        return Lifted(Quantity(block.data, of=block), axes)
    values = np.zeros(block.shape)
    for (_, index), member in zip(to, members, strict=True):
        values[index] = member.value
    return Lifted(replace(members[0], value=values, by=block), axes)


def _unnamed(family: Any, nodes: list[Value]) -> Lifted:
    """Nodes without names, an example's inputs say, as an array of their numbers."""
    grid = np.array(nodes, dtype=object).reshape(family.shape)
    axes = list(range(family.ndim))
    for axis in reversed(range(family.ndim)):
        first = np.broadcast_to(np.take(grid, [0], axis=axis), grid.shape)
        if all(a is b for a, b in zip(grid.flat, first.flat, strict=True)):
            grid = np.take(grid, 0, axis=axis)
            del axes[axis]
    if not axes:
        return Lifted(Quantity(nodes[0].data, of=nodes[0]))  # all are this one
    values = np.array([node.data for node in grid.flat]).reshape(grid.shape)
    return Lifted(Quantity(values), tuple(axes))


def _axes(
    shape: Index, at: Sequence[Index], to: Sequence[Index], size: Index
) -> tuple[int, ...] | None:
    """Which axis of the family each axis of the array follows; None where that is not certain.

    An axis of one entry may follow several: then that in the same place from the last, as NumPy.
    """
    axes: list[int] = []
    for axis, count in enumerate(size):
        same = [
            i
            for i in range(len(shape))
            if i not in axes and shape[i] == count
            and all(a[i] == b[axis] for a, b in zip(at, to, strict=True))
        ]  # fmt: skip
        from_the_last = len(shape) - len(size) + axis
        repeated = count == 1 and len(size) > 1 and from_the_last >= 0
        if not same and repeated and from_the_last not in axes:
            same = [from_the_last]  # repeated along it, as NumPy does: W·X + b with a column b
        if not same or (len(same) > 1 and count > 1):
            return None
        axes.append(from_the_last if from_the_last in same else same[0])
    return tuple(axes)


# --- operations -------------------------------------------------------------------------------


def _operand(family: Any, i: int) -> Any:
    part = np.empty(family.shape, dtype=object)
    for index, member in np.ndenumerate(family):
        part[index] = None if member is None else member.operands[i]
    return part


def _operands(family: Any, first: int, last: int, shape: Index | None = None) -> Any:
    """The operands from first to last, along axes of their own behind the family's."""
    shape = (last - first,) if shape is None else shape
    part = np.empty((*family.shape, last - first), dtype=object)
    for index, member in np.ndenumerate(family):
        part[index][:] = None if member is None else member.operands[first:last]
    return part.reshape(*family.shape, *shape)


def _dot(family: Any, places: Places) -> Lifted | None:
    n = len(_known(family)[0].operands) // 2
    w = lift(_operands(family, 0, n), places)
    x = lift(_operands(family, n, 2 * n), places)
    if w is None or x is None or any(family.ndim not in part.axes for part in (w, x)):
        return None
    if family.shape == (1, 1) and set(w.axes) == set(x.axes) == {1, 2}:  # one row, one column
        w = Lifted(w.formula, tuple(0 if axis == 1 else axis for axis in w.axes))
    product = contract(w, x, family.ndim)
    bias = lift(_operand(family, 2 * n), places)
    if bias is not None and isinstance(bias.formula, Number) and bias.formula.value == 0.0:
        return product
    return join(TABLE["add"], [product, bias])


def _reduction(family: Any, places: Places) -> Lifted | None:
    """Of one row's operands all are the elements of one array, or of each row or column of it."""
    first = _known(family)[0]
    count = len(first.operands)
    shape: Index = (count,)
    if family.ndim == 0:
        inside = (places[leaf][0] for leaf in _leaves(first) if leaf in places)
        shape = next((b.shape for b in inside if math.prod(b.shape) == count), shape)
    inner = lift(_operands(family, 0, count, shape), places)
    if inner is None:
        return None
    if family.ndim == 0 and inner.axes == tuple(range(len(shape))):
        return Lifted(apply(first.op, inner.formula))
    if family.ndim == 1 and sorted(inner.axes) == [0, 1]:
        return Lifted(apply(along(first.op, inner.axes.index(1)), inner.formula), (0,))
    return None


def _long_sum(e: Application, places: Places) -> Lifted | None:
    """Many terms, as of the slope of a weight that every example has, as the sum of an array.

    A backward sweep adds from the last example to the first.
    """
    terms = _terms(e)
    if len(terms) <= LARGEST_COUNT:
        return None
    wholes = (
        Application(e.value, op=TABLE["sum"], operands=tuple(ordered))
        for ordered in (terms[::-1], terms)
    )
    found = (_reduction(_alone(whole), places) for whole in wholes)
    return next((lifted for lifted in found if lifted is not None), None)


def _terms(e: Expression) -> list[Expression]:
    """The formula's terms, from left to right; itself where it is no sum."""
    terms: list[Expression] = []
    waiting = [e]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Application) and part.op is TABLE["add"]:
            waiting.extend(reversed(part.operands))
        else:
            terms.append(part)
    return terms


def _leaves(e: Expression) -> Any:
    """The nodes that a formula names."""
    if isinstance(e, Application):
        for operand in e.operands:
            yield from _leaves(operand)
    elif isinstance(e, Quantity) and e.of is not None:
        yield e.of


def _in_order(part: Lifted) -> Lifted:
    """The same with its axes ascending: a matrix may have to be transposed."""
    if len(part.axes) == 2 and part.axes[0] > part.axes[1]:
        return Lifted(apply(transpose, part.formula), part.axes[::-1])
    return part
