"""From the formulas of an array's elements to one of the array: z[i] = Σ w[i, k]·x[k] + b[i] for
every i becomes z = W·x + b.

A *family* is an array of expression trees, one for each index. Where its members differ only in the
elements that they name, and these follow the index, the family is one tree on whole arrays. What
does not fit stays as it is: `lift` returns None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .blocks import Block, column_sums, elementwise, matmul, outer, total, transpose
from .expression import Application, Derivative, Expression, Number, Quantity
from .op import Op
from .table import TABLE
from .value import Value

__all__ = ["Lifted", "Places", "apply", "contract", "join", "lift", "on_arrays"]

Index = tuple[int, ...]
_ON_ARRAYS = {matmul, elementwise, outer, transpose, column_sums, total}
Places = Mapping[Value, tuple[Block, Index]]  # where each element stands


@dataclass(frozen=True, slots=True)
class Lifted:
    """A formula on arrays; its own axis number a follows the family's axis `axes[a]`."""

    formula: Expression
    axes: tuple[int, ...] = ()


def lift(family: Any, places: Places) -> Lifted | None:
    """The family as one formula, or None where its members differ by more than their places."""
    members: list[Expression] = list(family.flat)
    first = members[0]
    if any(type(member) is not type(first) for member in members):
        return None
    match first:
        case Number():
            return _numbers(family, Number)
        case Quantity(of=None):
            return _numbers(family, Quantity)
        case Quantity():
            return _elements(family, [m.of for m in members], places)  # type: ignore[attr-defined]
        case Derivative():
            if len({(m.of, m.direct) for m in members}) > 1:  # type: ignore[attr-defined]
                return None
            return _elements(family, [m.by for m in members], places)  # type: ignore[attr-defined]
        case Application(op=op, operands=operands):
            for member in members:
                assert isinstance(member, Application)
                if member.op is not op or len(member.operands) != len(operands):
                    return None
            if op is TABLE["dot"]:
                return _dot(family, places)
            if op.variadic:
                return _reduction(family, places)
            parts = [lift(_operand(family, i), places) for i in range(len(operands))]
            return join(op, parts)
    return None


def join(op: Op, parts: Sequence[Lifted | None]) -> Lifted | None:
    """An elementwise operation; parts that lack axes are repeated along them, as NumPy does."""
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
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
    return Lifted(apply(matmul, left, right), (*free[0], *free[1]))


def apply(op: Op, *operands: Expression) -> Application:
    """The operation on these formulas, with its value worked out on arrays."""
    values = [operand.value for operand in operands]
    if op is TABLE["mul"] and all(np.ndim(v) for v in values):
        op = elementwise
    return Application(on_arrays(op, values), op=op, operands=operands)


def on_arrays(op: Op, values: Sequence[Any], like: Any = None) -> Any:
    """The operation on arrays of numbers; `like` is what a reduction of one array comes to."""
    if op in _ON_ARRAYS:
        result = op.forward(*values)
    elif op.variadic and len(values) == 1:
        [array] = values
        result = op(array, axis=-1) if np.ndim(like) else op(array.ravel())
    else:
        result = op(*values)
    return result if np.ndim(result) else float(result)


# --- leaves -----------------------------------------------------------------------------------


def _numbers(family: Any, kind: type[Number] | type[Quantity]) -> Lifted:
    values = np.array([member.value for member in family.flat], float).reshape(family.shape)
    if family.size and (values == values.flat[0]).all():
        return Lifted(kind(float(values.flat[0])))
    return Lifted(Quantity(values), tuple(range(family.ndim)))


def _elements(family: Any, nodes: list[Value], places: Places) -> Lifted | None:
    """Elements of one array, whose places follow the family's index."""
    first = family.flat[0]
    if all(node is nodes[0] for node in nodes):
        return Lifted(first)
    found = [places.get(node) for node in nodes]
    if isinstance(first, Quantity) and not any(found) and not any(n.name for n in nodes):
        return _unnamed(family, nodes)
    block = found[0][0] if found[0] else None
    if block is None or any(place is None or place[0] is not block for place in found):
        return None
    axes = _axes(family.shape, [place[1] for place in found if place], block.shape)
    if axes is None:
        return None
    if isinstance(first, Derivative):
        values = np.empty(block.shape)
        for (_, index), member in zip((p for p in found if p), family.flat, strict=True):
            values[index] = member.value
        return Lifted(replace(first, value=values, by=block), axes)
    return Lifted(Quantity(block.data, of=block), axes)


def _unnamed(family: Any, nodes: list[Value]) -> Lifted:
    """Nodes without names, an example's inputs say, as an array of their numbers."""
    grid = np.array(nodes, dtype=object).reshape(family.shape)
    axes = list(range(family.ndim))
    for axis in reversed(range(family.ndim)):
        first = np.broadcast_to(np.take(grid, [0], axis=axis), grid.shape)
        if all(a is b for a, b in zip(grid.flat, first.flat, strict=True)):
            grid = np.take(grid, 0, axis=axis)
            del axes[axis]
    values = np.array([node.data for node in grid.flat]).reshape(grid.shape)
    return Lifted(Quantity(values), tuple(axes))


def _axes(shape: Index, indices: list[Index], size: Index) -> tuple[int, ...] | None:
    """Which axis of the family each axis of the array follows; None where one follows none."""
    at = np.array(list(np.ndindex(shape)))
    to = np.array(indices)
    axes: list[int] = []
    for axis in range(to.shape[1]):
        same = [
            i
            for i in range(at.shape[1])
            if i not in axes and shape[i] == size[axis] and (at[:, i] == to[:, axis]).all()
        ]
        if not same:
            return None
        axes.append(same[0])
    return tuple(axes)


# --- operations -------------------------------------------------------------------------------


def _operand(family: Any, i: int) -> Any:
    part = np.empty(family.shape, dtype=object)
    for index, member in np.ndenumerate(family):
        part[index] = member.operands[i]
    return part


def _operands(family: Any, first: int, last: int, shape: Index | None = None) -> Any:
    """The operands from first to last, along axes of their own behind the family's."""
    shape = (last - first,) if shape is None else shape
    part = np.empty((*family.shape, last - first), dtype=object)
    for index, member in np.ndenumerate(family):
        part[index][:] = member.operands[first:last]
    return part.reshape(*family.shape, *shape)


def _dot(family: Any, places: Places) -> Lifted | None:
    n = len(family.flat[0].operands) // 2
    w = lift(_operands(family, 0, n), places)
    x = lift(_operands(family, n, 2 * n), places)
    if w is None or x is None or any(family.ndim not in part.axes for part in (w, x)):
        return None
    product = contract(w, x, family.ndim)
    bias = lift(_operand(family, 2 * n), places)
    if bias is not None and isinstance(bias.formula, Number) and bias.formula.value == 0.0:
        return product
    return join(TABLE["add"], [product, bias])


def _reduction(family: Any, places: Places) -> Lifted | None:
    """Of one row's operands all are the elements of one array, in order."""
    count = len(family.flat[0].operands)
    shape: Index = (count,)
    if family.ndim == 0:
        inside = (places[leaf][0] for leaf in _leaves(family.flat[0]) if leaf in places)
        shape = next((b.shape for b in inside if math.prod(b.shape) == count), shape)
    inner = lift(_operands(family, 0, count, shape), places)
    axes = tuple(range(family.ndim))
    if inner is None or inner.axes != (*axes, *range(family.ndim, family.ndim + len(shape))):
        return None
    op = family.flat[0].op
    value = on_arrays(op, [inner.formula.value], np.empty(family.shape))
    return Lifted(Application(value, op=op, operands=(inner.formula,)), axes)


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
