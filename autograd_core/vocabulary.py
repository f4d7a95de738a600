"""What a worksheet can call: rows of the table, functions on arrays, and other names for them.

`call` applies one of them to operands, each a number, a Value or an array of these. It checks
names, options, shapes and sizes first, and says what is wrong in the words of a worksheet.
"""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from types import ModuleType
from typing import Any

from .table import TABLE
from .value import Value

__all__ = ["CONSTANTS", "call", "function_names", "numbers_of", "unknown"]

LARGEST_ARRAY = 10_000  # entries
MOST_PRODUCTS = 1_000_000  # entries of one operand times entries of another
LARGEST_OPTION = 100  # strides, paddings, axes

CONSTANTS = {"pi": math.pi, "True": 1.0, "False": 0.0}
_HINTS = {
    "ln": "the natural logarithm is log(x)",
    "e": "the exponential function is exp(x)",
    "lambda": "Python keeps that word, a worksheet does not know it",
}

# Rows that a worksheet writes otherwise.
_NO_FUNCTIONS = {"flow", "equal", "identity", "detach"}
_NO_COMPOSITIONS = {"as_array"}
_ROWS = {name: row for name, row in TABLE.items() if name not in _NO_FUNCTIONS}
_ALIASES = {  # names of Python's math module, and of NumPy
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    "fabs": "abs", "fsum": "sum", "sumprod": "dot", "maximum": "max", "minimum": "min",
    "power": "pow", "logaddexp": "logsumexp",
}  # fmt: skip

# Options of functions on arrays that are whole numbers, or yes and no.
_WHOLE = {
    "axis", "axes", "dilation", "divisor_override", "groups", "ignore_index", "kernel_size",
    "padding", "seed", "start", "stride",
}  # fmt: skip
_FLAGS = {"ceil_mode", "count_include_pad", "flip", "log_target", "training", "worst_only"}
_WORDS = {"fill", "padding", "reduction"}
_BY_CLASS = {"cross_entropy", "multiclass_hinge_loss", "nll_loss"}  # targets may be class numbers

_SIGNS = {
    "add": "+", "sub": "−", "mul": "·", "div": "/", "pow": "**", "matmul": "@", "neg": "−",
}  # fmt: skip


def function_names() -> set[str]:
    """Every function that a worksheet can call."""
    return {*_ROWS, *_ALIASES, *_compositions()}


@cache
def _compositions() -> dict[str, Callable[..., Any]]:
    """The functions on arrays by name; loaded when a worksheet first asks for one."""
    from . import class_losses, convolution, functions, losses

    modules: tuple[ModuleType, ...] = (functions, convolution, losses, class_losses)
    return {
        name: getattr(module, name)
        for module in modules
        for name in module.__all__
        if name not in _NO_COMPOSITIONS
    }


def call(name: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Apply the function to its operands.

    Raises ValueError or TypeError, with the mistake and the repair, for an unknown function or
    option, shapes that do not fit, sizes beyond the limits, and results that are not finite.
    """
    name = _ALIASES.get(name, name)
    for option, value in options.items():
        if isinstance(value, str) and option not in _WORDS:
            raise TypeError(f"{option} takes a number, not the word {value!r}")
    if any(map(_shape, operands)):
        _require_size(name, operands, options)
    if row := _ROWS.get(name):
        if row.variadic or name == "dot":
            result = _call_variadic(name, operands, options)
        else:
            bound = row.bind(tuple(operands), dict(options))
            _require_fit(name, bound)
            result = row(*bound)
    elif function := _compositions().get(name):
        result = _call_composition(name, function, operands, options)
    else:
        raise ValueError(unknown(f"there is no function {name}", name, function_names()))
    _require_finite(name, operands, options, result)
    return result


def unknown(problem: str, name: str, known: Iterable[str]) -> str:
    """The problem, with a hint or the nearest known name."""
    if name in _HINTS:
        return f"{problem}: {_HINTS[name]}"
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"{problem}; did you mean {near[0]}?" if near else problem


def numbers_of(operand: Any) -> list[float]:
    """The plain numbers in a number, a Value or an array of these, in order."""
    items = operand.flat if hasattr(operand, "flat") else (operand,)
    return [item.data if isinstance(item, Value) else float(item) for item in items]


def _call_variadic(name: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    row = TABLE[name]
    known = [] if name == "dot" else ["axis"]
    for option in options:
        if option not in known:
            raise TypeError(unknown(f"{name} has no option {option}", option, known))
    if name == "dot" and not 2 <= len(operands) <= 3:
        raise TypeError("dot takes two vectors, and a number to add: dot(w, x, b)")
    if name == "dot" and any(len(_shape(v)) != 1 for v in operands[:2]):
        got = _shapes(operands[:2])
        raise TypeError(f"dot takes two vectors, not {got}; @ multiplies matrices")
    if len(operands) > 1 and name != "dot":
        _require_fit(name, operands)
    if not options and len(operands) == 1 and len(_shape(operands[0])) > 1:
        raise TypeError(
            f"{name} of a {_times(_shape(operands[0]))} array needs axis=0 or another axis, or "
            f"flatten: {name}(flatten(…)) takes all entries"
        )
    if options:
        axis = _whole("axis", options["axis"])
        if not isinstance(axis, int):
            raise TypeError(f"{name} goes along one axis, as in axis=0")
        axes = len(_shape(operands[0]))
        if len(operands) != 1 or not -axes <= axis < axes:
            raise ValueError(f"{name} along axis {axis} needs one array that has this axis")
        return row(operands[0], axis=axis) if axes > 1 else row(operands[0])
    return row(*operands)


def _call_composition(
    name: str, function: Callable[..., Any], operands: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    signature = inspect.signature(function)
    known = [p.name for p in signature.parameters.values() if p.kind is not p.VAR_POSITIONAL]
    for option in options:
        if option not in known:
            raise TypeError(unknown(f"{name} has no option {option}", option, known))
    if name == "dropout" and "seed" not in options:
        raise TypeError("dropout needs a seed, as in dropout(x, seed=1)")
    try:
        bound = signature.bind(*operands, **options)
    except TypeError:
        raise TypeError(f"{name}({', '.join(known)}) got {len(operands)} operands") from None
    for parameter, argument in bound.arguments.items():
        if parameter in _WHOLE:
            bound.arguments[parameter] = _whole(parameter, argument)
        elif parameter in _FLAGS:
            bound.arguments[parameter] = _flag(parameter, argument)
        elif parameter == "target" and name in _BY_CLASS:
            if _shape(argument) != _shape(bound.arguments["input"]):
                argument = _whole("a class", argument)
            bound.arguments[parameter] = argument
    return function(*bound.args, **bound.kwargs)


def _whole(name: str, argument: Any) -> Any:
    """An option as a whole number, or a tuple of them; a word ("same") stays."""
    if isinstance(argument, str):
        return argument
    if hasattr(argument, "shape") and argument.ndim:
        return tuple(_whole(name, item) for item in argument)
    [number] = numbers_of(argument)
    if not number.is_integer() or abs(number) > LARGEST_OPTION:
        raise ValueError(
            f"{name} is a whole number of at most {LARGEST_OPTION}, not {number:g}"
        )
    return int(number)


def _flag(name: str, argument: Any) -> bool:
    if numbers_of(argument) not in ([0.0], [1.0]):
        raise ValueError(f"{name} is True or False")
    return numbers_of(argument) == [1.0]


# --- what is checked --------------------------------------------------------------------------


def _shape(operand: Any) -> tuple[int, ...]:
    return getattr(operand, "shape", ())


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _shapes(operands: Iterable[Any]) -> str:
    """"a 2×3 matrix and a vector of 3", for messages."""
    words = []
    for operand in operands:
        shape = _shape(operand)
        kind = {0: "a number", 1: f"a vector of {_times(shape)}", 2: f"a {_times(shape)} matrix"}
        words.append(kind.get(len(shape), f"a {_times(shape)} array"))
    return " and ".join(words)


def _require_fit(name: str, operands: Sequence[Any]) -> None:
    """Arrays of one operation have one shape, or one that NumPy repeats to fit."""
    shapes = [_shape(operand) for operand in operands]
    if any(shapes):
        import numpy as np

        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            arrays = [operand for operand in operands if _shape(operand)]
            sign = _SIGNS.get(name, name)
            raise ValueError(f"{sign} of {_shapes(arrays)}: the shapes do not fit") from None


def _require_size(name: str, operands: Sequence[Any], options: Mapping[str, Any]) -> None:
    """Before anything is computed: how large the operands and the result are, and the work."""
    sizes = sorted(math.prod(_shape(operand)) for operand in operands)
    padding = options.get("padding", 0.0)
    if not isinstance(padding, str):
        widest = max((abs(n) for n in numbers_of(padding)), default=0.0)
        sizes[-1] = int(sizes[-1] * (1.0 + min(widest, LARGEST_OPTION)) ** 2)
    entries, products = _work(name, [_shape(operand) for operand in operands], sizes)
    if max(sizes[-1], entries) > LARGEST_ARRAY or products > MOST_PRODUCTS:
        raise ValueError(
            f"{name} of {_shapes(operands)} is too large here; "
            f"at most {LARGEST_ARRAY} entries and {MOST_PRODUCTS} products are worked out"
        )


def _work(name: str, shapes: Sequence[tuple[int, ...]], sizes: Sequence[int]) -> tuple[int, int]:
    """How many entries come out, and how many products make them, at most."""
    if name in _ROWS:  # a column and a row make a matrix
        entries = math.prod(map(max, zip_longest(*map(reversed, shapes), fillvalue=1)))
        return entries, entries
    if name == "matmul" and len(shapes) == 2:
        columns = math.prod(shapes[1][1:])
        return math.prod(shapes[0][:-1]) * columns, math.prod(shapes[0]) * columns
    products = math.prod(sizes[-2:])
    return products if name == "outer" else 0, products


def _require_finite(
    name: str, operands: Sequence[Any], options: Mapping[str, Any], result: Any
) -> None:
    numbers = numbers_of(result)
    if all(map(math.isfinite, numbers)):
        return
    at = next(i for i, number in enumerate(numbers) if not math.isfinite(number))
    row = _ROWS.get(name)
    if row is None or row.variadic:
        inner = ", ".join(f"{n:g}" for o in operands for n in numbers_of(o)[:8])
        raise ValueError(f"{name}({inner}) {_not_finite(numbers[at])}")
    bound = row.bind(tuple(operands), dict(options))
    entries = bound
    where = ""
    if _shape(result):
        import numpy as np

        entries = tuple(np.broadcast_to(np.asarray(o), _shape(result)).flat[at] for o in bound)
        index = ", ".join(str(int(i)) for i in np.unravel_index(at, _shape(result)))
        where = f" in entry [{index}]"
    values = [numbers_of(entry)[0] for entry in entries]
    raise ValueError(_domain_problem(name, values, numbers[at]) + where)


def _domain_problem(operation: str, numbers: list[float], result: float) -> str:
    shown = ", ".join(f"{number:g}" for number in numbers)
    if operation in ("div", "mod") and numbers[1] == 0.0:
        return f"division by zero: {numbers[0]:g}/{numbers[1]:g}"
    if operation in ("log", "log2", "log10") and numbers[0] <= 0.0:
        return f"{operation}({shown}): a logarithm needs a positive number"
    if operation == "sqrt":
        return f"sqrt({shown}): no real number has a negative square"
    if operation == "pow" and numbers[0] < 0.0 and not numbers[1].is_integer():
        return f"({numbers[0]:g})**{numbers[1]:g} is not a real number"
    if operation == "pow" and numbers[0] == 0.0:
        return f"division by zero: 0**({numbers[1]:g})"
    return f"{operation}({shown}) {_not_finite(result)}"


def _not_finite(result: float) -> str:
    if math.isnan(result):
        return "is not a real number"
    return "is too large for a floating-point number"
