"""Which engine makes the nodes: the one in C where it was built, else the reference in Python.

Both give the same numbers, bit for bit. The environment variable AUTOGRAD_CORE_ENGINE, `python` or
`native`, forces one of them.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

__all__ = ["engine", "native", "row_type"]


def _load(wanted: str) -> Any:
    """The extension in C, or None where the reference is to run."""
    if wanted not in ("", "native", "python"):
        raise ImportError(f"AUTOGRAD_CORE_ENGINE is 'python' or 'native', not {wanted!r}")
    if wanted == "python":
        return None
    try:
        return importlib.import_module(f"{__package__}._native.engine")
    except ImportError as problem:
        if wanted == "native":
            raise ImportError(
                "AUTOGRAD_CORE_ENGINE is 'native', but the engine in C is not here "
                f"({problem}): install autograd-core again where there is a C compiler, "
                "or unset the variable"
            ) from problem
        return None


native = _load(os.environ.get("AUTOGRAD_CORE_ENGINE", ""))
engine = "python" if native is None else "native"


def row_type(kind: type) -> Any:
    """The type of the table's rows of a kind: itself, or its subclass whose calls run in C."""
    return kind if native is None else native.row_type(kind)
