"""The Python engine beside the native one: the same comparisons without peers, in a process of
its own, over plain floats timed in that process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from .comparisons import comparisons, over_floats
from .progress import progress

__all__ = ["reference_ratios"]

ROUNDS = 3

Ratios = dict[str, dict[str, float]]  # by the comparison's title and the side's name


def reference_ratios() -> Ratios:
    """The medians that a process with the Python engine finds."""
    progress("the Python engine")
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.reference"],
        env={**os.environ, "AUTOGRAD_CORE_ENGINE": "python"},
        stdout=subprocess.PIPE,
        check=True,
    )
    progress("")
    ratios: Ratios = json.loads(found.stdout)
    return ratios


def main() -> None:
    """Print them as JSON."""
    ratios: Ratios = {}
    for part in comparisons():
        ratios[part.title] = {
            name: ratio.median for name, ratio in over_floats(part, part.ours, ROUNDS).items()
        }
    json.dump(ratios, sys.stdout)


if __name__ == "__main__":
    main()
