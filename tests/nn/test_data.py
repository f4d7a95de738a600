"""Data sets against their formulas."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import data

MAKERS: dict[str, Any] = {
    "xor": lambda **seed: data.xor(8, noise=0.1, **seed),
    "moons": lambda **seed: data.moons(21, **seed),
    "spirals": lambda **seed: data.spirals(21, classes=3, **seed),
    "sines": lambda **seed: data.sines(3, 5, noise=0.1, **seed),
}


@pytest.mark.parametrize("name", [*MAKERS])
def test_seeds(name: str) -> None:
    make = MAKERS[name]
    x, y = make(seed=1)
    assert x.dtype == float
    assert y.dtype == (int if name == "spirals" else float)
    assert len(x) == len(y)
    again, other = make(seed=1), make(seed=2)
    assert (again[0] == x).all()
    assert (again[1] == y).all()
    assert (other[0] != x).any()
    random.seed(1)
    by_python = make()
    assert (by_python[0] == x).all()
    assert (make()[0] != x).any()


def test_moons_lie_on_two_half_circles() -> None:
    x, y = data.moons(101, noise=0.0, seed=3)
    assert Counter(y.tolist()) == {0.0: 50, 1.0: 51}
    for (a, b), label in zip(x, y, strict=True):
        centre = (0.0, 0.0) if label == 0.0 else (1.0, 0.5)
        assert math.hypot(a - centre[0], b - centre[1]) == pytest.approx(1.0)
        assert (b - centre[1]) * (1.0 if label == 0.0 else -1.0) >= -1e-12
    assert y.tolist() != sorted(y.tolist())


@pytest.mark.oracle
def test_moons_are_scikit_learns() -> None:
    from sklearn.datasets import make_moons

    points, labels = make_moons(20, shuffle=False, noise=None)
    theirs = sorted((*p, c) for p, c in zip(points.tolist(), labels.tolist(), strict=True))
    x, y = data.moons(20, noise=0.0, seed=0)
    ours = sorted((*p, c) for p, c in zip(x.tolist(), y.tolist(), strict=True))
    assert np.array(ours) == pytest.approx(np.array(theirs), abs=1e-12)


def test_noise_has_its_size() -> None:
    clean, noisy = data.moons(1000, noise=0.0, seed=4)[0], data.moons(1000, noise=0.1, seed=4)[0]
    assert np.std(noisy - clean) == pytest.approx(0.1, rel=0.1)
    corners, _ = data.xor(4000)
    assert np.std(data.xor(4000, noise=0.2, seed=5)[0] - corners) == pytest.approx(0.2, rel=0.1)


def test_xor() -> None:
    x, y = data.xor(6)
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [0, 0], [0, 1]]
    assert y.tolist() == [0, 1, 1, 0, 0, 1]


def test_the_arms_of_spirals() -> None:
    x, y = data.spirals(300, classes=3, turns=0.75, noise=0.0, seed=1)
    assert Counter(y.tolist()) == {0: 100, 1: 100, 2: 100}
    for (a, b), arm in zip(x, y, strict=True):
        radius = math.hypot(a, b)
        assert 0.1 - 1e-12 <= radius <= 1.0 + 1e-12
        turned = 2 * math.pi * (0.75 * (radius - 0.1) / 0.9 + arm / 3)
        assert math.remainder(math.atan2(b, a) - turned, 2 * math.pi) == pytest.approx(0, abs=1e-9)


def test_the_twelve_points() -> None:
    x, y = data.twelve_points()
    assert x[:, 0].tolist() == [-2, 6, 7, 3, 2, -1, 0, 5, 10, 4, 9, 8]
    assert y.tolist() == [0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1]
    assert ((2 * x[:, 0] - 9 >= 0) == (y == 1.0)).all()


def test_sines_foretell_the_next_number() -> None:
    x, y = data.sines(4, 30, step=0.2, seed=1)
    assert x.shape == y.shape == (4, 30, 1)
    assert (x[:, 1:] == y[:, :-1]).all()
    ahead = x[:, 2:] + x[:, :-2]  # sin(a + h) + sin(a − h) = 2·cos h·sin a
    assert ahead == pytest.approx(2 * math.cos(0.2) * x[:, 1:-1], abs=1e-12)
    assert len(set(x[:, 0, 0])) == 4


@pytest.mark.oracle
def test_digits() -> None:
    from sklearn.datasets import load_digits

    x, y = data.digits()
    bunch = load_digits()
    assert x.shape == (1797, 1, 8, 8)
    assert (x[:, 0] * 16.0 == bunch.images).all()
    assert (y == bunch.target).all()
    assert (x.min(), x.max(), y.dtype) == (0.0, 1.0, np.dtype(int))
    some, labels = data.digits(50, seed=1)
    assert (data.digits(50, seed=1)[0] == some).all()
    assert len({image.tobytes() for image in some}) == 50
    index = {image.tobytes(): label for image, label in zip(x, y, strict=True)}
    assert [index[image.tobytes()] for image in some] == labels.tolist()
    with pytest.raises(ValueError, match="digits: samples is at least 1; got 0"):
        data.digits(0)
    with pytest.raises(ValueError, match="there are 1797 digits; got samples=1798"):
        data.digits(1798)


@pytest.mark.oracle
def test_loading_the_digits_draws_no_numbers() -> None:
    """In a fresh Python: scikit-learn draws from its generator when it is imported."""
    code = (
        "import random; from nn import data; random.seed(1); before = random.getstate(); "
        "data.digits(); print(random.getstate() == before)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert printed.stdout.split() == ["True"]


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "autograd-core\[data\]"'):
        data.digits()


@given(st.integers(2, 40), st.floats(0.01, 0.99), st.integers(0, 5))
def test_split_takes_every_example_once(count: int, share: float, seed: int) -> None:
    x, y = np.arange(2 * count).reshape(count, 2), np.arange(count)
    (a, b), (c, d) = data.split(x, y, share, seed)
    assert sorted([*b, *d]) == list(range(count))
    assert (np.concatenate([a, c])[:, 0] == 2 * np.concatenate([b, d])).all()
    assert len(c) == min(max(round(share * count), 1), count - 1)
    assert (data.split(x, y, share, seed)[1][1] == d).all()


@given(st.integers(1, 20), st.integers(1, 25))
def test_batches(count: int, size: int) -> None:
    x, y = np.arange(count)[:, None], np.arange(count)
    order = random.Random(count).sample(range(count), count)
    parts = list(data.batches(x, y, size, order))
    assert [len(p) for p, _ in parts][:-1] == [size] * (len(parts) - 1)
    assert [int(v) for _, q in parts for v in q] == order
    assert all((p[:, 0] == q).all() for p, q in parts)
    [(whole, _)] = data.batches(x, y)
    assert (whole == x).all()


def test_indices_stay_whole() -> None:
    [(x, _)] = data.batches([[1, 2], [3, 4]], [0, 1])
    assert x.dtype.kind == "i"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.moons(0), "moons: samples is at least 1; got 0"),
        (lambda: data.moons(10, noise=-0.1), "noise is a standard deviation"),
        (lambda: data.xor(4, noise=math.nan), "noise is a standard deviation"),
        (lambda: data.spirals(10, classes=0), "spirals: classes is at least 1"),
        (lambda: data.sines(2, length=0), "sines: length is at least 1"),
        (lambda: data.split([1], [1]), "two or more examples"),
        (lambda: data.split([1, 2], [1, 2], 1.0), "validation=1.0"),
        (lambda: data.split([1, 2], [1, 2, 3]), r"got shapes \(2,\) and \(3,\)"),
        (lambda: list(data.batches([1, 2], [1, 2], 0)), "size is at least 1; got 0"),
        (lambda: list(data.batches([[1], [2, 3]], [1, 2])), "one shape"),
        (lambda: list(data.batches([], [])), r"got shapes \(0,\) and \(0,\)"),
    ],
)
def test_errors(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
