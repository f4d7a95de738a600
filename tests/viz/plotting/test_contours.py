"""A descent: the path as given, contour lines of the right heights, both ends marked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value, Worksheet
from viz import explain, plot_descent, plot_descents

BOWL = """
w = 4
b = -3
c = 2
L = w**2 + c*b**2 + w*b
update(L, w, b, lr=0.1, steps=3)
"""


def legend(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def by_hand(steps: int) -> list[list[float]]:
    """Descent with the gradient (2w + b, 4b + w)."""
    path = [[4.0, -3.0]]
    for _ in range(steps):
        w, b = path[-1]
        path.append([w - 0.1 * (2 * w + b), b - 0.1 * (4 * b + w)])
    return path


def heights(figure: Any) -> dict[float, np.ndarray[Any, Any]]:
    """The points of each contour line by its level."""
    [lines] = figure.axes[0].collections
    paths = zip(lines.levels.tolist(), lines.get_paths(), strict=True)
    return {level: path.vertices for level, path in paths}


@pytest.mark.system("S003-16")
def test_a_path_and_the_contour_lines_around_it() -> None:
    path = [(2.0, 1.0), (1.0, 0.5), (0.0, 0.0)]
    figure = plot_descent(lambda x, y: x * x + 3.0 * y, path)
    [axes] = figure.axes
    line, start, end = axes.lines[:3]
    assert line.get_xydata().tolist() == [list(p) for p in path]
    assert start.get_xydata().tolist() == [[2, 1]]
    assert end.get_xydata().tolist() == [[0, 0]]
    assert start.get_marker() != end.get_marker()
    assert legend(figure) == ["2 steps", "start (2, 1)", "end (0, 0)", "contour lines of f(x, y)"]
    found = heights(figure)
    assert len(found) == 11
    for level, points in found.items():
        np.testing.assert_allclose(points[:, 0] ** 2 + 3 * points[:, 1], level, atol=2e-3)
    assert all(axes.get_xlim()[0] < x < axes.get_xlim()[1] for x, _ in path)


def test_the_numbers_on_contour_lines_are_their_heights() -> None:
    figure = plot_descent(lambda x, y: x - y, [(0, 0), (4, 4)])
    written = {float(text.get_text().replace("−", "-")) for text in figure.axes[0].texts}
    assert written
    for height in written:
        assert min(abs(height - level) for level in heights(figure)) < 5e-3


def test_the_updates_of_a_worksheet() -> None:
    sheet = Worksheet.parse(BOWL)
    figure = plot_descent(sheet, explain(sheet).document.updates)
    [axes] = figure.axes
    np.testing.assert_allclose(axes.lines[0].get_xydata(), by_hand(3), rtol=1e-12)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("w", "b")
    assert legend(figure)[0] == "3 steps"
    assert legend(figure)[-1] == "contour lines of L"
    for level, points in heights(figure).items():
        w, b = points.T
        np.testing.assert_allclose(w * w + 2 * b * b + w * b, level, atol=2e-2)


def test_two_of_three_updated_quantities_the_third_stays() -> None:
    sheet = Worksheet.parse(BOWL.replace("w, b,", "w, b, c,"))
    updates = explain(sheet).document.updates
    with pytest.raises(ValueError, match=r"the path has the quantities w, b, c: name two of them"):
        plot_descent(sheet, updates)
    figure = plot_descent(sheet, updates, names=["w", "c"])
    assert figure.axes[0].lines[0].get_xydata()[0].tolist() == [4.0, 2.0]
    for level, points in heights(figure).items():
        w, c = points.T
        np.testing.assert_allclose(w * w + 9 * c - 3 * w, level, atol=2e-2)


def test_names_are_written_as_mathematics() -> None:
    figure = plot_descent(lambda x, y: x + y, {"theta_1": [1.0, 2.0], "y_hat": [3.0, 4.0]})
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("θ₁", "ŷ")


def test_a_start_before_the_path_and_values_everywhere() -> None:
    path = np.array([[Value(1.0), Value(2.0)]])
    figure = plot_descent(lambda x, y: Value(x) * y, path, start=np.array([0.0, 0.5]))
    assert figure.axes[0].lines[0].get_xydata().tolist() == [[0, 0.5], [1, 2]]
    assert legend(figure)[0] == "1 step"


@pytest.mark.parametrize(
    "f", [lambda x, y: math.log(x) + 1.0 / y, lambda x, y: ac.log(x) + ac.reciprocal(y)]
)
def test_where_f_is_not_defined_there_are_no_lines(f: Any) -> None:
    figure = plot_descent(f, [(2.0, 1.0), (0.1, 1.0)])
    assert figure.axes[0].get_xlim()[0] < 0.0
    for points in heights(figure).values():
        assert (points[:, 0] > 0.0).all()


@pytest.mark.parametrize(
    ("f", "path"), [(lambda x, y: 3.0, [(1, 1)]), (lambda x, y: 1.0 + 1e-16 * x, [(1, 1), (2, 1)])]
)
def test_a_plain_has_no_contour_lines(f: Any, path: Any) -> None:
    figure = plot_descent(f, path)
    assert not figure.axes[0].collections
    assert legend(figure)[-1].startswith("end")


def test_a_long_path_is_a_line_without_dots() -> None:
    long = [(t / 100.0, 1.0) for t in range(100)]
    assert plot_descent(lambda x, y: x, long).axes[0].lines[0].get_marker() == ""
    assert plot_descent(lambda x, y: x, long[:9]).axes[0].lines[0].get_marker() == "o"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"path": [(1, 2, 3)]}, r"path has the shape \(1, 3\): give \(n, 2\)"),
        ({"path": []}, r"path has the shape \(0,\): give \(n, 2\)"),
        ({"path": {"w": [1.0]}}, "the path has the quantities w: name two of them"),
        ({"path": {"w": [1.0], "b": [1.0, 2.0]}}, "the path has 1 numbers for w and 2 for b"),
        ({"path": {"w": [1.0], "b": [2.0]}, "names": ["w", "q"]}, "quantities w, b: name two"),
        ({"names": ["w"]}, r"names is \['w'\]: give two names"),
        ({"names": "wb"}, "names is 'wb': give two names"),
        ({"start": (1.0,)}, r"start has the shape \(1, 1\): give \(n, 2\)"),
        ({"f": lambda x, y: 1.0 / 0.0}, "f is finite nowhere around the path: draw a part"),
        ({"f": lambda x, y: math.nan}, "f is finite nowhere around the path"),
        ({"f": Worksheet.parse("L = 2*w", {"w": 1.0})}, "the worksheet has no number x: name two"),
    ],
)
def test_what_is_refused(change: Any, message: str) -> None:
    arguments = {"f": lambda x, y: x + y, "path": [(1, 2), (3, 4)], **change}
    with pytest.raises(ValueError, match=message):
        plot_descent(arguments.pop("f"), **arguments)


# --- several descents ---------------------------------------------------------------------------


@pytest.mark.system("S003-28")
def test_several_paths_on_the_contour_lines_around_all_of_them() -> None:
    paths = {"plain": [(2.0, 1.0), (1.0, 0.5)], "momentum": [(2.0, 1.0), (-6.0, 0.0), (-3.0, 9.0)]}
    figure = plot_descents(lambda x, y: x * x + 3.0 * y, paths, names=["theta_1", "b"])
    [axes] = figure.axes
    lines, stars = axes.lines[:4:2], axes.lines[1:4:2]
    for line, star, path in zip(lines, stars, paths.values(), strict=True):
        assert line.get_xydata().tolist() == [list(p) for p in path]
        assert star.get_xydata().tolist() == [list(path[-1])]
        assert star.get_color() == line.get_color()
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert legend(figure) == ["plain", "momentum", "contour lines of f(θ₁, b)"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("θ₁", "b")
    everywhere = np.concatenate(list(heights(figure).values()))
    (left, bottom), (right, top) = everywhere.min(axis=0), everywhere.max(axis=0)
    assert (left < -6.0, right > 2.0, bottom < 0.0, top > 9.0) == (True, True, True, True)
    for level, points in heights(figure).items():
        np.testing.assert_allclose(points[:, 0] ** 2 + 3 * points[:, 1], level, atol=2e-2)


@pytest.mark.parametrize(
    ("paths", "names", "error", "message"),
    [
        ([[(1, 2)]], "xy", TypeError, "the paths have no labels: give a mapping"),
        ({}, ["x", "y"], ValueError, "there is nothing to draw: give paths"),
        ({"a": [(1, 2, 3)]}, ["x", "y"], ValueError, r"paths\['a'\] has the shape \(1, 3\): give"),
        ({"a": [(1, math.nan)]}, ["x", "y"], ValueError, r"paths\['a'\]\[0, 1\] is nan: give"),
        ({"a": [(1, 2)]}, "xy", ValueError, "names is 'xy': give two names"),
        ({i: [(1, 2)] for i in range(17)}, ["x", "y"], ValueError, "more than 16 curves"),
    ],
)
def test_what_is_refused_of_several(paths: Any, names: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        plot_descents(lambda x, y: x + y, paths, names=names)
