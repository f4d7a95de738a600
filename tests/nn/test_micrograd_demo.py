"""micrograd's demo, written once and run on both libraries: only the imports differ."""

from __future__ import annotations

import inspect
import random
from typing import Any

import pytest

from nn.data import moons

MICROGRAD = "from micrograd.engine import Value\nfrom micrograd.nn import MLP\n"
OURS = "from autograd_core import Value\nfrom nn import MLP\n"
DEMO = """
random.seed(1337)
model = MLP(2, [16, 16, 1])
start = [p.data for p in model.parameters()]

def measured():
    scores = [model([Value(a), Value(b)]) for a, b in X]
    margins = [(1 + -label * score).relu() for label, score in zip(y, scores)]
    penalty = 1e-4 * sum(p * p for p in model.parameters())
    right = [(label > 0) == (score.data > 0) for label, score in zip(y, scores)]
    return sum(margins) * (1.0 / len(margins)) + penalty, sum(right) / len(right)

record = []
for k in range(STEPS):
    loss, accuracy = measured()
    record.append((loss.data, accuracy))
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= (1.0 - 0.9 * k / 100) * p.grad
text = repr(model)
"""


# What micrograd 0.1.0 computes with 100 points: the losses of the steps 0 to 10, and how many
# of the points are right.
LOSSES = [
    0.9093643844649194, 1.6737409104703749, 0.690428903178282, 0.7177829189814823,
    0.3630164892885946, 0.2925977990429059, 0.2637271111320731, 0.24710860980984523,
    0.23744635123429877, 0.27365974650446556, 0.36123160143282174,
]  # fmt: skip
RIGHT = [50, 77, 78, 81, 85, 86, 89, 89, 90, 93, 87]


def run(imports: str, points: int) -> dict[str, Any]:
    x, y = moons(points, noise=0.1, seed=1337)
    namespace: dict[str, Any] = {"random": random, "X": x, "y": y * 2 - 1, "STEPS": 11}
    exec(imports + DEMO, namespace)
    return namespace


def test_the_demo_has_micrograds_losses() -> None:
    ours = run(OURS, 100)
    assert [loss for loss, _ in ours["record"]] == pytest.approx(LOSSES, rel=1e-9)
    assert [round(100 * accuracy) for _, accuracy in ours["record"]] == RIGHT


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["Module", "Neuron", "Layer", "MLP", "Value"])
def test_every_name_of_micrograds_is_here(name: str) -> None:
    """Classes, arguments, methods and attributes, but for those that begin with an underscore."""
    from micrograd import engine
    from micrograd import nn as theirs

    import autograd_core
    import nn

    arguments: Any = {"Neuron": [2], "Layer": [2, 1], "MLP": [2, [3, 1]], "Value": [1.0]}
    original = getattr(theirs if name != "Value" else engine, name)
    ours = getattr(nn if name != "Value" else autograd_core, name)
    expected = [n for n in inspect.signature(original).parameters if n[0] != "_"]
    assert expected == [n for n in inspect.signature(ours).parameters if n in expected]
    made, peer = (kind(*arguments.get(name, [])) for kind in (ours, original))
    missing = [n for n in dir(peer) if not n.startswith("_") and not hasattr(made, n)]
    assert missing == []
    operators = [n for n in vars(original) if n.startswith("__") and callable(vars(original)[n])]
    assert [n for n in operators if not hasattr(made, n)] == []


@pytest.mark.oracle
def test_the_demo_with_only_the_imports_changed() -> None:
    """On fewer points, since micrograd takes its time."""
    theirs, ours = run(MICROGRAD, 12), run(OURS, 12)
    assert ours["start"] == theirs["start"]
    assert len(ours["start"]) == 337
    for (loss, accuracy), (expected, right) in zip(ours["record"], theirs["record"], strict=True):
        assert loss == pytest.approx(expected, rel=1e-10)
        assert accuracy == right
    assert ours["text"] == theirs["text"]
