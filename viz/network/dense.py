"""Layers of neurons, read from a chain of modules: weights, biases and functions as numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..inputs import Numbers, numbers
from .reading import NetworkModule, Stage, kind_of

__all__ = ["Dense", "dense_layers", "function_name", "is_dense"]

NOTHING = {"Flatten", "Identity"}  # which an example of one axis passes unchanged
SYMBOLS = {"Sigmoid": "σ", "LeakyReLU": "leaky relu", "LogSigmoid": "ln σ"}


@dataclass(frozen=True, slots=True)
class Dense:
    """Neurons side by side, each of which reads every output of the layer before.

    weight : (units, inputs). bias : (units,), or None. function : what each applies to w·x + b,
    empty for nothing. last : the index of the stage that makes the layer's outputs.
    """

    title: str
    weight: Numbers
    bias: Numbers | None
    function: str
    last: int = 0

    @property
    def units(self) -> int:
        """How many neurons there are."""
        return len(self.weight)

    @property
    def inputs(self) -> int:
        """How many numbers each of them reads."""
        return int(self.weight.shape[1])


Read = tuple[Any, Any, str]  # weight, bias, function


def _of_arrays(module: Any) -> Read:
    return module.weight, module.bias, ""


def _of_step_layer(module: Any) -> Read:
    return module.weight, module.bias, "step"


def _of_layer(module: Any) -> Read:
    neurons = module.neurons
    function = "relu" if neurons[0].nonlin else ""
    return [n.w for n in neurons], [n.b for n in neurons], function


def _of_neuron(module: Any) -> Read:
    return [module.w], [module.b], "relu" if module.nonlin else ""


def _of_classifier(module: Any) -> Read:
    return [module.w], [module.b], "step"


READERS: dict[str, Callable[[Any], Read]] = {
    "Linear": _of_arrays,
    "StepLayer": _of_step_layer,
    "Layer": _of_layer,
    "Neuron": _of_neuron,
    "LinearClassifier": _of_classifier,
}


def is_dense(module: NetworkModule) -> bool:
    """True for a layer of neurons that each read all inputs."""
    return kind_of(module, READERS) is not None


def dense_layers(chain: list[Stage]) -> list[Dense] | None:
    """The layers of a chain that is made of neurons and functions only; None for any other.

    Raises ValueError where a weight is not a finite number.
    """
    found: list[Dense] = []
    for i, stage in enumerate(chain):
        if is_dense(stage.module):
            found.append(_layer(stage, i))
        elif (name := function_name(stage.module)) is None:
            return None
        elif name and found:
            layer = found[-1]
            function = ", ".join(filter(None, (layer.function, name)))
            found[-1] = Dense(layer.title, layer.weight, layer.bias, function, i)
        elif name:
            return None  # a function of the inputs themselves
    fits = all(a.units == b.inputs for a, b in pairwise(found))
    return found if found and fits else None


def function_name(module: NetworkModule) -> str | None:
    """What a module without parameters applies to every neuron; empty for nothing, else None."""
    kind = type(module).__name__
    if kind in NOTHING:
        return ""
    if hasattr(module, "kernel_size") or [*module.named_parameters(), *module.named_children()]:
        return None
    return SYMBOLS.get(kind, kind.lower())


def _layer(stage: Stage, index: int) -> Dense:
    kind = kind_of(stage.module, READERS)
    assert kind is not None
    weight, bias, function = READERS[kind](stage.module)
    return Dense(
        stage.title,
        numbers(f"the weight of {stage.title}", np.array(weight, object), "(units, inputs)", 2),
        None
        if bias is None
        else numbers(f"the bias of {stage.title}", np.array(bias, object), "(units,)", 1),
        function,
        index,
    )
