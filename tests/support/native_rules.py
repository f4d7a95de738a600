"""The rules of the C engine, compiled alone and run over many points; and the points."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
HEADERS = ROOT / "autograd_core" / "_native"
DRIVER = ROOT / "tests" / "autograd_core" / "native" / "rules.c"
FLAGS = ["-std=c11", "-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"]

Floats = NDArray[np.float64]

RANDOM = 100_000  # bit patterns for each row


def compiler() -> str | None:
    """The C compiler of this machine; none on Windows, where gcc's `exp` is not Python's."""
    if os.name == "nt":
        return None
    words = (sysconfig.get_config_var("CC") or "").split()
    return shutil.which("cc") or (shutil.which(words[0]) if words else None)


def compile_rules(folder: Path, *flags: str) -> Path:
    """The library of all rules. Raises CalledProcessError, with the compiler's words."""
    library = folder / ("rules" + "".join(flags) + ".so")
    command = [compiler() or "cc", *FLAGS, *flags, f"-I{HEADERS}", str(DRIVER), "-o", str(library)]
    subprocess.run([*command, "-lm"], check=True, capture_output=True, text=True)
    return library


class Rules:
    """The rows of a compiled library: `operands[name]` is how many they take, 0 any number."""

    def __init__(self, library: str | os.PathLike[str]) -> None:
        self._library = ctypes.CDLL(os.fspath(library))
        self._library.row_name.restype = ctypes.c_char_p
        names = [self._library.row_name(i).decode() for i in range(self._library.row_count())]
        self._index = {name: i for i, name in enumerate(names)}
        self.operands = {name: self._library.row_operands(i) for name, i in self._index.items()}

    def evaluate(self, name: str, points: Floats) -> tuple[Floats, NDArray[np.bool_], Floats]:
        """Values, where C has them (elsewhere Python is asked), and partials."""
        points = np.ascontiguousarray(points)
        count, n = points.shape
        values, answered = np.empty(count), np.empty(count, dtype=np.bool_)
        partials = np.empty_like(points)
        self._library.row_evaluate(
            ctypes.c_int(self._index[name]),
            ctypes.c_ssize_t(count),
            ctypes.c_ssize_t(n),
            *(ctypes.c_void_p(array.ctypes.data) for array in (points, values, answered, partials)),
        )
        return values, answered, partials


# --- points -----------------------------------------------------------------------------------

ENDS = [0.0, 5e-324, 2.225073858507201e-308, 1e-300, 1e300, 1.7976931348623157e308, np.inf]
FEW = [*ENDS, 1e-16, 0.5, 1.0, 2.0, 3.0, 6.0]
MANY = [  # of 2.759 the C function pow(x, 2.0) is not x * x
    *FEW, 2.2250738585072014e-308, 1e-154, 1e-8, 2.0**-53, 0.1, 0.25, np.nextafter(1.0, 0.0),
    np.nextafter(1.0, 2.0), 1.0 / np.pi, np.nextafter(0.5, 1.0), np.pi / 2.0, 1.5, 2.5, 2.759,
    np.pi, 10.0, 19.0, 36.8, 100.5, 709.0, 709.782712893384, 709.8, 710.4758600739439, 710.5, 745.2,
    745.1332191019412, 1023.5, 1024.0, 1074.0, 1075.0, 1e5, 2.0**31, 2.0**52 + 0.5, 2.0**53 + 2.0,
    2.0**63, 1e16, 1e22, 1e154, 1.3407807929942596e154, 1e155,
]  # fmt: skip


def _both_signs(numbers: list[float]) -> list[float]:
    return [*numbers, *(-x for x in numbers), np.nan]


def _spread(rng: np.random.Generator, shape: tuple[int, ...], decades: float) -> Floats:
    """Numbers of both signs, from 10^−decades to 10^decades."""
    return rng.choice([-1.0, 1.0], shape) * 10.0 ** rng.uniform(-decades, decades, shape)


def _ordinary(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Numbers between a thousandth and a thousand, some of them whole."""
    numbers = _spread(rng, shape, 3.0)
    return np.where(rng.random(shape) < 0.2, np.round(numbers), numbers)


def _bit_patterns(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.integers(0, 2**64, shape, dtype=np.uint64, endpoint=False).view(np.float64)


def _cancelling(rng: np.random.Generator, count: int, n: int) -> Floats:
    """Sums of n ≥ 2 terms of which next to nothing is left, in any order."""
    few = _spread(rng, (count, n), 3.0)
    ties = rng.choice([-1.0, 1.0], (count, n)) * 2.0 ** rng.integers(-120, 60, (count, n))
    terms = np.where(rng.random((count, 1)) < 0.5, few, ties)
    terms[:, -1] = 0.0
    left = rng.choice([0.0, 1e-16, -1e-16, 1e-12, 1e-4, 1e-3, 2e-3], count)
    terms[:, -1] = -terms.sum(axis=1) * (1.0 + left)
    if n > 2:  # two large ones that take each other away, and the rest is left
        large = rng.random(count) < 0.5
        terms[large, 0] = 2.0 ** rng.integers(40, 80, large.sum())
        terms[large, -1] = -terms[large, 0]
    return rng.permuted(terms, axis=1)


def _cancelling_products(rng: np.random.Generator, count: int, n: int) -> Floats:
    """Operands (w…, x…, b) of dot, of all sizes, of which next to nothing is left."""
    m = n // 2
    w, x = _spread(rng, (count, m), 3.0), _spread(rng, (count, m), 3.0)
    w[rng.random((count, m)) < 0.1] = 0.0
    b = np.zeros(count)
    last = rng.random(count) < 0.5  # the last product takes the others away, or b does
    others = (w[:, :-1] * x[:, :-1]).sum(axis=1)
    x[last, -1] = -(others / np.where(w[:, -1] == 0.0, 1.0, w[:, -1]))[last]
    b[~last] = -((w * x).sum(axis=1))[~last]
    left = rng.choice([0.0, 1e-16, -1e-16, 1e-12, 1e-4, 1e-3, 2e-3], count)
    scale = 2.0 ** rng.choice([0, 0, 0, 0, 100, -100, 400, -400, 480, -480, 500, -500, -530], count)
    with np.errstate(over="ignore"):
        return np.c_[w * scale[:, None], x * scale[:, None], b * (1.0 + left) * scale * scale]


def hard_points(name: str, operands: int) -> list[Floats]:
    """Where branches change and functions end: arrays of points, each of one number of operands."""
    if operands:
        numbers = _both_signs(MANY if operands < 3 else FEW)
        rng = np.random.default_rng(operands)
        return [
            np.array([*itertools.product(numbers, repeat=operands)]),
            _spread(rng, (200, operands), 1.0),
        ]
    return [*_hard_points_of_any_number(name, 100)]


def _hard_points_of_any_number(name: str, count: int) -> Iterator[Floats]:
    for n in [1, 3, 5, 7, 9, 11, 41] if name == "dot" else [1, 2, 3, 4, 5, 6, 40]:
        rng = np.random.default_rng(n)
        yield rng.choice(_both_signs(MANY), (count, n))
        yield rng.choice([-0.0, 0.0, -1.0, 1.0, 2.0], (count, n))  # ties
        yield _spread(rng, (count, n), 1.0)
        if name == "dot" and n > 1:
            yield _cancelling_products(rng, 5 * count, n)
        elif n > 1:
            yield _cancelling(rng, 5 * count, n)


def all_points(name: str, operands: int) -> list[Floats]:
    """The hard points, numbers of ordinary size, and every bit pattern with the same chance."""
    rng = np.random.default_rng([*name.encode()])
    if operands:
        return [
            *hard_points(name, operands),
            _ordinary(rng, (RANDOM // 10, operands)),
            _bit_patterns(rng, (RANDOM, operands)),
        ]
    widths = [1, 3, 5, 7, 9, 11] if name == "dot" else [1, 2, 3, 4, 5, 6]
    return [
        *_hard_points_of_any_number(name, 500),
        *(_bit_patterns(rng, (RANDOM // len(widths), n)) for n in widths),
        _bit_patterns(rng, (1000, 41 if name == "dot" else 40)),
    ]
