"""An update asked for in a worksheet: which rule, how fast, how often, with which options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .update_rules import RULES, hyperparameters
from .vocabulary import unknown

__all__ = ["Update", "read_update"]

MOST_STEPS = 1_000

# Rules that go by a name of their own, with what they add to another.
_NAMED_RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "momentum": ("sgd", {"momentum": 0.9}),
    "nesterov": ("sgd", {"momentum": 0.9, "nesterov": True}),
    "amsgrad": ("adam", {"amsgrad": True}),
}


@dataclass(frozen=True, slots=True)
class Update:
    """`update(L, w, …, lr=0.1, steps=1, rule="sgd", print_every=1, …)`.

    `parameters` are the names of single quantities, an array's entries one by one. `options` are
    the rule's further arguments; steps that are no multiple of `print_every` are not written out.
    """

    parameters: tuple[str, ...]
    lr: float
    steps: int = 1
    rule: str = "sgd"
    print_every: int = 1
    options: dict[str, Any] = field(default_factory=dict)


def read_update(parameters: tuple[str, ...], given: Mapping[str, Any]) -> Update:
    """The update with these options; raises ValueError with the mistake and the repair.

    >>> read_update(("w",), {"lr": 0.1, "rule": "momentum", "steps": 2.0}).options
    {'momentum': 0.9}
    """
    options = dict(given)
    rule = options.pop("rule", "sgd")
    if not isinstance(rule, str):
        raise ValueError('a rule is a word in quotation marks, as in rule="adam"')
    if rule not in RULES and rule not in _NAMED_RULES:
        known = (*RULES, *_NAMED_RULES)
        raise ValueError(unknown(f"there is no rule {rule!r}", rule, known))
    rule, added = _NAMED_RULES.get(rule, (rule, {}))
    steps = _count("steps", options.pop("steps", 1.0))
    print_every = _count("print_every", options.pop("print_every", 1.0))
    defaults = hyperparameters(rule)
    for name, value in options.items():
        if name not in defaults:
            known = (*defaults, "steps", "rule", "print_every")
            raise ValueError(unknown(f"update has no option {name}", name, known))
        options[name] = _like(defaults[name], name, value)
    if "lr" not in options:
        raise ValueError("update needs a learning rate, as in lr=0.1")
    rate = options.pop("lr")
    options = {**added, **options}
    if options.get("nesterov") and not options.get("momentum"):
        raise ValueError("nesterov looks ahead by the momentum: give one, as in momentum=0.9")
    if any(not 0.0 <= beta < 1.0 for beta in options.get("betas", ())):
        raise ValueError("betas are shares from 0 to below 1, as in betas=[0.9, 0.999]")
    return Update(parameters, rate, steps, rule, print_every, options)


def _count(name: str, number: Any) -> int:
    if not isinstance(number, float) or not number.is_integer() or not 1 <= number <= MOST_STEPS:
        raise ValueError(f"{name} is a whole number from 1 to {MOST_STEPS}")
    return int(number)


def _like(default: Any, name: str, value: Any) -> Any:
    """The value in the kind of the default: yes or no, a pair of numbers, or a number."""
    if isinstance(default, bool):
        if not isinstance(value, float) or value not in (0.0, 1.0):
            raise ValueError(f"{name} is True or False")
        return bool(value)
    if isinstance(default, tuple):
        numbers = value.tolist() if hasattr(value, "tolist") else [value]
        if len(numbers) != len(default) or not all(isinstance(n, float) for n in numbers):
            raise ValueError(f"{name} is a list of {len(default)} numbers, as in {list(default)}")
        return tuple(numbers)
    if not isinstance(value, float):
        raise ValueError(f"{name} is a number")
    return value
