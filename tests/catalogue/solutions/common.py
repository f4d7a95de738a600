"""What the solutions of several sources need."""

from __future__ import annotations

from typing import Any

import numpy as np

import nn
from autograd_core import Value

__all__ = ["linear", "numbers"]


def numbers(items: Any) -> Any:
    """The number of a Value; nested lists of them for an array or a list."""
    if isinstance(items, (list, tuple, np.ndarray)):
        return [numbers(item) for item in items]
    return items.data if isinstance(items, Value) else float(items)


def linear(weight: Any, bias: Any = None) -> nn.Linear:
    """A layer with these weights, a row for each output, and this bias or none."""
    rows, columns = np.shape(weight)
    layer = nn.Linear(columns, rows, bias is not None)
    layer.load_state_dict({"weight": weight} | ({} if bias is None else {"bias": bias}))
    return layer
