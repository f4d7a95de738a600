"""The optimizers' rules, in the table's vocabulary.

A rule maps (parameter, gradient, state) to (new parameter, new state) with arithmetic and rows
only, so one rule runs on floats, on arrays and on symbols: `nn.optim` applies it and a worked
solution prints it. The state is None before the first step, then a dictionary by the names that
the formulas below use; `steps` counts the steps taken. Arguments and formulas are PyTorch's:
`weight_decay` λ adds λ·w to the gradient g (in `adamw` it does not), `maximize` goes up, by −g.
Other formulas that are in print are options with names of their own, off by default.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .table import div, max, sqrt

__all__ = ["RULES", "adadelta", "adagrad", "adam", "adamw", "hyperparameters", "rmsprop", "sgd"]

State = dict[str, Any]


def sgd(
    parameter: Any,
    gradient: Any,
    state: State | None = None,
    *,
    lr: Any,
    momentum: Any = 0.0,
    dampening: Any = 0.0,
    weight_decay: Any = 0.0,
    nesterov: bool = False,
    maximize: bool = False,
) -> tuple[Any, State]:
    """Gradient descent with momentum: v ← μ·v + (1 − d)·g, w ← w − η·v.

    η = `lr`, μ = `momentum`, d = `dampening`; the first v is g itself. With `nesterov` the step is
    η·(g + μ·v).

    Source: A. Cauchy, C. R. Acad. Sci. Paris 25 (1847); B. Polyak (1964); I. Sutskever et al.,
    On the importance of initialization and momentum (2013).

    >>> sgd(2.0, 4.0, lr=0.1)[0]
    1.6
    """
    state = _started(state)
    gradient = _directed(gradient, parameter, weight_decay, maximize)
    step = gradient
    if _used(momentum):
        if "v" in state:
            state["v"] = momentum * state["v"] + (1.0 - dampening) * gradient
        else:
            state["v"] = gradient
        step = gradient + momentum * state["v"] if nesterov else state["v"]
    return parameter - lr * step, state


def adagrad(
    parameter: Any,
    gradient: Any,
    state: State | None = None,
    *,
    lr: Any = 0.01,
    lr_decay: Any = 0.0,
    weight_decay: Any = 0.0,
    initial_accumulator_value: Any = 0.0,
    eps: Any = 1e-10,
    maximize: bool = False,
    eps_inside_root: bool = False,
) -> tuple[Any, State]:
    """AdaGrad: v ← v + g², w ← w − η·g/(√v + ε), with η = lr/(1 + (t − 1)·lr_decay) at step t.

    With `eps_inside_root` the divisor is √(v + ε).

    Source: J. Duchi, E. Hazan, Y. Singer, JMLR 12 (2011), 2121–2159; S. Ruder, arXiv:1609.04747,
    section 4.3, for ε inside the root.

    >>> round(adagrad(1.0, 4.0, lr=0.1)[0], 9)
    0.9
    """
    state = _started(state, v=initial_accumulator_value, steps=0)
    gradient = _directed(gradient, parameter, weight_decay, maximize)
    rate = lr
    if _used(lr_decay):
        rate = div(lr, 1.0 + float(state["steps"]) * lr_decay)
    state["steps"] += 1
    state["v"] = state["v"] + gradient * gradient
    root = sqrt(state["v"] + eps) if eps_inside_root else sqrt(state["v"]) + eps
    return parameter - div(rate * gradient, root), state


def rmsprop(
    parameter: Any,
    gradient: Any,
    state: State | None = None,
    *,
    lr: Any = 0.01,
    alpha: Any = 0.99,
    eps: Any = 1e-8,
    weight_decay: Any = 0.0,
    momentum: Any = 0.0,
    centered: bool = False,
    maximize: bool = False,
) -> tuple[Any, State]:
    """RMSProp: v ← α·v + (1 − α)·g², w ← w − η·g/(√v + ε).

    With `centered` the mean gradient m ← α·m + (1 − α)·g is taken off: √(v − m²). With
    `momentum` μ the steps gather: b ← μ·b + g/(√v + ε), w ← w − η·b.

    Source: T. Tieleman, G. Hinton, Lecture 6.5 (2012); A. Graves, arXiv:1308.0850 (centred).

    >>> round(rmsprop(1.0, 4.0, lr=0.1, alpha=0.75)[0], 6)
    0.8
    """
    state = _started(state, v=0.0)
    gradient = _directed(gradient, parameter, weight_decay, maximize)
    state["v"] = alpha * state["v"] + (1.0 - alpha) * (gradient * gradient)
    spread = state["v"]
    if centered:
        state["m"] = alpha * state.get("m", 0.0) + (1.0 - alpha) * gradient
        spread = spread - state["m"] * state["m"]
    step = div(gradient, sqrt(spread) + eps)
    if _used(momentum):
        state["b"] = momentum * state.get("b", 0.0) + step
        step = state["b"]
    return parameter - lr * step, state


def adadelta(
    parameter: Any,
    gradient: Any,
    state: State | None = None,
    *,
    lr: Any = 1.0,
    rho: Any = 0.9,
    eps: Any = 1e-6,
    weight_decay: Any = 0.0,
    maximize: bool = False,
    squares_only: bool = False,
) -> tuple[Any, State]:
    """AdaDelta: v ← ρ·v + (1 − ρ)·g², Δ = √(u + ε)/√(v + ε)·g, u ← ρ·u + (1 − ρ)·Δ², w ← w − η·Δ.

    `squares_only` is the rule that lecture slides misprint under this name, an AdaGrad with a root
    too many: v ← v + g², w ← w − η·(√(v + ε))^(−1/2)·g.

    Source: M. Zeiler, arXiv:1212.5701, algorithm 1.

    >>> w, state = adadelta(1.0, 4.0)
    >>> sorted(state)
    ['Delta', 'u', 'v']
    """
    gradient = _directed(gradient, parameter, weight_decay, maximize)
    if squares_only:
        state = _started(state, v=0.0)
        state["v"] = state["v"] + gradient * gradient
        return parameter - div(lr * gradient, sqrt(sqrt(state["v"] + eps))), state
    state = _started(state, v=0.0, u=0.0)
    state["v"] = rho * state["v"] + (1.0 - rho) * (gradient * gradient)
    state["Delta"] = div(sqrt(state["u"] + eps), sqrt(state["v"] + eps)) * gradient
    state["u"] = rho * state["u"] + (1.0 - rho) * (state["Delta"] * state["Delta"])
    return parameter - lr * state["Delta"], state


def adam(
    parameter: Any,
    gradient: Any,
    state: State | None = None,
    *,
    lr: Any = 0.001,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: Any = 1e-8,
    weight_decay: Any = 0.0,
    amsgrad: bool = False,
    maximize: bool = False,
    bias_correction: bool = True,
    times_gradient: bool = False,
) -> tuple[Any, State]:
    """Adam: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², w ← w − η·m̂/(√v̂ + ε).

    m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) at step t. With `amsgrad` v̂ uses the largest v so far.
    Without `bias_correction` m̂ is m and v̂ is v. `times_gradient` multiplies the step by g once
    more, a misprint of lecture slides (which leave out the correction too).

    Source: D. Kingma, J. Ba, arXiv:1412.6980, algorithm 1, and section 6.4 for the rule without
    correction; S. Reddi, S. Kale, S. Kumar (2018) for amsgrad.

    >>> round(adam(1.0, 4.0, lr=0.1)[0], 9)
    0.9
    """
    state = _started(state, m=0.0, v=0.0, steps=0)
    gradient = _directed(gradient, parameter, weight_decay, maximize)
    first, second = betas
    state["steps"] += 1
    state["m"] = first * state["m"] + (1.0 - first) * gradient
    state["v"] = second * state["v"] + (1.0 - second) * (gradient * gradient)
    spread = state["v"]
    if amsgrad:
        state["largest"] = max(state.get("largest", 0.0), spread)
        spread = state["largest"]
    mean = state["m"]
    if bias_correction:
        mean = div(mean, 1.0 - first ** state["steps"])
        spread = div(spread, 1.0 - second ** state["steps"])
    step = div(lr * mean, sqrt(spread) + eps)
    return parameter - (step * gradient if times_gradient else step), state


def adamw(
    parameter: Any,
    gradient: Any,
    state: State | None = None,
    *,
    lr: Any = 0.001,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: Any = 1e-8,
    weight_decay: Any = 0.01,
    amsgrad: bool = False,
    maximize: bool = False,
    bias_correction: bool = True,
) -> tuple[Any, State]:
    """Adam with the decay apart from the gradient: w ← w − η·λ·w, then a step of `adam`.

    Source: I. Loshchilov, F. Hutter, arXiv:1711.05101, algorithm 2.

    >>> round(adamw(1.0, 4.0, lr=0.1)[0], 9)
    0.899
    """
    shrunk = parameter - lr * weight_decay * parameter
    options = {"amsgrad": amsgrad, "maximize": maximize, "bias_correction": bias_correction}
    return adam(shrunk, gradient, state, lr=lr, betas=betas, eps=eps, **options)


def _started(state: State | None, **initial: Any) -> State:
    """A copy of the state; before the first step with its initial values."""
    state = {} if state is None else state.copy()
    for name, value in initial.items():
        state.setdefault(name, value)
    return state


def _directed(gradient: Any, parameter: Any, weight_decay: Any, maximize: bool) -> Any:
    """The gradient of what is to become small: turned round to maximize, with the decay added."""
    gradient = -gradient if maximize else gradient
    return gradient + weight_decay * parameter if _used(weight_decay) else gradient


def _used(hyperparameter: Any) -> bool:
    """False for a hyperparameter left at 0: its term is not written at all."""
    return not (isinstance(hyperparameter, (int, float)) and hyperparameter == 0)


RULES: dict[str, Callable[..., tuple[Any, State]]] = {
    "sgd": sgd, "adagrad": adagrad, "rmsprop": rmsprop,
    "adadelta": adadelta, "adam": adam, "adamw": adamw,
}  # fmt: skip


def hyperparameters(rule: str) -> dict[str, Any]:
    """The arguments of a rule by name, with their defaults (None for one that must be given).

    >>> options = hyperparameters("adadelta")
    >>> options["rho"], options["maximize"]
    (0.9, False)
    """
    parameters = inspect.signature(RULES[rule]).parameters.values()
    return {
        p.name: None if p.default is p.empty else p.default
        for p in parameters
        if p.kind is p.KEYWORD_ONLY
    }
