"""`Optimizer`: parameters in groups, moved by a rule of `autograd_core.update_rules`.

A step gathers the group's numbers and gradients into two flat arrays, runs the rule once on them
and puts the numbers back, so its cost is that of a few array operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd_core.update_rules import RULES
from autograd_core.value import Value, zero_grad

from ..flat import data_of, grad_of, set_data, values_in
from .options import checked_options

__all__ = ["Optimizer", "require_optimizer"]


class Optimizer:
    """The base of all optimizers; a subclass names its rule and the arguments of its own.

    params : Values, or arrays and lists of them, as `module.parameters()` gives; or dictionaries
        {"params": …, "lr": …}, groups with options of their own.
    options : the rule's hyperparameters, for the groups that do not give them.

    Attributes: `param_groups`, a list of dictionaries with "params" and each option, which may be
    changed between steps; `state`, for each group the rule's state as flat arrays in the order of
    its "params", None before the first step.

    A parameter that the loss does not depend on has the gradient 0 and takes part in the step:
    momentum and weight decay go on. (PyTorch leaves out parameters whose gradient is None.)

    Errors: TypeError for what is no Value; ValueError for a parameter that appears twice or was
    computed from others, for unknown options and for numbers out of range.
    """

    rule: ClassVar[str]
    state_names: ClassVar[tuple[str, ...]]  # what the rule may keep from step to step

    def __init__(self, params: Any, **options: Any) -> None:
        self.defaults = checked_options(type(self).__name__, options)
        self.param_groups: list[dict[str, Any]] = []
        self.state: list[dict[str, Any] | None] = []
        groups = _groups(params)
        for group in groups:
            self.add_param_group(group)
        if not any(group["params"] for group in self.param_groups):
            raise ValueError(f"{type(self).__name__} got no parameters: give module.parameters()")

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Take on more parameters: {"params": …} and the options in which they differ."""
        name = type(self).__name__
        if "params" not in group:
            raise ValueError(f'a group of {name} has its parameters under "params"')
        own = {key: value for key, value in group.items() if key != "params"}
        unknown = [key for key in own if key not in self.defaults]
        if unknown:
            known = ", ".join(self.defaults)
            raise ValueError(f"{name} has no option {unknown[0]}; it has {known}")
        values = values_in(group["params"])
        self._require_new_leaves(values)
        options = checked_options(name, {**self.defaults, **own})
        self.param_groups.append({"params": values, **options})
        self.state.append(None)

    def _require_new_leaves(self, values: list[Value]) -> None:
        known = {value for group in self.param_groups for value in group["params"]}
        for value in values:
            called = value.name or "a parameter"
            if not value.is_leaf:
                raise ValueError(
                    f"{called} was computed by {value.op.name if value.op else 'nothing'}: "
                    "an optimizer moves leaves, so give what it was computed from"
                )
            if value in known:
                raise ValueError(f"{called} appears twice: each parameter is moved once per step")
            known.add(value)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for group in self.param_groups:
            zero_grad(*group["params"])

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter by its gradient; returns what `closure` does, which runs first."""
        loss = None if closure is None else closure()
        rule = RULES[self.rule]
        for i, group in enumerate(self.param_groups):
            values = group["params"]
            options = {name: group[name] for name in self.defaults}
            with np.errstate(all="ignore"):  # a descent that runs away reaches ∞ without a warning
                numbers, self.state[i] = rule(
                    data_of(values), grad_of(values), self.state[i], **options
                )
            set_data(values, numbers)
        return loss

    # --- saving -------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Options and state as lists and numbers, which JSON takes and gives back exactly.

        {"state": [{name: [number, …]}, …], "param_groups": [{"lr": …, "params": [0, 1, …]}, …]},
        where parameters are counted through all groups.
        """
        groups, first = [], 0
        for group in self.param_groups:
            count = len(group["params"])
            options = {k: v for k, v in group.items() if k != "params"}
            plain = {k: list(v) if isinstance(v, tuple) else v for k, v in options.items()}
            groups.append({**plain, "params": list(range(first, first + count))})
            first += count
        states = [
            {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in (state or {}).items()}
            for state in self.state
        ]
        return {"state": states, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`; the groups must have the sizes that they had.

        Raises ValueError, and changes nothing, where something does not fit.
        """
        name = type(self).__name__
        saved = [state_dict.get(key) for key in ("state", "param_groups")]
        if any(not isinstance(part, list) or len(part) != len(self.state) for part in saved):
            raise ValueError(
                f"a state of {name} has the lists state and param_groups, "
                f"an entry for each of its {len(self.state)} groups"
            )
        groups = [self._loaded_group(i, group) for i, group in enumerate(saved[1] or ())]
        states = [self._loaded_state(i, state) for i, state in enumerate(saved[0] or ())]
        for group, loaded in zip(self.param_groups, groups, strict=True):
            group.update(loaded)
        self.state = states

    def _loaded_group(self, i: int, saved: Any) -> dict[str, Any]:
        """The options of group i."""
        name, count = type(self).__name__, len(self.param_groups[i]["params"])
        indices = saved.get("params") if isinstance(saved, dict) else None
        if not isinstance(indices, list) or len(indices) != count:
            raise ValueError(f"group {i} of {name} has {count} parameters, its saved state has not")
        known = {*self.defaults, "initial_lr"}  # which a schedule adds
        options = {key: value for key, value in saved.items() if key != "params"}
        wrong = (set(self.defaults) - set(options)) | (set(options) - known)
        if wrong:
            raise ValueError(
                f"group {i} of {name} has the options {', '.join(self.defaults)}; "
                f"the saved state differs in {', '.join(sorted(map(str, wrong)))}"
            )
        return checked_options(name, options)

    def _loaded_state(self, i: int, saved: Any) -> dict[str, Any] | None:
        """The state of group i, None where it had taken no step."""
        name, count = type(self).__name__, len(self.param_groups[i]["params"])
        if not isinstance(saved, dict) or not set(saved) <= set(self.state_names):
            raise ValueError(f"group {i} of {name} keeps {', '.join(self.state_names)}")
        state: dict[str, Any] = {}
        for key, kept in saved.items():
            if key == "steps":
                fits, what = type(kept) is int and kept >= 0, "a whole number"
            else:
                plain = isinstance(kept, list) and all(type(x) in (int, float) for x in kept)
                fits, what = plain and len(kept) == count, f"a list of {count} numbers"
            if not fits:
                raise ValueError(f"{key} of group {i} of {name} is {what}, in the saved state not")
            state[key] = kept if key == "steps" else np.array(kept, float)
        return state or None

    def __repr__(self) -> str:
        count = sum(len(group["params"]) for group in self.param_groups)
        options = "".join(f", {key}={value}" for key, value in self.defaults.items())
        return f"{type(self).__name__}({count} parameters{options})"


def require_optimizer(schedule: str, optimizer: Any) -> None:
    """TypeError, in the name of a schedule, for what is no optimizer.

    >>> require_optimizer("StepLR", 0.1)
    Traceback (most recent call last):
    ...
    TypeError: StepLR schedules an optimizer, not float
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{schedule} schedules an optimizer, not {type(optimizer).__name__}")


def _groups(params: Any) -> list[Mapping[str, Any]]:
    """The groups given, or one of all parameters."""
    if isinstance(params, Mapping):
        raise TypeError('a group stands in a list: [{"params": …, "lr": …}]')
    if isinstance(params, Iterable):
        params = list(params)
        groups = [item for item in params if isinstance(item, Mapping)]
        if groups and len(groups) == len(params):
            return groups
    return [{"params": params}]
