"""Saving: the same bytes each time, nothing global touched."""

from __future__ import annotations

import copy
import io
import pickle
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from PIL import Image

from viz import plot_filters, plot_loss
from viz.plotting.picture import Picture


def saved(figure: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, **options)
    return buffer.getvalue()


def drawn() -> Any:
    return plot_loss([3.0, 2.0, 1.0], [1.0], labels=["a", "b"])


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_the_same_picture_is_the_same_file(format: str) -> None:
    first = saved(drawn(), format=format)
    assert saved(drawn(), format=format) == first
    assert b"Date" not in first.replace(b"/ModDate", b"")
    assert b"dc:date" not in first


def test_different_pictures_share_no_inner_id() -> None:
    """So that both can stand on one page; names like axes_1 are matplotlib's own."""
    ids = [
        set(re.findall(r'\bid="([^"]*[0-9a-f]{10})"', saved(figure, format="svg").decode()))
        for figure in (drawn(), plot_loss([9.0, 2.0]), plot_filters([[1.0]]))
    ]
    assert all(ids)
    assert not ids[0] & ids[1]
    assert not ids[1] & ids[2]


def test_every_reference_in_the_svg_has_its_target() -> None:
    for figure in (drawn(), plot_filters([[1.0, -2.0]])):
        svg = saved(figure, format="svg").decode()
        targets = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg)
        assert targets
        ids = {e.get("id") for e in ET.fromstring(svg).iter()}
        assert {a or b for a, b in targets} <= ids


def test_paths_and_formats(tmp_path: Path) -> None:
    figure = drawn()
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")):
        figure.savefig(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    figure.savefig(str(tmp_path / "b.SVG"))
    assert (tmp_path / "b.SVG").read_bytes() == (tmp_path / "a.svg").read_bytes()
    assert saved(figure).startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="not supported"):
        figure.savefig(tmp_path / "a.exe")


def test_metadata_and_size_can_be_given() -> None:
    svg = saved(drawn(), format="svg", metadata={"Title": "a <title> & more"}).decode()
    assert "a &lt;title&gt; &amp; more" in svg
    assert Image.open(io.BytesIO(saved(drawn(), dpi=50))).width == 325


def test_a_notebook_shows_a_png_at_its_size_in_inches() -> None:
    png, size = Picture(figsize=(2.0, 1.0))._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert size == {"width": 192, "height": 96}


def test_a_notebooks_picture_is_the_saved_one_in_fewer_colours() -> None:
    figure = plot_filters([[[8 * i + j - 31 for j in range(8)] for i in range(8)]])
    full = saved(figure)
    small, _ = figure._repr_png_()
    assert len(small) < len(full) / 2
    colours, exact = (
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=float) for png in (small, full)
    )
    assert colours.shape == exact.shape
    assert abs(colours - exact).max() <= 48.0
    assert abs(colours - exact).mean() < 0.1


def test_what_is_transparent_is_white_in_a_notebook() -> None:
    png, _ = Picture(figsize=(0.1, 0.1), facecolor="none")._repr_png_()
    assert Image.open(io.BytesIO(png)).convert("RGB").getcolors() == [(196, (255, 255, 255))]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_saving_a_picture_again_gives_the_same_bytes(kind: str) -> None:
    figure = plot_filters([[[i, j, 1], [0, i, j], [j, 0, i]] for i in range(3) for j in range(3)])
    first = saved(figure, format=kind)
    assert saved(figure, format=kind) == first
    assert saved(figure, format=kind) == first


def test_the_settings_of_matplotlib_stay_and_do_not_reach_in() -> None:
    before = dict(matplotlib.rcParams)
    plain = saved(drawn(), format="svg")
    assert dict(matplotlib.rcParams) == before
    dark = {
        "figure.facecolor": "black", "axes.facecolor": "black", "axes.edgecolor": "white",
        "text.color": "white", "axes.labelcolor": "white", "xtick.color": "white",
        "ytick.color": "white", "grid.color": "red", "lines.linewidth": 9.0, "font.size": 4.0,
        "savefig.facecolor": "black", "text.parse_math": False,
    }  # fmt: skip
    with matplotlib.rc_context(dark):
        assert saved(drawn(), format="svg") == plain


def test_pictures_can_be_copied_and_pickled() -> None:
    figure = drawn()
    again = pickle.loads(pickle.dumps(figure))
    assert saved(copy.deepcopy(figure), dpi=50) == saved(again, dpi=50)
