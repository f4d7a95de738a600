"""The progress bar of a training, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(total: int, show: bool | None = None) -> Iterator[Callable[[str], None]]:
    """A bar of `total` steps on standard error; calling what it gives moves it on by one.

    show : None shows it on a terminal and is quiet elsewhere; True and False decide.

    >>> with progress_bar(2, show=False) as advance:
    ...     advance("epoch 1, loss 0.5")
    """
    if not (sys.stderr.isatty() if show is None else show):
        yield lambda text: None
        return
    # Imported here: without a bar, nothing of it is needed.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total)
        yield lambda text: progress.update(task, advance=1, description=text)
