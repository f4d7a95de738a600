"""Initialisers: they set the data of leaves in place, with PyTorch's names and formulas.

Each takes a parameter (a Value, an array or a list of leaves) and returns it. Those that draw take
`seed`; None draws from Python's `random`. fan_in is the number of inputs of one output, fan_out
the number of outputs of one input: the second and the first axis of a weight, each times the
entries of a filter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from autograd_core.value import Value

from .arguments import check_probability, generator, shape_text

__all__ = [
    "calculate_gain", "constant_", "eye_", "kaiming_normal_", "kaiming_uniform_", "normal_",
    "ones_", "orthogonal_", "sparse_", "trunc_normal_", "uniform_", "xavier_normal_",
    "xavier_uniform_", "zeros_",
]  # fmt: skip

FanMode = Literal["fan_in", "fan_out"]

_GAINS = {
    **dict.fromkeys(("linear", "sigmoid", "conv1d", "conv2d"), 1.0),
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor on a weight's deviation that keeps the size of signals through a nonlinearity.

    1 for "linear", "conv1d", "conv2d" and "sigmoid", 5/3 for "tanh", √2 for "relu", ¾ for "selu",
    √(2/(1 + a²)) for "leaky_relu" with slope a = param (0.01 if None).

    Errors: ValueError for another name, and for a param where there is none.

    Source: K. He et al., ICCV (2015), eq. 15; PyTorch, `torch.nn.init.calculate_gain`.

    >>> calculate_gain("relu")
    1.4142135623730951
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1.0 + slope**2))
    if nonlinearity not in _GAINS:
        known = ", ".join(sorted([*_GAINS, "leaky_relu"]))
        raise ValueError(f"calculate_gain knows {known}; not {nonlinearity!r}")
    if param is not None:
        raise ValueError(f"calculate_gain: only leaky_relu has a param; got {param} too")
    return _GAINS[nonlinearity]


# --- without chance -----------------------------------------------------------------------------


def constant_(tensor: Any, val: float) -> Any:
    """Every entry val.

    >>> constant_([Value(1.0)], 0.5)[0].data
    0.5
    """
    return _set(tensor, lambda: float(val))


def zeros_(tensor: Any) -> Any:
    """Every entry 0.

    >>> zeros_(Value(1.0)).data
    0.0
    """
    return constant_(tensor, 0.0)


def ones_(tensor: Any) -> Any:
    """Every entry 1.

    >>> ones_(Value(0.0)).data
    1.0
    """
    return constant_(tensor, 1.0)


def eye_(tensor: Any) -> Any:
    """1 on the diagonal of a matrix, 0 elsewhere. Errors: ValueError for what is no matrix.

    >>> [v.data for v in eye_(np.array([[Value(5.0), Value(5.0)]]))[0]]
    [1.0, 0.0]
    """
    return _assign(tensor, np.eye(*_matrix("eye_", tensor)))


# --- uniform and normal -------------------------------------------------------------------------


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, *, seed: int | None = None) -> Any:
    """Drawn evenly from [a, b].

    >>> 2.0 <= uniform_(Value(0.0), 2.0, 3.0).data <= 3.0
    True
    """
    random = generator(seed)
    return _set(tensor, lambda: random.uniform(a, b))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, *, seed: int | None = None) -> Any:
    """Drawn from the normal distribution.

    >>> normal_(Value(0.0), 3.0, 0.0).data
    3.0
    """
    random = generator(seed)
    return _set(tensor, lambda: random.gauss(mean, std))


def trunc_normal_(
    tensor: Any,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    seed: int | None = None,
) -> Any:
    """Drawn from the part between a and b of the normal distribution.

    By the inverse of its distribution function at a number drawn evenly. Errors: ValueError unless
    a < b and std > 0, and where that part is empty to a float's precision.

    Source: L. Devroye, Non-Uniform Random Variate Generation (1986), section II.2.

    >>> -0.1 <= trunc_normal_(Value(0.0), std=5.0, a=-0.1, b=0.1).data <= 0.1
    True
    """
    if not a < b or not std > 0.0:
        raise ValueError(f"trunc_normal_ needs a < b and std > 0; got {a}, {b} and {std}")
    normal, random = NormalDist(mean, std), generator(seed)
    low, high = normal.cdf(a), normal.cdf(b)
    if not low < high:
        raise ValueError(f"trunc_normal_: nothing of N({mean}, {std}²) lies between {a} and {b}")

    def draw() -> float:
        level = random.uniform(low, high)
        if not 0.0 < level < 1.0:  # the ends of the line
            return a if level <= 0.0 else b
        return min(max(normal.inv_cdf(level), a), b)

    return _set(tensor, draw)


def xavier_uniform_(tensor: Any, gain: float = 1.0, *, seed: int | None = None) -> Any:
    """Drawn evenly from ±gain·√(6/(fan_in + fan_out)). Errors: ValueError below two axes.

    Source: X. Glorot, Y. Bengio, AISTATS 13 (2010), 249–256, eq. 16.

    >>> abs(xavier_uniform_(np.array([[Value(0.0)]]))[0, 0].data) <= 3.0**0.5
    True
    """
    bound = gain * math.sqrt(6.0 / sum(_fans("xavier_uniform_", tensor)))
    return uniform_(tensor, -bound, bound, seed=seed)


def xavier_normal_(tensor: Any, gain: float = 1.0, *, seed: int | None = None) -> Any:
    """Normal with deviation gain·√(2/(fan_in + fan_out)). Errors: ValueError below two axes.

    Source: X. Glorot, Y. Bengio, AISTATS 13 (2010), 249–256, eq. 12.

    >>> xavier_normal_(np.array([[Value(7.0)]]), gain=0.0)[0, 0].data
    0.0
    """
    std = gain * math.sqrt(2.0 / sum(_fans("xavier_normal_", tensor)))
    return normal_(tensor, 0.0, std, seed=seed)


def kaiming_uniform_(
    tensor: Any,
    a: float = 0.0,
    mode: FanMode = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    seed: int | None = None,
) -> Any:
    """Drawn evenly from ±gain·√(3/fan), with the gain of the nonlinearity (slope a) and the fan.

    Errors: ValueError below two axes, for another mode or nonlinearity.

    Source: K. He et al., ICCV (2015), 1026–1034, eqs. 10 and 15.

    >>> abs(kaiming_uniform_(np.array([[Value(0.0)]]))[0, 0].data) <= 6.0**0.5
    True
    """
    bound = math.sqrt(3.0) * _kaiming_std("kaiming_uniform_", tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, seed=seed)


def kaiming_normal_(
    tensor: Any,
    a: float = 0.0,
    mode: FanMode = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    seed: int | None = None,
) -> Any:
    """Normal with deviation gain/√fan, with the gain of the nonlinearity (slope a) and the fan.

    Errors: ValueError below two axes, for another mode or nonlinearity.

    Source: K. He et al., ICCV (2015), 1026–1034, eqs. 10 and 15.

    >>> isinstance(kaiming_normal_(np.array([[Value(0.0)]]))[0, 0].data, float)
    True
    """
    std = _kaiming_std("kaiming_normal_", tensor, a, mode, nonlinearity)
    return normal_(tensor, 0.0, std, seed=seed)


# --- with structure -----------------------------------------------------------------------------


def orthogonal_(tensor: Any, gain: float = 1.0, *, seed: int | None = None) -> Any:
    """gain times orthonormal rows or columns, whichever are fewer, all axes but the first as one.

    Q of the QR decomposition of a normal matrix, signs such that R has a positive diagonal.

    Errors: ValueError below two axes. Source: A. Saxe et al., ICLR (2014); F. Mezzadri, Notices
    of the AMS 54 (2007), 592–604.

    >>> abs(orthogonal_(np.array([[Value(0.0)]]), gain=2.0)[0, 0].data)
    2.0
    """
    shape = _array(tensor).shape
    _fans("orthogonal_", tensor)
    rows, columns = shape[0], math.prod(shape[1:])
    random = generator(seed)
    drawn = np.reshape([random.gauss(0.0, 1.0) for _ in range(rows * columns)], (rows, columns))
    q, r = np.linalg.qr(drawn if rows >= columns else drawn.T)
    q = q * np.where(np.diag(r) < 0.0, -1.0, 1.0)
    return _assign(tensor, gain * (q if rows >= columns else q.T))


def sparse_(tensor: Any, sparsity: float, std: float = 0.01, *, seed: int | None = None) -> Any:
    """In each column of a matrix ⌈sparsity·rows⌉ entries are 0, the others normal with std.

    Errors: ValueError for what is no matrix and for a sparsity outside [0, 1].

    Source: J. Martens, ICML 27 (2010), 735–742, section 5.

    >>> sparse_(np.array([[Value(1.0)]]), 1.0)[0, 0].data
    0.0
    """
    rows, columns = _matrix("sparse_", tensor)
    zeros = math.ceil(check_probability("sparse_", "sparsity", sparsity) * rows)
    random = generator(seed)
    numbers = np.reshape([random.gauss(0.0, std) for _ in range(rows * columns)], (rows, columns))
    for j in range(columns):
        numbers[random.sample(range(rows), zeros), j] = 0.0
    return _assign(tensor, numbers)


# --- inside -------------------------------------------------------------------------------------


def _array(tensor: Any) -> np.ndarray:
    return np.asarray(tensor, dtype=object)


def _set(tensor: Any, draw: Callable[[], float]) -> Any:
    array = _array(tensor)
    return _assign(tensor, np.array([draw() for _ in range(array.size)]))


def _assign(tensor: Any, numbers: np.ndarray) -> Any:
    """Set every leaf's data; TypeError, before anything is set, for what is no leaf."""
    leaves = _array(tensor).ravel().tolist()
    for leaf in leaves:
        if not isinstance(leaf, Value) or not leaf.is_leaf:
            raise TypeError(f"an initialiser sets the data of leaves; got {leaf!r}")
    for leaf, number in zip(leaves, numbers.ravel().tolist(), strict=True):
        leaf.data = number
    return tensor


def _matrix(name: str, tensor: Any) -> tuple[int, int]:
    shape = _array(tensor).shape
    if len(shape) != 2:
        raise ValueError(f"{name} takes a matrix; got {shape_text(shape)}")
    return shape[0], shape[1]


def _fans(name: str, tensor: Any) -> tuple[int, int]:
    """fan_in and fan_out."""
    shape = _array(tensor).shape
    if len(shape) < 2 or 0 in shape:
        raise ValueError(f"{name} needs a weight with two axes or more; got {shape_text(shape)}")
    filter_size = math.prod(shape[2:])
    return shape[1] * filter_size, shape[0] * filter_size


def _kaiming_std(name: str, tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    fan_in, fan_out = _fans(name, tensor)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f'{name}: mode is "fan_in" or "fan_out", not {mode!r}')
    slope = a if nonlinearity == "leaky_relu" else None
    gain = calculate_gain(nonlinearity, slope)
    return gain / math.sqrt(fan_in if mode == "fan_in" else fan_out)
