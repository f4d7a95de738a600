"""What a row of the table is, and how a call finds the carrier that runs it.

A row (`Op`) holds the mathematics of one operation: a forward rule on floats, the partial
derivatives, how it is written, where it is defined, where it has kinks. What a call does depends
only on what it is given, the *carrier*: floats give a float, a `Value` gives a node of the graph,
an array works elementwise, a symbol gives a formula. Each carrier registers itself here, so this
file knows none of them.
"""

from __future__ import annotations

import importlib
import inspect
import math
import sys
from collections.abc import Callable
from numbers import Real
from typing import Any

__all__ = [
    "ATOM", "POWER", "PRODUCT", "QUOTIENT", "SIGN", "SUM", "Op", "register_carrier", "run",
]  # fmt: skip

Rule = Callable[..., Any]
Interval = tuple[float, float]

REALS: Interval = (-math.inf, math.inf)
POSITIVE: Interval = (0.0, math.inf)
UNIT: Interval = (-1.0, 1.0)

# Precedences, from the loosest; an atom never needs brackets: a name, a number, f(x).
SUM, PRODUCT, QUOTIENT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5, 6


class Op:
    """One operation: a forward rule, its partial derivatives and its notation.

    y = forward(x₁, …, xₙ) and partials(x₁, …, xₙ, y) = (∂y/∂x₁, …, ∂y/∂xₙ).

    Parameters
    ----------
    name : the Python name; a dictionary key in `table.TABLE` for the built-in rows.
    forward : floats → float. Total: it returns `inf` or `nan` where others raise. Its arguments
        with defaults are the options of the operation (`elu(x, alpha=1.0)`); they are operands.
    partials : (inputs…, output) → tuple, written with `+ - *` and other rows only, never with
        Python's `if`, `/` or `**`, so that it runs on every carrier.
    spelled : the same derivatives as formulas print them, where `partials` is rearranged: to keep
        digits (tanh: 1 − y² loses them near y = 1), against overflow, or to reuse the output.
    definition : the row in elementary functions, as a Python expression of its operands'
        names (`xs` for any number of them), with mpmath's names. Tests evaluate it at 60 digits.
    symbol, latex : how the function is called in text and in LaTeX. infix : the sign between two
        operands. precedence : how tightly it binds, from SUM to ATOM.
    domain : an open interval for each operand, or one for all of them, where tests draw points;
        nothing is refused outside.
    kinks : floats → the quantities that are zero exactly where a derivative jumps.

    >>> square = Op("square", lambda x: x * x, lambda x, y: (2.0 * x,), definition="x**2")
    >>> square(3.0)
    9.0
    """

    __slots__ = (
        "defaults", "definition", "domain", "forward", "infix", "kinks", "latex", "module", "name",
        "operand_names", "partials", "precedence", "spelled", "symbol",
    )  # fmt: skip

    variadic = False

    def __init__(
        self,
        name: str,
        forward: Callable[..., float],
        partials: Rule,
        *,
        spelled: Rule | None = None,
        definition: str | None = None,
        symbol: str | None = None,
        latex: str | None = None,
        infix: str | None = None,
        precedence: int = ATOM,
        domain: Interval | tuple[Interval, ...] = REALS,
        kinks: Callable[..., tuple[float, ...]] | None = None,
    ) -> None:
        self.name = name
        self.module: str = _defining_module()
        self.forward = forward
        self.partials = partials
        self.spelled = spelled or partials
        self.definition = definition
        self.symbol = symbol or name
        self.latex = latex or rf"\operatorname{{{name}}}"
        self.infix = infix
        self.precedence = precedence
        self.domain = domain
        self.kinks = kinks
        if self.variadic:
            self.operand_names: tuple[str, ...] = ()
            self.defaults: dict[str, float] = {}
        else:  # from partials, as forward may be a builtin, without names: all but the output
            self.operand_names = _parameters(partials)[:-1]
            values = getattr(forward, "__defaults__", None) or ()
            names = self.operand_names[len(self.operand_names) - len(values) :]
            self.defaults = dict(zip(names, values, strict=True))

    def __call__(self, *operands: Any, **options: Any) -> Any:
        """Apply the row; the highest carrier among the operands decides what comes out."""
        missing = len(self.operand_names) - len(operands)
        if not options and 0 < missing <= len(self.defaults):  # options left out; they stand last
            operands += tuple(self.defaults.values())[-missing:]
        elif options or missing:  # by keyword, too many or too few
            operands = self.bind(operands, options)
        for operand in operands:  # the loop of `run`, written here too: it saves a call
            if type(operand) is not float:
                return run(self, operands)
        return self.forward(*operands)

    def bind(self, operands: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        """Fill in the options' defaults, as Python does for a function's arguments."""
        names = self.operand_names
        given = dict(zip(names, operands, strict=False))
        wrong = [name for name in options if name not in names or name in given]
        filled = {**self.defaults, **given, **options}
        if wrong or len(operands) > len(names) or len(filled) < len(names):
            signature = ", ".join(
                f"{name}={self.defaults[name]:g}" if name in self.defaults else name
                for name in names
            )
            count = len(operands) + len(options)
            problem = f"has no free option {wrong[0]!r}" if wrong else f"got {count} operands"
            raise TypeError(f"{self.name}({signature}) {problem}")
        return tuple(filled[name] for name in names)

    def __repr__(self) -> str:
        return f"<Op {self.name}>"

    def __copy__(self) -> Op:
        return self

    def __deepcopy__(self, memo: object) -> Op:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """By name, like a function: the built-in row, or the variable of the user's module."""
        import pickle  # whoever is here has it loaded

        module = self.module
        if getattr(sys.modules.get(module), self.name, None) is not self:
            raise pickle.PicklingError(
                f"the operation {self.name} is saved by name, so it must be the variable "
                f"{self.name} of its module {module}"
            )
        return _find_op, (module, self.name)


class Detach(Op):
    """`detach(x)`: the number without its history; of a node, a new leaf."""

    __slots__ = ()

    def __call__(self, x: Any) -> Any:
        return x.detach() if hasattr(x, "detach") else super().__call__(x)


def _parameters(rule: Rule) -> tuple[str, ...]:
    code = getattr(rule, "__code__", None)
    if code is not None:  # of a function; `inspect` would tell the same, slowly
        return tuple(code.co_varnames[: code.co_argcount])
    return tuple(inspect.signature(rule).parameters)


def _defining_module() -> str:
    """The module whose code calls `Op(…)`: where pickle will look for the operation."""
    return str(sys._getframe(2).f_globals.get("__name__", ""))


# --- carriers ---------------------------------------------------------------------------------

Apply = Callable[[Op, tuple[Any, ...]], Any]
_carriers: dict[type, tuple[int, Apply]] = {}
_lazy = {"numpy": "autograd_core.arrays"}  # a carrier's module, imported when it is first met


def register_carrier(kind: type, rank: int, apply: Apply) -> None:
    """Let `apply(op, operands)` run every row that has an operand of type `kind`.

    Among operands of several kinds the highest rank decides: numbers 0, nodes and symbols 1,
    arrays 2. What is no registered kind but a real number (a Fraction) counts as a float.
    """
    _carriers[kind] = (rank, apply)


def run(op: Op, operands: tuple[Any, ...]) -> Any:
    """Run a row on its operands, in order and complete; the highest carrier decides.

    Raises TypeError for what is no number, node, symbol or array.

    >>> from fractions import Fraction
    >>> from autograd_core import max
    >>> run(max, (1.0, 3.0, Fraction(7, 2)))
    3.5
    """
    for operand in operands:
        if type(operand) is not float:
            break
    else:
        return op.forward(*operands)
    rank, apply = _carriers[float]
    for operand in operands:
        kind = type(operand)
        found = _carriers.get(kind) or _find_carrier(op, operand, kind)
        if found[0] > rank:
            rank, apply = found
    return apply(op, operands)


def _find_carrier(op: Op, operand: object, kind: type) -> tuple[int, Apply]:
    for base in kind.__mro__:
        module = base.__module__.partition(".")[0]
        if base not in _carriers and module in _lazy:
            importlib.import_module(_lazy[module])
        if base in _carriers:
            return _carriers[base]
    if isinstance(operand, Real):
        return _carriers[float]
    raise TypeError(
        f"{op.name} takes numbers, Values or arrays, not {kind.__name__}"
        + (": make it an array with numpy.array(…)" if kind in (list, tuple) else "")
    )


def _on_numbers(op: Op, operands: tuple[Any, ...]) -> float:
    return op.forward(*map(float, operands))


register_carrier(float, 0, _on_numbers)
register_carrier(int, 0, _on_numbers)


def _find_op(module: str, name: str) -> Op:
    """The operation of that name (how a saved graph finds its operations again)."""
    op = getattr(importlib.import_module(module), name)
    if not isinstance(op, Op):
        raise TypeError(f"{module}.{name} is no operation")
    return op
