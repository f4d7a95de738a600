"""The optimizers: each a rule of `autograd_core.update_rules` with PyTorch's arguments.

The formulas are in the rules' own docstrings. Arguments behind the star that PyTorch does not have
are formulas which other sources print, off by default.
"""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "RMSprop"]


class SGD(Optimizer):
    """Gradient descent, with momentum: v ← μ·v + (1 − d)·g, w ← w − η·v.

    η = `lr`, μ = `momentum`, d = `dampening`; `nesterov` steps by g + μ·v; `weight_decay` λ adds
    λ·w to g; `maximize` climbs.

    Source: `autograd_core.update_rules.sgd`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 9)
    2.4
    """

    rule = "sgd"
    state_names = ("v",)

    def __init__(
        self,
        params: Any,
        lr: float = 0.001,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
            maximize=maximize,
        )


class Adagrad(Optimizer):
    """AdaGrad: v ← v + g², w ← w − η·g/(√v + ε), where η falls as lr/(1 + (t − 1)·lr_decay).

    v starts as `initial_accumulator_value`; `eps_inside_root` divides by √(v + ε).

    Source: `autograd_core.update_rules.adagrad`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> optimizer = Adagrad([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 9)
    2.9
    """

    rule = "adagrad"
    state_names = ("v", "steps")

    def __init__(
        self,
        params: Any,
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
        eps_inside_root: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
            maximize=maximize,
            eps_inside_root=eps_inside_root,
        )


class RMSprop(Optimizer):
    """RMSProp: v ← α·v + (1 − α)·g², w ← w − η·g/(√v + ε).

    `centered` takes the mean gradient off v; with `momentum` the steps gather.

    Source: `autograd_core.update_rules.rmsprop`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> optimizer = RMSprop([w], lr=0.1, alpha=0.75)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    2.8
    """

    rule = "rmsprop"
    state_names = ("v", "m", "b")

    def __init__(
        self,
        params: Any,
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
            maximize=maximize,
        )


class Adadelta(Optimizer):
    """AdaDelta: Δ = √(u + ε)/√(v + ε)·g with fading means v of g² and u of Δ², w ← w − η·Δ.

    `squares_only` is a misprint of lecture slides: w ← w − η·g/√√(v + ε), v the sum of g².

    Source: `autograd_core.update_rules.adadelta`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> optimizer = Adadelta([w])
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    2.996838
    """

    rule = "adadelta"
    state_names = ("v", "u", "Delta")

    def __init__(
        self,
        params: Any,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
        squares_only: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            rho=rho,
            eps=eps,
            weight_decay=weight_decay,
            maximize=maximize,
            squares_only=squares_only,
        )


class Adam(Optimizer):
    """Adam: w ← w − η·m̂/(√v̂ + ε) with fading means m of g and v of g², corrected for the start.

    `amsgrad` divides by the largest v so far. Without `bias_correction` the means are taken as
    they are; `times_gradient` multiplies the step by g, a misprint of lecture slides.

    Source: `autograd_core.update_rules.adam`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    2.9
    """

    rule = "adam"
    state_names = ("m", "v", "largest", "steps")

    def __init__(
        self,
        params: Any,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        bias_correction: bool = True,
        times_gradient: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            maximize=maximize,
            bias_correction=bias_correction,
            times_gradient=times_gradient,
        )


class AdamW(Optimizer):
    """Adam with the decay apart from the gradient: w ← w − η·λ·w, then a step of Adam.

    Source: `autograd_core.update_rules.adamw`.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> optimizer = AdamW([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    2.897
    """

    rule = "adamw"
    state_names = Adam.state_names

    def __init__(
        self,
        params: Any,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            maximize=maximize,
            bias_correction=bias_correction,
        )
