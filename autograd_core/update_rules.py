"""The optimizers' rules, in the table's vocabulary.

A rule maps (parameter, gradient, state) to (new parameter, new state) with arithmetic and rows
only, so one rule runs on floats, on arrays and on symbols: `nn.optim` applies it and a worked
solution prints it.
"""

from __future__ import annotations

from typing import Any

__all__ = ["RULES", "sgd"]


def sgd(parameter: Any, gradient: Any, state: Any = None, *, lr: Any) -> tuple[Any, Any]:
    """Gradient descent: w ← w − η·dL/dw, with the learning rate η = `lr`. It keeps no state.

    Source: A. Cauchy, C. R. Acad. Sci. Paris 25 (1847), 536–538.

    >>> sgd(2.0, 4.0, lr=0.1)
    (1.6, None)
    """
    return parameter - lr * gradient, state


RULES = {"sgd": sgd}
