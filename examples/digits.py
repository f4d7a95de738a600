"""Handwritten digits: a convolution of eight filters and a dense layer, all of scalar nodes.

Run it with `python -m examples.digits --seed 1`. The network learns from four fifths of the
images and is judged by the others.
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import nn
from viz import plot_feature_maps

from .judging import Mark, Outcome, loss_curve, outputs
from .running import main

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TRAININGS", "train"]

MARK = Mark("accuracy held out", "≥", 0.95)
MOST_SHOWN = 16  # of the digits that were read wrong


def train(seed: int, epochs: int = 6, samples: int | None = None) -> Outcome:
    """Learn to read the digits, sixteen images a step; the steps become smaller."""
    random.seed(seed)  # the split, the weights and the order of the images are drawn with it
    training, (x, y) = nn.data.split(*nn.data.digits(samples), validation=0.2)
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 4 * 4, 10)
    )
    optimizer = nn.optim.Adam(model.parameters(), lr=0.03)
    schedule = nn.schedules.CosineAnnealingLR(optimizer, T_max=epochs)
    history = nn.fit(
        model, nn.CrossEntropyLoss(), training, optimizer, epochs, batch_size=16,
        callbacks=[lambda history: schedule.step()],
    )  # fmt: skip

    read = outputs(model, x).argmax(axis=1)
    pictures = {"loss": loss_curve(history)}
    if (read != y).any():
        pictures["wrong"] = wrong_digits(x, y, read)
    return Outcome(history.epochs, float((read == y).mean()), MARK, pictures)


def wrong_digits(x: Any, y: Any, read: Any) -> Figure:
    """The first images that were read wrong, each with its digit and with what was read."""
    wrong = np.flatnonzero(read != y)[:MOST_SHOWN]
    picture = plot_feature_maps(x[wrong, 0])
    for axes, i in zip(picture.axes, wrong, strict=False):  # the last axes are the colour bar
        axes.title.set_text(f"{y[i]} read as {read[i]}")
    picture.axes[-1].set(ylabel="ink", ylim=(0.0, 1.0))
    return picture


TRAININGS = {"digits": train}

if __name__ == "__main__":
    sys.exit(main(TRAININGS))
