"""`Perceptron`: a linear classifier that learns from its mistakes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from autograd_core.table import dot

from .arguments import check_size, generator
from .linear_classifier import LinearClassifier
from .separability import Separation, linear_separation

__all__ = ["Perceptron", "PerceptronHistory", "Visit"]

Order = Literal["given", "shuffled", "random"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one example.

    z : w·x + b at that moment. mistake : whether the rule asks for an update. state : the index,
    in `PerceptronHistory.weights`, of what holds after the visit.
    """

    epoch: int
    example: int
    z: float
    mistake: bool
    state: int


@dataclass
class PerceptronHistory:
    """What `Perceptron.fit` did.

    weights : (w…, b) at the start and after each update. visits : every example looked at.
    mistakes : their number in each epoch. converged : a whole epoch, the last, was clean. cycle :
    two epochs that began with the same weights, so that all goes round for ever; None if there
    are none or the order was by chance.
    """

    weights: list[tuple[float, ...]]
    visits: list[Visit] = field(default_factory=list)
    mistakes: list[int] = field(default_factory=list)
    converged: bool = False
    cycle: tuple[int, int] | None = None
    _data: tuple[Any, Any, float | None] = ((), (), None)

    @property
    def epochs(self) -> int:
        """Passes through the examples, the clean one included."""
        return len(self.mistakes)

    @property
    def updates(self) -> int:
        """How often the weights were changed."""
        return len(self.weights) - 1

    @cached_property
    def separation(self) -> Separation:
        """Whether any weights put every example strictly on its side: decided exactly.

        The decision is `linear_separation`'s, and does not lean on the training.
        """
        return linear_separation(*self._data)

    def verdict(self) -> str:
        """One sentence: converged, too few epochs, or not linearly separable.

        >>> XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
        >>> print(Perceptron(2).fit(*XOR, epochs=10).verdict())
        not converged in 10 epochs: the classes are not linearly separable
        (epoch 4 begins with the weights of epoch 3)
        """
        if self.converged:
            return f"converged in {self.epochs} epochs with {self.updates} updates"
        beginning = f"not converged in {self.epochs} epochs: the classes are"
        if self.separation.separable:
            return f"{beginning} linearly separable, more epochs or a smaller margin will do"
        seen = (
            ""
            if self.cycle is None
            else (f"\n(epoch {self.cycle[1]} begins with the weights of epoch {self.cycle[0]})")
        )
        return f"{beginning} not linearly separable{seen}"


class Perceptron(LinearClassifier):
    """step(w·x + b) with Rosenblatt's learning rule: a missed positive is added, w ← w + η·x and
    b ← b + η, a false positive is subtracted.

    nin : the number of inputs. weights, bias or threshold : where learning starts, 0 unless given.
    labels : (negative, positive). at_zero : the class of w·x + b = 0, here the negative one.

    Shapes and errors: `LinearClassifier`.

    Source: F. Rosenblatt, Psychological Review 65 (1958), 386–408.

    >>> AND = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    >>> unit = Perceptron(2)
    >>> history = unit.fit(*AND)
    >>> history.converged, unit.predict(AND[0]).tolist()
    (True, [0, 0, 0, 1])
    """

    def __init__(
        self,
        nin: int,
        *,
        weights: Sequence[float] | None = None,
        bias: float | None = None,
        threshold: float | None = None,
        labels: tuple[Any, Any] = (0, 1),
        at_zero: int = 0,
    ) -> None:
        nin = check_size("Perceptron", "nin", nin)
        start = [0.0] * nin if weights is None else list(weights)
        if len(start) != nin:
            raise ValueError(f"Perceptron: expected {nin} weights; got {len(start)}")
        super().__init__(start, bias, threshold=threshold, labels=labels, at_zero=at_zero)

    def fit(
        self,
        x: Any,
        y: Any,
        *,
        lr: float = 1.0,
        epochs: int = 1000,
        order: Order = "given",
        batch: bool = False,
        margin: float | None = None,
        train_bias: bool = True,
        seed: int | None = None,
    ) -> PerceptronHistory:
        """Pass through the examples until one whole pass is clean, at most `epochs` times.

        x : (batch, inputs). y : (batch,) labels. lr : η. order : "given", "shuffled" anew for each
        pass, or "random" draws with replacement, by `seed` or Python's `random`. batch : all
        updates of a pass at its end, instead of at once. margin : what counts as a mistake: None,
        a wrong class; a number m, y·(w·x + b) ≤ m for y = ±1 (0 makes both classes miss at 0).
        train_bias : False keeps the bias, or the threshold, where it is.

        On linearly separable data the number of updates is bounded (with the bias trained, from
        zero weights and without a margin (R/γ)², for the largest length R of (x, 1) and the margin
        γ of the best unit (w, b)); `history.verdict()` says what happened and decides
        separability exactly. The examples' order decides which solution is found.

        Source: A. Novikoff, Symp. Math. Theory of Automata 12 (1962), 615–622; for the margin,
        W. Krauth and M. Mézard, J. Phys. A 20 (1987), L745–L752.
        """
        rows, signs = self._labelled(x, y)
        check_size("Perceptron.fit", "epochs", epochs)
        _check_options(rows, lr, order, margin)
        draw = generator(seed)
        run = _Run(self, rows, signs, lr, margin, train_bias)
        run.history._data = rows, signs, None if train_bias else self.b.data
        beginnings: dict[tuple[float, ...], int] = {}
        for epoch in range(1, epochs + 1):
            history = run.history
            if order == "given" and history.cycle is None:
                first = beginnings.setdefault(history.weights[-1], epoch)
                history.cycle = (first, epoch) if first < epoch else None
            mistakes = run.epoch(epoch, _order(len(rows), order, draw), batch)
            history.mistakes.append(mistakes)
            # Draws by chance may leave out an example; a pass in order has seen them all.
            if mistakes == 0 and (order != "random" or run.is_clean()):
                history.converged = True
                break
        *weights, bias = run.history.weights[-1]
        for parameter, number in zip((*self.w, self.b), (*weights, bias), strict=True):
            parameter.data = number
        return run.history


class _Run:
    """The weights on their way, as plain numbers, and the record of it."""

    def __init__(
        self,
        unit: Perceptron,
        rows: list[list[float]],
        signs: list[float],
        lr: float,
        margin: float | None,
        train_bias: bool,
    ) -> None:
        self.rows = [(*row, 1.0) for row in rows]  # the bias is a weight on a constant 1
        self.signs = signs
        self.margin = margin
        self.rates = [lr] * len(unit.w) + [lr if train_bias else 0.0]
        self.positive = unit._is_positive
        self.history = PerceptronHistory([tuple(p.data for p in (*unit.w, unit.b))])

    def epoch(self, epoch: int, order: Sequence[int], batch: bool) -> int:
        """One pass; the number of mistakes."""
        missed = []
        for i in order:
            z, mistake = self.look(i)
            if mistake:
                missed.append(i)
                if not batch:
                    self.update([i])
            state = len(self.history.weights) - 1
            self.history.visits.append(Visit(epoch, i, z, mistake, state))
        if batch and missed:
            self.update(missed)
        return len(missed)

    def look(self, i: int) -> tuple[float, bool]:
        """w·x + b of an example, and whether it is a mistake."""
        z = float(dot(self.history.weights[-1], self.rows[i]))
        if self.margin is None:
            return z, self.positive(z) != (self.signs[i] > 0.0)
        return z, self.signs[i] * z <= self.margin

    def update(self, missed: Sequence[int]) -> None:
        """Add the missed positives and subtract the false ones, η times."""
        weights = list(self.history.weights[-1])
        for i in missed:
            for k, (rate, entry) in enumerate(zip(self.rates, self.rows[i], strict=True)):
                weights[k] += rate * self.signs[i] * entry
        if not all(map(math.isfinite, weights)):
            raise ValueError("the weights grow beyond what a float holds: take a smaller lr")
        self.history.weights.append(tuple(weights))

    def is_clean(self) -> bool:
        return not any(self.look(i)[1] for i in range(len(self.rows)))


def _order(count: int, order: Order, draw: Any) -> list[int]:
    if order == "random":
        return [draw.randrange(count) for _ in range(count)]
    indices = list(range(count))
    if order == "shuffled":
        draw.shuffle(indices)
    return indices


def _check_options(rows: list[list[float]], lr: float, order: str, margin: float | None) -> None:
    if not all(math.isfinite(v) for row in rows for v in row):
        raise ValueError("every number of the examples is finite; these hold NaN or infinity")
    if not (lr > 0.0 and math.isfinite(lr)):
        raise ValueError(f"lr, the learning rate, is positive; got {lr!r}")
    if order not in ("given", "shuffled", "random"):
        raise ValueError(f'order is "given", "shuffled" or "random"; got {order!r}')
    if margin is not None and not margin >= 0.0:
        raise ValueError(f"margin is None or a number that is not negative; got {margin!r}")
