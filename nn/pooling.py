"""Pooling layers with PyTorch's arguments: each window of a feature map becomes one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.convolution import avg_pool2d, max_pool2d, min_pool2d
from autograd_core.functions import as_array
from autograd_core.windows import Pad, Pair, sides, sizes

from .errors import errors_of, wrong_shape
from .module import Module

__all__ = ["AvgPool2d", "MaxPool2d", "MinPool2d"]


class _Pooling(Module):
    """What the layers share: windows of a size, a step from one to the next, a padding."""

    def __init__(
        self, kernel_size: Pair, stride: Pair | None, padding: Pad, ceil_mode: bool
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        with errors_of(type(self).__name__):
            kernel, steps = sizes(kernel_size, "kernel_size"), sizes(self.stride, "stride")
            sides(padding, kernel, steps, (1, 1))

    def _pooled(self, pool: Callable[..., Any], input: Any, *options: Any) -> Any:
        """pool(input, …) of an input with the right axes."""
        x = as_array(input)
        if x.ndim not in (3, 4):
            repair = "; put the axis of channels in front, x[None]" if x.ndim == 2 else ""
            raise wrong_shape("(C, H, W) or (N, C, H, W)", x, repair)
        return pool(x, self.kernel_size, self.stride, self.padding, *options)

    def describe(self) -> str:
        """The window, the step and the padding."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _Extreme(_Pooling):
    """Maximum and minimum: windows may be spread, and padding never wins."""

    _function: Any

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pad = 0,
        dilation: Pair = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.dilation = dilation
        with errors_of(type(self).__name__):
            sizes(dilation, "dilation")

    def forward(self, input: Any) -> Any:
        """The pooled maps, channel by channel, batch in front as it came."""
        return self._pooled(self._function, input, self.dilation, self.ceil_mode)

    def describe(self) -> str:
        """As PyTorch writes it."""
        return f"{super().describe()}, dilation={self.dilation}, ceil_mode={self.ceil_mode}"


class MaxPool2d(_Extreme):
    """y[c, i, j] = max of x[c, i·s + u·d, j·s + v·d] over the window; a tie goes to the first.

    Input (C, H, W) or (N, C, H, W), output (C, H', W') with N in front as it came; H' and W' are
    `autograd_core.output_size`. There are no parameters.

    kernel_size, stride, dilation : a number, or (vertical, horizontal); the stride is the kernel's
    size unless given. padding : also ((top, bottom), (left, right)); at most half of the kernel.
    ceil_mode : a last window may reach over the end.

    Errors: ValueError for sizes that do not fit, with the layer's name.

    Source: PyTorch's `MaxPool2d`, without `return_indices`; M. Riesenhuber, T. Poggio,
    Nature Neuroscience 2 (1999), 1019–1025.

    >>> MaxPool2d(2)([[[3, -1, -3, -1], [-3, 1, 0, -3]]])
    array([[[3., 0.]]])
    """

    _function = staticmethod(max_pool2d)


class MinPool2d(_Extreme):
    """y[c, i, j] = min of x[c, i·s + u·d, j·s + v·d] over the window; ties share the gradient.

    Shapes, arguments and errors as for `MaxPool2d`. PyTorch has none; −MaxPool2d(−x) has the same
    values, and sends the gradient of a tie to the first.

    Source: J. Serra, Image Analysis and Mathematical Morphology (1982): erosion by a flat window.

    >>> MinPool2d(2)([[[3, -1, -3, -1], [-3, 1, 0, -3]]])
    array([[[-3., -3.]]])
    """

    _function = staticmethod(min_pool2d)


class AvgPool2d(_Pooling):
    """y[c, i, j] = Σ x[c, i·s + u, j·s + v] / (kh·kw): the mean of the window.

    Shapes and errors as for `MaxPool2d`. count_include_pad : False divides by the number of pixels
    in the window, so that zeros of the padding do not count. divisor_override : what to divide the
    sum by instead.

    Source: PyTorch's `AvgPool2d`; Y. LeCun et al., Proc. IEEE 86 (1998), 2278–2324.

    >>> AvgPool2d(2)([[[3, -1, -3, -1], [-3, 1, 0, -3]]])
    array([[[ 0.  , -1.75]]])
    """

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pad = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Any) -> Any:
        """The pooled maps, channel by channel, batch in front as it came."""
        options = (self.ceil_mode, self.count_include_pad, self.divisor_override)
        return self._pooled(avg_pool2d, input, *options)

    def describe(self) -> str:
        """As PyTorch writes it, and what is not left at its default."""
        options = {
            "ceil_mode": (self.ceil_mode, False),
            "count_include_pad": (self.count_include_pad, True),
            "divisor_override": (self.divisor_override, None),
        }
        shown = [f"{name}={set_to}" for name, (set_to, usual) in options.items() if set_to != usual]
        return ", ".join([super().describe(), *shown])
