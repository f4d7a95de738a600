"""Names of single nodes, arrays and whole scopes of variables."""

from __future__ import annotations

import numpy as np
import pytest

from autograd_core import Value, name_array, name_values


def test_a_name_costs_nothing_until_it_is_given() -> None:
    v = Value(1.0)
    assert v.label is None
    v.named("v")
    assert v.label is not None


def test_the_first_name_stays_whichever_way_it_came() -> None:
    v = Value(1.0, "first")
    v.named("second")
    name_values({"third": v})
    name_array([v], "fourth")
    assert v.name == "first"
    assert v.label.place is None


def test_inner_nodes_can_be_named() -> None:
    y = (Value(1.0) * 2.0).named("y")
    assert y.name == "y"
    assert not y.is_leaf


def test_elements_get_their_index_as_name_and_as_place() -> None:
    z = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    assert name_array(z, "W") is z
    assert [v.name for v in z.flat] == ["W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]"]
    assert z[1, 0].label.place == ("W", (1, 0))


def test_a_base_shifts_every_index() -> None:
    z = name_array([[Value(1.0), Value(2.0)]], "h", base=1)
    assert [v.name for v in z[0]] == ["h[1, 1]", "h[1, 2]"]
    assert z[0][1].label.place == ("h", (1, 2))


def test_elements_that_are_plain_numbers_are_passed_over() -> None:
    v = Value(1.0)
    name_array([2.0, v], "x")
    assert v.name == "x[1]"
    w = Value(1.0)
    name_array([2, np.float64(3.0), np.int64(4), w], "x")
    assert w.name == "x[3]"


def test_a_single_value_takes_the_name_itself() -> None:
    v = Value(1.0)
    name_array(v, "b")
    assert v.name == "b"


def test_an_array_without_axes_holds_one_element() -> None:
    array = np.array(Value(1.0))
    name_array(array, "b")
    assert array[()].name == "b"


def test_local_variables_get_their_names() -> None:
    w, x, n = Value(2.0), Value(3.0), 7
    y = w * x
    name_values(locals())
    assert [v.name for v in (w, x, y)] == ["w", "x", "y"]
    assert n == 7


def test_a_name_is_no_identity() -> None:
    a, b = Value(1.0, "w"), Value(2.0, "w")
    assert a != b
    assert a.name == b.name == "w"


@pytest.mark.parametrize("name", ["alpha_1", "θ̂", "w'", "a b", "x[0]", "<script>", "{}"])
def test_any_text_is_a_name(name: str) -> None:
    assert Value(1.0, name).name == name
