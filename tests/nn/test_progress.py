"""The bar: on a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from nn.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(show: bool | None) -> None:
    with progress_bar(3, show) as advance:
        for i in range(3):
            advance(f"epoch {i}, [loss] 0.5")


def test_quiet_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    run(None)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sys, "stderr", Terminal())
    run(None)
    assert "epoch 2, [loss] 0.5" in sys.stderr.getvalue()


def test_both_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    run(False)
    assert sys.stderr.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    run(True)
    assert "epoch 2" in sys.stderr.getvalue()
