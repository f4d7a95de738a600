"""A trace by layers: one step for a whole array, in the matrix notation of textbooks.

Named arrays are taken as one (`Block`), what belongs to none stands by itself. A forward step is
z = W·x + b, a backward step dL/dW = dL/dz·xᵀ. Where the elements' formulas do not follow one
pattern (`lifting`) the step has its numbers and no formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .blocks import Block, along, blocks_of, total
from .expression import Application, Derivative, Expression, Number, Quantity
from .lifting import Lifted, Places, apply, contract, join, lift
from .table import TABLE
from .tracing import Trace
from .value import Value

__all__ = ["Flow", "Layers", "Unit"]

Unit = Value | Block
Index = tuple[int, ...]
Slope = tuple[Index, Index, Expression]  # the places of both ends, the local derivative
Edge = tuple[Value, Value]  # an element, an element of the consumer that uses it


@dataclass(frozen=True, slots=True)
class Flow:
    """What one consumer contributes to the derivative of a unit; formula None: no pattern."""

    via: Unit
    formula: Expression | None
    value: Any


class Layers:
    """The units of a trace in topological order, with their formulas.

    >>> from autograd_core.worksheet import Worksheet
    >>> sheet = Worksheet.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z)")
    >>> layers = Layers(Trace(sheet.output))
    >>> [unit.name for unit in layers.units], layers.formula(layers.units[2]).value
    (['W', 'x', 'z', 'L'], array([17., 39.]))
    """

    def __init__(self, trace: Trace) -> None:
        blocks = blocks_of(trace.landmarks)
        while True:
            self.places: Places = {
                node: (block, index)
                for block in blocks
                for index, node in np.ndenumerate(block.nodes)
            }
            units, entangled = self._sorted(trace)
            if not entangled:
                break
            blocks = [block for block in blocks if block not in entangled]
        self.units = units
        self.trace = self._whole(trace)
        self._edges: dict[Unit, list[Edge]] = {}  # of the backward steps into a unit
        for node, places in self.trace.reached:
            vias = map(self.trace.consumer, places)
            edges = self._edges.setdefault(self.unit(node), [])
            edges += [(node, via) for via in vias if via is not None]

    def _whole(self, trace: Trace) -> Trace:
        """The trace with the gradients of all elements of an array, where it has one of them."""
        while True:
            reached = {node for node, _ in trace.reached}
            arrays = dict.fromkeys(self.places[node][0] for node in reached if node in self.places)
            whole = [node for array in arrays for node in array.nodes.flat]
            missing = [n for n in whole if trace.adjoint(n) and n not in reached]
            if not missing:
                return trace
            trace = Trace(trace.root, [*trace.wrt, *missing], trace.depth, trace.landmarks)

    def unit(self, node: Value) -> Unit:
        """The array that a node is an element of, or the node."""
        return self.places[node][0] if node in self.places else node

    def formula(self, unit: Unit) -> Expression | None:
        """How a unit is computed from others; None where its elements follow no pattern."""
        if isinstance(unit, Value):
            family = np.array(None, dtype=object)
            family[()] = self.trace.formula(unit)
        else:
            family = _mapped(unit.nodes, self.trace.formula)
        found = lift(family, self.places)
        axes = tuple(range(family.ndim))
        return _checked(found, axes, unit.data) if found else None

    def adjoint(self, unit: Unit) -> Any:
        """The derivative of the output by each element."""
        if isinstance(unit, Value):
            return self.trace.adjoint(unit)
        return _mapped(unit.nodes, self.trace.adjoint).astype(float)

    def derivative(self, unit: Unit) -> Derivative:
        """The same as a symbol."""
        return Derivative(self.adjoint(unit), of=self.trace.root, by=unit)

    @property
    def computed(self) -> list[Unit]:
        """The units that are computed from others, operands first."""
        return [unit for unit in self.units if not _first(unit).is_leaf]

    @property
    def reached(self) -> list[Unit]:
        """The units that a wanted gradient passes, consumers first."""
        return [unit for unit in reversed(self.units) if unit in self._edges]

    def consumers(self, unit: Unit) -> dict[Unit, list[Edge]]:
        """The units that a unit flows into, with the edges from element to element."""
        found: dict[Unit, list[Edge]] = {}
        for node, via in self._edges[unit]:
            found.setdefault(self.unit(via), []).append((node, via))
        return found

    def flow(self, unit: Unit, via: Unit, edges: list[Edge]) -> Flow:
        """What comes into a unit from one of its consumers."""
        shape = unit.shape if isinstance(unit, Block) else ()
        value, printed = np.zeros(shape), np.zeros(shape)
        slopes: list[Slope] = []
        place = {node: i for i, node in enumerate(self.trace.landmarks)}
        for node, consumer in sorted(edges, key=lambda edge: place[edge[1]]):  # one after another
            index, upstream = self._index(node), self.trace.adjoint(consumer)
            number, local = self.trace.direct(consumer)[node]
            value[index] += TABLE["flow"].forward(upstream, number)
            printed[index] += upstream * local.value
            slopes.append((index, self._index(consumer), local))
        found = self._pattern(shape, via, slopes)
        if found is not None and not found.axes and shape:  # a number flows to every element
            ones = Lifted(Quantity(np.ones(shape)), tuple(range(len(shape))))
            found = join(TABLE["mul"], [found, ones])
        formula = _checked(found, tuple(range(len(shape))), printed)
        return Flow(via, formula, value if shape else float(value))

    def _index(self, node: Value) -> Index:
        return self.places[node][1] if node in self.places else ()

    def _pattern(self, shape: Index, via: Unit, slopes: list[Slope]) -> Lifted | None:
        """Σ dL/dvia · ∂via/∂unit over the consumer's free axes, in matrices."""
        upstream = self.derivative(via)
        size = via.shape if isinstance(via, Block) else ()
        bound = _bound_axes(shape, size, slopes)
        free = [axis for axis in range(len(size)) if bound[axis] is None]
        whole = (*shape, *(size[axis] for axis in free))
        if (len(free) > 1 and shape) or np.prod(whole) != len(slopes):
            return None
        family = np.empty(whole, dtype=object)
        for index, at, formula in slopes:
            family[(*index, *(at[axis] for axis in free))] = formula
        position = {axis: len(shape) + i for i, axis in enumerate(free)}
        axes = tuple(position[a] if b is None else b for a, b in enumerate(bound))
        summed = tuple(position.values())
        return _product(Lifted(upstream, axes), self._factors(family), summed, shape)

    def _factors(self, family: Any) -> list[Lifted] | None:
        """The local derivative as factors of which each follows axes of its own."""
        zero = np.vectorize(lambda m: isinstance(m, Number) and m.value == 0.0)(family)
        if zero.any() and not zero.all():
            rest = self._factors(np.where(zero, None, family))
            return None if rest is None else [_mask(~zero), *rest]
        known = [member for member in family.flat if member is not None]
        operations = {m.op if isinstance(m, Application) else None for m in known}
        if len(operations) == 1 and operations <= {TABLE["mul"], TABLE["flow"]}:
            factors: list[Lifted] = []
            for i in range(2):
                inner = self._factors(_mapped(family, lambda m, i=i: m and m.operands[i]))
                factors += inner or ()
                if inner is None:
                    break
            else:
                return factors
        found = lift(family, self.places)
        return None if found is None else [found]

    # --- the order of units -------------------------------------------------------------------

    def _sorted(self, trace: Trace) -> tuple[list[Unit], set[Unit]]:
        """The units, operands first; and those blocks whose elements depend on one another."""
        needs: dict[Unit, set[Unit]] = {}
        entangled: set[Unit] = set()
        for node in trace.landmarks:
            unit = self.unit(node)
            below = needs.setdefault(unit, set())
            if not node.is_leaf:
                below |= {self.unit(n) for n in trace.operands(node)}
        entangled = {unit for unit, below in needs.items() if unit in below}
        order: list[Unit] = []
        done: set[Unit] = set()
        waiting = [unit for unit in needs if unit not in entangled]
        while waiting and not entangled:
            ready = [unit for unit in waiting if needs[unit] <= done]
            if not ready:
                entangled = {unit for unit in waiting if isinstance(unit, Block)}
                break
            order += ready
            done.update(ready)
            waiting = [unit for unit in waiting if unit not in done]
        return order, entangled


def _first(unit: Unit) -> Value:
    """The node, or the first of an array's."""
    return unit if isinstance(unit, Value) else unit.nodes.flat[0]


def _mapped(nodes: Any, read: Any) -> Any:
    """read(node) for each node of an array."""
    result = np.empty(nodes.shape, dtype=object)
    for index, node in np.ndenumerate(nodes):
        result[index] = read(node)
    return result


def _mask(on: Any) -> Lifted:
    """1 where a gradient passes, 0 where it does not, along the axes that this depends on."""
    axes = [axis for axis in range(on.ndim) if (on != on.take([0], axis)).any()]
    others = tuple(slice(None) if axis in axes else 0 for axis in range(on.ndim))
    return Lifted(Quantity(on[others].astype(float)), tuple(axes))


def _bound_axes(shape: Index, size: Index, slopes: list[Slope]) -> list[int | None]:
    """For each axis of the consumer the unit's axis that it follows, None where it is free."""
    bound: list[int | None] = []
    for axis in reversed(range(len(size))):  # an axis of one entry is the last that it can be
        same = [
            i
            for i in range(len(shape))
            if i not in bound and shape[i] == size[axis]
            and all(index[i] == at[axis] for index, at, _ in slopes)
        ]  # fmt: skip
        bound.insert(0, same[0] if same else None)
    return bound


def _product(
    upstream: Lifted, factors: list[Lifted] | None, summed: tuple[int, ...], shape: Index
) -> Lifted | None:
    """upstream · factors, summed over the axes that only the consumer has."""
    if factors is None:
        return None
    others: list[Lifted] = []
    for factor in factors:
        if isinstance(factor.formula, Number) and abs(factor.formula.value) == 1.0:
            if factor.formula.value < 0.0:
                upstream = Lifted(apply(TABLE["neg"], upstream.formula), upstream.axes)
            continue
        if factor.axes == upstream.axes or not factor.axes:
            coefficient = upstream.axes and not factor.axes
            joined = join(TABLE["mul"], [factor, upstream] if coefficient else [upstream, factor])
            if joined is None:
                return None
            upstream = joined
        else:
            others.append(factor)
    if not others:
        return _summed(upstream, summed, shape)
    if len(others) > 1:
        return None
    [other] = others
    if not summed:
        if not upstream.axes:
            return join(TABLE["mul"], [upstream, other])
        if len(upstream.axes) == len(other.axes) == 1:
            return join(TABLE["mul"], [upstream, other])
        return None
    if len(summed) == 1 and summed[0] in other.axes:
        return contract(upstream, other, summed[0])
    return None


def _summed(upstream: Lifted, summed: tuple[int, ...], shape: Index) -> Lifted | None:
    if not summed:
        return upstream
    if set(upstream.axes) == set(summed):
        return Lifted(apply(total, upstream.formula))
    if len(summed) != 1 or len(upstream.axes) != 2:
        return None
    axis = upstream.axes.index(summed[0])
    one = axis < len(shape) and shape[axis] == 1 and len(shape) == 2  # a column or row remains
    if axis and not one:
        return None
    formula = apply(along(TABLE["sum"], axis, one), upstream.formula)
    return Lifted(formula, (0, 1) if one else upstream.axes[1:])


def _checked(found: Lifted | None, axes: tuple[int, ...], value: Any) -> Expression | None:
    """The formula if it has the axes and the numbers of what it stands for."""
    if found is None or found.axes != axes:
        return None
    printed = found.formula.value
    if np.shape(printed) != np.shape(value):
        return None
    return found.formula if np.allclose(printed, value, rtol=1e-9, atol=1e-300) else None
