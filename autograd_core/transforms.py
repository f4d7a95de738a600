"""Derivatives of any order: gradients of nodes, and functions that differentiate functions.

With `create_graph=True` the backward sweep itself is computed on nodes: each row's partials are
run on Values instead of floats, so a gradient is a graph that can be differentiated again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from . import modes
from .backward import adjoints
from .errors import DomainError
from .graph import topological_order
from .op import Op
from .stale import require_fresh
from .table import TABLE, flow
from .value import Value

__all__ = [
    "grad", "gradient", "gradient_graph", "hessian", "hvp", "jacobian", "jvp", "value_and_grad",
]  # fmt: skip


def gradient(y: Value, xs: Any, create_graph: bool = False) -> Any:
    """dy/dx for each node x in `xs`, in the shape of `xs`; `.grad` is left alone.

    xs : a Value, or a list, tuple or array of them. Floats, or with `create_graph` Values that
    can be differentiated again; 0 for a node that y does not depend on. Raises TypeError for
    what is not a Value and, with `create_graph`, `StaleGraph` where a leaf changed after the
    graph was built.

    >>> x = Value(2.0)
    >>> [slope] = gradient(x * x * x, [x], create_graph=True)
    >>> slope.data, gradient(slope, [x])
    (12.0, [12.0])
    """
    if not isinstance(y, Value):
        raise TypeError(f"gradient differentiates a Value, not {type(y).__name__}")
    wanted = {_require_value(x) for x in _entries(xs)}
    if not create_graph:
        adjoint = adjoints(y)
        return _mapped(lambda x: adjoint.get(x, 0.0), xs)
    watch = modes.current is not None and modes.current.anomalies
    graph = gradient_graph(y, wanted, lambda op: op.partials)
    slopes = _mapped(lambda x: _as_value(graph.get(x, 0.0)), xs)
    for x, slope in zip(_entries(xs), _entries(slopes), strict=True):
        if watch and not math.isfinite(slope.data):
            raise DomainError(f"the gradient of {x.name or 'a node'} is {slope.data}", node=x)
    return slopes


def gradient_graph(
    y: Value, wanted: set[Value], rule_of: Callable[[Op], Callable[..., Any]]
) -> dict[Value, Any]:
    """The backward sweep on nodes, along the ways that lead to the wanted ones.

    `rule_of(op)` is the rule that gives an operation's partials: `op.partials`, or `op.spelled`
    for a graph whose formulas are to be read. Raises `StaleGraph` where a leaf has changed.

    Every product is a node, even where it is 0 now: (x − 3)² at 3 has a second derivative. Only
    a factor that is 0 all around the point (the slope of a branch not taken) ends its way.
    """
    order = topological_order(y)
    require_fresh(order)
    with modes.recording(), modes.unwatched():
        return _swept(y, order, wanted, rule_of)


def _swept(
    y: Value,
    order: Sequence[Value],
    wanted: set[Value],
    rule_of: Callable[[Op], Callable[..., Any]],
) -> dict[Value, Any]:
    leading = set(wanted)
    for node in order:
        if any(o in leading for o in node.operands if not isinstance(o, float)):
            leading.add(node)
    adjoint: dict[Value, Any] = {y: 1.0}
    for node in reversed(order):
        if node not in adjoint or node.op is None or node not in leading:
            continue
        partials = rule_of(node.op)(*node.operands, node)
        for operand, partial in zip(node.operands, partials, strict=True):
            if isinstance(operand, float) or operand not in leading or _stays_zero(partial):
                continue
            share = _times(adjoint[node], partial)
            adjoint[operand] = adjoint[operand] + share if operand in adjoint else share
    return adjoint


_LOCALLY_CONSTANT = {TABLE[name] for name in ("step", "sign", "floor", "equal")}
_JUMPING = {TABLE["step"], TABLE["sign"]}


def _stays_zero(partial: Any) -> bool:
    """True for a partial that is 0 here and all around: made of choices and constants only.

    Not where a step or sign stands at its jump: the slope of relu(x)² is 2·relu(x) at 0 too.
    """
    if _number(partial) != 0.0:
        return False
    waiting, seen = [partial], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, float) or part in seen:
            continue
        if part.op is None or (part.op in _JUMPING and _number(part.operands[0]) == 0.0):
            return False
        if part.op in _LOCALLY_CONSTANT:
            continue
        seen.add(part)
        waiting.extend(part.operands)
    return True


def _number(operand: Any) -> float:
    return operand if isinstance(operand, float) else float(operand.data)


def _times(upstream: Any, partial: Any) -> Any:
    """upstream · partial; a factor that is the constant 1 needs no node."""
    if isinstance(upstream, float) and upstream == 1.0:
        return partial
    if isinstance(partial, float) and partial == 1.0:
        return upstream
    return flow(upstream, partial)


# --- functions of functions -------------------------------------------------------------------

_inputs_of_functions: list[set[Value]] = []  # of those being differentiated, outermost first


class _Run:
    """A function run on nodes of its own for some of its arguments.

    `again` says that what comes out must be differentiable again: a Value went in, or the result
    depends on the input of a function that is being differentiated around this one.
    """

    def __init__(self, f: Callable[..., Any], arguments: Sequence[Any], chosen: list[int]) -> None:
        self.inputs = list(arguments)
        for i in chosen:
            self.inputs[i] = _mapped(_own_node, arguments[i])
        _inputs_of_functions.append({x for i in chosen for x in _entries(self.inputs[i])})
        try:
            with modes.recording():
                self.result = f(*self.inputs)
        finally:
            _inputs_of_functions.pop()
        self.again = any(isinstance(x, Value) for x in _entries(list(arguments)))
        if not self.again and _inputs_of_functions:
            around = set().union(*_inputs_of_functions)
            nodes = (y for y in _entries(self.result) if isinstance(y, Value))
            self.again = not around.isdisjoint(topological_order(*nodes))

    def scalar(self) -> Value:
        """The result of a function that returns one number."""
        if hasattr(self.result, "__len__"):
            kind = type(self.result).__name__
            raise TypeError(
                f"the function must return one real number, not {kind}; jacobian takes several"
            )
        return _as_value(self.result)


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that returns f(…) and its gradient by the arguments numbered in `argnums`.

    Arguments are numbers, Values, or lists and arrays of them; numbers in, numbers out; Values
    in, Values out, which can be differentiated again. Raises TypeError where f does not return
    one number.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    chosen = [argnums] if isinstance(argnums, int) else list(argnums)

    def differentiated(*arguments: Any) -> tuple[Any, Any]:
        run = _Run(f, arguments, chosen)
        y = run.scalar()
        slopes = [gradient(y, run.inputs[i], create_graph=run.again) for i in chosen]
        value = y if run.again else y.data
        return value, slopes[0] if isinstance(argnums, int) else tuple(slopes)

    return differentiated


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The gradient of f as a function of the same arguments; it nests to any order.

    >>> grad(grad(lambda x: x * x * x))(2.0)
    12.0
    """
    both = value_and_grad(f, argnums)

    def slope(*arguments: Any) -> Any:
        return both(*arguments)[1]

    return slope


def jacobian(f: Callable[..., Any], argnums: int = 0) -> Callable[..., Any]:
    """∂fᵢ/∂xⱼ as a function: f takes a vector and returns a vector (or one number).

    Rows belong to outputs, columns to inputs; nested lists as the function returns them.

    >>> jacobian(lambda v: [v[0] * v[1], v[0] + v[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """

    def matrix(*arguments: Any) -> Any:
        run = _Run(f, arguments, [argnums])
        x = run.inputs[argnums]
        return _mapped(lambda y: gradient(_as_value(y), x, run.again), run.result)

    return matrix


def hessian(f: Callable[..., Any], argnums: int = 0) -> Callable[..., Any]:
    """∂²f/∂xᵢ∂xⱼ as a function, for a scalar function of a vector (or of one number).

    >>> hessian(lambda v: v[0] * v[0] * v[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """

    def matrix(*arguments: Any) -> Any:
        run = _Run(f, arguments, [argnums])
        x = run.inputs[argnums]
        slopes = gradient(run.scalar(), x, create_graph=True)
        return _mapped(lambda slope: gradient(slope, x, run.again), slopes)

    return matrix


def hvp(f: Callable[..., Any], x: Any, v: Any) -> Any:
    """The Hessian of f at x times the vector v, at the cost of two gradients.

    Source: B. Pearlmutter, Fast exact multiplication by the Hessian, Neural Comput. 6 (1994).

    >>> hvp(lambda v: v[0] * v[0] * v[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]
    """
    run = _Run(f, [x], [0])
    with modes.recording():
        slopes = gradient(run.scalar(), run.inputs[0], create_graph=True)
        along = sum((s * d for s, d in zip(_entries(slopes), _entries(v), strict=True)), 0.0)
    again = run.again or any(isinstance(d, Value) for d in _entries(v))
    return gradient(_as_value(along), run.inputs[0], create_graph=again)


def jvp(f: Callable[..., Any], x: Any, v: Any) -> tuple[Any, Any]:
    """f(x) and its derivative along v, by one forward sweep (dual numbers): (f(x), J·v).

    >>> jvp(lambda v: v[0] * v[1], [2.0, 3.0], [1.0, 0.0])
    (6.0, 3.0)
    """
    run = _Run(f, [x], [0])
    again = run.again or any(isinstance(d, Value) for d in _entries(v))
    tangent: dict[Any, Any] = dict(zip(_entries(run.inputs[0]), _entries(v), strict=True))
    outputs = [y for y in _entries(run.result) if isinstance(y, Value)]
    with modes.recording(), modes.unwatched():
        for node in topological_order(*outputs):
            if node.op is not None and node not in tangent:
                tangent[node] = _tangent(node, tangent, again)
    result, along = run.result, _mapped(lambda y: tangent.get(y, 0.0), run.result)
    if again:
        return result, _mapped(_as_value, along)
    return _mapped(_as_number, result), _mapped(_as_number, along)


def _tangent(node: Value, tangent: dict[Any, Any], again: bool) -> Any:
    """Σ ∂node/∂operand · tangent(operand)."""
    assert node.op is not None
    partials = node.op.partials(*node.operands, node) if again else node.partials
    terms = [
        flow(tangent[operand], partial)
        for operand, partial in zip(node.operands, partials, strict=True)
        if not isinstance(operand, float) and operand in tangent and not _stays_zero(partial)
    ]
    return sum(terms, 0.0)


# --- arguments of any shape -------------------------------------------------------------------


def _require_value(x: Any) -> Value:
    if not isinstance(x, Value):
        raise TypeError(f"gradient differentiates by Values (or lists of them), not {x!r}")
    return x


def _own_node(x: Any) -> Value:
    """A node that stands for this argument alone, even where one Value is passed twice."""
    if isinstance(x, Value):
        with modes.recording():
            node: Value = TABLE["identity"](x)
        return node
    return Value(x)


def _as_value(y: Any) -> Value:
    """The node; a function that happens to return a plain number is constant."""
    return y if isinstance(y, Value) else Value(y)


def _as_number(y: Any) -> float:
    return y.data if isinstance(y, Value) else float(y)


def _entries(item: Any) -> list[Any]:
    """The single entries of a number, list, tuple or array, in order."""
    if isinstance(item, (list, tuple)):
        return [entry for inner in item for entry in _entries(inner)]
    if hasattr(item, "flat"):
        return list(item.flat)
    return [item]


def _mapped(function: Callable[[Any], Any], item: Any) -> Any:
    """The function applied to every entry; lists, tuples and arrays keep their shape."""
    if isinstance(item, (list, tuple)):
        mapped = [_mapped(function, inner) for inner in item]
        return type(item)(*mapped) if hasattr(item, "_fields") else type(item)(mapped)
    if getattr(item, "ndim", 0) > 0:
        return _stacked([function(inner) for inner in item.flat], item.shape)
    return function(item.item() if hasattr(item, "ndim") else item)


def _stacked(results: list[Any], shape: tuple[int, ...]) -> Any:
    """The results as an array of that shape: of floats where all are, else of Values."""
    import numpy as np

    flat = np.array(results)  # results that are arrays themselves add their own axes
    return flat.reshape(shape + flat.shape[1:])
