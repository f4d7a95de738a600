"""`StepNet`: layers of threshold units, step(w·x + b), whose outputs are 0 or 1.

Their slope is 0 wherever there is one, so no gradient teaches them: the weights are set by hand.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from autograd_core.functions import as_array
from autograd_core.table import step

from .affine import affine
from .arguments import check_at_zero, shape_text
from .errors import wrong_shape
from .module import Module
from .parameters import parameter

__all__ = ["StepLayer", "StepNet", "Unit"]

Unit = tuple[Sequence[float], float]  # the weights and the bias


class StepLayer(Module):
    """Threshold units side by side: step(W·x + b), shapes (inputs,) to (units,) or with a batch.

    weight : (units, inputs). bias : (units,). at_zero : the output at 0.

    Raises ValueError for shapes that do not fit.

    >>> both_and_any = StepLayer([[1.0, 1.0], [1.0, 1.0]], [-1.5, -0.5])
    >>> [h.data for h in both_and_any([0.0, 1.0])]
    [0.0, 1.0]
    """

    def __init__(
        self, weight: Any, bias: Any, *, at_zero: int = 0, number: int | None = None
    ) -> None:
        weight, bias = as_array(weight), as_array(bias)
        if weight.ndim != 2 or bias.shape != weight.shape[:1] or weight.size == 0:
            raise ValueError(
                "StepLayer: expected weight (units, inputs) and bias (units,); "
                f"got {shape_text(weight.shape)} and {shape_text(bias.shape)}"
            )
        ending = "" if number is None else number
        self.weight = parameter(weight, f"W{ending}")
        self.bias = parameter(bias, f"b{ending}")
        self.at_zero = check_at_zero("StepLayer", at_zero)

    def forward(self, input: Any) -> Any:
        """The outputs, 0 or 1, as an object array."""
        x = as_array(input)
        inputs = self.weight.shape[1]
        if x.ndim not in (1, 2) or x.shape[-1] != inputs:
            raise wrong_shape(f"({inputs},) or (batch, {inputs})", x)
        return step(affine(self.weight, x, self.bias), float(self.at_zero))

    def describe(self) -> str:
        """The arguments, for `repr`."""
        units, inputs = self.weight.shape
        return f"{inputs}, {units}, at_zero={self.at_zero}"


class StepNet(Module):
    """Layers of threshold units, each fed by the one before.

    units : for each layer its units, each (weights, bias). at_zero : step(0) in all of them.

    Shapes (inputs,) to (outputs,), with a batch before. Raises ValueError where a layer does not
    have a weight for each unit before it.

    Source: W. McCulloch and W. Pitts (1943).

    >>> net = StepNet([[((1.0, 1.0), -1.5), ((1.0, 1.0), -0.5)], [((-1.0, 1.0), -0.5)]])
    >>> net.widths, [y.data for y in net([1.0, 0.0])]
    ([2, 1], [1.0])
    """

    def __init__(self, units: Sequence[Sequence[Unit]], *, at_zero: int = 0) -> None:
        self.layers = [
            StepLayer([w for w, _ in layer], [b for _, b in layer], at_zero=at_zero, number=i)
            for i, layer in enumerate(units, 1)
        ]
        if not self.layers:
            raise ValueError("StepNet: there is at least one layer")
        for i, (below, above) in enumerate(itertools.pairwise(self.layers), 1):
            if above.weight.shape[1] != below.weight.shape[0]:
                raise ValueError(
                    f"StepNet: layer {i} has {above.weight.shape[1]} inputs and the layer "
                    f"before it {below.weight.shape[0]} units: give each unit one weight for each"
                )

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return int(self.layers[0].weight.shape[1])

    @property
    def widths(self) -> list[int]:
        """The number of units in each layer, the last one included."""
        return [len(layer.bias) for layer in self.layers]

    def activations(self, x: Any) -> list[Any]:
        """The outputs of every layer, first to last."""
        outputs: list[Any] = []
        for layer in self.layers:
            x = layer(x)
            outputs.append(x)
        return outputs

    def forward(self, input: Any) -> Any:
        """The outputs of the last layer."""
        return self.activations(input)[-1]
