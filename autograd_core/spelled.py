"""The local derivatives of a row as a textbook prints them, with the reasons for their branches.

Most rows' own rules do, run on expressions (`expression`). Those that choose among their operands
are spelled out here: what is taken, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .expression import Application, Expression, Number, Reason, as_expression
from .op import Op, Rule
from .table import TABLE, div

__all__ = ["local_derivatives"]


def local_derivatives(
    op: Op, operands: tuple[Expression, ...], output: Expression
) -> tuple[Expression, ...]:
    """∂output/∂operand for each operand, as a textbook prints it.

    >>> from .expression import Symbol
    >>> a, b = Symbol(2.0, name="a"), Symbol(3.0, name="b")
    >>> first, second = local_derivatives(TABLE["max"], (a, b), Symbol(3.0, name="m"))
    >>> first.value, second.value, second.reasons[0].kind
    (0.0, 1.0, 'largest')
    """
    rule: Rule = _SPELLED.get(op, op.spelled)
    return tuple(as_expression(d) for d in rule(*operands, output))


def _chosen(xs: Sequence[Expression], kind: str) -> tuple[list[Expression], Reason | None]:
    """The operands that equal the output, and the reason; none where it is no number."""
    *operands, output = xs
    chosen = [x for x in operands if x.value == output.value]
    if not chosen:
        return chosen, None
    than = tuple(x for x in operands if x is not chosen[0]) if len(operands) == 2 else ()
    return chosen, Reason(kind, chosen[0], len(operands) - 1, len(chosen), than)


def _shared(kind: str) -> Rule:
    """A maximum or minimum: 1 for the operand it takes, shared where several tie."""

    def slopes(*xs: Expression) -> Iterator[Expression]:
        chosen, reason = _chosen(xs, kind)
        for x in xs[:-1]:
            share = 1.0 / len(chosen) if x.value == xs[-1].value else 0.0
            yield Number(share, reasons=(reason,) if reason else ())

    return slopes


def _first(*xs: Expression) -> Iterator[Expression]:
    """The maximum of pooling: 1 for the first of the largest operands."""
    _, reason = _chosen(xs, "largest")
    if reason and reason.ties > 1:
        reason = Reason("first", reason.subject, reason.rivals)
    taken = False
    for x in xs[:-1]:
        here = not taken and x.value == xs[-1].value
        taken = taken or here
        yield Number(float(here), reasons=(reason,) if reason else ())


def _clip(x: Expression, low: Expression, high: Expression, y: Expression) -> list[Expression]:
    """One of three: the number where it is within its bounds, else the bound it meets."""
    if low.value >= high.value or x.value > high.value:
        taken, reason = 2, Reason("above", x, than=(high,))
    elif x.value < low.value:
        taken, reason = 1, Reason("below", x, than=(low,))
    else:
        taken, reason = 0, Reason("within", x, than=(low, high))
    return [Number(float(i == taken), reasons=(reason,)) for i in range(3)]


def _steps(op: Op) -> Rule:
    """A function that jumps from one constant to another."""

    def slopes(*xs: Expression) -> tuple[Expression, ...]:
        flat = Reason("flat", Application(xs[-1].value, op=op, operands=xs[:-1]))
        return tuple(
            Number(float(d.value), reasons=(flat,)) if i == 0 else d
            for i, d in enumerate(map(as_expression, op.spelled(*xs)))
        )

    return slopes


def _shares(*xs: Expression) -> tuple[Expression, ...]:
    """The slopes of a mean: 1/n, written as a fraction."""
    count = len(xs) - 1
    return (as_expression(div(Number(1.0), Number(float(count)))),) * count


_SPELLED: dict[Op, Rule] = {
    TABLE["mean"]: _shares,
    TABLE["max"]: _shared("largest"),
    TABLE["min"]: _shared("smallest"),
    TABLE["first_max"]: _first,
    TABLE["clip"]: _clip,
    **{TABLE[name]: _steps(TABLE[name]) for name in ("step", "sign", "floor")},
}
