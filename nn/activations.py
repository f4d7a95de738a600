"""Activation functions as modules, with PyTorch's names and arguments; each is a row of the table.

All take numbers, lists and arrays of any shape, and work entry by entry but for the softmaxes. The
derivatives, and what they are at a kink, are the rows': relu'(0) = 0, elu'(0) = 1.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from autograd_core.functions import as_array, log_softmax, softmax
from autograd_core.op import Op
from autograd_core.table import (
    celu,
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    log_sigmoid,
    mish,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
    step,
    tanh,
    tanhshrink,
)

from .arguments import check_size, whole_number
from .errors import wrong_shape
from .module import Module
from .parameters import parameter

__all__ = [
    "CELU", "ELU", "GELU", "SELU", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU",
    "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "ReLU", "ReLU6", "SiLU", "Sigmoid", "Softmax",
    "Softmin", "Softplus", "Softsign", "Step", "Tanh", "Tanhshrink",
]  # fmt: skip


class _Row(Module):
    """y = row(x) entry by entry, in the shape of x."""

    row: ClassVar[Op]

    def forward(self, input: Any) -> Any:
        """The row of every entry of x."""
        return self.row(as_array(input))


class ReLU(_Row):
    """y = max(0, x). Source: V. Nair, G. Hinton, ICML (2010), 807–814.

    >>> ReLU()([-1.0, 0.0, 2.0])
    array([0., 0., 2.])
    """

    row = relu


class ReLU6(_Row):
    """y = min(max(0, x), 6). Source: A. Krizhevsky, Convolutional Deep Belief Networks (2010).

    >>> ReLU6()([-1.0, 2.0, 7.0])
    array([0., 2., 6.])
    """

    row = relu6


class SELU(_Row):
    """y = s·x for x > 0, else s·α·(eˣ − 1), with s = 1.0507…, α = 1.6733….

    Source: G. Klambauer et al., NeurIPS 30 (2017), 971–980.

    >>> round(float(SELU()(1.0)), 4)
    1.0507
    """

    row = selu


class Sigmoid(_Row):
    """y = 1/(1 + e⁻ˣ). Source: D. Rumelhart et al., Nature 323 (1986), 533–536, eq. 2.

    >>> Sigmoid()([0.0])
    array([0.5])
    """

    row = sigmoid


class LogSigmoid(_Row):
    """y = ln(1/(1 + e⁻ˣ)), exact where the sigmoid is 0. Source: PyTorch, `torch.nn.LogSigmoid`.

    >>> LogSigmoid()([-1000.0])
    array([-1000.])
    """

    row = log_sigmoid


class Tanh(_Row):
    """y = tanh x. Source: Y. LeCun et al., Efficient BackProp (1998), section 4.4.

    >>> Tanh()([0.0])
    array([0.])
    """

    row = tanh


class Tanhshrink(_Row):
    """y = x − tanh x. Source: PyTorch, `torch.nn.Tanhshrink`.

    >>> Tanhshrink()([0.0])
    array([0.])
    """

    row = tanhshrink


class SiLU(_Row):
    """y = x/(1 + e⁻ˣ), also called swish. Source: S. Elfwing et al., Neural Networks 107 (2018).

    >>> SiLU()([0.0])
    array([0.])
    """

    row = silu


class Mish(_Row):
    """y = x·tanh(ln(1 + eˣ)). Source: D. Misra, BMVC (2020).

    >>> Mish()([0.0])
    array([0.])
    """

    row = mish


class Softsign(_Row):
    """y = x/(1 + |x|). Source: J. Bergstra et al., tech. rep. 1337, Montréal (2009).

    >>> Softsign()([1.0])
    array([0.5])
    """

    row = softsign


class Hardsigmoid(_Row):
    """y = min(max(0, (x + 3)/6), 1). Source: A. Howard et al., ICCV (2019), section 5.2.

    >>> Hardsigmoid()([-3.0, 0.0, 3.0])
    array([0. , 0.5, 1. ])
    """

    row = hardsigmoid


class Hardswish(_Row):
    """y = x·min(max(0, (x + 3)/6), 1). Source: A. Howard et al., ICCV (2019), section 5.2.

    >>> Hardswish()([3.0])
    array([3.])
    """

    row = hardswish


# --- with arguments -----------------------------------------------------------------------------


class LeakyReLU(Module):
    """y = x for x > 0, else negative_slope·x. Source: A. Maas et al., ICML 30 (2013).

    >>> LeakyReLU(0.1)([-2.0, 2.0])
    array([-0.2,  2. ])
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, input: Any) -> Any:
        """The leaky ReLU of every entry."""
        return leaky_relu(as_array(input), self.negative_slope)

    def describe(self) -> str:
        """The slope below 0."""
        return f"negative_slope={self.negative_slope}"


class PReLU(Module):
    """y = x for x > 0, else weight·x, where the slope is learnt.

    num_parameters : 1, or one slope for each entry of axis 1 (channels) of an input with two axes
    or more. init : where the slopes start. Parameter: `weight` (num_parameters,), named a.

    Errors: ValueError for an input without an axis 1 of that length.

    Source: K. He et al., ICCV (2015), 1026–1034, eq. 1.

    >>> PReLU()([-2.0, 2.0])[0].data
    -0.5
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        self.num_parameters = check_size("PReLU", "num_parameters", num_parameters)
        self.init = init
        self.weight = parameter([init] * self.num_parameters, "a")

    def forward(self, input: Any) -> Any:
        """The leaky ReLU of every entry, with its channel's slope."""
        x = as_array(input)
        if self.num_parameters == 1:
            return leaky_relu(x, self.weight[0])
        if x.ndim < 2 or x.shape[1] != self.num_parameters:
            raise wrong_shape(f"(N, {self.num_parameters}, …)", x)
        return leaky_relu(x, self.weight.reshape(-1, *[1] * (x.ndim - 2)))

    def describe(self) -> str:
        """How many slopes, as in PyTorch."""
        return f"num_parameters={self.num_parameters}"


class ELU(Module):
    """y = x for x > 0, else alpha·(eˣ − 1). Source: D. Clevert et al., ICLR (2016), eq. 15.

    The slope at 0 is 1, also where alpha is not (PyTorch: alpha).

    >>> ELU()([2.0])
    array([2.])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, input: Any) -> Any:
        """The ELU of every entry."""
        return elu(as_array(input), self.alpha)

    def describe(self) -> str:
        """The scale of the negative part."""
        return f"alpha={self.alpha}"


class CELU(Module):
    """y = x for x > 0, else alpha·(e^(x/alpha) − 1). Source: J. Barron, arXiv 1704.07483 (2017).

    >>> CELU()([2.0])
    array([2.])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        if alpha == 0.0:
            raise ValueError("CELU divides by alpha; take one that is not 0")
        self.alpha = alpha

    def forward(self, input: Any) -> Any:
        """The CELU of every entry."""
        return celu(as_array(input), self.alpha)

    def describe(self) -> str:
        """The scale of the negative part."""
        return f"alpha={self.alpha}"


class GELU(Module):
    """y = x·Φ(x) with the normal distribution Φ.

    approximate : "none", or "tanh" for ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).

    Errors: ValueError for another approximation.

    Source: D. Hendrycks, K. Gimpel, arXiv 1606.08415 (2016), section 2.

    >>> GELU()([0.0])
    array([0.])
    """

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ValueError(f'GELU: approximate is "none" or "tanh", not {approximate!r}')
        self.approximate = approximate

    def forward(self, input: Any) -> Any:
        """The GELU of every entry."""
        x = as_array(input)
        if self.approximate == "none":
            return gelu(x)
        return 0.5 * x * (1.0 + tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * (x * x * x))))

    def describe(self) -> str:
        """Which formula."""
        return f"approximate={self.approximate!r}"


class Softplus(Module):
    """y = ln(1 + e^(beta·x))/beta, exact for every x; there is no threshold to go linear at.

    Errors: ValueError for beta = 0. Source: C. Dugas et al., NIPS 13 (2000), 472–478.

    >>> round(float(Softplus()(0.0)), 4)
    0.6931
    """

    def __init__(self, beta: float = 1.0) -> None:
        if beta == 0.0:
            raise ValueError("Softplus divides by beta; take one that is not 0")
        self.beta = beta

    def forward(self, input: Any) -> Any:
        """The softplus of every entry."""
        x = as_array(input)
        return softplus(x) if self.beta == 1.0 else softplus(x * self.beta) / self.beta

    def describe(self) -> str:
        """The sharpness."""
        return f"beta={self.beta}"


class Hardtanh(Module):
    """y = min(max(min_val, x), max_val).

    Errors: ValueError unless min_val < max_val. Source: R. Collobert, thesis, Paris VI (2004).

    >>> Hardtanh()([-2.0, 0.5, 2.0])
    array([-1. ,  0.5,  1. ])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        if not min_val < max_val:
            raise ValueError(f"Hardtanh needs min_val < max_val; got {min_val} and {max_val}")
        self.min_val = min_val
        self.max_val = max_val

    def forward(self, input: Any) -> Any:
        """Every entry, brought between the bounds."""
        return hardtanh(as_array(input), self.min_val, self.max_val)

    def describe(self) -> str:
        """The bounds."""
        return f"min_val={self.min_val}, max_val={self.max_val}"


class Step(Module):
    """y = 1 for x > 0, 0 for x < 0, at_zero for x = 0; its derivative is 0 everywhere.

    Source: W. McCulloch, W. Pitts, Bull. Math. Biophys. 5 (1943), 115–133.

    >>> Step()([-1.0, 0.0, 2.0]), Step(at_zero=1.0)([0.0])
    (array([0., 0., 1.]), array([1.]))
    """

    def __init__(self, at_zero: float = 0.0) -> None:
        self.at_zero = at_zero

    def forward(self, input: Any) -> Any:
        """The step of every entry."""
        return step(as_array(input), self.at_zero)

    def describe(self) -> str:
        """The value at 0."""
        return f"at_zero={self.at_zero}"


# --- along an axis ------------------------------------------------------------------------------


class _AlongAxis(Module):
    def __init__(self, dim: int) -> None:
        self.dim = whole_number(type(self).__name__, "dim", dim)

    def describe(self) -> str:
        """The axis."""
        return f"dim={self.dim}"


class Softmax(_AlongAxis):
    """qᵢ = e^xᵢ / Σⱼ e^xⱼ along axis dim, in the shape of x; dim has no default.

    Errors: ValueError for an axis that x does not have.

    Source: J. Bridle, Neurocomputing, NATO ASI F68 (1990), 227–236.

    >>> Softmax(dim=-1)([0.0, 0.0])
    array([0.5, 0.5])
    """

    def forward(self, input: Any) -> Any:
        """The softmax along the axis."""
        return softmax(input, self.dim)


class Softmin(_AlongAxis):
    """qᵢ = e^−xᵢ / Σⱼ e^−xⱼ along axis dim, in the shape of x; errors as `Softmax`.

    Source: PyTorch, `torch.nn.Softmin`.

    >>> Softmin(dim=-1)([0.0, 0.0])
    array([0.5, 0.5])
    """

    def forward(self, input: Any) -> Any:
        """The softmax of −x along the axis."""
        return softmax(-as_array(input), self.dim)


class LogSoftmax(_AlongAxis):
    """ln qᵢ = xᵢ − ln Σⱼ e^xⱼ along axis dim, in the shape of x; errors as `Softmax`.

    Source: PyTorch, `torch.nn.LogSoftmax`.

    >>> LogSoftmax(dim=-1)([0.0, -1000.0])
    array([    0., -1000.])
    """

    def forward(self, input: Any) -> Any:
        """The logarithm of the softmax along the axis."""
        return log_softmax(input, self.dim)
