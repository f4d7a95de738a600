"""The words of a picture: names, signs, tips, what a closed box says, the sum over paths."""

from __future__ import annotations

import math

import pytest

import autograd_core as ac
from autograd_core import Value, trace
from tests.support.pictures import grown, layout_of, prints, sheet_of, texts
from tests.support.printed_chains import chains_in, misfits
from viz import draw
from viz.drawing.groups import Group
from viz.drawing.labels import short
from viz.library import packaged_worksheets


def tips(root: Value, **options: object) -> dict[str, str]:
    """The tip of each drawn node by its name, the unnamed by their sign."""
    labels = draw(root, **options).labels  # type: ignore[arg-type]
    return {
        labels.name(node) if labels.has_name(node) else labels.sign(node): labels.tip(node)
        for node in labels.scene.drawn
    }


# --- by hand ----------------------------------------------------------------------------------


def test_tips_show_the_steps_of_both_sweeps() -> None:
    x, w = Value(3.0, "x"), Value(-2.0, "w")
    assert tips(((w * x + 1.0).named("y") * x).named("L")) == {
        "x": "x = 3; dL/dx = 3·(−2) + 1·(−5) = −11",
        "w": "w = −2; dL/dw = 3·3 = 9",
        "×": "w·x = (−2)·3 = −6; dL/dthis = 3·1 = 3",
        "y": "y = −6 + 1 = −5; dL/dy = 1·3 = 3",
        "L": "L = y·x = (−5)·3 = −15; dL/dL = 1",
    }  # fmt: skip


def test_signs_show_constants_and_places() -> None:
    x = Value(3.0, "x")
    signs = {
        "▢·2": x * 2.0, "4 − ▢": 4.0 - x, "▢²": x**2.0, "▢/4": x / 4.0, "×": x * x, "+": x + x,
        "−": x - x, "tanh": x.tanh(), "σ": x.sigmoid(), "neg": -x, "max": ac.max(x, x),
    }  # fmt: skip
    for sign, node in signs.items():
        assert draw(node).labels.sign(node) == sign


def test_what_a_closed_box_says() -> None:
    x = ac.name_array([Value(float(i)) for i in range(30)], "x")
    with ac.scope("layer"):
        inside = [v.tanh() * v + v for v in x]
    diagram = draw(ac.sum(inside).named("S"), budget=10, collapse=["layer"])
    boxes = {group.label: diagram.labels.box(group) for group in diagram.scene.closed}
    assert boxes == {
        "x": ["x", "30 values"],
        "layer": ["layer", "90 nodes", "30 tanh, 30 ×, 30 +"],
    }


def test_a_scope_of_leaves_is_no_array() -> None:
    with ac.scope("weights"):
        w, v = Value(1.0, "w"), Value(2.0, "v")
    labels = draw(w * v, collapse=["weights"]).labels
    assert [labels.box(group) for group in labels.scene.closed] == [["weights", "2 nodes"]]


def test_a_box_names_three_kinds_of_operations() -> None:
    x = Value(0.5, "x")
    with ac.scope("s"):
        y = x.tanh().exp().sin().cos() + x.tanh()
    labels = draw(y, collapse=["s"]).labels
    (box,) = (item for item in labels.scene.items if isinstance(item, Group))
    assert labels.box(box)[1:] == ["6 nodes", "2 tanh, 1 exp, 1 sin, …"]


def test_what_is_hidden_is_counted_in_the_caption() -> None:
    x = Value(1.0, "x")
    with ac.scope("a"):
        y = x * 2.0 + 1.0
    with ac.scope("b"):
        z = y * 3.0 + 2.0
    one = " ".join(texts(draw(z, collapse=["a"]).svg()))
    two = " ".join(texts(draw(z, collapse=["a", "b"]).svg()))
    assert "3 of 5 nodes are drawn, the other 2 stand in 1 closed box" in one
    assert "1 of 5 nodes are drawn, the other 4 stand in 2 closed boxes" in two
    assert "nodes are drawn" not in " ".join(texts(draw(z).svg()))


def test_given_nodes_have_no_gradient() -> None:
    labels = draw(sheet_of("000.toy-elu")).labels
    for node in labels.scene.drawn:
        assert (labels.gradient(node) is None) == (node.name == "t")


@pytest.mark.parametrize("digits", [1, 2, 4, 7])
def test_digits(digits: int) -> None:
    labels = draw(Value(math.pi, "x"), digits=digits).labels
    assert labels.value(labels.scene.root) == f"{math.pi:.{digits}g}"


def test_short() -> None:
    assert short("abcdef", 6) == "abcdef"
    assert short("abcdefg", 6) == "abcde…"


# --- the sum of a followed variable -----------------------------------------------------------


def caption(root: Value, node: Value) -> str:
    """The first sentence below the picture, as it is drawn."""
    graph = layout_of(draw(root, wrt=node)).boxes[0]
    words = " ".join(line.text for line in graph.words)
    return words[: words.index("marked path")]


@pytest.mark.parametrize("name", packaged_worksheets())
def test_the_sum_in_the_caption_is_the_gradient(name: str) -> None:
    """It is the trace's gradient, and comes out from the digits that are printed."""
    root = sheet_of(name).output
    steps = trace(root, depth="operation")
    for node in [n for n in steps.landmarks if n.is_leaf][:4]:
        words = draw(root, wrt=node).labels.followed()
        sentence = words.rpartition(", the ")[0]
        result = sentence.replace(" ≈ ", " = ").rpartition(" = ")[2]
        assert prints(result, steps.adjoint(node)), words
        assert misfits(sentence) == [], words
        assert all(chain.subject.startswith("d") for chain in chains_in(sentence))


def test_the_caption_shows_the_sum_by_hand() -> None:
    x, w = Value(3.0, "x"), Value(2.0, "w")
    root = (w * x + x.relu() * 4.0).named("y")
    assert caption(root, x) == "dy/dx = 2 + 4 = 6, the sum over the "
    assert caption(root, w) == "dy/dw = 3, the one "
    assert caption(root, root) == "dy/dy = 1, the sum over the "


def test_many_or_long_paths_are_not_written_out() -> None:
    x = Value(1.0, "x")
    wide = ac.sum([x * float(i) for i in range(1, 6)]).named("y")
    assert caption(wide, x) == "dy/dx = 15, the sum over the "
    deep = x
    for _ in range(20):
        deep = deep * 2.0
    assert caption(deep.named("y"), x) == "dy/dx = 1048576, the sum over the "


def test_the_caption_is_wrapped_and_whole() -> None:
    root = grown(40, seed=5)
    leaf = next(n for n in draw(root).scene.drawn if n.is_leaf)
    diagram = draw(root, wrt=leaf)
    lines = [line.text for line in layout_of(diagram).boxes[0].words]
    joined = " ".join(" ".join(lines).split())
    assert joined.startswith(" ".join(diagram.labels.followed().split()))
    assert all(len(line) < 140 for line in lines)
