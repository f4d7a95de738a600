"""Worksheets on vectors and matrices made up by chance, one per seed, of every kind in turn.

    generated_sheet(seed) -> layers, softmax, reductions, convolution and pooling, optimizers
"""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["KINDS", "generated_sheet"]


class _Sheet:
    """Lines of a worksheet with numbers of two decimals."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.round = seed // len(KINDS)  # how often each kind came before
        self.lines: list[str] = []

    def add(self, name: str, formula: str) -> str:
        self.lines.append(f"{name} = {formula}")
        return name

    def number(self, low: float = -2.0, high: float = 2.0) -> str:
        return f"{self.rng.uniform(low, high):.2f}"

    def vector(self, size: int, low: float = -2.0, high: float = 2.0) -> str:
        return f"[{', '.join(self.number(low, high) for _ in range(size))}]"

    def matrix(self, rows: int, columns: int, low: float = -2.0, high: float = 2.0) -> str:
        return f"[{', '.join(self.vector(columns, low, high) for _ in range(rows))}]"

    def whole(self, *shape: int) -> str:
        """An array of small whole numbers, among which some tie."""
        if not shape:
            return str(self.rng.randint(-2, 3))
        return f"[{', '.join(self.whole(*shape[1:]) for _ in range(shape[0]))}]"

    def size(self, most: int = 3) -> int:
        return self.rng.randint(2, most)


ACTIVATIONS = ("tanh({})", "sigmoid({})", "softplus({})", "exp(0.3*{})", "silu({})", "{}**2")
KINKED = ("relu({})", "elu({}, alpha=0.5)", "leaky_relu({}, slope=0.1)", "abs({})")


def _layers(sheet: _Sheet) -> None:
    """Rows of examples through one or two layers to a loss."""
    rng, add = sheet.rng, sheet.add
    n, inside, hidden, out = sheet.size(), sheet.size(), sheet.size(), sheet.size()
    add("X", sheet.matrix(n, inside))
    add("T", sheet.matrix(n, out, 0.1, 0.9))
    add("W1", sheet.matrix(hidden, inside))
    add("b1", sheet.vector(hidden))
    add("W2", sheet.matrix(out, hidden))
    add("Z1", "X @ transpose(W1) + b1")
    add("A1", rng.choice((*ACTIVATIONS, *KINKED)).format("Z1"))
    add("Z2", "A1 @ transpose(W2)")
    loss = rng.choice((
        "mse_loss(Z2, T)", "half_squared_error(Z2, T)", "mean(flatten((Z2 - T)**2))",
        "binary_cross_entropy(sigmoid(0.2*Z2), T)", "huber_loss(Z2, T)", "l1_loss(Z2, T)",
    ))  # fmt: skip
    add("L", loss)
    sheet.lines.append("given(X, T)")


def _single(sheet: _Sheet) -> None:
    """One example, as a column of textbooks: W @ x + b."""
    rng, add = sheet.rng, sheet.add
    inside, hidden, out = sheet.size(4), sheet.size(), sheet.size()
    add("x", sheet.vector(inside))
    add("t", sheet.vector(out, 0.1, 0.9))
    add("W", sheet.matrix(hidden, inside))
    add("b", sheet.vector(hidden))
    add("V", sheet.matrix(out, hidden))
    add("z", "W @ x + b")
    add("h", rng.choice((*ACTIVATIONS, *KINKED)).format("z"))
    add("y", rng.choice(ACTIVATIONS).format("(V @ h)"))
    add("e", "y - t")
    add("L", rng.choice(("e @ e", "sum(e**2)/2", "mean(abs(e))", "sum(exp(-0.1*e**2))")))
    sheet.lines.append("given(x, t)")
    if rng.random() < 0.5:
        sheet.lines.append("derivative(y[0], b[0])")
        sheet.lines.append("derivative(h[1], z[1])")


def _softmax(sheet: _Sheet) -> None:
    """Scores to probabilities to a cross-entropy."""
    rng, add = sheet.rng, sheet.add
    classes, inside = sheet.size(4), sheet.size()
    add("x", sheet.vector(inside))
    add("W", sheet.matrix(classes, inside))
    add("z", "W @ x")
    if rng.random() < 0.5:
        add("q", "softmax(z)")
        add("p", f"[{', '.join('1' if i == 1 else '0' for i in range(classes))}]")
        add("L", rng.choice(("-sum(p*log(q))", "-log(q[1])", "sum((q - p)**2)")))
    else:
        add("L", "cross_entropy(z, 1)")
    sheet.lines.append("given(x)")


def _reductions(sheet: _Sheet) -> None:
    """Elementwise formulas, then sums, means, extremes of a vector."""
    rng, add = sheet.rng, sheet.add
    size = sheet.size(5)
    add("a", sheet.vector(size, 0.2, 2.0))
    add("b", sheet.vector(size, 0.2, 2.0))
    add("s", sheet.number(0.5, 1.5))
    form = rng.choice(("a*b + s", "a/b - s*b", "log(a) + b**2", "sqrt(a*b)", "s*a - b", "a**s + b"))
    add("u", form)
    add("v", rng.choice((*ACTIVATIONS, *KINKED)).format("(u - 0.37)"))
    reduce = rng.choice(("sum", "mean", "max", "min", "logsumexp", "prod"))
    add("m", f"{reduce}(v)")
    add("c", rng.choice(("clip(m, -0.5, 0.5)", "m**2", "max(m, s)", "m*s", "min(m, s, 0.4)")))
    add("L", "c + 0.1*mean(u)")
    if rng.random() < 0.3:
        sheet.lines.append("derivative(m, v[0])")


def _convolution(sheet: _Sheet) -> None:
    """An image through a kernel, an activation and a pooling window; whole numbers may tie."""
    rng, add = sheet.rng, sheet.add
    add("X", sheet.whole(1, 4, 4))
    add("K", sheet.whole(1, 1, 2, 2) if rng.random() < 0.5 else f"[[{sheet.matrix(2, 2)}]]")
    add("Z", rng.choice(("conv2d(X, K)", "conv2d(X, K, stride=2)", "conv2d(X, K, padding=1)")))
    add("A", rng.choice(("relu(Z)", "tanh(Z)", "Z")))
    add("P", rng.choice(("max", "avg", "min")) + "_pool2d(A, 2, stride=1)")
    add("L", rng.choice(("sum(flatten(P))", "mean(flatten(P**2))")))
    sheet.lines.append("given(X)")


RULES = (
    'momentum=0.9', 'momentum=0.5, nesterov=True', 'rule="adagrad"', 'rule="rmsprop", alpha=0.9',
    'rule="rmsprop", centered=True, momentum=0.5', 'rule="adadelta"', 'rule="adam"',
    'rule="adam", amsgrad=True', 'rule="adamw"', 'weight_decay=0.1',
    'momentum=0.9, dampening=0.5', 'rule="adagrad", lr_decay=0.1', 'rule="adam", betas=[0.8, 0.9]',
)  # fmt: skip


def _descent(sheet: _Sheet) -> None:
    """Some steps of every rule, on numbers or on arrays."""
    rng, add = sheet.rng, sheet.add
    add("x", sheet.vector(2, 0.5, 2.0))
    if rng.random() < 0.5:
        add("w", sheet.vector(2, 0.5, 2.0))
        add("b", sheet.number())
        add("L", "(w @ x + b - 1.7)**2")
        parameters = "w, b"
    else:
        add("u", sheet.number(0.5, 2.0))
        add("v", sheet.number())
        add("L", "(u*x[0] + v*x[1] - 2.3)**2 + 0.1*u**2")
        parameters = rng.choice(("u, v", "u", "v, u"))
    rule = RULES[sheet.round % len(RULES)]
    steps = rng.randint(2, 5)
    every = ", print_every=2" if steps > 3 and rng.random() < 0.5 else ""
    sheet.lines.append("given(x)")
    sheet.lines.append(f"update(L, {parameters}, lr=0.05, steps={steps}, {rule}{every})")


def _recurrence(sheet: _Sheet) -> None:
    """The same weights at every time step: branches that meet, and a table of paths."""
    rng, add = sheet.rng, sheet.add
    steps = sheet.size(3)
    for name in ("w", "u", "v"):
        add(name, sheet.number(0.2, 1.2))
    add("x", sheet.vector(steps))
    add("t", sheet.vector(steps))
    before = add("h0", sheet.number())
    for i in range(steps):
        before = add(f"h{i + 1}", f"tanh(w*x[{i}] + u*{before})")
        add(f"L{i + 1}", f"(v*{before} - t[{i}])**2")
    losses = [f"L{i + 1}" for i in range(steps)]
    add("L", " + ".join(losses))
    sheet.lines.append("given(x, t, h0)")
    if rng.random() < 0.5:
        sheet.lines.append(f"paths(L, u, by=[{', '.join(losses)}])")
    elif rng.random() < 0.5:
        sheet.lines.append(f"paths({before}, u)")


KINDS: tuple[Callable[[_Sheet], None], ...] = (
    _layers, _single, _softmax, _reductions, _convolution, _descent, _recurrence,
)  # fmt: skip


def generated_sheet(seed: int) -> str:
    """The worksheet of a seed; kinds come round."""
    sheet = _Sheet(seed)
    KINDS[seed % len(KINDS)](sheet)
    return "\n".join(sheet.lines)
