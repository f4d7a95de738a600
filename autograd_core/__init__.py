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
import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from .engines import engine as engine
from .errors import AutogradError, DomainError, StaleGraph, WorksheetError
from .graph import fold, topological_order
from .modes import detect_anomaly, no_grad, scope
from .naming import name_array, name_values
from .op import Op
from .table import *  # noqa: F403 - every row, so that a new one needs no line here
from .table import TABLE
from .value import Value, zero_grad
from .variadic import Variadic

if _TYPE_CHECKING:
    from . import update_rules
    from .check import CheckReport, GradientCheck, check_gradients, check_leaves
    from .class_losses import *  # noqa: F403
    from .convolution import *  # noqa: F403
    from .functions import *  # noqa: F403
    from .losses import *  # noqa: F403
    from .tracing import Step, Trace, trace
    from .transforms import grad, gradient, hessian, hvp, jacobian, jvp, value_and_grad
    from .windows import output_size
    from .worksheet import Worksheet

__all__ = [
    "TABLE", "AutogradError", "CheckReport", "DomainError", "GradientCheck", "Op", "StaleGraph",
    "Step", "Trace", "Value", "Variadic", "Worksheet", "WorksheetError", "check_gradients",
    "check_leaves", "detect_anomaly", "fold", "grad", "gradient", "hessian", "hvp",
    "jacobian", "jvp", "name_array", "name_values", "no_grad", "output_size", "scope",
    "topological_order", "trace", "update_rules", "value_and_grad", "zero_grad",
]  # fmt: skip
__all__ += [name for name in TABLE if not hasattr(_builtins, name)]

# What a small network or a gradient does without is imported when it is first asked for.
_LATER = {
    "check": ("CheckReport", "GradientCheck", "check_gradients", "check_leaves"),
    "tracing": ("Step", "Trace", "trace"),
    "transforms": ("grad", "gradient", "hessian", "hvp", "jacobian", "jvp", "value_and_grad"),
    "worksheet": ("Worksheet",),
    # these load NumPy
    "functions": ("concat", "dropout", "flatten", "log_softmax", "matmul", "outer", "softmax",
                  "transpose"),
    "convolution": ("avg_pool2d", "conv1d", "conv2d", "max_pool2d", "min_pool2d"),
    "windows": ("output_size",),
    "losses": ("binary_cross_entropy", "binary_cross_entropy_with_logits", "half_squared_error",
               "hinge_embedding_loss", "hinge_loss", "huber_loss", "l1_loss", "likelihood_loss",
               "mean_bias_error", "mse_loss", "rmse_loss", "smooth_l1_loss",
               "squared_hinge_loss"),
    "class_losses": ("categorical_cross_entropy", "cross_entropy", "kl_div",
                     "multiclass_hinge_loss", "nll_loss"),
}  # fmt: skip
__all__ += [name for names in _LATER.values() for name in names if name not in __all__]


def __getattr__(name: str) -> _Any:
    if name == "update_rules":
        return _importlib.import_module(f"{__name__}.update_rules")
    for module, names in _LATER.items():
        if name in names:
            function = getattr(_importlib.import_module(f"{__name__}.{module}"), name)
            globals()[name] = function
            return function
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
