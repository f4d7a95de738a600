"""Rows with any number of operands, and how their calls are read."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from .ieee import cancelled
from .op import Op, run

__all__ = ["Dot", "Variadic", "dot_forward", "dot_partials"]


class Variadic(Op):
    """A row with any number of operands: `max(a, b, c)`, `max([a, b, c])`, `max(array)`.

    Several arguments are the operands; one list, generator or 1-D array gives its items; several
    arrays work elementwise; one array of two or more dimensions needs `axis` (TypeError without).
    Raises ValueError where there is no operand.

    >>> from autograd_core import mean
    >>> mean(1.0, 2.0, 6.0), mean([1.0, 2.0, 6.0])
    (3.0, 3.0)
    """

    __slots__ = ()
    variadic = True

    def __call__(self, *operands: Any, axis: int | None = None) -> Any:
        if len(operands) == 1:
            [items] = operands
            if getattr(items, "ndim", 0) > 1:
                if axis is None:
                    shape = "×".join(map(str, items.shape))
                    raise TypeError(f"{self.name} of a {shape} array needs axis=0 or another axis")
                others = [i for i in range(items.ndim) if i != axis % items.ndim]
                operands = tuple(items.transpose(axis, *others))  # the slices along the axis
            else:
                operands = self.gather(operands)
        if not operands:
            raise ValueError(f"{self.name} needs at least one operand")
        return run(self, operands)

    def gather(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The operands inside the arguments of a call."""
        if len(arguments) == 1 and isinstance(arguments[0], Iterable):
            if getattr(arguments[0], "ndim", 1) == 0:  # an array without axes is one operand
                return (arguments[0].item(),)  # type: ignore[attr-defined]
            return tuple(arguments[0])
        return arguments


class Dot(Variadic):
    """`dot(w, x, b=0.0)` = w₁·x₁ + … + wₙ·xₙ + b, one node; its rules see (w…, x…, b).

    Raises ValueError for vectors of two lengths, TypeError for matrices.

    >>> from autograd_core import dot
    >>> dot([1.0, 2.0], [3.0, 4.0], 5.0)
    16.0
    """

    __slots__ = ()

    def __call__(self, w: Any, x: Any, b: Any = 0.0) -> Any:  # type: ignore[override]
        w, x = tuple(w), tuple(x)
        if any(hasattr(item, "__len__") for item in (*w, *x)):
            raise TypeError("dot takes two vectors; matmul multiplies matrices")
        if len(w) != len(x):
            raise ValueError(f"dot needs two vectors of one length; got {len(w)} and {len(x)}")
        return super().__call__(*w, *x, b)

    def products(
        self, weights: Sequence[Any], inputs: Iterable[Any], biases: Sequence[Any]
    ) -> list[Any]:
        """`dot(w, x, b)` of each input x with each row w of the weights and its bias b, in a list.

        All of the first input come first. Raises as `dot`, and ValueError for another number of
        biases than rows.

        >>> from autograd_core import dot
        >>> dot.products([[1.0, 2.0], [0.0, 1.0]], [[3.0, 4.0], [0.0, 1.0]], [5.0, 0.0])
        [16.0, 4.0, 7.0, 1.0]
        """
        units = list(zip(weights, biases, strict=True))
        return [self(w, x, b) for x in inputs for w, b in units]

    def gather(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        return arguments  # of two empty vectors b alone is left, and b is no list of operands


def dot_forward(*operands: Any) -> Any:
    """w₁·x₁ + … + wₙ·xₙ + b from left to right; without rounding where the terms nearly cancel."""
    n = len(operands) // 2
    terms = [*map(operator.mul, operands[:n], operands[n:-1]), operands[-1]]
    result = reduce(operator.add, terms, 0.0)
    if cancelled(result, terms):
        exact = [Fraction(operand) for operand in operands]
        return float(sum(map(operator.mul, exact[:n], exact[n:-1]), exact[-1]))
    return result


def dot_partials(*operands: Any) -> Any:
    """x… for the weights, w… for the inputs, 1 for b."""
    n = len(operands) // 2 - 1  # operands and output: w…, x…, b, y
    return *operands[n : 2 * n], *operands[:n], 1.0
