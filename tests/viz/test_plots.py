"""What holds for every picture: type sizes, page width, laziness, the page in the documentation."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import autograd_core as ac
import viz
from tests.support.plots_page import PICTURE, code, sheet
from viz import plots
from viz.plotting.plot_style import ADVICE

ROOT = Path(__file__).parents[2]
SQUARE = [(0, 0), (0, 1), (1, 0), (1, 1)]
DRAWINGS: dict[str, Any] = {
    "plot_activation": lambda: viz.plot_activation(ac.relu, ac.step),
    "plot_decision": lambda: viz.plot_decision(lambda x: x[0], SQUARE, [0, 0, 1, 1], resolution=5),
    "plot_descent": lambda: viz.plot_descent(lambda x, y: x * y, [(0, 1), (1, 3)]),
    "plot_descents": lambda: viz.plot_descents(lambda x, y: x * y, {"a": [(0, 1), (1, 3)]}),
    "plot_feature_maps": lambda: viz.plot_feature_maps(np.ones((7, 9, 9))),
    "plot_filters": lambda: viz.plot_filters(np.ones((3, 3, 3, 3)) / 3),
    "plot_gradient_sizes": lambda: viz.plot_gradient_sizes({"a": [1.0, 0.0, 0.1]}),
    "plot_loss": lambda: viz.plot_loss([3.0, 2.0], [2.0, 1.0]),
}


@cache
def drawn(name: str) -> Any:
    """The figure, laid out once for all tests."""
    figure = DRAWINGS[name]()
    figure.draw_without_rendering()
    return figure


def test_there_is_a_drawing_of_each() -> None:
    assert sorted(DRAWINGS) == sorted(plots.__all__)
    assert set(plots.__all__) <= set(viz.__all__)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_that_pyplot_does_not_know(name: str) -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")  # another test may have loaded it
    open_before = pyplot.get_fignums() if pyplot else []
    assert isinstance(drawn(name), Figure)
    assert sys.modules.get("matplotlib.pyplot") is pyplot
    assert (pyplot.get_fignums() if pyplot else []) == open_before


@pytest.mark.parametrize("name", DRAWINGS)
def test_type_is_large_enough_on_a_page(name: str) -> None:
    figure = drawn(name)
    width, height = figure.get_size_inches()
    assert width <= 6.5
    assert height <= 9.0
    sizes = [t.get_fontsize() for t in figure.findobj(Text) if t.get_text() and t.get_visible()]
    assert sizes
    assert min(sizes) >= 8.0


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_cut_at_the_edges_and_no_warning_is_given(name: str) -> None:
    figure = drawn(name)
    box, page = figure.get_tightbbox(), figure.bbox_inches
    assert page.x0 <= box.x0 < box.x1 <= page.x1
    assert page.y0 <= box.y0 < box.y1 <= page.y1


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_named(name: str) -> None:
    axes = drawn(name).axes
    if name in ("plot_filters", "plot_feature_maps"):
        assert axes[-1].get_ylabel()  # the colour bar
    else:
        assert all(a.get_xlabel() and a.get_ylabel() for a in axes)


def python(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_importing_viz_loads_no_matplotlib() -> None:
    code = "import sys, viz, viz.cli; print(any(m.startswith('matplotlib') for m in sys.modules))"
    assert python(code) == "False\n"


def test_without_matplotlib_one_line_says_what_to_install() -> None:
    said = python(
        "import sys; sys.modules['matplotlib'] = None\n"
        "from viz import *\n"
        "try: plot_loss([2.0, 1.0])\n"
        "except ImportError as problem: print(problem)\n"
    )
    assert said == f"{ADVICE}\n"
    assert 'pip install "autograd-core[plot]"' in ADVICE


def test_the_picture_in_the_documentation_is_that_of_its_code() -> None:
    """By the same code, which stands in the file; matplotlib's versions may differ in pixels."""
    stored = Image.open(PICTURE)
    assert stored.text["Source"] == code()
    now = Image.open(io.BytesIO(sheet()))
    assert stored.size == pytest.approx(now.size, abs=8)
    same = [np.asarray(image.convert("L").resize((110, 96)), float) for image in (stored, now)]
    assert np.abs(same[0] - same[1]).mean() < 0.5
    assert PICTURE.stat().st_size < 60_000
