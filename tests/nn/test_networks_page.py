"""docs/networks.md names all that `nn` has, and is right about what PyTorch has. (Its examples are
doctests.)"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nn
from nn import data, optim, schedules
from tests.support.against_torch import torch
from tests.support.every_module import EVERY

PAGE = (Path(__file__).parents[2] / "docs/networks.md").read_text("utf-8")
CODE = re.compile(r"`[^`\n]+`")
ROWS = [
    (CODE.findall(cells[1]), line)
    for line in PAGE.splitlines()
    if len(cells := line.split("|")) > 3 and "`" in cells[1]
]


def mentioned(text: str) -> set[str]:
    return {word for code in CODE.findall(text) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize("module", [nn, optim, schedules, data], ids=lambda m: m.__name__)
def test_every_public_name_stands_on_the_page(module: object) -> None:
    inside = {"Module", "Optimizer", "LRScheduler", "Data", "require_optimizer"}
    examples = set(re.findall(r"\w+", "".join(re.findall(r"^(?:>>>|\.\.\.) .*$", PAGE, re.M))))
    missing = set(module.__all__) - mentioned(PAGE) - examples - inside  # type: ignore[attr-defined]
    assert missing == set()


def test_every_layer_and_loss_stands_in_one_row() -> None:
    names = [name.strip("`") for cells, _ in ROWS for name in cells]
    assert len(set(names)) == len(names)
    assert set(names) == set(EVERY)


@pytest.mark.oracle
@pytest.mark.parametrize(("names", "line"), ROWS, ids=lambda part: str(part)[:40])
def test_what_pytorch_has(names: list[str], line: str) -> None:
    ours_alone = "PyTorch has none" in line or "micrograd" in line
    for name in names:
        assert hasattr(torch().nn, name.strip("`")) is not ours_alone, name


@pytest.mark.oracle
def test_a_state_of_pytorchs_as_on_the_page() -> None:
    t = torch()
    theirs = t.nn.Sequential(t.nn.Linear(2, 8), t.nn.Tanh(), t.nn.Linear(8, 1))
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
    assert net.load_state_dict(theirs.state_dict()) == ([], [])
    expected = theirs.double()(t.tensor([[0.5, -2.0]], dtype=t.float64)).item()
    assert net([[0.5, -2.0]])[0].data == pytest.approx(expected, rel=1e-12)
