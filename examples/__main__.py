"""`python -m examples`: every example with three seeds; `python -m examples moons`: one of them."""

from __future__ import annotations

import sys

from . import digits, moons, sines, xor
from .running import main

__all__: list[str] = []

if __name__ == "__main__":
    trainings = xor.TRAININGS | moons.TRAININGS | digits.TRAININGS | sines.TRAININGS
    sys.exit(main(trainings, seeds=(0, 1, 2)))
