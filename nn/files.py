"""Replacing a file as a whole: whoever reads it sees the old content or the new, never a part."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write content beside the file, bring it to the disk, then rename it to `path`.

    A process that dies on the way leaves the old file whole, and perhaps a hidden file that ends
    in .tmp. Permissions of an old file stay; a symbolic link stays a link.

    Errors: OSError as the system gives them; nothing is left beside the file then.

    Source: T. Pillai et al., OSDI 11 (2014), 433–448 (atomic update by rename).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(Path(folder) / "a.txt", b"new")
    ...     (Path(folder) / "a.txt").read_text()
    'new'
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Bring the rename itself to the disk, where a folder can be opened (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
