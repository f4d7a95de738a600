"""Without PyTorch the comparisons with it are left out, and the last lines say so.

What shows a system of the sources may not be skipped.
"""

from __future__ import annotations

import gc
import os
from importlib.util import find_spec

import pytest

from tests.support.system_markers import pytest_runtest_makereport  # noqa: F401  (a hook)

WITHOUT = "comparisons with PyTorch left out; to run them: make test EXTRAS=dev,oracle"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if find_spec("torch") is not None:
        return
    oracle = [item for item in items if item.get_closest_marker("oracle")]
    if oracle:
        items[:] = [item for item in items if item not in set(oracle)]
        config.hook.pytest_deselected(items=oracle)
        config.stash[_left_out] = len(oracle)


# Their matrices are small, and every core has its own process: more threads only wait, busily.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_configure() -> None:
    """Collect garbage rarely: looking for it took a tenth of the time."""
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    gc.freeze()  # the tests themselves last to the end


def pytest_sessionfinish() -> None:
    """Once: at the end pytest collects the garbage several times more, over all that was made."""
    gc.collect()
    gc.freeze()


_left_out = pytest.StashKey[int]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if count := config.stash.get(_left_out, 0):
        terminalreporter.write_line(f"{count} {WITHOUT}")
