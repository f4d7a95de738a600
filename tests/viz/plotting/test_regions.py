"""Decision regions: what is shaded where, against the half-planes themselves."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.path import Path

import autograd_core as ac
from autograd_core import Value
from nn import MLP
from viz import plot_decision
from viz.plotting.plot_style import TINTS

SQUARE = [(0, 0), (0, 1), (1, 0), (1, 1)]


def areas(figure: Any) -> dict[str, Path]:
    """The shaded regions by their colour."""
    found = {}
    for shape in figure.axes[0].collections:
        faces = shape.get_facecolor()
        if len(faces):
            found[to_hex(faces[0]).upper()] = shape.get_paths()[0]
    return found


def contains(path: Path, point: tuple[float, float]) -> bool:
    """Even-odd over the closed pieces, so that holes are outside."""
    inside = False
    for polygon in path.to_polygons():
        inside ^= bool(Path(polygon).contains_point(point))
    return inside


def legend(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def shaded(figure: Any, point: tuple[float, float]) -> list[int]:
    """The classes in whose colour a point lies."""
    return [TINTS.index(colour) for colour, path in areas(figure).items() if contains(path, point)]


def triangle(x: Any) -> Any:
    sides = ac.step(x[1] + 1.0), ac.step(2.0 * x[0] - x[1] + 1.2), ac.step(1.2 - 2.0 * x[0] - x[1])
    return ac.step(ac.sum(*sides) - 2.5)


def square(x: Any) -> Any:
    sides = ac.step(x[0] - 2.0), ac.step(3.0 - x[0]), ac.step(x[1]), ac.step(1.0 - x[1])
    return ac.step(ac.sum(*sides) - 3.5)


@pytest.mark.system("S003-01")
def test_a_line_is_where_it_should_be() -> None:
    figure = plot_decision(lambda x: x[0] + 2.0 * x[1] - 1.0, SQUARE, [0, 1, 0, 1], resolution=11)
    [boundary] = [c for c in figure.axes[0].collections if not len(c.get_facecolor())]
    vertices = boundary.get_paths()[0].vertices
    np.testing.assert_allclose(vertices[:, 0] + 2.0 * vertices[:, 1], 1.0, atol=1e-12)
    assert vertices[:, 1].max() - vertices[:, 1].min() > 0.5
    assert shaded(figure, (0.0, 0.0)) == [0]
    assert shaded(figure, (1.0, 1.0)) == [1]


@pytest.mark.system("S003-14")
def test_a_union_of_half_planes_intersections_has_sharp_edges() -> None:
    rng = np.random.default_rng(0)
    data = [(-1.5, -1.5), (3.5, 1.8), (0.0, 0.0)]
    figure = plot_decision(
        lambda x: ac.step(triangle(x) + square(x) - 0.5), data, [0, 0, 1], threshold=0.5
    )
    step = 5.0 * 1.24 / 60 / 6  # of the finer grid
    checked = 0
    for x, y in rng.uniform((-1.4, -1.4), (3.4, 1.7), (400, 2)).tolist():
        edges = [y + 1.0, 2 * x - y + 1.2, 1.2 - 2 * x - y, x - 2.0, 3.0 - x, y, 1.0 - y]
        if min(map(abs, edges)) > 3.3 * step:
            inside = min(edges[:3]) > 0.0 or min(edges[3:]) > 0.0
            assert shaded(figure, (x, y)) == [int(inside)]
            checked += 1
    assert checked > 200
    for edge, side in itertools.product((0.0, 1.0), (-1.1, 1.1)):
        x, y = 2.0 + edge + side * step, edge + side * 3.3 / 5.0 * step
        assert shaded(figure, (x, 0.5)) == [int(2.0 < x < 3.0)]
        assert shaded(figure, (2.5, y)) == [int(0.0 < y < 1.0)]


def test_several_classes() -> None:
    centres = [(0.0, 0.0), (3.0, 0.0), (0.0, 3.0)]
    figure = plot_decision(
        lambda x: [-((x[0] - a) ** 2) - (x[1] - b) ** 2 for a, b in centres],
        centres, [0, 1, 2], names=["a", "b", "c"], resolution=21,
    )  # fmt: skip
    for k, centre in enumerate(centres):
        assert shaded(figure, centre) == [k]
    assert legend(figure) == ["a", "b", "c", "boundary"]


def test_classes_differ_in_shape_and_colour_and_points_are_all_there() -> None:
    figure = plot_decision(lambda x: x[0] - 0.5, SQUARE, [0, 0, 1, 1], resolution=5)
    first, second = figure.axes[0].lines[:2]
    assert sorted(map(tuple, first.get_xydata().tolist())) == [(0, 0), (0, 1)]
    assert sorted(map(tuple, second.get_xydata().tolist())) == [(1, 0), (1, 1)]
    assert first.get_marker() != second.get_marker()
    assert first.get_color() != second.get_color()
    hatches = [c.hatches for c in figure.axes[0].collections if len(c.get_facecolor())]
    assert hatches == [[""], ["//"]]
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("x₁", "x₂")


@pytest.mark.system("S000-10", "S003-08")
def test_points_on_the_wrong_side_are_ringed_and_counted() -> None:
    """XOR by a line: whichever it is, some point is wrong."""
    figure = plot_decision(lambda x: x[0] + x[1] - 1.5, SQUARE, [0, 1, 1, 0], resolution=5)
    rings = figure.axes[0].lines[-1]
    assert sorted(map(tuple, rings.get_xydata().tolist())) == [(0, 1), (1, 0), (1, 1)]
    assert legend(figure)[-1] == "on the wrong side: 3 of 4"
    separating = plot_decision(lambda x: x[0] + x[1] - 1.5, SQUARE, [0, 0, 0, 1], resolution=5)
    assert legend(separating) == ["class 0", "class 1", "boundary"]


def test_labels_minus_1_and_1() -> None:
    figure = plot_decision(lambda x: x[0] - 0.5, SQUARE, [-1, -1, 1, Value(1.0)], resolution=5)
    assert legend(figure) == ["class −1", "class 1", "boundary"]
    assert len(figure.axes[0].lines[1].get_xdata()) == 2


def test_a_model_that_never_changes_its_mind() -> None:
    figure = plot_decision(lambda x: Value(1.0), SQUARE, [1, 1, 1, 0], resolution=5)
    assert legend(figure) == ["class 0", "class 1", "on the wrong side: 1 of 4"]
    assert list(areas(figure)) == [TINTS[1]]


def test_networks_are_asked_without_recording() -> None:
    seen = []

    def model(x: list[float]) -> Value:
        out: Value = MLP(2, [3, 1])(x)
        seen.append(out.is_leaf)
        return out

    plot_decision(model, SQUARE, [0, 1, 1, 0], resolution=2)
    assert seen
    assert all(seen)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"points": [[0, 0, 0]] * 4}, ValueError, r"points has the shape \(4, 3\): give \(n, 2\)"),
        ({"labels": [0, 1]}, ValueError, "4 points have 2 labels: give one for each"),
        ({"labels": [0, 1, 2, 0]}, ValueError, r"labels\[2\] is 2: the model's classes are 0, 1"),
        ({"labels": [0, 1, -1, 0]}, ValueError, r"labels\[0\] is 0: the model's classes are -1, 1"),
        ({"labels": list("abab")}, TypeError, r"labels\[0\] is of the type str: give a number"),
        ({"model": lambda x: [0.0] * 8}, ValueError, "8 classes cannot be told apart"),
        ({"model": lambda x: "1"}, TypeError, r"the model's outputs\[0\] is of the type str"),
        ({"model": lambda x: float("nan")}, ValueError, r"the model's outputs\[0\] is nan"),
        ({"resolution": 1}, ValueError, "resolution is 1: give a whole number from 2 to 1000"),
        ({"resolution": 10**9}, ValueError, "resolution is 1000000000"),
        ({"names": ["a"]}, ValueError, "give a list of 2 labels, one for each class; got 1"),
        ({"threshold": float("inf")}, ValueError, "threshold is inf"),
    ],
)
def test_what_is_refused(change: Any, error: type[Exception], message: str) -> None:
    arguments = {"model": lambda x: x[0], "points": SQUARE, "labels": [0, 0, 1, 1], **change}
    with pytest.raises(error, match=message):
        plot_decision(**{"resolution": 5, **arguments})
