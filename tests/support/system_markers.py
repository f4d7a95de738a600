"""Which tests show which system of the sources: a plugin that reads pytest's own markers.

`shown()` asks a pytest of its own, so that what it gives does not depend on the tests that are
running: their choice, their order, the number of their processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

__all__ = ["MARKERS", "Shown", "mentions", "shown"]

ROOT = Path(__file__).parents[2]
MARKERS = ("system", "conflict")
MAY_NOT_RUN = ("oracle", "skip", "skipif", "xfail")  # such a test shows nothing everywhere
OPTION = "--shown-to"


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test and what it shows; `doubts` are its markers for which it may not run."""

    file: str
    function: str
    case: str  # of a parametrized test, else empty
    ids: tuple[str, ...]
    doubts: tuple[str, ...]


def mentions() -> list[Path]:
    """The test files in which a marker of systems stands; the others need not be collected."""
    words = [f"mark.{name}(" for name in MARKERS]
    return [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if any(word in path.read_text("utf-8") for word in words)
    ]


def shown(run: bool = False, files: Sequence[Path] | None = None) -> list[Shown]:
    """All tests that show a system, in order; with `run` only those that have just passed."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "shown.json"
        _pytest(run, answer, mentions() if files is None else files)
        return sorted(map(_read, json.loads(answer.read_text("utf-8"))))


def _pytest(run: bool, answer: Path, files: Sequence[Path]) -> None:
    plain = ["--import-mode=importlib", "--strict-markers"]  # no doctests: they have no markers
    command = [sys.executable, "-m", "pytest", "-p", __name__, "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), "-o", f"addopts={' '.join(plain)}"]
    command += [OPTION, str(answer), "-m", " or ".join(MARKERS), *map(str, files)]
    command += [] if run else ["--collect-only", "--assert=plain"]  # plain: half the time
    outside = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    result = subprocess.run(
        command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False
    )
    if result.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(result.stdout + result.stderr)


def _read(found: dict[str, Any]) -> Shown:
    ids, doubts = tuple(found.pop("ids")), tuple(found.pop("doubts"))
    return Shown(**found, ids=ids, doubts=doubts)


# --- the plugin -------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that is skipped shows nothing: that is a failure, and never passes in silence."""
    report = yield
    if report.skipped and any(item.get_closest_marker(name) for name in MARKERS):
        *_, reason = report.longrepr if isinstance(report.longrepr, tuple) else (report.longrepr,)
        told = str(reason).removeprefix("Skipped: ")
        report.outcome = "failed"
        report.longrepr = f"{item.name} shows systems of the sources and may not be skipped: {told}"
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, help="the file that gets the tests of each system, as JSON")


class _Recorder:
    """Keeps the marked tests, and takes out those that do not pass."""

    def __init__(self, answer: Path) -> None:
        self.answer = answer
        self.tests: dict[str, Shown] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.tests = {item.nodeid: _shown_by(item) for item in session.items}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.tests.pop(report.nodeid, None)

    def pytest_sessionfinish(self) -> None:
        self.answer.write_text(json.dumps([asdict(test) for test in self.tests.values()]), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if answer := config.getoption(OPTION):
        config.pluginmanager.register(_Recorder(Path(answer)))


def _shown_by(item: pytest.Item) -> Shown:
    file, _, function = item.nodeid.partition("::")
    name, _, case = function.partition("[")
    ids = {i for marker in MARKERS for mark in item.iter_markers(marker) for i in mark.args}
    doubts = [name for name in MAY_NOT_RUN if item.get_closest_marker(name)]
    return Shown(file, name, case.removesuffix("]"), tuple(sorted(ids)), tuple(doubts))
