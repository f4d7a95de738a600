"""Small data sets, and how they are divided: every function returns arrays (x, y).

x holds the examples along its first axis, y their targets: floats, but whole numbers where they
are the numbers of several classes, as `cross_entropy` takes them. A `seed` makes the numbers
repeatable; None takes Python's own `random`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from .arguments import check_size, generator

__all__ = [
    "Data", "batches", "digits", "moons", "sines", "spirals", "split", "twelve_points", "xor",
]  # fmt: skip

Data = tuple[Any, Any]


# --- points -------------------------------------------------------------------------------------


def xor(samples: int = 4, noise: float = 0.0, seed: int | None = None) -> Data:
    """The exclusive or: x (samples, 2), y (samples,) of 0 and 1.

    The four corners of the unit square in the order 00, 01, 10, 11, over and over, each moved by
    normal noise of the standard deviation `noise`.

    >>> x, y = xor()
    >>> x.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    """
    draw = _generator("xor", samples, noise, seed)
    corners = [(float(i // 2 % 2), float(i % 2)) for i in range(samples)]
    points = [[a + draw.gauss(0.0, noise), b + draw.gauss(0.0, noise)] for a, b in corners]
    return np.array(points), np.array([float(a != b) for a, b in corners])


def moons(samples: int = 100, noise: float = 0.1, seed: int | None = None) -> Data:
    """Two interleaved half circles: x (samples, 2), y (samples,) of 0 (upper) and 1 (lower).

    (cos t, sin t) and (1 − cos t, ½ − sin t) for t from 0 to π, moved by normal noise; the upper
    half has samples // 2 points. The examples come shuffled. Source: scikit-learn's `make_moons`.

    >>> x, y = moons(6, noise=0.0, seed=1)
    >>> x.shape, sorted(y.tolist())
    ((6, 2), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    """
    draw = _generator("moons", samples, noise, seed)
    upper = samples // 2
    points = [(math.cos(t), math.sin(t), 0.0) for t in _even(upper)]
    points += [(1.0 - math.cos(t), 0.5 - math.sin(t), 1.0) for t in _even(samples - upper)]
    return _scattered(points, noise, draw)


def spirals(
    samples: int = 100, classes: int = 2, turns: float = 1.0, noise: float = 0.02,
    seed: int | None = None,
) -> Data:  # fmt: skip
    """Arms that wind around the origin: x (samples, 2), y (samples,) the arms' whole numbers.

    Arm c of C starts at the angle 2π·c/C and runs out from the radius 0.1 to 1 in `turns` turns.
    Source: K. Lang and M. Witbrock, Proc. Connectionist Models Summer School (1988), 52–59.

    >>> x, y = spirals(9, classes=3, seed=1)
    >>> x.shape, sorted(set(y.tolist()))
    ((9, 2), [0, 1, 2])
    """
    draw = _generator("spirals", samples, noise, seed)
    classes = check_size("spirals", "classes", classes)
    points = []
    for arm in range(classes):
        count = (samples + arm) // classes  # the counts of all arms sum to samples
        for t in _even(count):
            radius, angle = 0.1 + 0.9 * t / math.pi, 2.0 * (turns * t + math.pi * arm / classes)
            points.append((radius * math.cos(angle), radius * math.sin(angle), float(arm)))
    x, arms = _scattered(points, noise, draw)
    return x, arms.astype(int)


def twelve_points() -> Data:
    """Twelve numbers on a line, x (12, 1), y (12,): 1 from 5 on, 0 below; 2·p − 9 divides them.

    >>> x, y = twelve_points()
    >>> [int(p) for p in x[y > 0.0, 0]]
    [6, 7, 5, 10, 9, 8]
    """
    points = [-2.0, 6.0, 7.0, 3.0, 2.0, -1.0, 0.0, 5.0, 10.0, 4.0, 9.0, 8.0]
    return np.array(points)[:, None], np.array([float(p >= 5.0) for p in points])


def sines(
    samples: int = 20, length: int = 20, step: float = 0.3, noise: float = 0.0,
    seed: int | None = None,
) -> Data:  # fmt: skip
    """Pieces of a sine wave and what comes next: x and y (samples, length, 1).

    Piece i starts at a phase φ drawn from [0, 2π): x[i, t] = sin(φ + t·step) plus normal noise, and
    y[i, t] = sin(φ + (t + 1)·step) without: at each time step the number to be foretold.

    >>> x, y = sines(samples=2, length=5, seed=1)
    >>> bool((x[:, 1:] == y[:, :-1]).all())
    True
    """
    draw = _generator("sines", samples, noise, seed)
    length = check_size("sines", "length", length)
    x, y = np.empty((samples, length, 1)), np.empty((samples, length, 1))
    for i in range(samples):
        phase = draw.uniform(0.0, 2.0 * math.pi)
        wave = [math.sin(phase + t * step) for t in range(length + 1)]
        x[i, :, 0] = [w + draw.gauss(0.0, noise) for w in wave[:-1]]
        y[i, :, 0] = wave[1:]
    return x, y


def _generator(owner: str, samples: int, noise: float, seed: int | None) -> Any:
    check_size(owner, "samples", samples)
    if not noise >= 0.0:
        raise ValueError(f"{owner}: noise is a standard deviation, not negative; got {noise}")
    return generator(seed)


def _even(count: int) -> list[float]:
    """`count` numbers from 0 to π, evenly."""
    return [math.pi * i / max(count - 1, 1) for i in range(count)]


def _scattered(points: list[tuple[float, float, float]], noise: float, draw: Any) -> Data:
    """Points (x₁, x₂, class) shuffled and moved, as (x, y)."""
    draw.shuffle(points)
    x = [[a + draw.gauss(0.0, noise), b + draw.gauss(0.0, noise)] for a, b, _ in points]
    return np.array(x), np.array([c for _, _, c in points])


# --- images -------------------------------------------------------------------------------------


def digits(samples: int | None = None, seed: int | None = None) -> Data:
    """Handwritten digits: images x (samples, 1, 8, 8) from 0 (paper) to 1 (ink), y (samples,) whole
    numbers 0–9.

    samples : so many, drawn without replacement and in the order drawn; None for all 1797 in
    theirs. Needs scikit-learn, whose copy of the set this is; raises ModuleNotFoundError where it
    is not installed.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI (1998).
    """
    state = random.getstate()
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            'the digits come with scikit-learn: pip install "autograd-core[data]"'
        ) from error
    finally:
        random.setstate(state)  # loading scikit-learn draws numbers, the first time only
    images, labels = load_digits(return_X_y=True)
    x, y = images.reshape(-1, 1, 8, 8) / 16.0, labels.astype(int)
    if samples is None:
        return x, y
    if check_size("digits", "samples", samples) > len(x):
        raise ValueError(f"there are {len(x)} digits; got samples={samples}")
    chosen = generator(seed).sample(range(len(x)), samples)
    return x[chosen], y[chosen]


# --- dividing -----------------------------------------------------------------------------------


def split(x: Any, y: Any, validation: float = 0.2, seed: int | None = None) -> tuple[Data, Data]:
    """Divide by chance into (x, y) to train with and (x, y) to validate with.

    validation : the share of the second part, rounded to whole examples; each part has at least
    one. Raises ValueError where that cannot be.

    >>> train, validation = split(range(10), range(10), validation=0.3, seed=1)
    >>> len(train[0]), len(validation[0])
    (7, 3)
    """
    x, y = _pair(x, y)
    if not 0.0 < validation < 1.0 or len(x) < 2:
        raise ValueError(
            "split needs two or more examples and a share between 0 and 1; "
            f"got {len(x)} examples and validation={validation}"
        )
    count = min(max(round(validation * len(x)), 1), len(x) - 1)
    order = list(range(len(x)))
    generator(seed).shuffle(order)
    kept, held_out = order[count:], order[:count]
    return (x[kept], y[kept]), (x[held_out], y[held_out])


def batches(
    x: Any, y: Any, size: int | None = None, order: list[int] | None = None
) -> Iterator[Data]:
    """The examples, `size` at a time (None: all at once), in the order of the indices `order`.

    The last batch has what is left.

    >>> [len(part) for part, _ in batches(range(10), range(10), size=4)]
    [4, 4, 2]
    """
    x, y = _pair(x, y)
    if size is not None:
        check_size("batches", "size", size)
    indices = list(range(len(x))) if order is None else order
    size = size or max(len(indices), 1)
    for start in range(0, len(indices), size):
        chosen = indices[start : start + size]
        yield x[chosen], y[chosen]


def _pair(x: Any, y: Any) -> Data:
    """As arrays; whole numbers stay whole, since an embedding takes them as indices."""
    try:
        x, y = np.asarray(x), np.asarray(y)
    except ValueError:
        raise ValueError("the examples have one shape; these do not") from None
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y) or len(x) == 0:
        raise ValueError(f"x and y have an example each; got shapes {x.shape} and {y.shape}")
    return x, y
