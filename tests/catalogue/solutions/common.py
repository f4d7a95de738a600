"""What the solutions of several sources need."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core import Value

__all__ = ["numbers"]


def numbers(items: Any) -> Any:
    """The number of a Value; nested lists of them for an array or a list."""
    if isinstance(items, (list, tuple, np.ndarray)):
        return [numbers(item) for item in items]
    return items.data if isinstance(items, Value) else float(items)
