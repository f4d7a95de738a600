"""The table of ratios: every workload, every side, in the time of the forward pass on floats."""

from __future__ import annotations

from collections.abc import Mapping

from autograd_core import engine

from .comparisons import FLOATS, Comparison, comparisons, over_floats
from .progress import progress
from .reference import reference_ratios
from .sides import Graphs
from .timing import Ratio

__all__ = ["peers_rows", "print_table", "rows_of_ours"]


def print_table() -> None:
    """Measure and print it."""
    parts = comparisons()
    reference = {} if engine == "python" else reference_ratios()
    # Ours in every part first: in the memory that peers have used it would be slower.
    tables = []
    for part in parts:
        progress(part.title)
        ratios = over_floats(part, part.ours)
        tables.append(rows_of_ours(part, ratios, reference.get(part.title, {})))
    for part, table in zip(parts, tables, strict=True):
        progress(f"{part.title}: the peers")
        table += peers_rows(part)
    progress("")
    print(
        "Time over the time of the forward pass on plain floats, the median of the rounds\n"
        "(their range). All but the floats build a graph, differentiate and free it.\n"
        f"Target: of the native engine; this is the {engine} one."
    )
    if reference:
        print("Reference: the Python engine, over the floats of its own process.")
    head = (" " * 32, "ratio", "range", "target", "reference")
    print("\n" + line(*head if reference else head[:-1]))
    for part, table in zip(parts, tables, strict=True):
        print(part.title, *table, sep="\n")


def rows_of_ours(
    part: Comparison, ratios: Mapping[str, Ratio], reference: Mapping[str, float]
) -> list[str]:
    """The floats and ours, and where the time goes where it is too much."""
    rows = [line(f"  {FLOATS}", "1.00", f"{ratios[FLOATS].seconds * 1000:.2f} ms")]
    for name, side in part.ours.items():
        ratio, target = ratios[name], part.targets.get(name)
        beside = number(reference[name]) if name in reference else ""
        judged = "" if target is None else verdict(ratio.median, target)
        rows.append(line(f"  {name}", number(ratio.median), span(ratio), judged, beside))
        if judged.endswith("MISSED") and isinstance(side, Graphs):
            rows.append(shares(side))
    return rows


def peers_rows(part: Comparison) -> list[str]:
    """The peers, and a shorter spelling on floats where there is one."""
    sides, left_out = part.beside()
    ratios = over_floats(part, sides) if sides else {}
    rows = [line(f"  {name}", number(ratios[name].median), span(ratios[name])) for name in sides]
    return rows + [f"  {name:30} not measured: {why}" for name, why in left_out.items()]


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


def line(name: str, ratio: str, range: str, target: str = "", reference: str = "") -> str:
    """One line of the table, 80 columns wide at most."""
    return f"{name:32}{ratio:>7}  {range:14}{target:14}{reference:>9}".rstrip()


def number(ratio: float) -> str:
    """With three digits."""
    return f"{ratio:.2f}" if ratio < 9.995 else f"{ratio:.1f}" if ratio < 99.95 else f"{ratio:,.0f}"
