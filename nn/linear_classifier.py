"""`LinearClassifier`: which side of a point, a line, a plane or a hyperplane an example lies on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.functions import as_array
from autograd_core.naming import name_array
from autograd_core.table import dot, step
from autograd_core.value import Value

from .arguments import check_at_zero, shape_text
from .errors import errors_of, wrong_shape
from .module import Module

__all__ = ["LinearClassifier"]


class LinearClassifier(Module):
    """Two classes by the sign of w·x + b: the negative label below 0, the positive one above.

    weights : one for each input. bias : b; or, in its place, threshold : θ = −b, for w·x ≥ θ.
    labels : (negative, positive), any two things, such as (0, 1), (−1, 1) or ("N", "P").
    at_zero : the class of w·x + b = 0, the boundary itself: 1 (positive) or 0 (negative).

    Examples are (inputs,) or (batch, inputs); with one input each number of (batch,) is an
    example. Raises ValueError for other shapes.

    Source: R. Fisher, Annals of Eugenics 7 (1936), 179–188.

    >>> model = LinearClassifier([2.0], -9.0)  # N if 2·x − 9 < 0, else P
    >>> [str(label) for label in model.predict([4, 5])]
    ['N', 'P']
    """

    def __init__(
        self,
        weights: Sequence[float],
        bias: float | None = None,
        *,
        threshold: float | None = None,
        labels: tuple[Any, Any] = ("N", "P"),
        at_zero: int = 1,
    ) -> None:
        kind = type(self).__name__
        if len(weights) == 0:
            raise ValueError(f"{kind}: there is at least one weight")
        if bias is not None and threshold is not None:
            raise ValueError(f"{kind}: give a bias or a threshold (which is −bias), not both")
        if len(labels) != 2 or labels[0] == labels[1]:
            raise ValueError(
                f"{kind}: labels are two different ones, (negative, positive); got {labels!r}"
            )
        start = bias if bias is not None else -(threshold or 0.0)
        self.w = [Value(w) for w in weights]
        self.b = Value(start + 0.0, "b")  # + 0.0: no negative zero
        self.labels = tuple(labels)
        self.at_zero = check_at_zero(kind, at_zero)
        name_array(self.w, "w")
        if not all(math.isfinite(p.data) for p in (*self.w, self.b)):
            raise ValueError(f"{kind}: weights and bias are finite numbers")

    @property
    def threshold(self) -> float:
        """θ = −b, what w·x has to reach."""
        return 0.0 - self.b.data

    def decision_function(self, x: Any) -> Any:
        """w·x + b as nodes: one for (inputs,), an array (batch,) for a batch."""
        with errors_of(self.title()):
            return self._each(self._examples(x), lambda row: dot(self.w, row, self.b))

    def forward(self, x: Any) -> Any:
        """step(w·x + b): 0 for the negative class and 1 for the positive, as nodes."""
        return self._each(
            self._examples(x), lambda row: step(dot(self.w, row, self.b), float(self.at_zero))
        )

    def predict(self, x: Any) -> Any:
        """The label of each example; of a single one, its label."""
        with errors_of(self.title()):
            rows = self._examples(x)
        positive = [self._is_positive(self._net_input(row)) for row in _floats(rows)]
        labels = np.array([self.labels[up] for up in positive])
        return labels if rows.ndim == 2 else labels[0]

    def accuracy(self, x: Any, y: Any) -> float:
        """The fraction of the examples whose label is predicted right."""
        rows, signs = self._labelled(x, y)
        right = [
            self._is_positive(self._net_input(row)) == (sign > 0.0)
            for row, sign in zip(rows, signs, strict=True)
        ]
        return sum(right) / len(right)

    def axis_intercepts(self) -> list[float]:
        """Where the boundary w·x + b = 0 meets each axis, −b/wᵢ; ∞ where it is parallel to it.

        >>> LinearClassifier([2.0], -9.0).axis_intercepts()
        [4.5]
        """
        return [-self.b.data / w.data if w.data else math.inf for w in self.w]

    def rule(self, *names: str) -> str:
        """The rule in words, with the inputs' names.

        >>> LinearClassifier([1.0, -2.0], -1.5).rule("p", "q")
        'P if p − 2·q − 1.5 ≥ 0, else N'
        """
        names = names or tuple(f"x{i}" for i in range(len(self.w)))
        if len(names) != len(self.w):
            raise ValueError(f"{self.title()}: expected {len(self.w)} names; got {len(names)}")
        terms = [_term(w.data, name) for w, name in zip(self.w, names, strict=True) if w.data]
        terms += [_term(self.b.data, "")] if self.b.data else []
        total = " ".join(terms) or "+ 0"
        total = total.removeprefix("+ ") if total[0] == "+" else "−" + total.removeprefix("− ")
        negative, positive = self.labels
        return f"{positive} if {total} {'≥' if self.at_zero else '>'} 0, else {negative}"

    def describe(self) -> str:
        """The arguments, for `repr`."""
        return f"{len(self.w)}, labels={self.labels!r}, at_zero={self.at_zero}"

    # --- examples -----------------------------------------------------------------------------

    def _examples(self, x: Any) -> Any:
        """The examples as an array (inputs,) or (batch, inputs)."""
        rows = as_array(x)
        if len(self.w) == 1 and rows.ndim < 2:
            rows = rows[..., None]
        if rows.ndim not in (1, 2) or rows.shape[-1] != len(self.w):
            raise wrong_shape(f"examples ({len(self.w)},) or (batch, {len(self.w)})", x)
        return rows

    def _labelled(self, x: Any, y: Any) -> tuple[list[list[float]], list[float]]:
        """A batch as lists of numbers, and +1 or −1 for each example."""
        with errors_of(self.title()):
            return self._checked(x, y)

    def _checked(self, x: Any, y: Any) -> tuple[list[list[float]], list[float]]:
        rows = self._examples(x)
        labels = list(y)
        if rows.ndim != 2 or len(labels) != len(rows) or not labels:
            raise ValueError(
                f"expected examples (batch, {len(self.w)}) and a label for each; "
                f"got {shape_text(rows.shape)} and {len(labels)} labels"
            )
        for i, label in enumerate(labels):
            if label not in self.labels:
                raise ValueError(
                    f"y[{i}] is {label!r}, and the labels are {self.labels!r}: "
                    "name the two of your data, labels=(negative, positive)"
                )
        return _floats(rows), [1.0 if label == self.labels[1] else -1.0 for label in labels]

    def _each(self, rows: Any, of_row: Any) -> Any:
        if rows.ndim == 1:
            return of_row(rows)
        result = np.empty(len(rows), dtype=object)
        for i, row in enumerate(rows):
            result[i] = of_row(row)
        return result

    def _net_input(self, row: Sequence[float]) -> float:
        return float(dot([w.data for w in self.w], row, self.b.data))

    def _is_positive(self, z: float) -> bool:
        return z > 0.0 or (z == 0.0 and self.at_zero == 1)


def _floats(rows: Any) -> list[list[float]]:
    return [
        [v.data if isinstance(v, Value) else float(v) for v in row] for row in np.atleast_2d(rows)
    ]


def _term(factor: float, name: str) -> str:
    """+ 2·p, − q, − 9: a term of a sum with its sign before it."""
    size = f"{abs(factor):.6g}"
    shown = f"{size}·{name}" if name and size != "1" else name or size
    return f"{'−' if factor < 0.0 else '+'} {shown}"
