"""How a weight looks."""

from __future__ import annotations

import pytest

from viz.drawing.themes import THEMES
from viz.network.canvas import Canvas
from viz.network.weights import Connection, connect, legend, number_text, zeros_left_out


def bundle(*weights: float) -> list[Connection]:
    """Lines one below the other."""
    return [
        Connection(f"a{i}", f"b{i}", (0.0, -40.0 * i), (200.0, -40.0 * i), w, f"w[{i}]")
        for i, w in enumerate(weights)
    ]


def test_numbers_have_a_real_minus_and_so_many_digits() -> None:
    assert [number_text(v, 3) for v in (-0.5, 2.0, 1 / 3, 12345.6)] == [
        "−0.5", "2", "0.333", "12346",
    ]  # fmt: skip


def test_the_widest_line_is_the_largest_weight() -> None:
    canvas = Canvas(THEMES["light"])
    assert connect(canvas, bundle(-8.0, 2.0, 0.001), 8.0, 3)
    widths = [part.split('"')[0] for part in canvas.source.split("penwidth=")[1:]]
    assert [float(w.split()[0].rstrip("]")) for w in widths] == [4.0, 1.0, 0.7]


def test_many_lines_are_thinner() -> None:
    canvas = Canvas(THEMES["light"])
    connect(canvas, bundle(*[1.0] * 61), 1.0, 3)
    assert canvas.source.count("penwidth=2.00") == 61


def test_numbers_are_written_for_all_lines_or_for_none() -> None:
    close = [
        Connection(f"a{i}", f"b{i}", (0.0, -2.0 * i), (60.0, -2.0 * i), 1.0, "w") for i in range(5)
    ]
    canvas = Canvas(THEMES["light"])
    assert not connect(canvas, close, 1.0, 3)
    assert "class=number" not in canvas.source
    canvas = Canvas(THEMES["light"])
    assert connect(canvas, bundle(*[1.0] * 5), 1.0, 3)
    assert canvas.source.count("class=number") == 5
    canvas = Canvas(THEMES["light"])
    assert not connect(canvas, bundle(*[1.0] * 5), 1.0, 3, numbers=False)


def test_numbers_do_not_cover_other_lines() -> None:
    def lines(apart: float) -> list[Connection]:
        return [
            Connection(f"a{i}", f"b{i}", (0.0, -apart * i), (600.0, -apart * i), 1.0, "w")
            for i in range(5)
        ]

    assert not connect(Canvas(THEMES["light"]), lines(4.0), 1.0, 3)  # two lines behind a number
    assert connect(Canvas(THEMES["light"]), lines(8.0), 1.0, 3)


def test_zeros_are_left_out_unless_wanted() -> None:
    canvas = Canvas(THEMES["light"])
    connect(canvas, bundle(0.0, 1.0), 1.0, 3)
    assert canvas.source.count(" -> ") == 1
    canvas = Canvas(THEMES["light"])
    connect(canvas, bundle(0.0, 1.0), 1.0, 3, zeros=True)
    assert canvas.source.count(" -> ") == 2
    assert canvas.source.count("style=dotted") == 1


@pytest.mark.parametrize(
    ("zeros", "wanted"),
    [
        (0, ""),
        (1, "1 weight is 0 and without a line"),
        (1200, "1,200 weights are 0 and without a line"),
    ],
)
def test_the_count_of_zeros(zeros: int, wanted: str) -> None:
    assert zeros_left_out(zeros) == wanted


def test_the_legend_names_the_widest() -> None:
    assert "the widest is 2.5 in size" in legend(2.5, 3)
