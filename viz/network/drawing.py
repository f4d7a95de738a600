"""`draw_network`."""

from __future__ import annotations

from typing import Any

from ..picture import Picture
from .dense import dense_layers
from .neurons import NeuronPicture
from .reading import outputs, require_module, stages

__all__ = ["draw_network"]


def draw_network(module: Any, values: Any = None, digits: int = 3, theme="auto") -> Picture:
    chain = stages(require_module(module))
    layers = dense_layers(chain)
    made = outputs(chain, values) if values is not None else None
    vals = None if made is None else [made[0]] + [made[l.last + 1].reshape(-1) for l in layers]
    p = NeuronPicture(layers, vals, digits)
    return Picture(p.source, p.summary, theme)
