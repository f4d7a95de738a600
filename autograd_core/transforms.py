"""Derivatives of any order: gradients of nodes, and functions that differentiate functions.

With `create_graph=True` the backward sweep itself is computed on nodes: each row's partials are
run on Values instead of floats, so a gradient is a graph that can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .backward import adjoints
from .graph import topological_order
from .modes import recording
from .stale import require_fresh
from .table import TABLE, flow
from .value import Value

__all__ = ["grad", "gradient", "hessian", "hvp", "jacobian", "jvp", "value_and_grad"]


def gradient(y: Value, xs: Any, create_graph: bool = False) -> Any:
    """dy/dx for each node x in `xs`, in the shape of `xs`; `.grad` is left alone.

    xs : a Value, or a list, tuple or array of them. Floats, or with `create_graph` Values that
    can be differentiated again; 0.0 for a node that y does not depend on. Raises `StaleGraph`
    with `create_graph` where a leaf changed after the graph was built.

    >>> x = Value(2.0)
    >>> [slope] = gradient(x * x * x, [x], create_graph=True)
    >>> slope.data, gradient(slope, [x])
    (12.0, [12.0])
    """
    if not isinstance(y, Value):
        raise TypeError(f"gradient differentiates a Value, not {type(y).__name__}")
    order = topological_order(y)
    if create_graph:
        require_fresh(order)
        adjoint = _adjoint_graph(y, order, set(_leaves(xs)))
    else:
        adjoint = adjoints(y, order)
    return _mapped(lambda x: adjoint.get(_require_value(x), 0.0), xs)


def _require_value(x: Any) -> Value:
    if not isinstance(x, Value):
        raise TypeError(f"gradient differentiates by Values (or lists of them), not {x!r}")
    return x


def _adjoint_graph(y: Value, order: Sequence[Value], wanted: set[Value]) -> dict[Value, Any]:
    """The backward sweep on nodes, along the ways that lead to the wanted ones."""
    leading = set(wanted)
    for node in order:
        if any(o in leading for o in node.operands if not isinstance(o, float)):
            leading.add(node)
    adjoint: dict[Value, Any] = {y: 1.0}
    for node in reversed(order):
        if node not in adjoint or node.op is None or node not in leading:
            continue
        partials = node.op.partials(*node.operands, node)
        for operand, partial in zip(node.operands, partials, strict=True):
            if isinstance(operand, float) or operand not in leading:
                continue
            share = _times(adjoint[node], partial)
            adjoint[operand] = adjoint[operand] + share if operand in adjoint else share
    return adjoint


def _times(upstream: Any, partial: Any) -> Any:
    """upstream · partial; a factor that is the constant 1 needs no node."""
    if isinstance(upstream, float) and upstream == 1.0:
        return partial
    if isinstance(partial, float) and partial == 1.0:
        return upstream
    return flow(upstream, partial)


# --- functions of functions -------------------------------------------------------------------


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that returns f(…) and its gradient by the arguments numbered in `argnums`.

    Arguments are numbers, Values, or lists and arrays of them; numbers in, numbers out; Values
    in, Values out, which can be differentiated again.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    chosen = [argnums] if isinstance(argnums, int) else list(argnums)

    def differentiated(*arguments: Any) -> tuple[Any, Any]:
        again = any(isinstance(x, Value) for argument in arguments for x in _leaves(argument))
        inputs = list(arguments)
        for i in chosen:
            inputs[i] = _mapped(_own_node, arguments[i])
        with recording():
            y = _as_value(f(*inputs))
        slopes = [gradient(y, inputs[i], create_graph=again) for i in chosen]
        return (y if again else y.data), slopes[0] if isinstance(argnums, int) else tuple(slopes)

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
        again = any(isinstance(x, Value) for argument in arguments for x in _leaves(argument))
        inputs = list(arguments)
        inputs[argnums] = _mapped(_own_node, arguments[argnums])

        with recording():
            outputs = f(*inputs)
        return _mapped(
            lambda y: gradient(_as_value(y), inputs[argnums], create_graph=again), outputs
        )

    return matrix


def hessian(f: Callable[..., Any], argnums: int = 0) -> Callable[..., Any]:
    """∂²f/∂xᵢ∂xⱼ as a function, for a scalar function of a vector (or of one number).

    >>> hessian(lambda v: v[0] * v[0] * v[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """

    def matrix(*arguments: Any) -> Any:
        inputs = list(arguments)
        inputs[argnums] = _mapped(_own_node, arguments[argnums])
        again = any(isinstance(x, Value) for argument in arguments for x in _leaves(argument))
        with recording():
            slopes = gradient(_as_value(f(*inputs)), inputs[argnums], create_graph=True)
        return _mapped(
            lambda slope: gradient(_as_value(slope), inputs[argnums], create_graph=again), slopes
        )

    return matrix


def hvp(f: Callable[..., Any], x: Any, v: Any) -> Any:
    """The Hessian of f at x times the vector v, at the cost of two gradients.

    Source: B. Pearlmutter, Fast exact multiplication by the Hessian, Neural Comput. 6 (1994).

    >>> hvp(lambda v: v[0] * v[0] * v[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]
    """
    again = any(isinstance(item, Value) for item in _leaves(x))
    inputs = _mapped(_own_node, x)
    with recording():
        slopes = gradient(_as_value(f(inputs)), inputs, create_graph=True)
        along = sum((s * d for s, d in zip(_leaves(slopes), _leaves(v), strict=True)), 0.0)
    return gradient(_as_value(along), inputs, create_graph=again)


def jvp(f: Callable[..., Any], x: Any, v: Any) -> tuple[Any, Any]:
    """f(x) and its derivative along v, by one forward sweep (dual numbers): (f(x), J·v).

    >>> jvp(lambda v: v[0] * v[1], [2.0, 3.0], [1.0, 0.0])
    (6.0, 3.0)
    """
    inputs = _mapped(_own_node, x)
    with recording():
        result = f(inputs)
    outputs = [y for y in _leaves(result) if isinstance(y, Value)]
    tangent: dict[Value, float] = dict(
        zip(_leaves(inputs), map(float, _leaves(v)), strict=True)
    )
    product = TABLE["flow"].forward
    for node in topological_order(*outputs):
        if node.op is not None and node not in tangent:
            tangent[node] = sum(
                product(tangent.get(o, 0.0), p)
                for o, p in zip(node.operands, node.partials, strict=True)
                if not isinstance(o, float)
            )
    return (
        _mapped(lambda y: y.data if isinstance(y, Value) else float(y), result),
        _mapped(lambda y: tangent.get(y, 0.0), result),
    )


# --- arguments of any shape -------------------------------------------------------------------


def _own_node(x: Any) -> Value:
    """A node that stands for this argument alone, even where one Value is passed twice."""
    if isinstance(x, Value):
        node: Value = TABLE["identity"](x)
        return node
    return Value(x)


def _as_value(y: Any) -> Value:
    """The node; a function that happens to return a plain number is constant."""
    return y if isinstance(y, Value) else Value(y)


def _leaves(item: Any) -> list[Any]:
    """The single entries of a number, list, tuple or array, in order."""
    if isinstance(item, (list, tuple)):
        return [leaf for inner in item for leaf in _leaves(inner)]
    if hasattr(item, "flat"):
        return list(item.flat)
    return [item]


def _mapped(function: Callable[[Any], Any], item: Any) -> Any:
    """The function applied to every entry; lists, tuples and arrays keep their shape."""
    if isinstance(item, (list, tuple)):
        mapped = [_mapped(function, inner) for inner in item]
        return type(item)(*mapped) if hasattr(item, "_fields") else type(item)(mapped)
    if getattr(item, "ndim", None) == 0 and hasattr(item, "item"):
        item = item.item()
    if getattr(item, "ndim", 0) > 0:
        return _stacked([function(inner) for inner in item.flat], item.shape)
    return function(item)


def _stacked(results: list[Any], shape: tuple[int, ...]) -> Any:
    """The results as an array of that shape: of floats where all are, else of Values."""
    import numpy as np

    flat = np.array(results)  # results that are arrays themselves add their own axes
    return flat.reshape(shape + flat.shape[1:])
