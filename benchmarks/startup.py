"""How long the import takes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

__all__ = ["import_time"]


def import_time() -> None:
    """`import autograd_core` over a bare Python, medians of whole processes."""

    def once(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    pairs = [(once("pass"), once("import autograd_core")) for _ in range(15)]
    bare, with_import = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"import autograd_core: {(with_import - bare) * 1000:.0f} ms over a bare Python")
