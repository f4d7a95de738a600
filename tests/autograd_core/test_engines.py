"""Which engine runs: what is built, what the environment asks for, what a missing one says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_core.engines import native

ROOT = Path(__file__).parents[2]
WHICH = "import autograd_core as ac; print(ac.engine, type(ac.Value(1.0)) is ac.reference.Value)"
# An import of None fails, as that of an extension that was not built.
MISSING = "import sys; sys.modules['autograd_core._native.engine'] = None; "


def run(code: str, engine: str | None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "AUTOGRAD_CORE_ENGINE"}
    if engine is not None:
        environment["AUTOGRAD_CORE_ENGINE"] = engine
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, text=True, capture_output=True
    )


@pytest.mark.parametrize("engine", [None, "", "python"])
def test_the_reference_runs_where_the_other_is_missing_or_where_it_is_asked_for(
    engine: str | None,
) -> None:
    code = "import autograd_core.reference; " + WHICH
    assert run(MISSING + code, engine).stdout == "python True\n"


@pytest.mark.skipif(native is None, reason="the tests run on the reference")
@pytest.mark.parametrize("engine", [None, "", "native"])
def test_the_engine_in_c_runs_where_it_was_built(engine: str | None) -> None:
    assert run("import autograd_core.reference; " + WHICH, engine).stdout == "native False\n"


def test_forcing_a_missing_engine_is_an_error_with_the_repair() -> None:
    outcome = run(MISSING + WHICH, "native")
    assert outcome.returncode == 1
    last = outcome.stderr.splitlines()[-1]
    assert last.startswith("ImportError: AUTOGRAD_CORE_ENGINE is 'native', but the engine in C")
    assert "install autograd-core again where there is a C compiler, or unset the variable" in last


def test_another_engine_is_an_error() -> None:
    outcome = run(WHICH, "fortran")
    last = outcome.stderr.splitlines()[-1]
    assert last == "ImportError: AUTOGRAD_CORE_ENGINE is 'python' or 'native', not 'fortran'"


@pytest.mark.skipif(sys.platform == "win32", reason="no variable names the compiler of Windows")
def test_without_a_compiler_the_build_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", reason="newer Pythons come without it")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("autograd_core", "nn", "viz"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.so"))
    build = subprocess.run(
        [sys.executable, "-W", "ignore", "setup.py", "build"],
        cwd=tmp_path, env=os.environ | {"CC": "false"}, text=True, capture_output=True,
    )  # fmt: skip
    assert build.returncode == 0, build.stderr
    assert 'building extension "autograd_core._native.engine" failed' in build.stdout + build.stderr
    assert not list(tmp_path.rglob("*.so"))
    assert list((tmp_path / "build").rglob("reference.py"))
