"""Circuits: the value above the wire, the gradient below it."""

from __future__ import annotations

import pytest

from autograd_core import Value
from tests.support.pictures import Part, Text, parts, texts
from viz import draw
from viz.drawing.themes import THEMES

LIGHT = THEMES["light"]


def nodes(root: Value, **options: object) -> dict[str, Part]:
    svg = draw(root, style="circuit", **options).svg()  # type: ignore[arg-type]
    return {part.key: part for part in parts(svg) if part.kind == "node"}


def in_colour(part: Part, colour: str) -> Text:
    (found,) = (text for text in part.texts if text.colour == colour)
    return found


def graph() -> Value:
    """As lectures draw it: f = (x + y)·z at −2, 5, −4 (Stanford's CS231n, backpropagation)."""
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    return ((x + y).named("q") * z).named("f")


@pytest.mark.system("S002-01")
def test_the_numbers_of_the_lecture() -> None:
    found = nodes(graph())
    wires = {key: set(part.words) for key, part in found.items() if not key.endswith("o")}
    assert sorted(map(sorted, wires.values())) == sorted(
        map(sorted, ({"x", "−2", "−4"}, {"y", "5", "−4"}, {"z", "−4", "3"}, {"q", "3", "−4"},
                     {"f", "−12", "1"}))
    )  # fmt: skip
    assert sorted(p.words for k, p in found.items() if k.endswith("o")) == [["+"], ["×"]]


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_value_and_gradient_stand_on_two_sides_of_the_wire(direction: str) -> None:
    for key, part in nodes(graph(), direction=direction).items():
        if not key.endswith("o"):
            value, gradient = in_colour(part, LIGHT.value), in_colour(part, LIGHT.gradient)
            if direction == "LR":
                assert value.at[1] < gradient.at[1]  # SVG counts downwards
            else:
                assert value.at[1] == gradient.at[1]
                assert value.at[0] < gradient.at[0]


@pytest.mark.parametrize(
    ("direction", "show", "legend"),
    [
        ("LR", ["value", "grad"], "above a wire the value, below it the gradient of f"),
        ("TB", ["value", "grad"], "left of a wire the value, right of it the gradient of f"),
        ("LR", ["value"], "above a wire the value"),
        ("LR", ["grad"], "below a wire the gradient of f"),
    ],
)
def test_the_legend_says_which_side_is_which(direction: str, show: list[str], legend: str) -> None:
    svg = draw(graph(), "circuit", show, direction=direction).svg()
    assert " ".join(texts(svg)).startswith(f"{legend} ")


def test_a_name_in_the_legend_stays_as_it_is() -> None:
    svg = draw(Value(1.0, "x").tanh().named("unit"), "circuit", ["grad"]).svg()
    assert "a wire the gradient of unit" in " ".join(texts(svg))


@pytest.mark.system("S002-03")
def test_gates_have_one_wire_for_each_operand_and_one_out() -> None:
    edges = sorted(p.key for p in parts(draw(graph(), "circuit").svg()) if p.kind == "edge")
    keys = {part.words[0]: key for key, part in nodes(graph()).items() if not key.endswith("o")}
    x, y, z, q, f = (keys[name] for name in "xyzqf")
    assert edges == sorted(
        [f"{x}->{q}o", f"{y}->{q}o", f"{q}o->{q}", f"{q}->{f}o", f"{z}->{f}o", f"{f}o->{f}"]
    )
