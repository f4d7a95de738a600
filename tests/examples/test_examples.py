"""The examples in short: pictures are drawn, numbers are right, a miss is a failure."""

from __future__ import annotations

import ast
import math
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import nn
from examples import digits, moons, sines, xor
from examples.judging import Mark, Outcome, Training, loss_curve, outputs
from examples.running import main, run

ROOT = Path(__file__).parents[2]
PACKAGES = {"autograd_core", "nn", "viz"}
SHORT: dict[str, tuple[Training, set[str]]] = {
    "xor": (partial(xor.train, epochs=2), {"loss", "regions"}),
    "moons": (partial(moons.train, epochs=1, samples=12), {"loss", "regions"}),
    "digits": (partial(digits.train, epochs=1, samples=40), {"loss", "wrong"}),
    "sines-rnn": (partial(sines.train, kind=nn.RNN, epochs=1, samples=2), {"loss", "wave"}),
    "sines-lstm": (partial(sines.train, kind=nn.LSTM, epochs=1, samples=2), {"loss", "wave"}),
}
ALL = xor.TRAININGS | moons.TRAININGS | digits.TRAININGS | sines.TRAININGS


# --- the programs -------------------------------------------------------------------------------


def test_every_training_is_tried() -> None:
    assert set(SHORT) == set(ALL)


@pytest.mark.parametrize("name", SHORT)
def test_a_short_training_draws_its_pictures(name: str, tmp_path: Path) -> None:
    train, titles = SHORT[name]
    run({name: train}, [3], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}-3-{t}.png" for t in titles}
    for path in tmp_path.iterdir():
        with Image.open(path) as image:
            grey = np.asarray(image.convert("L"))
        assert grey.shape[1] > 300
        assert grey.min() < 100 < 250 < grey.max()  # ink on paper


@pytest.mark.parametrize("name", SHORT)
def test_the_seed_settles_everything(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (xor, moons):  # the regions say nothing here, and take time
        monkeypatch.setattr(module, "plot_decision", lambda *args, **options: Figure())
    train, _ = SHORT[name]
    first, again, other = (curve(train(seed)) for seed in (1, 1, 2))
    assert first == again != other


def curve(outcome: Outcome) -> list[float]:
    """The losses that are drawn."""
    losses: list[float] = np.asarray(outcome.pictures["loss"].axes[0].lines[0].get_ydata()).tolist()
    return losses


# --- what is reached: judged by outputs whose errors are known ----------------------------------


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    history = nn.History(loss=[1.0])
    monkeypatch.setattr(nn, "fit", lambda *args, **options: history)


def answer(monkeypatch: pytest.MonkeyPatch, module: Any, formula: Callable[[Any], Any]) -> None:
    """Let the module's network give the outputs of a formula."""
    monkeypatch.setattr(module, "outputs", lambda model, x: formula(x))


@pytest.mark.usefixtures("untrained")
def test_xor_counts_the_largest_error(monkeypatch: pytest.MonkeyPatch) -> None:
    logits = [[-1000.0], [1000.0], [math.log(3.0)], [-1000.0]]  # of 0, 1, ¾, 0
    answer(monkeypatch, xor, lambda x: np.array(logits))
    outcome = xor.train(0)
    assert outcome.reached == pytest.approx(0.25, rel=1e-12)
    assert outcome.mark == Mark("largest error of the four probabilities", "≤", 0.05)


@pytest.mark.usefixtures("untrained")
def test_moons_counts_the_points_on_the_right_side(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, moons, lambda x: np.full((len(x), 1), 2.0))  # class 1, wherever
    outcome = moons.train(0, samples=13)
    assert outcome.reached == 7 / 13  # the upper moon has 13 // 2 points
    assert (outcome.mark.sign, outcome.mark.bound) == ("≥", 0.99)


@pytest.mark.usefixtures("untrained")
@pytest.mark.parametrize(("digit", "reached"), [(3, 1.0), (4, 0.0)])
def test_digits_counts_what_is_read_right(
    monkeypatch: pytest.MonkeyPatch, digit: int, reached: float
) -> None:
    images = np.random.default_rng(0).uniform(size=(10, 1, 8, 8))
    monkeypatch.setattr(nn.data, "digits", lambda samples: (images, np.full(10, digit)))
    answer(monkeypatch, digits, lambda x: np.eye(10)[np.full(len(x), 3)])  # reads 3 everywhere
    outcome = digits.train(0)
    assert outcome.reached == reached
    assert (outcome.mark.sign, outcome.mark.bound) == ("≥", 0.95)
    if reached:
        assert set(outcome.pictures) == {"loss"}
    else:
        *held_out, ink = outcome.pictures["wrong"].axes
        assert [axes.get_title() for axes in held_out] == ["4 read as 3"] * 2  # a fifth of ten
        assert ink.get_ylabel() == "ink"


@pytest.mark.usefixtures("untrained")
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM])
def test_sines_takes_the_root_of_the_mean_square(
    monkeypatch: pytest.MonkeyPatch, kind: type[nn.RNN] | type[nn.LSTM]
) -> None:
    def foretold(x: Any) -> Any:
        """sin(t + s) = 2·cos(s)·sin(t) − sin(t − s), and 0.1 too much."""
        return 2.0 * math.cos(0.3) * x[:, 2:] - x[:, 1:-1] + 0.1

    answer(monkeypatch, sines, foretold)
    assert sines.train(0, kind).reached == pytest.approx(0.1, rel=1e-9)


def test_what_sines_compares_with() -> None:
    """Of a sine in steps of 0.3 the first differences have the amplitude 2·sin(0.15), the second
    its square; the root mean square is the amplitude divided by √2."""
    difference = 2.0 * math.sin(0.3 / 2.0)
    last, line = difference / math.sqrt(2.0), difference**2 / math.sqrt(2.0)
    text = " ".join((sines.__doc__ or "").split())
    assert f"repeated would be wrong by {last:.2f}" in text
    assert f"the straight line through the last two by {line:.3f}" in text
    assert sines.MARK.sign == "≤"
    assert sines.MARK.bound < line


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM])
def test_the_foreteller_reads_the_state_of_each_judged_step(
    kind: type[nn.RNN] | type[nn.LSTM],
) -> None:
    model = sines.Foreteller(kind(1, 3, batch_first=True, seed=0))
    x, _ = nn.data.sines(2, length=5, seed=0)
    shorter = x[:, :4]
    assert outputs(model, x).shape == (2, 3, 1)
    np.testing.assert_array_equal(outputs(model, x)[:, :2], outputs(model, shorter))


# --- the mark and the command -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"), [("≥", False, True, True), ("≤", True, True, False)]
)
def test_a_mark(sign: Literal["≥", "≤"], below: bool, at: bool, above: bool) -> None:
    mark = Mark("share", sign, 0.5)
    assert [mark.is_met_by(n) for n in (0.49, 0.5, 0.51)] == [below, at, above]
    assert not mark.is_met_by(math.nan)


def planted(seed: int) -> Outcome:
    """A training of no time: it misses its mark with seed 0 and reaches it with others."""
    picture = loss_curve(nn.History(loss=[1.0, 0.5]))
    return Outcome(7, 0.9 + seed / 100, Mark("accuracy", "≥", 0.95), {"loss": picture})


def test_a_miss_fails_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"a": planted, "b": planted}, (0, 5), ["--folder", str(tmp_path / "new")]) == 1
    out, err = capsys.readouterr()
    lines = [re.sub(r" +", " ", line) for line in out.splitlines()]
    pattern = r"a seed {} 7 epochs \d+\.\d s accuracy {}, asked ≥ 0\.95{}"
    assert re.fullmatch(pattern.format(0, r"0\.9000", " MISSED"), lines[0])
    assert re.fullmatch(pattern.format(5, r"0\.9500", ""), lines[1])
    assert err.startswith("missed the mark: a with seed 0, b with seed 0; train for more epochs")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "a-0-loss.png", "a-5-loss.png", "b-0-loss.png", "b-5-loss.png",
    }  # fmt: skip


def test_marks_that_are_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["b", "--seed", "5", "6", "--folder", str(tmp_path)]
    assert main({"a": planted, "b": planted}, (0,), arguments) == 0
    out, err = capsys.readouterr()
    assert [" ".join(line.split()[:3]) for line in out.splitlines()] == ["b seed 5", "b seed 6"]
    assert "MISSED" not in out + err


def test_another_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main({"a": planted, "b": planted}, (0,), ["c"])
    assert stopped.value.code == 2
    assert re.search("'?c'?.*choose from '?a'?, '?b'?", capsys.readouterr().err)


@pytest.mark.parametrize("program", ["examples", "examples.xor"])
def test_the_programs_run_and_xor_reaches_its_mark(program: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", program, "xor", "--seed", "1", "--folder", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"xor +seed 1 +100 epochs .* asked ≤ 0\.05\n", result.stdout)
    assert len(list(tmp_path.iterdir())) == 2


# --- as a student would write it ----------------------------------------------------------------


@pytest.mark.parametrize("module", [xor, moons, digits, sines], ids=lambda module: module.__name__)
def test_only_what_is_public(module: ModuleType) -> None:
    """From the packages themselves, never from their files; and short enough to copy."""
    source = Path(str(module.__file__)).read_text("utf-8")
    found = {
        node.module or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and not node.level
    }
    assert {name for name in found if name.split(".")[0] in PACKAGES} <= PACKAGES
    assert len(source.splitlines()) <= 100
