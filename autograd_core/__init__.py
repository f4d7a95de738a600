"""A scalar reverse-mode autodiff engine whose graphs can be read, drawn and explained.

>>> import autograd_core as ac
>>> x = ac.Value(2.0, "x")
>>> y = ac.tanh(x * x - 3.0)
>>> y.backward()
>>> round(x.grad, 6)
1.679897

Rows of the table whose names Python already uses (abs, max, min, pow, sum) are reached as
`ac.max(…)`; `from autograd_core import *` leaves Python's own in place.
"""

import builtins as _builtins

from .check import CheckReport, GradientCheck, check_gradients, check_leaves
from .errors import AutogradError, DomainError, StaleGraph, WorksheetError
from .graph import fold, topological_order
from .modes import detect_anomaly, no_grad, scope
from .naming import name_array, name_values
from .op import Op, Variadic
from .table import *  # noqa: F403 - every row, so that a new one needs no line here
from .table import TABLE
from .tracing import Step, Trace, trace
from .value import Value, zero_grad
from .worksheet import Worksheet

engine = "python"

__all__ = [
    "TABLE",
    "AutogradError",
    "CheckReport",
    "DomainError",
    "GradientCheck",
    "Op",
    "StaleGraph",
    "Step",
    "Trace",
    "Value",
    "Variadic",
    "Worksheet",
    "WorksheetError",
    "check_gradients",
    "check_leaves",
    "detect_anomaly",
    "fold",
    "name_array",
    "name_values",
    "no_grad",
    "scope",
    "topological_order",
    "trace",
    "zero_grad",
]  # fmt: skip
__all__ += [name for name in TABLE if not hasattr(_builtins, name)]
