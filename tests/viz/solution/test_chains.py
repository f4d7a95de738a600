"""Chains of numbers and of arrays: what is printed must come out as printed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.expression import Application, Expression, Number, Quantity, Symbol
from autograd_core.lifting import apply
from autograd_core.table import TABLE
from tests.support.array_formulas import read_formula
from viz.document import Chain
from viz.notation import Text, Writer
from viz.solution.chains import Chains

WRITER = Writer(Text(), str)


def printed(chain: Chain) -> str:
    parts = (
        f"{p.relation} {WRITER.write(p.formula, p.digits, p.numbers)}".strip() for p in chain.parts
    )
    return " ".join(parts)


def chain_of(formula: Expression, value: object, digits: int = 4) -> str:
    subject = Symbol(0.0, name="y")
    return printed(Chains(str, digits).chain(subject, formula, value))  # type: ignore[arg-type]


def named(name: str, value: object) -> Symbol:
    return Symbol(value, name=name)


X, Y = np.array([0.123456, -2.0]), np.array([3.14159265, 0.5])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (apply(TABLE["mul"], named("x", X), named("z", Y)),
         "= x ⊙ z = [0.123456, −2] ⊙ [3.14159, 0.5] = [0.3878, −1]"),
        (apply(TABLE["mul"], named("w", 2.0), named("x", X)),
         "= w·x = 2·[0.12346, −2] = [0.2469, −4]"),
        (apply(TABLE["sum"], named("x", X)), "= sum(x) = sum([0.1235, −2]) = −1.877"),
        (apply(TABLE["neg"], named("x", X)), "= −x = −[0.1235, −2] = [−0.1235, 2]"),
        (named("x", X), "= x = [0.1235, −2]"),
        (Quantity(X), "= [0.1235, −2]"),
        (Quantity(2.0), "= 2"),
        (TABLE["identity"](named("x", 2.0)), "= x = 2"),
        (TABLE["neg"](named("x", 2.0)), "= −x = −2"),
    ],
)  # fmt: skip
def test_chains(formula: Expression, expected: str) -> None:
    assert chain_of(formula, formula.value) == expected


def test_subjects_and_links() -> None:
    chains = Chains(str)
    x = named("x", 2.0)
    doubled = Application(4.0, op=TABLE["mul"], operands=(Number(2.0), x))
    assert printed(chains.chain(None, doubled, 4.0)) == "2·x = 2·2 = 4"
    assert printed(chains.chain(x, doubled, 4.0, link="←")) == "← 2·x = 2·2 = 4"


def test_what_does_not_come_out_is_approximate() -> None:
    """1 − tanh(40)² from 15 digits is 0."""
    one = Application(7.2e-35, op=TABLE["sub"], operands=(Number(1.0), named("t", 1.0)))
    assert chain_of(one, 7.2e-35) == "= 1 − t = 1 − 1 ≈ 7.2·10⁻³⁵"


entries = st.lists(st.integers(-9999, 9999).map(lambda i: i / 1237), min_size=1, max_size=4)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(entries, st.data(), st.sampled_from(["add", "sub", "mul", "div"]), st.integers(2, 6))
def test_every_part_comes_out_as_the_value_printed(
    left: list[float], data: st.DataObject, name: str, digits: int
) -> None:
    """Read again by another reader; an entry may differ by half a unit of its last place."""
    right = data.draw(st.lists(st.integers(1, 999).map(lambda i: i / 77), min_size=len(left),
                               max_size=len(left)))  # fmt: skip
    formula = apply(TABLE[name], named("a", np.array(left)), named("b", np.array(right)))
    text = chain_of(formula, formula.value, digits)
    assert "≈" not in text
    *_, numbers, result = text.split(" = ")
    if "·10" in result:
        return
    shown = [Decimal(n.replace("−", "-")) for n in result.strip("[]").split(", ")]
    for found, entry in zip(read_formula(numbers, {}), shown, strict=True):
        exponent = entry.as_tuple().exponent
        assert isinstance(exponent, int)
        assert abs(Decimal(float(found)) - entry) <= Decimal(50001).scaleb(exponent - 5)
