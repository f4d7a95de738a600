"""The command of every example: train with some seeds, print a line for each, save the pictures."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .judging import Outcome, Training

__all__ = ["main", "run"]


def main(
    trainings: Mapping[str, Training],
    seeds: Sequence[int] = (0,),
    arguments: Sequence[str] | None = None,
) -> int:
    """Run the trainings that the command line names, all where it names none.

    seeds : those that are taken where the command line gives none. Returns the exit status.
    """
    parser = argparse.ArgumentParser(description="Train networks; fail where one misses its mark.")
    parser.add_argument("name", nargs="?", choices=list(trainings), help="only this one")
    parser.add_argument("--seed", type=int, nargs="+", default=list(seeds), help="%(default)s")
    parser.add_argument("--folder", type=Path, default=Path("build/examples"), help="%(default)s")
    options = parser.parse_args(arguments)
    chosen = {options.name: trainings[options.name]} if options.name else trainings
    return run(chosen, options.seed, options.folder)


def run(trainings: Mapping[str, Training], seeds: Sequence[int], folder: Path) -> int:
    """Run each training with each seed; the exit status, 1 where a mark was missed.

    Prints a line for each run, saves its pictures as folder/name-seed-title.png, and says at the
    end, on standard error, which runs missed their mark.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missed = []
    for name, train in trainings.items():
        for seed in seeds:
            start = time.perf_counter()
            outcome = train(seed)
            for title, picture in outcome.pictures.items():
                picture.savefig(folder / f"{name}-{seed}-{title}.png")
            print(_line(name, seed, outcome, time.perf_counter() - start), flush=True)
            if not outcome.mark.is_met_by(outcome.reached):
                missed.append(f"{name} with seed {seed}")
    if missed:
        print(
            f"missed the mark: {', '.join(missed)}; train for more epochs or change the "
            "learning rate",
            file=sys.stderr,
        )
    return 1 if missed else 0


def _line(name: str, seed: int, outcome: Outcome, seconds: float) -> str:
    mark = outcome.mark
    return (
        f"{name:10}  seed {seed}  {outcome.epochs:3} epochs  {seconds:6.1f} s  "
        f"{mark.quantity} {outcome.reached:.4f}, asked {mark.sign} {mark.bound:g}"
        + ("" if mark.is_met_by(outcome.reached) else "  MISSED")
    )
