"""Sine waves, foretold: at each time step a recurrent net says what number comes next.

Run it with `python -m examples.sines --seed 1`, one of the two nets with
`python -m examples.sines sines-lstm --seed 1`.

A net sees twenty steps of a wave, one after another, and never the phase. The first number does
not say whether the wave rises or falls, so it is judged from the third step on. There the last
number repeated would be wrong by 0.21, and the straight line through the last two by 0.063.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from typing import Any

import numpy as np

import nn
from viz import plot_loss

from .judging import Mark, Outcome, loss_curve, outputs
from .running import main

__all__ = ["TRAININGS", "Foreteller", "train"]

MARK = Mark("root mean square error on new waves", "≤", 0.05)
UNJUDGED = 2  # steps at the start of a wave
WIDTH = 8


class Foreteller(nn.Module):
    """A recurrent net and a neuron that reads its state: (batch, time, 1) to the next numbers."""

    def __init__(self, recurrent: nn.RNN | nn.LSTM) -> None:
        self.recurrent = recurrent
        self.readout = nn.Linear(recurrent.hidden_size, 1)

    def forward(self, x: Any) -> Any:
        """The foretold numbers, without those of the unjudged steps."""
        states, _ = self.recurrent(x)
        return self.readout(states[:, UNJUDGED:])


def train(
    seed: int, kind: type[nn.RNN] | type[nn.LSTM], epochs: int = 40, samples: int = 20
) -> Outcome:
    """Learn from some waves, five a step, and foretell others; the steps become smaller."""
    random.seed(seed)  # the waves, the weights and the order of the waves are drawn with it
    (x, y), (new_x, new_y) = (
        (x, y[:, UNJUDGED:]) for x, y in (nn.data.sines(samples), nn.data.sines(samples))
    )
    model = Foreteller(kind(1, WIDTH, batch_first=True))
    optimizer = nn.optim.Adam(model.parameters(), lr=0.03)
    schedule = nn.schedules.CosineAnnealingLR(optimizer, T_max=epochs)
    history = nn.fit(
        model, nn.MSELoss(), (x, y), optimizer, epochs, batch_size=5,
        callbacks=[lambda history: schedule.step()],
    )  # fmt: skip

    foretold = outputs(model, new_x)
    wave = plot_loss(*np.stack([new_y, foretold])[:, 0, :, 0], labels=["true sine", "foretold"])
    wave.axes[0].set_ylabel("next number")
    pictures = {"loss": loss_curve(history), "wave": wave}
    error = float(np.sqrt(np.mean((foretold - new_y) ** 2)))
    return Outcome(history.epochs, error, MARK, pictures)


TRAININGS = {
    "sines-rnn": partial(train, kind=nn.RNN),
    "sines-lstm": partial(train, kind=nn.LSTM),
}

if __name__ == "__main__":
    sys.exit(main(TRAININGS))
