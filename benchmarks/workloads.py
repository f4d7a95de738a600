"""The workloads, each written once: it runs on any class of numbers, plain floats among them.

A body takes the functions of its class from `Functions` and the numbers to differentiate by as
arguments. On floats the same text runs with `math.tanh`, `math.exp`, `math.log` and the `relu`
below, forward only; that is the side that all others are compared with. Only a sum of products has
a shorter spelling on floats, `sum(map(mul, weights, inputs), bias)`: where ours makes one `dot`
node, the same body runs on floats with that, and is timed as one more side.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from nn.data import moons

__all__ = [
    "FLOATS", "Functions", "Workload", "chain", "expression", "image", "perceptron",
    "sums_and_products",
]  # fmt: skip

Body = Callable[..., Any]


@dataclass(frozen=True)
class Functions:
    """The functions of one class of numbers; None where it lacks one."""

    relu: Any
    tanh: Any = None
    exp: Any = None
    log: Any = None
    dot: Any = None


@dataclass(frozen=True)
class Workload:
    """A number to compute, and to differentiate.

    numbers : where. bind : gives the body, with the functions of a class; the code that a side runs
    is all inside it. arranged : the arguments
    of the body from the leaves, one leaf for each number; a side makes them once. needs : the
    functions that it uses. operations : how many the body makes. repeats : how often one timing
    evaluates it.
    """

    numbers: list[float]
    bind: Callable[[Functions], Body]
    needs: frozenset[str]
    operations: int
    arranged: Callable[[list[Any]], Sequence[Any]] = tuple
    repeats: int = 1

    def body(self, functions: Functions) -> Body:
        """The body for a class of numbers, as code of its own.

        The interpreter specializes code for the types that it meets there. A side that shared its
        code with others would pay for them: floats run up to four times slower then.
        """
        bind = self.bind
        alone = FunctionType(_copied(bind.__code__), bind.__globals__, closure=bind.__closure__)
        body: Body = alone(functions)
        return body

    def on_floats(self, numbers: Sequence[float]) -> float:
        """The body's value at these numbers."""
        return float(self.body(FLOATS)(*self.arranged(list(numbers))))


def _copied(code: CodeType) -> CodeType:
    """The code, and that of the functions inside it, without what was learnt by running it."""
    inside = (_copied(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_consts=tuple(inside))


def relu(x: float) -> float:
    """x where it is positive, else 0."""
    return x if x > 0.0 else 0.0


def weighted_sum(weights: Sequence[float], inputs: Sequence[float], bias: float) -> float:
    """w₁·x₁ + … + wₙ·xₙ + b."""
    return sum(map(mul, weights, inputs), bias)


FLOATS = Functions(relu, math.tanh, math.exp, math.log, weighted_sum)


# --- an expression ------------------------------------------------------------------------------


def expression(repeats: int = 2_000) -> Workload:
    """Twenty-five operations on two inputs: + − × ÷ ** tanh relu, three to five of each."""

    def bind(fs: Functions) -> Body:
        relu, tanh = fs.relu, fs.tanh

        def body(a: Any, b: Any) -> Any:
            c = tanh(a + b)
            d = a * b - b**2
            e = relu(d - c) + a / 2.0
            f = tanh(c * e) ** 2
            g = relu(b - a) / (1.0 + f)
            h = (e - g) * tanh(d / 4.0)
            return h**2 + relu(c * g) - f

        return body

    return Workload([-1.5, 2.0], bind, frozenset({"relu", "tanh"}), 25, repeats=repeats)


def sums_and_products(repeats: int = 2_000) -> Workload:
    """The example of micrograd's README with tanh: of 25 operations 19 are + − ×."""

    def bind(fs: Functions) -> Body:
        relu, tanh = fs.relu, fs.tanh

        def body(a: Any, b: Any) -> Any:
            c = a + b
            d = a * b + b**3
            c += c + 1.0
            c += 1.0 + c - tanh(a)
            d += d * 2.0 + tanh(b + a)
            d += 3.0 * d + relu(b - a)
            e = c - d
            f = e**2
            g = f / 2.0
            g += 10.0 / f
            return g

        return body

    return Workload([-1.5, 2.0], bind, frozenset({"relu", "tanh"}), 25, repeats=repeats)


# --- a chain ------------------------------------------------------------------------------------


def chain(length: int = 1_000_000, repeats: int = 1) -> Workload:
    """So many operations, each on the result of the one before."""

    def bind(_: Functions) -> Body:
        def body(x: Any) -> Any:
            for _ in range(length // 2):
                x = x * 0.999999 + 0.001
            return x

        return body

    return Workload([1.0], bind, frozenset(), length // 2 * 2, repeats=repeats)


# --- a multilayer perceptron --------------------------------------------------------------------

DECAY = 1e-4


def perceptron(
    points: int = 100, hidden: int = 16, *, dots: bool = False, numpy_rows: bool = False
) -> Workload:
    """A full batch of two moons through MLP(2, [hidden, hidden, 1]): max-margin loss plus L2.

    dots : one `dot` node for each neuron, instead of its products and sums. numpy_rows : each
    neuron keeps its weights as an object array.
    """
    x, y = moons(points, seed=1)
    examples = list(zip(x.tolist(), (2.0 * y - 1.0).tolist(), strict=True))
    sizes = [2, hidden, hidden, 1]

    def bind(fs: Functions) -> Body:
        relu, dot = fs.relu, fs.dot

        def from_scalars(layers: list[Any], signal: list[Any]) -> Any:
            *hidden, [(weights, bias)] = layers
            for layer in hidden:
                signal = [relu(sum((w * x for w, x in zip(ws, signal)), b)) for ws, b in layer]
            return sum((w * x for w, x in zip(weights, signal)), bias)

        def from_dots(layers: list[Any], signal: list[Any]) -> Any:
            *hidden, [(weights, bias)] = layers
            for layer in hidden:
                signal = [relu(dot(ws, signal, b)) for ws, b in layer]
            return dot(weights, signal, bias)

        forward = from_dots if dots else from_scalars

        def body(layers: list[Any], parameters: list[Any]) -> Any:
            loss = 0.0
            for point, label in examples:
                loss += relu(1.0 - label * forward(layers, point))
            return loss * (1.0 / points) + DECAY * sum(p * p for p in parameters)

        return body

    def arranged(leaves: list[Any]) -> Sequence[Any]:
        rest = iter(leaves)
        row = _object_row if numpy_rows else list
        layers = [
            [(row(next(rest) for _ in range(wide)), next(rest)) for _ in range(high)]
            for wide, high in pairwise(sizes)
        ]
        return layers, leaves

    draw = random.Random(1)
    count = sum((wide + 1) * high for wide, high in pairwise(sizes))
    numbers = [draw.uniform(-1.0, 1.0) for _ in range(count)]
    neurons = 2 * hidden + 1  # each of them a dot, or a product and a sum for each weight
    sums = neurons if dots else 2 * (count - neurons)
    operations = points * (sums + 2 * hidden + 4) + 2 * count + 2
    needs = frozenset({"relu", "dot"} if dots else {"relu"})
    return Workload(numbers, bind, needs, operations, arranged)


def _object_row(leaves: Any) -> Any:
    items = list(leaves)
    row = np.empty(len(items), dtype=object)
    row[:] = items
    return row


# --- an image -----------------------------------------------------------------------------------


def image(
    size: int = 12, kernel: int = 3, filters: int = 4, classes: int = 10, *, dots: bool = False
) -> Workload:
    """One image through a convolution, relu, a dense layer, softmax and its cross-entropy."""
    draw = random.Random(1)
    pixels = [[draw.random() for _ in range(size)] for _ in range(size)]
    places, area = (size - kernel + 1) ** 2, kernel * kernel
    target = classes // 2

    def bind(fs: Functions) -> Body:
        relu, exp, log, dot = fs.relu, fs.exp, fs.log, fs.dot

        def from_scalars(patches: list[Any], kernels: list[Any], rows: list[Any]) -> list[Any]:
            hidden = [
                relu(sum((w * x for w, x in zip(ws, patch)), b))
                for ws, b in kernels
                for patch in patches
            ]
            return [sum((w * x for w, x in zip(ws, hidden)), b) for ws, b in rows]

        def from_dots(patches: list[Any], kernels: list[Any], rows: list[Any]) -> list[Any]:
            hidden = [relu(dot(ws, patch, b)) for ws, b in kernels for patch in patches]
            return [dot(ws, hidden, b) for ws, b in rows]

        scores_of = from_dots if dots else from_scalars

        def body(kernels: list[Any], rows: list[Any]) -> Any:
            scores = scores_of(windows(pixels, kernel), kernels, rows)
            # The scores are small: exp does not overflow, and no shift is needed.
            return log(sum(exp(score) for score in scores)) - scores[target]

        return body

    def arranged(leaves: list[Any]) -> Sequence[Any]:
        rest = iter(leaves)
        return [
            [([next(rest) for _ in range(wide)], next(rest)) for _ in range(high)]
            for wide, high in ((area, filters), (filters * places, classes))
        ]

    bounds = [1.0 / math.sqrt(area)] * (filters * (area + 1))
    bounds += [1.0 / math.sqrt(filters * places)] * (classes * (filters * places + 1))
    numbers = [draw.uniform(-bound, bound) for bound in bounds]
    units = filters * places
    sums = units + classes if dots else 2 * units * (area + classes)
    operations = sums + units + 2 * classes + 1  # the sum of exponentials starts from 0: no step
    needs = frozenset({"relu", "exp", "log"} | ({"dot"} if dots else set()))
    return Workload(numbers, bind, needs, operations, arranged)


def windows(pixels: list[list[float]], size: int) -> list[list[float]]:
    """Every square of the image that the kernel covers, as one list."""
    rows, columns = len(pixels) - size + 1, len(pixels[0]) - size + 1
    return [
        [pixel for line in pixels[i : i + size] for pixel in line[j : j + size]]
        for i in range(rows)
        for j in range(columns)
    ]
