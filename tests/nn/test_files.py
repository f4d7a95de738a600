"""Replacing a file: the old or the new content, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nn import files
from nn.files import replace_file

ROOT = Path(__file__).parents[2]
OLD, NEW = b"old " * 5000, b"new " * 5000

# The step of the way at which the process kills itself, as `kill -9` does from outside.
DEATH = """
import os, signal, sys
from nn.files import replace_file
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
os.{step} = die
replace_file(sys.argv[1], b"new " * 5000)
"""


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_killed_before_the_rename_the_old_file_is_whole(tmp_path: Path, step: str) -> None:
    path = tmp_path / "weights.json"
    path.write_bytes(OLD)
    died = subprocess.run([sys.executable, "-c", DEATH.format(step=step), str(path)], cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    assert path.read_bytes() == OLD
    [left] = [other for other in tmp_path.iterdir() if other != path]
    assert left.read_bytes() == NEW  # it died after the write: there was something to lose
    replace_file(path, b"later")
    assert path.read_bytes() == b"later"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_error_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "weights.json"
    path.write_bytes(OLD)

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, step, fail)
        with pytest.raises(OSError, match="the disk is full"):
            replace_file(path, NEW)
    assert [p.name for p in tmp_path.iterdir()] == ["weights.json"]
    assert path.read_bytes() == OLD


def test_the_content_is_on_the_disk_before_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, rename = os.fsync, os.replace

    def noted_sync(handle: int) -> None:
        order.append("fsync")
        sync(handle)

    def noted_rename(source: Path, target: Path) -> None:
        assert source.read_bytes() == NEW
        assert source.parent == target.parent
        order.append("rename")
        rename(source, target)

    monkeypatch.setattr(files.os, "fsync", noted_sync)
    monkeypatch.setattr(files.os, "replace", noted_rename)
    replace_file(tmp_path / "a.bin", NEW)
    assert order == ["fsync", "rename", "fsync"]  # the second: the folder
    assert (tmp_path / "a.bin").read_bytes() == NEW


def test_permissions_stay_and_new_files_follow_the_mask(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    old = os.umask(0o027)
    try:
        replace_file(path, OLD)
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o604)
        replace_file(path, NEW)
        assert path.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(old)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.bin", tmp_path / "link.bin"
    target.write_bytes(OLD)
    link.symlink_to(target)
    replace_file(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "nowhere" / "a.bin", NEW)
