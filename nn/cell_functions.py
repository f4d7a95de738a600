"""One time step of a recurrent net as a function: Elman, LSTM and GRU, with PyTorch's gates.

A step takes the input x and the state h of the step before and gives the new state. x is (input,)
or (batch, input), h is (hidden,) or (batch, hidden). The weights of all gates lie in one array,
one block of `hidden` rows after another: i, f, g, o for an LSTM, r, z, n for a GRU.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_core.functions import as_array
from autograd_core.naming import name_array
from autograd_core.table import identity, relu, sigmoid, step, tanh

from .affine import affine

__all__ = ["NONLINEARITIES", "gru_cell", "known_nonlinearity", "lstm_cell", "rnn_cell"]

NONLINEARITIES: dict[str, Callable[[Any], Any]] = {
    "tanh": tanh,
    "relu": relu,
    "sigmoid": sigmoid,
    "step": step,
    "identity": identity,
}


def known_nonlinearity(name: str) -> str:
    """A key of `NONLINEARITIES`; ValueError for any other name."""
    if name not in NONLINEARITIES:
        raise ValueError(f"nonlinearity is one of {', '.join(NONLINEARITIES)}; not {name!r}")
    return name


def rnn_cell(
    input: Any,
    hx: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    nonlinearity: str = "tanh",
    label: str | None = None,
) -> Any:
    """h′ = g(W_ih·x + b_ih + W_hh·h + b_hh), one step of an Elman net.

    w_ih : (hidden, input). w_hh : (hidden, hidden). b_ih, b_hh : (hidden,) or None.
    nonlinearity : g, one of `NONLINEARITIES`. label : names the new state h + label, as in h_0.

    Source: J. Elman, Cognitive Science 14 (1990), 179–211; PyTorch's `rnn_tanh_cell`.

    >>> rnn_cell([1.0], [0.5], [[2.0]], [[-4.0]], nonlinearity="relu")
    array([0.])
    """
    g = NONLINEARITIES[known_nonlinearity(nonlinearity)]
    h = g(affine(w_ih, input, b_ih) + affine(w_hh, hx, b_hh))
    _name(label, h=h)
    return h


def lstm_cell(
    input: Any,
    hx: tuple[Any, Any],
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    label: str | None = None,
) -> tuple[Any, Any]:
    """The new (h, c) of a long short-term memory: c′ = f·c + i·g, h′ = o·tanh(c′).

    With z = W_ih·x + b_ih + W_hh·h + b_hh in four blocks the gates are i, f, o = σ(zᵢ), σ(z_f),
    σ(z_o) and the candidate is g = tanh(z_g); the order is i, f, g, o.

    w_ih : (4·hidden, input). w_hh : (4·hidden, hidden). b_ih, b_hh : (4·hidden,) or None. label :
    names gates and states, as in i_0 … c_0.

    Source: S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997), 1735–1780, with the
    forget gate of F. Gers et al., Neural Computation 12 (2000), 2451–2471; PyTorch's `lstm_cell`.

    >>> h, c = lstm_cell([0.0], ([0.0], [4.0]), np.zeros((4, 1)), np.zeros((4, 1)))
    >>> c
    array([2.])
    """
    h, c = hx
    z = affine(w_ih, input, b_ih) + affine(w_hh, h, b_hh)
    i, f, g, o = np.split(z, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
    c = f * as_array(c) + i * g
    h = o * tanh(c)
    _name(label, i=i, f=f, g=g, o=o, c=c, h=h)
    return h, c


def gru_cell(
    input: Any,
    hx: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    label: str | None = None,
) -> Any:
    """h′ = (1 − z)·n + z·h, one step of a gated recurrent unit.

    With a = W_ih·x + b_ih and b = W_hh·h + b_hh in three blocks, r = σ(a_r + b_r),
    z = σ(a_z + b_z) and n = tanh(a_n + r·b_n); the order is r, z, n. The reset gate r multiplies
    *after* the matrix product, as in PyTorch; the source below does so before.

    w_ih : (3·hidden, input). w_hh : (3·hidden, hidden). b_ih, b_hh : (3·hidden,) or None. label :
    names gates and state, as in r_0 … h_0.

    Source: K. Cho et al., EMNLP (2014), 1724–1734, equations 5 to 8; PyTorch's `gru_cell`.

    >>> gru_cell([0.0], [3.0], np.zeros((3, 1)), np.zeros((3, 1)))
    array([1.5])
    """
    h = as_array(hx)
    a_r, a_z, a_n = np.split(affine(w_ih, input, b_ih), 3, axis=-1)
    b_r, b_z, b_n = np.split(affine(w_hh, h, b_hh), 3, axis=-1)
    r, z = sigmoid(a_r + b_r), sigmoid(a_z + b_z)
    n = tanh(a_n + r * b_n)
    new = (1.0 - z) * n + z * h
    _name(label, r=r, z=z, n=n, h=new)
    return new


def _name(label: str | None, **arrays: Any) -> None:
    """Name each array letter + label; without a label the caller names them."""
    if label is not None:
        for letter, array in arrays.items():
            name_array(array, f"{letter}{label}")
