"""Convolution layers with PyTorch's arguments: filters that slide over a signal or an image."""

from __future__ import annotations

import math
from typing import Any, Literal

from autograd_core.convolution import conv1d, conv2d
from autograd_core.functions import as_array
from autograd_core.windows import Padding, Sides, Size, checked_fill, sides, sizes

from .arguments import generator
from .conv_arithmetic import filter_depth
from .errors import errors_of, wrong_shape
from .module import Module
from .parameters import uniform_parameter

__all__ = ["Conv1d", "Conv2d"]

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"] | float


class _Convolution(Module):
    """What the layers share; they differ in how many axes a filter slides along."""

    _axes: int
    _function: Any
    _positions: str

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: PaddingMode = "zeros",
        *,
        flip: bool = False,
        seed: int | None = None,
    ) -> None:
        with errors_of(type(self).__name__):
            depth = filter_depth(in_channels, out_channels, groups)
            self.kernel_size = sizes(kernel_size, "kernel_size", self._axes)
            self.stride = sizes(stride, "stride", self._axes)
            self.dilation = sizes(dilation, "dilation", self._axes)
            around = sides(padding, self.kernel_size, self.stride, self.dilation)
            self.padding = padding if isinstance(padding, str) else _shortest(around)
            self.padding_mode = checked_fill(padding_mode)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.flip = flip
        shape = (out_channels, depth, *self.kernel_size)
        random, bound = generator(seed), 1.0 / math.sqrt(math.prod(shape[1:]))
        self.weight = uniform_parameter(shape, bound, random, "K")
        self.bias = uniform_parameter(shape[:1], bound, random, "b") if bias else None

    def forward(self, input: Any) -> Any:
        """The feature maps: one for each filter, batch in front as it came."""
        x = as_array(input)
        if x.ndim - self._axes not in (1, 2) or x.shape[-self._axes - 1] != self.in_channels:
            one = f"{self.in_channels}, {self._positions}"
            repair = "; put the axis of channels in front, x[None]" if x.ndim == self._axes else ""
            raise wrong_shape(f"({one}) or (N, {one})", x, repair)
        return self._function(
            x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups,
            fill=self.padding_mode, flip=self.flip,
        )  # fmt: skip

    def describe(self) -> str:
        """As PyTorch writes it: what is left at its default is not shown, the stride always."""
        ones = (1,) * self._axes
        options = {
            "padding": (self.padding, (0,) * self._axes),
            "dilation": (self.dilation, ones),
            "groups": (self.groups, 1),
            "bias": (self.bias is not None, True),
            "padding_mode": (self.padding_mode, "zeros"),
            "flip": (self.flip, False),
        }
        shown = [f"{name}={set_to}" for name, (set_to, usual) in options.items() if set_to != usual]
        return ", ".join(
            [
                f"{self.in_channels}, {self.out_channels}",
                f"kernel_size={self.kernel_size}, stride={self.stride}",
                *shown,
            ]
        )


class Conv1d(_Convolution):
    """y[o, i] = b[o] + Σ w[o, c, u]·x[c, i·s + u·d]: a filter for each output channel.

    Input (C, L) or (N, C, L), output (O, L') with N in front as it came; L' is
    `autograd_core.output_size`. Attributes: weight (O, C / groups, k) and bias (O,) or None, drawn
    uniformly from ±1/√(k·C / groups) with `seed` or, where it is None, Python's `random`.

    in_channels, out_channels : C and O. kernel_size, stride, dilation : k, s, d. padding : on both
    sides, (left, right), "same" or "valid". padding_mode : what the padding holds, "zeros",
    "reflect", "replicate", "circular" or a number. groups : channels are divided among as many
    groups of filters. flip : true convolution, with the filters turned round.

    Errors: ValueError for sizes that do not fit, with the layer's name.

    Source: PyTorch's `Conv1d`; A. Waibel et al., IEEE Trans. ASSP 37 (1989), 328–339.

    >>> layer = Conv1d(1, 2, 3, padding=1, seed=0)
    >>> layer([[1.0, 2.0, 3.0, 4.0]]).shape
    (2, 4)
    """

    _axes = 1
    _function = staticmethod(conv1d)
    _positions = "L"


class Conv2d(_Convolution):
    """y[o, i, j] = b[o] + Σ w[o, c, u, v]·x[c, i·s + u·d, j·s + v·d]: a filter for each output map.

    Input (C, H, W) or (N, C, H, W), output (O, H', W') with N in front as it came; H' and W' are
    `autograd_core.output_size`. Attributes: weight (O, C / groups, kh, kw) and bias (O,) or None,
    drawn uniformly from ±1/√(kh·kw·C / groups) with `seed` or, where it is None, Python's `random`.

    kernel_size, stride, dilation : a number, or (vertical, horizontal). padding : a number,
    (vertical, horizontal), ((top, bottom), (left, right)), "same" or "valid". groups : channels
    are divided among as many groups of filters; with groups = C each channel has its own filters
    (depthwise). Else as `Conv1d`.

    Errors: ValueError for sizes that do not fit, with the layer's name.

    Source: PyTorch's `Conv2d`; Y. LeCun et al., Proc. IEEE 86 (1998), 2278–2324.

    >>> layer = Conv2d(1, 8, 3, stride=2, seed=0)
    >>> layer([[[0.0] * 7] * 7]).shape
    (8, 3, 3)
    >>> len(layer.parameters())
    80
    """

    _axes = 2
    _function = staticmethod(conv2d)
    _positions = "H, W"


def _shortest(around: Sides) -> Any:
    """A padding as PyTorch keeps it, (vertical, horizontal), unless its sides differ."""
    if all(before == after for before, after in around):
        return tuple(before for before, _ in around)
    return around if len(around) > 1 else around[0]
