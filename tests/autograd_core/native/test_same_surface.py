"""What the two classes show of themselves: names, docstrings, signatures, help, refusals.

docs/engines.md lists in what they differ.
"""

from __future__ import annotations

import inspect
import pickle
import pydoc
import weakref
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Op, reference, value
from autograd_core.label import Label
from tests.support.native_engine import needs_native

pytestmark = needs_native

Native, Reference = value.Value, reference.Value
PUBLIC = [name for name in dir(Reference) if not name.startswith("_")]


def test_they_have_the_same_public_names() -> None:
    assert [name for name in dir(Native) if not name.startswith("_")] == PUBLIC
    special = {name for name in {*dir(Native)} ^ {*dir(Reference)} if name.startswith("__")}
    assert special == set()


def test_they_have_the_same_name_module_and_text() -> None:
    for attribute in ("__name__", "__qualname__", "__module__", "__doc__"):
        assert getattr(Native, attribute) == getattr(Reference, attribute), attribute
    assert repr(Native) == repr(Reference)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_name_says_the_same_of_itself(name: str) -> None:
    """The first line: where C has a docstring it has no example (base.py has them)."""
    ours, theirs = getattr(Native, name), getattr(Reference, name)
    assert callable(ours) == callable(theirs)
    if callable(ours):
        signatures = [inspect.signature(f).parameters for f in (ours, theirs)]
        assert [*signatures[0]] == [*signatures[1]]
    if not inspect.ismemberdescriptor(theirs):  # a slot of the reference: it has no docstring
        texts = [inspect.getdoc(attribute) or "" for attribute in (ours, theirs)]
        assert texts[0].partition("\n")[0] == texts[1].partition("\n")[0] != ""


def test_help_shows_every_public_name() -> None:
    for kind in (Native, Reference):
        text = pydoc.plain(pydoc.render_doc(kind))
        assert all(name in text for name in PUBLIC)
        assert "class Value(autograd_core.base.BaseValue)" in text
        assert "Value(data" in text


def outcome(action: Callable[[Any], Any], kind: type) -> str:
    try:
        return repr(action(kind))
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def no_float(kind: type) -> Any:
    return Op("wrong", lambda x: "1.5", lambda x, y: (1.0,))(kind(1.0))


def wrong_count(kind: type) -> Any:
    return Op("wrong", lambda x: x, lambda x, y: (1.0, 2.0))(kind(1.0))


def no_slope(kind: type) -> Any:
    return Op("wrong", lambda x: x, lambda x, y: (None,))(kind(1.0))


def kept_from_before(kind: type) -> Any:
    leaf = kind(1.0)
    with pytest.raises(TypeError):
        leaf.data = "2"
    return leaf.data, leaf.label


SAME: dict[str, Callable[[Any], Any]] = {
    "a string": lambda V: V("1"),
    "an array": lambda V: V(np.ones(1)),
    "a decimal": lambda V: V(Decimal(1)),
    "too large": lambda V: V(10**400),
    "a name that is none": lambda V: V(1.0, ("x",)),
    "an empty name": lambda V: V(1.0, ""),
    "plus a string": lambda V: V(1.0) + "s",
    "a string plus": lambda V: "s" + V(1.0),
    "plus None": lambda V: V(1.0) + None,
    "plus a complex number": lambda V: V(1.0) + 1j,
    "plus a decimal": lambda V: V(1.0) + Decimal(1),
    "plus too much": lambda V: V(1.0) + 10**400,
    "too much plus": lambda V: 10**400 + V(1.0),
    "floor division": lambda V: V(1.0) // 2,
    "matrix product": lambda V: V(1.0) @ V(2.0),
    "shift": lambda V: V(1.0) << 1,
    "an index": lambda V: V(1.0)[0],
    "a call": lambda V: V(1.0)(),
    "length": lambda V: len(V(1.0)),
    "an iteration": lambda V: [*V(1.0)],
    "an unknown attribute": lambda V: V(1.0).weight,
    "a new attribute": lambda V: setattr(V(1.0), "weight", 1),
    "a weak reference": lambda V: weakref.ref(V(1.0)),
    "less than a string": lambda V: V(1.0) < "a",
    "equal to a number": lambda V: V(1.0) == 1,
    "unequal to a number": lambda V: V(1.0) != np.float32(1),
    "equal to a string": lambda V: V(1.0) == "1",
    "an array on the right": lambda V: [type(v).__name__ for v in V(1.0) * np.ones(2)],
    "an array to compare with": lambda V: V(1.0) < np.ones(2),
    "data of a result": lambda V: setattr(V(1.0) * 2.0, "data", 1.0),
    "data of a named result": lambda V: setattr((V(1.0) * 2.0).named("y"), "data", 1.0),
    "data that is no number": kept_from_before,
    "a method with too many operands": lambda V: V(1.0).elu(1.0, 2.0),
    "a method with an option": lambda V: V(-1.0).elu(alpha=3),
    "a row with an unknown option": lambda V: ac.elu(V(1.0), beta=1.0),
    "a row with too many operands": lambda V: ac.tanh(V(1.0), 2.0),
    "a row without operands": lambda V: ac.tanh(),
    "a row on a string": lambda V: ac.add(V(1.0), "s"),
    "max of nothing": lambda V: ac.max([]),
    "max of a string": lambda V: ac.max([V(1.0), "s"]),
    "dot of two lengths": lambda V: ac.dot([V(1.0)], [1.0, 2.0]),
    "dot of matrices": lambda V: ac.dot([[V(1.0)]], [[1.0]]),
    "dot of nothing": lambda V: ac.dot([], [], V(1.0)),
    "a rule that returns a string": no_float,
    "a rule with too many partials": wrong_count,
    "a rule with a partial that is none": no_slope,
    "the class of an instance": lambda V: setattr(V(1.0), "__class__", int),
}


@pytest.mark.parametrize("name", SAME)
def test_they_answer_and_refuse_in_the_same_words(name: str) -> None:
    answers = {outcome(SAME[name], kind) for kind in (Native, Reference)}
    assert len(answers) == 1, answers


# --- the differences, as docs/engines.md lists them ---------------------------------------------


def test_a_constant_comes_back_as_an_equal_float() -> None:
    constant = 0.1 + 0.2
    for kind in (Native, Reference):
        assert (kind(1.0) * constant).operands[1] == constant


def test_grad_keeps_a_float_and_refuses_what_is_no_number() -> None:
    v = Native(1.0)
    v.grad = np.float32(0.5)
    assert (type(v.grad), v.grad) == (float, 0.5)
    with pytest.raises(TypeError, match="one real number, not str"):
        v.grad = "1"


def test_what_made_a_node_cannot_be_assigned_or_deleted() -> None:
    y = Native(1.0) * 2.0
    for name, something in [("op", None), ("operands", ()), ("partials", ())]:
        with pytest.raises(AttributeError):
            setattr(y, name, something)
        with pytest.raises(AttributeError):
            delattr(y, name)
    for name in ("data", "grad", "label"):
        with pytest.raises(AttributeError):
            delattr(y, name)


def test_a_label_is_a_label() -> None:
    v = Native(1.0)
    v.label = Label("x")
    assert v.name == "x"
    with pytest.raises(TypeError, match="a Label or None"):
        v.label = "x"  # type: ignore[assignment]


def test_wrong_calls_are_refused_in_the_words_of_python() -> None:
    for call in (lambda V: V(), lambda V: V(1.0).tanh(2.0), lambda V: pow(V(1.0), 2, 3)):
        for kind in (Native, Reference):
            assert outcome(call, kind).startswith("TypeError: ")


def test_an_instance_without_init_is_a_zero() -> None:
    v = Native.__new__(Native)
    assert (v.data, v.grad, v.op, v.operands, v.label) == (0.0, 0.0, None, (), None)
    with pytest.raises(TypeError, match="not safe"):
        object.__new__(Native)


def test_the_partial_in_a_constant_is_that_of_the_leaves_as_they_are() -> None:
    kept = {}
    for kind in (Native, Reference):
        w = kind(2.0)
        y = w * 3.0
        w.data = 5.0
        kept[kind] = y.partials
    assert kept == {Native: (3.0, 5.0), Reference: (3.0, 2.0)}


def test_a_state_belongs_to_a_blank_node() -> None:
    y = Native(1.0) * 2.0
    with pytest.raises(ValueError, match="another node"):
        y.__setstate__(y.__getstate__())
    assert pickle.loads(pickle.dumps(y)).data == 2.0
