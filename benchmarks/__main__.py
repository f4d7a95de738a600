"""`python -m benchmarks`: what this machine does in one run. Results are compared before timing."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

from autograd_core import engine

from .networks import training_step
from .pictures import drawings, explanations
from .progress import progress
from .ratios import print_table
from .startup import import_time


def main() -> None:
    """Print every table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"engine: {engine}\n")  # fmt: skip
    print_table()
    alone("memory")
    alone("chains")
    for table in (training_step, explanations, drawings, import_time):
        progress(table.__name__.replace("_", " "))
        table()


def alone(module: str) -> None:
    """Run a part in a process of its own, whose memory holds nothing else."""
    progress(module)
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], check=True)


if __name__ == "__main__":
    main()
