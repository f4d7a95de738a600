"""A row in one line, and the reasons for a derivative."""

from __future__ import annotations

import pytest

from autograd_core import TABLE, Value
from autograd_core.expression import Number, Quantity, Reason, application
from viz.document import Chain, Part, Row
from viz.notation import Text, Writer
from viz.printers.phrases import Phrases, because

X = Quantity(2.0, of=Value(2.0, "x"))
PHRASES = Phrases(Writer(Text(), lambda node: str(node.name)))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason("positive", X), "x > 0"),
        (Reason("negative", X), "x < 0"),
        (Reason("zero", X), "x = 0"),
        (Reason("largest", X, rivals=1), "x is the larger"),
        (Reason("largest", X, rivals=2), "x is the largest"),
        (Reason("smallest", X, rivals=1), "x is the smaller"),
        (Reason("smallest", X, rivals=3), "x is the smallest"),
        (Reason("first", X, rivals=3), "x is the first of the largest"),
        (Reason("above", X, than=(Number(1.0),)), "x > 1"),
        (Reason("below", X, than=(Number(3.0),)), "x < 3"),
        (Reason("within", X, than=(Number(1.0), Number(3.0))), "1 ≤ x ≤ 3"),
        (Reason("flat", application(TABLE["floor"], X)), "floor is flat between its jumps"),
        (Reason("largest", X, rivals=2, ties=3), "3 operands tie and share the gradient"),
    ],
)
def test_reasons(reason: Reason, said: str) -> None:
    assert PHRASES.words(because(reason)) == said


def test_of_several_reasons_each_names_its_rival() -> None:
    reason = Reason("smallest", X, rivals=1, than=(Number(5.0),))
    assert PHRASES.words(because(reason, alone=False)) == "x is smaller than 5"
    chain = Chain(X, (Part("=", X, True, 4),), (reason, Reason("positive", X)))
    assert PHRASES.aside(chain) == "x = 2, since x is smaller than 5 and x > 0"


def test_a_row_in_one_line() -> None:
    equal = (Part("=", X, False, 4), Part("=", X, True, 4))
    chain = Chain(X, equal)
    why = Chain(X, equal[1:], (Reason("positive", X), Reason("largest", X, rivals=1)))
    assert PHRASES.line(Row(3, chain=chain)) == "3 x = x = 2"
    assert PHRASES.line(Row(label=("sum",), chain=Chain(None, (Part("", X, True, 4),)))) == "sum 2"
    assert PHRASES.line(Row(label=("through ", X), chain=chain, aside=why, words=("so",))) == (
        "through x x = x = 2; x = 2, since x > 0 and x is the larger; so"
    )
    assert PHRASES.line(Row(words=(Number(0.5), " is half"))) == "0.5 is half"
