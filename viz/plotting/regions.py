"""The picture of a classifier: the regions into which it divides the plane, and the data."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_core import modes

from ..inputs import Numbers, extent, labels_for, number, numbers, pairs, whole_number
from .plot_style import (
    COLOURS,
    HATCHES,
    INK,
    MARKERS,
    PAGE,
    TINTS,
    dress,
    legend_below,
    new_picture,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_decision"]

MARGIN = 0.12  # of the data's extent, on every side of it
FINER = 6  # how often a cell that a boundary crosses is divided along each side


def plot_decision(
    model: Callable[[list[float]], Any],
    points: Any,
    labels: Sequence[Any],
    *,
    threshold: float = 0.0,
    names: Sequence[str] | None = None,
    resolution: int = 61,
) -> Figure:
    """Draw the regions into which a model of two inputs divides the plane, and the data.

    model : takes [x₁, x₂] and returns one number, above `threshold` for the second class (0.5
    suits a sigmoid), or one score per class, of which the largest decides. points : (n, 2).
    labels : the class of each point: 0 or 1 (or −1 or 1) for one output, 0, 1, 2, … for scores.
    names : the classes' names in the legend. resolution : the model is asked at so many points
    along each side, and at more where a boundary passes.

    Points on the wrong side are ringed and counted; with none the model separates the classes.

    Raises ValueError for other shapes and labels, for more than seven classes, and for outputs
    that are not finite.

    >>> picture = plot_decision(lambda x: x[0] + x[1] - 1.5,
    ...     [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1], resolution=21)
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['class 0', 'class 1', 'boundary']
    """
    data = pairs("points", points)
    given = numbers("labels", labels, "one label for each point", 1)
    if len(given) != len(data):
        raise ValueError(f"{len(data)} points have {len(given)} labels: give one for each")
    resolution = whole_number("resolution", resolution, 2, 1000)
    threshold = number("threshold", threshold)
    x1, x2 = (extent(data[:, i], MARGIN, resolution) for i in (0, 1))

    def ask(places: Numbers) -> Numbers:
        with modes.no_grad():
            return _scores(model, places, threshold)

    at_data = ask(data)
    classes = _classes(given, *at_data.shape[1:])
    default = [f"class {k}".replace("-", "−") for k in classes]
    words = labels_for("class", names, len(classes), default)

    picture = new_picture(0.8 * PAGE, 4.0)
    axes = picture.subplots()
    boundary = _draw_regions(axes, *_on_grid(ask, x1, x2))
    handles = []
    for k, label in enumerate(classes):
        own = data[given == label]
        handles += axes.plot(
            own[:, 0], own[:, 1], linestyle="", marker=MARKERS[k], markersize=6.5,
            color=COLOURS[k], markeredgecolor="white", markeredgewidth=0.8,
        )  # fmt: skip
    wrong = data[np.array(classes)[at_data.argmax(axis=1)] != given]
    if boundary:
        handles += axes.plot([], [], color=INK, linewidth=1.2)
        words.append("boundary")
    if len(wrong):
        handles += axes.plot(
            wrong[:, 0], wrong[:, 1], linestyle="", marker="o", markersize=11.0,
            markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.2,
        )  # fmt: skip
        words.append(f"on the wrong side: {len(wrong)} of {len(data)}")
    dress(axes, "x₁", "x₂")
    axes.grid(False)
    legend_below(picture, handles, words)
    return picture


def _scores(model: Callable[[list[float]], Any], places: Numbers, threshold: float) -> Numbers:
    """One row per place, one column per class: the largest score decides."""
    outputs = [model(place) for place in places.tolist()]
    found = numbers("the model's outputs", outputs, "one number or one score per class", 1, 2)
    found = found.reshape(len(places), -1)
    if found.shape[1] == 1:
        return np.concatenate([np.zeros_like(found), found - threshold], axis=1)
    return found


def _on_grid(
    ask: Callable[[Numbers], Numbers], x1: Numbers, x2: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """A finer grid and the scores on it: asked for where a boundary passes, interpolated elsewhere.

    So the edge of a step function is sharp, too.
    """
    coarse = ask(_places(x1, x2)).reshape(len(x2), len(x1), -1)
    won = coarse.argmax(axis=-1)
    mixed = np.ptp([won[:-1, :-1], won[:-1, 1:], won[1:, :-1], won[1:, 1:]], axis=0) > 0
    finer1, finer2 = _finer(x1), _finer(x2)
    scores = _finer(np.swapaxes(_finer(coarse), 0, 1)).swapaxes(0, 1).copy()
    near = mixed.repeat(FINER, axis=0).repeat(FINER, axis=1)
    near = np.pad(near, ((0, 1), (0, 1)), mode="edge")
    if near.any():
        scores[near] = ask(_places(finer1, finer2)[near.ravel()])
    return finer1, finer2, scores


def _places(x1: Numbers, x2: Numbers) -> Numbers:
    return np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)


def _finer(values: Numbers) -> Numbers:
    """Values with others interpolated between them, along the first axis."""
    weights = (np.arange(FINER) / FINER).reshape(-1, *[1] * (values.ndim - 1))
    between = [a * (1.0 - weights) + b * weights for a, b in itertools.pairwise(values)]
    return np.concatenate([*between, values[-1:]])


def _classes(labels: Numbers, count: int) -> list[int]:
    """The label of each column of scores."""
    if count > len(MARKERS):
        raise ValueError(f"{count} classes cannot be told apart: draw at most {len(MARKERS)}")
    classes = [-1, 1] if count == 2 and -1.0 in labels else list(range(count))
    for i, label in enumerate(labels.tolist()):
        if label not in classes:
            allowed = ", ".join(map(str, classes))
            raise ValueError(f"labels[{i}] is {label:g}: the model's classes are {allowed}")
    return classes


def _draw_regions(axes: Axes, x1: Numbers, x2: Numbers, scores: Numbers) -> bool:
    """Shade where each class wins; says whether there is a boundary.

    A region is where the class's lead over the best of the others is above 0. Leads are continuous
    where the scores are, so the line is smooth between the places that were asked.
    """
    winners = scores.argmax(axis=-1)
    boundary = False
    for k in range(scores.shape[-1]):
        lead = scores[..., k] - np.delete(scores, k, axis=-1).max(axis=-1)
        scale = float(np.abs(lead).max()) or 1.0
        beside = 1e-9 * scale  # ties belong to one class, so that plateaus have an edge
        lead = np.where(winners == k, np.maximum(lead, beside), np.minimum(lead, -beside))
        if (winners == k).any():
            area = axes.contourf(
                x1, x2, lead, levels=[0.0, 2.0 * scale], colors=[TINTS[k]], hatches=[HATCHES[k]]
            )
            area.set(edgecolor="white", linewidth=0.0)  # of the hatching
            if (winners != k).any() and k < scores.shape[-1] - 1:  # the last one's are all drawn
                boundary = True
                axes.contour(x1, x2, lead, levels=[0.0], colors=[INK], linewidths=[1.2])
    return boundary
