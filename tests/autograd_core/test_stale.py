"""`StaleGraph`: found from values and partials, the changed leaf named, the repair said."""

from __future__ import annotations

import math

import pytest

import autograd_core as ac
from autograd_core import AutogradError, StaleGraph, Value, check_leaves, topological_order, trace
from autograd_core.stale import require_fresh


def explanations(y: Value, *leaves: Value):
    yield "trace", lambda: trace(y)
    yield "check", lambda: check_leaves(y, leaves)
    yield "require_fresh", lambda: require_fresh(topological_order(y))


def assert_stale(y: Value, *leaves: Value, match: str) -> None:
    for _, explain in explanations(y, *leaves):
        with pytest.raises(StaleGraph, match=match):
            explain()


def assert_fresh(y: Value, *leaves: Value) -> None:
    for _, explain in explanations(y, *leaves):
        explain()


def test_a_changed_leaf_is_named_with_the_repair() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    y = (w * x).named("y")
    x.data = 4.0
    message = "x changed after y was computed from it: build the graph again to explain it"
    assert_stale(y, w, x, match=f"^{message}$")


def test_a_change_that_shows_only_in_a_partial_is_found() -> None:
    """At x = 0 the product is 0 whatever w is."""
    w, x = Value(2.0, "w"), Value(0.0, "x")
    y = w * x
    w.data = 5.0
    assert y.data == w.data * x.data
    assert_stale(y, w, x, match="^w changed")


def test_a_change_deep_in_the_graph_is_found_at_the_leaf() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    y = ((a + 1.0) * b).tanh().exp() * b
    a.data = 1.5
    assert_stale(y, a, b, match="^a changed")


def test_a_change_by_the_last_bit_is_found() -> None:
    a = Value(1.0, "a")
    y = a * 2.0
    a.data = math.nextafter(1.0, 2.0)
    assert_stale(y, a, match="^a changed")


def test_an_unnamed_leaf_is_told_as_such() -> None:
    a = Value(1.0)
    y = a * 2.0
    a.data = 3.0
    assert_stale(y, a, match="^an unnamed leaf changed after a result of mul")


def test_only_a_leaf_that_changed_after_the_graph_was_built_is_named() -> None:
    """In a training loop every weight was set at some time."""
    w, x = Value(1.0, "w"), Value(1.0, "x")
    w.data = 2.0
    y = w * x
    x.data = 3.0
    assert_stale(y, w, x, match="^x changed")


def test_setting_the_same_number_or_setting_it_back_leaves_the_graph_fresh() -> None:
    a = Value(1.0, "a")
    y = a * 2.0
    a.data = 1.0
    assert_fresh(y, a)
    a.data = 7.0
    a.data = 1.0
    assert_fresh(y, a)


def test_a_leaf_beside_the_graph_may_change() -> None:
    a, beside = Value(1.0, "a"), Value(1.0, "beside")
    y = a * 2.0
    assert beside * 2.0 is not y
    beside.data = 5.0
    assert_fresh(y, a)


def test_nan_equals_nan() -> None:
    a, b = Value(math.nan, "a"), Value(-1.0, "b")
    y = a * 2.0 + ac.log(b) + (b**0.5)
    require_fresh(topological_order(y))


def test_a_graph_built_again_is_fresh() -> None:
    a = Value(1.0, "a")
    stale = a * 2.0
    a.data = 3.0
    assert_stale(stale, a, match="^a changed")
    assert_fresh(a * 2.0, a)


def test_a_partial_in_a_constant_makes_nothing_stale() -> None:
    """It is in no gradient: 0·w is 0 and has slope 0 in w, before and after."""
    w = Value(2.0, "w")
    y = w * 0.0
    w.data = 5.0
    assert_fresh(y, w)


def test_a_number_that_is_refused_changes_nothing() -> None:
    w = Value(2.0, "w")
    y = w * 3.0
    w.data = 5.0
    with pytest.raises(TypeError):
        w.data = "7"  # type: ignore[assignment]
    assert w.data == 5.0
    assert_stale(y, w, match="^w changed")
    assert w.label is not None
    assert w.label.previous == 2.0


def test_backward_does_not_mind_and_uses_the_partials_of_creation() -> None:
    a = Value(3.0)
    y = a * a
    a.data = 100.0
    y.backward()
    assert a.grad == 6.0


def test_explaining_never_touches_gradients() -> None:
    a = Value(3.0)
    y = a * a
    a.grad = y.grad = 42.0
    assert_fresh(y, a)
    assert list(trace(y))
    assert (a.grad, y.grad) == (42.0, 42.0)


def test_it_is_an_error_of_this_package() -> None:
    assert issubclass(StaleGraph, (AutogradError, RuntimeError))
