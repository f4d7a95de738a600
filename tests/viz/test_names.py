"""What quantities are called in print: primes and numbers for repeats, u1, u2, …, indices."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, Worksheet, name_array
from autograd_core.blocks import blocks_of
from viz import explain
from viz.letters import AsTyped, pretty_name
from viz.names import Names


def printed(given: Sequence[str | None]) -> list[str]:
    nodes = [Value(1.0, name) for name in given]
    names = Names(nodes)
    return [names(node) for node in nodes]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["h"] * 6, ["h", "h′", "h′′", "h′′′", "h⁽⁴⁾", "h⁽⁵⁾"]),
        (["k"] * 11, ["k", "k′", "k′′", "k′′′", *(f"k⁽{n}⁾" for n in "⁴⁵⁶⁷⁸⁹"), "k⁽¹⁰⁾"]),
        (["h", "h′", "h"], ["h", "h′", "h′′"]),
        (["u1", None, "u3", None], ["u1", "u2", "u3", "u4"]),
        (["u1[0]", None], ["u1[0]", "u2"]),
        ([None, None, "u1"], ["u2", "u3", "u1"]),
    ],
)  # fmt: skip
def test_repeats_and_nameless_nodes(given: list[str | None], expected: list[str]) -> None:
    assert printed(given) == expected


NAMES = st.lists(
    st.one_of(st.none(), st.sampled_from(["h", "h′", "h'", "u1", "u2", "θ", "theta", "w_1", "w₁"])),
    max_size=12,
)


@given(NAMES, NAMES)
def test_no_two_nodes_look_alike(first: list[str | None], further: list[str | None]) -> None:
    nodes = [Value(1.0, name) for name in first]
    names = Names(nodes)
    looks = [pretty_name(names(node)) for node in nodes]
    assert len(set(looks)) == len(looks)
    later = [Value(1.0, name) for name in further]
    names.extend([*nodes, *later])
    assert [pretty_name(names(node)) for node in nodes] == looks  # those that have a name keep it
    everyone = [names(node) for node in (*nodes, *later)]
    assert len(set(everyone)) == len(everyone)


def test_names_that_would_look_alike_stay_as_typed() -> None:
    found = printed(["theta1", "θ1", "w"])
    assert found == ["theta1", "θ1", "w"]
    assert [isinstance(name, AsTyped) for name in found] == [True, True, False]


@pytest.mark.parametrize(
    ("base", "expected"),
    [(0, ["z[0]", "z[1]", "z[0]′", "z[1]′", "w"]), (1, ["z[1]", "z[2]", "z[1]′", "z[2]′", "w"])],
)
def test_indices_count_from_the_base(base: int, expected: list[str]) -> None:
    first, again = ([Value(1.0), Value(2.0)] for _ in range(2))
    for array in (first, again):
        name_array(array, "z")
    nodes = [*first, *again, Value(3.0, "w")]
    names = Names(nodes, base=base)
    assert [names(node) for node in nodes] == expected
    assert [names(block) for block in blocks_of(nodes)] == ["z", "z′"]


def test_a_matrix_from_one_in_every_format() -> None:
    sheet = Worksheet.parse("W = [[1, 2], [3, 4]]; x = [1, 2]; z = W @ x; L = z[0]*z[1]")
    found = explain(sheet, base=1)
    text = found.text(200)
    assert "z[2] = W[2,1]·x[1] + W[2,2]·x[2] = 3·1 + 4·2 = 11" in text
    assert "dL/dW[1,1]" in text
    assert not re.search(r"\w\[0|,0\]", text)
    assert sheet.nodes["W[0, 0]"].data == 1.0  # worksheets count from 0


def test_the_sign_of_total_derivatives() -> None:
    sheet = Worksheet.parse("x = 2; y = x*x; L = y*x")
    usual, round_d = (explain(sheet, total=total).text(200) for total in ("d", "∂"))  # type: ignore[arg-type]
    assert "dL/dx" in usual
    assert "dL/d" not in round_d
    assert round_d.count("∂") == usual.count("∂") + 2 * usual.count("dL/d")


def test_nodes_called_like_others() -> None:
    nodes, copies = ([Value(1.0, "w"), Value(2.0)] for _ in range(2))
    names = Names(nodes)
    names.adopt(copies, nodes)
    assert [names(node) for node in copies] == ["w", "u1"]
