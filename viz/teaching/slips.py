"""The slips that may be behind a wrong answer: each alters the computation in one respect.

    missing path       a branch left out of the sum, or overwritten by the last one
    missing mean       a sum for a mean; mean for sum is the other way round
    factor 2           of a square, or the half of a squared error
    inner derivative   the chain rule stops at the outer function
    log base           log₁₀ or log₂ for ln, or the other way round
    kink branch        relu, abs, max and their kind on another branch
    sign, swapped operands, missing term, missing factor, power, input for output
    stale value        a number from before an update, or after it; gradients not set to zero

Every slip carries the number that it leads to, so a diagnosis is never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from autograd_core.value import Value

from .answers import Question
from .chain_rule import ChainRule
from .inner_slips import inner_slips
from .operation_slips import misread_derivatives, misread_values
from .passes import Passes
from .path_slips import path_slips
from .slip import Slip
from .stale_slips import stale_derivatives, stale_values

__all__ = ["slips"]


def slips(passes: Passes, question: Question) -> Iterator[Slip]:
    """Every slip that is known for a question, with the number it leads to.

    >>> from viz.teaching.answers import read_answer
    >>> from autograd_core.worksheet import Worksheet
    >>> passes = Passes(Worksheet.parse("w = 2; x = 3; L = (w*x - 1)**2"))
    >>> question = read_answer(passes, "dL/dw = 0").question
    >>> found = slips(passes, question)
    >>> sorted({slip.number for slip in found if slip.kind == "factor 2"})
    [15.0]
    """
    if question.updated:
        yield from _update_slips(passes, question)
    elif question.by is None:
        yield from _value_slips(passes, question.of, question.step)
    else:
        yield from _derivative_slips(passes, question.of, question.by, question.step)


def _derivative_slips(passes: Passes, of: Value, by: Value, step: int) -> Iterator[Slip]:
    here = passes[step]
    chain = ChainRule(of, by)
    yield from stale_derivatives(passes, chain, step)
    yield from path_slips(here, chain)
    yield from misread_derivatives(here, chain)
    yield from inner_slips(here, chain)
    yield Slip("sign", -chain.total, lambda: "the sign of the result is wrong", effort=1)


def _value_slips(passes: Passes, of: Value, step: int) -> Iterator[Slip]:
    yield from stale_values(passes, of, step)
    yield from misread_values(passes[step], of)
    yield Slip("sign", -of.data, lambda: "the sign of the result is wrong", effort=1)


def _update_slips(passes: Passes, question: Question) -> Iterator[Slip]:
    """A wrong update: of its own formula, or of the gradient that goes into it."""
    here, node, step = passes[question.step], question.of, question.step
    name, shown = str(node.name), here.text(node)
    gradient = here.gradients[node]
    update = passes.update_of(name)
    assert update is not None
    yield Slip("stale value", node.data, lambda: f"this is {shown} before the update")
    yield Slip(
        "sign",
        passes.updated(name, step, -gradient),
        lambda: f"the step goes uphill: the gradient is to lead {shown} the other way",
    )
    if update.rule == "sgd" and not update.options:
        yield Slip("missing factor", node.data - gradient, lambda: "the learning rate is missing")
    yield Slip(
        "missing term",
        passes.updated(name, step) - node.data,
        lambda: f"this is the step alone; {shown} is missing",
    )
    for slip in _derivative_slips(passes, here.root, node, step):
        yield Slip(
            slip.kind,
            passes.updated(name, step, slip.number),
            partial(_gradient_words, slip),
            slip.effort,
        )


def _gradient_words(slip: Slip) -> str:
    return f"the gradient is wrong: {slip.words()}"
