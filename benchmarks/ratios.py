"""The table of ratios: every workload, every side, in the time of the forward pass on floats."""

from __future__ import annotations

from collections.abc import Mapping

from autograd_core import engine

from .comparisons import FLOATS, Comparison, comparisons
from .progress import progress
from .reference import reference_ratios
from .sides import Graphs
from .timing import Ratio, interleaved

__all__ = ["measured", "print_table", "rows"]

ROUNDS = 9


def print_table() -> None:
    """Measure and print it."""
    parts = comparisons()
    reference = {} if engine == "python" else reference_ratios()
    print(
        f"Time over the time of the forward pass on plain floats, of {ROUNDS} rounds the median\n"
        "(range). All but the floats build a graph, differentiate and free it.\n"
        f"Target: of the native engine; this is the {engine} one."
    )
    if reference:
        print("Reference: the Python engine, by the floats of its own process.")
    head = (" " * 32, "ratio", "range", "target", "reference")
    print("\n" + line(*head if reference else head[:-1]))
    for part in parts:
        progress(part.title)
        ratios = measured(part)
        progress("")
        print(part.title)
        for row in rows(part, ratios, reference.get(part.title, {})):
            print(row)


def measured(part: Comparison, rounds: int = ROUNDS) -> dict[str, Ratio]:
    """The ratio of each side; AssertionError where the sides do not agree."""
    seconds = interleaved(part.sides, part.check, rounds)
    return {name: Ratio.of(times, seconds[FLOATS]) for name, times in seconds.items()}


def rows(
    part: Comparison, ratios: Mapping[str, Ratio], reference: Mapping[str, float]
) -> list[str]:
    """The lines of one part, 80 columns wide at most."""
    found = [line(f"  {FLOATS}", "1.00", f"{ratios[FLOATS].seconds * 1000:.2f} ms", "")]
    for name in part.sides:
        if name == FLOATS:
            continue
        ratio, target = ratios[name], part.targets.get(name)
        found.append(
            line(
                f"  {name}",
                number(ratio.median),
                span(ratio),
                "" if target is None else verdict(ratio.median, target),
                number(reference[name]) if name in reference else "",
            )
        )
        side = part.sides[name]
        late = target is not None and engine == "native" and ratio.median > target
        if late and isinstance(side, Graphs):
            found.append(shares(side))
    found += [f"  {name:30} not measured: {why}" for name, why in part.left_out.items()]
    return found


def shares(side: Graphs) -> str:
    """Where the time of a side goes."""
    parts = side.parts()
    names = ("building", "backward", "freeing")
    return "    " + ", ".join(
        f"{name} {part / sum(parts):.0%}" for name, part in zip(names, parts, strict=True)
    )


def span(ratio: Ratio) -> str:
    """The range of the rounds."""
    if ratio.least == ratio.most:
        return "(one round)"
    return f"({number(ratio.least)}–{number(ratio.most)})"


def verdict(ratio: float, target: float) -> str:
    """The target, and under the engine that it is set for whether it is met."""
    met = "" if engine != "native" else " met" if ratio <= target else " MISSED"
    return f"≤ {target:.2f}{met}"


def line(name: str, ratio: str, range: str, target: str, reference: str = "") -> str:
    """One line of the table."""
    return f"{name:32}{ratio:>7}  {range:14}{target:14}{reference:>9}".rstrip()


def number(ratio: float) -> str:
    """With three digits."""
    return f"{ratio:.2f}" if ratio < 9.995 else f"{ratio:.1f}" if ratio < 99.95 else f"{ratio:,.0f}"
