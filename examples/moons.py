"""Two moons: a hidden layer of sixteen relu neurons draws a curve between 100 points.

Run it with `python -m examples.moons --seed 1`.
"""

from __future__ import annotations

import random
import sys

import nn
from viz import plot_decision

from .judging import Mark, Outcome, loss_curve, outputs
from .running import main

__all__ = ["TRAININGS", "train"]

MARK = Mark("share of the points on the right side", "≥", 0.99)


def train(seed: int, epochs: int = 50, samples: int = 100) -> Outcome:
    """Learn which moon each point belongs to, ten points a step."""
    random.seed(seed)  # the points, the weights and the order of the points are drawn with it
    x, y = nn.data.moons(samples, noise=0.1)
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = nn.optim.Adam(model.parameters(), lr=0.1)
    history = nn.fit(
        model, nn.BCEWithLogitsLoss(), (x, y[:, None]), optimizer, epochs, batch_size=10
    )

    right = (outputs(model, x)[:, 0] > 0.0) == (y == 1.0)
    pictures = {
        "loss": loss_curve(history),
        "regions": plot_decision(model, x, y, resolution=31),
    }
    return Outcome(history.epochs, float(right.mean()), MARK, pictures)


TRAININGS = {"moons": train}

if __name__ == "__main__":
    sys.exit(main(TRAININGS))
