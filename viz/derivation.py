"""Turning a trace into a worked solution: which sections it has, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core import modes
from autograd_core.layers import Layers
from autograd_core.tracing import Depth, trace
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .chains import FEWEST_DIGITS, Chains
from .descent import Descent
from .document import Document, Names, Section
from .layer_sweeps import layer_backward_rows, layer_forward_rows
from .paths import asked_rows
from .setting import Setting
from .sweeps import backward_rows, forward_rows, problem_section
from .verdicts import check_section

__all__ = ["derive"]


def derive(
    problem: Value | Worksheet,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    digits: int = FEWEST_DIGITS,
    again: bool = False,
) -> Document:
    """The worked solution of a graph or a worksheet.

    wrt : the quantities whose gradients are wanted. depth : see `autograd_core.trace`. digits :
    the least number of significant digits. again : show the forward pass after the last update.
    Raises `DomainError` where a gradient is not a finite number and `StaleGraph` where a leaf
    changed.
    """
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if wrt is None and sheet is not None:
        wrt = sheet.wrt
    with modes.detect_anomaly():
        also = sheet.assigned if sheet else ()
        sweep = trace(root, wrt, depth, also)
    names = Names(sweep.landmarks)
    setting = Setting(sweep, sheet, names, Chains(names, digits), depth == "layer")
    check, verdicts = check_section(setting)
    if depth == "layer":
        layers = Layers(sweep)
        forward = layer_forward_rows(setting, layers)
        backward = layer_backward_rows(setting, layers)
    else:
        forward, backward = forward_rows(setting), backward_rows(setting)
    sections = [
        problem_section(setting),
        Section("FORWARD", rows=tuple(forward)),
        Section("BACKWARD", ("upstream × local derivative",), tuple(backward)),
    ]
    updates: dict[str, list[float]] = {}
    if sheet is not None:
        sections.append(Section("ASKED FOR", rows=tuple(asked_rows(setting))))
        for update in sheet.updates:
            descent = Descent(setting, update)
            sections.append(descent.section())
            updates |= descent.values
            if again and update is sheet.updates[-1]:
                sections.append(descent.again())
    sections.append(check)
    text = sheet.text if sheet else ""
    shown = tuple(section for section in sections if section.rows)
    return Document(shown, names, text, verdicts, updates, sweep)
