"""The numbers of parameters, taken out and put back: `state_dict` and `load_state_dict`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .arguments import shape_text
from .flat import data_of, set_data, values_in

__all__ = ["IncompatibleKeys", "load_state", "numbers"]


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict(…, strict=False)` left alone: both lists are empty after a full load.

    >>> IncompatibleKeys(["bias"], []).missing_keys
    ['bias']
    """

    missing_keys: list[str]
    unexpected_keys: list[str]


def numbers(parameter: Any) -> np.ndarray:
    """The data of a Value or of an array of Values, as a float64 array of the same shape.

    >>> from autograd_core import Value
    >>> numbers(Value(2.0)).shape
    ()
    """
    return data_of(values_in(parameter)).reshape(np.shape(parameter))


def load_state(
    parameters: Mapping[str, Any], state: Mapping[str, Any], owner: str, strict: bool
) -> IncompatibleKeys:
    """Set parameters to the numbers of a state, all of them or, where something is wrong, none.

    Errors: TypeError for what is no mapping; one ValueError that lists every name and shape that
    does not fit (names only if `strict`).

    >>> from autograd_core import Value
    >>> w = Value(1.0)
    >>> load_state({"w": w}, {"w": 3}, "Net", strict=True)
    IncompatibleKeys(missing_keys=[], unexpected_keys=[])
    >>> w.data
    3.0
    """
    if not isinstance(state, Mapping):
        raise TypeError(
            f"a state is a mapping of names to arrays, such as state_dict() returns, "
            f"not {type(state).__name__}"
        )
    keys = IncompatibleKeys(
        [name for name in parameters if name not in state],
        [str(name) for name in state if name not in parameters],
    )
    wrong, arrays = [], {}
    if strict:
        wrong = [f"{name}: missing" for name in keys.missing_keys]
        wrong += [f"{name}: there is no such parameter" for name in keys.unexpected_keys]
    for name, parameter in parameters.items():
        if name in state:
            array, fault = _fitting(parameter, state[name])
            arrays[name] = array
            wrong += [f"{name}: {fault}"] if fault else []
    if wrong:
        raise ValueError(
            f"this state does not fit {owner}; nothing was loaded:\n  " + "\n  ".join(wrong)
        )
    for name, array in arrays.items():
        set_data(values_in(parameters[name]), array.ravel())
    return keys


def _fitting(parameter: Any, given: Any) -> tuple[np.ndarray, str]:
    """The given numbers as float64, and what is wrong with them (empty: nothing)."""
    nothing = np.empty(0)
    try:
        if hasattr(given, "detach") and hasattr(given, "cpu"):  # a tensor of PyTorch
            given = given.detach().cpu().numpy()
        array = np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        return nothing, f"no array of numbers ({error})"
    if array.dtype.kind not in "fiub":
        return nothing, f"no array of real numbers, but of {array.dtype}"
    expected = np.shape(parameter)
    if array.shape != expected:
        return nothing, f"expected {shape_text(expected)}; got {shape_text(array.shape)}"
    return array.astype(float), ""
