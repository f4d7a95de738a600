"""The exclusive or, which no straight line separates: two inputs, four tanh neurons, one output.

Run it with `python -m examples.xor --seed 1`.
"""

from __future__ import annotations

import random
import sys

import numpy as np

import nn
from autograd_core import sigmoid
from viz import plot_decision

from .judging import Mark, Outcome, loss_curve, outputs
from .running import main

__all__ = ["TRAININGS", "train"]

MARK = Mark("largest error of the four probabilities", "≤", 0.05)


def train(seed: int, epochs: int = 100) -> Outcome:
    """Learn the four corners by heart, all of them in every step."""
    random.seed(seed)  # the weights are drawn with it
    x, y = nn.data.xor()
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = nn.optim.Adam(model.parameters(), lr=0.1)
    history = nn.fit(model, nn.BCEWithLogitsLoss(), (x, y[:, None]), optimizer, epochs)

    probabilities = sigmoid(outputs(model, x)[:, 0])
    pictures = {
        "loss": loss_curve(history),
        "regions": plot_decision(model, x, y, resolution=31),
    }
    return Outcome(history.epochs, float(np.abs(probabilities - y).max()), MARK, pictures)


TRAININGS = {"xor": train}

if __name__ == "__main__":
    sys.exit(main(TRAININGS))
