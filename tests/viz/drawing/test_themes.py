"""Colours: every one has a part and a rule in each theme, can be read, and stays told apart."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, fields
from itertools import product

import pytest

from autograd_core import Value
from tests.support.pictures import grown, parsed, parts, texts
from viz import draw
from viz.drawing.source import STYLES
from viz.drawing.themes import THEMES, Colours, with_stylesheet

BACKGROUNDS = ("paper", "card", "cluster")
TEXT = ("ink", "value", "gradient", "local", "aside", "faint")
LINES = ("frame", *TEXT)
SELECTORS = {"dark": ".diagram.dark", "print": ".diagram.print"}

Triple = tuple[float, float, float]


def linear(colour: str) -> Triple:
    """Red, green, blue as intensities of light (IEC 61966-2-1)."""
    channels = (int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return r, g, b


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    luminance = sorted(
        0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))
    )
    return (luminance[1] + 0.05) / (luminance[0] + 0.05)


# Dichromats' vision on linear RGB at full severity: Machado, Oliveira and Fernandes, "A
# physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15 (2009).
VISION = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip


def lab(light: Triple) -> Triple:
    """CIE 1976 L*a*b*, white D65."""
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = (sum(m * c for m, c in zip(row, light, strict=True)) for row in matrix)
    x, y, z = (c / white for c, white in zip(xyz, (0.9505, 1.0, 1.089), strict=True))
    fx, fy, fz = (
        math.cbrt(t) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z)
    )
    return 116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)


def seen(colour: str, vision: str) -> Triple:
    light = linear(colour)
    mixed = (sum(m * c for m, c in zip(row, light, strict=True)) for row in VISION[vision])
    r, g, b = (min(max(c, 0.0), 1.0) for c in mixed)
    return lab((r, g, b))


def used(svg: str) -> set[str]:
    """The colours of the drawing, whatever paints with them."""
    found = {
        value
        for element in parsed(svg).iter()
        for key, value in element.attrib.items()
        if key in ("fill", "stroke", "color", "stop-color")
    }
    return found - {"none", "transparent"}


def rules(svg: str) -> dict[str, dict[tuple[str, str], str]]:
    """For each selector: (attribute, colour drawn) → colour in that theme."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    style = svg[svg.index("<style>") : svg.index("</style>")]
    for selector, how, drawn, painted, wanted in re.findall(
        r'(\.diagram\.\w+) \[(\w+)="(#\w{6})"\] \{ (\w+): (#\w{6}) \}', style
    ):
        assert how == painted
        found.setdefault(selector, {})[how, drawn] = wanted
    return found


# --- what can be read -------------------------------------------------------------------------


def test_the_formula_of_contrast() -> None:
    """The figures of the recommendation: black on white 21, #767676 on white just above 4.5."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert 4.5 < contrast("#767676", "#ffffff") < 4.6
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize(("role", "background"), [*product(TEXT, BACKGROUNDS)])
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_text_has_contrast(theme: str, role: str, background: str) -> None:
    colours = asdict(THEMES[theme])  # type: ignore[index]
    assert contrast(colours[role], colours[background]) >= 4.5


@pytest.mark.parametrize(("role", "background"), [*product(LINES, BACKGROUNDS)])
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_lines_have_contrast(theme: str, role: str, background: str) -> None:
    colours = asdict(THEMES[theme])  # type: ignore[index]
    assert contrast(colours[role], colours[background]) >= 3.0


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_value_and_gradient_stay_apart(theme: str, vision: str) -> None:
    """A difference of 2.3 can just be seen (Mahy and others, 1994); this is ten times that."""
    colours = THEMES[theme]  # type: ignore[index]
    apart = math.dist(seen(colours.value, vision), seen(colours.gradient, vision))
    assert apart > 23.0


def test_the_simulation_confuses_what_dichromats_confuse() -> None:
    """Red and green of one lightness are one colour to a deuteranope, two to others."""
    red, green = "#b45a00", "#7d7d00"
    assert math.dist(seen(red, "normal"), seen(green, "normal")) > 30.0
    assert math.dist(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < 12.0


# --- the stylesheet ---------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
def test_every_colour_has_a_part_and_a_rule_in_each_theme(style: str) -> None:
    root = grown(80, seed=3)
    leaf = next(node for node in draw(root).scene.drawn if node.is_leaf)
    light = asdict(THEMES["light"])
    for diagram in (
        draw(root, style=style, wrt=leaf),
        draw(root, style=style, budget=None, show=["value", "grad", "local"]),
    ):
        svg = diagram.svg()
        assert used(svg) <= set(light.values())
        found = rules(svg)
        assert found.keys() == {".diagram.dark", ".diagram.print", ".diagram.auto"}
        for theme, selector in SELECTORS.items():
            wanted = asdict(THEMES[theme])  # type: ignore[index]
            expected = {
                (how, light[role]): wanted[role] for role in light for how in ("fill", "stroke")
            }
            assert found[selector] == expected


def test_the_colours_of_the_light_theme_differ() -> None:
    """Each stands for one part, so that it can be exchanged."""
    assert len(set(asdict(THEMES["light"]).values())) == len(fields(Colours))


@pytest.mark.parametrize("theme", THEMES)
def test_the_outermost_element_says_which_theme(theme: str) -> None:
    svg = draw(Value(2.0, "x") * 3.0, theme=theme).svg()  # type: ignore[arg-type]
    assert parsed(svg).get("class") == f"diagram {theme}"
    assert svg.count("<style>") == 1


def test_the_readers_setting_decides_where_the_theme_is_auto() -> None:
    style = with_stylesheet("<svg width='1'></svg>", "auto")
    dark, printed = style.split("@media print")
    assert "prefers-color-scheme: dark" in dark
    assert rules(f"<style>{dark}</style>")[".diagram.auto"] == rules(style)[".diagram.dark"]
    assert rules(f"<style>{printed}")[".diagram.auto"] == rules(style)[".diagram.print"]


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_the_source_has_the_colours_of_its_theme(theme: str) -> None:
    """PNG, PDF and DOT have no stylesheet."""
    colours = set(re.findall(r"#[0-9a-f]{6}", draw(grown(20, 1), theme=theme).dot))  # type: ignore[arg-type]
    assert colours <= set(asdict(THEMES[theme]).values())  # type: ignore[index]


# --- never by colour alone --------------------------------------------------------------------


def test_print_has_no_colour_at_all() -> None:
    """Every part of the print theme is grey, so nothing in it is told by its colour."""
    for colour in asdict(THEMES["print"]).values():
        assert colour[1:3] == colour[3:5] == colour[5:7]


@pytest.mark.parametrize("style", STYLES)
def test_on_the_path_is_thick_and_off_it_is_thin(style: str) -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    svg = draw((x * y + y.tanh()).named("z"), style=style, wrt=x).svg()
    edges = [part for part in parts(svg) if part.kind == "edge"]
    assert {"on-path", "off-path"} == {c for e in edges for c in e.classes} - {"wire"}
    for edge in edges:
        assert set(edge.widths) == {2.2 if "on-path" in edge.classes else 1.0}


@pytest.mark.parametrize("style", STYLES)
def test_a_gradient_is_marked_by_its_place_or_its_letter(style: str) -> None:
    x = Value(2.0, "x")
    diagram = draw((x * 3.0).named("z"), style=style, direction="LR")
    gradient = THEMES["light"].gradient
    for part in (part for part in parts(diagram.svg()) if part.kind == "node"):
        for text in part.texts:
            if text.colour == gradient and style == "circuit":
                value = next(t for t in part.texts if t.colour == THEMES["light"].value)
                assert text.at[1] > value.at[1]  # below; SVG counts downwards
            elif text.colour == gradient:
                assert text.words.startswith("d ")
    legend = " ".join(texts(diagram.svg()))
    assert ("below it" if style == "circuit" else "after d") + " the gradient of z" in legend
