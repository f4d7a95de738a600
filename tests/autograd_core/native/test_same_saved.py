"""Each engine reads what the other has saved: a file does not tell which of them wrote it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.native_engine import needs_native
from tests.support.saved_programs import graphs, report

pytestmark = needs_native

ROOT = Path(__file__).parents[3]


def process(engine: str, task: str, file: Path) -> str:
    """`saved_programs` under an engine: what it prints."""
    command = [sys.executable, "-m", "tests.support.saved_programs", task, str(file)]
    environment = {**os.environ, "AUTOGRAD_CORE_ENGINE": engine, "PYTHONWARNINGS": "ignore"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("writer", ["native", "python"])
def test_what_one_engine_saves_the_other_reads(writer: str, tmp_path: Path) -> None:
    file = tmp_path / "graphs.pickle"
    process(writer, "write", file)
    expected = report(graphs())
    for reader in ("native", "python"):
        name, told = process(reader, "read", file).splitlines()
        assert name == reader
        assert told == expected
