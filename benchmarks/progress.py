"""What is being measured, on a terminal's standard error."""

from __future__ import annotations

import sys

__all__ = ["progress"]


def progress(what: str) -> None:
    """Show it in place of what was shown before; "" clears the line."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what and f'… {what}'}", end="", file=sys.stderr, flush=True)
