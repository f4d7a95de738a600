"""Turning a trace into a worked solution: which sections it has, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core import modes
from autograd_core.layers import Layers
from autograd_core.tracing import Depth, trace
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .budget import MOST_LINES, Listing, limited, shares
from .chains import FEWEST_DIGITS, Chains
from .descent import Descent
from .document import Document, Names, Section
from .layer_sweeps import layer_backward_listing, layer_forward_listing
from .paths import asked_rows
from .setting import Setting
from .sweeps import backward_listing, forward_listing, problem_section
from .verdicts import check_section

__all__ = ["derive"]

HEAD = 20  # lines of a cut solution that go to titles, and to what is given and asked


def derive(
    problem: Value | Worksheet,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    digits: int = FEWEST_DIGITS,
    lines: int | None = MOST_LINES,
    again: bool = False,
) -> Document:
    """The worked solution of a graph or a worksheet.

    wrt : the quantities whose gradients are wanted. depth : see `autograd_core.trace`; "layer"
    takes arrays as one. digits : the least number of significant digits. lines : a longer solution
    is cut by scope to about so many lines, and says so; None: never. again : show the forward pass
    after the last update.

    Raises `DomainError` where a gradient is not a finite number, `StaleGraph` where a leaf
    changed, and ValueError where the operation depth takes more lines than allowed.
    """
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if wrt is None and sheet is not None:
        wrt = sheet.wrt
    with modes.detect_anomaly():
        also = sheet.assigned if sheet else ()
        sweep = trace(root, wrt, "named" if depth == "layer" else depth, also)
    names = Names(sweep.landmarks)
    setting = Setting(sweep, sheet, names, Chains(names, digits), depth == "layer")
    forward, backward = _sweeps(setting)
    descents = [Descent(setting, update) for update in sheet.updates] if sheet else []
    asked = sheet.derivatives if sheet else []
    checked = setting.units(sweep.wrt)
    needs = [
        forward.lines, backward.lines, len(asked), sum(d.lines for d in descents), len(checked),
    ]  # fmt: skip
    cut = lines is not None and sum(needs) > lines - HEAD
    if cut and depth == "operation":
        raise ValueError(
            f"the operation depth takes {sum(needs):,} lines; lines=None (--all) prints them, "
            "the depths named and layer take fewer"
        )
    room: list[int | None] = [None] * len(needs)
    if lines is not None and cut:
        room = [*shares(needs, max(len(needs), lines - HEAD))]
    sections = [
        problem_section(setting, cut),
        forward.section(room[0]),
        backward.section(room[1]),
        Section("ASKED FOR", rows=tuple(limited(asked_rows(setting), len(asked), room[2]))),
    ]
    updates: dict[str, list[float]] = {}
    for descent in descents:
        sections.append(descent.section(None if room[3] is None else room[3] // len(descents)))
        updates |= descent.values
    if again and descents:
        sections.append(descents[-1].again(room[0]))
    check, verdicts = check_section(setting, room[4])
    sections.append(check)
    text = sheet.text if sheet else ""
    shown = tuple(section for section in sections if section.rows)
    return Document(shown, names, text, verdicts, updates, sweep)


def _sweeps(setting: Setting) -> tuple[Listing, Listing]:
    if not setting.by_layer:
        return forward_listing(setting), backward_listing(setting)
    layers = Layers(setting.trace)
    return layer_forward_listing(setting, layers), layer_backward_listing(setting, layers)
